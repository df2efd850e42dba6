# SPDX-License-Identifier: BSD-2-Clause
"""What is Exim's alone: how its ACLs get the verdict, and what a client could do to it on the way.
"""

import os
import re
import stat
from functools import partial

import expect
from rig import snippets, world
from rig.process import run, until
from subjects import Subject

HOME = "/var/spool"                 # of the stage
OPENED = f"{HOME}/opened"           # what a child of Exim has open
START = "/etc/exim4/acl-helo-start.conf"
CHILD = "/etc/exim4/child.conf"
TRAP = f"{HOME}/trap"               # nobody may make this file
SUBJECT = Subject("what is Exim's alone",
                  more=f"acl_smtp_helo = {START}\nacl_smtp_predata = {CHILD}\n")
JOE = f"joe@{world.MAIL_DOMAIN}"
LYING = world.SERVER_NAME
ERROR = "error: a client is accepted unjudged"


def judge(stage, helo, *recipients, source=world.CLIENT):
    """HELO, MAIL and each RCPT; returns the sender, and the replies to the recipients."""
    sender = stage.sender()
    with stage.dial(source) as client:
        said = helo if isinstance(helo, bytes) else helo.encode()
        expect.reply(client.command(b"HELO " + said), 250)
        expect.reply(client.mail(sender), 250)
        return sender, [client.rcpt(recipient) for recipient in recipients or (JOE,)]


@SUBJECT.case("the ACLs of HELO and of DATA")
def set_up(stage):
    with open(START, "w", encoding="utf-8") as file:
        file.write(snippets.exim(stage.filter.program, stage.filter.policy_file,
                                 "acl-helo-start.conf"))
    with open(CHILD, "w", encoding="utf-8") as file:
        file.write(f"accept\n  set acl_m_child = ${{run{{/bin/ls -l /proc/self/fd}}}}\n"
                   f"  logwrite = opened: ${{sg{{$acl_m_child}}{{\\n}}{{;}}}}\n")
    return "the look-ups start at HELO"


@SUBJECT.case("the whole reply: both codes in every line, the id of the log")
def whole_reply(stage):
    sender, (reply,) = judge(stage, LYING)
    decision = stage.filter.decision(**{"from": sender})
    plain = [line for line in reply.raw if not re.match(r"550[- ]5\.7\.1 ", line)]
    expect.that(len(reply.raw) > 1 and not plain, f"got: {reply}")
    expect.reply(reply, 550, "5.7.1",
                 (f'Refused: HELO "{LYING}" is the name of this server', f"[{world.CLIENT}]",
                  f"check=own_name id={decision['id']}"))
    until(lambda: f"rejected RCPT <{JOE}>: HELO refused: own_name id={decision['id']}\n"
          in stage.mta.log(), "line of Exim's own")
    expect.that(len(stage.filter.decisions(**{"from": sender})) == 1, "wanted one line")


@SUBJECT.case("several recipients: postmaster is reached, the others are not, one line each")
def recipients(stage):
    sender, replies = judge(stage, LYING, JOE, f"postmaster@{world.MAIL_DOMAIN}",
                            f"ann@{world.MAIL_DOMAIN}", f"abuse@{world.MAIL_DOMAIN}")
    expect.that([reply.code for reply in replies] == [550, 250, 550, 250], f"got {replies}")
    decisions = until(lambda: stage.filter.decisions(**{"from": sender})[3:], "fourth line")
    expect.log(decisions[-1], "accept", exempt="recipient")


# The recipient as it is said, and whether it is postmaster to Exim.
POSTMASTERS = [
    ('"postmaster"', True), ("POSTMASTER", True), ('"post\\master"', True),
    ('"postmaster@site.example"', False), ('"postmaster "', False), ('"postmaster@x>"', False),
    ('"<postmaster>"', False), ('"\\"postmaster\\""', False), ('"joe,postmaster"', False),
]


def quoted(local, is_postmaster, stage):
    _, (reply,) = judge(stage, LYING, f"{local}@{world.MAIL_DOMAIN}")
    expect.reply(reply, 250 if is_postmaster else 550)


for _local, _is in POSTMASTERS:
    SUBJECT.add(f"{'postmaster' if _is else 'not postmaster'}: {_local}",
                partial(quoted, _local, _is))

# What Exim would do if any of it were expanded, or taken for a list or a log's selector.
HOSTILE = [
    b"${run{/usr/bin/touch " + TRAP.encode() + b"}}", b"$sender_host_address", b"$acl_m_helo",
    b"${dlfunc{x}{y}}", b"\\N", b"\\n550 2.0.0 ok", b'"', b'x" action=accept log="',
    b"action=accept",
    b"x} {recipient=postmaster@site.example", b"recipient=postmaster@site.example", b"helo=x",
    b":main,panic: x", b":x", b"%n%s%s%s%n", b"'; touch " + TRAP.encode() + b" ;'", b"a\x01b\x7fc",
    b"\xc3\xa4\xff\xfe.example", b"{", b"}", b"\\", b"x" * 480, b"=", b"${", b"[${run{x}}]",
    b"a\tb", b"<!--", b"\x1b[2J",
]


