# SPDX-License-Identifier: BSD-2-Clause
"""Sessions that wait for DNS: each is answered in its time, and none holds up another.

libmilter's pool makes a session wait for somebody else's blocked callback unless the filter pokes it. Times are held
against dns.wait, not against the speed of this machine.
"""

import selectors
import time

from bench import CLIENT, DEADLINE_S, SERVER, SILENT, SILENT_CLIENT, Case, free_port
from milter_client import RCPT

WAIT_S = 3.0
BOUND_S = 1.5 * WAIT_S             # who waits for another one's wait takes twice as long as that one
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
        """RCPT on all of them, as much at one moment as can be. Returns a selector of the answers to come."""
        answers = selectors.DefaultSelector()
        self.addCleanup(answers.close)
        self.asked = time.monotonic()
        for session in sessions:
            session.send(RCPT, b"<user@site.example>\0")
        for session in sessions:
            answers.register(session.socket, selectors.EVENT_READ, session)
        return answers

    def collect(self, answers):
        """Takes all answers, which must be to go on. Returns how long the last one took."""
        while answers.get_map():
            for key, _ in answers.select(DEADLINE_S):
                answers.unregister(key.fileobj)
                self.assertEqual(key.data.receive().name, "continue")
        return time.monotonic() - self.asked

    def test_each_waits_for_itself_alone(self):
        for _ in range(self.rounds):
            self.assertLess(self.collect(self.ask_all(self.blocked(SESSIONS))), BOUND_S)
        decision = self.filter.decision(client=SILENT_CLIENT)
        self.assertIn("timeout", decision["unknown"])
        self.assertIsNone(self.filter.find("cannot connect to its own socket"))

    def test_others_are_served_meanwhile(self):
        """While they wait, somebody whose verdict is certain gets it: before any of them has its own."""
        answers = self.ask_all(self.blocked(SESSIONS))
        for _ in range(5):
            self.assertEqual(self.session(CLIENT).transaction(SERVER).code, 550)
        self.assertEqual(answers.select(0), [])
        self.collect(answers)

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
        self.assertLess(self.collect(self.ask_all(sessions)), BOUND_S)
        self.assertEqual(len(self.filter.all_decisions(SESSIONS)), SESSIONS)
