"""Reads numbers, durations, phone numbers and points as people write them."""

from __future__ import annotations

import math
import re
from datetime import datetime, time, timedelta
from typing import Final

from dispatch.domain.coordinates import to_wgs84
from dispatch.domain.place import CoordinateSystem, Point, Precision
from dispatch.importers.cells import Cell, text_of
from dispatch.importers.moments import arabic
from dispatch.importers.remarks import Doubt, Unclear

SHORTEST_MINUTES: Final = 1
LONGEST_HOURS: Final = 12
FEW: Final = 5
"""A plain number below this may be meant as hours."""

_DURATION: Final = re.compile(
    r"(?:(?P<h>\d+(?:\.\d+)?)\s*(?:个?小时|个?钟头?|hours?|hrs?|h)(?P<half>半)?\s*)?"
    r"(?:(?P<m>\d+(?:\.\d+)?)\s*(?:分钟?|minutes?|mins?|m))?$"
)
_PLAIN: Final = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$|[+-]?\d+(?:\.\d*)?$|[+-]?\.\d+$")
_SHORTENED: Final = re.compile(r"\d(?:\.\d+)?e\+?\d+$", re.IGNORECASE)
_PHONE: Final = re.compile(r"\+?[\d\s()-]{7,20}(?:\s*(?:转|ext\.?|x|#|-)\s*\d{1,6})?$")
_PAIR: Final = re.compile(r"\(?\s*([+-]?\d+(?:\.\d+)?)\s*[,;\s/、]\s*([+-]?\d+(?:\.\d+)?)\s*\)?$")

CHINA_LAT_DEG: Final = (3.0, 54.0)
CHINA_LON_DEG: Final = (73.0, 136.0)

COARSE_DECIMALS: Final = 2
"""Degrees of so few decimals stand for a square of about a kilometre."""


def read_number(cell: Cell) -> float:
    """Read a number; thousands may have commas.

    Raises
    ------
    Unclear
        When it is none.
    """
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if not math.isfinite(cell):
            raise Unclear("bad_number")
        return float(cell)
    text = text_of(cell)
    if not _PLAIN.match(text) or len(text) > 20:  # noqa: PLR2004 - no amount is longer
        raise Unclear("bad_number")
    return float(text.replace(",", ""))


def read_duration_s(cell: Cell, *, in_hours: bool = False) -> tuple[int, tuple[Doubt, ...]]:
    """Read a duration in whole seconds; a plain number is minutes, or hours when the heading says so.

    Raises
    ------
    Unclear
        When it cannot be read, its unit is open, or it is not from :data:`SHORTEST_MINUTES` to :data:`LONGEST_HOURS`.

    Examples
    --------
    >>> [read_duration_s(text)[0] for text in ("30", "30分钟", "1.5小时", "1小时30分", "半小时", "两个小时")]
    [1800, 1800, 5400, 5400, 1800, 7200]
    """
    doubts: tuple[Doubt, ...] = ()
    if isinstance(cell, (datetime, time)):
        minutes = cell.hour * 60.0 + cell.minute
        doubts = (Doubt("clock_as_duration", {"minutes": int(minutes)}),)
    elif isinstance(cell, timedelta):
        minutes = cell.total_seconds() / 60
    else:
        text = (
            arabic(text_of(cell).lower())
            .replace("半个小时", "30分钟")
            .replace("半小时", "30分钟")
            .replace("半个钟", "30分钟")
        )
        minutes = _minutes_of(text, in_hours=in_hours)
    if not SHORTEST_MINUTES <= minutes <= LONGEST_HOURS * 60:
        raise Unclear("duration_out_of_range", low=SHORTEST_MINUTES, high=LONGEST_HOURS)
    return round(minutes * 60), doubts


