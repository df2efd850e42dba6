# SPDX-License-Identifier: BSD-2-Clause
"""Rows about the text of HELO alone. What is a name here, and has no note, resolves to the client.
"""

from sidebyside import differences as ours
from sidebyside.row import HONEST, Row

LONG = f"{'l' * 60}."

NAMES = [
    Row("an honest name", HONEST),
    Row("an honest name, by HELO", HONEST, verb="HELO"),
    Row("a dot at the end", f"{HONEST}.", postfix="unknown", but={"postfix": ours.LAST_DOT}),
    Row("capitals", HONEST.upper()),
    Row("blanks behind it", f"{HONEST}   "),
    Row("hyphens inside a label", "xn--mller-kva.client.example"),
    Row("a label of 63 characters", f"{'l' * 63}.client.example", families="4"),

    Row("one label", "mailhost", postfix="fqdn", sendmail="bogus"),
    Row("one label, unknown to DNS", "pcwin7", postfix="fqdn", sendmail="bogus", exim="helo"),
    Row("one label, a dot behind", "mailhost.", postfix="fqdn", sendmail="bogus"),
    Row("one label, a dot before", ".mailhost", postfix="invalid", sendmail="bogus",
        exim="helo", but={"sendmail": ours.MALFORMED}),
    Row("Outlook's name without dots", "benderclmsuedu", postfix="fqdn", sendmail="bogus",
        exim="helo"),
    Row("nothing but a dot", ".", postfix="invalid", sendmail="bogus", exim="helo",
        but={"sendmail": ours.MALFORMED}),
]

MALFORMED = [
    Row("a dot before it", f".{HONEST}", postfix="invalid", exim="helo"),
    Row("two dots behind it", f"{HONEST}..", postfix="invalid", exim="helo"),
    Row("an empty label", "mail..client.example", postfix="invalid", exim="helo"),
    Row("a hyphen begins it", "-edge.client.example", families="4", postfix="invalid", exim="helo"),
    Row("a hyphen begins an inner label", "mail.-edge.example", postfix="invalid", exim="helo"),
    Row("a hyphen ends a label", "edge-.client.example", postfix="invalid", exim="helo"),
    Row("a label of 64 characters", f"{'l' * 64}.client.example", postfix="invalid", exim="helo"),
    Row("253 characters, unknown to DNS", f"{LONG * 4}bcdefghij", postfix="unknown",
        exim="helo"),
    Row("254 characters", f"{LONG * 4}abcdefghij", postfix="unknown", exim="helo",
        but={"postfix": ours.TOO_LONG}),
    Row("more than 255 characters", f"{LONG * 5}example", postfix="invalid",
        sendmail="syntax", exim="helo"),
    Row("an underscore", "my_pc.client.example", exim="syntax"),
    Row("an underscore, one label", "my_pc", postfix="fqdn", sendmail="bogus", exim="syntax"),
    Row("a port", f"{HONEST}:25", postfix="invalid", exim="syntax"),
    Row("a number sign", "mail#1.client.example", postfix="invalid", exim="syntax"),
    *(Row(what, helo, postfix="invalid", sendmail="syntax", exim="syntax") for what, helo in (
        ("a URL", f"https://{HONEST}/"),
        ("a mail address", "joe@client.example"),
        ("a slash", "mail/client.example"),
        ("a blank inside", "mail client.example"),
        ("brackets of another kind", f"<{HONEST}>"),
        ("quotes", f'"{HONEST}"'),
        ("percent signs", "%s%n.client.example"),
        ("UTF-8", "m\u00fcller.client.example"))),
]

# Sendmail's block_bad_helo wants a dot, and looks no closer.
BARE_ADDRESSES = [
    Row("digits", "123456", postfix="invalid", sendmail="bogus", exim="helo",
        but={"sendmail": ours.NO_DOT}),
    Row("digits and a dot", "1.2", postfix="invalid", exim="helo"),
    Row("digits as the last label", "client.123", families="4",
        but={"postfix": ours.NUMERIC_TLD, "exim": ours.NUMERIC_TLD}),
    Row("digits as the last label, another address", "client.123", families="6", exim="helo",
        but={"postfix": ours.NUMERIC_TLD}),
    Row("the client's address as an integer", "3405803785", families="4", postfix="invalid",
        sendmail="bogus", exim="helo", but={"sendmail": ours.NO_DOT}),
    Row("the client's address in hexadecimal", "0xcb007109", families="4", postfix="fqdn",
        sendmail="bogus", exim="helo", but={"sendmail": ours.NO_DOT}),
    Row("the client's address, bare", "{ip}", families="4", postfix="fqdn", exim="helo"),
    Row("the client's address, bare", "{ip}", families="6", postfix="fqdn", sendmail="bogus",
        exim="syntax", but={"sendmail": ours.NO_DOT}),
    Row("the client's address, bare, a dot behind", "{ip}.", families="4", postfix="fqdn",
        exim="helo"),
    Row("another address, bare", "198.51.100.77", families="4", postfix="fqdn", exim="helo"),
    Row("another address, bare", "2001:db8:77::77", families="6", postfix="fqdn",
        sendmail="bogus", exim="syntax", but={"sendmail": ours.NO_DOT}),
    Row("a private address, bare", "192.168.1.5", postfix="fqdn", exim="helo"),
    Row("our address, bare", "192.0.2.1", postfix="fqdn", sendmail="bogus", exim="helo"),
    Row("our IPv6 address, bare", "2001:db8::1", postfix="fqdn", sendmail="bogus", exim="syntax"),
    Row("a loopback address, bare", "127.0.0.1", postfix="fqdn", sendmail="bogus", exim="helo"),
]

