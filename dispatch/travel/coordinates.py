"""Chinese coordinate systems: GCJ-02 (AMap, Tencent) and BD-09 (Baidu) from and to WGS-84 (GPS, OpenStreetMap).

Inside the People's Republic published maps are shifted: GCJ-02 by 100 to 700 m against WGS-84, BD-09 once more against
GCJ-02. A point that is taken for the wrong one is some streets away. The shifts are sums of sines known since about 2010
from published programs; no authority has published them. The ways back have no closed form and are found by iteration.

Outside China nothing is shifted. *China* is the rectangle of :data:`CHINA_DEG`, as in all programs in use; it also covers
neighbours (Mongolia, Korea, much of South-East Asia) whose points should not be passed through here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dispatch.domain.place import CoordinateSystem

Degrees = NDArray[np.float64]
Pair = tuple[Degrees, Degrees]

CHINA_DEG: Final = (0.8293, 55.8271, 72.004, 137.8347)
"""South, north, west and east edge of what is shifted."""

ITERATIONS: Final = 3
"""Of the way back, after a first guess. Each leaves less than a fiftieth of the error; the last, less than 0.1 mm."""

_AXIS_M: Final = 6_378_245.0  # Krasovsky 1940, which the shift was made for
_ECCENTRICITY_2: Final = 0.006_693_421_622_965_943
_CENTRE_LAT_DEG: Final = 35.0
_CENTRE_LON_DEG: Final = 105.0
_BD_TURN: Final = np.pi * 3000 / 180
_BD_LAT_DEG: Final = 0.006
_BD_LON_DEG: Final = 0.0065


def to_wgs84(lat_deg: ArrayLike, lon_deg: ArrayLike, system: CoordinateSystem) -> Pair:
    """Convert degrees of a system to WGS-84.

    Parameters
    ----------
    lat_deg, lon_deg
        Degrees, any one shape.
    system
        In which they are.

    Returns
    -------
    tuple
        Latitudes and longitudes, float64 of the same shape.

    Examples
    --------
    >>> lat_deg, lon_deg = to_wgs84([30.25], [120.15], CoordinateSystem.GCJ_02)
    >>> lat_deg.round(4).tolist(), lon_deg.round(4).tolist()
    ([30.2523], [120.1453])
    """
    lat, lon = np.array(lat_deg, np.float64), np.array(lon_deg, np.float64)
    return _WAYS_BACK[system](lat, lon)


def from_wgs84(lat_deg: ArrayLike, lon_deg: ArrayLike, system: CoordinateSystem) -> Pair:
    """Convert degrees of WGS-84 to a system; the other way of :func:`to_wgs84`."""
    lat, lon = np.array(lat_deg, np.float64), np.array(lon_deg, np.float64)
    return _WAYS_THERE[system](lat, lon)


def is_shifted(lat_deg: Degrees, lon_deg: Degrees) -> NDArray[np.bool_]:
    """Tell which points of WGS-84 lie where maps are shifted."""
    south, north, west, east = CHINA_DEG
    inside: NDArray[np.bool_] = (lat_deg >= south) & (lat_deg <= north) & (lon_deg >= west) & (lon_deg <= east)
    return inside


def _same(lat: Degrees, lon: Degrees) -> Pair:
    return lat, lon


def _gcj02(lat: Degrees, lon: Degrees) -> Pair:
    return _only_in_china(_shift_to_gcj02, lat, lon)


def _bd09(lat: Degrees, lon: Degrees) -> Pair:
    return _only_in_china(_shift_to_bd09, lat, lon)


def _wgs84_of_gcj02(lat: Degrees, lon: Degrees) -> Pair:
    return _undo(_shift_to_gcj02, lat, lon, lat, lon)


def _wgs84_of_bd09(lat: Degrees, lon: Degrees) -> Pair:
    gcj_lat, gcj_lon = _iterate(_shift_gcj02_to_bd09, lat, lon, lat - _BD_LAT_DEG, lon - _BD_LON_DEG)
    return _undo(_shift_to_gcj02, gcj_lat, gcj_lon, lat, lon)


def _shift_to_gcj02(lat: Degrees, lon: Degrees) -> Pair:
    """Shift from WGS-84 to GCJ-02, everywhere."""
    y, x = lat - _CENTRE_LAT_DEG, lon - _CENTRE_LON_DEG
    ripple = 20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)
    north_m = (
        -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x))
        + (ripple + 20 * np.sin(np.pi * y) + 40 * np.sin(np.pi * y / 3)) * 2 / 3
        + (160 * np.sin(np.pi * y / 12) + 320 * np.sin(np.pi * y / 30)) * 2 / 3
    )  # fmt: skip
    east_m = (
        300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
        + (ripple + 20 * np.sin(np.pi * x) + 40 * np.sin(np.pi * x / 3)) * 2 / 3
        + (150 * np.sin(np.pi * x / 12) + 300 * np.sin(np.pi * x / 30)) * 2 / 3
    )  # fmt: skip
    curve = 1 - _ECCENTRICITY_2 * np.sin(np.radians(lat)) ** 2
    meridian_m = _AXIS_M * (1 - _ECCENTRICITY_2) / curve**1.5
    parallel_m = _AXIS_M / np.sqrt(curve) * np.cos(np.radians(lat))
    return lat + np.degrees(north_m / meridian_m), lon + np.degrees(east_m / parallel_m)


def _shift_gcj02_to_bd09(lat: Degrees, lon: Degrees) -> Pair:
    """Shift from GCJ-02 to BD-09, everywhere."""
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_TURN)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_TURN)
    return radius * np.sin(angle) + _BD_LAT_DEG, radius * np.cos(angle) + _BD_LON_DEG


def _shift_to_bd09(lat: Degrees, lon: Degrees) -> Pair:
    """Shift from WGS-84 to BD-09, everywhere."""
    return _shift_gcj02_to_bd09(*_shift_to_gcj02(lat, lon))


def _only_in_china(shift: Callable[[Degrees, Degrees], Pair], lat: Degrees, lon: Degrees) -> Pair:
    """Shift what lies in China."""
    inside = is_shifted(lat, lon)
    shifted_lat, shifted_lon = shift(lat, lon)
    return np.where(inside, shifted_lat, lat), np.where(inside, shifted_lon, lon)


def _iterate(
    shift: Callable[[Degrees, Degrees], Pair], lat: Degrees, lon: Degrees, first_lat: Degrees, first_lon: Degrees
) -> Pair:
    """Find what is shifted to (lat, lon), from a first guess: take off what the guess is shifted too far."""
    there_lat, there_lon = shift(first_lat, first_lon)
    found_lat, found_lon = first_lat - (there_lat - lat), first_lon - (there_lon - lon)
    for _ in range(ITERATIONS):
        there_lat, there_lon = shift(found_lat, found_lon)
        found_lat, found_lon = found_lat - (there_lat - lat), found_lon - (there_lon - lon)
    return found_lat, found_lon


def _undo(
    shift: Callable[[Degrees, Degrees], Pair], lat: Degrees, lon: Degrees, asked_lat: Degrees, asked_lon: Degrees
) -> Pair:
    """Take a shift off what came from China; what did not was never shifted and is given back as it was asked."""
    found_lat, found_lon = _iterate(shift, lat, lon, lat, lon)
    inside = is_shifted(found_lat, found_lon)
    return np.where(inside, found_lat, asked_lat), np.where(inside, found_lon, asked_lon)


_WAYS_THERE: Final[dict[CoordinateSystem, Callable[[Degrees, Degrees], Pair]]] = {
    CoordinateSystem.WGS_84: _same,
    CoordinateSystem.GCJ_02: _gcj02,
    CoordinateSystem.BD_09: _bd09,
}
_WAYS_BACK: Final[dict[CoordinateSystem, Callable[[Degrees, Degrees], Pair]]] = {
    CoordinateSystem.WGS_84: _same,
    CoordinateSystem.GCJ_02: _wgs84_of_gcj02,
    CoordinateSystem.BD_09: _wgs84_of_bd09,
}
