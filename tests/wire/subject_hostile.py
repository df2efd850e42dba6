# SPDX-License-Identifier: BSD-2-Clause
"""Whatever arrives at the socket, the filter serves the next one."""

import random
import struct

from bench import Case
from milter_client import Closed

SEED = 20261121
COMMANDS = b"OCHMRDAEQKBLNTUX"


class Hostile(Case):
    def setUp(self):
        super().setUp()
        self.filter = self.start()
        self.addCleanup(lambda: self.assertTrue(self.filter.running(), self.filter.text()))
        self.addCleanup(self.assert_serves)

    def throw(self, data, negotiate=True):
        """Sends it on a connection of its own, and hangs up after whatever comes back."""
        with self.milter() as milter:
            if negotiate:
                milter.negotiate()
            try:
                milter.raw(data)
                milter.socket.shutdown(1)
                while milter.socket.recv(65536):
                    pass
            except (OSError, Closed):
                pass

    def test_lengths(self):
        for length in (0, 1, 2, 0xFFFF, 0x10000, 0x10001, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF):
            for negotiate in (False, True):
                with self.subTest(length=length, negotiate=negotiate):
                    self.throw(struct.pack(">I", length) + b"H" + b"x" * 40, negotiate)

    def test_truncated(self):
        whole = struct.pack(">I", 14) + b"Hmx.example.x\0" + struct.pack(">I", 8) + b"M<a@b>\0"
        for end in range(len(whole)):
            self.throw(whole[:end], end % 2 == 0)

    def test_every_command_byte(self):
        for command in range(256):
            self.throw(struct.pack(">I", 5) + bytes([command]) + b"abc\0")

    def test_without_the_final_nul(self):
        for command in COMMANDS:
            for data in (b"", b"x", b"x" * 100, b"\0", b"\0\0\0\0"):
                self.throw(struct.pack(">I", len(data) + 1) + bytes([command]) + data)

    def test_connect_packets(self):
        for data in (b"\0", b"h\0", b"h\x004", b"h\x004\0", b"h\x004\0\x19", b"h\x004\0\x19999.1.1.1\0",
                     b"h\x006\0\x19:::\0", b"h\0L\0\0/" + b"p" * 300 + b"\0", b"h\0L\0\0/tmp/x\0", b"h\0Z\0\0x\0",
                     b"h\0U", b"\0U", b"h" * 5000):
            with self.subTest(data=data[:20]):
                self.throw(struct.pack(">I", len(data) + 1) + b"C" + data)

    def throw_macros(self, data):
        """A packet of macros, and a connect that makes the filter look for those it wants."""
        connect = b"Ch\x004\0\x19203.0.113.9\0"
        self.throw(struct.pack(">I", len(data) + 1) + b"D" + data + struct.pack(">I", len(connect)) + connect)

    def test_macro_packets(self):
        for data in (b"", b"C", b"Cj\0x\0{daemon_port}\0999999999999\0", b"C" + b"a\0b\0" * 5000, b"Z{x}\0y\0",
                     b"C\0\0\0\0", b"C{client_resolve}\0OK\0{client_name}\0" + b"\xff" * 300 + b"\0"):
            with self.subTest(data=data[:20]):
                self.throw_macros(data)

    def test_negotiations(self):
        for words in ((0, 0, 0), (1, 0, 0), (2, 0, 0), (6, 0, 0), (6, 0x1FF, 0), (99, 0xFFFFFFFF, 0xFFFFFFFF)):
            self.throw(struct.pack(">I", 13) + b"O" + struct.pack(">III", *words), negotiate=False)
        self.throw(struct.pack(">I", 5) + b"O" + b"\0\0\0\6", negotiate=False)

    def test_random_bytes(self):
        dice = random.Random(SEED)
        for _ in range(300):
            self.throw(dice.randbytes(dice.randrange(1, 200)), dice.random() < 0.5)

    def test_random_packets(self):
        """Well-formed packets in no order, with odd arguments."""
        dice = random.Random(SEED + 1)
        for _ in range(200):
            data = b""
            for _ in range(dice.randrange(1, 12)):
                body = dice.randbytes(dice.randrange(0, 30)) + b"\0" * dice.randrange(0, 2)
                data += struct.pack(">I", len(body) + 1) + bytes([dice.choice(COMMANDS)]) + body
            self.throw(data)

    def test_many_that_say_nothing(self):
        silent = [self.milter() for _ in range(300)]
        self.assert_serves()
        for milter in silent:
            milter.close()

    def test_some_that_say_half(self):
        """Each holds one of libmilter's threads; whoever stands behind it is freed within a second each."""
        silent = [self.milter() for _ in range(10)]
        for milter in silent:
            milter.raw(b"\0\0")
        for _ in range(10):
            self.assert_serves()
