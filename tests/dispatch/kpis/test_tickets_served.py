from __future__ import annotations

from dispatch.format.model import Skipped
from dispatch.kpis import tickets_served
from tests.builders import plan, request, route, stop, ticket
from tests.dispatch.rules.hands import day, left_out, visit

ASKED = request([ticket(name) for name in ("t1", "t2", "t3")])


def test_served_and_skipped_tickets_are_counted_beside_all() -> None:
    made = plan(
        day(visit("09:00", "10:00", "t1")).routes, skipped=(Skipped("t2", "not_found"), Skipped("t3", "not_found"))
    )
    assert tickets_served.measure(made, ASKED) == {"tickets": 3, "served": 1, "skipped": 2}


def test_a_crew_serves_one_ticket() -> None:
    routes = [day(visit("09:00", "10:00"), engineer=name).routes[0] for name in ("wang", "li")]
    assert tickets_served.measure(plan(routes), ASKED)["served"] == 1


def test_a_pick_up_and_a_break_serve_nobody() -> None:
    stops = [stop(kind, "lake", "09:00", "09:00", "10:00", ticket=None) for kind in ("pickup", "break")]
    assert tickets_served.measure(plan([route(stops)]), ASKED)["served"] == 0


def test_without_the_request_the_tickets_are_those_that_the_plan_names() -> None:
    made = plan(day(visit("09:00", "10:00", "t1")).routes, skipped=left_out("t3").skipped)
    assert tickets_served.measure(made, None) == {"tickets": 2, "served": 1, "skipped": 1}
