# SPDX-License-Identifier: BSD-2-Clause
"""Who gets banned by contrib/fail2ban and contrib/crowdsec: forgers, and nobody whom they name.

The real filter writes the lines, the real fail2ban and the real CrowdSec read them: unpacked, not installed, by
contrib/setup/unpack-servers.sh (HELO_SERVERS).
"""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import unittest

from bench import CLIENT, DEADLINE_S, IS_ROOT, SERVER, Case, until

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SERVERS = os.environ.get("HELO_SERVERS", "")
FORGERS = {"203.0.113.50": SERVER, "2001:db8:66::25": SERVER.upper(), "203.0.113.51": "192.0.2.1",
           "203.0.113.52": "[192.0.2.1]"}
VICTIM = "198.51.100.77"
OBSERVER = "192.0.2.200"            # one of our own, which the filter does not judge
PLAYED = {}                         # by form: it is always the same
TIMES = 3                           # maxretry, and one more than the scenario's capacity

LINE = (f"id=1P6XJ4Y2G00B3R08 qid=- client={VICTIM} ptr=- iprev=permerror helo={SERVER} from=a@b.example "
        "to=c@site.example listener=- auth=- exempt=- failed=own_name:reject unknown=- score=0 dns_ms=1 verdict=reject "
        "would=reject")
OBJECT = ('{"time": "2026-11-22T05:04:03.217Z", "level": "info", "event": "verdict", "qid": null, '
          f'"id": "1P6XJ4Y2G00B3R08", "client": "{VICTIM}", "ptr": null, "iprev": "permerror", '
          f'"helo": "{SERVER}", "from": "a", "to": "b", '
          '"listener": null, "auth": null, "exempt": null, "failed": [{"check": "own_name", "reason": "claimed", '
          '"action": "reject"}], "unknown": [], "score": 0, "dns_ms": 1, "verdict": "reject", "would": "reject"}')
# What a client says to have somebody else banned.
INJECTIONS = [
    f"x client={VICTIM}", f'x" client={VICTIM} ptr="', f"x\\\" client={VICTIM} y=\"", f"{LINE}", f'" {LINE}',
    f"x\nNov 22 05:04:03 mx milter-helo[1]: {LINE}", f"x\r\ntime=2026-11-22T05:04:03.217Z level=info {LINE}", OBJECT,
    f'x", "client": "{VICTIM}", "helo": "{SERVER}', f'x"}}\n{OBJECT}', f"{VICTIM}", f"[{VICTIM}]",
    f"2026-11-22T05:04:03Z mx milter-helo[1]: {LINE}", f"milter-helo: {LINE}", f"%s<HOST>{VICTIM}", f"::ffff:{VICTIM}",
]
# Who is to be banned: also those who forge, and try to pass it on in the sender and the recipient.
WANTED = [*FORGERS, *(f"203.0.113.{150 + number}" for number in range(len(INJECTIONS)))]


def server_of(name, program):
    """The tree of an unpacked package, or the test is skipped."""
    tree = f"{SERVERS}/{name}"
    if not os.access(f"{tree}/{program}", os.X_OK):
        if os.environ.get("HELO_MTA_REQUIRED") == "1":
            raise AssertionError(f"no {name}: contrib/setup/unpack-servers.sh DIRECTORY {name}; looked in {tree}")
        raise unittest.SkipTest(f"{name} was not unpacked")
    return tree


