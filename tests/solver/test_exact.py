from __future__ import annotations

from dataclasses import replace

import pytest

from solver.exact import JOBS_MAX, enumerate_orders, solve_exactly, solve_freely
from solver.problem import FORBIDDEN, Problem, Solution
from solver.reference import price
from tests.solver.worlds import Chance, Job, Prices, Tour, Worker, make_arbitrary, make_peaks, make_problem, seeded

# places 0, 1, 2 … lie on a line, ten seconds apart

TINY = Chance(n_jobs_max=4, n_tours_max=3, peaks=False)
EARLY = replace(TINY, duration=False)
NO_BREAKS = replace(EARLY, absences=False, n_breaks_max=0)
NO_LATENESS = replace(EARLY, absences=False, late=False, balance_cents_per_h2=0, max_busy=False, setup=False)


def _value(solution: Solution) -> tuple[int, int]:
    return solution.mandatory_unserved, solution.total_grains


def _both(problem: Problem) -> tuple[int, int]:
    """Return what both referees find, which is the same."""
    values = _value(solve_exactly(problem)), _value(solve_freely(problem))
    assert values[0] == values[1]
    return values[0]


# --------------------------------------------------------------------------------------------- worlds done by hand


def test_three_jobs_have_sixteen_orders() -> None:
    assert len(enumerate_orders(3)) == 1 + 3 + 6 + 6


def test_jobs_are_served_in_the_order_of_least_travel() -> None:
    problem = make_problem([Job(place=3, skip=999), Job(place=1, skip=999)], [Tour(end_place=3)], prices=Prices(1))
    assert _both(problem) == (0, 30)
    assert solve_exactly(problem).routes == ((1, 0),)


def test_a_job_that_costs_more_than_it_is_worth_is_left_out() -> None:
    problem = make_problem([Job(place=1, skip=19), Job(place=3, skip=61)], prices=Prices(travel_s=1))
    assert _both(problem) == (0, 60)
    assert solve_exactly(make_problem([Job(place=1, skip=19)], prices=Prices(travel_s=1))).unserved == (0,)


def test_a_mandatory_job_is_served_whatever_it_costs_and_counted_if_it_cannot_be() -> None:
    jobs = [Job(place=1, mandatory=True), Job(skip=10_000, windows=[(0, 0)])]
    assert _both(make_problem(jobs, [Tour(max_jobs=1)])) == (0, 10_000)
    assert _both(make_problem(jobs, [Tour(max_jobs=1)], fit={(0, 0): FORBIDDEN})) == (1, 0)


def test_balance_makes_two_workers_share() -> None:
    jobs = [Job(service_s=[3_600], skip=10**9), Job(service_s=[3_600], skip=10**9)]
    problem = make_problem(jobs, [Tour(), Tour(worker=1)], prices=Prices(balance_cents_per_h2=50))
    assert _both(problem) == (0, 2 * 50 * 18_000)


@pytest.mark.parametrize(("limit_s", "grains"), [(70, 0), (69, 50), (60, 50), (59, 999)])
def test_a_busy_worker_takes_the_dearer_but_shorter_of_two_orders(limit_s: int, grains: int) -> None:
    # 1, 0, 2 is in time and sets up twice at place 0; 1, 2, 0 is late and sets up once
    jobs = [
        Job(place=1, service_s=[10], skip=999, arrive_by_s=30, arrive_once=50),
        Job(place=0, service_s=[10], setup_s=[20], skip=9_999, windows=[(0, 0)]),
        Job(place=0, service_s=[10], setup_s=[20], skip=999),
    ]
    assert _both(make_problem(jobs, workers=[Worker(max_busy_s=limit_s)])) == (0, grains)


def test_free_timing_lets_a_break_wait_that_the_rule_takes_too_early() -> None:
    # the rule keeps the soonest end of job 1, with the break before both: between them it makes the set-up due again
    jobs = [
        Job(place=1, skip=999, service_s=[5], setup_s=[9], arrive_by_s=10, arrive_once=500),
        Job(place=1, skip=999, service_s=[15], setup_s=[19], windows=[(11, 99)]),
    ]
    problem = make_problem(jobs, [Tour(breaks=[(0, 30, 10)], end_place=1)])
    assert _value(solve_exactly(problem)) == (0, 500)
    assert _value(solve_freely(problem)) == (0, 0)


def test_free_timing_may_leave_late_so_as_not_to_owe_a_break() -> None:
    job = Job(place=1, skip=10**6, service_s=[10], windows=[(31, 31)])
    problem = make_problem([job], [Tour(breaks=[(0, 21, 15), (16, 21, 15)])])
    assert _value(solve_exactly(problem)) == (0, 10**6)
    assert _value(solve_freely(problem)) == (0, 0)
    assert _value(solve_freely(problem, departs_at_start=True)) == (0, 10**6)


@pytest.mark.parametrize(("begins_s", "unserved"), [(24, (0,)), (25, ())])
def test_free_timing_works_after_an_absence_that_would_cut_the_way_home(
    begins_s: int, unserved: tuple[int, ...]
) -> None:
    problem = make_problem([Job(place=1, service_s=[5], skip=1)], [Tour(absences=[(begins_s, 40)])])
    assert solve_exactly(problem).unserved == unserved  # the rule works at once, from 10 to 15, and is home at 25
    assert solve_freely(problem).unserved == ()


def test_free_timing_waits_neither_after_work_nor_after_a_break() -> None:
    jobs = [Job(place=1, service_s=[5], skip=1, windows=[(0, 20)])]
    assert _both(make_problem(jobs, [Tour(absences=[(24, 40)])])) == (0, 1)
    jobs = [Job(place=1, service_s=[5], skip=1)]
    problem = make_problem(jobs, [Tour(absences=[(24, 40)], breaks=[(5, 9, 10)], end_place=1)])
    assert _value(solve_freely(problem, departs_at_start=True)) == (0, 1)
    assert _value(solve_freely(problem)) == (0, 0)  # leaving after 9 owes no break


def test_too_many_jobs_and_peaks_are_refused() -> None:
    with pytest.raises(ValueError, match=f"expected at most {JOBS_MAX} jobs, got {JOBS_MAX + 1}"):
        solve_exactly(make_problem([Job()] * (JOBS_MAX + 1)))
    with pytest.raises(ValueError, match="without peaks, got 2 changes"):
        solve_freely(make_problem([Job()], peaks=make_peaks(1, [(-9, 1), (9, 1)])))


# ------------------------------------------------------------------------------------------------- arbitrary worlds


@pytest.mark.parametrize("seed", range(40))
def test_free_timing_is_never_dearer_than_the_rule_and_both_are_priced_right(seed: int) -> None:
    problem = make_arbitrary(seeded(seed), TINY)
    exact = solve_exactly(problem)
    assert price(problem, exact.routes) == (exact.total_grains, exact.mandatory_unserved)
    assert _value(solve_freely(problem)) <= _value(exact)


@pytest.mark.parametrize("seed", range(30))
def test_without_breaks_the_rule_is_optimal(seed: int) -> None:
    problem = make_arbitrary(seeded(seed), NO_BREAKS)
    assert _value(solve_freely(problem)) == _value(solve_exactly(problem))


@pytest.mark.parametrize("seed", range(30))
def test_with_breaks_but_no_price_on_lateness_the_rule_is_optimal_for_its_departure(seed: int) -> None:
    problem = make_arbitrary(seeded(seed), NO_LATENESS)
    assert _value(solve_freely(problem, departs_at_start=True)) == _value(solve_exactly(problem))
