# SPDX-License-Identifier: BSD-2-Clause
"""What a row of the table says: a session, each peer's answer, and where we answer otherwise."""

from dataclasses import dataclass, field

from rig import oddities, world

HONEST = "mail.client.example"
JOE = f"joe@{world.MAIL_DOMAIN}"
OK = "accept"                       # in place of a rule: the peer has no objection

# who -> its address in each family
SOURCES = {
    "honest": (world.CLIENT, world.CLIENT_V6),
    "internal": (world.INTERNAL, world.INTERNAL_V6),
    "loopback": ("127.0.0.1", "::1"),
    "server": (world.SERVER_V4, world.SERVER_V6),
    **{name: (client.v4, client.v6) for name, client in oddities.CLIENTS.items()},
}


@dataclass(frozen=True)
class Row:
    """A client that is `source` (a key of SOURCES) says `helo` and wants to write to `rcpt`.

    `postfix`, `sendmail`, `exim` name the rule of that peer which decides (peers.py), as it was
    measured; None where that peer is not asked. Its verdict is ours too, unless `but` has a
    difference for that peer. `families`: over which the session is played, "4", "6" or "46".

    In `helo`, {ip} is the client's address, {literal} the same as RFC 5321 4.1.3 wants it, {said} a
    name that resolves to it. None is a session without HELO; several lines are as many HELOs.
    `login` is the password that AUTH gives, if there is AUTH.
    """

    what: str
    helo: str | None
    source: str = "honest"
    families: str = "46"
    postfix: str | None = OK
    sendmail: str | None = OK
    exim: str | None = OK
    but: dict = field(default_factory=dict)
    rcpt: str = JOE
    verb: str = "EHLO"
    login: str | None = None

    def rule(self, peer):
        return getattr(self, peer)

    def sessions(self):
        """(family, source address, HELO lines) of each session this row asks for."""
        for family, address in zip("46", SOURCES[self.source]):
            if family in self.families:
                yield family, address, self.helos(address)

    def helos(self, address):
        if self.helo is None:
            return []
        literal = f"[IPv6:{address}]" if ":" in address else f"[{address}]"
        said = oddities.said(self.source) if self.source in oddities.CLIENTS else HONEST
        return self.helo.format(ip=address, literal=literal, said=said).split("\n")
