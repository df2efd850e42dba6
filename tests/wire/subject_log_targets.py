# SPDX-License-Identifier: BSD-2-Clause
"""Where the log goes: to syslog, to systemd's journal, or to whoever started the filter.

A mount namespace has its own /run, /dev and /var/log, so that a socket of the test's, or a real systemd-journald,
stands where the filter looks for them, and this machine's own are left alone. That needs root.
"""

import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import threading
import unittest

from bench import CLIENT, DEADLINE_S, IS_ROOT, PROGRAM, SERVER, Case, Process, until

SYSTEMD = os.environ.get("HELO_SYSTEMD", "ON") == "ON"
JOURNALD = shutil.which("systemd-journald", path="/lib/systemd:/usr/lib/systemd")
MAIL, NOTICE, INFO = 2 << 3, 5, 6

# $1: the test's home. /dev is one of its own for the sake of /dev/log alone.
HOUSE = """\
set -eu
mount -t tmpfs none /run
mount -t tmpfs none /var/log
mkdir -p /run/systemd/journal /run/log/journal "$1/dev"
ln -s "$1/journal" /run/systemd/journal/socket
mount -t tmpfs none "$1/dev"
for node in null zero full random urandom tty; do
    : >"$1/dev/$node"
    mount --bind "/dev/$node" "$1/dev/$node"
done
ln -s /proc/self/fd "$1/dev/fd"
ln -s "$1/log" "$1/dev/log"
mount --move "$1/dev" /dev
echo ready
cat
"""
# As systemd starts a service: JOURNAL_STREAM names the pipe or socket that is its standard error.
AS_SYSTEMD = 'export JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2); exec "$0" "$@"'


class Sink:
    """A datagram socket, and what came. What was sent was also received: nothing is lost on the way."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(path)
        os.chmod(path, 0o666)
        self.came = []
        self.news = threading.Condition()
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self):
        while data := self.socket.recv(1 << 18):
            with self.news:
                self.came.append(data)
                self.news.notify_all()

    def expect(self, matches):
        """The first datagram that matches."""
        with self.news:
            done = self.news.wait_for(lambda: any(matches(each) for each in self.came), DEADLINE_S)
            if not done:
                raise AssertionError(f"not among {self.came}")
            return next(each for each in self.came if matches(each))

    def close(self):
        self.socket.shutdown(socket.SHUT_RD)
        self.reader.join(DEADLINE_S)
        self.socket.close()


def fields(datagram):
    """systemd's native protocol: KEY=VALUE, or KEY, the length in eight bytes, and the value."""
    made = {}
    while datagram:
        head, datagram = datagram.split(b"\n", 1)
        key, equals, value = head.partition(b"=")
        if not equals:
            length = struct.unpack("<Q", datagram[:8])[0]
            value, datagram = datagram[8:8 + length], datagram[8 + length + 1:]
        if key.decode("ascii") in made:
            raise ValueError(f"twice: {key}")
        made[key.decode("ascii")] = value.decode("utf-8")
    return made


