# SPDX-License-Identifier: BSD-2-Clause
"""Sendmail's FEATURE(block_bad_helo) and FEATURE(require_rdns), and our filter with the profile
`rickert` behind a Sendmail without them. What Sendmail refuses without any feature (AllowBogusHELO)
it refuses there too."""

from sidebyside.peers import SENDMAIL
from sidebyside.player import compare_with

# FEATURE(require_rdns), as the profile's head has it.
REQUIRE_RDNS = """\
checks: {no_ptr: reject, fcrdns: defer, no_address: off, bogus_address: off, forward_mismatch: off}
"""

SUBJECT = compare_with(SENDMAIL, "rickert", {"on_failure": "defer", "more": REQUIRE_RDNS},
                       unplayed={"listed"})
