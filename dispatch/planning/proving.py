"""Plan a ticket into a plan of a request with one relaxation, and have it judged: what is said to help was tried.

Where nothing ties visits together but the shift's own engineer is touched, so proof and price need only that engineer's part of request
and plan: every term of the objective adds up over routes, tickets and engineers. Where visits are tied to each other or to a plan in
force, the whole request is planned and judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property, partial
from typing import Final

from dispatch.format.model import Matrix, Plan, Previous, Request, SolverNote, Stop, Ticket
from dispatch.judge import Verdict, judge
from dispatch.planning.lower import Lowered, lower
from dispatch.planning.place_by_hand import list_changed
from dispatch.planning.read_back import price, read_back
from dispatch.planning.routes_of import routes_of
from dispatch.planning.settled import read_settled
from solver.arrays import Arrays, pack
from solver.places import Places
from solver.problem import Held
from solver.tied_ask import TiedPlaces
from solver.tours import time_tour

NOTE: Final = SolverNote("explain", seed=0, seconds=Decimal(0), iterations=0, threads=0)


@dataclass(frozen=True)
class View:
    """A plan as the search sees it: tours of rows, and what they have settled between them; ``held`` None: nothing ties them."""

    lowered: Lowered
    arrays: Arrays
    routes: tuple[tuple[int, ...], ...]
    held: Held | None

    @classmethod
    def of(cls, lowered: Lowered, arrays: Arrays, plan: Plan) -> View | None:
        """Read a plan; None: the search cannot time its routes as they stand."""
        routes, held = tuple(map(tuple, routes_of(lowered, plan))), None
        if lowered.problem.couplings is not None:
            routes, held = read_settled(lowered, arrays, plan, takes_latest=True)
        view = cls(lowered, arrays, routes, held)
        try:
            view.open()
        except ValueError:
            return None
        return view

    @property
    def is_tied(self) -> bool:
        """Whether visits are tied to each other, or to a plan in force."""
        problem, previous = self.lowered.problem, self.lowered.request.previous
        return problem.couplings is not None or problem.change is not None or previous not in {None, Previous()}

    def open(self) -> Places:
        """Return the tours to be asked and changed.

        Raises
        ------
        ValueError
            A tour cannot be timed.
        """
        if self.held is None:
            return Places(self.lowered.problem, self.routes, self.arrays)
        return TiedPlaces(self.lowered.problem, self.routes, self.arrays, self.held)

    def count_left_out(self, plan: Plan) -> int:
        """Count the visits of a plan that could not be kept."""
        known = {ticket.id for ticket in self.lowered.request.tickets}
        visited = {stop.ticket for route in plan.routes for stop in route.stops if stop.ticket in known}
        return len(visited) - sum(job < len(known) for jobs in self.routes for job in jobs)

    @cached_property
    def plan(self) -> Plan:
        """Return the plan, timed by the search."""
        return write_plan(self.lowered, self.open(), self.arrays)

    @cached_property
    def verdict(self) -> Verdict | None:
        """Return what the judge says of it; None: it is not legal."""
        verdict = judge(self.lowered.request, self.plan)
        return verdict if verdict.legal else None


def write_plan(lowered: Lowered, places: Places, arrays: Arrays) -> Plan:
    """Write tours as a plan, with its price."""
    held = places.held if isinstance(places, TiedPlaces) else None
    plan = read_back(lowered, places.routes, NOTE, partial(time_tour, arrays=arrays, held=held), None, held)
    return replace(plan, objective=price(lowered.request, plan))


@dataclass(frozen=True, slots=True)
class Proof:
    """A part of a plan before and after one ticket went into it, both judged."""

    request: Request
    plan: Plan
    verdict: Verdict
    before: Verdict
    begin: datetime
    moved: tuple[str, ...]
    where: tuple[str, str] = ("", "")

    @property
    def cost_cny(self) -> Decimal:
        """Return what the whole plan would cost more."""
        return self.verdict.total - self.before.total

    @property
    def terms(self) -> Mapping[str, Decimal]:
        """Return by how much each term would differ, without those that would not."""
        differ = {term: self.verdict.terms[term] - self.before.terms[term] for term in self.verdict.terms}
        return {term: cny for term, cny in differ.items() if cny}


@dataclass(frozen=True)
class Case:
    """A ticket that is not served, in a plan as the search sees it.

    Parameters
    ----------
    lowered, places
        The problem and the plan's tours, without the ticket.
    job
        The ticket's row.
    before
        The plan as it is; its tours are those of ``places``, unless the ticket is served.
    """

    lowered: Lowered
    places: Places
    job: int
    before: View

    @cached_property
    def without(self) -> Plan:
        """Return the plan without the ticket."""
        return write_plan(self.lowered, self.places, self.places.arrays)

    @property
    def ticket_id(self) -> str:
        """Return the ticket's id."""
        return self.lowered.request.tickets[self.job].id

    @property
    def limit_grains(self) -> int:
        """Return what serving the ticket may cost before leaving things as they are is cheaper."""
        return self.places.skip_grains(self.job)


