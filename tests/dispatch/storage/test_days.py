from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from dispatch.domain.customer import Customer
from dispatch.domain.ticket import Ticket
from dispatch.services.intake_ticket import intake_ticket
from dispatch.storage.store import Store
from tests.dispatch.storage.records import DAY, EIGHT, fill, revision


@pytest.fixture
def filled(store: Store) -> Store:
    with store.writing() as unit:
        fill(unit)
    return store


def test_a_list_is_read_page_by_page(filled: Store) -> None:
    with filled.writing() as unit:
        unit.save_all([Ticket(f"P{i}", "hz", EIGHT) for i in range(5)])
    with filled.reading() as unit:
        first = unit.list_page(Ticket, limit=3, region_id="hz")
        second = unit.list_page(Ticket, after=first[-1].id, limit=3, region_id="hz")
        assert [ticket.id for ticket in [*first, *second]] == ["P0", "P1", "P2", "P3", "P4", "T0"]
        assert unit.list_page(Ticket, region_id="nb") == []
        assert [ticket.id for ticket in unit.list_page(Ticket, customer_id=None, limit=1)] == ["P0"]


def test_an_engineers_visits_are_those_of_the_plan_in_force(filled: Store) -> None:
    with filled.writing() as unit:
        unit.add_revision(revision("r1"))
        unit.publish("r1", at=EIGHT, by="d1")
        unit.add_revision(revision("r2", 1))
    with filled.reading() as unit:
        ((publication, visit),) = unit.list_visits_in_force("E", DAY)
        assert (publication.revision_id, visit.ticket_id) == ("r1", "T0")
        assert unit.list_visits_in_force("E", DAY + timedelta(days=1)) == []
        assert unit.list_visits_in_force("nobody", DAY) == []
    with filled.writing() as unit:
        unit.publish("r2", at=EIGHT, by="d1")
    with filled.reading() as unit:
        assert [publication.number for publication, _ in unit.list_visits_in_force("E", DAY)] == [2]


def test_revisions_are_listed_with_the_number_of_their_publication(filled: Store) -> None:
    with filled.writing() as unit:
        unit.add_revision(revision("r1"))
        unit.publish("r1", at=EIGHT, by="d1")
        unit.add_revision(revision("r2", 1))
    with filled.reading() as unit:
        assert {line.id: line.number for line in unit.list_revisions("hz", DAY)} == {"r1": 1, "r2": None}
        assert unit.list_revisions("hz", DAY + timedelta(days=1)) == []


def test_tickets_taken_in_at_once_get_rising_numbers_of_their_own(filled: Store) -> None:
    taken: list[str] = []
    failed: list[Exception] = []

    def take() -> None:
        try:
            for _ in range(5):
                with filled.writing() as unit:
                    number = intake_ticket(unit, "hz", {"phone": "1"}, by="d1", now=EIGHT).id
                    taken.append(number)
        except Exception as error:  # noqa: BLE001 - told below
            failed.append(error)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sorted(taken) == [f"WX20261123{number:03d}" for number in range(1, 21)]


def test_the_serial_after_999_is_1000_and_a_foreign_number_is_passed_over(filled: Store) -> None:
    with filled.writing() as unit:
        unit.save_all([Ticket("WX20261123999", "hz", EIGHT), Ticket("WX20261123abc", "hz", EIGHT)])
        assert intake_ticket(unit, "hz", {}, by="d1", now=EIGHT).id == "WX202611231000"
        assert intake_ticket(unit, "hz", {}, by="d1", now=EIGHT).id == "WX202611231001"
        assert unit.find_last_serial("WX20261124") == 0


def test_what_happened_to_tickets_is_read_in_order(filled: Store) -> None:
    with filled.writing() as unit:
        made = intake_ticket(unit, "hz", {}, by="d1", now=EIGHT)
    with filled.reading() as unit:
        assert [event.name for event in unit.list_ticket_events([made.id, "T0"])] == ["TicketAdded"]
        assert unit.list_ticket_events([]) == []
        assert unit.list_page(Customer)[0].id == "C"
