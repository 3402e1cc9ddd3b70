"""Points and tables of travel: checked once, and not to be changed."""

from __future__ import annotations

import numpy as np
import pytest

from dispatch.format.model import Matrix
from dispatch.travel.travel_times import LEG_MAX, NO_WAY, Points, Travel


@pytest.mark.parametrize(
    ("lat_deg", "lon_deg"),
    [
        ([30, 90.1], [120, 120]),
        ([30, -91], [0, 0]),
        ([30, 0], [0, 180.5]),
        ([0, 0], [0, np.nan]),
        ([0, np.inf], [0, 0]),
    ],
)
def test_an_impossible_point_is_named(lat_deg: list[float], lon_deg: list[float]) -> None:
    with pytest.raises(ValueError, match="point 1 is impossible"):
        Points(lat_deg, lon_deg)


def test_the_poles_and_the_date_line_are_possible() -> None:
    assert len(Points([90, -90], [180, -180])) == 2


@pytest.mark.parametrize(("lat_deg", "lon_deg"), [([1, 2], [1]), ([[1]], [[1]]), (1, 1)])
def test_there_is_one_longitude_for_each_latitude(lat_deg: object, lon_deg: object) -> None:
    with pytest.raises(ValueError, match="one of each per point"):
        Points(lat_deg, lon_deg)  # type: ignore[arg-type]


def test_points_do_not_change_when_their_source_does() -> None:
    source = np.array([30.0])
    points = Points(source, source)
    source[0] = 0
    assert points.lat_deg[0] == 30
    with pytest.raises(ValueError, match="read-only"):
        points.lat_deg[0] = 1


def test_picked_points_keep_the_order_asked_for() -> None:
    points = Points([1, 2, 3], [4, 5, 6]).pick([2, 0])
    assert points.lat_deg.tolist() == [3, 1]
    assert points.lon_deg.tolist() == [6, 4]


def table(*cells: int) -> np.ndarray:
    return np.array([cells], np.int64)


@pytest.mark.parametrize(
    ("travel_s", "travel_m", "reason"),
    [
        (table(1, 2), table(1), "two tables of one shape"),
        (np.array([1]), np.array([1]), "two tables of one shape"),
        (table(1).astype(float), table(1), "float64, not int64"),
        (table(-2), table(1), "between 0 and"),
        (table(1), table(LEG_MAX + 1), "between 0 and"),
        (table(NO_WAY), table(1), "metres and no seconds"),
        (table(1), table(NO_WAY), "seconds and no metres"),
    ],
)
def test_wrong_tables_are_refused(travel_s: np.ndarray, travel_m: np.ndarray, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Travel(travel_s, travel_m, is_estimate=False)


def test_an_answer_cannot_be_changed() -> None:
    travel = Travel(table(1), table(2), is_estimate=np.array([[True]]))
    for array in (travel.travel_s, travel.travel_m, travel.is_estimate):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 0


def test_tables_go_into_a_request_with_null_for_no_way() -> None:
    travel = Travel(table(LEG_MAX, NO_WAY), table(0, NO_WAY), is_estimate=False)
    assert travel.as_format() == Matrix(seconds=((LEG_MAX, None),), metres=((0, None),), peaks=())
