"""A route's own figures: they are the sums over its stops, to the second and to the metre."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders import at, engineer, shift, ticket
from tests.dispatch.judge.court import Case, town
from tests.dispatch.judge.writer import drive, visit, write

WORLD = town([ticket("t1"), ticket("t2")], [engineer("wang", [shift(end="09:00", overtime_s=36_000)])])
PLAN = write(WORLD, [drive("wang", [visit("t1", begin=at("08:15")), visit("t2")])])


def test_the_plain_plan_waits_works_travels_and_runs_late() -> None:
    (route,) = PLAN.routes
    assert (route.travel_s, route.travel_m, route.work_s) == (1200, 10_000, 7200)
    assert (route.wait_s, route.overtime_s) == (300, 5100)
    Case("", WORLD, PLAN).check()


@pytest.mark.parametrize("key", ["travel_s", "travel_m", "work_s", "wait_s", "overtime_s"])
@pytest.mark.parametrize("wrong", [-1, 1])
def test_sums_are_right_to_the_unit(key: str, wrong: int) -> None:
    (route,) = PLAN.routes
    changed = replace(PLAN, routes=(replace(route, **{key: getattr(route, key) + wrong}),))
    Case("", WORLD, changed, ("sums",)).check()
