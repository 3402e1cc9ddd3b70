"""The phone's page as a browser without scripts meets it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dispatch.domain.part import Depot, Part
from dispatch.domain.place import Point
from dispatch.domain.plan import Revision, Visit
from dispatch.domain.ticket import Ticket, TicketState
from dispatch.services.engineer_day import Break, Call, PickUp
from dispatch.services.my_day import read_my_day
from dispatch.services.publish_plan import publish_plan
from dispatch.services.report_visit import Step
from dispatch.storage.store import Store
from tests.web.phone.conftest import Publish
from tests.web.service.conftest import at, send

DAY = "2026-11-23"


def be(client: FlaskClient, who: str = "engineer:E1") -> None:
    assert send(client, "/who", who=who, back="/my-day").status_code == 303


def form_of(page: str, ticket: str) -> dict[str, str]:
    """Return the hidden fields of a ticket's form."""
    (form,) = [
        form for form in re.findall(r"<form class=\"report\".*?</form>", page, re.DOTALL) if f'"{ticket}"' in form
    ]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))


def tap(client: FlaskClient, of: str, /, **more: str) -> TestResponse:
    """Send a ticket's form as it stands on the page."""
    return client.post("/my-day/report", data=form_of(client.get("/my-day").text, of) | more)


def events_of(store: Store, ticket: str) -> list[str]:
    with store.reading() as unit:
        return [event.name for event in unit.list_ticket_events([ticket]) if event.name.startswith("Visit")]


def state_of(store: Store, ticket: str) -> TicketState:
    with store.reading() as unit:
        return unit.get(Ticket, ticket).state


@pytest.mark.parametrize("who", ["dispatcher", "manager", "engineer:nobody"])
def test_whoever_is_no_engineer_picks_one(client: FlaskClient, who: str) -> None:
    be(client, who)
    page = client.get("/my-day").text
    assert "您是哪位？" in page
    assert 'value="engineer:E1"' in page


def test_the_day_stands_in_order_with_all_that_is_needed_there(client: FlaskClient) -> None:
    be(client)
    page = client.get("/my-day").text
    assert page.index('id="T1"') < page.index('id="T3"')
    for words in (
        "09:00",
        "文三路 1 号",
        "王芳",
        "三楼",
        "压缩机 × 1",
        "20 分钟",
        "8.0 公里",
        "温度升到 12 度",
        "10:00–12:00",
    ):
        assert words in page
    assert 'href="tel:13800000000"' in page
    assert 'href="tel:057101234567"' in page


def test_breaks_stand_between_the_visits_until_they_are_over(client: FlaskClient, store: Store) -> None:
    be(client)
    page = client.get("/my-day").text
    assert page.index('id="T1"') < page.index("休息") < page.index('id="T3"')
    assert "10:20" in page
    with store.reading() as unit:
        mine = read_my_day(unit, "E1", day=date.fromisoformat(DAY), seen=None, now=at(9))
    first, pause, last = mine.agenda
    assert isinstance(first, Call)
    assert isinstance(pause, Break)
    assert isinstance(last, Call)
    assert (pause.begin_at, pause.leave_at) == (at(10, 20), at(10, 50))
    rested = replace(mine, day=replace(mine.day, calls=(last,)), now=at(10, 50))
    assert rested.agenda == (last,)
    resting = replace(rested, now=at(10, 49))
    assert resting.agenda == (pause, last)
    late = replace(mine, now=at(15))
    assert late.agenda == (first, pause, last)


