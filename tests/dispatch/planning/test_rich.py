"""Rich requests of all sizes, from document to document: every plan is legal, and its total is the judge's."""

from __future__ import annotations

import pytest

from dispatch.example import make_rich
from dispatch.format.model import Plan, Request
from dispatch.format.read import read_plan, read_request
from dispatch.format.write import write_plan, write_request
from dispatch.judge import judge
from dispatch.planning import Stop, solve

SIZES = ((4, 20), (6, 36), (10, 60))


def planned(engineers: int, tickets: int, days: int, seed: int, stop: Stop, threads: int = 1) -> tuple[Request, Plan]:
    """Plan a rich request as the command does, and have the plan's document judged."""
    world = read_request(write_request(make_rich(engineers, tickets, days, seed)))
    plan = read_plan(write_plan(solve(world, stop=stop, threads=threads, seed=seed)), world)
    verdict = judge(world, plan)
    assert verdict.violations == ()
    assert dict(verdict.terms) == dict(plan.objective.terms)
    assert verdict.total == plan.objective.total
    return world, plan


@pytest.mark.parametrize("seed", range(18))
def test_a_small_rich_request_is_planned_legally_at_the_judge_s_total(seed: int) -> None:
    world, plan = planned(*SIZES[seed % 3], 1 + seed // 3 % 2, 500 + seed, Stop(iterations=400))
    assert len(plan.skipped) < len(world.tickets)
    assert (world.previous is None) == (seed % 2 == 1)


@pytest.mark.slow
@pytest.mark.parametrize(("engineers", "tickets", "days", "seed"), [(30, 240, 2, 518), (100, 800, 1, 520)])
def test_a_large_rich_request_is_planned_legally_at_the_judge_s_total(
    engineers: int, tickets: int, days: int, seed: int
) -> None:
    world, plan = planned(engineers, tickets, days, seed, Stop(seconds=4), threads=2)
    assert len(plan.skipped) < len(world.tickets) / 2
    assert world.previous is not None
