# SPDX-License-Identifier: BSD-2-Clause
"""Clients that come again and again while something else happens to the filter."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from rig.process import until


class Load:
    """Eight threads call talk(number), number 0 to 7, while the `with` block runs.

    What talk returns is counted in `results`. What it raises is raised again when the block ends.
    """

    CLIENTS = 8

    def __init__(self, talk):
        self.talk, self.results = talk, Counter()
        self.enough = Event()
        self.pool = ThreadPoolExecutor(self.CLIENTS)
        self.clients = []

    def __enter__(self):
        self.clients = [self.pool.submit(self.come_again, number)
                        for number in range(self.CLIENTS)]
        return self

    def __exit__(self, *_):
        self.enough.set()
        self.pool.shutdown()
        for client in self.clients:
            client.result()

    def come_again(self, number):
        while not self.enough.is_set():
            self.results[self.talk(number)] += 1

    def more(self, result, count):
        """Waits until this result has come `count` times more, or a client has broken off."""
        wanted = self.results[result] + count
        until(lambda: self.results[result] >= wanted or any(c.done() for c in self.clients),
              f"{count} more sessions with {result}; so far {dict(self.results)}", 30)
