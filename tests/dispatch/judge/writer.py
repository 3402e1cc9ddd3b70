"""Write plans with right figures: a route is told as steps, and times, sums and prices follow.

Its arithmetic is its own, literal and slow, so that the judge is compared with something other than itself: journeys
are followed minute by minute, prices are added up visit by visit. It checks nothing: a broken rule stays broken, and
everything else about the plan is right.

>>> from tests.builders import request
>>> day = write(request(), [drive("wang", [visit("t1")])])
>>> [stop.kind for stop in day.routes[0].stops]
['start', 'visit', 'end']
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from math import atan2, cos, lcm, pi, sin, sqrt

from dispatch.format.model import (
    BrokenPin,
    Engineer,
    GreatCircle,
    Objective,
    Peak,
    Plan,
    PreviousVisit,
    Reason,
    Request,
    Route,
    Shift,
    Skipped,
    SolverNote,
    Stop,
    Ticket,
)
from tests.builders import MONDAY

SECOND = timedelta(seconds=1)
DAY_MIN = 1440
EMPTY: Mapping[str, int] = {}


@dataclass(frozen=True)
class Step:
    """What comes next in a route; ``begin`` None: at once, or when the break's time comes."""

    kind: str
    what: str | int = ""
    begin: datetime | None = None
    parts: Mapping[str, int] | None = None
    tools: tuple[str, ...] | None = None
    place: str | None = None
    lasts_s: int | None = None
    travel_s: int | None = None
    travel_m: int | None = None


@dataclass(frozen=True)
class Drive:
    """One route: whose, in which shift, what happens in it; ``leave`` None: as soon as may be."""

    engineer: str
    steps: tuple[Step, ...]
    shift: str = "mon"
    leave: datetime | None = None
    place: str | None = None
    end_place: str | None = None


def visit(ticket: str, begin: datetime | None = None, **more: object) -> Step:
    """Visit a ticket, with the parts and tools that it names unless told otherwise."""
    return Step("visit", ticket, begin, **more)  # type: ignore[arg-type]


def pickup(
    depot: str,
    parts: Mapping[str, int] = EMPTY,
    tools: Sequence[str] = (),
    begin: datetime | None = None,
    **more: object,
) -> Step:
    """Take parts and tools from a depot."""
    return Step("pickup", depot, begin, parts, tuple(tools), **more)  # type: ignore[arg-type]


def rest(index: int = 0, begin: datetime | None = None, **more: object) -> Step:
    """Take a break, where one is unless a place is told."""
    return Step("break", index, begin, **more)  # type: ignore[arg-type]


def drive(engineer: str, steps: Iterable[Step], shift: str = "mon", **more: object) -> Drive:
    """Tell a route."""
    return Drive(engineer, tuple(steps), shift, **more)  # type: ignore[arg-type]


def skip(ticket: str, verdict: str = "displaced", code: str = "displaced") -> Skipped:
    """Leave a ticket out."""
    return Skipped(ticket, verdict, (Reason(code, "by hand"),))


def broken(ticket: str, code: str = "window") -> BrokenPin:
    """List a pin that could not be kept."""
    return BrokenPin(ticket, code, "by hand")


# -- travel -------------------------------------------------------------------------------------------------------


def leg(request: Request, origin: str, destination: str, engineer: Engineer, leave: datetime) -> tuple[int, int]:
    """Give seconds and metres of a leg; no way is 0 and 0 here, and wrong in every plan that takes it."""
    if origin == destination:
        return 0, 0
    rows = [location.id for location in request.locations]
    if origin not in rows or destination not in rows:
        return 0, 0
    a, b = request.locations[rows.index(origin)], request.locations[rows.index(destination)]
    if isinstance(request.travel, GreatCircle):
        metres = int(_straight_m(a.lat, a.lon, b.lat, b.lon) * float(request.travel.detour) + 0.5)
        free = Fraction(metres) * 18 / 5 / Fraction(request.travel.speed_kmh)
    else:
        cell_s = request.travel.seconds[rows.index(origin)][rows.index(destination)]
        cell_m = request.travel.metres[rows.index(origin)][rows.index(destination)]
        if cell_s is None or cell_m is None:
            return 0, 0
        metres, free = cell_m, Fraction(cell_s)
    whole_s = _up(free * Fraction(engineer.speed_factor))
    return _through_peaks(request, leave, whole_s), metres


