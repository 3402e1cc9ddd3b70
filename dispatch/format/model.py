"""The planning format as frozen dataclasses: what a request and a plan say, in Python's own types.

Moments are aware ``datetime`` objects with whole seconds; prices and factors are exact ``Decimal``; keys ending in
``_s`` and ``_m`` are whole seconds and metres. Optional keys hold the format's defaults. The classes check nothing:
:mod:`dispatch.format.read` is the door.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal

Interval = tuple[datetime, datetime]
"""From and to, both included."""

ONE = Decimal(1)
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Location:
    """A named point, WGS-84 degrees."""

    id: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Peak:
    """A time of day in which journeys advance at 1/``factor`` of their speed.

    ``from_`` is included, ``to`` is not; ``to`` before ``from_`` passes midnight. ``weekdays`` are ISO numbers of the
    day on which the peak begins.
    """

    from_: time
    to: time
    factor: Decimal
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)


@dataclass(frozen=True, slots=True)
class GreatCircle:
    """Straight lines × ``detour`` at ``speed_kmh``."""

    detour: Decimal
    speed_kmh: Decimal
    peaks: tuple[Peak, ...] = ()


@dataclass(frozen=True, slots=True)
class Matrix:
    """Tables in the order of ``Request.locations``; None where there is no way."""

    seconds: tuple[tuple[int | None, ...], ...]
    metres: tuple[tuple[int | None, ...], ...]
    peaks: tuple[Peak, ...] = ()


Travel = GreatCircle | Matrix


@dataclass(frozen=True, slots=True)
class Part:
    """A spare part; ``substitutes`` may be used up in its stead, one for one."""

    name: str | None = None
    substitutes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inbound:
    """A delivery to a depot, to be had from ``at`` on."""

    part: str
    qty: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Depot:
    """A stock point."""

    id: str
    location: str
    open: tuple[Interval, ...]
    handling_s: int = 0
    stock: Mapping[str, int] = field(default_factory=dict)
    inbound: tuple[Inbound, ...] = ()
    tools: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Break:
    """A pause that begins inside ``from_`` … ``to``."""

    from_: datetime
    to: datetime
    duration_s: int


@dataclass(frozen=True, slots=True)
class Shift:
    """One day's route of one engineer; ``end_location`` None: the route ends at its last stop."""

    id: str
    start: datetime
    end: datetime
    start_location: str
    end_location: str | None = None
    overtime_s: int = 0
    max_visits: int | None = None
    max_travel_s: int | None = None
    breaks: tuple[Break, ...] = ()
    absences: tuple[Interval, ...] = ()


@dataclass(frozen=True, slots=True)
class Engineer:
    """Who works; ``service_factor`` is one factor, or one for each skill."""

    id: str
    skills: Mapping[str, int]
    shifts: tuple[Shift, ...]
    name: str | None = None
    skills_until: Mapping[str, datetime] = field(default_factory=dict)
    van: Mapping[str, int] = field(default_factory=dict)
    tools: tuple[str, ...] = ()
    service_factor: Decimal | Mapping[str, Decimal] = ONE
    speed_factor: Decimal = ONE
    max_busy_s: int | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A soft limit: past ``by`` it costs ``cost`` at once and ``cost_per_h`` for each hour."""

    by: datetime
    cost: Decimal = ZERO
    cost_per_h: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Pair:
    """A price or a ban for one engineer at one ticket."""

    engineer: str
    cost: Decimal = ZERO
    forbid: bool = False
    code: str | None = None


@dataclass(frozen=True, slots=True)
class After:
    """This ticket begins no earlier than ``ticket``'s end plus ``gap_s``."""

    ticket: str
    gap_s: int = 0


@dataclass(frozen=True, slots=True)
class Ticket:
    """What is to be done; ``skip_cost`` None: it must be served. ``windows`` empty: any time."""

    id: str
    location: str
    duration_s: int
    requires: Mapping[str, int]
    skip_cost: Decimal | None
    setup_s: int = 0
    parts: Mapping[str, int] = field(default_factory=dict)
    tools: tuple[str, ...] = ()
    windows: tuple[Interval, ...] = ()
    release: datetime | None = None
    arrive: Deadline | None = None
    resolve: Deadline | None = None
    crew: int = 1
    only: tuple[str, ...] | None = None
    never: tuple[str, ...] = ()
    prefer: tuple[str, ...] = ()
    pairs: tuple[Pair, ...] = ()
    after: tuple[After, ...] = ()
    same_engineer_as: str | None = None


