# SPDX-License-Identifier: BSD-2-Clause
"""The filter is stopped, started and replaced under load. While it is away the mail server answers 451,
which here is what it is told to do: so whoever gets through unjudged shows."""

import signal
import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import expect
from rig import world
from rig.process import until
from subjects import Subject

SUBJECT = Subject("stop, start and replacement under load", when_down="tempfail")
JOE = f"joe@{world.MAIL_DOMAIN}"
AWAY = 451


class Load:
    """Eight clients, half of them liars, that come again and again while the `with` block runs.

    `results` counts (verdict wanted, code got); 451 at MAIL or RCPT ends a session.
    """

    def __init__(self, stage):
        self.stage, self.enough, self.results = stage, Event(), Counter()
        self.pool = ThreadPoolExecutor(8)
        self.clients = []

    def __enter__(self):
        self.clients = [self.pool.submit(self.come_again, number) for number in range(8)]
        return self

    def __exit__(self, *_):
        self.enough.set()
        self.pool.shutdown()
        for client in self.clients:
            client.result()         # raises what a client met that is no reply

    def come_again(self, number):
        wanted = 550 if number % 2 else 250
        helo = world.SERVER_NAME if number % 2 else f"h{number}.crowd.example"
        while not self.enough.is_set():
            with self.stage.dial(world.CROWD[number]) as client:
                code = self.one_message(client, helo)
            self.results[wanted, code] += 1

    def one_message(self, client, helo):
        expect.reply(client.ehlo(helo), 250)
        reply = client.mail(self.stage.sender())
        if reply.code == 250:
            reply = client.rcpt(JOE)
        return reply.code

    def more(self, wanted, code, count=20):
        """Waits until this has happened `count` times more."""
        before = self.results[wanted, code]
        until(lambda: self.results[wanted, code] >= before + count,
              f"{count} more sessions with {code}", 30)

    def check(self, *allowed):
        """Nobody got anything but the own verdict or one of these codes."""
        wrong = {pair: count for pair, count in self.results.items()
                 if pair[1] != pair[0] and pair[1] not in allowed}
        expect.that(not wrong, f"(wanted, got): times = {wrong}")
        return ", ".join(f"{count} x {got}" for (_, got), count in sorted(self.results.items()))


def halfway(stage):
    """A liar's session that has come to MAIL."""
    client = stage.dial()
    client.ehlo(world.SERVER_NAME)
    expect.reply(client.mail(stage.sender()), 250)
    return client


@SUBJECT.case("stopped and started, twice: each gets the own verdict or 451")
def stop_and_start(stage):
    with Load(stage) as load:
        for _ in range(2):
            load.more(250, 250)
            load.more(550, 550)
            stage.filter.stop()
            load.more(250, AWAY)
            load.more(550, AWAY)
            stage.filter.start()
        load.more(250, 250)
        load.more(550, 550)
    return load.check(AWAY)


@SUBJECT.case("a session in progress is served to its end before the filter stops")
def drained(stage):
    with halfway(stage) as client:
        process = stage.filter.process
        process.send(signal.SIGTERM)
        process.wait_until(lambda: refuses(stage.filter.socket), "closed socket")
        expect.reply(client.rcpt(JOE), 550, "5.7.1")
        client.quit()
    stage.filter.stop()
    stage.filter.start()


@SUBJECT.case("replaced while it runs (--replace): nobody notices")
def replaced(stage):
    with Load(stage) as load:
        for _ in range(3):
            load.more(250, 250)
            load.more(550, 550)
            old = stage.filter.process
            stage.filter.start("--replace")
            stage.filter.exits.append(old.stop())
        load.more(250, 250)
        load.more(550, 550)
    return load.check()


@SUBJECT.case("killed outright: 451, and the next one takes over the stale socket")
def killed(stage):
    stage.filter.process.kill_group()
    with stage.dial() as client:
        client.ehlo(world.SERVER_NAME)
        expect.reply(client.mail(stage.sender()), AWAY)
    stage.filter.start()
    with halfway(stage) as client:
        expect.reply(client.rcpt(JOE), 550, "5.7.1")


def refuses(path):
    """Whether nobody listens on this socket any more."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(path)
            return False
        except OSError:
            return True
