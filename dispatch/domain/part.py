"""Spare parts and the depots that have them: what is in stock, what is on its way, what is lent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dispatch.domain.checks import LARGEST, check_order, check_record
from dispatch.domain.errors import ImpossibleRecord
from dispatch.domain.place import Point

WEEKDAYS: Final = (1, 2, 3, 4, 5, 6, 7)
"""ISO numbers: Monday is 1."""


@dataclass(frozen=True, slots=True)
class Part:
    """A kind of spare part 备件; ``substitutes`` are ids of parts that may be used up in its stead, one for one."""

    id: str
    name: str = ""
    substitutes: tuple[str, ...] = ()
    version: int = 0

    def __post_init__(self) -> None:
        check_record(self)
        if self.id in self.substitutes:
            raise ImpossibleRecord("Part.substitutes", ("应为其他备件", "other parts"), self.id)


@dataclass(frozen=True, slots=True)
class Opening:
    """Hours in which a depot hands out parts, both ends included, by the region's clocks."""

    from_clock: time
    to_clock: time
    weekdays: tuple[int, ...] = WEEKDAYS

    def __post_init__(self) -> None:
        check_order(self, "from_clock", "to_clock")
        if not set(self.weekdays) <= set(WEEKDAYS):
            raise ImpossibleRecord("Opening.weekdays", ("应为 1 至 7", "from 1 to 7"), list(self.weekdays))


@dataclass(frozen=True, slots=True)
class Delivery:
    """Parts that come to a depot; they can be had from ``at`` on."""

    part_id: str
    quantity: int
    at: datetime

    def __post_init__(self) -> None:
        check_record(self, quantity=(1, LARGEST))


@dataclass(frozen=True, slots=True)
class Depot:
    """A stock point 备件库 of a region.

    Parameters
    ----------
    point
        Where; None: nobody has found it, and nobody is sent there.
    openings
        When parts are handed out; none: never.
    handling_s
        How long a call takes, whatever is taken.
    stock
        Part to quantity, as it was last counted.
    deliveries
        What is on its way, in the order of time.
    tools
        Tool to how many can be lent on a day.

    Examples
    --------
    >>> Depot("CK1", "hz", "城北", stock={"KT-101": -1})
    Traceback (most recent call last):
        ...
    dispatch.domain.errors.ImpossibleRecord: Depot.stock must be from 0 to 2147483647, got -1
    """

    id: str
    region_id: str
    name: str
    address: str = ""
    point: Point | None = None
    openings: tuple[Opening, ...] = ()
    handling_s: int = 600
    stock: Mapping[str, int] = field(default_factory=dict)
    deliveries: tuple[Delivery, ...] = ()
    tools: Mapping[str, int] = field(default_factory=dict)
    version: int = 0

    def __post_init__(self) -> None:
        check_record(self, handling_s=(0, LARGEST))
        check_quantities("Depot.stock", self.stock)
        check_quantities("Depot.tools", self.tools)

    def hours_on(self, day: date, zone: ZoneInfo) -> Iterable[tuple[datetime, datetime]]:
        """Yield the spans in which the depot is open on a day, by the zone's clocks."""
        for opening in self.openings:
            if day.isoweekday() in opening.weekdays:
                yield (
                    datetime.combine(day, opening.from_clock, zone),
                    datetime.combine(day, opening.to_clock, zone),
                )


def check_quantities(name: str, quantities: Mapping[str, int]) -> None:
    """Refuse a quantity below 0 or too large."""
    for quantity in quantities.values():
        if not 0 <= quantity <= LARGEST:
            raise ImpossibleRecord(name, (f"应为 0 至 {LARGEST}", f"from 0 to {LARGEST}"), quantity)


def days_between(first: date, last: date) -> Iterable[date]:
    """Yield the days from one to another, both included."""
    day = first
    while day <= last:
        yield day
        day += timedelta(days=1)
