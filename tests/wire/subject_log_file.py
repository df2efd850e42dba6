# SPDX-License-Identifier: BSD-2-Clause
"""The log as a file: its lines, its rotation, a disk that is full, and what the filter does not start with."""

import json
import os
import re
import signal
import stat
import subprocess
import threading
import unittest

from bench import ACCOUNT, CLIENT, CLIENT_NAME, IS_ROOT, SERVER, SILENT_CLIENT, Case, started_as_user, until

STAMP = r"time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
MESSAGE = re.compile(STAMP + r' level=(error|warning|notice|info) msg="(?:[^"\\]|\\["\\n])*"')
PAIR = r'=(?:"(?:[^"\\]|\\.)*"|[^"=\\\s]+)'
KEYS = ("id", "qid", "client", "ptr", "iprev", "helo", "from", "to", "listener", "auth", "exempt", "failed", "unknown",
        "score", "dns_ms", "verdict", "would")
DECISION = re.compile(STAMP + " level=info" + "".join(f" {key}{PAIR}" for key in KEYS))


class LogCase(Case):
    """A filter that logs to a file."""

    log = {}                        # more of the policy's log:

    def setUp(self):
        super().setUp()
        self.log_file = f"{self.run_directory}/helo.log"
        self.write_policy()

    def policy(self, **changes):
        made = super().policy(**changes)
        made["log"] = {"to": "file", "file": f"{self.run_directory}/helo.log", **self.log, **changes.get("log", {})}
        return made

    def read(self, path=None):
        """Whole lines only; a last one without its end is there as it is."""
        try:
            with open(path or self.log_file, encoding="ascii") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def find(self, pattern, path=None):
        return next((line for line in self.read(path).splitlines() if re.search(pattern, line)), None)

    def expect(self, pattern, path=None):
        try:
            return until(lambda: self.find(pattern, path), f"line '{pattern}'")
        except AssertionError as error:
            raise AssertionError(f"{error} in:\n{self.read(path)}") from None

    def start(self, *options, **popen):
        process = self.launch("-f", *options, **popen)
        self.expect("ready socket=")
        return process

    def refuse_one(self, client=CLIENT):
        """A client is refused; returns the id in the reply."""
        with self.milter() as milter:
            answer = milter.begin(client).transaction(SERVER)
        self.assertEqual(answer.code, 550, answer)
        return re.search(r"[0-9A-Z]{16}", answer.text).group()

    def assert_well_formed(self, text):
        self.assertEqual([line for line in text.splitlines()
                          if not MESSAGE.fullmatch(line) and not DECISION.fullmatch(line)], [])


class Lines(LogCase):
    def test_each_has_its_time(self):
        process = self.start()
        name = self.refuse_one()
        line = self.expect(f" id={name} ")
        self.assertIn(f" client={CLIENT} ", line)
        self.assertIn(" verdict=reject ", line)
        self.stop(process)
        self.expect("stopped: 0 sessions left")
        self.assert_well_formed(self.read())
        self.assertEqual(process.text(), "")

    def test_owner_and_mode(self):
        self.start()
        about = os.stat(self.log_file)
        self.assertEqual(stat.S_IMODE(about.st_mode), 0o640)
        self.assertEqual(about.st_uid, ACCOUNT.pw_uid)

    def test_goes_on_where_it_was(self):
        with open(self.log_file, "w", encoding="ascii") as file:
            file.write("what was there before\n")
        if IS_ROOT:
            os.chown(self.log_file, ACCOUNT.pw_uid, ACCOUNT.pw_gid)
        os.chmod(self.log_file, 0o600)
        self.start()
        self.assertEqual(self.read().splitlines()[0], "what was there before")
        self.assertEqual(stat.S_IMODE(os.stat(self.log_file).st_mode), 0o600)

    def test_whole_lines_beside_another_writer(self):
        """Threads of the filter and another process append to one file: no line is torn."""
        process = self.start()
        done = threading.Event()

        def write():
            with open(self.log_file, "ab", buffering=0) as file:
                while not done.is_set():
                    file.write(b"another writer's line\n")
                    done.wait(0.0005)

        def refuse():
            for _ in range(25):
                self.refuse_one()

        writer = threading.Thread(target=write)
        clients = [threading.Thread(target=refuse) for _ in range(6)]
        for thread in (writer, *clients):
            thread.start()
        for client in clients:
            client.join()
        done.set()
        writer.join()
        self.stop(process)
        ours = [line for line in self.read().splitlines() if line != "another writer's line"]
        self.assert_well_formed("\n".join(ours))
        self.assertEqual(sum(" verdict=reject " in line for line in ours), 150)

    def test_message_of_several_lines(self):
        process = self.start()
        self.write_text("mode: enfroce\n")
        process.signal(signal.SIGHUP)
        self.expect("policy not reloaded")
        self.assert_well_formed(self.read())
        self.expect(r'level=error msg=".*policy.yaml:1:7: error: ')


