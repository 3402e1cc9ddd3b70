"""The exact choice of routes against trying every choice."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from solver.cover import choose_routes
from solver.problem import I64
from tests.solver.worlds import Random, seeded

JOBS, TOURS, ROUTES = 70, 4, 6
FAR = 10**6

Case = tuple[list[list[tuple[frozenset[int], int]]], I64, I64]


def _case(chance: Random) -> Case:
    pool = [1, 3, 5, 62, 63, 64, 66]
    routes = []
    for _ in range(TOURS):
        found = {frozenset(chance.sample(pool, chance.randint(1, 3))): chance.randint(0, 40) for _ in range(ROUTES)}
        routes.append(sorted(found.items(), key=lambda row: row[1]))
    job_price = np.zeros(JOBS, np.int64)
    job_price[pool] = [chance.choice([0, 5, 30]) for _ in pool]
    return routes, job_price, np.array([chance.choice([0, 20]) for _ in range(TOURS)], np.int64)


def _choose(case: Case, served: int, budget: int, work: int = FAR) -> tuple[int, bool, list[int]]:
    routes, job_price, tour_price = case
    flat = [route for rows in routes for route in rows]
    sets = np.zeros((len(flat), 2), np.int64)
    members = np.full((len(flat), 3), -1, np.int64)
    for row, (jobs, _) in enumerate(flat):
        members[row, : len(jobs)] = sorted(jobs)
        for j in jobs:
            sets[row, j >> 6] |= np.int64(1) << np.int64(j & 63)
    chosen = np.full(TOURS, -2, np.int64)
    best, ended, _ = choose_routes(
        sets,
        np.array([reduced for _, reduced in flat], np.int64),
        members,
        np.array([len(jobs) for jobs, _ in flat], np.int64),
        np.cumsum([0, *(len(rows) for rows in routes)]),
        job_price,
        tour_price,
        served,
        budget,
        work,
        chosen,
    )
    return int(best), bool(ended), chosen.tolist()


def _value(case: Case, choice: tuple[int, ...], served: int) -> int | None:
    """Return the sum of a choice (−1: no route), None where it is none."""
    routes, job_price, tour_price = case
    taken = [routes[t][row] for t, row in enumerate(choice) if row >= 0]
    jobs = [j for members, _ in taken for j in members]
    if len(set(jobs)) < len(jobs) or (served >= 0 and len(jobs) != served):
        return None
    left_out = int(job_price.sum()) - int(job_price[jobs].sum())
    unused = sum(int(tour_price[t]) for t, row in enumerate(choice) if row < 0)
    return sum(reduced for _, reduced in taken) + left_out + unused


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("served", [-1, 3, 5])
def test_the_least_sum_is_found_and_belongs_to_the_routes_chosen(seed: int, served: int) -> None:
    case = _case(seeded(seed))
    values = [_value(case, choice, served) for choice in product(*(range(-1, len(rows)) for rows in case[0]))]
    least = min((value for value in values if value is not None), default=FAR)
    best, ended, chosen = _choose(case, served, FAR)
    assert ended
    assert best == least
    if least < FAR:
        first = np.cumsum([0, *(len(rows) for rows in case[0])])
        choice = tuple(row - int(first[t]) if row >= 0 else -1 for t, row in enumerate(chosen))
        assert _value(case, choice, served) == least


def test_nothing_is_chosen_unless_it_stays_below_the_budget() -> None:
    case = _case(seeded(7))
    least, _, _ = _choose(case, -1, FAR)
    assert _choose(case, -1, least) == (least, True, [-2] * TOURS)
    assert _choose(case, -1, least + 1)[0] == least


def test_with_no_work_left_the_choice_says_that_it_is_not_complete() -> None:
    assert _choose(_case(seeded(7)), -1, FAR, work=0) == (FAR, False, [-2] * TOURS)
