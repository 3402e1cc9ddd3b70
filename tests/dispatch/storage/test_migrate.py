from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import JSON, Engine, column, select, table, text

from dispatch.domain.errors import StorageOutOfStep, StorageRefused
from dispatch.domain.job import Detail
from dispatch.domain.region import Region
from dispatch.domain.ticket import Ticket
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
    with pytest.raises(StorageOutOfStep, match="0004"):
        empty.check_tables()
    empty.close()


Statement = tuple[str, list[dict[str, str | None]]]

ROWS: dict[str, list[Statement]] = {
    "0001": [
        ("INSERT INTO regions (id, name, zone, version) VALUES ('hz', '杭州', 'Asia/Shanghai', 1)", [{}]),
        (
            (
                "INSERT INTO tickets (id, region_id, reported_at, grade, state, product, fault, duration_s, skills, windows, "
                "extras, version) VALUES (:name, 'hz', '2026-11-23 00:00:00+00:00', 'general', 'ready', '', '', 1800, "
                "'{}', '[]', :extras, 7)"
            ),
            [
                {"name": "sheet", "extras": '{"sheet_row": "abc", "方言": "\\u5434"}'},
                {"name": "hand", "extras": "{}"},
            ],
        ),
    ],
    "0002": [
        (
            (
                "INSERT INTO jobs (id, region_id, day, seconds, made_by, key, created_at, urgency, state, attempt, failure, "
                "detail) VALUES (:name, 'hz', '2026-11-23', 10, 'd1', :name, '2026-11-23 00:00:00+00:00', 0, 'failed', 1, "
                ":failure, :detail)"
            ),
            [
                {"name": "died", "failure": "search_died", "detail": "SIGKILL"},
                {"name": "odd", "failure": "search_died", "detail": "signal 64"},
                {"name": "left", "failure": "search_died", "detail": "exit 3"},
                {"name": "faulty", "failure": "refused", "detail": "missing_key, 3"},
                {"name": "broke", "failure": "internal", "detail": "ZeroDivisionError"},
                {"name": "gone", "failure": "not_prepared", "detail": "there is no Region hz"},
                {"name": "spent", "failure": "attempts_spent", "detail": None},
            ],
        )
    ],
}
"""What a database of each version holds."""

DETAILS = {
    "died": Detail("signal", {"name": "SIGKILL"}),
    "odd": Detail("signal", {"name": "64"}),
    "left": Detail("exit_code", {"number": 3}),
    "faulty": Detail("faults", {"code": "missing_key", "count": 3}),
    "broke": Detail("exception", {"name": "ZeroDivisionError"}),
    "gone": Detail("said", {"text": "there is no Region hz"}),
    "spent": None,
}


def make_old(address: str, mark: str) -> Engine:
    """Make a database as a version left it, with rows in every table that the migrations after it change."""
    engine = database.make_engine(address)
    for version, statements in ROWS.items():
        if version <= mark:
            migrate.upgrade(engine, version)
            with database.writing(engine) as connection:
                for statement, rows in statements:
                    connection.execute(text(statement), rows)
    return engine


@pytest.mark.parametrize("mark", list(ROWS))
def test_what_an_earlier_version_kept_is_there_after_migrating(address: str, mark: str) -> None:
    make_old(address, mark).dispose()
    new = Store(address)
    new.migrate()
    assert differences(new._engine) == []
    assert triggers(new._engine) == wanted_triggers(new._engine)
    with new.writing() as unit:
        sheet, hand = unit.get(Ticket, "sheet"), unit.get(Ticket, "hand")
        assert (sheet.row_digest, sheet.extras, sheet.version) == ("abc", {"方言": "吴"}, 7)
        assert (hand.row_digest, hand.extras, hand.version) == (None, {}, 7)
        assert unit.save(replace(sheet, fault="漏水")).version == 8
        kept = {job.id: job.detail for job in unit.list_jobs("hz", date(2026, 11, 23))}
    assert kept == (DETAILS if mark >= "0002" else {})
    with pytest.raises(StorageRefused, match="version"), new.writing() as unit:
        unit._connection.exec_driver_sql("UPDATE tickets SET fault = '漏'")
    new.close()


def test_going_back_keeps_what_the_version_before_knows(address: str) -> None:
    engine = make_old(address, "0002")

    def read() -> list[Any]:
        with database.reading(engine) as connection:
            kept = connection.exec_driver_sql("SELECT id, failure, detail FROM jobs ORDER BY id").all()
            tickets = connection.execute(select(column("id"), column("extras", JSON)).select_from(table("tickets")))
            return [*kept, *sorted(tuple(row) for row in tickets)]

    before = read()
    migrate.upgrade(engine)
    migrate.downgrade(engine, "0002")
    assert read() == [("odd", "search_died", "64") if row[0] == "odd" else row for row in before]
    engine.dispose()
