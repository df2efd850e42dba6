# SPDX-License-Identifier: BSD-2-Clause
"""The cases that dns_accept and dns_defer share: the same clients, and another answer."""

import time
from functools import partial

import expect
from rig import world

JOE = f"joe@{world.MAIL_DOMAIN}"
WAIT_S = 1.0                        # the policy's dns.wait
LIMIT_S = 5.0                       # with room for a loaded machine; mail servers give us 10 s

# what, client, HELO, the cause that the log must give
FAILURES = [
    ("the HELO name gets SERVFAIL", world.CLIENT, "mail.servfail.example", "servfail"),
    ("the HELO name gets REFUSED", world.CLIENT, "mail.refused.example", "refused"),
    ("the HELO name is never answered", world.CLIENT, "mail.silent.example", "timeout"),
    ("the client's PTR gets SERVFAIL", world.BROKEN_PTR, "mail.client.example", "servfail"),
    ("the client's PTR is never answered", world.SILENT_PTR, "mail.client.example", "timeout"),
]


def timed_rcpt(stage, source, helo):
    """Returns (sender, reply to RCPT, seconds it took)."""
    sender = stage.sender()
    with stage.dial(source) as client:
        expect.reply(client.ehlo(helo), 250)
        expect.reply(client.mail(sender), 250)
        before = time.monotonic()
        reply = client.rcpt(JOE)
        return sender, reply, time.monotonic() - before


def failing(source, helo, cause, on_failure, stage):
    sender, reply, seconds = timed_rcpt(stage, source, helo)
    code, enhanced = {"accept": (250, None), "defer": (451, "4.4.3")}[on_failure]
    expect.reply(reply, code, enhanced)
    expect.that(seconds < LIMIT_S, f"RCPT took {seconds:.1f} s")
    decision = stage.filter.decision(**{"from": sender})
    expect.log(decision, on_failure)
    expect.that(f":{cause}" in decision["unknown"], f"wanted {cause} in: {decision.line}")
    return f"{reply.code} {reply.enhanced}  {seconds * 1000:.0f} ms  {decision['unknown']}"


def a_lie_needs_no_dns(stage):
    """No answer to the PTR could change this verdict, so it is not waited for."""
    sender, reply, seconds = timed_rcpt(stage, world.SILENT_PTR, "localhost")
    expect.reply(reply, 550, "5.7.1")
    expect.log(stage.filter.decision(**{"from": sender}), "reject", {"localhost": "reject"})
    expect.that(seconds < WAIT_S / 2, f"RCPT took {seconds:.1f} s")
    return f"{reply.code} {reply.enhanced}  {seconds * 1000:.0f} ms"


def healthy(stage):
    sender, reply, _ = timed_rcpt(stage, world.CLIENT, "mail.client.example")
    expect.reply(reply, 250)
    expect.log(stage.filter.decision(**{"from": sender}), "accept", unknown="-")


def add_cases(subject, on_failure):
    for what, source, helo, cause in FAILURES:
        subject.add(what, partial(failing, source, helo, cause, on_failure))
    subject.add("a certain lie is refused at once, PTR or not", a_lie_needs_no_dns)
    subject.add("DNS that works", healthy)
