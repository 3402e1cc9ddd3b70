"""What a pack holds, in Python's own types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, Literal

from dispatch.domain.customer import Tier
from dispatch.domain.ticket import Grade

GRADES, TIERS = tuple(Grade), tuple(Tier)
"""Most urgent and best first."""


class Stage(StrEnum):
    """The seven clocks of a ticket: 首次确认, 人工联系, 响应, 上门, 临时方案, 解决, 回访."""

    ACKNOWLEDGE = "acknowledge"
    HUMAN_CONTACT = "human_contact"
    RESPOND = "respond"
    ARRIVE = "arrive"
    INTERIM = "interim"
    RESOLVE = "resolve"
    FOLLOW_UP = "follow_up"


STAGES: Final = tuple(Stage)

Unit = Literal["min", "h", "working_days"]
UNITS: Final[tuple[Unit, ...]] = ("min", "h", "working_days")

CalendarName = Literal["round_the_clock", "working"]
CALENDAR_NAMES: Final[tuple[CalendarName, ...]] = ("round_the_clock", "working")
"""Every hour counts, or those of the region's calendar of working days."""

Bound = Literal["latest", "earliest"]
BOUNDS: Final[tuple[Bound, ...]] = ("latest", "earliest")

Basis = Literal["stated", "derived", "ours"]
BASES: Final[tuple[Basis, ...]] = ("stated", "derived", "ours")
"""A clause states the value; it follows from one that speaks of another clock; or a clause asks for it and names no number."""

Contract = Literal["quick"]
CONTRACTS: Final[tuple[Contract, ...]] = ("quick",)
"""What a customer has bought: the paid quick package (SL-08)."""

Channel = Literal["phone", "online", "mini_program", "mailbox", "dealer", "walk_in", "device_alarm"]
CHANNELS: Final[tuple[Channel, ...]] = (
    "phone",
    "online",
    "mini_program",
    "mailbox",
    "dealer",
    "walk_in",
    "device_alarm",
)
"""How a ticket came in (IN-02)."""

Demand = Literal["repair", "replace", "return", "consult", "usage", "complaint", "review", "suggestion"]
DEMANDS: Final[tuple[Demand, ...]] = (
    "repair",
    "replace",
    "return",
    "consult",
    "usage",
    "complaint",
    "review",
    "suggestion",
)
"""What is asked for (IN-04), and what else standards set limits for: a complaint, a negative review, a suggestion."""

Reason = Literal["waiting_for_customer", "waiting_for_parts"]
REASONS: Final[tuple[Reason, ...]] = ("waiting_for_customer", "waiting_for_parts")
"""Why a clock stands."""

Colour = Literal["blue", "yellow", "red"]
COLOURS: Final[tuple[Colour, ...]] = ("blue", "yellow", "red")
"""Warnings, the mildest first (KP-10)."""

Role = Literal["responsible", "supervisor", "service_manager", "regional_manager"]
ROLES: Final[tuple[Role, ...]] = ("responsible", "supervisor", "service_manager", "regional_manager")
"""Who must hear of it: 责任人, 主管, 售后服务经理, 区域经理."""

GoalKind = Literal["example", "baseline", "competitor", "mean"]
GOAL_KINDS: Final[tuple[GoalKind, ...]] = ("example", "baseline", "competitor", "mean")
"""Why a figure is no limit: it illustrates, tells how things were, tells of others, or speaks of an average."""

