# SPDX-License-Identifier: BSD-2-Clause
"""Postfix in several set-ups at once, each with a filter of its own or none, for wall.py and cpu.py.

Everything runs in a house of its own (tests/mta/house.sh), where a client may come from any
address, and asks the name server slow_dns, whose world is in the head of slow_dns.c.
"""

import argparse
import ipaddress
import os
import signal
import socket
import sys
import time
from dataclasses import dataclass, field

MTA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "mta")
sys.path.insert(0, MTA)

from rig import trees, world                # noqa: E402 (the path comes first)
from rig.filter import Filter               # noqa: E402
from rig.postfix import Postfix             # noqa: E402
from rig.process import Failed, Process     # noqa: E402
from rig.syslog import SystemLog            # noqa: E402

HOME = "/var/spool"                 # empty and in memory, see house.sh
NAME_SERVER = "127.0.0.53"
FIRST_PORT = 2525
INSIDE = "HELO_BENCH_INSIDE"        # set by ourselves when the house is built
RECIPIENT = f"joe@{world.MAIL_DOMAIN}"
V4_NETWORKS = ("203.0.113.0", "198.51.100.0")

# One process of smtpd serves a whole run, so that none is started in the midst of it.
STEADY = "max_use = 100000\nmax_idle = 1000s\n"
OWN_CHECKS = """\
smtpd_helo_required = yes
smtpd_client_restrictions = reject_unknown_client_hostname
smtpd_helo_restrictions = reject_invalid_helo_hostname, reject_non_fqdn_helo_hostname,
    reject_unknown_helo_hostname
"""
NO_PEER_NAME = "smtpd_peername_lookup = no\n"

# All checks there are; the clients' names end in .example, which nobody's do on the Internet.
EVERY_CHECK = {"profile": "strict", "more": """\
checks: {special_tld: observe}
rhsbl:
  zones: [{zone: list.example.org, codes: [127.0.0.2]}]
"""}
RECOMMENDED = {"profile": "rfc-safe"}
NO_OP = "noop"


