"""What the tables hold, in Python's own types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from dispatch.domain.customer import Tier
from dispatch.domain.ticket import Grade
from dispatch.format.model import Weights

GRADES, TIERS = tuple(Grade), tuple(Tier)
"""Most urgent and best first."""

Unit = Literal["min", "h", "working_days"]
UNITS: tuple[Unit, ...] = ("min", "h", "working_days")

Basis = Literal["stated", "derived", "ours"]
BASES: tuple[Basis, ...] = ("stated", "derived", "ours")
"""A clause states the value; it follows from one that speaks of another clock; or a clause asks for it and names no number."""

PresetName = Literal["deadlines_first", "cost_first", "least_change"]
PRESETS: tuple[PresetName, ...] = ("deadlines_first", "cost_first", "least_change")

IsWorkingDay = Callable[[date], bool]
"""Says whether a date is worked, with public holidays and make-up days where the caller knows them."""

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence of a service standard; ``document`` is its number there."""

    document: str
    quote: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from: a clause of the table, and how."""

    clause: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Limit:
    """How long after the report something has to happen at the latest; ``within`` is at least 1."""

    within: int
    unit: Unit
    source: Source

    @property
    def least_s(self) -> int:
        """Return the seconds it lasts when every day is worked: what limits are compared by."""
        return self.within * {"min": 60, "h": 3600, "working_days": 86400}[self.unit]


@dataclass(frozen=True, slots=True)
class LatePrice:
    """CNY at once, and for each hour late."""

    cost: Decimal
    cost_per_h: Decimal
    source: Source


@dataclass(frozen=True, slots=True)
class SkipPrice:
    """CNY for leaving a ticket out of a plan."""

    cost: Decimal
    source: Source


@dataclass(frozen=True, slots=True)
class Row:
    """What a ticket of one grade and one tier is entitled to."""

    grade: Grade
    tier: Tier
    arrive: Limit
    resolve: Limit
    late_arrival: LatePrice
    late_resolution: LatePrice
    skip: SkipPrice


@dataclass(frozen=True, slots=True)
class Table:
    """A row for each grade and tier, and the clauses that they name."""

    clauses: Mapping[str, Clause]
    rows: Mapping[tuple[Grade, Tier], Row]


@dataclass(frozen=True, slots=True)
class Preset:
    """What comes first: weights, and factors on the table's prices.

    Parameters
    ----------
    name, title_zh, title_en
        For programs and for people.
    weights
        All prices of the objective.
    late_factor, skip_factor
        Multiply the prices of being late and of leaving out, to the cent, half up.
    clauses, sources
        Where each value comes from, by the name of its key.
    """

    name: PresetName
    title_zh: str
    title_en: str
    weights: Weights
    late_factor: Decimal
    skip_factor: Decimal
    clauses: Mapping[str, Clause]
    sources: Mapping[str, Source]


@dataclass(frozen=True, slots=True)
class Facts:
    """What policies need to know of a ticket besides the request; ``reported_at`` has the zone of its site."""

    grade: Grade
    tier: Tier
    reported_at: datetime


def is_weekday(day: date) -> bool:
    """Tell Monday to Friday from the rest: working days without public holidays and make-up days.

    Examples
    --------
    >>> is_weekday(date(2026, 11, 27)), is_weekday(date(2026, 11, 28))
    (True, False)
    """
    return day.isoweekday() <= 5  # noqa: PLR2004 - Friday


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that policies read: limits and prices, what comes first, and which days are worked."""

    table: Table
    preset: Preset
    is_working_day: IsWorkingDay = is_weekday

    def row_of(self, facts: Facts) -> Row:
        """Return what a ticket is entitled to."""
        return self.table.rows[facts.grade, facts.tier]

    def late(self, cost: Decimal) -> Decimal:
        """Return a price of being late under the preset."""
        return (cost * self.preset.late_factor).quantize(CENT, ROUND_HALF_UP)

    def skip(self, cost: Decimal) -> Decimal:
        """Return a price of leaving out under the preset."""
        return (cost * self.preset.skip_factor).quantize(CENT, ROUND_HALF_UP)
