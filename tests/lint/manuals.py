# SPDX-License-Identifier: BSD-2-Clause
"""Every manual page is well-formed mdoc, and is installed: mandoc finds nothing, and a CMakeLists.txt names it."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from common import Findings, ROOT, files, give_up, read, tool

PAGE = re.compile(r"(^|/)[^/]+\.([1-8])\.in$")
BROKEN = ".Dd November 21, 2026\n.Dt PAGE 1\n.Os\n.Sh NAME\n.Nm page\n.Nd a page\n.Bl -tag\n"


def lint(program, path):
    """mandoc's findings, as (line, text)."""
    said = subprocess.run([program, "-T", "lint", "-W", "warning", path], cwd=ROOT, check=False,
                          capture_output=True).stdout.decode(errors="replace")
    for line in said.splitlines():
        match = re.match(r"mandoc: .*?:(\d+):\d+: (.*)", line)
        yield (int(match[1]), match[2]) if match else (0, line)


def self_test(program):
    with tempfile.NamedTemporaryFile("w", suffix=".1") as page:
        page.write(BROKEN)
        page.flush()
        if not list(lint(program, page.name)):
            give_up("mandoc found nothing in a broken page")


def main():
    program = tool("mandoc", package="mandoc")
    findings = Findings()
    self_test(program)
    pages = [name for name in files("lib", "milter") if PAGE.search(name)]
    if len(pages) < 3:
        give_up(f"there are {len(pages)} manual pages")
    built = "".join(read(name) for name in files("lib", "milter") if Path(name).name == "CMakeLists.txt")
    for name in pages:
        for line, text in lint(program, name):
            findings.add(name, line, text)
        page, section = Path(name).name.removesuffix(".in"), PAGE.search(name)[2]
        if not re.search(rf"/{re.escape(page)} DESTINATION \S*/man{section}\)", built):
            findings.add(name, 0, f"is not installed into man{section}")
    findings.exit(f"{len(pages)} manual pages")


if __name__ == "__main__":
    sys.exit(main())
