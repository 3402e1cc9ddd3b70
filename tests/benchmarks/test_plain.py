"""Plain requests as integers, and tours of them as plans."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from benchmarks.families import FAMILIES, make_plain
from benchmarks.plain import lower_plain, make_plan, price_tours_s
from dispatch.format.model import Request
from dispatch.format.read import read_plan, read_request
from dispatch.format.write import write_plan, write_request


@pytest.fixture
def request_() -> Request:
    return make_plain("tight", 10, 60, 1)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_plain_request_is_valid_in_the_planning_format(family: str) -> None:
    request = make_plain(family, 10, 60, 2)
    assert read_request(write_request(request)) == request


def test_seconds_are_metres_over_speed_rounded_up(request_: Request) -> None:
    plain = lower_plain(request_)
    metres = int(plain.travel_m[0, 11])
    assert metres > 0
    assert plain.travel_s[0, 11] == -(-metres * 36 // 280)
    assert plain.travel_s.diagonal().max() == 0


def test_a_place_is_as_far_as_the_great_circle_times_the_detour(request_: Request) -> None:
    north = replace(request_.locations[1], lat=request_.locations[0].lat + 0.1, lon=request_.locations[0].lon)
    request = replace(request_, locations=(request_.locations[0], north, *request_.locations[2:]))
    assert lower_plain(request).travel_m[0, 1] == round(11119.508 * 1.3)


def test_a_skip_cost_is_told_in_seconds_of_travel(request_: Request) -> None:
    assert [Decimal(skip_s) / 60 for skip_s in lower_plain(request_).skip_s] == [
        ticket.skip_cost for ticket in request_.tickets
    ]


def test_no_tours_cost_all_skips_and_no_travel(request_: Request) -> None:
    plain = lower_plain(request_)
    assert price_tours_s(plain, [[] for _ in range(10)]) == (sum(plain.skip_s), 0)


def test_a_tour_pays_the_way_out_between_and_home(request_: Request) -> None:
    plain = lower_plain(request_)
    home, first, second = plain.home_place[0], plain.place[3], plain.place[4]
    travel_s = plain.travel_s[home, first] + plain.travel_s[first, second] + plain.travel_s[second, plain.end_place[0]]
    assert price_tours_s(plain, [[3, 4], *[[]] * 9]) == (
        sum(plain.skip_s) - plain.skip_s[3] - plain.skip_s[4],
        travel_s,
    )


def test_a_plan_waits_for_the_window_and_adds_up(request_: Request) -> None:
    plain = lower_plain(request_)
    late = max(range(60), key=lambda row: plain.opens_s[row])
    plan = make_plan(request_, plain, [[late], *[[]] * 9], "test", 1.5)
    start, visit, end = plan.routes[0].stops
    assert start.leave == request_.engineers[0].shifts[0].start
    assert visit.begin == request_.tickets[late].windows[0][0] > visit.arrive
    assert visit.leave - visit.begin == timedelta(seconds=request_.tickets[late].duration_s)
    assert end.arrive == visit.leave + timedelta(seconds=end.travel_s)
    assert plan.objective.total == sum(plan.objective.terms.values())
    assert len(plan.skipped) == 59
    assert read_plan(write_plan(plan), request_) == plan


def test_a_request_that_says_more_is_refused(request_: Request) -> None:
    first = request_.tickets[0]
    for ticket in (replace(first, crew=2), replace(first, windows=first.windows * 2), replace(first, skip_cost=None)):
        with pytest.raises(ValueError, match="plain request"):
            lower_plain(replace(request_, tickets=(ticket, *request_.tickets[1:])))
