# SPDX-License-Identifier: BSD-2-Clause
"""DNS that misbehaves, dies and comes back: mail flows, and nobody is refused for it.

The filter has a resolver of its own here, which can be ended; the mail server keeps a good one. The
policy refuses for whatever DNS definitely says against a client, so that a failure that is taken
for an answer shows. Every client is a new one: the filter's cache must not help.
"""

import itertools
import os
import re
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import SimpleNamespace

import expect
from load import Load
from rig import world
from rig.process import until
from rig.resolver import Resolver
from subjects import Subject

WAIT_S = 3.0
AT_ONCE_S = WAIT_S / 2              # much more than it takes, and no wait
BOUND_S = WAIT_S + 3                # one wait, on a loaded machine
HELD = {"wait": f"{WAIT_S:g}s", "deadline": "8s"}
JOE = f"joe@{world.MAIL_DOMAIN}"
STRICT = "".join(f"  {check}: reject\n" for check in (
    "no_address", "bogus_address", "no_ptr", "fcrdns"))
POLICY = {**HELD, "more": f"checks:\n{STRICT}"}
FIRST, SECOND = "127.0.0.54", "127.0.0.55"
DOWN = r"warning: dns\.servers: the resolver is down"
BACK = r"dns\.servers: the resolver answers again"
OPTIONS = "options timeout:1 attempts:1"

SUBJECT = Subject("DNS that misbehaves, dies and comes back", policy=POLICY)

numbers = itertools.count(1)
crowd = itertools.count()
actors = SimpleNamespace(first=None, second=None)


# ---- clients --------------------------------------------------------------------------------------

CLIENTS = 2000
CROWD = range(1000, CLIENTS)        # for sessions under load, again and again
EACH_IPV4 = 16                      # every so many of them; there are few addresses for examples


def address_of(number):
    if number % EACH_IPV4:
        return f"2001:db8:f::{number:x}"
    return f"198.51.100.{80 + number // EACH_IPV4}"


def name_of(number):
    return f"mail.c{number}.example"


def in_order(number):
    """Lines of a zone: reverse and forward DNS agree."""
    address = address_of(number)
    return (f"{address} PTR {name_of(number)}\n"
            f"{name_of(number)} {'AAAA' if ':' in address else 'A'} {address}\n")


def visit(stage, helo=None, number=None):
    """A new client's whole dialogue; what the filter said of it, too."""
    number = next(numbers) if number is None else number
    seen = SimpleNamespace(sender=stage.sender())
    with stage.dial(address_of(number)) as client:
        expect.reply(client.ehlo(helo or name_of(number)), 250)
        expect.reply(client.mail(seen.sender), 250)
        before = time.monotonic()
        seen.reply = client.rcpt(JOE)
        seen.seconds = time.monotonic() - before
        if seen.reply.code == 250:
            expect.reply(client.data(), 250)
        client.quit()
    seen.decision = stage.filter.decision(**{"from": seen.sender})
    return seen


def accepted(stage, within_s, unknown, code=250, **whom):
    """Unless code says otherwise. unknown: a pattern that its field in the log matches."""
    seen = visit(stage, **whom)
    expect.reply(seen.reply, code)
    expect.that(seen.seconds < within_s, f"RCPT took {seen.seconds:.1f} s: {seen.decision.line}")
    expect.that(re.search(unknown, seen.decision["unknown"]),
                f"wanted unknown={unknown} in: {seen.decision.line}")
    causes = sorted({each.split(":")[-1] for each in seen.decision["unknown"].split(",")})
    return f"{seen.reply.code}  {seen.seconds * 1000:.0f} ms  {' '.join(causes)}"


def judged(stage):
    """DNS works: an honest client gets in, and one whose name is not there is refused."""
    accepted(stage, BOUND_S, "^-$")
    seen = visit(stage, helo=f"nobody.c{next(numbers)}.example")
    expect.reply(seen.reply, 550, "5.7.1")
    expect.that("no_address" in seen.decision.failed, seen.decision.line)


# ---- the log ------------------------------------------------------------------------------------

def lines(stage, pattern, start):
    return re.findall(pattern, stage.filter.log()[start:])


def told_once(stage, pattern, start):
    until(lambda: lines(stage, pattern, start), f"line '{pattern}' in the filter's log", 30)
    count = len(lines(stage, pattern, start))
    expect.that(count == 1, f"'{pattern}' stands there {count} times")