class Rotation(LogCase):
    def rotate(self):
        os.rename(self.log_file, f"{self.log_file}.1")

    def test_usr1(self):
        process = self.start()
        first = self.refuse_one()
        self.rotate()
        process.signal(signal.SIGUSR1)
        self.expect("the log is opened again")
        second = self.refuse_one()
        self.expect(f" id={second} ")
        self.expect(f" id={first} ", f"{self.log_file}.1")
        self.assertIsNone(self.find(first))
        self.assertIsNone(self.find(second, f"{self.log_file}.1"))
        self.assertIsNone(self.find("policy reloaded"))
        self.assertEqual(stat.S_IMODE(os.stat(self.log_file).st_mode), 0o640)

    def test_hup(self):
        process = self.start()
        self.rotate()
        process.signal(signal.SIGHUP)
        self.expect("policy reloaded")
        self.assertIsNone(self.find("policy reloaded", f"{self.log_file}.1"))

    def test_usr1_while_stopping(self):
        process = self.start()
        session = self.session()
        process.signal(signal.SIGTERM)
        self.expect("stopping: 1 sessions run")
        self.rotate()
        process.signal(signal.SIGUSR1)
        self.expect("the log is opened again")
        session.close()
        self.assertEqual(process.wait(), 0)
        self.expect("stopped: 0 sessions left")

    def test_no_line_is_lost(self):
        """Rotated again and again under load: every decision is in one of the files, once."""
        process = self.start()
        seen = []

        def refuse():
            seen.extend(self.refuse_one() for _ in range(30))

        clients = [threading.Thread(target=refuse) for _ in range(4)]
        for client in clients:
            client.start()
        paths = [self.log_file]
        while any(client.is_alive() for client in clients):
            paths.append(f"{self.log_file}.{len(paths)}")
            os.rename(self.log_file, paths[-1])
            process.signal(signal.SIGUSR1)
            self.expect("the log is opened again")
        for client in clients:
            client.join()
        self.stop(process)
        text = "".join(self.read(path) for path in paths)
        self.assert_well_formed(text)
        self.assertEqual(sorted(re.findall(r" id=(\S+) qid=", text)), sorted(seen))
        self.assertGreater(len(paths), 2)

    def test_cannot_be_opened_again(self):
        process = self.start()
        self.rotate()
        os.mkdir(self.log_file)
        process.signal(signal.SIGUSR1)
        former = f"{self.log_file}.1"
        self.expect(f"log.file {self.log_file} cannot be opened again: .*; the former stays open", former)
        self.expect(f" id={self.refuse_one()} ", former)
        os.rmdir(self.log_file)
        process.signal(signal.SIGUSR1)
        self.expect("the log is opened again")

    def test_never_follows_a_link(self):
        process = self.start()
        self.rotate()
        with open(f"{self.run_directory}/other", "wb"):
            pass
        if IS_ROOT:
            os.chown(f"{self.run_directory}/other", ACCOUNT.pw_uid, ACCOUNT.pw_gid)
        os.symlink("other", self.log_file)
        process.signal(signal.SIGUSR1)
        self.expect("cannot be opened again", f"{self.log_file}.1")
        self.assertEqual(os.path.getsize(f"{self.run_directory}/other"), 0)

    def test_storm_of_signals(self):
        """libmilter leaves USR1 alone, and no thread dies of it."""
        process = self.start()
        sessions = [self.session() for _ in range(4)]
        for number in range(400):
            process.signal(signal.SIGUSR1 if number % 8 else signal.SIGHUP)
        for session in sessions:
            self.assertEqual(session.transaction(SERVER).code, 550)
        self.assertTrue(process.running())

    def test_usr1_without_a_file(self):
        self.write_policy(log={"to": "stderr", "file": ""})
        process = self.launch("-f")
        process.expect("ready socket=")
        process.signal(signal.SIGUSR1)
        process.expect("the log is opened again")

    def test_other_file_needs_a_restart(self):
        process = self.start()
        self.write_policy(log={"file": f"{self.run_directory}/new.log", "to": "file"})
        process.signal(signal.SIGHUP)
        self.expect("warning: log.file has changed: that needs a restart")
        self.expect("policy change: log.file: .*after a restart")
        self.assertFalse(os.path.exists(f"{self.run_directory}/new.log"))


