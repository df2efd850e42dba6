#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A name server that answers from a zone, and misbehaves on order.

    faultdns.py [--address ADDRESS] [--port PORT] [--zone FILE]... [--suffix NAME] [--delay MS] [--always OP.OP]
                [--until-eof]

Listens on UDP and TCP, and prints "ready ADDRESS PORT" when it does; port 0 (the default) takes a free one, and after a
kill the same port can be had again. With --until-eof it ends when its standard input does, so that it never outlives
the test that started it. With --always every name is one of the second kind, whatever it is: a server that refuses all.

Which answer a name gets, in this order:
 1. Names of the zones, in the form of helo_zone_add(): "NAME [TTL] [IN] TYPE DATA", markers, "ADDRESS PTR NAME", "*.NAME".
    One type more than there: "NAME FAULT op.op" makes a name (a reverse name, say) behave like one of the second kind.
    The records that it has besides are then the truth, to be garbled, delayed or lost; types that are named
    ("mx40.drop1") are made up all the same.
 2. Names below --suffix (fault.test). Their labels, but for the first one, say what happens:
    x.drop1.delay300.fault.test. There is no state but the counters, so tests can run side by side.
 3. All others: NXDOMAIN.

    ok                               A 192.0.2.N, AAAA 2001:db8::N, PTR hN.ok.SUFFIX, MX mxN.ok.SUFFIX, one of them
    aN aaaaN ptrN mxN                so many of them; a0 is none (NODATA)
    nx nodata lame                   negative; lame: a referral, NOERROR without answer and SOA
    nosoa                            ... without their SOA
    servfail refused formerr notimp rcodeN         (N from 16 on: by EDNS)
    ttlN negttlN                     of records; of the SOA's MINIMUM (its own TTL is ten times that)
    delayN drop dropN dup            N ms late; never; not the first N times; twice
    empty short cutN garbage trail   no byte; 5 bytes; the first N; noise behind the id; noise behind the end
    wrongid wrongq wrongport lower   another id; question; source port; the question in lower case
    noq lie echo                     QDCOUNT 0; ANCOUNT 65535; the question comes back as it was
    truth                            after a wrong one, the right answer 20 ms later
    tc tcnotcp tctcphang tctcpcut    TC by UDP, then TCP: fine, or wrong in one of the ways above; closed; silent; cut
                                     in the middle
    big fillN                        UDP answers beyond what was offered, without TC; made N octets long by a TXT record
    noedns                           FORMERR to whoever offers EDNS
    cnameN cnameloop cnamenx cnamenodata cnameother    chains; a CNAME with other data beside it
    othername badptr badrdata longptr nullmx   a record of another owner; odd PTR and MX names and one good; A of 3
                                     bytes; a PTR name of 255 octets; RFC 7505
    oddcname                         by way of a name with NUL and dot inside its label
    comploop ptrloop qloop           compression loops: in the owner, in the data, in the question

