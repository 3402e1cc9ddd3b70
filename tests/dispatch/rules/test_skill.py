"""Skills and their levels."""

from __future__ import annotations

import pytest

from dispatch.rules import skill
from solver.problem import FORBIDDEN
from tests.builders import engineer, request, ticket
from tests.dispatch.rules.hands import breaches, day, problem_of, visit


@pytest.mark.parametrize(("level", "is_able"), [(1, False), (2, True), (3, True), (None, False)])
def test_the_level_must_reach_the_minimum(level: int | None, is_able: bool) -> None:
    skills = {"gas": 4} if level is None else {"ac": level, "gas": 4}
    world = request([ticket(requires={"ac": 2})], [engineer(skills=skills)])
    assert breaches(skill, world, day(visit("09:00", "10:00"))) == ([] if is_able else ["skill.missing"])
    assert (int(problem_of(world).fit_grains[0, 0]) != FORBIDDEN) is is_able


def test_all_required_skills_count_and_each_missing_one_is_told() -> None:
    world = request([ticket(requires={"ac": 4, "tv": 1})], [engineer(skills={"ac": 3})])
    told = skill.lines(world, day(visit("09:00", "10:00")))
    assert [line.text("zh") for line in told] == [
        "wang 缺少技能：ac 4 级（现 3 级）",
        "wang 缺少技能：tv 1 级（现 0 级）",
    ]
    assert told[0].text("en") == "wang lacks a skill: ac level 4 (has 3)"


def test_a_ticket_that_asks_for_nothing_fits_everybody() -> None:
    world = request([ticket()], [engineer(skills={})])
    assert breaches(skill, world, day(visit("09:00", "10:00"))) == []
    assert problem_of(world).fit_grains.tolist() == [[0]]
