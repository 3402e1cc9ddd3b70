"""Refining a solution part by part."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import numpy as np
import pytest

from solver.arrays import pack
from solver.pricing import Case
from solver.problem import Problem, Routes, Tables
from solver.refine import Refinement
from solver.search import total_grains
from solver.state import C_COST, State
from solver.tours import load_routes
from tests.solver.worlds import deal_jobs, make_town, seeded

pytestmark = pytest.mark.compiled


def _far(problem: Problem) -> Callable[[int], np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Return how far every place is from one."""
    legs = problem.legs
    assert isinstance(legs, Tables)
    return lambda place: legs.leg_s[0, place].astype(np.float64)


def _refine(problem: Problem, routes: Routes, threads: int, looks: int) -> list[Routes]:
    """Refine routes until the clock was looked at so often; return what was offered, every time better."""
    arrays = pack(problem)
    offered = [routes]
    looked = count()
    best = [2**62]

    def offer(state: State, better: Routes) -> bool:
        served = [j for route in better for j in route]
        assert len(set(served)) == len(served)
        assert load_routes(arrays, state, better)
        offered.append(better)
        assert state[C_COST] < best[0]
        best[0] = int(state[C_COST])
        return True

    refinement = Refinement(
        Case(problem, arrays, problem.job_skip_grains, 10.0**7),
        routes,
        _far(problem),
        lambda: 1.0 if next(looked) < looks else 0.0,
        offer,
    )
    with ThreadPoolExecutor(threads) as executor:
        list(executor.map(refinement.work, range(threads)))
    assert refinement.routes == offered[-1]
    assert not refinement.in_hand
    assert not refinement.taken
    return offered[1:]


@pytest.mark.parametrize("threads", [1, 2])
def test_a_solution_dealt_by_chance_gets_better_step_by_step(threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("solver.refine.PART_JOBS", 16)
    problem = make_town(seeded(4), 50, 12)
    routes = deal_jobs(seeded(5), problem)
    before, after = (
        total_grains(problem, routes),
        total_grains(problem, _refine(problem, routes, threads, 3_000 * threads)[-1]),
    )
    assert before is not None
    assert after is not None
    assert after < 0.9 * before


def test_what_is_not_taken_changes_nothing() -> None:
    problem = make_town(seeded(4), 24, 4)
    routes = deal_jobs(seeded(5), problem)
    looked = count()
    refinement = Refinement(
        Case(problem, pack(problem), problem.job_skip_grains, 10.0**7),
        routes,
        _far(problem),
        lambda: 1.0 if next(looked) < 500 else 0.0,
        lambda _state, _routes: False,
    )
    refinement.work(0)
    assert refinement.routes == routes


def test_without_time_nothing_is_touched() -> None:
    problem = make_town(seeded(4), 24, 4)
    assert _refine(problem, deal_jobs(seeded(5), problem), 1, 0) == []
