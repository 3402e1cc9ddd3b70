"""The bound in a plan: below every legal plan's total in the judge's eyes, written to the cent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.example import list_rich_features, make_rich
from dispatch.format.model import Request
from dispatch.format.read import read_plan
from dispatch.format.write import write_plan
from dispatch.judge import judge
from dispatch.planning import Stop, solve
from dispatch.planning.lower import lower
from dispatch.planning.proof import gap_of
from dispatch.planning.read_back import grains_by_term
from solver import bound
from solver.problem import Solution
from tests.builders import engineer, request, ticket
from tests.dispatch.planning.worlds import make_world, seeded

FEW = Stop(iterations=200)


@settings(max_examples=40)
@given(st.randoms(use_true_random=False).map(make_world))
def test_the_judge_finds_no_plan_below_the_bound(world: Request) -> None:
    proven = solve(world, stop=FEW, threads=1, bound_s=60)
    assert proven.solver.bound is not None
    others = [solve(world, stop=Stop(iterations=count), threads=1, seed=count) for count in (0, 5, 1_000)]
    for plan in (proven, *others):
        if plan.status == "ok" or proven.status != "ok":
            assert proven.solver.bound <= judge(world, plan).total


def test_the_judge_accepts_a_plan_with_its_bound_and_it_reads_back_the_same() -> None:
    costs = [Decimal(200), Decimal(300)]
    day = request([ticket(f"t{row}", skip_cost=cost) for row, cost in enumerate(costs)], [engineer()])
    plan = solve(day, stop=FEW, threads=1, bound_s=30)
    assert plan.solver.bound == plan.objective.total
    assert plan.solver.gap == 0
    assert judge(day, plan).legal
    assert read_plan(write_plan(plan), day) == plan


def test_without_the_wish_nothing_is_told_of_bounds() -> None:
    plan = solve(seeded(1), stop=FEW, threads=1)
    assert (plan.solver.bound, plan.solver.gap) == (None, None)


def test_the_bound_is_rounded_down_to_the_cent_and_the_gap_up() -> None:
    for seed in range(5):
        plan = solve(seeded(seed), stop=FEW, threads=1, bound_s=0)
        bound, gap, total = plan.solver.bound, plan.solver.gap, plan.objective.total
        assert bound is not None
        assert gap is not None
        assert 0 <= bound <= total
        assert bound == bound.quantize(Decimal("0.01"))
        assert gap * total >= total - bound
        assert gap == gap_of(total, bound)


@pytest.mark.parametrize("seed", [1, 3])
def test_parts_crews_and_order_make_no_bound_too_high(seed: int) -> None:
    day = make_rich(3, 8, 1, seed, list_rich_features(seed))
    lowered = lower(day)
    problem = lowered.problem
    tickets = tuple(range(problem.n_tickets))
    nothing = Solution(((),) * problem.n_tours, tickets, 10**15, 0)
    proven = bound.prove(problem, nothing, 5.0)
    assert proven.grains > 0
    for iterations in (0, 300, 3_000):
        plan = solve(day, stop=Stop(iterations=iterations), threads=1, bound_s=0.5)
        verdict = judge(day, plan)
        assert verdict.legal
        assert plan.solver.bound is not None
        assert plan.solver.bound <= verdict.total
        if plan.status == "ok":
            assert proven.grains <= sum(grains_by_term(day, plan).values())
