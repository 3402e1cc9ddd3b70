"""What a ruin takes out, and what it leaves alone."""

from __future__ import annotations

import math

import pytest

from solver.anneal import count_used
from solver.arrays import pack
from solver.problem import Problem
from solver.ruins import STRING_MAX, ruin, seed_job
from solver.state import C_ITERATION, C_SAVED, C_TOUCHED, C_UNSERVED, C_USED, H_BANK, H_BANK_ROW, H_LIST, H_TOUCHED
from solver.tours import load_routes, make_state, read_routes, undo
from solver.ways import ALIKE, STRINGS, STRINGS_LEFT_OUT, TOURS
from tests.solver.worlds import deal_jobs, make_town, seeded

MEAN_REMOVED = 6.0


@pytest.mark.parametrize("way", [STRINGS, TOURS, ALIKE], ids=["strings", "tours", "alike"])
def test_a_ruin_takes_some_jobs_out_of_the_tours_it_touches_and_no_others(way: int) -> None:
    whole = way == TOURS
    sizes = set()
    for seed in range(5):
        problem = make_town(seeded(seed), 40, 5)
        arrays = pack(problem)
        state = make_state(arrays, seed)
        routes = deal_jobs(seeded(seed), problem)
        assert load_routes(arrays, state, routes)
        count_used(arrays, state)
        assert state[C_USED] == sum(bool(route) for route in routes)
        waiting = problem.n_jobs - sum(map(len, routes))
        longest = min(STRING_MAX, sum(map(len, routes)) / int(state[C_USED]))
        strings_max = int(4 * MEAN_REMOVED / (1 + longest))
        for _ in range(40):
            state[C_ITERATION] += 1
            state[C_TOUCHED] = state[C_SAVED] = 0
            around = seed_job(state, way)
            count = ruin(arrays, state, around, way, MEAN_REMOVED)
            removed = state[state[H_LIST] : state[H_LIST] + count].tolist()
            touched = state[state[H_TOUCHED] : state[H_TOUCHED] + state[C_TOUCHED]].tolist()
            after = read_routes(arrays, state)

            assert len(set(removed)) == count >= (0 if way == ALIKE else 1)
            most = {STRINGS: strings_max, TOURS: 2, ALIKE: 2 * MEAN_REMOVED}
            assert len(set(touched)) == len(touched) <= most[way]
            assert whole or count <= (most[ALIKE] if way == ALIKE else len(touched) * math.ceil(longest))
            for tour, route in enumerate(routes):
                gone = [job for job in route if job in removed]
                assert after[tour] == tuple(job for job in route if job not in gone)
                assert bool(gone) == (tour in touched)
                assert not (whole and tour in touched and after[tour])

            assert state[C_UNSERVED] == waiting + count
            bank = state[state[H_BANK] : state[H_BANK] + state[C_UNSERVED]].tolist()
            served = {job for route in after for job in route}
            assert sorted(bank) == sorted(set(range(problem.n_jobs)) - served)
            rows = state[state[H_BANK_ROW] : state[H_BANK_ROW] + problem.n_jobs].tolist()
            assert rows == [bank.index(job) if job in bank else -1 for job in range(problem.n_jobs)]

            sizes.add(count)
            undo(arrays, state)
            assert read_routes(arrays, state) == routes
    assert len(sizes) >= 5


def test_what_is_taken_out_as_alike_could_be_served_when_the_seed_could() -> None:
    problem = make_town(seeded(3), 60, 6)
    arrays = pack(problem)
    state = make_state(arrays, 3)
    assert load_routes(arrays, state, deal_jobs(seeded(3), problem))
    found = 0
    for _ in range(60):
        state[C_ITERATION] += 1
        state[C_TOUCHED] = state[C_SAVED] = 0
        around = seed_job(state, ALIKE)
        count = ruin(arrays, state, around, ALIKE, MEAN_REMOVED)
        low, high = _span(problem, around)
        for job in state[state[H_LIST] : state[H_LIST] + count].tolist():
            opens, closes = _span(problem, job)
            assert opens <= high
            assert closes >= low
            found += 1
        undo(arrays, state)
    assert found > 60


@pytest.mark.parametrize("way", [STRINGS, STRINGS_LEFT_OUT])
def test_a_way_says_whether_a_ruin_begins_at_a_job_that_waits(way: int) -> None:
    problem = make_town(seeded(0), 40, 5)
    arrays = pack(problem)
    state = make_state(arrays, 0)
    routes = deal_jobs(seeded(0), problem)
    assert load_routes(arrays, state, routes)
    waiting = set(range(problem.n_jobs)) - {job for route in routes for job in route}
    share = sum(seed_job(state, way) in waiting for _ in range(400)) / 400
    among_all = len(waiting) / problem.n_jobs
    assert waiting
    assert share == pytest.approx(1.0 if way == STRINGS_LEFT_OUT else among_all, abs=0.1)


def _span(problem: Problem, job: int) -> tuple[int, int]:
    """Return from when until when a job can begin by its windows."""
    rows = slice(problem.window_first[job], problem.window_first[job + 1])
    return int(problem.window_from_s[rows].min()), int(problem.window_to_s[rows].max())
