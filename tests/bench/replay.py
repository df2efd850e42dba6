#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""helocheck replay: lines a second, and memory. See README.

    replay.py HELOCHECK [ROUNDS [MAILS]]

Makes a log of each kind (in a temporary folder) and reads it; the reference, in the same rounds, is `wc -w` of the same
file, which looks at every byte once. CPU time of the child, so what else runs costs no time slices.
"""

import gzip
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile

POLICY = """profile: rfc-safe
server: {learn: false, names: [mx.example.org], addresses: [192.0.2.77]}
"""


def mails(count, senders=3000):
    """(time, client, name, domain, whether it claims to be us): one sender in ten is a liar"""
    chance = random.Random(3)
    for i in range(count):
        sender = chance.randrange(senders) if senders < count else i
        when = f"2026-11-{1 + i * 14 // count:02d}T{i // 3600 % 24:02d}:{i // 60 % 60:02d}:{i % 60:02d}.123456+00:00"
        client = f"{192 + sender // 62500}.0.{sender // 250 % 250}.{sender % 250}"
        yield when, client, f"mail{sender % 3}", f"p{sender}.example", sender % 10 == 0


def postfix(file, count):
    for i, (when, client, name, domain, lies) in enumerate(mails(count)):
        head = f"{when} mx1 postfix"
        smtpd, qid, peer = f"smtpd[{1000 + i % 500}]", f"4{i:09X}", f"{name}.{domain}[{client}]"
        helo = "mx.example.org" if lies else f"{name}.{domain}"
        file.write(f"{head}/{smtpd}: connect from {peer}\n"
                   f"{head}/{smtpd}: {qid}: client={peer}\n"
                   f"{head}/cleanup[7]: {qid}: message-id=<{i}@{domain}>\n"
                   f"{head}/{smtpd}: {qid}: info: DATA from {peer}: helo; from=<a@{domain}> to=<b@example.org> "
                   f"proto=ESMTP helo=<{helo}>\n"
                   f"{head}/qmgr[9]: {qid}: from=<a@{domain}>, size=1000, nrcpt=1 (queue active)\n"
                   f"{head}/{smtpd}: disconnect from {peer} ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5\n"
                   f"{head}/lmtp[8]: {qid}: to=<b@example.org>, relay=x, delay=1, dsn=2.0.0, status=sent (ok)\n"
                   f"{head}/qmgr[9]: {qid}: removed\n")


def exim(file, count, senders=3000):
    for i, (when, client, name, domain, lies) in enumerate(mails(count, senders)):
        helo = " (mx.example.org)" if lies else ""
        file.write(f"{when[:10]} {when[11:19]} {i:06d}-000001-Ab <= a@{domain} H={name}.{domain}{helo} [{client}] "
                   f"P=esmtps X=TLS1.3 S=1000 id={i}@{domain} for b@example.org\n")


def strangers(file, count):
    exim(file, count, senders=count)


def own(file, count):
    for i, (when, client, name, domain, lies) in enumerate(mails(count)):
        helo = "mx.example.org" if lies else f"{name}.{domain}"
        failed, would = ("own_name:reject,no_ptr:observe", "reject") if lies else ("special_tld:observe", "accept")
        file.write(f"{when} mx1 milter-helo[7]: id=A{i:x} client={client} ptr={'-' if lies else helo} helo={helo} "
                   f"from=a@{domain} to=b@example.org listener=- auth=- exempt=- failed={failed} unknown=- score=1 "
                   f"dns_ms=0 verdict=accept would={would}\n")


def cost(words, cwd):
    """(CPU seconds, KiB)"""
    child = subprocess.Popen(words, cwd=cwd, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{words}: {child.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def measure(helocheck, folder, name, rounds):
    ratios, seconds, memory = [], [], 0
    plain = name.removesuffix(".gz")
    for _ in range(rounds):
        reference, _ = cost(["wc", "-w", plain], folder)
        spent, memory = cost([helocheck, "replay", "--policy", "policy.yaml", "--json", name], folder)
        ratios.append(spent / reference)
        seconds.append(spent)
    with open(pathlib.Path(folder, plain), "rb") as file:
        count = sum(1 for _ in file)
    print(f"  {name:14} {count:9,} lines  {statistics.median(ratios):6.2f} [{min(ratios):.2f}-{max(ratios):.2f}]  "
          f"{count / statistics.median(seconds) / 1e6:5.2f} million lines a second  {memory // 1024} MiB", flush=True)


def main():
    helocheck = str(pathlib.Path(sys.argv[1]).resolve())
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 250000
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "policy.yaml").write_text(POLICY)
        for name, write in (("postfix", postfix), ("exim", exim), ("strangers", strangers), ("own", own)):
            with open(pathlib.Path(folder, name), "w", encoding="ascii") as file:
                write(file, count)
        with open(pathlib.Path(folder, "postfix"), "rb") as plain, \
                gzip.open(pathlib.Path(folder, "postfix.gz"), "wb", 6) as packed:
            shutil.copyfileobj(plain, packed)
        for name in ("postfix", "postfix.gz", "exim", "strangers", "own"):
            measure(helocheck, folder, name, rounds)


if __name__ == "__main__":
    main()
