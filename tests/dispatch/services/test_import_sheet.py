from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest

from dispatch.domain.customer import Customer, Site
from dispatch.domain.engineer import Absence, Engineer, Shift
from dispatch.domain.errors import NotFound
from dispatch.domain.place import FoundBy, Point
from dispatch.domain.region import Region
from dispatch.domain.ticket import Ticket, TicketState
from dispatch.importers.rows import Settings
from dispatch.services.import_sheet import Kind, Stored, import_sheet, prepare_sheet
from dispatch.storage.store import Store

NOW = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
SETTINGS = Settings(date(2026, 11, 23))
TICKETS = "工单号,客户,地址,故障\nA7,甲公司,西湖区文三路 1 号,不制冷\n,乙公司,西湖区文三路 2 号,漏水\n,甲公司,西湖区文三路 3 号,异响"


@pytest.fixture(autouse=True)
def _fill(store: Store) -> None:
    with store.writing() as unit:
        unit.save(Region("hz", "杭州"))


def keep(store: Store, kind: Kind, sheet: str, *, partly: bool = False) -> Stored:
    return import_sheet(store, prepare_sheet(kind, sheet.encode(), SETTINGS), "hz", by="desk", now=NOW, partly=partly)


def tickets(store: Store) -> list[Ticket]:
    with store.reading() as unit:
        return unit.list_all(Ticket)


def test_tickets_keep_their_number_or_get_the_next_of_the_day(store: Store) -> None:
    assert keep(store, "tickets", TICKETS).added == ("A7", "WX20261123001", "WX20261123002")
    assert [(ticket.id, ticket.state, ticket.fault) for ticket in tickets(store)] == [
        ("A7", TicketState.READY, "不制冷"),
        ("WX20261123001", TicketState.READY, "漏水"),
        ("WX20261123002", TicketState.READY, "异响"),
    ]


def test_every_ticket_is_told_as_an_event_without_private_words(store: Store) -> None:
    keep(store, "tickets", TICKETS)
    with store.reading() as unit:
        events = unit.list_events(subject_kind="Ticket")
    assert [(event.name, event.subject_id, event.details["line"]) for event in events] == [
        ("TicketImported", "A7", 2),
        ("TicketImported", "WX20261123001", 3),
        ("TicketImported", "WX20261123002", 4),
    ]
    assert "甲公司" not in repr(events)


def test_the_same_file_twice_adds_nothing(store: Store) -> None:
    keep(store, "tickets", TICKETS)
    again = keep(store, "tickets", TICKETS)
    assert (again.added, again.known, again.refused) == ((), 3, ())
    assert len(tickets(store)) == 3


def test_a_row_more_adds_that_row_under_the_next_serial(store: Store) -> None:
    keep(store, "tickets", TICKETS)
    more = keep(store, "tickets", f"{TICKETS}\n,丁公司,西湖区文三路 4 号,异味")
    assert more.added == ("WX20261123003",)


def test_serials_go_on_after_those_of_the_sheet_itself(store: Store) -> None:
    sheet = "工单号,地址\nWX20261123041,西湖区文三路 1 号\n,西湖区文三路 2 号"
    assert keep(store, "tickets", sheet).added == ("WX20261123041", "WX20261123042")


def test_a_number_that_is_there_with_other_contents_refuses_its_row(store: Store) -> None:
    keep(store, "tickets", TICKETS)
    changed = keep(store, "tickets", "工单号,地址\nA7,余杭区文一西路 1 号")
    assert [(note.code, note.line) for note in changed.refused] == [("number_taken", 2)]
    assert len(tickets(store)) == 3


def test_one_bad_row_stores_nothing_unless_partly_is_asked_for(store: Store) -> None:
    sheet = "地址,等级\n西湖区文三路 1 号,一般\n西湖区文三路 2 号,十万火急"
    refused = keep(store, "tickets", sheet)
    assert ([(note.code, note.line) for note in refused.refused], refused.added) == ([("unknown_grade", 3)], ())
    assert tickets(store) == []
    with store.reading() as unit:
        assert unit.list_events() == []
    partly = keep(store, "tickets", sheet, partly=True)
    assert (len(partly.added), len(partly.refused)) == (1, 1)


