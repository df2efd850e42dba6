# SPDX-License-Identifier: BSD-2-Clause
"""Exim's `verify = helo` and `verify = reverse_host_lookup`, and our filter with the profile `exim`
behind a Postfix, since Exim speaks no milter. RFC 5321 4.1.4 is first obeyed, then ignored."""

from sidebyside.peers import EXIM
from sidebyside.player import compare_with

SUBJECT = compare_with(EXIM, "exim", {}, unplayed={"listed", "impersonation"})
