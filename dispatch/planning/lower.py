"""Request to problem: the one road to the search.

Rows of jobs are those of ``request.tickets``, rows of workers those of ``request.engineers``; tours are the shifts that
are not over, by engineer, then by start. Second 0 is ``now``. What is no rule (places, legs, peaks, how long work takes)
is lowered here; every rule of :data:`dispatch.rules.RULES` adds its shapes.

Of a plan in force the finished tickets are no jobs, running shifts begin where their engineers are, and what
:mod:`dispatch.planning.pins` decided is lowered as if the request said so: held starts are windows, whoever is on the way or has a broken
pin is free of bans. Rows of jobs are then those of ``Lowered.request.tickets``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property

import numpy as np

from dispatch.format.faults import Fault
from dispatch.format.model import ONE, Engineer, Request, Ticket
from dispatch.planning.bounds import LONGEST_TOUR_S, require_payable
from dispatch.planning.brought import NOTHING, Brought, find_brought
from dispatch.planning.couplings import Extra, is_coupled, list_items, number_couplings, widen
from dispatch.planning.legs import KnownLegs, TooFar, cut_legs, lower_legs, lower_peaks
from dispatch.planning.pins import decide_pins
from dispatch.planning.unsupported import Unsupported
from dispatch.rulebook.in_force import InForce, in_force
from dispatch.rulebook.lowering import NO_PINS, Lowering, Pins, Tour, fit_of, levels_of, number
from dispatch.rules import RULES, breaks
from solver.problem import FAR_S, I32, OPEN, Problem, Sphere, Tables
from solver.terms import Skeleton, Term, TourLimit, fold

_SERVICE_MAX_S = (1 << 31) - 1


@dataclass(frozen=True, slots=True)
class Lowered:
    """A problem, and what its rows are called in the request.

    Parameters
    ----------
    request, problem
        What was lowered, without finished tickets, and to what.
    lowering
        The request, numbered, as the rules saw it: freed of what doesn't bind where a plan is in force.
    places
        Row of ``request.locations`` for each place.
    break_index
        For each tour the format's index of each of its breaks, in the order in which the search takes them.
    extras
        What the rows of jobs behind the tickets are: helpers and pick-ups (:mod:`dispatch.planning.couplings`).
    brought
        What others than leads bring to crews.
    """

    request: Request
    problem: Problem
    lowering: Lowering
    places: tuple[int, ...]
    break_index: tuple[tuple[int, ...], ...]
    extras: tuple[Extra, ...] = ()
    brought: Brought = NOTHING

    @property
    def tours(self) -> tuple[Tour, ...]:
        """Return the shifts that are not over."""
        return self.lowering.tours

    def engineer(self, tour: int) -> Engineer:
        """Return the engineer of a tour."""
        return self.request.engineers[self.tours[tour].engineer_row]

    def known_legs(self) -> KnownLegs:
        """Return the legs, and what they were lowered from."""
        request = self.request
        _, factors = number([engineer.speed_factor for engineer in request.engineers])
        points = tuple(request.locations[row] for row in self.places)
        return KnownLegs(request.travel, points, tuple(factors or [ONE]), self.problem.legs)

    @property
    def items(self) -> tuple[list[str], list[str]]:
        """Return the names of the search's parts and tools."""
        return list_items(self.request)

    def what(self, job: int) -> tuple[int | None, int | None]:
        """Return the ticket that a job serves, or the depot at which it picks up; a helper serves the ticket of its crew."""
        tickets = len(self.request.tickets)
        if job < tickets:
            return job, None
        extra = self.extras[job - tickets]
        return extra.ticket, extra.depot

    def jobs_of(self, ticket: int) -> list[int]:
        """Return the jobs that serve a ticket: its own, and its helpers'."""
        couplings = self.problem.couplings
        if couplings is None:
            return [ticket]
        helpers = couplings.crew_job[couplings.crew_first[ticket] : couplings.crew_first[ticket + 1]]
        return [ticket, *helpers.tolist()]

    def moment(self, at_s: int) -> datetime:
        """Return a moment of the problem in the offset of ``now``."""
        return self.request.now + timedelta(seconds=at_s)


