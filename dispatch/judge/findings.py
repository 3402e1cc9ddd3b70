"""What the judge found: violations, and what a listed broken pin excused."""

from __future__ import annotations

from collections.abc import Iterable
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


@dataclass(frozen=True, slots=True)
class Leniency:
    """Whom a broken pin would set free from a clause.

    Attributes
    ----------
    granted
        Tickets listed in ``broken_pins`` that the clause therefore does not bind; empty: it binds.
    asked
        Tickets that a listing would have set free, and that are not listed.
    """

    granted: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()


class Findings:
    """Collect violations in the order in which the clauses are judged.

    Attributes
    ----------
    pardoned
        Violations that listings excuse, each with the tickets whose listings do.
    unlisted
        For tickets that are held and not listed: the codes of the violations that a listing would have excused.
    """

    def __init__(self) -> None:
        self.violations: list[Violation] = []
        self.pardoned: list[tuple[frozenset[str], Violation]] = []
        self.unlisted: dict[str, set[str]] = {}

    def add(self, code: str, path: str, text: str) -> None:
        """Record a violation."""
        self.violations.append(Violation(code, path, text))

    def add_unless(self, leniency: Leniency, code: str, path: str, text: str) -> None:
        """Record a violation unless broken pins excuse it, and remember which listings were or would be needed."""
        if leniency.granted:
            self.pardoned.append((leniency.granted, Violation(code, path, text)))
            return
        for ticket in leniency.asked:
            self.unlisted.setdefault(ticket, set()).add(code)
        self.add(code, path, text)

    def excused(self, ticket: str) -> set[str]:
        """Give the codes of what a ticket's listing has excused."""
        return {violation.code for tickets, violation in self.pardoned if ticket in tickets}

    def revoke(self, tickets: set[str]) -> None:
        """Record what nothing but the listings of these tickets has excused: they were needless."""
        self.violations += [violation for granted, violation in self.pardoned if granted <= tickets]


def join(leniencies: Iterable[Leniency]) -> Leniency:
    """Give what several leniencies grant and ask together."""
    every = list(leniencies)
    return Leniency(
        frozenset().union(*(each.granted for each in every)), frozenset().union(*(each.asked for each in every))
    )
