# SPDX-License-Identifier: BSD-2-Clause
"""The mails of a report (JSON, stdin): by what becomes of them, by exemption, and by what checks found."""

import json
import sys

report = json.load(sys.stdin)
print("  ".join(f"{fate} {found['mails']}" for fate, found in report["fates"].items() if found["mails"] > 0))
print("  ".join(f"{row['kind']} {row['mails']}" for row in report["exemptions"]))
for row in report["checks"]:
    print(f"{row['check']} {row['reason']} {row['mails']}, {row['clients']} client")
