"""Keep, change, remove and list the records that people edit: regions, customers, sites, engineers, shifts, absences, tickets.

Every change is written down as an event, by the fields' names alone. An edit says which version it began from; one that met
another raises StaleEdit with what differs, and nothing of it is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, TypeVar
from uuid import uuid4

from dispatch.domain.errors import ImpossibleRecord
from dispatch.domain.event import Event
from dispatch.domain.ticket import Ticket
from dispatch.storage.mapping import Editable
from dispatch.storage.store import Writing

R = TypeVar("R", bound=Editable)

KEPT_APART: Final[Mapping[type, frozenset[str]]] = MappingProxyType({Ticket: frozenset({"state"})})
"""Fields that no edit changes: they have services of their own, which keep what was and why."""


def make_id() -> str:
    """Return an id that nothing has."""
    return uuid4().hex


def add_record(unit: Writing, record: R, *, by: str, now: datetime) -> R:
    """Keep a new record; return it with its version.

    Raises
    ------
    AlreadyThere
        Its id is taken.
    StillNeeded
        It names a record that is not there.
    """
    saved = unit.save(record)
    _write_down(unit, saved, "Added", now, by, {"version": saved.version})
    return saved


def edit_record(
    unit: Writing,
    kind: type[R],
    id: str,  # noqa: A002 - as the field of every record
    *,
    version: int,
    changes: Mapping[str, Any],
    by: str,
    now: datetime,
) -> R:
    """Change fields of a record; return it with its new version.

    Parameters
    ----------
    version
        The one that the edit began from.
    changes
        Field to new value, in the domain's own types.

    Raises
    ------
    NotFound, StaleEdit
        It was removed, or edited, meanwhile; the second says what differs.
    ImpossibleRecord
        It cannot be so, or a field is one of :data:`KEPT_APART`.
    StillNeeded
        It names a record that is not there.
    """
    before = unit.get(kind, id)
    apart = sorted(KEPT_APART.get(kind, frozenset()) & changes.keys())
    if apart:
        name = f"{kind.__name__}.{apart[0]}"
        raise ImpossibleRecord(name, ("不能随其他字段修改", "left out of an edit"), ("（新值）", "a new value"))
    saved = unit.save(replace(before, **changes, version=version))
    named = sorted(name for name in changes if getattr(before, name) != getattr(saved, name))
    _write_down(unit, saved, "Edited", now, by, {"version": saved.version, "fields": ", ".join(named)})
    return saved


def remove_record(unit: Writing, kind: type[R], id: str, *, version: int, by: str, now: datetime) -> None:  # noqa: A002 - as above
    """Remove a record that nothing names any more.

    Raises
    ------
    NotFound, StaleEdit
        It was removed, or edited, meanwhile.
    StillNeeded
        Other records name it.
    """
    record = unit.get(kind, id)
    unit.remove(replace(record, version=version))
    _write_down(unit, record, "Removed", now, by, {"version": version})


def _write_down(
    unit: Writing, record: Editable, did: str, now: datetime, by: str, details: Mapping[str, str | int | bool | None]
) -> None:
    """Add the event ``TicketEdited`` and its like."""
    kind = type(record).__name__
    region_id = getattr(record, "region_id", None)
    unit.add_event(Event(f"{kind}{did}", now, kind, record.id, region_id, by, details))
