"""Levels above the minimum."""

from __future__ import annotations

import pytest

from dispatch.rules import overqualified
from solver.problem import FORBIDDEN, GRAINS_PER_CNY
from tests.builders import engineer, request, ticket
from tests.dispatch.rules.hands import day, prices, problem_of, visit


@pytest.mark.parametrize(("level", "told"), [(2, []), (3, ["5.00"]), (4, ["10.00"])])
def test_each_level_above_the_minimum_costs_five(level: int, told: list[str]) -> None:
    world = request([ticket(requires={"ac": 2})], [engineer(skills={"ac": level})])
    assert prices(overqualified, world, day(visit("09:00", "10:00"))) == told
    assert problem_of(world).fit_grains.tolist() == [[(level - 2) * 5 * GRAINS_PER_CNY]]


def test_skills_add_up_and_those_not_asked_for_do_not_count() -> None:
    world = request([ticket(requires={"ac": 1, "tv": 2})], [engineer(skills={"ac": 3, "tv": 3, "gas": 4})])
    assert prices(overqualified, world, day(visit("09:00", "10:00"))) == ["10.00", "5.00"]
    assert problem_of(world).fit_grains.tolist() == [[15 * GRAINS_PER_CNY]]


def test_a_level_below_the_minimum_is_no_credit() -> None:
    world = request([ticket(requires={"ac": 4, "tv": 1})], [engineer(skills={"ac": 3, "tv": 3})])
    assert problem_of(world).fit_grains.tolist() == [[FORBIDDEN]]
    assert prices(overqualified, world, day(visit("09:00", "10:00"))) == ["10.00"]
