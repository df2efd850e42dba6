# SPDX-License-Identifier: BSD-2-Clause
"""DNS that fails, with dns.on_failure: defer. 451 4.4.3, but only where an answer was needed."""

from subjects import Subject, dnsfailure

SUBJECT = Subject("DNS that fails, on_failure: defer", policy={"on_failure": "defer"})
dnsfailure.add_cases(SUBJECT, "defer")
