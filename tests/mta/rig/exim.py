# SPDX-License-Identifier: BSD-2-Clause
"""A private Exim, run from its unpacked package.

It takes mail for the world's mail domain and keeps none, and lets the world's internal network and
authenticated clients relay. It speaks no milter: what it does with a HELO is said in an ACL, by the
lines the caller gives. Only inside house.sh: the place of Exim's configuration, /etc/exim4, and the
name of its account, Debian-exim, are compiled in, and both are put into the house's own /etc.
"""

import os
import pwd

from . import world
from .mailserver import MailServer
from .process import run

ACCOUNT, NUMBER = "Debian-exim", 61999
CONFIGURATION_FILE = "/etc/exim4/exim4.conf"

# host_lookup is what Exim's own default configuration and Debian's have. dns_retrans and dns_retry
# make a name server that is silent cost a second per question.
CONFIGURATION = """\
primary_hostname = {name}
domainlist local_domains = {domain}
hostlist relay_from_hosts = <; 127.0.0.1 ; ::1 ; {internal} ; {internal_v6}
exim_path = {program}
spool_directory = {home}/spool
log_file_path = {home}/%slog
pid_file_path = {home}/spool/exim.pid
local_interfaces = <; {listen}
host_lookup = *
dns_retrans = 1s
dns_retry = 1
rfc1413_query_timeout = 0s
smtp_accept_max = 200
smtp_max_synprot_errors = 0
{main}keep_environment =
never_users =
acl_smtp_rcpt = acl_rcpt
acl_smtp_data = acl_data
begin acl
acl_rcpt:
{first}
  accept hosts = : +relay_from_hosts
  accept authenticated = *
{judgement}
  accept domains = +local_domains
  deny message = relay not permitted
acl_data:
  discard
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and{{{{eq{{$auth2}}{{{user}}}}}{{eq{{$auth3}}{{{password}}}}}}}}}
  server_set_id = $auth2
"""


NO_TLS = "tls_advertise_hosts =\n"


class Exim(MailServer):
    """`listen` holds (address, port) pairs, `judgement` the ACL's lines on who is no longer local,
    `first` those on anybody, `main` further lines before the ACLs.
    """

    NAME = "Exim"

    def __init__(self, home, trees, listen, judgement, first="", main=NO_TLS):
        self.settle(home, trees, listen)
        with open(CONFIGURATION_FILE, "w", encoding="ascii") as file:
            file.write(CONFIGURATION.format(
                name=world.SERVER_NAME, domain=world.MAIL_DOMAIN, internal=world.INTERNAL_NET,
                internal_v6=world.INTERNAL_NET_V6,
                home=home, program=self.program, judgement=judgement, first=first,
                main=main, user=world.USER, password=world.PASSWORD,
                listen=" ; ".join(f"[{address}]:{port}" for address, port in listen)))

    def settle(self, home, trees, listen):
        """Program, account and folders."""
        MailServer.__init__(self, home, listen)
        self.program = f"{trees}/exim/usr/sbin/exim4"
        self.account = make_account()
        os.makedirs(f"{home}/spool")
        for path in (home, f"{home}/spool"):
            os.chown(path, self.account.pw_uid, self.account.pw_gid)
        os.makedirs(os.path.dirname(CONFIGURATION_FILE), exist_ok=True)

    def command(self):
        return [self.program, "-bdf"]

    def log(self):
        """Its own log files, after what it said before it had opened them."""
        parts = [super().log()]
        for name in ("main", "reject", "panic"):
            try:
                with open(f"{self.home}/{name}log", encoding="utf-8", errors="replace") as source:
                    parts.append(source.read())
            except FileNotFoundError:
                continue
        return "".join(parts)

    def version(self):
        return " ".join(run([self.program, "-bV"]).split()[:3]).replace(" version", "")


def make_account():
    """The account Exim wants, made in the house's own /etc where no installation has made it."""
    if all(each.pw_name != ACCOUNT for each in pwd.getpwall()):
        entries = {"/etc/passwd": f"{ACCOUNT}:x:{NUMBER}:{NUMBER}::/nonexistent:/bin/false",
                   "/etc/group": f"{ACCOUNT}:x:{NUMBER}:"}
        for path, line in entries.items():
            with open(path, "a", encoding="ascii") as file:
                file.write(f"{line}\n")
    return pwd.getpwnam(ACCOUNT)
