"""Whether an earlier visit would be legal alone: in its old shift, at its old start, with nothing else planned.

The format asks this twice: a visit that would break a rule even so does not count against ``max_changes``, and a pin
that nothing stood against was broken without need. The answer is found by building routes that lead from the start by
way of pick-ups and breaks to the visit and on to the end, and judging them by the same clauses as any plan.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, permutations, product

from dispatch.format.model import Depot, Engineer, Route, Shift, Stop, Ticket
from dispatch.judge.findings import Findings
from dispatch.judge.fit import check_fit
from dispatch.judge.limits import check_limits
from dispatch.judge.matching import covered
from dispatch.judge.previous import Earlier, Earliers
from dispatch.judge.routes import Resolved, ResolvedRoute, ResolvedStop, Visit
from dispatch.judge.timing import check_timing, duration_s, overlaps
from dispatch.judge.together import check_links
from dispatch.judge.travel import Travel
from dispatch.judge.world import World, seconds

MOST_CALLS = 3
"""Routes with more pick-ups before the one visit are not tried."""
MOST_STEPS = 2_000
"""How many stops one question may try; a visit for which no route is found by then counts as breaking a rule."""
MOST_MATES = 50
"""How many engineers are tried as mates of a crew; the rest count as not free."""

Leg = tuple[int, int]
"""Seconds and metres of a leg."""
Calls = dict[str, int]
"""The depots that a route calls at, and when each pick-up begins, seconds since 1970."""


def clear_of_absences(shift: Shift, begin_s: int, lasts_s: int) -> int:
    """Give the earliest moment from ``begin_s`` on at which ``lasts_s`` seconds overlap no absence of a shift."""
    for from_, to in sorted(shift.absences):
        if overlaps(begin_s, begin_s + lasts_s, seconds(from_), seconds(to)):
            begin_s = seconds(to)
    return begin_s


@dataclass(frozen=True, slots=True)
class Appointment:
    """Someone at a ticket at a given moment, in a given shift.

    Attributes
    ----------
    begin_s
        When work begins, seconds since 1970 UTC.
    on_the_way
        Nothing may come before it.
    """

    ticket: Ticket
    engineer: Engineer
    shift: Shift
    begin_s: int
    on_the_way: bool = False


Agenda = Sequence[Appointment]
"""What one engineer has to keep in one shift, in order of time."""


class Alone:
    """Answer questions about single visits of the plan in force."""

    def __init__(self, world: World, travel: Travel) -> None:
        self.world = world
        self.travel = travel
        self.unbroken = Earliers(world, ())

    def is_legal(self, rows: list[Earlier]) -> bool:
        """Tell whether a visit, or all of its crew, would break no rule alone at its old start.

        Tickets that are not finished are left aside: ``after`` and ``same_engineer_as`` bind to finished ones only.
        """
        if any(row.gone for row in rows) or len({row.row.engineer for row in rows}) != rows[0].ticket.crew:
            return False
        crew = [self.appoint(row, row.start_s) for row in rows]
        return self.fits(crew) and self.is_routed(crew, fetching=True)

    def appoint(self, row: Earlier, begin_s: int) -> Appointment:
        """Make the appointment that an earlier visit, whose shift is still there, is in its old shift."""
        engineer, shift = row.row.engineer, row.row.shift
        return Appointment(
            row.ticket, self.world.engineers[engineer], self.world.shifts[engineer, shift], begin_s, row.travelling
        )

    def is_out_of_reach(self, rows: list[Earlier]) -> bool:
        """Tell whether a visit cannot be made at all.

        There is no way to or from it, or too few are left who could be its crew.
        """
        present = [row for row in rows if not row.gone]
        arrivals: list[int] = []
        for row in present:
            engineer, shift = self.world.engineers[row.row.engineer], self.world.shifts[row.row.engineer, row.row.shift]
            arrive_s = self.arrival_s(engineer, shift, *self.start(engineer, shift), row.ticket.location)
            end = row.ticket.location if shift.end_location is None else shift.end_location
            if arrive_s is None or self.travel.metres(row.ticket.location, end) is None:
                return True
            arrivals.append(arrive_s)
        known = {row.row.engineer for row in rows}
        lacking = rows[0].ticket.crew - len(present)
        if any(row.row.engineer in known and row.ticket is not rows[0].ticket for row in self.unbroken.rows):
            return lacking > 0
        begin_s = max((*arrivals, *(row.start_s for row in present)))
        return lacking > len(self.free_mates(rows[0].ticket, begin_s))

    def start(self, engineer: Engineer, shift: Shift) -> tuple[str, int]:
        """Give where a route starts, and the earliest moment at which it may leave."""
        leave_s = max(self.world.now_s, self.world.earliest_leave_s(engineer.id, shift))
        return self.world.start_location(engineer.id, shift), leave_s

    def arrival_s(self, engineer: Engineer, shift: Shift, place: str, leave_s: int, destination: str) -> int | None:
        """Give the earliest arrival of a leg that leaves at ``leave_s`` or, where absences forbid that, later.

        None: there is no way.
        """
        while True:
            leg_s = self.travel.leg_s(place, destination, engineer.speed_factor, leave_s)
            if leg_s is None:
                return None
            clear_s = clear_of_absences(shift, leave_s, leg_s)
            if clear_s == leave_s:
                return leave_s + leg_s
            leave_s = clear_s

    def fits(self, crew: Sequence[Appointment]) -> bool:
        """Judge skills, bans, windows, release, crew and finished predecessors of one ticket."""
        ticket = crew[0].ticket
        resolved = Resolved()
        for each in crew:
            route = _Search(self, [each], pickups=False).bare_route()
            resolved.visits.setdefault(ticket.id, []).append(Visit(route, route.stops[1]))
        findings = Findings()
        check_fit(self.world, resolved, self.unbroken, findings)
        check_links(self.world, ticket, resolved, self.unbroken, Counter(), findings)
        return not findings.violations

    def is_routed(self, crew: Sequence[Appointment], *, fetching: bool) -> bool:
        """Tell whether each of a crew has a legal route with this visit alone, and they have its parts and tools.

        Parameters
        ----------
        fetching
            Whether what they lack may come from depots.
        """
        at_hand = self._is_supplied(crew, ({},) * len(crew))
        if not at_hand and not fetching:
            return False
        options = [_Search(self, [each], pickups=not at_hand).options() for each in crew]
        return any(at_hand or self._is_supplied(crew, chosen) for chosen in product(*options))

    def is_kept(self, agenda: Agenda) -> bool:
        """Tell whether one engineer has a legal route that keeps all these appointments, parts and tools left aside."""
        return not any(each.on_the_way for each in agenda[1:]) and bool(_Search(self, agenda, pickups=False).options())

    def is_banned(self, ticket: Ticket, engineer: Engineer) -> bool:
        """Tell whether ``only``, ``never`` or a pair keeps an engineer from a ticket."""
        if engineer.id in ticket.never or (ticket.only is not None and engineer.id not in ticket.only):
            return True
        return any(pair.engineer == engineer.id and pair.forbid for pair in ticket.pairs)

    def free_mates(self, ticket: Ticket, begin_s: int) -> list[Appointment]:
        """List who could join a crew: banned by nothing, with nothing in the plan in force and a legal route."""
        bound = {row.row.engineer for row in self.unbroken.rows}
        able = (
            engineer
            for engineer in self.world.request.engineers
            if engineer.id not in bound and not self.is_banned(ticket, engineer)
        )
        free: list[Appointment] = []
        for engineer in islice(able, MOST_MATES):
            every = (Appointment(ticket, engineer, shift, begin_s) for shift in engineer.shifts)
            free += [each for each in every if self.is_kept([each])][:1]
        return free

    def _is_supplied(self, crew: Sequence[Appointment], chosen: tuple[Calls, ...]) -> bool:
        """Tell whether the vans, hands and depots of these routes have all that the ticket needs."""
        ticket = crew[0].ticket
        parts: Counter[str] = Counter()
        tools: set[str] = set()
        latest: Calls = {}
        for each, calls in zip(crew, chosen, strict=True):
            parts.update(each.engineer.van)
            tools |= self.world.tools_at_start(each.engineer, each.shift)
            for depot_id, begin_s in calls.items():
                latest[depot_id] = max(begin_s, latest.get(depot_id, begin_s))
        for depot_id, begin_s in latest.items():
            depot = self.world.depots[depot_id]
            parts.update(depot.stock)
            for inbound in depot.inbound:
                if seconds(inbound.at) <= begin_s:
                    parts[inbound.part] += inbound.qty
            tools |= {tool for tool, quantity in depot.tools.items() if quantity > 0}
        need = {part: quantity for part, quantity in ticket.parts.items() if quantity > 0}
        return tools.issuperset(ticket.tools) and covered(need, parts, self.world.substitutes) == sum(need.values())


class _Search:
    """Find the legal routes of one engineer that keep his appointments and serve nothing else."""

    def __init__(self, alone: Alone, agenda: Agenda, *, pickups: bool) -> None:
        self.alone = alone
        self.world = alone.world
        self.agenda = tuple(agenda)
        self.first = agenda[0]
        self.engineer, self.shift = self.first.engineer, self.first.shift
        self.steps = 0
        where = self.world.whereabouts.get((self.engineer.id, self.shift.id))
        done = () if where is None else where.breaks_done
        self.breaks = tuple(index for index in range(len(self.shift.breaks)) if index not in done)
        self.parts = self.world.usable_parts(self.first.ticket)
        self.depots = self._useful_depots() if pickups and not self.first.on_the_way else []
        self.turns_s = self._turns()

    def options(self) -> list[Calls]:
        """List which depots legal routes can call at and when, without repetition, fewest calls first."""
        found: list[Calls] = []
        for length in range(min(MOST_CALLS, len(self.depots)) + 1):
            for depots in permutations(self.depots, length):
                for route in self._routes(depots):
                    calls = {stop.depot.id: stop.begin_s for stop in route.stops if stop.depot is not None}
                    if calls not in found and self._is_legal(route):
                        found.append(calls)
                        if not depots:
                            break
        return found

    def bare_route(self) -> ResolvedRoute:
        """Give a route that begins at the first visit, for the clauses that look at nothing but that."""
        begin_s = self.first.begin_s
        start = self._stop("start", self.first.ticket.location, (0, 0), begin_s, 0, begin_s)
        return self._route((start, self._visit(start, (0, 0), self.first)))

    def _useful_depots(self) -> list[Depot]:
        tools = {*self.first.ticket.tools}
        return [
            depot
            for depot in self.world.request.depots
            if self.parts & {*depot.stock, *(inbound.part for inbound in depot.inbound)} or tools & {*depot.tools}
        ]

    def _turns(self) -> list[int]:
        """List the moments up to the visit which it may pay to wait for."""
        turns = {seconds(to) for _, to in self.shift.absences}
        turns |= {seconds(self.shift.breaks[index].to) for index in self.breaks}
        turns |= {
            seconds(inbound.at) for depot in self.depots for inbound in depot.inbound if inbound.part in self.parts
        }
        turns |= {seconds(from_) for depot in self.depots for from_, _ in depot.open}
        return sorted(turns)

    def _begins(self, earliest_s: int, lasts_s: int) -> list[int]:
        """List when something may begin: at once, or so that it begins or ends at a turn."""
        later = {turn_s - before_s for turn_s in self.turns_s for before_s in (0, lasts_s)}
        return [earliest_s, *sorted(begin_s for begin_s in later if begin_s > earliest_s)]

    def _routes(self, depots: tuple[Depot, ...]) -> Iterator[ResolvedRoute]:
        """Yield routes by way of ``depots`` in this order, breaks taken or not, waiting here or there."""
        place, earliest_s = self.alone.start(self.engineer, self.shift)
        latest_s = self._latest_leave_s(place, earliest_s)
        for leave_s in dict.fromkeys((*self._begins(earliest_s, 0), latest_s)):
            start = self._stop("start", place, (0, 0), leave_s, 0, leave_s)
            yield from self._onward((start,), (*depots, *self.agenda), self.breaks)

    def _latest_leave_s(self, place: str, earliest_s: int) -> int:
        """Give the last moment to leave straight for the first visit; the earliest when it is too late already."""
        low_s, high_s = earliest_s, max(earliest_s, self.first.begin_s)
        while low_s < high_s:
            middle_s = (low_s + high_s + 1) // 2
            leg_s = self.alone.travel.leg_s(place, self.first.ticket.location, self.engineer.speed_factor, middle_s)
            if leg_s is None or middle_s + leg_s > self.first.begin_s:
                high_s = middle_s - 1
            else:
                low_s = middle_s
        return low_s

    def _onward(
        self, stops: tuple[ResolvedStop, ...], sites: tuple[Depot | Appointment, ...], breaks: tuple[int, ...]
    ) -> Iterator[ResolvedRoute]:
        """Yield every way to go on from the last of ``stops``, depth first; ``sites`` and ``breaks`` are left."""
        self.steps += 1
        before = stops[-1]
        due_s = next((site.begin_s for site in sites if isinstance(site, Appointment)), before.leave_s)
        if self.steps > MOST_STEPS or before.leave_s > due_s:
            return
        here = before.stop.location
        ahead = self._place(sites[0]) if sites else self.shift.end_location or here
        leg = self._leg(before, ahead)
        if leg is None:
            return
        arrive_s = before.leave_s + leg[0]
        if not sites:
            yield self._route((*stops, self._stop("end", ahead, leg, arrive_s, 0, arrive_s)))
        elif isinstance(sites[0], Depot):
            yield from self._by_depot(stops, sites[0], (leg, arrive_s), sites[1:], breaks)
        elif arrive_s <= due_s:
            yield from self._onward((*stops, self._visit(before, leg, sites[0])), sites[1:], breaks)
        if len(stops) == 1 and self.first.on_the_way:
            return
        for index in breaks:
            for place, there in {here: (0, 0), ahead: leg}.items():
                yield from self._by_break(stops, index, (place, there), sites, breaks)

    @staticmethod
    def _place(site: Depot | Appointment) -> str:
        return site.location if isinstance(site, Depot) else site.ticket.location

    def _by_depot(
        self,
        stops: tuple[ResolvedStop, ...],
        depot: Depot,
        arrival: tuple[Leg, int],
        sites: tuple[Depot | Appointment, ...],
        breaks: tuple[int, ...],
    ) -> Iterator[ResolvedRoute]:
        leg, arrive_s = arrival
        for begin_s in self._begins(arrive_s, depot.handling_s):
            if any(seconds(from_) <= begin_s <= seconds(to) for from_, to in depot.open):
                call = self._stop("pickup", depot.location, leg, arrive_s, depot.handling_s, begin_s, place=depot)
                yield from self._onward((*stops, call), sites, breaks)

    def _by_break(
        self,
        stops: tuple[ResolvedStop, ...],
        index: int,
        at: tuple[str, Leg],
        sites: tuple[Depot | Appointment, ...],
        breaks: tuple[int, ...],
    ) -> Iterator[ResolvedRoute]:
        pause = self.shift.breaks[index]
        place, leg = at
        arrive_s = stops[-1].leave_s + leg[0]
        left = tuple(other for other in breaks if other != index)
        for begin_s in self._begins(max(arrive_s, seconds(pause.from_)), pause.duration_s):
            if begin_s <= seconds(pause.to):
                rest = self._stop("break", place, leg, arrive_s, pause.duration_s, begin_s, place=index)
                yield from self._onward((*stops, rest), sites, left)

    def _leg(self, before: ResolvedStop, destination: str) -> Leg | None:
        """Give the seconds and metres of a leg; None: there is no way."""
        origin = before.stop.location
        travel_m = self.alone.travel.metres(origin, destination)
        travel_s = self.alone.travel.leg_s(origin, destination, self.engineer.speed_factor, before.leave_s)
        return None if travel_s is None or travel_m is None else (travel_s, travel_m)

    def _visit(self, before: ResolvedStop, leg: Leg, due: Appointment) -> ResolvedStop:
        """Make a visit at its appointed moment; another one before it at the same place saves its set-up."""
        ticket = due.ticket
        again = before.stop.kind == "visit" and before.stop.location == ticket.location
        lasts_s = duration_s(self.engineer, ticket, with_setup=not again)
        return self._stop("visit", ticket.location, leg, before.leave_s + leg[0], lasts_s, due.begin_s, place=ticket)

    def _stop(
        self,
        kind: str,
        location: str,
        leg: Leg,
        arrive_s: int,
        lasts_s: int,
        begin_s: int,
        *,
        place: Depot | Ticket | int | None = None,
    ) -> ResolvedStop:
        """Make a stop at a depot, a ticket, or for a break of the shift, by its index."""
        leave_s = begin_s + lasts_s
        arrive, begin, leave = (self.world.moment(at_s) for at_s in (arrive_s, begin_s, leave_s))
        index = place if isinstance(place, int) else None
        return ResolvedStop(
            Stop(kind, location, arrive, begin, leave, *leg, break_=index),
            kind,
            arrive_s,
            begin_s,
            leave_s,
            ticket=place if isinstance(place, Ticket) else None,
            depot=place if isinstance(place, Depot) else None,
            pause=None if index is None else self.shift.breaks[index],
        )

    def _route(self, stops: tuple[ResolvedStop, ...]) -> ResolvedRoute:
        bare = Route(self.engineer.id, self.shift.id, (), 0, 0, 0, 0, 0)
        return ResolvedRoute(bare, "alone", self.engineer, self.shift, stops)

    def _is_legal(self, route: ResolvedRoute) -> bool:
        findings = Findings()
        check_timing(self.world, [route], self.alone.unbroken, findings)
        check_limits([route], self.alone.unbroken, findings)
        return not findings.violations
