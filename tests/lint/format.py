# SPDX-License-Identifier: BSD-2-Clause
"""Every C file, or those that are named, looks as clang-format with .clang-format would have it; --fix makes it so.

Versions differ in taste, so it is the one of Debian 12. Files of X-macro rows (.def) keep their own shape.
"""

import re
import subprocess
import sys
from pathlib import Path

from common import Findings, ROOT, files, give_up, tool

VERSION = "14"


def formatter():
    path = tool(f"clang-format-{VERSION}", "clang-format", package=f"clang-format-{VERSION}")
    said = subprocess.run([path, "--version"], capture_output=True, check=True).stdout.decode()
    if not re.search(rf"version {VERSION}\.", said):
        give_up(f"needs clang-format {VERSION}, and {path} is {said.strip()}")
    return path


def main():
    program = formatter()
    findings = Findings()
    wanted = [str(Path(name).resolve().relative_to(ROOT)) for name in sys.argv[1:] if name != "--fix"]
    names = [name for name in wanted or files("lib", "milter", "contrib", "tests") if name.endswith((".c", ".h"))]
    if "--fix" in sys.argv[1:]:
        subprocess.run([program, "-i", *names], cwd=ROOT, check=True)
    said = subprocess.run([program, "--dry-run", "--Werror", *names], cwd=ROOT, check=False, capture_output=True)
    places = re.findall(r"^(\S+?):(\d+):\d+: error: ", said.stderr.decode(), re.M)
    if said.returncode != 0 and not places:
        give_up(said.stderr.decode())
    for name, line in {name: line for name, line in reversed(places)}.items():
        findings.add(name, line, "not as clang-format has it (tests/lint/format.py --fix)")
    findings.exit(f"format of {len(names)} files")


if __name__ == "__main__":
    main()
