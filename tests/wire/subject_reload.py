# SPDX-License-Identifier: BSD-2-Clause
"""HUP: a good policy takes effect for new sessions, a broken one changes nothing, and no session notices."""

import itertools
import json
import os
import re
import signal
import subprocess
import threading

from bench import CLIENT, CLIENT_NAME, DEADLINE_S, SERVER, Case
from milter_client import Milter

CHECKS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "lib", "checks", "checks.def")
HELOCHECK = os.environ.get("HELOCHECK", "")
BROKEN = "mode: enforce\nchecks: {own_name: refuse}\nmilter: [\n"


class Reload(Case):
    def test_new_sessions_follow_the_new_policy(self):
        process = self.start()
        before = self.session()
        self.write_policy(checks={"own_name": "defer"})
        self.assertIn(self.policy_file, self.reload(process))
        self.assertEqual(self.session().transaction(SERVER).code, 450)
        self.assertEqual(before.transaction(SERVER).code, 550)

    def test_broken_policy_is_reported_with_its_place(self):
        process = self.start()
        for text, place in ((BROKEN, r":\d+:\d+: error: "), ("mode: maybe\n", r":1:7: error: ")):
            with self.subTest(text=text):
                self.write_text(text)
                mark = process.mark()
                self.reload(process, f"policy not reloaded, the former stays in force: {self.policy_file}")
                self.assertIsNotNone(process.find(place, mark), process.text())
                self.assert_serves()
        self.write_policy()
        self.reload(process)

    def test_policy_that_is_gone(self):
        process = self.start()
        os.unlink(self.policy_file)
        self.reload(process, "policy not reloaded")
        self.assert_serves()

    def test_what_needs_a_restart_is_named(self):
        process = self.start()
        self.write_policy(milter={"socket": "unix:/elsewhere/sock", "socket_mode": "0600"}, log={"facility": "local3"})
        mark = process.mark()
        self.reload(process)
        for key in ("milter.socket", "milter.socket_mode", "log.facility"):
            self.assertIsNotNone(process.find(f"warning: {key} has changed: that needs a restart", mark))
            self.assertRegex(process.find(f"policy change: {key}: ", mark), r"\(after a restart\)$")
        self.assertIsNone(process.find("milter.user has changed", mark))

    def test_what_has_changed_is_logged(self):
        process = self.start()
        mark = process.mark()
        self.assertTrue(self.reload(process).endswith("mode=enforce (0 changes)"))
        self.assertIsNone(process.find("policy change:", mark))
        self.write_policy(checks={"own_name": "defer"}, networks=["198.51.100.0/24"], reply={"url": "https://site.example/"})
        mark = process.mark()
        self.assertTrue(self.reload(process).endswith("(3 changes)"))
        self.assertIsNotNone(process.find(r"policy change: checks\.own_name\.claimed: defer, was reject \(.*policy\.yaml:\d+\)",
                                          mark), process.text())
        self.assertIsNotNone(process.find(r"policy change: networks: 1 added", mark), process.text())
        self.assertIsNotNone(process.find(r"policy change: reply\.url: ", mark), process.text())
        self.write_policy(checks={"own_name": "defer"}, networks=["198.51.100.0/24"])
        self.assertTrue(self.reload(process).endswith("(1 change)"))

    def test_many_changes_are_counted(self):
        process = self.start()
        with open(CHECKS, encoding="ascii") as file:
            checks = re.findall(r"^CHECK\((\w+),", file.read(), re.M)
        self.write_policy(checks={check: {"action": "off", "score": 1.5} for check in checks})
        mark = process.mark()
        count = int(re.search(r"\((\d+) changes\)$", self.reload(process))[1])
        self.assertGreater(count, 50)
        shown = [line for line in process.text().split("\n")[mark:] if "policy change: " in line]
        self.assertEqual(len(shown), 51)
        self.assertTrue(shown[-1].endswith(f"policy change: and {count - 50} more"), shown[-1])

    def test_what_was_counted_is_logged(self):
        """A reload keeps what is known: the second visit asks nothing, and the log can tell so."""
        def counters(mark):
            line = process.expect("counters: sessions=", mark)
            return {name: float(value) for name, value in re.findall(r"(\w+)=([\d.]+)", line)}

        process = self.start()
        self.session(CLIENT).transaction(CLIENT_NAME)
        mark = process.mark()
        self.reload(process)
        before = counters(mark)
        mark = process.mark()
        self.session(CLIENT).transaction(CLIENT_NAME)
        self.stop(process)
        after = counters(mark)
        self.assertGreater(before["dns_asked"], 0)
        self.assertGreater(before["cache_entries"], 0)
        self.assertEqual(after["dns_asked"], before["dns_asked"])
        self.assertGreater(after["cache_hits"], before["cache_hits"])
        self.assertGreater(after["cache_hit_ratio"], 0)

    def test_tested_again(self):
        """What only DNS can tell is told after a start and after a reload, and nobody waits for it."""
        process = self.start()
        self.assert_serves()
        self.write_policy(server={"names": [SERVER, "nowhere.site.example"]})
        mark = process.mark()
        self.reload(process)
        process.expect("warning: .*nowhere.site.example does not resolve", mark)
        self.stop(process)
        self.start().expect("warning: .*nowhere.site.example does not resolve")

    def helocheck(self, *options):
        """helocheck reload on the policy: its exit code, and all it says."""
        done = subprocess.run([HELOCHECK, "reload", "--policy", self.policy_file, *options], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=DEADLINE_S, check=False)
        return done.returncode, done.stdout

    def test_helocheck_tells_it(self):
        process = self.start()
        self.write_policy(checks={"own_name": "defer"})
        mark = process.mark()
        code, said = self.helocheck()
        self.assertEqual(code, 0, said)
        self.assertIn(f"(process {process.pid})", said)
        process.expect(r"policy reloaded: .*\(1 change\)", mark)
        self.write_text(BROKEN)
        mark = process.mark()
        code, said = self.helocheck("--pid-file", self.pid_file)
        self.assertEqual(code, 78, said)
        self.write_policy()
        self.stop(process)
        self.assertIsNone(process.find("policy (not )?reloaded", mark))
        code, said = self.helocheck()
        self.assertEqual(code, 69, said)

    def test_storm(self):
        """Good and broken policies in turn, as fast as they can be sent, while sessions run: all get their verdict."""
        process = self.start()
        texts = itertools.cycle([json.dumps(self.policy(**{"decide_at": "rcpt"})), BROKEN,
                                 json.dumps(self.policy(**{"mode": "enforce", "networks": ["198.51.100.0/24"]}))])
        over = threading.Event()
        wrong = []
        served = [0]

        def serve():
            while not over.is_set():
                with Milter(self.socket) as milter:
                    milter.begin()
                    answers = (milter.transaction(CLIENT_NAME).code, milter.transaction(SERVER).code)
                    milter.quit()
                if answers != (0, 550):
                    wrong.append(answers)
                served[0] += 1
        threads = [threading.Thread(target=serve) for _ in range(4)]
        for thread in threads:
            thread.start()
        try:
            for turn in range(4000):
                if turn >= 40 and served[0] > 8:  # what a storm is depends on the machine
                    break
                self.write_text(next(texts))
                for _ in range(10):
                    process.signal(signal.SIGHUP)
        finally:
            over.set()
            for thread in threads:
                thread.join()
        self.assertEqual(wrong, [])
        self.assertGreater(served[0], 4)
        self.write_policy(checks={"own_name": "defer"})
        # A signal of the storm may still be served, with what stood in the file before.
        for _ in range(10):
            self.reload(process)
            session = self.session()
            code = session.transaction(SERVER).code
            session.quit()
            if code == 450:
                break
        self.assertEqual(code, 450)
        self.stop(process)
