"""Read a region's day: the same few queries, however much there is, and as many as there are hundreds of parts."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Select, select, union

from dispatch.domain.customer import Asset, Customer, Site
from dispatch.domain.engineer import Absence, Engineer, Shift
from dispatch.domain.errors import NotFound
from dispatch.domain.part import Depot, Part
from dispatch.domain.region import Outlet, Region
from dispatch.domain.snapshot import Snapshot
from dispatch.domain.ticket import WORK_DONE, Ticket
from dispatch.storage.mapping import PAIR_OF, PUBLICATION, REVISION, VISIT
from dispatch.storage.tables import (
    absences,
    assets,
    customers,
    depots,
    engineers,
    outlets,
    parts,
    publications,
    regions,
    revisions,
    shifts,
    sites,
    tickets,
    visits,
)

R = TypeVar("R")

IDS_AT_ONCE: Final = 500
"""So many ids a query names."""


def read_snapshot(connection: Connection, region_id: str, day: date) -> Snapshot:
    """Read a snapshot; its docstring says what belongs to it. NotFound if there is no such region."""
    found = _read(connection, Region, select(regions).where(regions.c.id == region_id))
    if not found:
        raise NotFound("Region", region_id)
    (region,) = found
    day_start, day_end = region.bounds_of(day)

    in_force = (
        select(publications)
        .where(publications.c.region_id == region_id, publications.c.day == day)
        .order_by(publications.c.number.desc())
        .limit(1)
    )
    published = connection.execute(in_force).mappings().first()
    publication = None if published is None else PUBLICATION.from_row(published)
    revision_id = "" if publication is None else publication.revision_id  # blank is no id: nothing, by the index
    revision_row = connection.execute(select(revisions).where(revisions.c.id == revision_id)).mappings().first()
    visited = select(visits).where(visits.c.revision_id == revision_id)
    visits_in_force = tuple(VISIT.from_row(row) for row in connection.execute(visited).mappings())

    # Unions, as PostgreSQL reads a whole table for "this column, or in that query"
    own = tickets.alias()
    wanted = tickets.c.id.in_(
        union(
            select(own.c.id).where(
                own.c.region_id == region_id, own.c.state.not_in([state.value for state in WORK_DONE])
            ),
            select(visits.c.ticket_id).where(visits.c.revision_id == revision_id),
        )
    )
    site_ids = select(tickets.c.site_id).where(wanted, tickets.c.site_id.is_not(None))
    working = (shifts.c.region_id == region_id) & (shifts.c.start_at < day_end) & (shifts.c.end_at > day_start)
    staff = engineers.alias()
    present = engineers.c.id.in_(
        union(
            select(staff.c.id).where(staff.c.region_id == region_id, staff.c.active),
            select(shifts.c.engineer_id).where(working),
        )
    )
    found_shifts = _read(connection, Shift, select(shifts).where(working))
    shifts_of_day = tuple(shift for shift in found_shifts if shift.start_at >= day_start)
    first = min([day_start, *(shift.start_at for shift in shifts_of_day)])
    last = max([day_end, *(shift.end_at for shift in shifts_of_day)])

    open_tickets = _read(connection, Ticket, select(tickets).where(wanted))
    return Snapshot(
        region=region,
        day=day,
        outlets=_read(connection, Outlet, select(outlets).where(outlets.c.region_id == region_id)),
        customers=_read(
            connection,
            Customer,
            select(customers).where(
                customers.c.id.in_(
                    union(
                        select(tickets.c.customer_id).where(wanted, tickets.c.customer_id.is_not(None)),
                        select(sites.c.customer_id).where(sites.c.id.in_(site_ids)),
                    )
                )
            ),
        ),
        sites=_read(connection, Site, select(sites).where(sites.c.id.in_(site_ids))),
        assets=_read(
            connection,
            Asset,
            select(assets).where(
                assets.c.id.in_(select(tickets.c.asset_id).where(wanted, tickets.c.asset_id.is_not(None)))
            ),
        ),
        tickets=open_tickets,
        engineers=_read(connection, Engineer, select(engineers).where(present)),
        shifts=shifts_of_day,
        night_shifts=tuple(shift for shift in found_shifts if shift.start_at < day_start),
        absences=_read(
            connection,
            Absence,
            select(absences).where(
                absences.c.engineer_id.in_(select(engineers.c.id).where(present)),
                absences.c.from_at < last,
                absences.c.to_at > first,
            ),
        ),
        parts=_read_parts(connection, open_tickets),
        depots=_read(connection, Depot, select(depots).where(depots.c.region_id == region_id)),
        publication=publication,
        plan=None if revision_row is None else REVISION.from_row(revision_row, visits=visits_in_force),
    )


def _read_parts(connection: Connection, day: Iterable[Ticket]) -> tuple[Part, ...]:
    """Read the parts that tickets need, and those that may serve in their place."""
    needed = _read_by_id(connection, {part for ticket in day for part in ticket.parts})
    others = {other for part in needed for other in part.substitutes} - {part.id for part in needed}
    return tuple(sorted((*needed, *_read_by_id(connection, others)), key=lambda part: part.id))


def _read_by_id(connection: Connection, ids: Collection[str]) -> list[Part]:
    """Read some parts, a few hundred at a time."""
    listed = sorted(ids)
    chunks = (listed[first : first + IDS_AT_ONCE] for first in range(0, len(listed), IDS_AT_ONCE))
    return [part for some in chunks for part in _read(connection, Part, select(parts).where(parts.c.id.in_(some)))]


def _read(connection: Connection, kind: type[R], query: Select[Any]) -> tuple[R, ...]:
    """Read records of one kind, by id."""
    pair = PAIR_OF[kind]
    records = [pair.from_row(row) for row in connection.execute(query).mappings()]
    return tuple(sorted(records, key=lambda record: record.id))
