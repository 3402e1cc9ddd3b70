"""Overtime."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dispatch.format.model import Weights
from dispatch.rules import overtime
from tests.builders import request
from tests.dispatch.rules.hands import day, prices, problem_of, seconds, visit

WORLD = request(weights=Weights(overtime_per_h=Decimal(72)))


@pytest.mark.parametrize(
    ("end", "told"), [("17:59:59", []), ("18:00", []), ("18:00:01", ["0.02"]), ("18:30", ["36.00"])]
)
def test_overtime_begins_with_the_first_second_past_the_shift(end: str, told: list[str]) -> None:
    assert prices(overtime, WORLD, day(visit("09:00", "10:00"), end=end)) == told


def test_the_search_gets_the_same_price() -> None:
    problem = problem_of(WORLD)
    assert (problem.overtime_grains_per_s, problem.tour_end_s.tolist()) == (36_000, [seconds("18:00")])