TXT _count.NAME tells "udp=U tcp=T edns=E mixed=M ports=P ids=I high=H low=L": how often NAME was asked so far, how often
with EDNS and with letters in mixed case, from how many UDP ports, with how many ids, and how many values their high and
their low octet had. NAME may be the suffix: then of all names.
Limits: one question in a message, no zone transfer, no DNSSEC. RFC 1035, RFC 6891.
"""

import argparse
import asyncio
import collections
import ipaddress
import os
import re
import socket
import struct
import sys

from dnsmessage import OWNER, TYPES, Query, message, record, wire_name

RCODES = {"formerr": 1, "servfail": 2, "nx": 3, "notimp": 4, "refused": 5}
MARKERS = ("NXDOMAIN", "NODATA", "SERVFAIL", "REFUSED", "TIMEOUT", "MALFORMED")
MARKER_OPS = {"NXDOMAIN": "nx", "NODATA": "nodata", "SERVFAIL": "servfail", "REFUSED": "refused",
              "TIMEOUT": "drop", "MALFORMED": "formerr"}
OPS = set("""ok a aaaa ptr mx nx nodata lame nosoa servfail refused formerr notimp rcode ttl negttl delay drop dup empty
    short cut garbage trail wrongid wrongq wrongport lower noq lie echo truth tc tcnotcp tctcphang tctcpcut big fill noedns
    cname cnameloop cnamenx cnamenodata cnameother othername badptr badrdata oddcname comploop ptrloop qloop longptr
    nullmx""".split())
CUT_BY_UDP = {"tc", "tcnotcp", "tctcphang", "tctcpcut"}
CHAIN_LIMIT = 8
ODD_LABELS = (b"\x04ok\0x", b"\x03a b", b"\x03a.b", b"\x02\xff\xfe", b"\x02-x", b"\x3f" + b"x" * 63)  # the last is good
TRUTH_DELAY_MS = 20
CLOSE = object()  # in place of a reply: close the connection


# ---- zones ---------------------------------------------------------------------------------------------------------

class Zone:
    """Records by name and type; `ops` are the names that behave like fault names."""

    def __init__(self):
        self.records = collections.defaultdict(lambda: collections.defaultdict(list))
        self.ops = {}
        self.names = set()  # with all names above them

    def load(self, path):
        with open(path, encoding="ascii") as lines:
            for number, line in enumerate(lines, 1):
                words = re.split(r"[;#]", line)[0].split()
                try:
                    if words:
                        self.add(words)
                except (ValueError, IndexError) as error:
                    sys.exit(f"{path}:{number}: error: {error or 'a word is missing'}")

    def add(self, words):
        name, rest = words[0].rstrip(".").lower(), words[1:]
        try:
            name = ipaddress.ip_address(name).reverse_pointer
        except ValueError:
            pass  # a name, then
        ttl = int(rest.pop(0)) if rest[0].isdigit() else 300
        if rest[0].upper() == "IN":
            rest.pop(0)
        kind, data = rest[0].upper(), rest[1:]
        labels = name.split(".")
        self.names.update(".".join(labels[first:]) for first in range(len(labels)))
        if kind in MARKERS:
            self.ops[name] = parse_ops([MARKER_OPS[kind]])
        elif kind == "FAULT":
            self.ops[name] = parse_ops(data[0].lower().split("."))
        else:
            self.records[name][kind].append((ttl, self.data(kind, data)))

    @staticmethod
    def data(kind, words):
        """The record's data; for a CNAME its target as text, since it is followed."""
        if kind in ("A", "AAAA"):
            address = ipaddress.ip_address(words[0])
            if (address.version == 4) != (kind == "A"):
                raise ValueError(f"{words[0]} is no {kind}")
            return address.packed
        if kind == "PTR":
            return wire_name(words[0])
        if kind == "MX":
            return struct.pack(">H", int(words[0]) if len(words) > 1 else 10) + wire_name(words[-1])
        if kind == "CNAME":
            return words[0].rstrip(".").lower()
        raise ValueError(f"type {kind} is not known")

    def find(self, name):
        """The name that answers for name: itself, a wildcard, or None. RFC 4592 3.3.1."""
        if name in self.names:
            return name
        while "." in name:
            name = name.split(".", 1)[1]
            if name in self.names:
                return "*." + name if "*." + name in self.names else None
        return None

    def answer(self, query):
        """(rcode, answers): the chain from the query's name, followed inside the zone."""
        owner, name, answers = OWNER, query.name, []
        for _ in range(CHAIN_LIMIT):
            found = self.find(name)
            if found is None:
                return (3, answers)
            records = self.records[found] if found in self.records else {}
            if query.kind in records:
                return (0, answers + [record(owner, query.kind, ttl, data) for ttl, data in records[query.kind]])
            if "CNAME" not in records:
                return (0, answers)
            ttl, name = records["CNAME"][0]
            answers.append(record(owner, "CNAME", ttl, wire_name(name)))
            owner = wire_name(name)
        return (2, [])


# ---- faults --------------------------------------------------------------------------------------------------------

def parse_ops(labels):
    """{op: number or None}; ValueError for a label that is none."""
    ops = {}
    for label in labels:
        match = re.fullmatch(r"([a-z]+)(\d*)", label)
        if not match or match[1] not in OPS:
            raise ValueError(f"no such fault: {label}")
        ops[match[1]] = int(match[2]) if match[2] else None
    return ops


class Reply:
    """One message to send: when, and whether from a socket that was not asked."""

    def __init__(self, wire, delay_ms=0, other_port=False, cut=False):
        self.wire, self.delay_ms, self.other_port, self.cut = wire, delay_ms, other_port, cut


