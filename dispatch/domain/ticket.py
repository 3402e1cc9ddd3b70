"""Tickets: one piece of work at one place, asked for by a customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from dispatch.domain.checks import LARGEST, check_order, check_record
from dispatch.domain.errors import ImpossibleRecord
from dispatch.domain.part import check_quantities
from dispatch.domain.place import Point

LEVELS: Final = (1, 2, 3, 4)
"""Skill levels: 初级, 中级, 高级, 专家."""

MOST_AT_ONCE: Final = 20
"""Engineers at one ticket."""


class Grade(StrEnum):
    """How urgent a ticket is: 特急, 紧急, 重要, 一般."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    IMPORTANT = "important"
    GENERAL = "general"


class TicketState(StrEnum):
    """How far a ticket has come.

    新建, 已确认, 已定级, 远程处理, 待派, 待发布, 已派, 已接单, 已出发, 已到达, 处理中, 临时方案, 待件, 待客户, 请求支援, 已修复,
    客户已签字, 待回访, 已关闭, 已归档, 已取消, 重开, 外部.
    """

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    GRADED = "graded"
    REMOTE = "remote"
    READY = "ready"
    PLANNED = "planned"
    DISPATCHED = "dispatched"
    ACCEPTED = "accepted"
    TRAVELLING = "travelling"
    ON_SITE = "on_site"
    WORKING = "working"
    INTERIM = "interim"
    WAITING_FOR_PARTS = "waiting_for_parts"
    WAITING_FOR_CUSTOMER = "waiting_for_customer"
    NEEDS_HELP = "needs_help"
    FIXED = "fixed"
    SIGNED = "signed"
    FOLLOW_UP = "follow_up"
    CLOSED = "closed"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"
    REOPENED = "reopened"
    WITH_PARTNER = "with_partner"


WORK_DONE: Final = frozenset(
    {
        TicketState.FIXED,
        TicketState.SIGNED,
        TicketState.FOLLOW_UP,
        TicketState.CLOSED,
        TicketState.ARCHIVED,
        TicketState.CANCELLED,
        TicketState.WITH_PARTNER,
    }
)
"""States in which no engineer of ours has to go there any more."""

PLANNED_STATES: Final = frozenset(
    {
        TicketState.READY,
        TicketState.PLANNED,
        TicketState.DISPATCHED,
        TicketState.ACCEPTED,
    }
)
"""Somebody has to go there, and nobody is on the way yet."""

UNGRADED_STATES: Final = frozenset(
    {TicketState.NEW, TicketState.ACKNOWLEDGED, TicketState.GRADED, TicketState.REOPENED}
)
"""Nobody has said yet that somebody has to go there: to be acknowledged, graded, or released to be planned."""

TOLD_STATES: Final = frozenset({TicketState.DISPATCHED, TicketState.ACCEPTED})
"""An engineer was told to go there."""

HELD_STATES: Final = UNGRADED_STATES | {
    TicketState.REMOTE,
    TicketState.WAITING_FOR_PARTS,
    TicketState.WAITING_FOR_CUSTOMER,
    TicketState.INTERIM,
    TicketState.NEEDS_HELP,
}
"""Not finished, and nobody is to be sent until a person says so."""

OUTCOMES_OF_VISITS: Final = frozenset(
    {
        TicketState.FIXED,
        TicketState.INTERIM,
        TicketState.WAITING_FOR_PARTS,
        TicketState.WAITING_FOR_CUSTOMER,
        TicketState.NEEDS_HELP,
    }
)
"""How a visit can end: 已修复, 临时方案, 待件, 待客户, 请求支援."""

COMING: Final = frozenset({TicketState.TRAVELLING, TicketState.ON_SITE})
"""Somebody is on the way, or there and has not begun."""

UNDER_WAY: Final = COMING | {TicketState.WORKING, TicketState.NEEDS_HELP}
"""Somebody is on the way or at work."""


@dataclass(frozen=True, slots=True)
class Window:
    """A span inside which work may begin, both ends included."""

    from_at: datetime
    to_at: datetime

    def __post_init__(self) -> None:
        check_record(self)
        check_order(self, "from_at", "to_at")


@dataclass(frozen=True, slots=True)
class Ticket:
    """One piece of work at one place.

    Parameters
    ----------
    id
        The ticket's number, as people say it: ``WX20261123001``.
    product, fault
        What equipment, and what is wrong with it in the customer's words.
    duration_s
        Expected work on site, whole seconds, at least 0.
    skills
        Skill to the level that is required, 1 to 4.
    windows
        When work may begin; empty: any time.
    contact_name, phone, address, door_note
        Private: who is there and how to get in. They may differ from the customer's and the site's.
    point
        Where; None: nobody has found it yet.
    reported_at
        When the customer asked.
    release_at
        Work begins no earlier; None: at once.
    arrive_by_at, resolve_by_at
        The promise; None: none was made.
    promise_source
        The clause that the promise comes from.
    extras
        Values of columns that only one rule reads, by the key that the rule declares.
    parts
        Part to quantity that is used up on site.
    tools
        What is needed on site and kept.
    crew
        How many engineers it takes, beginning together.
    row_digest
        Of the sheet's row that it was read from; the same row once more is no new ticket. None: from no sheet.

    Examples
    --------
    >>> from datetime import UTC
    >>> Ticket("WX1", "hz", reported_at=datetime(2026, 11, 23, tzinfo=UTC), duration_s=-5)
    Traceback (most recent call last):
        ...
    dispatch.domain.errors.ImpossibleRecord: Ticket.duration_s must be from 0 to 2147483647, got -5
    """

    id: str
    region_id: str
    reported_at: datetime
    customer_id: str | None = None
    site_id: str | None = None
    asset_id: str | None = None
    grade: Grade = Grade.GENERAL
    state: TicketState = TicketState.NEW
    product: str = ""
    fault: str = ""
    duration_s: int = 1800
    skills: Mapping[str, int] = field(default_factory=dict)
    windows: tuple[Window, ...] = ()
    contact_name: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)
    door_note: str | None = field(default=None, repr=False)
    point: Point | None = field(default=None, repr=False)
    release_at: datetime | None = None
    arrive_by_at: datetime | None = None
    resolve_by_at: datetime | None = None
    promise_source: str | None = None
    extras: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, int] = field(default_factory=dict)
    tools: tuple[str, ...] = ()
    crew: int = 1
    row_digest: str | None = None
    version: int = 0

    def __post_init__(self) -> None:
        check_record(self, duration_s=(0, LARGEST), crew=(1, MOST_AT_ONCE))
        check_levels("Ticket.skills", self.skills)
        check_quantities("Ticket.parts", self.parts)

    @property
    def is_open(self) -> bool:
        """Whether an engineer may still have to go there."""
        return self.state not in WORK_DONE


def check_levels(name: str, skills: Mapping[str, int]) -> None:
    """Refuse a skill level that is none of the four."""
    for level in skills.values():
        if level not in LEVELS:
            raise ImpossibleRecord(name, ("等级应为 1 至 4", "levels from 1 to 4"), level)
