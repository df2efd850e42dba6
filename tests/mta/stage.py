# SPDX-License-Identifier: BSD-2-Clause
"""The stage of one test program: name server, filter and mail server, up and running.

Only inside house.sh: it takes ports 25, 26, 53 and 587, and any address it likes.
"""

import itertools
import os

from rig import dns, trees, world
from rig.exim import Exim
from rig.filter import Filter
from rig.module import DebianExim, EximWithModule, Module
from rig.postfix import Postfix
from rig.sendmail import Sendmail
from rig.smtp import Session
from rig.syslog import SystemLog

HOME = "/var/spool"                 # empty and in memory, see house.sh
NAME_SERVER = "127.0.0.53"
SERVERS = {"postfix": Postfix, "sendmail": Sendmail, "exim": EximWithModule,
           "exim-config": DebianExim}
LISTEN = [(world.SERVER_V4, 25), (world.SERVER_V6, 25), ("127.0.0.1", 25),
          (world.SERVER_V4, 587)]
PEER_PORT = 26
PEER_LISTEN = [(world.SERVER_V4, PEER_PORT), (world.SERVER_V6, PEER_PORT)]


def trees_of(mta, subject):
    """The unpacked packages that a stage for this subject on this mail server needs."""
    return sorted({mta, *subject.trees, "knot", "sasl"})


class Stage:
    """`mta` is a key of SERVERS, `servers` the directory of the unpacked packages, `subject` a
    Subject, which may bring a peer: another mail server at PEER_PORT, without filter.
    """

    def __init__(self, mta, servers, program, subject):
        self.numbers = itertools.count(1)
        self.dns = self.mta = self.peer = self.filter = None
        self.system_log = SystemLog()
        try:
            trees.copy(servers, f"{HOME}/trees", trees_of(mta, subject))
            self.dns = dns.Dns(f"{HOME}/dns", f"{HOME}/trees", NAME_SERVER, 53, 5353)
            server = SERVERS[mta]
            make_filter = Module if issubclass(SERVERS[mta], Exim) else Filter
            self.filter = make_filter(f"{HOME}/filter", program, server.SOCKET_GROUP, NAME_SERVER)
            self.filter.policy(**subject.policy)
            self.filter.start()
            self.mta = server(f"{HOME}/mta", f"{HOME}/trees", LISTEN, self.filter.door,
                              subject.when_down, subject.more)
            self.mta.start()
            if subject.peer:
                self.peer = subject.peer(f"{HOME}/peer", f"{HOME}/trees", PEER_LISTEN)
                self.peer.start()
        except BaseException:
            self.close()
            raise

    def close(self):
        for actor in filter(None, (self.peer, self.mta, self.filter, self.dns, self.system_log)):
            actor.stop()

    def logs(self):
        """Name and text of each log there is."""
        yield f"{self.mta.NAME}'s log", self.mta.log()
        if self.peer:
            yield f"the peer's ({self.peer.NAME}'s) log", self.peer.log()
        yield "the system's log", self.system_log.text()
        yield "milter-helo's log", self.filter.log()

    def dial(self, source=world.CLIENT, port=25, server=None):
        """A connection to the mail server from this address, over its family of addresses."""
        if server is None:
            server = world.SERVER_V6 if ":" in source else world.SERVER_V4
        return Session((server, port), source)

    def sender(self):
        """A sender address that no other message has, by which its log line is found."""
        return f"case{next(self.numbers)}@client.example"

    @property
    def is_postfix(self):
        return isinstance(self.mta, Postfix)

    def tool(self, name):
        """A program of the mail server's package, and the environment it wants."""
        return self.mta.tool(name), {**os.environ, **(self.mta.environment or {})}
