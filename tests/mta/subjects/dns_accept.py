# SPDX-License-Identifier: BSD-2-Clause
"""DNS that fails, with dns.on_failure: accept. A failure is never a "no", and never takes long."""

from subjects import Subject, dnsfailure

SUBJECT = Subject("DNS that fails, on_failure: accept", policy={"on_failure": "accept"})
dnsfailure.add_cases(SUBJECT, "accept")
