# SPDX-License-Identifier: BSD-2-Clause
"""What the tests of this ring say, and how they fail."""

import contextlib


@contextlib.contextmanager
def step(text):
    try:
        yield
    except BaseException:
        print(f"FAILED  {text}", flush=True)
        raise
    print(f"ok      {text}", flush=True)


def that(condition, otherwise):
    if not condition:
        raise AssertionError(otherwise)


def equal(found, expected):
    that(found == expected, f"found {found!r}, expected {expected!r}")
