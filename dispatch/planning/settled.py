"""A plan from elsewhere as a start of the search, where visits are tied together: rows of jobs, and what is settled between them.

What the search could not have settled is left out: a visit with parts from two depots, a third stop of a shift at one depot,
parts that were fetched in an earlier shift.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np

from dispatch.format.model import Plan, Stop, Ticket
from dispatch.planning.lower import Lowered
from solver.arrays import Arrays
from solver.crews import late_end
from solver.mechanisms.coupling import FREE, SLOTS, read_held, write_block
from solver.problem import Couplings, Held
from solver.tours import load_routes, make_state, read_routes

Routes = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class _Visit:
    """A visit of the plan: in which tour, which stop of it, by which worker."""

    tour: int
    position: int
    worker: int
    stop: Stop


@dataclass(slots=True)
class _Draft:
    """What has been settled so far."""

    on: dict[int, int] = field(default_factory=dict)
    supplies: list[tuple[int, int, int, int]] = field(default_factory=list)
    loans: list[tuple[int, int, int, int]] = field(default_factory=list)
    pickups: set[int] = field(default_factory=set)


def read_settled(lowered: Lowered, arrays: Arrays, plan: Plan, *, takes_latest: bool = False) -> tuple[Routes, Held]:
    """Return the routes of a plan in rows of jobs, and what is settled between them.

    Tickets and shifts that are gone are ignored; what cannot be kept together is left out, with what hangs on it. With
    ``takes_latest`` each stop at a depot takes what came last, so that whatever can be left for an earlier stop is left.
    """
    couplings = lowered.problem.couplings
    assert couplings is not None  # noqa: S101 - for the type: only requests with ties come here
    reader = _Reader(lowered, arrays, couplings, plan, takes_latest=takes_latest)
    while True:
        found = reader.settle()
        if found is not None:
            return found


class _Reader:
    """Reads one plan; each turn leaves out more, until the rest holds together."""

    def __init__(
        self, lowered: Lowered, arrays: Arrays, couplings: Couplings, plan: Plan, *, takes_latest: bool
    ) -> None:
        self.takes_latest = takes_latest
        self.lowered, self.arrays, self.couplings = lowered, arrays, couplings
        self.parts, self.tools = ({name: row for row, name in enumerate(names)} for names in lowered.items)
        self.tickets = lowered.request.tickets
        self.row = {ticket.id: row for row, ticket in enumerate(self.tickets)}
        self.visits: dict[int, list[_Visit]] = defaultdict(list)
        self.stops: dict[int, list[tuple[int, Stop]]] = defaultdict(list)
        self.left_out: set[int] = set()
        self.pickup_rows: dict[tuple[int, int], int] = {}
        self._read(plan)

    def _read(self, plan: Plan) -> None:
        """Bring the plan's visits and pick-ups together, by ticket and by tour."""
        tours = {(self.lowered.engineer(row).id, tour.shift.id): row for row, tour in enumerate(self.lowered.tours)}
        depots = {depot.id: row for row, depot in enumerate(self.lowered.request.depots)}
        first, base = self.couplings.pickup_first, self.couplings.first_pickup
        for route in plan.routes:
            tour = tours.get((route.engineer, route.shift))
            if tour is None:
                continue
            free = defaultdict(list)
            for pickup in range(int(first[tour]), int(first[tour + 1])):
                free[int(self.couplings.pickup_depot[pickup])].append(base + pickup)
            worker = self.lowered.tours[tour].engineer_row
            for position, stop in enumerate(route.stops):
                if stop.kind == "visit" and stop.ticket in self.row:
                    self.visits[self.row[stop.ticket]].append(_Visit(tour, position, worker, stop))
                elif stop.kind == "pickup" and free[depots.get(stop.depot or "", -1)]:
                    self.stops[tour].append((position, stop))
                    self.pickup_rows[tour, position] = free[depots[stop.depot or ""]].pop(0)
        for row, visits in self.visits.items():
            visits.sort(key=lambda visit: (not self._leads(self.tickets[row], visit.worker), visit.worker))
            workers = {visit.worker for visit in visits}
            if len(visits) != self.tickets[row].crew or len(workers) != len(visits):
                self.left_out.add(row)

    def _leads(self, ticket: Ticket, worker: int) -> bool:
        """Tell whether a worker has what leading needs."""
        skills = self.lowered.request.engineers[worker].skills
        return all(skills.get(skill, 0) >= level for skill, level in ticket.requires.items())

    def settle(self) -> tuple[Routes, Held] | None:
        """Settle what is not left out; None where more had to be left out."""
        self._leave_out_what_follows()
        draft = _Draft()
        served = {row: visits for row, visits in self.visits.items() if row not in self.left_out}
        draft.on = {row: visits[0].tour for row, visits in served.items()}
        before = len(self.left_out)
        self._supply(served, draft)
        if len(self.left_out) > before:
            return None
        routes = self._routes(served, draft)
        state = make_state(self.arrays, 0)
        extra = {row: self._extra(row, visits) for row, visits in served.items() if len(visits) > 1}
        hold_s = self._hold(served, draft)
        block = write_block(self.arrays, state, draft.on, draft.supplies, draft.loans, hold_s, extra)
        if not load_routes(self.arrays, state, routes, block=block):
            kept = read_routes(self.arrays, state)
            for tour, jobs in enumerate(routes):
                if jobs and not kept[tour]:
                    self._drop(tour, jobs)
            return None
        return routes, read_held(self.arrays, state, self.couplings, block)

    def _drop(self, tour: int, jobs: tuple[int, ...]) -> None:
        """Leave out all tickets of a tour that cannot be timed."""
        for job in jobs:
            ticket, _ = self.lowered.what(job)
            if ticket is not None:
                self.left_out.add(ticket)
        self.stops.pop(tour, None)

    def _leave_out_what_follows(self) -> None:
        """Leave out what comes after a ticket that is not served."""
        c = self.couplings
        grown = True
        while grown:
            grown = False
            for row in self.visits:
                before = c.after_job[int(c.after_first[row]) : int(c.after_first[row + 1])].tolist()
                if row not in self.left_out and any(one not in self.visits or one in self.left_out for one in before):
                    self.left_out.add(row)
                    grown = True

    # --- stock ---

    def _supply(self, served: dict[int, list[_Visit]], draft: _Draft) -> None:
        """Find out where the parts and tools of each visit come from, tour by tour in order of time."""
        van = self.couplings.van.copy()
        wanted: dict[int, list[tuple[int, int, int]]] = defaultdict(list)  # by pick-up: (ticket, part, quantity)
        order = sorted(
            ((visit.tour, visit.position, row) for row, visits in served.items() for visit in visits[:1]),
            key=lambda one: (int(self.lowered.problem.tour_start_s[one[0]]), one[0], one[1]),
        )
        for tour, own in groupby(order, key=lambda one: one[0]):
            left = {position: Counter(stop.parts) for position, stop in self.stops.get(tour, ())}
            lent: dict[int, tuple[int, int]] = {}
            for _, _, row in own:
                visit = served[row][0]
                if not self._parts_of(row, visit, left, van[visit.worker], wanted, draft) or not self._tools_of(
                    row, visit, lent
                ):
                    self.left_out.add(row)
            draft.loans += [(tour, tool, node, users) for tool, (node, users) in lent.items()]
            draft.pickups |= {node for node, _ in lent.values()}
        self._take_lots(wanted, draft)
        slots = Counter(ticket for ticket, _, _, _ in draft.supplies)
        self.left_out |= {ticket for ticket, count in slots.items() if count > SLOTS}
        crews = (row for row, visits in served.items() if any(visit.stop.parts for visit in visits[1:]))
        self.left_out |= set(crews)

    def _parts_of(
        self,
        row: int,
        visit: _Visit,
        left: dict[int, Counter[str]],
        van: np.ndarray[tuple[int], np.dtype[np.int64]],
        wanted: dict[int, list[tuple[int, int, int]]],
        draft: _Draft,
    ) -> bool:
        """Take a visit's parts from stops before it in its tour, else from the van; False where they are not there."""
        for name, quantity in visit.stop.parts.items():
            part, rest = self.parts.get(name), quantity
            if part is None:
                return False
            for position in sorted(left):
                take = min(rest, left[position][name]) if position < visit.position else 0
                if take > 0:
                    left[position][name] -= take
                    rest -= take
                    wanted[self.pickup_rows[visit.tour, position]].append((row, part, take))
            if rest > van[part]:
                return False
            if rest:
                van[part] -= rest
                draft.supplies.append((row, part, rest, -1))
        return True

    def _tools_of(self, row: int, visit: _Visit, lent: dict[int, tuple[int, int]]) -> bool:
        """Find the stop that lends each tool that the engineer has not; False where there is none."""
        for name in self.tickets[row].tools:
            tool = self.tools[name]
            if self.couplings.own_tool[visit.tour, tool]:
                continue
            if tool not in lent:
                lenders = [
                    at for at, stop in self.stops.get(visit.tour, ()) if at < visit.position and name in stop.tools
                ]
                if not lenders:
                    return False
                lent[tool] = (self.pickup_rows[visit.tour, lenders[0]], 0)
            node, users = lent[tool]
            lent[tool] = (node, users + 1)
        return True

    def _take_lots(self, wanted: dict[int, list[tuple[int, int, int]]], draft: _Draft) -> None:
        """Give each pick-up its lots, the earliest to whoever comes first."""
        c = self.couplings
        left = c.lot_quantity.copy()
        begins = {
            self.pickup_rows[tour, position]: self.lowered.lowering.at_s(stop.begin)
            for tour, stops in self.stops.items()
            for position, stop in stops
        }
        for node in sorted(wanted, key=lambda node: begins[node]):
            depot = int(c.pickup_depot[node - c.first_pickup])
            for ticket, part, quantity in wanted[node]:
                rest = quantity
                lots = list(self._lots(depot, part))
                for lot in reversed(lots) if self.takes_latest else lots:
                    take = min(rest, int(left[lot])) if c.lot_at_s[lot] <= begins[node] else 0
                    if take > 0:
                        left[lot] -= take
                        rest -= take
                        draft.supplies.append((ticket, c.n_items + lot, take, node))
                        draft.pickups.add(node)
                if rest:
                    self.left_out.add(ticket)

    def _lots(self, depot: int, item: int) -> Iterator[int]:
        """Give the lots of an item at a depot, by moment."""
        cell = depot * self.couplings.n_items + item
        yield from range(int(self.couplings.lot_first[cell]), int(self.couplings.lot_first[cell + 1]))

    # --- rows ---

    def _routes(self, served: dict[int, list[_Visit]], draft: _Draft) -> Routes:
        """Put visits and the pick-ups that are needed into rows, by tour in the plan's order."""
        placed: dict[int, list[tuple[int, int]]] = defaultdict(list)
        helpers = self.couplings.crew_first
        for row, visits in served.items():
            for member, visit in enumerate(visits):
                job = row if member == 0 else int(self.couplings.crew_job[int(helpers[row]) + member - 1])
                placed[visit.tour].append((visit.position, job))
        for (tour, position), node in self.pickup_rows.items():
            if node in draft.pickups:
                placed[tour].append((position, node))
        return tuple(tuple(job for _, job in sorted(placed[tour])) for tour in range(len(self.lowered.tours)))

    def _hold(self, served: dict[int, list[_Visit]], draft: _Draft) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
        """Hold crews to their beginning, what follows to its own, what comes before to an end, pick-ups to their lots."""
        c, at_s = self.couplings, self.lowered.lowering.at_s
        hold_s = np.empty((self.lowered.problem.n_jobs, 3), np.int64)
        hold_s[:] = FREE
        for row, visits in served.items():
            begin_s = max(0, at_s(visits[0].stop.begin))
            jobs = [row, *c.crew_job[int(c.crew_first[row]) : int(c.crew_first[row + 1])].tolist()]
            if len(jobs) > 1:
                hold_s[jobs, :2] = begin_s
            for at in range(int(c.after_first[row]), int(c.after_first[row + 1])):
                hold_s[row, 0] = begin_s
                before = int(c.after_job[at])
                crew = [before, *c.crew_job[int(c.crew_first[before]) : int(c.crew_first[before + 1])].tolist()]
                hold_s[crew, 2] = np.minimum(hold_s[crew, 2], begin_s - int(c.after_gap_s[at]))
        for _, source, _, node in draft.supplies:
            if node >= 0:
                hold_s[node, 0] = max(int(hold_s[node, 0]), int(c.lot_at_s[source - c.n_items]))
        return hold_s

    def _extra(self, row: int, visits: list[_Visit]) -> int:
        """Return what a crew costs beyond its lead because another leaves later."""
        ends_s = [self.lowered.lowering.at_s(visit.stop.leave) for visit in visits]
        return int(late_end(self.arrays, row, max(ends_s))) - int(late_end(self.arrays, row, ends_s[0]))
