# SPDX-License-Identifier: BSD-2-Clause
"""The lines that contrib/ tells users of mail servers to copy, as the tests use them.

Only the socket's path is exchanged, or the module's, and what happens while the filter is down. That
the very text of contrib/ works on real servers is thereby tested too.
"""

import os

from .process import Failed

CONTRIB = os.path.join(os.path.dirname(__file__), "..", "..", "..", "contrib")
SOCKET = "/run/milter-helo/milter-helo.sock"
DEFAULT_ACTION = "accept"
MODULE = "/usr/lib/exim4/helo-exim.so"


def read(path, replacements):
    """The file's text with every replacement done; each must occur, or the file has changed."""
    with open(os.path.join(CONTRIB, path), encoding="utf-8") as source:
        text = source.read()
    for old, new in replacements.items():
        if old not in text:
            raise Failed(f"contrib/{path} does not contain '{old}'")
        text = text.replace(old, new)
    return text


def postfix(socket, when_down=DEFAULT_ACTION):
    """Lines for main.cf."""
    return read("postfix/main.cf", {SOCKET: socket,
                                    "default_action=accept": f"default_action={when_down}"})


def sendmail(socket, when_down=DEFAULT_ACTION):
    """Lines for sendmail.mc. Sendmail accepts without an F= flag; F=T makes it answer 451."""
    flag = {"accept": "", "tempfail": ", F=T"}[when_down]
    return read("sendmail/milter-helo.mc", {SOCKET: socket + flag})


def exim(module, policy, name="acl-helo.conf"):
    """Lines for an ACL: the one that judges recipients, or the one of HELO."""
    return read(f"exim/{name}", {MODULE: module,
                                 "{helo_exim}": f"{{helo_exim}}{{policy={policy}}}"})
