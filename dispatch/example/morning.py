"""A plan in force as it looks in the middle of a morning, for requests that begin at eight.

A simple plan of the day (:class:`~dispatch.example.first_plan.FirstPlan`) is followed until some moment between half
past nine and eleven, on one day in six until around noon, when some have had their break. What has begun by then is history: it is finished, its parts are used up, the depots have less.
The rest is laid again from where everyone is, and becomes the plan in force. Then things happen: tickets come in and are
cancelled, somebody falls ill, works take longer, and an engineer may no longer go where he is pinned.
"""

# ruff: noqa: PLR2004 - the shares of an invented world stand where they are drawn

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from random import Random

from dispatch.example.city import BEIJING
from dispatch.example.first_plan import FirstPlan, Key
from dispatch.format.model import (
    Depot,
    Finished,
    Interval,
    Location,
    Previous,
    PreviousVisit,
    Request,
    Route,
    Shift,
    Stop,
    Ticket,
    Whereabouts,
)

MINUTE = timedelta(minutes=1)
SHORT_NOTICE_S = 1800
"""A start moved by more counts as a change."""


@dataclass(frozen=True, slots=True)
class Morning:
    """A request with a plan in force, and how that plan goes on when nobody plans anew.

    Attributes
    ----------
    routes
        The plan in force from ``now`` on, with works that take longer; it serves nothing new and is legal.
    broken_pins
        Tickets whose pins it cannot keep legally.
    """

    request: Request
    routes: tuple[Route, ...]
    broken_pins: tuple[str, ...]


def add_previous(random: Random, request: Request) -> Request:
    """Move a request of the early morning to the middle of the morning, with a plan in force."""
    return make_morning(random, request).request


def make_morning(random: Random, request: Request) -> Morning:
    """Make the morning and how it would go on."""
    return _Mornings(random, request).make()


@dataclass
class _Cut:
    """What has happened by ``now``."""

    whereabouts: dict[Key, Whereabouts] = field(default_factory=dict)
    finished: dict[str, datetime] = field(default_factory=dict)
    on_the_way: dict[str, set[str]] = field(default_factory=dict)
    vans: dict[str, Counter[str]] = field(default_factory=dict)
    taken: Counter[tuple[str, str]] = field(default_factory=Counter)
    lent: Counter[tuple[str, str]] = field(default_factory=Counter)
    places: list[Location] = field(default_factory=list)