def test_a_customer_is_found_by_name_and_made_once(store: Store) -> None:
    with store.writing() as unit:
        unit.save(Customer("K1", "甲公司"))
    keep(store, "tickets", TICKETS)
    with store.reading() as unit:
        assert sorted(customer.name for customer in unit.list_all(Customer)) == ["乙公司", "甲公司"]
    assert [ticket.customer_id for ticket in tickets(store) if ticket.fault != "漏水"] == ["K1", "K1"]


def test_without_an_address_the_customers_only_site_is_taken(store: Store) -> None:
    with store.writing() as unit:
        unit.save_all([Customer("K1", "甲公司"), Site("S1", "K1", "hz", "文三路 9 号", Point(30.28, 120.13))])
    keep(store, "tickets", "客户,地址\n甲公司,")
    (ticket,) = tickets(store)
    assert (ticket.site_id, ticket.point) == ("S1", Point(30.28, 120.13, found_by=FoundBy.SITE))


def test_engineers_come_with_the_shift_of_the_day_and_once(store: Store) -> None:
    sheet = "工号,姓名,技能,上班,下班\nE1,王示,空调:3,9:00,18:00"
    assert keep(store, "engineers", sheet).added == ("E1",)
    assert keep(store, "engineers", sheet).known == 1
    with store.reading() as unit:
        (engineer,), (shift,) = unit.list_all(Engineer), unit.list_all(Shift)
    assert (engineer.name, dict(engineer.skills)) == ("王示", {"空调": 3})
    assert (shift.engineer_id, shift.start_at) == ("E1", datetime(2026, 11, 23, 1, tzinfo=UTC))
    other = keep(store, "engineers", "工号,姓名\nE1,李范")
    assert [note.code for note in other.refused] == ["number_taken"]


def test_shifts_and_absences_name_engineers_that_are_there(store: Store) -> None:
    keep(store, "engineers", "工号,姓名\nE1,王示\nE2,李范\nE3,李范")
    sheet = "工程师,日期,班次,类型\nE1,2026-11-24,8:30-17:30,上班\n王示,2026-11-25,,请假"
    assert len(keep(store, "shifts", sheet).added) == 2
    assert keep(store, "shifts", sheet).known == 2
    with store.reading() as unit:
        (absence,) = unit.list_all(Absence)
    assert absence.engineer_id == "E1"
    refused = keep(store, "shifts", "工程师,班次\n赵某,8:00-9:00\n李范,8:00-9:00").refused
    assert [(note.code, note.line) for note in refused] == [("unknown_engineer", 2), ("several_engineers", 3)]


def test_customers_come_with_their_site(store: Store) -> None:
    sheet = "客户编号,客户名称,客户等级,地址\nK9,甲公司,钻石,西湖区文三路 1 号"
    assert keep(store, "customers", sheet).added == ("K9",)
    assert keep(store, "customers", sheet).known == 1
    with store.reading() as unit:
        (site,) = unit.list_all(Site)
    assert (site.customer_id, site.address) == ("K9", "西湖区文三路 1 号")


def test_imports_at_once_never_give_one_serial_twice(store: Store) -> None:
    sheets = [f"地址\n西湖区文三路 {number} 号\n西湖区文三路 {number + 50} 号" for number in range(8)]
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda sheet: keep(store, "tickets", sheet), sheets))
    ids = [id for stored in done for id in stored.added]  # noqa: A001 - the field is called so
    assert sorted(ids) == [f"WX20261123{serial:03}" for serial in range(1, 17)]


def test_a_region_that_is_not_there_is_told(store: Store) -> None:
    with pytest.raises(NotFound):
        import_sheet(store, prepare_sheet("tickets", TICKETS.encode(), SETTINGS), "nb", by="", now=NOW)
