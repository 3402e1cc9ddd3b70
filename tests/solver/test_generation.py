"""Column generation on tiny worlds, against the exact referee."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest

from solver.exact import solve_exactly
from solver.generation import Generation
from solver.problem import Problem
from solver.reference import time_tour
from tests.solver.test_columns import make_metric, prepare
from tests.solver.worlds import Chance, make_arbitrary, seeded

Found = list[dict[int, tuple[int, ...]]]


def _total(problem: Problem, routes: dict[int, tuple[int, ...]]) -> int:
    """Price routes by the twin; no job is in two of them."""
    served = [j for jobs in routes.values() for j in jobs]
    assert len(set(served)) == len(served)
    total = int(np.delete(problem.job_skip_grains, served).sum())
    for tour, jobs in routes.items():
        timed = time_tour(problem, tour, jobs)
        assert timed is not None
        total += timed.cost_grains
    return total


def _improve(generation: Generation, known: int) -> tuple[int | None, Found]:
    found: Found = []
    return generation.improve(known, found.append), found


@pytest.mark.parametrize("seed", range(20))
def test_where_earlier_is_never_worse_the_optimum_is_found_and_proven(seed: int) -> None:
    problem = make_metric(seeded(seed))
    known = int(problem.job_skip_grains.sum()) + 1
    bound, found = _improve(prepare(problem), known)
    assert bound == solve_exactly(problem).total_grains
    totals = [_total(problem, routes) for routes in found]
    assert totals == sorted(totals, reverse=True)
    assert totals[-1] == bound


@pytest.mark.parametrize("seed", range(20))
def test_what_is_best_already_is_proven_and_nothing_is_offered(seed: int) -> None:
    problem = make_metric(seeded(seed))
    best = solve_exactly(problem).total_grains
    assert _improve(prepare(problem), best) == (best, [])


@pytest.mark.parametrize("seed", range(40))
def test_with_any_clock_offers_are_possible_tour_by_tour(seed: int) -> None:
    problem = make_arbitrary(seeded(seed), Chance(n_jobs_max=5, n_tours_max=3, balance_cents_per_h2=0))
    for routes in _improve(prepare(problem), int(problem.job_skip_grains.sum()) + 1)[1]:
        _total(problem, routes)


@pytest.mark.parametrize("looks", range(12))
def test_when_the_time_ends_early_nothing_false_is_claimed(looks: int) -> None:
    problem = make_metric(seeded(5))
    optimum = solve_exactly(problem).total_grains
    generation = prepare(problem)
    looked = count()
    generation.left_s = lambda: 1.0 if next(looked) < looks else 0.0
    known = int(problem.job_skip_grains.sum()) + 1
    bound, found = _improve(generation, known)
    assert bound is None or bound <= optimum
    assert all(optimum <= _total(problem, routes) < known for routes in found)