@dataclass
class SetUp:
    """A Postfix. `filter`: None, NO_OP, or keywords of Filter.policy(); `more`: for main.cf."""

    name: str
    filter: object = None
    more: str = ""
    port: int = 0
    postfix: object = None
    process: object = None          # the filter's
    milter: object = None           # the Filter, where it is milter-helo
    results: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Client:
    """Number n of a family, `f` (IPv4, n below 512) or `s` (IPv6)."""

    family: str
    number: int

    @property
    def address(self):
        if self.family == "f":
            network = ipaddress.ip_address(V4_NETWORKS[self.number // 256])
            return str(network + self.number % 256)
        return str(ipaddress.ip_address("2001:db8::1") + (self.number << 64))

    def host(self, name="mail"):
        """A host of its domain; `mail` is the one its address has in PTR."""
        letters, number = "", self.number
        for _ in range(4):
            letters = chr(ord("a") + number % 26) + letters
            number //= 26
        return f"{name}.{self.family}{letters}.example"


def v4_clients():
    """All of IPv4 there are, without network and broadcast addresses."""
    return (Client("f", number) for number in range(512) if 0 < number % 256 < 255)


@dataclass(frozen=True)
class Visit:
    """Seconds until the reply to RCPT came."""

    from_connect: float
    from_ehlo: float


class Conversation:
    """The client's side: it waits for nothing that RFC 2920 lets it not wait for."""

    def __init__(self, client, port):
        server = world.SERVER_V6 if client.family == "s" else world.SERVER_V4
        self.socket = socket.socket(socket.AF_INET6 if client.family == "s" else socket.AF_INET)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(30)
        self.socket.bind((client.address, 0))
        self.buffer = b""
        self.socket.connect((server, port))

    def send(self, *lines):
        self.socket.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def expect(self, code):
        """Reads one reply, which must have this code."""
        while True:
            while b"\n" not in self.buffer:
                data = self.socket.recv(65536)
                if not data:
                    raise Failed("Postfix hung up")
                self.buffer += data
            line, self.buffer = self.buffer.split(b"\n", 1)
            if line[3:4] != b"-":
                break
        if not line.startswith(code):
            raise Failed(f"not {code.decode()}: {line.decode('utf-8', 'replace').strip()}")


def visit(client, port, helo):
    """One session up to RCPT, and QUIT."""
    begin = time.perf_counter()
    talk = Conversation(client, port)
    try:
        talk.expect(b"220")
        greeted = time.perf_counter()
        talk.send(f"EHLO {helo}")
        talk.expect(b"250")
        talk.send(f"MAIL FROM:<ann@{helo}>", f"RCPT TO:<{RECIPIENT}>")
        talk.expect(b"250")
        talk.expect(b"250")
        end = time.perf_counter()
        talk.send("QUIT")
        talk.expect(b"221")
    finally:
        talk.socket.close()
    return Visit(end - begin, end - greeted)


class Household:
    """All set-ups running, and the name server. To be used in a with statement."""

    def __init__(self, options, set_ups):
        self.options, self.set_ups = options, set_ups
        self.dns = None
        self.system_log = SystemLog()
        try:
            trees.copy(options.servers, f"{HOME}/trees", ["postfix", "sasl"])
            self.delay(0)
            for number, set_up in enumerate(set_ups):
                self.start(set_up, f"{HOME}/set-up{number}", FIRST_PORT + number)
        except BaseException:
            self.__exit__()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for set_up in self.set_ups:
            for actor in filter(None, (set_up.postfix, set_up.process, set_up.milter)):
                actor.stop()
        if self.dns:
            self.dns.kill_group()
        self.system_log.stop()

    def program(self, name):
        return f"{self.options.build}/bench-bin/{name}"

    def delay(self, milliseconds):
        """From now on every DNS answer takes so long."""
        if self.dns:
            self.dns.kill_group()
        self.dns = Process("slow_dns", [self.program("slow_dns"), NAME_SERVER, "53",
                                        str(milliseconds)], f"{HOME}/slow_dns.log")
        self.dns.wait_until(lambda: "ready" in self.dns.text(), "readiness")

    def start(self, set_up, home, port):
        os.makedirs(home)
        os.chmod(home, 0o755)
        socket_path = None
        if set_up.filter == NO_OP:
            socket_path = f"{home}/noop.sock"
            set_up.process = Process("noop_filter", ["sh", "-c", 'umask 0; exec "$@"', "sh",
                                                     self.program("noop_filter"),
                                                     f"unix:{socket_path}"], f"{home}/noop.log")
            set_up.process.wait_until(lambda: "ready" in set_up.process.text(), "readiness")
        elif set_up.filter:
            set_up.milter = Filter(f"{home}/filter", self.options.filter, Postfix.SOCKET_GROUP,
                                   NAME_SERVER)
            set_up.milter.policy(**set_up.filter)
            set_up.milter.start()
            socket_path = set_up.milter.socket
        set_up.port = port
        set_up.postfix = Postfix(f"{home}/mta", f"{HOME}/trees",
                                 [(world.SERVER_V4, port), (world.SERVER_V6, port)], socket_path,
                                 more=STEADY + set_up.more)
        set_up.postfix.start()

    def check(self, set_up, sessions):
        """Ends with Failed unless milter-helo has judged so many sessions, and knew all of each."""
        if not set_up.milter:
            return
        judged = set_up.milter.decisions()
        if len(judged) != sessions:
            raise Failed(f"{set_up.name}: {len(judged)} sessions were judged, of {sessions}")
        for each in judged:
            unknown = each.get("unknown", "-")
            if each.get("verdict") != "accept" or unknown not in ("-", ""):
                raise Failed(f"{set_up.name}: not all is well: {each.line}")


def parser(description):
    made = argparse.ArgumentParser(description=description)
    made.add_argument("build", metavar="BUILD")
    made.add_argument("--filter", metavar="PROGRAM", help="another milter-helo than BUILD's")
    made.add_argument("--servers", metavar="DIRECTORY")
    return made


def within_a_house(options, perform):
    """Runs perform(options) in a house. Returns the exit status."""
    if os.geteuid() != 0:
        print("real mail servers need root", file=sys.stderr)
        return 1
    if not os.environ.get(INSIDE):
        os.environ[INSIDE] = "1"
        house = os.path.join(MTA, "house.sh")
        os.execv(house, [house, world.SERVER_NAME, NAME_SERVER, world.SERVER_V4, world.SERVER_V6,
                         "--", world.TOOLS, sys.executable, "-B", *sys.argv])
    # Process 1 of a house gets no signal that it has no handler for.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by SIGTERM"))
    options.build = os.path.abspath(options.build)
    options.filter = os.path.abspath(options.filter or f"{options.build}/bin/milter-helo")
    if options.servers is None:
        with open(f"{options.build}/bench-bin/servers", encoding="utf-8") as file:
            options.servers = file.read().strip()
    try:
        perform(options)
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0
