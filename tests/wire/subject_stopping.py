# SPDX-License-Identifier: BSD-2-Clause
"""The end of the filter: who is in is served, who comes is told nothing, and it does end."""

import os
import signal
import threading

from bench import CLIENT_NAME, DEADLINE_S, SERVER, SILENT, SILENT_CLIENT, Case
from milter_client import Closed, Milter


class Load:
    """Threads that make one session after the other with visit(), while the with statement lasts.

    Whatever visit() raises is noted in `odd`; what it returns says whether the session counts.
    """

    THREADS = 4

    def __init__(self, visit):
        self.odd = []
        self.count = 0
        self.visit = visit
        self.over = threading.Event()
        self.news = threading.Condition()
        self.threads = [threading.Thread(target=self._run) for _ in range(self.THREADS)]

    def _run(self):
        while not self.over.is_set():
            try:
                counts = self.visit()
            except Exception as error:  # whatever it is, it is a finding
                self.odd.append(error)
                counts = True
            with self.news:
                self.count += counts
                self.news.notify_all()

    def wait_for(self, more):
        """Until so many more sessions were judged."""
        with self.news:
            target = self.count + more
            if not self.news.wait_for(lambda: self.count >= target, DEADLINE_S):
                raise AssertionError(f"only {self.count} of {target} sessions")

    def __enter__(self):
        for thread in self.threads:
            thread.start()

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join()


def expect_refusal(milter):
    """The rest of a session after negotiation: a lie, and its verdict."""
    milter.connect()
    answer = milter.transaction(SERVER)
    milter.quit()
    if answer.code != 550:
        raise AssertionError(f"wrong verdict: {answer}")


class Stopping(Case):
    def begin_stop(self, process, number=signal.SIGTERM):
        process.signal(number)
        process.expect("milter-helo: stopping: ")

    def test_idle(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(signal=number):
                process = self.start()
                process.signal(number)
                self.assertEqual(process.wait(), 0)
                self.assertFalse(os.path.exists(self.socket))
                self.assertFalse(os.path.exists(self.pid_file))

    def test_sessions_in_flight_finish(self):
        process = self.start()
        sessions = [self.session() for _ in range(5)]
        waiting = self.session(SILENT_CLIENT)
        waiting.helo(f"a.{SILENT}")
        waiting.mail()
        waiting.send(b"R", b"<user@site.example>\0")    # blocked for DNS while the stop begins
        self.begin_stop(process)
        self.assertEqual(waiting.receive().name, "continue")
        waiting.quit()
        for session in sessions:
            self.assertEqual(session.transaction(CLIENT_NAME).name, "continue")
            session.abort()
            self.assertEqual(session.transaction(SERVER).code, 550)
        self.assertTrue(process.running())
        for session in sessions:
            session.quit()
        self.assertEqual(process.wait(), 0)
        process.expect("stopped: 0 sessions left$")

    def test_exempt_session_is_waited_for_like_any(self):
        process = self.start()
        milter = self.milter()
        milter.negotiate()
        milter.connect("127.0.0.1")
        self.begin_stop(process)
        milter.quit()
        self.assertEqual(process.wait(), 0)

    def test_new_sessions_are_not_taken(self):
        process = self.start()
        session = self.session()
        early = self.milter()           # connected before, but says its first word after
        self.begin_stop(process)
        with self.assertRaises((FileNotFoundError, ConnectionRefusedError)):
            Milter(self.socket)
        with self.assertRaises((Closed, BrokenPipeError)):
            early.negotiate()
        session.quit()
        self.assertEqual(process.wait(), 0)

    def test_grace_is_over(self):
        self.write_policy(milter={"stop_grace": "300ms"})
        process = self.start()
        session = self.session()
        self.begin_stop(process)
        self.assertEqual(process.wait(), 0)
        process.expect("stopped: 1 sessions left: milter.stop_grace is over")
        self.assert_gone(session)

    def test_second_signal_ends_it_at_once(self):
        process = self.start()
        session = self.session()
        self.begin_stop(process)
        process.signal(signal.SIGHUP)   # means nothing any more
        process.signal(signal.SIGINT)
        self.assertEqual(process.wait(), 0)
        process.expect("stopped: 1 sessions left: told to stop at once")
        self.assertIsNone(process.find("reloaded"))
        self.assert_gone(session)

    def test_stop_and_start_under_load(self):
        """Every session gets its verdict, or finds no filter: nothing in between."""
        process = self.start()
        load = Load(self.visit)
        with load:
            for _ in range(5):
                load.wait_for(20)
                self.stop(process)
                process = self.start()
        self.assertEqual(load.odd, [])

    def visit(self):
        """One session; what an MTA without filter does is no concern here. Returns whether it was judged."""
        try:
            milter = Milter(self.socket)
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        with milter:
            try:
                milter.negotiate()
            except (Closed, BrokenPipeError):
                return False
            expect_refusal(milter)
        return True


class Replacing(Case):
    def test_second_instance_is_refused(self):
        process = self.start()
        self.refused(69, "in use by a live process")
        self.assert_serves()
        with open(self.pid_file, encoding="ascii") as file:
            self.assertEqual(int(file.read()), process.pid)

    def test_replace(self):
        """The new one has the path at once; the old one finishes, and takes nothing of the new one's with it."""
        old = self.start()
        session = self.session()
        new = self.start("--replace")
        fresh = self.session()
        self.assertEqual(session.transaction(SERVER).code, 550)
        self.assertEqual(fresh.transaction(SERVER).code, 550)
        for process in (old, new):
            process.decision(verdict="reject")
            self.assertEqual(len(process.decisions()), 1)
        old.signal(signal.SIGTERM)
        old.expect("stopping: 1 sessions")
        session.abort()
        self.assertEqual(session.transaction(SERVER).code, 550)
        session.quit()
        self.assertEqual(old.wait(), 0)
        self.assert_serves()
        with open(self.pid_file, encoding="ascii") as file:
            self.assertEqual(int(file.read()), new.pid)

    def test_replace_under_load(self):
        """The path leads to a filter at every moment."""
        process = self.start()
        load = Load(self.visit)
        with load:
            for _ in range(5):
                load.wait_for(20)
                former, process = process, self.start("--replace")
                self.assertTrue(former.running())
        self.assertEqual(load.odd, [])
        for each in self.filters:
            self.stop(each)

    def visit(self):
        with Milter(self.socket) as milter:
            milter.negotiate()
            expect_refusal(milter)
        return True
