# SPDX-License-Identifier: BSD-2-Clause
"""Tagged mail on its way into a mailbox: our field on top, and none that others made in our name."""

import email
import os
import pwd
import re

import expect
from rig import world
from rig.process import run, until
from subjects import Subject

TAGGING = "checks:\n  not_fqdn: tag\n"
SUBJECT = Subject("headers of tagged mail", policy={"more": TAGGING})
NAME = "Authentication-Results"
JOE = f"joe@{world.MAIL_DOMAIN}"
POSTMASTER = f"postmaster@{world.MAIL_DOMAIN}"
HONEST = "mail.client.example"
OTHER = f"{NAME}: mx.other.example; spf=pass"
FORGED = f"{NAME}: {world.SERVER_NAME}; spf=pass"

# The stage throws mail away: it need only be accepted. Here it must be read again, as whoever it is
# for would. Postfix gets its own delivery agent, which the stage has no use for; Sendmail's is a
# program that the stage made, which here keeps what it is given.
POSTFIX_MAIN = """\
virtual_transport = virtual
virtual_mailbox_base = {box}
virtual_mailbox_maps = static:new/
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
"""
POSTFIX_MASTER = "virtual unix - n n - - virtual\n"
SENDMAIL_DELIVER = """\
#!/bin/sh
cat >{box}/part.$$ && mv {box}/part.$$ {box}/new/$$
"""


def box(stage):
    return f"{os.path.dirname(stage.mta.home)}/box"


@SUBJECT.case("mail goes into files from now on")
def set_up(stage):
    owner = pwd.getpwnam("nobody")
    for path in (box(stage), f"{box(stage)}/new"):
        if not (stage.is_postfix and path.endswith("new")):     # Postfix makes it, as a maildir
            os.mkdir(path, 0o700)
            os.chown(path, owner.pw_uid, owner.pw_gid)
    if stage.is_postfix:
        stage.mta.stop()
        for name, lines in (("main.cf", POSTFIX_MAIN), ("master.cf", POSTFIX_MASTER)):
            with open(f"{stage.mta.home}/etc/{name}", encoding="utf-8") as file:
                text = file.read()
            stage.mta.write(name, text + lines.format(box=box(stage), uid=owner.pw_uid,
                                                      gid=owner.pw_gid))
        stage.mta.start()
    else:
        with open(f"{stage.mta.home}/etc/deliver", "w", encoding="ascii") as file:
            file.write(SENDMAIL_DELIVER.format(box=box(stage)))
    return "delivered by virtual(8)" if stage.is_postfix else "delivered from the queue"


def delivered(stage, subject):
    """The message with this subject, once it has arrived."""
    folder = f"{box(stage)}/new/new" if stage.is_postfix else f"{box(stage)}/new"

    def arrived():
        for name in os.listdir(folder) if os.path.isdir(folder) else ():
            with open(f"{folder}/{name}", "rb") as file:
                message = email.message_from_binary_file(file)
            if message["Subject"] == subject:
                return message
        return None
    if not stage.is_postfix:
        run([stage.mta.program, "-C", f"{stage.mta.home}/etc/sendmail.cf", "-q"])
    return until(arrived, f"delivery of '{subject}'")


def transfer(client, fields, subject):
    """DATA; the reply to the final dot."""
    expect.reply(client.command("DATA"), 354)
    return client.command("\r\n".join([*fields, f"Subject: {subject}", "", "Hello.", "."]))


def pass_on(stage, client, *fields, rcpts=(JOE,)):
    """One message with these fields above its subject, by a client that has said HELO. As it arrived."""
    subject = stage.sender()
    expect.reply(client.mail(subject), 250)
    for rcpt in rcpts:
        expect.reply(client.rcpt(rcpt), 250)
    expect.reply(transfer(client, fields, subject), 250)
    return delivered(stage, subject)


def results(message):
    """All Authentication-Results, unfolded; in any spelling of their name."""
    return [re.sub(r"\s+", " ", value) for name, value in message.items()
            if name.strip().lower() == NAME.lower()]


def expect_results(message, *wanted):
    """These, in this order; a pattern stands for ours."""
    got = results(message)
    holds = len(got) == len(wanted) and all(
        each.fullmatch(value) if isinstance(each, re.Pattern) else each == value
        for each, value in zip(wanted, got))
    expect.that(holds, f"wanted {wanted}, got {got}")


def ours(result, helo, iprev=f"pass policy.iprev={world.CLIENT} ({HONEST})"):
    return re.compile(rf"{re.escape(f'{world.SERVER_NAME}; iprev={iprev}; x-helo={result} smtp.helo={helo}')} "
                      r"\(id=[0-9A-Z]{16}\)")


OF_OTHERS = OTHER.split(": ", 1)[1]


