# SPDX-License-Identifier: BSD-2-Clause
"""The package on a machine with systemd and Postfix: installed, started, reloaded, restarted, upgraded, removed."""

import contextlib
import re
import subprocess

import packages
from machine import DEADLINE_S, ENVIRONMENT, Machine, die_with_parent
from steps import equal, step, that

UNIT, SOCKET_UNIT = "milter-helo.service", "milter-helo.socket"
SOCKET = "/run/milter-helo/milter-helo.sock"
CHROOTED = "/var/spool/postfix/milter-helo/milter-helo.sock"


class Client:
    """client.py in the machine, until the with statement ends; then `said` is its last line."""

    def __init__(self, machine, subject, sign):
        self.machine, self.subject, self.sign = machine, subject, sign
        self.said = ""

    def __enter__(self):
        self.process = subprocess.Popen(self.machine.command(["python3", "-B", "/opt/client.py", self.subject, SOCKET]),
                                        env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True, preexec_fn=die_with_parent)
        line = self.process.stdout.readline().strip()
        if line != self.sign:
            raise AssertionError(f"{line}\n{self.process.communicate()[0]}")
        return self

    def __exit__(self, *_):
        try:
            self.said = self.process.communicate(timeout=DEADLINE_S)[0].strip()
        finally:
            self.process.kill()


@contextlib.contextmanager
def load(machine):
    """While this lasts, one session follows the other; none may get anything but its refusal."""
    with Client(machine, "load", "going") as client:
        yield
    that(re.fullmatch(r"\d+ sessions, odd: none", client.said), client.said)


def verdict(machine, path=SOCKET):
    return machine.run("python3", "-B", "/opt/client.py", "verdict", path).strip()


def main_pid(machine):
    return machine.show(UNIT, "MainPID")


def active(machine):
    return [machine.show(unit, "ActiveState") for unit in (UNIT, SOCKET_UNIT)]


def installed(machine, debs):
    with step("installed: it runs, refuses nothing, and systemd knows its state"):
        machine.run("dpkg", "--install", *debs)
        equal(active(machine), ["active", "active"])
        that(machine.show(UNIT, "StatusText").startswith("mode observe, "), machine.show(UNIT, "StatusText"))
        equal(verdict(machine), "continue")
        that("would=reject" in machine.journal(UNIT), "the journal has no decision")
        equal(machine.run("stat", "--format=%U:%G %a", SOCKET).strip(), "milter-helo:milter-helo 660")
    with step("nothing but an ordinary process: no capability, no way to new ones, system calls filtered"):
        status = machine.run("cat", f"/proc/{main_pid(machine)}/status")
        for kind in ("Inh", "Prm", "Eff", "Bnd", "Amb"):
            that(re.search(rf"^Cap{kind}:\t0+$", status, re.M), f"capabilities: {kind}")
        that("\nNoNewPrivs:\t1\n" in status and "\nSeccomp:\t2\n" in status, status)
        equal(machine.run("stat", "--format=%U:%G", f"/proc/{main_pid(machine)}").strip(), "milter-helo:milter-helo")


def reloaded(machine):
    with step("reload: the policy takes effect, in the same process; one with mistakes is refused, with its line"):
        before = main_pid(machine)
        good = packages.edit(machine)
        machine.run("systemctl", "reload", UNIT)
        machine.wait_for(lambda: "policy reloaded: " in machine.journal(UNIT), "the reload")
        equal(verdict(machine), "550")
        machine.write(packages.POLICY, good + "mode: [\n")
        that(not machine.succeeds("systemctl", "reload", UNIT), "a policy with mistakes was taken")
        that(re.search(r"milter-helo\.yaml:\d+:\d+: error: ", machine.journal(UNIT)), "the journal names no line")
        machine.write(packages.POLICY, good)
        equal([main_pid(machine), active(machine)], [before, ["active", "active"]])
        equal(verdict(machine), "550")


