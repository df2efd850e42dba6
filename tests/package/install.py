# SPDX-License-Identifier: BSD-2-Clause
"""The package where no systemd runs: what lies where, whose it is, what an upgrade and a purge do. And what the tools of
the machine say of the files that are for them."""

import re

import packages
from machine import DEADLINE_S, Root
from steps import equal, step, that

AS_USER = ("setpriv", "--reuid=milter-helo", "--regid=milter-helo", "--init-groups")
SOCKET = "/run/milter-helo/milter-helo.sock"
FOLDERS = ("/etc", "/usr", "/var", "/opt")
# What systemd-analyze calls the exposure of a unit, times ten; 96 is a unit without any such setting.
EXPOSURE = 15
# dpkg's and systemd's own books, caches of the linker, and the user, who stays.
BOOKS = re.compile(r"/var/(lib/(dpkg|systemd)|cache|log/(dpkg|alternatives))|/etc/(ld\.so\.cache|[a-z]*(passwd|group|shadow|"
                   r"subuid|subgid)-?$|\.pwd\.lock)|/usr/share/(doc|man)(/|$)")


def everything(root):
    """Every file, with mode and owner."""
    listed = root.run("find", *FOLDERS, "-xdev", "-printf", "%p %M %u:%g\\n").splitlines()
    return {line for line in listed if not BOOKS.search(line.split()[0])}


def modes(root, *paths):
    return dict(line.rsplit(" ", 1) for line in root.run("stat", "--format=%n %U:%G:%a", *paths).splitlines())


def installed(root, debs):
    with step("installed: files, user, modes"):
        root.run("dpkg", "--install", *debs)
        equal(modes(root, "/etc/milter-helo", packages.POLICY, "/usr/sbin/milter-helo", "/var/log/milter-helo",
                    "/run/milter-helo"),
              {"/etc/milter-helo": "root:root:755", packages.POLICY: "root:root:644",
               "/usr/sbin/milter-helo": "root:root:755", "/var/log/milter-helo": "milter-helo:milter-helo:750",
               "/run/milter-helo": "milter-helo:milter-helo:755"})
        name, _, _, _, _, home, shell = root.run("getent", "passwd", "milter-helo").strip().split(":")
        equal((name, home, shell), ("milter-helo", "/nonexistent", "/usr/sbin/nologin"))
        that(root.run("getent", "shadow", "milter-helo").split(":")[1].startswith("!"), "the account is not locked")
        samples = root.run("find", "/etc/milter-helo", "-name", "*.sample")
        equal(samples, "")
    with step("every file below /etc is a conffile"):
        listed = root.run("dpkg-query", "--show", "--showformat=${Conffiles}", "milter-helo").split()[::2]
        owned = [line for line in root.run("dpkg-query", "--listfiles", "milter-helo").splitlines()
                 if line.startswith("/etc/") and not root.succeeds("test", "-d", line)]
        equal(sorted(listed), sorted(owned))
    with step("all libraries are found, each in a package that is depended on"):
        that("not found" not in root.run("ldd", "/usr/sbin/milter-helo", "/usr/bin/helocheck"), "a library is missing")
    with step("the policy is in order, and so is the set-up"):
        that("mode observe, 0 warnings" in root.run("helocheck", "config", packages.POLICY), "warnings")
        root.run(*AS_USER, "milter-helo", "--test")


def started(root):
    with step("it runs without systemd, as its user"):
        with root.popen("sh", "-c", " ".join(AS_USER) + " milter-helo && python3 -B /opt/client.py verdict " + SOCKET,
                        start_new_session=True) as process:
            said = process.communicate(timeout=DEADLINE_S)[0]
        equal((process.returncode, said.splitlines()[-1]), (0, "continue"))


def read_by_tools(root):
    with step("systemd reads the units without complaint, and finds little exposed"):
        units = [f"/lib/systemd/system/milter-helo.{kind}" for kind in ("service", "socket")]
        equal(root.run("systemd-analyze", "verify", "--man=no", *units), "")
        root.write("/etc/systemd/system/milter-helo.socket.d/postfix.conf",
                   root.read("/usr/share/milter-helo/postfix.conf"))
        equal(root.run("systemd-analyze", "verify", "--man=no", *units), "")
        root.run("rm", "-r", "/etc/systemd/system/milter-helo.socket.d")
        root.run("systemd-analyze", "security", "--offline=yes", f"--threshold={EXPOSURE}", units[0])
    with step("AppArmor reads the profile, logrotate its file"):
        root.run("apparmor_parser", "--skip-kernel-load", "--skip-cache", "/etc/apparmor.d/milter-helo")
        said = root.run("logrotate", "--debug", "/etc/logrotate.d/milter-helo")
        that("error" not in said, said)
    with step("logrotate goes by the filter's rights in the filter's directory"):
        log = "/var/log/milter-helo/milter-helo.log"
        root.write(log, "a line\n")
        root.run("chown", "milter-helo:milter-helo", log)
        root.run("logrotate", "--force", "--state", "/tmp/rotated", "/etc/logrotate.d/milter-helo")
        equal(modes(root, log), {log: "milter-helo:milter-helo:640"})
        equal(root.read(log + ".1"), "a line\n")
        root.run("rm", log, log + ".1", "/tmp/rotated")


def upgraded(root, debs):
    with step("upgraded: what was edited stays, the rest is new, nothing is asked"):
        edited = packages.edit(root)
        root.run("dpkg", "--install", *debs)
        equal(root.read(packages.POLICY), edited)
        that(root.read(packages.NETWORKS).endswith("# of the later version\n"), "not the later file")
        equal(root.run("find", "/etc", "-name", "*.dpkg-*"), "")


def purged(root, before):
    with step("removed: programs go, the policy stays"):
        root.run("dpkg", "--remove", "milter-helo")
        that(not root.succeeds("test", "-e", "/usr/sbin/milter-helo"), "the program is left")
        that(root.read(packages.POLICY), "no policy")
    with step("purged: everything else goes, but the locked user"):
        root.run("dpkg", "--purge", "milter-helo", "libhelo1")
        equal(sorted(everything(root) ^ before), [])
        that(root.succeeds("getent", "passwd", "milter-helo"), "the user is gone")
        equal(root.run("find", "/run", "-name", "*helo*"), "")


def run(base, folder):
    root = Root(base)
    try:
        now, then = packages.take(root, folder)
        before = everything(root)
        installed(root, now)
        started(root)
        read_by_tools(root)
        upgraded(root, then)
        purged(root, before)
    finally:
        root.close()
