# SPDX-License-Identifier: BSD-2-Clause
"""Where the filter listens: unix, inet, inherited; owner, group and mode; stale ones; the pid file beside them."""

import grp
import os
import socket
import stat
import unittest

from bench import ACCOUNT, IS_ROOT, Case, free_port


class Unix(Case):
    def mode_of(self, path):
        return stat.S_IMODE(os.stat(path).st_mode)

    def test_owner_group_and_mode(self):
        group = grp.getgrnam("mail") if IS_ROOT else grp.getgrgid(os.getegid())
        for mode in ("0660", "0600", "0666"):
            with self.subTest(mode=mode):
                self.write_policy(milter={"socket_mode": mode, "socket_group": group.gr_name})
                process = self.start()
                about = os.stat(self.socket)
                self.assertEqual(self.mode_of(self.socket), int(mode, 8))
                self.assertEqual((about.st_uid, about.st_gid), (ACCOUNT.pw_uid, group.gr_gid))
                self.assert_serves()
                self.stop(process)

    def test_nothing_else_is_left(self):
        process = self.start()
        self.assertEqual(sorted(os.listdir(self.run_directory)), ["pid", "sock"])
        self.stop(process)
        self.assertEqual(os.listdir(self.run_directory), [])

    def test_stale_socket_is_no_hindrance(self):
        with socket.socket(socket.AF_UNIX) as stale:
            stale.bind(self.socket)
        self.start()
        self.assert_serves()

    def test_killed_and_started_again(self):
        process = self.start()
        process.child.kill()
        process.wait()
        self.assertTrue(os.path.exists(self.socket))
        self.start()
        self.assert_serves()

    def test_path_of_107_bytes(self):
        directory = f"{self.run_directory}/{'d' * 40}"
        os.mkdir(directory)
        path = f"{directory}/".ljust(107, "s")
        self.address = path
        self.start("-s", f"unix:{path}")
        self.assert_serves()
        self.refused(78, "at most 107 bytes", options=("-f", "-s", f"unix:{path}x"))

    def test_what_is_no_socket_is_left_alone(self):
        with open(self.socket, "w", encoding="ascii") as file:
            file.write("precious")
        self.refused(71, "exists and is not a socket")
        os.unlink(self.socket)
        os.symlink(f"{self.home}/zone", self.socket)
        self.refused(71, "exists and is not a socket")
        os.unlink(self.socket)
        os.mkdir(self.socket)
        self.refused(71, "exists and is not a socket")

    def test_pid_file(self):
        process = self.start()
        with open(self.pid_file, encoding="ascii") as file:
            self.assertEqual(file.read(), f"{process.pid}\n")
        self.assertEqual(self.mode_of(self.pid_file), 0o644)
        os.rename(self.pid_file, f"{self.pid_file}.moved")
        with open(self.pid_file, "w", encoding="ascii") as file:
            file.write("1\n")
        self.stop(process)
        self.assertTrue(os.path.exists(self.pid_file), "somebody else's pid file was removed")

    def test_pid_file_in_a_directory_of_root(self):
        if not IS_ROOT:
            self.skipTest("needs root")
        path = f"{self.home}/root.pid"
        self.write_policy(milter={"pid_file": path})
        self.stop(self.start())
        self.assertEqual(os.stat(path).st_size, 0)     # cannot be removed any more, but names nobody

    def test_pid_file_follows_no_link(self):
        precious = f"{self.home}/precious"
        with open(precious, "w", encoding="ascii") as file:
            file.write("precious")
        os.symlink(precious, self.pid_file)
        self.refused(71, "exists and is not an ordinary file")
        with open(precious, encoding="ascii") as file:
            self.assertEqual(file.read(), "precious")


class Inet(Case):
    def test_ipv4(self):
        port = free_port()
        self.address = ("127.0.0.1", port)
        process = self.start("-s", f"inet:{port}@127.0.0.1")
        self.assert_serves()
        self.assertFalse(os.path.exists(self.socket))
        self.refused(69, "in use by a live process", options=("-f", "-s", f"inet:{port}@127.0.0.1"))
        self.stop(process)
        self.start("-s", f"inet:{port}@127.0.0.1")      # connections in TIME_WAIT do not hold the port
        self.assert_serves()

    @unittest.skipUnless(os.path.exists("/proc/net/if_inet6"), "no IPv6")
    def test_ipv6(self):
        port = free_port(socket.AF_INET6)
        self.address = ("::1", port)
        self.start("-s", f"inet6:{port}@::1")
        self.assert_serves()

    def test_wildcard(self):
        port = free_port()
        self.address = ("127.0.0.1", port)
        process = self.start("-s", f"inet:{port}@0.0.0.0")
        self.assert_serves()
        self.assertIsNone(process.find("cannot connect to its own socket"))


class Inherited(Case):
    def test_unix(self):
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(self.socket)
            os.chown(self.socket, ACCOUNT.pw_uid, -1)
            listener.listen()
            process = self.start("-s", f"fd:{listener.fileno()}", pass_fds=[listener.fileno()])
            self.assert_serves()
            self.stop(process)
            self.assertTrue(os.path.exists(self.socket), "a socket that is not ours was removed")
            self.start("-s", f"fd:{listener.fileno()}", pass_fds=[listener.fileno()])
            self.assert_serves()

    def test_inet(self):
        with socket.socket(socket.AF_INET) as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            self.address = listener.getsockname()
            self.start("-s", f"fd:{listener.fileno()}", pass_fds=[listener.fileno()])
            self.assert_serves()

    def test_no_such_descriptor(self):
        self.refused(71, "is no inherited socket", options=("-f", "-s", "fd:77"))
        with open(os.devnull, "rb") as file:
            self.refused(71, "is no inherited socket", options=("-f", "-s", f"fd:{file.fileno()}"),
                         pass_fds=[file.fileno()])


class Wrong(Case):
    def test_specs(self):
        for spec, says in (("unix:relative", "must be absolute"), ("unix:/", "must name a file"), ("unix:", "absolute"),
                           ("inet:25", "PORT@ADDRESS"), ("inet:0@127.0.0.1", "from 1 to 65535"),
                           ("inet:65536@127.0.0.1", "from 1 to 65535"), ("inet:x@127.0.0.1", "from 1 to 65535"),
                           ("inet:25@localhost", "IPv4 address"), ("inet:25@::1", "IPv4 address"),
                           ("inet6:25@127.0.0.1", "IPv6 address"), ("fd:2", "3 or more"), ("fd:x", "3 or more"),
                           ("fd:99999999999", "3 or more"), ("/path", "is written"), ("local:/path", "is written"),
                           ("", "is written")):
            with self.subTest(spec=spec):
                self.refused(78, says, options=("-f", "-s", spec))
