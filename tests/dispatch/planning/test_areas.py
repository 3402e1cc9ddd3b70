from __future__ import annotations

import numpy as np
import pytest

from dispatch.domain.place import FoundBy, Point, Precision
from dispatch.planning.areas import FROM_CENTRE, RADII_M, WITHIN, least_m, radius_of
from dispatch.travel.travel_times import Points


def test_the_two_means_are_those_of_points_drawn_in_a_disc() -> None:
    random = np.random.default_rng(7)
    drawn = np.sqrt(random.random((2, 100_000))) * np.exp(2j * np.pi * random.random((2, 100_000)))
    assert np.abs(drawn[0] - drawn[1]).mean() == pytest.approx(WITHIN, abs=0.005)
    assert np.abs(drawn).mean() == pytest.approx(FROM_CENTRE, abs=0.005)


def test_what_is_found_exactly_stands_for_no_area_and_every_other_way_of_finding_has_one() -> None:
    assert set(RADII_M) == set(FoundBy)
    assert all(radius_of(Point(30.0, 120.0, Precision.EXACT, way)) == 0 for way in FoundBy)
    assert all(radius_of(Point(30.0, 120.0, Precision.APPROXIMATE, way)) > 0 for way in FoundBy)
    assert RADII_M[FoundBy.GEOCODER] < RADII_M[FoundBy.DISTRICT] < RADII_M[FoundBy.REGION]


def test_a_leg_is_as_long_as_the_larger_of_its_areas_wants_and_nothing_lies_between_a_place_and_itself() -> None:
    points = Points([30.0, 30.0, 30.0, 31.0], [120.0, 120.0, 120.0, 120.0])
    least = least_m(points, [3000.0, 6000.0, 0.0, 0.0])
    assert least[0, 1] == least[1, 0] == WITHIN * 6000
    assert (least[0, 2], least[1, 3]) == (2000, 4000)
    assert least[2, 3] == 0
    assert not np.diag(least).any()
