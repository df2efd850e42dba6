#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: BSD-2-Clause
"""cpu.py - CPU time of the filter's process for 1,000 sessions, beside the no-op filter's

    cpu.py BUILD [--delays MS,MS,...] [--rounds N] [--sessions N] [--clients N] [--filter PROGRAM]
           [--servers DIRECTORY]

Through a real Postfix, DNS included. In each round every filter sees the same clients, `--clients`
of them at a time, whom nobody has seen before, and then sees all of them once more. As root.
BUILD has the targets `milter-helo` and `benches`.
"""

import itertools
import sys
from concurrent.futures import ThreadPoolExecutor

from figures import cpu_s, spread, table
from household import (EVERY_CHECK, Client, Household, NO_OP, RECOMMENDED, SetUp, parser, visit,
                       within_a_house)

WARM_UP = 20


def set_ups():
    return [SetUp("no-op filter", NO_OP),
            SetUp("milter-helo, rfc-safe", RECOMMENDED),
            SetUp("milter-helo, every check", EVERY_CHECK)]


def process_of(set_up):
    return (set_up.process or set_up.milter.process).pid


def seconds_per_1000(set_up, clients, pool):
    """What the filter's process takes for these clients, scaled to 1,000 of them."""
    before = cpu_s(process_of(set_up))
    for _ in pool.map(lambda client: visit(client, set_up.port, client.host()), clients):
        pass
    return (cpu_s(process_of(set_up)) - before) * 1000 / len(clients)


def play(household, delay, numbers, options, pool):
    """Fills results[delay] of each set-up with [first visits, second visits]."""
    for number in range(options.rounds + 1):
        count = options.sessions if number else WARM_UP
        clients = [Client("s", next(numbers)) for _ in range(count)]
        turn = number % len(household.set_ups)
        for again in (0, 1):
            for set_up in household.set_ups[turn:] + household.set_ups[:turn]:
                took = seconds_per_1000(set_up, clients, pool)
                kept = set_up.results.setdefault(delay, ([], []))[again]
                if number:
                    kept.append(took)


def more_than(values, references):
    """The spread of the differences of each round."""
    return spread([value - reference for value, reference in zip(values, references)], "{:.3f}")


def report(household, delay):
    no_op = household.set_ups[0].results[delay]
    rows = []
    for set_up in household.set_ups:
        mine = set_up.results[delay]
        cells = [cell for again in (0, 1)
                 for cell in (spread(mine[again], "{:.3f}"),
                              "" if set_up.filter == NO_OP else
                              more_than(mine[again], no_op[again]))]
        rows.append([set_up.name, *cells])
    print()
    table([f"{delay} ms for each answer", "1st visit, s", "more than no-op", "2nd visit, s",
           "more than no-op"], rows)


def perform(options):
    numbers = itertools.count(1)
    delays = [int(delay) for delay in options.delays.split(",")]
    with Household(options, set_ups()) as household, \
            ThreadPoolExecutor(options.clients) as pool:
        print(f"{household.set_ups[0].postfix.version()}, {options.clients} clients at a time; CPU "
              f"seconds of the filter for 1,000 sessions, {options.rounds} rounds of "
              f"{options.sessions}", flush=True)
        for delay in delays:
            household.delay(delay)
            play(household, delay, numbers, options, pool)
            report(household, delay)
        for set_up in household.set_ups:
            household.check(set_up, 2 * len(delays) *
                            (WARM_UP + options.rounds * options.sessions))


def main():
    made = parser("CPU seconds of the filter for 1,000 sessions")
    made.add_argument("--delays", default="0,20")
    made.add_argument("--rounds", type=int, default=7)
    made.add_argument("--sessions", type=int, default=200)
    made.add_argument("--clients", type=int, default=4)
    return within_a_house(made.parse_args(), perform)


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    sys.exit(main())
