"""Legs of an invented city: straight lines with a detour, slowed by peaks, in whole seconds from the first midnight.

The arithmetic is that of the planning format, literal and exact; it serves one request of the model ``great_circle``.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from math import asin, ceil, cos, radians, sin, sqrt

from dispatch.format.model import GreatCircle, Request

DAY_S = 86_400
SECOND = timedelta(seconds=1)
EARTH_RADIUS_M = 6_371_008.8
"""The mean radius that the planning format fixes."""


class Roads:
    """Answer how long and how far it is between the locations of a request.

    Parameters
    ----------
    request
        Its ``travel`` is :class:`~dispatch.format.model.GreatCircle`.
    days
        For how many days from ``midnight`` on peaks are known; one more is added.
    """

    def __init__(self, request: Request, midnight: datetime, days: int) -> None:
        travel = request.travel
        if not isinstance(travel, GreatCircle):
            message = "travel must be great_circle, got a matrix"
            raise TypeError(message)
        self.midnight = midnight
        self._travel = travel
        self._points = {place.id: (place.lat, place.lon) for place in request.locations}
        self._known: dict[tuple[str, str], int] = {}
        self._free_s: dict[tuple[int, Decimal], int] = {}
        self._peaks = sorted(
            (day * DAY_S + _of_day_s(peak.from_), day * DAY_S + _of_day_s(peak.to), Fraction(peak.factor))
            for day in range(days + 1)
            for peak in travel.peaks
            if (midnight + timedelta(days=day)).isoweekday() in peak.weekdays
        )

    def to_s(self, moment: datetime) -> int:
        """Give the seconds from midnight of the first day."""
        return (moment - self.midnight) // SECOND

    def to_moment(self, at_s: int) -> datetime:
        """Give the moment of some seconds from midnight of the first day."""
        return self.midnight + at_s * SECOND

    def metres(self, origin: str, destination: str) -> int:
        """Give the whole metres of a leg."""
        if origin == destination:
            return 0
        key = (origin, destination)
        if key not in self._known:
            straight_m = _straight_m(self._points[origin], self._points[destination])
            self._known[key] = round(straight_m * float(self._travel.detour))
        return self._known[key]

    def leg_s(self, origin: str, destination: str, speed_factor: Decimal, leave_s: int) -> int:
        """Give the whole seconds of a leg that leaves at ``leave_s``."""
        metres = self.metres(origin, destination)
        if metres == 0:
            return 0
        key = (metres, speed_factor)
        if key not in self._free_s:
            free_s = Fraction(metres) * 18 / 5 / Fraction(self._travel.speed_kmh) * Fraction(speed_factor)
            self._free_s[key] = ceil(free_s)
        return self._through_peaks_s(leave_s, self._free_s[key])

    def _through_peaks_s(self, leave_s: int, free_s: int) -> int:
        if all(end_s <= leave_s or begin_s >= leave_s + free_s for begin_s, end_s, _ in self._peaks):
            return free_s
        at_s, left_s = Fraction(leave_s), Fraction(free_s)
        for begin_s, end_s, factor in self._peaks:
            if end_s <= at_s:
                continue
            if begin_s > at_s:
                if left_s <= begin_s - at_s:
                    break
                left_s -= begin_s - at_s
                at_s = Fraction(begin_s)
            inside_s = (end_s - at_s) / factor
            if left_s <= inside_s:
                left_s *= factor
                break
            left_s -= inside_s
            at_s = Fraction(end_s)
        return ceil(at_s + left_s) - leave_s


def _straight_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    lat_a, lat_b = radians(one[0]), radians(other[0])
    chord = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin(radians(other[1] - one[1]) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))


def _of_day_s(clock: time) -> int:
    return clock.hour * 3600 + clock.minute * 60 + clock.second
