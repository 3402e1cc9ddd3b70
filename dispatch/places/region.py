"""A region and its districts: their names, centres and boundaries, read from GeoJSON."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from dispatch.domain.place import Point
from dispatch.geometry import METRES_PER_DEGREE, metres_between

Ring = tuple[tuple[float, float], ...]
"""Closed line of (longitude, latitude) in degrees: the order of GeoJSON."""


@dataclass(frozen=True, slots=True)
class District:
    """A district of a region.

    Parameters
    ----------
    code
        Six digits of the national standard GB/T 2260.
    name, name_en
        ``西湖区`` and ``Xihu``.
    centre
        Where most of its addresses are.
    rings
        Outlines and holes; inside is what an odd number of them surrounds.
    towns
        Its subdistricts and towns, with 街道, 镇 or 乡.
    former
        Names of districts that became part of it.
    """

    code: str
    name: str
    name_en: str
    centre: Point
    rings: tuple[Ring, ...]
    towns: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    box: tuple[float, float, float, float] = field(init=False)
    """South, west, north, east of the outline, degrees."""

    def __post_init__(self) -> None:
        lons, lats = zip(*(corner for ring in self.rings for corner in ring), strict=True)
        object.__setattr__(self, "box", (min(lats), min(lons), max(lats), max(lons)))

    @property
    def short_name(self) -> str:
        """Return the name without 区, 县 or 市: ``西湖``."""
        return self.name[:-1]

    def has(self, point: Point) -> bool:
        """Tell whether a point lies inside; on the line itself either answer may come.

        Source: the crossing number of a ray to the east, for all rings together.
        """
        south, west, north, east = self.box
        if not (south <= point.lat_deg <= north and west <= point.lon_deg <= east):
            return False
        inside = False
        for ring in self.rings:
            for (lon_a, lat_a), (lon_b, lat_b) in pairwise(ring):
                if (lat_a > point.lat_deg) != (lat_b > point.lat_deg):
                    crossing_lon = lon_a + (point.lat_deg - lat_a) / (lat_b - lat_a) * (lon_b - lon_a)
                    if point.lon_deg < crossing_lon:
                        inside = not inside
        return inside

    def metres_to(self, point: Point) -> float:
        """Return the distance to the nearest point of the district; 0 inside."""
        if self.has(point):
            return 0.0
        shrink = math.cos(math.radians(point.lat_deg))
        squared = min(
            _squared_degrees(
                (lon_a - point.lon_deg) * shrink,
                lat_a - point.lat_deg,
                (lon_b - point.lon_deg) * shrink,
                lat_b - point.lat_deg,
            )
            for ring in self.rings
            for (lon_a, lat_a), (lon_b, lat_b) in pairwise(ring)
        )
        return METRES_PER_DEGREE * math.sqrt(squared)


def _squared_degrees(ax: float, ay: float, bx: float, by: float) -> float:
    """Return the squared distance of the origin to the stretch from a to b."""
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else min(1.0, max(0.0, -(ax * dx + ay * dy) / length))
    x, y = ax + along * dx, ay + along * dy
    return x * x + y * y


@dataclass(frozen=True, slots=True)
class Region:
    """What one office serves.

    Parameters
    ----------
    name, name_en
        ``杭州市`` and ``Hangzhou``.
    province
        ``浙江省``; empty for one that belongs to none.
    centre
        Where a ticket is put of which nothing is known.
    districts
        May be empty: then a point belongs to the region up to ``radius_m`` around the centre.
    radius_m
        Only for a region without districts.
    """

    name: str
    name_en: str
    province: str
    centre: Point
    districts: tuple[District, ...] = ()
    radius_m: float = 60_000

    def find_district(self, point: Point) -> District | None:
        """Return the district that a point lies in, None outside all."""
        return next((district for district in self.districts if district.has(point)), None)

    def metres_to(self, point: Point) -> float:
        """Return how far a point lies outside the region; 0 inside."""
        if not self.districts:
            return max(0.0, metres_between(self.centre, point) - self.radius_m)
        if self.find_district(point) is not None:
            return 0.0
        return min(district.metres_to(point) for district in self.districts)


def read_districts(
    geojson: str,
    *,
    centres: Mapping[str, Point],
    towns: Mapping[str, tuple[str, ...]],
    former: Mapping[str, tuple[str, ...]],
) -> tuple[District, ...]:
    """Read districts from a GeoJSON collection of polygons, in its order.

    Parameters
    ----------
    geojson
        Each feature has the properties ``code``, ``name``, ``name_en`` and ``label`` (longitude, latitude).
    centres, towns, former
        By a district's full name; where there is no centre, ``label`` is it.

    Raises
    ------
    ValueError
        When the text is not such a collection: the file came with the program and is damaged.
    """
    try:
        features = json.loads(geojson)["features"]
        return tuple(_read_district(feature, centres, towns, former) for feature in features)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"boundaries must be a GeoJSON collection of named polygons, and {error!r} is amiss"
        ) from error


def _read_district(
    feature: Mapping[str, Mapping[str, Any]],
    centres: Mapping[str, Point],
    towns: Mapping[str, tuple[str, ...]],
    former: Mapping[str, tuple[str, ...]],
) -> District:
    about, shape = feature["properties"], feature["geometry"]
    polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    name = str(about["name"])
    lon_deg, lat_deg = about["label"]
    return District(
        code=str(about["code"]),
        name=name,
        name_en=str(about["name_en"]),
        centre=centres.get(name, Point(float(lat_deg), float(lon_deg))),
        rings=tuple(tuple((float(lon), float(lat)) for lon, lat in ring) for polygon in polygons for ring in polygon),
        towns=towns.get(name, ()),
        former=former.get(name, ()),
    )
