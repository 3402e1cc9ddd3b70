"""The rules of the format once more, literally and slowly, for routes that are driven and timed as they should be.

What a judge of arbitrary plans has to mind beyond them, wrong times or unknown names, does not occur here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from dispatch.format.model import Engineer, Previous, Request, Route, Shift, Stop, Ticket
from tests.dispatch.judge.writer import SECOND, find_engineer, find_ticket, gather, lead


def is_legal(request: Request, routes: Sequence[Route]) -> bool:
    """Check every rule for routes that are driven and timed as they should be."""
    served = gather(routes)
    return (
        all(_route_holds(request, route) for route in routes)
        and all(_ticket_holds(request, served, ticket) for ticket in served)
        and _vans_hold(request, routes)
        and _depots_hold(request, routes)
        and all(_busy(routes, each.id) <= each.max_busy_s for each in request.engineers if each.max_busy_s is not None)
        and not any(
            one.engineer == two.engineer
            and one is not two
            and one.stops[0].leave <= two.stops[0].leave < one.stops[-1].arrive
            for one in routes
            for two in routes
        )
    )


def _busy(routes: Sequence[Route], engineer: str) -> int:
    return sum(route.travel_s + route.work_s for route in routes if route.engineer == engineer)


def _route_holds(request: Request, route: Route) -> bool:
    engineer = find_engineer(request, route.engineer)
    shift = next(each for each in engineer.shifts if each.id == route.shift)
    where = [
        each
        for each in (request.previous or Previous()).engineers
        if (each.engineer, each.shift) == (engineer.id, shift.id)
    ]
    visits = sum(stop.kind == "visit" for stop in route.stops)
    return (
        route.stops[-1].arrive <= shift.end + shift.overtime_s * SECOND
        and (shift.max_visits is None or visits <= shift.max_visits)
        and (shift.max_travel_s is None or route.travel_s <= shift.max_travel_s)
        and _is_present(shift, route)
        and _has_tools(route, {*engineer.tools, *(where[0].tools if where else ())})
        and _takes_breaks(shift, route, set(where[0].breaks_done) if where else set())
    )


def _is_present(shift: Shift, route: Route) -> bool:
    busy = [(before.leave, stop.arrive) for before, stop in zip(route.stops, route.stops[1:], strict=False)]
    busy += [(stop.begin, stop.leave) for stop in route.stops if stop.kind in {"visit", "pickup"}]
    late = any(stop.begin < stop.arrive for stop in route.stops)
    return not late and not any(
        max(begin, gone) < min(end, back) for begin, end in busy for gone, back in shift.absences
    )


def _has_tools(route: Route, tools: set[str]) -> bool:
    for stop in route.stops:
        if stop.kind == "pickup":
            tools |= {*stop.tools}
        elif not tools.issuperset(stop.tools):
            return False
    return True


def _takes_breaks(shift: Shift, route: Route, settled: set[int]) -> bool:
    for row, stop in enumerate(route.stops):
        if stop.break_ is None:
            continue
        pause = shift.breaks[stop.break_]
        if stop.break_ in settled or not _is_on_the_way(shift, route, row):
            return False
        if not pause.from_ <= stop.begin <= pause.to:
            return False
        settled.add(stop.break_)
    return not any(
        index not in settled and route.stops[0].leave < pause.to < route.stops[-1].arrive
        for index, pause in enumerate(shift.breaks)
    )


def _is_on_the_way(shift: Shift, route: Route, row: int) -> bool:
    """Tell whether a break, all others in a row left aside, is still where the stop before or after it is."""
    came = [stop.location for stop in route.stops[:row] if stop.break_ is None][-1]
    goes = next(stop.location for stop in route.stops[row:] if stop.break_ is None)
    if shift.end_location is None and all(stop.break_ is not None for stop in route.stops[row:-1]):
        goes = came
    here = route.stops[row].location
    return here in {came, goes} and here in {route.stops[row - 1].location, route.stops[row + 1].location}


def _ticket_holds(request: Request, served: Mapping[str, list[tuple[str, Stop]]], name: str) -> bool:
    ticket, stops = find_ticket(request, name), served[name]
    if ticket is None or len({who for who, _ in stops}) != ticket.crew or len({stop.begin for _, stop in stops}) != 1:
        return False
    begin = stops[0][1].begin
    chief = lead(request, ticket, stops)
    own = next(stop for who, stop in stops if who == chief.id)
    for skill, level in ticket.requires.items():
        lapse = chief.skills_until.get(skill)
        if chief.skills.get(skill, 0) < level or (lapse is not None and own.leave > lapse):
            return False
    for who, _ in stops:
        banned = any(pair.forbid for pair in ticket.pairs if pair.engineer == who)
        if banned or who in ticket.never or (ticket.only is not None and who not in ticket.only):
            return False
    if ticket.windows and not any(first <= begin <= last for first, last in ticket.windows):
        return False
    ends = ends_of(request, served)
    too_early = any(
        after.ticket not in ends or begin < ends[after.ticket] + after.gap_s * SECOND for after in ticket.after
    )
    return (
        not too_early and not (ticket.release and begin < ticket.release) and _same_lead(request, served, ticket, chief)
    )


def _same_lead(request: Request, served: Mapping[str, list[tuple[str, Stop]]], ticket: Ticket, chief: Engineer) -> bool:
    for finished in (request.previous or Previous()).finished:
        if finished.ticket == ticket.same_engineer_as and finished.engineer != chief.id:
            return False
    other = find_ticket(request, ticket.same_engineer_as or "")
    return other is None or other.id not in served or lead(request, other, served[other.id]).id == chief.id


def _vans_hold(request: Request, routes: Sequence[Route]) -> bool:
    for engineer in request.engineers:
        moves = [
            (stop.leave, 0, part, quantity) if stop.kind == "pickup" else (stop.begin, 1, part, -quantity)
            for route in routes
            if route.engineer == engineer.id
            for stop in route.stops
            for part, quantity in stop.parts.items()
        ]
        van = Counter(engineer.van)
        for _, _, part, quantity in sorted(moves):
            van[part] += quantity
            if van[part] < 0:
                return False
    return True


def _depots_hold(request: Request, routes: Sequence[Route]) -> bool:
    shifts = {(engineer.id, shift.id): shift for engineer in request.engineers for shift in engineer.shifts}
    for depot in request.depots:
        calls = [(stop, route) for route in routes for stop in route.stops if stop.depot == depot.id]
        lent: Counter[tuple[str, object]] = Counter()
        for stop, route in calls:
            if not any(first <= stop.begin <= last for first, last in depot.open):
                return False
            for tool in stop.tools:
                lent[tool, shifts[route.engineer, route.shift].start.date()] += 1
            for part in stop.parts:
                gone = sum(each.parts.get(part, 0) for each, _ in calls if each.begin <= stop.begin)
                come = sum(each.qty for each in depot.inbound if each.part == part and each.at <= stop.begin)
                if gone > depot.stock.get(part, 0) + come:
                    return False
        if any(count > depot.tools.get(tool, 0) for (tool, _), count in lent.items()):
            return False
    return True


def ends_of(request: Request, served: Mapping[str, list[tuple[str, Stop]]]) -> dict[str, datetime]:
    """Give when each ticket ends: those that are served, and those that are finished."""
    ends = {ticket: max(stop.leave for _, stop in stops) for ticket, stops in served.items()}
    previous = request.previous or Previous()
    return {**ends, **{finished.ticket: finished.end for finished in previous.finished}}
