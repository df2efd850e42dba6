# SPDX-License-Identifier: BSD-2-Clause
"""Prometheus' text format 0.0.4, read strictly; and how it is fetched. ValueError tells what is wrong with it."""

import http.client
import os
import re
import socket
import unittest

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
SAMPLE = re.compile(rf'({NAME})(?:\{{(.*)\}})? (\S+)')
LABEL = re.compile(r'([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)')
TYPES = {"counter", "gauge", "histogram"}
TIMEOUT_S = 30
NEEDS_HTTP = unittest.skipIf(os.environ.get("HELO_METRICS_HTTP", "ON").upper() in ("OFF", "0", "NO", "FALSE"),
                             "built without libmicrohttpd")


class Metrics:
    """`families`: name -> type. The numbers by get()."""

    def __init__(self, text):
        self.families, self.samples = {}, {}
        self.family, self.help = None, None
        if not text.endswith("\n") or not text.isascii():
            raise ValueError("no newline at the end, or not ASCII")
        for line in text[:-1].split("\n"):
            if line.startswith("# HELP "):
                self.help = line.split(" ", 3)[2]
            elif line.startswith("# TYPE "):
                self._begin(*line.split(" ")[2:])
            else:
                self._take(line)
        for name in (name for name, kind in self.families.items() if kind == "histogram"):
            self._check_histogram(name)

    def _begin(self, name, kind):
        if kind not in TYPES or name != self.help or name in self.families:
            raise ValueError(f"odd family {name} {kind}, after the help of {self.help}")
        if (kind == "counter") != name.endswith("_total"):
            raise ValueError(f"{name} is a {kind}")
        self.families[name], self.family = kind, name

    def _take(self, line):
        match = SAMPLE.fullmatch(line)
        if not match:
            raise ValueError(f"not a sample: {line!r}")
        name, text, value = match.groups()
        family = re.sub("_(bucket|sum|count)$", "", name) if self.families.get(self.family) == "histogram" else name
        if family != self.family:
            raise ValueError(f"{name} among those of {self.family}")
        labels, at = {}, 0
        for label in LABEL.finditer(text or ""):
            if label.start() != at or label[1] in labels:
                raise ValueError(f"odd labels: {line!r}")
            labels[label[1]], at = re.sub(r'\\(["\\])', r"\1", label[2]), label.end()
        if at != len(text or "") or (key := (name, frozenset(labels.items()))) in self.samples:
            raise ValueError(f"odd labels, or the same again: {line!r}")
        self.samples[key] = float(value)

    def _check_histogram(self, name):
        buckets = sorted((float(dict(labels)["le"]), value) for (each, labels), value in self.samples.items()
                         if each == f"{name}_bucket")
        counts = [value for _, value in buckets]
        if counts != sorted(counts) or buckets[-1] != (float("inf"), self.get(f"{name}_count")):
            raise ValueError(f"odd histogram {name}: {buckets}")

    def get(self, name, **labels):
        return self.samples[name, frozenset(labels.items())]

    def all(self, name):
        """[(labels, value)]"""
        return [(dict(labels), value) for (each, labels), value in self.samples.items() if each == name]

    def sum(self, name, **labels):
        """Of those that have these labels."""
        return sum(value for found, value in self.all(name) if labels.items() <= found.items())


class Connection(http.client.HTTPConnection):
    """To a path, or to (host, port)."""

    def __init__(self, address):
        super().__init__("localhost" if isinstance(address, str) else address[0], timeout=TIMEOUT_S)
        self.address = address

    def connect(self):
        if not isinstance(self.address, str):
            self.sock = socket.create_connection(self.address, TIMEOUT_S)
            return
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(TIMEOUT_S)
        self.sock.connect(self.address)


def request(address, path="/metrics", method="GET", **options):
    """The answer, and its body as text."""
    connection = Connection(address)
    try:
        connection.request(method, path, **options)
        answer = connection.getresponse()
        return answer, answer.read().decode("utf-8")
    finally:
        connection.close()


def scrape(address):
    answer, text = request(address)
    if (answer.status, answer.headers["Content-Type"]) != (200, "text/plain; version=0.0.4; charset=utf-8"):
        raise ValueError(f"{answer.status} {answer.headers['Content-Type']}: {text}")
    return Metrics(text)
