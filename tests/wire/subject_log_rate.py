# SPDX-License-Identifier: BSD-2-Clause
"""More decisions than log.rate lets into the log: refusals come first, no client hides another, and all are counted."""

import re
import signal

from bench import CLIENT, SERVER, Case

LEFT_OUT = re.compile(r"log\.rate \((\d+)\): (\d+) decisions of the last \S+ s have no line of their own: "
                      r"would=accept (\d+), would=defer (\d+), would=reject (\d+)")
# A rate of one: sixteen lines at once, of which eight are for refusals, and two for one client's (log_rate.h).
AT_ONCE, RESERVE, SHARE = 16, 8, 2
FLOOD = "203.0.113.67"
OTHERS = ("203.0.113.101", "2001:db8:1::25", "203.0.113.102", "2001:db8:2::25", "203.0.113.103", "2001:db8:3::25")


class Rate(Case):
    policy_changes = {"log": {"rate": 1}}

    def setUp(self):
        super().setUp()
        self.filter = self.start()

    def accept(self, times):
        for _ in range(times):
            with self.milter() as milter:
                self.assertEqual(milter.begin(CLIENT).transaction("mail.client.example").name, "continue")

    def refuse(self, times, client=CLIENT):
        """Their ids."""
        names = []
        for _ in range(times):
            with self.milter() as milter:
                answer = milter.begin(client).transaction(SERVER)
                self.assertEqual(answer.code, 550)
                names.append(re.search(r"[0-9A-Z]{16}", answer.text).group())
        return names

    def logged(self, **fields):
        return [each for each in self.filter.decisions()
                if all(each.get(key) == value for key, value in fields.items())]

    def assert_nearly_all_logged(self, names):
        """One in 512 clients shares a bucket with the one that floods; two of a few do not."""
        self.assertGreaterEqual(len({each["id"] for each in self.logged()}.intersection(names)), len(names) - 1)

    def finish(self):
        """(of all, accepted, deferred, rejected) that were left out."""
        self.stop(self.filter)
        lines = [LEFT_OUT.search(line) for line in self.filter.lines]
        return [sum(int(match.group(i)) for match in lines if match) for i in (2, 3, 4, 5)]

    def test_refusals_have_a_reserve(self):
        self.accept(40)
        refused = [self.refuse(1, client)[0] for client in OTHERS]
        left_out = self.finish()
        self.assertEqual([each["id"] for each in self.logged(verdict="reject")], refused)
        accepted = len(self.logged(verdict="accept"))
        self.assertGreaterEqual(accepted, AT_ONCE - RESERVE)
        self.assertLess(accepted, 40)
        self.assertEqual(left_out, [40 - accepted, 40 - accepted, 0, 0])

    def test_one_client_hides_nobody_else(self):
        self.refuse(60, FLOOD)
        others = [self.refuse(1, client)[0] for client in OTHERS]
        left_out = self.finish()
        self.assert_nearly_all_logged(others)
        flood = len(self.logged(client=FLOOD))
        self.assertGreaterEqual(flood, SHARE)
        self.assertLess(flood, 60)
        rest = 60 + len(OTHERS) - len(self.logged(verdict="reject"))
        self.assertEqual(left_out, [rest, 0, 0, rest])

    def test_addresses_of_one_network_are_one_client(self):
        for number in range(60):
            self.refuse(1, f"2001:db8:5::{number:x}")
        others = [self.refuse(1, client)[0] for client in OTHERS]
        self.finish()
        self.assert_nearly_all_logged(others)
        self.assertLess(len(self.logged()), 60)

    def test_reload_changes_it(self):
        self.write_policy(log={"rate": 0})
        self.reload(self.filter, "policy change: log.rate: 0, was 1")
        self.refuse(60)
        self.assertEqual(self.finish(), [0, 0, 0, 0])
        self.assertEqual(len(self.logged()), 60)


class Observed(Case):
    """Nothing is refused while a policy is only observed, and what would be is what one wants to see."""

    policy_changes = {"mode": "observe", "log": {"rate": 1}}

    def test_counted_by_what_would_be(self):
        process = self.start()
        for helo, times in (("mail.client.example", 30), (SERVER, 30)):
            for _ in range(times):
                with self.milter() as milter:
                    self.assertEqual(milter.begin(CLIENT).transaction(helo).name, "continue")
        process.signal(signal.SIGTERM)
        self.assertEqual(process.wait(), 0)
        decisions = process.decisions()
        would = [sum(each["would"] == word for each in decisions) for word in ("accept", "reject")]
        match = LEFT_OUT.search(process.expect("log.rate"))
        self.assertGreaterEqual(would[1], SHARE)
        self.assertEqual([int(match.group(3)) + would[0], int(match.group(5)) + would[1]], [30, 30])
