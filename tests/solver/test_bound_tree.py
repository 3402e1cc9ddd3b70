"""The tree of bounds, stopped anywhere, cut short anywhere: what it says is true."""

from __future__ import annotations

import math
from itertools import count
from unittest.mock import Mock

import numpy as np
import pytest
from ortools.linear_solver import pywraplp

from solver.arrays import pack
from solver.bound_tree import Tree
from solver.exact import solve_exactly
from solver.generation import Effort
from solver.pricing import Case
from solver.problem import OPEN, Problem
from tests.solver.test_columns import UNIT, make_metric
from tests.solver.worlds import Job, Prices, Tour, line, make_problem, seeded

pytestmark = pytest.mark.compiled

WIDE = Effort(widths=(30, 60_000), records=40_000)
NARROW = Effort(widths=(2, 3), records=60)


def make_tree(problem: Problem, known: int, effort: Effort = WIDE) -> Tree:
    """Prepare the tree of a problem without balance."""
    nothing = np.zeros(problem.n_tours, np.int64)
    case = Case(problem, pack(problem), problem.job_skip_grains, 10.0 * UNIT, nothing)
    return Tree(case, known, lambda low: low, lambda: math.inf, effort=effort)


@pytest.mark.parametrize("effort", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("seed", range(20))
def test_lists_cut_short_bound_less_and_never_falsely(seed: int, effort: Effort) -> None:
    problem = make_metric(seeded(seed))
    best = solve_exactly(problem).total_grains
    tree = make_tree(problem, best + UNIT, effort)
    tree.climb()
    assert tree.bound_grains() <= best
    if effort is WIDE:
        assert best - tree.bound_grains() <= 10_000  # what prices a little below 0 may hide


@pytest.mark.parametrize("looks", range(0, 60, 3))
def test_whenever_time_ends_the_bound_is_true(looks: int) -> None:
    problem = make_metric(seeded(5))
    best = solve_exactly(problem).total_grains
    tree = make_tree(problem, best + UNIT)
    looked = count()
    tree.allowance.left_s = lambda: 1.0 if next(looked) < looks else 0.0
    tree.climb()
    assert tree.bound_grains() <= best


def test_the_bound_only_rises_from_look_to_look(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = make_metric(seeded(12))
    tree = make_tree(problem, solve_exactly(problem).total_grains)
    seen: list[int] = []
    settle = tree.settle
    monkeypatch.setattr(tree, "settle", lambda *all_of_it: (seen.append(tree.bound_grains()), settle(*all_of_it))[1])
    tree.climb()
    assert seen == sorted(seen)
    assert tree.bound_grains() >= seen[-1]


@pytest.mark.parametrize("after", range(1, 12))
def test_a_linear_program_that_fails_costs_the_bound_what_it_would_have_told(after: int) -> None:
    problem = make_metric(seeded(12))
    best = solve_exactly(problem).total_grains
    tree = make_tree(problem, best + UNIT)
    solve, calls = tree.master.solver.Solve, count()
    tree.master.solver = Mock(
        wraps=tree.master.solver,
        Solve=lambda *way: solve(*way) if next(calls) < after else pywraplp.Solver.ABNORMAL,
    )
    tree.climb()
    assert tree.bound_grains() <= best


@pytest.mark.parametrize("seed", [5, 12, 32])
def test_where_a_choice_takes_too_long_the_branch_is_split(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = make_metric(seeded(seed))
    best = solve_exactly(problem).total_grains
    monkeypatch.setattr("solver.bound_tree.CHOICE_WORK", 5)
    tree = make_tree(problem, best + UNIT)
    tree.climb()
    assert tree.bound_grains() <= best


def test_a_job_that_costs_more_than_it_brings_may_be_on_a_shorter_way() -> None:
    # past job 0, whose service takes no time, the way to job 1 is a tenth of the straight one
    legs = line(0, 5, 10)
    legs.leg_s[0, 0, 2] = legs.leg_s[0, 2, 0] = 300
    problem = make_problem(
        [Job(1, (0,), skip=0), Job(2, (10,), skip=10**9)],
        [Tour(end_s=60, end_place=OPEN)],
        legs=legs,
        prices=Prices(travel_s=UNIT),
    )
    best = solve_exactly(problem)
    assert best.routes == ((0, 1),)
    tree = make_tree(problem, best.total_grains + UNIT)
    tree.climb()
    assert tree.bound_grains() == best.total_grains


@pytest.mark.parametrize("seed", range(10))
def test_with_more_jobs_than_a_set_holds_each_tour_counts_its_own(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("pricing", "bound_tree"):
        monkeypatch.setattr(f"solver.{module}.JOBS_MAX", 4)
    problem = make_metric(seeded(seed))
    best = solve_exactly(problem).total_grains
    tree = make_tree(problem, best + UNIT)
    tree.climb()
    assert 0 < tree.bound_grains() <= best
