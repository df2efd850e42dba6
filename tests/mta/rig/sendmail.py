# SPDX-License-Identifier: BSD-2-Clause
"""A private Sendmail, run from its unpacked package.

It takes mail for the world's mail domain, queues it and leaves it there, and lets authenticated
clients relay. Its milter line is contrib/sendmail/milter-helo.mc, which we tell users to copy.

Wants a host name with a dot: without one it sleeps 60 seconds at start. No directory above `home`
may be writable by others, since Sendmail then trusts no socket below it.
"""

import os
import pwd

from . import snippets, world
from .credentials import make_certificate, make_sasl
from .mailserver import MailServer
from .process import run

SENDMAIL_MC = """\
divert(0)dnl
define(`_CF_DIR_', `{tree}/usr/share/sendmail/cf/')dnl
include(`{tree}/usr/share/sendmail/cf/m4/cf.m4')dnl
VERSIONID(`private')
define(`MAIL_SETTINGS_DIR', `{home}/etc/')dnl
OSTYPE(`linux')dnl
define(`confDOMAIN_NAME', `{name}')dnl
define(`confPID_FILE', `{home}/pid')dnl
define(`QUEUE_DIR', `{home}/spool')dnl
define(`ALIAS_FILE', `{home}/etc/aliases')dnl
define(`STATUS_FILE', `{home}/status')dnl
define(`HELP_FILE', `{home}/etc/helpfile')dnl
define(`confCT_FILE', `{home}/etc/trusted-users')dnl
define(`confSERVICE_SWITCH_FILE', `{home}/etc/service.switch')dnl
define(`confTRUSTED_USER', `root')dnl
define(`confDEF_USER_ID', `nobody')dnl
define(`confDONT_BLAME_SENDMAIL', `AssumeSafeChown,RunProgramInUnsafeDirPath')dnl
define(`confDELIVERY_MODE', `q')dnl
define(`confTO_IDENT', `0s')dnl
define(`confTO_RESOLVER_RETRANS', `1s')dnl
define(`confTO_RESOLVER_RETRY', `1')dnl
define(`confLOG_LEVEL', `14')dnl
define(`confBAD_RCPT_THROTTLE', `0')dnl
define(`confCONNECTION_RATE_THROTTLE', `0')dnl
define(`confQUEUE_LA', `999')dnl
define(`confREFUSE_LA', `999')dnl
define(`confPRIVACY_FLAGS', `authwarnings')dnl
define(`confSERVER_CERT', `{home}/etc/cert.pem')dnl
define(`confSERVER_KEY', `{home}/etc/key.pem')dnl
define(`confCACERT', `{home}/etc/cert.pem')dnl
define(`confCACERT_PATH', `{home}/etc')dnl
define(`confAUTH_MECHANISMS', `PLAIN LOGIN')dnl
define(`confAUTH_REALM', `{name}')dnl
TRUST_AUTH_MECH(`PLAIN LOGIN')dnl
LOCAL_DOMAIN(`{domain}')dnl
FEATURE(`no_default_msa')dnl
FEATURE(`nocanonify')dnl
FEATURE(`accept_unresolvable_domains')dnl
define(`LOCAL_MAILER_PATH', `{home}/etc/deliver')dnl
define(`LOCAL_MAILER_ARGS', `deliver $u')dnl
define(`LOCAL_MAILER_FLAGS', `SPhn9')dnl
MODIFY_MAILER_FLAGS(`LOCAL', `-w5')dnl
"""

# Sendmail wipes its environment; E lines put back what Cyrus SASL looks for.
SENDMAIL_MC_TAIL = """\
LOCAL_CONFIG
ESASL_CONF_PATH={home}/sasl
MAILER(`local')dnl
MAILER(`smtp')dnl
"""

DELIVER = """\
#!/bin/sh
exec cat >/dev/null
"""


class Sendmail(MailServer):
    """`listen` holds (address, port) pairs; on port 587 it calls itself `MSA`.

    `milter` is the filter's socket, or None for a Sendmail without filter; `more` are further lines
    for sendmail.mc.
    """

    NAME = "Sendmail"
    SOCKET_GROUP = "root"

    def __init__(self, home, trees, listen, milter, when_down=snippets.DEFAULT_ACTION, more=""):
        super().__init__(home, listen)
        self.tree = f"{trees}/sendmail"
        self.program = f"{self.tree}/usr/libexec/sendmail/sendmail"
        for part in ("etc", "spool"):
            os.makedirs(f"{home}/{part}")
        os.chmod(f"{home}/spool", 0o700)
        make_certificate(f"{home}/etc")
        make_sasl(f"{home}/sasl", trees, "Sendmail", pwd.getpwnam("root").pw_uid)
        self.configure(more + (snippets.sendmail(milter, when_down) if milter else ""))

    def configure(self, more):
        for name, text in (("service.switch", "hosts files dns\naliases files\n"), ("aliases", ""),
                           ("trusted-users", ""), ("deliver", DELIVER)):
            with open(f"{self.home}/etc/{name}", "w", encoding="ascii") as file:
                file.write(text)
        os.chmod(f"{self.home}/etc/deliver", 0o755)
        source = SENDMAIL_MC + "".join(self.listener(*each) for each in self.listen) + more
        source = source.replace("{tree}", self.tree) + SENDMAIL_MC_TAIL
        for key, value in (("home", self.home), ("name", world.SERVER_NAME),
                           ("domain", world.MAIL_DOMAIN)):
            source = source.replace("{" + key + "}", value)
        with open(f"{self.home}/etc/sendmail.mc", "w", encoding="utf-8") as file:
            file.write(source)
        with open(f"{self.home}/etc/sendmail.cf", "w", encoding="utf-8") as file:
            file.write(run(["m4", f"{self.home}/etc/sendmail.mc"]))

    @staticmethod
    def listener(address, port):
        """Listen= since Sendmail's own backlog of 10 loses connections when many come at once."""
        family = "inet6" if ":" in address else "inet"
        name = "MSA" if port == 587 else f"MTA-{family}"
        return (f"DAEMON_OPTIONS(`Name={name}, Family={family}, Addr={address}, Port={port}, "
                "Listen=200')dnl\n")

    def command(self):
        return [self.program, "-C", f"{self.home}/etc/sendmail.cf", "-bD"]

    def version(self):
        output = run([self.program, "-C", f"{self.home}/etc/sendmail.cf", "-d0.1", "-bv", "root"])
        return "Sendmail " + output.split(None, 2)[1]
