# SPDX-License-Identifier: BSD-2-Clause
"""The unpacked server packages (contrib/setup/unpack-servers.sh)."""

import os
import shutil


def missing(source, names):
    """The trees that are not complete below `source`."""
    return [name for name in names if not os.path.exists(f"{source}/{name}/.complete")]


def copy(source, target, names):
    """Copies trees to where every account can read them, as is not so in many a home directory."""
    for name in names:
        shutil.copytree(f"{source}/{name}", f"{target}/{name}", symlinks=True)
