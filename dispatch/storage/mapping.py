"""Row ⇄ record: a field is kept in the column of its name, as it is, unless its table says another way.

A pair never leaves out a field or a column: a test compares them. Inside JSON, moments are ISO 8601 in UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import RowMapping, Table

from dispatch.domain.customer import Asset, Customer, Site, Tier
from dispatch.domain.engineer import Absence, Certificate, Engineer, Pause, Shift
from dispatch.domain.event import Event
from dispatch.domain.job import Detail, Job, JobFailure, JobState
from dispatch.domain.part import Delivery, Depot, Opening, Part
from dispatch.domain.place import FoundBy, Point, Precision
from dispatch.domain.plan import Pin, Publication, Revision, Visit
from dispatch.domain.region import Outlet, Region
from dispatch.domain.ticket import Grade, Ticket, TicketState, Window
from dispatch.storage import tables

Row = Mapping[str, Any] | RowMapping
"""Column to value."""

Editable = Region | Outlet | Customer | Site | Asset | Engineer | Shift | Absence | Ticket | Part | Depot
"""Records with a version."""

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Way:
    """How a field is kept that is no column as it is: both directions, given the field's name."""

    write: Callable[[str, Any], dict[str, Any]]
    read: Callable[[str, Row], Any]


def _in_one(write: Callable[[Any], Any], read: Callable[[Any], Any]) -> Way:
    """Keep a field in the column of its name, turned into something else; None stays None."""
    return Way(
        lambda name, value: {name: None if value is None else write(value)},
        lambda name, row: None if row[name] is None else read(row[name]),
    )


def _word(kind: type[StrEnum]) -> Way:
    """Keep one of a few words as text."""
    return _in_one(lambda value: value.value, kind)


def _parts(kind: type[Any], **parts: Callable[[Any], Any]) -> Way:
    """Keep a record in a column for each of its parts, ``FIELD_PART``; all null: there is none."""
    first = next(iter(parts))

    def write(name: str, value: object) -> dict[str, Any]:
        return {f"{name}_{part}": value and getattr(value, part) for part in parts}

    def read(name: str, row: Row) -> object:
        if row[f"{name}_{first}"] is None:
            return None
        return kind(**{part: make(row[f"{name}_{part}"]) for part, make in parts.items()})

    return Way(write, read)


class Ways(Generic[R]):
    """The two ways between a class of records and what keeps its fields.

    Parameters
    ----------
    kind
        The class.
    apart
        A field that is not kept here: :meth:`to_row` leaves it out, :meth:`from_row` is given it.
    ways
        Fields that are not kept as they are, under their name.
    """

    def __init__(self, kind: type[R], *, apart: str = "", **ways: Way) -> None:
        self.kind, self._ways = kind, ways
        names = [one.name for one in fields(kind)]  # type: ignore[arg-type] # every record is a dataclass
        self._plain = [name for name in names if name not in ways and name != apart]

    def to_row(self, record: R) -> dict[str, Any]:
        """Write a record."""
        row = {name: getattr(record, name) for name in self._plain}
        for name, way in self._ways.items():
            row |= way.write(name, getattr(record, name))
        return row

    def from_row(self, row: Row, **apart: Any) -> R:  # noqa: ANN401 - the field that is not kept here
        """Read a record."""
        told = {name: row[name] for name in self._plain}
        for name, way in self._ways.items():
            told[name] = way.read(name, row)
        return self.kind(**told, **apart)


class Pair(Ways[R]):
    """A class of records and its table."""

    def __init__(self, kind: type[R], table: Table, *, apart: str = "", **ways: Way) -> None:
        super().__init__(kind, apart=apart, **ways)
        self.table = table


def _list_of(inner: Ways[Any]) -> Way:
    """Keep a tuple of records as a JSON list of objects."""
    return _in_one(
        lambda entries: [inner.to_row(entry) for entry in entries],
        lambda entries: tuple(inner.from_row(entry) for entry in entries),
    )


_MOMENT: Final = _in_one(lambda moment: moment.astimezone(UTC).isoformat(), datetime.fromisoformat)
"""A moment inside JSON; columns have a type for it."""
_MAPPING: Final = _in_one(dict, dict)
_NAMES: Final = _in_one(list, tuple)
_CLOCK: Final = _in_one(lambda clock: clock.isoformat(), time.fromisoformat)
_AMOUNT: Final = _in_one(str, Decimal)
_GIVEN: Final = Way(lambda _name, _value: {}, lambda name, row: row[name])
"""What the database gives itself."""
_POINT: Final = _parts(Point, lat_deg=float, lon_deg=float, precision=Precision, found_by=FoundBy)
_WINDOWS: Final = _in_one(
    lambda windows: [[moment.astimezone(UTC).isoformat() for moment in (one.from_at, one.to_at)] for one in windows],
    lambda windows: tuple(Window(*map(datetime.fromisoformat, one)) for one in windows),
)
_CERTIFICATES: Final = _list_of(Ways(Certificate, valid_until_at=_MOMENT))
_PAUSES: Final = _list_of(Ways(Pause, from_at=_MOMENT, to_at=_MOMENT))
_OPENINGS: Final = _list_of(Ways(Opening, from_clock=_CLOCK, to_clock=_CLOCK, weekdays=_NAMES))
_DELIVERIES: Final = _list_of(Ways(Delivery, at=_MOMENT))

PAIRS: Final[tuple[Pair[Any], ...]] = (
    Pair(Region, tables.regions),
    Pair(Outlet, tables.outlets, point=_POINT),
    Pair(Customer, tables.customers, tier=_word(Tier)),
    Pair(Site, tables.sites, point=_POINT),
    Pair(Asset, tables.assets),
    Pair(
        Engineer,
        tables.engineers,
        skills=_MAPPING,
        certificates=_CERTIFICATES,
        home=_POINT,
        van=_MAPPING,
        tools=_NAMES,
    ),
    Pair(Shift, tables.shifts, start=_POINT, end=_POINT, pauses=_PAUSES),
    Pair(Absence, tables.absences),
    Pair(
        Ticket,
        tables.tickets,
        grade=_word(Grade),
        state=_word(TicketState),
        skills=_MAPPING,
        windows=_WINDOWS,
        point=_POINT,
        extras=_MAPPING,
        parts=_MAPPING,
        tools=_NAMES,
    ),
    Pair(Part, tables.parts, substitutes=_NAMES),
    Pair(
        Depot,
        tables.depots,
        point=_POINT,
        openings=_OPENINGS,
        stock=_MAPPING,
        deliveries=_DELIVERIES,
        tools=_MAPPING,
    ),
)
"""Every kind of record that can be edited, in an order in which records name only earlier ones."""

PAIR_OF: Final[Mapping[type, Pair[Any]]] = {pair.kind: pair for pair in PAIRS}
"""Class of records to its pair."""

REVISION: Final = Pair(Revision, tables.revisions, apart="visits")
"""A revision without its visits, which have rows of their own."""
VISIT: Final = Pair(Visit, tables.visits, pin=_word(Pin))
"""A visit without the column that says of which revision."""
PUBLICATION: Final = Pair(Publication, tables.publications)
EVENT: Final = Pair(Event, tables.events, details=_MAPPING, number=_GIVEN)
JOB: Final = Pair(
    Job,
    tables.jobs,
    state=_word(JobState),
    failure=_word(JobFailure),
    detail=_parts(Detail, code=str, params=dict),
    best_cny=_AMOUNT,
)
