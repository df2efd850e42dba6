#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Policies and what the loader makes of them, byte for byte.

good/NAME.yaml, bad/NNN-NAME.yaml   a policy; NAME.want beside it has the whole output of conf_dump
MADE below                          files that cannot lie in a repository: too large, too deep, wrong mode, no file

usage: run.py DUMP [--update]    --update writes the .want files anew: review the difference like documentation
"""

import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
CODES = {"good": 0, "bad": 78}
SECONDS = 50  # for one file, under sanitizers; all but the largest take milliseconds

MIB = 1 << 20
NETWORKS = 100_000


def run(dump, path, cwd):
    done = subprocess.run([dump, path], cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=SECONDS, check=False)
    return done.returncode, (done.stdout + done.stderr).decode("utf-8", "backslashreplace")


# ---- files that are made -------------------------------------------------------------------------

def text(content):
    """A maker of a file with this content."""
    def make(path):
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return make


def with_mode(mode):
    def make(path):
        path.write_text("mode: enforce\n")
        path.chmod(mode)
    return make


def nothing(path):
    del path


def networks(path):
    with path.open("w") as file:
        file.write("networks:\n")
        for i in range(NETWORKS):
            file.write(f"  - {{net: {11 + (i >> 16)}.{i >> 8 & 255}.{i & 255}.0/24, note: branch {i}}}\n")


def profile(name, content, mode=0o644):
    """A maker of a policy that names a profile, and of the site's file of that name."""
    def make(path):
        folder = path.with_name("profiles")
        folder.mkdir()
        if content is None:
            os.mkfifo(folder / f"{name}.yaml")
        else:
            (folder / f"{name}.yaml").write_text(content)
        (folder / f"{name}.yaml").chmod(mode)
        path.write_text(f"profile: {name}\n")
    return make


def symbolic_link(path):
    target = path.with_name("target.yaml")
    target.write_text("mode: enforce\n")
    path.symlink_to(target.name)


BAD = "-- the policy has errors\n"
IO = "-- cannot read the file\n"