class BanCase(Case):
    zone = Case.zone + "203.0.113.51 PTR a.client.example\na.client.example A 203.0.113.51\n"
    policy_changes = {"networks": [OBSERVER], "checks": {"own_ip": "reject", "own_name": "reject", "syntax": "reject"},
                      "log": {"rate": 0}}

    def say(self, client, helo, sender="<a@elsewhere.example>", recipient="<user@site.example>"):
        with self.milter() as milter:
            milter.negotiate()
            if milter.connect(client).name == "continue":
                milter.helo(helo)
                milter.mail(sender)
                milter.rcpt(recipient)

    def play(self, form):
        """All of it; the lines that the filter has written."""
        if form in PLAYED:
            return PLAYED[form]
        path = f"{self.run_directory}/{form}.log"
        self.write_policy(log={"to": "file", "file": path, "format": form})
        process = self.launch("-f")
        until(lambda: os.path.exists(self.socket), "socket")
        for _ in range(TIMES):
            for client, helo in FORGERS.items():
                self.say(client, helo)
            for number, text in enumerate(INJECTIONS):
                self.say(f"203.0.113.{100 + number}", text)
                self.say(f"203.0.113.{150 + number}", SERVER, f"<{text}@elsewhere.example>", f"<{text}>")
            self.say("203.0.113.90", "localhost")           # refused, and no forger
            self.say(CLIENT, "mail.client.example")
            self.say(OBSERVER, SERVER)
        process.signal(signal.SIGTERM)
        self.assertEqual(process.wait(), 0)
        with open(path, encoding="ascii") as file:
            lines = file.read().splitlines()
        decisions = [line for line in lines if re.search(r' verdict=|"event": "verdict"', line)]
        self.assertEqual(len(decisions), TIMES * (len(FORGERS) + 2 * len(INJECTIONS) + 3))
        # The bait is there, or this test would find nothing wrong whatever the patterns are.
        self.assertGreaterEqual(sum(VICTIM in line for line in decisions), TIMES * 2 * len(INJECTIONS))
        PLAYED[form] = lines
        return lines

    def as_syslog(self, lines, stamp="Nov 22 05:04:03"):
        """The same as a syslog daemon writes it (the form of a line sent to it: subject_log_targets)."""
        plain = [re.sub(r"^time=\S+ level=info (?=id=)", "", line) for line in lines]
        return [f"{stamp} mx milter-helo[123]: {line}" for line in plain if not line.startswith("time=")]

    def write(self, name, lines):
        path = f"{self.home}/{name}"
        with open(path, "w", encoding="ascii") as file:
            file.write("".join(f"{line}\n" for line in lines))
        return path


