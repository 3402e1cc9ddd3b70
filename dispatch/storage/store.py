"""The store: units of work over one database.

``with store.reading() as unit`` sees one moment and cannot write; ``with store.writing() as unit`` keeps all that was
done in it, or nothing. A unit that raised is over: leave it. Whatever goes wrong is one of the domain's errors.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, Table, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from dispatch.domain.errors import AlreadyThere, Change, NotFound, PlanOvertaken, StaleEdit
from dispatch.domain.event import Event
from dispatch.domain.plan import OtherVisit, Publication, Revision
from dispatch.domain.snapshot import Snapshot
from dispatch.storage import database, migrate, tables
from dispatch.storage.answers import WritesAnswers
from dispatch.storage.days import CHUNK, NumbersTickets, ReadsDays
from dispatch.storage.failures import Failure, classify, translated
from dispatch.storage.jobs import ReadsJobs, WritesJobs
from dispatch.storage.mapping import EVENT, PAIR_OF, PAIRS, PUBLICATION, REVISION, VISIT, Editable, Pair
from dispatch.storage.read_in_force import read_other_visits
from dispatch.storage.read_snapshot import read_snapshot

R = TypeVar("R", bound=Editable)


class Reading(ReadsJobs, ReadsDays):
    """A unit of work that only reads."""

    def __init__(self, connection: Connection) -> None:
        """Take a connection with an open transaction."""
        self._connection = connection

    def find(self, kind: type[R], id: str) -> R | None:  # noqa: A002 - the field of every record is called so
        """Return the record with this id, or None."""
        pair = _pair_of(kind)
        row = self._connection.execute(select(pair.table).where(pair.table.c.id == id)).mappings().first()
        return None if row is None else pair.from_row(row)

    def get(self, kind: type[R], id: str) -> R:  # noqa: A002 - as above
        """Return the record with this id.

        Raises
        ------
        NotFound
            There is none.
        """
        found = self.find(kind, id)
        if found is None:
            raise NotFound(kind.__name__, id)
        return found

    def list_all(self, kind: type[R], **where: object) -> list[R]:
        """Return all records whose columns have these values, by id.

        A value that is a collection (not text) means any of its values; None means that nothing is there. Private columns
        cannot be asked for.

        Examples
        --------
        ``unit.list_all(Ticket, region_id="hz", state={"ready", "reopened"})``
        """
        pair = _pair_of(kind)
        query = select(pair.table)
        for name, wanted in where.items():
            column = pair.table.c[name]
            if isinstance(wanted, Collection) and not isinstance(wanted, str):
                query = query.where(column.in_(wanted))
            else:
                query = query.where(column.is_(None) if wanted is None else column == wanted)
        rows = self._connection.execute(query).mappings()
        return sorted((pair.from_row(row) for row in rows), key=lambda record: record.id)

    def list_events(
        self, *, subject_kind: str | None = None, subject_id: str | None = None, after_number: int = 0
    ) -> list[Event]:
        """Return the events after a number, of one kind of subject or one subject, in the order of their numbers."""
        columns = tables.events.c
        query = select(tables.events).where(columns.number > after_number).order_by(columns.number)
        if subject_kind is not None:
            query = query.where(columns.subject_kind == subject_kind)
        if subject_id is not None:
            query = query.where(columns.subject_id == subject_id)
        return [EVENT.from_row(row) for row in self._connection.execute(query).mappings()]

    def find_revision(self, id: str) -> Revision | None:  # noqa: A002 - as above
        """Return a revision with its visits, or None."""
        return self._find_revision(tables.revisions.c.id == id)

    def get_revision(self, id: str) -> Revision:  # noqa: A002 - as above
        """Return a revision with its visits; NotFound if there is none."""
        found = self.find_revision(id)
        if found is None:
            raise NotFound("Revision", id)
        return found

    def find_revision_of_job(self, job_id: str) -> Revision | None:
        """Return the revision that a planning job made, or None if it has not made one."""
        return self._find_revision(tables.revisions.c.job_id == job_id)

    def find_published(self, region_id: str, day: date) -> Publication | None:
        """Return the last publication of a region's day, which is in force; None if there is none."""
        found = self.list_publications(region_id, day)
        return found[-1] if found else None

    def list_publications(self, region_id: str, day: date) -> list[Publication]:
        """Return the publications of a region's day by number."""
        columns = tables.publications.c
        query = select(tables.publications).where(columns.region_id == region_id, columns.day == day)
        rows = self._connection.execute(query.order_by(columns.number)).mappings()
        return [PUBLICATION.from_row(row) for row in rows]

    def snapshot(self, region_id: str, day: date) -> Snapshot:
        """Read all that planning a region's day depends on, in a fixed number of queries.

        Raises
        ------
        NotFound
            There is no such region.
        """
        return read_snapshot(self._connection, region_id, day)

    def list_other_visits(self, region_id: str, day: date, *, now: datetime) -> list[OtherVisit]:
        """Return the visits that plans in force have beside a region's day and that are not over, in one query."""
        return read_other_visits(self._connection, region_id, day, now)

    def _find_revision(self, condition: Any) -> Revision | None:  # noqa: ANN401 - a column's comparison
        """Return the revision that meets a condition."""
        row = self._connection.execute(select(tables.revisions).where(condition)).mappings().first()
        if row is None:
            return None
        query = select(tables.visits).where(tables.visits.c.revision_id == row["id"])
        visits = tuple(VISIT.from_row(visit) for visit in self._connection.execute(query).mappings())
        return REVISION.from_row(row, visits=visits)


