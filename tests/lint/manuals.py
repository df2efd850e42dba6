# SPDX-License-Identifier: BSD-2-Clause
"""The manual pages, as they were built: well-formed mdoc, no line wider than a terminal, installed, and pointing only
at pages that there are.

milter-helo.yaml(5), which is written by lib/policy/manual from the rows, has every key of a policy once, and names
those that need a restart.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from common import Findings, ROOT, files, give_up, read, tool

PAGE = re.compile(r"(?:^|/)([^/]+)\.([1-8])\.in$")
BROKEN = ".Dd November 21, 2026\n.Dt PAGE 1\n.Os\n.Sh NAME\n.Nm page\n.Nd a page\n.Bl -tag\n"
COLUMNS = 79
# Of other packages; all of them exist in Debian 12.
FOREIGN = set("""
    dig(1) gzip(1) journalctl(1) pkg-config(1) sendmail(1) systemctl(1) xz(1) zstd(1) fork(2) snprintf(3) syslog(3)
    apparmor.d(5) hosts(5) master(5) mailname(5) postconf(5) resolv.conf(5) systemd.service(5) systemd.socket(5)
    fail2ban-client(1) jail.conf(5) postconf(1) swaks(1) sysusers.d(5) tmpfiles.d(5) rsyslog.conf(5)
    sd_notify(3) journald.conf(5) systemd.exec(5) systemd.unit(5) exim4(8)
    logrotate(8) postscreen(8) sendmail(8) smtpd(8) apparmor_parser(8) systemd-journald.service(8) systemd-sysusers(8)
    systemd-tmpfiles(8)
""".split())


def mandoc(program, path, *options):
    return subprocess.run([program, *options, path], cwd=ROOT, check=False, capture_output=True).stdout.decode(
        errors="replace")


def lint(program, path):
    """mandoc's findings, as (line, text)."""
    for line in mandoc(program, path, "-T", "lint", "-W", "warning").splitlines():
        match = re.match(r"mandoc: .*?:(\d+):\d+: (.*)", line)
        yield (int(match[1]), match[2]) if match else (0, line)


def too_wide(program, path):
    """Lines as people see them that are wider than a terminal: literal ones, which nothing folds."""
    for line in mandoc(program, path, "-T", "utf8", "-O", "width=78").splitlines():
        shown = re.sub(".\b", "", line)
        if len(shown) > COLUMNS:
            yield 0, f"{len(shown)} columns, of {COLUMNS} at most: {shown.strip()}"


def references(text):
    """(line, "name(section)") of each .Xr."""
    for number, line in enumerate(text.splitlines(), 1):
        for name, section in re.findall(r"\bXr (\S+) (\d)", line if line.startswith(".") else ""):
            yield number, f"{name}({section})"


def see_also(text):
    return [name for _, name in references(text.partition(".Sh SEE ALSO\n")[2].partition("\n.Sh ")[0])]


def wrong_references(text, own, ours):
    """(line, finding) of a page whose name is own."""
    for line, name in references(text):
        if name not in ours | FOREIGN:
            yield line, f"{name} is neither a page of ours nor known to tests/lint/manuals.py"
        if name == own:
            yield line, f"{name} is this page"
    listed = see_also(text)
    for name in sorted(ours - set(listed) - {own}):
        yield 0, f"SEE ALSO has no {name}"
    if listed != sorted(listed, key=lambda name: (name[-2], name)):
        yield 0, f"SEE ALSO is not sorted by section and name: {' '.join(listed)}"


# ---- milter-helo.yaml(5)

ROW = re.compile(r'^(?:NUMBER|DURATION|SIZE|SCORE|BOOL|CHOICE|TEXT|TEXTS|LIST)\("([\w.]+)",', re.M)


def wanted_keys():
    """Every key a policy may have, but sections; checks are told one by one."""
    others = re.findall(r'\{"([\w.]+)", load_(\w+), 0\}', read("lib/policy/load_keys.c"))
    keys = ROW.findall(read("lib/policy/schema.def"))
    keys += [key for key, load in others if load not in ("section", "checks")]
    return keys + [f"checks.{name}" for name in re.findall(r"^CHECK\((\w+),", read("lib/checks/checks.def"), re.M)]


def wrong_keys(text, wanted):
    found = re.findall(r"^\.It Cm ([\w.]+)(?: : Ar \w+)?$", text, re.M)
    for key in wanted:
        if found.count(key) != 1:
            yield 0, f"the key {key} stands there {found.count(key)} times"


def wrong_restarts(text, source):
    """The page's list is that of the code."""
    told = set(re.findall(r"^\.Cm ([\w.]+)", text.partition("RESTART begin")[2].partition("RESTART end")[0], re.M))
    known = set(re.findall(r'"([\w.]+)"', re.search(r"start_only\[\] = \{(.*?)\};", source, re.S)[1]))
    for key in sorted(told ^ known):
        yield 0, f"{key} {'needs no restart' if key in told else 'needs a restart, and the page does not say so'}"


# ---- all

def self_test(program):
    with tempfile.NamedTemporaryFile("w", suffix=".1") as page:
        page.write(BROKEN + ".El\n.Bd -literal\n" + "x" * 100 + "\n.Ed\n")
        page.flush()
        if not list(lint(program, page.name)) or not list(too_wide(program, page.name)):
            give_up("mandoc found nothing in a broken page")
    text = ".Xr a 1\n.Xr nowhere 9\n.Sh SEE ALSO\n.Xr c 3 ,\n.Xr b 1\n.Sh NEXT\n.Xr d 4\n"
    if len(list(wrong_references(text, "a(1)", {"a(1)", "b(1)", "c(3)", "d(4)"}))) != 4:
        give_up("the check is broken: references")
    if len(list(wrong_keys(".It Cm a.b : Ar word\n.It Cm c : Ar text\n.It Cm c : Ar text\n", ["a.b", "c", "d"]))) != 2:
        give_up("the check is broken: keys")
    if len(list(wrong_restarts("RESTART begin\n.Cm a.b ,\n.Cm c .\nRESTART end\n",
                               'start_only[] = {\n    "a.b", "d.e",\n};'))) != 2:
        give_up("the check is broken: restarts")


def main():
    program = tool("mandoc", package="mandoc")
    build = Path(sys.argv[1])
    findings = Findings()
    self_test(program)
    sources = [name for name in files("lib", "milter") if PAGE.search(name)]
    ours = {"{}({})".format(*PAGE.search(name).groups()) for name in sources}
    if len(ours) < 5:
        give_up(f"there are {len(ours)} manual pages")
    installed = "".join(read(name) for name in files("lib", "milter") if Path(name).name == "CMakeLists.txt")
    for name in sources:
        page, section = PAGE.search(name).groups()
        built = [path for folder in ("lib", "lib/tools", "milter")
                 for path in (build / folder).glob(f"{page}.{section}")]
        if len(built) != 1:
            give_up(f"{build} has no {page}.{section} (build first)")
        text = built[0].read_text()
        for line, finding in [*lint(program, built[0]), *too_wide(program, built[0]),
                              *wrong_references(text, f"{page}({section})", ours)]:
            findings.add(name, line, finding)
        if not re.search(rf"/{re.escape(page)}\.{section} DESTINATION \S*/man{section}\b", installed):
            findings.add(name, 0, f"is not installed into man{section}")
        if page == "milter-helo.yaml":
            for line, finding in [*wrong_keys(text, wanted_keys()),
                                  *wrong_restarts(text, read("milter/reload.c"))]:
                findings.add(name, line, finding)
    findings.exit(f"{len(sources)} manual pages")


if __name__ == "__main__":
    sys.exit(main())
