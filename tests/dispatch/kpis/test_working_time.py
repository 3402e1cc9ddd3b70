from __future__ import annotations

from dispatch.kpis import working_time
from tests.builders import plan, route, stop
from tests.dispatch.rules.hands import day, visit


def test_work_and_waiting_are_told_apart() -> None:
    waiting = stop("visit", "lake", "08:40", "09:00", "10:00", ticket="t1")
    assert working_time.measure(plan([route([waiting])]), None) == {"work_s": 3600, "wait_s": 1200}


def test_each_of_a_crew_works_by_himself() -> None:
    routes = [day(visit("09:00", "10:00"), engineer=name).routes[0] for name in ("wang", "li")]
    assert working_time.measure(plan(routes), None) == {"work_s": 7200, "wait_s": 0}
