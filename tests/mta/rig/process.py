# SPDX-License-Identifier: BSD-2-Clause
"""Starting, watching and ending one program.

Nobody here sleeps and hopes: `until` asks again and again, with a deadline on the monotonic clock.
Every program leads a process group of its own, so that what it forked ends with it.
"""

import os
import signal
import subprocess
import time

POLL_S = 0.01


class Failed(Exception):
    """Something did not happen, or happened that must not; the text says what."""


def until(condition, what, seconds=15.0):
    """Returns the first true value of condition(); raises Failed when the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise Failed(f"no {what} within {seconds:g} s")
        time.sleep(POLL_S)


def run(argv, **options):
    """Runs a helper program to its end; Failed carries its output when it fails."""
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=60, check=False, **options)
    if done.returncode != 0:
        raise Failed(f"{' '.join(argv)} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


class Process:
    """One long-running program whose standard output and error go to a file.

    `name` is for messages, `log` the path of that file (appended to). Not for several threads, but
    text() may be called by any.
    """

    def __init__(self, name, argv, log, env=None, cwd=None, pass_fds=()):
        self.name = name
        self.log = log
        with open(log, "ab") as sink:
            self.start_of_log = sink.tell()
            self.child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink,
                                          env=env, cwd=cwd, pass_fds=pass_fds,
                                          start_new_session=True)

    @property
    def pid(self):
        return self.child.pid

    def text(self):
        """What this program has written since it was started."""
        with open(self.log, "rb") as source:
            source.seek(self.start_of_log)
            return source.read().decode("utf-8", "replace")

    def running(self):
        return self.child.poll() is None

    def wait_until(self, condition, what, seconds=15.0):
        """Like until(), but a program that ended is reported at once, with its last words."""
        def alive_and_true():
            value = condition()
            if not value and not self.running():
                raise Failed(f"{self.name} ended with {self.child.returncode}:\n{self.tail()}")
            return value
        try:
            return until(alive_and_true, f"{what} from {self.name}", seconds)
        except Failed as failure:
            raise Failed(f"{failure}\n{self.tail()}") from None

    def tail(self, lines=15):
        return "\n".join(self.text().splitlines()[-lines:])

    def send(self, number):
        self.child.send_signal(number)

    def wait(self, seconds=15.0):
        """Waits for the end and returns the exit status (negative: a signal)."""
        try:
            return self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Failed(f"{self.name} does not end within {seconds:g} s") from None

    def stop(self, seconds=15.0):
        """Ends the program and what is left of its group; returns the exit status."""
        try:
            if self.running():
                self.send(signal.SIGTERM)
            return self.wait(seconds)
        finally:
            self.kill_group()

    def kill_group(self):
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.child.wait()