def test_a_pick_up_says_what_to_take_and_where_until_the_engineer_sets_off_from_there(
    client: FlaskClient, store: Store
) -> None:
    fetch = {
        "kind": "pickup",
        "depot": "CK1",
        "parts": {"KT-101": 2, "旧号": 1},
        "tools": ["真空泵"],
        "begin": f"{DAY}T10:20:00+08:00",
        "leave": f"{DAY}T10:30:00+08:00",
    }
    stops = [{"kind": "visit", "ticket": "T1"}, fetch, {"kind": "visit", "ticket": "T3", "parts": {"KT-101": 2}}]
    visits = (Visit("T1", "E1", "D1", 0, at(9), at(9), at(10)), Visit("T3", "E1", "D1", 1, at(11), at(11), at(12)))
    plan = json.dumps({"routes": [{"shift": "D1", "stops": stops}]})
    with store.writing() as unit:
        unit.save_all(
            [Part("KT-101", "启动电容"), Depot("CK1", "hz", "城北备件库", "石祥路 1 号", Point(30.33, 120.16))]
        )
        unit.add_revision(Revision("R3", "hz", at(8).date(), 2, at(8), "dispatcher", "{}", plan, None, visits))
        unit.publish("R3", at=at(8), by="dispatcher")
    be(client)
    page = client.get("/my-day").text
    assert page.index('id="T1"') < page.index("取件") < page.index('id="T3"')
    assert "城北备件库" in page
    assert "启动电容 KT-101 × 2" in page
    assert "旧号 × 1" in page
    assert "真空泵" in page
    assert "navigation?to=120.160000,30.330000" in page
    with store.reading() as unit:
        mine = read_my_day(unit, "E1", day=date.fromisoformat(DAY), seen=None, now=at(15))
    first, pickup, last = mine.agenda
    assert isinstance(pickup, PickUp)
    assert isinstance(first, Call)
    assert isinstance(last, Call)
    gone = replace(mine, day=replace(mine.day, calls=(replace(last, next_step=Step.ARRIVE),)))
    assert pickup not in gone.agenda
    alone = replace(mine, day=replace(mine.day, calls=()), now=at(10, 29))
    assert alone.agenda == (pickup,)
    assert replace(alone, now=at(10, 30)).agenda == ()


def test_a_point_that_is_approximate_is_marked_and_never_a_goal(client: FlaskClient) -> None:
    be(client)
    exact, rough = client.get("/my-day").text.split('id="T3"')
    assert "大致位置" not in exact
    assert "geo:30.28,120.12?q=30.28,120.12(T1)" in exact
    assert "navigation?to=120.120000,30.280000,T1" in exact
    assert "大致位置" in rough
    assert "119.999" not in rough
    assert "search?keyword=%E6%9D%AD" in rough


def test_an_engineer_sees_the_own_day_alone(client: FlaskClient) -> None:
    be(client, "engineer:E2")
    page = client.get("/my-day").text
    assert "这一天没有给您安排工单" in page
    assert "T1" not in page


def test_the_way_from_accepting_to_finishing_without_scripts(client: FlaskClient, store: Store) -> None:
    be(client)
    for step in ("accept", "depart", "arrive"):
        assert form_of(client.get("/my-day").text, "T1")["step"] == step
        assert tap(client, "T1").status_code == 303
    assert state_of(store, "T1") is TicketState.ON_SITE
    assert tap(client, "T1", outcome="waiting_for_parts").status_code == 303
    assert state_of(store, "T1") is TicketState.WAITING_FOR_PARTS
    assert events_of(store, "T1") == ["VisitAccepted", "VisitDeparted", "VisitArrived", "VisitFinished"]
    assert "已完成：1" in client.get("/my-day").text


def test_a_ticket_that_is_sent_to_again_is_reported_again_and_what_waited_from_before_counts_for_nothing(
    client: FlaskClient, store: Store
) -> None:
    be(client)
    first = []
    for _ in range(4):
        fields = form_of(client.get("/my-day").text, "T1")
        first.append(fields | ({"outcome": "waiting_for_parts"} if fields["step"] == "finish" else {}))
        assert client.post("/my-day/report", data=first[-1]).status_code == 303
    with store.writing() as unit:
        unit.save(replace(unit.get(Ticket, "T1"), state=TicketState.READY))
        (publication, _), *_ = unit.list_visits_in_force("E1", date.fromisoformat(DAY))
        in_force = unit.get_revision(publication.revision_id)
        unit.add_revision(replace(in_force, id="again", base_number=publication.number))
        publish_plan(unit, "again", by="dispatcher", at=in_force.made_at + timedelta(hours=6))
    before = events_of(store, "T1")
    again = form_of(client.get("/my-day").text, "T1")
    assert (first[0]["visit"], again["visit"], again["step"]) == ("1", "2", "accept")
    assert [client.post("/my-day/report", data=fields).status_code for fields in first] == [303] * 4
    assert client.post("/my-day/report", data=first[0] | {"key": "another"}).status_code == 409
    assert events_of(store, "T1") == before
    assert tap(client, "T1").status_code == 303
    assert form_of(client.get("/my-day").text, "T1")["step"] == "depart"


def test_a_double_tap_counts_once(client: FlaskClient, store: Store) -> None:
    be(client)
    fields = form_of(client.get("/my-day").text, "T1")
    assert [client.post("/my-day/report", data=fields).status_code for _ in range(3)] == [303, 303, 303]
    assert events_of(store, "T1") == ["VisitAccepted"]


def test_a_step_out_of_turn_is_told_on_the_page_and_changes_nothing(client: FlaskClient, store: Store) -> None:
    be(client)
    answer = tap(client, "T1", step="finish")
    assert answer.status_code == 409
    assert "下一步应为「接单」" in answer.text
    assert 'id="T3"' in answer.text
    assert events_of(store, "T1") == []