# name, maker, exit code, the end of the output
MADE = [
    ("missing", nothing, 66, "case.yaml: error: No such file or directory\n" + IO),
    ("directory", os.mkdir, 66, "case.yaml: error: this is a directory, not a file\n" + IO),
    ("fifo", os.mkfifo, 66, "case.yaml: error: this is not a regular file\n" + IO),
    ("device", lambda path: path.symlink_to("/dev/zero"), 66,
     "case.yaml: error: this is not a regular file\n" + IO),
    ("link to itself", lambda path: path.symlink_to(path.name), 66,
     "case.yaml: error: Too many levels of symbolic links\n" + IO),
    ("link", symbolic_link, 0, "-- success\nmode: enforce (case.yaml:1)\n"),
    ("everybody may write", with_mode(0o666), 78,
     "case.yaml: error: everybody may write this file, so nobody can trust it; chmod o-w\n" + BAD),
    ("nobody may read", with_mode(0o000), *((0, "-- success\nmode: enforce (case.yaml:1)\n") if os.geteuid() == 0 else
                                            (66, "case.yaml: error: Permission denied\n" + IO))),
    ("group may write", with_mode(0o664), 0, "-- success\nmode: enforce (case.yaml:1)\n"),
    ("20 MiB", text(b"#" * (20 * MIB)), 78, "case.yaml: error: the file is larger than 16 MiB\n" + BAD),
    ("16 MiB of comment", text(b"#" * (16 * MIB)), 0, "-- success\n"),
    ("16 MiB of lines", text(b"\n" * (16 * MIB)), 0, "-- success\n"),
    ("16 MiB of one word", text(b"mode: " + b"x" * (16 * MIB - 6)), 78, BAD),
    ("16 MiB of zeros", text(bytes(16 * MIB)), 78, BAD),
    ("16 MiB of quotes", text(b'mode: "' + b"\n" * (16 * MIB - 7)), 78, BAD),
    ("10,000 brackets", text("networks: " + "[" * 10_000), 78, BAD),
    ("10,000 braces", text("{a: " * 10_000), 78, BAD),
    ("10,000 dashes", text("networks:\n" + "".join(" " * i + "-\n" for i in range(10_000))), 78, BAD),
    ("10,000 levels", text("".join(" " * i + "dns:\n" for i in range(2_000))), 78, BAD),
    ("10,000 question marks", text("? " * 10_000), 78, BAD),
    ("a million directives", text("%TAG !a! tag:a\n" * 1_000_000), 78, BAD),
    ("a million keys", text("".join(f"k{i}: 1\n" for i in range(1_000_000))), 78, BAD),
    ("100,000 unknown keys", text("".join(f"k{i}: 1\n" for i in range(100_000))), 78,
     "case.yaml: note: more was found and is not shown\n" + BAD),
    ("100,000 times the same key", text("mode: observe\n" * 100_000), 78,
     "case.yaml: note: more was found and is not shown\n" + BAD),
    ("200,000 aliases", text("networks: [&a 192.0.2.0/24, " + "*a, " * 200_000 + "]\n"), 78,
     "case.yaml: note: more was found and is not shown\n" + BAD),
    ("200,000 times the same network", text("networks:\n" + "- 192.0.2.0/24\n" * 200_000), 0,
     "  found: 192.0.2.0/24, entry 0\n"),
    ("profile that everybody may write", profile("house", "checks: {no_ptr: off}\n", 0o666), 78,
     "case.yaml:1:10: error: profiles/house.yaml: everybody may write this file, so nobody can trust it; chmod o-w\n"
     "    profile: house\n             ^\n" + BAD),
    ("profile that is a FIFO", profile("house", None), 78,
     "case.yaml:1:10: error: profiles/house.yaml: this is not a regular file\n"
     "    profile: house\n             ^\n" + BAD),
    ("profile of the site before a built-in one", profile("strict", "checks: {no_ptr: tag}\n"), 0,
     "-- success\nprofile: strict (case.yaml:1)\nchecks.no_ptr.missing: tag (profiles/strict.yaml:1)\n"),
    ("too many names", text("lists:\n  deny:\n" + "  - a.example\n" * 10_001), 78,
     "case.yaml:10003:5: error: lists.deny: too many entries (at most 10000)\n      - a.example\n        ^\n" + BAD),
    ("10,000 faults in expressions", text("lists:\n  deny:\n" + "  - /(/\n" * 10_000), 78,
     "case.yaml: note: more was found and is not shown\n" + BAD),
    ("10,000 senders of the same name",
     text("data:\n  senders:\n" + "  - {helo: [a.example], hosts: [b.example]}\n" * 10_000), 0,
     "  entry 9999 comes from b.example\n"),
    ("too many networks", text("networks:\n" + "- 192.0.2.0/24\n" * 200_001), 78, BAD),
    ("100,000 networks", networks, 0, f"  found: 12.134.159.0/24, entry {NETWORKS - 1}\n"),
]


def run_made(dump):
    failed = 0
    for name, make, code, end in MADE:
        with tempfile.TemporaryDirectory() as folder:
            make(pathlib.Path(folder, "case.yaml"))
            got_code, got = run(dump, "case.yaml", folder)
        if got_code != code or not got.endswith(end):
            failed += 1
            print(f"FAIL made: {name}\n  exit code {got_code}, expected {code}\n  expected at the end: "
                  f"{end!r}\n  got: {got[-600:]!r}")
    return failed


# ---- files that lie here -------------------------------------------------------------------------

def run_kept(dump, update):
    failed = 0
    for policy in sorted(HERE.glob("good/*.yaml")) + sorted(HERE.glob("bad/*.yaml")):
        want_file = policy.with_suffix(".want")
        code, got = run(dump, f"{policy.parent.name}/{policy.name}", HERE)
        if update:
            want_file.write_text(got)
        want = want_file.read_text() if want_file.exists() else ""
        if got != want or code != CODES[policy.parent.name]:
            failed += 1
            print(f"FAIL {policy.parent.name}/{policy.name}: exit code {code}\n--- expected\n{want}--- got\n{got}---")
    return failed


def main():
    dump = str(pathlib.Path(sys.argv[1]).resolve())
    umask = os.umask(0o022)  # what it is elsewhere must not matter
    failed = run_kept(dump, "--update" in sys.argv[2:]) + run_made(dump)
    os.umask(umask)
    kept = len(list(HERE.glob("good/*.yaml"))) + len(list(HERE.glob("bad/*.yaml")))
    print(f"conf: {kept} policies and {len(MADE)} made ones, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
