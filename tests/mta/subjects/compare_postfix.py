# SPDX-License-Identifier: BSD-2-Clause
"""Postfix's own restrictions, and our filter with the profile `postfix` behind a Postfix without
them."""

from sidebyside.peers import POSTFIX
from sidebyside.player import compare_with

# The part of the check_helo_access table that is not about us.
LISTS = "lists: {deny: [.listed.example]}\n"

SUBJECT = compare_with(POSTFIX, "postfix", {"more": LISTS})
