"""Legs: tables and straight lines, slow engineers, peaks, and what is forgiven."""

# ruff: noqa: ANN401 - a case passes on whatever a test names

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, time
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from dispatch.format.model import GreatCircle, Location, Peak, Request
from dispatch.judge.travel import Travel
from dispatch.judge.world import World, seconds
from tests.builders import at, engineer, request, shift, ticket
from tests.dispatch.judge.court import MINUTES, Case, each, town
from tests.dispatch.judge.writer import Step, drive, leg, visit, write

LEG_S = 600
LEG_M = 5000


def _stated(step: Step, name: str, *codes: str, world: Request | None = None) -> Case:
    world = world or town()
    return Case(name, world, write(world, [drive("wang", [step])]), codes)


@each(
    _stated(visit("t1", travel_s=LEG_S - 2), "two seconds less", "travel"),
    _stated(visit("t1", travel_s=LEG_S - 1), "a second less"),
    _stated(visit("t1", travel_s=LEG_S), "exactly"),
    _stated(visit("t1", travel_s=LEG_S + 1), "a second more"),
    _stated(visit("t1", travel_s=LEG_S + 2), "two seconds more", "travel"),
    _stated(visit("t1", travel_m=LEG_M - 2), "two metres less", "travel"),
    _stated(visit("t1", travel_m=LEG_M - 1), "a metre less"),
    _stated(visit("t1", travel_m=LEG_M + 1), "a metre more"),
    _stated(visit("t1", travel_m=LEG_M + 2), "two metres more", "travel"),
)
def test_a_second_and_a_metre_are_forgiven_on_a_leg(case: Case) -> None:
    case.check()


def test_the_start_has_no_leg_to_forgive() -> None:
    world = town()
    for key in ("travel_s", "travel_m"):
        (route,) = write(world, [drive("wang", [visit("t1")])]).routes
        start = replace(route.stops[0], **{key: 1})
        wrong = replace(route, stops=(start, *route.stops[1:]), **{key: getattr(route, key) + 1})
        plan = write(world, [drive("wang", [visit("t1")])])
        Case(key, world, replace(plan, routes=(wrong,)), ("travel",)).check()


NO_WAY = [
    [None if (row, column) == (0, 1) else cell for column, cell in enumerate(cells)]
    for row, cells in enumerate(MINUTES)
]
NO_TIME_AT_HOME = [
    [7 if row == column else cell for column, cell in enumerate(cells)] for row, cells in enumerate(MINUTES)
]


def test_where_there_is_no_way_there_is_no_leg() -> None:
    _stated(visit("t1", travel_s=600, travel_m=5000), "", "travel", world=town(minutes=NO_WAY)).check()


def test_within_one_location_a_leg_is_nothing_whatever_the_table_says() -> None:
    world = town([ticket("t1"), ticket("t2")], minutes=NO_TIME_AT_HOME)
    Case("", world, write(world, [drive("wang", [visit("t1"), visit("t2")])])).check()


def test_the_way_back_may_take_longer() -> None:
    minutes = [[0, 10, 20, 30], [25, 0, 15, 20], *MINUTES[2:]]
    world = town(minutes=minutes)
    plan = write(world, [drive("wang", [visit("t1")])])
    assert plan.routes[0].travel_s == 35 * 60
    Case("", world, plan).check()


@pytest.mark.parametrize(("factor", "leg_s"), [("1", 600), ("1.5", 900), ("1.111", 667), ("0.333", 200)])
def test_a_slow_engineer_needs_longer(factor: str, leg_s: int) -> None:
    # 600 × 1.111 = 666.6, rounded up; 600 × 0.333 = 199.8
    world = town([ticket("t1")], [engineer(speed_factor=Decimal(factor))])
    assert Travel(World(world)).leg_s("home", "lake", Decimal(factor), seconds(at("08:00"))) == leg_s
    Case("", world, write(world, [drive("wang", [visit("t1")])])).check()
    for wrong in (leg_s - 2, leg_s + 2):
        Case("", world, write(world, [drive("wang", [visit("t1", travel_s=wrong)])]), ("travel",)).check()


# -- straight lines -----------------------------------------------------------------------------------------------

EQUATOR = (
    Location("home", 0.0, 0.0),
    Location("lake", 0.0, 0.1),
    Location("pole", 90.0, 0.0),
    Location("antipode", 0.0, 180.0),
)


def _straight(speed_kmh: str = "30", detour: str = "1.3", **more: Any) -> Request:
    return request([ticket("t1")], locations=EQUATOR, travel=GreatCircle(Decimal(detour), Decimal(speed_kmh)), **more)


def test_straight_lines_follow_the_earth() -> None:
    """A tenth of a degree on the equator is 6 371 008.8 × π ÷ 1 800 = 11 119.508 m; × 1.3 = 14 455.36 m.

    14 455 m at 30 km/h: 14 455 × 3.6 ÷ 30 = 1734.6, so 1735 s. To the pole it is a quarter of the way round.
    """
    travel = Travel(World(_straight()))
    assert travel.metres("home", "lake") == 14455
    assert travel.leg_s("home", "lake", Decimal(1), 0) == 1735
    assert travel.metres("home", "pole") == round(6371008.8 * 3.141592653589793 / 2 * 1.3)
    assert travel.metres("home", "antipode") == round(6371008.8 * 3.141592653589793 * 1.3)
    world = _straight()
    Case("", world, write(world, [drive("wang", [visit("t1")])])).check()


