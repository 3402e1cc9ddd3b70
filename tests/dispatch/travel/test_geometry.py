"""Distances: great circles against geodesics."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.geometry import haversine_m
from dispatch.travel.geometry import geodesic_m, same_place, table_m
from dispatch.travel.travel_times import Points

degrees = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def one(point: tuple[float, float]) -> Points:
    return Points([point[0]], [point[1]])


@given(degrees, degrees)
def test_great_circles_are_within_six_per_mille_of_geodesics(a: tuple[float, float], b: tuple[float, float]) -> None:
    right_m = geodesic_m(one(a), one(b))
    assert float(table_m(one(a), one(b))[0, 0]) == pytest.approx(right_m, rel=0.006, abs=0.01)


def test_a_table_has_origins_in_rows_and_destinations_in_columns() -> None:
    origins, destinations = Points([30.0, 31.0], [120.0, 120.0]), Points([30.0, 30.0, 30.0], [120.0, 121.0, 122.0])
    table = table_m(origins, destinations)
    assert table.shape == (2, 3)
    assert table[0, 0] == 0
    lone = haversine_m(np.array(31.0), np.array(120.0), np.array(30.0), np.array(122.0))
    assert table[1, 2] == pytest.approx(float(lone))


def test_the_same_place_is_the_very_same_point() -> None:
    near = float(np.nextafter(30.0, 31.0))
    same = same_place(Points([30.0], [120.0]), Points([30.0, near, 30.0], [120.0, 120.0, 121.0]))
    assert same.tolist() == [[True, False, False]]
