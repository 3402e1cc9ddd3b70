"""Refining a solution part by part."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import count

import numpy as np
import pytest

from solver.arrays import pack
from solver.problem import Problem
from solver.refine import Refinement
from solver.search import Routes, total_grains
from solver.state import C_COST, State
from solver.tours import load_routes, read_routes
from tests.solver.worlds import deal_jobs, make_town, seeded

pytestmark = pytest.mark.compiled


def _refine(problem: Problem, routes: Routes, threads: int, looks: int) -> list[int]:
    """Refine routes until the clock was looked at so often; return the totals offered."""
    arrays = pack(problem)
    offered: list[int] = []
    best = [routes]
    looked = count()

    def offer(state: State, better: Routes) -> Routes:
        assert load_routes(arrays, state, better)
        offered.append(int(state[C_COST]))
        best[0] = read_routes(arrays, state)
        return best[0]

    def far_from(place: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return problem.legs.leg_s[0, place].astype(np.float64)  # type: ignore[union-attr]

    refinement = Refinement(
        problem,
        arrays,
        problem.job_skip_grains,
        10.0**7,
        routes,
        far_from,
        lambda: 1.0 if next(looked) < looks else 0.0,
        offer,
    )
    with ThreadPoolExecutor(threads) as executor:
        list(executor.map(refinement.work, range(threads)))
    assert refinement.routes == best[0]
    assert not refinement.in_hand
    assert not refinement.taken
    return offered


@pytest.mark.parametrize("threads", [1, 2])
def test_a_solution_dealt_by_chance_gets_better_step_by_step(threads: int) -> None:
    problem = make_town(seeded(4), 24, 4)
    routes = deal_jobs(seeded(5), problem)
    before = total_grains(problem, routes)
    assert before is not None
    offered = _refine(problem, routes, threads, 400)
    assert offered == sorted(offered, reverse=True)
    assert offered[-1] < 0.8 * before


def test_without_time_nothing_is_touched() -> None:
    problem = make_town(seeded(4), 24, 4)
    assert _refine(problem, deal_jobs(seeded(5), problem), 1, 0) == []