class HouseCase(Case):
    def setUp(self):
        if not IS_ROOT:
            self.skipTest("needs root")
        super().setUp()
        self.house = subprocess.Popen(["unshare", "--mount", "--propagation", "private", "sh", "-c", HOUSE, "sh",
                                       self.home], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(self.leave)
        self.assertEqual(self.house.stdout.readline(), b"ready\n")

    def leave(self):
        self.house.stdin.close()
        self.house.wait(DEADLINE_S)
        self.house.stdout.close()

    def inside(self, *words):
        # Root and directory, too, which are not those of its namespace where these tests run in a chroot(2).
        return ["nsenter", f"--target={self.house.pid}", "--mount", "--root", "--wd", *words]

    def launch_inside(self, *options, by=()):
        process = Process(self.inside(*by, PROGRAM, "-p", self.policy_file, *options))
        self.filters.append(process)
        return process

    def sink(self, name):
        made = Sink(f"{self.home}/{name}")
        self.addCleanup(made.close)
        return made

    def refuse_one(self, helo=SERVER, client=CLIENT):
        with self.milter() as milter:
            answer = milter.begin(client).transaction(helo)
        return re.search(r"[0-9A-Z]{16}", answer.text).group()


class Syslog(HouseCase):
    policy_changes = {"log": {"to": "syslog"}}

    def expect(self, text):
        """(priority, what stands behind the program's name) of a line as syslog(3) sends it."""
        line = self.log.expect(lambda data: text.encode() in data).rstrip(b"\n\0").decode("ascii")
        match = re.fullmatch(r"<(\d+)>\w{3} [ \d]\d \d\d:\d\d:\d\d milter-helo\[\d+\]: (.*)", line)
        self.assertIsNotNone(match, line)
        return int(match.group(1)), match.group(2)

    def start_inside(self, *options):
        self.log = self.sink("log")
        process = self.launch_inside("-f", *options)
        self.expect("ready socket=")
        return process

    def test_lines(self):
        process = self.start_inside()
        name = self.refuse_one()
        self.assertEqual(self.expect("ready socket=")[0], MAIL | NOTICE)
        priority, line = self.expect(f"id={name}")
        self.assertEqual(priority, MAIL | INFO)
        self.assertRegex(line, f"^id={name} qid=- client={CLIENT} .* verdict=reject would=reject$")
        self.assertEqual(process.text(), "")

    def test_facility(self):
        self.write_policy(log={"facility": "local3"})
        self.start_inside()
        self.assertEqual(self.expect("ready socket=")[0], 19 << 3 | NOTICE)

    def test_json(self):
        self.write_policy(log={"format": "json"})
        self.start_inside()
        name = self.refuse_one()
        self.assertEqual(json.loads(self.expect(name)[1])["verdict"], "reject")
        self.assertEqual(json.loads(self.expect("ready socket=")[1])["level"], "notice")

    def test_auto_in_the_background(self):
        self.write_policy(log={"to": "auto"})
        self.log = self.sink("log")
        process = self.launch_inside()
        self.assertEqual(process.child.wait(60), 0, process.text())
        with open(self.pid_file, encoding="ascii") as file:
            pid = int(file.read())
        try:
            self.expect(f"id={self.refuse_one()}")
        finally:
            os.kill(pid, signal.SIGTERM)
            os.waitpid(pid, 0)

    def test_nobody_listens(self):
        """A machine without a syslog daemon: mail goes on."""
        process = self.launch_inside("-f")
        until(lambda: os.path.exists(self.socket), "socket")
        self.refuse_one()
        self.stop(process)


@unittest.skipUnless(SYSTEMD, "built without libsystemd")
class Journal(HouseCase):
    policy_changes = {"log": {"to": "journal"}}

    def expect(self, text):
        return fields(self.journal.expect(lambda data: text.encode() in data))

    def start_inside(self, *options, by=()):
        self.journal = self.sink("journal")
        process = self.launch_inside("-f", *options, by=by)
        self.expect("ready socket=")
        return process

    def test_fields_of_a_decision(self):
        process = self.start_inside()
        name = self.refuse_one()
        made = self.expect(name)
        self.assertRegex(made.pop("MESSAGE"), f"^id={name} qid=- client={CLIENT} .* verdict=reject would=reject$")
        for key in ("HELO_LISTENER", "HELO_IPREV", "HELO_DNS_MS", "HELO_SCORE", "HELO_UNKNOWN"):
            made.pop(key, None)
        self.assertIn("own_name:reject", made.pop("HELO_FAILED"))
        self.assertEqual(made, {
            "PRIORITY": "6", "SYSLOG_FACILITY": "2", "SYSLOG_IDENTIFIER": "milter-helo", "HELO_ID": name,
            "HELO_CLIENT": CLIENT, "HELO_PTR": "mail.client.example", "HELO_HELO": SERVER,
            "HELO_FROM": "sender@elsewhere.example", "HELO_TO": "user@site.example", "HELO_VERDICT": "reject",
            "HELO_WOULD": "reject"})
        self.assertEqual(process.text(), "")

    def test_messages(self):
        process = self.start_inside()
        self.write_text("mode: enfroce\n")
        process.signal(signal.SIGHUP)
        finding = self.expect(":1:7: error: ")
        self.assertEqual(finding["PRIORITY"], "3")
        self.assertIn("\n", finding["MESSAGE"])     # the source line and the caret, in one entry
        self.assertEqual(self.expect("policy not reloaded")["PRIORITY"], "3")

    def test_hostile_helo_is_one_field(self):
        self.start_inside()
        for said, want in (('x" HELO_CLIENT=192.0.2.1', 'x" HELO_CLIENT=192.0.2.1'),
                           ("x client=192.0.2.1 y", "x client=192.0.2.1 y"), ("a\\b", "a\\\\b"),
                           ("a\nHELO_CLIENT=192.0.2.1", "a\\x0aHELO_CLIENT=192.0.2.1"), ("-", "-")):
            made = self.expect(self.refuse_one(said))
            self.assertEqual((made["HELO_HELO"], made["HELO_CLIENT"]), (want, CLIENT))

    def test_json(self):
        self.write_policy(log={"format": "json"})
        self.start_inside()
        name = self.refuse_one()
        made = self.expect(name)
        self.assertEqual(json.loads(made["MESSAGE"])["id"], name)
        self.assertEqual((made["HELO_ID"], made["HELO_VERDICT"]), (name, "reject"))

    def test_auto_as_a_service(self):
        self.write_policy(log={"to": "auto"})
        process = self.start_inside(by=("sh", "-c", AS_SYSTEMD))
        self.expect(self.refuse_one())
        self.assertEqual(process.text(), "")

    def test_gone_meanwhile(self):
        process = self.start_inside()
        os.unlink(f"{self.home}/journal")
        self.refuse_one()
        self.stop(process)

    def test_there_is_none(self):
        for options in (("-f",), ("-t",)):
            process = self.launch_inside(*options)
            self.assertEqual(process.wait(), 71, process.text())
            process.expect("log.to: journal: there is none to write to on this system")


class Auto(HouseCase):
    policy_changes = {"log": {"to": "auto"}}

    def test_service_without_a_journal(self):
        """systemd's stream is there, its socket is not: a line says its priority itself."""
        process = self.launch_inside("-f", by=("sh", "-c", AS_SYSTEMD))
        process.expect("^<5>milter-helo: ready socket=")
        name = self.refuse_one()
        process.expect(f"^<6>milter-helo: id={name} ")
        self.write_text("mode: enfroce\n")
        process.signal(signal.SIGHUP)
        process.expect("^<5>milter-helo: counters|^<3>milter-helo: policy not reloaded")
        self.assertEqual([line for line in process.text().splitlines() if not re.match("<[3-6]>", line)], [])

    def test_stream_of_somebody_else(self):
        """A shell that systemd has started hands the variable on, and its error output goes elsewhere."""
        self.sink("journal")
        process = self.launch_inside("-f", by=("env", "JOURNAL_STREAM=1:2"))
        process.expect("^milter-helo: ready socket=")


@unittest.skipIf(SYSTEMD, "built with libsystemd")
class Without(Case):
    def test_says_so(self):
        self.write_policy(log={"to": "journal"})
        self.refused(78, "this filter is built without systemd's journal", options=("-t",))


@unittest.skipUnless(SYSTEMD and JOURNALD and os.path.exists("/etc/machine-id"), "needs systemd-journald")
class RealJournal(HouseCase):
    """systemd-journald itself, in the house, and what journalctl finds."""

    policy_changes = {"log": {"to": "journal"}}

    def setUp(self):
        super().setUp()
        subprocess.run(self.inside("rm", "/run/systemd/journal/socket"), check=True)
        self.daemon = subprocess.Popen(self.inside(JOURNALD), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
        self.addCleanup(self.end)
        until(lambda: subprocess.run(self.inside("test", "-S", "/run/systemd/journal/socket"),
                                     check=False).returncode == 0, "journal")

    def end(self):
        self.daemon.terminate()
        self.daemon.wait(DEADLINE_S)

    def entries(self, *matches):
        made = subprocess.run(self.inside("journalctl", "--directory=/run/log/journal", "--output=json", "--quiet",
                                          *matches), stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        return [json.loads(line) for line in made.stdout.splitlines()]

    def test_found_by_field(self):
        process = self.launch_inside("-f")
        until(lambda: os.path.exists(self.socket), "socket")
        name = self.refuse_one()
        found = until(lambda: self.entries("HELO_VERDICT=reject", f"HELO_CLIENT={CLIENT}"), "entry")
        self.assertEqual([each["HELO_ID"] for each in found], [name])
        self.assertEqual((found[0]["SYSLOG_IDENTIFIER"], found[0]["PRIORITY"]), ("milter-helo", "6"))
        self.stop(process)
        until(lambda: [each for each in self.entries("SYSLOG_IDENTIFIER=milter-helo")
                       if each["MESSAGE"].startswith("stopped: ")], "last entry")
