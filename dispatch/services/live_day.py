"""A region's day as a dispatcher looks at it: the plan that is shown, and what has moved on since it was made."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from dispatch.domain.errors import NotFound
from dispatch.domain.job import Job
from dispatch.domain.place import Point
from dispatch.domain.plan import Pin, Publication, Revision, Visit
from dispatch.domain.region import Region
from dispatch.domain.ticket import Grade, Ticket
from dispatch.format.model import Location, Objective, Plan, Request, SolverNote
from dispatch.format.read import read_plan, read_request
from dispatch.planning.notes import Note
from dispatch.planning.request import MadeRequest, make_request
from dispatch.policies.tables.read import get_book
from dispatch.services.day_board import DayBoard, read_day_board
from dispatch.storage.store import Reading
from dispatch.travel.straight_line import StraightLine

NOTHING_PLANNED: Final = Plan("ok", Objective(Decimal(0), {}), (), (), SolverNote("", 0, Decimal(0), 0, 0))
"""What stands for a plan where there is none."""


@dataclass(frozen=True, slots=True)
class LiveDay:
    """What the board of a region's day shows.

    Parameters
    ----------
    day
        As the store has it.
    shown
        The plan that is shown: the newest that is not published yet, else the one in force; None: there is none.
    request, plan
        The documents that are drawn. Tickets that came after the plan was made are in the request too, at their own
        locations, and so is the new place of a pin that was moved.
    fresh
        Tickets that are to be planned and that the plan does not know yet, by id.
    carried
        Visits of the shown plan that are done or under way, which are in no document.
    moved_pins
        Tickets whose point has changed since the plan was made.
    notes
        What planning now would tell of how it reads the day.
    """

    day: DayBoard
    shown: Revision | None
    request: Request = field(repr=False)
    plan: Plan = field(repr=False)
    fresh: tuple[str, ...]
    carried: tuple[Visit, ...]
    moved_pins: frozenset[str]
    notes: tuple[Note, ...]

    @property
    def in_force(self) -> Publication | None:
        """The last publication."""
        return self.day.snapshot.publication

    @property
    def pinned(self) -> frozenset[str]:
        """Tickets whose visit in the shown plan a person has pinned."""
        visits = () if self.shown is None else self.shown.visits
        return frozenset(visit.ticket_id for visit in visits if visit.pin is not Pin.NONE)

    @property
    def is_draft(self) -> bool:
        """Whether what is shown is not published."""
        return self.shown is not None and (self.in_force is None or self.in_force.revision_id != self.shown.id)


def read_live_day(
    unit: Reading, region_id: str, day: date, *, now: datetime, revision_id: str | None = None
) -> LiveDay:
    """Read what the board of a region's day shows.

    Parameters
    ----------
    revision_id
        A revision of that day to show instead of the newest one.

    Raises
    ------
    NotFound
        There is no such region, or no such revision of that day.
    """
    board = read_day_board(unit, region_id, day)
    snapshot = board.snapshot
    shown = board.draft or snapshot.plan
    if revision_id is not None:
        shown = unit.get_revision(revision_id)
        if (shown.region_id, shown.day) != (region_id, day):
            raise NotFound("Revision", revision_id)
    elsewhere = unit.list_other_visits(region_id, day, now=now)
    made = make_request(snapshot, travel=StraightLine(), book=get_book("least_change"), now=now, elsewhere=elsewhere)
    if shown is None:
        fresh = tuple(ticket.id for ticket in made.request.tickets)
        return LiveDay(board, None, made.request, NOTHING_PLANNED, fresh, made.carried, frozenset(), made.notes)
    request = read_request(shown.request_json)
    plan = read_plan(shown.plan_json)
    known = {ticket.id for ticket in request.tickets} | {visit.ticket_id for visit in shown.visits}
    fresh = tuple(ticket.id for ticket in made.request.tickets if ticket.id not in known)
    planned = {ticket.id for ticket in request.tickets}
    carried = tuple(visit for visit in shown.visits if visit.ticket_id not in planned)
    request, moved = _with_pins(_with_fresh(request, made, fresh), snapshot.tickets)
    return LiveDay(board, shown, request, plan, fresh, carried, moved, made.notes)


def _with_fresh(request: Request, made: MadeRequest, fresh: tuple[str, ...]) -> Request:
    """Add tickets that came later, each at a location of its own."""
    places = {place.id: place for place in made.request.locations}
    late = [ticket for ticket in made.request.tickets if ticket.id in fresh]
    locations = tuple(replace(places[ticket.location], id=f"@{ticket.id}") for ticket in late)
    tickets = tuple(replace(ticket, location=f"@{ticket.id}") for ticket in late)
    return replace(request, locations=request.locations + locations, tickets=request.tickets + tickets)


def _with_pins(request: Request, records: tuple[Ticket, ...]) -> tuple[Request, frozenset[str]]:
    """Draw tickets whose own point has changed where they are now."""
    points = {record.id: record.point for record in records if record.point is not None}
    places = {place.id: (place.lat, place.lon) for place in request.locations}
    moved = {
        ticket.id: points[ticket.id]
        for ticket in request.tickets
        if ticket.id in points and _place_of(points[ticket.id]) != places[ticket.location]
    }
    locations = tuple(Location(f"@{id_}", *_place_of(point)) for id_, point in moved.items())
    tickets = tuple(
        replace(ticket, location=f"@{ticket.id}") if ticket.id in moved else ticket for ticket in request.tickets
    )
    return replace(request, locations=request.locations + locations, tickets=tickets), frozenset(moved)


def _place_of(point: Point) -> tuple[float, float]:
    """Return degrees as a request has them."""
    return point.lat_deg, point.lon_deg


@dataclass(frozen=True, slots=True)
class Watched:
    """What a page that stays open asks about every second or two.

    Parameters
    ----------
    job
        The last one that was asked for; None: none was.
    shown_id
        The revision that the board shows, None: there is none.
    number
        Of the plan in force, 0: there is none.
    """

    job: Job | None
    shown_id: str | None
    number: int


def watch_day(unit: Reading, region_id: str, day: date) -> Watched:
    """Look whether a region's day is being planned and which plan its board shows, without reading any plan.

    Raises
    ------
    NotFound
        There is no such region.
    """
    unit.get(Region, region_id)
    published = unit.find_published(region_id, day)
    number = 0 if published is None else published.number
    newest = next(iter(unit.list_revisions(region_id, day)), None)
    shown_id = None if published is None else published.revision_id
    if newest is not None and newest.number is None and newest.base_number == number:
        shown_id = newest.id
    job = next(iter(unit.list_jobs(region_id, day)), None)
    return Watched(job, shown_id, number)


@dataclass(frozen=True, slots=True)
class DayCounts:
    """How a region's day stands in numbers.

    Parameters
    ----------
    engineers
        Who have a shift.
    visits
        Tickets with a visit in the plan that is shown.
    waiting
        Open tickets without one.
    pressing
        Emergencies and urgent ones among the waiting.
    """

    engineers: int
    visits: int
    waiting: int
    pressing: int


def count_day(board: DayBoard) -> DayCounts:
    """Count what a dispatcher asks first: who works, what is planned, what waits."""
    shown = board.draft or board.snapshot.plan
    visited = {visit.ticket_id for visit in shown.visits} if shown is not None else set()
    waiting = [ticket for ticket in board.snapshot.tickets if ticket.is_open and ticket.id not in visited]
    return DayCounts(
        engineers=len({shift.engineer_id for shift in board.snapshot.shifts}),
        visits=len(visited),
        waiting=len(waiting),
        pressing=sum(ticket.grade in {Grade.EMERGENCY, Grade.URGENT} for ticket in waiting),
    )
