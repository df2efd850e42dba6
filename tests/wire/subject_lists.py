# SPDX-License-Identifier: BSD-2-Clause
"""Domain lists and MX hosts through a real resolver, and what the filter finds wrong with its policy by itself."""

from bench import CLIENT, SERVER, Case

GOOD = "good.list.example"          # as RFC 5782 5 wants it
ERROR = "error.list.example"        # does not let us ask

ZONE = f"""\
{CLIENT} PTR mail.client.example
mail.client.example A {CLIENT}
{SERVER} A 192.0.2.1
TEST.{GOOD} A 127.0.0.2
bad.example.{GOOD} A 127.0.0.2
TEST.{ERROR} A 127.255.255.254
INVALID.{ERROR} A 127.255.255.254
worse.example.{ERROR} A 127.0.0.2
bogus.example MX 10 m.bogus.example
bogus.example MX 20 n.bogus.example
m.bogus.example A 192.175.48.42
n.bogus.example AAAA ::1
half.example MX 10 m.half.example
m.half.example A 127.0.0.1
m.half.example AAAA 2620:4f:8000::42
parked.example MX 0 mail.parked.example
"""


def lists(*zones, codes=("127.0.0.2",)):
    return {"zones": [{"zone": zone, "codes": list(codes)} for zone in zones]}


class Lists(Case):
    zone = ZONE
    policy_changes = {"checks": {"rhsbl": "reject", "mx_bogus": "reject"}, "lists": {"mx_deny": [".parked.example"]},
                      "rhsbl": lists(GOOD, ERROR)}

    def test_list_that_refuses_is_told_and_not_asked(self):
        process = self.start()
        process.expect(f"warning: rhsbl.zones: {ERROR} answers 127.255.255.254, an error: this resolver is not "
                       "allowed to ask; it is not asked")
        answer = self.session().transaction("mail.bad.example")
        self.assertEqual(answer.code, 550, answer)
        self.assertIn("check=rhsbl", answer.text)
        # Listed, were it asked.
        self.assertEqual(self.session().transaction("worse.example").name, "continue")
        decision = process.decision(helo="worse.example")
        self.assertNotIn("rhsbl", decision["failed"] + decision["unknown"])
        self.assertIsNone(process.find(f"warning: rhsbl.zones: {GOOD}"), process.text())

    def test_reload_asks_again(self):
        self.write_policy(rhsbl=lists(GOOD, codes=["127.0.0.9"]))
        process = self.start()
        process.expect(f"warning: rhsbl.zones: {GOOD} lists TEST with 127.0.0.2, which is none of the codes")
        self.assertEqual(self.session().transaction("bad.example").name, "continue")
        self.write_policy(rhsbl=lists(GOOD))
        self.reload(process)
        self.assertEqual(self.session().transaction("bad.example").code, 550)

    def test_hosts_of_the_mx(self):
        process = self.start()
        for helo, reason in (("bogus.example", "n.bogus.example"), ("parked.example", "mail.parked.example")):
            answer = self.session().transaction(helo)
            self.assertEqual(answer.code, 550, answer)
            self.assertIn("check=mx_bogus", answer.text)
            self.assertIn(reason, answer.text)
        self.assertEqual(self.session().transaction("half.example").name, "continue")
        self.assertNotIn("mx_bogus", process.decision(helo="half.example")["failed"])

    def test_misspelt_own_name(self):
        self.write_policy(server={"names": [SERVER, "mx.site.exmaple.example"]})
        process = self.start()
        process.expect("warning: server.names: mx.site.exmaple.example does not resolve")
        self.assertIsNone(process.find(f"server.names: {SERVER} "), process.text())


class Clients(Case):
    def test_clients_that_are_all_private(self):
        process = self.start()
        for number in range(100):
            self.assertIsNone(process.find("had a public address"), process.text())
            self.session(f"10.0.0.{number + 1}" if number % 2 else f"fd00::{number + 1}").close()
        process.expect("warning: no client of 100 or more had a public address")
        self.session(CLIENT).close()
        process.expect(rf"note: a client with a public address has come, \[{CLIENT}\]")
