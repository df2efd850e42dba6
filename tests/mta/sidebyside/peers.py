# SPDX-License-Identifier: BSD-2-Clause
"""The peers: mail servers with their own checks of HELO and reverse DNS, and without filter.

And what each of their rules answers, by which it is recognised: the code and words of the text.
"""

from dataclasses import dataclass
from typing import Callable

from rig import world
from rig.exim import Exim
from rig.postfix import Postfix
from rig.sendmail import Sendmail


@dataclass(frozen=True)
class Peer:
    """`make`: (home, trees, listen) -> MailServer. `rules`: name -> (code, words of the text)."""

    name: str
    make: Callable
    rules: dict


# As Postfix' users are told to write it: first who may relay, then what costs no look-up.
POSTFIX_LINES = f"""\
smtpd_helo_required = yes
smtpd_helo_restrictions = permit_mynetworks, permit_sasl_authenticated,
    reject_invalid_helo_hostname, reject_non_fqdn_helo_hostname,
    check_helo_access inline:{{
        {{ {world.SERVER_NAME} = REJECT this is my name }},
        {{ [{world.SERVER_V4}] = REJECT this is my address }},
        {{ [IPv6:{world.SERVER_V6}] = REJECT this is my address }},
        {{ listed.example = REJECT not wanted here }} }},
    reject_unknown_helo_hostname
smtpd_client_restrictions = permit_mynetworks, permit_sasl_authenticated,
    reject_unknown_reverse_client_hostname, reject_unknown_client_hostname
"""
POSTFIX = Peer(
    "postfix", lambda *where: Postfix(*where, None, more=POSTFIX_LINES), {
        "required": (503, "send HELO/EHLO first"),
        "invalid": (501, "Helo command rejected: Invalid name"),
        "literal": (501, "Helo command rejected: invalid ip address"),
        "fqdn": (504, "Helo command rejected: need fully-qualified hostname"),
        "access": (554, "Helo command rejected: this is my"),
        "listed": (554, "Helo command rejected: not wanted here"),
        "unknown": (450, "Helo command rejected: Host not found"),
        "no_ptr": (450, "cannot find your reverse hostname"),
        "client": (450, "cannot find your hostname"),
    })

# Class R, whom Sendmail relays for, is spared by both features. A network is written there by what
# its addresses begin with.
SENDMAIL_LINES = f"""\
RELAY_DOMAIN(`{world.INTERNAL.rsplit('.', 2)[0]} IPv6:{world.INTERNAL_V6.split('::')[0]}')dnl
FEATURE(`delay_checks')dnl
FEATURE(`block_bad_helo')dnl
FEATURE(`require_rdns')dnl
"""
SENDMAIL = Peer(
    "sendmail", lambda *where: Sendmail(*where, None, more=SENDMAIL_LINES), {
        "syntax": (501, "Invalid domain name"),
        "bogus": (550, "bogus HELO name used"),
        "no_ptr": (550, "Fix reverse DNS"),
        "forged": (451, "Possibly forged hostname"),
        "temporary": (451, "does not resolve"),
    })

EXIM_LINES = """\
  deny message = HELO is not verified
    !verify = helo
  deny message = reverse DNS is not verified
    !verify = reverse_host_lookup"""
EXIM = Peer(
    "exim", lambda *where: Exim(*where, EXIM_LINES), {
        "required": (503, "HELO or EHLO required"),
        "syntax": (501, "Syntactically invalid"),
        "helo": (550, "HELO is not verified"),
        "rdns": (550, "reverse DNS is not verified"),
        "temporary": (451, "Temporary local problem"),
    })