def test_a_ticket_of_somebody_else_cannot_be_reported(client: FlaskClient, store: Store) -> None:
    be(client)
    fields = form_of(client.get("/my-day").text, "T1")
    assert client.post("/my-day/report", data=fields | {"ticket": "T2"}).status_code == 409
    be(client, "engineer:E2")
    assert client.post("/my-day/report", data=fields).status_code == 422  # kept on a phone that changed hands
    assert client.post("/my-day/report", data={k: v for k, v in fields.items() if k != "engineer"}).status_code == 409
    be(client, "dispatcher")
    assert client.post("/my-day/report", data=fields).status_code == 422
    assert events_of(store, "T1") == []


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("step", "jump", 422),
        ("day", "yesterday", 422),
        ("day", "", 422),
        ("key", "", 422),
        ("key", "k" * 65, 422),
        ("visit", "0", 422),
        ("visit", "²", 422),
        ("visit", "1000", 422),
        ("ticket", "nothing", 404),
        ("csrf_token", "made-up", 400),
    ],
)
def test_what_no_page_sends_is_refused(client: FlaskClient, store: Store, name: str, value: str, status: int) -> None:
    be(client)
    assert tap(client, "T1", **{name: value}).status_code == status
    assert events_of(store, "T1") == []


def test_an_outcome_that_is_none_is_refused(client: FlaskClient) -> None:
    be(client)
    for _ in range(3):
        tap(client, "T1")
    assert tap(client, "T1", outcome="exploded").status_code == 422
    assert tap(client, "T1", outcome="closed").status_code == 422


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("2026-11-23T00:10:00.000Z", "2026-11-23T00:10:00+00:00"),
        ("2026-11-23T09:00:00+00:00", "2026-11-23T00:30:00+00:00"),
        ("", "2026-11-23T00:30:00+00:00"),
        ("2026-11-23T00:10:00", "2026-11-23T00:30:00+00:00"),
    ],
)
def test_when_the_device_says_it_was_is_kept_unless_it_is_yet_to_come(
    client: FlaskClient, store: Store, sent: str, kept: str
) -> None:
    be(client)
    tap(client, "T1", device_at=sent)
    with store.reading() as unit:
        (event,) = [event for event in unit.list_ticket_events(["T1"]) if event.name == "VisitAccepted"]
    assert event.details["device_at"] == kept


def test_a_change_is_told_until_it_was_read(client: FlaskClient, publish: Publish) -> None:
    be(client)
    assert "行程有变动" not in client.get("/my-day").text
    publish("R3", 2, T2=8, T1=10)
    for _ in range(2):
        page = client.get("/my-day").text
        assert "您的行程有变动" in page
        assert "新增：" in page
        assert "09:00 → 10:00" in page
        assert "已取消：</strong> T3" in page
    version = re.search(r'name="version" value="([^"]+)"', page)
    assert version is not None
    token = form_of(page, "T1")["csrf_token"]
    read = client.post("/my-day/seen", data={"csrf_token": token, "day": DAY, "version": version.group(1)})
    assert read.status_code == 303
    assert "行程有变动" not in client.get("/my-day").text


def test_the_page_can_ask_whether_another_plan_was_published(client: FlaskClient, publish: Publish) -> None:
    be(client)
    assert client.get(f"/my-day/version?day={DAY}").get_json() == {"version": "R2"}
    publish("R3", 2, T1=10)
    assert client.get(f"/my-day/version?day={DAY}").get_json() == {"version": "R3"}


def test_other_days_are_a_tap_away_and_in_english_too(client: FlaskClient) -> None:
    be(client)
    page = client.get("/my-day?day=2026-11-24&lang=en").text
    assert "Nothing is planned for you on this day." in page
    assert "/my-day?day=2026-11-23" in page
    assert "today" not in page
    assert client.get("/my-day?day=soon").status_code == 422


def test_what_a_record_says_is_never_taken_for_html(client: FlaskClient, store: Store) -> None:
    with store.writing() as unit:
        ticket = unit.get(Ticket, "T3")
        unit.save(replace(ticket, fault="<script>alert(1)</script>", phone='"><img src=x>'))
    be(client)
    page = client.get("/my-day").text
    assert "<script>alert" not in page
    assert "<img" not in page


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_beyond_the_calendar_is_refused(client: FlaskClient, day: str) -> None:
    be(client)
    assert client.get(f"/my-day?day={day}").status_code == 422
