"""Places and swaps are those that the slow twin finds by trying everything."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.places import Place, Places
from solver.problem import Problem
from solver.reference import check, price
from tests.solver.worlds import Job, Prices, Tour, make_arbitrary, make_problem

Routes = list[list[int]]


def _total(problem: Problem, routes: Sequence[Sequence[int]]) -> int | None:
    """Price routes by the slow twin, with what the search adds for mandatory jobs; None if they are not legal."""
    return None if check(problem, routes) else price(problem, routes)[0]


def _with(routes: Routes, tour: int, position: int, job: int) -> Routes:
    return [[*jobs[:position], job, *jobs[position:]] if row == tour else jobs for row, jobs in enumerate(routes)]


def _half_full(problem: Problem) -> Routes:
    """Insert every second job wherever it first fits."""
    routes: Routes = [[] for _ in range(problem.n_tours)]
    for job in range(0, problem.n_jobs, 2):
        tries = (_with(routes, tour, len(routes[tour]), job) for tour in range(problem.n_tours))
        routes = next((longer for longer in tries if not check(problem, longer)), routes)
    return routes


@settings(max_examples=80)
@given(st.randoms(use_true_random=False))
def test_the_cheapest_place_is_the_cheapest_of_all(random: object) -> None:
    problem = make_arbitrary(random)  # type: ignore[arg-type]
    routes = _half_full(problem)
    places = Places(problem, routes)
    base = _total(problem, routes)
    assert base is not None
    served = {job for jobs in routes for job in jobs}
    for job in sorted(set(range(problem.n_jobs)) - served):
        skip = int(problem.job_skip_grains[job])
        dearer = [
            total - base + skip
            for tour in range(problem.n_tours)
            for position in range(len(routes[tour]) + 1)
            if (total := _total(problem, _with(routes, tour, position, job))) is not None
        ]
        found = places.find_place(job)
        assert (None if found is None else found.grains) == min(dearer, default=None)
        alone = [
            not check(problem, [[job] if row == tour else [] for row in range(problem.n_tours)])
            for tour in range(problem.n_tours)
        ]
        assert places.tours_alone(job).tolist() == alone
    assert [list(jobs) for jobs in places.routes] == routes


@settings(max_examples=60)
@given(st.randoms(use_true_random=False))
def test_the_cheapest_swap_is_the_cheapest_of_all_and_leaves_the_tour_alone(random: object) -> None:
    problem = make_arbitrary(random)  # type: ignore[arg-type]
    routes = _half_full(problem)
    places = Places(problem, routes)
    base = _total(problem, routes)
    assert base is not None
    served = {job for jobs in routes for job in jobs}
    for job in sorted(set(range(problem.n_jobs)) - served):
        for tour in range(problem.n_tours):
            changes = []
            for out in routes[tour]:
                rest = [[other for other in jobs if other != out] for jobs in routes]
                if check(problem, rest):
                    continue  # the search does not pass through tours that are not legal
                mandatory = places.skip_grains(out) - int(problem.job_skip_grains[out])
                mandatory -= places.skip_grains(job) - int(problem.job_skip_grains[job])
                changes += [
                    total - base + mandatory
                    for position in range(len(rest[tour]) + 1)
                    if (total := _total(problem, _with(rest, tour, position, job))) is not None
                ]
            emptied = [[job] if row == tour else jobs for row, jobs in enumerate(routes)]
            total = _total(problem, emptied)
            left = sum(places.skip_grains(out) - int(problem.job_skip_grains[out]) for out in routes[tour])
            left -= places.skip_grains(job) - int(problem.job_skip_grains[job])
            assert places.change_emptied(job, tour) == (None if total is None else total - base + left)
            found = places.find_swap(job, tour)
            assert (None if found is None else found.grains) == min(changes, default=None)
    assert [list(jobs) for jobs in places.routes] == routes


def test_a_place_that_saves_the_next_set_up_is_found_though_a_free_one_was_seen_before() -> None:
    jobs = [Job(place=1), Job(place=0, setup_s=[3_600]), Job(place=0, skip=500)]
    problem = make_problem(jobs, [Tour(end_place=-1)], prices=Prices(balance_cents_per_h2=5_000))
    found = Places(problem, [[0, 1]]).find_place(2)
    with_it, without = _total(problem, [[0, 2, 1]]), _total(problem, [[0, 1]])
    assert found is not None
    assert with_it is not None
    assert without is not None
    assert found.grains == with_it - without + 500 < 0


def test_inserting_and_exchanging_change_the_routes() -> None:
    jobs = [Job(place=place, service_s=[5], skip=skip) for place, skip in ((1, 100), (2, 100), (1, 500))]
    places = Places(make_problem(jobs, [Tour(max_jobs=1)]), [[0]])
    assert places.find_place(2) is None
    swap = places.find_swap(2, 0)
    assert swap is not None
    places.exchange(2, swap)
    assert places.routes == ((2,),)
    places = Places(make_problem(jobs, [Tour(max_jobs=2)]), [[0]])
    found = places.find_place(1)
    assert found is not None
    places.insert(1, found)
    assert sorted(places.routes[0]) == [0, 1]


def test_a_place_that_does_not_fit_and_routes_that_are_not_legal_are_refused() -> None:
    problem = make_problem([Job(place=1), Job(place=2)], [Tour(max_jobs=1)])
    with pytest.raises(ValueError, match="not legal"):
        Places(problem, [[0, 1]])
    places = Places(problem, [[0]])
    with pytest.raises(ValueError, match="job 1 does not fit into tour 0"):
        places.insert(1, Place(0, 0, None))
