"""Prices of changing the plan in force, in the search and in the ledger."""

# ruff: noqa: ANN401 - a builder passes on whatever a test names

from __future__ import annotations

from typing import Any

import pytest

from dispatch.format.model import Plan, Previous, PreviousVisit, Request, Skipped
from dispatch.judge import judge
from dispatch.planning.lower import lower
from dispatch.planning.read_back import grains_by_term
from dispatch.rules import change
from solver.problem import FAR_S, FORBIDDEN, GRAINS_PER_CNY, Change
from tests.builders import at, between, engineer, plan, request, route, stop


def _was(who: str = "wang", start: str = "10:00", state: str = "planned", **more: Any) -> PreviousVisit:
    return PreviousVisit("t1", who, "mon", at(start), state, **more)


def _world(*visits: PreviousVisit, **more: Any) -> Request:
    people = [engineer("wang"), engineer("li")]
    return request(engineers=people, previous=Previous(visits=visits, **more))


def _visited(begin: str, who: str = "wang") -> Plan:
    there = stop("visit", "lake", "08:00", begin, begin, ticket="t1")
    ends = [stop(kind, "home", "08:00", "08:00", "08:00") for kind in ("start", "end")]
    return plan([route([ends[0], there, ends[1]], who)])


def _change_of(world: Request) -> Change:
    found = lower(world).problem.change
    assert found is not None
    return found


@pytest.mark.parametrize(("state", "factor"), [("planned", 1), ("told", 3), ("travelling", 0)])
def test_another_engineer_costs_once_when_planned_three_times_when_told_and_never_on_the_way(
    state: str, factor: int
) -> None:
    world = _world(_was(state=state))
    told = [line.grains for line in change.lines(world, _visited("10:00", "li"))]
    assert sum(told) == factor * 80 * GRAINS_PER_CNY
    found = _change_of(world)
    assert found.home_worker.tolist() == [0]
    assert found.away_grains.tolist() == [FORBIDDEN if state == "travelling" else factor * 80 * GRAINS_PER_CNY]


@pytest.mark.parametrize(
    ("begin", "outside_s"), [("09:49:59", 1), ("09:50", 0), ("10:10", 0), ("10:10:01", 1), ("11:10", 3600)]
)
def test_a_start_costs_from_the_first_second_outside_ten_minutes_on_either_side(begin: str, outside_s: int) -> None:
    told = change.lines(_world(_was()), _visited(begin))
    assert sum(line.grains for line in told) == outside_s * 30 * GRAINS_PER_CNY // 3600


def test_what_was_promised_is_the_tolerance_instead() -> None:
    world = _world(_was(promised=between("10:00", "12:00"), state="told"))
    assert change.lines(world, _visited("12:00")) == []
    assert sum(line.grains for line in change.lines(world, _visited("09:00"))) == 3 * 30 * GRAINS_PER_CNY
    found = _change_of(world)
    assert (found.from_s.tolist(), found.to_s.tolist()) == ([3 * 3600], [5 * 3600])
    assert (found.calm_from_s.tolist(), found.calm_to_s.tolist()) == ([3 * 3600 - 1800], [3 * 3600 + 1800])


def test_leaving_a_visit_out_costs_as_judged() -> None:
    world = _world(_was(state="told"))
    left = judge(world, plan([], skipped=(Skipped("t1", "displaced"),)))
    assert left.terms["change"] == 600
    assert grains_by_term(world, plan([], skipped=(Skipped("t1", "displaced"),)))["change"] == 600 * GRAINS_PER_CNY
    assert lower(world).problem.job_skip_grains.tolist() == [(500 + 600) * GRAINS_PER_CNY]


def test_whose_engineer_is_gone_pays_as_any_move_and_is_held_by_nothing() -> None:
    found = _change_of(_world(_was("ill", pin="start")))
    assert found.home_worker.tolist() == [-1]
    assert found.away_grains.tolist() == [80 * GRAINS_PER_CNY]


def test_a_visit_is_counted_only_where_there_is_a_budget() -> None:
    assert not _change_of(_world(_was())).counted.any()
    found = _change_of(_world(_was(), max_changes=2))
    assert found.counted.tolist() == [True]
    assert found.budget == 2
    assert _change_of(_world(_was())).budget == FAR_S


def test_a_cancelled_visit_says_nothing() -> None:
    world = _world(PreviousVisit("gone", "wang", "mon", at("10:00"), "told", "start"))
    assert lower(world).problem.change is None
    assert change.lines(world, _visited("10:00")) == []


def test_the_sentences_name_who_came_before_and_how_far_the_start_lies() -> None:
    told = change.lines(_world(_was()), _visited("11:10", "li"))
    assert [line.text("zh") for line in told] == ["t1 由 wang 改派给 li", "t1 的上门时间超出约定范围 1 小时"]
    assert [line.text("en") for line in told] == [
        "t1 is given to li instead of wang",
        "t1 begins 1 h outside what was planned or promised",
    ]
