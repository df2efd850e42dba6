# SPDX-License-Identifier: BSD-2-Clause
"""Verdicts and replies: the right answer at the right command, and every reply one that both MTAs take."""

from bench import CLIENT, CLIENT_NAME, SERVER, Case


class AtRcpt(Case):
    def setUp(self):
        super().setUp()
        self.filter = self.start()

    def test_reply_says_what_why_and_where(self):
        answer = self.session(j=SERVER, daemon_name=SERVER, daemon_port="25").transaction(SERVER, i="4ABC")
        self.assertEqual((answer.code, answer.enhanced), (550, "5.7.1"), answer)
        self.assertIn(f'HELO "{SERVER}"', answer.text)
        self.assertIn("check=own_name", answer.text)
        decision = self.filter.decision(verdict="reject")
        self.assertIn(f"id={decision['id']}", answer.text)
        self.assertEqual(decision["client"], CLIENT)
        self.assertEqual(decision["helo"], SERVER)
        self.assertEqual(decision["from"], "sender@elsewhere.example")
        self.assertEqual(decision["to"], "user@site.example")
        self.assertEqual(decision["listener"], f"{SERVER}:25")
        self.assertEqual(decision["qid"], "4ABC")
        self.assertIn("own_name:reject", decision["failed"])

    def test_honest_client_is_accepted(self):
        answer = self.session().transaction(CLIENT_NAME)
        self.assertEqual(answer.name, "continue")
        decision = self.filter.decision(verdict="accept")
        # .example is nobody's: RFC 2606.
        self.assertEqual((decision["failed"], decision["unknown"], decision["ptr"]),
                         ("special_tld:observe", "-", CLIENT_NAME))

    def test_each_recipient_is_judged(self):
        session = self.session()
        session.helo("site.example")
        session.mail()
        answers = [session.rcpt(f"<user@{domain}>").code for domain in ("a.example", "site.example", "b.example")]
        self.assertEqual(answers, [0, 550, 0])
        self.assertEqual(session.rcpt("<postmaster@site.example>").name, "continue")

    def test_ids_differ_and_sort(self):
        session = self.session()
        session.transaction(SERVER)
        for _ in range(20):
            session.rcpt()
        ids = [decision["id"] for decision in self.filter.all_decisions(21)]
        self.assertEqual(sorted(set(ids)), ids)
        self.assertTrue(all(len(one) == 16 for one in ids))

    def test_names_the_mta_tells_count(self):
        answer = self.session(j="other.site.example").transaction("other.site.example")
        self.assertEqual(answer.code, 550, answer)
        answer = self.session(if_name="inside.site.example").transaction("inside.site.example")
        self.assertEqual(answer.code, 550, answer)
        answer = self.session("2001:db8::9", if_addr="IPv6:2001:db8::1").transaction("[IPv6:2001:db8:0::1]")
        self.assertEqual(answer.code, 550, answer)

    def test_hostile_arguments(self):
        """No byte a client sends gets raw into a reply or a log line, and no line gets too long for either."""
        for argument in ("%s%n%s%n", "100%", "%%", "a" * 2000, "x" * 250 + ".example", "m\xfcller.example",
                         "\x1b[31m\x07\x7f", "a\tb", "two words", 'quo"te', "back\\slash", "a=b", "<x>", "\xff\xfe",
                         "a..b", "-", ".", "[", "[]", "\r\nQUIT\r\n", "id=1 verdict=accept"):
            with self.subTest(argument=argument[:30]):
                mark = self.filter.mark()
                answer = self.session().transaction(argument)   # parses the reply, strictly
                decision = self.filter.decision(mark)
                self.assertEqual(decision["verdict"] == "reject", answer.name == "reply", answer)
                line = self.filter.find(" verdict=", mark)
                self.assertTrue(line.isascii() and line.isprintable(), line)
                self.assertLess(len(line), 3000)

    def test_a_percent_sign_arrives_as_one(self):
        answer = self.session().transaction("100%s%n.example")
        self.assertIn("100%s%n.example", answer.text)

    def test_nul_ends_the_argument(self):
        session = self.session()
        session.send(b"H", f"{SERVER}\0.example\0".encode())
        self.assertEqual(session.receive().name, "continue")
        session.mail()
        self.assertEqual(session.rcpt().code, 550)

    def test_hostile_envelope(self):
        session = self.session()
        session.helo(SERVER)
        for path in ("<>", "", "<", "a" * 5000, '<"a b\\"c"@x.example>', "<%n%n@site.example>", "\xff\x01@\x7f"):
            with self.subTest(path=path[:30]):
                session.mail(path)
                self.assertEqual(session.rcpt(path).code, 550)
                session.abort()