class _Mornings:
    """Make one morning, step by step."""

    def __init__(self, random: Random, request: Request) -> None:
        self.random = random
        self.early = request
        turn = random.randrange(19)
        self.now = request.now.replace(hour=9, minute=30) + 5 * MINUTE * turn
        if turn >= 16:
            self.now = request.now.replace(hour=12, minute=10) + 25 * MINUTE * (turn - 16)
        self.tickets = {ticket.id: ticket for ticket in request.tickets}
        self.places = {place.id: place for place in request.locations}
        self.linked = {ticket.same_engineer_as for ticket in request.tickets if ticket.same_engineer_as}
        self.linked |= {after.ticket for ticket in request.tickets for after in ticket.after}
        self.linked |= {ticket.id for ticket in request.tickets if ticket.same_engineer_as or ticket.after}

    def make(self) -> Morning:
        """Follow the day until now, lay the rest, and let things happen."""
        base = FirstPlan(self.early, self.random)
        base.lay_all(left_out=self._draw_new())
        cut = self._follow(base)
        cancelled = self._draw_cancelled(base, cut)
        ill = self._draw_ill(base, cut)
        request = self._make_request(base, cut, cancelled, ill)
        order = [
            (name, keys)
            for name, (keys, begin_s, _) in sorted(base.served.items(), key=lambda each: (each[1][1], each[0]))
            if name not in cut.finished and name not in cancelled and ill not in keys
        ]
        rest = FirstPlan(request, self.random)
        rest.lay_again(order)
        lost = [
            (name, keys, base.roads.to_moment(begin_s))
            for name, (keys, begin_s, _) in base.served.items()
            if name not in cut.finished and name not in rest.served and (name in cancelled or ill in keys)
        ]
        visits = (*self._list_visits(rest, cut), *self._list_lost(lost))
        freeze_until = self.now + self.random.choice((30, 45, 60)) * MINUTE
        previous = replace(
            request.previous or Previous(), visits=tuple(visits), freeze_until=freeze_until if visits else None
        )
        request = replace(request, previous=previous)
        request, rest = self._delay(request, rest, order)
        request, broken = self._forbid_one(request, rest)
        gone = {row.ticket for row in previous.visits if row.pin != "none" and (row.engineer, row.shift) == ill}
        broken = tuple(name for name in (*broken, *sorted(gone)) if any(name == each.id for each in request.tickets))
        return Morning(self._budget(request, rest), rest.list_routes(), broken)

    # -- until now ------------------------------------------------------------------------------------------------

    def _draw_new(self) -> list[str]:
        """Draw the tickets that have just come in, the most urgent among them."""
        free = [ticket.id for ticket in self.early.tickets if ticket.id not in self.linked]
        self.random.shuffle(free)
        free.sort(key=lambda name: not name.startswith("TJ"))
        return free[: max(1, len(self.tickets) // 12)]

    def _draw_cancelled(self, base: FirstPlan, cut: _Cut) -> set[str]:
        """Draw some tickets that are planned and not wanted any more."""
        planned = sorted(name for name in base.served if name not in cut.finished and name not in self.linked)
        return set(self.random.sample(planned, min(len(planned), max(1, len(self.tickets) // 40))))

    def _follow(self, base: FirstPlan) -> _Cut:
        """Follow all routes until now."""
        cut = _Cut(vans={engineer.id: Counter(engineer.van) for engineer in self.early.engineers})
        shifts = {(each.id, shift.id): shift for each in self.early.engineers for shift in each.shifts}
        for route in base.list_routes():
            if route.stops[0].leave <= self.now:
                self._follow_route(base, cut, route, shifts[route.engineer, route.shift])
        for key, shift in shifts.items():
            if shift.start <= self.now < shift.end and key not in cut.whereabouts and self.random.random() < 0.5:
                cut.whereabouts[key] = Whereabouts(*key, shift.start_location, self.now)
        return cut

    def _follow_route(self, base: FirstPlan, cut: _Cut, route: Route, shift: Shift) -> None:
        begun = [stop for stop in route.stops if stop.begin <= self.now]
        last = begun[-1]
        for stop in begun:
            if stop.ticket is not None:
                cut.finished[stop.ticket] = base.roads.to_moment(base.served[stop.ticket][2])
                cut.vans[route.engineer].subtract(stop.parts)
            elif stop.depot is not None:
                cut.vans[route.engineer].update(stop.parts)
                cut.taken.update({(stop.depot, part): quantity for part, quantity in stop.parts.items()})
                cut.lent.update((stop.depot, tool) for tool in stop.tools)
        location, from_ = last.location, max(self.now, last.leave)
        if last.kind != "end" and last.leave <= self.now:
            coming = route.stops[len(begun)]
            if coming.ticket is not None:
                cut.on_the_way.setdefault(coming.ticket, set()).add(route.engineer)
            location = self._on_the_road(cut, route.engineer, last, coming)
        cut.whereabouts[route.engineer, shift.id] = Whereabouts(
            route.engineer,
            shift.id,
            location,
            from_,
            breaks_done=tuple(stop.break_ for stop in begun if stop.break_ is not None),
            tools=tuple(sorted({tool for stop in begun if stop.kind == "pickup" for tool in stop.tools})),
        )

    def _on_the_road(self, cut: _Cut, engineer: str, last: Stop, coming: Stop) -> str:
        """Give where somebody is between two stops: a place of its own on the straight line."""
        if coming.arrive <= self.now:
            return coming.location
        if last.leave == self.now or last.location == coming.location:
            return last.location
        share = (self.now - last.leave) / (coming.arrive - last.leave)
        one, other = self.places[last.location], self.places[coming.location]
        lat_deg = round(one.lat + share * (other.lat - one.lat), 6)
        lon_deg = round(one.lon + share * (other.lon - one.lon), 6)
        cut.places.append(Location(f"N-{engineer}", lat_deg, lon_deg))
        return f"N-{engineer}"

    def _draw_ill(self, base: FirstPlan, cut: _Cut) -> Key | None:
        """Draw whose shift of today is gone: somebody with visits of his own that nothing else hangs on."""
        held: dict[Key, list[str]] = {}
        for name, (keys, _, _) in base.served.items():
            for key in keys:
                held.setdefault(key, []).append(name)
        fitting = [
            key
            for key, names in held.items()
            if key in cut.whereabouts
            and any(name not in cut.finished for name in names)
            and all(self.tickets[name].crew == 1 and name not in self.linked for name in names)
        ]
        return self.random.choice(sorted(fitting)) if fitting and len(self.early.engineers) > 3 else None

    # -- the request ----------------------------------------------------------------------------------------------

    def _make_request(self, base: FirstPlan, cut: _Cut, cancelled: set[str], ill: Key | None) -> Request:
        finished = tuple(
            Finished(name, end, base.lead_of(name))
            for name, end in sorted(cut.finished.items(), key=lambda each: (each[1], each[0]))
        )
        under_way = {each.ticket for each in finished if each.end > self.now and self.random.random() < 0.5}
        gone = (set(cut.finished) - under_way) | cancelled
        tickets = tuple(self._move_windows(ticket) for ticket in self.early.tickets if ticket.id not in gone)
        whereabouts = tuple(where for key, where in sorted(cut.whereabouts.items()) if key != ill)
        engineers = tuple(
            replace(
                engineer,
                van={part: quantity for part, quantity in cut.vans[engineer.id].items() if quantity > 0},
                shifts=tuple(shift for shift in engineer.shifts if (engineer.id, shift.id) != ill),
            )
            for engineer in self.early.engineers
        )
        return replace(
            self.early,
            now=self.now,
            locations=(*self.early.locations, *cut.places),
            engineers=engineers,
            tickets=tickets,
            depots=tuple(self._make_depot(depot, cut) for depot in self.early.depots),
            previous=Previous(engineers=whereabouts, finished=finished),
        )

    def _make_depot(self, depot: Depot, cut: _Cut) -> Depot:
        """Give a depot as it is now: what came is in stock, what was taken or lent is gone."""
        stock = Counter(depot.stock)
        for inbound in depot.inbound:
            if inbound.at <= self.now:
                stock[inbound.part] += inbound.qty
        for (where, part), quantity in cut.taken.items():
            if where == depot.id:
                stock[part] -= quantity
        return replace(
            depot,
            stock=dict(stock),
            inbound=tuple(inbound for inbound in depot.inbound if inbound.at > self.now),
            tools={tool: quantity - cut.lent[depot.id, tool] for tool, quantity in depot.tools.items()},
        )

    def _move_windows(self, ticket: Ticket) -> Ticket:
        """Agree on this afternoon where all windows have passed."""
        windows: tuple[Interval, ...] = tuple(window for window in ticket.windows if window[1] > self.now)
        if ticket.windows and not windows:
            windows = ((self._today(time(13)), self._today(time(17))),)
        return replace(ticket, windows=windows)

    def _today(self, clock: time) -> datetime:
        return datetime.combine(self.now.date(), clock, BEIJING)

    # -- the plan in force ----------------------------------------------------------------------------------------

    def _list_visits(self, rest: FirstPlan, cut: _Cut) -> list[PreviousVisit]:
        """List what is still to come, with states, pins and promises."""
        rows: list[PreviousVisit] = []
        for name, (keys, begin_s, _) in sorted(rest.served.items(), key=lambda each: (each[1][1], each[0])):
            start = rest.roads.to_moment(begin_s)
            travelling = name in cut.on_the_way and all(self._comes_first(rest, key, name, cut) for key in keys)
            state = "travelling" if travelling else self._draw_state(start)
            pin = "none" if travelling else self.random.choices(("none", "engineer", "start"), (80, 12, 8))[0]
            promised = self._promise(name, start) if state == "told" and self.random.random() < 0.7 else None
            rows += [PreviousVisit(name, *key, start, state, pin, promised) for key in keys]
        return rows

    def _comes_first(self, rest: FirstPlan, key: Key, name: str, cut: _Cut) -> bool:
        """Tell whether a visit is the next thing that an engineer of a running shift does."""
        return key in cut.whereabouts and rest.ways[key].stops[1].name == name

    def _draw_state(self, start: datetime) -> str:
        soon = start < self.now + timedelta(hours=4)
        return "told" if self.random.random() < (0.75 if soon else 0.3) else "planned"

    def _promise(self, name: str, start: datetime) -> Interval:
        """Promise the window that was agreed on, or an hour and a half around the start in full half hours."""
        for first, last in self.tickets[name].windows:
            if first <= start <= last:
                return first, last
        first = start - timedelta(minutes=start.minute % 30 + 30, seconds=start.second)
        return first, first + 90 * MINUTE

    def _list_lost(self, lost: Sequence[tuple[str, Sequence[Key], datetime]]) -> list[PreviousVisit]:
        """List visits whose ticket is cancelled or whose engineer is ill."""
        rows: list[PreviousVisit] = []
        for name, keys, start in lost:
            pin = self.random.choices(("none", "engineer", "start"), (60, 20, 20))[0]
            state = self._draw_state(start)
            rows += [PreviousVisit(name, *key, start, state, pin) for key in keys]
        return rows

    # -- what happens ---------------------------------------------------------------------------------------------

    def _delay(
        self, request: Request, rest: FirstPlan, order: Sequence[tuple[str, Sequence[Key]]]
    ) -> tuple[Request, FirstPlan]:
        """Let the work under way of an engineer or two take longer, where no visit is held that this would break."""
        previous = request.previous or Previous()
        at_work = [where for where in previous.engineers if where.from_ > self.now]
        self.random.shuffle(at_work)
        for late in at_work[:3]:
            moved = replace(late, from_=late.from_ + self.random.choice((15, 25, 40)) * MINUTE)
            ends = {each.ticket: moved.from_ for each in previous.finished if each.end == late.from_}
            finished = tuple(
                replace(each, end=ends[each.ticket])
                if each.ticket in ends and each.engineer == late.engineer and self.tickets[each.ticket].crew == 1
                else each
                for each in previous.finished
            )
            engineers = tuple(moved if where == late else where for where in previous.engineers)
            trial = replace(request, previous=replace(previous, engineers=engineers, finished=finished))
            delayed = FirstPlan(trial, self.random)
            delayed.lay_again([(name, keys) for name, keys in order if name in rest.served])
            if self._keeps(previous, rest, delayed):
                return trial, delayed
        return request, rest

    def _keeps(self, previous: Previous, rest: FirstPlan, delayed: FirstPlan) -> bool:
        """Tell whether all that is held stays as it was, and no more than one visit is lost."""
        for row in previous.visits:
            if row.ticket not in rest.served:
                continue
            was, now = rest.served[row.ticket], delayed.served.get(row.ticket)
            frozen = previous.freeze_until is not None and row.start < previous.freeze_until
            if (row.pin != "none" or frozen or row.state == "travelling") and now is None:
                return False
            if now is not None and (row.pin == "start" or frozen) and row.state != "travelling" and now[1] != was[1]:
                return False
            if row.state == "travelling" and not all(delayed.ways[key].stops[1].name == row.ticket for key in was[0]):
                return False
        return len(delayed.served) >= len(rest.served) - 1

    def _forbid_one(self, request: Request, rest: FirstPlan) -> tuple[Request, tuple[str, ...]]:
        """Let a customer refuse an engineer who is pinned to him: the pin stays and is broken."""
        previous = request.previous or Previous()
        tickets: Mapping[str, Ticket] = {ticket.id: ticket for ticket in request.tickets}
        pinned = [
            row
            for row in previous.visits
            if row.pin != "none" and row.state != "travelling" and row.ticket in rest.served
            if tickets[row.ticket].crew == 1 and tickets[row.ticket].only is None and row.ticket not in self.linked
        ]
        if not pinned:
            return request, ()
        row = self.random.choice(pinned)
        refused = replace(
            tickets[row.ticket],
            never=(*tickets[row.ticket].never, row.engineer),
            prefer=tuple(each for each in tickets[row.ticket].prefer if each != row.engineer),
        )
        changed = tuple(refused if ticket.id == row.ticket else ticket for ticket in request.tickets)
        return replace(request, tickets=changed), (row.ticket,)

    def _budget(self, request: Request, rest: FirstPlan) -> Request:
        """Bound the changes in three of five mornings, with some room beyond what has to change."""
        previous = request.previous or Previous()
        changed = {
            row.ticket
            for row in previous.visits
            if row.ticket not in rest.served
            or abs((rest.roads.to_moment(rest.served[row.ticket][1]) - row.start).total_seconds()) > SHORT_NOTICE_S
        }
        if self.random.random() < 0.4:
            return request
        room = self.random.randint(1, max(2, len(previous.visits) // 12))
        return replace(request, previous=replace(previous, max_changes=len(changed) + room))
