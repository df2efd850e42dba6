# SPDX-License-Identifier: BSD-2-Clause
"""The data files, etc/data/*.yaml: each has a version; its lists are in lower case, sorted from one comment or blank line to
the next, and no entry stands twice; no word is both a dial-up word and a veto word.

The files are read as text: what this finds are mistakes of the hand that edits them. That they load is for other tests.
"""

import re
import sys

from common import Findings, files, give_up, read

VERSION = re.compile(r"^version: 20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$", re.M)
LIST = re.compile(r"^  (\w+):$")
# An entry's line, and of senders the second one. What it names: after the key, or all of it.
ENTRY = re.compile(r"^(?:    - |      (?=hosts: ))(?:\{?(\w+): )?(.*?)(?:, note: .*)?\}?$")
NAME = re.compile(r"^[a-z0-9./:-]+$")
LISTS = {"special_tlds", "dialup_words", "veto_words", "senders", "pools"}


def names(text):
    return [name.strip(' "') for name in text.strip("[]").split(",")]


def entries(text):
    """(line, list, key or None, names, whether it begins a group) of each line of an entry."""
    current, begins = None, True
    for number, line in enumerate(text.splitlines(), 1):
        found = LIST.match(line)
        if found:
            current, begins = found[1], True
        elif not line.strip() or line.lstrip().startswith("#"):
            begins = True
        elif current and ENTRY.match(line):
            key, what = ENTRY.match(line).groups()
            yield number, current, key, names(what), begins
            begins = False
        elif current:
            yield number, current, None, None, begins


def check(text):
    """(line, finding)"""
    seen, before = {}, {}
    if len(VERSION.findall(text)) != 1:
        yield 1, "no line 'version: YEAR-MONTH-DAY', or several"
    for number, current, key, found, begins in entries(text):
        if found is None:
            yield number, "neither an entry nor a comment"
            continue
        if current not in LISTS:
            yield number, f"a list {current} is not known: {', '.join(sorted(LISTS))}"
        for name in found:
            # What two senders' hosts have in common is no mistake.
            space = "words" if current.endswith("_words") else current + ("." + key if current == "senders" else "")
            if not NAME.match(name):
                yield number, f"'{name}' is not a name in lower case"
            if key != "hosts" and (space, name) in seen:
                yield number, f"{name} stands in line {seen[space, name]}, too"
            seen.setdefault((space, name), number)
        # A sender's names are sorted, not the senders: what belongs together stands together.
        if found != sorted(found):
            yield number, f"not sorted: {', '.join(found)}"
        if current != "senders" and not begins and before[current] > found[0]:
            yield number, f"{found[0]} comes before {before[current]}"
        before[current] = found[0]


SELF_TEST = [
    ("version: 2026-11-21\n\ndata:\n  special_tlds:\n    # one\n    - a\n    - b\n\n    # two\n    - a.b\n", []),
    ("version: 2026-11-21\ndata:\n  pools:\n    - {net: 10.0.0.0/8, note: B and A}\n    - {net: \"fc00::/7\"}\n", []),
    ("version: 2026-11-21\ndata:\n  senders:\n    - helo: [b.example]\n      hosts: [c.example]\n"
     "    - helo: [a.example]\n      hosts: [c.example, d.example]\n", []),
    ("data:\n  veto_words:\n    - a\n", [1]),
    ("version: 21.11.2026\ndata:\n  veto_words:\n    - a\n", [1]),
    ("version: 2026-11-21\ndata:\n  veto_words:\n    - b\n    - a\n", [5]),
    ("version: 2026-11-21\ndata:\n  veto_words:\n    - A\n", [4]),
    ("version: 2026-11-21\ndata:\n  veto_words:\n    - a b\n", [4]),
    ("version: 2026-11-21\ndata:\n  special_tlds:\n    - a\n\n    - a\n", [6]),
    ("version: 2026-11-21\ndata:\n  dialup_words:\n    - a\n  veto_words:\n    - a\n", [6]),
    ("version: 2026-11-21\ndata:\n  senders:\n    - helo: [b.example, a.example]\n      hosts: [c.example]\n", [4]),
    ("version: 2026-11-21\ndata:\n  senders:\n    - helo: [a.example]\n      hosts: [c.example]\n    - helo: [a.example]\n", [6]),
    ("version: 2026-11-21\ndata:\n  words:\n    - a\n", [4]),
    ("version: 2026-11-21\ndata:\n  pools:\n   - net: 10.0.0.0/8\n", [4]),
]


def self_test():
    for text, want in SELF_TEST:
        found = list(check(text))
        if [line for line, _ in found] != want:
            give_up(f"the check is broken: {text!r}: {found}")


def main():
    findings = Findings()
    looked_at = [name for name in files("etc") if re.match(r"etc/data/[\w-]+\.yaml$", name)]
    lists = set()
    self_test()
    for path in looked_at:
        text = read(path)
        lists |= {current for _, current, _, _, _ in entries(text)}
        for line, what in check(text):
            findings.add(path, line, what)
    if lists != LISTS:
        give_up(f"etc/data has the lists {sorted(lists)}, not {sorted(LISTS)}")
    findings.exit(f"{len(looked_at)} data files")


if __name__ == "__main__":
    sys.exit(main())
