"""Certificates that lapse."""

from __future__ import annotations

import pytest

from dispatch.rules import skill_lapse
from solver.problem import FAR_S
from tests.builders import at, engineer, request, ticket
from tests.dispatch.rules.hands import breaches, day, problem_of, seconds, visit

CREW = [engineer(skills={"ac": 3, "gas": 3}, skills_until={"ac": at("12:00"), "gas": at("11:00")})]


@pytest.mark.parametrize(("leave", "is_fine"), [("11:59:59", True), ("12:00", True), ("12:00:01", False)])
def test_work_ends_by_the_lapse(leave: str, is_fine: bool) -> None:
    world = request([ticket(requires={"ac": 1})], CREW)
    assert breaches(skill_lapse, world, day(visit("09:00", leave))) == ([] if is_fine else ["skill_lapse.lapsed"])


def test_the_earliest_lapse_of_a_required_skill_bounds_the_search() -> None:
    tickets = [ticket("t1", requires={"ac": 1}), ticket("t2", requires={"ac": 1, "gas": 1}), ticket("t3")]
    assert problem_of(request(tickets, CREW)).finish_by_s.tolist() == [[seconds("12:00")], [seconds("11:00")], [FAR_S]]


def test_the_sentence_says_when_and_by_how_much() -> None:
    world = request([ticket(requires={"ac": 1})], CREW)
    (line,) = skill_lapse.lines(world, day(visit("11:00", "12:05")))
    assert line.text("zh") == "wang 的技能 ac 于 11-23 12:00 到期，早于完工 5 分钟"
