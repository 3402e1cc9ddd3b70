"""One visit put elsewhere or taken out where visits are tied together: what it brings along, and what nobody needs any more.

A visit that a person puts into another shift takes its parts from that van as far as they are left there, and its tools from
who owns them. What is lacking is fetched: at a stop that the shift makes before it anyway, else at one more stop right before
it; each way is tried. Taken out, it gives back what it had, and a stop that serves nobody any more goes with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dispatch.format.model import Plan
from dispatch.planning.lower import Lowered
from dispatch.planning.routes_of import routes_of
from dispatch.planning.settled import read_settled
from solver.arrays import Arrays
from solver.mechanisms.coupling import FREE
from solver.problem import Couplings, Held

FROM_VAN = -1
"""Where parts come from that nobody fetches."""


@dataclass(frozen=True, slots=True)
class Tied:
    """Routes in rows of jobs, and what is settled between them; ``held`` None: nothing ties the request's visits together."""

    routes: tuple[tuple[int, ...], ...]
    held: Held | None

    @classmethod
    def of(cls, lowered: Lowered, arrays: Arrays, plan: Plan) -> Tied:
        """Read a plan."""
        if lowered.problem.couplings is None:
            return cls(tuple(tuple(route) for route in routes_of(lowered, plan)), None)
        return cls(*read_settled(lowered, arrays, plan))


def count_visits(lowered: Lowered, tied: Tied, tour: int) -> int:
    """Count the visits of a tour; a stop at a depot is none."""
    return len(_visits(lowered, tied, tour))


def without(lowered: Lowered, tied: Tied, job: int) -> Tied:
    """Take a ticket's visit out, that of a whole crew, and every stop at a depot that serves nobody any more."""
    couplings = lowered.problem.couplings
    if couplings is None or tied.held is None:
        return Tied(tuple(tuple(each for each in route if each != job) for route in tied.routes), None)
    crew = couplings.crew_job[int(couplings.crew_first[job]) : int(couplings.crew_first[job + 1])].tolist()
    gone = {job, *crew}
    held = tied.held
    parts = tuple(one for one in held.parts if one[0] != job)
    routes = tuple(tuple(each for each in route if each not in gone) for route in tied.routes)
    tools = tuple(one for one in held.tools if _is_needed(lowered, routes[one[0]], one[1]))
    needed = {pickup for _, _, _, pickup in parts} | {pickup for _, _, pickup in tools}
    routes = tuple(tuple(each for each in route if each < couplings.first_pickup or each in needed) for route in routes)
    hold_s = held.hold_s.copy()
    hold_s[sorted(gone)] = FREE
    return Tied(routes, replace(held, parts=parts, tools=tools, hold_s=hold_s))


def put(lowered: Lowered, tied: Tied, plan: Plan, job: int, tour: int, place: int) -> Iterator[Tied]:
    """Yield the ways of putting a ticket before the visit of a tour that has a place, from 0; one past the last is the end."""
    visits = _visits(lowered, tied, tour)
    at = visits[place] if place < len(visits) else len(tied.routes[tour])
    couplings = lowered.problem.couplings
    if couplings is None or tied.held is None:
        yield Tied(_with(tied.routes, tour, at, [job]), None)
        return
    held = replace(tied.held, hold_s=_hold(lowered, tied.held, plan, job))
    parts, lacking = _from_van(lowered, couplings, tied, job, tour)
    held = replace(held, parts=(*held.parts, *parts))
    missing = _missing_tools(couplings, held, tied.routes[tour][:at], job, tour)
    if not lacking and not missing:
        yield Tied(_with(tied.routes, tour, at, [job]), held)
        return
    for pickup, stops in _pickups(couplings, tied.routes[tour], tour, at):
        more = tuple((job, part, quantity, pickup) for part, quantity in sorted(lacking.items()))
        lent = tuple((tour, tool, pickup) for tool in missing)
        fetched = replace(held, parts=(*held.parts, *more), tools=(*held.tools, *lent))
        yield Tied(_with(tied.routes, tour, at, [*stops, job]), fetched)
    yield Tied(_with(tied.routes, tour, at, [job]), held)


def _visits(lowered: Lowered, tied: Tied, tour: int) -> list[int]:
    """Return where in a tour its visits stand."""
    couplings = lowered.problem.couplings
    last = lowered.problem.n_jobs if couplings is None else couplings.first_pickup
    return [at for at, job in enumerate(tied.routes[tour]) if job < last]


