"""Make a plan of a region's day: read and prepare, solve, keep.

``prepare`` and ``keep`` are two short units of work; the search between them may run in another process, knows no database
and is given the request alone. Nothing is kept that the judge does not find legal, and it judges before the second unit: on
SQLite nobody else could write for as long as it takes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from dispatch.domain.errors import PlanIllegal
from dispatch.domain.event import Event
from dispatch.domain.plan import Pin, Revision, Visit
from dispatch.format.faults import InvalidDocument
from dispatch.format.model import Plan, Request
from dispatch.format.read import read_plan, read_request
from dispatch.format.write import write_plan, write_request
from dispatch.judge import judge
from dispatch.planning.notes import Note
from dispatch.planning.request import make_request
from dispatch.policies.tables.model import Book
from dispatch.storage.store import Reading, Store, Writing
from dispatch.travel.travel_times import TravelTimes

Solve = Callable[[Request], Plan]
"""Answers a request."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is to be planned, and what goes beside it until the plan is kept.

    Parameters
    ----------
    request_json
        The request, a document of planning format 1.
    base_number
        Number of the plan in force that it was made on top of; 0: there was none.
    carried
        Visits that are done or under way, outside the request: they come first in their shifts.
    pinned
        Engineer of each ticket that a person has pinned.
    notes
        What the dispatcher should know of how the request was made.
    """

    region_id: str
    day: date
    base_number: int
    request_json: str = field(repr=False)
    carried: tuple[Visit, ...] = field(default=(), repr=False)
    pinned: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


def prepare(unit: Reading, region_id: str, day: date, *, travel: TravelTimes, book: Book, now: datetime) -> Prepared:
    """Read a region's day at one moment and make its request.

    Parameters
    ----------
    unit
        To read in.
    travel
        Who is asked for travel times; one that falls back.
    book
        Limits, prices and weights.
    now
        A moment with a zone; nothing is planned before it.

    Raises
    ------
    NotFound
        There is no such region.
    """
    snapshot = unit.snapshot(region_id, day)
    elsewhere = unit.list_other_visits(region_id, day, now=now)
    made = make_request(snapshot, travel=travel, book=book, now=now, elsewhere=elsewhere)
    return Prepared(
        region_id=region_id,
        day=day,
        base_number=0 if snapshot.publication is None else snapshot.publication.number,
        request_json=write_request(made.request),
        carried=made.carried,
        pinned=made.pinned,
        notes=made.notes,
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """A plan that the judge has found legal as the answer to a request; only :func:`judged` makes it."""

    request_json: str = field(repr=False)
    plan_json: str = field(repr=False)
    request: Request = field(repr=False)
    plan: Plan = field(repr=False)


def keep(
    unit: Writing,
    prepared: Prepared,
    legal: Judged,
    *,
    revision_id: str,
    job_id: str | None,
    made_by: str,
    at: datetime,
) -> Revision:
    """Keep a plan as a revision, with the visits that were carried, and write down that it was made.

    Parameters
    ----------
    unit
        To write in: all of it is kept, or nothing.
    prepared
        What was planned.
    legal
        The plan, judged before the unit was opened.
    revision_id, job_id
        Of the revision, and of the planning job that made it; at most one revision a job.
    made_by
        Who asked for it.
    at
        When it was made.

    Raises
    ------
    PlanIllegal
        The plan was judged as the answer to another request; nothing is kept.
    AlreadyThere
        The id is taken, or the job has made a revision before.
    StillNeeded
        A ticket, an engineer or a shift of the plan was removed meanwhile; prepare again.
    """
    if legal.request_json != prepared.request_json:
        raise PlanIllegal(1, "the plan answers another request")
    request, plan = legal.request, legal.plan
    visits = join_visits(prepared.carried, visits_of(plan, prepared.pinned))
    revision = Revision(
        id=revision_id,
        region_id=prepared.region_id,
        day=prepared.day,
        base_number=prepared.base_number,
        made_at=find_time_to_make(unit, prepared.region_id, prepared.day, at),
        made_by=made_by,
        request_json=prepared.request_json,
        plan_json=legal.plan_json,
        job_id=job_id,
        visits=visits,
    )
    unit.add_revision(revision)
    details: dict[str, str | int | bool | None] = {
        "base_number": prepared.base_number,
        "tickets": len(request.tickets),
        "visits": len(visits),
        "carried": len(prepared.carried),
        "skipped": len(plan.skipped),
        "total_cny": f"{plan.objective.total:.2f}",
        "job": job_id,
    }
    unit.add_event(Event("PlanMade", at, "Revision", revision_id, prepared.region_id, made_by, details))
    return revision


@dataclass(frozen=True, slots=True)
class Made:
    """A plan that was made and kept, and what the dispatcher should know of how."""

    revision: Revision
    plan: Plan
    notes: tuple[Note, ...]


def plan_now(
    store: Store,
    region_id: str,
    day: date,
    *,
    travel: TravelTimes,
    book: Book,
    clock: Callable[[], datetime],
    solve: Solve,
    revision_id: str,
    made_by: str,
) -> Made:
    """Prepare, solve and keep in one process: no unit of work is open while the search runs.

    Parameters
    ----------
    store
        Where the day is read and the plan is kept.
    travel, book
        As in :func:`prepare`.
    clock
        Tells the moment, with a zone; asked before and after the search.
    solve
        The search, such as :func:`dispatch.planning.solve` with its limits bound.
    revision_id, made_by
        As in :func:`keep`.

    Raises
    ------
    NotFound
        There is no such region.
    PlanIllegal, StillNeeded
        As in :func:`judged` and :func:`keep`; nothing is kept.
    """
    with store.reading() as unit:
        prepared = prepare(unit, region_id, day, travel=travel, book=book, now=clock())
    plan = solve(read_request(prepared.request_json))
    legal = judged(prepared.request_json, write_plan(plan))
    with store.writing() as unit:
        revision = keep(
            unit,
            prepared,
            legal,
            revision_id=revision_id,
            job_id=None,
            made_by=made_by,
            at=clock(),
        )
    return Made(revision, plan, prepared.notes)


def find_time_to_make(unit: Writing, region_id: str, day: date, at: datetime) -> datetime:
    """Return when a revision is made that is the day's newest: ``at``, or just after the newest one.

    Clocks of whole seconds and of several machines would otherwise let the one that was made first be taken for the newest,
    and what a dispatcher moved just now would not be shown.
    """
    unit.wait_for_region(region_id)
    newest = next(iter(unit.list_revisions(region_id, day)), None)
    return at if newest is None or newest.made_at < at else newest.made_at + timedelta(microseconds=1)


def judged(request_json: str, plan_json: str) -> Judged:
    """Read a request and a plan that answers it, and have the judge look at them.

    Raises
    ------
    PlanIllegal
        The plan cannot be read, or the judge finds a clause broken.
    """
    try:
        request = read_request(request_json)
        plan = read_plan(plan_json, request)
    except InvalidDocument as error:
        raise PlanIllegal(len(error.faults), str(error.faults[0])) from error
    verdict = judge(request, plan)
    if not verdict.legal:
        first = verdict.violations[0]
        raise PlanIllegal(len(verdict.violations), f"{first.path}: {first.text} [{first.code}]")
    return Judged(request_json, plan_json, request, plan)


def visits_of(plan: Plan, pinned: Mapping[str, str]) -> tuple[Visit, ...]:
    """Return the visits of a plan; one is pinned if a person had given its ticket to this engineer."""
    found = []
    for route in plan.routes:
        stops = [stop for stop in route.stops if stop.kind == "visit" and stop.ticket is not None]
        for place, stop in enumerate(stops):
            ticket_id = stop.ticket or ""
            pin = Pin.ENGINEER if pinned.get(ticket_id) == route.engineer else Pin.NONE
            found.append(
                Visit(
                    ticket_id=ticket_id,
                    engineer_id=route.engineer,
                    shift_id=route.shift,
                    place=place,
                    arrive_at=stop.arrive,
                    begin_at=stop.begin,
                    leave_at=stop.leave,
                    travel_s=stop.travel_s,
                    travel_m=stop.travel_m,
                    pin=pin,
                )
            )
    return tuple(found)


def join_visits(carried: Iterable[Visit], planned: Iterable[Visit]) -> tuple[Visit, ...]:
    """Return carried visits and those planned after them in the same shifts, places counted through."""
    first = tuple(carried)
    taken = Counter(visit.shift_id for visit in first)
    return (*first, *(replace(visit, place=visit.place + taken[visit.shift_id]) for visit in planned))
