from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, text

from dispatch.domain.errors import StorageOutOfStep
from dispatch.domain.region import Region
from dispatch.storage import database, migrate
from dispatch.storage.store import Store
from dispatch.storage.tables import EDITABLE, FROZEN, metadata

TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    """A store whose tables may be changed: it is migrated for each test."""
    made = Store(address)
    made.migrate()
    yield made
    made.close()


def differences(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))


def triggers(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(connection.execute(text(TRIGGERS[engine.dialect.name])).scalars())


def wanted_triggers(engine: Engine) -> set[str]:
    verbs = {"update", "delete"} | ({"truncate"} if engine.dialect.name == "postgresql" else set())
    guards = {f"{table.name}_no_{verb}" for table in FROZEN for verb in verbs}
    return {f"{table.name}_version" for table in EDITABLE} | guards | {"visits_no_addition"}


def test_the_migrated_tables_are_those_of_the_models_with_every_guard(store: Store) -> None:
    assert differences(store._engine) == []
    assert triggers(store._engine) == wanted_triggers(store._engine)


def test_the_comparison_would_notice_a_missing_column(store: Store) -> None:
    with store._engine.begin() as connection:
        connection.execute(text("ALTER TABLE assets DROP COLUMN serial"))
    ((found, *_),) = differences(store._engine)
    assert found == "add_column"


def test_migrating_up_down_and_up_again_ends_where_it_began(address: str) -> None:
    engine = database.make_engine(address)
    migrate.upgrade(engine)
    migrate.downgrade(engine, "base")
    assert triggers(engine) == set()
    assert {difference[0] for difference in differences(engine)} == {"add_table", "add_index"}
    migrate.upgrade(engine)
    assert differences(engine) == []
    assert triggers(engine) == wanted_triggers(engine)
    engine.dispose()


def test_migrating_twice_keeps_what_is_there(store: Store) -> None:
    with store.writing() as unit:
        unit.save(Region("hz", "杭州"))
    store.migrate()
    with store.reading() as unit:
        assert unit.get(Region, "hz").name == "杭州"


def test_two_that_migrate_at_once_do_it_once(address: str) -> None:
    stores = [Store(address), Store(address)]
    failed: list[BaseException] = []

    def run(one: Store) -> None:
        try:
            one.migrate()
        except Exception as error:  # noqa: BLE001 - whatever it is, the test tells
            failed.append(error)

    threads = [threading.Thread(target=run, args=(one,)) for one in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    for one in stores:
        one.check_tables()
        one.close()


def test_a_database_of_another_version_is_refused_by_name(store: Store) -> None:
    store.check_tables()
    with store._engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageOutOfStep, match="9999"):
        store.check_tables()


def test_a_database_without_tables_is_refused(address: str) -> None:
    empty = Store(address)
    with pytest.raises(StorageOutOfStep, match="0002"):
        empty.check_tables()
    empty.close()
