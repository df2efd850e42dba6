# SPDX-License-Identifier: BSD-2-Clause
"""An SMTP client for odd dialogues: any order of commands, any source address.

smtplib helps its user to do the right thing, which is of no use here. RFC 5321 4.2 (replies),
RFC 3207 (STARTTLS), RFC 4954 (AUTH PLAIN), and Postfix's XCLIENT.
"""

import base64
import re
import socket
import ssl

ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")


class Reply:
    """One reply: its code, its lines without code, and the enhanced code (RFC 3463) or ''."""

    def __init__(self, lines):
        codes = {line[:3] for line in lines}
        if len(codes) != 1 or not lines[0][:3].isdigit():
            raise ValueError(f"not one SMTP reply: {lines}")
        self.code = int(lines[0][:3])
        self.lines = [line[4:] for line in lines]
        found = ENHANCED.match(self.lines[0])
        self.enhanced = found.group() if found else ""
        self.raw = lines

    @property
    def text(self):
        """All lines as one, which is how most senders show them to a person."""
        return " ".join(self.lines)

    def __str__(self):
        return "\n".join(self.raw)


class Session:
    """One connection. The banner has been read when the constructor returns.

    `server` is (address, port), `source` the address to come from or None. Any failure of the
    connection is an OSError (EOFError where the server closed it).
    """

    def __init__(self, server, source=None, timeout=30.0):
        family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
        self.socket = socket.socket(family)
        self.socket.settimeout(timeout)
        self.buffer = b""
        try:
            if source:
                self.socket.bind((source, 0))
            self.socket.connect(server)
            self.banner = self.read_reply()
        except BaseException:
            self.socket.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def read_line(self):
        while b"\n" not in self.buffer:
            data = self.socket.recv(65536)
            if not data:
                raise EOFError("the server closed the connection")
            self.buffer += data
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line.rstrip(b"\r").decode("utf-8", "replace")

    def read_reply(self):
        lines = [self.read_line()]
        while lines[-1][3:4] == "-":
            lines.append(self.read_line())
        return Reply(lines)

    def command(self, line):
        """Sends one line (str, or bytes for what is not ASCII) and returns the reply."""
        self.socket.sendall((line.encode() if isinstance(line, str) else line) + b"\r\n")
        return self.read_reply()

    def ehlo(self, name):
        return self.command(f"EHLO {name}")

    def mail(self, sender):
        return self.command(f"MAIL FROM:<{sender}>")

    def rcpt(self, recipient):
        return self.command(f"RCPT TO:<{recipient}>")

    def data(self, subject="a message"):
        """Sends a whole message and returns the reply to its final dot."""
        reply = self.command("DATA")
        if reply.code != 354:
            return reply
        return self.command("\r\n".join((f"Subject: {subject}", "", "Hello.", ".")))

    def starttls(self):
        reply = self.command("STARTTLS")
        if reply.code == 220:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            self.socket = context.wrap_socket(self.socket)
        return reply

    def auth(self, user, password):
        token = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
        return self.command(f"AUTH PLAIN {token}")

    def xclient(self, **attributes):
        """Postfix's XCLIENT: speak for another client. Its answer is a new banner."""
        listed = " ".join(f"{name.upper()}={value}" for name, value in attributes.items())
        return self.command(f"XCLIENT {listed}")

    def quit(self):
        reply = self.command("QUIT")
        self.socket.close()
        return reply
