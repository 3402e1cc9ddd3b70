"""Column generation on tiny worlds, against the exact referee."""

from __future__ import annotations

from itertools import count
from unittest.mock import Mock

import numpy as np
import pytest
from ortools.linear_solver import pywraplp

from solver.exact import solve_exactly
from solver.generation import ANY, Found, Generation
from solver.problem import Problem
from solver.reference import time_tour
from tests.solver.test_columns import make_metric, prepare
from tests.solver.worlds import Chance, make_arbitrary, seeded

Offers = list[Found]


def _total(problem: Problem, routes: dict[int, tuple[int, ...]]) -> int:
    """Price routes by the twin; no job is in two of them."""
    served = [j for jobs in routes.values() for j in jobs]
    assert len(set(served)) == len(served)
    total = int(np.delete(problem.job_skip_grains, served).sum())
    for tour, jobs in routes.items():
        timed = time_tour(problem, tour, jobs)
        assert timed is not None
        total += timed.cost_grains
    return total


def _improve(generation: Generation, known: int) -> tuple[bool, Offers]:
    found: Offers = []
    return generation.improve(known, found.append), found


@pytest.mark.parametrize("seed", range(20))
def test_where_earlier_is_never_worse_the_optimum_is_found_and_proven(seed: int) -> None:
    problem = make_metric(seeded(seed))
    known = int(problem.job_skip_grains.sum()) + 1
    proven, found = _improve(prepare(problem), known)
    assert proven
    totals = [_total(problem, routes) for routes in found]
    assert totals == sorted(totals, reverse=True)
    assert totals[-1] == solve_exactly(problem).total_grains


@pytest.mark.parametrize("seed", range(20))
def test_what_is_best_already_is_proven_and_nothing_is_offered(seed: int) -> None:
    problem = make_metric(seeded(seed))
    best = solve_exactly(problem).total_grains
    assert _improve(prepare(problem), best) == (True, [])


@pytest.mark.parametrize("seed", range(40))
def test_with_any_clock_offers_are_possible_tour_by_tour(seed: int) -> None:
    problem = make_arbitrary(seeded(seed), Chance(n_jobs_max=5, n_tours_max=3, balance_cents_per_h2=0))
    for routes in _improve(prepare(problem), int(problem.job_skip_grains.sum()) + 1)[1]:
        _total(problem, routes)


