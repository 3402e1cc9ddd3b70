"""How far apart places are on average that are known by their area alone.

An area is taken as a disc of radius R, every place in it as likely as any other. Then

- two places in it are 128 R ÷ 45 π ≈ 0.905 R apart on average
  (https://mathworld.wolfram.com/DiskLinePicking.html; Solomon 1978, Geometric Probability, p. 36);
- a place in it is 2 R ÷ 3 from its centre on average.

The radii are those of discs of the built-up land around the centre, where the addresses are, not of the whole district, most of
which is forest in the west of Hangzhou. They are ours, reasoned as each says; drag the pin, or set a geocoder, to be exact.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dispatch.domain.place import FoundBy, Point
from dispatch.travel.geometry import same_place
from dispatch.travel.travel_times import Points

BUILT_UP_KM2: Final = 801.63
"""Built-up area of Hangzhou at the end of 2021. Source: the Ministry of Housing's yearbook of urban construction for 2021."""

URBAN_DISTRICTS: Final = 10
"""Districts that share it, without the two counties and Jiande."""

TOWN_KM2: Final = 10.0
"""Built-up land of a subdistrict or town, where a geocoder knows no more of an address: Hangzhou's has about 80 of them."""

COARSE_M: Final = 600.0
"""Two decimals of a degree stand for some 1.1 km × 1.0 km: a disc of that area."""


def _radius_m(area_km2: float) -> float:
    return 1000 * math.sqrt(area_km2 / math.pi)


RADII_M: Final = {
    FoundBy.SITE: _radius_m(BUILT_UP_KM2 / URBAN_DISTRICTS),
    FoundBy.COORDINATES: COARSE_M,
    FoundBy.GEOCODER: _radius_m(TOWN_KM2),
    FoundBy.DISTRICT: _radius_m(BUILT_UP_KM2 / URBAN_DISTRICTS),
    FoundBy.REGION: _radius_m(BUILT_UP_KM2),
    FoundBy.HAND: COARSE_M,
}
"""Radius of what an approximate point stands for, by how it was found: 5.1 km for a district, 16 km for the city."""

WITHIN: Final = 128 / (45 * math.pi)
"""Mean distance of two places in a disc of radius 1."""

FROM_CENTRE: Final = 2 / 3
"""Mean distance of a place in a disc of radius 1 from its centre."""


def radius_of(point: Point) -> float:
    """Return the radius in metres of the area that a point stands for; 0 for one that is the place itself.

    Examples
    --------
    >>> from dispatch.domain.place import Precision
    >>> round(radius_of(Point(30.27, 120.16, Precision.APPROXIMATE, FoundBy.DISTRICT)))
    5051
    >>> radius_of(Point(30.27, 120.16))
    0.0
    """
    return 0.0 if point.is_exact else RADII_M[point.found_by]


def least_m(points: Points, radii_m: Sequence[float]) -> NDArray[np.float64]:
    """Return how long each leg is at least, as the crow flies, float64[n, n] metres; 0 between places that are known.

    Formula: between two areas with one centre :data:`WITHIN` × the larger radius; otherwise :data:`FROM_CENTRE` × the larger
    radius; 0 from a location to itself.

    Parameters
    ----------
    points
        Of the n locations.
    radii_m
        Of the area that each stands for; 0: it is the place itself.
    """
    radius_m = np.array(radii_m, np.float64)
    is_area = radius_m > 0
    in_one = same_place(points, points) & is_area[:, None] & is_area[None, :]
    least = np.maximum(radius_m[:, None], radius_m[None, :]) * np.where(in_one, WITHIN, FROM_CENTRE)
    np.fill_diagonal(least, 0.0)
    return np.asarray(least, np.float64)
