"""Read which tickets the plans in force of other days visit."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, func, select

from dispatch.storage.tables import publications, visits


def read_other_days(connection: Connection, region_id: str, first_day: date, day: date) -> dict[str, date]:
    """Return each ticket that the plan in force of another day visits, with that day, the last if there are several.

    Parameters
    ----------
    first_day
        Days before it are not looked at.
    day
        The one day that is no other day.
    """
    last = (
        select(publications.c.day, func.max(publications.c.number).label("number"))
        .where(publications.c.region_id == region_id, publications.c.day >= first_day, publications.c.day != day)
        .group_by(publications.c.day)
        .subquery()
    )
    query = (
        select(visits.c.ticket_id, publications.c.day)
        .join(publications, publications.c.revision_id == visits.c.revision_id)
        .join(last, (last.c.day == publications.c.day) & (last.c.number == publications.c.number))
        .where(publications.c.region_id == region_id)
        .order_by(publications.c.day)
    )
    return {row.ticket_id: row.day for row in connection.execute(query)}
