"""The linear program over routes known."""

from __future__ import annotations

import numpy as np

from solver.master import MISSING_DEARER, Master
from solver.problem import GRAINS_PER_CNY

CNY = GRAINS_PER_CNY


def _triangle() -> Master:
    """Three tours, three jobs of 10 CNY, each pair of jobs in one route for 1 CNY: half of each route is best."""
    master = Master(np.full(3, 10 * CNY), 3)
    for tour, jobs in enumerate(((0, 1), (1, 2), (2, 0))):
        assert master.add(tour, jobs, CNY)
    return master


def test_fractions_of_routes_are_weighed_and_priced() -> None:
    master = _triangle()
    prices = master.solve()
    assert prices is not None
    assert prices.value_grains == 3 * CNY // 2
    assert master.shares().tolist() == [[0.5, 0.5, 0.0], [0.0, 0.5, 0.5], [0.5, 0.0, 0.5]]
    assert prices.value_grains == 30 * CNY - prices.jobs.sum() - prices.tours.sum()


def test_the_number_of_jobs_served_can_be_fixed() -> None:
    master = _triangle()
    master.fix(2, (), ())
    fixed = master.solve()
    assert fixed is not None
    assert fixed.value_grains == 11 * CNY
    assert fixed.more < 0  # one more job served would make it cheaper
    master.fix(4, (), ())
    beyond = master.solve()
    assert beyond is not None
    assert (
        beyond.value_grains > MISSING_DEARER * 10 * CNY
    )  # the fourth job is missing, at a price that asks for a route with it
    assert beyond.more > MISSING_DEARER * 9 * CNY


def test_jobs_can_be_fixed_and_pairs_banned_until_others_are() -> None:
    master = _triangle()
    master.fix(2, (2,), [(1, 1), (1, 2)])
    fixed = master.solve()
    assert fixed is not None
    assert fixed.value_grains == 11 * CNY
    assert master.shares().tolist() == [[0.0] * 3, [0.0] * 3, [1.0, 0.0, 1.0]]
    master.fix(2, (2,), [(1, 2), (2, 2)])
    amiss = master.solve()
    assert amiss is not None
    assert amiss.value_grains > MISSING_DEARER * 10 * CNY
    assert amiss.jobs[2] < -MISSING_DEARER * 9 * CNY
    master.fix(2, (), ())
    free = master.solve()
    assert free is not None
    assert free.value_grains == 11 * CNY


def test_a_route_is_known_by_its_jobs_and_only_a_cheaper_order_replaces_it() -> None:
    master = _triangle()
    assert not master.add(0, (1, 0), CNY)
    assert not master.add(0, (1, 0), 2 * CNY)
    assert master.add(0, (1, 0), CNY // 2)
    assert master.columns[0].jobs == (1, 0)
    assert len(master.columns) == 3
    prices = master.solve()
    assert prices is not None
    assert prices.value_grains == 5 * CNY // 4
