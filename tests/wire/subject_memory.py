# SPDX-License-Identifier: BSD-2-Clause
"""Clients and name servers that are out for memory: the filter stays below what its manual states, in LIMITS.

The policies are small, and all that they allow is used: DNS tells each session as much as is kept of an answer, the
cache is full, all sessions wait at one moment, and questions that nobody answers take all the room there is for them.
"""

import functools
import hashlib
import ipaddress
import multiprocessing
import os
import select
import socket
import struct
import sys

from bench import FIELD, Case, is_sanitized, until
from milter_client import RCPT, Milter

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tools"))
from dnsmessage import OWNER, Query, message, record, wire_name  # pylint: disable=wrong-import-position

QUESTIONS, CACHE_MIB, CHURN_MIB, NETWORKS, MANY_NETWORKS = 500, 2, 1, 2000, 20000
RICH, POOR = 240, 60                # sessions: those that are told much, and those that are not answered
SESSIONS = RICH + POOR
NOTE = "n" * 100
LISTS = tuple(f"dbl{number}.example" for number in range(4))
HELOS = 4                           # LIMIT_PATIENT_HELOS
STEPS = 4                           # PTR, its names, and two to spare
SILENT = "silent.example"           # nobody answers for names in it,
SILENT_NET = "2001:db8:5"           # nor for clients in that,
SILENT_REVERSE = ".5.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"
HALF = "half.example"               # and for those in it, only questions for A are not answered
CHECKS = ("no_ptr", "fcrdns", "rdns_mismatch", "forward_mismatch", "no_address", "bogus_address", "own_name", "rhsbl",
          "mx_bogus", "helo_churn")
LOAD_AT_LEAST = 0.5                 # of what is allowed: a load that takes less would prove nothing


def manual_kib(cache_mib=0, churn_mib=0, questions=0, sessions=0, entries=0):
    """The sum in milter/milter-helo.8.in, LIMITS; of entries, all with a NOTE."""
    of_an_entry = 2 * 1024 + 10 * len(NOTE)
    return (10 * 1024 + (cache_mib + churn_mib) * 1024 + 4 * 1024 + 2 * questions + 100 * sessions
            + entries * of_an_entry // 1024)


# ---- a name server that tells all it can -------------------------------------------------------------------------

def labels_of(seed):
    """The end of a name, of 250 characters, that no other seed has."""
    first = hashlib.sha256(seed.encode()).hexdigest()[:63]
    return ".".join((first, "t" * 63, "t" * 63, "t" * 58))


def named(query, count, before=b""):
    """So many records with names of 253 characters; all but the first point to where that has the end they share."""
    at = 12 + len(query.question) + 12 + len(before) + 3
    for number in range(count):
        label = b"\2n" + bytes([ord("0") + number % 10 if number < 10 else ord("a") + number - 10])
        end = wire_name(labels_of(query.name)) if number == 0 else struct.pack(">H", 0xC000 | at)
        yield record(OWNER, query.kind, 300, before + label + end)


@functools.cache
def addresses(kind, net):
    return [record(OWNER, kind, 300, ipaddress.ip_address(f"{net}{number}").packed) for number in range(32)]


def answer_to(query):
    """None: silence."""
    if query.name.endswith(SILENT_REVERSE) or SILENT in query.name:         # also on lists
        return None
    if query.kind == "A" and query.name.endswith(HALF):
        return None
    if query.name.startswith("invalid."):   # RFC 5782 5: what every list says of this name, and of the other
        return message(query, rcode=3)
    if query.name.startswith("test."):
        return message(query, answers=[record(OWNER, "A", 300, b"\x7f\0\0\2")])
    if query.kind == "PTR":
        return message(query, answers=list(named(query, 10)))
    if query.kind == "MX":
        return message(query, answers=list(named(query, 32, b"\0\1")))
    net = "2001:db8::" if query.kind == "AAAA" else "127.0.2." if query.name.endswith(LISTS) else "192.0.2."
    return message(query, answers=addresses(query.kind, net))


def serve(server, leave):
    """Until the other end of `leave` is closed, by whatever end its owner comes to."""
    while leave not in select.select([server, leave], [], [])[0]:
        wire, asker = server.recvfrom(2048)
        answer = answer_to(Query(wire))
        if answer is not None:
            server.sendto(answer, asker)


class Generous:
    """That server, as a process of its own."""

    def __init__(self):
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        server.bind(("127.0.0.1", 0))
        self.peer = server.getsockname()
        self.address = f"127.0.0.1:{server.getsockname()[1]}"
        self.stay, leave = socket.socketpair()
        self.child = multiprocessing.get_context("fork").Process(target=self._run, args=(server, leave), daemon=True)
        self.child.start()
        server.close()
        leave.close()

    def _run(self, server, leave):
        self.stay.close()
        serve(server, leave)

    def settle(self):
        """Until it has answered what was asked before, and what those answers led to: it answers in order."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
            asker.settimeout(60)
            header = struct.pack(">6H", 1, 0, 1, 0, 0, 0)
            for _ in range(STEPS):
                asker.sendto(header + wire_name("settled.example") + b"\0\1\0\1", self.peer)
                asker.recv(4096)

    def stop(self):
        self.stay.close()
        self.child.join()


# ---- clients ---------------------------------------------------------------------------------------------------------

def helo_of(number, turn, end):
    """As long as a name may be that lists can be asked about."""
    first = hashlib.sha256(f"{number} {turn}".encode()).hexdigest()[:63]
    room = 253 - len(f".{LISTS[0]}") - len(f"{first}..h{number}x{turn}.{end}") - 128
    return ".".join((first, "h" * 63, "h" * 63, "h" * room, f"h{number}x{turn}", end))


class Crowd:
    """Sessions that say one name after another, and stay. A client's address has a /64 of its own."""

    AT_ONCE = 8                     # for which there is room in the air

    def __init__(self, path, numbers, net):
        self.members = {}
        for number in numbers:
            milter = self.members[number] = Milter(path)
            milter.begin(f"{net}:{number:x}::1")

    def greet(self, turn, end, numbers=None):
        """HELO and MAIL."""
        for number in numbers or self.members:
            milter = self.members[number]
            milter.abort()
            milter.helo(helo_of(number, turn, end))
            milter.mail("<" + "s" * 60 + "@" + "d" * 60 + ".example>")

    def judge(self, turn, end, server):
        """Whole dialogues, a few at once; RCPT when DNS has answered, so that nothing is missing."""
        numbers = list(self.members)
        while numbers:
            group, numbers = numbers[:self.AT_ONCE], numbers[self.AT_ONCE:]
            self.greet(turn, end, group)
            server.settle()
            for number in group:
                self.members[number].rcpt()

    def close(self):
        for milter in self.members.values():
            milter.close()


# ---- memory ----------------------------------------------------------------------------------------------------------

def status_of(process, key):
    """VmHWM: the most memory it ever had, in KiB."""
    with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(key))


