"""Engineers, when they work and when they do not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dispatch.domain.checks import LARGEST, check_order, check_record
from dispatch.domain.part import check_quantities
from dispatch.domain.place import Point
from dispatch.domain.ticket import check_levels


@dataclass(frozen=True, slots=True)
class Certificate:
    """A paper that a skill rests on; ``valid_until_at`` None: it does not run out."""

    skill: str
    number: str | None = None
    valid_until_at: datetime | None = None

    def __post_init__(self) -> None:
        check_record(self)


@dataclass(frozen=True, slots=True)
class Engineer:
    """A person who goes there.

    Parameters
    ----------
    skills
        Skill to level, 1 junior 初级 to 4 expert 专家.
    certificates
        In the order in which they are shown.
    home
        Where shifts begin unless they say otherwise.
    active
        False: has left; kept for the record, not planned.
    van
        Part to quantity: what is in the van, as it was last counted.
    tools
        The engineer's own.
    """

    id: str
    region_id: str
    name: str = field(repr=False)
    phone: str | None = field(default=None, repr=False)
    outlet_id: str | None = None
    skills: Mapping[str, int] = field(default_factory=dict)
    certificates: tuple[Certificate, ...] = ()
    home: Point | None = field(default=None, repr=False)
    active: bool = True
    van: Mapping[str, int] = field(default_factory=dict)
    tools: tuple[str, ...] = ()
    version: int = 0

    def __post_init__(self) -> None:
        check_record(self)
        check_levels("Engineer.skills", self.skills)
        check_quantities("Engineer.van", self.van)


@dataclass(frozen=True, slots=True)
class Pause:
    """A break the engineer is owed; it begins between ``from_at`` and ``to_at``, both included."""

    from_at: datetime
    to_at: datetime
    duration_s: int

    def __post_init__(self) -> None:
        check_record(self, duration_s=(1, LARGEST))
        check_order(self, "from_at", "to_at")


@dataclass(frozen=True, slots=True)
class Shift:
    """The hours of one engineer on one day, worked in one region (not always the engineer's own).

    ``start`` None: at the engineer's home. ``end`` None: the route ends at its last visit. ``max_visits`` None: no limit.
    """

    id: str
    engineer_id: str
    region_id: str
    start_at: datetime
    end_at: datetime
    start: Point | None = field(default=None, repr=False)
    end: Point | None = field(default=None, repr=False)
    overtime_s: int = 0
    max_visits: int | None = None
    pauses: tuple[Pause, ...] = ()
    version: int = 0

    def __post_init__(self) -> None:
        check_record(self, overtime_s=(0, LARGEST), max_visits=(0, LARGEST))
        check_order(self, "start_at", "end_at")


@dataclass(frozen=True, slots=True)
class Absence:
    """Leave: no travel and no work from ``from_at`` to ``to_at``."""

    id: str
    engineer_id: str
    from_at: datetime
    to_at: datetime
    reason: str = ""
    version: int = 0

    def __post_init__(self) -> None:
        check_record(self)
        check_order(self, "from_at", "to_at")
