"""Which pins can be kept, before anything is searched: the format's section *Re-planning*.

A pin comes before all that nothing holds. So for each engineer only what is held is timed, by the search's own clock: whoever is on
the way first, then visits whose start is held, in order, then those whose engineer alone is. A visit that finds no legal place
among them has a *broken* pin: it stays with its engineer, begins at its start or the earliest after it, nothing but legs, absences and
being in one place at a time binds it, and its route's limits are widened by as much as that needs, and the other visits planned beside it. A visit
that cannot be made even so is lost.

The clock leaves at once after work: where the way on would have to wait for an absence to end it finds no place, and says so.

The same clock tells which visits would break a rule even alone: they are no changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, Protocol

import numpy as np

from dispatch.format.faults import Fault
from dispatch.format.model import BrokenPin, Engineer, Interval, Request, Shift, Ticket
from dispatch.planning.unsupported import Unsupported
from dispatch.rulebook.in_force import CALM, Coming, InForce
from dispatch.rulebook.lowering import NO_PINS, Lowering, Pins, helper_id
from dispatch.rulebook.visits import whole_s
from solver import reference
from solver.arrays import Arrays, pack
from solver.problem import Problem, Timed
from solver.tours import time_tour

FOREVER: Final = timedelta(days=60)
"""A begin, or a limit, that is not held lies that far off."""

TEXTS: Final = {
    "gone": "{ticket} 原定的 {engineer} 或其班次已不在：不再受锁定约束",
    "skill": "{engineer} 缺少 {ticket} 所需的技能：保留锁定的工程师，技能不再约束",
    "only_never": "{ticket} 不许 {engineer} 上门：保留锁定的工程师，此限制不再约束",
    "pair": "规则不许 {engineer} 上门 {ticket}：保留锁定的工程师，此限制不再约束",
    "window": "{ticket} 锁定的时间不在可上门时段内",
    "part": "{ticket} 所需的备件无法备齐：保留锁定的工程师，备件、工具和先后不再约束",
    "tool": "{ticket} 所需的工具无法备齐：保留锁定的工程师，工具和先后不再约束",
    "after": "{ticket} 无法等到它之后才能开始的工单完成：保留锁定的工程师，先后不再约束",
    "pinned": "{ticket} 的锁定无法合法保留：尽量按原时间上门",
}
"""What is said of a broken pin, by its code; the document's language is Chinese, as that of its readers."""


class Timetable(Protocol):
    """What lowering gives back, as far as pins ask."""

    @property
    def problem(self) -> Problem:
        """Return the problem."""
        ...

    @property
    def lowering(self) -> Lowering:
        """Return the request, numbered."""
        ...


LowerWith = Callable[[Request, Pins], Timetable]
"""Lowers a request as if these pins had been decided."""

Key = tuple[str, str]
"""Engineer and shift."""


def decide_pins(request: Request, known: InForce, lower_with: LowerWith, unkept: Collection[str] = frozenset()) -> Pins:
    """Decide what is kept of pins, frozen visits and visits on the way.

    Parameters
    ----------
    request
        Without finished tickets.
    known
        Its plan in force.
    lower_with
        Lowers a request under given pins.
    unkept
        Held tickets whose pins are broken in any case: parts, tools or order keep them from being served.
    """
    if not known.coming:
        return NO_PINS
    tickets = {ticket.id: ticket for ticket in request.tickets}
    listed = [
        BrokenPin(ticket_id, "gone", _text("gone", coming))
        for ticket_id, rows in known.coming.items()
        if (coming := next((one for one in rows if one.is_gone and one.row.pin != "none"), None)) is not None
    ]
    visits = {
        name: one
        for ticket_id, rows in known.coming.items()
        for name, one in _members(tickets[ticket_id], rows, tickets)
    }
    held = {name: one for name, one in visits.items() if one.is_held or one.is_on_the_way}
    pins = NO_PINS
    if held:
        starts = {one.row.ticket for rows in known.coming.values() for one in rows if one.is_start_held}
        planned = {
            name: one for name, one in visits.items() if name not in held and name == one.row.ticket and not one.is_gone
        }
        pins = _Desk(request, tickets, held, planned, starts, unkept, lower_with).decide()
    pins = replace(pins, broken=(*listed, *pins.broken))
    if known.max_changes is not None:
        uncounted = _uncounted(request, tickets, visits, lower_with)
        pins = replace(pins, uncounted=uncounted, begins={**_calm_ways(held, uncounted), **pins.begins})
    return replace(pins, begins={**_begins_before(request, tickets, pins), **pins.begins})