class Writing(Reading, WritesJobs, WritesAnswers, NumbersTickets):
    """A unit of work that may write."""

    def save(self, record: R) -> R:
        """Store a new record (version 0), or an edit of the version that it was read with; return it with its version.

        Raises
        ------
        AlreadyThere
            It is new and its id is taken.
        NotFound, StaleEdit
            It was removed, or edited, meanwhile; the second carries what is stored now and what differs.
        StillNeeded
            It names a record that is not there.
        """
        pair = _pair_of(type(record))
        kind = type(record).__name__
        saved = _with_version(record, record.version + 1)
        with translated(kind, record.id):
            if record.version == 0:
                self._connection.execute(insert(pair.table), pair.to_row(saved))
                return saved
            statement = update(pair.table).where(*_is_version(pair.table, record))
            if self._connection.execute(statement, pair.to_row(saved)).rowcount == 1:
                return saved
        raise self._refuse_stale(record)

    def save_all(self, records: Iterable[Editable]) -> list[Editable]:
        """Store many records at once, in an order in which each finds what it names; return them in theirs.

        Every edit is held to its version, as in :meth:`save`, and one that is refused refuses all.
        """
        given = list(records)
        saved: dict[int, Editable] = {}
        order = [pair.kind for pair in PAIRS]
        indices = sorted(range(len(given)), key=lambda index: order.index(type(given[index])))
        for kind, group in groupby(indices, key=lambda index: type(given[index])):
            members = list(group)
            new = [index for index in members if given[index].version == 0]
            self._insert_many(_pair_of(kind), [given[index] for index in new])
            saved |= {index: _with_version(given[index], 1) for index in new}
            saved |= {index: self.save(given[index]) for index in members if index not in saved}
        return [saved[index] for index in range(len(given))]

    def remove(self, record: Editable) -> None:
        """Remove a record, if it is still the version that was read.

        Raises
        ------
        NotFound, StaleEdit
            It was removed, or edited, meanwhile.
        StillNeeded
            Other records name it.
        """
        pair = _pair_of(type(record))
        with translated(type(record).__name__, record.id):
            statement = delete(pair.table).where(*_is_version(pair.table, record))
            if self._connection.execute(statement).rowcount == 1:
                return
        raise self._refuse_stale(record)

    def add_event(self, event: Event) -> Event:
        """Write down what happened; return it with its number."""
        with translated("Event", event.name):
            result = self._connection.execute(insert(tables.events), EVENT.to_row(event))
        (number,) = cast("tuple[int]", result.inserted_primary_key)
        return replace(event, number=number)

    def add_revision(self, revision: Revision) -> None:
        """Store a plan; it can be read and published from now on, and never changes.

        Raises
        ------
        AlreadyThere
            The id is taken, or its job has made a revision before.
        StillNeeded
            A visit names a ticket, engineer or shift that is not there.
        """
        with translated("Revision", revision.id):
            self._connection.execute(insert(tables.revisions), REVISION.to_row(revision))
            rows = [VISIT.to_row(visit) | {"revision_id": revision.id} for visit in revision.visits]
            if rows:
                self._connection.execute(insert(tables.visits), rows)

    def wait_for_region(self, region_id: str) -> None:
        """Wait until nobody else who asked for the same is at work on a region; they wait until this unit is over.

        What is read after this is what the one before has kept. On SQLite every unit that may write waits anyway.
        """
        key = select(tables.regions.c.id).where(tables.regions.c.id == region_id)
        with translated():
            self._connection.execute(key.with_for_update(key_share=True)).close()

    def publish(self, revision_id: str, *, at: datetime, by: str) -> Publication:
        """Put a revision in force, under the number after the one that it was made from.

        Of two at once one wins; nothing is published over a plan that its author has not seen.

        Raises
        ------
        NotFound
            There is no such revision.
        PlanOvertaken
            Another was published since the plan it was made from, or this one itself was.
        """
        columns = tables.revisions.c
        query = select(columns.region_id, columns.day, columns.base_number).where(columns.id == revision_id)
        row = self._connection.execute(query).first()
        if row is None:
            raise NotFound("Revision", revision_id)
        region_id, day, base = row
        current = self._current_number(region_id, day)
        if current == base:
            publication = Publication(region_id, day, base + 1, revision_id, at, by)
            if self._insert_publication(publication):
                return publication
            current = self._current_number(region_id, day)
        raise PlanOvertaken(region_id, day, base_number=base, current_number=current)

    def _current_number(self, region_id: str, day: date) -> int:
        """Return the number of the plan in force, 0 if there is none."""
        columns = tables.publications.c
        query = select(func.max(columns.number)).where(columns.region_id == region_id, columns.day == day)
        return self._connection.execute(query).scalar() or 0

    def _insert_publication(self, publication: Publication) -> bool:
        """Insert a publication; False if somebody else was a moment faster."""
        try:
            with self._connection.begin_nested():
                self._connection.execute(insert(tables.publications), PUBLICATION.to_row(publication))
        except IntegrityError as error:
            if classify(error)[0] is not Failure.TAKEN:
                raise
            return False
        return True

    def _insert_many(self, pair: Pair[Any], records: Sequence[Editable]) -> None:
        """Insert new records of one kind."""
        ids = [record.id for record in records]
        for start in range(0, len(ids), CHUNK):
            query = select(pair.table.c.id).where(pair.table.c.id.in_(ids[start : start + CHUNK]))
            taken = self._connection.execute(query.order_by(pair.table.c.id).limit(1)).scalar()
            if taken is not None:
                raise AlreadyThere(pair.kind.__name__, taken)
        if records:
            several = ids[0] if len(set(ids)) == 1 else f"{min(ids)} … {max(ids)}"
            with translated(pair.kind.__name__, several):
                rows = [pair.to_row(_with_version(record, 1)) for record in records]
                self._connection.execute(insert(pair.table), rows)

    def _refuse_stale(self, record: Editable) -> NotFound | StaleEdit:
        """Make the error for an edit or a removal that met another."""
        kind = type(record).__name__
        stored = self.find(type(record), record.id)
        if stored is None:
            return NotFound(kind, record.id)
        changes = tuple(
            Change(field.name, getattr(record, field.name), getattr(stored, field.name))
            for field in fields(record)
            if field.name != "version" and getattr(record, field.name) != getattr(stored, field.name)
        )
        return StaleEdit(
            kind,
            record.id,
            version=record.version,
            stored=stored,
            stored_version=stored.version,
            changes=changes,
        )


