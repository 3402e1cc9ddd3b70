"""Travel."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from dispatch.format.model import Weights
from dispatch.rules import travel
from tests.builders import request
from tests.dispatch.rules.hands import day, problem_of, visit

WORLD = request(weights=Weights(travel_per_h=Decimal("0.01"), travel_per_km=Decimal("0.01")))


def test_each_second_and_each_metre_counts_to_the_grain() -> None:
    legs = [
        replace(visit("09:00", "10:00"), travel_s=7, travel_m=11),
        replace(visit("11:00", "12:00", "t2"), travel_s=1),
    ]
    (line,) = travel.lines(WORLD, day(*legs))
    assert line.grains == 8 * 5 + 11 * 18
    problem = problem_of(WORLD)
    assert (problem.travel_grains_per_s, problem.travel_grains_per_m) == (5, 18)


def test_an_hour_costs_60_and_a_kilometre_1() -> None:
    (line,) = travel.lines(request(), day(replace(visit("09:00", "10:00"), travel_s=3600, travel_m=1450)))
    assert str(line.cny) == "61.45"
    assert line.text("zh") == "wang 路上 1 小时，1.4 公里"
