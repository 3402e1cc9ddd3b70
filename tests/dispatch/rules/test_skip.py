"""Leaving tickets out."""

from __future__ import annotations

from decimal import Decimal

from dispatch.rules import skip
from tests.builders import request, ticket
from tests.dispatch.rules.hands import breaches, left_out, prices, problem_of

WORLD = request(
    [ticket("t1", skip_cost=Decimal("12.30")), ticket("t2", skip_cost=None), ticket("t3", skip_cost=Decimal(0))]
)


def test_leaving_out_has_its_price_and_what_must_be_served_is_a_breach() -> None:
    made = left_out("t1", "t2", "t3")
    assert prices(skip, WORLD, made) == ["12.30", "0.00", "0.00"]
    assert breaches(skip, WORLD, made) == ["skip.mandatory"]
    assert skip.lines(WORLD, made)[1].text("zh") == "t2 必须上门而未排入"


def test_a_ticket_that_is_served_or_unknown_has_no_line() -> None:
    assert skip.lines(WORLD, left_out()) == []
    assert skip.lines(WORLD, left_out("nobody knows")) == []


def test_the_search_gets_the_same_price() -> None:
    problem = problem_of(WORLD)
    assert problem.job_skip_grains.tolist() == [1230 * 18_000, 0, 0]
    assert problem.job_mandatory.tolist() == [False, True, False]
