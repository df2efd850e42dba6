# SPDX-License-Identifier: BSD-2-Clause
"""A name server that misbehaves on order, and otherwise passes questions on.

    faultdns.py ADDRESS PORT UPSTREAM-ADDRESS UPSTREAM-PORT NAME[/TYPE]=FAULT...

FAULT holds for NAME and all names below it: `servfail`, `refused`, `silent` (never answered), or
`slow` (the right answer, SLOW_S late: after that of any other question of the moment).
With TYPE (A, AAAA, MX, PTR) it holds for questions of that type alone, and the name's own fault
without TYPE, if there is one, does not.
UDP only, since nothing in a test zone is large enough for more. Prints `ready` when it listens.
One thread. RFC 1035 4.1.1 (header), 4.1.2 (question).
"""

import asyncio
import itertools
import struct
import sys

RCODES = {"servfail": 2, "refused": 5}
TYPES = {1: "A", 12: "PTR", 15: "MX", 28: "AAAA"}
RESPONSE = 0x8080                   # QR and RA
RECURSION_DESIRED = 0x0100
SLOW_S = 0.3


def question_of(query):
    """Returns (name in lower case, type's name, end of the question section); ValueError if it is
    malformed."""
    labels, at = [], 12
    while at < len(query) and query[at]:
        if query[at] > 63:
            raise ValueError("compressed question")
        labels.append(query[at + 1:at + 1 + query[at]].decode("latin-1").lower())
        at += 1 + query[at]
    if at + 5 > len(query):
        raise ValueError("short question")
    kind = struct.unpack(">H", query[at + 1:at + 3])[0]
    return ".".join(labels), TYPES.get(kind), at + 5


def fault_for(name, kind, faults):
    """The fault of the name itself or of the nearest name above it, or None."""
    labels = name.split(".")
    names = (".".join(labels[first:]) for first in range(len(labels)))
    candidates = (each for name in names for each in (f"{name}/{kind}", name))
    return next((faults[candidate] for candidate in candidates if candidate in faults), None)


def refusal(query, end, rcode):
    """An answer without records that carries nothing but this response code."""
    number, flags = struct.unpack(">HH", query[:4])
    flags = RESPONSE | (flags & RECURSION_DESIRED) | rcode
    return struct.pack(">6H", number, flags, 1, 0, 0, 0) + query[12:end]


class Upstream(asyncio.DatagramProtocol):
    """Towards the honest server. Questions get ids of ours, so that no two askers collide."""

    def __init__(self):
        self.waiting = {}
        self.numbers = itertools.count()
        self.transport = None

    def connection_made(self, transport):
        self.transport = transport

    def ask(self, query, answer):
        number = next(self.numbers) & 0xFFFF
        self.waiting[number] = (query[:2], answer)
        self.transport.sendto(struct.pack(">H", number) + query[2:])

    def datagram_received(self, data, _):
        if len(data) >= 12:
            number, answer = self.waiting.pop(struct.unpack(">H", data[:2])[0], (None, None))
            if answer:
                answer(number + data[2:])


class Front(asyncio.DatagramProtocol):
    """Towards the askers."""

    def __init__(self, upstream, faults):
        self.upstream, self.faults = upstream, faults
        self.transport = None

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, query, asker):
        try:
            name, kind, end = question_of(query)
        except ValueError:
            return
        fault = fault_for(name, kind, self.faults)
        if fault in RCODES:
            self.transport.sendto(refusal(query, end, RCODES[fault]), asker)
        elif fault == "slow":
            asyncio.get_running_loop().call_later(SLOW_S, self.pass_on, query, asker)
        elif fault != "silent":
            self.pass_on(query, asker)

    def pass_on(self, query, asker):
        self.upstream.ask(query, lambda data: self.transport.sendto(data, asker))


async def serve(address, port, upstream_address, upstream_port, faults):
    loop = asyncio.get_running_loop()
    _, upstream = await loop.create_datagram_endpoint(
        Upstream, remote_addr=(upstream_address, int(upstream_port)))
    await loop.create_datagram_endpoint(
        lambda: Front(upstream, faults), local_addr=(address, int(port)))
    print("ready", flush=True)
    await loop.create_future()


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:5], dict(entry.split("=") for entry in sys.argv[5:])))