class Full(LogCase):
    def limit(self, process, size):
        """Only who runs as the same user may, and root with a right of its own."""
        subprocess.run(["prlimit", f"--pid={process.pid}", f"--fsize={size}:unlimited"], check=True,
                       **started_as_user())

    def test_full_disk_holds_nobody_up(self):
        """A limit on the size of files stands in for it: the kernel cuts a line, then refuses the next."""
        process = self.start()
        size = os.path.getsize(self.log_file)
        self.limit(process, size + 50)
        lost = [self.refuse_one() for _ in range(3)]
        self.assertEqual(os.path.getsize(self.log_file), size + 50)
        self.limit(process, "unlimited")
        kept = self.refuse_one()
        self.expect(r"the log could not be written: 3 lines are missing since the start")
        line = self.expect(f" id={kept} ")
        self.assertRegex(line, DECISION)
        for name in lost[1:]:
            self.assertIsNone(self.find(name))
        self.stop(process)
        torn = [line for line in self.read().splitlines()
                if not MESSAGE.fullmatch(line) and not DECISION.fullmatch(line)]
        self.assertEqual([len(line) for line in torn], [50])
        self.assertEqual(self.read().count("lines are missing"), 1)


class Start(LogCase):
    def refused_both(self, status, *patterns, path=None):
        if path is not None:
            self.write_policy(log={"file": path})
        for options in (("-t",), ("-f",)):
            self.refused(status, *patterns, options=options)

    def test_no_file_is_named(self):
        self.refused_both(78, "log.to is file, and log.file does not say which", path="")

    def test_no_directory(self):
        self.refused_both(71, f"directory {self.home}/none of log.file: .*make it", path=f"{self.home}/none/log")

    @unittest.skipUnless(IS_ROOT, "needs root")
    def test_directory_of_root(self):
        self.refused_both(71, "may not write to the directory", path=f"{self.home}/helo.log")
        self.refused(71, "may not write to the directory", options=())     # the command says it, not the daemon

    @unittest.skipUnless(IS_ROOT, "needs root")
    def test_file_of_root(self):
        with open(self.log_file, "wb"):
            os.chmod(self.log_file, 0o644)
        self.refused_both(71, f"log.file {self.log_file}: user {ACCOUNT.pw_name} may not write to it")

    def test_directory_of_everybody(self):
        path = f"{self.home}/all"
        os.mkdir(path)
        os.chmod(path, 0o777)
        self.refused_both(71, f"directory {path} is unsafe", path=f"{path}/helo.log")

    def test_not_a_file(self):
        os.mkfifo(self.log_file)
        self.refused_both(71, f"log.file {self.log_file} is not a regular file")
        os.unlink(self.log_file)
        os.symlink("elsewhere", self.log_file)
        self.refused_both(71, f"log.file {self.log_file} is not a regular file")

    def test_looking_creates_nothing(self):
        self.refused(0, "in order", options=("-t",))
        self.assertEqual(os.listdir(self.run_directory), [])

    def test_file_without_use(self):
        self.write_policy(log={"to": "stderr"})
        self.refused(0, "warning: log.file is not written to: log.to is stderr", options=("-t",))


class InTheBackground(LogCase):
    def test_serves_and_logs(self):
        process = self.launch()
        self.assertEqual(process.child.wait(60), 0, process.text())
        with open(self.pid_file, encoding="ascii") as file:
            pid = int(file.read())
        try:
            self.expect(f" id={self.refuse_one()} ")
        finally:
            os.kill(pid, signal.SIGTERM)
            self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0)
        self.expect("stopped: 0 sessions left")


