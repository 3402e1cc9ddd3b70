"""What clocks are asked and answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, Literal

from dispatch.policies.packs.model import Colour, Facts, Pause, Role, Stage
from dispatch.policies.packs.strictest import Due

REACHED_BY: Final[Mapping[Stage, tuple[Stage, ...]]] = {
    Stage.ACKNOWLEDGE: (Stage.HUMAN_CONTACT, Stage.RESPOND, Stage.ARRIVE, Stage.INTERIM, Stage.RESOLVE),
    Stage.HUMAN_CONTACT: (Stage.ARRIVE, Stage.INTERIM, Stage.RESOLVE),
    Stage.RESPOND: (Stage.ARRIVE, Stage.INTERIM, Stage.RESOLVE),
    Stage.ARRIVE: (Stage.RESOLVE,),
    Stage.INTERIM: (Stage.RESOLVE,),
    Stage.RESOLVE: (),
    Stage.FOLLOW_UP: (),
}
"""Which later stages show that one was reached, whether somebody noted it or not: who was there has answered, and what was solved from
afar needs no visit."""


class Verdict(StrEnum):
    """How a clock stands: 未开始, 无时限, 计时中, 有风险, 已暂停, 按时, 超时."""

    NOT_STARTED = "not_started"
    NO_LIMIT = "no_limit"
    RUNNING = "running"
    AT_RISK = "at_risk"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """What the clocks of a ticket depend on.

    Parameters
    ----------
    ticket_id
        Whose clocks.
    facts
        Grade, tier, report and what else limits depend on.
    reached
        When a stage was reached; one that was not is not in it. Kept in UTC.
    pauses
        What the ticket waited for. Kept in UTC.
    """

    ticket_id: str
    facts: Facts
    reached: Mapping[Stage, datetime] = field(default_factory=dict)
    pauses: tuple[Pause, ...] = ()

    def __post_init__(self) -> None:
        reached = {stage: at.astimezone(UTC) for stage, at in self.reached.items()}
        pauses = tuple(
            Pause(pause.from_at.astimezone(UTC), pause.to_at and pause.to_at.astimezone(UTC), pause.reason)
            for pause in self.pauses
        )
        object.__setattr__(self, "reached", reached)
        object.__setattr__(self, "pauses", pauses)

    def find_reached(self, stage: Stage) -> datetime | None:
        """Return when a stage was reached, by itself or by what shows it (:data:`REACHED_BY`); None: not yet."""
        found = [self.reached[one] for one in (stage, *REACHED_BY[stage]) if one in self.reached]
        return min(found, default=None)


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock at one moment.

    Parameters
    ----------
    stage, verdict
        Which one, and how it stands.
    start_at
        From when it counts; None: it has not started.
    due
        When it is due, which clause says so and which others spoke; None: no limit applies, or it has not started.
    met_at
        When the stage was reached, in time or not; None: not yet.
    left_min
        Whole minutes from now, or from when it was reached, to the deadline; None: there is none, or it is over.
    late_min, early_min
        Begun minutes after the deadline, or before the earliest moment; 0: neither.
    """

    stage: Stage
    verdict: Verdict
    start_at: datetime | None = None
    due: Due | None = None
    met_at: datetime | None = None
    left_min: int | None = None
    late_min: int = 0
    early_min: int = 0


CallKind = Literal["warning", "escalation"]


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody must hear of a clock.

    Parameters
    ----------
    key
        Unique, and the same however often clocks are read: ticket, stage, kind, who, and when.
    at
        When.
    kind, colour
        A warning before the deadline, with its colour, or an escalation after it.
    to
        Who must hear of it.
    clause
        Which clause asks for the call.
    due_at
        The deadline that it is about.
    """

    key: str
    ticket_id: str
    stage: Stage
    at: datetime
    kind: CallKind
    to: Role
    clause: str
    due_at: datetime
    colour: Colour | None = None
