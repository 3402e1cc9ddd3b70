from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event as listening
from sqlalchemy import insert, text, update

from dispatch.domain.customer import Customer, Tier
from dispatch.domain.engineer import Absence, Engineer, Shift
from dispatch.domain.errors import (
    AlreadyThere,
    DatabaseUnknown,
    NotFound,
    PlanOvertaken,
    StaleEdit,
    StillNeeded,
    StorageRefused,
    StorageUnavailable,
)
from dispatch.domain.event import Event
from dispatch.domain.part import Part
from dispatch.domain.plan import Publication
from dispatch.domain.region import Region
from dispatch.domain.ticket import Ticket, TicketState
from dispatch.storage import tables
from dispatch.storage.store import Store
from tests.dispatch.storage.records import DAY, EIGHT, fill, hours, revision


@pytest.fixture
def filled(store: Store) -> Store:
    """A store with Hangzhou's small world."""
    with store.writing() as unit:
        fill(unit)
    return store


def publish(store: Store, id: str, base_number: int = 0) -> Publication:  # noqa: A002 - a record's field
    with store.writing() as unit:
        unit.add_revision(revision(id, base_number))
        return unit.publish(id, at=EIGHT, by="d1")


def at_once(*tasks: Callable[[], object]) -> list[object]:
    """Run tasks in threads that begin together; give back what each returned or raised."""
    gate = threading.Barrier(len(tasks))
    results: list[object] = [None] * len(tasks)

    def run(index: int) -> None:
        gate.wait()
        try:
            results[index] = tasks[index]()
        except Exception as error:  # noqa: BLE001 - what it is is the result
            results[index] = error

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(tasks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_a_record_comes_back_with_its_version_and_each_edit_raises_it(store: Store) -> None:
    with store.writing() as unit:
        first = unit.save(Region("hz", "杭州"))
        second = unit.save(replace(first, name="大杭州"))
    assert (first.version, second.version) == (1, 2)
    with store.reading() as unit:
        assert unit.get(Region, "hz") == second


def test_what_is_not_there_is_none_to_find_and_an_error_to_get(store: Store) -> None:
    with store.reading() as unit:
        assert unit.find(Region, "hz") is None
        assert unit.find_revision("r") is None
        assert unit.find_published("hz", DAY) is None
        with pytest.raises(NotFound, match="Region hz"):
            unit.get(Region, "hz")
        with pytest.raises(NotFound, match="Revision r"):
            unit.get_revision("r")
        with pytest.raises(NotFound, match="Region hz"):
            unit.snapshot("hz", DAY)


def test_a_unit_that_fails_keeps_nothing(store: Store) -> None:
    def fail() -> None:
        with store.writing() as unit:
            unit.save(Region("hz", "杭州"))
            unit.get(Region, "nb")

    with pytest.raises(NotFound):
        fail()
    with store.reading() as unit:
        assert unit.list_all(Region) == []


def test_an_id_that_is_taken_is_refused(filled: Store) -> None:
    with pytest.raises(AlreadyThere, match="Region hz"), filled.writing() as unit:
        unit.save(Region("hz", "宁波"))
    with pytest.raises(AlreadyThere, match="Ticket T1"), filled.writing() as unit:
        unit.save_all([Ticket("T9", "hz", EIGHT), Ticket("T1", "hz", EIGHT)])
    with filled.reading() as unit:
        assert unit.find(Ticket, "T9") is None


def test_a_record_that_names_what_is_not_there_is_refused(filled: Store) -> None:
    with pytest.raises(StillNeeded, match="Ticket T9"), filled.writing() as unit:
        unit.save(Ticket("T9", "nb", EIGHT))
    with pytest.raises(StillNeeded, match="Region hz"), filled.writing() as unit:
        unit.remove(unit.get(Region, "hz"))


def test_a_stale_edit_is_refused_and_tells_what_changed(filled: Store) -> None:
    with filled.writing() as unit:
        customer = unit.get(Customer, "C")
        unit.save(replace(customer, phone="13911111111", tier=Tier.GOLD))
    with pytest.raises(StaleEdit) as refused, filled.writing() as unit:
        unit.save(replace(customer, name="王芳芳"))
    error = refused.value
    assert [(change.name, change.edited, change.stored) for change in error.changes] == [
        ("name", "王芳芳", "王芳"),
        ("phone", "13800000000", "13911111111"),
        ("tier", Tier.SILVER, Tier.GOLD),
    ]
    assert error.version == 1
    assert isinstance(error.stored, Customer)
    assert error.stored.version == 2
    with filled.writing() as unit:
        assert unit.save(replace(error.stored, name="王芳芳")).version == 3


def test_an_edit_of_what_was_removed_is_refused(filled: Store) -> None:
    with filled.writing() as unit:
        ticket = unit.get(Ticket, "T1")
        unit.remove(ticket)
    with pytest.raises(NotFound, match="Ticket T1"), filled.writing() as unit:
        unit.save(ticket)
    with pytest.raises(NotFound, match="Ticket T1"), filled.writing() as unit:
        unit.remove(ticket)


def test_a_stale_removal_is_refused(filled: Store) -> None:
    with filled.writing() as unit:
        ticket = unit.get(Ticket, "T1")
        unit.save(replace(ticket, fault="不制冷"))
    with pytest.raises(StaleEdit, match="fault"), filled.writing() as unit:
        unit.remove(ticket)


def test_many_edits_at_once_are_each_held_to_their_version(filled: Store) -> None:
    with filled.writing() as unit:
        tickets = unit.list_all(Ticket)
        unit.save(replace(tickets[1], fault="不制冷"))
    closed = [replace(ticket, state=TicketState.CLOSED) for ticket in tickets]
    with pytest.raises(StaleEdit, match="T1"), filled.writing() as unit:
        unit.save_all(closed)
    with filled.reading() as unit:
        assert [ticket.state for ticket in unit.list_all(Ticket)] == [TicketState.READY] * 2


def test_the_database_itself_refuses_a_bulk_update_that_skips_the_version(filled: Store) -> None:
    with pytest.raises(StorageRefused, match="version"), filled.writing() as unit:
        unit._connection.execute(update(tables.tickets).values(state="closed"))
    with filled.writing() as unit:
        columns = tables.tickets.c
        unit._connection.execute(update(tables.tickets).values(state="closed", version=columns.version + 1))
        assert {ticket.version for ticket in unit.list_all(Ticket)} == {2}


def test_of_two_edits_at_once_one_is_kept_and_the_other_told(filled: Store) -> None:
    with filled.reading() as unit:
        ticket = unit.get(Ticket, "T0")

    def edit(fault: str) -> Ticket:
        with filled.writing() as unit:
            return unit.save(replace(ticket, fault=fault))

    results = at_once(lambda: edit("漏水"), lambda: edit("异响"))
    (kept,) = [result for result in results if isinstance(result, Ticket)]
    (told,) = [result for result in results if isinstance(result, StaleEdit)]
    assert told.stored == kept


def test_many_writers_wait_in_line_and_none_fails(filled: Store) -> None:
    def write(number: int) -> None:
        for step in range(5):
            with filled.writing() as unit:
                known = len(unit.list_all(Ticket))  # a read first: a plain BEGIN would fail here
                unit.save(Ticket(f"N{number}-{step}", "hz", EIGHT, fault=str(known)))

    assert at_once(*(lambda number=number: write(number) for number in range(4))) == [None] * 4  # type: ignore[misc]
    with filled.reading() as unit:
        assert len(unit.list_all(Ticket)) == 2 + 20


def test_lists_are_by_id_and_asked_by_value_by_values_or_by_nothing(filled: Store) -> None:
    with filled.writing() as unit:
        unit.save_all([Ticket(name, "hz", EIGHT, state=TicketState.CLOSED) for name in ("b", "B", "a", "é")])
        assert [ticket.id for ticket in unit.list_all(Ticket, state="closed")] == ["B", "a", "b", "é"]
        assert [ticket.id for ticket in unit.list_all(Ticket, id={"a", "T0", "x"})] == ["T0", "a"]
        assert [ticket.id for ticket in unit.list_all(Ticket, site_id=None, id=["a", "T0"])] == ["a"]
        assert unit.list_all(Ticket, id=[]) == []


def test_a_private_column_cannot_be_searched_or_sorted_by(filled: Store) -> None:
    with filled.reading() as unit:
        with pytest.raises(TypeError, match="private"):
            unit.list_all(Customer, phone="13800000000")
        with pytest.raises(TypeError, match="private"):
            tables.customers.c.phone.desc()
        assert unit.list_all(Customer, phone=None) == []


def test_a_reading_unit_cannot_write(filled: Store) -> None:
    with pytest.raises(StorageRefused), filled.reading() as unit:
        unit._connection.execute(insert(tables.regions), {"id": "nb", "name": "宁波", "zone": "UTC", "version": 1})
    with filled.writing() as unit:
        unit.save(Region("nb", "宁波"))


def test_a_reading_unit_sees_one_moment(filled: Store) -> None:
    with filled.reading() as unit:
        before = unit.get(Region, "hz")
        with filled.writing() as other:
            other.save(replace(before, name="大杭州"))
        assert unit.get(Region, "hz") == before


def test_a_moment_without_a_zone_is_refused_and_any_zone_comes_back_as_utc(filled: Store) -> None:
    with filled.reading() as unit:
        assert unit.get(Ticket, "T0").reported_at.tzinfo is UTC
    naive = datetime(2026, 11, 23, 8)  # noqa: DTZ001 - that is what is refused
    with pytest.raises(Exception, match="a moment needs a zone"), filled.writing() as unit:
        unit._connection.execute(update(tables.tickets).values(reported_at=naive, version=2))


def test_what_the_database_says_tells_no_private_value(filled: Store) -> None:
    row = {"id": "C9", "name": "李雷", "phone": "13777777777", "tier": "gold", "version": 0}
    with pytest.raises(StorageRefused) as refused, filled.writing() as unit:
        unit._connection.execute(insert(tables.customers), row)
    told = "".join(traceback.format_exception(refused.value)) + str(refused.value) + repr(refused.value)
    assert "ck_customers_version" in told
    assert "13777777777" not in told
    assert "李雷" not in told


def test_a_database_that_cannot_be_reached_is_told_as_such(tmp_path: object) -> None:
    store = Store(f"sqlite:///{tmp_path}/no folder/here.db")
    with pytest.raises(StorageUnavailable, match="CANTOPEN"), store.reading():
        pass


@pytest.mark.parametrize(
    "address",
    ["sqlite://", "sqlite:///:memory:", "sqlite:///file:x?mode=memory&uri=true", "mysql://u:secret@h/d", "nonsense"],
)
def test_an_unknown_database_is_refused_by_name_and_without_its_password(address: str) -> None:
    with pytest.raises(DatabaseUnknown) as refused:
        Store(address)
    assert "secret" not in str(refused.value)


def test_sqlite_keeps_what_it_acknowledged_and_checks_what_is_named(filled: Store) -> None:
    with filled.writing() as unit:
        if unit._connection.dialect.name == "sqlite":
            asked = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
            found = [unit._connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]
            assert found == ["wal", 2, 1, 1]
        else:
            assert unit._connection.exec_driver_sql("SHOW timezone").scalar() == "UTC"


def test_events_are_numbered_in_order_and_found_by_subject(filled: Store) -> None:
    with filled.writing() as unit:
        first = unit.add_event(Event("TicketReceived", EIGHT, "Ticket", "T0", "hz", "d1", {"grade": "urgent"}))
        second = unit.add_event(Event("TicketReceived", EIGHT, "Ticket", "T1"))
        assert 0 < first.number < second.number
        assert unit.list_events() == [first, second]
        assert unit.list_events(after_number=first.number) == [second]
        assert unit.list_events(subject_kind="Ticket", subject_id="T0") == [first]


def test_a_plan_is_published_under_the_next_number_of_its_region_and_day(filled: Store) -> None:
    assert publish(filled, "r1").number == 1
    second = publish(filled, "r2", base_number=1)
    assert second == Publication("hz", DAY, 2, "r2", EIGHT, "d1")
    with filled.reading() as unit:
        assert unit.find_published("hz", DAY) == second
        assert unit.find_published("hz", date(2026, 11, 24)) is None
        assert unit.get_revision("r1") == revision("r1")


@pytest.mark.parametrize(("base", "current"), [(0, 1), (2, 1)])
def test_a_plan_made_from_another_than_the_one_in_force_is_not_published(
    filled: Store, base: int, current: int
) -> None:
    publish(filled, "r1")
    with pytest.raises(PlanOvertaken) as refused:
        publish(filled, "r2", base_number=base)
    assert (refused.value.base_number, refused.value.current_number) == (base, current)


def test_a_revision_is_published_once(filled: Store) -> None:
    publish(filled, "r1")
    with pytest.raises(PlanOvertaken), filled.writing() as unit:
        unit.publish("r1", at=EIGHT, by="d2")
    with pytest.raises(NotFound), filled.writing() as unit:
        unit.publish("r9", at=EIGHT, by="d2")


def test_of_two_that_publish_at_once_one_wins_and_the_other_is_told(filled: Store) -> None:
    for number in range(5):
        names = [f"r{number}-{side}" for side in "ab"]
        with filled.writing() as unit:
            for name in names:
                unit.add_revision(revision(name, number))

        def put(name: str) -> Publication:
            with filled.writing() as unit:
                return unit.publish(name, at=EIGHT, by="d1")

        results = at_once(lambda: put(names[0]), lambda: put(names[1]))  # noqa: B023 - run before the next round
        (won,) = [result for result in results if isinstance(result, Publication)]
        (told,) = [result for result in results if isinstance(result, PlanOvertaken)]
        assert won.number == told.current_number == number + 1
    with filled.reading() as unit:
        assert [publication.number for publication in unit.list_publications("hz", DAY)] == [1, 2, 3, 4, 5]


def test_a_job_makes_at_most_one_revision(filled: Store) -> None:
    with filled.writing() as unit:
        unit.add_revision(revision("r1", job_id="j"))
    with pytest.raises(AlreadyThere), filled.writing() as unit:
        unit.add_revision(revision("r2", job_id="j"))
    with filled.reading() as unit:
        assert unit.find_revision_of_job("j") == revision("r1", job_id="j")
        assert unit.find_revision_of_job("other") is None


@pytest.mark.parametrize("table", tables.FROZEN, ids=lambda table: table.name)
@pytest.mark.parametrize("statement", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
def test_the_database_refuses_to_change_what_is_frozen(filled: Store, table: tables.Table, statement: str) -> None:
    publish(filled, "r1")
    with filled.writing() as unit:
        unit.add_event(Event("PlanPublished", EIGHT, "Revision", "r1"))
    column = next(iter(table.columns)).name
    with pytest.raises(StorageRefused, match=f"{table.name} never change"), filled.writing() as unit:
        unit._connection.execute(text(statement.format(table.name, column)))
    with filled.reading() as unit:
        assert unit.get_revision("r1") == revision("r1")


def test_nor_can_a_frozen_row_be_replaced_or_its_table_emptied(filled: Store) -> None:
    publish(filled, "r1")
    tricks = {
        "sqlite": "INSERT OR REPLACE INTO publications SELECT * FROM publications",
        "postgresql": "TRUNCATE publications",
    }
    with pytest.raises(StorageRefused, match="never change"), filled.writing() as unit:
        unit._connection.execute(text(tricks[unit._connection.dialect.name]))


def test_no_visit_is_added_to_a_published_plan(filled: Store) -> None:
    publish(filled, "r1")
    added = "INSERT INTO visits SELECT revision_id, shift_id, 7, engineer_id, 'T1', arrive_at, begin_at, leave_at, 0, 0, pin FROM visits"
    with pytest.raises(StorageRefused, match="published plan"), filled.writing() as unit:
        unit._connection.execute(text(added))


def count_queries(store: Store) -> int:
    """Count what a snapshot asks the database."""
    asked: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        asked.append(statement)

    with store.reading() as unit:
        listening.listen(store._engine, "before_cursor_execute", note)
        unit.snapshot("hz", DAY)
        listening.remove(store._engine, "before_cursor_execute", note)
    return len(asked)


def test_a_snapshot_asks_the_same_thirteen_queries_however_much_there_is(store: Store) -> None:
    with store.writing() as unit:
        unit.save(Region("hz", "杭州"))
    assert count_queries(store) == 13
    with store.writing() as unit:
        unit.remove(unit.get(Region, "hz"))
        fill(unit, n_tickets=60)
    publish(store, "r1")
    assert count_queries(store) == 13


def test_a_snapshot_holds_the_parts_that_are_needed_and_what_serves_in_their_place(filled: Store) -> None:
    with filled.writing() as unit:
        unit.save_all([Part("pump", substitutes=("pump2",)), Part("pump2", substitutes=("pump3",)), Part("pump3")])
        unit.save_all([Part(f"other {row:04d}") for row in range(700)])
        ticket = next(iter(unit.snapshot("hz", DAY).tickets))
        unit.save(replace(ticket, parts={"pump": 1}))
    with filled.reading() as unit:
        assert [part.id for part in unit.snapshot("hz", DAY).parts] == ["pump", "pump2"]
    assert count_queries(filled) == 15


def test_a_snapshot_holds_the_day_of_its_region_and_nothing_else(filled: Store) -> None:
    published = publish(filled, "r1")
    at = EIGHT
    with filled.writing() as unit:
        ticket = unit.get(Ticket, "T0")
        unit.save(replace(ticket, state=TicketState.CLOSED))
        unit.save_all(
            [
                Region("nb", "宁波"),
                Customer("C2", "李雷"),
                Engineer("guest", "nb", "赵六"),
                Engineer("left", "hz", "钱七", active=False),
                Engineer("other", "nb", "孙八"),
                Shift("guest-1123", "guest", "hz", at + hours(15), at + hours(18)),
                Shift("night-before", "E", "hz", at - hours(10), at - hours(8)),
                Shift("night-into", "E", "hz", at - hours(10), at - hours(7)),
                Shift("next-day", "E", "hz", at + hours(16), at + hours(17)),
                Shift("abroad", "E", "nb", at, at + hours(1)),
                Absence("sick", "E", at - hours(20), at - hours(7)),
                Absence("long-ago", "E", at - hours(20), at - hours(8)),
                Absence("others", "other", at, at + hours(9)),
                Ticket("T8", "nb", at),
                Ticket("T9", "hz", at, state=TicketState.CLOSED),
            ]
        )
    with filled.reading() as unit:
        snapshot = unit.snapshot("hz", DAY)
    assert [ticket.id for ticket in snapshot.tickets] == ["T0", "T1"]
    assert [engineer.id for engineer in snapshot.engineers] == ["E", "guest"]
    assert [shift.id for shift in snapshot.shifts] == ["E-1123", "guest-1123"]
    assert [shift.id for shift in snapshot.night_shifts] == ["night-into"]
    assert [absence.id for absence in snapshot.absences] == ["sick"]
    assert [customer.id for customer in snapshot.customers] == ["C"]
    assert ([site.id for site in snapshot.sites], [asset.id for asset in snapshot.assets]) == (["S"], ["A"])
    assert [outlet.id for outlet in snapshot.outlets] == ["O"]
    assert (snapshot.publication, snapshot.plan) == (published, revision("r1"))
