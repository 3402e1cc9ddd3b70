"""The plan in force as a request tells it: who is where, what is finished, and what is asked of each visit still to come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dispatch.format.model import Finished, PreviousVisit, Request, Whereabouts

TOLERANCE = timedelta(seconds=600)
"""How far a start that was promised nothing may move either way free of charge; the format's section *Re-planning*."""

CALM = timedelta(minutes=30)
"""A start that moves by no more is no change; the same section."""

TOLD_FACTOR = 3
"""How many times dearer a change is once the customer knows the visit; the same section."""


@dataclass(frozen=True, slots=True)
class Coming:
    """A visit of the plan in force whose ticket is still to be planned.

    Parameters
    ----------
    row
        What the request says of it.
    is_gone
        Its engineer or shift is no longer there: no pin, freeze or state binds it.
    is_frozen
        It is planned or told, and starts before ``freeze_until``.
    """

    row: PreviousVisit
    is_gone: bool
    is_frozen: bool

    @property
    def is_held(self) -> bool:
        """Whether it stays with its engineer and is not skipped, for a pin or the freeze."""
        return not self.is_gone and (self.row.pin != "none" or self.is_frozen)

    @property
    def is_start_held(self) -> bool:
        """Whether its start stays as well."""
        return not self.is_gone and (self.row.pin == "start" or self.is_frozen)

    @property
    def is_on_the_way(self) -> bool:
        """Whether somebody who is there is travelling to it."""
        return not self.is_gone and self.row.state == "travelling"

    @property
    def factor(self) -> int:
        """How many times the price of a change counts."""
        return {"travelling": 0, "told": TOLD_FACTOR}.get(self.row.state, 1)

    @property
    def tolerance(self) -> tuple[datetime, datetime]:
        """From when until when it may start free of charge, both included."""
        return self.row.promised or (self.row.start - TOLERANCE, self.row.start + TOLERANCE)


@dataclass(frozen=True, slots=True)
class InForce:
    """What ``previous`` says, found by whom and what it is about.

    Parameters
    ----------
    coming
        For each ticket that is still to be planned its visits, several for a crew.
    whereabouts
        By engineer and shift.
    finished
        By ticket: its end, and whose it was.
    max_changes
        The budget; None: there is none.
    """

    coming: Mapping[str, tuple[Coming, ...]] = field(default_factory=dict)
    whereabouts: Mapping[tuple[str, str], Whereabouts] = field(default_factory=dict)
    finished: Mapping[str, Finished] = field(default_factory=dict)
    max_changes: int | None = None

    def is_on_the_way(self, ticket_id: str, engineer_id: str) -> bool:
        """Tell whether an engineer is travelling to a ticket."""
        return any(
            coming.is_on_the_way and coming.row.engineer == engineer_id for coming in self.coming.get(ticket_id, ())
        )

    def is_held(self, ticket_id: str, engineer_id: str) -> bool:
        """Tell whether a pin or the freeze keeps an engineer at a ticket."""
        return any(coming.is_held and coming.row.engineer == engineer_id for coming in self.coming.get(ticket_id, ()))


NOTHING = InForce()
"""No plan is in force."""


def to_come(request: Request) -> frozenset[str]:
    """Return the tickets of a request that are still to be planned: neither done nor under way."""
    finished = () if request.previous is None else request.previous.finished
    return frozenset(ticket.id for ticket in request.tickets) - {entry.ticket for entry in finished}


def in_force(request: Request) -> InForce:
    """Return what a request's ``previous`` says; visits of cancelled and finished tickets are left out."""
    previous = request.previous
    if previous is None:
        return NOTHING
    shifts = {(engineer.id, shift.id) for engineer in request.engineers for shift in engineer.shifts}
    finished = {entry.ticket: entry for entry in previous.finished}
    tickets = to_come(request)
    until = previous.freeze_until
    coming: dict[str, tuple[Coming, ...]] = {}
    for row in previous.visits:
        if row.ticket in tickets:
            is_frozen = until is not None and row.state != "travelling" and row.start < until
            visit = Coming(row, (row.engineer, row.shift) not in shifts, is_frozen)
            coming[row.ticket] = (*coming.get(row.ticket, ()), visit)
    whereabouts = {(where.engineer, where.shift): where for where in previous.engineers}
    return InForce(coming, whereabouts, finished, previous.max_changes)
