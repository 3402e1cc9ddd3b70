"""Chinese coordinate systems: known points, the way there and back, and nothing done outside China."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain.place import CoordinateSystem
from dispatch.travel.coordinates import CHINA_DEG, from_wgs84, is_shifted, to_wgs84
from dispatch.travel.geometry import haversine_m

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
    assert np.allclose(from_wgs84(*gps, CoordinateSystem.GCJ_02), gcj, rtol=0, atol=1e-9)
    assert np.allclose(to_wgs84(*gcj, CoordinateSystem.GCJ_02), gps, rtol=0, atol=1e-9)


def test_a_point_of_baidu_is_converted() -> None:
    lat_deg, lon_deg = from_wgs84(*to_wgs84(39.915, 116.404, CoordinateSystem.BD_09), CoordinateSystem.GCJ_02)
    # What Baidu's and AMap's maps show at Tian'anmen: a kilometre apart, to the north-east.
    assert np.allclose((lat_deg, lon_deg), (39.90865, 116.39764), rtol=0, atol=2e-5)


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


def off_m(asked: tuple[float, float], found: tuple[np.ndarray, np.ndarray]) -> float:
    """Measure by the flat Earth around a point: the haversine loses what is below a millimetre."""
    north = (float(found[0]) - asked[0]) * 111_200
    east = (float(found[1]) - asked[1]) * 111_200
    return float(np.hypot(north, east))


@pytest.mark.parametrize("system", SHIFTED)
@given(lat_deg=latitudes, lon_deg=longitudes)
def test_inside_china_every_point_is_shifted_by_less_than_two_kilometres(
    system: CoordinateSystem, lat_deg: float, lon_deg: float
) -> None:
    there = from_wgs84(lat_deg, lon_deg, system)
    off = haversine_m(np.array(lat_deg), np.array(lon_deg), *there)
    assert 50 < off < 2000


OUTSIDE = [(51.5, -0.12), (35.68, 139.77), (-33.87, 151.21), (0.0, 0.0), (90.0, 180.0), (-90.0, -180.0), (60.0, 100.0)]


@pytest.mark.parametrize("system", list(CoordinateSystem))
@pytest.mark.parametrize("point", OUTSIDE)
def test_outside_china_nothing_is_changed_not_even_in_the_last_digit(
    point: tuple[float, float], system: CoordinateSystem
) -> None:
    for convert in (from_wgs84, to_wgs84):
        lat_deg, lon_deg = convert(*point, system)
        assert (float(lat_deg), float(lon_deg)) == point


def test_the_edges_of_china_belong_to_it() -> None:
    south, north, west, east = CHINA_DEG
    corners = np.array([south, south, north, north]), np.array([west, east, west, east])
    assert is_shifted(*corners).all()
    assert not is_shifted(np.array([np.nextafter(south, 0)]), np.array([west])).any()


@pytest.mark.parametrize("system", list(CoordinateSystem))
def test_arrays_keep_their_shape_and_are_not_changed_in_place(system: CoordinateSystem) -> None:
    lat_deg, lon_deg = np.full((2, 3), 30.25), np.full((2, 3), 120.15)
    for convert in (from_wgs84, to_wgs84):
        converted = convert(lat_deg, lon_deg, system)
        assert [array.shape for array in converted] == [(2, 3), (2, 3)]
        assert np.isfinite(converted).all()
    assert (lat_deg == 30.25).all()
    assert (lon_deg == 120.15).all()
    nothing: list[float] = []
    assert [array.shape for array in to_wgs84(nothing, nothing, system)] == [(0,), (0,)]


def test_points_in_and_outside_china_may_stand_in_one_array() -> None:
    lat_deg, _ = from_wgs84([30.25, 51.5], [120.15, -0.12], CoordinateSystem.GCJ_02)
    assert lat_deg[0] != 30.25
    assert lat_deg[1] == 51.5
