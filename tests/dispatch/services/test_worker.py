from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from dispatch.domain.errors import KeyReused, NotFound, PlanIllegal, StillNeeded, StorageUnavailable
from dispatch.domain.job import Detail, Job, JobFailure, JobState
from dispatch.domain.plan import Revision
from dispatch.domain.region import Region
from dispatch.services.jobs import cancel_job, start_planning
from dispatch.services.worker import Terms, Worker
from dispatch.storage.store import Reading, Store, Writing
from tests.dispatch.services.processes import wait_for
from tests.dispatch.services.small_planner import DAY, Small, SmallPlanner, fill

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
PLAN = json.dumps({"event": "plan", "plan": "{}", "total": "12.5", "seconds": 0.5, "planned": 3, "skipped": 1})
SIGKILL = Detail("signal", {"name": "SIGKILL"})
REFUSED = json.dumps({"event": "refused", "code": "unsupported", "path": "$", "count": 1})
READY = json.dumps({"event": "ready"})
PROGRESS = json.dumps({"event": "progress", "total": "99", "seconds": 0.1, "planned": 2, "skipped": 2})


class Quiet:
    """Keeps what is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def info(self, event: str, **_values: object) -> None:
        self.told.append(event)

    warning = error = info


@pytest.fixture
def queue(store: Store) -> Store:
    """A store with a region and a plan in force."""
    fill(store)
    return store


def ask(queue: Store, key: str = "k") -> Job:
    with queue.writing() as unit:
        return start_planning(unit, "hz", DAY, seconds=1, by="d1", key=key, now=NOW)


def look(queue: Store, job: Job) -> Job:
    with queue.reading() as unit:
        return unit.get_job(job.id)


def revision_of(queue: Store, job: Job) -> Revision | None:
    with queue.reading() as unit:
        return unit.find_revision_of_job(job.id)


def says(*lines: str, then: str = "") -> tuple[str, ...]:
    """Return a search that reads its task, writes lines, and does something more."""
    code = f"import sys\nsys.stdin.readline()\nfor line in {lines!r}: print(line, flush=True)\n{then}"
    return sys.executable, "-c", code


def make_worker(queue: Store, command: tuple[str, ...] = says(PLAN), **given: Any) -> Worker:  # noqa: ANN401 - parts of a worker
    parts: dict[str, Any] = {"name": "w", "log": Quiet(), "terms": Terms(lease_s=30, poll_s=0.02), **given}
    return Worker(queue, parts.pop("planner", None) or SmallPlanner(), command=command, **parts)


@contextmanager
def running(worker: Worker) -> Iterator[None]:
    """Let a worker work beside the test."""
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join()


def events_of(queue: Store, job: Job) -> list[str]:
    with queue.reading() as unit:
        return [event.name for event in unit.list_events(subject_kind="Job", subject_id=job.id)]


def test_asking_twice_with_the_same_key_is_one_job_and_one_event(queue: Store) -> None:
    first = ask(queue)
    assert ask(queue) == first
    assert events_of(queue, first) == ["PlanningAsked"]
    with pytest.raises(KeyReused), queue.writing() as unit:
        start_planning(unit, "hz", DAY, seconds=2, by="d1", key="k", now=NOW)
    with pytest.raises(NotFound, match="Region sh"), queue.writing() as unit:
        start_planning(unit, "sh", DAY, seconds=1, by="d1", key="l", now=NOW)


def test_a_waiting_job_is_cancelled_at_once_and_who_did_it_is_written_down_once(queue: Store) -> None:
    job = ask(queue)
    for _ in range(2):
        with queue.writing() as unit:
            assert cancel_job(unit, job.id, by="d2", now=NOW).state is JobState.CANCELLED
    assert events_of(queue, job) == ["PlanningAsked", "PlanningCancelled"]


def test_a_worker_without_work_does_nothing(queue: Store) -> None:
    assert make_worker(queue).run_one() is None


def test_a_real_search_makes_one_revision_and_ends_the_job(queue: Store) -> None:
    job = ask(queue)
    terms = Terms(iterations=200, threads=1)
    worker = Worker(queue, SmallPlanner(), name="w", log=Quiet(), terms=terms)
    assert worker.run_one() is not None
    done = look(queue, job)
    assert (done.state, done.attempt, done.planned is not None) == (JobState.DONE, 1, True)
    made = revision_of(queue, job)
    assert made is not None
    assert (made.id, made.made_by, made.base_number) == (job.id, "d1", 1)
    plan = json.loads(made.plan_json)
    assert plan["status"] == "ok"
    assert done.planned == 12 - len(plan.get("skipped", []))


def test_what_the_search_found_stands_in_the_job(queue: Store) -> None:
    job = ask(queue)
    make_worker(queue).run_one()
    done = look(queue, job)
    assert (done.best_cny, done.best_after_s, done.planned, done.skipped) == (Decimal("12.5"), 0.5, 3, 1)


@pytest.mark.parametrize(
    ("command", "failure", "detail"),
    [
        (says(REFUSED), JobFailure.REFUSED, Detail("faults", {"code": "unsupported", "path": "$", "count": 1})),
        (says(PROGRESS, then="import os; os.kill(os.getpid(), 9)"), JobFailure.SEARCH_DIED, SIGKILL),
        (says(then="import os; os.abort()"), JobFailure.SEARCH_DIED, Detail("signal", {"name": "SIGABRT"})),
        (says("no JSON", "[]", then="sys.exit(3)"), JobFailure.SEARCH_DIED, Detail("exit_code", {"number": 3})),
        (says(then=f"sys.stdout.write({PLAN!r}[:30])"), JobFailure.SEARCH_DIED, Detail("exit_code", {"number": 0})),
        ((sys.executable, "-c", "pass"), JobFailure.SEARCH_DIED, Detail("exit_code", {"number": 0})),
    ],
)
def test_a_search_that_ends_badly_is_a_failed_job_with_a_reason(
    queue: Store, command: tuple[str, ...], failure: JobFailure, detail: Detail
) -> None:
    job = ask(queue)
    make_worker(queue, command).run_one()
    failed = look(queue, job)
    assert (failed.state, failed.failure, failed.detail) == (JobState.FAILED, failure, detail)
    assert revision_of(queue, job) is None
    assert events_of(queue, job) == ["PlanningAsked", "PlanningFailed"]
    with queue.reading() as unit:
        published = unit.find_published("hz", DAY)
        assert published is not None
        assert published.revision_id == "old"


def test_a_search_that_takes_too_long_is_stopped(queue: Store) -> None:
    job = ask(queue)
    make_worker(queue, says(READY, then="sys.stdin.read()"), terms=Terms(late_s=-1.2)).run_one()
    assert look(queue, job).failure is JobFailure.TOO_SLOW


def test_a_search_that_does_not_become_ready_is_stopped_and_the_job_says_so(queue: Store) -> None:
    job = ask(queue)
    make_worker(queue, says(PROGRESS, then="sys.stdin.read()"), terms=Terms(ready_s=0.1)).run_one()
    failed = look(queue, job)
    assert (failed.state, failed.failure) == (JobState.FAILED, JobFailure.NOT_READY)


def test_a_job_is_cancelled_and_its_lease_kept_while_its_search_loads(queue: Store) -> None:
    job = ask(queue)
    with running(make_worker(queue, says(then="sys.stdin.read()"), terms=Terms(lease_s=0.6, poll_s=0.02))):
        first = wait_for(lambda: look(queue, job).lease_until_at)
        wait_for(lambda: (until := look(queue, job).lease_until_at) is not None and until > first)
        with queue.writing() as unit:
            assert cancel_job(unit, job.id, by="d1", now=datetime.now(UTC)).state is JobState.CANCELLING
        wait_for(lambda: look(queue, job).state is JobState.CANCELLED)
    assert revision_of(queue, job) is None


def test_a_search_that_closes_its_output_and_stays_is_killed(queue: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dispatch.services.search_process.PATIENCE_S", 0.1)
    job = ask(queue)
    deaf = "import os, signal; signal.signal(15, signal.SIG_IGN); os.close(1); sys.stdin.read()"
    make_worker(queue, says(then=deaf)).run_one()
    assert look(queue, job).detail == SIGKILL


def test_a_search_that_does_not_listen_is_killed_when_the_job_is_cancelled(
    queue: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dispatch.services.search_process.PATIENCE_S", 0.1)
    job = ask(queue)
    deaf = "import signal; signal.signal(15, signal.SIG_IGN); sys.stdin.read()"
    with running(make_worker(queue, says(PROGRESS, then=deaf), terms=Terms(lease_s=0.6, poll_s=0.02))):
        wait_for(lambda: look(queue, job).planned == 2)
        with queue.writing() as unit:
            assert cancel_job(unit, job.id, by="d1", now=datetime.now(UTC)).state is JobState.CANCELLING
        wait_for(lambda: look(queue, job).state is JobState.CANCELLED)
    assert revision_of(queue, job) is None


class Failing(SmallPlanner):
    """Raises where it is told to."""

    def __init__(self, *, preparing: Exception | None = None, keeping: Exception | None = None) -> None:
        super().__init__()
        self.preparing, self.keeping = preparing, keeping

    def prepare(self, unit: Reading, job: Job, now: datetime) -> Small:
        if self.preparing is not None:
            raise self.preparing
        return super().prepare(unit, job, now)

    def keep(self, unit: Writing, job: Job, prepared: Small, legal: str, now: datetime) -> Revision:
        made = super().keep(unit, job, prepared, legal, now)
        if self.keeping is not None:
            error, self.keeping = self.keeping, None
            raise error
        return made


@pytest.mark.parametrize(
    ("raises", "failure", "detail"),
    [
        ({"preparing": NotFound("Region", "hz")}, JobFailure.NOT_PREPARED, Detail.of(NotFound("Region", "hz"))),
        ({"preparing": RuntimeError("secret")}, JobFailure.INTERNAL, Detail("exception", {"name": "RuntimeError"})),
        ({"keeping": StillNeeded("Revision", "R")}, JobFailure.NOT_KEPT, Detail.of(StillNeeded("Revision", "R"))),
        (
            {"keeping": ZeroDivisionError("secret")},
            JobFailure.INTERNAL,
            Detail("exception", {"name": "ZeroDivisionError"}),
        ),
    ],
)
def test_a_planner_that_fails_is_a_failed_job_and_nothing_is_kept(
    queue: Store, raises: dict[str, Exception], failure: JobFailure, detail: Detail
) -> None:
    job = ask(queue)
    make_worker(queue, planner=Failing(**raises)).run_one()
    failed = look(queue, job)
    assert (failed.state, failed.failure, failed.detail) == (JobState.FAILED, failure, detail)
    assert revision_of(queue, job) is None


def test_others_may_write_while_a_plan_is_judged(queue: Store) -> None:
    job = ask(queue)

    class Slow(SmallPlanner):
        def judge(self, prepared: Small, plan_json: str) -> str:
            with queue.writing() as other:
                other.save(Region("nb", "宁波"))
            return super().judge(prepared, plan_json)

    make_worker(queue, planner=Slow()).run_one()
    assert look(queue, job).state is JobState.DONE


def test_a_plan_that_is_not_legal_is_a_failed_job(queue: Store) -> None:
    job = ask(queue)

    class Strict(SmallPlanner):
        def judge(self, prepared: Small, plan_json: str) -> str:  # noqa: ARG002 - a planner's
            raise PlanIllegal(1, "routes[0]: too late")

    make_worker(queue, planner=Strict()).run_one()
    assert look(queue, job).failure is JobFailure.NOT_KEPT
    assert revision_of(queue, job) is None


def test_a_database_that_is_away_for_a_moment_is_asked_again(queue: Store) -> None:
    job = ask(queue)
    make_worker(queue, planner=Failing(keeping=StorageUnavailable("55P03"))).run_one()
    assert look(queue, job).state is JobState.DONE
    assert revision_of(queue, job) is not None


def test_a_worker_that_was_overtaken_keeps_nothing(queue: Store) -> None:
    job = ask(queue)

    class Late(SmallPlanner):
        def prepare(self, unit: Reading, job: Job, now: datetime) -> Small:
            with queue.writing() as other:
                later = datetime.now(UTC) + timedelta(hours=1)
                assert other.claim_job("w2", now=later, lease=timedelta(hours=1), attempts=3) is not None
            return super().prepare(unit, job, now)

    log = Quiet()
    make_worker(queue, planner=Late(), log=log).run_one()
    now = look(queue, job)
    assert (now.state, now.attempt, now.worker) == (JobState.RUNNING, 2, "w2")
    assert revision_of(queue, job) is None
    assert log.told[-1] == "job.overtaken"


def test_a_fault_in_a_job_that_was_taken_over_does_not_end_the_worker_and_is_told_without_its_words(
    queue: Store,
) -> None:
    ask(queue)

    class LateAndBroken(SmallPlanner):
        def prepare(self, unit: Reading, job: Job, now: datetime) -> Small:  # noqa: ARG002 - a planner's
            with queue.writing() as other:
                later = datetime.now(UTC) + timedelta(hours=1)
                assert other.claim_job("w2", now=later, lease=timedelta(hours=1), attempts=3) is not None
            raise ValueError("王芳 13900000000")

    class Loud(Quiet):
        def info(self, event: str, **values: object) -> None:
            self.told.append(f"{event} {values}")

        warning = error = info

    log = Loud()
    make_worker(queue, planner=LateAndBroken(), log=log).run_one()
    assert log.told[-1].startswith("job.overtaken")
    assert "ValueError" in log.told[-2]
    assert "test_worker.py" in log.told[-2]
    assert not any("王芳" in line for line in log.told)


def test_a_job_that_is_cancelled_while_its_plan_is_ready_ends_as_cancelled(queue: Store) -> None:
    job = ask(queue)

    class Late(SmallPlanner):
        def prepare(self, unit: Reading, job: Job, now: datetime) -> Small:
            with queue.writing() as other:
                other.cancel_job(job.id, now=now)
            return super().prepare(unit, job, now)

    make_worker(queue, planner=Late()).run_one()
    assert look(queue, job).state is JobState.CANCELLED
    assert revision_of(queue, job) is None


def test_a_worker_that_is_told_to_stop_puts_its_job_back(queue: Store) -> None:
    job = ask(queue)
    worker = make_worker(queue, says(PROGRESS, then="sys.stdin.read()"), terms=Terms(lease_s=0.6, poll_s=0.02))
    with running(worker):
        wait_for(lambda: look(queue, job).planned == 2)
    back = look(queue, job)
    assert (back.state, back.worker) == (JobState.QUEUED, None)
    make_worker(queue).run_one()
    assert (look(queue, job).state, look(queue, job).attempt) == (JobState.DONE, 2)


def test_a_lease_is_prolonged_while_the_search_goes_on(queue: Store) -> None:
    job = ask(queue)
    with running(make_worker(queue, says(PROGRESS, then="sys.stdin.read()"), terms=Terms(lease_s=0.6, poll_s=0.02))):
        first = wait_for(lambda: look(queue, job).lease_until_at)
        later = wait_for(
            lambda: at if (at := look(queue, job).lease_until_at) and at > first + timedelta(seconds=1) else None
        )
        assert later > first
        assert look(queue, job).attempt == 1


def test_a_worker_works_on_one_job_after_the_other(queue: Store) -> None:
    jobs = [ask(queue, key) for key in "abc"]
    with running(make_worker(queue)):
        wait_for(lambda: all(look(queue, job).state is JobState.DONE for job in jobs))
    with queue.reading() as unit:
        assert [one.id for one in unit.list_jobs("hz", DAY)] == sorted(job.id for job in jobs)


def test_a_worker_goes_on_when_the_database_comes_back(queue: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    job = ask(queue)
    log = Quiet()
    worker = make_worker(queue, log=log)
    wrapped = queue.reading
    refusals = [StorageUnavailable("08006")]

    @contextmanager
    def reading() -> Iterator[Reading]:
        if refusals:
            raise refusals.pop()
        with wrapped() as unit:
            yield unit

    monkeypatch.setattr(worker._store, "reading", reading)
    with running(worker):
        wait_for(lambda: look(queue, job).state is JobState.DONE)
    assert "storage.unavailable" in log.told
    assert look(queue, job).attempt == 1
