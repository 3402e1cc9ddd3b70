"""Plans as they are kept: revisions that never change, and which of them was published when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from dispatch.domain.checks import LARGEST, check_record
from dispatch.domain.errors import ImpossibleRecord
from dispatch.domain.ticket import PLANNED_STATES, TOLD_STATES, UNDER_WAY, TicketState


class Pin(StrEnum):
    """What a person decided about a visit: nothing, its engineer, or engineer and start."""

    NONE = "none"
    ENGINEER = "engineer"
    START = "start"


@dataclass(frozen=True, slots=True)
class Visit:
    """One engineer's work on one ticket, as a revision has it; ``place`` counts a shift's visits from 0."""

    ticket_id: str
    engineer_id: str
    shift_id: str
    place: int
    arrive_at: datetime
    begin_at: datetime
    leave_at: datetime
    travel_s: int = 0
    travel_m: int = 0
    pin: Pin = Pin.NONE

    def __post_init__(self) -> None:
        check_record(self, place=(0, LARGEST), travel_s=(0, LARGEST), travel_m=(0, LARGEST))
        if not self.arrive_at <= self.begin_at <= self.leave_at:
            raise ImpossibleRecord(
                "Visit.begin_at", ("应在到达与离开之间", "between arriving and leaving"), self.begin_at
            )


@dataclass(frozen=True, slots=True)
class Revision:
    """A plan for one region and day. Once stored it never changes; what is planned anew is a new revision.

    Parameters
    ----------
    base_number
        Number of the published plan that it was made from; 0: there was none.
    made_by
        Who asked for it.
    job_id
        The planning job that made it: at most one revision a job. None: made by hand.
    request_json, plan_json
        The two documents in planning format. They speak of people by id alone.
    visits
        By engineer, shift and place.
    """

    id: str
    region_id: str
    day: date
    base_number: int
    made_at: datetime
    made_by: str
    request_json: str = field(repr=False)
    plan_json: str = field(repr=False)
    job_id: str | None = None
    visits: tuple[Visit, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        check_record(self, base_number=(0, LARGEST))
        ordered = tuple(sorted(self.visits, key=lambda visit: (visit.engineer_id, visit.shift_id, visit.place)))
        object.__setattr__(self, "visits", ordered)


@dataclass(frozen=True, slots=True)
class Publication:
    """A revision that engineers were told; ``number`` rises by one per region and day, from 1."""

    region_id: str
    day: date
    number: int
    revision_id: str
    published_at: datetime
    published_by: str

    def __post_init__(self) -> None:
        check_record(self, number=(1, LARGEST))


@dataclass(frozen=True, slots=True)
class OtherVisit:
    """A visit that the plan in force of another day, or of another region, has: it takes its engineer's time.

    Parameters
    ----------
    region_id, day
        Whose plan it is.
    state
        Its ticket's, now.
    shift_ends_at
        When its shift is over, overtime included.
    """

    region_id: str
    day: date
    visit: Visit
    state: TicketState
    shift_ends_at: datetime

    @property
    def is_told(self) -> bool:
        """Whether its engineer was told to go there and has not set out: its ticket is not planned a second time."""
        return self.state in TOLD_STATES

    @property
    def takes_time(self) -> bool:
        """Whether somebody still goes there or is there."""
        return self.state in PLANNED_STATES or self.state in UNDER_WAY

    @property
    def leaves_for_it_at(self) -> datetime:
        """When its engineer sets out at the latest, to arrive when the plan says."""
        return self.visit.arrive_at - timedelta(seconds=self.visit.travel_s)

    def is_over(self, now: datetime) -> bool:
        """Tell whether it counts no more: its time and its shift have passed, and whoever did not go there will not."""
        return max(self.visit.leave_at, self.shift_ends_at) <= now
