# SPDX-License-Identifier: BSD-2-Clause
"""Every check of checks.def has a table of test rows, every reason of it a row that fails with it, and every check a row
that does not fail.

The tables are those of tests/unit/check_rows.h: `check_test NAME_rows[]`, the wanted outcome a string of its own,
run by CHECK_TEST(NAME).
"""

import re
import sys

from common import Findings, files, give_up, read

REGISTRY = "lib/checks/checks.def"


def registry(text):
    """{check: [reasons]}"""
    rows = {name: [] for name in re.findall(r"^CHECK\((\w+),", text, re.M)}
    for check, reason in re.findall(r"^REASON\((\w+),\s*(\w+),", text, re.M):
        rows.setdefault(check, []).append(reason)
    return rows


def tables(text):
    """{check: strings of its table}, of the tables that are run."""
    found = {}
    for name, body in re.findall(r"check_test (\w+)_rows\[\] = \{\n(.*?)\n\};", text, re.S):
        if re.search(rf"^CHECK_TEST\({name}\)", text, re.M):
            found[name] = set(re.findall(r'"([^"\n]*)"', body))
    return found


def missing(rows, found):
    for check, reasons in rows.items():
        if check not in found:
            yield f"check {check} has no table of test rows"
            continue
        for reason in reasons:
            if reason not in found[check]:
                yield f"reason {reason} of check {check} has no test row"
        if not found[check] & {"pass", "none"}:
            yield f"check {check} has no test row that does not fail"


def self_test():
    rows = registry('CHECK(a, 0)\nREASON(a, x, OFF)\nREASON(a, y, OFF)\nCHECK(b, 0)\nREASON(b, z, OFF)\nCHECK(c, 0)\n')
    found = tables('static const struct check_test a_rows[] = {\n    {"n", "x"},\n};\n'
                   'static const struct check_test b_rows[] = {\n    {"n", "z"},\n    {"m", "pass"},\n};\n'
                   'static const struct check_test c_rows[] = {\n    {"m", "pass"},\n};\nCHECK_TEST(a)\nCHECK_TEST(b)\n')
    want = ["reason y of check a has no test row", "check a has no test row that does not fail",
            "check c has no table of test rows"]
    if list(missing(rows, found)) != want:
        give_up(f"the check is broken: {list(missing(rows, found))}")


def main():
    findings = Findings()
    rows = registry(read(REGISTRY))
    names = [name for name in files("tests/unit") if re.search(r"/test_checks\w*\.c$", name)]
    self_test()
    if len(rows) < 16 or not names:
        give_up(f"{REGISTRY} has {len(rows)} checks, and there are {len(names)} files of rows")
    found = {}
    for name in names:
        found.update(tables(read(name)))
    for text in missing(rows, found):
        findings.add(REGISTRY, 0, text)
    findings.exit(f"test rows of {len(rows)} checks")


if __name__ == "__main__":
    sys.exit(main())