def hostile(helo, stage):
    before = stage.mta.log().count("\n")
    sender, (reply,) = judge(stage, helo)
    decision = stage.filter.decision(**{"from": sender})
    expect.reply(reply, {"accept": 250, "defer": 450, "reject": 550}[decision["verdict"]])
    expect.that(decision["client"] == world.CLIENT and decision["to"] == JOE, decision.line)
    expect.that(all(32 <= ord(char) < 127 for line in reply.raw for char in line), f"got: {reply}")
    said = helo.decode("latin-1")
    if said.isascii() and said.isprintable() and "\\" not in said:
        expect.that(decision["helo"].startswith(said[:250]), f"wanted {said} in: {decision.line}")
    expect.that(not os.path.exists(TRAP), "what the client said was run")
    added = "\n".join(stage.mta.log().splitlines()[before:])
    expect.that(ERROR not in added and "Temporary local problem" not in added, added)
    return f"{reply.code} {','.join(decision.failed)}"


for _number, _helo in enumerate(HOSTILE, 1):
    SUBJECT.add(f"hostile HELO {_number}: {repr(_helo[:24])[1:]}", partial(hostile, _helo))


@SUBJECT.case("what Exim starts later has none of our sockets")
def nothing_leaks(stage):
    with stage.dial() as client:
        client.ehlo("mail.client.example")
        client.mail(stage.sender())
        expect.reply(client.rcpt(JOE), 250)
        expect.reply(client.data(), 250)
    line = until(lambda: re.search(r"opened: .*", stage.mta.log()), "list of files")[0]
    expect.that("/proc/" in line, line)
    expect.that("eventfd" not in line and "eventpoll" not in line and "socket" not in line, line)


@SUBJECT.case("over IPv6")
def over_ipv6(stage):
    sender, (reply,) = judge(stage, f"[IPv6:{world.SERVER_V6}]", source=world.CLIENT_V6)
    expect.reply(reply, 550, "5.7.1", (f"[{world.CLIENT_V6}]", "check=own_ip"))
    expect.log(stage.filter.decision(**{"from": sender}), "reject", {"own_ip": "reject"},
               client=world.CLIENT_V6)


def panics(stage, words):
    """How often the panic log has them."""
    try:
        with open(f"{stage.mta.home}/paniclog", encoding="utf-8") as file:
            return file.read().count(words)
    except FileNotFoundError:
        return 0


def unjudged(stage, words):
    """A connection of two recipients: both are accepted, and each gets its line in the log. Returns
    how many lines the panic log has got."""
    before, panics_before = stage.mta.log().count(words), panics(stage, words)
    _, replies = judge(stage, LYING, JOE, f"ann@{world.MAIL_DOMAIN}")
    expect.that([reply.code for reply in replies] == [250, 250], f"got {replies}")
    until(lambda: stage.mta.log().count(words) - before >= 2, f"two lines with '{words}'", 5)
    return panics(stage, words) - panics_before


@SUBJECT.case("a broken policy: mail comes in, the panic log has file and line")
def broken_policy(stage):
    path = stage.filter.policy_file
    with open(path, encoding="utf-8") as file:
        text = file.read()
    stage.filter.write(text.replace("mode: enforce", "mode: obsreve"))
    expect.that(unjudged(stage, f"{path}:1:7: error: ") == 1, "wanted one line in the panic log")
    os.unlink(path)
    expect.that(unjudged(stage, f"unjudged: {path}: ") == 1, "wanted one line in the panic log")
    stage.filter.write(text)
    os.chmod(path, stat.S_IRUSR)    # root's, and Exim has another account by then
    expect.that(unjudged(stage, f"unjudged: {path}: ") == 1, "wanted one line in the panic log")
    os.chmod(path, 0o644)
    _, (reply,) = judge(stage, LYING)
    expect.reply(reply, 550)


@SUBJECT.case("a resolver that is not there: mail comes in, and a lie is refused all the same")
def no_resolver(stage):
    path = stage.filter.policy_file
    with open(path, encoding="utf-8") as file:
        text = file.read()
    stage.filter.write(text.replace(stage.filter.dns, "127.0.0.99"))
    sender, (reply,) = judge(stage, "mail.elsewhere.example")
    expect.reply(reply, 250)
    decision = stage.filter.decision(**{"from": sender})
    expect.that(decision["unknown"] != "-", f"wanted something unknown in: {decision.line}")
    _, (reply,) = judge(stage, "localhost")
    expect.reply(reply, 550)
    stage.filter.write(text)


@SUBJECT.case("a module that is not there: mail comes in, the log says so")
def no_module(stage):
    stage.filter.stop()
    try:
        expect.that(unjudged(stage, "helo-exim.so is not there") == 0, "nothing to panic for")
    finally:
        stage.filter.start()


@SUBJECT.case("exim -bs: a client without an address is local")
def batch_smtp(stage):
    already = len(stage.filter.decisions())
    lines = [f"HELO {LYING}", "MAIL FROM:<case@site.example>", f"RCPT TO:<{JOE}>", "QUIT", ""]
    said = run([stage.mta.program, "-bs"], input="\r\n".join(lines), env=stage.mta.environment)
    codes = [line[:3] for line in said.splitlines()]
    expect.that(codes == ["220", "250", "250", "250", "221"], said)
    expect.log(stage.filter.decision(already), "accept", exempt="local")


@SUBJECT.case("exim -bh: what a client would hear")
def trial(stage):
    lines = [f"HELO {LYING}", "MAIL FROM:<case@client.example>", f"RCPT TO:<{JOE}>", "QUIT", ""]
    said = run([stage.mta.program, "-bh", world.CLIENT], input="\r\n".join(lines),
               env=stage.mta.environment)
    expect.that(f'550-5.7.1 Refused: HELO "{LYING}"' in said, said)