@SUBJECT.case("our field stands on top, above the server's own Received")
def on_top(stage):
    with stage.dial() as client:
        client.ehlo(HONEST)
        message = pass_on(stage, client, OTHER)
    expect_results(message, ours("pass", HONEST), OF_OTHERS)
    names = [name for name in message.keys() if name in (NAME, "Received")]
    expect.that(names[:2] == [NAME, "Received"], f"the order is {names}")


@SUBJECT.case("IPv6")
def over_ipv6(stage):
    with stage.dial(world.CLIENT_V6) as client:
        client.ehlo(HONEST)
        message = pass_on(stage, client)
    expect_results(message, ours("pass", HONEST,
                                 f'pass policy.iprev="{world.CLIENT_V6}" ({HONEST})'))


@SUBJECT.case("it tells what has failed")
def what_failed(stage):
    with stage.dial() as client:
        client.ehlo("mail")
        message = pass_on(stage, client, FORGED)
    expect_results(message, ours("fail reason=not_fqdn", "mail"))


@SUBJECT.case("forged fields are gone, however they are spelled; others stay")
def forged(stage):
    own = world.SERVER_NAME
    fields = [FORGED, OTHER, f"{NAME.upper()}:\r\n (x) \"{own.upper()}\" 1; dkim=pass",
              f"{NAME} : {own}; dkim=pass", f"X-{NAME}: {own}; kept", FORGED, OTHER,
              f"{NAME.lower()}: {own}.; spf=pass"]
    with stage.dial() as client:
        client.ehlo(HONEST)
        message = pass_on(stage, client, *fields)
    expect_results(message, ours("pass", HONEST), OF_OTHERS, OF_OTHERS)
    expect.that(message[f"X-{NAME}"], "a field of another name is gone")


@SUBJECT.case("several messages in one connection, RSET between them")
def several(stage):
    with stage.dial() as client:
        client.ehlo(HONEST)
        for _ in range(2):
            expect_results(pass_on(stage, client, OTHER, FORGED), ours("pass", HONEST), OF_OTHERS)
        expect.reply(client.mail(stage.sender()), 250)
        expect.reply(client.rcpt(JOE), 250)
        expect.reply(client.command("RSET"), 250)
        expect_results(pass_on(stage, client, FORGED, OTHER), ours("pass", HONEST), OF_OTHERS)


@SUBJECT.case("postmaster and joe: the one who is judged speaks")
def both_recipients(stage):
    with stage.dial() as client:
        client.ehlo("mail")
        message = pass_on(stage, client, rcpts=(JOE, POSTMASTER))
        expect_results(message, ours("fail reason=not_fqdn", "mail"))
        expect_results(pass_on(stage, client, FORGED, rcpts=(POSTMASTER,)))


@SUBJECT.case("who has authenticated gets none, and no forged one")
def authenticated(stage):
    with stage.dial() as client:
        client.ehlo("mail")
        expect.reply(client.auth(world.USER, world.PASSWORD), 235)
        expect_results(pass_on(stage, client, FORGED, OTHER), OF_OTHERS)


@SUBJECT.case("nor do exempt networks")
def exempt(stage):
    for source in (world.INTERNAL, world.INTERNAL_V6, "127.0.0.1"):
        with stage.dial(source, server="127.0.0.1" if source == "127.0.0.1" else None) as client:
            client.ehlo("mail")
            expect_results(pass_on(stage, client, FORGED, OTHER), OF_OTHERS)


@SUBJECT.case("AUTH and STARTTLS are offered as ever")
def extensions(stage):
    with stage.dial() as client:
        expect.reply(client.ehlo("mail"), 250, says=("STARTTLS", "AUTH PLAIN"))
        expect.reply(client.starttls(), 220)
        client.ehlo(HONEST)
        expect_results(pass_on(stage, client, FORGED), ours("pass", HONEST))


@SUBJECT.case("1000 forged fields go, one with more is refused", only="postfix")
def many(stage):
    """Sendmail takes no header of that size."""
    with stage.dial() as client:
        client.ehlo(HONEST)
        expect_results(pass_on(stage, client, *[FORGED] * 1000, OTHER), ours("pass", HONEST),
                       OF_OTHERS)
        client.mail(stage.sender())
        client.rcpt(JOE)
        expect.reply(transfer(client, [FORGED] * 1001, "too many"), 550, "5.7.1", (NAME,))
        expect_results(pass_on(stage, client), ours("pass", HONEST))


@SUBJECT.case("mode: observe leaves everything as it is")
def observing(stage):
    stage.filter.policy(mode="observe", more=TAGGING)
    said = stage.filter.reload()
    expect.that("policy change: mode: observe, was enforce" in said, said)
    with stage.dial() as client:
        client.ehlo("mail")
        expect_results(pass_on(stage, client, FORGED, OTHER), FORGED.split(": ", 1)[1], OF_OTHERS)
