# SPDX-License-Identifier: BSD-2-Clause
"""The page of `helocheck replay --html`, opened in a real browser: headless Chromium, without a network.

    page.py --helocheck PROGRAM

What the browser has to say of it (its console, its log of the network, its DOM) must show: no error, no request, the
numbers of --json, and that what is hostile in the logs is text. A page that does all of that wrong
comes first: a browser that would not tell is no witness.

Skipped (77) where there is no Chromium, unless HELO_MTA_REQUIRED=1.
"""

import argparse
import html.parser
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path(__file__).resolve().parent
LOGS = ["mail/postfix.log", "mail/exim.log", "mail/sendmail.log", "mail/own.log", "mail/lines.json"]
TIMEOUT_S = 60
FATES = ("refused", "deferred", "tagged", "accepted", "exempt", "unjudged")

BAD_PAGE = """<!DOCTYPE html><html lang="en"><head><title>bad</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src *"><style>p { color: red }</style>
</head><body><p>bad</p><img src="http://tracker.example/pixel.png" alt="">
<script>document.title = "ran"</script></body></html>
"""

# What Chromium asks for by itself, whatever page there is, goes to these.
BROWSERS_OWN = re.compile(r"^(chrome|chrome-extension|devtools|data|about|blob):|^https?://([^/]+\.)?"
                          r"(google|googleapis|gvt1|gstatic)\.com[/:]")


def find_chromium():
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path:
            return path
    print("page: no Chromium here (Debian: apt-get install chromium); skipped")
    sys.exit(1 if os.environ.get("HELO_MTA_REQUIRED") == "1" else 77)


def browse(chromium, folder, page, *options):
    """(DOM as text, lines of the console, URLs that were asked for)"""
    netlog = pathlib.Path(folder, "net.json")
    done = subprocess.run(
        [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update", "--disable-default-apps",
         "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder}/profile", "--enable-logging=stderr",
         f"--log-net-log={netlog}", "--net-log-capture-mode=Everything", *options, "--dump-dom", page.as_uri()],
        capture_output=True, text=True, timeout=TIMEOUT_S, check=True, env={**os.environ, "HOME": str(folder)})
    console = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    urls = set(re.findall(r'"url":\s*"([^"]+)"', netlog.read_text(errors="replace")))
    return done.stdout, console, {url for url in urls if not BROWSERS_OWN.match(url)}


