from __future__ import annotations

import threading
from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal

import pytest

from dispatch.domain.errors import JobOvertaken, KeyReused, NotFound, StillNeeded, StorageRefused
from dispatch.domain.job import Detail, Job, JobFailure, JobState, Progress
from dispatch.domain.region import Region
from dispatch.storage import tables
from dispatch.storage.mapping import JOB
from dispatch.storage.store import Store
from tests.dispatch.storage.records import DAY, EIGHT, revision

LEASE = timedelta(seconds=30)
SECOND = timedelta(seconds=1)


@pytest.fixture
def queue(store: Store) -> Store:
    """A store with two regions."""
    with store.writing() as unit:
        unit.save_all([Region("hz", "杭州"), Region("nb", "宁波")])
    return store


def job(id: str, region_id: str = "hz", *, urgency: int = 0, after_s: int = 0) -> Job:  # noqa: A002 - a record's field
    return Job(id, region_id, DAY, 10, "d1", f"key of {id}", EIGHT + after_s * SECOND, urgency)


def add(queue: Store, *jobs: Job) -> None:
    with queue.writing() as unit:
        for one in jobs:
            unit.add_job(one)


def claim(queue: Store, worker: str = "w1", *, after_s: float = 0, attempts: int = 3) -> Job | None:
    with queue.writing() as unit:
        return unit.claim_job(worker, now=EIGHT + after_s * SECOND, lease=LEASE, attempts=attempts)


def claimed(queue: Store, worker: str = "w1", *, after_s: float = 0) -> Job:
    taken = claim(queue, worker, after_s=after_s)
    assert taken is not None
    return taken


def look(queue: Store, id: str) -> Job:  # noqa: A002 - a record's field
    with queue.reading() as unit:
        return unit.get_job(id)


def test_a_job_has_a_column_for_each_field_and_no_other() -> None:
    names = {field.name for field in fields(Job)} - {"detail"} | {"detail_code", "detail_params"}
    assert {column.name for column in tables.jobs.columns} == names


def test_every_field_of_a_job_comes_back(queue: Store) -> None:
    full = replace(
        job("J"),
        state=JobState.FAILED,
        attempt=2,
        worker="w1",
        started_at=EIGHT,
        lease_until_at=EIGHT + LEASE,
        ended_at=EIGHT + SECOND,
        failure=JobFailure.SEARCH_DIED,
        detail=Detail("signal", {"name": "SIGKILL"}),
        best_cny=Decimal("98765432109.87"),
        best_after_s=0.25,
        planned=3,
        skipped=0,
    )
    add(queue, full)
    assert look(queue, "J") == full
    assert JOB.from_row(JOB.to_row(full)) == full


def test_a_job_that_is_not_there_is_none_to_find_and_an_error_to_get_or_cancel(queue: Store) -> None:
    with queue.writing() as unit:
        assert unit.find_job("J") is None
        with pytest.raises(NotFound, match="Job J"):
            unit.get_job("J")
        with pytest.raises(NotFound, match="Job J"):
            unit.cancel_job("J", now=EIGHT)


def test_a_job_for_a_region_that_is_not_there_is_refused(queue: Store) -> None:
    with pytest.raises(StillNeeded, match="Job J"), queue.writing() as unit:
        unit.add_job(job("J", "sh"))


def test_the_same_key_twice_is_the_same_job(queue: Store) -> None:
    add(queue, job("J"))
    with queue.writing() as unit:
        assert unit.add_job(replace(job("J"), id="K", created_at=EIGHT + SECOND)) == job("J")
        assert unit.add_job(replace(job("J"), id="K", made_by="d2")).id == "K"
        assert [one.id for one in unit.list_jobs("hz", DAY)] == ["J", "K"]


@pytest.mark.parametrize("other", [{"region_id": "nb"}, {"day": DAY + timedelta(days=1)}, {"seconds": 11}])
def test_the_same_key_for_something_else_is_refused(queue: Store, other: dict[str, object]) -> None:
    add(queue, job("J"))
    with pytest.raises(KeyReused, match="key of J"), queue.writing() as unit:
        unit.add_job(replace(job("J"), id="K", **other))  # type: ignore[arg-type]


