# SPDX-License-Identifier: BSD-2-Clause
"""Rows about the reverse DNS of the client. The names these clients say resolve to them."""

from sidebyside import differences as ours
from sidebyside.row import Row


def client(source, **answers):
    return Row(f"reverse DNS: {source}", "{said}", source=source, **answers)


FIRST_ALONE = {"postfix": ours.ANY_NAME, "sendmail": ours.ANY_NAME}

ROWS = [
    client("nameless", postfix="no_ptr", sendmail="no_ptr", exim="rdns"),
    client("no data", postfix="no_ptr", sendmail="no_ptr", exim="rdns"),
    client("forged", postfix="client", sendmail="forged", exim="rdns"),
    client("name is gone", postfix="client", sendmail="forged", exim="rdns"),
    client("name is empty", postfix="client", sendmail="forged", exim="rdns"),
    client("other family", postfix="client", sendmail="forged", exim="rdns"),
    client("localhost", postfix="client", sendmail="forged", exim="rdns"),
    client("name is an address", postfix="no_ptr", sendmail="no_ptr", exim="rdns",
           but={"sendmail": ours.NUMERIC_PTR}),

    client("delegated (RFC 2317)"),
    client("name is an alias"),
    client("underscore"),
    client("one label"),
    client("two addresses"),
    client("first name is right"),
    client("second name is right", postfix="client", sendmail="forged", but=FIRST_ALONE),
    client("twelfth name is right", postfix="client", sendmail="forged",
           but={"exim": ours.TEN_NAMES}),

    client("SERVFAIL", postfix="no_ptr", sendmail="temporary", exim="temporary"),
    client("no answer", postfix="no_ptr", sendmail="temporary", exim="temporary"),
    client("name gets SERVFAIL", postfix="client", sendmail="forged", exim="temporary"),
    client("name is not answered", postfix="client", sendmail="forged", exim="temporary"),
    client("first name gets SERVFAIL, second is right", postfix="client", sendmail="forged",
           exim="temporary", but={**FIRST_ALONE, "exim": ours.ANY_NAME}),
]
