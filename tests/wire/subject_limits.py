# SPDX-License-Identifier: BSD-2-Clause
"""More sessions than are allowed, more connections than there are descriptors: nobody hangs, nothing is lost."""

import resource

from bench import SERVER, Case, started_as_user, until
from milter_client import Milter


class SessionLimit(Case):
    def first_answer(self):
        """What a new client is told at connect; the connection is closed at once."""
        with Milter(self.socket) as milter:
            milter.negotiate()
            return milter.connect().name

    def fill(self, when_full):
        self.write_policy(limits={"sessions": 3, "when_full": when_full})
        process = self.start()
        return process, [self.session() for _ in range(3)]

    def test_accept(self):
        process, sessions = self.fill("accept")
        for _ in range(5):
            self.assertEqual(self.first_answer(), "accept")
        for session in sessions:        # those that are in are judged
            self.assertEqual(session.transaction(SERVER).code, 550)
        sessions.pop().quit()
        until(lambda: self.first_answer() == "continue", "free place")
        while sessions:
            sessions.pop().quit()
        process.expect(r"limits\.sessions \(3\) is reached: further clients are accepted")
        process.expect("below limits.sessions again; [0-9]+ clients were not judged")

    def test_defer(self):
        _, sessions = self.fill("defer")
        self.assertEqual(self.first_answer(), "tempfail")
        for session in sessions:
            session.quit()
        until(lambda: self.first_answer() == "continue", "free place")

    def test_exempt_clients_take_no_place(self):
        self.write_policy(limits={"sessions": 1})
        self.start()
        for _ in range(5):
            milter = self.milter()
            milter.negotiate()
            self.assertEqual(milter.connect("127.0.0.1").name, "accept")
        self.session()

    def test_reload_moves_it(self):
        process, _ = self.fill("accept")
        self.write_policy(limits={"sessions": 4, "when_full": "defer"})
        self.reload(process)
        self.session()
        self.assertEqual(self.first_answer(), "tempfail")


class Descriptors(Case):
    """The filter is started as an ordinary user: root would raise any limit."""

    def start_with(self, soft, hard):
        self.write_policy(milter={"user": ""})
        return self.start(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard)),
                          **started_as_user())

    def test_raised_to_what_is_needed(self):
        process = self.start_with(64, 8192)
        with open(f"/proc/{process.pid}/limits", encoding="ascii") as file:
            soft = next(line.split()[3] for line in file if line.startswith("Max open files"))
        self.assertGreater(int(soft), 2000)
        self.assertIsNone(process.find("limits.sessions is lowered"))

    def test_exhausted(self):
        """Connections that say nothing take every descriptor. Who is in is served, as far as it needs no DNS, for which
        there is no descriptor either; who comes later is, once some go."""
        process = self.start_with(64, 64)
        process.expect(r"limits\.sessions is lowered to 16: it needs \d+ file descriptors")
        session = self.session()
        silent = [self.milter() for _ in range(100)]
        for _ in range(3):
            self.assertEqual(session.transaction("bad..name").code, 550)
            session.abort()
        for milter in silent:
            milter.close()
        late = self.session()
        self.assertEqual(late.transaction("bad..name").code, 550)
        late.quit()
        session.quit()
        self.stop(process)


class Many(Case):
    def test_five_hundred_at_once(self):
        self.write_policy(limits={"sessions": 600})
        process = self.start()
        sessions = [self.session() for _ in range(500)]
        for session in sessions:
            self.assertEqual(session.transaction(SERVER).code, 550)
        for session in sessions:
            session.quit()
        self.stop(process)
        process.expect("stopped: 0 sessions left$")
