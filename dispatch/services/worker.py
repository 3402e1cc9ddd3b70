"""The worker: takes planning jobs one after another, has each searched in a process of its own, and keeps the plan.

What is promised, whatever dies and whenever:

* A job has one effect. Its plan and its end are written in one transaction, which holds only if the job is still this
  worker's; so a worker that was stopped, taken over and goes on changes nothing.
* A search that dies is a failed job with a reason, and a worker that dies is replaced when its lease runs out. The plan in
  force stands in both cases.
* No search outlives its worker, and a cancelled job ends only when its search is dead.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Final, Protocol, Self

from dispatch.domain.errors import DispatchError, JobOvertaken, StorageUnavailable
from dispatch.domain.event import Event
from dispatch.domain.job import Detail, Job, JobFailure, JobState
from dispatch.services.search_process import COMMAND, Died, Found, Refused, SearchProcess, Task
from dispatch.storage.store import Reading, Store, Writing

RETRY_S: Final = 0.5
"""How long to wait before asking a database again that was not available."""


class Prepared(Protocol):
    """What is to be planned."""

    @property
    def request_json(self) -> str:
        """The request, a document of planning format 1."""


class Planner(Protocol):
    """What a worker needs to know of planning a day."""

    def prepare(self, unit: Reading, job: Job, now: datetime) -> Any:  # noqa: ANN401 - its own Prepared, given back to keep
        """Read the day and make the request."""

    def judge(self, prepared: Any, plan_json: str) -> Any:  # noqa: ANN401 - as above
        """Refuse a plan that is not legal; no unit of work is open."""

    def keep(self, unit: Writing, job: Job, prepared: Any, legal: Any, now: datetime) -> object:  # noqa: ANN401 - as above
        """Keep the plan as the job's one revision."""


class Log(Protocol):
    """Where events are told: names in the past tense, with ids and numbers."""

    def info(self, event: str, **values: Any) -> object:  # noqa: ANN401 - numbers and ids
        """Tell the day's story."""

    def warning(self, event: str, **values: Any) -> object:  # noqa: ANN401 - as above
        """Ask someone to look."""

    def error(self, event: str, **values: Any) -> object:  # noqa: ANN401 - as above
        """Report a fault of the program itself."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a worker works.

    Parameters
    ----------
    lease_s
        How long a job stays a worker's that gives no sign of life: after so long another takes it over.
    attempts
        How many workers may lose a job before it fails.
    poll_s
        How often to look for work.
    ready_s
        How long a search's process may take to load; then it is stopped. The job's seconds begin after it. Where its kernels
        are not compiled yet, compiling them is in it.
    late_s
        How long a search may take beyond 1.1 × its seconds; then it is stopped.
    iterations, threads, lang
        Of the search; None: no limit, one thread a core.
    dask
        Address of a Dask scheduler whose workers help with a large request; None: none.
    """

    lease_s: float = 30.0
    attempts: int = 3
    poll_s: float = 0.5
    ready_s: float = 300.0
    late_s: float = 120.0
    iterations: int | None = None
    threads: int | None = None
    lang: str = "zh"
    dask: str | None = None

    @property
    def lease(self) -> timedelta:
        """The lease as a length."""
        return timedelta(seconds=self.lease_s)

    @property
    def beat_s(self) -> float:
        """How often a lease is prolonged, progress written and a wish to cancel read."""
        return min(1.0, self.lease_s / 3)


def read_clock() -> datetime:
    """Return now."""
    return datetime.now(UTC)