def test_seconds_from_whole_and_from_unrounded_metres_are_both_right() -> None:
    """At 1 km/h and with a speed factor of 4 a metre takes 14.4 s.

    14 455 × 14.4 = 208 152 s, and 14 455.3604 × 14.4 = 208 157.19, so 208 158 s.
    """
    worker = engineer("wang", [shift(overtime_s=10**6)], speed_factor=Decimal(4))
    world = _straight("1", engineers=[worker])
    for travel_s, codes in [
        (208150, ("travel",)),
        (208151, ()),
        (208152, ()),
        (208158, ()),
        (208159, ()),
        (208160, ("travel",)),
    ]:
        Case("", world, write(world, [drive("wang", [visit("t1", travel_s=travel_s)])]), codes).check()


# -- peaks --------------------------------------------------------------------------------------------------------

RUSH = Peak(time(8, 5), time(8, 20), Decimal("1.5"))
NIGHT = Peak(time(23, 0), time(1, 0), Decimal(2), (7,))
"""The night from Sunday to Monday."""


@pytest.mark.parametrize(
    ("leave", "day", "leg_s"),
    [
        ("07:00", 0, 600),  # over before it begins
        ("07:55", 0, 600),  # arrives as it begins
        ("07:56", 0, 630),  # nine minutes free, one minute in the peak: 90 s
        ("08:00", 0, 750),  # five free, five in the peak: 450 s
        ("08:05", 0, 900),  # all of it inside, from its first second to its last
        ("08:10", 0, 800),  # ten minutes of peak are 400 s of way, 200 s are left
        ("08:20", 0, 600),  # its end is outside
        ("23:30", -1, 1200),  # Sunday night
        ("00:30", 0, 1200),  # Monday, still Sunday's peak
        ("00:55", 0, 750),  # five minutes of it: 150 s of way, 450 s are left: 300 + 450
        ("23:30", 0, 600),  # Monday night has none
        ("00:30", -1, 600),  # nor Saturday night
    ],
)
def test_a_journey_is_slow_only_inside_a_peak(leave: str, day: int, leg_s: int) -> None:
    world = town(peaks=[RUSH, NIGHT])
    leave_s = seconds(at(leave, day))
    assert Travel(World(world)).leg_s("home", "lake", Decimal(1), leave_s) == leg_s
    assert leg(world, "home", "lake", engineer(), at(leave, day))[0] == leg_s


def test_an_arrival_through_a_peak_is_rounded_up_once() -> None:
    # 601 s from 08:05: 601 × 1.5 = 901.5 s, of which 900 s are the peak's: 1 s of way is left, so 901.
    travel = Travel(World(town(peaks=[RUSH])))
    assert travel.arrival_s(seconds(at("08:05")), Fraction(601)) - seconds(at("08:05")) == 901
    # 599 s: 898.5, rounded up.
    assert travel.arrival_s(seconds(at("08:05")), Fraction(599)) - seconds(at("08:05")) == 899
    assert travel.arrival_s(seconds(at("08:10")), Fraction(0)) == seconds(at("08:10"))


def test_a_journey_of_weeks_meets_every_peak_on_its_way() -> None:
    """Each morning costs 5 minutes of way and Sunday night 60: a week of 7 days gets on by 7 days less 95 minutes."""
    travel = Travel(World(town(peaks=[RUSH, NIGHT])))
    week_s = 7 * 86_400
    for weeks in (1, 3, 10**6):
        for leave in (at("07:00"), at("08:10"), at("23:30", -1)):
            way = Fraction(weeks * (week_s - 95 * 60))
            assert travel.arrival_s(seconds(leave), way) == seconds(leave) + weeks * week_s
            assert travel.arrival_s(seconds(leave), way + 1) > seconds(leave) + weeks * week_s


def test_leaving_later_never_means_arriving_earlier() -> None:
    travel = Travel(World(town(peaks=[RUSH, Peak(time(8, 20), time(8, 30), Decimal(3))])))
    arrivals = [travel.arrival_s(seconds(at("07:50")) + late, Fraction(997, 2)) for late in range(3600)]
    assert arrivals == sorted(arrivals)
    assert len(set(arrivals)) > 1000


def test_peaks_are_in_the_clock_of_now() -> None:
    # The same moments written in UTC: a peak from 00:05 to 00:20 is the same as 08:05 to 08:20 in Hangzhou.
    world = town(peaks=[Peak(time(0, 5), time(0, 20), Decimal("1.5"))])
    utc = replace(world, now=world.now.astimezone(UTC))
    assert Travel(World(utc)).leg_s("home", "lake", Decimal(1), seconds(at("08:05"))) == 900


@each(
    *(
        Case(f"{travel_s} s", world, write(world, [drive("wang", [visit("t1", travel_s=travel_s)])]), codes)
        for world in [town(peaks=[RUSH])]
        for travel_s, codes in [(748, ("travel",)), (749, ()), (750, ()), (751, ()), (752, ("travel",))]
    )
)
def test_a_leg_through_a_peak_is_forgiven_a_second_too(case: Case) -> None:
    case.check()


def test_rounding_up_before_or_after_the_peak_are_both_right() -> None:
    """600 × 1.001 = 600.6 s of way from 08:05, all in a peak of factor 3: 1801.8 and 1802, or 601 × 3 = 1803 s."""
    worker = engineer("wang", speed_factor=Decimal("1.001"))
    world = town([ticket("t1")], [worker], peaks=[Peak(time(8, 0), time(9, 0), Decimal(3))])
    for travel_s, codes in [(1800, ("travel",)), (1801, ()), (1802, ()), (1803, ()), (1804, ()), (1805, ("travel",))]:
        Case("", world, write(world, [drive("wang", [visit("t1", travel_s=travel_s)])]), codes).check()
