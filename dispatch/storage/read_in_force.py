"""Read which visits the plans in force of other days, and of other regions, have."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, and_, func, or_, select

from dispatch.domain.plan import OtherVisit
from dispatch.domain.ticket import TicketState
from dispatch.storage.mapping import VISIT
from dispatch.storage.tables import publications, shifts, tickets, visits

LONGEST_SHIFT: Final = timedelta(days=2)
"""A shift that began on a day before this is over, its overtime too: it is the hours of one engineer on one day."""


def read_other_visits(connection: Connection, region_id: str, day: date, now: datetime) -> list[OtherVisit]:
    """Return the visits that other plans in force have and that are not over, by day and beginning.

    Parameters
    ----------
    region_id, day
        The one plan that is no other plan. Of other regions' plans, visits of engineers who have a shift in this one are read.
    now
        A moment with a zone.
    """
    last = (
        select(publications.c.region_id, publications.c.day, func.max(publications.c.number).label("number"))
        .where(publications.c.day >= now.date() - LONGEST_SHIFT)
        .group_by(publications.c.region_id, publications.c.day)
        .subquery()
    )
    ours = select(shifts.c.engineer_id).where(shifts.c.region_id == region_id)
    query = (
        select(
            visits,
            publications.c.region_id.label("region_id"),
            publications.c.day.label("day"),
            tickets.c.state.label("state"),
            shifts.c.end_at.label("shift_end_at"),
            shifts.c.overtime_s.label("overtime_s"),
        )
        .join(publications, publications.c.revision_id == visits.c.revision_id)
        .join(
            last,
            and_(
                last.c.region_id == publications.c.region_id,
                last.c.day == publications.c.day,
                last.c.number == publications.c.number,
            ),
        )
        .join(tickets, tickets.c.id == visits.c.ticket_id)
        .join(shifts, shifts.c.id == visits.c.shift_id)
        .where(
            or_(
                and_(publications.c.region_id == region_id, publications.c.day != day),
                and_(publications.c.region_id != region_id, visits.c.engineer_id.in_(ours)),
            )
        )
        .order_by(publications.c.day, visits.c.begin_at, visits.c.ticket_id, visits.c.engineer_id)
    )
    found = [
        OtherVisit(
            row["region_id"],
            row["day"],
            VISIT.from_row(row),
            TicketState(row["state"]),
            row["shift_end_at"] + timedelta(seconds=row["overtime_s"]),
        )
        for row in connection.execute(query).mappings()
    ]
    return [other for other in found if not other.is_over(now)]