def _find_places(error: Exception) -> list[str]:
    """Return where an error came from; not what it says, which may hold a name or an address."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames[-6:]]


class Worker:
    """Works on planning jobs, one at a time.

    Parameters
    ----------
    store
        With the queue.
    planner
        Makes requests and keeps plans.
    name
        For people to read: where it runs.
    log
        Where events are told.
    terms
        How it works.
    command
        The search's process.
    clock
        Gives now, with a zone.
    """

    def __init__(
        self,
        store: Store,
        planner: Planner,
        *,
        name: str,
        log: Log,
        terms: Terms = Terms(),
        command: Sequence[str] = COMMAND,
        clock: Callable[[], datetime] = read_clock,
    ) -> None:
        self._store, self._planner, self._name, self._log = store, planner, name, log
        self._terms, self._command, self._clock = terms, command, clock
        self._news: SimpleQueue[None] = SimpleQueue()
        self._is_stopping = False

    def stop(self) -> None:
        """End :meth:`run` soon; a job in work goes back into the queue. May be called from a signal handler."""
        self._is_stopping = True
        self._news.put(None)

    def run(self) -> None:
        """Work until told to stop."""
        self._log.info("worker.started", worker=self._name)
        while not self._is_stopping:
            try:
                is_idle = self.run_one() is None
            except StorageUnavailable as error:
                self._log.warning("storage.unavailable", worker=self._name, reason=error.reason)
                self._listen(RETRY_S)
                continue
            if is_idle:
                self._listen(self._terms.poll_s)
        self._log.info("worker.stopped", worker=self._name)

    def run_one(self) -> Job | None:
        """Take one job and see it to its end; None if there was none to take.

        Raises
        ------
        StorageUnavailable
            The database cannot be reached; a job in work is left to its lease.
        """
        terms = self._terms
        with self._store.reading() as reading:
            if not reading.has_work(self._clock()):
                return None
        began_s = time.monotonic()
        with self._store.writing() as writing:
            now = self._clock()
            job = writing.claim_job(self._name, now=now, lease=terms.lease, attempts=terms.attempts)
        if job is None:
            return None
        self._log.info("job.claimed", job=job.id, attempt=job.attempt, worker=self._name)
        with Turn(job, self._store, terms, self._clock, self._listen, self._news, began_s) as turn:
            self._plan(turn)
        return job

    def _listen(self, seconds: float) -> None:
        """Wait until there is news, or for so long."""
        try:
            self._news.get(timeout=max(seconds, 0))
        except Empty:
            return

    def _plan(self, turn: Turn) -> None:
        """Prepare, search, keep; whatever goes wrong becomes the job's end."""
        job = turn.job
        try:
            try:
                self._prepare_and_search(turn)
            except (JobOvertaken, StorageUnavailable):
                raise
            except Exception as error:  # noqa: BLE001 - a job must end with a reason, whatever it is
                self._log.error("job.broke", job=job.id, error=type(error).__name__, where=_find_places(error))
                self._fail(turn, JobFailure.INTERNAL, Detail("exception", {"name": type(error).__name__}))
        except JobOvertaken:
            self._log.warning("job.overtaken", job=job.id, attempt=job.attempt, worker=self._name)

    def _prepare_and_search(self, turn: Turn) -> None:
        """Do the parts in order."""
        job = turn.job
        try:
            with self._store.reading() as unit:
                prepared = self._planner.prepare(unit, job, self._clock())
        except StorageUnavailable:
            raise
        except DispatchError as error:
            self._fail(turn, JobFailure.NOT_PREPARED, Detail.of(error))
            return
        ended = self._search(turn, prepared)
        if isinstance(ended, Found):
            self._keep(turn, prepared, ended)
        elif isinstance(ended, Refused):
            self._fail(turn, JobFailure.REFUSED, ended.detail)
        elif isinstance(ended, Died) and not ended.is_left_alone:
            self._log.warning("search.died", job=job.id, detail=ended.detail.say("en"), last_words=ended.last_words)
            self._fail(turn, JobFailure.SEARCH_DIED, ended.detail)
        elif isinstance(ended, JobFailure):
            self._fail(turn, ended, None)
        else:
            self._leave(turn)

    def _search(self, turn: Turn, prepared: Prepared) -> Found | Refused | Died | JobFailure | None:
        """Search in another process; None: it was stopped before its end, and is dead."""
        terms, job = self._terms, turn.job
        task = Task(
            prepared.request_json,
            float(job.seconds),
            terms.lease_s - terms.beat_s,
            terms.iterations,
            terms.threads,
            terms.lang,
            terms.dask,
        )
        is_ready, ends_s = False, time.monotonic() + terms.ready_s
        search = SearchProcess(task, lambda: self._news.put(None), self._command)
        try:
            turn.search = search
            while not (search.has_ended or turn.is_over or self._is_stopping):
                if search.is_ready and not is_ready:
                    is_ready, ends_s = True, time.monotonic() + 1.1 * job.seconds + terms.late_s
                left_s = ends_s - time.monotonic()
                if left_s <= 0:
                    return JobFailure.TOO_SLOW if is_ready else JobFailure.NOT_READY
                self._listen(left_s)
            return search.result() if search.has_ended else None
        finally:
            turn.search = None
            search.stop()
            for note in search.notes:
                tell = self._log.warning if note.is_trouble else self._log.info
                tell("search.told", job=job.id, code=note.code, text=note.text)

    def _keep(self, turn: Turn, prepared: Prepared, found: Found) -> None:
        """Keep the plan and end the job: both, or neither."""
        job = turn.job

        def write(unit: Writing) -> None:
            now = self._clock()
            unit.finish_job(job, now=now, progress=found.progress)
            self._planner.keep(unit, job, prepared, legal, now)

        try:
            legal = self._planner.judge(prepared, found.plan_json)
            turn.settle(write)
        except JobOvertaken:
            self._leave(turn)
        except StorageUnavailable:
            raise
        except DispatchError as error:
            self._fail(turn, JobFailure.NOT_KEPT, Detail.of(error))
        else:
            self._log.info("job.done", job=job.id, attempt=job.attempt, skipped=found.progress.skipped)

    def _fail(self, turn: Turn, failure: JobFailure, detail: Detail | None) -> None:
        """End the job as failed, with its reason."""
        job = turn.job

        def write(unit: Writing) -> None:
            now = self._clock()
            unit.fail_job(job, failure, detail, now=now)
            if unit.get_job(job.id).state is JobState.FAILED:
                details = {"failure": failure.value, "detail": None if detail is None else detail.code}
                unit.add_event(Event("PlanningFailed", now, "Job", job.id, job.region_id, details=details))

        turn.settle(write)
        self._log.warning("job.failed", job=job.id, failure=failure.value, detail=detail and detail.say("en"))

    def _leave(self, turn: Turn) -> None:
        """Give up a job whose search is dead: it was cancelled, lost, or this worker is to stop."""
        turn.settle(lambda unit: unit.release_job(turn.job, now=self._clock()))
        self._log.info("job.left", job=turn.job.id, attempt=turn.job.attempt)


