"""A day in the middle of which an urgent call comes: the request before it, and the one after it with the plan in force.

A plan of the early morning is followed to the second until ``now``. What has begun by then is finished or under way, who is between two
visits is on the road, and all other visits are still to come: told or planned, some of them pinned. One urgent ticket is new.

>>> day = make_day(3, 24, seed=0)
>>> len(day.early.tickets), day.urgent.id.startswith("TJ")
(24, True)
"""

# ruff: noqa: S311 - the shares of an invented world stand where they are drawn, and no secret is drawn

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from dispatch.example import make_request
from dispatch.format.model import (
    Deadline,
    Finished,
    Location,
    Plan,
    Previous,
    PreviousVisit,
    Request,
    Route,
    Ticket,
    Whereabouts,
)

FROZEN = timedelta(minutes=30)
"""What starts so soon after ``now`` stays as it is."""

SOON = timedelta(hours=2)
"""The urgent customer is promised somebody within this time."""

CHANGES_SHARE = 0.03
"""So many of the visits to come may be changed."""


@dataclass(frozen=True, slots=True)
class Day:
    """A request of the early morning, and the ticket that nobody knows of yet."""

    early: Request
    urgent: Ticket
    seed: int


def make_day(engineers: int, tickets: int, seed: int) -> Day:
    """Make a day of that many engineers and known tickets."""
    whole = make_request(engineers, tickets + 1, seed=seed)
    urgent = next(ticket for ticket in whole.tickets if ticket.id.startswith("TJ"))
    known = tuple(ticket for ticket in whole.tickets if ticket.id != urgent.id)
    return Day(replace(whole, tickets=known), urgent, seed)


def call(day: Day, plan: Plan, now: datetime, max_changes: int | None = None) -> Request:
    """Return the request at ``now``, when the urgent ticket has come in; ``max_changes`` None: 3 % of the visits to come."""
    random = Random(f"{day.seed} {now.isoformat()}")
    past = _Past(day.early, now)
    visits = [visit for route in plan.routes for visit in past.follow(route, random)]
    finished = {one.ticket for one in past.finished}
    urgent = replace(
        day.urgent, windows=(), release=now, arrive=Deadline(now + SOON, *_prices(day.urgent.arrive)), resolve=None
    )
    budget = max(1, round(CHANGES_SHARE * len(visits))) if max_changes is None else max_changes
    return replace(
        day.early,
        now=now,
        locations=(*day.early.locations, *past.places),
        tickets=(*(ticket for ticket in day.early.tickets if ticket.id not in finished), urgent),
        previous=Previous(tuple(past.engineers), tuple(past.finished), tuple(visits), now + FROZEN, budget),
    )


def _prices(deadline: Deadline | None) -> tuple:  # type: ignore[type-arg]
    """Return what coming late costs."""
    return () if deadline is None else (deadline.cost, deadline.cost_per_h)


class _Past:
    """What has happened by now."""

    def __init__(self, request: Request, now: datetime) -> None:
        self.now = now
        self.places_of = {place.id: place for place in request.locations}
        self.engineers: list[Whereabouts] = []
        self.finished: list[Finished] = []
        self.places: list[Location] = []

    def follow(self, route: Route, random: Random) -> list[PreviousVisit]:
        """Follow a route until now, and list its visits that are still to come."""
        begun = [stop for stop in route.stops if stop.begin <= self.now and stop.kind != "end"]
        coming = [stop for stop in route.stops[len(begun) :] if stop.kind == "visit"]
        travelling = None
        if begun:
            last = begun[-1]
            place, from_ = last.location, max(self.now, last.leave)
            ahead = route.stops[len(begun)]
            if last.leave < self.now < ahead.arrive:
                one, other = self.places_of[last.location], self.places_of[ahead.location]
                share = (self.now - last.leave) / (ahead.arrive - last.leave)
                place = f"N-{route.engineer}"
                lat, lon = (
                    round(old + share * (new - old), 6) for old, new in ((one.lat, other.lat), (one.lon, other.lon))
                )
                self.places.append(Location(place, lat, lon))
                travelling = ahead.ticket
            done = tuple(stop.break_ for stop in begun if stop.break_ is not None)
            self.engineers.append(Whereabouts(route.engineer, route.shift, place, from_, done))
            self.finished += [Finished(stop.ticket, stop.leave, route.engineer) for stop in begun if stop.ticket]
        return [
            PreviousVisit(
                stop.ticket or "",
                route.engineer,
                route.shift,
                stop.begin,
                "travelling" if stop.ticket == travelling else random.choices(("told", "planned"), (50, 50))[0],
                "none" if stop.ticket == travelling else random.choices(("none", "engineer", "start"), (88, 8, 4))[0],
            )
            for stop in coming
        ]
