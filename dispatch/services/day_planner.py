"""What a worker needs of planning: a region's day as it stands in the store, prepared and kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dispatch.domain.job import Job
from dispatch.domain.plan import Revision
from dispatch.policies.tables.model import Book
from dispatch.services.make_plan import Judged, Prepared, judged, keep, prepare
from dispatch.storage.store import Reading, Writing
from dispatch.travel.travel_times import TravelTimes


@dataclass(frozen=True, slots=True)
class DayPlanner:
    """Prepares the day of a job and keeps its plan; the revision has the job's id.

    Parameters
    ----------
    travel
        Who is asked for travel times.
    book
        Limits, prices and weights.
    """

    travel: TravelTimes
    book: Book

    def prepare(self, unit: Reading, job: Job, now: datetime) -> Prepared:
        """Make the request; NotFound if the region is gone."""
        return prepare(unit, job.region_id, job.day, travel=self.travel, book=self.book, now=now)

    def judge(self, prepared: Prepared, plan_json: str) -> Judged:
        """Have the plan judged; PlanIllegal if a clause is broken."""
        return judged(prepared.request_json, plan_json)

    def keep(self, unit: Writing, job: Job, prepared: Prepared, legal: Judged, now: datetime) -> Revision:
        """Keep the plan; StillNeeded if a record is gone."""
        return keep(unit, prepared, legal, revision_id=job.id, job_id=job.id, made_by=job.made_by, at=now)
