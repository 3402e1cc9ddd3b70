from __future__ import annotations

from dispatch.kpis import engineers_used
from tests.builders import engineer, plan, request
from tests.dispatch.rules.hands import day, visit

ASKED = request(engineers=[engineer("wang"), engineer("li"), engineer("zhao")])
ROUTES = [
    day(visit("09:00", "10:00"), engineer=name, shift=shift).routes[0]
    for name, shift in (("wang", "mon"), ("wang", "tue"), ("li", "mon"))
]


def test_an_engineer_with_two_routes_is_one() -> None:
    assert engineers_used.measure(plan(ROUTES), ASKED) == {"engineers": 3, "engineers_used": 2}


def test_who_gets_no_route_is_not_used() -> None:
    assert engineers_used.measure(plan(), ASKED) == {"engineers": 3, "engineers_used": 0}


def test_without_the_request_the_engineers_are_those_that_the_plan_names() -> None:
    assert engineers_used.measure(plan(ROUTES), None) == {"engineers": 2, "engineers_used": 2}
