# SPDX-License-Identifier: BSD-2-Clause
"""What helocheck reads in the logs that real servers have written, against what was said to them.

Every case says something to a server and then wants it back from its log: the client, what it said
in HELO, its reverse DNS, sender, recipients. The reader is log_entries, which the environment names
(HELO_LOG_ENTRIES). Postfix has the one line that makes it log the HELO of accepted mail.
"""

import gzip
import json
import os
import re
import subprocess
import tempfile

import expect
from rig import world
from rig.exim import CONFIGURATION_FILE, Exim
from rig.process import until
from subjects import Subject

JOE, ANN = f"joe@{world.MAIL_DOMAIN}", f"ann@{world.MAIL_DOMAIN}"
FORGED = "203.0.113.32"             # its PTR names mail.client.example, which has another address
SETTING = "smtpd_data_restrictions = check_client_access static:{INFO helo}\n"
# A line of smtpd ends so; a HELO that has it all tries to be another client's, or another's HELO.
HOSTILE = ["x> client=evil[1.2.3.4]",
           "x; from=<q@q.example> to=<r@r.example> proto=ESMTP helo=<good.example",
           "x) [1.2.3.4] P=esmtp", "x [1.2.3.4]:25", '"quoted\\" \\', "m\u00fcller.example",
           "-", "id=0000000000000000", "x> relay=evil [1.2.3.4], reject=550"]


class LoggingExim(Exim):
    """Keeps mail, as far as its log is concerned, and takes any HELO."""

    def __init__(self, home, trees, listen):
        super().__init__(home, trees, listen, "")
        with open(CONFIGURATION_FILE, encoding="ascii") as file:
            text = file.read()
        text = text.replace("  discard\n", "  accept\n").replace(
            "begin acl\n", "begin routers\nall:\n  driver = redirect\n  data = :blackhole:\n"
            "begin acl\n", 1)
        with open(CONFIGURATION_FILE, "w", encoding="ascii") as file:
            file.write(text)


SUBJECT = Subject("what helocheck reads in real logs", peer=LoggingExim, trees=("exim",),
                  policy={"mode": "observe"})


def entries(*texts, pack=None):
    """What log_entries makes of these logs, read one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, text in enumerate(texts):
            paths.append(f"{folder}/{number}")
            with open(paths[-1], "wb") as file:
                data = text.encode()
                file.write(pack(data) if pack else data)
        done = subprocess.run([os.environ["HELO_LOG_ENTRIES"], *paths], capture_output=True,
                              text=True, timeout=60, check=False)
    expect.that(done.returncode == 0, f"log_entries: {done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def log_of(stage):
    """Sendmail logs to the system alone, Postfix to a file."""
    return stage.mta.log() if stage.is_postfix else stage.system_log.text()


def of(sender, found):
    return [entry for entry in found if entry["from"] == sender]


def wait_for(stage, log, sender):
    """The entries of a sender, once its mail is through."""
    def through():
        mine = of(sender, entries(log()))
        return mine and all(entry["rcpt"] for entry in mine) and mine
    return until(through, f"mail from {sender} in the log")


def send(client, sender, recipients=(JOE,)):
    """Returns the replies to RCPT; what was accepted is sent."""
    client.mail(sender)
    replies = [client.rcpt(recipient) for recipient in recipients]
    if any(reply.code == 250 for reply in replies):
        expect.reply(client.data(), 250)
    return replies


def same(entry, **wanted):
    for key, value in wanted.items():
        expect.that(entry[key] == value, f"{key} is not {value!r} in {entry}")


def neutered(helo):
    """What Postfix's smtpd makes of a HELO before it logs it; words are joined by one blank."""
    return re.sub(r'[ <>()\\";@]', "?", " ".join(helo.split()))


CLIENTS = [
    ("IPv4", world.CLIENT, "verified", "mail.client.example"),
    ("IPv6", world.CLIENT_V6, "verified", "mail.client.example"),
    ("a forged name", FORGED, "forged", "mail.client.example"),
    ("no name", world.NAMELESS, None, None),
]


@SUBJECT.case("Postfix: accepted mail has its HELO, by one setting", only="postfix")
def postfix_accepted(stage):
    stage.mta.stop()
    with open(f"{stage.mta.home}/etc/main.cf", encoding="utf-8") as file:
        stage.mta.write("main.cf", file.read() + SETTING)
    stage.mta.start()
    for number, (_, source, status, name) in enumerate(CLIENTS):
        sender = stage.sender()
        with stage.dial(source) as client:
            client.ehlo(f"helo{number}.client.example")
            send(client, sender, (JOE, ANN))
            client.quit()
        found = wait_for(stage, stage.mta.log, sender)
        expect.that(sorted(entry["rcpt"] for entry in found) == [ANN, JOE], f"not both: {found}")
        for entry in found:
            same(entry, client=source, helo=f"helo{number}.client.example", ptr_status=status,
                 ptr=name, outcome="accepted", connection=found[0]["connection"])


