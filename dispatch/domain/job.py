"""Planning jobs: one wish to plan a region's day, from being asked for to its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, Self

from dispatch.domain.checks import LARGEST, check_record
from dispatch.domain.errors import ERRORS, DispatchError, ImpossibleRecord

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
    NOT_READY = "not_ready"
    TOO_SLOW = "too_slow"
    NOT_KEPT = "not_kept"
    ATTEMPTS_SPENT = "attempts_spent"
    INTERNAL = "internal"


SENTENCES: Final[dict[JobFailure, tuple[str, str]]] = {
    JobFailure.NOT_PREPARED: ("当天的数据无法整理成规划请求", "the day could not be made into a request"),
    JobFailure.REFUSED: ("规划器不接受这份请求", "the planner does not accept this request"),
    JobFailure.SEARCH_DIED: ("规划进程意外终止", "the search ended before it had a plan"),
    JobFailure.NOT_READY: (
        "规划进程迟迟没有就绪，已停止：机器可能过于繁忙，请稍后再试",
        "the search was not ready in time and was stopped: the machine may be too busy, try again later",
    ),
    JobFailure.TOO_SLOW: ("规划超过了允许的时间，已停止", "the search took longer than it may and was stopped"),
    JobFailure.NOT_KEPT: ("方案已算出，但无法保存", "there was a plan, but it could not be kept"),
    JobFailure.ATTEMPTS_SPENT: ("多次尝试均中断，不再重试", "every attempt broke off; there will be no more"),
    JobFailure.INTERNAL: ("程序内部错误", "a fault of the program itself"),
}
"""What a person reads, in Chinese and English."""

DETAILS: Final[dict[str, tuple[str, str]]] = {
    "signal": ("收到信号 {name}", "by signal {name}"),
    "exit_code": ("退出码 {number}", "exit code {number}"),
    "faults": (
        "请求有 {count} 处错误，第一处在 {path}：{code}",
        "{count} faults in the request, the first at {path}: {code}",
    ),
    "exception": ("{name}", "{name}"),
    "said": ("{text}", "{text}"),
}
"""Codes of details that no error has: how a process ended, what its answer was; ``said`` is what an older version wrote."""

BARE: Final[dict[str, tuple[str, str]]] = {
    ImpossibleRecord.code: ("有记录的值不可能", "a record has a value that it cannot have"),
}
"""What is said of a code when its sentence lacks parameters: older versions kept fewer of them."""

_ERRORS: Final = {error.code: (error.sentence_zh, error.sentence_en) for error in ERRORS}


@dataclass(frozen=True, slots=True)
class Detail:
    """What exactly was in the way: a stable code, and what its sentence speaks of, by ids alone.

    Parameters
    ----------
    code
        Of one of the domain's errors, or of :data:`DETAILS`.
    params
        By name, as the sentence has them.
    """

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_record(self)

    @classmethod
    def of(cls, error: DispatchError) -> Self:
        """Return what an error says, to be said again in any language."""
        return cls(
            error.code,
            {name: value if isinstance(value, int) else str(value) for name, value in error.params.items()},
        )

    def say(self, language: str) -> str:
        """Tell a person, in ``zh`` or ``en``; a code of another version of this program is told as it is.

        Examples
        --------
        >>> Detail("exit_code", {"number": 3}).say("zh")
        '退出码 3'
        """
        sentences = DETAILS.get(self.code) or _ERRORS.get(self.code)
        if sentences is None:
            return ", ".join([self.code, *map(str, self.params.values())])
        told = _Told(self.params)
        said = sentences[language != "zh"].format_map(told)
        return BARE[self.code][language != "zh"] if told.lacks and self.code in BARE else said


class _Told(dict[str, str | int]):
    """Parameters of a sentence; one that was not kept is a dash, and that one was not is remembered."""

    lacks = False

    def __missing__(self, key: str) -> str:
        self.lacks = True
        return "–"


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
        Why it failed, and what exactly was in the way.
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
    detail: Detail | None = None
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
        ...     "J",
        ...     "hz",
        ...     date(2026, 11, 23),
        ...     10,
        ...     "d1",
        ...     "k",
        ...     at,
        ...     failure=JobFailure.SEARCH_DIED,
        ...     detail=Detail("signal", {"name": "SIGKILL"}),
        ... )
        >>> job.explain_failure("zh")
        '规划进程意外终止（收到信号 SIGKILL）'
        """
        if self.failure is None:
            return None
        chinese, english = SENTENCES[self.failure]
        if self.detail is None:
            return chinese if language == "zh" else english
        told = self.detail.say(language)
        return f"{chinese}（{told}）" if language == "zh" else f"{english} ({told})"


@dataclass(frozen=True, slots=True)
class Progress:
    """The best plan that a search has found so far."""

    best_cny: Decimal
    best_after_s: float
    planned: int
    skipped: int
