# SPDX-License-Identifier: BSD-2-Clause
"""Who asks for numbers may be anybody on this machine: slow, loud, or many. Neither mail nor Prometheus may notice."""

import socket
import time

from bench import DEADLINE_S, Case, free_port, is_sanitized, until
from exposition import NEEDS_HTTP, scrape

PLACES = 16                         # as milter/metrics_http.c has them
LIFE_S = 5


@NEEDS_HTTP
class Hostile(Case):
    def setUp(self):
        super().setUp()
        self.listen = ("127.0.0.1", free_port())
        self.write_policy(metrics={"listen": f"inet:{self.listen[1]}@127.0.0.1"})
        self.filter = self.start()

    def dial(self):
        made = socket.create_connection(self.listen, DEADLINE_S)
        self.addCleanup(made.close)
        return made

    def answer(self, connection):
        """All it says until it hangs up."""
        said = b""
        try:
            while part := connection.recv(65536):
                said += part
        except ConnectionResetError:
            pass
        return said

    def test_slow(self):
        """A byte now and then is no silence: the time of the whole counts."""
        slow = self.dial()
        began = time.monotonic()
        slow.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\nX: ")
        slow.settimeout(0.2)
        ended = False
        while not ended and time.monotonic() < began + 4 * LIFE_S:
            try:
                slow.sendall(b"a")
                ended = slow.recv(100) == b""
            except socket.timeout:
                continue
            except OSError:
                ended = True
        self.assertTrue(ended)
        self.assertGreater(time.monotonic() - began, LIFE_S - 1)
        scrape(self.listen)

    def test_many_slow_ones_keep_nobody_out(self):
        held = [self.dial() for _ in range(4 * PLACES)]
        for connection in held:
            connection.sendall(b"GET /met")
        began = time.monotonic()
        scrape(self.listen)
        self.assertLess(time.monotonic() - began, LIFE_S)   # before they are over
        self.assert_serves()

    def test_reader_that_does_not_read(self):
        for _ in range(2 * PLACES):
            self.dial().sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
        scrape(self.listen)
        self.assert_serves()

    def test_nonsense(self):
        for said in (b"\0" * 3000, b"\xff\xfe" * 1000, b"GET\r\n\r\n", b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\n\r\n",
                     b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 10000 + b"\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\r\n" * 1000,
                     b"GET http://[ HTTP/1.1\r\nHost: \r\n\r\n", b"GET /%00%ff%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                     b"POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
                     b"POST /metrics HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n"):
            with self.subTest(said=said[:20]):
                connection = self.dial()
                try:
                    connection.sendall(said)
                    connection.shutdown(socket.SHUT_WR)
                except OSError:
                    pass                        # it was sent away before it had finished
                answer = self.answer(connection)
                self.assertNotIn(b"milter_helo_", answer)
                self.assertTrue(answer == b"" or answer.startswith(b"HTTP/1."), answer[:100])
        scrape(self.listen)

    def test_one_request_a_connection(self):
        connection = self.dial()
        connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n" * 3)
        self.assertEqual(self.answer(connection).count(b"HTTP/1.1 200"), 1)

    def test_large_body_is_not_read(self):
        connection = self.dial()
        connection.sendall(b"POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n")
        self.assertIn(b" 405 ", self.answer(connection).split(b"\r\n")[0])

    def test_hang_up_at_once(self):
        for _ in range(200):
            self.dial().close()
        scrape(self.listen)
        self.assert_serves()

    def test_memory_and_descriptors_come_back(self):
        scrape(self.listen)
        before = scrape(self.listen)
        for _ in range(5):
            for each in [self.dial() for _ in range(40)]:
                each.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
                each.close()
        descriptors = "milter_helo_process_open_fds"
        until(lambda: scrape(self.listen).get(descriptors) <= before.get(descriptors) + 1, "descriptors given back")
        memory = "milter_helo_process_resident_memory_bytes"
        if not is_sanitized():
            self.assertLess(scrape(self.listen).get(memory), before.get(memory) + 8 * 1024 * 1024)

    def test_stop_waits_for_nobody(self):
        held = [self.dial() for _ in range(PLACES)]
        for connection in held:
            connection.sendall(b"GET /metrics HTTP/1.1\r\n")
        began = time.monotonic()
        self.stop(self.filter)
        self.assertLess(time.monotonic() - began, LIFE_S)
