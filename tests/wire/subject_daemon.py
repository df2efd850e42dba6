# SPDX-License-Identifier: BSD-2-Clause
"""In the background, and as somebody else: the command returns when it works, and root is gone for good."""

import glob
import os
import signal
import unittest

from bench import ACCOUNT, IS_ROOT, Case, started_as_user


def status_of(path):
    with open(path, encoding="ascii") as file:
        return dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)


def thread_statuses(pid):
    for path in glob.glob(f"/proc/{pid}/task/*/status"):
        try:
            yield status_of(path)
        except (FileNotFoundError, ProcessLookupError):
            pass                        # libmilter's threads come and go


class Background(Case):
    def daemonise(self, *options):
        """Its process id; it is ended with the test."""
        process = self.launch(*options)
        self.assertEqual(process.child.wait(60), 0, process.text())
        with open(self.pid_file, encoding="ascii") as file:
            pid = int(file.read())
        self.addCleanup(self.end, pid)
        return process, pid

    def end(self, pid):
        """We are the daemon's parent now (bench.adopt_orphans), and nobody else may wait for it."""
        try:
            os.kill(pid, signal.SIGTERM)
            self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0)
        except (ProcessLookupError, ChildProcessError):
            pass

    def test_returns_when_it_listens(self):
        process, pid = self.daemonise()
        self.assert_serves()
        process.expect("ready socket=")
        self.assertNotEqual(pid, process.pid)
        self.assertEqual(os.getsid(pid), pid)
        self.assertEqual(os.readlink(f"/proc/{pid}/cwd"), "/")
        for number in (0, 1):
            self.assertEqual(os.readlink(f"/proc/{pid}/fd/{number}"), os.devnull)
        os.kill(pid, signal.SIGHUP)
        process.expect("policy reloaded")
        self.end(pid)
        self.assertFalse(os.path.exists(self.socket))

    def test_relative_policy(self):
        here = os.getcwd()
        os.chdir(self.home)
        try:
            process = self.launch("-p", os.path.basename(self.policy_file))
            self.assertEqual(process.child.wait(60), 0)
        finally:
            os.chdir(here)
        with open(self.pid_file, encoding="ascii") as file:
            pid = int(file.read())
        self.addCleanup(self.end, pid)
        os.kill(pid, signal.SIGHUP)
        process.expect(f"policy reloaded: {self.policy_file}")

    def test_failure_is_the_commands(self):
        _, pid = self.daemonise()
        self.refused(69, "in use by a live process", options=())
        os.kill(pid, 0)
        self.refused(71, "is no inherited socket", options=("-s", "fd:77"))


@unittest.skipUnless(IS_ROOT, "needs root")
class Privileges(Case):
    def test_every_thread_has_dropped_them(self):
        process = self.start()
        session = self.session()
        session.helo("x.example")
        statuses = list(thread_statuses(process.pid))
        self.assertGreater(len(statuses), 3)
        for status in statuses:
            self.assertEqual(status["Uid"].split(), [str(ACCOUNT.pw_uid)] * 4)
            self.assertEqual(status["Gid"].split(), [str(ACCOUNT.pw_gid)] * 4)
            self.assertEqual({int(word) for word in status["Groups"].split()},
                             set(os.getgrouplist(ACCOUNT.pw_name, ACCOUNT.pw_gid)))
            self.assertEqual((int(status["CapPrm"], 16), int(status["CapEff"], 16)), (0, 0))
            self.assertEqual(status["NoNewPrivs"].strip(), "1")

    def test_root_needs_a_user(self):
        self.write_policy(milter={"user": ""})
        self.refused(78, "milter.user is not set: the filter does not run as root")
        self.write_policy(milter={"user": "root"})
        self.refused(78, "does not run as root")
        self.write_policy(milter={"user": "no-such-user"})
        self.refused(78, "no user is called 'no-such-user'")

    def test_a_look_as_root_needs_none(self):
        self.write_policy(milter={"user": ""})
        process = self.launch("--test")
        process.expect("milter.user is not set, so what that user may do is not looked at")
        self.assertEqual(process.wait(), 0)

    def test_ordinary_user_stays_what_it_is(self):
        process = self.start(**started_as_user())   # milter.user says the same
        self.assertEqual(status_of(f"/proc/{process.pid}/status")["Uid"].split()[0], str(ACCOUNT.pw_uid))
        self.stop(process)
        self.write_policy(milter={"user": "daemon"})
        self.refused(78, "only root may change that", **started_as_user())


class Options(Case):
    def test_usage(self):
        self.refused(64, "usage: milter-helo", options=("--no-such-option",))
        self.refused(64, "unexpected argument: 'extra'", options=("-f", "extra"))

    def test_help_and_version(self):
        for option in ("-h", "--help", "-V", "--version"):
            self.refused(0, options=(option,))

    def test_looking_changes_nothing(self):
        self.refused(0, "the policy and the set-up are in order", options=("-t",))
        self.assertEqual(os.listdir(self.run_directory), [])

    def test_looking_finds_it_all(self):
        self.write_policy(milter={"user": "no-such-user", "group": "none-such", "socket_group": "no-such-group"})
        self.refused(78, "no user is called", "no group is called .no-such-group.", options=("-t",))
        self.write_text("mode: enfroce\nlog: {too: stderr}\n")
        self.refused(78, r":1:7: error: ", r":2:7: error: ", options=("-t",))
        os.unlink(self.policy_file)
        self.refused(78, self.policy_file, options=("-t",))
