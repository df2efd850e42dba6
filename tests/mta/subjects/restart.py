# SPDX-License-Identifier: BSD-2-Clause
"""The filter is stopped, started and replaced under load. While it is away the mail server answers
451, as it is told here: so whoever gets through unjudged shows."""

import signal
from functools import partial

import expect
from load import Load
from rig import world
from subjects import Subject

SUBJECT = Subject("stop, start and replacement under load", when_down="tempfail")
JOE = f"joe@{world.MAIL_DOMAIN}"
AWAY = 451
ACCEPTED, REFUSED = (250, 250), (550, 550)      # (the verdict this client deserves, what it got)


def one_message(stage, number):
    """Every second client lies. Returns (code it deserves, code it got); 451 ends it at MAIL."""
    helo, wanted = (world.SERVER_NAME, 550) if number % 2 else (f"h{number}.crowd.example", 250)
    with stage.dial(world.CROWD[number]) as client:
        expect.reply(client.ehlo(helo), 250)
        reply = client.mail(stage.sender())
        if reply.code == 250:
            reply = client.rcpt(JOE)
        return wanted, reply.code


def both_verdicts(load, count=20):
    """Waits until this many more were accepted, and refused."""
    load.more(ACCEPTED, count)
    load.more(REFUSED, count)


def check(load, *allowed):
    """Nobody got anything but the own verdict or one of these codes."""
    wrong = {pair: count for pair, count in load.results.items()
             if pair[1] != pair[0] and pair[1] not in allowed}
    expect.that(not wrong, f"(deserved, got): times = {wrong}")
    return ", ".join(f"{count} x {got}" for (_, got), count in sorted(load.results.items()))


def halfway(stage):
    """A liar's session that has come to MAIL."""
    client = stage.dial()
    client.ehlo(world.SERVER_NAME)
    expect.reply(client.mail(stage.sender()), 250)
    return client


@SUBJECT.case("stopped and started, twice: each gets the own verdict or 451")
def stop_and_start(stage):
    with Load(partial(one_message, stage)) as load:
        for _ in range(2):
            both_verdicts(load)
            stage.filter.stop()
            load.more((250, AWAY), 20)
            load.more((550, AWAY), 20)
            stage.filter.start()
        both_verdicts(load)
    return check(load, AWAY)


@SUBJECT.case("a session in progress is served to its end before the filter stops")
def drained(stage):
    process = stage.filter.process
    try:
        with halfway(stage) as client:
            process.send(signal.SIGTERM)
            process.wait_until(lambda: "milter-helo: stopping" in process.text(), "'stopping'")
            expect.reply(client.rcpt(JOE), 550, "5.7.1")
            client.quit()
    finally:
        stage.filter.stop()
        stage.filter.start()


@SUBJECT.case("replaced while it runs (--replace): nobody notices")
def replaced(stage):
    with Load(partial(one_message, stage)) as load:
        for _ in range(3):
            both_verdicts(load)
            old = stage.filter.process
            stage.filter.start("--replace")
            stage.filter.exits.append(old.stop())
        both_verdicts(load)
    return check(load)


@SUBJECT.case("killed outright: 451, and the next one takes over the stale socket")
def killed(stage):
    stage.filter.process.kill_group()
    with stage.dial() as client:
        client.ehlo(world.SERVER_NAME)
        expect.reply(client.mail(stage.sender()), AWAY)
    stage.filter.start()
    with halfway(stage) as client:
        expect.reply(client.rcpt(JOE), 550, "5.7.1")
