"""Visits and travel of a shift, and busy time over the whole plan: reached is fine, passed is not."""

# ruff: noqa: ANN401 - a case passes on whatever a test names

from __future__ import annotations

from typing import Any

from dispatch.format.model import Depot
from tests.builders import at, between, engineer, shift, ticket
from tests.dispatch.judge.court import Case, each, town
from tests.dispatch.judge.writer import drive, pickup, visit, write

TICKETS = [ticket("t1"), ticket("t2", location="station")]
DEPOT = Depot("store", "hills", (between("00:00", "23:59", day=1),), handling_s=300)


def _case(name: str, codes: tuple[str, ...] = (), busy_s: int | None = None, **limits: Any) -> Case:
    """Visit lake and station: 10 + 15 + 20 minutes of travel and 2 hours of work make 165 minutes."""
    world = town(TICKETS, [engineer("wang", [shift(**limits)], max_busy_s=busy_s)])
    return Case(name, world, write(world, [drive("wang", [visit("t1"), visit("t2")])]), codes)


@each(
    _case("2 of 3 visits", max_visits=3),
    _case("2 of 2 visits", max_visits=2),
    _case("2 of 1 visits", ("visits_limit",), max_visits=1),
    _case("a second to spare", max_travel_s=45 * 60 + 1),
    _case("all the travel", max_travel_s=45 * 60),
    _case("a second of travel too much", ("travel_limit",), max_travel_s=45 * 60 - 1),
    _case("busy with a second to spare", busy_s=165 * 60 + 1),
    _case("as busy as may be", busy_s=165 * 60),
    _case("a second too busy", ("busy_limit",), busy_s=165 * 60 - 1),
)
def test_limits_may_be_reached_but_not_passed(case: Case) -> None:
    case.check()


def _both_days(busy_s: int, *codes: str) -> Case:
    """Serve the lake on Monday, the station and the store on Tuesday, where it waits for an hour.

    Busy are 10 + 60 + 10 minutes, then 20 + 60 + 25 + 5 + 30: 220 minutes in all.
    """
    shifts = [shift(end="12:00"), shift("tue", day=1)]
    world = town(TICKETS, [engineer("wang", shifts, max_busy_s=busy_s)], depots=(DEPOT,))
    tuesday = [visit("t2", begin=at("09:20", day=1)), pickup("store")]
    told = [drive("wang", [visit("t1")]), drive("wang", tuesday, "tue")]
    return Case(f"{busy_s} s", world, write(world, told), codes)


@each(_both_days(220 * 60), _both_days(220 * 60 - 1, "busy_limit"))
def test_busy_time_counts_all_shifts_and_pick_ups_but_no_waiting(case: Case) -> None:
    case.check()
