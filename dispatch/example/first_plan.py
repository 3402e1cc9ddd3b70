"""A legal plan by simple means: tickets in order of their day, each at the end of the route where it costs least.

It is no solver. It looks at nothing but the ends of routes and never takes anything back, and so it can say what a
plan in force may look like without asking the program that is to plan it.

Whoever lays a plan anew tells ``order``: who served each ticket, and in which shift.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from random import Random

from dispatch.example.roads import DAY_S, SECOND, Roads
from dispatch.format.model import Depot, Engineer, Request, Route, Shift, Stop, Ticket

Key = tuple[str, str]
"""Engineer and shift."""

CANDIDATES = 10
"""So many able engineers are tried for a ticket."""
MAX_WAIT_S = 5400
"""How long someone may stand before a door at the first attempt."""
CREW_TRIALS = 6


@dataclass(frozen=True, slots=True)
class _Laid:
    """A stop in seconds from the first midnight."""

    kind: str
    place: str
    arrive_s: int
    begin_s: int
    leave_s: int
    travel_s: int = 0
    travel_m: int = 0
    name: str | int | None = None
    parts: Mapping[str, int] = field(default_factory=dict)
    tools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Way:
    """A route as far as it goes; ``free_s`` is when the last stop is left."""

    engineer: Engineer
    shift: Shift
    stops: tuple[_Laid, ...]
    tools: frozenset[str]
    breaks: frozenset[int]

    @property
    def last(self) -> _Laid:
        return self.stops[-1]

    def add(self, stop: _Laid) -> _Way:
        return replace(self, stops=(*self.stops, stop))


@dataclass(frozen=True, slots=True)
class _There:
    """A route up to before a stop, and the leg to it."""

    way: _Way
    arrive_s: int
    travel_s: int
    travel_m: int


@dataclass(frozen=True, slots=True)
class _Coming:
    """How a crew comes to a ticket; ``supplier`` is the row of who brings ``parts``, after he has ``fetched``."""

    ways: Sequence[_There]
    supplier: int
    parts: Mapping[str, int]
    fetched: _Laid | None


class FirstPlan:
    """Lay tickets at the ends of routes.

    Parameters
    ----------
    request
        With travel of the model ``great_circle``; its ``previous`` says where engineers are, its visits bind nothing.
    random
        Decides among equals, and which engineers are tried.

    Attributes
    ----------
    ways
        By engineer and shift.
    served
        Who serves each ticket, and in which shift; its begin and its end in seconds from the first midnight.
    """

    def __init__(self, request: Request, random: Random) -> None:
        self.request = request
        self.random = random
        midnight = request.now.replace(hour=0, minute=0, second=0)
        ends = [shift.end for engineer in request.engineers for shift in engineer.shifts]
        self.roads = Roads(request, midnight, (max(ends, default=midnight) - midnight).days + 1)
        self.ways: dict[Key, _Way] = {}
        self.served: dict[str, tuple[tuple[Key, ...], int, int]] = {}
        self._tickets = {ticket.id: ticket for ticket in request.tickets}
        self._rank = {engineer.id: row for row, engineer in enumerate(request.engineers)}
        self._staff = {engineer.id: engineer for engineer in request.engineers}
        self._vans = {engineer.id: Counter(engineer.van) for engineer in request.engineers}
        self._shifts = {(engineer.id, shift.id): shift for engineer in request.engineers for shift in engineer.shifts}
        self._taken: dict[tuple[str, str], list[tuple[int, int]]] = {}
        self._lent: Counter[tuple[str, str, int]] = Counter()
        self._like: dict[str, list[str]] = {}
        for ticket in request.tickets:
            if ticket.same_engineer_as is not None:
                self._like.setdefault(ticket.id, []).append(ticket.same_engineer_as)
                self._like.setdefault(ticket.same_engineer_as, []).append(ticket.id)
        previous = request.previous
        self._whereabouts = {(each.engineer, each.shift): each for each in (previous.engineers if previous else ())}
        self._finished = {each.ticket: each for each in (previous.finished if previous else ())}

    # -- what is asked for ----------------------------------------------------------------------------------------

    def lay_all(self, left_out: Iterable[str] = ()) -> None:
        """Lay all tickets but some, day by day, as many as fit; those of an earlier day come first."""
        out = {*left_out, *self._finished}
        days = sorted({self.roads.to_s(shift.start) // DAY_S for shift in self._shifts.values()})
        for day in days:
            for patience_s in (MAX_WAIT_S, DAY_S):
                open_tickets = [each for each in self.request.tickets if each.id not in self.served]
                for ticket in sorted(open_tickets, key=lambda each: self._wish_s(each, day)):
                    if ticket.id not in out:
                        self._lay_somewhere(ticket, day, patience_s)

    def lay_again(self, order: Iterable[tuple[str, Sequence[Key]]]) -> None:
        """Lay tickets with the engineers and in the shifts that are told, in this order, as far as that is legal."""
        for name, keys in order:
            self._lay(self._tickets[name], keys, DAY_S)

    def list_routes(self) -> tuple[Route, ...]:
        """Give the routes in the planning format, in the order of the engineers and their shifts."""
        return tuple(
            self._make_route(self.ways[engineer.id, shift.id])
            for engineer in self.request.engineers
            for shift in engineer.shifts
            if (engineer.id, shift.id) in self.ways
        )

    # -- where a ticket could go ----------------------------------------------------------------------------------

    def _wish_s(self, ticket: Ticket, day: int) -> int:
        """Give when a ticket would like to begin on a day; only its place in the order depends on it."""
        begins = [self.roads.to_s(first) for first, _ in ticket.windows]
        begins = [begin_s for begin_s in begins if begin_s // DAY_S == day]
        if begins:
            return min(begins)
        if ticket.release is not None and self.roads.to_s(ticket.release) // DAY_S == day:
            return self.roads.to_s(ticket.release)
        if ticket.arrive is not None and self.roads.to_s(ticket.arrive.by) // DAY_S <= day:
            return self.roads.to_s(ticket.arrive.by)
        return day * DAY_S + self.random.randrange(9 * 3600, 16 * 3600)

    def _lay_somewhere(self, ticket: Ticket, day: int, patience_s: int) -> bool:
        """Try some engineers of a day and take the one who loses the least time."""
        able = [
            engineer for engineer in self.request.engineers if _fits(engineer, ticket) and _may_serve(engineer, ticket)
        ]
        keys = [
            (engineer.id, shift.id)
            for engineer in able
            for shift in engineer.shifts
            if self.roads.to_s(shift.start) // DAY_S == day
        ]
        self.random.shuffle(keys)
        keys.sort(key=lambda key: self.roads.metres(self._way(key).last.place, ticket.location))
        if ticket.crew > 1:
            return any(
                self._lay(ticket, keys_of_crew, patience_s) for keys_of_crew in self._draw_crews(ticket, keys, day)
            )
        chosen = (
            keys[: CANDIDATES // 2]
            + self.random.sample(keys, len(keys))[: CANDIDATES // 2]
            + [key for name in self._like.get(ticket.id, ()) if name in self.served for key in self.served[name][0]]
        )
        best: tuple[int, Key] | None = None
        for key in dict.fromkeys(chosen):
            lost_s = self._lay(ticket, [key], patience_s, trial=True)
            if lost_s and (best is None or (lost_s, key) < best):
                best = lost_s, key
        return best is not None and bool(self._lay(ticket, [best[1]], patience_s))

    def _draw_crews(self, ticket: Ticket, leads: Sequence[Key], day: int) -> list[list[Key]]:
        """Draw some crews, each with one of the nearest who are able."""
        mates = [
            (engineer.id, shift.id)
            for engineer in self.request.engineers
            if _may_serve(engineer, ticket)
            for shift in engineer.shifts
            if self.roads.to_s(shift.start) // DAY_S == day
        ]
        mates.sort(key=lambda key: self.roads.metres(self._way(key).last.place, ticket.location))
        crews = []
        for lead in leads[:CREW_TRIALS]:
            others = [key for key in mates[: 3 * CREW_TRIALS] if key[0] != lead[0]]
            if len(others) >= ticket.crew - 1:
                crews.append([lead, *self.random.sample(others, ticket.crew - 1)])
        return crews

    def _way(self, key: Key) -> _Way:
        """Give a route as far as it goes, an empty one where nothing is laid yet."""
        if key in self.ways:
            return self.ways[key]
        engineer, shift = self._staff[key[0]], self._shifts[key]
        where = self._whereabouts.get(key)
        place = shift.start_location if where is None else where.location
        leave_s = self.roads.to_s(max(shift.start, self.request.now) if where is None else where.from_)
        for from_, to in shift.absences:
            if self.roads.to_s(from_) <= leave_s + 7200 and leave_s < self.roads.to_s(to):
                leave_s = self.roads.to_s(to)
        start = _Laid("start", place, leave_s, leave_s, leave_s)
        tools = frozenset(engineer.tools) | frozenset(where.tools if where else ())
        pending = frozenset(range(len(shift.breaks))) - frozenset(where.breaks_done if where else ())
        pending = frozenset(each for each in pending if self.roads.to_s(shift.breaks[each].to) > leave_s)
        return _Way(engineer, shift, (start,), tools, pending)

    # -- laying one -----------------------------------------------------------------------------------------------

    def _lay(self, ticket: Ticket, keys: Sequence[Key], patience_s: int, *, trial: bool = False) -> int:
        """Lay a ticket with these engineers if that is legal; give the seconds that it costs them plus 1, else 0."""
        ready_s = self._ready_s(ticket)
        if ready_s is None or len(keys) != ticket.crew or not self._has_right_lead(ticket, keys):
            return 0
        coming = self._come(ticket, [self._way(key) for key in keys], ready_s)
        begin_s = None if coming is None else self._begin_s(ticket, coming.ways, ready_s)
        if coming is None or begin_s is None or begin_s - max(way.arrive_s for way in coming.ways) > patience_s:
            return 0
        after = [
            self._visit(ticket, way, begin_s, coming.parts if row == coming.supplier else None)
            for row, way in enumerate(coming.ways)
        ]
        if self._lapses(ticket, after) or not all(self._closes(way) for way in after):
            return 0
        lost_s = sum(way.last.begin_s - self._way(key).last.leave_s for key, way in zip(keys, after, strict=True))
        if not trial:
            self._keep(ticket, keys, after, coming)
        return 1 + lost_s

    def _come(self, ticket: Ticket, ways: list[_Way], ready_s: int) -> _Coming | None:
        """Let a crew go to a ticket, one of them by way of a depot where something is lacking; None: no legal way."""
        supplier, parts, lacking, tools = self._find_supplier(ticket, ways)
        fetched: _Laid | None = None
        if lacking or tools:
            fetching = self._fetch(ways[supplier], lacking, tools, ticket)
            if fetching is None:
                return None
            ways[supplier] = fetching
            fetched = fetching.last
        arrivals = []
        for way in ways:
            there = self._go(way, ticket.location, self._lasts_s(way, ticket), ready_s)
            if there is None:
                return None
            arrivals.append(there)
        return _Coming(arrivals, supplier, parts, fetched)

    def _visit(self, ticket: Ticket, there: _There, begin_s: int, parts: Mapping[str, int] | None) -> _Way:
        """Add a visit to a route; ``parts`` None: another of the crew brings parts and tools."""
        leave_s = begin_s + self._lasts_s(there.way, ticket)
        tools = () if parts is None else ticket.tools
        arrive_s, travel_s, travel_m = there.arrive_s, there.travel_s, there.travel_m
        return there.way.add(
            _Laid(
                "visit", ticket.location, arrive_s, begin_s, leave_s, travel_s, travel_m, ticket.id, parts or {}, tools
            )
        )

    def _keep(self, ticket: Ticket, keys: Sequence[Key], ways: Sequence[_Way], coming: _Coming) -> None:
        for key, way in zip(keys, ways, strict=True):
            self.ways[key] = way
        supplier = ways[coming.supplier]
        self.served[ticket.id] = tuple(keys), supplier.last.begin_s, max(way.last.leave_s for way in ways)
        van = self._vans[supplier.engineer.id]
        fetched = coming.fetched
        if fetched is not None:
            van.update(fetched.parts)
            day = self.roads.to_s(supplier.shift.start) // DAY_S
            for part, quantity in fetched.parts.items():
                self._taken.setdefault((str(fetched.name), part), []).append((fetched.begin_s, quantity))
            self._lent.update((str(fetched.name), tool, day) for tool in fetched.tools)
        van.subtract(supplier.last.parts)

    def _has_right_lead(self, ticket: Ticket, keys: Sequence[Key]) -> bool:
        """Tell whether somebody is able, all may come, and the lead is that of the tickets linked with this one."""
        crew = sorted((self._staff[engineer] for engineer, _ in keys), key=lambda each: self._rank[each.id])
        lead = next((engineer for engineer in crew if _fits(engineer, ticket)), None)
        if lead is None or not all(_may_serve(engineer, ticket) for engineer in crew):
            return False
        for name in self._like.get(ticket.id, ()):
            if name in self._finished:
                if self._finished[name].engineer != lead.id:
                    return False
            elif name in self.served and self.lead_of(name) != lead.id:
                return False
        return True

    def lead_of(self, name: str) -> str:
        """Give the lead of a ticket that is served: the first in the request's order who is able."""
        people = sorted((engineer for engineer, _ in self.served[name][0]), key=self._rank.__getitem__)
        return next(each for each in people if _fits(self._staff[each], self._tickets[name]))

    def _ready_s(self, ticket: Ticket) -> int | None:
        """Give the earliest begin by release and what comes before; None: something before is not served."""
        ready_s = 0 if ticket.release is None else self.roads.to_s(ticket.release)
        for after in ticket.after:
            if after.ticket in self._finished:
                end_s = self.roads.to_s(self._finished[after.ticket].end)
            elif after.ticket in self.served:
                end_s = self.served[after.ticket][2]
            else:
                return None
            ready_s = max(ready_s, end_s + after.gap_s)
        return ready_s

    def _lasts_s(self, way: _Way, ticket: Ticket) -> int:
        factor = way.engineer.service_factor
        if not isinstance(factor, Decimal):
            factor = max((factor.get(skill, Decimal(1)) for skill in ticket.requires), default=Decimal(1))
        here = way.last.kind == "visit" and way.last.place == ticket.location
        plain_s = ticket.duration_s if here else ticket.duration_s + ticket.setup_s
        return int((plain_s * factor).to_integral_value(rounding="ROUND_CEILING"))

    def _go(self, way: _Way, place: str, lasts_s: int, ready_s: int) -> _There | None:
        """Go to a place, with a break before it where a later one would come too late; None: no legal way."""
        for index in sorted(way.breaks):
            pause = way.shift.breaks[index]
            from_s, to_s = self.roads.to_s(pause.from_), self.roads.to_s(pause.to)
            leave_s = way.last.leave_s
            arrive_s = leave_s + self._leg_s(way, place, leave_s)
            if leave_s >= from_s or max(arrive_s, ready_s) + lasts_s > to_s:
                if leave_s > to_s:
                    return None
                way = self._rest(way, index)
        leave_s = way.last.leave_s
        travel_s = self._leg_s(way, place, leave_s)
        if self._is_away(way.shift, leave_s, leave_s + travel_s):
            return None
        return _There(way, leave_s + travel_s, travel_s, self.roads.metres(way.last.place, place))

    def _leg_s(self, way: _Way, place: str, leave_s: int) -> int:
        if way.last.place == place:
            return 0
        return self.roads.leg_s(way.last.place, place, way.engineer.speed_factor, leave_s)

    def _rest(self, way: _Way, index: int) -> _Way:
        """Take a break where the last stop was."""
        pause = way.shift.breaks[index]
        arrive_s = way.last.leave_s
        begin_s = max(arrive_s, self.roads.to_s(pause.from_))
        stop = _Laid("break", way.last.place, arrive_s, begin_s, begin_s + pause.duration_s, name=index)
        return replace(way.add(stop), breaks=way.breaks - {index})

    def _is_away(self, shift: Shift, begin_s: int, end_s: int) -> bool:
        return any(
            max(begin_s, self.roads.to_s(from_)) < min(end_s, self.roads.to_s(to)) for from_, to in shift.absences
        )

    def _begin_s(self, ticket: Ticket, gone: Sequence[_There], ready_s: int) -> int | None:
        """Give the first moment at which all can begin; None: none is legal."""
        begin_s = max(ready_s, *(there.arrive_s for there in gone))
        while True:
            was_s = begin_s
            if ticket.windows:
                windows = [(self.roads.to_s(first), self.roads.to_s(last)) for first, last in ticket.windows]
                later = [max(begin_s, first_s) for first_s, last_s in windows if last_s >= begin_s]
                if not later:
                    return None
                begin_s = min(later)
            for there in gone:
                lasts_s = self._lasts_s(there.way, ticket)
                for from_, to in there.way.shift.absences:
                    if self._overlaps(begin_s, begin_s + lasts_s, from_, to):
                        begin_s = self.roads.to_s(to)
            if begin_s == was_s:
                return begin_s

    def _overlaps(self, begin_s: int, end_s: int, from_: datetime, to: datetime) -> bool:
        return max(begin_s, self.roads.to_s(from_)) < min(end_s, self.roads.to_s(to))

    def _lapses(self, ticket: Ticket, ways: Sequence[_Way]) -> bool:
        """Tell whether a certificate of the lead ends before the work does."""
        able = [way for way in ways if _fits(way.engineer, ticket)]
        lead = min(able, key=lambda way: self._rank[way.engineer.id])
        return any(
            skill in lead.engineer.skills_until
            and self.roads.to_s(lead.engineer.skills_until[skill]) < lead.last.leave_s
            for skill in ticket.requires
        )

    def _closes(self, way: _Way) -> bool:
        """Tell whether a route can end after its last stop: in time, with its breaks, within its limits."""
        closed = self._close(way)
        if closed is None:
            return False
        shift, last = closed.shift, closed.last
        travel_s = sum(stop.travel_s for stop in closed.stops)
        return (
            last.arrive_s <= self.roads.to_s(shift.end) + shift.overtime_s
            and (shift.max_visits is None or sum(stop.kind == "visit" for stop in closed.stops) <= shift.max_visits)
            and (shift.max_travel_s is None or travel_s <= shift.max_travel_s)
            and (way.engineer.max_busy_s is None or self._busy_s(closed) <= way.engineer.max_busy_s)
        )

    def _busy_s(self, closed: _Way) -> int:
        """Add up travel and work of an engineer's routes, this one among them."""
        total_s = 0
        for shift in closed.engineer.shifts:
            way: _Way | None = self.ways.get((closed.engineer.id, shift.id))
            way = closed if shift is closed.shift else way and self._close(way)
            if way is not None:
                total_s += sum(stop.travel_s + _work_s(stop) for stop in way.stops)
        return total_s

    def _close(self, way: _Way) -> _Way | None:
        """Go to the end; None: a break cannot be taken any more, or somebody would have to drive while away."""
        for index in sorted(way.breaks):
            pause = way.shift.breaks[index]
            to_s = self.roads.to_s(pause.to)
            if self._end_s(way) > to_s > way.stops[0].leave_s:
                if way.last.leave_s > to_s:
                    return None
                way = self._rest(way, index)
        place = way.shift.end_location or way.last.place
        leave_s, end_s = way.last.leave_s, self._end_s(way)
        if self._is_away(way.shift, leave_s, end_s):
            return None
        metres = self.roads.metres(way.last.place, place)
        return way.add(_Laid("end", place, end_s, end_s, end_s, end_s - leave_s, metres))

    def _end_s(self, way: _Way) -> int:
        place = way.shift.end_location or way.last.place
        return way.last.leave_s + self._leg_s(way, place, way.last.leave_s)

    # -- parts and tools ------------------------------------------------------------------------------------------

    def _find_supplier(
        self, ticket: Ticket, ways: Sequence[_Way]
    ) -> tuple[int, dict[str, int], dict[str, int], tuple[str, ...]]:
        """Choose who of a crew brings parts and tools.

        Returns
        -------
        His row, what he uses, what of it and which tools he has to fetch first.
        """
        best: tuple[int, int, dict[str, int], dict[str, int]] | None = None
        for row, way in enumerate(ways):
            used, lacking = self._match(ticket, self._vans[way.engineer.id])
            found = (sum(lacking.values()), row, used, lacking)
            best = found if best is None or found[:2] < best[:2] else best
        assert best is not None  # noqa: S101 - a crew has somebody
        _, row, used, lacking = best
        missing = tuple(tool for tool in ticket.tools if tool not in ways[row].tools)
        return row, used, lacking, missing

    def _match(self, ticket: Ticket, van: Mapping[str, int]) -> tuple[dict[str, int], dict[str, int]]:
        """Choose what is used up for a ticket: the part itself, then its substitutes; give it, and what is lacking."""
        left, used, lacking = Counter(van), Counter[str](), Counter[str]()
        for part, quantity in ticket.parts.items():
            substitutes = self.request.parts[part].substitutes if part in self.request.parts else ()
            for _ in range(quantity):
                chosen = next((each for each in (part, *substitutes) if left[each] > 0), None)
                if chosen is None:
                    lacking[part] += 1
                    chosen = part
                else:
                    left[chosen] -= 1
                used[chosen] += 1
        return dict(used), dict(lacking)

    def _fetch(self, way: _Way, parts: Mapping[str, int], tools: Sequence[str], ticket: Ticket) -> _Way | None:
        """Call at the depot that has all of it and makes the shortest way; None: there is none."""
        best: tuple[int, str, _Way] | None = None
        for depot in self.request.depots:
            fetched = self._call(way, depot, parts, tools)
            if fetched is not None:
                lost_s = fetched.last.leave_s + self._leg_s(fetched, ticket.location, fetched.last.leave_s)
                if best is None or (lost_s, depot.id) < best[:2]:
                    best = lost_s, depot.id, fetched
        return None if best is None else best[2]

    def _call(self, way: _Way, depot: Depot, parts: Mapping[str, int], tools: Sequence[str]) -> _Way | None:
        """Take parts and tools from a depot as early as they are there; None: they cannot be had."""
        day = self.roads.to_s(way.shift.start) // DAY_S
        if any(self._lent[depot.id, tool, day] >= depot.tools.get(tool, 0) for tool in tools):
            return None
        there = self._go(way, depot.location, depot.handling_s, 0)
        if there is None:
            return None
        way, arrive_s, travel_s, travel_m = there.way, there.arrive_s, there.travel_s, there.travel_m
        coming = [self.roads.to_s(inbound.at) for inbound in depot.inbound if inbound.part in parts]
        opening = [self.roads.to_s(first) for first, _ in depot.open]
        returns = [self.roads.to_s(to) for _, to in way.shift.absences]
        for begin_s in sorted({arrive_s, *coming, *opening, *returns}):
            if (
                arrive_s <= begin_s <= arrive_s + MAX_WAIT_S
                and any(self.roads.to_s(first) <= begin_s <= self.roads.to_s(last) for first, last in depot.open)
                and not self._is_away(way.shift, begin_s, begin_s + depot.handling_s)
                and all(self._is_there(depot, part, begin_s, quantity) for part, quantity in parts.items())
            ):
                leave_s = begin_s + depot.handling_s
                stop = _Laid(
                    "pickup", depot.location, arrive_s, begin_s, leave_s, travel_s, travel_m, depot.id, parts, (*tools,)
                )
                return replace(way.add(stop), tools=way.tools | {*tools})
        return None

    def _is_there(self, depot: Depot, part: str, at_s: int, quantity: int) -> bool:
        """Tell whether taking so much at a moment leaves enough for all that is taken, before and after."""
        gone = 0
        for moment_s, taken in sorted([*self._taken.get((depot.id, part), []), (at_s, quantity)]):
            gone += taken
            come = sum(each.qty for each in depot.inbound if each.part == part and self.roads.to_s(each.at) <= moment_s)
            if gone > depot.stock.get(part, 0) + come:
                return False
        return True

    # -- in the planning format -----------------------------------------------------------------------------------

    def _make_route(self, way: _Way) -> Route:
        closed = self._close(way)
        assert closed is not None  # noqa: S101 - what is kept closes
        stops = tuple(map(self._make_stop, closed.stops))
        return Route(
            engineer=way.engineer.id,
            shift=way.shift.id,
            stops=stops,
            travel_s=sum(stop.travel_s for stop in stops),
            travel_m=sum(stop.travel_m for stop in stops),
            work_s=sum(map(_work_s, closed.stops)),
            wait_s=sum((stop.begin - stop.arrive) // SECOND for stop in stops),
            overtime_s=max(0, (stops[-1].arrive - way.shift.end) // SECOND),
        )

    def _make_stop(self, stop: _Laid) -> Stop:
        return Stop(
            kind=stop.kind,
            location=stop.place,
            arrive=self.roads.to_moment(stop.arrive_s),
            begin=self.roads.to_moment(stop.begin_s),
            leave=self.roads.to_moment(stop.leave_s),
            travel_s=stop.travel_s,
            travel_m=stop.travel_m,
            ticket=str(stop.name) if stop.kind == "visit" else None,
            depot=str(stop.name) if stop.kind == "pickup" else None,
            parts=stop.parts,
            tools=stop.tools,
            break_=stop.name if isinstance(stop.name, int) else None,
        )


def _work_s(stop: _Laid) -> int:
    return stop.leave_s - stop.begin_s if stop.kind in {"visit", "pickup"} else 0


def _fits(engineer: Engineer, ticket: Ticket) -> bool:
    """Tell whether an engineer has all skills at their levels."""
    return all(engineer.skills.get(skill, 0) >= level for skill, level in ticket.requires.items())


def _may_serve(engineer: Engineer, ticket: Ticket) -> bool:
    """Tell whether nothing bans an engineer."""
    return (
        engineer.id not in ticket.never
        and (ticket.only is None or engineer.id in ticket.only)
        and not any(pair.forbid and pair.engineer == engineer.id for pair in ticket.pairs)
    )
