"""What the tables hold, in Python's own types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from dispatch.calendars.model import Calendars
from dispatch.domain.customer import Tier
from dispatch.domain.ticket import Grade
from dispatch.format.model import Deadline, Weights
from dispatch.policies.packs.model import Facts, Pack, Source
from dispatch.policies.packs.promises import Promise

PresetName = Literal["deadlines_first", "cost_first", "least_change"]
PRESETS: tuple[PresetName, ...] = ("deadlines_first", "cost_first", "least_change")

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence of a service standard; ``document`` is its number there."""

    document: str
    quote: str


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
    """What it costs to let down a customer of one tier with a ticket of one grade."""

    grade: Grade
    tier: Tier
    late_arrival: LatePrice
    late_resolution: LatePrice
    skip: SkipPrice


@dataclass(frozen=True, slots=True)
class Waiting:
    """From how many hours between the day's end and the deadline on a ticket costs so many hundredths of its price to leave."""

    slack_h: int
    percent: int
    source: Source


@dataclass(frozen=True, slots=True)
class Table:
    """A row for each grade and tier, what waiting takes off, and the clauses that they name.

    ``waiting`` begins with 0 hours and 100 hundredths; hours rise, hundredths fall.
    """

    clauses: Mapping[str, Clause]
    rows: Mapping[tuple[Grade, Tier], Row]
    waiting: tuple[Waiting, ...]


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
class Case:
    """What policies know of a ticket besides the request.

    Parameters
    ----------
    facts
        What prices depend on.
    promise
        Until when one arrives and has resolved: a person's word, else the pack's (:mod:`dispatch.policies.packs.promises`).
    day_ends_at
        When the day that is planned is over.
    """

    facts: Facts
    promise: Promise
    day_ends_at: datetime


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that policies read: prices, what comes first, the pack in use, and which hours are worked."""

    table: Table
    preset: Preset
    pack: Pack
    calendars: Calendars

    def row_of(self, facts: Facts) -> Row:
        """Return what letting a ticket down costs."""
        return self.table.rows[facts.grade, facts.tier]

    def arrival_of(self, case: Case) -> Deadline | None:
        """Return the deadline for arriving with its prices under the preset; None: nothing was promised."""
        return self._deadline(case.promise.arrive_by, self.row_of(case.facts).late_arrival)

    def resolution_of(self, case: Case) -> Deadline | None:
        """Return the deadline for resolving with its prices under the preset; None: nothing was promised."""
        return self._deadline(case.promise.resolve_by, self.row_of(case.facts).late_resolution)

    def _deadline(self, by: datetime | None, price: LatePrice) -> Deadline | None:
        if by is None:
            return None
        cost, cost_per_h = (
            (cny * self.preset.late_factor).quantize(CENT, ROUND_HALF_UP) for cny in (price.cost, price.cost_per_h)
        )
        return Deadline(by, cost, cost_per_h)

    def skip(self, cost: Decimal) -> Decimal:
        """Return a price of leaving out under the preset."""
        return (cost * self.preset.skip_factor).quantize(CENT, ROUND_HALF_UP)

    def wait(self, cost: Decimal, slack: timedelta) -> Decimal:
        """Return what leaving out costs when so much time lies between the day's end and the deadline.

        Examples
        --------
        >>> from dispatch.policies.tables.read import get_book
        >>> book = get_book("least_change")
        >>> [str(book.wait(Decimal(220), timedelta(hours=hours))) for hours in (-1, 23, 24, 72)]
        ['220.00', '220.00', '165.00', '110.00']
        """
        percent = self.table.waiting[0].percent
        for step in self.table.waiting:
            if slack >= timedelta(hours=step.slack_h):
                percent = step.percent
        return (cost * percent / 100).quantize(CENT, ROUND_HALF_UP)
