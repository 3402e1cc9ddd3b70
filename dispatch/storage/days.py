"""What pages ask about a day: an engineer's visits in force, reports on tickets, revisions without their documents."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeVar

from sqlalchemy import Connection, func, select

from dispatch.domain.event import Event
from dispatch.domain.plan import Publication, Visit
from dispatch.storage.mapping import EVENT, PAIR_OF, PUBLICATION, VISIT, Editable
from dispatch.storage.tables import events, publications, revisions, tickets, visits

R = TypeVar("R", bound=Editable)

CHUNK: Final = 500
"""How many ids, or digests, are asked for at once."""

MOST_AT_ONCE: Final = 1000
"""Most records on a page of a list."""

_NUMBERS: Final = 7_246_327
"""The number under which PostgreSQL lets one unit at a time number a ticket."""


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """A revision without its documents and visits; ``number`` is its publication's, None if it was not published."""

    id: str
    region_id: str
    day: date
    base_number: int
    made_at: datetime
    made_by: str
    job_id: str | None
    number: int | None


class ReadsDays:
    """What a reading unit can say of a day."""

    _connection: Connection

    def list_page(self, kind: type[R], *, after: str = "", limit: int = 100, **where: object) -> list[R]:
        """Return the next records by id, of those whose columns have these values; None means that nothing is there.

        Parameters
        ----------
        after
            Id of the last one of the page before.
        limit
            How many at most, up to 1 000.
        """
        pair = PAIR_OF[kind]
        query = (
            select(pair.table).where(pair.table.c.id > after).order_by(pair.table.c.id).limit(min(limit, MOST_AT_ONCE))
        )
        for name, wanted in where.items():
            column = pair.table.c[name]
            query = query.where(column.is_(None) if wanted is None else column == wanted)
        return [pair.from_row(row) for row in self._connection.execute(query).mappings()]

    def find_known_rows(self, region_id: str, digests: Collection[str]) -> set[str]:
        """Return those of the digests of sheets' rows that tickets of a region were read from."""
        asked = sorted(digests)
        known: set[str] = set()
        for start in range(0, len(asked), CHUNK):
            chunk = asked[start : start + CHUNK]
            query = select(tickets.c.row_digest).where(
                tickets.c.region_id == region_id, tickets.c.row_digest.in_(chunk)
            )
            known.update(row for row in self._connection.execute(query).scalars() if row is not None)
        return known

    def list_visits_in_force(self, engineer_id: str, day: date) -> list[tuple[Publication, Visit]]:
        """Return an engineer's visits of a day as published, over all regions, in the order in which they begin."""
        later = publications.alias()
        newest = (
            select(func.max(later.c.number))
            .where(later.c.region_id == publications.c.region_id, later.c.day == publications.c.day)
            .scalar_subquery()
        )
        query = (
            select(visits, publications)
            .join(publications, publications.c.revision_id == visits.c.revision_id)
            .where(
                visits.c.engineer_id == engineer_id,
                publications.c.day == day,
                publications.c.number == newest,
            )
            .order_by(visits.c.begin_at, visits.c.place)
        )
        rows = self._connection.execute(query).mappings().all()
        return [(PUBLICATION.from_row(row), VISIT.from_row(row)) for row in rows]

    def list_ticket_events(self, ticket_ids: Collection[str]) -> list[Event]:
        """Return what happened to these tickets, in the order of the events' numbers."""
        columns = events.c
        query = select(events).where(columns.subject_kind == "Ticket", columns.subject_id.in_(sorted(ticket_ids)))
        return [EVENT.from_row(row) for row in self._connection.execute(query.order_by(columns.number)).mappings()]

    def list_revisions(self, region_id: str, day: date) -> list[RevisionLine]:
        """Return the revisions of a region's day, the newest first."""
        columns = revisions.c
        query = (
            select(
                columns.id,
                columns.region_id,
                columns.day,
                columns.base_number,
                columns.made_at,
                columns.made_by,
                columns.job_id,
                publications.c.number,
            )
            .outerjoin(publications, publications.c.revision_id == columns.id)
            .where(columns.region_id == region_id, columns.day == day)
            .order_by(columns.made_at.desc(), columns.id)
        )
        return [RevisionLine(**row) for row in self._connection.execute(query).mappings()]


class NumbersTickets:
    """What a writing unit can do so that tickets are numbered one after another."""

    _connection: Connection

    def find_last_serial(self, prefix: str) -> int:
        """Return the largest serial that follows a prefix in a ticket's id, 0 if there is none; others wait meanwhile.

        Whoever asks for the same at the same time gets the answer when this unit is over, so that a ticket numbered one
        higher is alone with its number.
        """
        if self._connection.dialect.name == "postgresql":
            self._connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_NUMBERS})").close()
        column = tickets.c.id
        ids = self._connection.execute(select(column).where(column >= prefix, column <= f"{prefix}999999999")).scalars()
        serials = [found.removeprefix(prefix) for found in ids if found.startswith(prefix)]
        return max((int(serial) for serial in serials if serial.isascii() and serial.isdigit()), default=0)
