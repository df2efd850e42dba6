#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""run.py - one subject of the `mta` ring, on one real mail server

    run.py --mta postfix|sendmail|exim --filter PROGRAM --servers DIRECTORY SUBJECT

PROGRAM is milter-helo, or for Exim helo-exim.so. SUBJECT is a module of subjects/. DIRECTORY is
what contrib/setup/unpack-servers.sh filled. Runs itself again inside house.sh, so it needs root.
Prints one line per case. Exit status: 0 all hold, 1 one does not, 77 nothing could be tested here
(1 instead with HELO_MTA_REQUIRED=1).
"""

import argparse
import importlib
import os
import signal
import subprocess
import sys
import textwrap
import traceback

import expect
import stage as stages
from rig import trees, world
from rig.process import Failed
from subjects import Case

SKIPPED = 77
INSIDE = "HELO_MTA_INSIDE"          # set by ourselves when the house is built


def arguments():
    parser = argparse.ArgumentParser(description="one subject of the mta ring")
    parser.add_argument("--mta", required=True, choices=stages.SERVERS)
    parser.add_argument("--filter", required=True, metavar="PROGRAM")
    parser.add_argument("--servers", required=True, metavar="DIRECTORY")
    parser.add_argument("subject")
    return parser.parse_args()


def unable(options, subject):
    """Why this cannot be tested here, or None."""
    if os.environ.get(INSIDE):
        return None
    missing = trees.missing(options.servers, stages.trees_of(options.mta, subject))
    if os.geteuid() != 0:
        return "real mail servers need root"
    if missing:
        return (f"not unpacked: {', '.join(missing)}; see contrib/setup/unpack-servers.sh "
                f"{options.servers}")
    probe = subprocess.run(["unshare", "--net", "--uts", "--ipc", "--mount", "--pid", "--fork", "true"],
                           capture_output=True, text=True, check=False)
    return probe.stderr.strip() or None


def skip(reason):
    required = os.environ.get("HELO_MTA_REQUIRED") == "1"
    print(f"{'cannot run' if required else 'skipped'}: {reason}")
    return 1 if required else SKIPPED


def move_in():
    """Becomes the same program inside a house of its own. Does not return."""
    house = os.path.join(os.path.dirname(os.path.abspath(__file__)), "house.sh")
    os.environ[INSIDE] = "1"
    os.execv(house, [house, world.SERVER_NAME, stages.NAME_SERVER, world.SERVER_V4,
                     world.SERVER_V6, "--", world.TOOLS, sys.executable, *sys.argv])


def play(case, stage):
    """Runs one case and prints its line; true when it holds."""
    try:
        remark = case.function(stage)
    except Exception as error:              # one case that breaks must not hide the others
        print(f"  FAIL  {case.name}\n{textwrap.indent(str(error).rstrip(), ' ' * 8)}")
        if not isinstance(error, (AssertionError, Failed)):
            traceback.print_exc(file=sys.stdout)
        return False
    print(f"  ok    {case.name:<52}  {remark or ''}".rstrip())
    return True


def end_cleanly(stage):
    """The last case of every subject: exit status 0 each time, and no sanitizer has complained."""
    stage.filter.stop()
    complaints = stage.filter.complaints()
    expect.that(not complaints, "\n".join(complaints))


def last_words(stage):
    """The ends of all logs, for whoever must find out why a case failed."""
    for name, text in stage.logs():
        print(f"--- the last lines of {name}", *text.splitlines()[-40:], sep="\n")


def perform(options, subject):
    """Sets the stage, plays every case, clears up; returns how many did not hold."""
    stage = stages.Stage(options.mta, options.servers, os.path.abspath(options.filter), subject)
    try:
        print(f"{subject.title}, on {stage.mta.version()}{beside(stage)}", flush=True)
        cases = [*subject.cases_for(options.mta), Case("the filter ends cleanly", end_cleanly, None)]
        failures = sum(not play(case, stage) for case in cases)
        if failures:
            last_words(stage)
        return failures
    finally:
        stage.close()


def beside(stage):
    return f", beside {stage.peer.version()}" if stage.peer else ""


def main():
    options = arguments()
    subject = importlib.import_module(f"subjects.{options.subject}").SUBJECT
    reason = unable(options, subject)
    if reason:
        return skip(reason)
    if not os.environ.get(INSIDE):
        move_in()
    # Process 1 of a house gets no signal that it has no handler for.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by SIGTERM"))
    try:
        failures = perform(options, subject)
    except Failed as failure:
        print(f"FAIL  {subject.title}: the stage could not be set\n{failure}")
        return 1
    print(f"{failures or 'no'} case{'' if failures == 1 else 's'} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    sys.exit(main())
