#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""demo.py - plays SMTP sessions against a private Postfix with milter-helo, and shows the reasons

    demo.py --filter PROGRAM --servers DIRECTORY [--stay]

Called by demo.sh, which builds PROGRAM and fills DIRECTORY. The servers are those of the tests
(tests/mta/rig). Everything lives in one temporary directory, on free ports of 127.0.0.1; the
sessions come from other addresses by Postfix's XCLIENT. Exit status 0 if each session got the
answer that the table says, 1 otherwise.
"""

import argparse
import os
import re
import select
import shutil
import signal
import socket
import sys
import tempfile
import textwrap
from dataclasses import dataclass

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "tests", "mta"))

from rig import trees, world                    # noqa: E402 (the path comes first)
from rig.dns import Dns                         # noqa: E402
from rig.filter import Filter                   # noqa: E402
from rig.postfix import Postfix                 # noqa: E402
from rig.process import Failed                  # noqa: E402
from rig.smtp import Session                    # noqa: E402

LOOPBACK = "127.0.0.1"
JOE = f"joe@{world.MAIL_DOMAIN}"
SENDER = "ann@client.example"


@dataclass(frozen=True)
class Scene:
    """Who comes, from where, what it says, and the code that RCPT must get."""

    who: str
    helo: str
    code: int
    address: str = world.CLIENT
    rcpt: str = JOE
    login: bool = False


SCENES = [
    Scene("an honest mail server", "mail.client.example", 250),
    Scene("a liar with our own name", world.SERVER_NAME, 550),
    Scene("a liar with our own address", f"[{world.SERVER_V4}]", 550),
    Scene("a liar with the recipient's domain", world.MAIL_DOMAIN, 550),
    Scene("who calls itself localhost, from afar", "localhost", 550),
    Scene("a name that is none", "bad..name", 550),
    Scene("a printer: its own address, without brackets", world.CLIENT, 450),
    Scene("somebody else's address", "[198.51.100.77]", 450),
    Scene("our own name, but with a password", world.SERVER_NAME, 250, login=True),
    Scene("our own name, from our own network", world.SERVER_NAME, 250, address=world.INTERNAL),
    Scene("our own name, to the postmaster", world.SERVER_NAME, 250,
          rcpt=f"postmaster@{world.MAIL_DOMAIN}"),
    Scene("Outlook, which strips the dots", "benderclmsuedu", 250),
    Scene("one of many servers under one name", "mail.cluster.example", 250, address=world.CLUSTER),
    Scene("its own IPv6 address, in a strange spelling", "[ipv6:2001:DB8:9:0:0:0:0:9]", 250,
          address=world.CLIENT_V6),
    Scene("a name whose DNS never answers", "mail.silent.example", 250),
]


CODE_STYLES = {2: "good", 4: "later", 5: "bad"}


class Paper:
    """The terminal: its width within reason, and colours if it is one."""

    STYLES = {"good": "32", "bad": "31", "later": "33", "dim": "2", "bold": "1"}

    def __init__(self):
        self.coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        self.width = max(76, min(100, shutil.get_terminal_size((96, 24)).columns))

    def style(self, name, text):
        return f"\033[{self.STYLES[name]}m{text}\033[0m" if self.coloured else text

    def show(self, label, lines, style=None):
        """`label`, and the lines beside it, each wrapped where it is too long."""
        for text in lines:
            for line in textwrap.wrap(text, self.width - 10, subsequent_indent="  ",
                                      break_on_hyphens=False):
                print(f"    {label:<5} {self.style(style, line) if style else line}")
                label = ""


def free_ports(count):
    """Ports that are free for TCP and UDP now, and stay reserved for nobody."""
    sockets, ports = [], []
    try:
        while len(ports) < count:
            tcp = socket.socket()
            udp = socket.socket(type=socket.SOCK_DGRAM)
            sockets += [tcp, udp]
            tcp.bind((LOOPBACK, 0))
            try:
                udp.bind(tcp.getsockname())
            except OSError:
                continue
            ports.append(tcp.getsockname()[1])
        return ports
    finally:
        for each in sockets:
            each.close()


class Stage:
    """Name server, filter and Postfix in `home`, and a way to be somebody else."""

    def __init__(self, home, servers, program):
        dns, knot, self.port = free_ports(3)
        self.dns = self.filter = self.postfix = None
        try:
            trees.copy(servers, f"{home}/trees", ["postfix", "knot", "sasl"])
            self.dns = Dns(f"{home}/dns", f"{home}/trees", LOOPBACK, dns, knot)
            self.filter = Filter(f"{home}/filter", program, Postfix.SOCKET_GROUP,
                                 f"{LOOPBACK}:{dns}")
            self.filter.policy()
            self.filter.start()
            self.postfix = Postfix(f"{home}/postfix", f"{home}/trees", [(LOOPBACK, self.port)],
                                   self.filter.socket)
            self.postfix.start()
        except BaseException:
            self.close()
            raise

    def close(self):
        for actor in filter(None, (self.postfix, self.filter, self.dns)):
            actor.stop()

    def dial(self, address):
        """A session that comes from `address`, as far as Postfix and the filter can tell."""
        client = Session((LOOPBACK, self.port))
        client.ehlo("demo.example")
        prefix = "IPV6:" if ":" in address else ""
        client.xclient(name="[UNAVAILABLE]", addr=prefix + address)
        return client


def perform(scene, stage, paper):
    """Plays one scene and shows it; true if the answer is the expected one."""
    says = [f"EHLO {scene.helo}", f"MAIL FROM:<{SENDER}>   RCPT TO:<{scene.rcpt}>"]
    already = len(stage.filter.decisions(client=scene.address))
    with stage.dial(scene.address) as client:
        client.ehlo(scene.helo)
        if scene.login:
            client.auth(world.USER, world.PASSWORD)
            says[0] += f"   AUTH PLAIN (as {world.USER})"
        client.mail(SENDER)
        reply = client.rcpt(scene.rcpt)
        client.quit()
    paper.show("says", says)
    paper.show("gets", reply.raw, CODE_STYLES[reply.code // 100])
    paper.show("why", [why(stage.filter.decision(already, client=scene.address))], "dim")
    return reply.code == scene.code


def why(decision):
    """The filter's log line in words."""
    if decision["exempt"] != "-":
        return "not judged, since exempt: " + re.sub(r"/\S*/", "", decision["exempt"])
    grounds = [name for name, action in decision.failed.items() if action == decision["verdict"]]
    observed = [name for name, action in decision.failed.items() if action == "observe"]
    pairs = decision["unknown"].split(",") if decision["unknown"] != "-" else []
    unknown = [pair.replace(":", " ") for pair in pairs if not pair.endswith(":open")]
    parts = [f"{decision['verdict']} for {', '.join(grounds)}"] if grounds else []
    if observed:
        parts.append(f"only observed: {', '.join(observed)}")
    if unknown:
        parts.append(f"not known after {decision['dns_ms']} ms: {', '.join(unknown)}")
    return "; ".join(parts) or "nothing is wrong with it"


