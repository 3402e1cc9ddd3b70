"""Promised resolutions."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dispatch.format.model import Deadline
from dispatch.rules import resolution
from solver.problem import FAR_S
from tests.builders import at, request, ticket
from tests.dispatch.rules.hands import day, prices, problem_of, seconds, visit

WORLD = request([ticket(resolve=Deadline(at("10:00"), Decimal(50), Decimal(36))), ticket("t2")])


@pytest.mark.parametrize(
    ("leave", "told"),
    [("09:59:59", []), ("10:00", []), ("10:00:01", ["50.01"]), ("10:30", ["68.00"])],
)
def test_a_late_end_costs_from_the_first_second(leave: str, told: list[str]) -> None:
    assert prices(resolution, WORLD, day(visit("09:00", leave))) == told


def test_the_search_gets_the_same_price() -> None:
    problem = problem_of(WORLD)
    assert problem.resolve_by_s.tolist() == [seconds("10:00"), FAR_S]
    assert problem.resolve_once_grains.tolist() == [50 * 1_800_000, 0]
    assert problem.resolve_grains_per_s.tolist() == [18_000, 0]


def test_the_sentence_says_how_late() -> None:
    (line,) = resolution.lines(WORLD, day(visit("09:00", "10:01")))
    assert (line.text("zh"), line.text("en")) == ("t1 解决逾期 1 分钟", "t1 is resolved 1 min late")
