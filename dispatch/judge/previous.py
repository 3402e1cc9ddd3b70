"""The plan in force, resolved: what binds each visit that is still to come, and what a broken pin sets free."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dispatch.format.model import PreviousVisit, Ticket
from dispatch.judge.routes import ResolvedRoute
from dispatch.judge.world import World, seconds


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
    broken
        For each ticket listed in ``broken_pins`` that a pin or a freeze does hold: the engineers who are held.
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
        self.broken: dict[str, set[str]] = {}
        for ticket_id in listed:
            held = {one.row.engineer for one in self.by_ticket.get(ticket_id, []) if one.held}
            if held:
                self.broken[ticket_id] = held

    def excusers(self, ticket: Ticket, engineer: str | None = None) -> set[str]:
        """Give the ticket if its broken pin lifts what binds visits: for this engineer, or for the ticket itself."""
        held = self.broken.get(ticket.id)
        return {ticket.id} if held and (engineer is None or engineer in held) else set()

    def route_excusers(self, route: ResolvedRoute) -> set[str]:
        """List the tickets whose broken pins lift what binds this route: shift end, overtime, limits, breaks."""
        tickets = (stop.ticket for stop in route.stops if stop.ticket is not None)
        return {ticket.id for ticket in tickets if self.excusers(ticket, route.engineer.id)}

    def is_travelling(self, ticket: Ticket, engineer: str | None = None) -> bool:
        """Tell whether this engineer, or anyone, is on the way to the ticket."""
        return any(
            earlier.travelling and engineer in {None, earlier.row.engineer}
            for earlier in self.by_ticket.get(ticket.id, [])
        )