def _begins_before(request: Request, tickets: Mapping[str, Ticket], pins: Pins) -> dict[str, Interval]:
    """Return by when tickets begin that have to be over before a held start: nobody works faster than at the least factor."""
    factors = [
        factor
        for engineer in request.engineers
        for factor in (
            [engineer.service_factor]
            if isinstance(engineer.service_factor, Decimal)
            else [Decimal(1), *engineer.service_factor.values()]
        )
    ]
    fastest = min(factors, default=Decimal(1))
    found: dict[str, Interval] = {}
    for ticket in request.tickets:
        held = pins.begins.get(ticket.id)
        if held is None or held[0] != held[1] or ticket.id in pins.free:
            continue
        for one in ticket.after:
            before = tickets.get(one.ticket)
            if before is not None and before.id not in pins.begins and before.id not in pins.free:
                last = held[1] - timedelta(seconds=one.gap_s + int(before.duration_s * fastest))
                last = min(last, found[before.id][1]) if before.id in found else last
                found[before.id] = request.now, last
    return {ticket_id: interval for ticket_id, interval in found.items() if interval[1] >= request.now}


def _members(ticket: Ticket, rows: Sequence[Coming], tickets: dict[str, Ticket]) -> list[tuple[str, Coming]]:
    """Name the visits of a ticket, those of a crew one by one: each has a stand-in in ``tickets`` then, which asks for no skills.

    Who of a crew is held is held to its start: only then do all begin together.
    """
    if ticket.crew == 1:
        held = [one for one in rows if one.is_held or one.is_on_the_way]
        return [(ticket.id, (held or rows)[-1 if held else 0])]
    named = []
    for member, one in enumerate(rows):
        name = helper_id(ticket.id, member)
        tickets[name] = replace(ticket, id=name, requires={})
        named.append((name, replace(one, row=replace(one.row, pin="start")) if one.is_held else one))
    return named


def _calm_ways(held: Mapping[str, Coming], uncounted: frozenset[str]) -> dict[str, Interval]:
    """Return from when on visits on the way begin that count as changes: not so early that they are one.

    Where more is held in the shift, nothing is put off.
    """
    own = Counter(one.row.engineer for one in held.values())
    return {
        ticket_id: (one.row.start - CALM, one.row.start + FOREVER)
        for ticket_id, one in held.items()
        if one.is_on_the_way
        and ticket_id == one.row.ticket
        and ticket_id not in uncounted
        and own[one.row.engineer] == 1
    }


def _uncounted(
    request: Request, tickets: Mapping[str, Ticket], coming: Mapping[str, Coming], lower_with: LowerWith
) -> frozenset[str]:
    """Return the tickets whose earlier visit, alone in its shift at its start, would break a rule; parts and tools left aside."""
    begins = {name: (one.row.start, one.row.start) for name, one in coming.items()}
    free = frozenset(name for name, one in coming.items() if one.is_on_the_way)
    engineers = {one.row.engineer for one in coming.values()}
    clock = _Clock(lower_with(_only(request, [tickets[each] for each in coming], engineers), Pins(free, begins)))
    crews = Counter(one.row.ticket for one in coming.values())
    return frozenset(
        one.row.ticket
        for name, one in coming.items()
        if one.is_gone
        or crews[one.row.ticket] != tickets[name].crew
        or not clock.is_possible_alone((one.row.engineer, one.row.shift), name, with_goods=_has_goods(tickets[name]))
    )


