"""Bring a database's tables to what this program needs, and tell whether they are."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from dispatch.domain.errors import StorageOutOfStep
from dispatch.storage.database import reading, writing

_LOCK: Final = 7_246_326
"""The number under which PostgreSQL lets one process migrate at a time: PAIDAN on a phone's keys."""


def upgrade(engine: Engine, to: str = "head") -> None:
    """Migrate up; what is there already stays, and two processes at once do it once."""
    with writing(engine) as connection:
        _take_turns(connection)
        command.upgrade(_configure(connection), to)


def downgrade(engine: Engine, to: str) -> None:
    """Migrate down to a mark, ``base`` for none: tables that it does not know go, with everything in them."""
    with writing(engine) as connection:
        _take_turns(connection)
        command.downgrade(_configure(connection), to)


def check_tables(engine: Engine) -> None:
    """Refuse a database with the tables of another version of this program.

    Raises
    ------
    StorageOutOfStep
        Says which tables are there and which are needed.
    """
    wanted = ScriptDirectory.from_config(_configure(None)).get_current_head()
    with reading(engine) as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found != wanted:
        raise StorageOutOfStep(found, str(wanted))


def _configure(connection: Connection | None) -> Config:
    """Tell Alembic where the migrations are and which connection to use."""
    config = Config()
    folder = Path(__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _take_turns(connection: Connection) -> None:
    """Wait until nobody else migrates; SQLite's writers take turns anyway."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})").close()
