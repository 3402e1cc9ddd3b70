"""What is known about a place, and what was found: points, clues, sentences."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from dispatch.domain.place import FoundBy

Language = Literal["zh", "en"]

KM_PER_DEGREE = 111.195
"""One degree of latitude, for a sphere of 6 371 008.8 m."""


@dataclass(frozen=True, slots=True)
class Point:
    """A point in WGS-84 degrees."""

    lat_deg: float
    lon_deg: float


Convert = Callable[[Point], Point]
"""Turns a point of a map's own coordinates (GCJ-02, BD-09) into WGS-84, or leaves it as it is."""


def as_it_is(point: Point) -> Point:
    """Return the point itself: the conversion of what is in WGS-84 already."""
    return point


def is_possible(lat_deg: float, lon_deg: float) -> bool:
    """Tell whether two numbers can be a latitude and a longitude; both ends of the ranges are included.

    The point 0, 0 in the Gulf of Guinea is what empty cells become and is not possible for a ticket.

    Examples
    --------
    >>> is_possible(30.25, 120.19), is_possible(120.19, 30.25), is_possible(0, 0)
    (True, False, False)
    """
    numbers = math.isfinite(lat_deg) and math.isfinite(lon_deg)
    return numbers and abs(lat_deg) <= 90 and abs(lon_deg) <= 180 and not lat_deg == lon_deg == 0  # noqa: PLR2004


def metres_between(one: Point, other: Point) -> float:
    """Return the distance over flat ground, exact to about one per cent up to 300 km.

    Examples
    --------
    >>> round(metres_between(Point(30, 120), Point(31, 120)))
    111195
    """
    north_km = (other.lat_deg - one.lat_deg) * KM_PER_DEGREE
    east_km = (other.lon_deg - one.lon_deg) * KM_PER_DEGREE * math.cos(math.radians((one.lat_deg + other.lat_deg) / 2))
    return 1000 * math.hypot(north_km, east_km)


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence for people, in Chinese and English, with a stable code for programs.

    It names places, coordinates and distances of the row; it never holds a name or a phone number.
    """

    code: str
    zh: str
    en: str

    def say(self, lang: Language) -> str:
        """Return the sentence in one language."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Clues:
    """What is known about where a ticket is; everything may be missing.

    Parameters
    ----------
    address
        As written in the sheet; it may hold anything.
    site
        Where the customer's site is known to be, confirmed, WGS-84. Do not pass what was itself found approximately.
    lat_deg, lon_deg
        The row's own coordinates, in the system that the caller's conversion expects; any numbers.
    """

    address: str = ""
    site: Point | None = None
    lat_deg: float | None = None
    lon_deg: float | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Where a ticket is taken to be.

    Parameters
    ----------
    point
        WGS-84; there always is one.
    how
        How it was found.
    approximate
        Whether it stands for an area, not for a door: to be marked until a person moves the pin.
    why
        How it was found, in a sentence.
    district
        Code of the district it lies in, None outside the region's districts.
    doubts
        What does not fit together, one sentence each; empty: nothing.
    suggestion
        A point that a person should be offered instead (swapped coordinates), None mostly.
    """

    point: Point
    how: FoundBy
    approximate: bool
    why: Remark
    district: str | None = None
    doubts: tuple[Remark, ...] = field(default_factory=tuple)
    suggestion: Point | None = None
