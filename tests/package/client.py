# SPDX-License-Identifier: BSD-2-Clause
"""A mail server's side, and a mail client, inside the machine: client.py SUBJECT SOCKET. Needs milter_client.py beside it.

verdict  one session; prints the code of its refusal, or the name of the answer
hold     one session, which says HELO when standard input ends; prints the same
load     one session after the other, in four threads, until standard input ends; prints "going" after the first
         twenty, and at the end how many there were and what was not a refusal
smtp     a message to the mail server on port 25; prints the reply to RCPT
"""

import smtplib
import sys
import threading

from milter_client import Milter

CLIENT, SERVER = "203.0.113.9", "192.0.2.1"     # both are addresses of the machine, see machine.py
LIE = "localhost"


def session(path):
    milter = Milter(path)
    return milter.begin(CLIENT)


def verdict_of(milter):
    answer = milter.transaction(LIE)
    milter.quit()
    return answer.code or answer.name


def verdict(path):
    print(verdict_of(session(path)))


def hold(path):
    milter = session(path)
    print("held", flush=True)
    sys.stdin.read()
    print(verdict_of(milter))


def load(path):
    over, odd, count, lock = threading.Event(), [], [0], threading.Lock()

    def run():
        while not over.is_set():
            try:
                found = verdict_of(session(path))
            except Exception as error:      # whatever it is, it is a finding
                found = repr(error)
            with lock:
                count[0] += 1
                if found != 550:
                    odd.append(found)
                if count[0] == 20:
                    print("going", flush=True)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    over.set()
    for thread in threads:
        thread.join()
    print(count[0], "sessions, odd:", *(odd or ["none"]))


def smtp(_):
    with smtplib.SMTP(SERVER, 25, local_hostname=LIE, timeout=30, source_address=(CLIENT, 0)) as client:
        client.ehlo()
        client.mail("a@b.example")
        code, text = client.rcpt(f"postmaster2@mx.site.example")
        print(code, text.decode())


{"verdict": verdict, "hold": hold, "load": load, "smtp": smtp}[sys.argv[1]](sys.argv[2])
