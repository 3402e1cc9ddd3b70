"""Route selection on pools made by hand, in cents."""

from __future__ import annotations

import numpy as np

from solver.arrays import pack
from solver.pool import Pool, select_routes
from solver.problem import GRAINS_PER_CENT, OPEN, Problem
from solver.state import C_POOL, H_POOL
from solver.tours import load_routes, make_state, note_tour, time_tour
from tests.solver.worlds import Job, Prices, Tour, make_problem

SKIP = np.full(3, 100 * GRAINS_PER_CENT)
IDLE_S = np.zeros(2, np.int64)
CENTS: dict[tuple[int, tuple[int, ...]], int] = {
    (0, (1, 0)): 50,
    (1, (2,)): 30,
    (0, (2, 1, 0)): 100,
    (1, (1, 2)): 20,
    (0, (0,)): 65,
    (1, (0, 1, 2)): 95,
}
BEST_CENTS = 80


def _problem() -> Problem:
    return make_problem(
        [Job(1, skip=int(SKIP[0])), Job(2, skip=int(SKIP[0])), Job(3, skip=int(SKIP[0]))], [Tour(), Tour(1)]
    )


def _pool() -> Pool:
    return Pool(
        {(tour, tuple(sorted(jobs))): (cents * GRAINS_PER_CENT, 0, jobs) for (tour, jobs), cents in CENTS.items()}
    )


def _select(pool: Pool, known_cents: int) -> tuple[tuple[int, ...], ...] | None:
    return select_routes(_problem(), pool, SKIP, IDLE_S, known_cents * GRAINS_PER_CENT, None)


def test_the_best_set_of_routes_that_share_no_job_and_no_tour_is_chosen_in_their_order() -> None:
    assert _select(_pool(), 300) == ((1, 0), (2,))
    assert _select(_pool(), BEST_CENTS + 1) == ((1, 0), (2,))


def test_a_set_that_is_not_better_than_what_is_known_is_not_chosen() -> None:
    assert _select(_pool(), BEST_CENTS) is None
    assert _select(_pool(), BEST_CENTS - 1) is None


def test_an_empty_pool_offers_nothing() -> None:
    assert _select(Pool(), 300) is None


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
