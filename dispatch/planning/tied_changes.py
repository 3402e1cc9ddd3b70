"""A plan whose visits are tied to each other, read for changes by hand: rows of helpers and pick-ups, loads, what others wait for.

A change leaves what is settled between routes as the plan has it: crews begin when they do, a ticket that another one waits for is
over in time, pick-ups stay where they are. What a change breaks all the same is the judge's to tell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dispatch.format.model import Plan
from dispatch.planning.lower import Lowered
from dispatch.planning.read_back import Loads
from dispatch.planning.routes_of import routes_of
from solver.problem import FAR_S, Held


@dataclass(frozen=True, slots=True)
class Rows:
    """A plan in rows of jobs.

    Parameters
    ----------
    routes
        Jobs of each tour in order, helpers and pick-ups included.
    loads
        By tour and job, what a visit uses and a pick-up takes.
    held
        What routes hold each other to; None: nothing is tied.
    """

    routes: tuple[tuple[int, ...], ...]
    loads: Loads
    held: Held | None


def read_rows(lowered: Lowered, plan: Plan) -> Rows:
    """Read a plan; what is unknown, over or more often there than it can be is left out."""
    if lowered.problem.couplings is None:
        return Rows(tuple(map(tuple, routes_of(lowered, plan))), {}, None)
    request, tickets = lowered.request, len(lowered.request.tickets)
    free: dict[tuple[str, str | int | None, int | None], list[int]] = {}
    for row, ticket in enumerate(request.tickets):
        free["visit", ticket.id, None] = [row]
    for at, extra in enumerate(lowered.extras):
        if extra.ticket is not None:
            free["visit", request.tickets[extra.ticket].id, None].append(tickets + at)
        elif extra.depot is not None:
            free.setdefault(("pickup", request.depots[extra.depot].id, extra.tour), []).append(tickets + at)
    tour_row = {(lowered.engineer(row).id, tour.shift.id): row for row, tour in enumerate(lowered.tours)}
    routes: list[list[int]] = [[] for _ in lowered.tours]
    loads: dict[tuple[int, int], tuple[dict[str, int], tuple[str, ...]]] = {}
    begins: dict[int, tuple[int, int]] = {}
    for route in plan.routes:
        tour = tour_row.get((route.engineer, route.shift))
        for stop in route.stops if tour is not None else ():
            key = (stop.kind, stop.ticket or stop.depot, tour if stop.kind == "pickup" else None)
            if tour is not None and free.get(key):
                row = free[key].pop(0)
                routes[tour].append(row)
                loads[tour, row] = (dict(stop.parts), stop.tools)
                begins[row] = lowered.lowering.at_s(stop.begin), lowered.lowering.at_s(stop.leave)
    return Rows(tuple(map(tuple, routes)), loads, _hold(lowered, begins))


def _hold(lowered: Lowered, begins: Mapping[int, tuple[int, int]]) -> Held:
    """Hold crews to their beginning, and what waits for a ticket and the ticket itself to their side of the time between."""
    tickets = lowered.request.tickets
    rows = {ticket.id: row for row, ticket in enumerate(tickets)}
    hold_s = np.empty((lowered.problem.n_jobs, 3), np.int64)
    hold_s[:] = (-FAR_S, FAR_S, FAR_S)
    helpers = helpers_of(lowered)
    for row, ticket in enumerate(tickets):
        for one in (row, *helpers.get(row, ())):
            if ticket.crew > 1 and one in begins:
                hold_s[one, :2] = begins[one][0]
        for after in ticket.after:
            before = rows.get(after.ticket)
            if before is None or before not in begins:
                continue
            crew = [before, *(one for one in helpers.get(before, ()) if one in begins)]
            hold_s[row, 0] = max(hold_s[row, 0], max(begins[one][1] for one in crew) + after.gap_s)
            if row in begins:
                hold_s[crew, 2] = np.minimum(hold_s[crew, 2], begins[row][0] - after.gap_s)
    return Held(np.empty(0, np.int64), hold_s, (), ())


def helpers_of(lowered: Lowered) -> dict[int, list[int]]:
    """Return the rows of the helpers of each ticket that has some."""
    tickets = len(lowered.request.tickets)
    found: dict[int, list[int]] = {}
    for at, extra in enumerate(lowered.extras):
        if extra.ticket is not None:
            found.setdefault(extra.ticket, []).append(tickets + at)
    return found


def place_among(jobs: Sequence[int], position: int, tickets: int, helpers: Mapping[int, Sequence[int]]) -> int:
    """Return the place among jobs right before the visit at a position: behind the pick-ups that come before it."""
    visits = {one for rows in helpers.values() for one in rows}
    found = [place for place, job in enumerate(jobs) if job < tickets or job in visits]
    return found[position] if position < len(found) else len(jobs)
