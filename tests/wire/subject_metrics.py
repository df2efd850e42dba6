# SPDX-License-Identifier: BSD-2-Clause
"""What the filter tells of itself: numbers after sessions that are known, by HTTP and in a file, and what becomes of
both when ports are taken, directories cannot be written to, and processes take turns."""

import os
import signal
import socket
import stat
import unittest

from bench import (ACCOUNT, CLIENT, CLIENT_NAME, IS_ROOT, SERVER, SILENT, SILENT_CLIENT, Case, free_port,
                   until)
from exposition import NEEDS_HTTP, Metrics, request, scrape
from milter_client import Milter

EXEMPT = "192.0.2.77"


@NEEDS_HTTP
class MetricsCase(Case):
    """`listen` is where the numbers are read, `file` where they are written."""

    def setUp(self):
        super().setUp()
        self.file = f"{self.run_directory}/helo.prom"
        self.open_metrics()

    def open_metrics(self):
        self.listen = ("127.0.0.1", free_port())
        self.policy_changes = {"metrics": {"listen": f"inet:{self.listen[1]}@127.0.0.1", "file": self.file,
                                           "interval": "1s"}}
        self.write_policy()

    def read_file(self):
        with open(self.file, encoding="ascii") as file:
            return Metrics(file.read())

    def ended(self, filter_):
        """The file, once the filter has ended with nobody left to serve."""
        until(lambda: scrape(self.listen).get("milter_helo_sessions_open") == 0, "end of all sessions")
        self.stop(filter_)
        return self.read_file()


class Numbers(MetricsCase):
    """Whatever way they are read, after the same sessions they are the same."""

    def play(self):
        """Refused for our name; accepted; exempt by network, by AUTH; DNS that does not answer."""
        self.write_policy(networks=[EXEMPT], version="2026-11-21", dns={"wait": "1s"})
        self.filter = self.start()
        with self.session(CLIENT) as refused:
            self.assertEqual(refused.transaction(SERVER).code, 550)
        for name in (CLIENT_NAME, CLIENT_NAME):
            with self.session(CLIENT) as accepted:
                self.assertEqual(accepted.transaction(name).name, "continue")
        with self.session(CLIENT) as user:
            user.transaction(SERVER, auth_authen="user", auth_type="PLAIN")
        with self.milter() as exempt:
            exempt.negotiate()
            self.assertEqual(exempt.connect(EXEMPT).name, "accept")
        with self.session(SILENT_CLIENT) as silent:
            silent.transaction(f"a.{SILENT}")

    def check(self, numbers):
        def is_number(value, name, **labels):
            self.assertEqual(numbers.get(f"milter_helo_{name}", **labels), value, (name, labels))
        is_number(6, "sessions_total")
        is_number(5, "verdicts_total", mode="enforce", action="accept")
        is_number(1, "verdicts_total", mode="enforce", action="reject")
        self.assertEqual(numbers.sum("milter_helo_verdicts_total", mode="observe"), 0)
        is_number(1, "check_fails_total", check="own_name", action="reject")
        is_number(1, "check_grounds_total", check="own_name", action="reject")
        self.assertEqual(numbers.sum("milter_helo_check_grounds_total"), 1)
        is_number(1, "exemptions_total", kind="network")
        is_number(1, "exemptions_total", kind="authenticated")
        self.assertEqual(numbers.sum("milter_helo_exemptions_total"), 2)
        self.assertGreater(numbers.get("milter_helo_check_unknowns_total", cause="timeout"), 0)
        # Whom DNS kept waiting: one of those that were judged, for a second.
        is_number(4, "verdict_wait_seconds_count")
        is_number(3, "verdict_wait_seconds_bucket", le="0.5")
        self.assertGreaterEqual(numbers.get("milter_helo_verdict_wait_seconds_sum"), 1)
        self.assertGreater(numbers.get("milter_helo_dns_answers_total", outcome="ok"), 0)
        self.assertGreater(numbers.get("milter_helo_dns_answer_time_seconds_count"), 0)
        self.assertGreater(numbers.get("milter_helo_cache_hits_total"), 0)
        self.assertGreater(numbers.get("milter_helo_pool_pokes_total", result="ok"), 0)
        is_number(0, "sessions_open")
        is_number(0, "sessions_judged")
        is_number(0, "dns_resolver_down")
        is_number(0, "clients_all_private")
        is_number(1, "policy_info", mode="enforce", version="2026-11-21")
        is_number(1, "policy_file_info", file=self.policy_file, version="2026-11-21")
        self.assertGreater(numbers.get("milter_helo_process_resident_memory_bytes"), 100000)
        self.assertGreater(numbers.get("milter_helo_process_max_fds"),
                           numbers.get("milter_helo_process_open_fds"))
        self.assertLessEqual(numbers.get("milter_helo_process_start_time_seconds"),
                             numbers.get("milter_helo_policy_load_timestamp_seconds") + 1)

    def test_numbers(self):
        self.play()
        until(lambda: scrape(self.listen).get("milter_helo_sessions_open") == 0, "end of all sessions")
        self.check(scrape(self.listen))
        self.check(self.ended(self.filter))


