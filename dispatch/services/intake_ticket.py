"""Take in a ticket: it gets its number, ``WX`` + day + serial. Put its pin where somebody dragged it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from dispatch.domain.place import FoundBy, Point, Precision
from dispatch.domain.region import Region
from dispatch.domain.ticket import Ticket, TicketState
from dispatch.services.edit_records import add_record, edit_record
from dispatch.services.regions import pick_day
from dispatch.storage.store import Writing

PREFIX: Final = "WX"
"""How a ticket's number begins: 维修. Source: the sample form of the service manual (IN-10), ``WX20231001001``."""


def intake_ticket(unit: Writing, region_id: str, fields: Mapping[str, Any], *, by: str, now: datetime) -> Ticket:
    """Keep a new ticket under the next number of the region's day; ready to be planned.

    Parameters
    ----------
    fields
        What else is known of it, by the fields of :class:`~dispatch.domain.ticket.Ticket`, in the domain's own types.

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
    Ticket(prefix, region_id, **given)  # what cannot be takes no number
    number = unit.find_last_serial(prefix) + 1
    return add_record(unit, Ticket(f"{prefix}{number:03d}", region_id, **given), by=by, now=now)


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
