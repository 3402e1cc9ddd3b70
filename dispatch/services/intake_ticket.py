"""Take in a ticket: it gets its number, ``WX`` + day + serial, its place and its promise. Change it; put its pin elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from dispatch.domain.customer import Site
from dispatch.domain.errors import NotFound, StaleEdit
from dispatch.domain.place import FoundBy, Point, Precision
from dispatch.domain.region import Region
from dispatch.domain.ticket import Ticket, TicketState
from dispatch.services.change_state import begin_ticket
from dispatch.services.edit_records import add_record, edit_record
from dispatch.services.find_place import find_point
from dispatch.services.promise_ticket import DEPENDS_ON, GIVEN, is_of_tables, promise_ticket
from dispatch.services.regions import pick_day
from dispatch.storage.store import Writing

PREFIX: Final = "WX"
"""How a ticket's number begins: 维修. Source: the sample form of the service manual (IN-10), ``WX20231001001``."""


def intake_ticket(unit: Writing, region_id: str, fields: Mapping[str, Any], *, by: str, now: datetime) -> Ticket:
    """Keep a new ticket under the next number of the region's day; ready to be planned unless ``fields`` say less.

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
    given = {"reported_at": now, **fields}
    state = given.pop("state", TicketState.READY)
    prefix = f"{PREFIX}{pick_day(region, now):%Y%m%d}"
    if given.get("point") is None:
        given["point"] = find_point(unit, region_id, given)
    begun = begin_ticket(Ticket(prefix, region_id, **given), state)
    ticket = promise_ticket(unit, begun)  # what cannot be takes no number
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


@dataclass(frozen=True, slots=True)
class Pinned:
    """A ticket whose pin was put, and its site as it was put with it; None: the ticket has none, or the site stays where it is."""

    ticket: Ticket
    site: Site | None


def set_point(
    unit: Writing, ticket_id: str, *, version: int, lat_deg: float, lon_deg: float, by: str, now: datetime
) -> Pinned:
    """Put a ticket's pin where somebody dragged it: exact from now on, found by hand.

    Its site comes with it, so that the next ticket there is exact from the start: where the ticket is at the site's address and
    nobody has said where the site itself is. One that came with this ticket's pin before follows it again.

    Raises
    ------
    NotFound, StaleEdit
        It was removed, or edited, meanwhile.
    ImpossibleRecord
        There is no such place on Earth.
    """
    point = Point(lat_deg, lon_deg, Precision.EXACT, FoundBy.HAND)
    before = unit.get(Ticket, ticket_id)
    ticket = edit_record(unit, Ticket, ticket_id, version=version, changes={"point": point}, by=by, now=now)
    site = unit.find(Site, before.site_id) if before.site_id is not None else None
    if site is None or not _comes_along(site, before):
        return Pinned(ticket, None)
    try:
        put = edit_record(unit, Site, site.id, version=site.version, changes={"point": point}, by=by, now=now)
    except (NotFound, StaleEdit):
        return Pinned(ticket, None)  # somebody was at the site this very moment: theirs stands
    return Pinned(ticket, put)


def _comes_along(site: Site, ticket: Ticket) -> bool:
    """Tell whether a site goes where the pin of a ticket is put, which stands where it stood before."""
    if ticket.address and "".join(ticket.address.split()) != "".join(site.address.split()):
        return False
    was, own = ticket.point, site.point
    if own is None or not own.is_exact or own.found_by is FoundBy.GEOCODER:
        return True
    came_along = was is not None and FoundBy.HAND is was.found_by is own.found_by
    return came_along and was is not None and (was.lat_deg, was.lon_deg) == (own.lat_deg, own.lon_deg)