def visit_until(stage, pattern, start):
    """Clients come until the filter notices; whatever DNS does meanwhile, they get in."""
    def noticed():
        accepted(stage, BOUND_S, "")
        return lines(stage, pattern, start)
    until(noticed, f"line '{pattern}' in the filter's log", 60)


def nobody_waits(stage):
    """It is known that the resolver is down."""
    return [accepted(stage, AT_ONCE_S, ":resolver") for _ in range(5)][-1]


# ---- dead from the start -------------------------------------------------------------------------

@SUBJECT.case("a resolver that is not there when the filter starts: mail flows")
def dead_from_the_start(stage):
    zone = "".join(in_order(number) for number in range(1, CLIENTS)) + fault_zone()
    zone += f"{world.SERVER_NAME} A {world.SERVER_V4}\n"
    actors.first = Resolver("/var/spool/resolver1", FIRST, zone)
    actors.second = Resolver("/var/spool/resolver2", SECOND, zone + "only.second.example A "
                             f"{address_of(0)}\n")
    stage.filter.stop()
    stage.filter.dns = FIRST
    stage.filter.policy(**POLICY)
    start = len(stage.filter.log())
    stage.filter.start()
    accepted(stage, BOUND_S, ":(resolver|timeout)")
    visit_until(stage, DOWN, start)
    remark = nobody_waits(stage)
    told_once(stage, DOWN, start)
    return remark


@SUBJECT.case("it comes: from then on clients are judged")
def comes(stage):
    start = len(stage.filter.log())
    actors.first.start()
    visit_until(stage, BACK, start)
    judged(stage)
    told_once(stage, BACK, start)


# ---- dies, and comes back ------------------------------------------------------------------------

def come_and_go(stage, _):
    number = CROWD[next(crowd) % len(CROWD)]
    with stage.dial(address_of(number)) as client:
        client.ehlo(name_of(number))
        client.mail(stage.sender())
        return client.rcpt(JOE).code


def outage(stage, begin, end):
    """The resolver goes away under load and comes back. Returns what clients got."""
    start = len(stage.filter.log())
    with Load(partial(come_and_go, stage)) as load:
        load.more(250, 20)
        begin()
        visit_until(stage, DOWN, start)
        remark = nobody_waits(stage)
        load.more(250, 20)
        end()
        visit_until(stage, BACK, start)
        load.more(250, 20)
    expect.that(set(load.results) == {250}, f"got {dict(load.results)}")
    told_once(stage, DOWN, start)
    told_once(stage, BACK, start)
    judged(stage)
    return f"{load.results[250]} x 250; down: {remark}"


@SUBJECT.case("killed under load, and started again: one alarm, one note, nobody refused")
def killed(stage):
    return outage(stage, actors.first.kill, actors.first.start)


@SUBJECT.case("hanging under load, and going on: the same")
def hanging(stage):
    return outage(stage, actors.first.hang, actors.first.go_on)


@SUBJECT.case("on_failure: defer: 451 while it is away, and only then")
def deferred(stage):
    stage.filter.policy(on_failure="defer", **POLICY)
    stage.filter.reload()
    judged(stage)
    start = len(stage.filter.log())
    actors.first.kill()
    try:
        seen = visit(stage)
        expect.reply(seen.reply, 451, "4.4.3")
        expect.that(seen.seconds < BOUND_S, f"RCPT took {seen.seconds:.1f} s")
        seen = visit(stage, helo="localhost")
        expect.reply(seen.reply, 550, "5.7.1")
        expect.that(seen.seconds < AT_ONCE_S, f"RCPT took {seen.seconds:.1f} s")
        until(lambda: visit(stage) and lines(stage, DOWN, start), "alarm", 60)
        seen = visit(stage)
        expect.reply(seen.reply, 451, "4.4.3")
        expect.that(seen.seconds < AT_ONCE_S, f"RCPT took {seen.seconds:.1f} s")
    finally:
        actors.first.start()
    until(lambda: visit(stage) and lines(stage, BACK, start), "end of the alarm", 60)
    judged(stage)
    stage.filter.policy(**POLICY)
    stage.filter.reload()


# ---- answers that are odd --------------------------------------------------------------------------