def lower(request: Request, before: Lowered | None = None, unkept: frozenset[str] = frozenset()) -> Lowered:
    """Lower a request.

    Parameters
    ----------
    request
        What is lowered.
    before
        A request like it, lowered before: legs between places that are still there are not computed again. The problem
        is the same with it and without.
    unkept
        Held tickets that their parts, tools or order keep from being served: their pins are broken, and these don't bind them.

    Raises
    ------
    Unsupported
        If a crew is held that cannot come at its start, or if prices, times or ways are so large that sums would overflow.
    """
    known = in_force(request)
    if known.finished:
        tickets = (_loosened(ticket, request, known) for ticket in request.tickets if ticket.id not in known.finished)
        request = replace(request, tickets=tuple(tickets))
    given = request
    if unkept:
        request = replace(request, tickets=tuple(_untied(ticket, unkept) for ticket in request.tickets))
    ways = _Ways(request, known, before)
    pins = decide_pins(given, known, lambda asked, trial: _lower(asked, known, trial, ways), unkept)
    return _lower(request, known, pins, ways)


class _Ways:
    """Places, speeds and legs of a request, lowered once: trials with some of its tickets and engineers take theirs from here."""

    def __init__(self, request: Request, known: InForce, before: Lowered | None) -> None:
        self.request, self.before = request, before
        tours = _list_tours(request, known, NO_PINS)
        extras: tuple[Extra, ...] = ()
        widened = request
        if is_coupled(request):
            both = widen(request, tours)
            widened, extras = both.request, both.extras
        self.location_row = {location.id: row for row, location in enumerate(request.locations)}
        _, self.keys = number(self.keys_of(widened.tickets, extras, tours))
        _, factors = number([engineer.speed_factor for engineer in request.engineers])
        self.speed_factors = factors or [ONE]

    def keys_of(
        self, tickets: Sequence[Ticket], extras: Sequence[Extra], tours: Sequence[Tour]
    ) -> list[tuple[int, bool]]:
        """List the places of tickets, ``extras`` the last of them, of the starts of tours and of the ends that there are."""
        # a pick-up's place is none of the visits': only after a visit a set-up is saved
        own = len(tickets) - len(extras)
        at_depot = [row >= own and extras[row - own].depot is not None for row in range(len(tickets))]
        row = self.location_row
        return [
            *((row[ticket.location], depot) for ticket, depot in zip(tickets, at_depot, strict=True)),
            *((row[tour.start_location], False) for tour in tours),
            *((row[tour.shift.end_location], False) for tour in tours if tour.shift.end_location is not None),
        ]

    @cached_property
    def legs(self) -> Tables | Sphere:
        """Return the legs between all places.

        Raises
        ------
        Unsupported
            If one is too long.
        """
        before = None if self.before is None else self.before.known_legs()
        try:
            return lower_legs(self.request, [row for row, _ in self.keys], self.speed_factors, before)
        except TooFar as far:
            expected = f"expected legs below {_SERVICE_MAX_S} {far.unit}"
            text = f"is too far, {expected}"
            raise Unsupported([Fault("too_large", "travel", f"{far.worst} {far.unit}", text)]) from far

    def legs_of(self, keys: Sequence[tuple[int, bool]]) -> Tables | Sphere:
        """Return the legs between some places."""
        if list(keys) == self.keys:
            return self.legs
        row = {key: at for at, key in enumerate(self.keys)}
        return cut_legs(self.legs, [row[key] for key in keys])


