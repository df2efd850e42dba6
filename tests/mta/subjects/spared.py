# SPDX-License-Identifier: BSD-2-Clause
"""Who is never refused: anybody while the mode is observe, which notes what it would have done;
mail made on this machine, in any mode; anybody while the filter is away, if contrib/ was followed.
"""

import subprocess
from functools import partial

import expect
from rig import world
from subjects import Subject

SUBJECT = Subject("who is never refused", policy={"mode": "observe"})
JOE = f"joe@{world.MAIL_DOMAIN}"

# what, HELO, check, the verdict that enforce would have given
LIARS = [
    ("our own name", world.SERVER_NAME, "own_name", "reject"),
    ("our own address", f"[{world.SERVER_V4}]", "own_ip", "reject"),
    ("the recipient's domain", world.MAIL_DOMAIN, "rcpt_domain", "reject"),
    ("localhost", "localhost", "localhost", "reject"),
    ("an empty label", "bad..name", "syntax", "reject"),
    ("the client's own address, bare", world.CLIENT, "bare_ip", "defer"),
    ("no lie", "mail.client.example", None, "accept"),
]


def observed(helo, check, would, stage):
    sender = stage.sender()
    with stage.dial() as client:
        client.ehlo(helo)
        client.mail(sender)
        expect.reply(client.rcpt(JOE), 250)
        expect.reply(client.data(), 250)
    decision = stage.filter.decision(**{"from": sender})
    expect.log(decision, "accept", would=would)
    expect.that(check is None or check in decision.failed, f"wanted {check} in: {decision.line}")
    return f"would={would}"


for _what, *_rest in LIARS:
    SUBJECT.add(f"observe: {_what}", partial(observed, *_rest))


@SUBJECT.case("enforce: a client on the loopback interface may say localhost")
def loopback(stage):
    enforce(stage)
    for helo in ("localhost", world.SERVER_NAME):
        with stage.dial("127.0.0.1", server="127.0.0.1") as client:
            client.ehlo(helo)
            client.mail("local@client.example")
            expect.reply(client.rcpt(JOE), 250)
            expect.reply(client.data(), 250)
    expect.log(stage.filter.decision(client="127.0.0.1"), "accept", exempt="loopback")


@SUBJECT.case("enforce: sendmail(1) through non_smtpd_milters", only="postfix")
def pickup(stage):
    enforce(stage)
    already = len(stage.filter.decisions())
    said = stage.mta.submit_locally("root@site.example", JOE)
    expect.that("status=sent" in said and "milter" not in said, said)
    expect.log(stage.filter.decision(already), "accept", exempt="loopback")


@SUBJECT.case("enforce: sendmail -bs", only="sendmail")
def batch_smtp(stage):
    enforce(stage)
    already = len(stage.filter.decisions())
    lines = [f"HELO {world.SERVER_NAME}", "MAIL FROM:<root@site.example>", f"RCPT TO:<{JOE}>",
             "QUIT"]
    command = [stage.mta.program, "-C", f"{stage.mta.home}/etc/sendmail.cf", "-bs"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                          bufsize=1) as mta:
        replies = [mta.stdout.readline()]
        for line in lines:          # one at a time: Sendmail forbids HELO to be pipelined
            mta.stdin.write(f"{line}\r\n")
            replies.append(mta.stdout.readline())
    codes = [line[:3] for line in replies]
    expect.that(codes == ["220", "250", "250", "250", "221"], "".join(replies))
    expect.log(stage.filter.decision(already), "accept", exempt="local")


@SUBJECT.case("the filter is away: mail comes in, as the lines in contrib/ have it")
def away(stage):
    stage.filter.stop()
    with stage.dial() as client:
        client.ehlo(world.SERVER_NAME)
        client.mail("away@client.example")
        expect.reply(client.rcpt(JOE), 250)
        expect.reply(client.data(), 250)


def enforce(stage):
    """The same filter, from now on in earnest."""
    stage.filter.policy(mode="enforce")
    stage.filter.reload()