def networks(count):
    return [{"net": f"2001:db8:{0x1000 + number // 65536:x}:{number % 65536:x}::/64", "note": NOTE}
            for number in range(count)]


class Memory(Case):
    # With on_failure: defer, nothing is certain before all that the checks want to know is known.
    policy_changes = {
        "mode": "observe",
        "checks": {check: "observe" for check in CHECKS},
        "rhsbl": {"zones": [{"zone": zone, "codes": ["127.0.0.2"]} for zone in LISTS]},
        "helo_churn": {"size": f"{CHURN_MIB}MiB"},
        "limits": {"sessions": SESSIONS},
        "networks": networks(NETWORKS),
    }

    def crowd(self, numbers, net):
        crowd = Crowd(self.socket, numbers, net)
        self.addCleanup(crowd.close)
        return crowd

    def assert_holds(self, process, allowed):
        most = status_of(process, "VmHWM")
        print(f"{most} KiB of {allowed}", end=" ... ", file=sys.stderr, flush=True)
        if not is_sanitized():
            self.assertLess(most, allowed)
            self.assertGreater(most, LOAD_AT_LEAST * allowed, "this is no load")

    def rich(self, server, first):
        """Sessions that know all that DNS had to tell."""
        crowd = self.crowd(range(first, first + RICH), "2001:db8:4")
        for turn in range(HELOS - 1):
            crowd.judge(turn, "site.example", server)
        return crowd

    def wait_together(self, process, sessions):
        """All are at RCPT at one moment, each in a thread of its own, for one answer to all of them."""
        for session in sessions:
            session.abort()
            session.helo(f"all.{HALF}")
            session.mail()
        for session in sessions:
            session.send(RCPT, b"<user@site.example>\0")
        until(lambda: status_of(process, "Threads") > RICH, "threads")
        for session in sessions:
            self.assertEqual(session.receive().name, "continue")

    def poor(self):
        """Some more, with as many questions as there may be, and no answer. Of one HELO each: those of a former one are
        withdrawn, sooner or later, and then nobody asks others in their place."""
        self.crowd(range(POOR), SILENT_NET).greet(0, SILENT)

    def test_clients_and_name_servers(self):
        server = Generous()
        self.addCleanup(server.stop)
        self.write_policy(dns={"servers": [server.address], "in_flight": QUESTIONS, "wait": "5s", "deadline": "30s",
                               "on_failure": "defer", "cache": {"size": f"{CACHE_MIB}MiB"}})
        process = self.start()
        former = self.rich(server, 0)
        former.judge(HELOS - 1, "site.example", server)
        former.close()
        self.wait_together(process, self.rich(server, RICH).members.values())
        self.poor()
        counters = {name: float(value) for name, value in FIELD.findall(self.reload(process, "counters:"))}
        self.assertGreater(counters["dns_in_flight"], 0.9 * QUESTIONS)
        self.assertGreater(counters["cache_bytes"], 0.9 * CACHE_MIB * 1024 * 1024)
        self.assert_holds(process, manual_kib(CACHE_MIB, CHURN_MIB, QUESTIONS, SESSIONS, NETWORKS))
        self.stop(process)

    def test_policy(self):
        self.write_policy(networks=networks(MANY_NETWORKS), limits={"sessions": 1},
                          dns={"cache": {"size": "64KiB"}, "in_flight": 100})
        process = self.start()
        for _ in range(5):
            self.reload(process)
        self.assert_holds(process, manual_kib(entries=MANY_NETWORKS))
        self.stop(process)
