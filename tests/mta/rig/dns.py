# SPDX-License-Identifier: BSD-2-Clause
"""Knot DNS with the world's zone, and before it the server that misbehaves."""

import os
import sys

from . import world
from .process import Process

CONFIGURATION = """\
server:
    rundir: "{home}"
    listen: {address}@{port}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
log:
  - target: stderr
    any: info
database:
    storage: "{home}"
zone:
  - domain: .
    file: "{home}/root.zone"
    zonefile-load: whole
    zonefile-sync: -1
    journal-content: none
"""


class Dns:
    """Both servers. Askers use `address` and `port`; `honest_port` is Knot's own, same address."""

    def __init__(self, home, trees, address, port, honest_port):
        self.address, self.port, self.honest_port = address, port, honest_port
        os.makedirs(home)
        with open(f"{home}/root.zone", "w", encoding="ascii") as zone:
            zone.write(world.zone())
        with open(f"{home}/knot.conf", "w", encoding="ascii") as configuration:
            configuration.write(CONFIGURATION.format(home=home, address=address, port=honest_port))
        self.knot = Process("knotd", [f"{trees}/knot/usr/sbin/knotd", "-c", f"{home}/knot.conf"],
                            f"{home}/knot.log")
        self.faults = None
        try:
            self.knot.wait_until(lambda: "server started" in self.knot.text(), "start")
            self.faults = self.start_faults(home)
        except BaseException:
            self.stop()
            raise

    def start_faults(self, home):
        program = os.path.join(os.path.dirname(__file__), "faultdns.py")
        faults = [f"{name}={fault}" for name, fault in world.FAULTS.items()]
        started = Process("faultdns", [sys.executable, program, self.address, str(self.port),
                                       self.address, str(self.honest_port), *faults],
                          f"{home}/faultdns.log")
        started.wait_until(lambda: "ready" in started.text(), "readiness")
        return started

    def stop(self):
        for server in filter(None, (self.faults, self.knot)):
            server.kill_group()
