#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The Debian package, in a small Debian: run.py SUBJECT ROOT PACKAGES.

SUBJECT is install (without systemd running) or service (with it). ROOT was made by contrib/setup/package-root.sh,
PACKAGES is the folder that contrib/debian/build-deb.sh filled. Where it cannot be done, says why and exits with 77, or,
with HELO_MTA_REQUIRED=1, with 1.
"""

import importlib
import os
import sys

import machine


def give_up(why):
    print(f"skipped: {why}")
    sys.exit(1 if os.environ.get("HELO_MTA_REQUIRED") == "1" else 77)


def main():
    subject, base, folder = sys.argv[1:]
    if os.geteuid() != 0:
        give_up("needs root")
    if not os.path.exists(f"{base}/.complete"):
        give_up(f"{base} is not there: contrib/setup/package-root.sh makes it")
    try:
        machine.own_mounts()
        importlib.import_module(subject).run(base, folder)
    except machine.Refused as reason:
        give_up(reason)


main()
