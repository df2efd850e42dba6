# SPDX-License-Identifier: BSD-2-Clause
"""milter-helo as a running program: its policy, its socket, its log."""

import grp
import os
import pwd
import re
import signal
import socket
import sys

from . import world
from .process import Process, until

# An unprivileged account of every Debian; the filter is started as root and becomes this user.
USER = "list"

POLICY = """\
mode: {mode}
{profile}server:
  names: [{name}]
  addresses: [{v4}, "{v6}"]
networks:
  - {{net: {internal}, note: office, owner: hostmaster}}
  - {{net: "{internal_v6}", note: office, owner: hostmaster}}
dns:
  servers: [{dns}]
  deadline: {deadline}
  wait: {wait}
  wait_for: everything
{on_failure}milter:
  socket: unix:{socket}
  socket_group: {group}
  user: {user}
  stop_grace: 10s
log:
  to: stderr
{more}"""

FIELD = re.compile(r'(\w+)=("(?:[^"\\]|\\.)*"|\S*)')
# What a sanitizer's report begins with, and glibc's own last words.
REPORT = re.compile(r"(ERROR|WARNING): \w+Sanitizer|runtime error:|stack smashing|double free")


# As systemd passes a socket: as number 3, to a process id that only the child knows.
PASSER = """\
import os, sys
os.dup2(int(sys.argv[1]), 3, inheritable=True)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(sys.argv[2], sys.argv[2:])
"""


class Decision(dict):
    """One line of the filter's log: its fields by name, quotes and escapes taken off."""

    def __init__(self, line):
        super().__init__((name, unquote(value)) for name, value in FIELD.findall(line))
        self.line = line

    @property
    def failed(self):
        """check -> action, of every check that failed."""
        listed = self.get("failed", "-")
        return {} if listed == "-" else dict(entry.split(":", 1) for entry in listed.split(","))


def unquote(value):
    if not value.startswith('"'):
        return value
    return re.sub(r"\\(x[0-9A-Fa-f]{2}|.)",
                  lambda m: chr(int(m[1][1:], 16)) if len(m[1]) == 3 else m[1], value[1:-1])


class Filter:
    """The filter with one policy file in `home`. It can be started and stopped many times.

    `program` is the binary, `group` who may write to the socket besides its owner, `dns` the name
    server as the policy writes it, "" for the system's. Keywords of policy(): mode, profile,
    on_failure, wait and deadline (of dns), more (further lines); None is the default.
    """

    LOGS_AT_CONNECT = True          # who is exempt by then

    def __init__(self, home, program, group, dns):
        self.home, self.program, self.group, self.dns = home, program, group, dns
        os.makedirs(home)
        os.chmod(home, 0o755)
        self.policy_file = f"{home}/milter-helo.yaml"
        self.socket = f"{home}/milter-helo.sock"
        self.log_file = f"{home}/log"
        self.process = None
        self.listener = None        # see hold_socket()
        self.exits = []             # exit status of every run that was asked to stop

    @property
    def door(self):
        """What the mail server must know to find it."""
        return self.socket

    def policy(self, mode="enforce", on_failure=None, profile=None, wait="1s", deadline="3s",
               more=""):
        """Writes the policy. A running filter sees it at the next reload."""
        self.write(POLICY.format(mode=mode, more=more, wait=wait, deadline=deadline,
                                 dns=f'"{self.dns}"' if self.dns else "",
                                 profile=f"profile: {profile}\n" if profile else "",
                                 on_failure=f"  on_failure: {on_failure}\n" if on_failure else "",
                                 socket=self.socket, group=self.group, user=USER,
                                 name=world.SERVER_NAME, v4=world.SERVER_V4, v6=world.SERVER_V6,
                                 internal=world.INTERNAL_NET,
                                 internal_v6=world.INTERNAL_NET_V6))

    def write(self, text):
        """Replaces the policy file as an editor would: at once."""
        with open(f"{self.policy_file}.new", "w", encoding="utf-8") as file:
            file.write(text)
        os.rename(f"{self.policy_file}.new", self.policy_file)

    def start(self, *options):
        """Starts it and returns when it says that it listens. The process is also returned."""
        argv = [self.program, "-f", "-p", self.policy_file, *options]
        passed = [self.listener.fileno()] if self.listener else []
        if self.listener:
            argv = [sys.executable, "-c", PASSER, str(passed[0]), *argv]
        process = Process("milter-helo", argv, self.log_file, pass_fds=passed)
        self.process = process
        process.wait_until(lambda: "milter-helo: ready" in process.text(), "ready line", 30)
        return process

    def hold_socket(self):
        """From now on we hold the filter's socket as systemd does, and each start gets it from us."""
        if os.path.exists(self.socket):     # what a former one could not remove from root's directory
            os.unlink(self.socket)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(self.socket)
        os.chown(self.socket, pwd.getpwnam(USER).pw_uid, grp.getgrnam(self.group).gr_gid)
        os.chmod(self.socket, 0o660)
        listener.listen(4096)
        self.listener = listener

    def release_socket(self):
        self.listener.close()
        self.listener = None
        os.unlink(self.socket)

    def stop(self):
        """Asks the running one to stop, as an init system does, and notes its exit status."""
        if self.process:
            process, self.process = self.process, None
            self.exits.append(process.stop(30))

    def reload(self, policy_text=None, expect="policy reloaded"):
        """HUP, and waits for the line in the log that tells the result. Returns what was logged."""
        if policy_text is not None:
            self.write(policy_text)
        before = len(self.log())
        self.process.send(signal.SIGHUP)
        self.process.wait_until(lambda: expect in self.log()[before:], f"'{expect}'")
        return self.log()[before:]

    def log(self):
        """All that every run has written so far."""
        try:
            with open(self.log_file, "rb") as source:
                return source.read().decode("utf-8", "replace")
        except FileNotFoundError:
            return ""

    def decisions(self, **fields):
        """The decision lines whose named fields have these values, oldest first."""
        lines = (Decision(line[line.index("id="):]) for line in self.log().splitlines()
                 if "id=" in line and "verdict=" in line)
        return [each for each in lines if all(each.get(k) == v for k, v in fields.items())]

    def decision(self, already=0, **fields):
        """The newest such line beyond the first `already`. It may follow the reply, but soon."""
        return until(lambda: self.decisions(**fields)[already:], f"log line with {fields}", 5)[-1]

    def complaints(self):
        """What no run may have left: a report of a sanitizer, an exit status other than 0."""
        found = [line for line in self.log().splitlines() if REPORT.search(line)]
        found += [f"milter-helo ended with {status}" for status in self.exits if status != 0]
        return found
