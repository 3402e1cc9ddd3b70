from __future__ import annotations

from dispatch.kpis import travel
from tests.builders import plan, route
from tests.dispatch.rules.hands import day, visit


def test_the_legs_of_all_routes_are_added_up_with_the_way_home() -> None:
    there = day(visit("09:00", "10:00", travel_s=600), visit("11:00", "12:00", travel_s=300), home_s=900)
    assert travel.measure(there, None)["travel_s"] == 1800
    twice = plan([*there.routes, *day(visit("09:00", "10:00", travel_s=60), engineer="li").routes])
    assert travel.measure(twice, None)["travel_s"] == 1860


def test_metres_are_added_up_over_routes() -> None:
    routes = [route([], travel_m=metres) for metres in (4_000, 9_500)]
    assert travel.measure(plan(routes), None) == {"travel_s": 0, "travel_m": 13_500}


def test_a_plan_without_routes_travels_nowhere() -> None:
    assert travel.measure(plan(), None) == {"travel_s": 0, "travel_m": 0}
