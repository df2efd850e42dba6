# SPDX-License-Identifier: BSD-2-Clause
"""The part of the little internet where DNS is not as it should be.

Clients, whose reverse DNS is odd, and names to say in HELO, whose forward DNS is. Each client has
an IPv4 and an IPv6 address that share one fate. world.zone() and world.FAULTS take all of it in.
"""

import ipaddress
import re
from dataclasses import dataclass

ELSEWHERE = ("198.51.100.77", "2001:db8:77::77")
HONEST = ("203.0.113.9", "2001:db8:9::9")           # world.CLIENT, world.CLIENT_V6


def reverse(address):
    return ipaddress.ip_address(address).reverse_pointer


def said(client):
    """A name that resolves to this client of CLIENTS, whatever its reverse DNS."""
    return re.sub(r"\W+", "-", client).strip("-").lower() + ".said.example"


def host(name, addresses=("{v4}", "{v6}")):
    """An A and an AAAA record."""
    return f"{name}. A {addresses[0]}", f"{name}. AAAA {addresses[1]}"


@dataclass(frozen=True)
class Client:
    """Both addresses have these PTR names, IPv6 those of `ptr_v6` if given. In `records`, which say
    what these names are, {v4}, {v6} are the addresses and {back4}, {back6} their reverse names."""

    number: int
    ptr: tuple = ()
    records: tuple = ()
    ptr_v6: tuple | None = None

    @property
    def v4(self):
        return f"203.0.113.{self.number}"

    @property
    def v6(self):
        return f"2001:db8:9::{self.number}"

    def lines(self):
        for name in self.ptr:
            yield f"{reverse(self.v4)}. PTR {name}."
        for name in self.ptr if self.ptr_v6 is None else self.ptr_v6:
            yield f"{reverse(self.v6)}. PTR {name}."
        for record in self.records:
            yield record.format(v4=self.v4, v6=self.v6, back4=reverse(self.v4),
                                back6=reverse(self.v6))


CLIENTS = {
    "nameless": Client(99),
    "no data": Client(31, (), ("{back4}. TXT -", "{back6}. TXT -")),
    "forged": Client(32, ("mail.client.example",)),
    "name is gone": Client(33, ("gone.client.example",)),
    "name is empty": Client(34, ("text.client.example",)),
    "second name is right": Client(
        35, ("a.second.example", "z.second.example"),
        (*host("a.second.example", ELSEWHERE), *host("z.second.example"))),
    "first name is right": Client(
        36, ("a.first.example", "z.first.example"),
        (*host("a.first.example"), *host("z.first.example", ELSEWHERE))),
    "delegated (RFC 2317)": Client(
        37, (), ("{back4}. CNAME 37.32-63.113.0.203.in-addr.arpa.",
                 "37.32-63.113.0.203.in-addr.arpa. PTR delegated.client.example.",
                 "{back6}. CNAME 37.hosts.client.example.",
                 "37.hosts.client.example. PTR delegated.client.example.",
                 *host("delegated.client.example"))),
    "name is an alias": Client(
        38, ("www.client.example",),
        ("www.client.example. CNAME real.client.example.", *host("real.client.example"))),
    "localhost": Client(39, ("localhost",)),
    "underscore": Client(40, ("my_host.client.example",), host("my_host.client.example")),
    "one label": Client(41, ("smtpgate",), host("smtpgate")),
    "name gets SERVFAIL": Client(42, ("ptr.servfail.example",)),
    "name is not answered": Client(43, ("ptr.silent.example",)),
    "first name gets SERVFAIL, second is right": Client(
        46, ("a.servfail.example", "z.slow.example"), host("z.slow.example")),
    "name is an address": Client(44, ("203.0.113.44",), host("203.0.113.44")),
    "other family": Client(45, ("six.client.example",), ("six.client.example. AAAA {v6}",
                                                         "four.client.example. A {v4}"),
                           ("four.client.example",)),
    "twelfth name is right": Client(
        47, tuple(f"{letter}.many.example" for letter in "abcdefghijkl"),
        (*host("l.many.example"), *(record for letter in "abcdefghijk"
                                    for record in host(f"{letter}.many.example", ELSEWHERE)))),
    "two addresses": Client(49, ("two.client.example",),
                            (*host("two.client.example"), *host("two.client.example", ELSEWHERE))),
    "SERVFAIL": Client(66),
    "no answer": Client(67),
}

# What there is to say in HELO. Names that are not here, or are below those of FAULTS, have nothing.
NAMES = (
    "v4.client.example. A {client4}",
    "v6.client.example. AAAA {client6}",
    "near.client.example. A 203.0.113.77", "near.client.example. AAAA 2001:db8:9::77",
    "far.client.example. A {else4}", "far.client.example. AAAA {else6}",
    "text.client.example. TXT -",
    "mxonly.client.example. MX 10 mail.client.example.",
    "mxgone.client.example. MX 10 gone.client.example.",
    "mxnull.client.example. MX 0 .",
    "alias.client.example. CNAME mail.client.example.",
    "dangling.client.example. CNAME gone.client.example.",
    "loop.client.example. CNAME pool.client.example.",
    "pool.client.example. CNAME loop.client.example.",
    "loopback.client.example. A 127.0.0.1", "loopback.client.example. AAAA ::1",
    "private.client.example. A 192.168.1.5",
    "my_pc.client.example. A {client4}", "my_pc.client.example. AAAA {client6}",
    "xn--mller-kva.client.example. A {client4}", "xn--mller-kva.client.example. AAAA {client6}",
    "-edge.client.example. A {client4}",
    f"{'l' * 63}.client.example. A {{client4}}",
    "client.123. A {client4}",
    "localhost.client.example. A {client4}", "localhost.client.example. AAAA {client6}",
    "mail.listed.example. A {client4}", "mail.listed.example. AAAA {client6}",
    "mail.unlisted.example. A {client4}", "mail.unlisted.example. AAAA {client6}",
    "mailhost. A {client4}", "mailhost. AAAA {client6}",
    "halfa.example. A {else4}", "halfa.example. AAAA {client6}",
    "halfaaaa.example. A {client4}", "halfaaaa.example. AAAA {else6}",
    "halfmx.example. TXT -",
    "mxpart.example. MX 10 mail.client.example.",
)

# NAME or NAME/TYPE -> what the misbehaving server does with it and all names below.
FAULTS = {
    reverse(CLIENTS["SERVFAIL"].v4): "servfail",
    reverse(CLIENTS["SERVFAIL"].v6): "servfail",
    reverse(CLIENTS["no answer"].v4): "silent",
    reverse(CLIENTS["no answer"].v6): "silent",
    "halfa.example/A": "servfail",
    "halfa.example/AAAA": "slow",
    "halfaaaa.example/AAAA": "servfail",
    "halfaaaa.example/A": "slow",
    "slow.example": "slow",
    "halfmx.example/MX": "servfail",
    "mxpart.example/A": "servfail",
    "mxpart.example/AAAA": "servfail",
}


def records():
    """Lines of a zone."""
    for name, client in CLIENTS.items():
        yield from client.lines()
        yield from host(said(name), (client.v4, client.v6))
    for record in NAMES:
        yield record.format(client4=HONEST[0], client6=HONEST[1], else4=ELSEWHERE[0],
                            else6=ELSEWHERE[1])
