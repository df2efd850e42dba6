# SPDX-License-Identifier: BSD-2-Clause
"""Real mail and name servers, private to whoever started them.

The actors of the `mta` test ring and of the demonstration: Postfix, Sendmail, Exim, Knot DNS, a
name server that misbehaves, the filter itself, and SMTP clients. None is installed, all of them
live below one directory that the caller made, and each is ended by the process id that it got.

    world      addresses, names and the DNS zone that everything below agrees on
    oddities   the part of it where DNS is not as it should be
    process    start, wait for readiness, end
    smtp       a client that can hold odd dialogues
    dns        Knot DNS, and in front of it the server that misbehaves (faultdns)
    resolver   a name server of the filter's own, to be ended in mid-work
    trees      the unpacked packages
    credentials  the TLS certificate and the one user who may authenticate
    snippets   the lines of contrib/, as the servers get them
    postfix    a private Postfix
    sendmail   a private Sendmail
    exim       a private Exim, which knows no filters
    module     what makes one of Exim: contrib/exim
    filter     milter-helo: its policy, its log
    syslog     whom Sendmail and libmilter tell what they have to say
"""