# what, fault of the reverse name, fault of the HELO name, what the log must say is unknown, the reply
FAULTS = [
    ("the PTR is garbage", "garbage", "", ":(timeout|malformed)", 250),
    ("the HELO's addresses are garbage", "", "garbage", ":(timeout|malformed)", 250),
    ("500 PTR names", "ok", "", "^-$", 250),
    ("TCP is cut in mid-answer", "", "tctcpcut", ":(timeout|malformed|resolver)", 250),
    ("TCP is never answered", "tctcphang", "", ":timeout", 250),
    ("64 KiB by TCP", "fill65535", "fill65535", "^-$", 250),
    ("a lie with another id first", "wrongid.truth", "wrongid.truth", "^-$", 250),
    ("PTR names with NUL and dots inside labels", "badptr", "", "^-$", 250),
    ("a CNAME loop", "cnameloop", "cnameloop", ":budget", 450),    # the zone is its own
    ("SERVFAIL to everything", "servfail", "servfail", ":servfail", 250),
    ("never an answer", "drop", "drop", ":timeout", 250),
]
FAULTY = [(number, number + 1)      # the first one by IPv4
          for number in range(CLIENTS, CLIENTS + len(FAULTS) * EACH_IPV4, EACH_IPV4)]


def fault_zone():
    text = ""
    for row, (_, ptr, helo, _, _) in enumerate(FAULTS):
        for number in FAULTY[row]:
            text += in_order(number)
            text += f"{address_of(number)} FAULT {ptr}\n" if ptr else ""
            text += f"{name_of(number)} FAULT {helo}\n" if helo else ""
            if ptr == "ok":
                text += "".join(f"{address_of(number)} PTR other{n}.example\n" for n in range(499))
    return text


def faulty(row, stage):
    """Two clients at once: neither waits for the other."""
    def come(number):
        return accepted(stage, BOUND_S, *FAULTS[row][3:], number=number)
    with ThreadPoolExecutor() as pool:
        return list(pool.map(come, FAULTY[row]))[0]


for _row, _fault in enumerate(FAULTS):
    SUBJECT.add(_fault[0], partial(faulty, _row))


# ---- the system's resolvers ------------------------------------------------------------------------

def write_resolv_conf(*text):
    with open("/etc/resolv.conf.new", "w", encoding="ascii") as file:
        file.write("\n".join([*text, OPTIONS]) + "\n")
    os.rename("/etc/resolv.conf.new", "/etc/resolv.conf")


@SUBJECT.case("dns.servers: []: those of resolv.conf; its search list and /etc/hosts do not count")
def system_resolvers(stage):
    write_resolv_conf(f"nameserver {FIRST}", "search client.example crowd.example",
                      "options ndots:9")
    with open("/etc/hosts", "a", encoding="ascii") as file:
        file.write(f"{address_of(0)} onlyhere.hosts.example onlyhere\n")
    stage.filter.dns = ""
    stage.filter.policy(**POLICY)
    stage.filter.reload()
    judged(stage)
    for helo, elsewhere in (("mail", "mail.client.example"), ("h0", "h0.crowd.example"),
                            ("onlyhere.hosts.example", None), ("onlyhere", None)):
        seen = visit(stage, helo=helo)
        expect.reply(seen.reply, 550, "5.7.1")
        expect.that("no_address" in seen.decision.failed, seen.decision.line)
        expect.that(actors.first.asked(helo) > 0, f"{helo} was not asked for")
        expect.that(not elsewhere or actors.first.asked(elsewhere) == 0,
                    f"{elsewhere} was asked for, by way of the search list")


@SUBJECT.case("the resolver dies, and another stands in resolv.conf: it is followed")
def another_resolver(stage):
    start = len(stage.filter.log())
    actors.second.start()
    actors.first.kill()
    visit_until(stage, DOWN, start)
    write_resolv_conf(f"nameserver {SECOND}")
    visit_until(stage, BACK, start)
    judged(stage)


@SUBJECT.case("another stands in resolv.conf while the first lives: a reload follows")
def another_by_reload(stage):
    actors.first.start()
    write_resolv_conf(f"nameserver {FIRST}")
    stage.filter.reload()
    judged(stage)
    before = actors.second.asked("fault.test")
    judged(stage)
    expect.that(actors.second.asked("fault.test") == before, "the former one is still asked")
    for resolver in (actors.first, actors.second):
        resolver.kill()
