#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""profiles.py - what each profile does with typical clients

    profiles.py [--helocheck PROGRAM] [--update]

Plays the cases of profiles.cases (as batches of run.py) against profiles.zone, under every profile,
enforced; those that have grounds which RFC 5321 4.1.4 forbids once more with `rfc5321_4_1_4: ignore`
(marked with a "!"). profiles.want has, for each case, which profiles refuse and defer it, and by what:

    one label: 192.175.48.10 says "mailserver"
        reject by not_fqdn: strict rickert
        accept: observe rfc-safe

Each check that refuses or defers in a profile, by the table of helo-checks(7) (which tests/unit holds
against the profiles), must be a ground of some case there: a rule that no case meets is not tested.

Needs Python 3.9 and its standard library. Exit code: 0 all is as expected, 1 it is not.
"""

import argparse
import difflib
import json
import pathlib
import re
import subprocess
import sys
import tempfile

from run import FOLDER, TIMEOUT_S

MANUAL = FOLDER.parents[1] / "lib/checks/helo-checks.7.in"
PROFILES = ("observe rfc-safe strict godaddy rickert msu fcrdns modwest postfix exim haraka qpsmtpd-lenient "
            "qpsmtpd-rfc qpsmtpd-strict rspamd").split()
IGNORING = ["fcrdns", "exim", "qpsmtpd-strict"]

# Sessions and clients with several HELOs: tests/unit/test_profile_sessions.c.
NOT_HERE = {"helo_changed", "helo_churn"}

SITE = """\
server:
  names: [mx.example.org]
  addresses: [192.0.2.1, "2001:db8::1"]
lists: {deny: [listed.example.com]}
data: {senders: [{helo: [bigmail.example.com], hosts: [bigmail.example.com]}]}
rhsbl: {zones: [{zone: dbl.example.com, codes: [127.0.1.2-127.0.1.99]}]}
helo_churn: {names: 31}
"""


def play(program, folder, profile):
    """The verdicts of all cases; `profile` may end in "!"."""
    path = pathlib.Path(folder, "policy.yaml")
    path.write_text(f"mode: enforce\nprofile: {profile.rstrip('!')}\n{SITE}" +
                    ("rfc5321_4_1_4: ignore\n" if profile.endswith("!") else ""))
    done = subprocess.run(
        [program, "explain", "--batch", "profiles.cases", "--zone", "profiles.zone", "--policy", path],
        cwd=FOLDER, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    if done.returncode != 0:
        sys.exit(f"{profile}: exit code {done.returncode}\n{done.stderr}{done.stdout[-1000:]}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def summary(number, of_profile):
    """The lines of one case."""
    first = of_profile[PROFILES[0]][number]
    said = "nothing" if first["helo"] is None else f'"{first["helo"]}"'
    yield f"{first['id']}: {first['client']} says {said}"
    groups = {}
    for profile, verdicts in of_profile.items():
        verdict = verdicts[number]
        words = verdict["verdict"]
        if verdict["grounds"]:
            words += " by " + " ".join(verdict["grounds"])
        if verdict["exempt"]:
            words += ", " + verdict["exempt"]["kind"]
        groups.setdefault(words, []).append(profile)
    for words in sorted(groups, key=lambda words: (not words.startswith("reject"), words.startswith("accept"), words)):
        yield f"    {words}: {' '.join(groups[words])}"


def wanted_grounds():
    """{profile: checks that refuse or defer there}, by the table of the manual."""
    wanted = {profile: set() for profile in PROFILES}
    for row in re.findall(r"^(\w+) +((?:[-.RrDd]\+? *){%d})$" % len(PROFILES), MANUAL.read_text(), re.M):
        for profile, cell in zip(PROFILES, row[1].split()):
            if cell[0] in "RrDd" and row[0] not in NOT_HERE:
                wanted[profile].add(row[0])
    return wanted


def not_met(of_profile):
    """Rules that no case meets."""
    wanted = wanted_grounds()
    if sum(map(len, wanted.values())) < 100:
        yield f"{MANUAL}: there is no table of profiles"
    for profile, checks in wanted.items():
        verdicts = of_profile[profile] + of_profile.get(profile + "!", [])
        met = {ground for verdict in verdicts for ground in verdict["grounds"]}
        yield from (f"profile {profile}: no case is refused or deferred by {check}" for check in sorted(checks - met))


def main():
    parser = argparse.ArgumentParser(description="what each profile does with typical clients")
    parser.add_argument("--helocheck", default="helocheck", type=pathlib.Path)
    parser.add_argument("--update", action="store_true", help="take what is printed as expected")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        of_profile = {profile: play(options.helocheck.resolve(), folder, profile)
                      for profile in PROFILES + [name + "!" for name in IGNORING]}
    faults = list(not_met(of_profile))
    got = [line for number in range(len(of_profile[PROFILES[0]])) for line in summary(number, of_profile)]
    want = FOLDER / "profiles.want"
    if options.update:
        want.write_text("\n".join(got) + "\n")
    expected = want.read_text().splitlines() if want.exists() else []
    faults += difflib.unified_diff(expected, got, "profiles.want (expected)", "profiles.want (printed)", lineterm="")
    print("\n".join(faults) or f"{len(of_profile)} profiles, all as expected")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
