"""The plan in force, resolved: what binds each visit that is still to come, and what a broken pin sets free."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dispatch.format.model import PreviousVisit, Ticket
from dispatch.judge.findings import Leniency, join
from dispatch.judge.routes import ResolvedRoute
from dispatch.judge.world import World, seconds

NO_LENIENCY = Leniency()


@dataclass(frozen=True, slots=True)
class Earlier:
    """One row of ``previous.visits`` whose ticket is still to be planned.

    Attributes
    ----------
    gone
        The engineer or the shift is no longer there: neither pin nor freeze nor state binds.
    frozen
        A planned or told visit that starts before ``freeze_until``.
    """

    row: PreviousVisit
    path: str
    ticket: Ticket
    start_s: int
    gone: bool
    frozen: bool

    @property
    def held(self) -> bool:
        """Whether it is pinned or frozen, with someone who is still there."""
        return not self.gone and (self.row.pin != "none" or self.frozen)

    @property
    def start_held(self) -> bool:
        """Whether its start stays as well as its engineer."""
        return not self.gone and (self.row.pin == "start" or self.frozen)

    @property
    def travelling(self) -> bool:
        """Whether someone who is still there is on the way to it."""
        return not self.gone and self.row.state == "travelling"


class Earliers:
    """All that binds a new plan to the plan in force.

    Parameters
    ----------
    listed
        The tickets in the plan's ``broken_pins``.

    Attributes
    ----------
    rows
        In the order of ``previous.visits``, cancelled and finished tickets left out.
    by_ticket
        The same rows by ticket; a crew has several.
    listed
        The tickets in ``broken_pins``.
    held
        For each ticket that a pin or a freeze holds, listed or not: the engineers who are held.
    """

    def __init__(self, world: World, listed: Iterable[str]) -> None:
        self.rows: list[Earlier] = []
        previous = world.request.previous
        freeze_s = None if previous is None or previous.freeze_until is None else seconds(previous.freeze_until)
        for index, row in enumerate(() if previous is None else previous.visits):
            ticket = world.tickets.get(row.ticket)
            if ticket is None or row.ticket in world.finished:
                continue
            start_s = seconds(row.start)
            frozen = freeze_s is not None and row.state != "travelling" and start_s < freeze_s
            gone = (row.engineer, row.shift) not in world.shifts
            self.rows.append(Earlier(row, f"previous.visits[{index}]", ticket, start_s, gone, frozen))
        self.by_ticket: dict[str, list[Earlier]] = {}
        for earlier in self.rows:
            self.by_ticket.setdefault(earlier.ticket.id, []).append(earlier)
        self.listed = frozenset(listed)
        self.held: dict[str, set[str]] = {}
        for earlier in self.rows:
            if earlier.held:
                self.held.setdefault(earlier.ticket.id, set()).add(earlier.row.engineer)

    def leniency(self, ticket: Ticket, engineer: str | None = None) -> Leniency:
        """Tell whether a broken pin lifts what binds visits: from this engineer, or from the ticket itself."""
        held = self.held.get(ticket.id)
        if not held or (engineer is not None and engineer not in held):
            return NO_LENIENCY
        one = frozenset([ticket.id])
        return Leniency(granted=one) if ticket.id in self.listed else Leniency(asked=one)

    def route_leniency(self, route: ResolvedRoute) -> Leniency:
        """Tell whether broken pins lift what binds this route: shift end, overtime, limits, breaks."""
        if not self.held:
            return NO_LENIENCY
        tickets = (stop.ticket for stop in route.stops if stop.ticket is not None)
        return join(self.leniency(ticket, route.engineer.id) for ticket in tickets)

    def keeps_engineer(self, ticket: Ticket) -> bool:
        """Tell whether a pin, a freeze or being on the way leaves no choice of who serves a ticket."""
        return any(earlier.held or earlier.travelling for earlier in self.by_ticket.get(ticket.id, []))

    def is_travelling(self, ticket: Ticket, engineer: str | None = None) -> bool:
        """Tell whether this engineer, or anyone, is on the way to the ticket."""
        return any(
            earlier.travelling and engineer in {None, earlier.row.engineer}
            for earlier in self.by_ticket.get(ticket.id, [])
        )