# A legal [IPv6:...] is refused by Sendmail's and by Exim's check, whose-ever it is.
IPV6_LITERAL = {"sendmail": ours.IPV6_LITERAL, "exim": ours.TAGGED}
LITERALS = [
    Row("the client's address, in brackets", "{literal}", families="4"),
    Row("the client's address, in brackets", "{literal}", families="6", sendmail="bogus",
        exim="helo", but=IPV6_LITERAL),
    Row("... by HELO", "{literal}", families="4", verb="HELO"),
    Row("... by HELO", "{literal}", families="6", verb="HELO", sendmail="bogus", exim="helo",
        but=IPV6_LITERAL),
    Row("... text behind it", f"{{literal}} ({HONEST})", postfix="literal", sendmail="syntax",
        exim="syntax", but={"postfix": ours.TEXT_BEHIND, "exim": ours.TEXT_BEHIND}),
    Row("... capitals, all zeros written", "[IPV6:2001:0DB8:0009:0000:0000:0000:0000:0009]",
        families="6", sendmail="bogus", exim="helo", but=IPV6_LITERAL),
    Row("... the tag in small letters", "[ipv6:2001:db8:9::9]", families="6", sendmail="bogus",
        exim="helo", but=IPV6_LITERAL),
    Row("... without the tag", "[2001:db8:9::9]", families="6", postfix="literal",
        sendmail="bogus", but={"postfix": ours.UNTAGGED, "sendmail": ours.IPV6_LITERAL}),
    Row("... without the brackets", "IPv6:2001:db8:9::9", families="6", postfix="invalid",
        exim="syntax"),
    Row("... as an IPv4-mapped one", "[IPv6:::ffff:203.0.113.9]", families="4", exim="helo",
        but={"exim": ours.TAGGED}),

    Row("another address, in brackets", "[198.51.100.77]", families="4", exim="helo"),
    Row("another address, in brackets", "[IPv6:2001:db8:77::77]", families="6", sendmail="bogus",
        exim="helo", but={"sendmail": ours.IPV6_LITERAL}),
    Row("one that begins like the client's", "[203.0.113.90]", families="4",
        but={"exim": ours.PREFIX}),
    Row("one that begins like the client's", "[IPv6:2001:db8:9::99]", families="6",
        sendmail="bogus", exim="helo", but={"sendmail": ours.IPV6_LITERAL}),
    Row("one that the client's begins with", "[203.0.113.3]", families="4",
        source="delegated (RFC 2317)", exim="helo"),
    Row("a private address, in brackets", "[192.168.1.5]", exim="helo"),
    Row("our address, in brackets", "[192.0.2.1]", postfix="access", sendmail="bogus",
        exim="helo"),
    Row("our IPv6 address, in brackets", "[IPv6:2001:db8::1]", postfix="access",
        sendmail="bogus", exim="helo"),
    Row("our IPv6 address, all zeros written", "[IPv6:2001:0db8:0:0:0:0:0:1]", sendmail="bogus",
        exim="helo", but={"postfix": ours.TEXT_TABLE}),
    Row("our address, as an IPv4-mapped one", "[IPv6:::ffff:192.0.2.1]", exim="helo",
        but={"postfix": ours.TEXT_TABLE, "sendmail": ours.TEXT_TABLE}),
    Row("the loopback address, in brackets", "[127.0.0.1]", sendmail="bogus", exim="helo"),
    Row("another loopback address, in brackets", "[127.0.0.2]", exim="helo",
        but={"sendmail": ours.LOOPBACK_NET}),
    Row("the IPv6 loopback address, in brackets", "[IPv6:::1]", sendmail="bogus", exim="helo"),
    Row("the IPv6 loopback address, without the tag", "[::1]", postfix="literal",
        sendmail="bogus", exim="helo", but={"postfix": ours.UNTAGGED}),

    Row("a bracket that is not closed", "[203.0.113.9", postfix="literal", exim="syntax"),
    Row("nothing in brackets", "[]", postfix="literal", sendmail="bogus", exim="syntax",
        but={"sendmail": ours.MALFORMED}),
    Row("a name in brackets", f"[{HONEST}]", postfix="literal", exim="syntax"),
    Row("no address in brackets", "[300.1.1.1]", postfix="literal", exim="syntax"),
    Row("two gaps in an IPv6 address", "[IPv6:2001:db8::9::9]", postfix="literal",
        sendmail="bogus", exim="syntax", but={"sendmail": ours.MALFORMED}),
    # Exim 4.96 fails over it ("taint mismatch"); whatever another version does is not of interest.
    Row("a zone in an IPv6 address", "[IPv6:fe80::1%eth0]", postfix="literal", sendmail="syntax",
        exim=None),
    Row("a tag nobody knows", "[x-tag:content]", postfix="literal", sendmail="bogus",
        exim="syntax", but={"postfix": ours.GENERAL, "sendmail": ours.GENERAL,
                            "exim": ours.GENERAL}),
]

LOCALHOST = [
    Row("localhost", "localhost", postfix="fqdn", sendmail="bogus", exim="helo"),
    Row("localhost in capitals", "LOCALHOST", postfix="fqdn", sendmail="bogus", exim="helo"),
    Row("localhost.localdomain", "localhost.localdomain", postfix="unknown", exim="helo"),
    Row("a name below localhost", "pc.localhost", postfix="unknown", exim="helo"),
    Row("localhost in somebody's domain", "localhost.client.example"),
]

ROWS = [*NAMES, *MALFORMED, *BARE_ADDRESSES, *LITERALS, *LOCALHOST]
