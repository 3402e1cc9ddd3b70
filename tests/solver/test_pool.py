"""The pool of routes seen, made by hand, in cents."""

from __future__ import annotations

import numpy as np

from solver.arrays import pack
from solver.pool import Pool
from solver.problem import GRAINS_PER_CENT, OPEN
from solver.state import C_POOL, H_POOL
from solver.tours import load_routes, make_state, note_tour, time_tour
from tests.solver.worlds import Job, Prices, Tour, make_problem

SKIP = np.full(3, 100 * GRAINS_PER_CENT)
CENTS: dict[tuple[int, tuple[int, ...]], int] = {
    (0, (1, 0)): 50,
    (1, (2,)): 30,
    (0, (2, 1, 0)): 100,
    (1, (1, 2)): 20,
    (0, (0,)): 65,
    (1, (0, 1, 2)): 95,
}


def _pool() -> Pool:
    return Pool(
        {(tour, tuple(sorted(jobs))): (cents * GRAINS_PER_CENT, 0, jobs) for (tour, jobs), cents in CENTS.items()}
    )


def test_thinning_keeps_the_routes_of_most_value_per_job() -> None:
    pool = _pool()
    pool.thin(SKIP, limit=3)
    assert list(pool.routes) == [(1, (1, 2)), (0, (0, 1)), (1, (2,))]  # they gain 90, 75 and 70 cents a job


def test_the_pool_takes_each_set_of_jobs_once_in_its_cheapest_order_and_empties_the_notes() -> None:
    problem = make_problem([Job(1), Job(2)], [Tour(end_place=OPEN)], prices=Prices(travel_s=7))
    arrays = pack(problem)
    state = make_state(arrays, 0, pool_words=1_000)
    pool = Pool()
    for jobs in ((1, 0), (0, 1), (1, 0)):
        load_routes(arrays, state, [jobs])
        note_tour(arrays, state, 0)
    pool.take(state)
    timed = time_tour(problem, 0, (0, 1))
    assert timed is not None
    assert pool.routes == {(0, (0, 1)): (timed.cost_grains, timed.travel_s, (0, 1))}
    assert state[C_POOL] == state[H_POOL]
