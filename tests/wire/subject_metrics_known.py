# SPDX-License-Identifier: BSD-2-Clause
"""Every metric that is written of anywhere is one that the filter has: in the manual (and the reverse), the rules for
alerts, the dashboard. And Prometheus' own tool finds nothing to say about what the filter tells, nor about the rules.

promtool is part of the servers that contrib/setup/unpack-servers.sh unpacks (HELO_SERVERS); without it what needs it is
skipped, unless HELO_MTA_REQUIRED=1.
"""

import json
import os
import re
import subprocess
import tempfile
import unittest
from urllib.parse import urlencode

from bench import CLIENT, DEADLINE_S, SERVER, Case, free_port, until
from exposition import NEEDS_HTTP, Metrics, request

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROMETHEUS = f"{os.environ.get('HELO_SERVERS', '')}/prometheus/usr/bin/prometheus"
PROMTOOL = f"{os.path.dirname(PROMETHEUS)}/promtool"
METRIC = re.compile(r"\bmilter_helo_[a-z_]+")
LABELS = re.compile(r"\b(milter_helo_[a-z_]+)\{([^}]*)\}")
TARGET = {"instance", "job"}        # labels that Prometheus itself gives


def read(*path):
    with open(os.path.join(TOP, *path), encoding="utf-8") as file:
        return file.read()


def texts(value, key):
    """All strings under this key, anywhere in a JSON document."""
    if isinstance(value, dict):
        for name, each in value.items():
            if name == key and isinstance(each, str):
                yield each
            yield from texts(each, key)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each, key)


def promtool(*arguments, **options):
    if not os.access(PROMTOOL, os.X_OK):
        if os.environ.get("HELO_MTA_REQUIRED") == "1":
            raise AssertionError(f"no {PROMTOOL}: contrib/setup/unpack-servers.sh DIRECTORY prometheus")
        raise unittest.SkipTest("promtool was not unpacked")
    return subprocess.run([PROMTOOL, *arguments], capture_output=True, text=True, timeout=DEADLINE_S, check=False,
                          **options)


