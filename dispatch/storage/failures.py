"""What a database says when it refuses, as the domain's errors: without the values of the row.

PostgreSQL adds the whole failing row to what it says. So its own exception goes no further than the store: here it is
read for the kind of failure and the name of the constraint, and replaced.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto

import psycopg
from psycopg.errors import Diagnostic
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from dispatch.domain.errors import AlreadyThere, DispatchError, StillNeeded, StorageRefused, StorageUnavailable

_RAISED = "23P99"
"""The code with which our own triggers raise on PostgreSQL."""
_UNAVAILABLE_CLASSES = ("08", "40", "53", "55", "57", "58")
"""SQLSTATE: connection, rolled back, resources, locks, intervention, system."""
_UNAVAILABLE_NAMES = ("BUSY", "LOCKED", "FULL", "IOERR", "CANTOPEN", "NOMEM", "PROTOCOL")


class Failure(Enum):
    """What kind of failure it is."""

    TAKEN = auto()
    MISSING = auto()
    UNAVAILABLE = auto()
    REFUSED = auto()


def classify(error: DBAPIError) -> tuple[Failure, str]:
    """Return the kind of failure, and the database's word for it without values."""
    cause = error.orig
    if isinstance(cause, psycopg.Error) and cause.sqlstate is not None:
        return _classify_state(cause.sqlstate, cause.diag)
    if isinstance(cause, sqlite3.Error) and getattr(cause, "sqlite_errorname", None):
        return _classify_name(cause.sqlite_errorname, str(cause))
    if isinstance(error, (OperationalError, InterfaceError)) or error.connection_invalidated:
        return Failure.UNAVAILABLE, "no connection"
    return Failure.REFUSED, type(cause).__name__


def _classify_state(state: str, diagnosis: Diagnostic) -> tuple[Failure, str]:
    """Classify by PostgreSQL's code."""
    if state == _RAISED:
        return Failure.REFUSED, diagnosis.message_primary or state
    reason = f"{state} {diagnosis.constraint_name or ''}".strip()
    if state == "23505":
        return Failure.TAKEN, reason
    if state in {"23503", "23001"}:
        return Failure.MISSING, reason
    return (Failure.UNAVAILABLE if state.startswith(_UNAVAILABLE_CLASSES) else Failure.REFUSED), reason


def _classify_name(name: str, message: str) -> tuple[Failure, str]:
    """Classify by SQLite's name; its messages name constraints and columns, and our triggers' own words."""
    if name in {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_ROWID"}:
        return Failure.TAKEN, message
    if name == "SQLITE_CONSTRAINT_FOREIGNKEY":
        return Failure.MISSING, message
    if name.startswith("SQLITE_CONSTRAINT"):
        return Failure.REFUSED, message
    unavailable = any(word in name for word in _UNAVAILABLE_NAMES)
    return (Failure.UNAVAILABLE if unavailable else Failure.REFUSED), name


@contextmanager
def translated(kind: str | None = None, id: str | None = None) -> Iterator[None]:  # noqa: A002 - a record's field
    """Replace what the database raises; with a record's class and id, say what is wrong with that record."""
    try:
        yield
    except DBAPIError as error:
        raise _translate(error, kind, id) from None
    except PoolTimeoutError:
        raise StorageUnavailable("all connections are in use") from None


def _translate(error: DBAPIError, kind: str | None, id: str | None) -> DispatchError:  # noqa: A002 - a record's field
    """Make the domain's error."""
    failure, reason = classify(error)
    if failure is Failure.UNAVAILABLE:
        return StorageUnavailable(reason)
    if kind is not None and id is not None and failure is Failure.TAKEN:
        return AlreadyThere(kind, id)
    if kind is not None and id is not None and failure is Failure.MISSING:
        return StillNeeded(kind, id)
    return StorageRefused(reason)
