# SPDX-License-Identifier: BSD-2-Clause
"""Sessions that wait for DNS: each is answered in its time, and none holds up another.

libmilter's pool makes a session wait for somebody else's blocked callback unless the filter pokes it. Times are held
against dns.wait, not against the speed of this machine: who waits for another one's wait takes two of them.
"""

import threading
import time

from bench import CLIENT, SERVER, SILENT, SILENT_CLIENT, Case, free_port

WAIT_S = 3.0
SESSIONS = 40


class Waiting(Case):
    policy_changes = {"dns": {"wait": f"{WAIT_S:g}s", "deadline": "20s"}}
    rounds = 2

    def setUp(self):
        super().setUp()
        self.filter = self.begin()

    def begin(self):
        return self.start()

    def blocked(self, count):
        """Sessions that are about to ask for a verdict nobody's DNS will help with."""
        sessions = []
        for number in range(count):
            session = self.session(SILENT_CLIENT)
            session.helo(f"s{number}.{SILENT}")
            session.mail()
            sessions.append(session)
        return sessions

    def ask_all(self, sessions):
        """RCPT on all of them at one moment. Returns a list that fills with (when, answer), and the threads."""
        gate = threading.Barrier(len(sessions) + 1)
        answers = []

        def ask(session):
            gate.wait()
            began = time.monotonic()
            answer = session.rcpt()
            answers.append((time.monotonic() - began, answer))
        threads = [threading.Thread(target=ask, args=(session,)) for session in sessions]
        for thread in threads:
            thread.start()
        gate.wait()
        return answers, threads

    def test_each_waits_for_itself_alone(self):
        for _ in range(self.rounds):
            answers, threads = self.ask_all(self.blocked(SESSIONS))
            for thread in threads:
                thread.join()
            self.assertEqual([answer.name for _, answer in answers], ["continue"] * SESSIONS)
            self.assertLess(max(seconds for seconds, _ in answers), 2 * WAIT_S)
        decision = self.filter.decision(client=SILENT_CLIENT)
        self.assertIn("timeout", decision["unknown"])
        self.assertIsNone(self.filter.find("cannot connect to its own socket"))

    def test_others_are_served_meanwhile(self):
        """While they wait, somebody whose verdict is certain gets it: before any of them has its own."""
        answers, threads = self.ask_all(self.blocked(SESSIONS))
        for _ in range(5):
            self.assertEqual(self.session(CLIENT).transaction(SERVER).code, 550)
        done_meanwhile = len(answers)
        for thread in threads:
            thread.join()
        self.assertEqual(done_meanwhile, 0)

    def test_client_that_hangs_up_while_waiting(self):
        for session in self.blocked(10):
            session.send(b"R", b"<user@site.example>\0")
            session.close()
        self.assert_serves()
        self.stop(self.filter)
        self.filter.expect("stopped: 0 sessions left$")


class WaitingOverInet(Waiting):
    """The poke is another one there."""

    rounds = 1
    test_client_that_hangs_up_while_waiting = None

    def begin(self):
        self.address = ("127.0.0.1", free_port())
        return self.start("-s", f"inet:{self.address[1]}@127.0.0.1")


class WaitingAfterReplacement(Waiting):
    """The path leads to another process by now: the poke must not."""

    test_others_are_served_meanwhile = None     # they would be the other process's
    test_client_that_hangs_up_while_waiting = None

    def test_each_waits_for_itself_alone(self):
        sessions = self.blocked(SESSIONS)
        self.start("--replace")
        answers, threads = self.ask_all(sessions)
        for thread in threads:
            thread.join()
        self.assertLess(max(seconds for seconds, _ in answers), 2 * WAIT_S)
        self.assertEqual(len(self.filter.decisions()), SESSIONS)
