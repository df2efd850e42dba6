# SPDX-License-Identifier: BSD-2-Clause
"""A name server of the filter's own, which can be ended in mid-work: tests/tools/faultdns.py.

The mail server keeps its own (dns.py), so that only the filter is hit by what becomes of this one.
"""

import os
import re
import signal
import socket
import struct
import sys

from .process import Process

PROGRAM = os.path.join(os.path.dirname(__file__), "..", "..", "tools", "faultdns.py")
PORT = 53
TXT = 16


class Resolver:
    """It answers on port 53 of `address` from a zone, lines as that program has them."""

    def __init__(self, home, address, zone):
        self.home, self.address = home, address
        self.process = None
        os.makedirs(home)
        with open(f"{home}/zone", "w", encoding="ascii") as file:
            file.write(zone)

    def start(self):
        self.process = Process("faultdns", [sys.executable, "-B", PROGRAM, "--address", self.address,
                                            "--port", str(PORT), "--zone", f"{self.home}/zone"],
                               f"{self.home}/log")
        self.process.wait_until(lambda: "ready" in self.process.text(), "readiness")

    def kill(self):
        """Ends it without a word to anybody."""
        if self.process:
            self.process.kill_group()
            self.process = None

    def hang(self):
        """Its socket stays, and nobody reads what comes."""
        self.process.send(signal.SIGSTOP)

    def go_on(self):
        self.process.send(signal.SIGCONT)

    def asked(self, name):
        """How often this name was asked for since the start."""
        labels = f"_count.{name}".split(".")
        wire = b"".join(bytes([len(label)]) + label.encode("ascii") for label in labels) + b"\0"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
            asker.settimeout(15)
            asker.connect((self.address, PORT))
            asker.send(struct.pack(">6H", 1, 0, 1, 0, 0, 0) + wire + struct.pack(">HH", TXT, 1))
            answer = asker.recv(4096)
        counts = re.search(rb"udp=(\d+) tcp=(\d+)", answer)
        return int(counts[1]) + int(counts[2])