def play(stage, paper):
    """Every scene, with a heading. Returns how many went otherwise than the table says."""
    wrong = 0
    for number, scene in enumerate(SCENES, 1):
        heading = f"{number:2}. {scene.who}"
        where = f"from {scene.address}"
        print(paper.style("bold", f"\n{heading:<{paper.width - len(where)}}") + where)
        if not perform(scene, stage, paper):
            paper.show("!!", [f"this should have been {scene.code}"], "bad")
            wrong += 1
    return wrong


INVITATION = """
It keeps running. Be a mail server yourself; XCLIENT lets you come from any address:

  swaks --server {host}:{port} --xclient 'NAME=[UNAVAILABLE] ADDR={client}' \\
        --helo {own} --from {sender} --to {joe} --quit-after RCPT

or by hand, with  nc -C {host} {port}  (EHLO is needed before and after XCLIENT):

  EHLO demo
  XCLIENT NAME=[UNAVAILABLE] ADDR={client}
  EHLO {own}
  MAIL FROM:<{sender}>
  RCPT TO:<{joe}>

The policy is {policy}
Edit it and press Enter here: it is reloaded. The filter's log follows. Ctrl-C ends all this.
"""


def stay(stage):
    """Shows the filter's log as it grows, reloads on Enter, until Ctrl-C or SIGTERM."""
    print(INVITATION.format(host=LOOPBACK, port=stage.port, client=world.CLIENT, sender=SENDER,
                            own=world.SERVER_NAME, joe=JOE, policy=stage.filter.policy_file))
    shown = len(stage.filter.log())
    listening = [sys.stdin] if sys.stdin.isatty() else []
    while stage.filter.process.running():
        ready, _, _ = select.select(listening, [], [], 0.25)
        if ready:
            if not sys.stdin.readline():
                listening = []
            stage.filter.process.send(signal.SIGHUP)
        text = stage.filter.log()
        print(text[shown:], end="")
        shown = len(text)


def main():
    parser = argparse.ArgumentParser(description="milter-helo, shown on a private Postfix")
    parser.add_argument("--filter", required=True, metavar="PROGRAM")
    parser.add_argument("--servers", required=True, metavar="DIRECTORY")
    parser.add_argument("--stay", action="store_true", help="keep it running until Ctrl-C")
    options = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    home = tempfile.mkdtemp(prefix="milter-helo-demo.")
    stage = None
    try:
        os.chmod(home, 0o755)       # the servers' own accounts must get through
        stage = Stage(home, options.servers, os.path.abspath(options.filter))
        return show(stage, options.stay)
    except Failed as failure:
        print(f"demo: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print()
        return 0
    finally:
        if stage:
            stage.close()
        shutil.rmtree(home)


def show(stage, staying):
    paper = Paper()
    print(f"\n{stage.postfix.version()} on {LOOPBACK}:{stage.port}, host {world.SERVER_NAME}, mail "
          f"domain {world.MAIL_DOMAIN}, policy: mode enforce")
    print(f"Clients come by XCLIENT, so that each has the address it says. A private DNS knows, among "
          f"others,\n{world.SERVER_NAME} = {world.SERVER_V4} and mail.client.example = {world.CLIENT}, "
          f"both ways.")
    wrong = play(stage, paper)
    played = len(SCENES)
    print(f"\n{played} sessions, " + ("each with the answer it should get." if not wrong else
                                      f"{wrong} with another answer than it should get."))
    print("The filter logs one line for each, such as:\n")
    paper.show("", [stage.filter.decisions(helo=world.SERVER_NAME)[0].line], "dim")
    if staying:
        stay(stage)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    sys.exit(main())
