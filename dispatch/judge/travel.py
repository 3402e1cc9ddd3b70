"""How long and how far a leg is: straight lines or tables, a slower engineer, and the day's peaks.

Everything but the great circle itself is exact. A leg of *w* seconds that meets peaks of factor *f* advances *1/f*
seconds of it for each second inside the peak, so it never helps to leave later (Ichoua, Gendreau and Potvin 2003,
https://doi.org/10.1016/S0377-2217(02)00147-9).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from decimal import Decimal
from fractions import Fraction
from math import asin, ceil, cos, radians, sin, sqrt

from dispatch.format.model import GreatCircle, Location, Matrix, Peak
from dispatch.judge.findings import Findings
from dispatch.judge.routes import ResolvedRoute
from dispatch.judge.world import DAY_S, World

EARTH_RADIUS_M = 6_371_008.8
"""The mean radius that the format fixes."""
KMH_PER_M_S = Fraction(36, 10)
WEEK_S = 7 * DAY_S
FORGIVEN_S = 1
FORGIVEN_M = 1


def haversine_m(origin: Location, destination: Location) -> float:
    """Measure the great circle between two points, metres.

    Examples
    --------
    >>> round(haversine_m(Location("a", 0.0, 0.0), Location("b", 0.0, 1.0)))
    111195
    """
    lat_a, lat_b = radians(origin.lat), radians(destination.lat)
    half_lat = (lat_b - lat_a) / 2
    half_lon = radians(destination.lon - origin.lon) / 2
    chord = sin(half_lat) ** 2 + cos(lat_a) * cos(lat_b) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))


def _of_day_s(at: time) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second


def _lasts_s(peak: Peak) -> int:
    """Give how long a peak lasts; one that ends before it begins passes midnight."""
    return (_of_day_s(peak.to) - _of_day_s(peak.from_)) % DAY_S


class Travel:
    """Answer for each leg what the request's ``travel`` gives."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.model = world.request.travel
        self.peaks_by_weekday: list[list[Peak]] = [
            [peak for peak in self.model.peaks if weekday in peak.weekdays] for weekday in range(1, 8)
        ]
        self.has_peaks = any(self.peaks_by_weekday)
        self.week_way_s = WEEK_S - sum(
            ((_lasts_s(peak) * (1 - 1 / Fraction(peak.factor))) for day in self.peaks_by_weekday for peak in day),
            start=Fraction(0),
        )

    def metres(self, origin: str, destination: str) -> int | None:
        """Give the metres of a leg between two known locations; None: there is no way."""
        if origin == destination:
            return 0
        row, column = self.world.location_row[origin], self.world.location_row[destination]
        if isinstance(self.model, Matrix):
            return self.model.metres[row][column]
        return round(self._raw_metres(self.model, row, column))

    def free_s(self, origin: str, destination: str, speed_factor: Decimal) -> Fraction | None:
        """Give the exact seconds of a leg that meets no peak, from whole metres; None: there is no way."""
        if origin == destination:
            return Fraction(0)
        row, column = self.world.location_row[origin], self.world.location_row[destination]
        if isinstance(self.model, Matrix):
            table_s = self.model.seconds[row][column]
            return None if table_s is None else Fraction(table_s) * Fraction(speed_factor)
        metres = Fraction(round(self._raw_metres(self.model, row, column)))
        return metres * KMH_PER_M_S / Fraction(self.model.speed_kmh) * Fraction(speed_factor)

    def leg_s(self, origin: str, destination: str, speed_factor: Decimal, leave_s: int) -> int | None:
        """Give the whole seconds of a leg that leaves at ``leave_s``; None: there is no way.

        The seconds without peaks are rounded up, then the arrival through the peaks.
        """
        free_s = self.free_s(origin, destination, speed_factor)
        return None if free_s is None else self.arrival_s(leave_s, Fraction(ceil(free_s))) - leave_s

    def readings_s(self, origin: str, destination: str, speed_factor: Decimal, leave_s: int) -> tuple[int, int]:
        """Give the least and the most seconds that a careful reader of the format can get for a leg that exists.

        The readings differ in whether seconds come from whole or from unrounded metres, and in whether they are
        rounded up before they meet the peaks.
        """
        exact = [self.free_s(origin, destination, speed_factor) or Fraction(0)]
        if isinstance(self.model, GreatCircle) and origin != destination:
            row, column = self.world.location_row[origin], self.world.location_row[destination]
            raw_m = Fraction(self._raw_metres(self.model, row, column))
            exact.append(raw_m * KMH_PER_M_S / Fraction(self.model.speed_kmh) * Fraction(speed_factor))
        exact += [Fraction(ceil(free_s)) for free_s in exact]
        arrivals = [self.arrival_s(leave_s, free_s) - leave_s for free_s in exact]
        return min(arrivals), max(arrivals)

    def arrival_s(self, leave_s: int, free_s: Fraction) -> int:
        """Follow a journey of ``free_s`` seconds through the peaks and give its arrival, rounded up.

        Parameters
        ----------
        leave_s
            Departure, seconds since 1970 UTC.
        free_s
            What the journey would take outside all peaks, exact.
        """
        if not self.has_peaks:
            return ceil(leave_s + free_s)
        weeks = free_s // self.week_way_s  # peaks repeat each week: whole weeks need not be followed
        at_s, left_s = leave_s + Fraction(weeks * WEEK_S), free_s - weeks * self.week_way_s
        peaks = self._peaks_from(leave_s + weeks * WEEK_S)
        while True:
            begin_s, end_s, factor = next(peaks)
            if at_s < begin_s:
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
        return ceil(at_s + left_s)

    def _raw_metres(self, model: GreatCircle, row: int, column: int) -> float:
        locations = self.world.request.locations
        return haversine_m(locations[row], locations[column]) * float(model.detour)

    def _peaks_from(self, moment_s: int) -> Iterator[tuple[int, int, Fraction]]:
        """Yield begin, end and factor of the peaks that end after a moment, in order of time, without end."""
        day = self.world.local_day(moment_s) - 1
        while True:
            midnight_s = day * DAY_S - self.world.offset_s
            spans = []
            for peak in self.peaks_by_weekday[(day + 3) % 7]:  # 1970-01-01 was a Thursday
                begin_s = midnight_s + _of_day_s(peak.from_)
                spans.append((begin_s, begin_s + _lasts_s(peak), Fraction(peak.factor)))
            yield from sorted(span for span in spans if span[1] > moment_s)
            day += 1


