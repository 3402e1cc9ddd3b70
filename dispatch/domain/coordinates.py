"""Chinese coordinate systems: GCJ-02 (AMap, Tencent) and BD-09 (Baidu) from and to WGS-84 (GPS, OpenStreetMap).

Inside the People's Republic published maps are shifted: GCJ-02 by 100 to 700 m against WGS-84, BD-09 once more against
GCJ-02. A point that is taken for the wrong one is some streets away. The shifts are sums of sines known since about 2010
from published programs; no authority has published them. The ways back have no closed form and are found by iteration.

Outside China nothing is shifted. *China* is the rectangle of :data:`CHINA_DEG`, as in all programs in use; it also covers
neighbours (Mongolia, Korea, much of South-East Asia) whose points should not be passed through here.
"""

from __future__ import annotations

from collections.abc import Callable
from math import atan2, cos, degrees, hypot, pi, radians, sin, sqrt
from typing import Final

from dispatch.domain.place import CoordinateSystem

Pair = tuple[float, float]
"""Latitude and longitude, degrees."""

CHINA_DEG: Final = (0.8293, 55.8271, 72.004, 137.8347)
"""South, north, west and east edge of what is shifted."""

ITERATIONS: Final = 3
"""Of the way back, after a first guess. Each leaves less than a fiftieth of the error; the last, less than 0.1 mm."""

_AXIS_M: Final = 6_378_245.0  # Krasovsky 1940, which the shift was made for
_ECCENTRICITY_2: Final = 0.006_693_421_622_965_943
_CENTRE_DEG: Final = (35.0, 105.0)
_BD_TURN: Final = pi * 3000 / 180
_BD_DEG: Final = (0.006, 0.0065)


def to_wgs84(lat_deg: float, lon_deg: float, system: CoordinateSystem) -> Pair:
    """Convert degrees of a system to WGS-84: latitude and longitude.

    Examples
    --------
    >>> [round(degrees, 4) for degrees in to_wgs84(30.25, 120.15, CoordinateSystem.GCJ_02)]
    [30.2523, 120.1453]
    """
    asked = lat_deg, lon_deg
    if system is CoordinateSystem.WGS_84:
        return asked
    gcj02 = asked
    if system is CoordinateSystem.BD_09:
        gcj02 = _undo(_shift_gcj02_to_bd09, asked, first=(lat_deg - _BD_DEG[0], lon_deg - _BD_DEG[1]))
    found = _undo(_shift_to_gcj02, gcj02, first=gcj02)
    return found if is_shifted(*found) else asked  # what does not come from China was never shifted


def from_wgs84(lat_deg: float, lon_deg: float, system: CoordinateSystem) -> Pair:
    """Convert degrees of WGS-84 to a system; the other way of :func:`to_wgs84`."""
    if system is CoordinateSystem.WGS_84 or not is_shifted(lat_deg, lon_deg):
        return lat_deg, lon_deg
    gcj02 = _shift_to_gcj02(lat_deg, lon_deg)
    return gcj02 if system is CoordinateSystem.GCJ_02 else _shift_gcj02_to_bd09(*gcj02)


def is_shifted(lat_deg: float, lon_deg: float) -> bool:
    """Tell whether a point of WGS-84 lies where maps are shifted."""
    south, north, west, east = CHINA_DEG
    return south <= lat_deg <= north and west <= lon_deg <= east


def _shift_to_gcj02(lat: float, lon: float) -> Pair:
    """Shift from WGS-84 to GCJ-02, everywhere."""
    y, x = lat - _CENTRE_DEG[0], lon - _CENTRE_DEG[1]
    ripple = 20 * sin(6 * pi * x) + 20 * sin(2 * pi * x)
    north_m = (
        -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
        + (ripple + 20 * sin(pi * y) + 40 * sin(pi * y / 3)) * 2 / 3
        + (160 * sin(pi * y / 12) + 320 * sin(pi * y / 30)) * 2 / 3
    )  # fmt: skip
    east_m = (
        300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
        + (ripple + 20 * sin(pi * x) + 40 * sin(pi * x / 3)) * 2 / 3
        + (150 * sin(pi * x / 12) + 300 * sin(pi * x / 30)) * 2 / 3
    )  # fmt: skip
    curve = 1 - _ECCENTRICITY_2 * sin(radians(lat)) ** 2
    meridian_m = _AXIS_M * (1 - _ECCENTRICITY_2) / curve**1.5
    parallel_m = _AXIS_M / sqrt(curve) * cos(radians(lat))
    return lat + degrees(north_m / meridian_m), lon + degrees(east_m / parallel_m)


def _shift_gcj02_to_bd09(lat: float, lon: float) -> Pair:
    """Shift from GCJ-02 to BD-09, everywhere."""
    radius = hypot(lon, lat) + 0.00002 * sin(lat * _BD_TURN)
    angle = atan2(lat, lon) + 0.000003 * cos(lon * _BD_TURN)
    return radius * sin(angle) + _BD_DEG[0], radius * cos(angle) + _BD_DEG[1]


def _undo(shift: Callable[[float, float], Pair], there: Pair, *, first: Pair) -> Pair:
    """Find what is shifted to a point, from a first guess: take off what the guess is shifted too far."""
    lat, lon = first
    for _ in range(1 + ITERATIONS):
        there_lat, there_lon = shift(lat, lon)
        lat, lon = lat - (there_lat - there[0]), lon - (there_lon - there[1])
    return lat, lon