def test_the_urgent_come_first_then_the_older(queue: Store) -> None:
    add(queue, job("old"), job("urgent", "nb", urgency=1, after_s=2), job("older", "nb", after_s=-1))
    order = []
    while (taken := claim(queue)) is not None:
        order.append(taken.id)
        with queue.writing() as unit:
            unit.finish_job(taken, now=EIGHT)
    assert order == ["urgent", "older", "old"]


def test_a_region_has_one_job_in_work(queue: Store) -> None:
    add(queue, job("a"), job("b"), job("c", "nb"))
    assert [claimed(queue).id, claimed(queue).id] == ["a", "c"]
    assert claim(queue) is None
    with queue.reading() as unit:
        assert not unit.has_work(EIGHT)
        assert unit.has_work(EIGHT + LEASE)
    with queue.writing() as unit:
        unit.finish_job(unit.get_job("a"), now=EIGHT)
    assert claimed(queue).id == "b"


def test_workers_that_claim_at_once_share_no_job_and_no_region(queue: Store) -> None:
    add(queue, *(job(f"{region}{number}", region) for region in ("hz", "nb") for number in range(3)))
    gate = threading.Barrier(6)
    taken: list[Job | None] = []

    def run(number: int) -> None:
        gate.wait()
        taken.append(claim(queue, f"w{number}"))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 6
    regions = [one.region_id for one in taken if one is not None]
    assert len(regions) == len(set(regions)) >= 1


def test_two_who_ask_with_the_same_key_at_once_get_the_same_job(queue: Store) -> None:
    gate = threading.Barrier(4)
    got: list[str] = []

    def run(number: int) -> None:
        gate.wait()
        with queue.writing() as unit:
            got.append(unit.add_job(replace(job("J"), id=f"J{number}")).id)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 4
    assert len(set(got)) == 1


def test_a_lease_that_runs_out_gives_the_job_to_the_next_and_the_first_can_change_nothing(queue: Store) -> None:
    add(queue, job("J"))
    first = claimed(queue, "w1")
    assert claim(queue, "w2", after_s=29.9) is None
    second = claimed(queue, "w2", after_s=30)
    assert (second.id, second.attempt, second.worker) == ("J", 2, "w2")
    now = EIGHT + 31 * SECOND
    for change in (
        lambda unit: unit.prolong_job(first, now=now, lease=LEASE),
        lambda unit: unit.finish_job(first, now=now),
        lambda unit: unit.fail_job(first, JobFailure.INTERNAL, None, now=now),
        lambda unit: unit.release_job(first, now=now),
        lambda unit: unit.end_cancelled_job(first, now=now),
    ):
        with pytest.raises(JobOvertaken, match="attempt 1 of planning job J"), queue.writing() as unit:
            change(unit)
    assert look(queue, "J") == second


def test_a_plan_of_an_attempt_that_no_longer_counts_is_not_kept(queue: Store) -> None:
    add(queue, job("J"))
    first = claimed(queue, "w1")
    second = claimed(queue, "w2", after_s=30)

    def keep(attempt: Job, id: str) -> None:  # noqa: A002 - a record's field
        with queue.writing() as unit:
            unit.finish_job(attempt, now=EIGHT)
            unit.add_revision(replace(revision(id, job_id="J"), visits=()))

    with pytest.raises(JobOvertaken):
        keep(first, "R1")
    keep(second, "R2")
    with pytest.raises(JobOvertaken):
        keep(second, "R3")
    with queue.reading() as unit:
        assert unit.find_revision("R1") is None
        made = unit.find_revision_of_job("J")
        assert made is not None
        assert made.id == "R2"


def test_a_prolonged_lease_holds_and_tells_how_far_it_is(queue: Store) -> None:
    add(queue, job("J"))
    taken = claimed(queue)
    with queue.writing() as unit:
        progress = Progress(Decimal("120.50"), 1.5, 7, 2)
        now = unit.prolong_job(taken, now=EIGHT + 20 * SECOND, lease=LEASE, progress=progress)
    assert (now.best_cny, now.best_after_s, now.planned, now.skipped) == (Decimal("120.50"), 1.5, 7, 2)
    assert claim(queue, "w2", after_s=49) is None
    again = claimed(queue, "w2", after_s=50)
    assert (again.best_cny, again.planned) == (None, None)