def restarted(machine):
    with step("restarted under load, thrice: each session gets its own verdict"), load(machine):
        for _ in range(3):
            before = main_pid(machine)
            machine.run("systemctl", "restart", UNIT)
            that(main_pid(machine) != before, "the same process")
    with step("a session in progress is served to its end first"):
        restart = None
        with Client(machine, "hold", "held") as client:
            before = main_pid(machine)
            restart = machine.popen("systemctl", "restart", UNIT)
            machine.wait_for(lambda: "stopping: 1 session" in machine.journal(UNIT, "--boot"), "the stop")
            equal(main_pid(machine), before)
        equal(client.said, "550")
        equal(restart.wait(DEADLINE_S), 0)
        restart.stdout.close()
    with step("killed: it is started again, and who comes meanwhile waits"):
        machine.run("systemctl", "kill", "--signal=KILL", UNIT)
        equal(verdict(machine), "550")
    with step("stopped: whoever connects starts it; with its socket it stays so"):
        machine.run("systemctl", "stop", UNIT)
        equal(active(machine), ["inactive", "active"])
        equal(verdict(machine), "550")
        machine.run("systemctl", "stop", SOCKET_UNIT)
        equal(active(machine), ["inactive", "inactive"])
        that(not machine.succeeds("test", "-e", SOCKET), "the socket is left")
    with step("without systemd's socket the policy's counts"):
        machine.run("systemctl", "mask", SOCKET_UNIT)
        machine.run("systemctl", "start", UNIT)
        equal(active(machine), ["active", "inactive"])
        equal(verdict(machine), "550")
        machine.run("systemctl", "stop", UNIT)
        machine.run("systemctl", "unmask", SOCKET_UNIT)
        machine.run("systemctl", "start", UNIT)
        equal(active(machine), ["active", "active"])


def chrooted_postfix(machine):
    with step("Postfix as Debian has it, chrooted: postfix.conf, two commands, one line in main.cf"):
        that(re.search(r"^smtp +inet +n +- +y ", machine.read("/etc/postfix/master.cf"), re.M), "smtpd is not chrooted")
        folder = f"/etc/systemd/system/{SOCKET_UNIT}.d"
        machine.run("install", "-D", "-m", "644", "/usr/share/milter-helo/postfix.conf", f"{folder}/postfix.conf")
        machine.run("systemctl", "daemon-reload")
        machine.run("systemctl", "restart", SOCKET_UNIT)
        machine.wait_for(lambda: active(machine) == ["active", "active"], "the filter behind its new socket")
        equal(machine.run("stat", "--format=%U:%G %a", CHROOTED).strip(), "milter-helo:postfix 660")
        machine.run("postconf", "-e", "mydestination=mx.site.example", "local_recipient_maps=",
                    "smtpd_milters = { unix:/milter-helo/milter-helo.sock, default_action=tempfail }")
        machine.run("systemctl", "restart", "postfix")
        said = machine.run("python3", "-B", "/opt/client.py", "smtp", SOCKET)
        that(said.startswith("550 5.7.1 "), said)
    with step("the same socket where smtpd is not chrooted"):
        equal(verdict(machine), "550")      # /run/milter-helo/milter-helo.sock leads there
    with step("Postfix meets no missing filter while that is started again"), load(machine):
        machine.run("systemctl", "restart", UNIT)
        said = machine.run("python3", "-B", "/opt/client.py", "smtp", SOCKET)
        that(said.startswith("550 5.7.1 "), said)


def upgraded(machine, debs):
    with step("upgraded under load: no session lost, what the site has edited stays, the rest is new"):
        edited = machine.read(packages.POLICY)
        before = main_pid(machine)
        with load(machine):
            machine.run("dpkg", "--install", *debs)     # a question would be an error: there is nobody to answer
        that(main_pid(machine) != before, "the former process runs on")
        equal(machine.read(packages.POLICY), edited)
        that(machine.read(packages.NETWORKS).endswith("# of the later version\n"), "not the later file")
        equal(active(machine), ["active", "active"])


def removed(machine):
    with step("removed: stopped, no socket left, the policy stays; purged: that goes, too"):
        machine.run("dpkg", "--remove", "milter-helo")
        equal(active(machine), ["inactive", "inactive"])
        for path in (SOCKET, CHROOTED, "/run/milter-helo"):
            that(not machine.succeeds("test", "-e", path), f"{path} is left")
        that(machine.read(packages.POLICY), "no policy")
        machine.run("dpkg", "--purge", "milter-helo", "libhelo1")
        left = machine.run("find", "/etc", "/usr", "/var", "-xdev", "-name", "*helo*", "-not", "-path", "*/python3*",
                           "-not", "-path", "*/milter-helo.socket.d*", "-not", "-path", "/var/spool/postfix/*")
        equal(left, "")
        equal(machine.run("systemctl", "list-units", "--all", "--no-legend", "milter-helo*"), "")


def run(base, folder):
    machine = Machine(base)
    try:
        now, then = packages.take(machine, folder)
        installed(machine, now)
        reloaded(machine)
        restarted(machine)
        chrooted_postfix(machine)
        upgraded(machine, then)
        removed(machine)
    except BaseException:
        print(machine.run("journalctl", "--no-pager", "--lines=60", status=None))
        raise
    finally:
        machine.close()