class Json(LogCase):
    log = {"format": "json"}

    def objects(self):
        def once(pairs):
            keys = [key for key, _ in pairs]
            self.assertEqual(len(set(keys)), len(keys), keys)
            return dict(pairs)
        return [json.loads(line, object_pairs_hook=once) for line in self.read().splitlines()]

    def decision(self, name):
        self.expect(f'"id": "{name}"')
        return next(each for each in self.objects() if each.get("id") == name)

    def test_a_decision(self):
        self.start()
        made = self.decision(self.refuse_one())
        self.assertRegex(made.pop("time"), r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertEqual(len(made.pop("id")), 16)
        self.assertIsInstance(made.pop("dns_ms"), int)
        self.assertEqual(list(made), ["level", "event", "qid", "client", "ptr", "iprev", "helo", "from", "to",
                                      "listener", "auth", "exempt", "failed", "unknown", "score", "verdict", "would"])
        failed = made.pop("failed")
        self.assertEqual({tuple(each) for each in failed}, {("check", "reason", "action")})
        self.assertIn(("own_name", "reject"), [(each["check"], each["action"]) for each in failed])
        self.assertIn(made.pop("iprev"), ("pass", None))    # nobody needs to wait for it
        made.pop("listener"), made.pop("unknown")
        self.assertEqual(made, {
            "level": "info", "event": "verdict", "qid": None, "client": CLIENT, "ptr": CLIENT_NAME, "helo": SERVER,
            "from": "sender@elsewhere.example", "to": "user@site.example", "auth": None, "exempt": None, "score": 0,
            "verdict": "reject", "would": "reject"})

    def test_unknown(self):
        self.start()
        with self.milter() as milter:
            milter.begin(SILENT_CLIENT).transaction("mail.client.example")
        self.expect(f'"client": "{SILENT_CLIENT}"')
        made = next(each for each in self.objects() if each.get("client") == SILENT_CLIENT)
        self.assertEqual({tuple(each) for each in made["unknown"]}, {("check", "cause")})
        self.assertIn("no_ptr", [each["check"] for each in made["unknown"]])
        self.assertIsNone(made["ptr"])

    def test_exempt(self):
        self.write_policy(networks=["192.0.2.0/24"])
        process = self.start()
        with self.milter() as milter:
            milter.negotiate()
            self.assertEqual(milter.connect("192.0.2.7").name, "accept")
        self.expect('"client": "192.0.2.7"')
        made = next(each for each in self.objects() if each.get("client") == "192.0.2.7")
        self.assertEqual((made["exempt"]["kind"], made["exempt"]["entry"]), ("network", "192.0.2.0/24"))
        self.assertIsInstance(made["exempt"]["line"], int)
        self.assertEqual((made["helo"], made["failed"]), (None, []))
        self.stop(process)

    def test_messages(self):
        process = self.start()
        self.write_text("mode: \"enf\\\"roce\"\n")
        process.signal(signal.SIGHUP)
        self.expect("policy not reloaded")
        self.stop(process)
        messages = self.objects()
        for each in messages:
            self.assertEqual(list(each), ["time", "level", "event", "text"])
            self.assertEqual(each["event"], "message")
        finding = next(each for each in messages if ":1:7: error: " in each["text"])
        self.assertEqual(finding["level"], "error")
        self.assertIn("\n", finding["text"])        # the source line and the caret: one object

    def test_hostile_helo(self):
        self.start()
        for number, said in enumerate((b'x", "verdict": "accept', b"a\\", b"a\r\nb", b"caf\xe9\xff", b'"' * 500,
                                       b"\\" * 2000, b"\x01\x7f", b"}", b"-")):
            with self.milter() as milter:
                milter.begin(f"203.0.113.{100 + number}")
                milter.send(b"H", said + b"\0")
                milter.receive()
                milter.mail()
                milter.rcpt()
            self.expect(f'"client": "203.0.113.{100 + number}"')
        self.assertEqual({tuple(each) for each in self.objects() if each["event"] == "verdict"},
                         {("time", "level", "event", *KEYS[1:2], *KEYS[:1], *KEYS[2:])})

    def test_format_changes_with_a_reload(self):
        process = self.start()
        self.write_policy(log={"format": "logfmt"})
        process.signal(signal.SIGHUP)
        line = self.expect("policy reloaded")
        self.assertRegex(line, MESSAGE)
        self.assertRegex(self.expect(f" id={self.refuse_one()} "), DECISION)
