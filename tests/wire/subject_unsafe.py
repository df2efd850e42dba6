# SPDX-License-Identifier: BSD-2-Clause
"""Set-ups in which another user could change the policy or take the socket's place are refused, and told why."""

import os
import unittest

from bench import ACCOUNT, IS_ROOT, OTHER_UID, Case


class Unsafe(Case):
    def test_socket_directory_anybody_may_write_to(self):
        os.chmod(self.run_directory, 0o777)
        self.refused(71, f"{self.run_directory} is unsafe: anybody may write to it")
        self.refused(71, "is unsafe: anybody may write", options=("-t",))
        os.chmod(self.run_directory, 0o1777)
        self.start()
        self.assert_serves()

    def test_socket_directory_that_is_missing(self):
        self.refused(71, "No such file or directory", options=("-f", "-s", f"unix:{self.home}/none/sock"))

    def test_policy_others_may_write_to(self):
        os.chmod(self.policy_file, 0o664)
        self.refused(71, f"{self.policy_file} is unsafe: others may write to it")
        os.chmod(self.policy_file, 0o646)
        self.refused(78, "everybody may write this file")
        os.chmod(self.policy_file, 0o644)
        os.chmod(self.home, 0o777)
        self.refused(71, f"{self.home} is unsafe: others may write to it")

    def test_pid_file_directory(self):
        directory = f"{self.home}/open"
        os.mkdir(directory)
        os.chmod(directory, 0o777)
        self.write_policy(milter={"pid_file": f"{directory}/pid"})
        self.refused(71, "is unsafe: anybody may write to it")
        self.assertEqual(os.listdir(self.run_directory), [])   # the socket that was open by then is gone


@unittest.skipUnless(IS_ROOT, "needs root")
class UnsafeAsRoot(Case):
    def test_socket_directory_of_somebody_else(self):
        os.chown(self.run_directory, OTHER_UID, -1)
        self.refused(71, f"{self.run_directory} is unsafe: it is owned by uid {OTHER_UID}")

    def test_policy_of_somebody_else(self):
        for uid in (OTHER_UID, ACCOUNT.pw_uid):         # root does not obey the filter's user either
            os.chown(self.policy_file, uid, -1)
            self.refused(71, f"{self.policy_file} is unsafe: it is owned by uid {uid}")
        os.chown(self.policy_file, 0, -1)
        os.chown(self.home, OTHER_UID, -1)
        self.refused(71, f"{self.home} is unsafe: it is owned by uid {OTHER_UID}")

    def test_policy_the_user_cannot_read(self):
        os.chmod(self.policy_file, 0o600)
        self.refused(71, r"cannot read the policy .*a reload \(SIGHUP\) would fail")
        self.assertEqual(os.listdir(self.run_directory), [])
        os.chmod(self.policy_file, 0o644)
        included = f"{self.home}/networks.yaml"
        with open(included, "w", encoding="ascii") as file:
            file.write("networks: []\n")
        os.chmod(included, 0o600)
        self.write_policy(include=[included])
        self.refused(71, r"or what it includes.*a reload \(SIGHUP\) would fail")
