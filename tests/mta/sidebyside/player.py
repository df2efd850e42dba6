# SPDX-License-Identifier: BSD-2-Clause
"""Plays the table on a peer's port and on ours, several sessions at a time, and compares."""

import os
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import expect
from rig import world
from sidebyside import argument, clients, naming, standing
from sidebyside.differences import ACCEPT, DEFER, REJECT, RFC_4_1_4
from sidebyside.row import OK
from stage import PEER_PORT
from subjects import Subject

TABLE = [*argument.ROWS, *naming.ROWS, *clients.ROWS, *standing.ROWS]
VERDICTS = {2: ACCEPT, 4: DEFER, 5: REJECT}
AT_ONCE = 4
OUR_PORT = 25
PROFILES = os.path.join(os.path.dirname(__file__), "..", "..", "..", "etc", "profiles")


@dataclass(frozen=True)
class Outcome:
    """The reply that tells the verdict: to RCPT, or to the earlier command that was refused."""

    command: str
    reply: object

    @property
    def verdict(self):
        return VERDICTS[self.reply.code // 100]

    @property
    def checks(self):
        """The grounds that a refusal of ours names."""
        named = re.search(r"check=(\S+)", self.reply.text)
        return set(named[1].split(",")) if named else set()

    def __str__(self):
        return f"{self.verdict} at {self.command}: {self.reply}"


def converse(row, source, helos, stage, port):
    """One session. What is said to any HELO but the last is of no consequence."""
    with stage.dial(source, port) as client:
        for number, helo in enumerate(helos, 1):
            reply = client.command(f"{row.verb} {helo}")
            if number == len(helos) and reply.code >= 400:
                return Outcome(row.verb, reply)
        if row.login:
            client.auth(world.USER, row.login)
        reply = client.mail("ann@client.example")
        if reply.code >= 400:
            return Outcome("MAIL", reply)
        return Outcome("RCPT", client.rcpt(row.rcpt))


def checks_of(profile):
    """The checks that this profile lets defer or reject for any reason."""
    with open(f"{PROFILES}/{profile}.yaml", encoding="utf-8") as source:
        rows = re.findall(r"^  (\w+): (.*)$", source.read().split("\nchecks:\n")[1], re.M)
    return {check for check, actions in rows if re.search("defer|reject", actions)}


def is_about_the_rfc(difference):
    return difference is not None and difference.kind == RFC_4_1_4


class Comparison:
    """All sessions of the table with one peer. They start when the first result is asked for."""

    def __init__(self, peer, profile, policy, unplayed):
        self.peer, self.policy = peer, {"profile": profile, **policy}
        self.wanted_checks, self.checks = checks_of(profile) - unplayed, set()
        self.rows = [row for row in TABLE if row.rule(peer.name) is not None]
        self.results = None
        self.counts = Counter()

    def difference(self, row):
        """What this row lists for the peer, or None."""
        return row.but.get(self.peer.name)

    def begin(self, stage):
        """Asks for every session at once; the pool plays AT_ONCE of them at a time."""
        pool = ThreadPoolExecutor(AT_ONCE)
        self.results = {
            (row.what, family, port): pool.submit(converse, row, source, helos, stage, port)
            for row in self.rows for family, source, helos in row.sessions()
            for port in (PEER_PORT, OUR_PORT)}
        pool.shutdown(wait=False)

    def compare(self, row, stage):
        """The case of one row."""
        if self.results is None:
            self.begin(stage)
        for family, *_ in row.sessions():
            theirs = self.results[row.what, family, PEER_PORT].result()
            mine = self.results[row.what, family, OUR_PORT].result()
            self.check_peer(row, theirs)
            self.check_ours(row, theirs, mine)
        return f"{row.rule(self.peer.name)}{self.remark(row)}"

    def remark(self, row):
        other = self.difference(row)
        return f"; ours: {other.verdict}, {other.because}" if other else ""

    def check_peer(self, row, theirs):
        rule = row.rule(self.peer.name)
        if rule == OK:
            expect.that(theirs.verdict == ACCEPT, f"{self.peer.name}, which accepted: {theirs}")
        else:
            code, words = self.peer.rules[rule]
            expect.that(theirs.reply.code == code and words in theirs.reply.text,
                        f"{self.peer.name}, which answered {code} ... {words}: {theirs}")

    def check_ours(self, row, theirs, mine):
        """The same verdict, or the difference that is listed. The filter gives it, unless both mail
        servers let no such HELO come to any check."""
        other = self.difference(row)
        self.checks |= mine.checks
        expect.that(mine.verdict == ACCEPT or "id=" in mine.reply.text
                    or str(mine) == str(theirs), f"not the filter's word: {mine}")
        if other is None:
            self.counts["agree"] += 1
            expect.that(mine.verdict == theirs.verdict, f"{self.peer.name}: {theirs}\nours: {mine}")
        else:
            self.counts[other.kind] += 1
            expect.that(mine.verdict != theirs.verdict,
                        f"listed ({other.because}), but not there: both {mine.verdict}")
            expect.that(mine.verdict == other.verdict, f"wanted {other.verdict}, ours: {mine}")

    def ignore_rfc(self, stage):
        """Where nothing but RFC 5321 4.1.4 makes the difference, there is none without it."""
        more = self.policy.get("more", "") + "rfc5321_4_1_4: ignore\n"
        stage.filter.policy(**{**self.policy, "more": more})
        stage.filter.reload()
        sessions = [(row, *session) for row in self.rows
                    if is_about_the_rfc(self.difference(row))
                    for session in row.sessions()]
        for row, family, source, helos in sessions:
            theirs = self.results[row.what, family, PEER_PORT].result()
            mine = converse(row, source, helos, stage, OUR_PORT)
            self.checks |= mine.checks
            expect.that(mine.verdict == theirs.verdict, f"{row.what}: {theirs}\nours: {mine}")
        return f"{len(sessions)} sessions"

    def rules_are_covered(self, _):
        """Each rule of the peer decides something, over IPv4 and over IPv6; no row hides another.
        """
        names = Counter((row.what, family) for row in self.rows for family in row.families)
        expect.that(max(names.values()) == 1, f"twice: {names.most_common(1)}")
        decided = {(row.rule(self.peer.name), family)
                   for row in self.rows for family in row.families}
        wanted = {(rule, family) for rule in [OK, *self.peer.rules] for family in "46"}
        expect.that(not wanted - decided, f"nothing decided by {sorted(wanted - decided)}")
        return f"{len(self.rows)} rows"

    def checks_are_covered(self, _):
        """Each check of the profile that may refuse is named as a ground of some refusal."""
        missing = self.wanted_checks - self.checks
        expect.that(not missing, f"no refusal by {sorted(missing)}")
        return " ".join(sorted(self.checks))

    def count(self, _):
        expect.that(len(self.rows) >= 60, f"only {len(self.rows)} rows")
        return ", ".join(f"{number} {kind}" for kind, number in self.counts.most_common())


def compare_with(peer, profile, policy, unplayed=frozenset()):
    """The Subject of the comparison of this peer with our filter under this profile.

    `policy` are further keywords of Filter.policy, `unplayed` the checks of the profile that wait
    for lists which the peer does not have.
    """
    comparison = Comparison(peer, profile, policy, unplayed)
    made = Subject(f"the table of sessions, as {peer.name} itself decides and as we do with the "
                   f"profile {profile}", policy=comparison.policy, peer=peer.make,
                   trees=(peer.name,))
    for row in comparison.rows:
        made.add(f"{row.what} (IPv{' and IPv'.join(row.families)})",
                 partial(comparison.compare, row))
    if any(is_about_the_rfc(comparison.difference(row)) for row in comparison.rows):
        made.add("rfc5321_4_1_4: ignore", comparison.ignore_rfc)
    made.add("every rule of the peer has its rows", comparison.rules_are_covered)
    made.add("every check of the profile has its rows", comparison.checks_are_covered)
    made.add("what came of it all", comparison.count)
    return made