def _with(routes: Sequence[tuple[int, ...]], tour: int, at: int, jobs: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Put jobs into a tour."""
    own = routes[tour]
    return (*routes[:tour], (*own[:at], *jobs, *own[at:]), *routes[tour + 1 :])


def _is_needed(lowered: Lowered, route: Sequence[int], tool: int) -> bool:
    """Tell whether a visit of a tour needs a tool."""
    name = lowered.items[1][tool]
    tickets = lowered.request.tickets
    return any(job < len(tickets) and name in tickets[job].tools for job in route)


def _hold(lowered: Lowered, held: Held, plan: Plan, job: int) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Hold a visit behind what it follows and before what follows it, as the plan has these; a crew holds nobody here."""
    tickets, at_s = lowered.request.tickets, lowered.lowering.at_s
    begins = {stop.ticket: at_s(stop.begin) for route in plan.routes for stop in route.stops if stop.ticket}
    ends: dict[str, int] = {}
    for route in plan.routes:
        for stop in route.stops:
            if stop.ticket is not None:
                ends[stop.ticket] = max(at_s(stop.leave), ends.get(stop.ticket, 0))
    hold_s = held.hold_s.copy()
    for one in tickets[job].after:
        if one.ticket in ends:
            hold_s[job, 0] = max(int(hold_s[job, 0]), ends[one.ticket] + one.gap_s)
    for ticket in tickets:
        for one in ticket.after:
            if one.ticket == tickets[job].id and ticket.id in begins:
                hold_s[job, 2] = min(int(hold_s[job, 2]), begins[ticket.id] - one.gap_s)
    return hold_s


def _from_van(
    lowered: Lowered, couplings: Couplings, tied: Tied, job: int, tour: int
) -> tuple[list[tuple[int, int, int, int]], Counter[int]]:
    """Return what of a ticket's parts is left in the van of a tour's worker, and what is lacking, by part."""
    assert tied.held is not None  # noqa: S101 - for the type: asked where visits are tied
    worker = lowered.tours[tour].engineer_row
    tour_of = {each: row for row, route in enumerate(tied.routes) for each in route}
    left = Counter({part: int(quantity) for part, quantity in enumerate(couplings.van[worker])})
    for ticket, part, quantity, pickup in tied.held.parts:
        if pickup == FROM_VAN and lowered.tours[tour_of[ticket]].engineer_row == worker:
            left[part] -= quantity
    taken: list[tuple[int, int, int, int]] = []
    lacking: Counter[int] = Counter()
    for at in range(int(couplings.need_first[job]), int(couplings.need_first[job + 1])):
        part, rest = int(couplings.need_part[at]), int(couplings.need_quantity[at])
        first, last = int(couplings.option_first[part]), int(couplings.option_first[part + 1])
        for option in couplings.option_part[first:last].tolist():
            quantity = min(rest, left[option])
            if quantity > 0:
                left[option] -= quantity
                rest -= quantity
                taken.append((job, option, quantity, FROM_VAN))
        if rest:
            lacking[part] += rest
    return taken, lacking


def _missing_tools(couplings: Couplings, held: Held, before: Sequence[int], job: int, tour: int) -> list[int]:
    """Return the tools of a ticket that a tour's worker neither owns nor has been lent before."""
    rows = couplings.tool[int(couplings.tool_first[job]) : int(couplings.tool_first[job + 1])].tolist()
    lent = {tool for row, tool, pickup in held.tools if row == tour and pickup in before}
    return [tool for tool in rows if not couplings.own_tool[tour, tool] and tool not in lent]


def _pickups(couplings: Couplings, route: Sequence[int], tour: int, at: int) -> Iterator[tuple[int, list[int]]]:
    """Yield the stops of a tour before a place, then one more at each depot, with what has to be put before the visit."""
    yield from ((job, []) for job in route[:at] if job >= couplings.first_pickup)
    seen: set[int] = set()
    for row in range(int(couplings.pickup_first[tour]), int(couplings.pickup_first[tour + 1])):
        pickup, depot = couplings.first_pickup + row, int(couplings.pickup_depot[row])
        if pickup not in route and depot not in seen:
            seen.add(depot)
            yield pickup, [pickup]
