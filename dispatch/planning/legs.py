"""Ways between places as whole seconds and metres: tables or coordinates, speed classes, peaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import lcm

import numpy as np
from numpy.typing import NDArray

from dispatch.format.model import GreatCircle, Location, Matrix, Peak, Request, Travel
from dispatch.rulebook.visits import whole_s
from solver.problem import EARTH_RADIUS_M, I32, I64, NO_WAY, TABLE_PLACES_MAX, Peaks, Sphere, Tables

TABLE_CELLS_MAX = 1 << 26
"""Up to so many leg seconds are held in tables when they can be computed as well: 256 MB."""

LEG_MAX = (1 << 31) - 1
"""Seconds or metres of the longest leg that a table holds."""

_SAFE = 1 << 62
_FIXED_UNIT = 1 << 30  # of progress, where exact units would not fit: relative error below one in a billion
_MS_PER_KMH = Fraction(36, 10)  # seconds = metres × 3.6 ÷ speed in km/h


class TooFar(ValueError):  # noqa: N818 - it is the leg that is too far
    """A leg that does not fit 31 bits of seconds or metres; ``worst`` says how large it would be."""

    def __init__(self, worst: int, unit: str) -> None:
        """Take the size and unit of the leg."""
        self.worst, self.unit = worst, unit
        super().__init__(f"a leg of {worst} {unit}")


@dataclass(frozen=True, slots=True)
class KnownLegs:
    """Legs that were lowered before, and what they were lowered from: places in their order, and speed classes."""

    travel: Travel
    points: tuple[Location, ...]
    speed_factors: tuple[Decimal, ...]
    legs: Tables | Sphere


def lower_legs(
    request: Request, places: Sequence[int], speed_factors: Sequence[Decimal], known: KnownLegs | None = None
) -> Tables | Sphere:
    """Lower the travel between some locations.

    Parameters
    ----------
    request
        What is lowered.
    places
        Rows of ``request.locations``, one for each place.
    speed_factors
        One for each speed class.
    known
        What was lowered before: the very same tables are returned where nothing differs; between points that were there already
        straight lines are not computed again. Another table of travel is read anew.

    Returns
    -------
    Tables | Sphere
        Tables for a matrix, and for up to :data:`~solver.problem.TABLE_PLACES_MAX` places (fewer if there are so many
        speed classes that the tables would exceed :data:`TABLE_CELLS_MAX` cells); coordinates otherwise.

    Raises
    ------
    TooFar
        If a leg is longer than :data:`LEG_MAX` seconds or metres.
    """
    travel = request.travel
    points = [request.locations[row] for row in places]
    if known is not None and _is_same(known, travel, points, speed_factors):
        return known.legs
    if isinstance(travel, Matrix):
        return _from_matrix(travel, places, [Fraction(factor) for factor in speed_factors])
    sphere = _sphere(points, travel, speed_factors)
    cells = len(places) ** 2 * len(speed_factors)
    if len(places) <= TABLE_PLACES_MAX and cells <= TABLE_CELLS_MAX:
        return _tables(sphere, _known_metres(known, travel, points))
    reach_rad = min(np.pi, float(np.ptp(sphere.lat_rad) + np.ptp(sphere.lon_rad)))
    _require_short(round(reach_rad * EARTH_RADIUS_M * sphere.detour) + 1, sphere)
    return sphere


def cut_legs(legs: Tables | Sphere, places: Sequence[int]) -> Tables | Sphere:
    """Return the legs between some places, in that order."""
    keep = np.array(places, np.intp)
    if isinstance(legs, Sphere):
        return replace(legs, lat_rad=legs.lat_rad[keep], lon_rad=legs.lon_rad[keep])
    return Tables(legs.leg_s.take(keep, axis=1).take(keep, axis=2), legs.leg_m.take(keep, axis=0).take(keep, axis=1))


def _sphere(locations: Sequence[Location], travel: GreatCircle, speed_factors: Sequence[Decimal]) -> Sphere:
    """Hold coordinates and each speed class as a reduced fraction of seconds per metre."""
    rates = [_MS_PER_KMH * Fraction(factor) / Fraction(travel.speed_kmh) for factor in speed_factors]
    return Sphere(
        lat_rad=np.radians(np.array([location.lat for location in locations], np.float64)),
        lon_rad=np.radians(np.array([location.lon for location in locations], np.float64)),
        detour=float(travel.detour),
        speed_num=np.array([rate.numerator for rate in rates], np.int64),
        speed_den=np.array([rate.denominator for rate in rates], np.int64),
    )


def _is_same(known: KnownLegs, travel: Travel, points: Sequence[Location], speed_factors: Sequence[Decimal]) -> bool:
    """Tell whether legs between the same places, at the same speeds, are known; of tables of travel only within the same locations."""
    if tuple(speed_factors) != known.speed_factors or not _is_same_travel(known.travel, travel):
        return False
    if isinstance(travel, Matrix):
        return known.points == tuple(points)
    return [(one.lat, one.lon) for one in known.points] == [(one.lat, one.lon) for one in points]


def _is_same_travel(one: Travel, other: Travel) -> bool:
    """Tell whether legs are the same but for peaks."""
    return one is other or replace(one, peaks=()) == replace(other, peaks=())


def _known_metres(
    known: KnownLegs | None, travel: GreatCircle, points: Sequence[Location]
) -> tuple[I32, NDArray[np.intp]] | None:
    """Return known metres, and for each place its row in them or −1; None: none are known."""
    if known is None or not isinstance(known.legs, Tables) or not isinstance(known.travel, GreatCircle):
        return None
    if known.travel.detour != travel.detour:
        return None
    row_of = {(point.lat, point.lon): row for row, point in enumerate(known.points)}
    return known.legs.leg_m, np.array([row_of.get((point.lat, point.lon), -1) for point in points], np.intp)


def _tables(sphere: Sphere, known: tuple[I32, NDArray[np.intp]] | None) -> Tables:
    """Compute every leg between coordinates, a few origins at a time; those between places that are known are taken over."""
    n_places, n_speeds = len(sphere.lat_rad), len(sphere.speed_num)
    if known is None:
        leg_m, fresh = np.empty((n_places, n_places), np.int32), np.arange(n_places)
    else:
        leg_m, fresh = known[0].take(known[1], axis=0).take(known[1], axis=1), np.flatnonzero(known[1] < 0)
    cos_lat = np.cos(sphere.lat_rad)
    for low in range(0, len(fresh), 256):
        rows = fresh[low : low + 256]
        half_lat = np.sin((sphere.lat_rad[None, :] - sphere.lat_rad[rows, None]) / 2)
        half_lon = np.sin((sphere.lon_rad[None, :] - sphere.lon_rad[rows, None]) / 2)
        square = half_lat * half_lat + cos_lat[rows, None] * cos_lat[None, :] * (half_lon * half_lon)
        metres = np.rint(2 * EARTH_RADIUS_M * np.arcsin(np.minimum(1.0, np.sqrt(square))) * sphere.detour)
        _require_short(int(metres.max(initial=0.0)), sphere)
        leg_m[rows] = metres
        if known is not None:
            leg_m[:, rows] = leg_m[rows].T
    _require_short(int(leg_m.max(initial=0)), sphere)
    whole_m = leg_m.astype(np.int64)
    leg_s = np.empty((n_speeds, n_places, n_places), np.int32)
    for speed in range(n_speeds):
        leg_s[speed] = -((-whole_m * sphere.speed_num[speed]) // sphere.speed_den[speed])
    return Tables(leg_s, leg_m)


def _require_short(worst_m: int, sphere: Sphere) -> None:
    """Refuse coordinates and speeds whose longest leg is too long, before anything overflows."""
    if worst_m > LEG_MAX:
        raise TooFar(worst_m, "m")
    for num, den in zip(sphere.speed_num.tolist(), sphere.speed_den.tolist(), strict=True):
        if -(-worst_m * num // den) > LEG_MAX or worst_m * num >= _SAFE:
            raise TooFar(-(-worst_m * num // den), "s")


def _from_matrix(travel: Matrix, places: Sequence[int], factors: Sequence[Fraction]) -> Tables:
    """Take rows and columns of a matrix and stretch its seconds for each speed class."""
    keep = np.array(places, np.intp)
    seconds = _grid(travel.seconds, keep)
    metres = _grid(travel.metres, keep)
    no_way = (seconds < 0) | (metres < 0)
    at_once = keep[:, None] == keep[None, :]  # a depot's place and that of a visit there are one location
    no_way[at_once] = False
    for grid in (seconds, metres):
        grid[at_once] = 0
        grid[no_way] = 0
    if int(metres.max(initial=0)) > LEG_MAX:
        raise TooFar(int(metres.max()), "m")
    leg_s = np.empty((len(factors), len(keep), len(keep)), np.int32)
    longest_s = int(seconds.max(initial=0))
    for speed, factor in enumerate(factors):
        if -(-longest_s * factor.numerator // factor.denominator) > LEG_MAX:
            raise TooFar(-(-longest_s * factor.numerator // factor.denominator), "s")
        leg_s[speed] = -((-seconds * factor.numerator) // factor.denominator)
        leg_s[speed][no_way] = NO_WAY
    return Tables(leg_s, metres.astype(np.int32))


def _grid(rows: Sequence[Sequence[int | None]], keep: np.ndarray[tuple[int], np.dtype[np.intp]]) -> I64:
    """Return some rows and columns as int64, -1 where there is no way."""
    grid = np.empty((len(keep), len(keep)), np.int64)
    for row, origin in enumerate(keep.tolist()):
        line = rows[origin]
        grid[row] = np.array([-1 if value is None else min(value, _SAFE) for value in line], np.int64)[keep]
    return grid


# ------------------------------------------------------------------------------------------------------------- peaks


def lower_peaks(now: datetime, peaks: Sequence[Peak], spans_s: Sequence[tuple[int, int]], longest_s: int) -> Peaks:
    """Lower daily peaks to a list of speeds over the horizon.

    Parameters
    ----------
    now
        Start of the horizon; its offset is the local time of the peaks.
    peaks
        Daily peaks, disjoint.
    spans_s
        From and to of everything that can happen, seconds from ``now``; outside, journeys advance freely.
    longest_s
        Seconds of the longest free leg.

    Notes
    -----
    Progress is exact in units of the least common multiple of the factors' numerators. Where that would not fit 62 bits
    (many odd factors), it is held in fixed point, peaks a trifle slower than told: arrivals are then at most 1 s late.
    """
    if not peaks or not spans_s:
        return Peaks()
    intervals = _clock_of(now, peaks, spans_s)
    first_s = min([span[0] for span in spans_s] + [low for low, _, _ in intervals]) - 1
    last_s = max([span[1] for span in spans_s] + [high for _, high, _ in intervals])
    factors = [Fraction(factor) for _, _, factor in intervals]
    unit = lcm(1, *(factor.numerator for factor in factors))
    if unit * (last_s - first_s + longest_s + 1) >= _SAFE:
        unit = _FIXED_UNIT
    clock, rates = [first_s], [unit]
    for (low, high, _), factor in zip(intervals, factors, strict=True):
        rate = unit * factor.denominator // factor.numerator
        if clock[-1] == low:
            rates[-1] = rate
        else:
            clock.append(low)
            rates.append(rate)
        clock.append(high)
        rates.append(unit)
    clock_s, rate_units = np.array(clock, np.int64), np.array(rates, np.int64)
    progress = np.zeros(len(clock), np.int64)
    np.cumsum(np.diff(clock_s) * rate_units[:-1], out=progress[1:])
    return Peaks(clock_s, progress, rate_units, unit)


def _clock_of(
    now: datetime, peaks: Sequence[Peak], spans_s: Sequence[tuple[int, int]]
) -> list[tuple[int, int, Decimal]]:
    """Return (from, to, factor) of each peak that a span touches, in seconds from now, sorted."""
    days: set[date] = set()
    for low, high in spans_s:
        day, last = (now + timedelta(seconds=low)).date(), (now + timedelta(seconds=high)).date()
        days.add(day - timedelta(days=1))
        while day <= last:
            days.add(day)
            day += timedelta(days=1)
    found = []
    for day in days:
        for peak in peaks:
            if day.isoweekday() in peak.weekdays and peak.factor > 1:
                begin = datetime.combine(day, peak.from_, now.tzinfo)
                end = datetime.combine(day, peak.to, now.tzinfo)
                if end <= begin:
                    end += timedelta(days=1)
                found.append((whole_s(now, begin), whole_s(now, end), peak.factor))
    return sorted(found)
