"""Planning jobs: ask for a region's day to be planned, watch, cancel."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Final, Self

from flask_babel import gettext
from pydantic import Field, field_serializer

from dispatch.domain.job import MOST_SECONDS, JobFailure, JobState
from dispatch.domain.job import Job as JobRecord
from dispatch.domain.region import Region
from dispatch.services.edit_records import make_id
from dispatch.services.jobs import cancel_job, is_left_alone, start_planning
from dispatch.storage.store import Reading, Writing
from web.api.section import Asked, Section
from web.api.shape import Day, Id, Moment, Shape
from web.api.shapes import RegionDay
from web.board.pages import get_lang


class NewJob(Shape):
    """A wish to plan a region's day, searching so many seconds."""

    region_id: Id
    day: Day
    seconds: Annotated[int, Field(ge=1, le=MOST_SECONDS)] = 10


class Detail(Shape):
    """What exactly was in the way: a stable code, and what its sentence speaks of."""

    code: str
    params: dict[str, str | int]


class Job(Shape):
    """A planning job; when it is done, its id is also that of the revision that it made.

    ``best_cny``, ``planned``, ``skipped``: the best plan so far; null: none yet. ``failure``, ``detail``: why it failed, for
    programs; ``left_alone``: nobody works on plans, so that it waits in vain; ``message``: the same for people, in the language
    of ``Accept-Language``.
    """

    id: str
    region_id: str
    day: date
    seconds: int
    made_by: str
    created_at: Moment
    state: JobState
    attempt: int
    started_at: Moment | None
    ended_at: Moment | None
    failure: JobFailure | None
    detail: Detail | None
    left_alone: bool = False
    message: str | None = None
    best_cny: Annotated[Decimal | None, Field(description="In yuan, as text.")]
    best_after_s: float | None
    planned: int | None
    skipped: int | None

    @field_serializer("best_cny")
    def _write_amount(self, amount: Decimal | None) -> str | None:
        """Write an amount without an exponent."""
        return None if amount is None else f"{amount:f}"

    @classmethod
    def of(cls, record: object) -> Self:
        """Return the shape of a job, with what its failure says to this reader."""
        made = super().of(record)
        made.message = record.explain_failure(get_lang()) if isinstance(record, JobRecord) else None
        return made


class JobList(Shape):
    """The jobs of a region's day, the last one asked for first."""

    items: tuple[Job, ...]


def _tell(unit: Reading, record: JobRecord, now: datetime) -> Job:
    """Return the shape of a job, and whether anybody is there to work on it."""
    told = Job.of(record)
    if is_left_alone(unit, record, now):
        told.left_alone = True
        told.message = gettext("Nobody works on plans at the moment")
    return told


planning: Final = Section("planning-jobs")


@planning.on("POST", "/planning-jobs", keyed=True)
def start_job(unit: Writing, asked: Asked, body: NewJob) -> Job:
    """Ask for a region's day to be planned; a worker begins as soon as the region is free."""
    key = asked.key or make_id()
    made = start_planning(unit, body.region_id, body.day, seconds=body.seconds, by=asked.by, key=key, now=asked.now)
    return Job.of(made)


@planning.on("GET", "/planning-jobs")
def list_jobs(unit: Reading, asked: Asked, query: RegionDay) -> JobList:
    """List the planning jobs of a region's day, the last one asked for first."""
    unit.get(Region, query.region_id)
    return JobList(items=tuple(_tell(unit, job, asked.now) for job in unit.list_jobs(query.region_id, query.day)))


@planning.on("GET", "/planning-jobs/<id>")
def get_job(unit: Reading, asked: Asked, id: str) -> Job:  # noqa: A002 - as the address has it
    """Get a planning job and how far it is."""
    return _tell(unit, unit.get_job(id), asked.now)


@planning.on("POST", "/planning-jobs/<id>/cancellation")
def cancel(unit: Writing, asked: Asked, id: str) -> Job:  # noqa: A002 - the same
    """Ask for a planning job to stop; one that is searching is ``cancelling`` until its search has ended."""
    return Job.of(cancel_job(unit, id, by=asked.by, now=asked.now))
