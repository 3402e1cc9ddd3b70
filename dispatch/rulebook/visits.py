"""A plan's routes and visits next to what the request says about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from dispatch.format.model import Engineer, Plan, Request, Route, Shift, Stop, Ticket
from dispatch.rulebook.in_force import in_force


@dataclass(frozen=True, slots=True)
class Driven:
    """One route of a plan, with its engineer and shift.

    ``is_broken``: it has a visit whose pin the plan lists as broken; then shift end, limits and breaks don't bind it.
    """

    engineer: Engineer
    shift: Shift
    route: Route
    is_broken: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit of a plan, with its ticket, engineer and shift.

    ``is_on_the_way``: the engineer was travelling to it before; ``is_broken``: its pin or freeze is listed as broken.
    """

    ticket: Ticket
    engineer: Engineer
    shift: Shift
    stop: Stop
    is_on_the_way: bool = False
    is_broken: bool = False

    @property
    def is_free(self) -> bool:
        """Whether skills, bans and windows don't bind it."""
        return self.is_on_the_way or self.is_broken


def list_routes(request: Request, plan: Plan) -> list[Driven]:
    """List the routes of a plan in its order; those of unknown engineers or shifts are left to the judge."""
    shifts = {(engineer.id, shift.id): (engineer, shift) for engineer in request.engineers for shift in engineer.shifts}
    known, listed = in_force(request), {pin.ticket for pin in plan.broken_pins}
    return [
        Driven(
            *shifts[route.engineer, route.shift],
            route,
            any(
                stop.ticket in listed and known.is_held(stop.ticket, route.engineer)
                for stop in route.stops
                if stop.ticket
            )
            if listed
            else False,
        )
        for route in plan.routes
        if (route.engineer, route.shift) in shifts
    ]


def list_visits(request: Request, plan: Plan) -> list[Visit]:
    """List the visits of a plan in its order; those of unknown tickets are left to the judge."""
    tickets = {ticket.id: ticket for ticket in request.tickets}
    known, listed = in_force(request), {pin.ticket for pin in plan.broken_pins}
    return [
        Visit(
            tickets[stop.ticket],
            driven.engineer,
            driven.shift,
            stop,
            known.is_on_the_way(stop.ticket, driven.engineer.id),
            stop.ticket in listed and known.is_held(stop.ticket, driven.engineer.id),
        )
        for driven in list_routes(request, plan)
        for stop in driven.route.stops
        if stop.kind == "visit" and stop.ticket in tickets
    ]


def list_leads(request: Request, plan: Plan) -> list[Visit]:
    """List the visit of each served ticket's lead, in the plan's order of tickets.

    The lead is the first, in the order of ``engineers``, who has what the ticket requires; where nobody has, the first of all.
    """
    rank = {engineer.id: row for row, engineer in enumerate(request.engineers)}

    def order(visit: Visit) -> tuple[bool, int]:
        skills = visit.engineer.skills
        able = all(skills.get(skill, 0) >= level for skill, level in visit.ticket.requires.items())
        return not able, rank[visit.engineer.id]

    return [min(visits, key=order) for visits in _by_ticket(request, plan)]


def list_last(request: Request, plan: Plan) -> list[Visit]:
    """List the visit that ends last of each served ticket, in the plan's order of tickets."""
    return [max(visits, key=lambda visit: visit.stop.leave) for visits in _by_ticket(request, plan)]


def _by_ticket(request: Request, plan: Plan) -> list[list[Visit]]:
    """Bring the visits of each crew together."""
    crews: dict[str, list[Visit]] = {}
    for visit in list_visits(request, plan):
        crews.setdefault(visit.ticket.id, []).append(visit)
    return list(crews.values())


def each_leg(route: Route) -> Iterator[tuple[datetime, datetime, Stop]]:
    """Give departure, arrival and destination of each leg of a route that takes time."""
    for before, stop in zip(route.stops, route.stops[1:], strict=False):
        if stop.travel_s:
            yield before.leave, stop.arrive, stop


def whole_s(earlier: datetime, later: datetime) -> int:
    """Return the whole seconds between two moments, negative if ``later`` is earlier."""
    span = later - earlier
    return span.days * 86_400 + span.seconds
