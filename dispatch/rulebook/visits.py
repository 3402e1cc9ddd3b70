"""A plan's routes and visits next to what the request says about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from dispatch.format.model import Engineer, Plan, Request, Route, Shift, Stop, Ticket


@dataclass(frozen=True, slots=True)
class Driven:
    """One route of a plan, with its engineer and shift."""

    engineer: Engineer
    shift: Shift
    route: Route


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit of a plan, with its ticket, engineer and shift."""

    ticket: Ticket
    engineer: Engineer
    shift: Shift
    stop: Stop


def list_routes(request: Request, plan: Plan) -> list[Driven]:
    """List the routes of a plan in its order; those of unknown engineers or shifts are left to the judge."""
    shifts = {(engineer.id, shift.id): (engineer, shift) for engineer in request.engineers for shift in engineer.shifts}
    return [
        Driven(*shifts[route.engineer, route.shift], route)
        for route in plan.routes
        if (route.engineer, route.shift) in shifts
    ]


def list_visits(request: Request, plan: Plan) -> list[Visit]:
    """List the visits of a plan in its order; those of unknown tickets are left to the judge."""
    tickets = {ticket.id: ticket for ticket in request.tickets}
    return [
        Visit(tickets[stop.ticket], driven.engineer, driven.shift, stop)
        for driven in list_routes(request, plan)
        for stop in driven.route.stops
        if stop.kind == "visit" and stop.ticket in tickets
    ]


def each_leg(route: Route) -> Iterator[tuple[datetime, datetime, Stop]]:
    """Give departure, arrival and destination of each leg of a route that takes time."""
    for before, stop in zip(route.stops, route.stops[1:], strict=False):
        if stop.travel_s:
            yield before.leave, stop.arrive, stop


def whole_s(earlier: datetime, later: datetime) -> int:
    """Return the whole seconds between two moments, negative if ``later`` is earlier."""
    span = later - earlier
    return span.days * 86_400 + span.seconds
