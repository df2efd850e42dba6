# SPDX-License-Identifier: BSD-2-Clause
"""What systemd and the filter tell each other: sockets that are passed, readiness, reloads, stops, signs of life."""

import os
import signal
import socket
import sys
import threading
import time
import unittest

from bench import ACCOUNT, CLIENT_NAME, DEADLINE_S, PROGRAM, SERVER, Case, Process
from milter_client import Milter
from subject_stopping import Load, expect_refusal

# Descriptors are passed from number 3 on, to one process id: only the child itself knows its own before exec().
PASSER = """\
import os, sys
listeners = [int(word) for word in sys.argv[1].split(",")]
for index, fd in enumerate(listeners):
    os.dup2(fd, 3 + index, inheritable=True)
os.environ.update(LISTEN_FDS=str(len(listeners)), LISTEN_PID=str(os.getpid()))
os.execv(sys.argv[2], sys.argv[2:])
"""


class Manager:
    """The end of NOTIFY_SOCKET that systemd holds. What comes is kept, a list of lines for each datagram."""

    def __init__(self, home):
        self.path = f"{home}/notify"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        os.chmod(self.path, 0o666)
        self.heard = []
        self.news = threading.Condition()
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self):
        while data := self.socket.recv(4096):
            with self.news:
                self.heard.append(data.decode().split("\n"))
                self.news.notify_all()

    def lines(self, start=0):
        with self.news:
            return [line for each in self.heard[start:] for line in each]

    def expect(self, word, start=0):
        """The first datagram from number `start` on with a line that begins so; returns it, and its number + 1."""
        def found():
            return next(((each, number + 1) for number, each in enumerate(self.heard)
                         if number >= start and any(line.startswith(word) for line in each)), None)
        with self.news:
            self.news.wait_for(found, DEADLINE_S)
            if not found():
                raise AssertionError(f"no {word} in {self.heard}")
            return found()

    def close(self):
        """An empty datagram ends the reader."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as last:
            last.sendto(b"", self.path)
        self.reader.join(DEADLINE_S)
        self.socket.close()


@unittest.skipIf(os.environ.get("HELO_SYSTEMD", "ON") != "ON", "built without libsystemd")
class ServiceCase(Case):
    """A test that plays systemd."""

    def setUp(self):
        super().setUp()
        self.manager = Manager(self.home)
        self.addCleanup(self.manager.close)
        self.environment = {**os.environ, "NOTIFY_SOCKET": self.manager.path}

    def listener(self, family=socket.AF_UNIX, address=None, listening=True):
        listener = socket.socket(family)
        self.addCleanup(listener.close)
        listener.bind(address or self.socket)
        if family == socket.AF_UNIX:
            os.chown(self.socket, ACCOUNT.pw_uid, -1)
        else:
            self.address = listener.getsockname()
        if listening:
            listener.listen()
        return listener

    def launch_with(self, *listeners, options=("-f",), **environment):
        """Starts the filter as systemd does, with these sockets; it may fail."""
        numbers = [each.fileno() for each in listeners]
        process = Process([sys.executable, "-c", PASSER, ",".join(map(str, numbers)), PROGRAM,
                           "-p", self.policy_file, *options],
                          pass_fds=numbers, env={**self.environment, **environment})
        self.filters.append(process)
        return process

    def start_with(self, *listeners, **more):
        process = self.launch_with(*listeners, **more)
        process.expect("milter-helo: ready socket=")
        return process


class Notified(ServiceCase):
    def start_notified(self, **more):
        return self.start(env={**self.environment, **more})

    def test_ready_reload_stop(self):
        process = self.start_notified()
        ready, number = self.manager.expect("READY=1")
        self.assertIn(f"STATUS=mode enforce, 0 sessions, policy {self.policy_file}", ready)
        self.assert_serves()            # READY means just that

        before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        self.write_policy(mode="observe")
        self.reload(process)
        reloading, number = self.manager.expect("RELOADING=1", number)
        stamp = next(int(line[15:]) for line in reloading if line.startswith("MONOTONIC_USEC="))
        self.assertTrue(before <= stamp <= time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000)
        ready, number = self.manager.expect("READY=1", number)
        self.assertTrue(any(line.startswith("STATUS=mode observe,") for line in ready), ready)

        self.write_text("mode: [\n")     # what cannot be read is no reason to stay "reloading"
        self.reload(process, "policy not reloaded")
        _, number = self.manager.expect("RELOADING=1", number)
        ready, number = self.manager.expect("READY=1", number)
        self.assertTrue(any(line.startswith("STATUS=mode observe,") for line in ready), ready)

        self.stop(process)
        stopping, _ = self.manager.expect("STOPPING=1", number)
        self.assertIn("EXTEND_TIMEOUT_USEC=30000000", stopping)     # stop_grace of 20 s, and 10 s

    def test_status_counts_sessions(self):
        self.start_notified()
        _, number = self.manager.expect("READY=1")
        self.session()
        self.manager.expect("STATUS=mode enforce, 1 session,", number)

    def test_signs_of_life(self):
        process = self.start_notified(WATCHDOG_USEC="4000000")
        _, number = self.manager.expect("WATCHDOG=1")
        self.manager.expect("WATCHDOG=1", number)
        # The limit is of one process: what another was told is nothing to us.
        self.stop(process)
        before = len(self.manager.heard)
        process = self.start_notified(WATCHDOG_USEC="4000000", WATCHDOG_PID="1")
        self.session()
        self.manager.expect("STATUS=mode enforce, 1 session,", before)
        self.assertNotIn("WATCHDOG=1", self.manager.lines(before))


class Passed(ServiceCase):
    """Sockets that systemd has opened."""

    def test_takes_the_place_of_the_policys(self):
        self.write_policy(milter={"socket": f"unix:{self.run_directory}/unused"})
        process = self.start_with(self.listener())
        process.expect(f"systemd has opened unix:{self.socket}, which takes the place of milter.socket")
        process.expect(f"ready socket=unix:{self.socket} ")
        self.assert_serves()
        self.assertFalse(os.path.exists(f"{self.run_directory}/unused"))
        self.stop(process)
        self.assertTrue(os.path.exists(self.socket), "a socket that is systemd's was removed")

    def test_tcp(self):
        for family, address, text in ((socket.AF_INET, ("127.0.0.1", 0), "inet:%d@127.0.0.1"),
                                      (socket.AF_INET6, ("::1", 0), "inet6:%d@::1")):
            if family == socket.AF_INET6 and not os.path.exists("/proc/net/if_inet6"):
                continue
            with self.subTest(family=family):
                listener = self.listener(family, address)
                process = self.start_with(listener)
                process.expect("ready socket=" + text % self.address[1])
                self.assert_serves()
                session = self.session()
                process.signal(signal.SIGTERM)
                process.expect("stopping: 1 sessions")
                with Milter(self.address) as waiting:
                    self.assertEqual(session.transaction(SERVER).code, 550)
                    session.quit()
                    self.assertEqual(process.wait(), 0)
                    self.start_with(listener)
                    waiting.negotiate()
                    expect_refusal(waiting)

    def test_background(self):
        process = self.launch_with(self.listener(), options=())
        self.assertEqual(process.child.wait(DEADLINE_S), 0, process.text())
        with open(self.pid_file, encoding="ascii") as file:
            pid = int(file.read())
        self.assert_serves()
        os.kill(pid, signal.SIGTERM)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0)

    def test_an_option_comes_first(self):
        process = self.start_with(self.listener(), options=("-f", "-s", f"unix:{self.run_directory}/other"))
        self.address = f"{self.run_directory}/other"
        self.assert_serves()
        self.assertIsNone(process.find("systemd has opened"))

    def refused_with(self, pattern, *listeners):
        process = self.launch_with(*listeners)
        self.assertEqual(process.wait(), 78, process.text())
        process.expect(pattern)

    def test_wrong_ones(self):
        self.refused_with("2 sockets were passed, and the filter listens on one", self.listener(),
                          self.listener(socket.AF_INET, ("127.0.0.1", 0)))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams, open(os.devnull, "rb") as file:
            for wrong in (datagrams, file, self.listener(socket.AF_INET, ("127.0.0.1", 0), listening=False)):
                self.refused_with("no listening stream socket.*Accept=no", wrong)

    def test_no_sign_of_life_when_nobody_gets_through(self):
        """The filter's clock goes on, but what it sends to its own socket does not come back: systemd is to notice."""
        process = self.start_with(self.listener(), WATCHDOG_USEC="400000")
        self.manager.expect("WATCHDOG=1")
        self.address = f"{self.socket}.moved"
        os.rename(self.socket, self.address)
        process.expect("cannot connect to its own socket")
        number = len(self.manager.heard)
        self.session()                          # and stays: what ends is a sign of life, too
        self.manager.expect("STATUS=mode enforce, 1 session,", number)
        self.assertLessEqual(self.manager.lines(number).count("WATCHDOG=1"), 1)     # of what had come through before
        number = len(self.manager.heard)
        os.rename(self.address, self.socket)
        self.manager.expect("WATCHDOG=1", number)

    def test_nobody_meets_a_missing_filter(self):
        """Stopped, and started again, under load: whoever comes waits, and gets the verdict that is due."""
        listener = self.listener()
        process = self.start_with(listener)
        load = Load(self.visit)
        with load:
            for _ in range(4):
                load.wait_for(20)
                self.stop(process)
                process = self.start_with(listener)
            load.wait_for(20)
        self.assertEqual(load.odd, [])

    def visit(self):
        with Milter(self.socket) as milter:
            milter.negotiate()
            expect_refusal(milter)
        return True

    def test_session_in_flight_is_served_to_its_end(self):
        listener = self.listener()
        process = self.start_with(listener)
        session = self.session()
        process.signal(signal.SIGTERM)
        process.expect("stopping: 1 sessions")
        with Milter(self.socket) as waiting:        # in the queue
            self.assertEqual(session.transaction(SERVER).code, 550)
            session.quit()
            self.assertEqual(process.wait(), 0)
            process.expect("stopped: 0 sessions left$")
            self.start_with(listener)
            waiting.negotiate()
            expect_refusal(waiting)

    def test_no_stranger_gets_in_while_it_stops(self):
        """The socket that the filter wakes its pool by, while sessions end, is nobody else's to connect to."""
        process = self.start_with(self.listener())
        session = self.session()
        process.signal(signal.SIGTERM)
        process.expect("stopping: 1 sessions")
        numbers = {os.readlink(f"/proc/{process.pid}/fd/{fd}") for fd in os.listdir(f"/proc/{process.pid}/fd")}
        with open("/proc/net/unix") as table:
            rows = [line.split() for line in table]
        own = [row[7:] for row in rows[1:] if f"socket:[{row[6]}]" in numbers and row[5] == "01"]
        self.assertGreater(len(own), 1)                             # the one that was passed, and that one
        self.assertEqual([name for name in own if not name or name[0].startswith("@")], [])
        for path in (name[0] for name in own if name != [self.socket]):
            self.assertFalse(os.path.exists(path), path)
        session.quit()
        self.assertEqual(process.wait(), 0)

    def test_who_waits_bounds_the_grace(self):
        """An idle session has stop_grace while nobody waits, and seconds once somebody does."""
        self.write_policy(milter={"stop_grace": "10min"})
        listener = self.listener()
        process = self.start_with(listener)
        session = self.session()
        process.signal(signal.SIGTERM)
        process.expect("stopping: 1 sessions")
        with Milter(self.socket) as waiting:
            process.expect("clients wait for the next process: sessions have 5000 ms to finish")
            self.assertEqual(session.transaction(CLIENT_NAME).name, "continue")
            self.assertEqual(process.wait(), 0)
            self.assert_gone(session)
            self.start_with(listener)
            waiting.negotiate()
            expect_refusal(waiting)

