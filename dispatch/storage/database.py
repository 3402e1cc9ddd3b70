"""Connections: SQLite that keeps its word, and PostgreSQL that keeps its mouth shut."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from dispatch.domain.errors import DatabaseUnknown

WAIT_S: Final = 30
"""How long a writer waits for another before it gives up."""

IDLE_S: Final = 60
"""How long PostgreSQL lets an open transaction do nothing before it ends it: a stopped process must not block others."""

DEFAULT: Final = "sqlite:///var/paidan.db"
"""The database when nobody says."""

READING: Final = "paidan_reading"
"""Execution option of connections that only read."""


def make_engine(address: str) -> Engine:
    """Make the engine for ``sqlite:///PATH`` or ``postgresql://USER@HOST/NAME``; nothing is connected yet.

    SQLite gets WAL, ``synchronous=FULL`` (what was acknowledged survives a power cut), foreign keys, triggers that fire
    for replaced rows too, and BEGIN IMMEDIATE for every transaction that may write: waiting in line at once is what keeps
    two writers from failing in the middle. PostgreSQL's errors do not print the values that were sent.

    Raises
    ------
    DatabaseUnknown
        Another kind of database, or one in memory, which no second connection would see.
    """
    try:
        url = make_url(address)
    except ArgumentError:
        raise DatabaseUnknown("an address that cannot be read") from None
    if url.drivername in {"sqlite", "sqlite+pysqlite"} and is_file(url):
        engine = create_engine(url, hide_parameters=True, connect_args={"timeout": WAIT_S})
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if url.drivername in {"postgresql", "postgresql+psycopg"}:
        options = f"-c timezone=UTC -c lock_timeout={WAIT_S}s -c idle_in_transaction_session_timeout={IDLE_S}s"
        return create_engine(
            url.set(drivername="postgresql+psycopg"),
            hide_parameters=True,
            pool_pre_ping=True,
            connect_args={"options": options},
        )
    raise DatabaseUnknown(url.render_as_string(hide_password=True))


def is_file(url: URL) -> bool:
    """Tell whether a SQLite address names a file."""
    name = url.database or ""
    return bool(name) and ":memory:" not in name and "mode=memory" not in name and url.query.get("mode") != "memory"


def make_folder(address: str) -> None:
    """Make the folder of a database that is a file; a database on a server has none.

    Raises
    ------
    DatabaseUnknown
        The address cannot be read.
    OSError
        The folder cannot be made.
    """
    try:
        url = make_url(address)
    except ArgumentError:
        raise DatabaseUnknown("an address that cannot be read") from None
    if url.drivername.startswith("sqlite") and is_file(url):
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """Set what SQLite forgets with every connection."""
    connection.isolation_level = None  # transactions begin where we say, not where Python guesses
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    """Begin: who may write takes the lock at once, who only reads cannot write."""
    reading = bool(connection.get_execution_options().get(READING))
    connection.exec_driver_sql(f"PRAGMA query_only={int(reading)}")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that sees one moment of the database and cannot write."""
    options: dict[str, object] = {READING: True}
    if engine.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that may write: all of it is kept, or nothing."""
    with engine.begin() as connection:
        yield connection
