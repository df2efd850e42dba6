# SPDX-License-Identifier: BSD-2-Clause
"""Which HELO gets which answer, with the default action of every check, on the default policy."""

import re
from dataclasses import dataclass, field
from functools import partial

import expect
from rig import world
from subjects import Subject

SUBJECT = Subject("verdicts on one HELO")
CODES = {"reject": (550, "5.7.1"), "defer": (450, "4.7.1"), "accept": (250, None)}
JOE = f"joe@{world.MAIL_DOMAIN}"
ELSEWHERE = "198.51.100.77"


@dataclass(frozen=True)
class Row:
    """A client at `source` says `helo` and wants to write to `rcpt`.

    `failed` maps checks to the action that the log must show. What a refusal must say besides the
    HELO and the deciding check goes to `says`.
    """

    what: str
    helo: str
    verdict: str
    failed: dict = field(default_factory=dict)
    says: tuple = ()
    source: str = world.CLIENT
    rcpt: str = JOE
    port: int = 25
    login: bool = False
    exempt: str | None = None


def rejected(what, helo, check, *says, **more):
    return Row(what, helo, "reject", {check: "reject"}, says, **more)


def deferred(what, helo, check, *says, **more):
    return Row(what, helo, "defer", {check: "defer"}, says, **more)


def observed(what, helo, check, **more):
    return Row(what, helo, "accept", {check: "observe"}, **more)


def accepted(what, helo, **more):
    return Row(what, helo, "accept", **more)


ROWS = [
    accepted("an honest client", "mail.client.example"),
    accepted("an honest client, with a dot at the end", "mail.client.example."),

    rejected("our own name", world.SERVER_NAME, "own_name"),
    rejected("our own name, in capitals", "MX.Site.Example", "own_name"),
    rejected("our own address, bare", world.SERVER_V4, "own_ip"),
    rejected("our own address, in brackets", f"[{world.SERVER_V4}]", "own_ip"),
    rejected("our own IPv6 address, in brackets", f"[IPv6:{world.SERVER_V6}]", "own_ip",
             source=world.CLIENT_V6),
    rejected("the recipient's domain", world.MAIL_DOMAIN, "rcpt_domain", world.MAIL_DOMAIN),
    accepted("the recipient's domain, to somebody else", world.MAIL_DOMAIN,
             rcpt="ann@remote.example", login=True, exempt="auth"),

    deferred("the client's own address, bare", world.CLIENT, "bare_ip"),
    deferred("a private address, bare", "192.168.1.5", "bare_ip"),
    rejected("somebody else's address, bare", ELSEWHERE, "bare_ip"),
    deferred("somebody else's address, in brackets", f"[{ELSEWHERE}]", "literal_mismatch",
             world.CLIENT),
    observed("a private address, in brackets", "[192.168.1.5]", "literal_mismatch"),
    accepted("the client's own address, in brackets", f"[{world.CLIENT}]"),
    rejected("localhost", "localhost", "localhost"),
    rejected("a loopback address, in brackets", "[127.0.0.1]", "localhost"),
    rejected("an empty label", "bad..name", "syntax"),
    rejected("a hyphen at a label's edge", "-x.example", "syntax"),
    rejected("brackets around nothing", "[]", "literal_syntax"),

    accepted("our own name, but authenticated", world.SERVER_NAME, login=True, exempt="auth"),
    accepted("our own name, from an internal subnet", world.SERVER_NAME, source=world.INTERNAL,
             exempt="network"),
    accepted("our own name, to postmaster", world.SERVER_NAME,
             rcpt=f"postmaster@{world.MAIL_DOMAIN}", exempt="recipient"),
    accepted("our own name, to abuse", world.SERVER_NAME,
             rcpt=f"Abuse@{world.MAIL_DOMAIN}", exempt="recipient"),
    accepted("our own name, on the submission port", world.SERVER_NAME, port=587,
             exempt="listener"),

    observed("Outlook's name without dots", "benderclmsuedu", "not_fqdn"),
    accepted("Eudora's name below ours", f"nibbler.{world.SERVER_NAME}"),
    observed("an underscore", "my_pc", "underscore"),
    observed("a cluster under one name (RFC 5321 4.1.4)", "mail.cluster.example",
             "forward_mismatch", source=world.CLUSTER),
    observed("a client without PTR", "mail.client.example", "no_ptr", source=world.NAMELESS),
    observed("a name without address", "nothing.client.example", "no_address"),

    *(accepted(f"over IPv6: {spelling}", spelling, source=world.CLIENT_V6) for spelling in (
        "[IPv6:2001:db8:9::9]", "[ipv6:2001:DB8:9:0:0:0:0:9]",
        "[IPv6:2001:0db8:0009:0000:0000:0000:0000:0009]", "[IPv6:2001:db8:9::0.0.0.9]",
        "[2001:db8:9::9]")),
    accepted("over IPv4: [IPv6:::ffff:203.0.113.9]", f"[IPv6:::ffff:{world.CLIENT}]"),
    deferred("over IPv6: somebody else's", "[IPv6:2001:db8:9::a]", "literal_mismatch",
             source=world.CLIENT_V6),
]


def dialogue(row, stage, sender):
    """HELO, perhaps AUTH, MAIL: never refused. Returns the reply to RCPT, and takes an acceptance
    to its end."""
    with stage.dial(row.source, row.port) as client:
        expect.reply(client.ehlo(row.helo), 250)
        if row.login:
            expect.reply(client.auth(world.USER, world.PASSWORD), 235)
        expect.reply(client.mail(sender), 250)
        reply = client.rcpt(row.rcpt)
        if reply.code == 250:
            expect.reply(client.data(), 250)
        expect.reply(client.quit(), 221)
    return reply


def check_log(row, stage, sender):
    """Who is exempt when it connects is logged then, before any sender is known, if the filter is
    told of it."""
    at_connect = stage.filter.LOGS_AT_CONNECT and row.exempt in ("network", "listener")
    fields = {"client": row.source, "from": "-" if at_connect else sender}
    decision = stage.filter.decision(**fields)
    expect.log(decision, row.verdict, row.failed, row.exempt)


def play(row, stage):
    sender = stage.sender()
    reply = dialogue(row, stage, sender)
    code, enhanced = CODES[row.verdict]
    expect.reply(reply, code, enhanced, row.says)
    if row.verdict != "accept":
        expect.reply(reply, code, enhanced, (f'"{row.helo}"', "id="))
        named = re.search(r"check=(\S+)", reply.text)
        expect.that(named and set(row.failed) <= set(named[1].split(",")), f"check= in: {reply}")
    check_log(row, stage, sender)
    return f"{reply.code} {reply.enhanced} {' '.join(row.failed) or row.exempt or ''}"


for each in ROWS:
    SUBJECT.add(each.what, partial(play, each))
