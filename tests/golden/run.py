#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""run.py - helocheck's output against what is expected of it

    run.py [--helocheck PROGRAM] [--update] [FILE...]

FILE is a script (*.t) or a batch (*.jsonl) of this folder; default: all of them. --update writes
what was printed into the expected files, for a reviewer to read: `git diff` then shows what users
will see changed.

SCRIPTS (*.t)   Prose, and commands indented by four blanks behind "$ ", each followed by its
                output, indented as much: stdout, then stderr with "! " in front, then "[N]" for an
                exit code other than 0. A shell runs them, in this folder.

BATCHES (*.jsonl, *.want)   Cases for `helocheck explain --batch`, with NAME.zone (or world.zone)
                for --zone. A verdict in full is two kilobytes; the expected file has what matters,
                a few lines a case:

                    own-name: accept, would reject 550 5.7.1 by own_name
                        fail: own_name.claimed=reject no_ptr.missing=observe
                        unknown: fcrdns.servfail=accept
                        exempt: network 192.0.2.0/24 (networks.yaml:3)

                A case's "note" may be an object: "watch" lists checks, facts and members whose
                value is shown too; "text" has the sentence of each failed check shown, "reply" the
                reply. Every verdict is held against the documented form as well.

Needs Python 3.9 and its standard library. Exit code: 0 all is as expected, 1 it is not.
"""

import argparse
import difflib
import json
import os
import pathlib
import subprocess
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
TIMEOUT_S = 50

VERDICTS = {"accept", "defer", "reject"}
OUTCOMES = {"pass", "fail", "none", "unknown"}
ACTIONS = {"off", "observe", "tag", "accept", "defer", "reject"}
OPTIONAL_TEXT = (str, type(None))
FORM = {
    "verdict": VERDICTS,
    "would": VERDICTS,
    "mode": {"observe", "enforce"},
    "exempt": (dict, type(None)),
    "skip": OPTIONAL_TEXT,
    "score": (int, float),
    "reply": OPTIONAL_TEXT,
    "grounds": list,
    "id": OPTIONAL_TEXT,
    "client": OPTIONAL_TEXT,
    "ptr": OPTIONAL_TEXT,
    "helo": OPTIONAL_TEXT,
    "from": OPTIONAL_TEXT,
    "rcpt": OPTIONAL_TEXT,
    "auth": OPTIONAL_TEXT,
    "listener": OPTIONAL_TEXT,
    "dns_questions": int,
    "dns_ms": int,
    "checks": list,
    "facts": list,
}
EXEMPT_FORM = {
    "kind": str,
    "entry": OPTIONAL_TEXT,
    "note": OPTIONAL_TEXT,
    "file": OPTIONAL_TEXT,
    "line": (int, type(None)),
}
CHECK_FORM = {
    "name": str,
    "outcome": OUTCOMES,
    "reason": OPTIONAL_TEXT,
    "text": OPTIONAL_TEXT,
    "mend": OPTIONAL_TEXT,
    "action": ACTIONS,
    "score": (int, float),
    "entry": OPTIONAL_TEXT,
}
FACT_FORM = {
    "name": str,
    "state": {"yes", "no", "unknown"},
    "cause": OPTIONAL_TEXT,
    "source": {"none", "mta", "dns", "stale", "name", "memory"},
    "value": OPTIONAL_TEXT,
}


class Malformed(Exception):
    """A verdict is not of the documented form."""


# ---- the documented form ---------------------------------------------------------------------


def hold(value, form, where):
    """The members of an object, in their order, are those of the form."""
    if list(value) != list(form):
        raise Malformed(f"{where}: members {list(value)}, documented {list(form)}")
    for name, accepted in form.items():
        by_value = isinstance(accepted, set)
        if not (value[name] in accepted if by_value else isinstance(value[name], accepted)):
            raise Malformed(f"{where}.{name}: {value[name]!r}")


def agree(condition, *values):
    if not condition:
        raise Malformed("do not go together: " + ", ".join(repr(value) for value in values))


def hold_verdict(verdict):
    hold(verdict, FORM, "verdict")
    if verdict["exempt"] is not None:
        hold(verdict["exempt"], EXEMPT_FORM, "exempt")
    for check in verdict["checks"]:
        hold(check, CHECK_FORM, check.get("name", "check"))
        agree((check["reason"] is None) == (check["outcome"] in ("pass", "none")), check)
        agree((check["text"] is None) == (check["outcome"] != "fail"), check)
        agree((check["mend"] is None) == (check["text"] is None), check)
    for fact in verdict["facts"]:
        hold(fact, FACT_FORM, fact.get("name", "fact"))
        agree((fact["cause"] is None) == (fact["state"] != "unknown"), fact)
    hold_together(verdict["mode"], verdict["verdict"], verdict["would"], verdict)


def hold_together(mode, action, would, verdict):
    """What must agree within one verdict."""
    accepted = would == "accept"
    agree(accepted == (verdict["reply"] is None), would, verdict["reply"])
    agree(accepted == (not verdict["grounds"]), would, verdict["grounds"])
    agree(verdict["exempt"] is None or accepted and not verdict["checks"], verdict["exempt"], would)
    agree(action == ("accept" if mode == "observe" else would), mode, action, would)
    if not accepted:
        agree(verdict["reply"][0] == {"defer": "4", "reject": "5"}[would], would, verdict["reply"])


# ---- batches ---------------------------------------------------------------------------------


def headline(verdict):
    words = verdict["verdict"]
    if verdict["would"] != verdict["verdict"]:
        words += ", would " + verdict["would"]
    if verdict["reply"] is not None:
        words += " " + " ".join(verdict["reply"].split(" ", 2)[:2])
        words += " by " + " ".join(verdict["grounds"])
    return f"{verdict['id']}: {words}"


def watched(verdict, name):
    for check in verdict["checks"]:
        if check["name"] == name:
            return check["outcome"]
    for fact in verdict["facts"]:
        if fact["name"] == name:
            cause = f"({fact['cause']})" if fact["cause"] else ""
            words = [fact["state"] + cause, "by " + fact["source"], fact["value"]]
            return " ".join(filter(None, words))
    return str(verdict[name]) if name in verdict else "not run"


def exemption(exempt):
    words = " ".join(filter(None, [exempt["kind"], exempt["entry"]]))
    if exempt["file"]:
        words += f" ({exempt['file']}:{exempt['line']})"
    return words + (f": {exempt['note']}" if exempt["note"] else "")


def summary(verdict, note):
    """The lines that stand for one verdict in the expected file."""
    yield headline(verdict)
    if verdict["exempt"]:
        yield "    exempt: " + exemption(verdict["exempt"])
    for outcome in ("fail", "unknown"):
        found = [c for c in verdict["checks"] if c["outcome"] == outcome]
        words = [f"{c['name']}.{c['reason']}={c['action']}" for c in found]
        if found:
            yield f"    {outcome}: " + " ".join(words)
    if note.get("text"):
        yield from ("    text: " + c["text"] for c in verdict["checks"] if c["text"])
    if note.get("reply"):
        yield from ("    reply: " + line for line in (verdict["reply"] or "").split("\n"))
    yield from (f"    {name}: {watched(verdict, name)}" for name in note.get("watch", []))


def read_cases(path):
    """The notes of a batch, in order. A line that is no JSON is a case too, without a note."""
    for line in path.read_text().splitlines():
        if not line.strip():
            continue
        try:
            note = json.loads(line).get("note")
        except (ValueError, AttributeError):
            note = None
        yield note if isinstance(note, dict) else {}


def run_batch(path, program):
    zone = path.with_suffix(".zone").name
    if not (FOLDER / zone).exists():
        zone = "world.zone"
    done = subprocess.run(
        [program, "explain", "--batch", path.name, "--zone", zone],
        cwd=FOLDER, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    notes = list(read_cases(path))
    printed = done.stdout.splitlines()
    lines = []
    for note, line in zip(notes, printed):
        verdict = json.loads(line)
        if "error" in verdict:
            lines.append(f"line {verdict['line']}: error: {verdict['error']}")
            continue
        try:
            hold_verdict(verdict)
        except Malformed as fault:
            lines.append(f"{verdict.get('id')}: NOT OF THE DOCUMENTED FORM: {fault}")
        lines.extend(summary(verdict, note))
    if len(printed) != len(notes):
        lines.append(f"{len(notes)} cases, {len(printed)} lines printed")
    lines.extend("stderr: " + line for line in done.stderr.splitlines())
    if done.returncode != 0:
        lines.append(f"exit code {done.returncode}")
    return lines


# ---- scripts ---------------------------------------------------------------------------------


def run_command(command):
    done = subprocess.run(
        ["sh", "-c", command], cwd=FOLDER, capture_output=True, text=True, timeout=TIMEOUT_S,
        stdin=subprocess.DEVNULL, errors="backslashreplace", check=False)
    yield from ("    " + line for line in done.stdout.splitlines())
    yield from ("    ! " + line for line in done.stderr.splitlines())
    if done.returncode != 0:
        yield f"    [{done.returncode}]"


def output_end(lines, begin):
    """Where output that begins there ends: empty lines inside belong to it, those behind do not."""
    end = begin
    for i in range(begin, len(lines)):
        if lines[i].startswith("    $ ") or not lines[i].startswith("    ") and lines[i]:
            break
        if lines[i]:
            end = i + 1
    return end


def run_script(path, program):
    """The script as it would be, had it been expected to print what it prints."""
    os.environ["PATH"] = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    lines = path.read_text().splitlines()
    made = []
    i = 0
    while i < len(lines):
        made.append(lines[i])
        i += 1
        if made[-1].startswith("    $ "):
            printed = [line.rstrip() for line in run_command(made[-1][6:])]
            made.extend(printed[: output_end(printed, 0)])
            i = output_end(lines, i)
    return made


# ---- compare ---------------------------------------------------------------------------------


def expected_file(path):
    return path if path.suffix == ".t" else path.with_suffix(".want")


def check(path, program, update):
    run = run_script if path.suffix == ".t" else run_batch
    want = expected_file(path)
    got = run(path, program)
    if update:
        want.write_text("\n".join(got) + "\n")
        return True
    expected = want.read_text().splitlines() if want.exists() else []
    if got == expected:
        return True
    print(f"{path.name}: not as expected")
    names = (f"{want.name} (expected)", f"{want.name} (printed)")
    for line in difflib.unified_diff(expected, got, *names, lineterm=""):
        print("  " + line)
    return False


def main():
    parser = argparse.ArgumentParser(description="helocheck's output, and what it should be")
    parser.add_argument("--helocheck", default="helocheck", type=pathlib.Path)
    parser.add_argument("--update", action="store_true", help="take what is printed as expected")
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    options = parser.parse_args()
    files = options.files or sorted([*FOLDER.glob("*.t"), *FOLDER.glob("*.jsonl")])
    good = [check(path.resolve(), options.helocheck.resolve(), options.update) for path in files]
    print(f"{sum(good)} of {len(good)} as expected")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
