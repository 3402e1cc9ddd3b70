"""Promised arrivals."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dispatch.format.model import Deadline
from dispatch.rules import arrival
from solver.problem import FAR_S
from tests.builders import at, request, ticket
from tests.dispatch.rules.hands import day, prices, problem_of, seconds, visit

WORLD = request([ticket(arrive=Deadline(at("10:00"), Decimal(50), Decimal(36))), ticket("t2")])


@pytest.mark.parametrize(
    ("begin", "told"),
    [("09:59:59", []), ("10:00", []), ("10:00:01", ["50.01"]), ("10:30", ["68.00"])],
)
def test_a_late_begin_costs_from_the_first_second(begin: str, told: list[str]) -> None:
    assert prices(arrival, WORLD, day(visit(begin, "11:00"))) == told


def test_the_search_gets_the_same_price() -> None:
    problem = problem_of(WORLD)
    assert problem.arrive_by_s.tolist() == [seconds("10:00"), FAR_S]
    assert problem.arrive_once_grains.tolist() == [50 * 1_800_000, 0]
    assert problem.arrive_grains_per_s.tolist() == [18_000, 0]  # 36 CNY an hour is a cent a second


def test_the_sentence_says_how_late() -> None:
    (line,) = arrival.lines(WORLD, day(visit("11:05", "12:00")))
    assert (line.text("zh"), line.text("en")) == ("t1 上门迟到 1 小时 5 分钟", "t1 is begun 1 h 5 min late")
