"""What importers give: rows that were read, not yet looked up, promised or stored.

Every draft knows its ``line`` and the ``digest`` of its row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final

from dispatch.domain.customer import Tier
from dispatch.domain.place import Point
from dispatch.domain.ticket import Grade

Interval = tuple[datetime, datetime]

GRADES: Final[Mapping[Grade, str]] = {
    Grade.EMERGENCY: "特急",
    Grade.URGENT: "紧急",
    Grade.IMPORTANT: "重要",
    Grade.GENERAL: "一般",
}
TIERS: Final[Mapping[Tier, str]] = {Tier.DIAMOND: "钻石", Tier.GOLD: "黄金", Tier.SILVER: "白银"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is, as far as the row says.

    ``is_guessed`` when longitude and latitude were turned round.
    """

    address: str | None = None
    district: str | None = None
    point: Point | None = None
    is_guessed: bool = False


@dataclass(frozen=True, slots=True)
class TicketDraft:
    """A ticket: ``day`` None is any day, ``window`` None any hour, ``skills`` maps a skill to its least level 1 to 4.

    ``parts`` maps a part, by number or name, to how many are needed.
    """

    line: int
    digest: str
    place: Place
    grade: Grade
    duration_s: int
    number: str | None = None
    customer: str | None = None
    contact: str | None = None
    phone: str | None = None
    fault: str | None = None
    product: str | None = None
    skills: Mapping[str, int] = field(default_factory=dict)
    day: date | None = None
    window: Interval | None = None
    engineer: str | None = None
    note: str | None = None
    parts: Mapping[str, int] = field(default_factory=dict)
    tools: tuple[str, ...] = ()
    crew: int = 1


@dataclass(frozen=True, slots=True)
class EngineerDraft:
    """An engineer: where the day begins, what they can do, and usual hours on the planned day."""

    line: int
    digest: str
    name: str
    place: Place
    shift: Interval
    number: str | None = None
    phone: str | None = None
    skills: Mapping[str, int] = field(default_factory=dict)
    outlet: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class ShiftDraft:
    """One day of one engineer, named by number or name: hours of work, or an absence."""

    line: int
    digest: str
    engineer: str
    hours: Interval
    is_absence: bool = False
    overtime_s: int = 0
    note: str | None = None


@dataclass(frozen=True, slots=True)
class CustomerDraft:
    """A customer and the site that tickets go to."""

    line: int
    digest: str
    name: str
    place: Place
    tier: Tier
    number: str | None = None
    contact: str | None = None
    phone: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class PartDraft:
    """A part and the numbers of those that may be used up in its stead."""

    line: int
    digest: str
    number: str
    name: str
    substitutes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DepotDraft:
    """A depot with its hours of every day."""

    line: int
    digest: str
    name: str
    place: Place
    hours: tuple[tuple[time, time], ...]
    handling_s: int
    number: str | None = None


@dataclass(frozen=True, slots=True)
class StockDraft:
    """How many of something are somewhere, named by number or name; with ``at`` a delivery that arrives then."""

    line: int
    digest: str
    where: str
    item: str
    quantity: int
    is_tool: bool = False
    at: datetime | None = None


Draft = TicketDraft | EngineerDraft | ShiftDraft | CustomerDraft | PartDraft | DepotDraft | StockDraft
