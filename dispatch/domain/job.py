"""Planning jobs: one wish to plan a region's day, from being asked for to its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from dispatch.domain.checks import LARGEST, check_record

MOST_SECONDS: Final = 3600
"""Longest search that can be asked for."""


class JobState(StrEnum):
    """How far a job is.

    ``cancelling`` still holds its region: somebody wants it to stop, and its search may not have ended yet.
    """

    QUEUED = "queued"
    RUNNING = "running"
    CANCELLING = "cancelling"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


HOLDING: Final = frozenset({JobState.RUNNING, JobState.CANCELLING})
"""States in which a job has a worker and its region to itself."""

ENDED: Final = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})
"""States that a job never leaves."""


class JobFailure(StrEnum):
    """Why a job failed; the plan in force stands in any case."""

    NOT_PREPARED = "not_prepared"
    REFUSED = "refused"
    SEARCH_DIED = "search_died"
    TOO_SLOW = "too_slow"
    NOT_KEPT = "not_kept"
    ATTEMPTS_SPENT = "attempts_spent"
    INTERNAL = "internal"


SENTENCES: Final[dict[JobFailure, tuple[str, str]]] = {
    JobFailure.NOT_PREPARED: ("当天的数据无法整理成规划请求", "the day could not be made into a request"),
    JobFailure.REFUSED: ("规划器不接受这份请求", "the planner does not accept this request"),
    JobFailure.SEARCH_DIED: ("规划进程意外终止", "the search ended before it had a plan"),
    JobFailure.TOO_SLOW: ("规划超过了允许的时间，已停止", "the search took longer than it may and was stopped"),
    JobFailure.NOT_KEPT: ("方案已算出，但无法保存", "there was a plan, but it could not be kept"),
    JobFailure.ATTEMPTS_SPENT: ("多次尝试均中断，不再重试", "every attempt broke off; there will be no more"),
    JobFailure.INTERNAL: ("程序内部错误", "a fault of the program itself"),
}
"""What a person reads, in Chinese and English."""


@dataclass(frozen=True, slots=True)
class Job:
    """One wish to plan a region's day.

    Parameters
    ----------
    id
        Also the id of the revision that it makes.
    made_by, key
        Who asked, and the key they gave: the same two twice are the same job.
    seconds
        How long to search, from 1 to 3600.
    urgency
        The higher, the sooner; among equals the older first.
    attempt
        Rises with every worker that takes it, from 1; 0: nobody did. A worker changes a job only while this is the number
        it was given.
    worker, lease_until_at
        Who works on it, and until when nobody else may.
    failure, detail
        Why it failed, and the program's words for it, by ids alone.
    best_cny, best_after_s, planned, skipped
        Total of the best plan so far, when it was found, tickets in it and left out; None: none yet.
    """

    id: str
    region_id: str
    day: date
    seconds: int
    made_by: str
    key: str
    created_at: datetime
    urgency: int = 0
    state: JobState = JobState.QUEUED
    attempt: int = 0
    worker: str | None = None
    started_at: datetime | None = None
    lease_until_at: datetime | None = None
    ended_at: datetime | None = None
    failure: JobFailure | None = None
    detail: str | None = None
    best_cny: Decimal | None = None
    best_after_s: float | None = None
    planned: int | None = None
    skipped: int | None = None

    def __post_init__(self) -> None:
        check_record(
            self,
            seconds=(1, MOST_SECONDS),
            urgency=(-LARGEST, LARGEST),
            attempt=(0, LARGEST),
            planned=(0, LARGEST),
            skipped=(0, LARGEST),
        )

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in ENDED

    def explain_failure(self, language: str) -> str | None:
        """Tell a person why it failed, in ``zh`` or ``en``; None if it did not.

        Examples
        --------
        >>> from datetime import UTC
        >>> at = datetime(2026, 11, 23, tzinfo=UTC)
        >>> job = Job(
        ...     "J", "hz", date(2026, 11, 23), 10, "d1", "k", at, failure=JobFailure.SEARCH_DIED, detail="SIGKILL"
        ... )
        >>> job.explain_failure("zh")
        '规划进程意外终止（SIGKILL）'
        """
        if self.failure is None:
            return None
        chinese, english = SENTENCES[self.failure]
        if language == "zh":
            return f"{chinese}（{self.detail}）" if self.detail else chinese
        return f"{english} ({self.detail})" if self.detail else english


@dataclass(frozen=True, slots=True)
class Progress:
    """The best plan that a search has found so far."""

    best_cny: Decimal
    best_after_s: float
    planned: int
    skipped: int
