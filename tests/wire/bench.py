# SPDX-License-Identifier: BSD-2-Clause
"""What every wire test stands on: a directory, a name server that obeys, and the real filter.

Nothing sleeps and hopes: log lines are waited for as they come, everything else is asked again and again, and each wait
has a deadline. Programs are ended by their process id, also when a test fails.
"""

import ctypes
import json
import os
import pwd
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from milter_client import Closed, Milter

DEADLINE_S = 60.0
POLL_S = 0.01
PROGRAM = os.path.abspath(os.environ.get("HELO_FILTER", ""))
FAULTDNS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tools", "faultdns.py")
IS_ROOT = os.geteuid() == 0
# Whom the filter becomes when the tests run as root: an account every system has, and no file of value.
USER = "nobody" if IS_ROOT else pwd.getpwuid(os.geteuid()).pw_name
ACCOUNT = pwd.getpwnam(USER)
OTHER_UID = 1                       # an account that is neither root nor USER

SERVER = "mx.site.example"
CLIENT = "203.0.113.9"              # whose DNS is in order, see ZONE
CLIENT_NAME = "mail.client.example"
SILENT_CLIENT = "203.0.113.66"      # nobody answers for it
SILENT = "drop.fault.test"          # names below it are never answered

ZONE = f"""\
{CLIENT} PTR {CLIENT_NAME}
{CLIENT_NAME} A {CLIENT}
{SERVER} A 192.0.2.1
{SILENT_CLIENT} TIMEOUT
"""

# A sanitizer's report, and the C library's last words.
REPORT = re.compile(r"\w+Sanitizer|runtime error:|stack smashing|double free|corrupted")
FIELD = re.compile(r'(\w+)=("(?:[^"\\]|\\.)*"|\S*)')

PR_SET_CHILD_SUBREAPER = 36


def until(condition, what, seconds=DEADLINE_S):
    """The first true value of condition()."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"no {what} within {seconds:g} s")
        time.sleep(POLL_S)
    return value


def started_as_user():
    """Popen's options to run the filter as USER from the start."""
    if not IS_ROOT:
        return {}
    parents = PROGRAM.split("/")
    for depth in range(2, len(parents) + 1):
        path = "/".join(parents[:depth])
        if not os.stat(path).st_mode & stat.S_IXOTH:
            raise unittest.SkipTest(f"user {USER} cannot reach {path}")
    return {"user": ACCOUNT.pw_uid, "group": ACCOUNT.pw_gid, "extra_groups": []}


def is_sanitized():
    """Whether memory says nothing of the filter: a sanitizer keeps what was given back."""
    with open(PROGRAM, "rb") as file:
        return re.search(rb"__[atm]san_init", file.read()) is not None


