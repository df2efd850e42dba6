# SPDX-License-Identifier: BSD-2-Clause
"""A small Debian to install packages in: as a directory (Root), or with a systemd of its own that has booted (Machine).

What is done in it is done to a layer that goes away with the process: the directory stays as it was made. Mounts,
processes, network, host name and control groups are its own, and end with the process, whichever way that ends. Needs
root; what the kernel refuses raises Refused.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
import time

DEADLINE_S = 60
CLONE_NEWNS, MS_PRIVATE_REC, PR_SET_PDEATHSIG = 0x00020000, 0x44000, 1
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
ENVIRONMENT = {"PATH": PATH, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive", "HOME": "/root"}
# What a machine in a box has no business with; a systemd without them leaves these things alone.
NOT_THEIRS = "-sys_module,-sys_rawio,-sys_time,-sys_boot,-syslog,-mac_admin,-mac_override,-audit_control"

libc = ctypes.CDLL(None, use_errno=True)


class Refused(Exception):
    """The kernel, or who started us, does not allow what is needed."""


def die_with_parent():
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def own_mounts():
    """From here on, what this process mounts is seen by nobody else, and gone with it."""
    if libc.unshare(CLONE_NEWNS) != 0 or libc.mount(b"none", b"/", None, MS_PRIVATE_REC, None) != 0:
        raise Refused(f"no mount namespace: {os.strerror(ctypes.get_errno())}")


def mount(*arguments):
    done = subprocess.run(["mount", *arguments], stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise Refused(done.stderr.strip())


class Root:
    """A layer over `base`, with what is usual mounted in it."""

    def __init__(self, base):
        self.home = tempfile.mkdtemp(prefix="mh-package-")
        mount("-t", "tmpfs", "tmpfs", self.home)
        self.path = f"{self.home}/root"
        for name in ("root", "upper", "work"):
            os.mkdir(f"{self.home}/{name}")
        mount("-t", "overlay", "-o", f"lowerdir={base},upperdir={self.home}/upper,workdir={self.home}/work", "overlay",
              self.path)
        mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", f"{self.path}/dev")
        for name in ("null", "zero", "full", "random", "urandom", "tty"):
            open(f"{self.path}/dev/{name}", "wb").close()
            mount("--bind", f"/dev/{name}", f"{self.path}/dev/{name}")
        for name, target in (("fd", "/proc/self/fd"), ("stdin", "fd/0"), ("stdout", "fd/1"), ("stderr", "fd/2"),
                             ("ptmx", "pts/ptmx")):       # PrivateDevices= of a unit looks for that, too
            os.symlink(target, f"{self.path}/dev/{name}")
        for name in ("run", "tmp"):
            mount("-t", "tmpfs", "-o", "mode=755" if name == "run" else "mode=1777", "tmpfs", f"{self.path}/{name}")
        self.write("/etc/resolv.conf", "nameserver 192.0.2.53\n")       # nobody, and nothing leads there
        self.write("/etc/hostname", "mx.site.example\n")

    def write(self, path, text, mode=0o644):
        target = self.path + path
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(target, mode)

    def read(self, path):
        with open(self.path + path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def take(self, source, path):
        """Copies a file of this machine there."""
        os.makedirs(os.path.dirname(self.path + path), exist_ok=True)
        shutil.copy(source, self.path + path)

    def command(self, argv):
        return ["unshare", "--pid", "--net", "--ipc", "--uts", "--fork", "--kill-child", "--mount-proc",
                f"--root={self.path}", *argv]

    def popen(self, *argv, **options):
        return subprocess.Popen(self.command(argv), env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True, preexec_fn=die_with_parent, **options)

    def run(self, *argv, status=0, timeout=DEADLINE_S):
        """What the command says, which must end with this status (None: any)."""
        with self.popen(*argv) as process:
            try:
                output = process.communicate(timeout=timeout)[0]
            except subprocess.TimeoutExpired:
                process.kill()
                raise AssertionError(f"{argv} does not end") from None
        if status is not None and process.returncode != status:
            raise AssertionError(f"{' '.join(argv)} ended with {process.returncode}:\n{output}")
        return output

    def succeeds(self, *argv):
        with self.popen(*argv) as process:
            process.communicate(timeout=DEADLINE_S)
        return process.returncode == 0

    def close(self):
        subprocess.run(["umount", "--recursive", "--lazy", self.home], check=False, stderr=subprocess.DEVNULL)
        os.rmdir(self.home)


# In the machine's namespaces, before its first process: $1 is the root. What the kernel shows of itself is read-only.
BOOT = """
set -e
cd "$1"
mount -t proc proc proc
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
ip link set lo up
ip address add 192.0.2.1/32 dev lo
ip address add 203.0.113.9/32 dev lo
mkdir old-root
pivot_root . old-root
umount -l /old-root
rmdir /old-root
exec env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    setpriv --bounding-set="$2" --inh-caps="$2" /lib/systemd/systemd --log-target=journal
"""


class Machine(Root):
    """Root with systemd as its first process. Commands are run beside that."""

    def __init__(self, base):
        super().__init__(base)
        self.group = self.make_group()
        try:
            self.boot()
        except BaseException:
            self.close()
            raise

    @staticmethod
    def make_group():
        """A control group of its own, which the machine will see as the root of all."""
        with open("/proc/self/mounts", encoding="utf-8") as mounts:
            places = [words[1] for words in map(str.split, mounts) if words[2] == "cgroup2"]
        if not places:
            raise Refused("no cgroup2 is mounted")
        path = f"{places[0]}/mh-package-{os.getpid()}"
        try:
            os.mkdir(path)
        except OSError as error:
            raise Refused(f"no control group can be made: {error}") from error
        return path

    def enter_group(self):
        die_with_parent()
        with open(f"{self.group}/cgroup.procs", "w", encoding="ascii") as file:
            file.write("0")

    def boot(self):
        self.unshare = subprocess.Popen(
            ["unshare", "--mount", "--pid", "--net", "--uts", "--ipc", "--cgroup", "--fork", "--kill-child",
             "bash", "-c", BOOT, "bash", self.path, NOT_THEIRS],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            preexec_fn=self.enter_group)
        self.first = None
        deadline = time.monotonic() + DEADLINE_S
        state = ""
        while state not in ("running", "degraded"):
            if self.unshare.poll() is not None:
                raise Refused(f"systemd does not boot: {self.unshare.stderr.read().strip()}")
            if time.monotonic() > deadline:
                raise AssertionError(f"systemd does not come up: {state}")
            self.first = self.first or self.find_first()
            state = self.run("systemctl", "is-system-running", status=None).strip() if self.first else ""
            time.sleep(0.05)

    def find_first(self):
        try:
            with open(f"/proc/{self.unshare.pid}/task/{self.unshare.pid}/children", encoding="ascii") as file:
                children = file.read().split()
            with open(f"/proc/{children[0]}/comm", encoding="ascii") as file:
                return int(children[0]) if file.read().strip() == "systemd" else None
        except (OSError, IndexError):
            return None

    def command(self, argv):
        return ["nsenter", "--target", str(self.first), "--all", *argv]

    def wait_for(self, condition, what):
        deadline = time.monotonic() + DEADLINE_S
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"{what} does not come")
            time.sleep(0.05)

    def journal(self, unit, *options):
        return self.run("journalctl", "--quiet", "--no-pager", "--output=cat", f"--unit={unit}", *options)

    def show(self, unit, name):
        return self.run("systemctl", "show", "--value", f"--property={name}", unit).strip()

    def close(self):
        self.unshare.kill()         # and with it all that is in there
        self.unshare.wait()
        self.unshare.stderr.close()
        self.remove_groups()
        super().close()

    def remove_groups(self):
        for _ in range(500):        # the last processes are on their way out
            for folder, _, _ in os.walk(self.group, topdown=False):
                try:
                    os.rmdir(folder)
                except OSError:
                    pass
            if not os.path.exists(self.group):
                return
            time.sleep(0.01)
