"""Chinese coordinate systems: known points, the way there and back, and nothing done outside China."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain.coordinates import CHINA_DEG, from_wgs84, is_shifted, to_wgs84
from dispatch.domain.place import CoordinateSystem, Point
from dispatch.geometry import METRES_PER_DEGREE, metres_between

SHIFTED = [CoordinateSystem.GCJ_02, CoordinateSystem.BD_09]
latitudes = st.floats(18.0, 53.5)
longitudes = st.floats(73.6, 134.8)


@pytest.mark.parametrize(
    ("gps", "gcj"),
    [
        ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),
        ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),
        ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),
    ],
    ids=["Shanghai", "Shenzhen", "Beijing"],
)
def test_points_known_in_both_systems_are_converted(gps: tuple[float, float], gcj: tuple[float, float]) -> None:
    assert from_wgs84(*gps, CoordinateSystem.GCJ_02) == pytest.approx(gcj, rel=0, abs=1e-9)
    assert to_wgs84(*gcj, CoordinateSystem.GCJ_02) == pytest.approx(gps, rel=0, abs=1e-9)


def test_a_point_of_baidu_is_converted() -> None:
    lat_deg, lon_deg = from_wgs84(*to_wgs84(39.915, 116.404, CoordinateSystem.BD_09), CoordinateSystem.GCJ_02)
    # What Baidu's and AMap's maps show at Tian'anmen: a kilometre apart, to the north-east.
    assert (lat_deg, lon_deg) == pytest.approx((39.90865, 116.39764), rel=0, abs=2e-5)


@pytest.mark.parametrize("system", list(CoordinateSystem))
@given(lat_deg=latitudes, lon_deg=longitudes)
def test_there_and_back_is_within_a_tenth_of_a_millimetre(
    system: CoordinateSystem, lat_deg: float, lon_deg: float
) -> None:
    back = to_wgs84(*from_wgs84(lat_deg, lon_deg, system), system)
    assert off_m((lat_deg, lon_deg), back) <= 1e-4


@pytest.mark.parametrize("system", list(CoordinateSystem))
@given(lat_deg=latitudes, lon_deg=longitudes)
def test_back_and_there_is_within_a_tenth_of_a_millimetre(
    system: CoordinateSystem, lat_deg: float, lon_deg: float
) -> None:
    there = from_wgs84(*to_wgs84(lat_deg, lon_deg, system), system)
    assert off_m((lat_deg, lon_deg), there) <= 1e-4


def off_m(asked: tuple[float, float], found: tuple[float, float]) -> float:
    """Measure by the flat Earth around a point: the haversine loses what is below a millimetre."""
    return METRES_PER_DEGREE * math.dist(asked, found)


@pytest.mark.parametrize("system", SHIFTED)
@given(lat_deg=latitudes, lon_deg=longitudes)
def test_inside_china_every_point_is_shifted_by_less_than_two_kilometres(
    system: CoordinateSystem, lat_deg: float, lon_deg: float
) -> None:
    there = Point(*from_wgs84(lat_deg, lon_deg, system))
    assert 50 < metres_between(Point(lat_deg, lon_deg), there) < 2000


OUTSIDE = [(51.5, -0.12), (35.68, 139.77), (-33.87, 151.21), (0.0, 0.0), (90.0, 180.0), (-90.0, -180.0), (60.0, 100.0)]


@pytest.mark.parametrize("system", list(CoordinateSystem))
@pytest.mark.parametrize("point", OUTSIDE)
def test_outside_china_nothing_is_changed_not_even_in_the_last_digit(
    point: tuple[float, float], system: CoordinateSystem
) -> None:
    for convert in (from_wgs84, to_wgs84):
        assert convert(*point, system) == point


def test_the_edges_of_china_belong_to_it() -> None:
    south, north, west, east = CHINA_DEG
    assert all(is_shifted(lat_deg, lon_deg) for lat_deg in (south, north) for lon_deg in (west, east))
    assert not is_shifted(math.nextafter(south, 0), west)
