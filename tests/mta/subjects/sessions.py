# SPDX-License-Identifier: BSD-2-Clause
"""One connection, many turns: AUTH, STARTTLS, RSET, several HELOs and messages, many at once."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError

import expect
from rig import world
from subjects import Subject

SUBJECT = Subject("sessions with many turns")
JOE = f"joe@{world.MAIL_DOMAIN}"
POSTMASTER = f"postmaster@{world.MAIL_DOMAIN}"
HONEST, LYING = "mail.client.example", world.SERVER_NAME


def message(stage, client, verdict, failed=None, exempt=None, rcpt=JOE):
    """MAIL and RCPT, and the body if that is wanted; checks reply and log. Returns the reply."""
    sender = stage.sender()
    expect.reply(client.mail(sender), 250)
    reply = client.rcpt(rcpt)
    expect.reply(reply, *{"accept": (250, None), "reject": (550, "5.7.1")}[verdict])
    expect.log(stage.filter.decision(**{"from": sender}), verdict, failed, exempt)
    if verdict == "accept":
        expect.reply(client.data(), 250)
    return reply


def lie(stage, client):
    return message(stage, client, "reject", {"own_name": "reject"})


@SUBJECT.case("AUTH after a bad EHLO is offered, and heals it")
def auth_after_bad_ehlo(stage):
    with stage.dial() as client:
        hello = client.ehlo(LYING)
        expect.reply(hello, 250, says=("STARTTLS", "AUTH PLAIN"))
        expect.reply(client.auth(world.USER, world.PASSWORD), 235)
        message(stage, client, "accept", exempt="auth")


@SUBJECT.case("a wrong password heals nothing")
def wrong_password(stage):
    with stage.dial() as client:
        client.ehlo(LYING)
        expect.reply(client.auth(world.USER, "wrong"), 535)
        lie(stage, client)


@SUBJECT.case("STARTTLS after a bad EHLO, then a good one")
def starttls_good_ehlo(stage):
    with stage.dial() as client:
        client.ehlo(LYING)
        expect.reply(client.starttls(), 220)
        expect.reply(client.ehlo(HONEST), 250)
        message(stage, client, "accept")


@SUBJECT.case("STARTTLS after a good EHLO, then a bad one")
def starttls_bad_ehlo(stage):
    with stage.dial() as client:
        client.ehlo(HONEST)
        expect.reply(client.starttls(), 220)
        expect.reply(client.ehlo(LYING), 250)
        lie(stage, client)


@SUBJECT.case("STARTTLS voids the EHLO: MAIL without a new one")
def starttls_no_ehlo(stage):
    with stage.dial() as client:
        client.ehlo(LYING)
        expect.reply(client.starttls(), 220)
        message(stage, client, "accept", {"no_helo": "observe"})


@SUBJECT.case("STARTTLS, new EHLO, AUTH")
def starttls_auth(stage):
    with stage.dial() as client:
        client.ehlo(LYING)
        expect.reply(client.starttls(), 220)
        client.ehlo(LYING)
        expect.reply(client.auth(world.USER, world.PASSWORD), 235)
        message(stage, client, "accept", exempt="auth")


@SUBJECT.case("MAIL without any HELO")
def no_helo(stage):
    with stage.dial() as client:
        message(stage, client, "accept", {"no_helo": "observe"})


@SUBJECT.case("two HELOs: the second counts, good after bad")
def bad_then_good(stage):
    with stage.dial() as client:
        client.ehlo(LYING)
        client.ehlo(HONEST)
        message(stage, client, "accept")


@SUBJECT.case("two HELOs: the second counts, bad after good")
def good_then_bad(stage):
    with stage.dial() as client:
        client.ehlo(HONEST)
        client.ehlo(LYING)
        lie(stage, client)


@SUBJECT.case("a refused HELO cannot be retried into acceptance")
def refused_then_good(stage):
    with stage.dial() as client:
        client.ehlo(LYING)
        lie(stage, client)
        client.ehlo(HONEST)
        expect.reply(client.mail(stage.sender()), 250)
        expect.reply(client.rcpt(JOE), 550, "5.7.1", (f'"{LYING}"',))


@SUBJECT.case("RSET keeps the HELO")
def reset(stage):
    with stage.dial() as client:
        client.ehlo(LYING)
        client.mail(stage.sender())
        expect.reply(client.command("RSET"), 250)
        lie(stage, client)
        expect.reply(client.command("RSET"), 250)
        lie(stage, client)


@SUBJECT.case("two messages in one connection, both good")
def two_good(stage):
    with stage.dial() as client:
        client.ehlo(HONEST)
        message(stage, client, "accept")
        message(stage, client, "accept")


@SUBJECT.case("two messages in one connection, to postmaster and to joe")
def postmaster_then_joe(stage):
    with stage.dial() as client:
        client.ehlo(LYING)
        message(stage, client, "accept", exempt="recipient", rcpt=POSTMASTER)
        lie(stage, client)


@SUBJECT.case("one message, to postmaster and to joe: one is refused")
def both_recipients(stage):
    with stage.dial() as client:
        client.ehlo(LYING)
        expect.reply(client.mail(stage.sender()), 250)
        expect.reply(client.rcpt(POSTMASTER), 250)
        expect.reply(client.rcpt(JOE), 550, "5.7.1")
        expect.reply(client.rcpt(f"abuse@{world.MAIL_DOMAIN}"), 250)
        expect.reply(client.data(), 250)


@SUBJECT.case("a path that only looks like postmaster's is refused like joe's", only="sendmail")
def looks_like_postmaster(stage):
    """Sendmail takes all of these for joe."""
    paths = ("postmaster@x:joe", "postmaster@[x:joe", '<@":postmaster>".example:' + JOE + ">",
             "<@(:postmaster@x>)r.example:" + JOE + ">", "<@a:@b:" + JOE + ">")
    with stage.dial() as client:
        client.ehlo(LYING)
        expect.reply(client.mail(stage.sender()), 250)
        for path in paths:
            expect.reply(client.command("RCPT TO:" + path), 550, "5.7.1", (f'"{LYING}"',))


@SUBJECT.case("pipelined MAIL, RCPT, RCPT, RSET, MAIL, RCPT", only="postfix")
def pipelined(stage):
    with stage.dial() as client:
        client.ehlo(LYING)
        lines = ["MAIL FROM:<a@client.example>", f"RCPT TO:<{JOE}>", f"RCPT TO:<{POSTMASTER}>",
                 "RSET", "MAIL FROM:<b@client.example>", f"RCPT TO:<{JOE}>"]
        first = client.command("\r\n".join(lines))
        codes = [first.code] + [client.read_reply().code for _ in lines[1:]]
        expect.that(codes == [250, 550, 250, 250, 250, 550], f"got {codes}")


@SUBJECT.case("the connection breaks in every phase, the next one is served")
def broken_off(stage):
    turns = [lambda c: None, lambda c: c.ehlo(LYING), lambda c: c.mail("x@client.example"),
             lambda c: c.rcpt(JOE), lambda c: c.command("DATA")]
    for count in range(len(turns) + 1):
        with stage.dial() as client:
            for turn in turns[:count]:
                turn(client)
    with stage.dial() as client:
        client.ehlo(LYING)
        lie(stage, client)


def one_of_many(stage, number, barrier):
    """Every second of them lies. All say RCPT at the same moment. Returns (wanted, got)."""
    helo, wanted = (LYING, 550) if number % 2 else (f"h{number}.crowd.example", 250)
    try:
        with stage.dial(world.CROWD[number]) as client:
            client.ehlo(helo)
            client.mail(f"crowd{number}@client.example")
            barrier.wait(20)
            reply = client.rcpt(JOE)
            return wanted, client.data().code if reply.code == 250 else reply.code
    except (OSError, EOFError, BrokenBarrierError) as error:
        barrier.abort()
        return wanted, repr(error)


@SUBJECT.case("50 sessions at once, half of them lie")
def fifty_at_once(stage):
    barrier = Barrier(50)
    with ThreadPoolExecutor(50) as pool:
        results = list(pool.map(lambda number: one_of_many(stage, number, barrier), range(50)))
    wrong = [(number, pair) for number, pair in enumerate(results) if pair[0] != pair[1]]
    expect.that(not wrong, f"(session, (wanted, got)): {wrong}")
    return "25 x 250, 25 x 550"


@SUBJECT.case("smtp-source: 200 messages over 50 connections", only="postfix")
def smtp_source(stage):
    program, environment = stage.tool("smtp-source")
    done = subprocess.run([program, "-4", "-s", "50", "-m", "200", "-M", "tools.client.example",
                           "-f", "source@client.example", "-t", JOE, f"{world.SERVER_V4}:25"],
                          env=environment, capture_output=True, text=True, timeout=60, check=False)
    expect.that(done.returncode == 0, f"smtp-source: {done.stdout}{done.stderr}")
    decisions = stage.filter.decisions(**{"from": "source@client.example", "verdict": "accept"})
    expect.that(len(decisions) == 200, f"wanted 200 decisions, got {len(decisions)}")
    return "200 accepted"


def swaks(*options):
    """Runs swaks against the server; returns (exit status, its whole output)."""
    done = subprocess.run(["swaks", "--server", world.SERVER_V4, "--to", JOE,
                           "--from", "swaks@client.example", *options],
                          capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


@SUBJECT.case("swaks: a lie is refused, the same with a password is not")
def with_swaks(stage):
    status, output = swaks("--helo", LYING)
    expect.that(status == 24 and "550" in output and "check=own_name" in output, output)
    status, output = swaks("--helo", LYING, "--auth", "PLAIN", "--auth-user", world.USER,
                           "--auth-password", world.PASSWORD)
    expect.that(status == 0, output)
    return f"{len(stage.filter.decisions(**{'from': 'swaks@client.example'}))} decisions"


@SUBJECT.case("XCLIENT: another client, with its own verdict", only="postfix")
def xclient(stage):
    with stage.dial() as client:
        client.ehlo(HONEST)
        expect.reply(client.xclient(addr=world.CLUSTER, name="[UNAVAILABLE]"), 220)
        client.ehlo(f"[{world.CLUSTER}]")
        message(stage, client, "accept")
        expect.reply(client.xclient(addr=world.INTERNAL, name="[UNAVAILABLE]"), 220)
        client.ehlo(LYING)
        expect.reply(client.mail("x@client.example"), 250)
        expect.reply(client.rcpt(JOE), 250)


@SUBJECT.case("XCLIENT LOGIN= counts as authenticated", only="postfix")
def xclient_login(stage):
    with stage.dial() as client:
        client.ehlo(HONEST)
        expect.reply(client.xclient(addr=world.CLUSTER, login="joe"), 220)
        client.ehlo(LYING)
        message(stage, client, "accept", exempt="auth")


@SUBJECT.case("XCLIENT HELO= is never told to a filter: no HELO, no lie", only="postfix")
def xclient_helo(stage):
    with stage.dial() as client:
        client.ehlo(LYING)
        expect.reply(client.xclient(addr=world.CLUSTER, helo=LYING), 220)
        message(stage, client, "accept", {"no_helo": "observe"})
