# SPDX-License-Identifier: BSD-2-Clause
"""Client certificates: a name counts when the MTA has verified it, and each MTA says that in its own way."""

from bench import SERVER, Case

NAME = "partner.example"
SUBJECT = f"/C=DE/O=Partner/CN={NAME}"
SENDMAIL, POSTFIX = "8.17.1.9", "Postfix 3.7.11"

# The macros of MAIL beside {tls_version}, the MTA's {v}, and whether the name counts. As measured on the real ones, and
# what would be dangerous to believe.
ROWS = {
    "Sendmail, verified": (SENDMAIL, {"verify": "OK", "cert_subject": SUBJECT, "cn_subject": NAME}, True),
    "Sendmail, self-signed": (SENDMAIL, {"verify": "FAIL", "cert_subject": SUBJECT, "cn_subject": NAME}, False),
    "Sendmail, not verified": (SENDMAIL, {"verify": "NO", "cert_subject": SUBJECT, "cn_subject": NAME}, False),
    "Sendmail, no certificate": (SENDMAIL, {"verify": "NO", "cert_subject": "", "cn_subject": ""}, False),
    "Sendmail, no common name":
        (SENDMAIL, {"verify": "OK", "cert_subject": f"/O=x/CN={NAME}", "cn_subject": ""}, False),
    "Sendmail, a common name it does not take":
        (SENDMAIL, {"verify": "OK", "cert_subject": SUBJECT, "cn_subject": "BadCertificateTooLong"}, False),
    "Sendmail that does not tell whether": (SENDMAIL, {"cert_subject": SUBJECT}, False),
    "Sendmail that tells the name only": (SENDMAIL, {"cert_subject": NAME, "cn_subject": NAME}, False),
    "Sendmail that calls itself Postfix": ("Postfix", {"cert_subject": SUBJECT}, False),
    "Postfix, trusted": (POSTFIX, {"cert_subject": NAME, "cert_issuer": "ca.example"}, True),
    "Postfix, not trusted": (POSTFIX, {}, False),
    "an MTA that does not say what it is": (None, {"cert_subject": NAME}, False),
    "another MTA": ("Other 1.0", {"cert_subject": NAME}, False),
}


class Certificates(Case):
    policy_changes = {"exempt": {"tls_clients": [NAME]}}

    def decide(self, version, tls="TLSv1.3", **macros):
        """A client that says our name: refused unless its certificate counts."""
        session = self.session(**({"v": version} if version else {}))
        session.helo(SERVER, **({"tls_version": tls, **macros} if tls else macros))
        session.mail(**({"tls_version": tls, **macros} if tls else macros))
        answer = session.rcpt()
        session.quit()
        return answer

    def test_who_counts(self):
        process = self.start()
        for name, (version, macros, counts) in ROWS.items():
            with self.subTest(name):
                mark = process.mark()
                answer = self.decide(version, **macros)
                self.assertEqual(answer.name, "continue" if counts else "reply", answer)
                exempt = process.decision(mark)["exempt"]
                self.assertEqual(exempt.split("(")[0], "tls_client" if counts else "-")

    def test_a_certificate_without_tls_is_none(self):
        self.start()
        for version, macros, _ in ROWS.values():
            self.assertEqual(self.decide(version, tls=None, **macros).code, 550)

    def test_another_name(self):
        self.start()
        self.assertEqual(self.decide(POSTFIX, cert_subject="other.example").code, 550)
        self.assertEqual(self.decide(SENDMAIL, verify="OK", cn_subject=f"{NAME}.evil.example").code, 550)

    def test_hostile_names(self):
        process = self.start()
        for name in ("a" * 5000, "\x1b[31m", "%s%n", "caf\xe9", 'x" verdict="accept'):
            with self.subTest(name=name[:20]):
                mark = process.mark()
                self.assertEqual(self.decide(POSTFIX, cert_subject=name).code, 550)
                line = process.find(" verdict=", mark) or process.expect(" verdict=", mark)
                self.assertTrue(line.isascii() and line.isprintable(), line)