def _lower(asked: Request, known: InForce, pins: Pins, ways: _Ways) -> Lowered:
    """Lower a request whose pins are decided."""
    request = _bound(asked, pins)
    tours = _list_tours(request, known, pins)
    extras: tuple[Extra, ...] = ()
    if is_coupled(request):
        widened = widen(request, tours)
        request, extras = widened.request, widened.extras
    tickets, engineers = request.tickets, request.engineers
    profile_of, fits = number(fit_of(ticket, is_free=ticket.id in pins.free) for ticket in tickets)
    lowering = Lowering(
        request=request,
        known=known,
        pins=pins,
        fits=tuple(fits),
        tours=tours,
        engineer_row={engineer.id: row for row, engineer in enumerate(engineers)},
        levels=levels_of(engineers),
    )
    require_payable(lowering)
    location_row = ways.location_row
    place_of, keys = number(ways.keys_of(tickets, extras, tours))
    places = [row for row, _ in keys]
    place = {row: index for index, (row, depot) in enumerate(keys) if not depot}
    speed_of = np.array([ways.speed_factors.index(engineer.speed_factor) for engineer in engineers], np.int32)
    kind_of, service_factors = number([_factor_key(engineer.service_factor) for engineer in engineers])
    legs = ways.legs_of(keys)
    start_s = np.array([max(0, lowering.at_s(tour.start_at)) for tour in tours], np.int64)
    limits = [TourLimit(last_s=start_s + LONGEST_TOUR_S)]
    terms: list[Term] = [*limits, *(term for rule in RULES for term in rule.terms(lowering))]
    last_s = np.full(len(tours), FAR_S)
    for term in terms:
        if isinstance(term, TourLimit) and term.last_s is not None:
            np.minimum(last_s, term.last_s, out=last_s)
    spans_s = _joined(list(zip(start_s.tolist(), last_s.tolist(), strict=True)))
    durations_s = [ticket.duration_s for ticket in tickets]
    first = np.zeros(len(engineers) + 1, np.int64)
    np.cumsum(np.bincount([tour.engineer_row for tour in tours], minlength=len(engineers)), out=first[1:])
    skeleton = Skeleton(
        legs=legs,
        peaks=lower_peaks(request.now, request.travel.peaks, spans_s, _SERVICE_MAX_S),
        job_place=place_of[: len(tickets)],
        job_profile=profile_of,
        n_profiles=len(fits),
        service_s=_service_s(tickets, durations_s, service_factors),
        service_setup_s=_service_s(
            tickets, [ticket.duration_s + ticket.setup_s for ticket in tickets], service_factors
        ),
        worker_kind=kind_of,
        worker_speed=speed_of,
        worker_tour_first=first,
        tour_worker=np.array([tour.engineer_row for tour in tours], np.int32),
        tour_start_s=start_s,
        tour_end_s=np.array([lowering.at_s(tour.shift.end) for tour in tours], np.int64),
        tour_start_place=place_of[len(tickets) : len(tickets) + len(tours)],
        tour_end_place=np.array(
            [
                OPEN if tour.shift.end_location is None else place[location_row[tour.shift.end_location]]
                for tour in tours
            ],
            np.int32,
        ),
    )
    break_index = tuple(tuple(breaks.order_of(tour)) for tour in tours)
    problem = fold(skeleton, terms)
    brought = NOTHING
    if is_coupled(asked):
        brought = find_brought(asked, lowering)
        couplings = number_couplings(asked, tours, extras, brought)
        for table in (problem.service_s, problem.service_setup_s):
            for row, extra in enumerate(extras):  # skills are the lead's, but each works at his own pace in them
                if extra.ticket is not None:
                    table[len(asked.tickets) + row] = table[extra.ticket]
        handling_s = [asked.depots[extra.depot].handling_s for extra in extras if extra.depot is not None]
        for table in (problem.service_s, problem.service_setup_s):
            table[couplings.first_pickup :] = np.array(handling_s, np.int32).reshape(-1, 1)
        problem = replace(problem, couplings=couplings)
    return Lowered(asked, problem, lowering, tuple(places), break_index, extras, brought)


def _loosened(ticket: Ticket, request: Request, known: InForce) -> Ticket:
    """Return a ticket that is tied to no finished one: their ends are a release, their engineer the only one."""
    ends = [
        known.finished[one.ticket].end + timedelta(seconds=one.gap_s)
        for one in ticket.after
        if one.ticket in known.finished
    ]
    if ends:
        after = tuple(one for one in ticket.after if one.ticket not in known.finished)
        release = max(ends if ticket.release is None else [ticket.release, *ends])
        ticket = replace(ticket, after=after, release=release)
    same = known.finished.get(ticket.same_engineer_as or "")
    if same is None or same.engineer is None:
        return ticket
    is_there = any(engineer.id == same.engineer for engineer in request.engineers)
    only = tuple(one for one in ticket.only or (same.engineer,) if one == same.engineer and is_there)
    return replace(ticket, same_engineer_as=None, only=only)


def _untied(ticket: Ticket, unkept: frozenset[str]) -> Ticket:
    """Return a ticket that parts, tools and order don't bind if it is one of those."""
    return replace(ticket, parts={}, tools=(), after=()) if ticket.id in unkept else ticket