def test_a_job_that_is_lost_too_often_fails(queue: Store) -> None:
    add(queue, job("J"), job("next"))
    for attempt in range(3):
        assert claimed(queue, after_s=attempt * 30).attempt == attempt + 1
    taken = claim(queue, after_s=90)
    assert taken is not None
    assert taken.id == "next"
    lost = look(queue, "J")
    assert (lost.state, lost.failure) == (JobState.FAILED, JobFailure.ATTEMPTS_SPENT)
    assert lost.has_ended
    assert "多次" in str(lost.explain_failure("zh"))


def test_a_released_job_is_queued_again(queue: Store) -> None:
    add(queue, job("J"))
    first = claimed(queue)
    with queue.writing() as unit:
        unit.release_job(first, now=EIGHT)
    assert claimed(queue, "w2").attempt == 2


def test_a_queued_job_is_cancelled_at_once(queue: Store) -> None:
    add(queue, job("J"))
    with queue.writing() as unit:
        assert unit.cancel_job("J", now=EIGHT).state is JobState.CANCELLED
    assert claim(queue) is None
    assert look(queue, "J").ended_at == EIGHT


def test_a_cancelled_job_holds_its_region_until_its_worker_says_that_the_search_is_dead(queue: Store) -> None:
    add(queue, job("J"), job("next"))
    taken = claimed(queue)
    with queue.writing() as unit:
        assert unit.cancel_job("J", now=EIGHT).state is JobState.CANCELLING
        assert unit.cancel_job("J", now=EIGHT).state is JobState.CANCELLING
        assert unit.cancel_job("J", now=EIGHT).ended_at is None
    assert claim(queue, "w2") is None
    with queue.writing() as unit:
        assert unit.prolong_job(taken, now=EIGHT, lease=LEASE).state is JobState.CANCELLING
    with pytest.raises(JobOvertaken), queue.writing() as unit:
        unit.finish_job(taken, now=EIGHT)
    with queue.writing() as unit:
        unit.end_cancelled_job(taken, now=EIGHT + SECOND)
    assert look(queue, "J").state is JobState.CANCELLED
    assert claimed(queue, "w2").id == "next"


def test_a_cancelled_job_whose_worker_is_gone_ends_with_its_lease(queue: Store) -> None:
    add(queue, job("J"))
    claimed(queue)
    with queue.writing() as unit:
        unit.cancel_job("J", now=EIGHT)
    assert claim(queue, "w2", after_s=30) is None
    assert look(queue, "J").state is JobState.CANCELLED


@pytest.mark.parametrize("end", ["fail", "release"])
def test_a_job_that_was_to_be_cancelled_ends_as_cancelled_whatever_else_befell_it(queue: Store, end: str) -> None:
    add(queue, job("J"))
    taken = claimed(queue)
    with queue.writing() as unit:
        unit.cancel_job("J", now=EIGHT)
    with queue.writing() as unit:
        if end == "fail":
            unit.fail_job(taken, JobFailure.SEARCH_DIED, None, now=EIGHT)
        else:
            unit.release_job(taken, now=EIGHT)
    assert look(queue, "J").state is JobState.CANCELLED


def test_a_job_that_has_ended_cannot_be_cancelled(queue: Store) -> None:
    add(queue, job("J"))
    taken = claimed(queue)
    with queue.writing() as unit:
        unit.finish_job(taken, now=EIGHT, progress=Progress(Decimal(3), 0.1, 1, 0))
        ended = unit.cancel_job("J", now=EIGHT + SECOND)
    assert (ended.state, ended.ended_at, ended.best_cny) == (JobState.DONE, EIGHT, Decimal(3))


def test_the_database_itself_refuses_two_jobs_in_work_in_a_region(queue: Store) -> None:
    held = {"state": JobState.RUNNING, "worker": "w", "lease_until_at": EIGHT}
    add(queue, job("a"))
    with queue.writing() as unit:
        unit._connection.execute(tables.jobs.update().values(held))
    second = JOB.to_row(job("b")) | held
    with pytest.raises(StorageRefused), queue.writing() as unit:
        unit._connection.execute(tables.jobs.insert(), second)
