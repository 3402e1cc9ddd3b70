"""What a caller of the search may rely on: repeatable, legal, never worse, stopped when told."""

from __future__ import annotations

import math
import threading

import pytest

from solver import search
from solver.problem import Problem, Solution
from solver.reference import check, price
from solver.search import Progress, Stop, solve
from tests.solver.worlds import Job, Tour, make_arbitrary, make_problem, make_town, seeded

APART = make_town(seeded(1), 30, 3)
SHARED = make_town(seeded(2), 140, 12)
SHORT = Stop(iterations=1_500)


def _assert_legal(problem: Problem, found: Solution) -> None:
    assert check(problem, found.routes) == []
    assert price(problem, found.routes) == (found.total_grains, found.mandatory_unserved)
    served = [job for route in found.routes for job in route]
    assert sorted([*served, *found.unserved]) == list(range(problem.n_jobs))


@pytest.mark.compiled
@pytest.mark.parametrize("problem", [APART, SHARED], ids=["apart", "shared"])
def test_one_thread_with_iterations_alone_finds_the_same_routes_every_time(problem: Problem) -> None:
    first, again, other = (solve(problem, stop=SHORT, seed=seed) for seed in (5, 5, 6))
    assert (first.routes, first.total_grains, first.iterations) == (again.routes, again.total_grains, again.iterations)
    assert first.routes != other.routes
    for found in (first, other):
        _assert_legal(problem, found)


@pytest.mark.compiled
@pytest.mark.parametrize("problem", [APART, SHARED], ids=["apart", "shared"])
def test_two_threads_find_legal_routes(problem: Problem) -> None:
    found = solve(problem, stop=SHORT, threads=2)
    _assert_legal(problem, found)
    assert found.threads == 2
    assert found.iterations > 0


def test_two_threads_find_legal_routes_in_arbitrary_worlds() -> None:
    for seed in range(10):
        problem = make_arbitrary(seeded(seed))
        _assert_legal(problem, solve(problem, stop=Stop(iterations=100), seed=seed, threads=2))


@pytest.mark.compiled
@pytest.mark.parametrize("problem", [APART, SHARED], ids=["apart", "shared"])
def test_the_answer_is_never_worse_than_the_start(problem: Problem) -> None:
    start = solve(problem, stop=SHORT, seed=1)
    for iterations in (0, 1, 300):
        found = solve(problem, start.routes, Stop(iterations=iterations), seed=2)
        _assert_legal(problem, found)
        assert found.total_grains <= start.total_grains


def test_a_start_that_is_not_possible_is_left_out_and_filled_up() -> None:
    problem = make_problem([Job(1, skip=10**9), Job(1, skip=10**9)], [Tour(max_jobs=1), Tour(max_jobs=1)])
    found = solve(problem, [(0, 1), ()], Stop(iterations=0))
    _assert_legal(problem, found)
    assert found.unserved == ()


@pytest.mark.parametrize("problem", [APART, SHARED], ids=["apart", "shared"])
def test_cancelled_before_it_begins_it_returns_the_start(problem: Problem) -> None:
    start = solve(problem, stop=Stop(iterations=0)).routes
    cancel = threading.Event()
    cancel.set()
    found = solve(problem, start, SHORT, cancel=cancel)
    assert (found.routes, found.iterations) == (start, 0)
    _assert_legal(problem, found)


@pytest.mark.compiled
@pytest.mark.parametrize("problem", [APART, SHARED], ids=["apart", "shared"])
def test_cancelled_by_who_listens_it_returns_the_best_so_far(problem: Problem) -> None:
    told: list[Progress] = []
    found = solve(problem, stop=Stop(iterations=10**9), on_best=told.append, cancel=lambda: len(told) >= 2)
    _assert_legal(problem, found)
    assert found.iterations < 10**9
    assert found.total_grains == told[-1].total_grains


@pytest.mark.compiled
@pytest.mark.parametrize("problem", [APART, SHARED], ids=["apart", "shared"])
def test_each_solution_told_is_better_than_the_one_before_and_the_last_is_the_answer(problem: Problem) -> None:
    told: list[Progress] = []
    found = solve(problem, stop=SHORT, on_best=told.append)
    totals = [progress.total_grains for progress in told]
    assert len(totals) >= 2
    assert totals == sorted(set(totals), reverse=True)
    assert (told[-1].total_grains, told[-1].unserved) == (found.total_grains, len(found.unserved))


@pytest.mark.parametrize("seconds", [math.nan, math.inf, -1.0])
def test_seconds_that_are_no_limit_are_refused(seconds: float) -> None:
    with pytest.raises(ValueError, match="seconds must be a finite number"):
        Stop(seconds=seconds)


def test_negative_iterations_are_refused() -> None:
    with pytest.raises(ValueError, match="iterations must be ≥ 0, got -1"):
        Stop(iterations=-1)


def test_no_thread_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="threads must be ≥ 1, got 0"):
        solve(APART, threads=0)


def test_no_seconds_at_all_end_the_search_at_once() -> None:
    found = solve(APART, stop=Stop(seconds=0))
    assert found.iterations == 0
    _assert_legal(APART, found)


def test_without_jobs_the_tours_stay_empty() -> None:
    found = solve(make_problem([], [Tour(), Tour()]), stop=SHORT, threads=2)
    assert (found.routes, found.unserved, found.total_grains) == (((), ()), (), 0)


def test_without_tours_every_job_is_left_out_at_its_price() -> None:
    found = solve(make_problem([Job(skip=70), Job(mandatory=True)], []), stop=SHORT)
    assert (found.routes, found.unserved, found.total_grains, found.mandatory_unserved) == ((), (0, 1), 70, 1)


def test_a_mandatory_job_dearer_to_serve_than_any_price_of_leaving_out_is_served_where_it_can_be() -> None:
    jobs = [Job(1, skip=10**9), Job(2, mandatory=True), Job(3, skip=10**9)]
    problem = make_problem(jobs, [Tour(end_s=36_000, max_jobs=1)], fit={(1, 0): 10**13})
    found = solve(problem, stop=Stop(iterations=200))
    _assert_legal(problem, found)
    assert found.routes == ((1,),)


def test_a_mandatory_job_takes_the_place_of_another_in_the_start() -> None:
    jobs = [Job(1, skip=10**9), Job(2, mandatory=True)]
    problem = make_problem(jobs, [Tour(end_s=36_000, max_jobs=1)], fit={(1, 0): 10**13})
    assert solve(problem, [(0,)], Stop(iterations=200)).routes == ((1,),)


@pytest.mark.parametrize("problem", [APART, SHARED], ids=["apart", "shared"])
def test_a_huge_problem_swept_together_has_legal_routes(problem: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    filled = solve(problem, stop=Stop(iterations=1))
    monkeypatch.setattr(search, "FILL_SCANS_MAX", 1)
    swept = solve(problem, stop=Stop(iterations=1))
    _assert_legal(problem, swept)
    assert swept.routes != filled.routes
    assert len(swept.unserved) <= problem.n_jobs // 2
