# SPDX-License-Identifier: BSD-2-Clause
"""The filter as a part of Exim: contrib/exim, the same policy, and its lines in Exim's own log."""

import os
import re
import shutil
import subprocess

from . import snippets, world
from .credentials import make_certificate
from .exim import CONFIGURATION_FILE, Exim
from .filter import Filter
from .process import run

# The first two: the policy is to judge what Exim would refuse by itself. The certificate is the
# authority of those that clients may show.
MAIN = """\
helo_accept_junk_hosts = *
hosts_require_helo =
smtp_connect_backlog = 100
tls_advertise_hosts = *
tls_certificate = {home}/etc/cert.pem
tls_privatekey = {home}/etc/key.pem
tls_try_verify_hosts = *
tls_verify_certificates = {home}/etc/cert.pem
"""

TROUBLE = re.compile(r"SIGSEGV|SIGABRT|SIGBUS|SIGILL|SIGFPE|taint", re.I)


def text_of(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


class Module(Filter):
    """`program` is helo-exim.so. It is copied with its library to where Exim's account can read it,
    and started by Exim when the first client has named a recipient.
    """

    LOGS_AT_CONNECT = False

    def __init__(self, home, program, group, dns):
        super().__init__(home, program, group, dns)
        self.libraries = f"{home}/lib"
        os.makedirs(self.libraries)
        folder = os.path.dirname(program)
        for name in os.listdir(folder):
            if name.startswith(("libhelo.so", "helo-exim.so")):
                shutil.copy2(f"{folder}/{name}", f"{self.libraries}/{name}",
                             follow_symlinks=False)
        self.program = f"{self.libraries}/{os.path.basename(program)}"
        self.reports = f"{home}/reports"
        os.mkdir(self.reports)
        os.chmod(self.reports, 0o777)
        self.away = f"{self.program}.away"
        self.server = None          # the Exim it is a part of

    @property
    def door(self):
        return self

    def start(self, *_):
        """From now on Exim finds it."""
        if os.path.exists(self.away):
            os.rename(self.away, self.program)

    def stop(self):
        """It is not there any more, for the connections that come."""
        if os.path.exists(self.program):
            os.rename(self.program, self.away)

    def reload(self, policy_text=None, **_):
        """Each connection reads the policy anew."""
        if policy_text is not None:
            self.write(policy_text)

    def log(self):
        return self.server.log() if self.server else ""

    def complaints(self):
        """Exim tells of a child that crashed, and of its own checks."""
        reports = [f"{self.reports}/{name}" for name in os.listdir(self.reports)]
        return [line for line in self.log().splitlines() if TROUBLE.search(line)] + [
            line for path in reports for line in text_of(path).splitlines()]

    def environment(self):
        """Where its library is found; and a sanitizer, if it is built with one, which must be there
        before Exim is. Exim 4.96 itself looks for the end of a string behind what it has read
        through TLS: that is not ours to find."""
        built = {**os.environ, "LD_LIBRARY_PATH": self.libraries}
        with open(self.program, "rb") as file:
            if b"__asan_init" not in file.read():
                return built
        runtime = subprocess.run(["clang", "-print-file-name=libclang_rt.asan-x86_64.so"],
                                 capture_output=True, text=True, check=True).stdout.strip()
        return {**built, "LD_PRELOAD": runtime,
                "ASAN_OPTIONS": f"detect_leaks=0:intercept_strlen=0:log_path={self.reports}/asan"}


class EximWithModule(Exim):
    """An Exim whose every recipient is judged by the module, before anything else is looked at."""

    SOCKET_GROUP = "root"           # there is no socket

    def __init__(self, home, trees, listen, module, _, more):
        judgement = snippets.exim(module.program, module.policy_file)
        super().__init__(home, trees, listen, "", judgement, MAIN.format(home=home) + more)
        os.mkdir(f"{home}/etc")
        make_certificate(f"{home}/etc")
        os.chown(f"{home}/etc/key.pem", self.account.pw_uid, self.account.pw_gid)
        self.environment = module.environment()
        module.server = self


# What Debian's debconf would ask.
ANSWERS = """\
dc_eximconfig_configtype='internet'
dc_other_hostnames='{domain}'
dc_local_interfaces='{listen}'
dc_readhost=''
dc_relay_domains=''
dc_minimaldns='false'
dc_relay_nets='{internal}'
dc_smarthost=''
CFILEMODE='644'
dc_use_split_config='{split}'
dc_hide_mailname=''
dc_mailname_in_oh='true'
dc_localdelivery='mail_spool'
"""
# The two lines that contrib/exim asks for, and where a private Exim has its files.
MACROS = """\
CHECK_RCPT_LOCAL_ACL_FILE = /etc/exim4/acl-helo.conf
acl_smtp_helo = /etc/exim4/acl-helo-start.conf
SPOOLDIR = {home}/spool
SYSTEM_ALIASES_PIPE_TRANSPORT = address_pipe
log_file_path = {home}/%slog
pid_file_path = {home}/spool/exim.pid
"""


class DebianExim(Exim):
    """An Exim as Debian's exim4-config makes it, with contrib/exim put in by its own words. Mail to
    `aliases` (name: command) is delivered through a pipe."""

    SOCKET_GROUP = "root"

    def __init__(self, home, trees, listen, module, *_):
        self.settle(home, trees, listen)
        self.environment = module.environment()
        self.maker = f"{trees}/exim-config/usr/sbin/update-exim4.conf"
        shutil.rmtree("/etc/exim4")
        shutil.copytree(f"{trees}/exim-config/etc/exim4", "/etc/exim4")
        for name in ("acl-helo.conf", "acl-helo-start.conf"):
            with open(f"/etc/exim4/{name}", "w", encoding="utf-8") as file:
                file.write(snippets.exim(module.program, module.policy_file, name))
        with open("/etc/mailname", "w", encoding="ascii") as file:
            file.write(f"{world.MAIL_DOMAIN}\n")
        module.server = self
        self.configure(split=True)

    def configure(self, split):
        """As update-exim4.conf makes it from many files, or from one. Takes effect at the start."""
        where = "conf.d/main/000_localmacros" if split else "exim4.conf.localmacros"
        with open(f"/etc/exim4/{where}", "w", encoding="ascii") as file:
            file.write(MACROS.format(home=self.home))
        with open("/etc/exim4/update-exim4.conf.conf", "w", encoding="ascii") as file:
            file.write(ANSWERS.format(domain=world.MAIL_DOMAIN, internal=world.INTERNAL_NET,
                                      listen=world.SERVER_V4, split=str(split).lower()))
        run(["sh", self.maker, "-o", f"{self.home}/made"])
        with open(f"{self.home}/made", encoding="utf-8") as file:
            text = file.read()
        with open(CONFIGURATION_FILE, "w", encoding="utf-8") as file:
            file.write(re.sub(r"(?m)^exim_path\b.*$", f"exim_path = {self.program}", text))

    def alias(self, name, script):
        """Mail to this name goes to a program of these lines."""
        program = f"{self.home}/{name}"
        with open(program, "w", encoding="ascii") as file:
            file.write(script)
        os.chmod(program, 0o755)
        with open("/etc/aliases", "w", encoding="ascii") as file:
            file.write(f"{name}: |{program}\n")
