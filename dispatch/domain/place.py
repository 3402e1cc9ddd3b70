"""Where something is, and how that was found: nothing approximate looks exact."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from dispatch.domain.checks import check_record


class Precision(StrEnum):
    """Whether a point is the place itself or stands for a district around it."""

    EXACT = "exact"
    APPROXIMATE = "approximate"


class CoordinateSystem(StrEnum):
    """In which system a pair of degrees is meant; what is kept is WGS-84."""

    WGS_84 = "wgs-84"
    GCJ_02 = "gcj-02"
    BD_09 = "bd-09"


class FoundBy(StrEnum):
    """What a point was taken from, in the order in which it is looked for; ``hand``: somebody dragged the pin."""

    SITE = "site"
    COORDINATES = "coordinates"
    GEOCODER = "geocoder"
    DISTRICT = "district"
    REGION = "region"
    HAND = "hand"


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the Earth in WGS-84 degrees.

    Examples
    --------
    >>> Point(30.27, 120.16, Precision.APPROXIMATE, FoundBy.DISTRICT).is_exact
    False
    """

    lat_deg: float
    lon_deg: float
    precision: Precision = Precision.EXACT
    found_by: FoundBy = FoundBy.COORDINATES

    def __post_init__(self) -> None:
        check_record(self, lat_deg=(-90, 90), lon_deg=(-180, 180))

    @property
    def is_exact(self) -> bool:
        """Whether the point is the place itself."""
        return self.precision is Precision.EXACT


def middle_of(points: Collection[Point]) -> Point:
    """Return the middle of points, at least one, degree by degree the median: approximate.

    Examples
    --------
    >>> middle = middle_of([Point(30.1, 120.1), Point(30.2, 120.3), Point(50.0, 120.2)])
    >>> middle.lat_deg, middle.lon_deg, middle.is_exact
    (30.2, 120.2, False)
    """
    lat_deg, lon_deg = median(point.lat_deg for point in points), median(point.lon_deg for point in points)
    return Point(lat_deg, lon_deg, Precision.APPROXIMATE, FoundBy.REGION)
