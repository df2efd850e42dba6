# SPDX-License-Identifier: BSD-2-Clause
"""DNS messages, as far as a name server needs them that is to send all kinds, wrong ones too.

RFC 1035 4.1, RFC 6891 6.1 (EDNS). Nothing is compressed but the owner: a pointer to the question.
"""

import struct

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28, "OPT": 41}
OWNER = b"\xc0\x0c"  # a pointer to the question
MOST_TTL = 0xFFFFFFFF


def wire_name(name):
    labels = [label.encode("latin-1") for label in name.rstrip(".").split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def record(owner, kind, ttl, data):
    return owner + struct.pack(">HHIH", TYPES[kind], 1, min(ttl, MOST_TTL), len(data)) + data


class Query:
    """What was asked. ValueError (or struct.error) when it is no query with one question."""

    def __init__(self, wire):
        self.wire = wire
        self.id, self.flags, questions, _, _, additional = struct.unpack(">6H", wire[:12])
        if questions != 1 or self.flags & 0x8000:
            raise ValueError("not a query")
        at, labels = 12, []
        while wire[at]:
            labels.append(wire[at + 1:at + 1 + wire[at]].decode("latin-1"))
            at += 1 + wire[at]
        kind, _ = struct.unpack(">HH", wire[at + 1:at + 5])
        self.question = wire[12:at + 5]
        self.as_sent = ".".join(labels)
        self.name = self.as_sent.lower()
        self.kind = next((text for text, number in TYPES.items() if number == kind), str(kind))
        self.offered = 0  # bytes, by EDNS
        if additional and wire[at + 5:at + 8] == b"\0\0\x29":
            self.offered = struct.unpack(">H", wire[at + 8:at + 10])[0]


def message(query, rcode=0, answers=(), authority=(), tc=False, **forged):
    """forged: id, question (b"" for none), count (ANCOUNT)."""
    question = forged.get("question", query.question)
    flags = 0x8080 | (query.flags & 0x0100) | (rcode & 15) | (0x0200 if tc else 0)
    opt = b"\0" + struct.pack(">HHIH", TYPES["OPT"], 1232, rcode >> 4 << 24, 0) if query.offered else b""
    header = struct.pack(">6H", forged.get("id", query.id), flags, 1 if question else 0,
                         forged.get("count", len(answers)), len(authority), 1 if opt else 0)
    return header + question + b"".join(answers) + b"".join(authority) + opt