class NumbersOverInet6(Numbers):
    def open_metrics(self):
        self.listen = ("::1", free_port(socket.AF_INET6))
        self.policy_changes = {"metrics": {"listen": f"inet6:{self.listen[1]}@::1", "file": self.file}}


class NumbersOverUnix(Numbers):
    def open_metrics(self):
        self.listen = f"{self.run_directory}/metrics"
        self.policy_changes = {"metrics": {"listen": f"unix:{self.listen}", "file": self.file}}

    def test_numbers(self):
        """The socket is as the milter's; a stale one is no hindrance, and it is gone in the end."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as stale:
            stale.bind(self.listen)
        super().test_numbers()
        self.assertFalse(os.path.exists(self.listen))

    def test_rights(self):
        self.write_policy()
        self.start()
        about = os.stat(self.listen)
        self.assertEqual(stat.S_IMODE(about.st_mode), stat.S_IMODE(os.stat(self.socket).st_mode))
        self.assertEqual((about.st_uid, about.st_gid), (ACCOUNT.pw_uid, ACCOUNT.pw_gid))


class Requests(MetricsCase):
    def test_answers(self):
        self.start()
        for method, path, status, words in (
                ("GET", "/metrics", 200, "milter_helo_build_info"),
                ("GET", "/metrics?x=1", 200, "milter_helo_build_info"),
                ("GET", "/", 200, 'href="/metrics"'), ("HEAD", "/metrics", 200, ""), ("HEAD", "/", 200, ""),
                ("GET", "/metrics/", 404, "/metrics"), ("GET", "/favicon.ico", 404, "/metrics"),
                ("HEAD", "/x", 404, ""),
                ("POST", "/metrics", 405, "GET"), ("PUT", "/x", 405, "GET"), ("DELETE", "/", 405, "GET"),
                ("OPTIONS", "/metrics", 405, "GET")):
            with self.subTest(method=method, path=path):
                answer, text = request(self.listen, path, method)
                self.assertEqual(answer.status, status)
                self.assertIn(words, text)
                self.assertEqual(bool(text), method != "HEAD")
                self.assertEqual(answer.headers["Allow"], "GET, HEAD" if status == 405 else None)

    def test_sessions_while_they_run(self):
        self.start()
        with self.session() as first, self.session() as second:
            first.helo(CLIENT_NAME)
            second.helo(CLIENT_NAME)
            numbers = scrape(self.listen)
            self.assertEqual(numbers.get("milter_helo_sessions_open"), 2)
            self.assertEqual(numbers.get("milter_helo_sessions_judged"), 2)

    def test_those_past_the_limit(self):
        self.write_policy(limits={"sessions": 1})
        self.start()
        with self.session(), self.milter() as second:
            second.negotiate()
            self.assertEqual(second.connect(CLIENT).name, "accept")
            numbers = scrape(self.listen)
            self.assertEqual(numbers.get("milter_helo_sessions_unjudged_total", reason="limit"), 1)
            self.assertEqual(numbers.get("milter_helo_sessions_limit"), 1)

    def test_observe(self):
        """What would be refused is seen before it is."""
        self.write_policy(mode="observe")
        self.start()
        with self.session() as session:
            self.assertEqual(session.transaction(SERVER).name, "continue")
        numbers = scrape(self.listen)
        self.assertEqual(numbers.get("milter_helo_verdicts_total", mode="observe", action="reject"), 1)
        self.assertEqual(numbers.sum("milter_helo_verdicts_total"), 1)
        self.assertEqual(numbers.get("milter_helo_check_grounds_total", check="own_name", action="reject"), 1)

    def test_a_decision_that_stands_for_two_messages(self):
        """decide_at: helo is asked again for the field of each message: that is no other decision."""
        self.write_policy(decide_at="helo", checks={"special_tld": "tag"})
        self.start()
        with self.session() as session:
            session.helo(CLIENT_NAME)
            for _ in range(2):
                session.mail()
                session.rcpt()
                session.message(("Subject", "x"))
        self.assertEqual(scrape(self.listen).sum("milter_helo_verdicts_total"), 1)


class Reloads(MetricsCase):
    def test_reload(self):
        process = self.start()
        before = scrape(self.listen)
        self.assertEqual(before.get("milter_helo_policy_info", mode="enforce", version=""), 1)
        self.write_policy(mode="observe", version='a "b" \\ \u00fc')
        self.reload(process)
        self.write_text("mode: nonsense\n")
        self.reload(process, "policy not reloaded")
        numbers = scrape(self.listen)
        self.assertEqual(numbers.get("milter_helo_policy_last_reload_successful"), 0)
        self.assertEqual(numbers.all("milter_helo_policy_info"),
                         [({"mode": "observe", "version": 'a "b" \\ \\xC3\\xBC'}, 1)])
        for result in ("ok", "failed"):
            self.assertEqual(numbers.get("milter_helo_policy_reloads_total", result=result), 1)
        self.assertGreaterEqual(numbers.get("milter_helo_policy_load_timestamp_seconds"),
                                before.get("milter_helo_policy_load_timestamp_seconds"))
        self.write_policy()
        self.reload(process)
        self.assertEqual(scrape(self.listen).get("milter_helo_policy_last_reload_successful"), 1)

    def test_what_needs_a_restart(self):
        process = self.start()
        mark = process.mark()
        self.write_policy(metrics={"listen": "", "file": "/nonexistent/x.prom", "interval": "20s"})
        self.reload(process)
        for key in ("listen", "file", "interval"):
            process.expect(f"warning: metrics.{key} has changed: that needs a restart", mark)
        scrape(self.listen)


class Files(MetricsCase):
    def test_replaced_as_a_whole(self):
        process = self.start()
        until(lambda: os.path.exists(self.file), "file")
        first = os.stat(self.file)
        self.assertEqual(stat.S_IMODE(first.st_mode), 0o644)
        self.assertEqual(first.st_uid, ACCOUNT.pw_uid)
        until(lambda: os.stat(self.file).st_ino != first.st_ino, "newer file")
        self.stop(process)
        self.read_file()
        self.assertEqual(sorted(os.listdir(self.run_directory)), ["helo.prom"])

    def test_nothing_is_followed(self):
        """A link, or a pipe, in the place of what is written."""
        victim = f"{self.run_directory}/victim"
        with open(victim, "w", encoding="ascii") as file:
            file.write("here before")
        os.symlink(victim, f"{self.file}.tmp")
        os.mkfifo(self.file)
        process = self.start()
        until(lambda: stat.S_ISREG(os.lstat(self.file).st_mode), "file in the place of the pipe")
        self.stop(process)
        with open(victim, encoding="ascii") as file:
            self.assertEqual(file.read(), "here before")

    def test_cannot_be_written(self):
        """Said once, whatever it is, and once when it is over. Mail does not care."""
        os.mkdir(f"{self.file}.tmp")
        process = self.start()
        process.expect("error: metrics.file .*helo.prom is not written: Is a directory")
        self.assert_serves()
        pokes = scrape(self.listen).get("milter_helo_pool_pokes_total", result="ok")
        until(lambda: scrape(self.listen).get("milter_helo_pool_pokes_total", result="ok") > pokes + 2, "three seconds")
        os.rmdir(f"{self.file}.tmp")
        process.expect("metrics.file .*helo.prom is written again")
        self.assertEqual(len([line for line in process.lines if "is not written" in line]), 1)

    @unittest.skipUnless(IS_ROOT, "needs another user's directory")
    def test_no_right_to_write(self):
        self.file = f"{self.home}/helo.prom"
        self.open_metrics()
        process = self.start()
        process.expect(f"error: metrics.file {self.file} is not written: Permission denied; "
                       "milter.user must be able to write in its directory")
        self.assert_serves()

    def test_two_processes(self):
        """Whose socket was taken over writes no more, and hands the port over when it ends."""
        first = self.start()
        with self.session() as session:             # keeps the first one
            session.helo(CLIENT_NAME)
            second = self.start("--replace")
            second.expect("warning: metrics.listen: it is tried again until it is free")
            with Milter(self.address) as other:
                self.assertEqual(other.begin(CLIENT).transaction(SERVER).code, 550)
            until(lambda: self.read_file().sum("milter_helo_verdicts_total") == 1, "file of the second one")
            first.signal(signal.SIGTERM)
            first.expect("stopping: 1 sessions run")
        self.assertEqual(first.wait(), 0)
        self.assertEqual(self.read_file().sum("milter_helo_verdicts_total"), 1)
        second.expect("metrics.listen is free, and served")
        self.assertEqual(scrape(self.listen).sum("milter_helo_verdicts_total"), 1)
        self.stop(second)
        self.assertEqual(self.read_file().sum("milter_helo_verdicts_total"), 1)


class WithoutHttp(Case):
    """What becomes of a filter that was built without an HTTP server."""

    @unittest.skipIf(not getattr(MetricsCase, "__unittest_skip__", False), "it was built with one")
    def test_says_so(self):
        self.write_policy(metrics={"listen": "inet:9425@127.0.0.1"})
        self.refused(78, "error: metrics.listen: this filter is built without an HTTP server .*; metrics.file writes")

    def test_file(self):
        path = f"{self.run_directory}/helo.prom"
        self.write_policy(metrics={"file": path})
        process = self.start()
        self.assert_serves()
        self.stop(process)
        with open(path, encoding="ascii") as file:
            self.assertEqual(Metrics(file.read()).sum("milter_helo_verdicts_total"), 1)


class SetUps(MetricsCase):
    def test_unsafe_directory(self):
        os.mkdir(f"{self.home}/open")
        os.chmod(f"{self.home}/open", 0o777)
        self.write_policy(metrics={"listen": f"unix:{self.home}/open/metrics"})
        self.refused(71, "directory .*/open is unsafe")

    def test_something_else_at_the_path(self):
        path = f"{self.run_directory}/metrics"
        with open(path, "w", encoding="ascii"):
            pass
        self.write_policy(metrics={"listen": f"unix:{path}"})
        self.refused(71, f"error: {path} exists and is not a socket; remove it, or choose another path")

    def test_without(self):
        """Nobody asked for them: no socket, no file, no thread more."""
        self.write_policy(metrics={"listen": "", "file": ""})
        process = self.start()
        self.assert_serves()
        with self.assertRaises(OSError):
            request(self.listen)
        self.stop(process)
        self.assertFalse(os.path.exists(self.file))

    def test_in_the_background(self):
        self.launch()
        until(lambda: os.path.exists(self.pid_file) and os.path.getsize(self.pid_file), "pid file")
        with open(self.pid_file, encoding="ascii") as file:
            pid = int(file.read())
        self.addCleanup(lambda: os.waitpid(pid, 0))
        self.addCleanup(os.kill, pid, signal.SIGTERM)
        until(lambda: self._answers(), "numbers")

    def _answers(self):
        try:
            return scrape(self.listen)
        except OSError:
            return None