def _has_goods(ticket: Ticket) -> bool:
    """Tell whether a ticket needs parts or tools."""
    return bool(ticket.tools) or any(ticket.parts.values())


def _only(request: Request, tickets: Sequence[Ticket], engineers: Collection[str]) -> Request:
    """Return a request of some tickets and engineers that nothing ties to others, without prices that wide limits would let overflow."""
    staff = tuple(engineer for engineer in request.engineers if engineer.id in engineers)
    loose = tuple(_loose(ticket, engineers) for ticket in tickets)
    weights = replace(request.weights, balance_per_h2=Decimal(0), overtime_per_h=Decimal(0))
    return replace(request, engineers=staff, tickets=loose, weights=weights)


def _loose(ticket: Ticket, engineers: Collection[str]) -> Ticket:
    """Return a ticket that nothing ties to others, and that names no engineers but some."""
    return replace(
        ticket,
        after=(),
        same_engineer_as=None,
        parts={},
        tools=(),
        crew=1,
        only=None if ticket.only is None else tuple(one for one in ticket.only if one in engineers),
        never=tuple(one for one in ticket.never if one in engineers),
        prefer=(),
        pairs=tuple(pair for pair in ticket.pairs if pair.forbid and pair.engineer in engineers),
    )


class _Clock:
    """Times routes of one lowered request, one by one."""

    def __init__(self, lowered: Timetable) -> None:
        self.problem = replace(lowered.problem, duration_grains_per_s=0)
        self.arrays: Arrays = pack(self.problem, with_near=False)
        asked = lowered.lowering.request
        self.now = asked.now
        self.job = {ticket.id: row for row, ticket in enumerate(asked.tickets)}
        self.tour = {
            (asked.engineers[tour.engineer_row].id, tour.shift.id): row
            for row, tour in enumerate(lowered.lowering.tours)
        }

    def time(self, key: Key, tickets: Sequence[str]) -> Timed | None:
        """Time a route; None: it is not possible."""
        tour = self.tour.get(key)
        if tour is None:
            return None
        return time_tour(self.problem, tour, tuple(self.job[each] for each in tickets), self.arrays)

    def is_possible_alone(self, key: Key, ticket_id: str, *, with_goods: bool) -> bool:
        """Tell whether a visit is possible alone in its shift, be it by leaving so late that no break is owed.

        ``with_goods``: what the visit needs may be fetched, with a break at the depot; then no break is in its way.
        """
        if self.time(key, [ticket_id]) is not None:
            return True
        tour, job = self.tour.get(key), self.job[ticket_id]
        if tour is None:
            return False
        problem = self.problem
        rested = replace(problem, break_to_s=np.minimum(problem.break_to_s, problem.tour_start_s.min()))
        timed = reference.time_tour(rested, tour, [job])
        if timed is None or with_goods:
            return timed is not None
        visit = next(event for event in timed.events if event.kind == "visit")
        base_s, _ = reference.leg(
            problem, int(problem.worker_speed[problem.tour_worker[tour]]), timed.events[0].place, visit.place
        )
        starts_s = problem.tour_start_s.copy()
        starts_s[tour] = reference.peak_depart_s(problem.peaks, visit.begin_s, base_s)
        return reference.time_tour(replace(problem, tour_start_s=starts_s), tour, [job]) is not None

    def begins(self, timed: Timed) -> list[datetime]:
        """Return when the visits of a timed route begin."""
        return [self.now + timedelta(seconds=event.begin_s) for event in timed.events if event.kind == "visit"]


Routes = dict[Key, list[str]]


