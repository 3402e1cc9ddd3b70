"""What a plan in force asks: waiting for a promised time or not, homes, who is on the way, and the budget of changes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.anneal import anneal, count_used, keep_best
from solver.arrays import J_SKIP, Arrays, at_job, pack
from solver.kernel import scan
from solver.problem import FAR_S, FORBIDDEN, Change, Problem, Timed
from solver.reference import check, count_changed, price, time_tour
from solver.search import Stop, solve
from solver.state import C_BEST, C_BUDGET, C_COST, C_LEFT, C_MOVED, INF, State
from solver.tours import load_routes, make_state, read_routes
from solver.tours import time_tour as time_compiled
from tests.solver.worlds import (
    COMPILED,
    Chance,
    Job,
    Tour,
    deal_jobs,
    grow_tours,
    insert,
    make_arbitrary,
    make_problem,
    seeded,
)

BUSY = Chance(n_jobs_max=9, n_workers_max=2, n_tours_max=3, change=True)
ITERATIONS = 300 if COMPILED else 20


def _in_force(
    n: int,
    starts_s: tuple[int, ...] = (),
    rate: int = 1,
    away: int = 0,
    home: int = 0,
    first_tour: tuple[int, ...] = (),
    budget: int = FAR_S,
) -> Change:
    """Return a plan in force: tolerances of 10 s, calms of 30 s around starts; jobs without one are new."""
    start_s = np.array([*starts_s, *[0] * n][:n], np.int64)
    known = np.arange(n) < len(starts_s)
    return Change(
        home_worker=np.where(known, home, -1).astype(np.int32),
        away_grains=np.where(known, away, 0).astype(np.int64),
        first_tour=np.array([*first_tour, *[-1] * n][:n], np.int32),
        from_s=start_s - 10,
        to_s=start_s + 10,
        grains_per_s=np.where(known, rate, 0).astype(np.int64),
        calm_from_s=start_s - 30,
        calm_to_s=start_s + 30,
        counted=known & (budget < FAR_S),
        budget=budget,
    )


def _begins_s(timed: Timed | None) -> list[int]:
    assert timed is not None
    return [event.begin_s for event in timed.events if event.kind == "visit"]


def test_a_tour_waits_for_the_beginning_of_a_tolerance() -> None:
    problem = replace(make_problem([Job(service_s=(5,))]), change=_in_force(1, (100,)))
    timed = time_tour(problem, 0, [0])
    assert _begins_s(timed) == [90]
    assert timed is not None
    assert timed.cost_grains == 0


def test_it_does_not_wait_where_being_early_is_cheaper() -> None:
    tour = Tour(end_s=50, last_s=FAR_S)
    problem = replace(
        make_problem([Job(service_s=(5,))], [tour]), overtime_grains_per_s=3, change=_in_force(1, (100,), rate=1)
    )
    timed = time_tour(problem, 0, [0])
    assert _begins_s(timed) == [0]
    assert timed is not None
    assert timed.cost_grains == 90


def test_nor_beyond_the_window_nor_where_the_tour_could_not_end() -> None:
    windowed = make_problem([Job(windows=((0, 60), (200, 300)))])
    assert _begins_s(time_tour(replace(windowed, change=_in_force(1, (100,))), 0, [0])) == [60]
    short = make_problem([Job(service_s=(5,))], [Tour(end_s=40)])
    assert _begins_s(time_tour(replace(short, change=_in_force(1, (100,))), 0, [0])) == [0]


@pytest.mark.parametrize(("by_s", "grains"), [(105, 0), (110, 0), (111, 3), (120, 30)])
def test_a_begin_after_the_tolerance_costs_from_its_first_second(by_s: int, grains: int) -> None:
    problem = make_problem([Job(windows=((by_s, FAR_S),))])
    timed = time_tour(replace(problem, change=_in_force(1, (100,), rate=3)), 0, [0])
    assert timed is not None
    assert timed.cost_grains == grains


def test_another_worker_pays_for_not_being_at_home_or_may_not_come_at_all() -> None:
    two = make_problem([Job()], [Tour(worker=0), Tour(worker=1)])
    priced = replace(two, change=_in_force(1, (0,), away=70))
    costs = [timed.cost_grains for tour in (0, 1) if (timed := time_tour(priced, tour, [0])) is not None]
    assert costs == [0, 70]
    assert time_tour(replace(two, change=_in_force(1, (0,), away=FORBIDDEN)), 1, [0]) is None


def test_who_is_on_the_way_comes_first_and_rests_only_after() -> None:
    tour = Tour(breaks=((0, 30, 10),), end_s=200)
    problem = replace(
        make_problem([Job(service_s=(20,)), Job(service_s=(20,))], [tour]), change=_in_force(2, (0,), first_tour=(0,))
    )
    assert time_tour(problem, 0, [1, 0]) is None
    timed = time_tour(problem, 0, [0, 1])
    assert timed is not None
    assert [event.kind for event in timed.events] == ["start", "visit", "break", "visit", "end"]
    arrays = pack(problem)
    state = make_state(arrays, 0)
    load_routes(arrays, state, [[0]])
    assert scan(arrays, state, 1, 0, INF, 0)[1] == 0


@given(st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=100)
def test_the_kernel_times_every_tour_as_its_twin_does(chance: Random) -> None:
    problem = make_arbitrary(chance, BUSY)
    arrays = pack(problem)
    for tour, jobs, timed in grow_tours(chance, problem):
        assert time_compiled(problem, tour, jobs, arrays) == timed


def test_kernel_and_twin_agree_on_many_worlds_in_which_every_rule_bites() -> None:
    bites: Counter[str] = Counter()
    for seed in range(200):
        problem = make_arbitrary(seeded(seed), BUSY)
        arrays = pack(problem)
        for tour, jobs, timed in grow_tours(seeded(seed), problem):
            assert time_compiled(problem, tour, jobs, arrays) == timed
            bites.update(_bites(problem, timed))
    assert {rule for rule, times in bites.items() if times >= 10} == {"waits", "early", "late", "on the way", "rests"}


def _bites(problem: Problem, timed: Timed | None) -> set[str]:
    """Tell which rules show in a timing."""
    change = problem.change
    found = set()
    assert change is not None
    for event in () if timed is None else timed.events:
        if event.kind == "visit" and change.grains_per_s[event.row]:
            found |= {"early"} if event.begin_s < change.from_s[event.row] else set()
            found |= {"late"} if event.begin_s > change.to_s[event.row] else set()
            found |= {"waits"} if event.arrive_s < event.begin_s == change.from_s[event.row] else set()
        if event.kind == "visit" and change.first_tour[event.row] >= 0:
            found |= {"on the way"}
        if event.kind == "break":
            found |= {"rests"}
    return found


def _loaded(problem: Problem, chance: Random) -> tuple[Arrays, State]:
    arrays = pack(problem)
    state = make_state(arrays, chance.randrange(1_000))
    assert load_routes(arrays, state, deal_jobs(chance, problem))
    count_used(arrays, state)
    return arrays, state


def _priced(problem: Problem, arrays: Arrays, routes: tuple[tuple[int, ...], ...]) -> int:
    """Price legal routes by the twin, and what the search adds for mandatory jobs left out."""
    served = {job for route in routes for job in route}
    missing = [job for job in range(problem.n_jobs) if problem.job_mandatory[job] and job not in served]
    return price(problem, routes)[0] + sum(int(arrays.d[at_job(arrays, job) + J_SKIP]) for job in missing)


def test_a_scan_says_to_the_grain_what_an_insertion_adds_and_misses_none_that_is_legal() -> None:
    places = cheapest = 0
    for seed in range(60):
        problem = make_arbitrary(seeded(seed), BUSY)
        arrays, state = _loaded(problem, seeded(seed))
        routes = read_routes(arrays, state)
        before = price(problem, routes)[0]
        served = {job for route in routes for job in route}
        for job in sorted(set(range(problem.n_jobs)) - served):
            for tour, route in enumerate(routes):
                adds = {}
                for position in range(len(route) + 1):
                    new = insert(routes, tour, position, job)
                    if not check(problem, new):
                        adds[position] = price(problem, new)[0] - before + int(problem.job_skip_grains[job])
                added, after = scan(arrays, state, job, tour, INF, 0)
                assert bool(after >= 0) is bool(adds), seed
                if adds:
                    position = 0 if after >= problem.n_jobs else route.index(after) + 1
                    assert added == adds[position], seed
                    places += 1
                    cheapest += added == min(adds.values())
    assert places > 50
    assert cheapest > 0.98 * places


def test_sums_and_changes_stay_the_twins_while_a_chain_runs_and_the_budget_is_kept() -> None:
    tight = 0
    for seed in range(40):
        problem = make_arbitrary(seeded(seed), BUSY)
        arrays, state = _loaded(problem, seeded(seed))
        start = read_routes(arrays, state)
        budget = count_changed(problem, start)
        assert int(state[C_MOVED] + state[C_LEFT]) == budget
        state[C_BUDGET] = budget
        keep_best(arrays, state)
        for _ in range(5):
            anneal(arrays, state, ITERATIONS // 5, 500.0, 50.0, near_only=False, mean_removed=4.0)
            now = read_routes(arrays, state)
            changed = count_changed(problem, now)
            assert int(state[C_MOVED] + state[C_LEFT]) == changed <= budget
            assert int(state[C_COST]) == _priced(problem, arrays, now)
        best = read_routes(arrays, state, best=True)
        assert int(state[C_BEST]) == _priced(problem, arrays, best) <= _priced(problem, arrays, start)
        tight += budget > 0
    assert tight > 10


@pytest.mark.parametrize("budget", [0, 1, 2, FAR_S])
def test_a_search_changes_no_more_jobs_than_its_budget_and_uses_what_it_may(budget: int) -> None:
    # three jobs at the far end were planned for one worker, who lives at the near one; the other lives there
    problem = make_problem(
        [Job(place=9, service_s=(5,), skip=10**9) for _ in range(3)],
        [Tour(worker=0), Tour(worker=1, start_place=9, end_place=9)],
    )
    problem = replace(
        problem, travel_grains_per_s=1_000, change=_in_force(3, (95, 100, 105), away=1, rate=1, budget=budget)
    )
    found = solve(problem, [[0, 1, 2], []], Stop(iterations=500), threads=1)
    assert check(problem, found.routes) == []
    # one or two who move save nothing: the way is gone all the same
    assert len(found.routes[1]) == (3 if budget > 2 else 0)


def test_threads_that_share_a_solution_share_the_budget() -> None:
    chance = seeded(5)
    n = 140
    jobs = [Job(place=chance.randrange(40), service_s=(600,), skip=10**9) for _ in range(n)]
    tours = [Tour(worker=row, end_s=12 * 3600, start_place=row, end_place=row) for row in range(12)]
    base = make_problem(jobs, tours)
    start = [list(range(row, n, 12)) for row in range(12)]
    home = np.array([job % 12 for job in range(n)], np.int32)
    begins_s = {
        event.row: event.begin_s
        for tour, route in enumerate(start)
        if (timed := time_compiled(base, tour, tuple(route))) is not None
        for event in timed.events
        if event.kind == "visit"
    }
    old = _in_force(n, tuple(begins_s[job] for job in range(n)), budget=9)
    wide = replace(old, home_worker=home, calm_from_s=old.calm_from_s - 1_800, calm_to_s=old.calm_to_s + 1_800)
    problem = replace(base, travel_grains_per_s=100, change=wide)
    found = solve(problem, start, Stop(iterations=2_000), threads=3)
    assert 0 < count_changed(problem, found.routes) <= 9
    assert found.total_grains < price(problem, start)[0]
