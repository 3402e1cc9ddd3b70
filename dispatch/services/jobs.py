"""Ask for a day to be planned, and ask for that to stop.

Looking at jobs needs no service: ``unit.get_job(id)`` and ``unit.list_jobs(region_id, day)``.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from uuid import uuid4

from dispatch.domain.event import Event
from dispatch.domain.job import Job, JobState
from dispatch.domain.region import Region
from dispatch.storage.store import Reading, Writing

PATIENCE: Final = timedelta(seconds=15)
"""How long a job may wait for a worker that has nothing else to do; one that runs looks twice a second."""


def start_planning(
    unit: Writing, region_id: str, day: date, *, seconds: int, by: str, key: str, now: datetime, urgency: int = 0
) -> Job:
    """Queue a planning job for a region's day; a worker takes it as soon as the region is free.

    Parameters
    ----------
    unit
        To write in.
    seconds
        How long to search, from 1 to 3600.
    by, key
        Who asks, and a key of their choice: the same two twice give the same job, so asking again after a broken
        connection is safe.
    urgency
        The higher, the sooner.

    Raises
    ------
    NotFound
        There is no such region.
    KeyReused
        The key was used for another region, day or number of seconds.
    ImpossibleRecord
        ``seconds`` is out of range.
    """
    unit.get(Region, region_id)
    wanted = Job(uuid4().hex, region_id, day, seconds, by, key, now, urgency)
    job = unit.add_job(wanted)
    if job is wanted:
        unit.add_event(Event("PlanningAsked", now, "Job", job.id, region_id, by, {"seconds": seconds}))
    return job


def plan_day(unit: Writing, region_id: str, day: date, *, seconds: int, by: str, key: str, now: datetime) -> Job:
    """Have a region's day planned, as a person at the board means it; return the job that does so.

    A day that is being planned already is not queued again: of two who ask at once, the second gets the job of the first. The
    key is one showing's of the form: sent again as it is, it is the same wish; with other seconds, another.

    Raises
    ------
    NotFound
        There is no such region.
    ImpossibleRecord
        ``seconds`` is out of range, or the key holds what no database does.
    """
    unit.get(Region, region_id)
    unit.wait_for_region(region_id)
    in_work = next((job for job in unit.list_jobs(region_id, day) if not job.has_ended), None)
    if in_work is not None:
        return in_work
    own_key = f"{key} {region_id} {day} {seconds}"
    return start_planning(unit, region_id, day, seconds=seconds, by=by, key=own_key, now=now)


def is_left_alone(unit: Reading, job: Job, now: datetime) -> bool:
    """Tell whether nobody works on plans, so that a job waits in vain: to be told to whoever asked for it.

    It has waited for long, or whoever worked on it gives no sign of life any more, and no worker does anything else.
    """
    if job.has_ended:
        return False
    lapses_at = job.lease_until_at or job.created_at + PATIENCE
    return now >= lapses_at and not unit.has_worker(now, since=now - PATIENCE)


def cancel_job(unit: Writing, job_id: str, *, by: str, now: datetime) -> Job:
    """Ask for a job to stop; return it as it is now.

    One that was waiting is cancelled at once. One that is being worked on is ``cancelling`` until its search is dead, and
    holds its region so long. One that has ended stays as it is.

    Raises
    ------
    NotFound
        There is no such job.
    """
    before = unit.get_job(job_id)
    job = unit.cancel_job(job_id, now=now)
    if job.state is not before.state and job.state in {JobState.CANCELLED, JobState.CANCELLING}:
        unit.add_event(Event("PlanningCancelled", now, "Job", job.id, job.region_id, by))
    return job
