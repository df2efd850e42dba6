# SPDX-License-Identifier: BSD-2-Clause
"""The MTA's side of the milter protocol, version 6: what Sendmail and Postfix use of it, and the means to break it.

One Milter is one connection. Its methods send one event and return the filter's Answer; what a test wants to send that
no MTA would goes through send() and raw(). Every wait has a deadline. One thread at a time for one Milter.
"""

import re
import socket
import struct

DEADLINE_S = 30.0                   # for one answer; under a sanitizer, on a busy machine
PORT = 40000                        # of the client, told to the filter

OPTION_NEGOTIATION = b"O"
MACROS, CONNECT, HELO, MAIL, RCPT = b"D", b"C", b"H", b"M", b"R"
HEADER, ABORT, BODY_END, QUIT, QUIT_NEW = b"L", b"A", b"E", b"Q", b"K"
VERSION, ALL_ACTIONS, ALL_STEPS = 6, 0x1FF, 0x1FFFFF
CHANGE_HEADERS = 0x01 | 0x10        # SMFIF_ADDHDRS, SMFIF_CHGHDRS
NO_HEADERS, SILENT_HEADERS = 0x20, 0x80

NAMES = {b"c": "continue", b"a": "accept", b"r": "reject", b"t": "tempfail", b"y": "reply", b"d": "discard",
         b"O": "options", b"i": "insert", b"m": "change"}
REPLY_LINE = re.compile(r"([45]\d\d)([ -])([45]\.\d{1,3}\.\d{1,3}) ([\x20-\x7e]+)")
REPLY_LINE_BYTES = 510              # RFC 5321 4.5.3.1.5, without CRLF


class Closed(Exception):
    """The filter hung up where an answer was due."""


class Answer:
    """`name` is one of NAMES; a reply also has `code`, `enhanced`, `lines`, and all its words as `text`."""

    def __init__(self, kind, data):
        self.name = NAMES.get(kind, repr(kind))
        self.data = data
        self.code, self.enhanced, self.lines, self.text = 0, "", [], ""
        self.field = None           # of a change to the message: (position or index, name, body)
        if self.name == "reply":
            self._parse_reply(data)
        elif self.name in ("insert", "change"):
            name, body, rest = data[4:].split(b"\0")
            if rest:
                raise ValueError(f"odd change: {data!r}")
            self.field = (struct.unpack(">I", data[:4])[0], name.decode("ascii"), body.decode("ascii"))

    def _parse_reply(self, data):
        """As strict as the stricter of the two MTAs in every respect; ValueError tells what it would not like."""
        if not data.endswith(b"\0") or b"\0" in data[:-1]:
            raise ValueError(f"reply without its final NUL: {data!r}")
        for number, line in enumerate(wire_lines := data[:-1].split(b"\r\n"), 1):
            match = REPLY_LINE.fullmatch(line.decode("latin-1"))
            if not match or len(line) > REPLY_LINE_BYTES:
                raise ValueError(f"malformed reply line: {line!r}")
            code, more, enhanced, words = match.groups()
            if (more == "-") != (number < len(wire_lines)) or code[0] != enhanced[0]:
                raise ValueError(f"inconsistent reply: {data!r}")
            if re.search("(?<!%)(%%)*%(?!%)", words):
                raise ValueError(f"a single % in: {line!r}")
            if self.code not in (0, int(code)):
                raise ValueError(f"two codes in: {data!r}")
            self.code, self.enhanced = int(code), enhanced
            self.lines.append(words.replace("%%", "%"))
        self.text = " ".join(self.lines)

    def __repr__(self):
        return f"{self.name} {self.code} {self.text}" if self.code else self.name


def dial(address, deadline_s=DEADLINE_S):
    """A connected socket; address is a path or (host, port)."""
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.settimeout(deadline_s)
    if family != socket.AF_UNIX:    # an MTA writes macros and event at once; we write them one by one
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        made.connect(address)
    except OSError:
        made.close()
        raise
    return made