@SUBJECT.case("Postfix: no HELO, the null sender, an authenticated user", only="postfix")
def postfix_without(stage):
    sender = stage.sender()
    with stage.dial() as client:
        send(client, sender)
        client.quit()
    same(wait_for(stage, stage.mta.log, sender)[0], helo_status="none", helo=None)
    with stage.dial() as client:
        client.ehlo("bounce.client.example")
        send(client, "")
        client.quit()
    same(wait_for(stage, stage.mta.log, "<>")[0], helo="bounce.client.example")
    sender = stage.sender()
    with stage.dial(port=587) as client:
        client.ehlo("[10.0.0.1]")
        expect.reply(client.auth(f"{world.USER}@{world.SERVER_NAME}", world.PASSWORD), 235)
        send(client, sender)
        client.quit()
    same(wait_for(stage, stage.mta.log, sender)[0], helo="[10.0.0.1]",
         auth=f"{world.USER}@{world.SERVER_NAME}")


@SUBJECT.case("Postfix: nobody can pose as another client", only="postfix")
def postfix_hostile(stage):
    before = len(entries(stage.mta.log()))
    for helo in HOSTILE:
        sender = stage.sender()
        with stage.dial() as client:
            client.ehlo(helo)
            client.mail(sender)
            client.rcpt("joe@elsewhere.example")        # refused, by Postfix
            client.quit()
        entry = until(lambda s=sender: of(s, entries(stage.mta.log())), "refusal")[0]
        same(entry, client=world.CLIENT, helo=neutered(helo), rcpt="joe@elsewhere.example",
             outcome="rejected", ptr="mail.client.example")
    found = entries(stage.mta.log())
    expect.that(len(found) == before + len(HOSTILE), f"{len(found) - before} entries")
    return f"{len(HOSTILE)} names"


@SUBJECT.case("the filter's log beside the MTA's: each mail once, as ours")
def joined(stage):
    sender = stage.sender()
    with stage.dial() as client:
        client.ehlo("joined.client.example")
        send(client, sender, (JOE, ANN))
        client.quit()
    own = until(lambda: len(of(sender, entries(stage.filter.log()))) == 2 and stage.filter.log(),
                "verdicts")
    until(lambda: of(sender, entries(log_of(stage))), "the mail in the MTA's log")
    both = of(sender, entries(own, log_of(stage)))
    expect.that(len(both) == 2, f"not once each: {both}")
    for entry in both:
        same(entry, helo="joined.client.example", client=world.CLIENT)
        expect.that(entry["id"], f"not ours: {entry}")


@SUBJECT.case("a log compressed by gzip(1) says the same")
def compressed(stage):
    text = log_of(stage)
    plain = entries(text)
    expect.that(plain and entries(text, pack=gzip.compress) == plain, "not the same")
    return f"{len(plain)} entries"


@SUBJECT.case("Sendmail: who and what for, and no HELO", only="sendmail")
def sendmail(stage):
    for _, source, status, name in CLIENTS:
        sender = stage.sender()
        with stage.dial(source) as client:
            client.ehlo("sendmail.client.example")
            send(client, sender)
            client.quit()
        found = until(lambda s=sender: of(s, entries(stage.system_log.text())), "the mail")
        same(found[0], client=source, helo_status="unknown", ptr_status=status, ptr=name)
    sender = stage.sender()
    with stage.dial() as client:
        send(client, sender)
        client.quit()
    found = until(lambda: of(sender, entries(stage.system_log.text())), "the mail")
    same(found[0], helo_status="none")


@SUBJECT.case("Exim: accepted mail, its HELO in brackets or the name it has", only="postfix")
def exim_accepted(stage):
    says = {world.CLIENT: "other.client.example", world.CLIENT_V6: "mail.client.example",
            FORGED: "[203.0.113.32]", world.NAMELESS: "x.example"}
    known = {world.CLIENT: "verified", world.CLIENT_V6: "verified", FORGED: None,
             world.NAMELESS: "none"}
    for source, helo in says.items():
        sender = stage.sender()
        with stage.dial(source, port=26) as client:
            client.ehlo(helo)
            send(client, sender, (JOE, ANN))
            client.quit()
        found = wait_for(stage, stage.peer.log, sender)
        expect.that(sorted(entry["rcpt"] for entry in found) == [ANN, JOE], f"not both: {found}")
        same(found[0], client=source, helo=helo, ptr_status=known[source], outcome="accepted")


@SUBJECT.case("Exim: nobody can pose as another client", only="postfix")
def exim_hostile(stage):
    for helo in HOSTILE:
        with stage.dial(port=26) as client:
            try:
                client.ehlo(helo)           # most of them Exim does not take, and hangs up
                client.mail(stage.sender())
                client.rcpt("joe@elsewhere.example")
                client.quit()
            except (OSError, EOFError):
                pass

    def read():
        found = entries(stage.peer.log())
        said = {entry["helo"] for entry in found}
        return '"quoted\\" \\' in said and "x) [1.2.3.4] P=esmtp" in said and found
    found = until(read, "the refusals")
    clients = {entry["client"] for entry in found}
    expect.that(clients <= {world.CLIENT, world.CLIENT_V6, FORGED, world.NAMELESS},
                f"somebody else: {clients}")
    return f"{len(found)} entries"
