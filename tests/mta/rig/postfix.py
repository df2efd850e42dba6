# SPDX-License-Identifier: BSD-2-Clause
"""A private Postfix, run from its unpacked package.

It takes mail for the world's mail domain and throws it away, lets authenticated clients relay, and
believes XCLIENT from anybody. Its milter lines are contrib/postfix/main.cf, the same that we tell
users to copy. `home` must be searchable by everybody and, for Postfix's taste, not writable.
"""

import grp
import os
import pwd

from . import snippets, world
from .credentials import make_certificate, make_sasl
from .mailserver import MailServer
from .process import run

# Two unprivileged accounts of every Debian, in place of postfix and postdrop, which only an
# installation would make. The socket group of the filter is OWNER's.
OWNER, DROP_GROUP = "news", "uucp"
QUEUES = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming",
          "private", "saved", "trace")

MAIN_CF = """\
compatibility_level = 3.6
queue_directory = {home}/spool
data_directory = {home}/data
command_directory = {tree}/usr/sbin
daemon_directory = {tree}/usr/lib/postfix/sbin
meta_directory = {tree}/etc/postfix
shlib_directory = {tree}/usr/lib/postfix
sendmail_path = {tree}/usr/sbin/sendmail
newaliases_path = /bin/true
mailq_path = /bin/true
html_directory = no
manpage_directory = {home}
readme_directory = no
mail_owner = {owner}
setgid_group = {drop_group}
default_privs = nobody
import_environment = LD_LIBRARY_PATH={tree}/usr/lib/postfix MAIL_CONFIG={home}/etc
export_environment = LD_LIBRARY_PATH MAIL_CONFIG
maillog_file = /dev/stdout

myhostname = {name}
inet_interfaces = all
inet_protocols = all
mynetworks = 127.0.0.0/8, [::1]/128, {networks}
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
virtual_mailbox_domains = {domain}
virtual_mailbox_maps = static:all
virtual_transport = discard:
default_transport = discard:
disable_dns_lookups = yes
smtp_host_lookup = native
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_authorized_xclient_hosts = 0.0.0.0/0, [::]/0

smtpd_tls_cert_file = {home}/etc/cert.pem
smtpd_tls_key_file = {home}/etc/key.pem
smtpd_tls_security_level = may
smtpd_tls_session_cache_database =
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = cyrus
smtpd_sasl_path = smtpd
cyrus_sasl_config_path = {home}/etc/sasl
smtpd_sasl_local_domain = {name}

smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_error_sleep_time = 0
smtpd_soft_error_limit = 100
smtpd_hard_error_limit = 200
in_flow_delay = 0

# The filter is shown local mail too, though nobody is told to: a site may do so, and it must be safe.
non_smtpd_milters = $smtpd_milters
"""

MASTER_CF = """\
pickup    unix      n - n 60    1 pickup
cleanup   unix      n - n -     0 cleanup
qmgr      unix      n - n 300   1 qmgr
tlsmgr    unix      - - n 1000? 1 tlsmgr
rewrite   unix      - - n -     - trivial-rewrite
bounce    unix      - - n -     0 bounce
defer     unix      - - n -     0 bounce
trace     unix      - - n -     0 bounce
proxymap  unix      - - n -     - proxymap
discard   unix      - - n -     - discard
error     unix      - - n -     - error
retry     unix      - - n -     - error
anvil     unix      - - n -     1 anvil
postlog   unix-dgram n - n -    1 postlogd
"""


class Postfix(MailServer):
    """`listen` holds (address, port) pairs; on port 587 it calls itself `submission`.

    `milter` is the filter's socket, or None for a Postfix without filter; `more` are further lines
    for main.cf, of which the last of a name counts.
    """

    NAME = "Postfix"
    SOCKET_GROUP = grp.getgrgid(pwd.getpwnam(OWNER).pw_gid).gr_name

    def __init__(self, home, trees, listen, milter, when_down=snippets.DEFAULT_ACTION, more=""):
        super().__init__(home, listen)
        self.tree = f"{trees}/postfix"
        self.make_directories()
        make_certificate(f"{home}/etc")
        make_sasl(f"{home}/etc/sasl", trees, "smtpd", pwd.getpwnam(OWNER).pw_uid)
        self.configure((snippets.postfix(milter, when_down) if milter else "") + more)

    def make_directories(self):
        """What `postfix check` would make, a hundred times faster."""
        owner, drop = pwd.getpwnam(OWNER).pw_uid, grp.getgrnam(DROP_GROUP).gr_gid
        for part, mode, uid, gid in (("etc", 0o755, 0, 0), ("data", 0o700, owner, -1),
                                     ("spool", 0o755, 0, 0), ("spool/pid", 0o755, 0, 0),
                                     ("spool/public", 0o710, owner, drop),
                                     ("spool/maildrop", 0o730, owner, drop),
                                     *((f"spool/{queue}", 0o700, owner, -1) for queue in QUEUES)):
            os.makedirs(f"{self.home}/{part}")
            os.chown(f"{self.home}/{part}", uid, gid)
            os.chmod(f"{self.home}/{part}", mode)
        os.chmod(self.home, 0o755)

    def configure(self, more):
        main = MAIN_CF.format(home=self.home, tree=self.tree, owner=OWNER, drop_group=DROP_GROUP,
                              name=world.SERVER_NAME, domain=world.MAIL_DOMAIN,
                              networks=f"{world.INTERNAL_NET}, [{world.INTERNAL_V6}]/128")
        self.write("main.cf", main + more)
        self.write("master.cf", MASTER_CF + "".join(self.listener(*each) for each in self.listen))

    def write(self, name, text):
        """Writes a file of the configuration, dated back: Postfix waits while one looks fresh."""
        path = f"{self.home}/etc/{name}"
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.utime(path, (0, 0))

    @staticmethod
    def listener(address, port):
        lines = f"[{address}]:{port} inet n - n - 200 smtpd\n"
        if port == 587:
            lines += "  -o milter_macro_daemon_name=submission\n"
        return lines

    @property
    def environment(self):
        return {**os.environ, "LD_LIBRARY_PATH": f"{self.tree}/usr/lib/postfix",
                "MAIL_CONFIG": f"{self.home}/etc"}

    def command(self):
        """The master daemon itself, not `postfix start-fg`: so its process id is ours."""
        return [f"{self.tree}/usr/lib/postfix/sbin/master", "-c", f"{self.home}/etc", "-s"]

    def version(self):
        output = run([f"{self.tree}/usr/sbin/postconf", "-c", f"{self.home}/etc", "-h",
                      "mail_version"], env=self.environment)
        return f"Postfix {output.strip()}"

    def tool(self, name):
        """The path of a program of the package, for example smtp-source."""
        return f"{self.tree}/usr/sbin/{name}"

    def submit_locally(self, sender, recipient):
        """Hands a message to sendmail(1), as a program on this machine would.

        Returns once it left the queue manager or was refused; the text is what the log says of it.
        """
        before = len(self.log())
        run([self.tool("sendmail"), "-i", "-f", sender, recipient],
            input=f"From: {sender}\nTo: {recipient}\nSubject: local\n\nHello.\n",
            env=self.environment)

        def judged():
            said = self.log()[before:]
            ends = ("status=", "milter-reject", "warning: milter", "configuration error")
            return any(end in said for end in ends) and said
        return self.process.wait_until(judged, "delivery of a local message")
