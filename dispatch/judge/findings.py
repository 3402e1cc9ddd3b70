"""What the judge found: violations, and what a listed broken pin excused."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Violation:
    """One clause of the format that a plan breaks.

    Attributes
    ----------
    code
        The clause, as listed in :mod:`dispatch.judge`.
    path
        Where in the plan, as in ``routes[3].stops[2]``; for a ticket that the plan forgets, where in the request.
    text
        One sentence with the value and the limit.
    """

    code: str
    path: str
    text: str


class Findings:
    """Collect violations in the order in which the clauses are judged."""

    def __init__(self) -> None:
        self.violations: list[Violation] = []
        self.excused: set[str] = set()

    def add(self, code: str, path: str, text: str) -> None:
        """Record a violation."""
        self.violations.append(Violation(code, path, text))

    def add_unless(self, excusers: Collection[str], code: str, path: str, text: str) -> None:
        """Record a violation unless broken pins excuse it; then remember that these tickets' listings were needed.

        Parameters
        ----------
        excusers
            Tickets listed in ``broken_pins`` that the clause does not bind; empty: it binds.
        """
        if excusers:
            self.excused.update(excusers)
        else:
            self.add(code, path, text)
