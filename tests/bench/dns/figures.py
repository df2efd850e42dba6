# SPDX-License-Identifier: BSD-2-Clause
"""Figures as tests/bench prints them: median [lowest-highest] of all rounds."""

import statistics
import time


def spread(values, form="{:.1f}"):
    """"median [lowest-highest]", each in this form; "-" where there is no value."""
    if not values:
        return "-"
    return (f"{form.format(statistics.median(values))} "
            f"[{form.format(min(values))}-{form.format(max(values))}]")


def ratios(values, references, form="{:.2f}"):
    """The spread of the ratios of each round; rounds without a reference do not count."""
    return spread([value / reference for value, reference in zip(values, references) if reference],
                  form)


def table(head, rows):
    """Prints rows of texts below their heads, each column as wide as it must be."""
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    for row in (head, *rows):
        print("  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip())


def cpu_s(pid):
    """CPU seconds that a process has used, in nanoseconds' resolution (clock_getcpuclockid(3))."""
    return time.clock_gettime((~pid << 3) | 2)
