# SPDX-License-Identifier: BSD-2-Clause
"""What all lint checks share: which files there are, C without its comments, findings, running tools.

A check is a script that prints findings as `path:line: text` and ends with 1 when there was one, 0 when there was none,
and 2 when it could not look (a tool is missing, no compile_commands.json): that fails, too, with one clear line.
"""

import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
JOBS = 2  # what a small CI machine has


class Findings:
    """Collects what is wrong, and says so."""

    def __init__(self):
        self.count = 0

    def add(self, path, line, text):
        self.count += 1
        print(f"{path}:{line}: {text}" if line else f"{path}: {text}")

    def exit(self, looked_at):
        print(f"{looked_at}: {self.count} finding(s)")
        sys.exit(1 if self.count else 0)


def give_up(text):
    print(f"lint: {text}")
    sys.exit(2)


def tool(*names, package):
    """The first of these programs that is installed."""
    for name in names:
        path = shutil.which(name)
        if path:
            return path
    give_up(f"{names[0]} is not installed (Debian: apt-get install {package})")


def files(*folders):
    """Paths of the project's files, relative to its root: what git tracks or would track, or, in an unpacked archive,
    all there is but build folders."""
    where = list(folders) or ["."]
    listed = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *where],
        capture_output=True, check=False)
    if listed.returncode == 0:
        names = listed.stdout.decode().split("\0")
    else:
        names = [str(path.relative_to(ROOT)) for folder in where for path in (ROOT / folder).rglob("*")
                 if not path.relative_to(ROOT).parts[0].startswith("build")]
    return sorted({name for name in names if name and (ROOT / name).is_file()})


def read(path):
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


_TOKEN = re.compile(r"""/\*.*?\*/ | //[^\n]* | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'""", re.S | re.X)


def code_of(text):
    """C with its comments, strings and characters blanked; lines stay where they are."""
    return _TOKEN.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def compile_commands(build, *folders):
    """{path relative to the root: compiler's words} of the C files below these folders, each once."""
    database = Path(build) / "compile_commands.json"
    if not database.is_file():
        give_up(f"{database} is missing (configure with cmake first)")
    found = {}
    for entry in json.loads(database.read_text()):
        path = Path(entry["directory"], entry["file"]).resolve()
        if ROOT not in path.parents:
            continue
        name = str(path.relative_to(ROOT))
        if name.endswith(".c") and name.startswith(tuple(folder + "/" for folder in folders)):
            found.setdefault(name, entry.get("arguments") or entry["command"].split())
    if not found:
        give_up(f"{database} has no file of {', '.join(folders)}")
    return found


def run_each(names, command_of):
    """Runs a command for each name, JOBS at a time; yields (name, exit code, output) in order."""
    def run(name):
        done = subprocess.run(command_of(name), cwd=ROOT, check=False, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, env={**os.environ, "LC_ALL": "C.UTF-8"})
        return name, done.returncode, done.stdout.decode(errors="replace").strip()

    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        yield from pool.map(run, names)


def defines_and_includes(words):
    """Of a compiler's words, those that say how the file is read."""
    kept = []
    words = iter(words)
    for word in words:
        if word in ("-I", "-D", "-isystem", "-include"):
            kept += [word, next(words)]
        elif word.startswith(("-I", "-D", "-std=")):
            kept.append(word.replace('\\"', '"'))
    return kept
