"""The queue of planning jobs: who may work on which, and who may no longer.

A worker claims a job for a while (its lease) and prolongs that while it works. When the lease runs out the job is somebody
else's, under the next number of attempt; whatever the first one still writes names its old number and changes nothing.
The database itself holds one job in work per region.

Moments are the callers': the clocks of machines that share a database must agree to a fraction of a lease. Should they
not, a job is taken over too early or too late; it still has one effect.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, case, exists, insert, literal, or_, select, update
from sqlalchemy.exc import IntegrityError

from dispatch.domain.errors import JobOvertaken, KeyReused, NotFound
from dispatch.domain.job import HOLDING, Detail, Job, JobFailure, JobState, Progress
from dispatch.storage.failures import Failure, classify, translated
from dispatch.storage.mapping import JOB
from dispatch.storage.tables import jobs
from dispatch.storage.types import UtcMoment


class ReadsJobs:
    """What a reading unit can ask of the queue."""

    _connection: Connection

    def find_job(self, id: str) -> Job | None:  # noqa: A002 - the field of every record is called so
        """Return a planning job, or None."""
        return self._find_job(jobs.c.id == id)

    def get_job(self, id: str) -> Job:  # noqa: A002 - as above
        """Return a planning job; NotFound if there is none."""
        found = self.find_job(id)
        if found is None:
            raise NotFound("Job", id)
        return found

    def list_jobs(self, region_id: str, day: date) -> list[Job]:
        """Return the jobs of a region's day, the last one asked for first."""
        query = select(jobs).where(jobs.c.region_id == region_id, jobs.c.day == day)
        rows = self._connection.execute(query.order_by(jobs.c.created_at.desc(), jobs.c.id)).mappings()
        return [JOB.from_row(row) for row in rows]

    def has_work(self, now: datetime) -> bool:
        """Tell whether :meth:`WritesJobs.claim_job` would change anything now."""
        query = select(jobs.c.id).where(or_(_is_waiting(), _has_lapsed(now))).limit(1)
        return self._connection.execute(query).first() is not None

    def has_worker(self, now: datetime, *, since: datetime) -> bool:
        """Tell whether any worker has given a sign of life: it holds a job now, or ended one after ``since``."""
        holds = and_(jobs.c.state.in_(sorted(HOLDING)), jobs.c.lease_until_at > now)
        ended = and_(jobs.c.worker.is_not(None), jobs.c.ended_at > since)
        return self._connection.execute(select(jobs.c.id).where(or_(holds, ended)).limit(1)).first() is not None

    def _find_job(self, *conditions: Any) -> Job | None:  # noqa: ANN401 - comparisons of columns
        """Return the job that meets conditions."""
        row = self._connection.execute(select(jobs).where(*conditions)).mappings().first()
        return None if row is None else JOB.from_row(row)


