"""Straight lines: to the second and metre what the planning format says."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.format.model import GreatCircle, Location
from dispatch.judge.travel import Travel as JudgesTravel
from dispatch.judge.world import World
from dispatch.travel.straight_line import StraightLine
from dispatch.travel.travel_times import LEG_MAX, NO_WAY, Points
from tests import builders

models = st.builds(
    GreatCircle,
    detour=st.decimals("0.5", "3", places=3),
    speed_kmh=st.decimals("0.5", "150", places=3),
)
points = st.lists(st.tuples(st.floats(29, 31), st.floats(119, 121)), min_size=2, max_size=5)


@given(models, points)
def test_it_gives_what_the_judge_of_plans_expects(model: GreatCircle, places: list[tuple[float, float]]) -> None:
    locations = tuple(Location(f"L{row}", *place) for row, place in enumerate(places))
    request = builders.request([], [], locations=locations, travel=model)
    judge = JudgesTravel(World(request))
    here = Points([lat for lat, _ in places], [lon for _, lon in places])
    travel = StraightLine(model).matrix(here, here)
    for row, origin in enumerate(locations):
        for column, destination in enumerate(locations):
            expected_s = judge.leg_s(origin.id, destination.id, Decimal(1), 0)
            assert expected_s is not None
            assert abs(int(travel.travel_s[row, column]) - expected_s) <= 1
            assert abs(int(travel.travel_m[row, column]) - (judge.metres(origin.id, destination.id) or 0)) <= 1


def test_seconds_are_rounded_up_and_metres_to_the_nearest() -> None:
    model = GreatCircle(detour=Decimal(1), speed_kmh=Decimal(36))  # 10 m/s
    origin = Points([0.0], [0.0])
    for metres, expected_m, expected_s in [(10.0, 10, 1), (10.6, 11, 2), (20.4, 20, 2), (21.4, 21, 3)]:
        east = Points([0.0], [metres / 111_195.08])
        travel = StraightLine(model).matrix(origin, east)
        assert (int(travel.travel_m[0, 0]), int(travel.travel_s[0, 0])) == (expected_m, expected_s)


def test_whole_seconds_stay_whole() -> None:
    # 28 km/h has no exact float of seconds per metre: 7 000 m must still take 900 s and not 901.
    travel = StraightLine(GreatCircle(Decimal(1), Decimal(28))).matrix(
        Points([0.0], [0.0]), Points([0.0], [7000 / 111_195.08])
    )
    assert (int(travel.travel_m[0, 0]), int(travel.travel_s[0, 0])) == (7000, 900)


def test_a_leg_longer_than_a_table_can_hold_is_no_way() -> None:
    slow = GreatCircle(Decimal(1), Decimal("0.001"))
    here, there = Points([0.0], [0.0]), Points([0.0, 0.0], [0.001, 90.0])
    travel = StraightLine(slow).matrix(here, there)
    assert int(travel.travel_s[0, 0]) <= LEG_MAX
    assert int(travel.travel_s[0, 1]) == int(travel.travel_m[0, 1]) == NO_WAY


def test_every_figure_is_an_estimate() -> None:
    here = Points([30.0, 30.1], [120.0, 120.1])
    assert StraightLine.is_estimate
    assert StraightLine().matrix(here, here).is_estimate.all()
    assert StraightLine().matrix(here, here).notes == ()


@pytest.mark.parametrize("kmh", ["14", "56"])
def test_seconds_follow_the_speed(kmh: str) -> None:
    here, there = Points([30.0], [120.0]), Points([30.0], [120.1])
    base = StraightLine(GreatCircle(Decimal(1), Decimal(28))).matrix(here, there)
    other = StraightLine(GreatCircle(Decimal(1), Decimal(kmh))).matrix(here, there)
    assert (other.travel_m == base.travel_m).all()
    assert np.allclose(other.travel_s * int(kmh), base.travel_s * 28, atol=2 * int(kmh))