# ---------------------------------------------------------------------------------------------------------------- proof


def prove(
    case: Case,
    relaxed: Request,
    engineer_id: str,
    shift_id: str,
    *,
    left_out: Sequence[str] = (),
    others: Sequence[str] = (),
    original: Request | None = None,
) -> Proof | None:
    """Plan a ticket into a shift of a relaxed request, where it is cheapest; None: there is no legal place, or the judge objects.

    Parameters
    ----------
    relaxed
        The request, with one relaxation.
    left_out
        Tickets that are taken out first.
    others
        Engineers whose parts are needed as well.
    original
        What was planned; None: the case's own request.
    """
    if case.before.is_tied:
        return prove_whole(case, relaxed, (engineer_id, shift_id), left_out=left_out, original=original)
    before_request = original or case.lowered.request
    staff = {engineer_id, *others}
    kept = {
        case.lowered.request.tickets[row].id
        for routes in (case.before.routes, case.places.routes)
        for tour, jobs in enumerate(routes)
        if case.lowered.engineer(tour).id in staff
        for row in jobs
    } | {case.ticket_id}
    old = lower(cut(before_request, staff, kept))
    new = lower(cut(relaxed, staff, kept))
    tour = _row_of(new, engineer_id, shift_id)
    job = next(row for row, ticket in enumerate(new.request.tickets) if ticket.id == case.ticket_id)
    routes = _renumbered(case, case.places.routes, new, left_out)
    try:
        places = Places(new.problem, routes)
    except ValueError:
        return None
    place = None if tour is None else places.find_in(job, tour)
    if place is None:
        return None
    places.insert(job, place)
    was = _planned(old, _renumbered(case, case.before.routes, old))
    plan = _planned(new, places.routes)
    if was is None or plan is None:
        return None
    verdict, before = judge(new.request, plan), judge(old.request, was)
    visit = next(stop for route in plan.routes for stop in route.stops if stop.ticket == case.ticket_id)
    if not verdict.legal or (original is not None and is_late(new.request.tickets[job], visit)):
        return None
    moved = tuple(ticket for ticket in list_changed(was, plan) if ticket != case.ticket_id)
    return Proof(new.request, plan, verdict, before, visit.begin, moved)


