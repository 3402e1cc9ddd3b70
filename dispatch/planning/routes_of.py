"""Plan to solution: the visits of a plan as routes of a problem."""

from __future__ import annotations

from dispatch.format.model import Plan
from dispatch.planning.lower import Lowered


def routes_of(lowered: Lowered, plan: Plan) -> list[list[int]]:
    """Return the visits of a plan as routes of a problem; what is unknown, over or visited twice is left out."""
    tour_row = {(lowered.engineer(row).id, tour.shift.id): row for row, tour in enumerate(lowered.tours)}
    job_row = {ticket.id: row for row, ticket in enumerate(lowered.request.tickets)}
    routes: list[list[int]] = [[] for _ in lowered.tours]
    for route in plan.routes:
        row = tour_row.get((route.engineer, route.shift))
        if row is None:
            continue
        for stop in route.stops:
            if stop.kind == "visit" and stop.ticket is not None:
                job = job_row.pop(stop.ticket, None)
                if job is not None:
                    routes[row].append(job)
    return routes
