from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain.place import Point
from dispatch.geometry import METRES_PER_DEGREE, metres_between
from dispatch.places.hangzhou import get_hangzhou
from dispatch.places.region import District, Region, read_districts

SQUARE = ((120.0, 30.0), (120.2, 30.0), (120.2, 30.2), (120.0, 30.2), (120.0, 30.0))
HOLE = ((120.05, 30.05), (120.15, 30.05), (120.15, 30.15), (120.05, 30.15), (120.05, 30.05))


def make_district(*rings: tuple[tuple[float, float], ...]) -> District:
    return District("330199", "方块区", "Square", Point(30.1, 120.1), rings or (SQUARE,))


def test_a_point_inside_is_no_metres_away() -> None:
    assert make_district().metres_to(Point(30.1, 120.1)) == 0


def test_a_point_in_a_hole_is_outside() -> None:
    ring = make_district(SQUARE, HOLE)
    assert not ring.has(Point(30.1, 120.1))
    assert ring.has(Point(30.02, 120.1))


def test_the_distance_is_that_to_the_nearest_side_or_corner() -> None:
    north = make_district().metres_to(Point(30.3, 120.1))
    assert north == pytest.approx(0.1 * METRES_PER_DEGREE, rel=1e-6)
    corner = make_district().metres_to(Point(30.3, 120.3))
    east_m = 0.1 * METRES_PER_DEGREE * math.cos(math.radians(30.3))
    assert corner == pytest.approx(math.hypot(north, east_m), rel=1e-6)


@given(lat=st.floats(29.5, 31), lon=st.floats(119.5, 121))
def test_no_corner_is_nearer_than_the_district(lat: float, lon: float) -> None:
    point = Point(lat, lon)
    nearest = min(metres_between(point, Point(y, x)) for x, y in SQUARE)
    assert make_district().metres_to(point) <= nearest * 1.02 + 1


def test_a_region_without_districts_is_a_circle() -> None:
    region = Region("甲市", "A", "", Point(30, 120), radius_m=1000)
    assert region.metres_to(Point(30.008, 120)) == 0
    assert region.metres_to(Point(30.01, 120)) == pytest.approx(111.95, abs=0.1)
    assert region.find_district(Point(30, 120)) is None


def test_a_region_with_districts_ends_where_they_end() -> None:
    region = Region("甲市", "A", "", Point(30.1, 120.1), (make_district(),))
    assert region.metres_to(Point(30.19, 120.19)) == 0
    assert region.metres_to(Point(30.21, 120.1)) == pytest.approx(1112, abs=1)


def test_hangzhou_has_thirteen_districts_each_with_its_centre_and_towns_inside_the_names_of_one_only() -> None:
    districts = get_hangzhou().districts
    assert len(districts) == 13
    assert [one.name for one in districts if not one.has(one.centre)] == []
    assert [one.name for one in districts if not one.towns] == []
    towns = [town for one in districts for town in one.towns]
    assert len(towns) == len(set(towns))
    assert all(town.endswith(("街道", "镇")) for town in towns)


def test_a_single_polygon_is_read_and_its_label_is_its_centre() -> None:
    about = {"code": "1", "name": "方块区", "name_en": "Square", "label": [120.1, 30.1]}
    shape = {"type": "Polygon", "coordinates": [SQUARE]}
    text = json.dumps({"features": [{"properties": about, "geometry": shape}]})
    (district,) = read_districts(text, centres={}, towns={}, former={})
    assert district == District("1", "方块区", "Square", Point(30.1, 120.1), (SQUARE,))


@pytest.mark.parametrize("text", ["{}", "[]", '{"features": [{}]}', "nonsense"])
def test_damaged_boundaries_are_named(text: str) -> None:
    with pytest.raises(ValueError, match="boundaries must be"):
        read_districts(text, centres={}, towns={}, former={})