class WritesJobs(ReadsJobs):
    """What a writing unit can do with the queue."""

    def add_job(self, job: Job) -> Job:
        """Queue a job; the same key of the same person twice gives the job that is there already.

        Raises
        ------
        KeyReused
            The key was used for another region, day or number of seconds.
        StillNeeded
            There is no such region.
        """
        try:
            with self._connection.begin_nested():
                self._connection.execute(insert(jobs), JOB.to_row(job))
        except IntegrityError as error:
            if classify(error)[0] is not Failure.TAKEN:
                with translated("Job", job.id):
                    raise
        else:
            return job
        known = self._find_job(jobs.c.made_by == job.made_by, jobs.c.key == job.key)
        if known is None or (known.region_id, known.day, known.seconds) != (job.region_id, job.day, job.seconds):
            raise KeyReused(job.key)
        return known

    def claim_job(self, worker: str, *, now: datetime, lease: timedelta, attempts: int) -> Job | None:
        """Take the most urgent job whose region is free, or one whose worker let its lease run out.

        Jobs whose lease ran out too often fail, and those that were to be cancelled are; None: there is nothing to do, or
        another worker was a moment faster.

        Parameters
        ----------
        worker
            Who takes it, for people to read.
        lease
            How long it is this worker's, unless prolonged.
        attempts
            How many workers may lose it before it fails.
        """
        self._end_lapsed(now, attempts)
        query = (
            select(jobs)
            .where(or_(_is_waiting(), and_(jobs.c.state == JobState.RUNNING, _has_lapsed(now))))
            .order_by(jobs.c.urgency.desc(), jobs.c.created_at, jobs.c.id)
            .limit(1)
            .with_for_update(skip_locked=True, of=jobs)
        )
        row = self._connection.execute(query).mappings().first()
        if row is None:
            return None
        taken = {
            "state": JobState.RUNNING,
            "attempt": row["attempt"] + 1,
            "worker": worker,
            "started_at": now,
            "lease_until_at": now + lease,
            "best_cny": None,
            "best_after_s": None,
            "planned": None,
            "skipped": None,
        }
        try:
            with self._connection.begin_nested():
                self._connection.execute(update(jobs).where(jobs.c.id == row["id"]).values(taken))
        except IntegrityError as error:
            if classify(error)[0] is not Failure.TAKEN:
                raise
            return None  # another job of this region was taken at the same moment
        return self.get_job(row["id"])

    def prolong_job(self, job: Job, *, now: datetime, lease: timedelta, progress: Progress | None = None) -> Job:
        """Keep a claimed job for another while, tell how far it is, and return it: it may have been cancelled.

        Raises
        ------
        JobOvertaken
            It is no longer this worker's.
        """
        values: dict[str, Any] = {"lease_until_at": now + lease}
        if progress is not None:
            values |= _progress_to_row(progress)
        self._fence(job, HOLDING, values)
        return self.get_job(job.id)

    def finish_job(self, job: Job, *, now: datetime, progress: Progress | None = None) -> None:
        """End a claimed job as done; write its plan in the same unit, after this.

        Raises
        ------
        JobOvertaken
            It is no longer this worker's, or was cancelled: leave the unit, so that nothing is kept.
        """
        values: dict[str, Any] = {"state": JobState.DONE, "ended_at": now}
        if progress is not None:
            values |= _progress_to_row(progress)
        self._fence(job, {JobState.RUNNING}, values)

    def fail_job(self, job: Job, failure: JobFailure, detail: Detail | None, *, now: datetime) -> None:
        """End a claimed job as failed; one that was to be cancelled ends as cancelled.

        Raises
        ------
        JobOvertaken
            It is no longer this worker's.
        """
        values = {
            "state": JobState.FAILED,
            "failure": failure,
            "detail_code": detail and detail.code,
            "detail_params": detail and dict(detail.params),
            "ended_at": now,
        }
        if not self._change(job, {JobState.RUNNING}, values):
            self.end_cancelled_job(job, now=now)

    def end_cancelled_job(self, job: Job, *, now: datetime) -> None:
        """End a job that was to be cancelled, once its search is dead.

        Raises
        ------
        JobOvertaken
            It is no longer this worker's.
        """
        self._fence(job, {JobState.CANCELLING}, {"state": JobState.CANCELLED, "ended_at": now})

    def release_job(self, job: Job, *, now: datetime) -> None:
        """Put a claimed job back into the queue, as a worker does that is told to stop; its search must be dead.

        One that was to be cancelled ends as cancelled.

        Raises
        ------
        JobOvertaken
            It is no longer this worker's.
        """
        values = {"state": JobState.QUEUED, "worker": None, "lease_until_at": None}
        if not self._change(job, {JobState.RUNNING}, values):
            self.end_cancelled_job(job, now=now)

    def cancel_job(self, id: str, *, now: datetime) -> Job:  # noqa: A002 - as above
        """Ask for a job to be stopped; return it as it is now. One that has ended stays as it is.

        Raises
        ------
        NotFound
            There is no such job.
        """
        is_queued = jobs.c.state == JobState.QUEUED
        values = {
            "state": case((is_queued, literal(JobState.CANCELLED.value)), else_=literal(JobState.CANCELLING.value)),
            "ended_at": case((is_queued, literal(now, UtcMoment)), else_=None),
        }
        stoppable = jobs.c.state.in_([JobState.QUEUED, JobState.RUNNING])
        self._connection.execute(update(jobs).where(jobs.c.id == id, stoppable).values(values))
        return self.get_job(id)

    def _end_lapsed(self, now: datetime, attempts: int) -> None:
        """End the jobs whose worker is gone and that nobody shall take over."""
        gone = update(jobs).where(_has_lapsed(now))
        cancelled = {"state": JobState.CANCELLED, "ended_at": now}
        failed = {"state": JobState.FAILED, "failure": JobFailure.ATTEMPTS_SPENT, "ended_at": now}
        self._connection.execute(gone.where(jobs.c.state == JobState.CANCELLING).values(cancelled))
        spent = gone.where(jobs.c.state == JobState.RUNNING, jobs.c.attempt >= attempts)
        self._connection.execute(spent.values(failed))

    def _fence(self, job: Job, states: Collection[JobState], values: dict[str, Any]) -> None:
        """Update a job if this attempt still counts; JobOvertaken if not."""
        if not self._change(job, states, values):
            raise JobOvertaken(job.id, job.attempt)

    def _change(self, job: Job, states: Collection[JobState], values: dict[str, Any]) -> bool:
        """Update a job if this attempt still counts; tell whether it does."""
        counts = (jobs.c.id == job.id, jobs.c.attempt == job.attempt, jobs.c.state.in_(sorted(states)))
        return self._connection.execute(update(jobs).where(*counts).values(values)).rowcount == 1


def _progress_to_row(progress: Progress) -> dict[str, Any]:
    """Return the columns that tell how far a search is."""
    return {
        "best_cny": str(progress.best_cny),
        "best_after_s": progress.best_after_s,
        "planned": progress.planned,
        "skipped": progress.skipped,
    }


def _is_waiting() -> Any:  # noqa: ANN401 - a comparison of columns
    """Return the condition that a job is queued and its region free."""
    other = jobs.alias("other")
    busy = exists().where(other.c.region_id == jobs.c.region_id, other.c.state.in_(sorted(HOLDING)))
    return and_(jobs.c.state == JobState.QUEUED, ~busy)


def _has_lapsed(now: datetime) -> Any:  # noqa: ANN401 - as above
    """Return the condition that a job's worker has let its lease run out."""
    return and_(jobs.c.state.in_(sorted(HOLDING)), jobs.c.lease_until_at <= now)