UNIT_S: Final[Mapping[Unit, int]] = {"min": 60, "h": 3600, "working_days": 86400}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from: a clause by its id, and how."""

    clause: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Facts:
    """What limits and prices depend on.

    Parameters
    ----------
    grade, tier
        Of the ticket and of its customer.
    reported_at
        When the customer asked, with the zone of the place: the calendar's days and hours are counted in it.
    region_id
        Whose calendar of working days counts; None: the default one.
    contract, channel, demand
        What was bought, how it came in, what is asked for; None: nothing, or not known, and no limit for a certain one applies.
    """

    grade: Grade
    tier: Tier
    reported_at: datetime
    region_id: str | None = None
    contract: Contract | None = None
    channel: Channel | None = None
    demand: Demand | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """When a stage has to be reached at the latest, or may be at the earliest.

    Parameters
    ----------
    stage, bound
        Of which clock, and which end of it.
    within, unit
        How long after the clock's start; ``within`` is at least 1.
    calendar
        Which hours count.
    source
        Where it comes from.
    grades, tiers, contracts, channels, demands
        To whom it applies; empty: to all.
    or_interim
        An interim fix in time satisfies it too.
    """

    stage: Stage
    bound: Bound
    within: int
    unit: Unit
    calendar: CalendarName
    source: Source
    grades: tuple[Grade, ...] = ()
    tiers: tuple[Tier, ...] = ()
    contracts: tuple[Contract, ...] = ()
    channels: tuple[Channel, ...] = ()
    demands: tuple[Demand, ...] = ()
    or_interim: bool = False

    @property
    def nominal_s(self) -> int:
        """Return the seconds it lasts when all hours of all days count."""
        return self.within * UNIT_S[self.unit]

    def applies_to(self, facts: Facts) -> bool:
        """Tell whether it speaks of such a ticket."""
        return (
            (not self.grades or facts.grade in self.grades)
            and (not self.tiers or facts.tier in self.tiers)
            and (not self.contracts or facts.contract in self.contracts)
            and (not self.channels or facts.channel in self.channels)
            and (not self.demands or facts.demand in self.demands)
        )


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure that a document names and does not ask of a single ticket."""

    kind: GoalKind
    stage: Stage
    within: int
    unit: Unit
    clause: str


@dataclass(frozen=True, slots=True)
class PauseRule:
    """Which reasons stop the clock of a stage."""

    reasons: tuple[Reason, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class WarningRule:
    """When somebody is warned: after so many hundredths of the time from the clock's start to its deadline.

    ``stages`` empty: of all clocks.
    """

    colour: Colour
    after_percent: int
    to: Role
    source: Source
    stages: tuple[Stage, ...] = ()


@dataclass(frozen=True, slots=True)
class EscalationRule:
    """Who hears of a breach, and how many minutes after the deadline; 0: at once. Empty ``stages``, ``grades``: all."""

    to: Role
    after_min: int
    source: Source
    stages: tuple[Stage, ...] = ()
    grades: tuple[Grade, ...] = ()


@dataclass(frozen=True, slots=True)
class GradeRule:
    """What a grade is for."""

    grade: Grade
    means_zh: str
    means_en: str
    source: Source


@dataclass(frozen=True, slots=True)
class TierRule:
    """From which yearly spending on, CNY, a customer is of a tier; ``above``: the sum itself is not enough."""

    tier: Tier
    from_cny: Decimal
    above: bool
    source: Source


@dataclass(frozen=True, slots=True)
class Window:
    """How much time a follow-up has at least: where less is left, being in time goes before not being early."""

    least_min: int
    source: Source


@dataclass(frozen=True, slots=True)
class Pack:
    """What one or more standards ask.

    Parameters
    ----------
    id, version
        Which one; the version rises with every change of a value.
    title_zh, title_en
        For people.
    limits, goals
        In the order in which they are listed; of limits that end at one moment the first sets the deadline.
    pauses
        By stage; a stage that is not in it never stands.
    follow_up
        None: the earliest moment always holds.
    """

    id: str
    version: int
    title_zh: str
    title_en: str
    grades: tuple[GradeRule, ...]
    tiers: tuple[TierRule, ...]
    limits: tuple[Limit, ...]
    goals: tuple[Goal, ...]
    pauses: Mapping[Stage, PauseRule]
    warnings: tuple[WarningRule, ...]
    escalations: tuple[EscalationRule, ...]
    follow_up: Window | None = None

    def clauses(self) -> frozenset[str]:
        """Return the ids of all clauses that set a limit of it."""
        return frozenset(limit.source.clause for limit in self.limits)

    def tier_for(self, yearly_cny: Decimal) -> Tier | None:
        """Return the best tier that a customer's yearly spending reaches; None: the pack has no tiers.

        Examples
        --------
        >>> from dispatch.policies.packs.read import get_pack
        >>> [str(get_pack("004").tier_for(Decimal(cny))) for cny in (50_001, 50_000, 10_000, 0)]
        ['diamond', 'gold', 'gold', 'silver']
        """
        for rule in sorted(self.tiers, key=lambda rule: TIERS.index(rule.tier)):
            if yearly_cny > rule.from_cny or (yearly_cny == rule.from_cny and not rule.above):
                return rule.tier
        return None


@dataclass(frozen=True, slots=True)
class Pause:
    """A span in which a ticket waited, and for what; ``to_at`` None: it still does."""

    from_at: datetime
    to_at: datetime | None
    reason: Reason