class Page(html.parser.HTMLParser):
    """Tags, attributes, texts; and the cells of each table row that has an id, or stands in a section with one."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.rows, self.cards = set(), [], {}, {}
        self.text, self.heading, self.stack, self.row, self.card = [], None, [], None, None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.add(tag)
        self.attributes.extend((tag, name, value) for name, value in attrs)
        if tag == "section":
            self.heading = given.get("aria-labelledby")
        if tag == "tr":
            self.row = []
            self.rows.setdefault(given.get("id") or self.heading, []).append(self.row)
        if tag in ("td", "th") and self.row is not None:
            self.row.append("")
        if tag == "div" and "card" in (given.get("class") or "").split():
            self.card = given["id"]
        self.stack.append(tag)

    def handle_endtag(self, tag):
        while self.stack and self.stack.pop() != tag:
            pass
        if tag == "tr":
            self.row = None

    def handle_data(self, data):
        if "style" in self.stack:
            return
        self.text.append(data)
        if self.row:
            self.row[-1] += data
        if self.card and "b" in self.stack:
            self.cards[self.card] = data
            self.card = None


def number(text):
    return int(re.sub(r"[,~≥ ]", "", text))


def slice_of(given):
    return [given[key] for key in ("mails", "let_in_today", "connections", "clients", "organisations")]


class Checks:
    def __init__(self):
        self.failed = 0
        self.held = 0

    def equal(self, got, want, what):
        self.held += 1
        if got != want:
            self.failed += 1
            print(f"page: {what}: {got!r}, not {want!r}")


def hold_numbers(checks, page, report):
    for fate in FATES:
        row = page.rows[f"fate-{fate}"][0]
        checks.equal([number(cell) for cell in row[1:]], slice_of(report["fates"][fate]), f"fate {fate}")
    checks.equal([number(cell) for cell in page.rows["fate-all"][0][1:]], slice_of(report["all"]), "all")
    checks.equal(number(page.cards["card-refused"]), report["fates"]["refused"]["let_in_today"], "card refused")
    checks.equal(number(page.cards["card-deferred"]), report["fates"]["deferred"]["let_in_today"], "card deferred")
    checks.equal(number(page.cards["card-unjudged"]), report["fates"]["unjudged"]["mails"], "card unjudged")
    found = [check for check in report["checks"] if check["outcome"] == "fail"]
    checks.equal([(row[0], row[1], number(row[2]), number(row[3])) for row in page.rows["checks"][1:]],
                 [(f"{c['check']}:{c['reason']}", c["action"], c["mails"], c["let_in_today"]) for c in found], "checks")
    for section, key in (("lost", "lost"), ("kept-out", "kept_out")):
        rows = [row for row in page.rows.get(section, [])[1:] if len(row) == 4]
        checks.equal([number(re.match(r"[\d,]+?(?=\d+ (?:refused|deferred)|$)", row[0])[0]) for row in rows],
                     [sender["mails"] for sender in report[key]["rows"]], f"mails of {section}")
    spared = [row[1] for row in page.rows["lost"][1:] if len(row) == 2]
    for sender, shown in zip(report["lost"]["rows"], spared):
        checks.equal(sender["exemption"]["yaml"].strip() in shown, True, f"entry for {sender['client']['sample']}")
    checks.equal(len(spared), len(report["lost"]["rows"]), "entries to paste")


def hold_harmless(checks, page, report):
    checks.equal({"script", "iframe", "object", "embed", "link", "img", "base", "form"} & page.tags, set(), "tags")
    checks.equal([a for a in page.attributes if a[1].startswith("on") or a[1] in ("href", "src", "style", "srcdoc")], [],
                 "attributes")
    helos = [sender["helo"]["sample"] for key in ("lost", "kept_out") for sender in report[key]["rows"]]
    hostile = [helo for helo in helos if helo and "<script>" in helo]
    checks.equal(len(hostile) > 0, True, "a hostile HELO is in the report")
    for helo in hostile:
        checks.equal(helo in page.text, True, f"HELO {helo} is text")
    plots = [value for tag, name, value in page.attributes if tag == "svg" and name == "aria-label"]
    checks.equal(len(plots) >= 3, True, "plots have names")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--helocheck", required=True)
    helocheck = parser.parse_args().helocheck
    chromium = find_chromium()
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        bad = pathlib.Path(folder, "bad.html")
        bad.write_text(BAD_PAGE)
        dom, console, urls = browse(chromium, folder, bad)
        checks.equal(len(console) >= 2, True, "the browser tells of style and script that are not allowed")
        checks.equal("http://tracker.example/pixel.png" in urls, True, "the browser tells what it asks for")
        checks.equal("<title>bad</title>" in dom, True, "the script did not run")

        file = pathlib.Path(folder, "report.html")
        done = subprocess.run(
            [helocheck, "replay", "--policy", "mail/policy.yaml", "--against", "mail/strict.yaml", "--today",
             "2026-11-22", "--json", "--html", file, *LOGS],
            cwd=FOLDER, capture_output=True, check=True, timeout=TIMEOUT_S)
        report = json.loads(done.stdout)
        for options in ([], ["--window-size=420,900", "--blink-settings=preferredColorScheme=0"]):
            dom, console, urls = browse(chromium, folder, file, *options)
            checks.equal(console, [], "the browser's console")
            checks.equal(urls, set(), "what the browser asked for")
            page = Page(dom)
            hold_numbers(checks, page, report)
            hold_harmless(checks, page, report)
    print(f"page: {checks.held} looked at, {checks.failed} wrong")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
