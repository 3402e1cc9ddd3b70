from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from dispatch.domain.customer import Customer, Site
from dispatch.domain.place import FoundBy, Point, Precision
from dispatch.domain.ticket import Grade, Ticket
from dispatch.services.edit_records import edit_record
from dispatch.storage.store import Store
from tests.web.desk.conftest import BOARD, NOW, send

TAKE_IN = BOARD.replace("/board", "/tickets")

FULL: dict[str, Any] = {
    "grade": "emergency",
    "address": "余杭区文一西路 969 号",
    "contact_name": "李雷",
    "phone": "13812345678",
    "product": "空调",
    "fault": "漏水",
    "minutes": "45",
    "door_note": "东门",
    "skill": ["空调", ""],
    "level": ["3", "2"],
    "window_day": ["2026-11-23"],
    "window_from": ["09:00"],
    "window_to": ["12:00"],
}


def carried(page: str, name: str) -> str:
    """Return a hidden value of the ticket's form."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return found.group(1).replace("&#34;", '"').replace("&amp;", "&")


def test_a_new_ticket_gets_a_number_and_a_rough_place_and_stands_on_the_board_as_not_planned(
    client: FlaskClient, store: Store
) -> None:
    answer = send(client, TAKE_IN, **FULL)
    assert answer.headers["Location"] == f"{BOARD}#ticket=WX20261123001"
    with store.reading() as unit:
        ticket = unit.get(Ticket, "WX20261123001")
    assert (ticket.grade, ticket.duration_s, dict(ticket.skills)) == (Grade.EMERGENCY, 2700, {"空调": 3})
    assert ticket.windows[0].from_at.hour == 1
    assert ticket.point is not None
    assert (ticket.point.is_exact, ticket.point.found_by) == (False, FoundBy.DISTRICT)
    assert "WX20261123001" in client.get(BOARD).text


def test_customer_and_site_are_made_with_the_ticket_and_known_the_next_time(client: FlaskClient, store: Store) -> None:
    first = send(client, TAKE_IN, **FULL | {"customer": "文一超市"})
    told = client.get(first.headers["Location"]).text
    assert "文一超市为新客户" in told
    assert "位置仅为大致位置（≈）" in told
    again = send(client, TAKE_IN, **FULL | {"customer": "文一超市", "fault": "异响"})
    assert "客户文一超市和地点均已有记录" in client.get(again.headers["Location"]).text
    with store.reading() as unit:
        (customer,) = [one for one in unit.list_all(Customer) if one.name == "文一超市"]
        (site,) = unit.list_all(Site, customer_id=customer.id)
        tickets = [unit.get(Ticket, f"WX2026112300{number}") for number in (1, 2)]
    assert {(ticket.customer_id, ticket.site_id) for ticket in tickets} == {(customer.id, site.id)}


def test_what_is_missing_is_told_at_once_beside_its_fields_and_nothing_is_stored(
    client: FlaskClient, store: Store
) -> None:
    empty = {**FULL, "contact_name": "", "address": "", "fault": ""}
    answer = send(client, TAKE_IN, **empty)
    assert answer.status_code == 422
    assert re.findall(r'id="fault-(\w+)"', answer.text) == ["customer", "address", "fault"]
    with store.reading() as unit:
        assert (len(unit.list_all(Customer)), unit.list_all(Site)) == (1, [])


def test_several_of_one_name_are_told_apart_by_their_phone(client: FlaskClient, store: Store) -> None:
    with store.writing() as unit:
        unit.save_all([Customer("K1", "张三", "13800000001"), Customer("K2", "张三", "13800000002")])
    unclear = send(client, TAKE_IN, **FULL | {"customer": "张三", "phone": ""})
    assert unclear.status_code == 422
    assert "有多位同名客户" in unclear.text
    assert send(client, TAKE_IN, **FULL | {"customer": "张三", "phone": "138-0000-0002"}).status_code == 303
    with store.reading() as unit:
        assert unit.get(Ticket, "WX20261123001").customer_id == "K2"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"address": " "}, "至少写明区县"),
        ({"grade": "x"}, "请选择等级"),
        ({"minutes": "0"}, "请填分钟数"),
        ({"minutes": "nan"}, "请填分钟数"),
        ({"level": ["9", "2"]}, "请为每项技能选择级别"),
        ({"window_to": [""]}, "预约需填日期、开始和结束时间"),
        ({"window_to": ["08:00"]}, "结束时间应晚于开始时间"),
        ({"fault": "x" * 501}, "最多 500 个字"),
    ],
)
def test_a_form_that_cannot_be_keeps_what_was_typed_and_says_what_is_wrong(
    client: FlaskClient, changed: dict[str, Any], sentence: str
) -> None:
    answer = send(client, TAKE_IN, **(FULL | changed))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="13812345678"' in answer.text


def test_an_edit_keeps_only_what_was_typed_anew(client: FlaskClient, store: Store) -> None:
    send(client, TAKE_IN, **FULL)
    address = TAKE_IN.replace("/tickets", "/tickets/WX20261123001")
    page = client.get(address).text
    assert 'value="余杭区文一西路 969 号"' in page
    answer = send(client, address, **(FULL | {"version": "1", "was": carried(page, "was"), "minutes": "60"}))
    assert answer.status_code == 303
    with store.reading() as unit:
        ticket = unit.get(Ticket, "WX20261123001")
        (event,) = [event for event in unit.list_events(subject_id=ticket.id) if event.name == "TicketEdited"]
    assert ticket.duration_s == 3600
    assert event.details["fields"] == "duration_s"


def test_an_edit_that_met_another_says_what_changed_keeps_what_was_typed_and_can_be_saved_on_top(
    client: FlaskClient, store: Store
) -> None:
    send(client, TAKE_IN, **FULL)
    address = TAKE_IN.replace("/tickets", "/tickets/WX20261123001")
    was = carried(client.get(address).text, "was")
    with store.writing() as unit:
        changes = {"fault": "不制冷", "door_note": "西门"}
        edit_record(unit, Ticket, "WX20261123001", version=1, changes=changes, by="d2", now=NOW)
    typed = FULL | {"version": "1", "was": was, "fault": "漏水严重"}
    met = send(client, address, **typed)
    assert met.status_code == 409
    assert "其他人已修改此工单" in met.text
    assert "漏水严重</textarea>" in met.text
    assert 'value="西门"' in met.text
    assert re.search(r"<td>漏水严重</td><td>不制冷</td>", met.text)
    again = typed | {"version": carried(met.text, "version"), "was": carried(met.text, "was"), "door_note": "西门"}
    assert send(client, address, **again).status_code == 303
    with store.reading() as unit:
        ticket = unit.get(Ticket, "WX20261123001")
    assert (ticket.fault, ticket.door_note, ticket.version) == ("漏水严重", "西门", 3)


def test_a_new_address_is_looked_for_anew(client: FlaskClient, store: Store) -> None:
    send(client, TAKE_IN, **FULL)
    with store.reading() as unit:
        before = unit.get(Ticket, "WX20261123001").point
    address = TAKE_IN.replace("/tickets", "/tickets/WX20261123001")
    was = carried(client.get(address).text, "was")
    send(client, address, **(FULL | {"version": "1", "was": was, "address": "萧山区市心路"}))
    with store.reading() as unit:
        after = unit.get(Ticket, "WX20261123001").point
    assert before is not None
    assert after is not None
    assert before != after


def test_a_pin_that_is_moved_is_exact_and_found_by_hand_and_the_board_shows_it_there(
    client: FlaskClient, store: Store
) -> None:
    answer = send(client, "/tickets/T5/point?day=2026-11-23", version="1", lat_deg="30.2601", lon_deg="120.1402")
    assert answer.headers["Location"] == f"{BOARD}#ticket=T5"
    with store.reading() as unit:
        point = unit.get(Ticket, "T5").point
    assert point is not None
    assert (point.is_exact, point.found_by, point.lat_deg) == (True, FoundBy.HAND, 30.2601)
    assert "30.2601" in client.get(BOARD).text


def test_a_pin_takes_the_site_of_its_ticket_along_and_the_page_says_so(client: FlaskClient, store: Store) -> None:
    told = client.get(send(client, "/tickets/T5/point", version="1", lat_deg="30.26", lon_deg="120.14").location).text
    assert "T5 已放到这里，位置准确。" in told
    assert "客户现场" not in told
    rough = Point(30.2, 120.1, Precision.APPROXIMATE, FoundBy.DISTRICT)
    with store.writing() as unit:
        unit.save_all([Customer("C9", "王芳"), Site("S9", "C9", "hz", "文三路 1 号", point=rough)])
        ticket = unit.get(Ticket, "T5")
        unit.save(replace(ticket, site_id="S9", address=None))
    told = client.get(send(client, "/tickets/T5/point", version="3", lat_deg="30.27", lon_deg="120.15").location).text
    assert "T5 已放到这里，位置准确。客户现场的位置也随之确定，之后的工单直接使用。" in told
    with store.reading() as unit:
        assert unit.get(Site, "S9").point == Point(30.27, 120.15, Precision.EXACT, FoundBy.HAND)


def test_a_pin_that_met_another_edit_or_lies_nowhere_is_refused(client: FlaskClient) -> None:
    send(client, "/tickets/T5/point", version="1", lat_deg="30.2", lon_deg="120.1")
    met = send(client, "/tickets/T5/point", version="1", lat_deg="30.3", lon_deg="120.2")
    assert met.status_code == 409
    assert 'value="30.3"' in met.text
    assert send(client, "/tickets/T5/point", version="2", lat_deg="120", lon_deg="30").status_code == 422
    assert send(client, "/tickets/T5/point", version="2", lat_deg="nan", lon_deg="30").status_code == 422


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "tomorrow"])
def test_an_appointment_beyond_the_calendar_is_told_beside_its_field(client: FlaskClient, day: str) -> None:
    answer = send(client, TAKE_IN, **{**FULL, "window_day": [day]})
    assert answer.status_code == 422
    assert "预约需填日期、开始和结束时间" in answer.text


def test_what_a_form_carries_may_be_anything(client: FlaskClient) -> None:
    for was in ("[" * 100_000, "[]", "null", "{", '{"skills": 3}'):
        assert send(client, "/tickets/T1", **{**FULL, "was": was, "version": "7"}).status_code == 409
    for address in ("/tickets/T1", "/tickets/T1/point"):
        assert send(client, address, **{**FULL, "version": "9" * 5000}).status_code == 422


def test_a_ticket_whose_number_has_a_slash_is_opened_changed_and_pinned_like_any_other(
    client: FlaskClient, store: Store
) -> None:
    with store.writing() as unit:
        unit.save(Ticket("2026/001", "hz", NOW, address="文三路 1 号"))
    page = client.get("/tickets/2026%2F001")
    assert (page.status_code, "文三路 1 号" in page.text) == (200, True)
    assert client.get("/api/v1/tickets/2026%2F001").get_json()["id"] == "2026/001"
    assert client.get("/tickets/2026%2F002").status_code == client.get("/api/v1/tickets/2026/").status_code == 404
    fields = {**FULL, "version": "1", "was": carried(page.text, "was")}
    assert send(client, "/tickets/2026%2F001", **fields).status_code == 303
    answer = send(client, "/tickets/2026%2F001/point", version="2", lat_deg="30.25", lon_deg="120.2")
    assert answer.status_code == 303
    with store.reading() as unit:
        changed = unit.get(Ticket, "2026/001")
    assert changed.point is not None
    assert (changed.phone, changed.point.found_by) == (FULL["phone"], FoundBy.HAND)