class ConfirmedByMta(Case):
    """The MTA's own look-up of the client is used when, and only when, it succeeded."""

    zone = f"{CLIENT} TIMEOUT\n{CLIENT_NAME} A {CLIENT}\n"

    def decide(self, **macros):
        process = self.start()
        self.session(**macros).transaction(CLIENT_NAME)
        return process.decision()

    def test_ok(self):
        decision = self.decide(client_resolve="OK", client_name=CLIENT_NAME)
        self.assertEqual((decision["ptr"], decision["unknown"]), (CLIENT_NAME, "-"))

    def test_others_are_asked_again(self):
        decision = self.decide(client_resolve="FORGED", client_name="unknown")
        self.assertEqual(decision["ptr"], "-")
        self.assertIn("fcrdns:timeout", decision["unknown"])


class Modes(Case):
    def test_observe_refuses_nothing(self):
        self.write_policy(mode="observe")
        process = self.start()
        self.assertEqual(self.session().transaction(SERVER).name, "continue")
        decision = process.decision()
        self.assertEqual((decision["verdict"], decision["would"]), ("accept", "reject"))

    def test_at_mail(self):
        self.write_policy(decide_at="mail")
        process = self.start()
        session = self.session()
        session.helo(CLIENT_NAME)
        self.assertEqual(session.mail().name, "accept")
        session.helo(SERVER)
        self.assertEqual(session.mail().code, 550)
        self.assertEqual(session.mail(auth_authen="joe", auth_type="PLAIN").name, "accept")
        self.assertEqual(process.decision(auth="joe")["exempt"], "authenticated")

    def test_at_helo(self):
        self.write_policy(decide_at="helo")
        process = self.start()
        session = self.session()
        self.assertEqual(session.helo(CLIENT_NAME).name, "continue")
        self.assertEqual(session.mail().name, "continue")
        self.assertEqual(session.rcpt().name, "continue")
        self.assertEqual(session.helo(SERVER).code, 550)
        self.assertEqual([each["verdict"] for each in process.all_decisions(2)], ["accept", "reject"])

    def test_at_helo_but_none_came(self):
        self.write_policy(decide_at="helo", checks={"no_helo": "reject"})
        self.start()
        answer = self.session().mail()
        self.assertIn("check=no_helo", answer.text)

    def test_defer_is_a_4xx(self):
        self.write_policy(checks={"own_name": "defer"})
        self.start()
        answer = self.session().transaction(SERVER)
        self.assertEqual((answer.code, answer.enhanced), (450, "4.7.1"), answer)

    def test_dns_failure_may_defer(self):
        self.write_policy(dns={"on_failure": "defer", "wait": "300ms"})
        self.start()
        answer = self.session("203.0.113.66").transaction(CLIENT_NAME)
        self.assertEqual((answer.code, answer.enhanced), (451, "4.4.3"), answer)


class Exempt(Case):
    policy_changes = {"networks": ["198.51.100.0/24"]}

    def test_at_connect(self):
        process = self.start()
        for client, macros, why in (("127.0.0.1", {}, "loopback"), ("::1", {}, "loopback"), (None, {}, "local"),
                                    ("198.51.100.7", {}, "network"), (CLIENT, {"daemon_port": "587"}, "listener"),
                                    (CLIENT, {"daemon_name": "MSA"}, "listener")):
            with self.subTest(why=why, client=client):
                mark = process.mark()
                milter = self.milter()
                milter.negotiate()
                self.assertEqual(milter.connect(client, **macros).name, "accept")
                self.assertEqual(process.decision(mark)["exempt"].split("(")[0], why)
                # An MTA that goes on all the same is told nothing else.
                self.assertEqual(milter.helo(SERVER).name, "continue")
                self.assertEqual(milter.mail().name, "continue")
                self.assertEqual(milter.rcpt().name, "continue")

    def test_authenticated(self):
        process = self.start()
        session = self.session()
        self.assertEqual(session.transaction(SERVER, auth_type="PLAIN", auth_authen="joe@site.example").name,
                         "continue")
        self.assertEqual(process.decision()["auth"], "joe@site.example")
        session.abort()
        session.mail(i="2")             # macros of another message: that one's exemption is gone
        self.assertEqual(session.rcpt().code, 550)
