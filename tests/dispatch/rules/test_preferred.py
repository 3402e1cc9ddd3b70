"""Preferred engineers."""

from __future__ import annotations

from dispatch.rules import preferred
from solver.problem import GRAINS_PER_CNY
from tests.builders import engineer, request, ticket
from tests.dispatch.rules.hands import day, prices, problem_of, visit

CREW = [engineer("wang"), engineer("li"), engineer("zhao")]


def test_somebody_who_is_not_preferred_costs_forty() -> None:
    world = request([ticket(prefer=["li", "zhao"])], CREW)
    assert problem_of(world).fit_grains.tolist() == [[40 * GRAINS_PER_CNY, 0, 0]]
    assert prices(preferred, world, day(visit("09:00", "10:00"))) == ["40.00"]
    assert prices(preferred, world, day(visit("09:00", "10:00"), engineer="zhao")) == []


def test_a_ticket_without_preferences_has_no_price() -> None:
    world = request([ticket("t1"), ticket("t2", prefer=["li"])], CREW)
    assert problem_of(world).fit_grains[0].tolist() == [0, 0, 0]
    assert prices(preferred, world, day(visit("09:00", "10:00"))) == []