class Server:
    def __init__(self, zone, suffix, delay_ms, always=None):
        self.zone, self.suffix, self.delay_ms, self.always = zone, suffix, delay_ms, always
        self.seen = collections.defaultdict(lambda: {"udp": 0, "tcp": 0, "edns": 0, "mixed": 0, "ports": set(),
                                                     "ids": set(), "high": set(), "low": set()})

    def count(self, query, tcp, port):
        for name in (query.name, self.suffix):
            seen = self.seen[name]
            seen["tcp" if tcp else "udp"] += 1
            seen["edns"] += bool(query.offered)
            seen["mixed"] += query.as_sent not in (query.name, query.name.upper())
            if not tcp:
                seen["ports"].add(port)
            seen["ids"].add(query.id)
            seen["high"].add(query.id >> 8)
            seen["low"].add(query.id & 255)
        return self.seen[query.name]["udp"] + self.seen[query.name]["tcp"]

    def replies(self, wire, tcp, port):
        """What to send: a list of Reply, or CLOSE."""
        try:
            query = Query(wire)
        except (ValueError, IndexError, struct.error):
            return []
        if query.name.startswith("_count.") and query.kind == "TXT":
            seen = self.seen[query.name.split(".", 1)[1]]
            text = " ".join(f"{key}={len(value) if isinstance(value, set) else value}" for key, value in seen.items())
            return [Reply(message(query, answers=[record(OWNER, "TXT", 0, bytes([len(text)]) + text.encode())]))]
        times = self.count(query, tcp, port)
        ops = self.ops_of(query)
        if ops is None:
            rcode, answers = self.zone.answer(query)
            good = message(query, rcode, answers, [] if answers and rcode == 0 else [self.soa(60)])
            return self.deliver(query, {}, good, tcp)
        if "drop" in ops and (ops["drop"] is None or times <= ops["drop"]):
            return []
        return self.misbehave(query, ops, tcp)

    def ops_of(self, query):
        if self.always:
            return self.always
        found = self.zone.find(query.name)
        if found in self.zone.ops:
            return self.zone.ops[found]
        if found is not None or not query.name.endswith("." + self.suffix):
            return None
        try:
            return parse_ops(query.name[:-len(self.suffix) - 1].split(".")[1:])
        except ValueError as error:
            print(f"faultdns: {query.name}: {error}", file=sys.stderr, flush=True)
            return {"notimp": None}

    def soa(self, minimum):
        data = wire_name("ns." + self.suffix) + wire_name("hostmaster." + self.suffix)
        return record(b"\0", "SOA", minimum * 10, data + struct.pack(">5I", 1, 3600, 600, 86400, minimum))

    # -- records of fault names

    def records(self, query, ops):
        ttl = 300 if ops.get("ttl") is None else ops["ttl"]
        owner, answers = OWNER, []
        targets = [wire_name(f"c{step}.ok.{self.suffix}") for step in range(ops.get("cname") or 0)]
        for target in targets + [b"\x05a\0b.c" + wire_name(self.suffix)] * ("oddcname" in ops):
            answers.append(record(owner, "CNAME", ttl, target))
            owner = target
        if "cnameloop" in ops:
            there = wire_name(f"l.cnameloop.{self.suffix}")
            return [record(OWNER, "CNAME", ttl, there), record(there, "CNAME", ttl, OWNER)]
        if "cnamenx" in ops or "cnamenodata" in ops:
            return [record(OWNER, "CNAME", ttl, wire_name(f"t.nodata.{self.suffix}"))]
        if "cnameother" in ops:
            answers.append(record(OWNER, "CNAME", ttl, wire_name(f"t.ok.{self.suffix}")))
        if "badptr" in ops and query.kind in ("PTR", "MX"):
            preference = b"\0\x0a" if query.kind == "MX" else b""
            answers += [record(owner, query.kind, ttl, preference + label + wire_name("test")) for label in ODD_LABELS]
        if "ptrloop" in ops and query.kind == "PTR":
            return [record(OWNER, "PTR", ttl, struct.pack(">H", 0xC000 | 12 + len(query.question) + 12))]
        answers += [record(owner, query.kind, ttl, data) for data in self.truth(query, ops)]
        if "othername" in ops and query.kind == "A":
            answers.append(record(wire_name("evil.example"), "A", ttl, bytes([198, 51, 100, 66])))
        return answers

    def truth(self, query, ops):
        """The data of a fault name's records: the zone's where it has some of that name, else made up."""
        known = self.zone.records.get(query.name, {})
        if known and query.kind.lower() not in ops:
            return [data for _, data in known.get(query.kind, [])]
        if "badptr" in ops and query.kind in ("PTR", "MX"):
            return []
        number = ops.get(query.kind.lower())
        many = (self.data(query.kind, n, ops) for n in range(1, 1 + (1 if number is None else number)))
        return [data for data in many if data is not None]

    def data(self, kind, n, ops):
        """The n-th record's data, or None for types that fault names do not have."""
        if kind == "A":
            return bytes([192, 0, 2 + (n >> 8), n & 255][:3 if "badrdata" in ops else 4])
        if kind == "AAAA":
            return ipaddress.ip_address("2001:db8::").packed[:12] + struct.pack(">I", n)
        if kind == "PTR" and "longptr" in ops:
            return wire_name(".".join(["x" * 63] * 3 + ["y" * 61]))  # 3 * 64 + 62 + 1 = 255
        if kind == "PTR":
            return wire_name(f"h{n}.ok.{self.suffix}")
        if kind == "MX" and "nullmx" in ops:
            return struct.pack(">H", 0) + b"\0"
        if kind == "MX":
            return struct.pack(">H", 10 * n) + wire_name(f"mx{n}.ok.{self.suffix}")
        return None

    # -- whole messages

    def misbehave(self, query, ops, tcp):
        soa = [] if "nosoa" in ops else [self.soa(60 if ops.get("negttl") is None else ops["negttl"])]
        if "noedns" in ops and query.offered:
            query.offered = 0
            return self.deliver(query, ops, message(query, RCODES["formerr"]), tcp)
        for op, rcode in list(RCODES.items()) + [("rcode", ops.get("rcode") or 0)]:
            if op in ops:
                return self.deliver(query, ops, message(query, rcode, authority=soa if op == "nx" else []), tcp)
        if "lame" in ops:
            referral = record(wire_name(self.suffix), "NS", 300, wire_name("ns.elsewhere.test"))
            return self.deliver(query, ops, message(query, authority=[referral]), tcp)
        answers = [] if "nodata" in ops else self.records(query, ops)
        if "comploop" in ops:
            pointer = struct.pack(">H", 0xC000 | 12 + len(query.question))
            answers = [record(pointer, query.kind if query.kind in TYPES else "A", 1, b"\1\2\3\4")]
        if "fill" in ops and answers:
            room = ops["fill"] - len(message(query, answers=answers)) - len(OWNER) - 10
            answers.append(record(OWNER, "TXT", 300, bytes(max(0, room))))
        negative = not answers or not self.truth(query, ops) or "cnamenx" in ops or "cnamenodata" in ops
        good = message(query, 3 if "cnamenx" in ops else 0, answers, soa if negative else [],
                       **({"count": 65535} if "lie" in ops else {}))
        return self.deliver(query, ops, good, tcp)

    def forge(self, query, ops, good):
        """What comes in place of the good one, or None."""
        lie = [record(OWNER, "A", 300, bytes([198, 51, 100, 66]))]
        other = wire_name("other.test")
        forgeries = {
            "empty": lambda: b"",
            "short": lambda: good[:5],
            "cut": lambda: good[:ops["cut"]],
            "garbage": lambda: good[:2] + os.urandom(60),
            "trail": lambda: good + b"\xde\xad\xbe\xef",
            "wrongid": lambda: message(query, answers=lie, id=query.id ^ 0x5555),
            "wrongq": lambda: message(query, answers=lie, question=other + query.question[-4:]),
            "wrongport": lambda: message(query, answers=lie),
            "lower": lambda: good[:12] + good[12:12 + len(query.question)].lower() + good[12 + len(query.question):],
            "noq": lambda: message(query, answers=lie, question=b""),
            "echo": lambda: query.wire,
            "qloop": lambda: message(query, answers=lie, question=b"\xc0\x0c" + query.question[-4:]),
        }
        return next((make() for op, make in forgeries.items() if op in ops), None)

    def deliver(self, query, ops, good, tcp):
        delay_ms = self.delay_ms if ops.get("delay") is None else ops["delay"]
        if tcp:
            if "tcnotcp" in ops:
                return CLOSE
            forged = self.forge(query, ops, good)
            wire = good if forged is None else forged
            return [] if "tctcphang" in ops else [Reply(wire, delay_ms, cut="tctcpcut" in ops)]
        if CUT_BY_UDP & ops.keys() or (len(good) > max(512, query.offered) and "big" not in ops):
            return [Reply(message(query, good[3] & 15, tc=True), delay_ms)]
        forged = self.forge(query, ops, good)
        replies = [Reply(good if forged is None else forged, delay_ms, other_port="wrongport" in ops)]
        if "dup" in ops:
            replies *= 2
        if "truth" in ops:
            replies.append(Reply(good, delay_ms + TRUTH_DELAY_MS))
        return replies


