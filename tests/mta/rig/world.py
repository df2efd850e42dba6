# SPDX-License-Identifier: BSD-2-Clause
"""The little internet that all actors agree on.

Documentation names and addresses only (RFC 2606, 5737, 3849). One zone, the root, holds all of it:
whatever is not in there does not exist, definitely, and no question ever leaves this machine.
"""

import ipaddress

from . import oddities

SERVER_NAME = "mx.site.example"
SERVER_V4 = "192.0.2.1"
SERVER_V6 = "2001:db8::1"
MAIL_DOMAIN = "site.example"
USER, PASSWORD = "joe", "secret"

CLIENT = "203.0.113.9"              # mail.client.example, everything about it is right
CLIENT_V6 = "2001:db8:9::9"
CLUSTER = "203.0.113.20"            # out.cluster.example, says mail.cluster.example
NAMELESS = "203.0.113.99"           # no PTR
INTERNAL = "10.20.0.7"              # in the subnet that the site's policy exempts
INTERNAL_NET = "10.20.0.0/16"
INTERNAL_V6 = "2001:db8:20::7"
INTERNAL_NET_V6 = "2001:db8:20::/48"
SILENT_PTR = "198.51.100.67"        # its reverse name is never answered
BROKEN_PTR = "198.51.100.66"        # its reverse name gets SERVFAIL
TOOLS = "203.0.113.200"             # where a client comes from that cannot choose its address
CROWD = [f"203.0.113.{host}" for host in range(100, 160)]

# name -> its addresses; each gets a PTR back, so that both directions agree.
HOSTS = {
    SERVER_NAME: [SERVER_V4, SERVER_V6],
    "mail.client.example": [CLIENT, CLIENT_V6],
    "out.cluster.example": [CLUSTER],
    "tools.client.example": [TOOLS],
    **{f"h{number}.crowd.example": [address] for number, address in enumerate(CROWD)},
}

OTHER_RECORDS = f"""\
{MAIL_DOMAIN}. MX 10 {SERVER_NAME}.
client.example. MX 10 mail.client.example.
mail.cluster.example. A 198.51.100.21
mail.cluster.example. A 198.51.100.22
"""

# What the misbehaving server does with these names and all below them.
FAULTS = {
    **oddities.FAULTS,
    "servfail.example": "servfail",
    "refused.example": "refused",
    "silent.example": "silent",
    ipaddress.ip_address(SILENT_PTR).reverse_pointer: "silent",
    ipaddress.ip_address(BROKEN_PTR).reverse_pointer: "servfail",
}


def zone():
    """The root zone as text. Serial and times are of no consequence: nothing is transferred."""
    lines = ["$ORIGIN .", "$TTL 60",
             ". SOA ns.site.example. hostmaster.site.example. 1 3600 600 86400 60",
             ". NS ns.site.example.", "ns.site.example. A 127.0.0.53"]
    for name, addresses in HOSTS.items():
        for text in addresses:
            address = ipaddress.ip_address(text)
            lines.append(f"{name}. {'A' if address.version == 4 else 'AAAA'} {address}")
            lines.append(f"{address.reverse_pointer}. PTR {name}.")
    return "\n".join([*lines, *oddities.records()]) + "\n" + OTHER_RECORDS
