"""The clauses of the planning format, one file each; a clause speaks twice.

``terms`` tells the search, in the shapes of :mod:`solver.terms`, once per plan. ``lines`` tells people: price to the last
grain, breach or not, and a sentence; it reads the plan alone. The two must agree, which a shared test proves for every
rule of :data:`RULES`.
"""

from __future__ import annotations

from typing import Protocol

from dispatch.format.model import Plan, Request
from dispatch.rulebook.line import Line
from dispatch.rulebook.lowering import Lowering
from dispatch.rules import (
    absences,
    arrival,
    balance,
    breaks,
    change,
    duration,
    max_busy,
    max_travel,
    max_visits,
    only_never,
    overqualified,
    overtime,
    pairs,
    preferred,
    resolution,
    shift_hours,
    skill,
    skill_lapse,
    skip,
    travel,
    use_shift,
    windows,
)
from solver.terms import Term


class Rule(Protocol):
    """A clause of the format: a module with these names."""

    CODE: str
    """Name of the rule, that of its file."""

    OBJECTIVE: str | None
    """The objective's term that its prices belong to; None: the rule only forbids."""

    def terms(self, lowering: Lowering) -> list[Term]:
        """Tell the search."""
        ...

    def lines(self, request: Request, plan: Plan) -> list[Line]:
        """Tell people."""
        ...


RULES: tuple[Rule, ...] = (
    # who
    skill,
    skill_lapse,
    only_never,
    pairs,
    preferred,
    overqualified,
    # when
    windows,
    arrival,
    resolution,
    skip,
    change,
    # what a route costs
    travel,
    duration,
    overtime,
    use_shift,
    balance,
    # what a route may be
    shift_hours,
    max_visits,
    max_travel,
    max_busy,
    breaks,
    absences,
)

ALONE: tuple[Rule, ...] = tuple(rule for rule in RULES if rule is not change)
"""The rules that can be told engineer by engineer and ticket by ticket: what they say of an engineer's routes, and of a ticket
left out, is the same whatever the other engineers do. A rule that couples routes is not here, and is told of the whole plan."""


def list_lines(request: Request, plan: Plan) -> list[Line]:
    """Return the whole ledger of a plan: the lines of every rule, in the order of :data:`RULES`."""
    return [line for rule in RULES for line in rule.lines(request, plan)]