@dataclass(frozen=True, slots=True)
class Weights:
    """Prices of the objective's terms, CNY."""

    travel_per_h: Decimal = Decimal(60)
    travel_per_km: Decimal = Decimal("1.0")
    duration_per_h: Decimal = ZERO
    overtime_per_h: Decimal = Decimal(90)
    use_shift: Decimal = ZERO
    not_preferred: Decimal = Decimal(40)
    overqualified_per_level: Decimal = Decimal(5)
    balance_per_h2: Decimal = Decimal("0.5")
    change_engineer: Decimal = Decimal(80)
    change_start_per_h: Decimal = Decimal(30)
    change_skip: Decimal = Decimal(200)


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where an engineer is in a running shift at ``now``."""

    engineer: str
    shift: str
    location: str
    from_: datetime
    breaks_done: tuple[int, ...] = ()
    tools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finished:
    """A ticket done or under way."""

    ticket: str
    end: datetime
    engineer: str | None = None


@dataclass(frozen=True, slots=True)
class PreviousVisit:
    """A visit of the plan in force that is still to come."""

    ticket: str
    engineer: str
    shift: str
    start: datetime
    state: str = "planned"
    pin: str = "none"
    promised: Interval | None = None


@dataclass(frozen=True, slots=True)
class Previous:
    """The plan in force."""

    engineers: tuple[Whereabouts, ...] = ()
    finished: tuple[Finished, ...] = ()
    visits: tuple[PreviousVisit, ...] = ()
    freeze_until: datetime | None = None
    max_changes: int | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be planned."""

    now: datetime
    locations: tuple[Location, ...]
    travel: Travel
    engineers: tuple[Engineer, ...]
    tickets: tuple[Ticket, ...]
    parts: Mapping[str, Part] = field(default_factory=dict)
    depots: tuple[Depot, ...] = ()
    previous: Previous | None = None
    weights: Weights = field(default_factory=Weights)


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of a route; ``kind`` is start, visit, pickup, break or end; ``break_`` indexes the shift's breaks."""

    kind: str
    location: str
    arrive: datetime
    begin: datetime
    leave: datetime
    travel_s: int = 0
    travel_m: int = 0
    ticket: str | None = None
    depot: str | None = None
    parts: Mapping[str, int] = field(default_factory=dict)
    tools: tuple[str, ...] = ()
    break_: int | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """What one engineer does in one shift."""

    engineer: str
    shift: str
    stops: tuple[Stop, ...]
    travel_s: int
    travel_m: int
    work_s: int
    wait_s: int
    overtime_s: int


@dataclass(frozen=True, slots=True)
class Gap:
    """By how much; ``unit`` is s, m, level, qty or CNY."""

    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a ticket is left out, for one engineer or for all."""

    code: str
    text: str
    engineer: str | None = None
    gap: Gap | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A ticket that is left out; ``verdict`` is impossible, displaced or not_found."""

    ticket: str
    verdict: str
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class BrokenPin:
    """A pin that could not be kept."""

    ticket: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class SolverNote:
    """How the plan came about; ``bound`` is a proven lower bound of the total, CNY."""

    engine: str
    seed: int
    seconds: Decimal
    iterations: int
    threads: int
    bound: Decimal | None = None
    gap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Objective:
    """CNY, to the cent; ``terms`` has every row of the format's table."""

    total: Decimal
    terms: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan for a request; ``status`` is ok or infeasible."""

    status: str
    objective: Objective
    routes: tuple[Route, ...]
    skipped: tuple[Skipped, ...]
    solver: SolverNote
    broken_pins: tuple[BrokenPin, ...] = ()


TERMS = (
    "skipped",
    "late_arrival",
    "late_resolution",
    "travel",
    "duration",
    "overtime",
    "use",
    "not_preferred",
    "overqualified",
    "balance",
    "pairs",
    "change",
)
"""The objective's terms in the order of the format."""