# ---- sockets -------------------------------------------------------------------------------------------------------

class Udp:
    """Not asyncio's own datagrams: those drop empty ones."""

    def __init__(self, server, sock, loop):
        self.server, self.sock, self.loop = server, sock, loop
        self.other = socket.socket(sock.family, socket.SOCK_DGRAM)
        self.other.bind((sock.getsockname()[0], 0))
        loop.add_reader(sock, self.readable)

    def readable(self):
        while True:
            try:
                wire, peer = self.sock.recvfrom(4096)
            except BlockingIOError:
                return
            except OSError:
                continue  # an ICMP error of an earlier answer: the asker is gone
            for reply in self.server.replies(wire, False, peer[1]):
                self.loop.call_later(reply.delay_ms / 1000, self.send, reply, peer)

    def send(self, reply, peer):
        try:
            (self.other if reply.other_port else self.sock).sendto(reply.wire, peer)
        except OSError:
            pass  # the asker is gone


async def serve_connection(server, reader, writer):
    async def send(reply):
        await asyncio.sleep(reply.delay_ms / 1000)
        body = reply.wire[:len(reply.wire) // 2] if reply.cut else reply.wire
        writer.write(struct.pack(">H", len(reply.wire)) + body)
        await writer.drain()
        if reply.cut:
            writer.close()

    sending = set()  # tasks live only as long as somebody holds them
    try:
        while True:
            length, = struct.unpack(">H", await reader.readexactly(2))
            replies = server.replies(await reader.readexactly(length), True, 0)
            if replies is CLOSE:
                break
            for reply in replies:
                task = asyncio.ensure_future(send(reply))
                sending.add(task)
                task.add_done_callback(sending.discard)
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    writer.close()


def listen(address, port):
    """A UDP and a TCP socket on the same port."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    for attempt in range(50):
        udp = socket.socket(family, socket.SOCK_DGRAM)
        tcp = socket.socket(family, socket.SOCK_STREAM)
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        udp.bind((address, port))
        try:
            tcp.bind((address, udp.getsockname()[1]))
        except OSError:  # somebody else's: try another, if we may
            udp.close()
            tcp.close()
            if port != 0 or attempt == 49:
                raise
            continue
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        udp.setblocking(False)
        return udp, tcp


async def run(options):
    zone = Zone()
    for path in options.zone:
        zone.load(path)
    server = Server(zone, options.suffix, options.delay, options.always and parse_ops(options.always.split(".")))
    loop = asyncio.get_running_loop()
    udp, tcp = listen(options.address, options.port)
    held = Udp(server, udp, loop)  # the loop's reader holds it, too; said here for the reader
    await asyncio.start_server(lambda r, w: serve_connection(server, r, w), sock=tcp, backlog=512)
    done = asyncio.Event()
    if options.until_eof:
        loop.add_reader(0, lambda: os.read(0, 4096) or done.set())
    print("ready", options.address, held.sock.getsockname()[1], flush=True)
    await done.wait()


def main():
    parser = argparse.ArgumentParser(description="A name server that misbehaves on order.")
    parser.add_argument("--address", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--zone", action="append", default=[])
    parser.add_argument("--suffix", default="fault.test")
    parser.add_argument("--delay", type=int, default=0, metavar="MS")
    parser.add_argument("--always", default="", metavar="OP.OP")
    parser.add_argument("--until-eof", action="store_true")
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