def _minutes_of(text: str, *, in_hours: bool) -> float:
    """Return the minutes that a text says."""
    if _PLAIN.match(text):
        amount = read_number(text)
        if in_hours:
            return amount * 60
        if 0 < amount < FEW:
            raise Unclear("duration_unit")
        return amount
    match = _DURATION.match(text)
    if not text or match is None:
        raise Unclear("bad_duration")
    return float(match["h"] or 0) * 60 + (30 if match["half"] else 0) + float(match["m"] or 0)


def read_phone(cell: Cell) -> tuple[str, tuple[Doubt, ...]]:
    """Keep a phone number as text.

    Raises
    ------
    Unclear
        When Excel has shortened it, so that digits are lost.

    Examples
    --------
    >>> read_phone("０５７１－８８８８０００１")
    ('0571-88880001', ())
    """
    text = text_of(cell)
    if _SHORTENED.match(text):
        raise Unclear("phone_shortened")
    doubts: tuple[Doubt, ...] = ()
    if not isinstance(cell, str) and not re.fullmatch(r"1\d{10}", text):
        doubts = (Doubt("phone_as_number"),)
    elif not all(_PHONE.match(part.strip()) for part in re.split(r"[,;/、]", text)):
        doubts = (Doubt("odd_phone"),)
    return text, doubts


def read_degrees(cell: Cell) -> float:
    """Read degrees from text or number; signs for degrees and hemispheres may stand beside them.

    Raises
    ------
    Unclear
        When there is no number.
    """
    if isinstance(cell, str):
        return read_number(re.sub(r"[°度]|[eEnN东北][经纬]?", "", text_of(cell)).strip())
    return read_number(cell)


def read_pair(cell: Cell) -> tuple[float, float]:
    """Read two numbers of one cell, longitude first as maps in China give them.

    Raises
    ------
    Unclear
        When there are not two.
    """
    match = _PAIR.match(text_of(cell))
    if match is None:
        raise Unclear("bad_number")
    return float(match[1]), float(match[2])


def make_point(lon_deg: float, lat_deg: float, system: CoordinateSystem) -> tuple[Point, tuple[Doubt, ...]]:
    """Make a point of degrees in the file's coordinate system; those that fit China only turned round are, with a doubt.

    It is approximate when both have no more than :data:`COARSE_DECIMALS`.

    Raises
    ------
    Unclear
        When one of them cannot be, or both are 0.
    """
    if _is_in_china(lat_deg=lon_deg, lon_deg=lat_deg):
        lon_deg, lat_deg = lat_deg, lon_deg
        doubt = Doubt("swapped_point", {"lon": f"{lon_deg:g}", "lat": f"{lat_deg:g}"})
        return _point_of(lat_deg, lon_deg, system), (doubt,)
    for name_zh, name_en, value, limit in (("经度", "longitude", lon_deg, 180), ("纬度", "latitude", lat_deg, 90)):
        if not -limit <= value <= limit or (lon_deg, lat_deg) == (0, 0):
            raise Unclear(
                "impossible_point", value=f"{value:g}", what_zh=name_zh, what_en=name_en, low=-limit, high=limit
            )
    is_near = _is_in_china(lat_deg=lat_deg, lon_deg=lon_deg)
    return _point_of(lat_deg, lon_deg, system), (() if is_near else (Doubt("far_point"),))


def _point_of(lat_deg: float, lon_deg: float, system: CoordinateSystem) -> Point:
    coarse = all(round(degrees, COARSE_DECIMALS) == degrees for degrees in (lat_deg, lon_deg))
    return Point(*to_wgs84(lat_deg, lon_deg, system), Precision.APPROXIMATE if coarse else Precision.EXACT)


def _is_in_china(*, lat_deg: float, lon_deg: float) -> bool:
    """Tell whether a point lies in the rectangle around China."""
    return CHINA_LAT_DEG[0] <= lat_deg <= CHINA_LAT_DEG[1] and CHINA_LON_DEG[0] <= lon_deg <= CHINA_LON_DEG[1]