def _bound(request: Request, pins: Pins) -> Request:
    """Return a request as the pins bind it and free it: begins are windows, bans and limits that don't bind are gone."""
    if pins is NO_PINS:
        return request
    tickets = tuple(
        _bound_ticket(ticket, pins) if ticket.id in pins.free or ticket.id in pins.begins else ticket
        for ticket in request.tickets
    )
    engineers = tuple(
        replace(
            engineer,
            max_busy_s=pins.busy_s.get(engineer.id, engineer.max_busy_s),
            shifts=tuple(pins.shifts.get((engineer.id, shift.id), shift) for shift in engineer.shifts),
        )
        for engineer in request.engineers
    )
    return replace(request, tickets=tickets, engineers=engineers)


def _bound_ticket(ticket: Ticket, pins: Pins) -> Ticket:
    """Return a ticket as pins bind and free it."""
    held = pins.begins.get(ticket.id)
    if ticket.id in pins.free:
        pairs = tuple(replace(pair, forbid=False) for pair in ticket.pairs)
        release = None if any(pin.ticket == ticket.id for pin in pins.broken) else ticket.release
        free = replace(ticket, windows=(), only=None, never=(), pairs=pairs, release=release)
        return free if held is None else replace(free, windows=(held,))
    if held is None:
        return ticket
    first, last = held
    inside = [(max(low, first), min(high, last)) for low, high in ticket.windows or (held,)]
    windows = tuple((low, high) for low, high in inside if low <= high)
    if windows:
        return replace(ticket, windows=windows)
    return replace(ticket, windows=(held,), release=last + timedelta(seconds=1))  # no moment suits both


def _list_tours(request: Request, known: InForce, pins: Pins) -> tuple[Tour, ...]:
    """Return the shifts that are not over at ``now`` or have a visit that is held, by engineer, then by start."""
    held = {
        (coming.row.engineer, coming.row.shift)
        for rows in known.coming.values()
        for coming in rows
        if coming.is_held or coming.is_on_the_way
    }
    tours = []
    for row, engineer in enumerate(request.engineers):
        for shift in sorted(engineer.shifts, key=lambda shift: shift.start):
            key = engineer.id, shift.id
            is_over = shift.end < request.now and (request.now - shift.end).total_seconds() > shift.overtime_s
            if is_over and key not in held:
                continue
            where = known.whereabouts.get(key)
            done = frozenset(range(len(shift.breaks))) if key in pins.unrested else frozenset()
            settled = done if where is None else done | frozenset(where.breaks_done)
            tours.append(Tour(row, shift, where, settled))
    return tuple(tours)


FactorKey = Decimal | frozenset[tuple[str, Decimal]]


def _factor_key(factor: Decimal | Mapping[str, Decimal]) -> FactorKey:
    """Return a service factor so that equal ones are one class."""
    return frozenset(factor.items()) if isinstance(factor, Mapping) else factor


def _service_s(tickets: Sequence[Ticket], durations_s: Sequence[int], factors: Sequence[FactorKey]) -> I32:
    """Return the seconds of each ticket's work for each class of engineers, rounded up; int32[n_jobs, n_kinds]."""
    skills_of, skill_sets = number(frozenset(ticket.requires) for ticket in tickets)
    nominal_s = np.array([min(seconds, _SERVICE_MAX_S) for seconds in durations_s], np.int64)
    service_s = np.empty((len(tickets), max(1, len(factors))), np.int32)
    for kind, factor in enumerate(factors or [ONE]):
        thousandths = np.array([_thousandths(factor, skills) for skills in skill_sets], np.int64)
        exact_s = -((-nominal_s * thousandths[skills_of]) // 1000)
        service_s[:, kind] = np.minimum(exact_s, _SERVICE_MAX_S)
    return service_s


def _thousandths(factor: FactorKey, skills: frozenset[str]) -> int:
    """Return what an engineer's factor is for a ticket of these skills, in thousandths: the largest that counts."""
    if isinstance(factor, Decimal):
        counts = factor
    else:
        named = dict(factor)
        counts = max((named.get(skill, ONE) for skill in skills), default=ONE)
    return min(int(counts * 1000), _SERVICE_MAX_S)


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans sorted, those that meet joined."""
    joined: list[tuple[int, int]] = []
    for low, high in sorted(spans):
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, max(low, high)))
    return joined
