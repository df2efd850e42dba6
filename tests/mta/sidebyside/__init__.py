# SPDX-License-Identifier: BSD-2-Clause
"""One table of sessions, played against a mail server's own checks and against our filter.

    row          what a row of the table says
    argument     rows about the text of HELO alone
    naming       rows about what DNS says of the name in HELO
    clients      rows about the reverse DNS of the client
    standing     rows about whose name is said, who is asking, and what else goes on
    differences  where we answer otherwise, on purpose, and why
    peers        the mail servers, their checks, and how their rules are recognised
    player       plays the table, and compares
"""