class Store:
    """One database.

    Parameters
    ----------
    address
        ``sqlite:///PATH`` or ``postgresql://USER@HOST/NAME``.

    Raises
    ------
    DatabaseUnknown
        The address is of neither.
    """

    def __init__(self, address: str) -> None:
        self._engine: Engine = database.make_engine(address)

    def migrate(self) -> None:
        """Bring the tables to what this program needs; what is there stays."""
        with translated():
            migrate.upgrade(self._engine)

    def check_tables(self) -> None:
        """Raise StorageOutOfStep if the tables are of another version of this program."""
        with translated():
            migrate.check_tables(self._engine)

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """Open a unit that sees one moment of the database."""
        with translated(), database.reading(self._engine) as connection:
            yield Reading(connection)

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Open a unit whose work is kept as a whole when it ends well."""
        with translated(), database.writing(self._engine) as connection:
            yield Writing(connection)

    def close(self) -> None:
        """Close all connections; the next unit opens new ones."""
        self._engine.dispose()


def _pair_of(kind: type[Any]) -> Pair[Any]:
    """Return the pair for a class of records."""
    return PAIR_OF[kind]


def _with_version(record: R, version: int) -> R:
    """Return a record with another version."""
    return replace(record, version=version)


def _is_version(table: Table, record: Editable) -> tuple[Any, Any]:
    """Return the condition that a row is the version which a record was read as."""
    return table.c.id == record.id, table.c.version == record.version
