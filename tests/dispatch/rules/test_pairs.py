"""Prices and bans for one engineer at one ticket."""

from __future__ import annotations

from decimal import Decimal

from dispatch.format.model import Pair
from dispatch.rules import pairs
from solver.problem import FORBIDDEN, GRAINS_PER_CENT
from tests.builders import engineer, request, ticket
from tests.dispatch.rules.hands import breaches, day, prices, problem_of, visit

CREW = [engineer("wang"), engineer("li"), engineer("zhao")]
TICKET = ticket(
    pairs=[
        Pair("wang", Decimal("1.25"), code="far"),
        Pair("wang", Decimal("0.01")),
        Pair("li", Decimal(7), forbid=True, code="quarrel"),
    ]
)


def test_prices_of_one_engineer_add_up_and_a_ban_forbids() -> None:
    world = request([TICKET], CREW)
    assert problem_of(world).fit_grains.tolist() == [[126 * GRAINS_PER_CENT, FORBIDDEN, 0]]
    assert prices(pairs, world, day(visit("09:00", "10:00"))) == ["1.25", "0.01"]
    assert breaches(pairs, world, day(visit("09:00", "10:00"), engineer="li")) == ["pairs.forbidden"]
    assert pairs.lines(world, day(visit("09:00", "10:00"), engineer="zhao")) == []


def test_the_sentence_carries_the_code_of_the_business() -> None:
    world = request([TICKET], CREW)
    (line,) = pairs.lines(world, day(visit("09:00", "10:00"), engineer="li"))
    assert line.text("zh") == "规则 quarrel 不许 li 上门 t1"
    assert line.text("en") == "rule quarrel keeps li from t1"
