# SPDX-License-Identifier: BSD-2-Clause
"""Events in every order an MTA may bring them: what was said stays said, and nothing needs the event before it."""

from bench import CLIENT, CLIENT_NAME, SERVER, Case
from milter_client import CONNECT, HELO, MAIL, QUIT_NEW, RCPT


class Events(Case):
    def setUp(self):
        super().setUp()
        self.filter = self.start()

    def test_negotiation(self):
        """No change of mail is asked for, no event we have no use for, and the macros that are read."""
        milter = self.milter()
        steps = milter.negotiate()
        self.assertFalse(milter.changes_headers)
        no_data_unknown_headers_eoh_body = 0x200 | 0x100 | 0x20 | 0x40 | 0x10
        self.assertEqual(steps & no_data_unknown_headers_eoh_body, no_data_unknown_headers_eoh_body)
        no_connect_helo_mail_rcpt, no_replies = 0x1 | 0x2 | 0x4 | 0x8, 0x9F080
        self.assertEqual(steps & (no_connect_helo_mail_rcpt | no_replies), 0)
        self.assertLessEqual({"j", "{client_resolve}", "{daemon_port}", "{if_addr}"}, set(milter.symbols[0]))
        tls = {"{tls_version}", "{verify}", "{cert_subject}", "{cn_subject}"}
        self.assertEqual(set(milter.symbols[1]), tls)
        self.assertLessEqual({"i", "{auth_authen}", "{auth_type}"} | tls, set(milter.symbols[2]))

    def test_mail_without_helo(self):
        session = self.session()
        session.mail()
        self.assertEqual(session.rcpt().name, "continue")
        self.assertIn("no_helo:observe", self.filter.decision()["failed"])

    def test_second_helo_counts(self):
        session = self.session()
        self.assertEqual(session.transaction(CLIENT_NAME).name, "continue")
        session.abort()
        self.assertEqual(session.transaction(SERVER).code, 550)

    def test_refused_helo_is_not_mended_by_another(self):
        session = self.session()
        self.assertEqual(session.transaction(SERVER).code, 550)
        session.abort()
        self.assertIn(SERVER, session.transaction(CLIENT_NAME).text)

    def test_starttls_begins_anew(self):
        """RFC 3207 4.2: nothing said in the clear counts, a refused HELO neither."""
        session = self.session()
        self.assertEqual(session.transaction(SERVER).code, 550)
        session.abort()
        session.helo(CLIENT_NAME, tls_version="TLSv1.3")
        session.mail(tls_version="TLSv1.3")
        self.assertEqual(session.rcpt().name, "continue")
        self.filter.decision(helo=CLIENT_NAME, verdict="accept")

    def test_abort_keeps_helo(self):
        session = self.session()
        session.transaction(SERVER)
        session.abort()
        session.mail()
        self.assertEqual(session.rcpt().code, 550)

    def test_abort_after_the_new_helo(self):
        """Postfix may report HELO in mid-transaction before the abort it causes."""
        session = self.session()
        session.transaction(CLIENT_NAME)
        session.helo(SERVER)
        session.abort()
        session.mail()
        self.assertEqual(session.rcpt().code, 550)

    def test_abort_twice_and_without_mail(self):
        session = self.session()
        session.abort()
        session.helo(SERVER)
        session.abort()
        session.abort()
        session.mail()
        self.assertEqual(session.rcpt().code, 550)

    def test_starttls_voids_helo(self):
        session = self.session()
        session.helo(SERVER)
        session.mail(tls_version="TLSv1.3")
        self.assertEqual(session.rcpt().name, "continue")
        decision = self.filter.decision()
        self.assertEqual(decision["helo"], "-")
        self.assertIn("no_helo", decision["failed"])

    def test_helo_after_starttls_counts(self):
        session = self.session()
        session.helo(CLIENT_NAME)
        session.helo(SERVER, tls_version="TLSv1.3")
        for _ in range(2):
            session.mail(tls_version="TLSv1.3")
            self.assertEqual(session.rcpt().code, 550)
            session.abort()

    def test_helo_before_starttls_is_void_for_every_message(self):
        session = self.session()
        session.helo(SERVER)
        for _ in range(2):
            session.mail(tls_version="TLSv1.3")
            self.assertEqual(session.rcpt().name, "continue")
            session.body_end()

    def test_two_messages(self):
        session = self.session()
        session.helo(SERVER)
        for sender in ("<one@a.example>", "<two@b.example>"):
            session.mail(sender)
            self.assertEqual(session.rcpt().code, 550)
            self.assertEqual(session.rcpt("<postmaster@site.example>").name, "continue")
            session.body_end()
            self.filter.decision(**{"from": sender.strip("<>"), "verdict": "reject"})

    def test_helo_without_connect(self):
        milter = self.milter()
        milter.negotiate()
        for command in (HELO, MAIL, RCPT):
            milter.send(command, b"x\0")
            self.assertEqual(milter.receive().name, "continue")
        milter.abort()
        milter.quit()
        self.assert_serves()

    def test_everything_without_negotiation(self):
        for command in (CONNECT, HELO, MAIL, RCPT):
            with self.milter() as milter:
                milter.send(command, b"x\0")
        self.assert_serves()

    def test_connect_twice(self):
        """libmilter passes over what does not fit; the first client stays the client."""
        session = self.session()
        session.send(CONNECT, b"localhost\0004\0\0127.0.0.1\0")
        self.assertEqual(session.transaction(SERVER).code, 550)
        self.assertEqual(self.filter.decision()["client"], CLIENT)

    def test_next_client_on_the_same_connection(self):
        session = self.session()
        self.assertEqual(session.transaction(SERVER).code, 550)
        session.abort()
        session.send(QUIT_NEW)
        self.assertEqual(session.connect("203.0.113.10").name, "continue")
        session.mail()
        self.assertEqual(session.rcpt().name, "continue")
        self.assertEqual(self.filter.decision(client="203.0.113.10")["helo"], "-")
        self.assertEqual(session.transaction(SERVER).code, 550)

    def test_hang_up_at_every_moment(self):
        for steps in range(6):
            with self.subTest(steps=steps), self.milter() as milter:
                for step in (milter.negotiate, milter.connect, lambda: milter.helo(SERVER), milter.mail,
                             milter.rcpt)[:steps]:
                    step()
        self.assert_serves()
        self.stop(self.filter)          # and every one of them was counted out
        self.filter.expect("stopped: 0 sessions left$")
