# SPDX-License-Identifier: BSD-2-Clause
"""Messages under a policy that tags: our field on top, nobody else's that claims to be ours, and nothing else."""

import struct

from bench import CLIENT, CLIENT_NAME, SERVER, Case, until
from milter_client import ALL_ACTIONS, ALL_STEPS, BODY_END, NO_HEADERS, SILENT_HEADERS, Milter

NAME = "Authentication-Results"
TAGGING = {"checks": {"not_fqdn": "tag"}}
OTHER = (NAME, "mx.other.example; spf=pass")
FORGED = (NAME, f"{SERVER}; spf=pass")


def inserted(changes):
    """The body of the one field that was inserted, on top."""
    bodies = [body for kind, position, name, body in changes if (kind, position, name) == ("insert", 0, NAME)]
    if len(bodies) != 1 or changes[-1][0] != "insert":
        raise AssertionError(changes)
    return bodies[0]


def removed(changes):
    """The indices of the fields that were removed, in this order."""
    for change in changes:
        if change[0] == "change" and change[2:] != (NAME, ""):
            raise AssertionError(change)
    return [change[1] for change in changes if change[0] == "change"]


class Tagging(Case):
    policy_changes = {**TAGGING, "networks": ["198.51.100.0/24"]}

    def setUp(self):
        super().setUp()
        self.filter = self.start()

    def tagging_session(self, client=CLIENT, helo=CLIENT_NAME):
        session = self.session(client, j=SERVER)
        session.helo(helo)
        return session

    def transfer(self, session, *fields, rcpts=("<user@site.example>",), **mail_macros):
        """One message: its changes, and the answer to its end."""
        session.mail(**mail_macros)
        for rcpt in rcpts:
            session.rcpt(rcpt)
        return session.message(*fields)

    def test_negotiation(self):
        milter = self.milter()
        steps = milter.negotiate()
        self.assertTrue(milter.changes_headers)
        self.assertEqual(steps & (NO_HEADERS | SILENT_HEADERS), SILENT_HEADERS)
        no_data_unknown_eoh_body = 0x200 | 0x100 | 0x40 | 0x10
        self.assertEqual(steps & no_data_unknown_eoh_body, no_data_unknown_eoh_body)

    def test_an_mta_that_wants_answers_gets_them(self):
        session = self.milter()
        self.assertEqual(session.negotiate(steps=ALL_STEPS & ~SILENT_HEADERS) & SILENT_HEADERS, 0)
        session.connect(j=SERVER)
        session.helo(CLIENT_NAME)
        changes, answer = self.transfer(session, OTHER, FORGED)
        self.assertEqual((removed(changes), answer.name), ([2], "continue"))

    def test_an_mta_that_allows_no_change(self):
        session = self.milter()
        session.negotiate(actions=ALL_ACTIONS & ~0x10)
        self.assertFalse(session.changes_headers)
        self.filter.expect("error: mail is not tagged: the MTA lets nobody change header fields")
        session.connect(j=SERVER)
        self.assertEqual(session.transaction(SERVER).code, 550)     # and is judged all the same
        self.assertEqual(session.body_end().name, "continue")

    def test_our_field(self):
        changes, answer = self.transfer(self.tagging_session())
        body = inserted(changes)
        decision = self.filter.decision(verdict="accept")
        self.assertEqual(body, f"{SERVER};\n\tiprev=pass policy.iprev={CLIENT} ({CLIENT_NAME});\n"
                               f"\tx-helo=pass smtp.helo={CLIENT_NAME} (id={decision['id']})")
        self.assertEqual((len(changes), answer.name), (1, "continue"))

    def test_our_field_names_what_failed(self):
        changes, _ = self.transfer(self.tagging_session(helo="mail"))
        self.assertIn("x-helo=fail reason=not_fqdn smtp.helo=mail ", inserted(changes))
        self.assertIn("not_fqdn:tag", self.filter.decision(helo="mail")["failed"])

    def test_hostile_helo(self):
        for helo in ("a\r\nX-Evil: yes", 'x"; dkim=pass', "(((", "\\", "caf\xe9", "%s%n", "x" * 2000):
            with self.subTest(helo=helo[:20]):
                changes, answer = self.transfer(self.tagging_session(helo=helo))
                if answer.name == "continue" and changes:   # who is refused sends no message
                    body = inserted(changes)
                    self.assertTrue(all(line.startswith("\t") for line in body.split("\n")[1:]), body)
                    self.assertTrue(body.replace("\n\t", "").isprintable() and body.isascii(), body)

    def test_forged_fields_go_and_no_others(self):
        fields = [("Received", "from x by y"), OTHER, FORGED, ("Subject", FORGED[1]), OTHER,
                  ("AUTHENTICATION-RESULTS", "\n (x) \"MX.site.example.\"; dkim=pass"),
                  ("X-" + NAME, FORGED[1]), (NAME + "-2", FORGED[1]), ("authentication-results", SERVER), OTHER]
        changes, _ = self.transfer(self.tagging_session(), *fields)
        self.assertEqual(removed(changes), [5, 4, 2])       # the last first: an index counts what is left
        inserted(changes)
        self.filter.expect("removed: 3 Authentication-Results fields that claimed to be ours")

    def test_the_last_accepted_recipient_speaks(self):
        session = self.tagging_session(helo="site.example")
        session.mail()
        answers = [session.rcpt(f"<user@{domain}>") for domain in ("a.example", "b.example", "site.example")]
        self.assertEqual([answer.code for answer in answers], [0, 0, 550])
        last = self.filter.decision(to="user@b.example")
        self.assertIn(f"(id={last['id']})", inserted(session.message()[0]))

    def test_postmaster_does_not_silence_it(self):
        changes, _ = self.transfer(self.tagging_session(helo="mail"),
                                   rcpts=("<user@site.example>", "<postmaster@site.example>"))
        self.assertIn("x-helo=fail", inserted(changes))

    def test_postmaster_alone_gets_none(self):
        changes, _ = self.transfer(self.tagging_session(helo="mail"), FORGED, rcpts=("<postmaster@site.example>",))
        self.assertEqual(changes, [("change", 1, NAME, "")])

    def test_authenticated(self):
        session = self.tagging_session(helo="mail")
        changes, _ = self.transfer(session, FORGED, auth_authen="joe", auth_type="PLAIN")
        self.assertEqual(changes, [("change", 1, NAME, "")])
        changes, _ = self.transfer(session, i="2")          # another message: not authenticated any more
        inserted(changes)

    def test_exempt_at_connect(self):
        for client in ("127.0.0.1", "198.51.100.7", None):
            with self.subTest(client=client):
                session = self.milter()
                session.negotiate()
                self.assertEqual(session.connect(client, j=SERVER).name, "continue")
                self.assertEqual(session.transaction(SERVER).name, "continue")
                changes, answer = session.message(OTHER, FORGED)
                self.assertEqual((changes, answer.name), ([("change", 2, NAME, "")], "continue"))
                self.assertEqual(self.transfer(session, OTHER)[0], [])

    def test_exempt_clients_take_a_place(self):
        """Their connections stay open, as everybody's, and take a descriptor each."""
        self.write_policy(limits={"sessions": 2})
        self.reload(self.filter)
        sessions = [self.milter() for _ in range(3)]
        for session in sessions:
            session.negotiate()
        self.assertEqual([session.connect("127.0.0.1").name for session in sessions], ["continue", "continue", "accept"])
        sessions[0].quit()

        def has_place():
            with Milter(self.socket) as milter:
                milter.negotiate()
                return milter.connect().name == "continue"
        until(has_place, "free place")

    def test_every_message_by_itself(self):
        session = self.tagging_session()
        self.assertEqual(removed(self.transfer(session, OTHER, FORGED)[0]), [2])
        self.assertEqual(removed(self.transfer(session, FORGED)[0]), [1])
        self.assertEqual(removed(self.transfer(session)[0]), [])

    def test_abort_forgets(self):
        session = self.tagging_session()
        session.mail()
        session.rcpt()
        session.header(*FORGED)
        session.abort()
        changes, _ = self.transfer(session, OTHER, FORGED, rcpts=("<postmaster@site.example>",))
        self.assertEqual(changes, [("change", 2, NAME, "")])
        self.assertEqual(removed(self.transfer(session, FORGED)[0]), [1])

    def test_many_forged(self):
        session = self.tagging_session()
        changes, answer = self.transfer(session, *[FORGED] * 1000)
        self.assertEqual((removed(changes), answer.name), (list(range(1000, 0, -1)), "continue"))
        inserted(changes)
        changes, answer = self.transfer(session, *[FORGED] * 1001)
        self.assertEqual((changes, answer.code, answer.enhanced), ([], 550, "5.7.1"))
        self.assertIn(NAME, answer.text)
        self.filter.expect("refused: 1001 Authentication-Results fields claim to be ours")
        changes, answer = self.transfer(session, *[OTHER] * 3000, FORGED)      # others' are not counted
        self.assertEqual((removed(changes), answer.name), ([3001], "continue"))

    def test_hostile_fields(self):
        session = self.tagging_session()
        bodies = ["", "(" * 60000, '"' * 60000, f"{SERVER}\\", "\xff" * 1000, f"\xa0{SERVER}", f"({SERVER}"]
        changes, answer = self.transfer(session, *((NAME, body) for body in bodies), (" ", SERVER), (NAME * 50, SERVER))
        self.assertEqual((removed(changes), answer.name), ([6, 4], "continue"))

    def test_events_in_no_order(self):
        """End, field and end again, without MAIL or before the client is known."""
        for begin in (lambda m: None, lambda m: m.connect(j=SERVER), lambda m: m.connect("127.0.0.1", j=SERVER)):
            milter = self.milter()
            milter.negotiate()
            begin(milter)
            milter.send(BODY_END)
            milter.send(b"L", NAME.encode() + b"\0" + SERVER.encode() + b"\0")
            milter.send(BODY_END)
            milter.send(b"L", b"\0\0")
            milter.send(b"L", b"x")
            milter.raw(struct.pack(">I", 1) + b"A")
        self.assert_serves()

    def test_the_mta_does_not_say_its_name(self):
        session = self.session()
        session.helo(CLIENT_NAME)
        self.assertEqual(self.transfer(session, FORGED)[0], [])
        self.filter.expect("error: mail is not tagged: the MTA does not say its host name; set headers.authserv_id")

    def test_the_site_has_a_name(self):
        self.write_policy(headers={"authserv_id": "site.example"})
        self.reload(self.filter)
        changes, _ = self.transfer(self.tagging_session(), FORGED, (NAME, "SITE.example; spf=pass"))
        self.assertEqual(removed(changes), [2])
        self.assertTrue(inserted(changes).startswith("site.example;"))

    def test_reload_turns_it_on_and_off(self):
        self.write_policy(mode="observe")
        self.reload(self.filter)
        milter = self.milter()
        milter.negotiate()
        self.assertFalse(milter.changes_headers)
        self.write_policy()
        self.reload(self.filter)
        # It was asked for nothing, and may change nothing, though it connects under the policy that tags.
        milter.connect(j=SERVER)
        self.assertEqual(milter.transaction("mail").name, "continue")
        self.assertEqual(milter.message(FORGED)[0], [])
        inserted(self.transfer(self.tagging_session())[0])