def check_travel(travel: Travel, routes: list[ResolvedRoute], findings: Findings) -> None:
    """Compare each stated leg with what ``travel`` gives for its departure; 1 s and 1 m are forgiven.

    The start has no leg: its stated travel must be zero.
    """
    known = travel.world.location_row
    for route in routes:
        first = route.stops[0]
        if first.stop.travel_s or first.stop.travel_m:
            findings.add("travel", first.path, "No travel leads to the start of a route; travel_s and travel_m are 0.")
        for before, here in zip(route.stops, route.stops[1:], strict=False):
            origin, destination = before.stop.location, here.stop.location
            if origin not in known or destination not in known:
                continue
            factor = route.engineer.speed_factor
            metres = travel.metres(origin, destination)
            expected_s = travel.leg_s(origin, destination, factor, before.leave_s)
            if metres is None or expected_s is None:
                findings.add("travel", here.path, f"There is no way from {origin} to {destination}.")
                continue
            if abs(here.stop.travel_s - expected_s) > FORGIVEN_S:
                least_s, most_s = travel.readings_s(origin, destination, factor, before.leave_s)
                if not least_s - FORGIVEN_S <= here.stop.travel_s <= most_s + FORGIVEN_S:
                    left = travel.world.clock(before.leave_s)
                    findings.add(
                        "travel",
                        f"{here.path}.travel_s",
                        f"From {origin} to {destination}, leaving at {left}, takes {expected_s} s, "
                        f"not {here.stop.travel_s} s.",
                    )
            if abs(here.stop.travel_m - metres) > FORGIVEN_M:
                findings.add(
                    "travel",
                    f"{here.path}.travel_m",
                    f"From {origin} to {destination} is {metres} m, not {here.stop.travel_m} m.",
                )
