"""What would get a ticket into a plan: the smallest single relaxations, each proven by planning it and judging the plan.

First the kernels look how much wider each clause (:mod:`dispatch.planning.clauses`) would have to be in each near shift. Of each
kind the smallest is taken, in whole minutes, written as a request, and planned from the plan as start: the ticket goes where it is
cheapest in that shift. The judge prices that plan and the one before; what it finds illegal is never told.

Nothing but the shift's own engineer is touched, so proof and price need only that engineer's part of request and plan: every
term of the objective adds up over routes, tickets and engineers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Final

from dispatch.format.model import Engineer, Gap, Matrix, Plan, Request, SolverNote, Stop, Ticket
from dispatch.judge import Verdict, judge
from dispatch.planning.clauses import Option, Spot, list_options, with_ticket
from dispatch.planning.lower import Lowered, lower
from dispatch.planning.place_by_hand import list_changed
from dispatch.planning.read_back import price, read_back
from dispatch.planning.reasons import Clock, Near
from dispatch.rulebook.line import Language, Seconds, Sentence
from dispatch.rulebook.money import CENT, cny_of
from solver.arrays import pack
from solver.places import Place, Places
from solver.relax import find_least
from solver.tours import time_tour

LOOKED_AT: Final = 60
"""So many shifts are looked at, the nearest by their start and visits."""

PROVEN_MOST: Final = 2
"""Of each kind so many are tried until one is proven."""

NOTE: Final = SolverNote("explain", seed=0, seconds=Decimal(0), iterations=0, threads=0)

WORTH = Sentence(
    "way.worth",
    zh="未排代价提高到 {price} 元（现 {skip} 元），由 {engineer} 上门",
    en="make leaving it out cost {price} CNY (now {skip} CNY): {engineer} would come",
)
INSTEAD = Sentence(
    "way.instead",
    zh="{engineer} 的班次 {shift} 让出 {out}",
    en="{engineer} comes in shift {shift} instead of {out}",
)
EXTRA = Sentence(
    "way.engineer",
    zh="增加一名工程师，班次和出发点同 {engineer}",
    en="one more engineer, with hours and start as {engineer}",
)
EXTRA_SKILLED = Sentence(
    "way.engineer_skilled",
    zh="增加一名具备 {skills} 的工程师，班次和出发点同 {engineer}",
    en="one more engineer who has {skills}, with hours and start as {engineer}",
)


@dataclass(frozen=True, slots=True)
class Way:
    """One relaxation with which a ticket is served; proven: that plan is legal and was judged.

    Parameters
    ----------
    code
        What is relaxed: a code of the format's reasons, or ``worth``, ``instead``, ``engineer``.
    text
        It in a sentence.
    engineer, shift
        Who would come, and in which shift; an engineer who is not there yet is one like this.
    begin
        When the work would begin.
    gap
        How much is relaxed; None: no amount.
    cost_cny
        What the whole plan would cost more, prices of leaving out included; below 0 it saves.
    moved
        Tickets whose times or engineers would change.
    left_out
        Tickets that would be left out instead.
    by
        Who would come, in the relaxed request: one more engineer has a new id there.
    request
        The relaxed request.
    """

    code: str
    text: str
    engineer: str
    shift: str
    begin: datetime
    gap: Gap | None
    cost_cny: Decimal
    moved: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    by: str = ""
    request: Request | None = field(default=None, repr=False, compare=False)

    def as_json(self) -> dict[str, object]:
        """Return the way for programs and pages."""
        return {
            "code": self.code,
            "text": self.text,
            "engineer": self.engineer,
            "shift": self.shift,
            "begin": self.begin.isoformat(),
            "gap": None if self.gap is None else {"value": float(self.gap.value), "unit": self.gap.unit},
            "cost_cny": f"{self.cost_cny:.2f}",
            "moved": list(self.moved),
            "left_out": list(self.left_out),
        }


@dataclass(frozen=True, slots=True)
class Proof:
    """A part of a plan before and after one ticket went into it, both judged."""

    request: Request
    plan: Plan
    verdict: Verdict
    before: Verdict
    begin: datetime
    moved: tuple[str, ...]

    @property
    def cost_cny(self) -> Decimal:
        """Return what the whole plan would cost more."""
        return self.verdict.total - self.before.total

    @property
    def terms(self) -> Mapping[str, Decimal]:
        """Return by how much each term would differ, without those that would not."""
        differ = {term: self.verdict.terms[term] - self.before.terms[term] for term in self.verdict.terms}
        return {term: cny for term, cny in differ.items() if cny}


@dataclass(frozen=True, slots=True)
class Case:
    """A ticket that is not served, in a plan as the search sees it.

    Parameters
    ----------
    lowered, places
        The problem and the plan's tours, without the ticket.
    job
        The ticket's row.
    before
        Tours of the plan as it is; the same as those of ``places``, unless the ticket is served late.
    """

    lowered: Lowered
    places: Places
    job: int
    before: Sequence[Sequence[int]]

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
    before_request = original or case.lowered.request
    staff = {engineer_id, *others}
    kept = {
        case.lowered.request.tickets[row].id
        for routes in (case.before, case.places.routes)
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
    was = _planned(old, _renumbered(case, case.before, old))
    plan = _planned(new, places.routes)
    if was is None or plan is None:
        return None
    verdict, before = judge(new.request, plan), judge(old.request, was)
    visit = next(stop for route in plan.routes for stop in route.stops if stop.ticket == case.ticket_id)
    if not verdict.legal or (original is not None and is_late(new.request.tickets[job], visit)):
        return None
    moved = tuple(ticket for ticket in list_changed(was, plan) if ticket != case.ticket_id)
    return Proof(new.request, plan, verdict, before, visit.begin, moved)


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


# ----------------------------------------------------------------------------------------------------------------- ways


@dataclass(frozen=True, slots=True)
class _Found:
    """How much wider one clause has to be in one shift."""

    spot: Spot
    option: Option
    amount: int
    place: Place


def list_ways(case: Case, near: Near, clock: Clock, lang: Language, original: Request | None = None) -> list[Way]:
    """Return the ways in which a ticket would be served, those that pay first, then the cheapest.

    Parameters
    ----------
    near
        Which shifts are near.
    clock
        Once it is over no more are looked for.
    original
        What was planned, where the case asks for more: that the ticket be on time.
    """
    finder = _Finder(case, near, clock, lang, original)
    ways = [*finder.wider(), *finder.others()]
    return sorted(ways, key=lambda way: (bool(way.left_out), way.cost_cny > 0, way.cost_cny))


@dataclass(frozen=True, slots=True)
class _Finder:
    """Looks for ways."""

    case: Case
    near: Near
    clock: Clock
    lang: Language
    original: Request | None

    def wider(self) -> Iterator[Way]:
        """Give the smallest relaxation of each clause, if one is proven."""
        kinds: dict[str, list[_Found]] = {}
        for found in self._look():
            kinds.setdefault(found.option.way.code, []).append(found)
        for rows in kinds.values():
            rows.sort(key=lambda found: (found.amount, found.place.grains))
            for found in rows[:PROVEN_MOST]:
                if self.clock.is_over():
                    return
                way = self._prove(found)
                if way is not None:
                    yield way
                    break

    def _look(self) -> Iterator[_Found]:
        """Look how much wider each clause would have to be in each near shift: so that it pays, else so that it is legal."""
        case, places = self.case, self.case.places
        limit = case.limit_grains
        has_place = places.find_place(case.job) is not None
        for tour in self.near.all_tours(case.job, places.routes)[:LOOKED_AT]:
            if self.clock.is_over():
                return
            spot = Spot(case.lowered, places, case.job, tour)
            for option in list_options(spot):
                found = None
                for below in (limit,) if has_place else (limit, None):
                    if option.least == option.most:
                        place = places.find_in(case.job, tour, option.cells(option.most))
                        is_found = place is not None and (option.ban or below is None or place.grains < below)
                        found = (option.most, place) if place is not None and is_found else None
                    else:
                        found = find_least(places, case.job, tour, option.cells, option.most, below)
                    if found is not None:
                        break
                if found is not None:
                    yield _Found(spot, option, *found)

    def _prove(self, found: _Found) -> Way | None:
        """Prove a relaxation in whole minutes."""
        spot, option, amount = found.spot, found.option, found.amount
        if option.unit == "s":
            amount = min(-(-amount // 60) * 60, option.most)
        relaxed = option.relax(amount)
        proof = prove(self.case, relaxed, spot.engineer.id, spot.shift.id, original=self.original)
        if proof is None:
            return None
        gap = Seconds(amount) if option.unit == "s" else amount
        params = {**spot.params, **option.params, **option.tell(amount), "gap": gap}
        return self._way(
            option.code,
            option.way.say(self.lang, params),
            spot,
            relaxed,
            proof,
            gap=None if option.unit is None else Gap(Decimal(amount), option.unit),
        )

    def others(self) -> Iterator[Way]:
        """Give what no clause is about: a higher price of leaving out, another visit left out, one more engineer."""
        for kind in (self._worth, self._instead, self._extra):
            if self.clock.is_over():
                return
            way = kind()
            if way is not None:
                yield way

    def _worth(self) -> Way | None:
        """Make leaving the ticket out dearer than its cheapest place."""
        case, request = self.case, self.case.lowered.request
        place = case.places.find_place(case.job)
        skip = request.tickets[case.job].skip_cost
        if place is None or skip is None or self.original is not None or place.grains < case.limit_grains:
            return None
        worth = cny_of(place.grains) + CENT
        spot = Spot(case.lowered, case.places, case.job, place.tour)
        relaxed = with_ticket(request, replace(spot.ticket, skip_cost=worth))
        proof = prove(case, relaxed, spot.engineer.id, spot.shift.id)
        if proof is None:
            return None
        params = {**spot.params, "price": worth, "skip": f"{skip:.2f}"}
        text = WORTH.say(self.lang, params)
        return self._way("worth", text, spot, relaxed, proof, gap=Gap(worth - skip, "CNY"))

    def _instead(self) -> Way | None:
        """Leave another ticket out, that need not be served: the cheapest of the near shifts."""
        case, problem = self.case, self.case.lowered.problem
        if self.original is not None:
            return None
        legal = case.places.tours_alone(case.job)
        swaps = [
            swap
            for tour in self.near.tours(case.job, legal, case.places.routes)
            if (swap := case.places.find_swap(case.job, tour)) is not None and not problem.job_mandatory[swap.out]
        ]
        if not swaps:
            return None
        swap = min(swaps, key=lambda each: each.grains)
        spot = Spot(case.lowered, case.places, case.job, swap.tour)
        out = case.lowered.request.tickets[swap.out].id
        proof = prove(case, case.lowered.request, spot.engineer.id, spot.shift.id, left_out=[out])
        if proof is None:
            return None
        text = INSTEAD.say(self.lang, {**spot.params, "out": out})
        return self._way("instead", text, spot, case.lowered.request, proof, left_out=(out,))

    def _extra(self) -> Way | None:
        """Let one more engineer work: like one whose shift begins near, with the skills that the ticket needs."""
        case, request = self.case, self.case.lowered.request
        ticket = request.tickets[case.job]
        if ticket.only is not None:
            return None
        likes: dict[str, int] = {}
        for tour in self.near.all_tours(case.job, case.places.routes):
            likes.setdefault(case.lowered.engineer(tour).id, tour)
        able = case.places.tours_alone(case.job)
        tours = sorted(likes.values(), key=lambda tour: not able[tour])[:3]
        for tour in tours:
            if self.clock.is_over():
                return None
            spot = Spot(case.lowered, case.places, case.job, tour)
            extra = _like(spot.engineer, ticket.requires, {one.id for one in request.engineers})
            relaxed = replace(request, engineers=(*request.engineers, extra))
            proof = prove(case, relaxed, extra.id, spot.shift.id, original=self.original)
            if proof is None:
                continue
            skills = "、".join(f"{name} {level} 级" for name, level in ticket.requires.items())
            if self.lang == "en":
                skills = ", ".join(f"{name} level {level}" for name, level in ticket.requires.items())
            sentence = EXTRA_SKILLED if skills else EXTRA
            text = sentence.say(self.lang, {**spot.params, "skills": skills})
            return self._way("engineer", text, spot, relaxed, proof, by=extra.id)
        return None

    def _way(
        self,
        code: str,
        text: str,
        spot: Spot,
        relaxed: Request,
        proof: Proof,
        *,
        gap: Gap | None = None,
        left_out: tuple[str, ...] = (),
        by: str = "",
    ) -> Way:
        """Return a way that is proven."""
        return Way(
            code,
            text,
            spot.engineer.id,
            spot.shift.id,
            proof.begin,
            gap,
            proof.cost_cny,
            proof.moved,
            left_out,
            by or spot.engineer.id,
            relaxed,
        )


def _like(engineer: Engineer, requires: Mapping[str, int], taken: set[str]) -> Engineer:
    """Return one more engineer, like another: as skilled as a ticket asks at least, and as quick."""
    number = 1
    while f"{engineer.id}+{number}" in taken:
        number += 1
    skills = {name: max(level, engineer.skills.get(name, 0)) for name, level in requires.items()}
    return replace(
        engineer,
        id=f"{engineer.id}+{number}",
        name=None,
        skills={**engineer.skills, **skills},
        skills_until={},
        max_busy_s=None,
    )
