"""Visits that a plan in force holds and ties keep from being made: refused by name, never left out silently."""

from __future__ import annotations

from collections.abc import Sequence

from dispatch.format.faults import Fault
from dispatch.planning.lower import Lowered
from dispatch.planning.unsupported import CODE, Unsupported


def require_kept(lowered: Lowered, routes: Sequence[Sequence[int]]) -> None:
    """Refuse to plan where a visit that is pinned, frozen or on the way is not made for its parts, tools or order.

    Which pins then break is not decided yet where visits are tied together.

    Raises
    ------
    Unsupported
        With one fault for each such visit.
    """
    previous, lowering = lowered.request.previous, lowered.lowering
    if previous is None:
        return
    served = {job for jobs in routes for job in jobs}
    left = {ticket.id for job, ticket in enumerate(lowered.request.tickets) if job not in served}
    lost = {pin.ticket for pin in lowering.pins.broken}
    faults = [
        Fault(
            CODE,
            f"previous.visits[{row}]",
            visit.ticket,
            "is held, but its parts, tools or order cannot be had, expected a visit that can be made or may be moved",
        )
        for row, visit in enumerate(previous.visits)
        if visit.ticket in left - lost
        and (
            lowering.known.is_held(visit.ticket, visit.engineer)
            or lowering.known.is_on_the_way(visit.ticket, visit.engineer)
        )
    ]
    if faults:
        raise Unsupported(faults)
