"""Bounds against the two exact referees: of the timing rule, and of any timing."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest

from solver.bound import Bound, prove, relax, step_grains, uncouple
from solver.columns import JOBS_MAX
from solver.exact import solve_exactly, solve_freely
from solver.problem import FAR_S, FORBIDDEN, Change, Problem, Solution, balance_grains
from solver.reference import price
from solver.search import Stop, solve
from tests.solver.test_columns import make_metric
from tests.solver.worlds import Chance, Job, Prices, Tour, Worker, line, make_arbitrary, make_problem, make_town, seeded

LONG_S = 100.0
TINY = Chance(n_jobs_max=5, n_tours_max=3, peaks=False)
PRECIOUS = replace(TINY, balance_cents_per_h2=300, skip_min=3_000)
SLOWED = replace(PRECIOUS, peaks=True)

pytestmark = pytest.mark.compiled


def leave_out_all(problem: Problem, mandatory_unserved: int) -> Solution:
    """Return the dearest plan there is, as one that leaves so many mandatory jobs out: a bound has no help from it."""
    dear = int(problem.job_skip_grains.sum()) + 10**9
    return Solution(((),) * problem.n_tours, tuple(range(problem.n_jobs)), dear, mandatory_unserved)


def prove_twice(problem: Problem, best: Solution) -> tuple[Bound, Bound]:
    """Bound a problem knowing its best plan, and knowing none."""
    return prove(problem, best, LONG_S), prove(problem, leave_out_all(problem, best.mandatory_unserved), LONG_S)


@pytest.mark.parametrize("chance", [TINY, PRECIOUS], ids=["any price", "dear jobs"])
@pytest.mark.parametrize("seed", [*range(15), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(15, 60))])
def test_no_plan_undercuts_the_bound_however_it_is_timed(seed: int, chance: Chance) -> None:
    problem = make_arbitrary(seeded(seed), chance)
    free, best = solve_freely(problem), solve_exactly(problem)
    if best.mandatory_unserved == free.mandatory_unserved:
        assert prove(problem, best, LONG_S).grains <= free.total_grains
    assert prove(problem, leave_out_all(problem, free.mandatory_unserved), LONG_S).grains <= free.total_grains


@pytest.mark.parametrize("seed", [*range(15), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(15, 95))])
def test_through_peaks_too_no_plan_by_the_rule_undercuts_it(seed: int) -> None:
    problem = make_arbitrary(seeded(seed), SLOWED)
    best = solve_exactly(problem)
    assert all(bound.grains <= best.total_grains for bound in prove_twice(problem, best))


def test_the_clock_s_rules_lift_bounds_in_some_of_these_worlds() -> None:
    lifted = {"breaks": 0, "absences": 0, "peaks": 0, "late": 0}
    for seed in range(30):
        problem = make_arbitrary(seeded(seed), SLOWED)
        best = leave_out_all(problem, 0)
        bound = prove(problem, best, LONG_S).grains
        none = np.zeros(0, np.int64)
        without = {
            "breaks": replace(problem, break_first=np.zeros_like(problem.break_first)),
            "absences": replace(problem, absence_first=np.zeros_like(problem.absence_first)),
            "peaks": replace(problem, peaks=replace(problem.peaks, clock_s=none, progress=none, rate=none)),
            "late": replace(
                problem, arrive_by_s=problem.arrive_by_s * 0 + FAR_S, resolve_by_s=problem.arrive_by_s * 0 + FAR_S
            ),
        }
        for name, easier in without.items():
            lifted[name] += prove(easier, best, LONG_S).grains < bound
    assert min(lifted.values()) > 0, lifted


@pytest.mark.parametrize("seed", range(20))
def test_where_tours_are_plain_the_best_plan_is_proven_best(seed: int) -> None:
    problem = make_metric(seeded(seed))
    best = solve_exactly(problem)
    for bound in prove_twice(problem, best):
        assert bound.grains == best.total_grains
    assert prove(problem, best, LONG_S).is_optimal


@pytest.mark.parametrize("seconds", [0.0, 0.01, 0.1])
def test_with_hardly_any_time_the_bound_is_low_and_true(seconds: float) -> None:
    for seed in range(5):
        problem = make_metric(seeded(seed))
        best = solve_exactly(problem)
        assert 0 <= prove(problem, best, seconds).grains <= best.total_grains


def test_with_no_time_at_all_jobs_cost_what_they_cost_one_by_one() -> None:
    problem = make_problem(
        [Job(1, (30,), skip=10**9), Job(2, (30,), skip=40)],
        [Tour(end_s=900, end_place=0)],
        legs=line(0, 10, 30),
        prices=Prices(travel_s=6),
    )
    # job 1: half of the way from 0 and of the way back, 10 s at 6 grains; job 2: left out for 40, not half of 20 + 30 s
    assert prove(problem, leave_out_all(problem, 0), 0.0).grains == 60 + 40


def test_cancelled_it_returns_at_once_what_is_known() -> None:
    cancel = threading.Event()
    cancel.set()
    problem = make_town(seeded(1), 40, 4)
    plan = solve(problem, stop=Stop(iterations=200))
    assert 0 < prove(problem, plan, LONG_S, cancel=cancel).grains <= plan.total_grains
    assert prove(problem, plan, LONG_S, cancel=lambda: True).rounds == 0


@pytest.mark.parametrize("threads", [1, 2])
def test_more_time_never_lowers_it_and_threads_change_nothing_about_a_proof(threads: int) -> None:
    problem = make_town(seeded(2), 18, 2)
    plan = solve(problem, stop=Stop(iterations=3_000))
    none, whole = prove(problem, plan, 0.0), prove(problem, plan, LONG_S, threads)
    assert none.grains < whole.grains == plan.total_grains
    assert whole.is_optimal


def test_a_plan_that_leaves_out_what_must_be_served_is_bounded_as_if_that_were_free() -> None:
    problem = make_problem(
        [Job(1, (30,), mandatory=True), Job(2, (30,), skip=70)], [Tour(end_s=10)], legs=line(0, 10, 90)
    )
    assert prove(problem, Solution(((),), (0, 1), 70, 1), LONG_S).grains == 70
    near = make_problem([Job(1, (30,), mandatory=True)], legs=line(0, 10), prices=Prices(travel_s=6))
    assert prove(near, Solution(((),), (0,), 0, 1), LONG_S).grains == 0
    assert prove(near, Solution(((0,),), (), 60, 0), LONG_S).grains == 60


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("cents_per_h2", [1, 7, 50, 5_000])
def test_a_tangent_of_balance_is_nowhere_above_it(seed: int, cents_per_h2: int) -> None:
    chance = seeded(seed)
    problem = make_problem([Job()], [Tour()], [Worker()], prices=Prices(balance_cents_per_h2=cents_per_h2))
    touches = chance.randrange(60_000)
    relaxed = relax(problem, np.array([touches]))
    for busy_s in [0, 1, touches, *(chance.randrange(100_000) for _ in range(50))]:
        line_grains = relaxed.constant_grains + int(relaxed.busy_grains_per_s[0]) * busy_s
        assert line_grains <= balance_grains(busy_s, cents_per_h2)
    at_touch = relaxed.constant_grains + int(relaxed.busy_grains_per_s[0]) * touches
    assert balance_grains(touches, cents_per_h2) - at_touch < 1_000 + touches


def test_of_breaks_that_overlap_one_is_kept() -> None:
    breaks = [(10, 40, 5), (30, 60, 5), (40, 80, 5)]
    relaxed = relax(
        make_problem([Job()], [Tour(breaks=breaks), Tour(worker=1, breaks=breaks[:1])]), np.zeros(2, np.int64)
    )
    assert relaxed.problem.break_from_s.tolist() == [10, 40, 10]
    assert relaxed.problem.break_first.tolist() == [0, 2, 3]


def test_every_total_is_a_multiple_of_the_step() -> None:
    for seed in range(20):
        problem = make_arbitrary(seeded(seed), TINY)
        assert solve_exactly(problem).total_grains % step_grains(problem) == 0
    assert step_grains(make_town(seeded(1), 3, 1)) == 100


def test_without_jobs_or_tours_there_is_nothing_to_gain() -> None:
    assert prove(make_problem([], [Tour()]), Solution(((),), (), 0, 0), 1.0).is_optimal
    alone = replace(make_problem([Job(skip=70)], [Tour()]), tour_worker=np.zeros(0, np.int32))
    assert prove(alone, Solution((), (0,), 70, 0), 1.0).grains == 70


def test_with_more_jobs_than_a_set_holds_the_bound_is_low_and_true() -> None:
    problem = make_town(seeded(3), JOBS_MAX + 2, 3)
    plan = solve(problem, stop=Stop(iterations=100))
    assert price(problem, plan.routes)[0] == plan.total_grains
    assert 0 <= prove(problem, plan, 1.0).grains <= plan.total_grains


def test_no_threads_are_refused() -> None:
    problem = make_problem([Job()], [Tour()])
    with pytest.raises(ValueError, match="threads must be ≥ 1, got 0"):
        prove(problem, leave_out_all(problem, 0), 1.0, threads=0)


@pytest.mark.parametrize("seed", range(15))
def test_a_plan_in_force_makes_no_bound_too_high(seed: int) -> None:
    problem = make_arbitrary(seeded(seed), replace(PRECIOUS, change=True))
    best = solve_exactly(problem)
    assert all(bound.grains <= best.total_grains for bound in prove_twice(problem, best))


def test_who_is_not_at_home_is_priced_or_may_not_come() -> None:
    fit = {(0, 0): 5, (1, 0): FORBIDDEN}
    problem = make_problem([Job(skip=10**6), Job(skip=10**6)], [Tour(), Tour(worker=1)], fit=fit)
    home = np.array([1, 0], np.int32)
    far = np.full(2, FAR_S)
    away = np.array([70, FORBIDDEN])
    change = Change(home, away, home * 0 - 1, -far, far, far * 0, -far, far, np.zeros(2, np.bool_))
    assert uncouple(replace(problem, change=change)).fit_grains.tolist() == [[75, 0], [FORBIDDEN, FORBIDDEN]]
    assert uncouple(problem).fit_grains.tolist() == [[5, 0], [FORBIDDEN, 0]]
