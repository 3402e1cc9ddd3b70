"""Routes listed by their reduced cost, against every order of every set of jobs priced by the twin."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pytest

from solver.arrays import pack
from solver.generation import Generation
from solver.master import Prices as Duals
from solver.pricing import Case, Listed
from solver.problem import FAR_S, I64, OPEN, Problem, balance_grains
from solver.reference import time_tour
from tests.solver.worlds import Chance, Job, Prices, Random, Tour, Worker, line, make_arbitrary, make_problem, seeded

UNIT = 1_000_000
"""Prices are those of real days: linear programs work in CNY."""

ANY_CLOCK = Chance(n_jobs_max=4, n_workers_max=2, n_tours_max=2)


def make_metric(chance: Random, jobs: int = 5) -> Problem:
    """Make a world in which earlier is never worse and no way round is shorter: what labels may take for granted."""
    windows = [(from_s := chance.choice([0, 0, 40, 90]), from_s + chance.choice([20, 60, 300])) for _ in range(jobs)]
    return make_problem(
        [
            Job(
                chance.randrange(6),
                (chance.choice([0, 5, 20]),),
                setup_s=(25,),
                windows=(window,),
                skip=chance.choice([50, 400, 2_000]) * UNIT,
                arrive_by_s=chance.choice([FAR_S, 60]),
                arrive_rate=3 * UNIT,
            )
            for window in windows
        ],
        [
            Tour(worker, end_s=240, last_s=300, start_place=worker, end_place=chance.choice([OPEN, 0, 5]), max_jobs=4)
            for worker in range(2)
        ],
        [Worker(), Worker()],
        legs=line(0, 3, 10, 22, 23, 40),
        prices=Prices(
            travel_s=chance.choice([1, 7]) * UNIT, travel_m=chance.choice([0, UNIT]), overtime_s=9 * UNIT, use=30 * UNIT
        ),
        fit={(profile, worker): chance.choice([0, 0, 40 * UNIT, -1]) for profile in range(jobs) for worker in range(2)},
        profiles=range(jobs),
    )


def prepare(problem: Problem) -> Generation:
    """Prepare column generation for a whole problem."""
    case = Case(problem, pack(problem), problem.job_skip_grains, 10.0 * UNIT)
    tours, jobs = np.arange(problem.n_tours), np.arange(problem.n_jobs)
    return Generation(case, tours, jobs, np.zeros_like(tours), lambda: math.inf)


def _duals(chance: Random, problem: Problem) -> Duals:
    jobs = np.array([chance.choice([0, 0, grains // 2]) for grains in problem.job_skip_grains.tolist()], np.int64)
    tours = np.array([chance.choice([0, 60 * UNIT]) for _ in range(problem.n_tours)], np.int64)
    return Duals(0, jobs, tours, chance.choice([-20 * UNIT, 0, 30 * UNIT]))


def _reduced(problem: Problem, tour: int, jobs: tuple[int, ...], duals: Duals) -> int | None:
    timed = time_tour(problem, tour, jobs)
    worker = int(problem.tour_worker[tour])
    if timed is None or timed.travel_s + timed.service_s > problem.worker_max_busy_s[worker]:
        return None
    busy = balance_grains(timed.travel_s + timed.service_s, problem.balance_cents_per_h2)
    prizes = int((problem.job_skip_grains - duals.jobs)[list(jobs)].sum()) + duals.more * len(jobs)
    return timed.cost_grains + busy - prizes + int(duals.tours[tour])


def _prize(problem: Problem, tour: int, job: int, duals: Duals) -> int:
    """Return what serving a job brings; one that takes more than the limit leaves room for is in no route that counts."""
    fit = problem.fit_grains[problem.job_profile[job], problem.tour_worker[tour]]
    return int(problem.job_skip_grains[job] - duals.jobs[job] + duals.more - fit)


def _sets(listed: Listed) -> dict[frozenset[int], int]:
    bits = [frozenset(j for j in range(64) if int(word) >> j & 1) for word in listed.sets[:, 0]]
    return dict(zip(bits, listed.reduced.tolist(), strict=True))


def _orders(listed: Listed) -> list[tuple[tuple[int, ...], int]]:
    rows = zip(listed.order.tolist(), listed.reduced.tolist(), strict=True)
    return [(tuple(j for j in order if j >= 0), reduced) for order, reduced in rows]


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("width", [50, 20_000])
def test_where_earlier_is_never_worse_every_set_below_the_limit_is_listed_at_its_cheapest_order(
    seed: int, width: int
) -> None:
    chance = seeded(seed)
    problem = make_metric(chance)
    duals = _duals(chance, problem)
    limit = chance.choice([-1, 0, 200 * UNIT, 1_000 * UNIT])
    pricer = prepare(problem).pricer
    for tour in range(problem.n_tours):
        expected: dict[frozenset[int], int] = {}
        worth = [j for j in range(problem.n_jobs) if _prize(problem, tour, j, duals) > -max(limit, 0)]
        for size in range(1, 5):
            for jobs in permutations(worth, size):
                reduced = _reduced(problem, tour, jobs, duals)
                if reduced is not None and reduced <= min(limit, expected.get(frozenset(jobs), limit)):
                    expected[frozenset(jobs)] = reduced
        listed, complete = pricer.list_routes(tour, duals, (), limit, width)
        assert _sets(listed) == expected
        assert complete
        assert listed.reduced.tolist() == sorted(listed.reduced.tolist())


@pytest.mark.parametrize("seed", range(60))
def test_with_any_clock_what_is_listed_is_possible_and_priced_as_by_the_twin(seed: int) -> None:
    chance = seeded(1_000 + seed)
    problem = make_arbitrary(chance, ANY_CLOCK)
    duals = _duals(chance, problem)
    pricer = prepare(problem).pricer
    for tour in range(problem.n_tours):
        for width in (50, 20_000):
            for order, reduced in _orders(pricer.list_routes(tour, duals, (), 5_000, width)[0]):
                assert _reduced(problem, tour, order, duals) == reduced <= 5_000


def test_banned_jobs_are_in_no_route() -> None:
    problem = make_metric(seeded(3))
    nothing = Duals(0, np.zeros(problem.n_jobs, np.int64), np.zeros(problem.n_tours, np.int64), 0)
    pricer = prepare(problem).pricer
    for tour in range(problem.n_tours):
        free, _ = pricer.list_routes(tour, nothing, (), 0, 20_000)
        without, _ = pricer.list_routes(tour, nothing, (0, 2), 0, 20_000)
        assert _sets(without) == {jobs: reduced for jobs, reduced in _sets(free).items() if not jobs & {0, 2}}
    assert any(jobs & {0, 2} for jobs in _sets(free))


def test_with_no_room_for_partial_routes_the_list_says_that_some_are_missing() -> None:
    problem = make_problem([Job(j, (10,), skip=1_000 + 100 * j) for j in range(6)], [Tour(end_s=200)], prices=Prices(1))
    nothing = Duals(0, np.zeros(problem.n_jobs, np.int64), np.zeros(problem.n_tours, np.int64), 0)
    pricer = prepare(problem).pricer
    whole, complete = pricer.list_routes(0, nothing, (), 0, 20_000)
    part, all_of_them = pricer.list_routes(0, nothing, (), 0, 2)
    assert complete
    assert not all_of_them
    assert set(_sets(part)) < set(_sets(whole))


def test_jobs_beyond_the_first_word_of_bits_are_kept_apart() -> None:
    jobs = [Job(1, (10,), skip=1_000) for _ in range(100)]
    problem = make_problem(jobs, [Tour(end_s=25)], legs=line(0, 1), fit={(j, 0): -1 for j in range(2, 99)})
    nothing = Duals(0, np.zeros(100, np.int64), np.zeros(1, np.int64), 0)
    listed, _ = prepare(problem).pricer.list_routes(0, nothing, (), 0, 20_000)
    found: I64 = listed.sets
    assert sorted(map(tuple, found.tolist())) == sorted(
        [(1, 0), (2, 0), (3, 0), (0, 1 << 35), (1, 1 << 35), (2, 1 << 35)]
    )