@dataclass
class _Desk:
    """Deals what is held to the shifts of its engineers."""

    request: Request
    tickets: Mapping[str, Ticket]
    held: Mapping[str, Coming]
    planned: Mapping[str, Coming]
    """What was planned beside it and nothing holds, crews left aside."""
    starts: Collection[str]
    unkept: Collection[str]
    lower_with: LowerWith
    routes: Routes = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    broken: dict[str, Interval] = field(default_factory=dict)
    wide: dict[Key, int] = field(default_factory=dict)
    """How far limits of a shift are lifted: 1: all but breaks, 2: breaks as well."""

    def decide(self) -> Pins:
        """Keep what can be kept, and place what cannot."""
        strict = _Clock(self._lower(NO_PINS, level=0))
        turns = sorted(self.held, key=self._turn)
        left = [each for each in turns if each in self.unkept or not self._keep(strict, each)]
        self._require_crews(left)
        if left:
            engineers = {self.held[ticket_id].row.engineer for ticket_id in left}
            clocks = [_Clock(self._lower(Pins(frozenset(left)), level, engineers)) for level in range(3)]
            for ticket_id in left:
                self._place(clocks, ticket_id)
        return self._written()

    def _require_crews(self, left: Sequence[str]) -> None:
        """Refuse where a crew that is held cannot come at its start: when all of it could come instead is not looked for.

        Raises
        ------
        Unsupported
            With one fault for each visit of such a crew.
        """
        crews = {self.held[name].row.ticket for name in left if name != self.held[name].row.ticket}
        visits = () if self.request.previous is None else self.request.previous.visits
        expected = "is of a crew that is held and cannot come at that start, expected a visit that can be kept or moved"
        faults = [
            Fault("unsupported", f"previous.visits[{row}]", visit.ticket, expected)
            for row, visit in enumerate(visits)
            if visit.ticket in crews
        ]
        if faults:
            raise Unsupported(faults)

    # ------------------------------------------------------------------------------------------------------ keeping

    def _turn(self, ticket_id: str) -> tuple[bool, bool, datetime, str]:
        """Return when a visit's turn is: on the way first, then held starts, then the others, by their start."""
        one = self.held[ticket_id]
        return not one.is_on_the_way, not one.is_start_held, one.row.start, ticket_id

    def _keep(self, clock: _Clock, ticket_id: str) -> bool:
        """Put a visit where all that is held is legal, and tell whether there is such a place."""
        one = self.held[ticket_id]
        old = one.row.engineer, one.row.shift
        keys = [old]
        if not one.is_start_held and not one.is_on_the_way:
            keys += [key for key in clock.tour if key[0] == old[0] and key != old]
        for key in keys:
            route = self.routes.get(key, [])
            for position in self._positions(route, one):
                longer = [*route[:position], ticket_id, *route[position:]]
                timed = clock.time(key, longer)
                if timed is not None and self._is_in_time(clock, key, timed):
                    self.routes[key] = longer
                    return True
        return False

    def _positions(self, route: Sequence[str], one: Coming) -> list[int]:
        """List where a visit may stand among others, its old order first."""
        if one.is_on_the_way:
            return [0]
        first = 1 if route and self._visit(route[0]).is_on_the_way else 0
        own = sum(self._visit(each).row.start <= one.row.start for each in route)
        places = range(first, len(route) + 1)
        return sorted(places, key=lambda place: (abs(place - max(first, own)), place))

    def _is_in_time(self, clock: _Clock, key: Key, timed: Timed) -> bool:
        """Tell whether an engineer's routes keep his limit of hours."""
        tour = clock.tour[key]
        limit_s = int(clock.problem.worker_max_busy_s[clock.problem.tour_worker[tour]])
        busy_s = timed.travel_s + timed.service_s
        for other, route in self.routes.items():
            if other[0] == key[0] and other != key and (own := clock.time(other, route)) is not None:
                busy_s += own.travel_s + own.service_s
        return busy_s <= limit_s

    # ------------------------------------------------------------------------------------------------------- placing

    def _place(self, clocks: Sequence[_Clock], ticket_id: str) -> None:
        """Put a visit whose pin is broken where it begins at its start or soonest after it, limits lifted as little as that needs."""
        one = self.held[ticket_id]
        key = one.row.engineer, one.row.shift
        best = self._earliest(clocks[2], key, ticket_id)
        if best is None:
            self.lost.add(ticket_id)
            return
        for level in range(self.wide.get(key, 0), 3):
            found = self._earliest(clocks[level], key, ticket_id)
            if found is not None and (found[0] == best[0] or not one.is_held):
                begin, self.routes[key] = found
                self.wide[key] = level
                if one.is_held:
                    self.broken[ticket_id] = (min(one.row.start, begin), begin)
                return

    def _earliest(self, clock: _Clock, key: Key, ticket_id: str) -> tuple[datetime, list[str]] | None:
        """Return the earliest begin of a visit in a shift, and the route with it; None: there is no place."""
        route = self.routes.get(key, [])
        found: list[tuple[datetime, list[str]]] = []
        for position in self._positions(route, self.held[ticket_id]):
            longer = [*route[:position], ticket_id, *route[position:]]
            timed = clock.time(key, longer)
            if timed is not None and self._leaves_others(clock, key, timed, longer, ticket_id):
                found.append((clock.begins(timed)[position], longer))
        return min(found, key=lambda place: place[0], default=None)

    def _leaves_others(self, clock: _Clock, key: Key, timed: Timed, route: Sequence[str], ticket_id: str) -> bool:
        """Tell whether visits that were placed before begin when they did, and the engineer has the hours."""
        begins = dict(zip(route, clock.begins(timed), strict=True))
        kept = all(begins[each] <= self.broken[each][1] for each in route if each in self.broken and each != ticket_id)
        return kept and self._is_in_time(clock, key, timed)

    # ------------------------------------------------------------------------------------------------------- writing

    def _lower(
        self,
        pins: Pins,
        level: int,
        engineers: Collection[str] | None = None,
        beside: Mapping[str, Coming] | None = None,
    ) -> Timetable:
        """Lower what is held, of some engineers or of all: held starts as windows, what ``pins`` frees from its start on, limits lifted.

        Visits ``beside`` it begin no earlier than is still no change.
        """
        begins: dict[str, Interval] = {}
        if engineers is None:
            engineers = {one.row.engineer for one in self.held.values()}
        held = {ticket_id: one for ticket_id, one in self.held.items() if one.row.engineer in engineers}
        for ticket_id, one in held.items():
            start = one.row.start
            if ticket_id in pins.free:
                begins[ticket_id] = (start, start + FOREVER) if one.is_held else (self.request.now, start + FOREVER)
            elif one.is_start_held:
                begins[ticket_id] = (start, start)
        free = pins.free | {ticket_id for ticket_id, one in held.items() if one.is_on_the_way}
        shifts: dict[Key, Shift] = {}
        busy_s: dict[str, int] = {}
        if level:
            for engineer in self.request.engineers:
                if engineer.id in engineers:
                    busy_s[engineer.id] = int(FOREVER.total_seconds())
                    shifts.update({(engineer.id, shift.id): _widened(shift) for shift in engineer.shifts})
        released = tuple(BrokenPin(each, "", "") for each in pins.free if each in held and held[each].is_held)
        unrested = frozenset(shifts) if level > 1 else frozenset()
        trial = Pins(free, begins, broken=released, shifts=shifts, busy_s=busy_s, unrested=unrested)
        beside = beside or {}
        begins |= {name: (one.row.start - CALM, one.row.start + FOREVER) for name, one in beside.items()}
        tickets = [self.tickets[each] for each in (*held, *beside)]
        return self.lower_with(_only(self.request, tickets, engineers), trial)

    def _written(self) -> Pins:
        """Write what was decided."""
        begins = {
            one.row.ticket: (one.row.start, one.row.start)
            for ticket_id, one in self.held.items()
            if one.row.ticket in self.starts and ticket_id not in self.broken and ticket_id not in self.lost
        }
        begins.update(self.broken)
        free = frozenset(one.row.ticket for one in self.held.values() if one.is_on_the_way) | frozenset(self.broken)
        engineers = {engineer.id: engineer for engineer in self.request.engineers}
        pins = [self._pin(engineers, ticket_id) for ticket_id in self.broken]
        decided = Pins(free, begins, frozenset(self.lost), tuple(pins))
        wide = {key: level for key, level in self.wide.items() if level}
        if not wide:
            return decided
        shifts, busy_s = self._limits(engineers, wide)
        unrested = frozenset(key for key, level in wide.items() if level > 1)
        return replace(decided, shifts=shifts, busy_s=busy_s, unrested=unrested)

    def _limits(
        self, engineers: Mapping[str, Engineer], wide: Mapping[Key, int]
    ) -> tuple[dict[Key, Shift], dict[str, int]]:
        """Return the limits of shifts and engineers, wider by as much as what is held needs, and what was planned beside it."""
        beside = {name: one for name, one in self.planned.items() if (one.row.engineer, one.row.shift) in wide}
        names = {engineer for engineer, _ in wide}
        levels = {1, *wide.values()}
        clocks = {level: _Clock(self._lower(Pins(frozenset(self.broken)), level, names, beside)) for level in levels}
        shifts: dict[Key, Shift] = {}
        busy_s: dict[str, int] = {}
        for key, held in self.routes.items():
            clock = clocks[wide.get(key, 1)]
            route = self._with_planned(clock, key, held) if key in wide else held
            timed = clock.time(key, route) if key in clock.tour else None
            if timed is None:
                continue
            engineer = engineers[key[0]]
            busy_s[key[0]] = busy_s.get(key[0], 0) + timed.travel_s + timed.service_s
            if key in wide:
                shift = next(each for each in engineer.shifts if each.id == key[1])
                over_s = timed.end_s - whole_s(self.request.now, shift.end)
                shifts[key] = replace(
                    shift,
                    overtime_s=max(shift.overtime_s, over_s),
                    max_visits=None if shift.max_visits is None else max(shift.max_visits, len(route)),
                    max_travel_s=None if shift.max_travel_s is None else max(shift.max_travel_s, timed.travel_s),
                )
        least = {
            name: max(limit, busy_s.get(name, 0))
            for name in {key[0] for key in wide}
            if (limit := engineers[name].max_busy_s) is not None
        }
        return shifts, least

    def _with_planned(self, clock: _Clock, key: Key, held: list[str]) -> list[str]:
        """Return a shift's route with the visits planned beside what is held, as far as it begins when it does without them."""
        route = held
        own = [name for name, one in self.planned.items() if (one.row.engineer, one.row.shift) == key]
        for name in sorted(own, key=lambda name: (self.planned[name].row.start, name)):
            for position in self._positions(route, self.planned[name]):
                longer = [*route[:position], name, *route[position:]]
                timed = clock.time(key, longer)
                if timed is not None and self._leaves_others(clock, key, timed, longer, name):
                    route = longer
                    break
        return route

    def _visit(self, name: str) -> Coming:
        """Return a visit, held or not."""
        return self.held.get(name) or self.planned[name]

    def _pin(self, engineers: Mapping[str, Engineer], ticket_id: str) -> BrokenPin:
        """Write why a pin is broken: by the first thing that keeps the engineer away, else that it cannot be kept."""
        one, ticket = self.held[ticket_id], self.tickets[ticket_id]
        engineer, start = engineers[one.row.engineer], one.row.start
        code = "pinned"
        if any(engineer.skills.get(skill, 0) < level for skill, level in ticket.requires.items()):
            code = "skill"
        elif engineer.id in ticket.never or (ticket.only is not None and engineer.id not in ticket.only):
            code = "only_never"
        elif any(pair.forbid and pair.engineer == engineer.id for pair in ticket.pairs):
            code = "pair"
        elif ticket.windows and one.is_start_held and not any(low <= start <= high for low, high in ticket.windows):
            code = "window"
        elif ticket_id in self.unkept:
            code = "part" if ticket.parts else "tool" if ticket.tools else "after"
        return BrokenPin(ticket_id, code, _text(code, one))


def _widened(shift: Shift) -> Shift:
    """Return a shift without limits."""
    return replace(shift, overtime_s=int(FOREVER.total_seconds()), max_visits=None, max_travel_s=None)


def _text(code: str, one: Coming) -> str:
    """Return the sentence of a broken pin."""
    return TEXTS[code].format(ticket=one.row.ticket, engineer=one.row.engineer)
