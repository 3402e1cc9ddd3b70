"""Visits that a plan in force holds and ties keep from being made: their pins are broken, or they are refused by name, never left out silently.

Whether parts, tools or order keep a held visit from being made is found by trying: where neither the plan in force laid anew nor a short
search, in which nothing is dearer than leaving it out, has a place for it, its pin is broken, and nothing of this binds it any more.
"""

from __future__ import annotations

from collections.abc import Sequence

from dispatch.format.faults import Fault
from dispatch.planning.as_planned import start_as_planned
from dispatch.planning.lower import Lowered
from dispatch.planning.unsupported import Unsupported
from solver import search
from solver.arrays import Arrays

TRIED = 400
"""So many iterations the short search has."""


def find_unkept(lowered: Lowered, arrays: Arrays) -> frozenset[str]:
    """Return the pinned and frozen tickets of one engineer for which there is no place with what ties them."""
    couplings, known = lowered.problem.couplings, lowered.lowering.known
    if couplings is None:
        return frozenset()
    held = {
        job: ticket.id
        for job, ticket in enumerate(lowered.request.tickets)
        if ticket.crew == 1
        and ticket.id not in lowered.lowering.pins.lost
        and any(one.is_held for one in known.coming.get(ticket.id, ()))
    }
    routes, settled = start_as_planned(lowered, arrays)
    missing = held.keys() - {job for route in routes or () for job in route}
    if not missing:
        return frozenset()
    found = search.solve(
        lowered.problem, routes, search.Stop(iterations=TRIED), threads=1, arrays=arrays, start_held=settled
    )
    served = {job for route in found.routes for job in route}
    return frozenset(held[job] for job in missing if job not in served)


def require_kept(lowered: Lowered, routes: Sequence[Sequence[int]]) -> None:
    """Refuse to plan where a visit that is pinned, frozen or on the way is not made for its parts, tools, order or crew.

    No pin can be broken for who is on the way, and those of crews are not.

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
            "unsupported",
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
