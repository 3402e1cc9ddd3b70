"""Where something is, and how that was found: nothing approximate looks exact."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

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
