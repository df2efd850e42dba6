# SPDX-License-Identifier: BSD-2-Clause
"""What README, the sample and the manual pages tell people to type works: every helocheck command with its options is
one that the program knows, and every policy in a manual page can be used.

    documents.py --helocheck PROGRAM --milter PROGRAM --pages DIRECTORY...
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXTS = ["README", "etc/milter-helo.yaml", "etc/networks.yaml"]
PAGES = ["milter-helo.8", "helocheck.1", "helo-checks.7", "milter-helo.yaml.5"]
FOUND = []


def find(path, text):
    FOUND.append(text)
    print(f"{path}: {text}")


def help_of(*words):
    """All options that a program says it has."""
    said = subprocess.run([*words, "--help"], capture_output=True, text=True, check=False)
    if said.returncode != 0:
        return None
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", said.stdout))


def joined(text):
    """A line that ends with a backslash goes on in the next one. In a page a backslash is written \\e."""
    return re.sub(r"\s*\\e?\n\s*#?\s*", " ", text)


def commands_of(text):
    """(program, subcommand or None, options) of each command of ours, wherever it stands."""
    for line in joined(text).splitlines():
        for match in re.finditer(r"(?<![\w/.-])(?<!-[tu] )(helocheck|milter-helo) ((?:[a-z]+ )?)([^|;&`]*)",
                                 line + " "):
            options = re.findall(r"(?<![\w-])--[a-z][a-z-]*", match[3])
            if match[2] or options:
                yield match[1], match[2].strip() or None, options


def wrong_commands(text, programs):
    """What no program knows; None for each option that is right."""
    subcommands = {}
    for name, subcommand, options in commands_of(text):
        program = programs[name]
        if name == "helocheck" and subcommand:
            if subcommand not in subcommands:
                subcommands[subcommand] = help_of(program, subcommand)
            known = subcommands[subcommand]
            if known is None:
                if options:
                    yield f"helocheck has no command '{subcommand}'"
                continue  # prose: "helocheck says ..."
        else:
            known = help_of(program)
        for option in options:
            yield None if option in known | {"--help"} else f"{name} {subcommand or ''} has no option {option}"


def check_commands(path, text, programs):
    said = list(wrong_commands(text, programs))
    for finding in filter(None, said):
        find(path, finding)
    return len(said)


def policies_of(page):
    """The literal blocks of a page that are policies."""
    for block in re.findall(r"^\.Bd -literal[^\n]*\n(.*?)^\.Ed", page, re.S | re.M):
        text = block.replace("\\e", "\\").replace("\\&", "")
        if re.match(r"[a-z_]+:( |$)", text, re.M):
            yield text


def check_policies(path, page, helocheck):
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "etc", folder, dirs_exist_ok=True)
        for text in policies_of(page):
            policy = Path(folder, "milter-helo.yaml")
            policy.write_text(text)
            said = subprocess.run([helocheck, "config", policy], capture_output=True, text=True, check=False)
            count += 1
            if said.returncode != 0:
                find(path, f"this is no policy:\n{text}{said.stderr}")
    return count


def self_test(programs):
    bad = "helocheck explain --nonsense\nhelocheck reload \\\n   --wrong FILE\nhelocheck bogus --policy X\n"
    if len(list(filter(None, wrong_commands(bad, programs)))) != 3:
        sys.exit("the check of commands is broken")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--helocheck", required=True)
    parser.add_argument("--milter", required=True)
    parser.add_argument("--pages", nargs="+", required=True)
    options = parser.parse_args()
    programs = {"helocheck": options.helocheck, "milter-helo": options.milter}
    self_test(programs)
    options_seen = policies_seen = 0
    for name in TEXTS:
        options_seen += check_commands(name, (ROOT / name).read_text(), programs)
    for name in PAGES:
        page = next(Path(folder, name) for folder in options.pages if Path(folder, name).exists()).read_text()
        options_seen += check_commands(name, page, programs)
        if name.endswith((".5", ".7")):  # the others show messages, which look alike
            policies_seen += check_policies(name, page, options.helocheck)
    if options_seen < 10 or policies_seen < 5:
        find("documents", f"only {options_seen} options and {policies_seen} policies were found")
    print(f"{options_seen} options, {policies_seen} policies: {len(FOUND)} finding(s)")
    sys.exit(1 if FOUND else 0)


if __name__ == "__main__":
    main()
