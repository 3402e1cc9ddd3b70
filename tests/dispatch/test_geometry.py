"""Great circles: numbers, arrays and points give the same."""

from __future__ import annotations

import numpy as np
import pytest

from dispatch.domain.place import Point
from dispatch.geometry import METRES_PER_DEGREE, haversine_m, metres_between


def test_points_numbers_and_arrays_are_as_far_apart() -> None:
    shanghai, hangzhou = Point(31.23, 121.47), Point(30.27, 120.16)
    far_m = metres_between(shanghai, hangzhou)
    assert far_m == pytest.approx(164_600, abs=100)
    table = haversine_m(np.array([[31.23], [30.27]]), np.array([[121.47], [120.16]]), np.array([30.27]), 120.16)
    assert table.tolist() == [[far_m], [0]]


def test_a_degree_of_latitude_is_a_degree_everywhere() -> None:
    latitudes = np.arange(-90.0, 90.0)
    assert haversine_m(latitudes, 120.0, latitudes + 1, 120.0) == pytest.approx(METRES_PER_DEGREE)


def test_points_on_opposite_sides_are_half_the_earth_apart() -> None:
    assert metres_between(Point(0, 0), Point(0, 180)) == pytest.approx(20_015_115, abs=1)
