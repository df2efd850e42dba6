# SPDX-License-Identifier: BSD-2-Clause
"""Rows about whose name is said, who is asking, and what else goes on in the session."""

from rig import world
from sidebyside import differences as ours
from sidebyside.row import HONEST, Row

OUR_NAME = world.SERVER_NAME
POSTMASTER, ABUSE = f"postmaster@{world.MAIL_DOMAIN}", f"abuse@{world.MAIL_DOMAIN}"
EVERYBODY = ("postfix", "sendmail", "exim")

IDENTITY = [
    Row("our name", OUR_NAME, postfix="access", sendmail="bogus", exim="helo"),
    Row("our name, in capitals", OUR_NAME.upper(), postfix="access", sendmail="bogus",
        exim="helo"),
    Row("our name, a dot behind", f"{OUR_NAME}.", postfix="unknown", exim="helo",
        but={"postfix": ours.TEXT_TABLE, "sendmail": ours.TEXT_TABLE}),
    Row("our name, in brackets", f"[{OUR_NAME}]", postfix="literal", exim="syntax"),
    Row("a name below ours", f"nibbler.{OUR_NAME}", postfix="access", exim="helo"),
    Row("a name on Postfix' list", "mail.listed.example", postfix="listed"),
    Row("a name that ends like one on the list", "mail.unlisted.example"),
    Row("another name in our domain", "www.site.example", postfix="unknown", exim="helo"),
    Row("the recipient's domain", world.MAIL_DOMAIN, sendmail="bogus", exim="helo"),
    Row("our name, from ourselves", OUR_NAME, source="server", postfix="access",
        sendmail="bogus", but={"postfix": ours.NOT_THE_NAME, "sendmail": ours.NOT_THE_NAME}),
]

EXEMPT = [
    Row("an internal client: our name", OUR_NAME, source="internal"),
    Row("an internal client: one label", "printer", source="internal"),
    Row("an internal client: an empty label", "bad..name", source="internal"),
    Row("an internal client: no such name", "nothing.client.example", source="internal"),
    Row("this machine: localhost", "localhost", source="loopback"),
    Row("this machine: our name", OUR_NAME, source="loopback"),
    Row("authenticated: our name", OUR_NAME, login=world.PASSWORD),
    Row("authenticated: one label", "laptop", login=world.PASSWORD),
    Row("authenticated: an empty label", "bad..name", login=world.PASSWORD),
    Row("authenticated: no reverse DNS", "laptop", source="nameless", login=world.PASSWORD),
    Row("authenticated: reverse DNS fails", "laptop", source="SERVFAIL", login=world.PASSWORD),
    Row("a wrong password: our name", OUR_NAME, login="wrong", postfix="access",
        sendmail="bogus", exim="helo"),
    Row("a wrong password: no reverse DNS", "{said}", source="nameless", login="wrong",
        postfix="no_ptr", sendmail="no_ptr", exim="rdns"),
    Row("to postmaster: our name", OUR_NAME, rcpt=POSTMASTER, postfix="access",
        sendmail="bogus", exim="helo", but=dict.fromkeys(EVERYBODY, ours.POSTMASTER)),
    Row("to postmaster: no reverse DNS", "{said}", source="nameless", rcpt=POSTMASTER,
        postfix="no_ptr", sendmail="no_ptr", exim="rdns",
        but=dict.fromkeys(EVERYBODY, ours.POSTMASTER)),
    Row("to abuse: an unknown label", "pcwin7", rcpt=ABUSE, postfix="fqdn", sendmail="bogus",
        exim="helo", but=dict.fromkeys(EVERYBODY, ours.POSTMASTER)),
]

TWO_GROUNDS = [
    Row("no reverse DNS, and one label", "pcwin7", source="nameless", postfix="no_ptr",
        sendmail="no_ptr", exim="helo", but={"postfix": ours.STRONGEST}),
    Row("no reverse DNS, and an address in brackets", "{literal}", source="nameless",
        families="4", postfix="no_ptr", sendmail="no_ptr", exim="rdns"),
    Row("no reverse DNS, and an address in brackets", "{literal}", source="nameless",
        families="6", postfix="no_ptr", sendmail="no_ptr", exim="helo"),
    Row("forged reverse DNS, and an empty label", "bad..name", source="forged",
        postfix="client", sendmail="forged", exim="helo", but={"postfix": ours.STRONGEST}),
    Row("forged reverse DNS, and one label", "pcwin7", source="forged", postfix="client",
        sendmail="forged", exim="helo",
        but={"postfix": ours.STRONGEST, "sendmail": ours.STRONGEST}),
    Row("reverse DNS fails, and our name", OUR_NAME, source="SERVFAIL", postfix="no_ptr",
        sendmail="temporary", exim="helo", but={"exim": ours.EXCUSABLE}),
    Row("reverse DNS fails, and no such name", "nothing.client.example", source="SERVFAIL",
        postfix="no_ptr", sendmail="temporary", exim="helo"),
    Row("the name fails, and no reverse DNS", "mail.servfail.example", source="nameless",
        postfix="no_ptr", sendmail="no_ptr", exim="helo"),
]

DIALOGUE = [
    Row("no HELO", None, postfix="required", exim="required"),
    Row("no HELO, no reverse DNS", None, source="nameless", postfix="required",
        sendmail="no_ptr", exim="required"),
    Row("no HELO, from an internal client", None, source="internal", postfix="required",
        exim="required", but={"postfix": ours.NETWORKS, "exim": ours.NETWORKS}),
    Row("a bad HELO, then a good one", f"{OUR_NAME}\n{HONEST}"),
    Row("a good HELO, then a bad one", f"{HONEST}\n{OUR_NAME}", postfix="access",
        sendmail="bogus", exim="helo"),
    Row("a good HELO, then a malformed one", f"{HONEST}\nbad..name", postfix="invalid",
        exim="helo"),
]

ROWS = [*IDENTITY, *EXEMPT, *TWO_GROUNDS, *DIALOGUE]
