# SPDX-License-Identifier: BSD-2-Clause
"""helocheck replay of long logs: what it takes, what it shows meanwhile, and what is left of it when it is interrupted.

    replay_long.py --helocheck PROGRAM

It takes the same memory whatever the length, and stays right.

Two logs of different strangers: one that fills every table (distinct.h, senders.h), and one five times as long. The
longer may take little more memory than the shorter. Of both, the sums are exact, the estimates within what the manual
says, and the one sender with much mail comes first.
"""

import argparse
import contextlib
import json
import os
import pathlib
import pty
import re
import signal
import subprocess
import sys
import tempfile

SHORT, LONG = 12000, 60000
LOUD = 400  # mails of the sender that must not be lost among the others
SLACK_KIB = 12 * 1024
TIMEOUT_S = 60
ABOUT = 0.03  # the manual says "about 1 percent", a standard deviation
POLICY = "mail/policy.yaml"
FOLDER = pathlib.Path(__file__).resolve().parent
# Under AddressSanitizer what was freed is kept for a while: that is not the program's.
ENVIRONMENT = {**os.environ, "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1"}


def lines(count):
    """Postfix' refusals: each of another client, with another name, from another domain."""
    for i in range(count):
        client = f"2001:db8:{i // 65536:x}:{i % 65536:x}::1"
        name = "localhost" if i % (count // LOUD) == 0 else f"host{i}"
        if name == "localhost":
            client = "198.51.100.9"
        yield (f"2026-11-{1 + i * 20 // count:02d}T08:00:00+00:00 mx postfix/smtpd[{i % 30000 + 2}]: NOQUEUE: reject: "
               f"RCPT from unknown[{client}]: 550 5.1.1 <u@example.org>: Recipient address rejected: unknown; "
               f"from=<a@d{i}.example> to=<u@example.org> proto=ESMTP helo=<{name if name == 'localhost' else '-' + name}>\n")


def start(program, log="-", **options):
    return subprocess.Popen([program, "replay", "--policy", POLICY, "--json", "--today", "2026-11-30", log],
                            cwd=FOLDER, env=ENVIRONMENT, **options)


def replay(program, count):
    """(report, the most memory it had, in KiB)"""
    child = start(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    # The report comes when all is read, so this cannot block.
    child.stdin.writelines(lines(count))
    child.stdin.close()
    report = json.loads(child.stdout.read())
    _, child.returncode, usage = os.wait4(child.pid, 0)
    child.stdout.close()
    return report, usage.ru_maxrss


def hold_memory(program):
    """What is wrong, as lines."""
    memory = {}
    for count in (SHORT, LONG):
        report, memory[count] = replay(program, count)
        top = report["kept_out"]["rows"][0]
        loud = len(range(0, count, count // LOUD))
        strangers = count - loud + 1
        facts = {
            "mails": report["all"]["mails"] == count,
            "refused": report["fates"]["refused"]["mails"] == count,
            "plotted": sum(bucket["refused"] for bucket in report["timeline"]["buckets"]) == count,
            "an estimate": report["all"]["exact"] is False,
            "clients": abs(report["all"]["clients"] - strangers) < ABOUT * strangers,
            "senders": report["kept_out"]["exact"] is False,
            "the loudest": top["client"]["sample"] == "198.51.100.9",
            "its mails": 0 < top["mails"] <= loud,
        }
        yield from (f"{count} lines: {what}" for what, good in facts.items() if not good)
        print(f"{count} lines: {memory[count]} KiB; {report['all']['clients']} clients of {strangers}; "
              f"{top['mails']} of {loud} mails of the loudest")
    if memory[LONG] > memory[SHORT] + SLACK_KIB:
        yield "memory grows with the log"


def hold_interrupt(program):
    """Ctrl-C: the report is of what was read by then. More is written than a pipe holds, so the reading has begun."""
    child = start(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    child.stdin.writelines(lines(SHORT))
    child.stdin.flush()
    child.send_signal(signal.SIGINT)
    with contextlib.suppress(BrokenPipeError):  # it does not read to the end
        child.stdin.writelines(lines(SHORT))
    with contextlib.suppress(BrokenPipeError):
        child.stdin.close()
    report, said = child.stdout.read(), child.stderr.read()
    child.wait(timeout=TIMEOUT_S)
    child.stdout.close()
    child.stderr.close()
    report = json.loads(report)
    if child.returncode != 130:
        yield f"interrupted: exit code {child.returncode}, not 130"
    if not report["interrupted"] or not 0 < report["all"]["mails"] < 2 * SHORT:
        yield f"interrupted: {report['all']['mails']} mails, {report['interrupted']}"
    if "interrupted" not in [remark["key"] for remark in report["remarks"]]:
        yield "interrupted: the report does not say so"
    if said:
        yield f"no terminal, and yet: {said!r}"


def hold_bar(program):
    """On a terminal there is a bar, and nothing is left of it."""
    terminal, end = pty.openpty()
    with tempfile.NamedTemporaryFile("w") as log:
        log.writelines(lines(LONG))
        log.flush()
        with start(program, log.name, stdout=subprocess.PIPE, stderr=end) as child:
            os.close(end)
            shown = b""
            while True:
                try:
                    shown += os.read(terminal, 65536)
                except OSError:  # the other side is closed
                    break
            child.communicate(timeout=TIMEOUT_S)
    os.close(terminal)
    if not re.search(rb"\r\x1b\[K +\d+ % \[=*>? *\] \d+ MB/s", shown):
        yield f"no bar on a terminal: {shown[:200]!r}"
    if not shown.endswith(b"\r\x1b[K") or b"\n" in shown:
        yield f"something of the bar is left: {shown[-200:]!r}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--helocheck", required=True)
    program = parser.parse_args().helocheck
    wrong = [*hold_memory(program), *hold_interrupt(program), *hold_bar(program)]
    for what in wrong:
        print(f"replay_long: {what}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
