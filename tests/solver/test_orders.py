"""Orders of insertion sort as their names say."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from solver.arrays import Arrays, pack
from solver.orders import (
    ORDER_ABLE,
    ORDER_FAR,
    ORDER_NEAR,
    ORDER_OPENS,
    ORDER_RANDOM,
    ORDER_WEIGHT,
    ORDER_WEIGHT_PER_WORK,
    ORDER_WINDOW,
    ORDER_WORK,
    sort_jobs,
)
from solver.problem import FORBIDDEN, Problem
from solver.reference import leg
from solver.state import H_LIST, State
from solver.tours import make_state
from tests.solver.worlds import Job, Tour, make_problem, seeded

N_JOBS = 12
SEED_JOB = 4
CHANCE = seeded(3)
ROWS = [
    Job(
        place=CHANCE.randrange(8),
        service_s=(CHANCE.choice([300, 900, 1800]),),
        windows=((CHANCE.randrange(0, 900, 100), CHANCE.randrange(1_000, 3_000, 100)),),
        skip=CHANCE.choice([5_000, 90_000, 2_000_000]),
    )
    for _ in range(N_JOBS)
]
PROBLEM: Problem = make_problem(
    ROWS,
    [Tour(), Tour(1), Tour(2)],
    fit={(job, worker): FORBIDDEN for job in range(N_JOBS) for worker in range(job % 3)},
)

KEYS: dict[int, Callable[[int], int]] = {
    ORDER_WEIGHT: lambda job: -ROWS[job].skip,
    ORDER_WEIGHT_PER_WORK: lambda job: -ROWS[job].skip // (ROWS[job].service_s[0] + 600),
    ORDER_WINDOW: lambda job: ROWS[job].windows[0][1] - ROWS[job].windows[0][0],
    ORDER_ABLE: lambda job: 3 - job % 3,
    ORDER_FAR: lambda job: -leg(PROBLEM, 0, ROWS[SEED_JOB].place, ROWS[job].place)[0],
    ORDER_NEAR: lambda job: leg(PROBLEM, 0, ROWS[SEED_JOB].place, ROWS[job].place)[0],
    ORDER_WORK: lambda job: -ROWS[job].service_s[0],
    ORDER_OPENS: lambda job: ROWS[job].windows[0][0],
}


def _sorted(arrays: Arrays, state: State, order: int, jobs: list[int]) -> list[int]:
    first = int(state[H_LIST])
    state[first : first + len(jobs)] = jobs
    sort_jobs(arrays, state, len(jobs), order, SEED_JOB)
    return [int(job) for job in state[first : first + len(jobs)]]


@pytest.mark.parametrize("order", KEYS)
def test_an_order_sorts_by_its_own_key_and_breaks_ties_by_chance(order: int) -> None:
    arrays = pack(PROBLEM)
    state = make_state(arrays, 1)
    jobs = list(range(N_JOBS))
    seen = set()
    for _ in range(20):
        found = _sorted(arrays, state, order, jobs)
        assert sorted(found) == jobs
        keys = [KEYS[order](job) for job in found]
        assert keys == sorted(keys)
        seen.add(tuple(found))
    values = {KEYS[order](job) for job in jobs}
    assert len(values) > 1
    assert (len(seen) > 1) == (len(values) < len(jobs))


def test_the_order_of_chance_is_another_one_each_time_and_none_is_lost() -> None:
    arrays = pack(PROBLEM)
    state = make_state(arrays, 1)
    jobs = [2, 3, 5, 7, 11]
    found = [_sorted(arrays, state, ORDER_RANDOM, jobs) for _ in range(20)]
    assert all(sorted(order) == jobs for order in found)
    assert len({order[0] for order in found}) == len(jobs)