class Untouched(Case):
    def test_nothing_is_asked_for(self):
        for changes in ({"mode": "observe", **TAGGING}, {}):
            with self.subTest(changes=changes):
                self.write_policy(**changes)
                process = self.start("-s", f"unix:{self.run_directory}/{len(changes)}")
                self.address = f"{self.run_directory}/{len(changes)}"
                session = self.milter()
                self.assertEqual(session.negotiate() & NO_HEADERS, NO_HEADERS)
                self.assertFalse(session.changes_headers)
                session.connect(j=SERVER)
                self.assertEqual(session.transaction("mail").name, "continue")
                self.assertEqual(session.message(FORGED)[0], [])
                session.quit()
                self.stop(process)


class DecideEarlier(Case):
    def transfer(self, decide_at, *helos):
        self.write_policy(decide_at=decide_at, **TAGGING)
        self.start()
        session = self.session(j=SERVER)
        for helo in helos:
            session.helo(helo)
        return session

    def test_at_mail(self):
        session = self.transfer("mail", "mail")
        self.assertEqual(session.mail().name, "continue")   # not accept: the message is to come
        self.assertEqual(session.rcpt().name, "continue")
        changes, _ = session.message(FORGED)
        self.assertEqual(removed(changes), [1])
        self.assertIn("x-helo=fail reason=not_fqdn", inserted(changes))

    def test_at_helo(self):
        session = self.transfer("helo", CLIENT_NAME, "mail")
        for _ in range(2):
            self.assertEqual(session.mail().name, "continue")
            session.rcpt()
            self.assertIn("x-helo=fail reason=not_fqdn", inserted(session.message()[0]))
        session.mail(auth_authen="joe", auth_type="PLAIN")
        session.rcpt()
        self.assertEqual(session.message(FORGED)[0], [("change", 1, NAME, "")])