@NEEDS_HTTP
class Known(Case):
    """`series` are the names that samples have, with the labels that they have."""

    def setUp(self):
        super().setUp()
        self.listen = ("127.0.0.1", free_port())
        self.write_policy(metrics={"listen": f"inet:{self.listen[1]}@127.0.0.1"})
        self.start()
        self.session(CLIENT).transaction(SERVER)
        self.text = request(self.listen)[1]
        self.metrics = Metrics(self.text)
        self.series = {}
        for name, labels in self.metrics.samples:
            self.series.setdefault(name, set()).update(key for key, _ in labels)

    def check_expressions(self, expressions):
        """Names and labels are those of the filter; returns the names."""
        named = set()
        for expression in expressions:
            named.update(METRIC.findall(expression))
            for name, matchers in LABELS.findall(expression):
                used = set(re.findall(r"([a-z_]+)\s*[=!]", re.sub('"[^"]*"', '""', matchers))) - TARGET
                self.assertEqual(used - self.series.get(name, set()), set(), expression)
        self.assertEqual(named - set(self.series), set())
        return named

    def values_of(self, label):
        return {value for _, labels in self.metrics.samples for key, value in labels if key == label}

    def test_manual(self):
        manual = set(METRIC.findall(read("milter", "milter-helo.8.in")))
        self.assertEqual(manual, set(self.metrics.families))

    def test_alerts(self):
        rules = read("contrib", "prometheus", "milter-helo.rules.yml")
        expressions = re.split(r"^ +(?:expr|for|labels|annotations):", rules, flags=re.M)
        named = self.check_expressions(expressions)
        self.assertGreater(len(named), 15)
        for label, pattern in re.findall(r'(action|mode|cause|reason|result)=~?"([^"]*)"', rules):
            self.assertEqual(set(pattern.split("|")) - self.values_of(label), set(), label)

    def test_dashboard(self):
        dashboard = json.loads(read("contrib", "grafana", "milter-helo.json"))
        named = self.check_expressions([*texts(dashboard, "expr"), *texts(dashboard, "query")])
        shown = named | {re.sub("_(bucket|sum|count)$", "", name) for name in named}
        self.assertEqual(set(self.metrics.families) - shown, set(), "no panel shows these")
        for expression in texts(dashboard, "expr"):
            for label, pattern in re.findall(r'(action|mode|cause|reason|result)=~?"([^"]*)"', expression):
                self.assertEqual(set(pattern.split("|")) - self.values_of(label), set(), expression)

    def test_prometheus(self):
        """The real one reads what it is to read, with the rules beside it, and wakes nobody."""
        if not os.access(PROMETHEUS, os.X_OK):
            promtool("--version")               # skips, or fails
        port = free_port()
        with open(f"{self.home}/prometheus.yml", "w", encoding="utf-8") as file:
            json.dump({"global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
                       "rule_files": [f"{TOP}/contrib/prometheus/milter-helo.rules.yml"],
                       "scrape_configs": [{"job_name": "milter-helo", "static_configs": [
                           {"targets": [f"127.0.0.1:{self.listen[1]}"]}]}]}, file)
        with open(f"{self.home}/prometheus.log", "w", encoding="utf-8") as log:
            child = subprocess.Popen(
                [PROMETHEUS, f"--config.file={self.home}/prometheus.yml", f"--storage.tsdb.path={self.home}/data",
                 f"--web.listen-address=127.0.0.1:{port}"], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.addCleanup(child.wait, DEADLINE_S)
        self.addCleanup(child.kill)

        def query(expression):
            try:
                answer, text = request(("127.0.0.1", port), f"/api/v1/query?{urlencode({'query': expression})}")
            except OSError:
                return None                     # it has not begun
            return json.loads(text)["data"]["result"] if answer.status == 200 else None
        found = until(lambda: query('milter_helo_verdicts_total{action="reject",mode="enforce"}'), "numbers")
        self.assertEqual([each["value"][1] for each in found], ["1"])
        self.assertEqual([each["value"][1] for each in query('up{job="milter-helo"}')], ["1"])
        until(lambda: query("count_over_time(up[1m]) > 2"), "third reading")
        self.assertEqual(query('ALERTS{alertstate="firing"}'), [])

    def test_promtool_metrics(self):
        done = promtool("check", "metrics", input=self.text)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        self.assertNotEqual(promtool("check", "metrics", input="a_total{ 1\n").returncode, 0)


class Files(unittest.TestCase):
    """What needs no filter."""

    def test_dashboard_can_be_imported(self):
        dashboard = json.loads(read("contrib", "grafana", "milter-helo.json"))
        variables = {each["name"]: each["type"] for each in dashboard["templating"]["list"]}
        self.assertEqual(variables, {"datasource": "datasource", "instance": "query"})
        self.assertIsNone(dashboard["id"])
        panels = dashboard["panels"]
        self.assertEqual(len({panel["id"] for panel in panels}), len(panels))
        self.assertEqual(len({panel["title"] for panel in panels}), len(panels))
        taken = set()
        for panel in panels:
            at = panel["gridPos"]
            self.assertLessEqual(at["x"] + at["w"], 24, panel["title"])
            cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
            self.assertFalse(cells & taken, f"{panel['title']} lies on another")
            taken |= cells
            if panel["type"] != "row":
                self.assertEqual({target["datasource"]["uid"] for target in panel["targets"]}, {"${datasource}"})
                self.assertTrue(all("$instance" in target["expr"] for target in panel["targets"]), panel["title"])

    def test_promtool_dashboard(self):
        """Every expression of the dashboard is one: as a rule, with Grafana's own words filled in."""
        dashboard = json.loads(read("contrib", "grafana", "milter-helo.json"))
        rules = [{"record": "x:y", "expr": each.replace("$__rate_interval", "5m").replace("$instance", ".*"),
                  "labels": {"number": str(number)}} for number, each in enumerate(texts(dashboard, "expr"))]
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".yml") as file:
            json.dump({"groups": [{"name": "dashboard", "rules": rules}]}, file)
            file.flush()
            done = promtool("check", "rules", "--lint-fatal", file.name)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertGreater(len(rules), 50)

    def test_promtool_rules(self):
        done = promtool("check", "rules", "--lint-fatal", f"{TOP}/contrib/prometheus/milter-helo.rules.yml")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        done = promtool("test", "rules", f"{TOP}/tests/wire/alerts.test.yml")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        for alert in re.findall(r"- alert: (\w+)", read("contrib", "prometheus", "milter-helo.rules.yml")):
            self.assertIn(alert, read("tests", "wire", "alerts.test.yml"))

    def test_promtool_scrape_sample(self):
        """In the directory it is for, since it names the rules beside it."""
        done = promtool("check", "config", "milter-helo.scrape.yml", cwd=f"{TOP}/contrib/prometheus")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