def adopt_orphans():
    """Daemons become children of this process, so that their end can be waited for."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


class NameServer:
    """tests/tools/faultdns.py with a zone. Ends with its standard input, at the latest with us."""

    def __init__(self, home, zone):
        path = f"{home}/zone"
        with open(path, "w", encoding="ascii") as file:
            file.write(zone)
        self.child = subprocess.Popen([sys.executable, FAULTDNS, "--address", "127.0.0.1", "--zone", path,
                                       "--until-eof"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        words = self.child.stdout.readline().split()
        if words[:1] != ["ready"]:
            raise AssertionError("the name server did not start")
        self.address = f"127.0.0.1:{words[2]}"

    def stop(self):
        self.child.stdin.close()
        self.child.wait(DEADLINE_S)
        self.child.stdout.close()


def free_port(family=socket.AF_INET):
    """A TCP port of the loopback address that nobody has at the moment."""
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.bind(("::1" if family == socket.AF_INET6 else "127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    """One run of the filter. Its lines of standard error are kept, and can be waited for."""

    def __init__(self, argv, **options):
        self.lines = []
        self.news = threading.Condition()
        self.ended = False          # its standard error, that is: also that of the daemon it forked
        self.child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                      stderr=subprocess.PIPE, **options)
        self.pid = self.child.pid
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.child.stderr:
            with self.news:
                self.lines.append(line.decode("utf-8", "replace").rstrip("\n"))
                self.news.notify_all()
        with self.news:
            self.ended = True
            self.news.notify_all()

    def text(self):
        with self.news:
            return "\n".join(self.lines)

    def find(self, pattern, start=0):
        """The first line from number `start` on in which the pattern is found, or None. Does not wait."""
        with self.news:
            return next((line for line in self.lines[start:] if re.search(pattern, line)), None)

    def expect(self, pattern, start=0):
        """Waits for that line."""
        with self.news:
            done = self.news.wait_for(lambda: self.ended or self.find(pattern, start), DEADLINE_S)
        line = self.find(pattern, start)
        if not done or line is None:
            raise AssertionError(f"no line '{pattern}' in:\n{self.text()}")
        return line

    def mark(self):
        """The number of the next line."""
        with self.news:
            return len(self.lines)

    def decisions(self, start=0):
        with self.news:
            return [dict(FIELD.findall(line)) for line in self.lines[start:] if " verdict=" in line]

    def all_decisions(self, count):
        """All of them, once there are so many: what is logged before a reply is read here a little later."""
        with self.news:
            self.news.wait_for(lambda: self.ended or len(self.decisions()) >= count, DEADLINE_S)
        return self.decisions()

    def decision(self, start=0, **fields):
        """The newest decision from line `start` on with these fields, which must come."""
        def matching():
            return [each for each in self.decisions(start) if all(each.get(k) == v for k, v in fields.items())]
        with self.news:
            self.news.wait_for(lambda: self.ended or matching(), DEADLINE_S)
        if not matching():
            raise AssertionError(f"no decision with {fields} in:\n{self.text()}")
        return matching()[-1]

    def signal(self, number):
        os.kill(self.pid, number)

    def wait(self):
        """Its exit status, once it has ended and all it wrote was read."""
        status = self.child.wait(DEADLINE_S)
        self.reader.join(DEADLINE_S)
        return status

    def running(self):
        return self.child.poll() is None

    def kill(self):
        if self.running():
            self.child.kill()
        self.child.wait(DEADLINE_S)
        self.reader.join(DEADLINE_S)
        self.child.stderr.close()


class Case(unittest.TestCase):
    """A test with a home directory, a name server, and as many filters as it likes.

    The home is root's (or ours) and may be searched by all; `run` below it is the filter's own. Whatever filter was
    started is looked over at the end: alive until it was stopped, and not a word of a sanitizer.
    """

    zone = ZONE
    policy_changes = {}             # of a class, see policy()

    def setUp(self):
        self.home = tempfile.mkdtemp(prefix="mh-", dir="/tmp")
        self.addCleanup(shutil.rmtree, self.home)
        os.chmod(self.home, 0o755)
        self.run_directory = f"{self.home}/run"
        os.mkdir(self.run_directory)
        if IS_ROOT:
            os.chown(self.run_directory, ACCOUNT.pw_uid, ACCOUNT.pw_gid)
        self.socket = f"{self.run_directory}/sock"
        self.address = self.socket  # where sessions go
        self.pid_file = f"{self.run_directory}/pid"
        self.policy_file = f"{self.home}/policy.yaml"
        self.dns = NameServer(self.home, self.zone)
        self.addCleanup(self.dns.stop)
        self.filters = []
        self.addCleanup(self._end_filters)
        self.write_policy()

    def _end_filters(self):
        for process in self.filters:
            process.kill()
        reports = [line for process in self.filters for line in process.lines if REPORT.search(line)]
        self.assertEqual(reports, [], "\n".join(process.text() for process in self.filters))

    # -- policy

    def policy(self, **changes):
        """The policy as a dict: `changes` replace or extend its top level mappings, one level deep."""
        made = {
            "mode": "enforce",
            "server": {"names": [SERVER], "addresses": ["192.0.2.1"], "learn": False},
            "dns": {"servers": [self.dns.address], "wait": "2s", "deadline": "5s", "wait_for": "everything"},
            "milter": {"socket": f"unix:{self.socket}", "user": USER if IS_ROOT else "", "pid_file": self.pid_file,
                       "stop_grace": "20s"},
            "log": {"to": "stderr"},
        }
        for source in (self.policy_changes, changes):
            for key, value in source.items():
                made[key] = {**made.get(key, {}), **value} if isinstance(value, dict) else value
        return made

    def write_policy(self, **changes):
        self.write_text(json.dumps(self.policy(**changes), indent=1))  # JSON is YAML, too

    def write_text(self, text):
        """Replaces the policy file at once, as an editor would."""
        with open(f"{self.policy_file}.new", "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(f"{self.policy_file}.new", 0o644)
        os.rename(f"{self.policy_file}.new", self.policy_file)

    # -- filters

    def launch(self, *options, **popen):
        """Starts the filter; it may fail."""
        process = Process([PROGRAM, "-p", self.policy_file, *options], **popen)
        self.filters.append(process)
        return process

    def start(self, *options, **popen):
        """Starts it in the foreground, and returns when it listens."""
        process = self.launch("-f", *options, **popen)
        process.expect("milter-helo: ready socket=")
        return process

    def refused(self, status, *patterns, options=("-f",), **popen):
        """It must end by itself, with this status and these lines."""
        process = self.launch(*options, **popen)
        self.assertEqual(process.wait(), status, process.text())
        for pattern in patterns:
            process.expect(pattern)
        return process

    def stop(self, process):
        process.signal(signal.SIGTERM)
        self.assertEqual(process.wait(), 0, process.text())

    def reload(self, process, expect="policy reloaded"):
        mark = process.mark()
        process.signal(signal.SIGHUP)
        return process.expect(expect, mark)

    # -- sessions

    def milter(self):
        milter = Milter(self.address)
        self.addCleanup(milter.close)
        return milter

    def session(self, client=CLIENT, **macros):
        """A connection whose client is being judged."""
        return self.milter().begin(client, **macros)

    def assert_serves(self):
        """The filter still does what it is for."""
        with Milter(self.address) as milter:
            answer = milter.begin(CLIENT).transaction(SERVER)
            self.assertEqual(answer.code, 550, answer)

    def assert_gone(self, milter):
        """The filter hangs up without a word."""
        with self.assertRaises(Closed):
            milter.receive()


def main(argv):
    """run.py's: the classes of one module are the tests of one subject."""
    adopt_orphans()
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    if not os.access(PROGRAM, os.X_OK):
        sys.exit("HELO_FILTER does not name the filter's binary")
    unittest.main(module=argv[1], argv=[argv[0], "-v", *argv[2:]])
