# SPDX-License-Identifier: BSD-2-Clause
"""What the `mta` ring is about: one module per subject, each with a SUBJECT of named cases.

A case is a function of the Stage. It returns a short remark for the list, or raises: expect.Wrong
when a claim does not hold, Failed when something did not happen in time.
"""

from dataclasses import dataclass, field
from typing import Callable

from rig import snippets


@dataclass(frozen=True)
class Case:
    name: str
    function: Callable
    only: str | None                # on this mail server alone


@dataclass
class Subject:
    """`policy`: keywords of Filter.policy. `when_down`: what the mail server does without it.
    `more`: further lines for the mail server's configuration.

    `peer`: a function (home, trees, listen) that makes a mail server to compare with, which is
    started besides, and `trees` the packages it needs.
    """

    title: str
    policy: dict = field(default_factory=dict)
    when_down: str = snippets.DEFAULT_ACTION
    more: str = ""
    peer: Callable | None = None
    trees: tuple = ()
    cases: list = field(default_factory=list)

    def add(self, name, function, only=None):
        self.cases.append(Case(name, function, only))

    def case(self, name, only=None):
        """Decorator: adds the function as a case."""
        def adder(function):
            self.add(name, function, only)
            return function
        return adder

    def cases_for(self, mta):
        return [case for case in self.cases if case.only in (None, mta)]
