"""What the board shows, as one JSON-ready document that depends on no language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from dispatch.format.model import Deadline, Engineer, Interval, Plan, Request, Route, Shift, Stop, Ticket
from dispatch.kpis import measure_all
from dispatch.kpis.lateness import Lateness, find_late
from dispatch.kpis.tickets_served import list_served
from web.board.grade import make_grades

Json = dict[str, Any]

HANGZHOU_DEG = (29.18, 118.33, 30.57, 120.73)
"""South, west, north, east of the boundaries of Hangzhou."""

DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Clock:
    """Moments as whole seconds since a local midnight, in one offset for the whole board."""

    midnight: datetime

    def at(self, moment: datetime) -> int:
        """Return whole seconds from the midnight to ``moment``; negative before it."""
        return round((moment - self.midnight).total_seconds())

    def span(self, interval: Interval) -> list[int]:
        """Return both ends of ``interval`` in seconds."""
        return [self.at(interval[0]), self.at(interval[1])]

    def day(self, moment: datetime) -> int:
        """Return the number of the local day ``moment`` lies in; 0 is the first."""
        return self.at(moment) // DAY_S


def make_board(plan: Plan, request: Request | None) -> Json:
    """Describe ``plan`` for the page: engineers, routes, tickets, what is left out, key figures.

    ``depot_names`` is empty: the documents do not say what people call a depot.

    Parameters
    ----------
    plan
        A plan as read by ``dispatch.format.read``.
    request
        The request it answers. Without it positions, windows, deadlines, skills and unused shifts are not known:
        those keys are None or empty and ``has_request`` is false.

    Returns
    -------
    dict
        Moments are whole seconds since ``origin`` (a local midnight in the offset of the request's ``now``, else of
        the first stop); keys end in their unit; money is CNY.
    """
    clock = _make_clock(plan, request)
    tickets = {ticket.id: ticket for ticket in request.tickets} if request else {}
    late = find_late(plan, request) if request else {}
    grades = make_grades(
        {ticket.id: ticket.skip_cost for ticket in tickets.values()},
        [
            *sorted(list_served(stop for route in plan.routes for stop in route.stops)),
            *(skipped.ticket for skipped in plan.skipped),
        ],
    )
    engineers = {engineer.id: engineer for engineer in request.engineers} if request else {}
    routes = [_route(route, engineers.get(route.engineer), clock, late) for route in plan.routes]
    days = _days(routes, engineers.values(), clock)
    return {
        "has_request": request is not None,
        "origin": clock.midnight.date().isoformat(),
        "days": days,
        "now": clock.at(request.now) if request else None,
        "status": plan.status,
        "scheme": grades.scheme,
        "engineers": [_engineer(engineer, clock) for engineer in engineers.values()]
        or [_bare_engineer(name) for name in dict.fromkeys(route.engineer for route in plan.routes)],
        "locations": {place.id: [place.lat, place.lon] for place in request.locations} if request else {},
        "depots": {depot.id: depot.location for depot in request.depots} if request else {},
        "depot_names": {},
        "parts": {part: fact.name for part, fact in request.parts.items() if fact.name} if request else {},
        "boundaries": _boundaries(request),
        "tickets": {name: _ticket(name, tickets.get(name), grade, clock) for name, grade in grades.by_ticket.items()},
        "routes": routes,
        "skipped": [
            {
                "ticket": skipped.ticket,
                "verdict": skipped.verdict,
                "reasons": [
                    {
                        "code": reason.code,
                        "text": reason.text,
                        "engineer": reason.engineer,
                        "gap": [float(reason.gap.value), reason.gap.unit] if reason.gap else None,
                    }
                    for reason in skipped.reasons
                ],
            }
            for skipped in plan.skipped
        ],
        "broken_pins": [{"ticket": pin.ticket, "code": pin.code, "text": pin.text} for pin in plan.broken_pins],
        "solver": {
            "engine": plan.solver.engine,
            "seed": plan.solver.seed,
            "seconds": float(plan.solver.seconds),
            "iterations": plan.solver.iterations,
            "threads": plan.solver.threads,
            "bound": _number(plan.solver.bound),
            "gap": _number(plan.solver.gap),
        },
        "figures": _figures(plan, request),
    }


def _make_clock(plan: Plan, request: Request | None) -> Clock:
    moments = [route.stops[0].arrive for route in plan.routes if route.stops]
    if request:
        moments += [shift.start for engineer in request.engineers for shift in engineer.shifts]
        moments = moments or [request.now]
    offset = request.now.utcoffset() if request else moments[0].utcoffset() if moments else timedelta()
    zone = timezone(offset or timedelta())
    first = min(moments, default=datetime(1970, 1, 1, tzinfo=zone)).astimezone(zone)
    return Clock(first.replace(hour=0, minute=0, second=0, microsecond=0))


def _days(routes: Iterable[Json], engineers: Iterable[Engineer], clock: Clock) -> list[Json]:
    numbers = {route["day"] for route in routes}
    numbers |= {clock.day(shift.start) for engineer in engineers for shift in engineer.shifts}
    dates = {number: clock.midnight.date() + timedelta(days=number) for number in sorted(numbers)}
    return [{"day": number, "date": date.isoformat(), "weekday": date.isoweekday()} for number, date in dates.items()]


def _engineer(engineer: Engineer, clock: Clock) -> Json:
    factor = engineer.service_factor
    return {
        "id": engineer.id,
        "name": engineer.name or engineer.id,
        "skills": dict(engineer.skills),
        "skills_until": {skill: clock.at(until) for skill, until in engineer.skills_until.items()},
        "van": dict(engineer.van),
        "tools": list(engineer.tools),
        "service_factor": {skill: float(value) for skill, value in factor.items()}
        if isinstance(factor, Mapping)
        else float(factor),
        "speed_factor": float(engineer.speed_factor),
        "max_busy_s": engineer.max_busy_s,
        "shifts": [_shift(shift, clock) for shift in engineer.shifts],
    }


def _bare_engineer(name: str) -> Json:
    return {"id": name, "name": name, "skills": {}, "skills_until": {}, "van": {}, "tools": [], "shifts": []}


def _shift(shift: Shift, clock: Clock) -> Json:
    return {
        "id": shift.id,
        "day": clock.day(shift.start),
        "start": clock.at(shift.start),
        "end": clock.at(shift.end),
        "overtime_s": shift.overtime_s,
        "start_location": shift.start_location,
        "end_location": shift.end_location,
        "max_visits": shift.max_visits,
        "max_travel_s": shift.max_travel_s,
        "breaks": [
            {"from": clock.at(item.from_), "to": clock.at(item.to), "duration_s": item.duration_s}
            for item in shift.breaks
        ],
        "absences": [clock.span(absence) for absence in shift.absences],
    }


def _ticket(name: str, ticket: Ticket | None, grade: str, clock: Clock) -> Json:
    if ticket is None:
        return {"id": name, "grade": grade}
    return {
        "id": name,
        "grade": grade,
        "location": ticket.location,
        "duration_s": ticket.duration_s,
        "setup_s": ticket.setup_s,
        "requires": dict(ticket.requires),
        "parts": dict(ticket.parts),
        "tools": list(ticket.tools),
        "windows": [clock.span(window) for window in ticket.windows],
        "release": clock.at(ticket.release) if ticket.release else None,
        "arrive": _deadline(ticket.arrive, clock),
        "resolve": _deadline(ticket.resolve, clock),
        "skip_cost": _number(ticket.skip_cost),
        "crew": ticket.crew,
        "only": list(ticket.only) if ticket.only is not None else None,
        "never": list(ticket.never),
        "prefer": list(ticket.prefer),
        "pairs": [
            {"engineer": pair.engineer, "cost": float(pair.cost), "forbid": pair.forbid, "code": pair.code}
            for pair in ticket.pairs
        ],
        "after": [{"ticket": item.ticket, "gap_s": item.gap_s} for item in ticket.after],
        "same_engineer_as": ticket.same_engineer_as,
    }


def _deadline(deadline: Deadline | None, clock: Clock) -> Json | None:
    if deadline is None:
        return None
    return {"by": clock.at(deadline.by), "cost": float(deadline.cost), "cost_per_h": float(deadline.cost_per_h)}


def _route(
    route: Route,
    engineer: Engineer | None,
    clock: Clock,
    late: Mapping[str, Lateness],
) -> Json:
    shift = next((shift for shift in engineer.shifts if shift.id == route.shift), None) if engineer else None
    begins = shift.start if shift else route.stops[0].arrive if route.stops else clock.midnight
    return {
        "engineer": route.engineer,
        "shift": route.shift,
        "day": clock.day(begins),
        "stops": [_stop(stop, clock, late) for stop in route.stops],
        "travel_s": route.travel_s,
        "travel_m": route.travel_m,
        "work_s": route.work_s,
        "wait_s": route.wait_s,
        "overtime_s": route.overtime_s,
    }


def _stop(stop: Stop, clock: Clock, late: Mapping[str, Lateness]) -> Json:
    facts: Json = {
        "kind": stop.kind,
        "location": stop.location,
        "arrive": clock.at(stop.arrive),
        "begin": clock.at(stop.begin),
        "leave": clock.at(stop.leave),
        "travel_s": stop.travel_s,
        "travel_m": stop.travel_m,
    }
    if stop.kind == "visit" and stop.ticket is not None:
        facts["ticket"] = stop.ticket
        if stop.ticket in late:
            facts.update(_lateness(late[stop.ticket]))
    if stop.depot is not None:
        facts["depot"] = stop.depot
    if stop.parts:
        facts["parts"] = dict(stop.parts)
    if stop.tools:
        facts["tools"] = list(stop.tools)
    return facts


def _lateness(late: Lateness) -> Json:
    """Return by how much a ticket is late, each promise that is broken by itself, and what that costs."""
    broken = {"late_arrive_s": late.arrive_s, "late_resolve_s": late.resolve_s}
    return {**{key: late_s for key, late_s in broken.items() if late_s}, "late_cost": float(late.cost_cny)}


def _figures(plan: Plan, request: Request | None) -> Json:
    """Return the key figures, with the objective's total and terms."""
    return {
        **measure_all(plan, request),
        "cost": float(plan.objective.total),
        "terms": {term: float(cost) for term, cost in plan.objective.terms.items()},
    }


def _boundaries(request: Request | None) -> str | None:
    """Return the name of the district boundaries to draw: those that at least half of the locations lie in."""
    if not request or not request.locations:
        return None
    south, west, north, east = HANGZHOU_DEG
    inside = sum(south <= place.lat <= north and west <= place.lon <= east for place in request.locations)
    return "hangzhou" if 2 * inside >= len(request.locations) else None


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
