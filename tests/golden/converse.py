#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""converse.py LINE... - says each line to helocheck once the last was answered; prints the ids"""

import json
import subprocess
import sys

with subprocess.Popen(
    ["helocheck", "explain", "--batch", "-"],
    stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
) as bench:
    for line in sys.argv[1:]:
        bench.stdin.write(line + "\n")
        print(json.loads(bench.stdout.readline())["id"])
    bench.stdin.close()
sys.exit(bench.returncode)
