"""The price of using a shift."""

from __future__ import annotations

from decimal import Decimal

from dispatch.format.model import Weights
from dispatch.rules import use_shift
from tests.builders import plan, request
from tests.dispatch.rules.hands import day, prices, problem_of, visit

WORLD = request(weights=Weights(use_shift=Decimal("99.90")))


def test_a_used_shift_costs_once_and_an_unused_one_nothing() -> None:
    assert prices(use_shift, WORLD, day(visit("09:00", "10:00"), visit("11:00", "12:00", "t2"))) == ["99.90"]
    assert prices(use_shift, WORLD, plan()) == []
    assert problem_of(WORLD).use_grains == 9990 * 18_000


def test_where_use_is_free_nothing_is_told() -> None:
    assert use_shift.lines(request(), day(visit("09:00", "10:00"))) == []