def _straight_m(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    a, b, c, d = (degrees * pi / 180 for degrees in (lat_a, lon_a, lat_b, lon_b))
    h = sin((c - a) / 2) ** 2 + cos(a) * cos(c) * sin((d - b) / 2) ** 2
    return 2 * 6_371_008.8 * atan2(sqrt(h), sqrt(1 - h))


def _up(number: Fraction) -> int:
    return -((-number.numerator) // number.denominator)


def _through_peaks(request: Request, leave: datetime, whole_s: int) -> int:
    """Follow the journey from one full minute of the local clock to the next: peaks begin and end at such minutes.

    In a minute of factor *n/d* each second is *d/n* seconds of way. Ways are counted in parts of a second that all
    *n* divide, so that whole numbers do.
    """
    if not request.travel.peaks:
        return whole_s
    parts = lcm(*(Fraction(peak.factor).numerator for peak in request.travel.peaks))
    clock = leave.astimezone(request.now.tzinfo)
    minute = (clock.isoweekday() - 1) * DAY_MIN + clock.hour * 60 + clock.minute
    left, gone, step_s = whole_s * parts, 0, 60 - clock.second
    while True:
        up, down = _factor_in(request.travel.peaks, minute % (7 * DAY_MIN))
        if left * up <= step_s * down * parts:
            return gone + -(-left * up // (down * parts))
        left -= step_s * down * parts // up
        gone, step_s, minute = gone + step_s, 60, minute + 1


@lru_cache(maxsize=2000)
def _factor_in(peaks: tuple[Peak, ...], minute: int) -> tuple[int, int]:
    """Give the factor in a minute of the week, as numerator and denominator."""
    return _factor_at(peaks, MONDAY + minute * timedelta(minutes=1)).as_integer_ratio()


def _factor_at(peaks: Iterable[Peak], clock: datetime) -> Fraction:
    for peak in peaks:
        late = clock.time() >= peak.from_
        early = clock.time() < peak.to
        today, yesterday = clock.isoweekday(), (clock - timedelta(days=1)).isoweekday()
        if peak.from_ < peak.to:
            inside = late and early and today in peak.weekdays
        else:
            inside = (late and today in peak.weekdays) or (early and yesterday in peak.weekdays)
        if inside:
            return Fraction(peak.factor)
    return Fraction(1)


# -- routes -------------------------------------------------------------------------------------------------------


def lasts_s(engineer: Engineer, ticket: Ticket, *, set_up: bool) -> int:
    """Give the seconds that a visit lasts."""
    factor = engineer.service_factor
    if not isinstance(factor, Decimal):
        named = [factor.get(skill, Decimal(1)) for skill in ticket.requires]
        factor = max(named) if named else Decimal(1)
    plain = ticket.duration_s + ticket.setup_s if set_up else ticket.duration_s
    return int((plain * factor).to_integral_value(rounding="ROUND_CEILING"))


def find_engineer(request: Request, engineer: str) -> Engineer:
    """Give an engineer by id."""
    return next(each for each in request.engineers if each.id == engineer)


def find_ticket(request: Request, ticket: str) -> Ticket | None:
    """Find a ticket by id."""
    return next((each for each in request.tickets if each.id == ticket), None)


def earliest_start(request: Request, engineer: str, shift: Shift) -> tuple[str, datetime]:
    """Give place and earliest moment of a route's start."""
    for where in request.previous.engineers if request.previous else ():
        if (where.engineer, where.shift) == (engineer, shift.id):
            return where.location, where.from_
    return shift.start_location, max(shift.start, request.now)


def run(request: Request, told: Drive) -> Route:
    """Time one route, stop by stop."""
    engineer = find_engineer(request, told.engineer)
    shift = next(each for each in engineer.shifts if each.id == told.shift)
    place, earliest = earliest_start(request, engineer.id, shift)
    place = told.place or place
    leave = told.leave or earliest
    stops = [Stop("start", place, leave, leave, leave)]
    for step in told.steps:
        stops.append(_next_stop(request, engineer, shift, stops[-1], step))
    last = stops[-1]
    end_place = told.end_place or shift.end_location or last.location
    seconds, metres = leg(request, last.location, end_place, engineer, last.leave)
    reach = last.leave + seconds * SECOND
    stops.append(Stop("end", end_place, reach, reach, reach, seconds, metres))
    return sum_up(shift, engineer.id, stops)


def sum_up(shift: Shift, engineer: str, stops: Sequence[Stop]) -> Route:
    """Make a route of stops, with its sums."""
    working = [stop for stop in stops if stop.kind in {"visit", "pickup"}]
    return Route(
        engineer,
        shift.id,
        tuple(stops),
        travel_s=sum(stop.travel_s for stop in stops),
        travel_m=sum(stop.travel_m for stop in stops),
        work_s=sum((stop.leave - stop.begin) // SECOND for stop in working),
        wait_s=sum((stop.begin - stop.arrive) // SECOND for stop in stops),
        overtime_s=max(0, (stops[-1].arrive - shift.end) // SECOND),
    )


def _next_stop(request: Request, engineer: Engineer, shift: Shift, before: Stop, step: Step) -> Stop:
    pause = shift.breaks[int(step.what)] if step.kind == "break" and int(step.what) < len(shift.breaks) else None
    ticket = find_ticket(request, str(step.what)) if step.kind == "visit" else None
    depot = next((each for each in request.depots if each.id == step.what), None) if step.kind == "pickup" else None
    here = ticket.location if ticket else depot.location if depot else before.location
    here = step.place or here
    seconds, metres = leg(request, before.location, here, engineer, before.leave)
    seconds = seconds if step.travel_s is None else step.travel_s
    metres = metres if step.travel_m is None else step.travel_m
    arrive = before.leave + seconds * SECOND
    begin = step.begin or (max(arrive, pause.from_) if pause else arrive)
    takes_s = 0
    if ticket:
        again = before.kind == "visit" and before.location == here
        takes_s = lasts_s(engineer, ticket, set_up=not again)
    elif depot:
        takes_s = depot.handling_s
    elif pause:
        takes_s = pause.duration_s
    takes_s = takes_s if step.lasts_s is None else step.lasts_s
    parts = step.parts if step.parts is not None else ticket.parts if ticket else {}
    tools = step.tools if step.tools is not None else ticket.tools if ticket else ()
    return Stop(
        step.kind,
        here,
        arrive,
        begin,
        begin + takes_s * SECOND,
        seconds,
        metres,
        ticket=str(step.what) if step.kind == "visit" else None,
        depot=str(step.what) if step.kind == "pickup" else None,
        parts=dict(parts),
        tools=tuple(tools),
        break_=int(step.what) if step.kind == "break" else None,
    )


# -- prices -------------------------------------------------------------------------------------------------------


def write(
    request: Request,
    drives: Sequence[Drive] = (),
    skipped: Sequence[Skipped | str] = (),
    broken_pins: Sequence[BrokenPin] = (),
    **more: object,
) -> Plan:
    """Write a plan: routes as told, figures worked out, ``infeasible`` when something that must be served is left out."""
    routes = tuple(run(request, told) for told in drives)
    return price_up(
        request, routes, [skip(each) if isinstance(each, str) else each for each in skipped], broken_pins, **more
    )


def price_up(
    request: Request,
    routes: Sequence[Route],
    skipped: Sequence[Skipped],
    broken_pins: Sequence[BrokenPin] = (),
    **more: object,
) -> Plan:
    """Make a plan of routes, with its objective."""
    left_out = [ticket for each in skipped if (ticket := find_ticket(request, each.ticket))]
    exact = _terms(request, routes, left_out)
    terms = {term: cents(amount) for term, amount in exact.items()}
    given: dict[str, object] = {
        "status": "infeasible" if any(ticket.skip_cost is None for ticket in left_out) else "ok",
        "objective": Objective(cents(sum(exact.values(), Fraction(0))), terms),
        "routes": tuple(routes),
        "skipped": tuple(skipped),
        "broken_pins": tuple(broken_pins),
        "solver": SolverNote("by hand", 0, Decimal(0), 0, 1),
        **more,
    }
    return Plan(**given)  # type: ignore[arg-type]


def cents(amount: Fraction, step: str = "0.01") -> Decimal:
    """Round half up, to the cent unless told otherwise."""
    wide = Decimal(amount.numerator * 10**12 // amount.denominator).scaleb(-12)
    return wide.quantize(Decimal(step), rounding=ROUND_HALF_UP)


def _terms(request: Request, routes: Sequence[Route], left_out: Sequence[Ticket]) -> dict[str, Fraction]:
    prices = request.weights
    served = gather(routes)
    return {
        "skipped": _add(ticket.skip_cost or 0 for ticket in left_out),
        "late_arrival": _add(_late(request, served, "arrive")),
        "late_resolution": _add(_late(request, served, "resolve")),
        "travel": _add(
            stop.travel_s * Fraction(prices.travel_per_h) / 3600 + stop.travel_m * Fraction(prices.travel_per_km) / 1000
            for route in routes
            for stop in route.stops
        ),
        "duration": _add(_hours(route.stops[-1].arrive - route.stops[0].leave) for route in routes)
        * Fraction(prices.duration_per_h),
        "overtime": _add(Fraction(route.overtime_s, 3600) for route in routes) * Fraction(prices.overtime_per_h),
        "use": len(routes) * Fraction(prices.use_shift),
        "not_preferred": _add(_unloved(request, served)) * Fraction(prices.not_preferred),
        "overqualified": _add(_spare_levels(request, served)) * Fraction(prices.overqualified_per_level),
        "balance": _balance(request, routes),
        "pairs": _add(_pair_costs(request, served)),
        "change": _change(request, served, {ticket.id for ticket in left_out}),
    }


def gather(routes: Iterable[Route]) -> dict[str, list[tuple[str, Stop]]]:
    """Collect who serves each ticket, and at which stop."""
    served: dict[str, list[tuple[str, Stop]]] = {}
    for route in routes:
        for stop in route.stops:
            if stop.ticket is not None:
                served.setdefault(stop.ticket, []).append((route.engineer, stop))
    return served


def _add(amounts: Iterable[Fraction | Decimal | int]) -> Fraction:
    return sum((Fraction(amount) for amount in amounts), Fraction(0))


def _hours(span: timedelta) -> Fraction:
    return Fraction(span // SECOND, 3600)


def _late(request: Request, served: Mapping[str, list[tuple[str, Stop]]], which: str) -> Iterable[Fraction]:
    for ticket in request.tickets:
        deadline = ticket.arrive if which == "arrive" else ticket.resolve
        if deadline is None or ticket.id not in served:
            continue
        moment = max(stop.begin if which == "arrive" else stop.leave for _, stop in served[ticket.id])
        if moment > deadline.by:
            yield Fraction(deadline.cost) + _hours(moment - deadline.by) * Fraction(deadline.cost_per_h)


def lead(request: Request, ticket: Ticket, stops: Sequence[tuple[str, Stop]]) -> Engineer:
    """Give the lead: the first in the request's order who has the skills."""
    there = dict(stops)
    present = [engineer for engineer in request.engineers if engineer.id in there]
    able = [
        engineer
        for engineer in present
        if not [skill for skill, level in ticket.requires.items() if engineer.skills.get(skill, 0) < level]
    ]
    return [*able, *present][0]


def _unloved(request: Request, served: Mapping[str, list[tuple[str, Stop]]]) -> Iterable[int]:
    for ticket in request.tickets:
        if ticket.prefer and ticket.id in served:
            yield int(lead(request, ticket, served[ticket.id]).id not in ticket.prefer)


def _spare_levels(request: Request, served: Mapping[str, list[tuple[str, Stop]]]) -> Iterable[int]:
    for ticket in request.tickets:
        if ticket.id in served:
            has = lead(request, ticket, served[ticket.id]).skills
            yield from (max(0, has.get(skill, 0) - level) for skill, level in ticket.requires.items())


def _balance(request: Request, routes: Sequence[Route]) -> Fraction:
    total = Fraction(0)
    for engineer in request.engineers:
        busy_s = sum(route.travel_s + route.work_s for route in routes if route.engineer == engineer.id)
        squared = Fraction(busy_s * busy_s, 3600 * 3600) * Fraction(request.weights.balance_per_h2)
        total += Fraction(cents(squared, "0.0001"))
    return total


def _pair_costs(request: Request, served: Mapping[str, list[tuple[str, Stop]]]) -> Iterable[Decimal]:
    for ticket in request.tickets:
        there = [engineer for engineer, _ in served.get(ticket.id, [])]
        yield from (pair.cost for pair in ticket.pairs for engineer in there if engineer == pair.engineer)


def _change(request: Request, served: Mapping[str, list[tuple[str, Stop]]], left_out: set[str]) -> Fraction:
    previous = request.previous
    if previous is None:
        return Fraction(0)
    gone = {finished.ticket for finished in previous.finished}
    crews: dict[str, list[PreviousVisit]] = {}
    for row in previous.visits:
        if find_ticket(request, row.ticket) and row.ticket not in gone:
            crews.setdefault(row.ticket, []).append(row)
    total = Fraction(0)
    for ticket, rows in crews.items():
        times = {"planned": 1, "told": 3, "travelling": 0}[rows[0].state]
        cost = Fraction(0)
        if ticket in left_out:
            cost = Fraction(request.weights.change_skip)
        elif ticket in served:
            now_there = {engineer for engineer, _ in served[ticket]}
            if now_there.isdisjoint(row.engineer for row in rows):
                cost += Fraction(request.weights.change_engineer)
            cost += _moved(rows[0], served[ticket][0][1].begin) * Fraction(request.weights.change_start_per_h)
        total += times * cost
    return total


def _moved(row: PreviousVisit, begin: datetime) -> Fraction:
    if row.promised:
        first, last = row.promised
    else:
        first, last = row.start - 600 * SECOND, row.start + 600 * SECOND
    if begin < first:
        return _hours(first - begin)
    return _hours(begin - last) if begin > last else Fraction(0)