def prove_whole(
    case: Case,
    relaxed: Request,
    where: tuple[str, str] | None = None,
    *,
    left_out: Sequence[str] = (),
    moved: str | None = None,
    original: Request | None = None,
) -> Proof | None:
    """Prove as :func:`prove`, in the whole request: where visits are tied a change of one route may be one of another, too.

    Parameters
    ----------
    where
        Engineer and shift; None: wherever it is cheapest.
    moved
        A ticket that is taken out first, and put where it is cheapest then.
    """
    new = lower(relaxed)
    view = View.of(new, pack(new.problem), case.without)
    rows = {ticket.id: row for row, ticket in enumerate(new.request.tickets)}
    if view is None or view.count_left_out(case.without):
        return None
    places = view.open()
    if any(places.take_out(rows[out]) is None for out in (*left_out, *([moved] if moved else []))):
        return None
    tour, job = None if where is None else _row_of(new, *where), rows[case.ticket_id]
    place = places.find_in(job, tour) if tour is not None else places.find_place(job) if where is None else None
    if place is None or not places.insert(job, place):
        return None
    if moved is not None:
        again = places.find_place(rows[moved])
        if again is None or not places.insert(rows[moved], again):
            return None
    plan = write_plan(new, places, view.arrays)
    verdict, before = judge(new.request, plan), case.before.verdict
    visits = [(route, stop) for route in plan.routes for stop in route.stops if stop.ticket == case.ticket_id]
    late = original is not None and any(is_late(new.request.tickets[job], visit) for _, visit in visits)
    if not verdict.legal or before is None or late:
        return None
    changed = tuple(dict.fromkeys(one for one in list_changed(case.before.plan, plan) if one != case.ticket_id))
    lead = new.tours[place.tour]
    return Proof(
        new.request,
        plan,
        verdict,
        before,
        visits[0][1].begin,
        changed,
        (new.engineer(place.tour).id, lead.shift.id),
    )


def is_late(ticket: Ticket, visit: Stop) -> bool:
    """Tell whether a visit begins or ends past what the ticket was promised."""
    arrives = ticket.arrive is None or visit.begin <= ticket.arrive.by
    return not (arrives and (ticket.resolve is None or visit.leave <= ticket.resolve.by))


def cut(request: Request, engineers: set[str], tickets: set[str]) -> Request:
    """Return the part of a request that concerns some engineers and tickets; the other engineers are there, without shifts."""
    staff = tuple(one if one.id in engineers else replace(one, shifts=()) for one in request.engineers)
    work = tuple(one for one in request.tickets if one.id in tickets)
    used = {ticket.location for ticket in work}
    used |= {shift.start_location for one in staff for shift in one.shifts}
    used |= {shift.end_location for one in staff for shift in one.shifts if shift.end_location is not None}
    rows = [row for row, location in enumerate(request.locations) if location.id in used]
    travel = request.travel
    if isinstance(travel, Matrix):
        travel = replace(travel, seconds=_square(travel.seconds, rows), metres=_square(travel.metres, rows))
    return replace(
        request,
        locations=tuple(request.locations[row] for row in rows),
        travel=travel,
        engineers=staff,
        tickets=work,
    )


def _square(table: tuple[tuple[int | None, ...], ...], rows: Sequence[int]) -> tuple[tuple[int | None, ...], ...]:
    """Return some rows of a table, and the same columns."""
    return tuple(tuple(table[row][column] for column in rows) for row in rows)


def _row_of(lowered: Lowered, engineer_id: str, shift_id: str) -> int | None:
    """Return the tour of a shift."""
    rows = range(len(lowered.tours))
    found = (row for row in rows if (lowered.engineer(row).id, lowered.tours[row].shift.id) == (engineer_id, shift_id))
    return next(found, None)


def _renumbered(
    case: Case, routes: Sequence[Sequence[int]], lowered: Lowered, without: Sequence[str] = ()
) -> list[list[int]]:
    """Return the routes of a case as routes of a part of it."""
    rows = {ticket.id: row for row, ticket in enumerate(lowered.request.tickets)}
    renumbered: list[list[int]] = [[] for _ in lowered.tours]
    for tour, jobs in enumerate(routes):
        row = _row_of(lowered, case.lowered.engineer(tour).id, case.lowered.tours[tour].shift.id)
        if row is not None:
            ids = [case.lowered.request.tickets[job].id for job in jobs]
            renumbered[row] = [rows[id_] for id_ in ids if id_ not in without]
    return renumbered


def _planned(lowered: Lowered, routes: Sequence[Sequence[int]]) -> Plan | None:
    """Write routes as a plan; None if the search cannot time them."""
    try:
        plan = read_back(lowered, routes, NOTE, partial(time_tour, arrays=pack(lowered.problem)))
    except ValueError:
        return None
    return replace(plan, objective=price(lowered.request, plan))
