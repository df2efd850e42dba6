# SPDX-License-Identifier: BSD-2-Clause
"""Holds a report (JSON, stdin) against the form that helocheck(1) documents: members and types."""

import json
import sys

TEXT = (str, type(None))
SLICE = {"mails": int, "let_in_today": int, "accepted_today": int, "deferred_today": int, "refused_today": int,
         "connections": int, "clients": int, "organisations": int, "exact": bool}
POLICY = {"name": str, "mode": str, "profile": TEXT}
FEW = {"sample": TEXT, "different": int, "exact": bool}
SENDER = {"mails": int, "exact": bool, "refused": int, "deferred": int, "accepted_today": int, "organisation": TEXT,
          "client": FEW, "helo": FEW, "ptr": TEXT, "ptr_confirmed": bool, "from_domain": FEW, "rcpt_domain": FEW,
          "first": TEXT, "last": TEXT, "grounds": [{"check": str, "reason": str, "mails": int}], "sentence": TEXT,
          "before": TEXT, "after": TEXT, "exemption": {"file": str, "yaml": str}}
SENDERS = {"senders": int, "exact": bool, "rows": [SENDER]}
FATES = ("refused", "deferred", "tagged", "accepted", "exempt", "unjudged")
REPORT = {
    "policy": POLICY, "against": (dict, type(None)), "dns": bool, "interrupted": bool, "logs": [str], "lines": int,
    "first": TEXT, "last": TEXT,
    "formats": [{"format": str, "lines": int, "entries": int, "no_helo": int, "no_ptr": int, "local": int}],
    "coverage": dict,
    "remarks": [{"key": str, "count": int, "important": bool, "text": str, "cure": TEXT}],
    "all": SLICE, "fates": {fate: SLICE for fate in FATES}, "no_helo": int, "no_client": int, "open": int,
    "undated": int,
    "checks": [{"check": str, "outcome": str, "reason": str, "action": str, "ground": int, "only_ground": int,
                **SLICE}],
    "exemptions": [{"kind": str, **SLICE}],
    "timeline": {"width_s": int, "buckets": [{"start": str, **{fate: int for fate in FATES}}]},
    "lost": SENDERS, "kept_out": SENDERS, "changes": (dict, type(None)),
}


def hold(value, form, where):
    if isinstance(form, dict):
        if list(value) != list(form):
            print(f"{where}: {list(value)}, not {list(form)}")
        for key in form:
            hold(value[key], form[key], f"{where}.{key}")
    elif isinstance(form, list):
        for i, item in enumerate(value):
            hold(item, form[0], f"{where}[{i}]")
    elif not isinstance(value, form) or (form is int and isinstance(value, bool)):
        print(f"{where}: {value!r}")


report = json.load(sys.stdin)
hold(report, REPORT, "report")
fates = sum(report["fates"][fate]["mails"] for fate in FATES)
plotted = sum(bucket[fate] for bucket in report["timeline"]["buckets"] for fate in FATES)
print(f"{report['all']['mails']} mails, {fates} by fate, {plotted} plotted, {report['undated']} undated")
