# SPDX-License-Identifier: BSD-2-Clause
"""What a private Postfix and a private Sendmail have in common once they are configured."""

import socket

from .process import Failed, Process, until


class MailServer:
    """Base of Postfix and Sendmail. They supply NAME, command(), `environment` and version().

    `home` is the server's own directory, `listen` its (address, port) pairs.
    """

    NAME = ""
    environment = None

    def __init__(self, home, listen):
        self.home, self.listen = home, listen
        self.process = None

    def command(self):
        """The words that start the server in the foreground."""
        raise NotImplementedError

    def start(self):
        """Starts it and returns once it takes connections."""
        self.process = Process(self.NAME, self.command(), f"{self.home}/log", self.environment)
        self.process.wait_until(self.answers, "listener")

    def answers(self):
        try:
            socket.create_connection(self.listen[0], 5).close()
            return True
        except OSError:
            return False

    def log(self):
        return self.process.text() if self.process else ""

    def stop(self):
        """Ends it with all its children; one that does not want to go is killed.

        A child that was killed a moment ago may still hold the listener: who asks now would take
        it for the next server's.
        """
        if self.process:
            try:
                self.process.stop()
            except Failed:
                pass                # Process.stop() has killed the group all the same
            self.process = None
            until(lambda: not self.answers(), f"end of {self.NAME}'s listener")
