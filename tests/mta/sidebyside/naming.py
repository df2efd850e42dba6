# SPDX-License-Identifier: BSD-2-Clause
"""Rows about what DNS says of the name in HELO. Reverse DNS of these clients is as it should be.

Sendmail's features ask nothing about the name, so its column is empty throughout.
"""

from sidebyside import differences as ours
from sidebyside.row import Row

ADDRESSES = [
    Row("a name with an IPv4 address only", "v4.client.example", families="4"),
    Row("a name with an IPv4 address only, over IPv6", "v4.client.example", families="6",
        exim="helo", but={"exim": ours.FAMILY}),
    Row("a name with an IPv6 address only", "v6.client.example", families="6"),
    Row("a name with an IPv6 address only, over IPv4", "v6.client.example", families="4",
        exim="helo", but={"exim": ours.FAMILY}),
    Row("the client's address is the name's second", "two.client.example", source="two addresses"),
    Row("an address in the client's network", "near.client.example", exim="helo",
        but={"exim": ours.SAME_NET}),
    Row("an address far away", "far.client.example", exim="helo", but={"exim": ours.MISMATCH}),
    Row("a cluster under one name", "mail.cluster.example", families="4", exim="helo",
        but={"exim": ours.MISMATCH}),
    Row("an alias", "alias.client.example"),
    Row("a name that is a loopback address", "loopback.client.example", exim="helo",
        but={"exim": ours.MISMATCH}),
    Row("a name with a private address", "private.client.example", families="4", exim="helo",
        but={"exim": ours.MISMATCH}),
    Row("a name with a private address, over IPv6", "private.client.example", families="6",
        exim="helo", but={"exim": ours.FAMILY}),
]

NO_ADDRESS = [
    Row("no such name", "nothing.client.example", postfix="unknown", exim="helo"),
    Row("no such top-level domain", "mail.nowhere", postfix="unknown", exim="helo"),
    Row("a name with other records", "text.client.example", postfix="unknown", exim="helo"),
    Row("a name with an MX only", "mxonly.client.example", exim="helo"),
    Row("a name with an MX that does not exist", "mxgone.client.example", exim="helo"),
    Row("a name that takes no mail (RFC 7505)", "mxnull.client.example", exim="helo",
        but={"postfix": ours.NULL_MX}),
    Row("a mail domain", "client.example", exim="helo"),
    Row("an alias of nothing", "dangling.client.example", postfix="unknown", exim="helo"),
    Row("aliases that go round", "loop.client.example", postfix="unknown", exim="helo",
        but={"exim": ours.LOOKUP_FAILED}),
]

FAILURES = [
    Row("SERVFAIL", "mail.servfail.example", postfix="unknown", exim="helo",
        but={"exim": ours.LOOKUP_FAILED}),
    Row("REFUSED", "mail.refused.example", postfix="unknown", exim="helo",
        but={"exim": ours.LOOKUP_FAILED}),
    Row("no answer", "mail.silent.example", postfix="unknown", exim="helo",
        but={"exim": ours.LOOKUP_FAILED}),
    Row("A fails, AAAA, which comes late, is the client's", "halfa.example", families="6"),
    Row("A fails, AAAA, which comes late, is not", "halfa.example", families="4", exim="helo",
        but={"exim": ours.LOOKUP_FAILED}),
    Row("AAAA fails, A, which comes late, is the client's", "halfaaaa.example", families="4"),
    Row("AAAA fails, A, which comes late, is not", "halfaaaa.example", families="6", exim="helo",
        but={"exim": ours.LOOKUP_FAILED}),
    Row("no A, no AAAA, MX fails", "halfmx.example", postfix="unknown", exim="helo"),
    Row("A and AAAA fail, there is an MX", "mxpart.example", exim="helo",
        but={"postfix": ours.MX_INSTEAD, "exim": ours.LOOKUP_FAILED}),
]

ROWS = [*ADDRESSES, *NO_ADDRESS, *FAILURES]
