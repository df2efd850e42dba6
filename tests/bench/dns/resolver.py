#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-2-Clause
"""resolver.py - questions per second of the look-up service, beside dnsperf

    resolver.py BUILD [--rounds N] [--seconds S] [--in-flight N,N,...] [--servers DIRECTORY]

Both ask the same Knot DNS, on this machine, the same names, for the same time, with as many
questions in the air, in turn; who begins changes from round to round. The look-up service has no
cache, and four sockets of its own making; dnsperf gets four as well. BUILD has the target
`benches`. dnsperf: contrib/setup/install-deps.sh bench. Knot: contrib/setup/unpack-servers.sh.
"""

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "mta"))

from rig.dns import CONFIGURATION       # noqa: E402 (the path comes first)
from rig.process import Failed, Process  # noqa: E402

from figures import cpu_s, ratios, spread, table    # noqa: E402

ADDRESS = "127.0.0.1"
NAMES = 50000
DNSPERF = re.compile(r"Queries completed:\s+(\d+)|Queries lost:\s+(\d+)")


def arguments():
    parser = argparse.ArgumentParser(description="questions per second, beside dnsperf")
    parser.add_argument("build", metavar="BUILD")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--in-flight", default="1,100,1000,10000")
    parser.add_argument("--servers", metavar="DIRECTORY")
    return parser.parse_args()


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((ADDRESS, 0))
        return probe.getsockname()[1]


class Knot:
    """A name server with NAMES hosts; `names` is the file that both ask for."""

    def __init__(self, home, tree):
        self.port, self.names = free_port(), f"{home}/names"
        hosts = [f"h{number * 7919 % NAMES}.bench.example" for number in range(NAMES)]
        with open(f"{home}/root.zone", "w", encoding="ascii") as zone:
            zone.write("$ORIGIN .\n$TTL 3600\n"
                       ". SOA ns.bench.example. root.bench.example. 1 3600 600 86400 60\n"
                       ". NS ns.bench.example.\nns.bench.example. A 192.0.2.53\n")
            zone.writelines(f"{host}. A 192.0.2.1\n" for host in hosts)
        with open(self.names, "w", encoding="ascii") as names:
            names.writelines(f"{host} A\n" for host in hosts)
        with open(f"{home}/knot.conf", "w", encoding="ascii") as configuration:
            configuration.write(CONFIGURATION.format(home=home, address=ADDRESS, port=self.port))
        self.process = Process("knotd", [f"{tree}/usr/sbin/knotd", "-c", f"{home}/knot.conf"],
                               f"{home}/knot.log")
        try:
            self.process.wait_until(lambda: "server started" in self.process.text(), "start")
        except BaseException:
            self.process.kill_group()
            raise


class Run:
    """One run of one asker: rates and costs per question."""

    def __init__(self, rate, answered, lost, cpu, asker_cpu, server_cpu):
        self.rate = rate
        self.asker_us = asker_cpu / answered * 1e6
        self.lost = lost
        self.cpu_us = cpu / answered * 1e6
        self.server_us = server_cpu / answered * 1e6


def measure(argv, knot, read):
    """Runs an asker; `read` makes of its output, and of the CPU seconds
    it took, what Run wants, but for the last."""
    before = cpu_s(knot.process.pid)
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True) as child:
        output = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise Failed(f"{argv[0]} ended with {child.returncode}: {output}")
    return Run(*read(output, usage.ru_utime + usage.ru_stime), cpu_s(knot.process.pid) - before)


def ours(build, knot, in_flight, seconds):
    def read(output, _):
        found = {key: float(value) for key, value in re.findall(r"(\w+)=([\d.]+)", output)}
        return (found["in_time"] / found["asking_s"], found["questions"] - found["indefinite"],
                found["indefinite"], found["cpu_s"], found["asker_cpu_s"])
    return measure([f"{build}/bench-bin/bench_dns", f"{ADDRESS}:{knot.port}", knot.names,
                    str(in_flight), str(seconds)], knot, read)


def dnsperf(knot, in_flight, seconds):
    def read(output, cpu):
        # Each match fills one column. Not dnsperf's own rate, which counts the time it then waits
        # for what was lost.
        completed, lost = (max(map(int, column)) for column in
                           zip(*((a or 0, b or 0) for a, b in DNSPERF.findall(output))))
        return completed / seconds, completed, lost, cpu, 0.0
    clients = str(min(4, in_flight))
    return measure(["dnsperf", "-s", ADDRESS, "-p", str(knot.port), "-d", knot.names, "-e",
                    "-q", str(in_flight), "-c", clients, "-T", "1", "-t", "1", "-b", "1024",
                    "-l", f"{seconds:g}"], knot, read)


def rounds(options, knot, in_flight):
    """(ours, dnsperf's) of each round but the first, which warms up."""
    pairs = []
    for number in range(options.rounds + 1):
        runs = {}
        for who in ("ours", "dnsperf") if number % 2 else ("dnsperf", "ours"):
            runs[who] = (ours(options.build, knot, in_flight, options.seconds) if who == "ours"
                         else dnsperf(knot, in_flight, options.seconds))
        pairs.append((runs["ours"], runs["dnsperf"]))
    return pairs[1:]


def row(in_flight, pairs):
    mine, theirs = zip(*pairs)
    return [str(in_flight),
            spread([run.rate / 1000 for run in mine]), spread([run.rate / 1000 for run in theirs]),
            ratios([run.rate for run in mine], [run.rate for run in theirs]),
            spread([run.cpu_us for run in mine]), spread([run.asker_us for run in mine]),
            spread([run.cpu_us for run in theirs]),
            ratios([run.cpu_us for run in mine], [run.cpu_us for run in theirs]),
            f"{sum(run.lost for run in mine):.0f}, {sum(run.lost for run in theirs)}",
            spread([run.server_us for run in mine]), spread([run.server_us for run in theirs])]


HEAD = ["in the air", "1000 q/s", "dnsperf's", "ratio", "CPU us/q", "of it asking", "dnsperf's", "ratio",
        "lost", "Knot's CPU", "dnsperf's Knot"]


def main():
    options = arguments()
    servers = options.servers
    if servers is None:
        with open(f"{options.build}/bench-bin/servers", encoding="utf-8") as file:
            servers = file.read().strip()
    home = tempfile.mkdtemp(prefix="bench-dns-")
    knot = None
    try:
        knot = Knot(home, f"{servers}/knot")
        table(HEAD, [row(each, rounds(options, knot, each))
                     for each in map(int, options.in_flight.split(","))])
        print(f"{options.rounds} rounds of {options.seconds:g} s each")
    except (Failed, OSError) as failure:
        print(f"resolver.py: {failure}", file=sys.stderr)
        return 1
    finally:
        if knot:
            knot.process.kill_group()
        shutil.rmtree(home)
    return 0


if __name__ == "__main__":
    sys.exit(main())
