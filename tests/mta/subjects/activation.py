# SPDX-License-Identifier: BSD-2-Clause
"""The filter behind a socket that systemd would hold, stopped and started under load: the mail server
never meets a missing filter. It would answer 451 then, so that whoever was not judged shows."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import expect
from load import Load
from subjects import Subject
from subjects.restart import JOE, both_verdicts, check, halfway, one_message

SUBJECT = Subject("a socket that outlives the filter", when_down="tempfail")


@SUBJECT.case("the filter takes the socket it is passed, and the mail server finds it")
def passed(stage):
    stage.filter.stop()
    stage.filter.hold_socket()
    passed_one = os.stat(stage.filter.socket).st_ino
    stage.filter.start()
    expect.that(os.stat(stage.filter.socket).st_ino == passed_one, "the filter has a socket of its own")
    with halfway(stage) as client:
        expect.reply(client.rcpt(JOE), 550, "5.7.1")


@SUBJECT.case("stopped and started, thrice: each gets the own verdict, and nobody 451")
def stop_and_start(stage):
    with Load(partial(one_message, stage)) as load:
        for _ in range(3):
            both_verdicts(load)
            stage.filter.stop()
            stage.filter.start()
        both_verdicts(load)
    return check(load)


@SUBJECT.case("a session in progress is served to its end before the filter stops")
def drained(stage):
    process = stage.filter.process
    try:
        with halfway(stage) as client:
            process.send(signal.SIGTERM)
            process.wait_until(lambda: "stopping: 1 session" in process.text(), "'stopping'")
            expect.reply(client.rcpt(JOE), 550, "5.7.1")
            client.quit()
    finally:
        stage.filter.stop()
        stage.filter.start()


@SUBJECT.case("killed outright: who comes meanwhile waits for the next one")
def killed(stage):
    stage.filter.process.kill_group()
    with ThreadPoolExecutor(1) as pool:
        greeted = pool.submit(halfway, stage)       # the mail server asks the filter first
        stage.filter.start()
        with greeted.result() as client:
            expect.reply(client.rcpt(JOE), 550, "5.7.1")
    stage.filter.stop()
    stage.filter.release_socket()
    stage.filter.start()