class Milter:
    """A connection to the filter at `address`. To be used in a with statement, or closed."""

    def __init__(self, address):
        self.socket = dial(address)
        self.symbols = {}           # stage -> names the filter asked for
        self.changes_headers = False
        self.steps = 0              # what it does not want

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def raw(self, data):
        self.socket.sendall(data)

    def send(self, command, data=b""):
        self.raw(struct.pack(">I", len(data) + 1) + command + data)

    def _take(self, count):
        taken = b""
        while len(taken) < count:
            try:
                part = self.socket.recv(count - len(taken))
            except ConnectionResetError:
                part = b""
            if not part:
                raise Closed(f"after {len(taken)} of {count} bytes")
            taken += part
        return taken

    def receive(self):
        length = struct.unpack(">I", self._take(4))[0]
        packet = self._take(length)
        return Answer(packet[:1], packet[1:])

    def _ask(self, command, *texts):
        self.send(command, b"".join(text.encode("latin-1") + b"\0" for text in texts))
        return self.receive()

    def negotiate(self, actions=ALL_ACTIONS, steps=ALL_STEPS):
        """The protocol steps the filter does not want, of those that are offered."""
        self.send(OPTION_NEGOTIATION, struct.pack(">III", VERSION, actions, steps))
        answer = self.receive()
        version, actions, self.steps = struct.unpack(">III", answer.data[:12])
        if (answer.name, version) != ("options", VERSION) or actions not in (0, CHANGE_HEADERS):
            raise ValueError(f"odd negotiation: {answer} {answer.data!r}")
        self.changes_headers = actions == CHANGE_HEADERS
        self._note_symbols(answer.data[12:])
        return self.steps

    def _note_symbols(self, data):
        while data:
            stage = struct.unpack(">I", data[:4])[0]
            names, _, data = data[4:].partition(b"\0")
            self.symbols[stage] = names.decode().split()

    def macros(self, event, values):
        """Symbols with their values, for the event that follows; one-letter names stand without braces."""
        pairs = ((name if len(name) == 1 else "{" + name + "}", value) for name, value in values.items())
        self.send(MACROS, event + b"".join(f"{name}\0{value}\0".encode("latin-1") for name, value in pairs))

    def connect(self, client="203.0.113.9", name=None, **macros):
        """client None: no address, as of mail that was not sent by SMTP."""
        self.macros(CONNECT, macros)
        name = (name or f"[{client}]").encode() + b"\0"
        if client is None:
            self.send(CONNECT, b"localhost\0U")
        else:
            family = b"6" if ":" in client else b"4"
            self.send(CONNECT, name + family + struct.pack(">H", PORT) + client.encode() + b"\0")
        return self.receive()

    def helo(self, name, **macros):
        self.macros(HELO, macros)
        return self._ask(HELO, name)

    def mail(self, path="<sender@elsewhere.example>", **macros):
        self.macros(MAIL, macros)
        return self._ask(MAIL, path)

    def rcpt(self, path="<user@site.example>", **macros):
        self.macros(RCPT, macros)
        return self._ask(RCPT, path)

    def header(self, name, body):
        """One field, if the filter wants to see them."""
        if self.steps & NO_HEADERS:
            return
        self.send(HEADER, name.encode("latin-1") + b"\0" + body.encode("latin-1") + b"\0")
        if not self.steps & SILENT_HEADERS and (answer := self.receive()).name != "continue":
            raise ValueError(f"odd answer to a field: {answer}")

    def body_end(self):
        return self._ask(BODY_END)

    def message(self, *fields):
        """Fields as (name, body), then the end. Returns the changes, as Answer.field, and the answer to the end."""
        for name, body in fields:
            self.header(name, body)
        self.send(BODY_END)
        changes = []
        while (answer := self.receive()).field:
            changes.append((answer.name, *answer.field))
        return changes, answer

    def abort(self):
        self.send(ABORT)

    def quit(self):
        self.send(QUIT)
        self.close()

    def begin(self, client="203.0.113.9", **macros):
        """Negotiation and connect, which must let the client go on."""
        self.negotiate()
        answer = self.connect(client, **macros)
        if answer.name != "continue":
            raise ValueError(f"not judged: {answer}")
        return self

    def transaction(self, helo, rcpt="<user@site.example>", **mail_macros):
        """HELO, MAIL and one RCPT; the answer to RCPT."""
        for answer in (self.helo(helo), self.mail(**mail_macros)):
            if answer.name != "continue":
                raise ValueError(f"answered too early: {answer}")
        return self.rcpt(rcpt)
