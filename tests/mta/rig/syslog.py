# SPDX-License-Identifier: BSD-2-Clause
"""Who listens at /dev/log in a house: Sendmail and libmilter say there what they say nowhere else.
"""

import re
import socket
import threading

PRIORITY = re.compile(rb"^<\d+>")


class SystemLog:
    """Keeps all messages in memory, as text lines. One thread of its own until stop()."""

    def __init__(self, path="/dev/log"):
        self.lines = []
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(path)
        self.thread = threading.Thread(target=self.listen, daemon=True)
        self.thread.start()

    def listen(self):
        while message := self.socket.recv(65536):
            text = PRIORITY.sub(b"", message).rstrip(b"\0\n")
            self.lines.append(text.decode("utf-8", "replace"))

    def text(self):
        return "\n".join(self.lines)

    def stop(self):
        """Ends the thread: an empty message is what it waits for."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as last:
            last.sendto(b"", self.socket.getsockname())
        self.thread.join(5)
        self.socket.close()
