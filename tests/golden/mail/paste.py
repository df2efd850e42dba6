# SPDX-License-Identifier: BSD-2-Clause
"""Feeds every entry that a report (JSON, stdin) says to paste to `helocheck config`, each as a policy of its own, and
prints how many there were of each kind."""

import collections
import json
import pathlib
import subprocess
import sys
import tempfile

report = json.load(sys.stdin)
kinds = collections.Counter()
with tempfile.TemporaryDirectory() as folder:
    policy = pathlib.Path(folder, "paste.yaml")
    for sender in report["lost"]["rows"] + report["kept_out"]["rows"]:
        text = sender["exemption"]["yaml"]
        policy.write_text("server: {learn: false}\n" + text)
        done = subprocess.run(["helocheck", "config", policy], capture_output=True, text=True, check=False)
        if done.returncode != 0 or "0 warnings" not in done.stdout:
            print("does not load:", text, done.stdout, done.stderr)
        kinds[text.split(":\n  -")[0].split(":\n    -")[0].replace("\n", "")] += 1
for kind, count in sorted(kinds.items()):
    print(kind, count)
