# SPDX-License-Identifier: BSD-2-Clause
"""What a case may claim of replies and log lines. What does not hold says what came instead."""


class Wrong(AssertionError):
    """A claim that did not hold."""


def that(condition, text):
    if not condition:
        raise Wrong(text)


def reply(got, code, enhanced=None, says=()):
    """The reply has this code, this enhanced code, and its text contains every one of `says`."""
    that(got.code == code, f"wanted {code}, got: {got}")
    that(enhanced is None or got.enhanced == enhanced, f"wanted {enhanced}, got: {got}")
    for words in says:
        that(words in got.text, f"wanted '{words}' in: {got}")


def log(decision, verdict, failed=None, exempt=None, **fields):
    """The decision line says this verdict, these failed checks with their action, this exemption.

    `failed` may be a part of all that failed; `exempt` None means that no exemption took part, any
    other text is what the exemption's name begins with.
    """
    said = f"in: {decision.line}"
    that(decision.get("verdict") == verdict, f"wanted verdict={verdict} {said}")
    for check, action in (failed or {}).items():
        that(decision.failed.get(check) == action, f"wanted failed={check}:{action} {said}")
    if exempt is None:
        that(decision.get("exempt") == "-", f"wanted no exemption {said}")
    else:
        that(decision.get("exempt", "").startswith(exempt), f"wanted exempt={exempt} {said}")
    for name, value in fields.items():
        that(decision.get(name) == value, f"wanted {name}={value} {said}")
