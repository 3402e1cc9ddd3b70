"""Insertions, undoing and running totals of the kernels, against the slow twin."""

from __future__ import annotations

from random import Random

import pytest

from solver.anneal import anneal, count_used, keep_best, place_job
from solver.arrays import J_SKIP, Arrays, at_job, pack
from solver.kernel import refresh, scan
from solver.problem import Problem, Sphere
from solver.reference import check, price
from solver.ruins import ruin, seed_job
from solver.search import total_grains
from solver.state import (
    C_BEST,
    C_COST,
    C_ITERATION,
    C_MEMO,
    C_SAVED,
    C_TOUCHED,
    C_UNSERVED,
    H_BANK,
    H_LIST,
    H_TOUCHED,
    INF,
    State,
)
from solver.tours import load_routes, make_state, read_routes, undo
from solver.ways import STRINGS, TOURS
from tests.solver.worlds import COMPILED, Chance, deal_jobs, insert, make_arbitrary, make_town, seeded

BUSY = Chance(n_jobs_max=9, n_workers_max=2, n_tours_max=3)
LATE_START = Chance(n_jobs_max=9, n_workers_max=2, n_tours_max=3, duration=False)
ITERATIONS = 300 if COMPILED else 20


def _worlds() -> list[Problem]:
    worlds = [make_arbitrary(seeded(seed), BUSY) for seed in range(40)]
    worlds += [make_arbitrary(seeded(seed), LATE_START) for seed in range(100, 140)]
    worlds.append(make_town(seeded(0), 12, 2))
    assert sum(isinstance(problem.legs, Sphere) for problem in worlds) >= 5
    return worlds


def _loaded(problem: Problem, chance: Random) -> tuple[Arrays, State]:
    arrays = pack(problem)
    state = make_state(arrays, chance.randrange(1_000))
    assert load_routes(arrays, state, deal_jobs(chance, problem))
    count_used(arrays, state)
    return arrays, state


def _priced(problem: Problem, arrays: Arrays, routes: tuple[tuple[int, ...], ...]) -> int:
    """Price legal routes by the twin, and what the search adds for mandatory jobs left out."""
    assert check(problem, routes) == []
    served = {job for route in routes for job in route}
    missing = [job for job in range(problem.n_jobs) if problem.job_mandatory[job] and job not in served]
    return price(problem, routes)[0] + sum(int(arrays.d[at_job(arrays, job) + J_SKIP]) for job in missing)


def test_a_scan_finds_the_cheapest_insertion_of_all_and_says_to_the_grain_what_it_adds() -> None:
    possible = impossible = 0
    for seed, problem in enumerate(_worlds()):
        arrays, state = _loaded(problem, seeded(seed))
        routes = read_routes(arrays, state)
        before = price(problem, routes)[0]
        assert total_grains(problem, routes, arrays) == before
        served = {job for route in routes for job in route}
        for job in sorted(set(range(problem.n_jobs)) - served):
            for tour, route in enumerate(routes):
                tried = [insert(routes, tour, position, job) for position in range(len(route) + 1)]
                adds = [
                    None if check(problem, new) else price(problem, new)[0] - before + int(problem.job_skip_grains[job])
                    for new in tried
                ]
                added, after = scan(arrays, state, job, tour, INF, 0)
                legal = [grains for grains in adds if grains is not None]
                assert added == min(legal, default=INF)
                if legal:
                    position = 0 if after >= problem.n_jobs else route.index(after) + 1
                    assert adds[position] == added
                    skip = int(problem.job_skip_grains[job])
                    assert total_grains(problem, tried[position], arrays) == before + added - skip
                else:
                    assert after == -1
                possible += bool(legal)
                impossible += not legal
    assert min(possible, impossible) >= 50


def test_undoing_a_ruin_and_recreate_gives_back_the_same_tours_and_totals() -> None:
    changed = 0
    for seed, problem in enumerate(_worlds()):
        arrays, state = _loaded(problem, seeded(seed))
        for turn in range(6):
            before = read_routes(arrays, state), int(state[C_COST]), int(state[C_UNSERVED])
            _change(arrays, state, whole=turn % 2 == 0)
            changed += read_routes(arrays, state) != before[0]
            undo(arrays, state)
            after = read_routes(arrays, state), int(state[C_COST]), int(state[C_UNSERVED])
            assert after == before
            bank = state[state[H_BANK] : state[H_BANK] + state[C_UNSERVED]].tolist()
            served = [job for route in after[0] for job in route]
            assert sorted(bank + served) == list(range(problem.n_jobs))
            assert after[1] == _priced(problem, arrays, after[0])
    assert changed >= 50


def _change(arrays: Arrays, state: State, *, whole: bool) -> None:
    """Ruin and recreate once, accepting nothing."""
    state[C_ITERATION] += 1
    state[C_TOUCHED] = state[C_SAVED] = 0
    way = TOURS if whole else STRINGS
    count = ruin(arrays, state, seed_job(state, way), way, 5.0)
    ruined = int(state[C_TOUCHED])
    if all([refresh(arrays, state, int(state[state[H_TOUCHED] + row])) for row in range(ruined)]):  # noqa: C419 - all of them
        for job in state[state[H_LIST] : state[H_LIST] + count].tolist()[::-1]:
            place_job(arrays, state, job, False, False, ruined, 655, 0)  # noqa: FBT003 - a kernel


@pytest.mark.parametrize("memo", [True, False])
@pytest.mark.parametrize("near_only", [True, False])
def test_after_many_iterations_the_running_total_is_what_the_twin_says(memo: bool, near_only: bool) -> None:
    for seed, problem in enumerate(_worlds()):
        arrays, state = _loaded(problem, seeded(seed))
        assert state[C_MEMO] == 1
        state[C_MEMO] = memo
        keep_best(arrays, state)
        before = int(state[C_BEST])
        anneal(arrays, state, ITERATIONS, 2_000.0, 10.0, near_only, 5.0)
        assert state[C_COST] == _priced(problem, arrays, read_routes(arrays, state))
        assert state[C_BEST] == _priced(problem, arrays, read_routes(arrays, state, best=True))
        assert state[C_BEST] <= before
