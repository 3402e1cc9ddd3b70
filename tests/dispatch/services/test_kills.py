"""kill -9, and worse, in the middle of planning anew: what stands, stands, and every job has one effect.

`benchmarks/faults.py` does the same many times over.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from dispatch.domain.job import Detail, Job, JobFailure, JobState
from dispatch.services.jobs import cancel_job, start_planning
from dispatch.storage.store import Store
from tests.dispatch.services.processes import Apart, children_of, is_alive, wait_for
from tests.dispatch.services.small_planner import DAY, fill

LEASE_S = 1.5

pytestmark = pytest.mark.slow


@pytest.fixture
def queue(address: str) -> Iterator[Store]:
    """A store with a region and a plan in force."""
    made = Store(address)
    made.migrate()
    fill(made)
    yield made
    made.close()


def worker(address: str, *, iterations: int = 0, hold: bool = False) -> Apart:
    """Begin a worker in a process of its own; without iterations its searches take a minute."""
    wishes = ["hold"] if hold else []
    return Apart("tests.dispatch.services.small_planner", address, str(LEASE_S), str(iterations), *wishes)


def ask(queue: Store, key: str = "k") -> Job:
    with queue.writing() as unit:
        return start_planning(unit, "hz", DAY, seconds=60, by="d1", key=key, now=datetime.now(UTC))


def look(queue: Store, job: Job) -> Job:
    with queue.reading() as unit:
        return unit.get_job(job.id)


def in_search(queue: Store, job: Job, worker: Apart) -> int:
    """Wait until a search has found a plan; return its process."""
    wait_for(lambda: look(queue, job).planned is not None)
    (pid,) = children_of(worker.pid)
    return pid


def check(queue: Store, *jobs: Job) -> None:
    """The plan in force stands; a job has a revision if it is done, and one."""
    with queue.reading() as unit:
        published = unit.find_published("hz", DAY)
        assert published is not None
        assert published.revision_id == "old"
        made = [event.subject_id for event in unit.list_events(subject_kind="Revision") if event.name == "PlanMade"]
        done = [job.id for job in jobs if unit.get_job(job.id).state is JobState.DONE]
        assert sorted(made) == sorted(done)
        for job in jobs:
            assert (unit.find_revision_of_job(job.id) is not None) == (job.id in done)


def test_a_search_that_is_killed_is_a_failed_job_and_the_next_one_goes_well(address: str, queue: Store) -> None:
    job = ask(queue)
    with worker(address) as first:
        os.kill(in_search(queue, job, first), signal.SIGKILL)
        failed = wait_for(lambda: now if (now := look(queue, job)).has_ended else None)
        assert (failed.failure, failed.detail) == (JobFailure.SEARCH_DIED, Detail("signal", {"name": "SIGKILL"}))
        assert is_alive(first.pid)
        check(queue, job)
    again = ask(queue, "again")
    with worker(address, iterations=100):
        wait_for(lambda: look(queue, again).has_ended)
    assert look(queue, again).state is JobState.DONE
    check(queue, job, again)


def test_a_worker_that_is_killed_takes_its_search_along_and_another_finishes_the_job(
    address: str, queue: Store
) -> None:
    job = ask(queue)
    with worker(address) as first:
        search = in_search(queue, job, first)
        first.send(signal.SIGKILL)
        wait_for(lambda: not is_alive(search))
    check(queue, job)
    with worker(address, iterations=100):
        wait_for(lambda: look(queue, job).has_ended)
    assert (look(queue, job).state, look(queue, job).attempt) == (JobState.DONE, 2)
    check(queue, job)


def test_a_worker_that_is_killed_while_it_keeps_the_plan_has_kept_nothing(address: str, queue: Store) -> None:
    job = ask(queue)
    with worker(address, iterations=100, hold=True) as first:
        wait_for(lambda: first.has_told("holding"))
        first.send(signal.SIGKILL)
        first.wait()
    assert look(queue, job).state is JobState.RUNNING
    check(queue, job)
    with worker(address, iterations=100):
        wait_for(lambda: look(queue, job).has_ended)
    check(queue, job)
    assert look(queue, job).state is JobState.DONE


def test_a_worker_that_was_stopped_and_goes_on_after_another_took_over_changes_nothing(
    address: str, queue: Store
) -> None:
    job = ask(queue)
    with worker(address) as first:
        search = in_search(queue, job, first)
        first.send(signal.SIGSTOP)
        with worker(address, iterations=100):
            wait_for(lambda: look(queue, job).attempt == 2)
            assert not is_alive(search)
            wait_for(lambda: look(queue, job).has_ended)
        done = look(queue, job)
        first.send(signal.SIGCONT)
        wait_for(lambda: first.has_told("job.overtaken"))
        assert look(queue, job) == done
    assert done.state is JobState.DONE
    check(queue, job)


def test_a_cancelled_job_ends_when_its_search_is_dead(address: str, queue: Store) -> None:
    job = ask(queue)
    with worker(address) as first:
        search = in_search(queue, job, first)
        with queue.writing() as unit:
            assert cancel_job(unit, job.id, by="d1", now=datetime.now(UTC)).state is JobState.CANCELLING
        wait_for(lambda: look(queue, job).has_ended)
        assert not is_alive(search)
    assert look(queue, job).state is JobState.CANCELLED
    check(queue, job)


def test_a_worker_that_is_asked_to_end_puts_its_job_back_and_leaves_no_search(address: str, queue: Store) -> None:
    job = ask(queue)
    with worker(address) as first:
        search = in_search(queue, job, first)
        first.send(signal.SIGTERM)
        assert first.wait() == 0
        assert not is_alive(search)
    assert look(queue, job).state is JobState.QUEUED
    check(queue, job)
