"""What the sets have in common: how their plain numbers become whole seconds, whole metres and moments."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from benchmarks.families import PLAIN_WEIGHTS
from dispatch.format.model import ZERO, Interval, Location, Matrix, Plan

START = datetime(2026, 1, 5, tzinfo=timezone(timedelta(hours=8)))
"""Moment 0 of every instance."""

NOISE = 1e-7
"""What a product of a distance and a scale may be off by in float64; legs that are whole numbers must stay so."""

DEGREES_PER_UNIT = 0.001
"""Where points are put on the map: about 100 m a unit. Travel comes from tables, not from there."""

NO_PRICES = replace(PLAIN_WEIGHTS, travel_per_h=ZERO)

Route = tuple[int, tuple[int, ...]]
"""A worker's number and the numbers of the stops between start and end; 0 is the depot."""

DEPOT = 0


@dataclass(frozen=True, slots=True)
class Measure:
    """How many seconds and metres of the format one unit of an instance is.

    What is lost: a leg's seconds are rounded up, so that what the format allows is possible in the instance as well; a tour with legs
    of irrational length may be held to be late by up to one second a leg. Metres are rounded to the nearest.
    """

    unit_s: int
    unit_m: int = 1_000

    def moment(self, value: float) -> datetime:
        """Return the moment of a time of the instance, the next whole second."""
        return START + timedelta(seconds=self.seconds(value))

    def window(self, first: float, last: float) -> Interval:
        """Return a window of the instance, rounded inwards."""
        return self.moment(first), START + timedelta(seconds=math.floor(last * self.unit_s + NOISE))

    def seconds(self, value: float) -> int:
        """Return a duration or leg of the instance as whole seconds, rounded up."""
        return math.ceil(value * self.unit_s - NOISE)

    def units(self, moment: datetime) -> float:
        """Return the time of the instance at a moment."""
        return (moment - START).total_seconds() / self.unit_s

    def per_h(self, cny_per_unit: int = 1) -> Decimal:
        """Return a price of ``cny_per_unit`` CNY a unit of time as CNY an hour.

        Raises
        ------
        ValueError
            If that has more than two decimals, which the format does not take.
        """
        price = Decimal(3600 * cny_per_unit) / self.unit_s
        if price != price.quantize(Decimal("0.01")):
            raise ValueError(f"{cny_per_unit} CNY for {self.unit_s} s must be whole cents an hour, got {price}")
        return price

    def per_km(self, cny_per_unit: int = 1) -> Decimal:
        """Return a price of ``cny_per_unit`` CNY a unit of distance as CNY a kilometre."""
        return Decimal(1000 * cny_per_unit) / self.unit_m

    def table(
        self, points: Sequence[tuple[float, float]], distance: Callable[[int, int], float] | None = None
    ) -> Matrix:
        """Make tables of legs between points: straight lines at speed 1, or what ``distance`` says for two rows."""
        if distance is None:

            def distance(origin: int, destination: int) -> float:
                return math.dist(points[origin], points[destination])

        rows = range(len(points))
        lengths = [
            [distance(origin, destination) if origin != destination else 0.0 for destination in rows] for origin in rows
        ]
        return Matrix(
            seconds=tuple(tuple(self.seconds(length) for length in line) for line in lengths),
            metres=tuple(tuple(round(length * self.unit_m) for length in line) for line in lengths),
        )


def list_places(points: Sequence[tuple[float, float]]) -> tuple[Location, ...]:
    """List a location for each point, its number as its id."""
    return tuple(
        Location(str(row), round(30 + y * DEGREES_PER_UNIT, 6), round(120 + x * DEGREES_PER_UNIT, 6))
        for row, (x, y) in enumerate(points)
    )


def routes_of(plan: Plan) -> list[Route]:
    """Read the routes off a plan: who goes where, in order; a pick-up is a visit to the depot."""
    return [
        (
            int(route.engineer),
            tuple(
                DEPOT if stop.kind == "pickup" else int(stop.ticket or 0)
                for stop in route.stops
                if stop.kind in {"visit", "pickup"}
            ),
        )
        for route in plan.routes
    ]