class Fail2ban(BanCase):
    def setUp(self):
        self.tree = server_of("fail2ban", "usr/bin/fail2ban-regex")
        super().setUp()
        shutil.copytree(f"{self.tree}/etc/fail2ban", f"{self.home}/fail2ban")
        for name in ("filter.d", "jail.d"):
            shutil.copy(f"{TOP}/contrib/fail2ban/{name}/milter-helo.conf", f"{self.home}/fail2ban/{name}")

    def run_it(self, program, *arguments):
        made = subprocess.run([sys.executable, "-B", f"{self.tree}/usr/bin/{program}", "-c", f"{self.home}/fail2ban",
                               *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                              timeout=DEADLINE_S,
                              env={**os.environ, "PYTHONPATH": f"{self.tree}/usr/lib/python3/dist-packages"})
        return made.stdout

    def found(self, lines):
        """Each address that it takes from these lines, as often as it does."""
        path = self.write("lines", lines)
        return sorted(self.run_it("fail2ban-regex", "-o", "ip", path, "milter-helo").split())

    def test_forgers_and_nobody_else(self):
        pairs, objects = self.play("logfmt"), self.play("json")
        syslog = self.as_syslog(pairs)
        forms = [pairs, objects, syslog, self.as_syslog(objects),
                 self.as_syslog(pairs, "2026-11-22T05:04:03.123456+01:00"),
                 [line.split(" ", 3)[3] for line in syslog],                            # as it reads the journal
                 [line.split(" ", 4)[4].replace("[123]", "") for line in syslog]]       # standard error
        found = self.found([line for form in forms for line in form])
        self.assertEqual({each: found.count(each) for each in found}, {each: TIMES * len(forms) for each in WANTED})

    def test_lines_of_others(self):
        """Other programs, a policy that only observes, a client that is deferred, an authenticated one."""
        head, own = "Nov 22 05:04:03 mx ", "Nov 22 05:04:03 mx milter-helo[1]: "
        others = [f"{head}postfix/smtpd[1]: {LINE}", f"{head}sshd[1]: Invalid user milter-helo[1]: {LINE}",
                  f"{own}warning: {LINE}", f"{own}{LINE} more=x", f"{own}x {LINE}",
                  own + LINE.replace("verdict=reject", "verdict=accept"),
                  own + LINE.replace("own_name:reject", "own_name:observe"),
                  own + LINE.replace("own_name:reject", "localhost:reject"), own + LINE.replace("auth=-", "auth=joe"),
                  OBJECT.replace('"verdict": "reject"', '"verdict": "accept"'), f"{OBJECT} x", f" {OBJECT}",
                  OBJECT.replace('"auth": null', '"auth": "joe"'), f"{head}other[1]: {OBJECT}"]
        lines = [line.replace(VICTIM, f"198.51.100.{number}") for number, line in enumerate(others, 100)]
        self.assertEqual(self.found([f"{own}{LINE}", *lines]), [VICTIM])

    def test_jail(self):
        """It is off, and on it is what its comments say."""
        self.assertNotIn("milter-helo", self.run_it("fail2ban-client", "-d"))
        with open(f"{self.home}/fail2ban/jail.d/zz.local", "w", encoding="ascii") as file:
            file.write("[milter-helo]\nenabled = true\n[sshd]\nenabled = false\n")
        made = self.run_it("fail2ban-client", "-d")
        for words in ("['add', 'milter-helo', 'systemd']", "'maxretry', 3]",
                      "'addjournalmatch', '_SYSTEMD_UNIT=milter-helo.service']",
                      "'addignoreip', '127.0.0.0/8', '::1']"):
            self.assertIn(words, made)
        self.assertIn("OK: configuration test is successful", self.run_it("fail2ban-client", "-t"))


@unittest.skipUnless(IS_ROOT, "needs root: a network of its own")
class CrowdSec(BanCase):
    def setUp(self):
        self.tree = server_of("crowdsec", "usr/bin/crowdsec")
        super().setUp()
        self.place = f"{self.home}/crowdsec"
        hub = f"{self.tree}/usr/share/crowdsec/hub"
        shutil.copytree(f"{TOP}/contrib/crowdsec", self.place)
        shutil.copytree(f"{self.tree}/etc/crowdsec/patterns", f"{self.place}/patterns")
        for stage, name in (("s00-raw", "syslog-logs"), ("s02-enrich", "dateparse-enrich")):
            os.makedirs(f"{self.place}/parsers/{stage}")
            shutil.copy(f"{hub}/parsers/{stage}/crowdsecurity/{name}.yaml", f"{self.place}/parsers/{stage}")
        shutil.copy(f"{self.tree}/etc/crowdsec/profiles.yaml", self.place)
        for name, text in (("simulation.yaml", "simulation: off\n"), ("acquis.yaml", ""), ("console.yaml", ""),
                           ("credentials.yaml", ""), ("config.yaml", self.config(hub))):
            with open(f"{self.place}/{name}", "w", encoding="ascii") as file:
                file.write(text)
        os.mkdir(f"{self.place}/postoverflows")

    def config(self, hub):
        return f"""\
common: {{daemonize: false, log_media: stdout, log_level: info, working_dir: {self.place}}}
config_paths: {{config_dir: {self.place}/, data_dir: {self.home}/, simulation_path: {self.place}/simulation.yaml,
               hub_dir: {hub}/, index_path: {hub}/.index.json}}
crowdsec_service: {{acquisition_path: {self.place}/acquis.yaml, parser_routines: 1}}
cscli: {{output: human}}
db_config: {{type: sqlite, db_path: {self.place}/db}}
api:
  client: {{credentials_path: {self.place}/credentials.yaml}}
  server: {{listen_uri: "127.0.0.1:8080", profiles_path: {self.place}/profiles.yaml,
           console_path: {self.place}/console.yaml}}
prometheus: {{enabled: false}}
"""

    def banned(self, lines, kind):
        """The addresses that it bans for these lines."""
        path = self.write("lines", lines)
        if os.path.exists(f"{self.place}/db"):
            os.unlink(f"{self.place}/db")
        script = ('ip link set lo up && "$1/cscli" -c "$2/config.yaml" machines add test --auto '
                  '-f "$2/credentials.yaml" --force && '
                  'exec "$1/crowdsec" -c "$2/config.yaml" -dsn "file://$3" -type "$4"')
        made = subprocess.run(["unshare", "--net", "sh", "-c", script, "sh", f"{self.tree}/usr/bin", self.place, path,
                               kind], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                              timeout=DEADLINE_S)
        self.assertEqual(made.returncode, 0, made.stdout)
        database = sqlite3.connect(f"{self.place}/db")
        try:
            return sorted(value for value, in database.execute(
                "select value from decisions where scenario = 'milter-helo/forged-helo' and type = 'ban'"))
        finally:
            database.close()

    def test_forgers_and_nobody_else(self):
        pairs, objects = self.play("logfmt"), self.play("json")
        for name, lines, kind in (("a file", pairs, "milter-helo"), ("a file of JSON", objects, "milter-helo"),
                                  ("syslog", self.as_syslog(pairs), "syslog")):
            with self.subTest(name):
                self.assertEqual(self.banned(lines, kind), sorted(WANTED))
