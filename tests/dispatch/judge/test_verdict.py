"""The judge as a whole: a small plan by hand, its price, and plans that nobody could make sense of."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from dispatch.format.model import Engineer, Plan, Request, Skipped
from dispatch.judge import judge
from tests.builders import PLACES, at, engineer, matrix, plan, request, route, shift, stop, ticket

WORLD = request(
    tickets=[ticket("leak", location="lake"), ticket("far", location="station", skip_cost=Decimal(70))],
    engineers=[engineer("wang")],
    travel=matrix([[0, 10, 20, None], [15, 0, 30, None], [20, 30, 0, None], [None, None, None, 0]]),
    now="08:00",
)
"""``home`` to ``lake`` takes 10 min and 5 km there, 15 min and 7.5 km back."""


def _day(begin: str = "08:10", leave: str = "09:10", reach: str = "09:25") -> Plan:
    """Serve the leak at the lake and leave the ticket at the station out.

    Travel is 25 min and 12.5 km: 25 + 12.5 = 37.50 CNY. Busy are 85 min: (85/60)² × 0.5 = 1.00347, so 1.0035 CNY and
    1.00 in the list. Together with the 70 CNY of the ticket left out that is 108.5035, so 108.50.
    """
    stops = [
        stop("start", "home", "08:00", "08:00", "08:00"),
        stop("visit", "lake", "08:10", begin, leave, ticket="leak", travel_s=600, travel_m=5000),
        stop("end", "home", reach, reach, reach, travel_s=900, travel_m=7500),
    ]
    terms = {"skipped": "70.00", "travel": "37.50", "balance": "1.00"}
    return plan([route(stops)], terms, skipped=(Skipped("far", "displaced"),))


def _codes(request_: Request, plan_: Plan) -> list[str]:
    return [violation.code for violation in judge(request_, plan_).violations]


def test_a_plan_worked_out_by_hand_is_legal_and_costs_what_it_says() -> None:
    verdict = judge(WORLD, _day())

    assert verdict.violations == ()
    assert verdict.legal
    assert verdict.terms["travel"] == Decimal("37.50")
    assert verdict.total == Decimal("108.50")


def test_waiting_before_work_is_legal() -> None:
    assert _codes(WORLD, _day("08:20", "09:20", "09:35")) == []


def test_work_before_arrival_is_not() -> None:
    # Its wait is −60 s, as the sums say, so that nothing else is wrong with it.
    assert _codes(WORLD, _day("08:09", "09:09", "09:24")) == ["timing"]


def test_a_route_of_nobody_is_one_violation_and_hides_the_price() -> None:
    day = _day()

    assert _codes(WORLD, replace(day, routes=(replace(day.routes[0], engineer="nobody"),))) == ["structure"]


def test_an_empty_plan_serves_nothing() -> None:
    assert _codes(WORLD, plan()) == ["served", "served"]


def test_a_plan_of_nothing_is_legal_where_there_is_nothing_to_do() -> None:
    nobody: list[Engineer] = []

    assert judge(request(tickets=[], engineers=nobody, locations=PLACES), plan()).legal


def test_the_judge_loads_no_kernel_and_no_solver() -> None:
    script = "import sys, dispatch.judge; print(sorted({'numba', 'numpy', 'ortools', 'solver'} & {*sys.modules}))"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_moments_that_cannot_be_written_are_told_all_the_same() -> None:
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    first = datetime(1, 1, 1, tzinfo=UTC)
    day = _day()
    for moment in (first, last):
        stops = [replace(each, arrive=moment, begin=moment, leave=moment) for each in day.routes[0].stops]
        verdict = judge(WORLD, replace(day, routes=(replace(day.routes[0], stops=tuple(stops)),)))
        assert "timing" in {violation.code for violation in verdict.violations}


def test_times_are_told_in_the_clock_of_now() -> None:
    world = replace(WORLD, engineers=(engineer("wang", [shift(end="09:00")]),))

    violation = judge(world, _day()).violations[0]

    assert violation.code == "shift_end"
    assert at("09:25").isoformat() in violation.text
    assert violation.path == "routes[0].stops[2].arrive"
