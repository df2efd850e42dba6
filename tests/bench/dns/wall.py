#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-2-Clause
"""wall.py - what a client waits for the reply to RCPT, by how long DNS takes

    wall.py BUILD [--delays MS,MS,...] [--visits N] [--helo mail|other] [--filter PROGRAM]
            [--servers DIRECTORY]

Through a real Postfix in six set-ups, which take turns: each client comes to each of them once,
and then once more. As root. --helo: the client says the name its address has in PTR (`mail`), or
another name with the same address (`other`), which nobody has asked for before. Name server and
client are on the same machine, so that a round trip takes nothing but what the answer is delayed.
BUILD has the targets `milter-helo` and `benches`.
"""

import statistics
import sys

from figures import table
from household import (EVERY_CHECK, Household, NO_OP, NO_PEER_NAME, OWN_CHECKS, RECOMMENDED, SetUp,
                       parser, v4_clients, visit, within_a_house)

WARM_UP = 2


def set_ups():
    return [SetUp("Postfix alone"),
            SetUp("Postfix, its own checks", more=OWN_CHECKS),
            SetUp("no-op filter", NO_OP),
            SetUp("milter-helo, rfc-safe", RECOMMENDED),
            SetUp("milter-helo, every check", EVERY_CHECK),
            SetUp("the same, no peer name", EVERY_CHECK, NO_PEER_NAME)]


def visits_for(delay, most):
    """Long delays show in few visits what short ones need many for."""
    return most if delay <= 20 else max(5, most * 2 // 3) if delay <= 50 else max(5, most // 3)


def measure(household, delay, clients, options):
    """Results of each set-up: delay -> [first visits, second visits]."""
    sessions = visits_for(delay, options.visits)
    for number in range(WARM_UP + sessions):
        client = next(clients)
        order = household.set_ups[number % len(household.set_ups):] + \
            household.set_ups[:number % len(household.set_ups)]
        for again in (0, 1):
            for set_up in order:
                took = visit(client, set_up.port, client.host(options.helo))
                kept = set_up.results.setdefault(delay, ([], []))[again]
                if number >= WARM_UP:
                    kept.append(took)
    return 2 * (WARM_UP + sessions)


def milliseconds(seconds):
    """"median [lowest]": what is above the lowest is the machine's doing."""
    return f"{statistics.median(seconds) * 1000:.1f} [{min(seconds) * 1000:.1f}]"


def report(delay, household):
    rows = []
    for set_up in household.set_ups:
        first, second = set_up.results[delay]
        rows.append([set_up.name, *(milliseconds([getattr(each, what) for each in visits])
                                    for visits in (first, second)
                                    for what in ("from_connect", "from_ehlo"))])
    print()
    table([f"{delay} ms for each answer", "1st, connect", "1st, EHLO", "2nd, connect", "2nd, EHLO"],
          rows)


def perform(options):
    clients = v4_clients()
    with Household(options, set_ups()) as household:
        print(f"{household.set_ups[0].postfix.version()}; ms until the reply to RCPT, "
              "median [lowest]", flush=True)
        sessions = 0
        for delay in map(int, options.delays.split(",")):
            household.delay(delay)
            sessions += measure(household, delay, clients, options)
            report(delay, household)
        for set_up in household.set_ups:
            household.check(set_up, sessions)


def main():
    made = parser("ms until the reply to RCPT")
    made.add_argument("--delays", default="0,20,50,200")
    made.add_argument("--visits", type=int, default=30)
    made.add_argument("--helo", choices=("mail", "other"), default="mail")
    return within_a_house(made.parse_args(), perform)


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    sys.exit(main())
