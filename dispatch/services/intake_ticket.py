"""Take in a ticket: it gets its number, ``WX`` + day + serial, its place and its promise. Change it; put its pin elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from dispatch.domain.place import FoundBy, Point, Precision
from dispatch.domain.region import Region
from dispatch.domain.ticket import Ticket, TicketState
from dispatch.services.edit_records import add_record, edit_record
from dispatch.services.find_place import find_point
from dispatch.services.promise_ticket import DEPENDS_ON, GIVEN, is_of_tables, promise_ticket
from dispatch.services.regions import pick_day
from dispatch.storage.store import Writing

PREFIX: Final = "WX"
"""How a ticket's number begins: 维修. Source: the sample form of the service manual (IN-10), ``WX20231001001``."""


def intake_ticket(unit: Writing, region_id: str, fields: Mapping[str, Any], *, by: str, now: datetime) -> Ticket:
    """Keep a new ticket under the next number of the region's day; ready to be planned.

    Parameters
    ----------
    fields
        What else is known of it, by the fields of :class:`~dispatch.domain.ticket.Ticket`, in the domain's own types. Without
        a ``point`` it is looked for, but no geocoder is asked: ask it before, by
        :func:`~dispatch.services.find_place.find_point`. Without a promise the tables make one.

    Returns
    -------
    Ticket
        With its number: serials rise from 001 each day and are never used twice; 1000 follows 999.

    Raises
    ------
    NotFound
        There is no such region.
    ImpossibleRecord
        It cannot be so.
    StillNeeded
        It names a customer, site or asset that is not there.
    """
    region = unit.get(Region, region_id)
    given = {"reported_at": now, "state": TicketState.READY, **fields}
    prefix = f"{PREFIX}{pick_day(region, now):%Y%m%d}"
    if given.get("point") is None:
        given["point"] = find_point(unit, region_id, given)
    ticket = promise_ticket(unit, Ticket(prefix, region_id, **given))  # what cannot be takes no number
    number = unit.find_last_serial(prefix) + 1
    return add_record(unit, replace(ticket, id=f"{prefix}{number:03d}"), by=by, now=now)


def change_ticket(
    unit: Writing, ticket_id: str, *, version: int, changes: Mapping[str, Any], by: str, now: datetime
) -> Ticket:
    """Change fields of a ticket; its place follows a new address, and a promise of the tables what it came from.

    Parameters
    ----------
    version
        The one that the edit began from.
    changes
        Field to new value. With a new address and no ``point`` the place is looked for, without a geocoder. A promise that is
        named here is a person's and stays; both limits None: the tables promise again.

    Raises
    ------
    NotFound, StaleEdit
        It was removed, or edited, meanwhile.
    ImpossibleRecord, StillNeeded
        It cannot be so, or names what is not there.
    """
    before = unit.get(Ticket, ticket_id)
    named = dict(changes)
    if before.version == version:
        address = named.get("address")
        if address and address != before.address and "point" not in named:
            named["point"] = find_point(unit, before.region_id, {"address": address})
        named |= _promise_again(unit, before, named)
    return edit_record(unit, Ticket, ticket_id, version=version, changes=named, by=by, now=now)


def _promise_again(unit: Writing, before: Ticket, named: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a promise that an edit changes."""
    after = replace(before, **named)
    if GIVEN & named.keys():
        if after.arrive_by_at is not None or after.resolve_by_at is not None:
            return {} if "promise_source" in named or not is_of_tables(before) else {"promise_source": None}
    elif not is_of_tables(before) or all(getattr(before, name) == getattr(after, name) for name in DEPENDS_ON):
        return {}
    bare = replace(after, arrive_by_at=None, resolve_by_at=None, promise_source=None)
    promised = promise_ticket(unit, bare)
    return {name: getattr(promised, name) for name in (*sorted(GIVEN), "promise_source")}


def set_point(
    unit: Writing, ticket_id: str, *, version: int, lat_deg: float, lon_deg: float, by: str, now: datetime
) -> Ticket:
    """Put a ticket's pin where somebody dragged it: exact from now on, found by hand.

    Raises
    ------
    NotFound, StaleEdit
        It was removed, or edited, meanwhile.
    ImpossibleRecord
        There is no such place on Earth.
    """
    point = Point(lat_deg, lon_deg, Precision.EXACT, FoundBy.HAND)
    return edit_record(unit, Ticket, ticket_id, version=version, changes={"point": point}, by=by, now=now)