@dataclass(slots=True)
class Turn:
    """A worker's hold on one job: a thread prolongs the lease, writes progress and hears of a wish to cancel.

    ``is_over``: the job is somebody else's by now, or is to be cancelled; its search must die.
    """

    job: Job
    store: Store
    terms: Terms
    clock: Callable[[], datetime]
    listen: Callable[[float], None]
    news: SimpleQueue[None]
    began_s: float
    search: SearchProcess | None = None
    is_over: bool = False
    _is_lost: bool = False
    _ended: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._beat, name="lease", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    def settle(self, write: Callable[[Writing], object]) -> None:
        """Write in a unit of its own; a database that is not available is asked again while the lease holds.

        Raises
        ------
        JobOvertaken
            The job is no longer this worker's.
        StorageUnavailable
            It was not available until the lease had run out.
        """
        while True:
            try:
                with self.store.writing() as unit:
                    write(unit)
            except StorageUnavailable:
                if self._is_lost:
                    raise
                self.listen(RETRY_S)
            else:
                return

    def _beat(self) -> None:
        """Prolong the lease until the turn ends or the lease is lost."""
        until_s = self.began_s + self.terms.lease_s
        try:
            while not self._ended.wait(self.terms.beat_s):
                asked_s = time.monotonic()
                try:
                    job = self._prolong()
                except StorageUnavailable:
                    if time.monotonic() >= until_s:
                        return
                    continue
                until_s = asked_s + self.terms.lease_s
                search = self.search
                if search is not None:
                    search.feed()
                if job.state is JobState.CANCELLING:
                    self.is_over = True
                    self.news.put(None)
        except JobOvertaken:
            return
        finally:
            if not self._ended.is_set():
                self._is_lost = self.is_over = True
                self.news.put(None)

    def _prolong(self) -> Job:
        """Write one sign of life."""
        search = self.search
        with self.store.writing() as unit:
            return unit.prolong_job(
                self.job,
                now=self.clock(),
                lease=self.terms.lease,
                progress=None if search is None else search.progress,
            )
