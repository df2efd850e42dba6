# SPDX-License-Identifier: BSD-2-Clause
"""Where we answer otherwise than a peer, on purpose, and why."""

from dataclasses import dataclass

ACCEPT, DEFER, REJECT = "accept", "defer", "reject"

# The kinds.
DEFECT = "a defect of the peer, not copied"
RFC = "what an RFC says"
DEFAULT = "another default"
RFC_4_1_4 = "RFC 5321 4.1.4"        # unless the site says that it is to be ignored


@dataclass(frozen=True)
class Ours:
    """Our verdict, the kind of difference, and the reason."""

    verdict: str
    kind: str
    because: str


# The text of HELO.
MALFORMED = Ours(ACCEPT, DEFAULT, "a fault of syntax, which is Sendmail's own matter (syntax)")
TOO_LONG = Ours(REJECT, RFC, "RFC 1035 2.3.4: 253 characters at most; it could not even be asked")
NUMERIC_TLD = Ours(REJECT, RFC, "RFC 1123 2.1: the last label of a name is not all-numeric")
TEXT_BEHIND = Ours(ACCEPT, RFC, "RFC 5321 4.1.1.1: be ready for text behind an address literal")
UNTAGGED = Ours(ACCEPT, DEFAULT, "an address that older programs write so: no lie")
GENERAL = Ours(ACCEPT, RFC, "RFC 5321 4.1.3: a literal with another tag may mean something one day")
LAST_DOT = Ours(ACCEPT, DEFECT, "Postfix asks DNS for the name with its dot, and finds nothing")
TEXT_TABLE = Ours(REJECT, DEFECT, "compares the text; another spelling of the same escapes it")
LOOPBACK_NET = Ours(REJECT, RFC, "RFC 1122 3.2.1.3: all of 127.0.0.0/8 is loopback")
IPV6_LITERAL = Ours(ACCEPT, DEFECT, "legal, if without a dot; what should let it pass wants no [")
NO_DOT = Ours(ACCEPT, DEFAULT, "an address, if without a dot, and no name of one label")
PREFIX = Ours(REJECT, DEFECT, "Exim compares the text, and no more of it than the client's")
TAGGED = Ours(ACCEPT, DEFECT, "Exim compares the text, with the tag in it: never equal")

# DNS of the name.
NULL_MX = Ours(DEFER, RFC, "RFC 7505: an MX of . says that there is none")
MX_INSTEAD = Ours(DEFER, DEFECT, "whether there is an address is not known; an MX is none")
MISMATCH = Ours(ACCEPT, RFC_4_1_4, "MUST NOT refuse because the name does not match the address")
FAMILY = Ours(ACCEPT, DEFAULT, "no address of the client's family: there is nothing to compare")
SAME_NET = Ours(ACCEPT, DEFAULT, "an address of the client's network: a cluster, no lie")
LOOKUP_FAILED = Ours(DEFER, DEFECT, "a look-up that fails says nothing, least of all no")
EXCUSABLE = Ours(DEFER, DEFECT, "its reverse DNS, which fails, could still make it one of us")

# Reverse DNS.
ANY_NAME = Ours(ACCEPT, DEFECT, "RFC 8601 2.7.3: any PTR name will do; it asks for the first alone")
TEN_NAMES = Ours(REJECT, DEFAULT, "ten names are looked at; RFC 7208 4.6.4 stops there, too")
NUMERIC_PTR = Ours(DEFER, DEFAULT, "it has a PTR name, if one that cannot be: the lesser fault")

# Who is asking.
NOT_THE_NAME = Ours(ACCEPT, DEFECT, "it is whom it says it is")
NETWORKS = Ours(ACCEPT, DEFAULT, "our own networks are exempt from every check, from this one too")
POSTMASTER = Ours(ACCEPT, RFC, "RFC 5321 4.5.1, RFC 2142: postmaster and abuse must be reachable")
STRONGEST = Ours(REJECT, DEFAULT, "of several grounds the strongest decides, not the first")