@pytest.mark.parametrize("by_tour", [False, True])
@pytest.mark.parametrize("seed", [12, 32])
def test_where_a_choice_takes_too_long_a_job_is_fixed_and_the_optimum_still_proven(
    seed: int, by_tour: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("solver.generation.CHOICE_WORK", 35)
    monkeypatch.setattr("solver.generation.CHOICE_WORK_MAX", 35)
    monkeypatch.setattr("solver.generation.KNOWN_WORK", 0)
    problem = make_metric(seeded(seed))
    generation = prepare(problem)
    fixed: list[tuple[int, int]] = []
    in_doubt = generation._in_doubt

    def of_one_kind(inside: frozenset[int]) -> list[tuple[int, int]]:
        found = in_doubt(inside)
        found = [pair for pair in found if (pair[0] != ANY) == by_tour] or found
        fixed.extend(found)
        return found

    monkeypatch.setattr(generation, "_in_doubt", of_one_kind)
    proven, found = _improve(generation, int(problem.job_skip_grains.sum()) + 1)
    assert proven
    assert _total(problem, found[-1]) == solve_exactly(problem).total_grains
    assert fixed


def test_of_all_that_is_in_doubt_what_lifts_both_parts_most_is_fixed() -> None:
    generation = prepare(make_metric(seeded(12)))
    generation.settle(generation.effort.widths)
    branch = generation._branch(3, frozenset(), frozenset())
    assert branch is not None
    generation.master.fix(branch.served, branch.inside, branch.banned)
    generation.master.solve()
    ways = [generation._two(branch, pair) for pair in generation._in_doubt(branch.inside)]
    lifts = [generation._lift(branch, way, 10**12) for way in ways]
    assert len(set(lifts)) > 1
    parts = generation._split(branch, branch.prices.value_grains + 10**12)
    assert parts is not None
    taken = ways[lifts.index(max(lifts))]
    assert {(part.inside, part.banned) for part in parts} <= set(taken)


def test_what_others_find_meanwhile_ends_what_cannot_be_better(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("solver.generation.KNOWN_WORK", 0)
    problem = make_metric(seeded(12))
    best = solve_exactly(problem).total_grains
    found: list[dict[int, tuple[int, ...]]] = []
    generation = prepare(problem)
    assert generation.improve(int(problem.job_skip_grains.sum()) + 1, found.append, lambda: best)
    assert all(_total(problem, routes) > best for routes in found)


@pytest.mark.parametrize("seed", range(20))
def test_a_search_that_gives_up_claims_no_proof(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("solver.generation.CHOICE_WORK", 5)
    monkeypatch.setattr("solver.generation.CHOICE_WORK_MAX", 5)
    problem = make_metric(seeded(seed))
    optimum = solve_exactly(problem).total_grains
    proven, found = _improve(prepare(problem), int(problem.job_skip_grains.sum()) + 1)
    assert all(_total(problem, routes) >= optimum for routes in found)
    assert not proven or _total(problem, found[-1]) == optimum


@pytest.mark.parametrize("exact", [False, True])
def test_what_lists_cut_short_seemed_to_prove_of_a_branch_is_not_proven_of_its_parts(exact: bool) -> None:
    generation = prepare(make_metric(seeded(12)))
    generation.settle(generation.effort.widths)
    branch = generation._branch(3, frozenset(), frozenset())
    assert branch is not None
    branch.exact, branch.proven_grains = exact, 10**12
    parts = generation._split(branch, 2 * 10**12)
    assert parts
    assert all(part.settled and part.bound_grains() == branch.bound_grains() for part in parts)
    assert {part.exact for part in parts} == {exact}


def test_a_number_of_jobs_that_no_known_route_reaches_is_reached_by_new_ones() -> None:
    problem = make_metric(seeded(12))
    generation = prepare(problem)
    most = max(len(solve_exactly(problem).routes[t]) for t in range(problem.n_tours))
    assert most > 1
    branch = generation._branch(most, frozenset(), frozenset())  # no route is known yet
    assert branch is not None
    assert branch.prices.value_grains <= problem.job_skip_grains.sum()


@pytest.mark.parametrize("after", range(1, 12))
@pytest.mark.parametrize("afresh", [False, True])
def test_a_linear_program_that_fails_is_begun_anew_and_else_nothing_is_proven(after: int, afresh: bool) -> None:
    problem = make_metric(seeded(12))
    generation = prepare(problem)
    solve = generation.master.solver.Solve
    calls = 0

    def fail(*anew: object) -> int:
        nonlocal calls
        calls += not anew
        return int(solve(*anew)) if calls < after or (anew and afresh) else pywraplp.Solver.ABNORMAL

    generation.master.solver = Mock(wraps=generation.master.solver, Solve=fail)
    proven, found = _improve(generation, int(problem.job_skip_grains.sum()) + 1)
    assert proven == (afresh or calls < after)
    if proven:
        assert _total(problem, found[-1]) == solve_exactly(problem).total_grains


@pytest.mark.parametrize("looks", range(12))
def test_when_the_time_ends_early_nothing_false_is_claimed(looks: int) -> None:
    problem = make_metric(seeded(5))
    optimum = solve_exactly(problem).total_grains
    generation = prepare(problem)
    looked = count()
    generation.allowance.left_s = lambda: 1.0 if next(looked) < looks else 0.0
    known = int(problem.job_skip_grains.sum()) + 1
    proven, found = _improve(generation, known)
    totals = [_total(problem, routes) for routes in found]
    assert all(optimum <= total < known for total in totals)
    assert not proven or totals[-1] == optimum
