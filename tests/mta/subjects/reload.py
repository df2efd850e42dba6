# SPDX-License-Identifier: BSD-2-Clause
"""kill -HUP while sessions run: with a good policy, then with a broken one."""

import os
import re
from functools import partial

import expect
from load import Load
from rig import world
from subjects import Subject

SUBJECT = Subject("reload of the policy while sessions run")
JOE = f"joe@{world.MAIL_DOMAIN}"
SOFTER = "checks:\n  own_name: defer\n"
BROKEN = "mode: enforce\nchecks:\n  own_nmae: reject\nnetworks: [192.0.2.1/24]\n"


def halfway(stage, source=world.CLIENT):
    """A session of a liar that has come to MAIL."""
    client = stage.dial(source)
    client.ehlo(world.SERVER_NAME)
    expect.reply(client.mail(stage.sender()), 250)
    return client


def answer(stage):
    """What a liar gets that comes now."""
    with halfway(stage) as client:
        return client.rcpt(JOE)


@SUBJECT.case("a good policy: sessions in progress keep the old, new ones get the new")
def good_policy(stage):
    expect.reply(answer(stage), 550, "5.7.1")
    with halfway(stage) as before:
        stage.filter.policy(more=SOFTER)
        stage.filter.reload()
        expect.reply(before.rcpt(JOE), 550, "5.7.1")
        expect.reply(answer(stage), 450, "4.7.1")
        before.command("RSET")
        before.mail(stage.sender())
        expect.reply(before.rcpt(JOE), 550, "5.7.1")
    return "old 550, new 450"


@SUBJECT.case("a broken policy: every fault is reported, the old one stays")
def broken_policy(stage):
    with halfway(stage) as before:
        said = stage.filter.reload(BROKEN, expect="policy not reloaded, the former stays in force")
        place = re.escape(stage.filter.policy_file)
        for line, fault in ((3, "own_nmae"), (4, "192.0.2.1/24")):
            pattern = rf"{place}:{line}:\d+: error: .*"
            expect.that(re.search(pattern, said), f"nothing on line {line} ({fault}) in: {said}")
        expect.that("own_name" in said, f"no hint at own_name in: {said}")
        expect.reply(before.rcpt(JOE), 450, "4.7.1")
        expect.reply(answer(stage), 450, "4.7.1")


@SUBJECT.case("a policy file that is not there: the same")
def no_policy(stage):
    os.rename(stage.filter.policy_file, f"{stage.filter.policy_file}.away")
    stage.filter.reload(expect="policy not reloaded, the former stays in force")
    expect.reply(answer(stage), 450, "4.7.1")


@SUBJECT.case("the mended policy: back to refusal")
def mended(stage):
    stage.filter.policy()
    stage.filter.reload()
    expect.reply(answer(stage), 550, "5.7.1")


def lie(stage, number):
    with halfway(stage, world.CROWD[number]) as client:
        return client.rcpt(JOE).code


@SUBJECT.case("30 reloads under load: no session is lost")
def many_reloads(stage):
    with Load(partial(lie, stage)) as load:
        for turn in range(30):
            more, code = (SOFTER, 450) if turn % 2 == 0 else ("", 550)
            stage.filter.policy(more=more)
            stage.filter.reload()
            load.more(code, 4)
    expect.that(set(load.results) == {550, 450}, f"got {dict(load.results)}")
    return ", ".join(f"{count} x {code}" for code, count in sorted(load.results.items()))
