from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from dispatch.domain.engineer import Engineer
from dispatch.domain.plan import Pin
from dispatch.domain.ticket import TicketState
from dispatch.services.edit_records import edit_record
from dispatch.storage.store import Store
from tests.dispatch.services.desk import set_state
from tests.dispatch.services.plans import plan
from tests.web.desk.conftest import BOARD, NOW, send


@pytest.fixture
def engineer_of(store: Store) -> dict[str, str]:
    """Plan the day, and return who visits each ticket."""
    with store.writing() as unit:
        edit_record(unit, Engineer, "E2", version=1, changes={"skills": {"空调": 1}}, by="d", now=NOW)
    revision = plan(store, "P1")
    return {visit.ticket_id: visit.engineer_id for visit in revision.visits}


def look(client: FlaskClient, ticket: str, shift: str, place: str = "") -> str:
    address = f"/board/move?region=hz&day=2026-11-23&revision=P1&ticket={ticket}&shift={shift}&place={place}"
    return client.get(address).text


def test_a_move_that_breaks_a_clause_is_told_in_a_sentence_and_refused(
    client: FlaskClient, store: Store, engineer_of: dict[str, str]
) -> None:
    assert set(engineer_of.values()) == {"E1"}
    page = look(client, "T1", "E2-mon")
    assert "名字E2不能在此接单" in page
    assert "空调" in page
    assert "确认改派" not in page
    answer = send(client, "/board/move", revision="P1", ticket="T1", shift="E2-mon", place="0")
    assert answer.status_code == 409
    assert "未改派。" in answer.text
    with store.reading() as unit:
        assert len(unit.list_revisions("hz", NOW.date().replace(day=23))) == 1


def test_a_legal_move_shows_its_cost_first_and_then_makes_a_new_plan(
    client: FlaskClient, store: Store, engineer_of: dict[str, str]
) -> None:
    page = look(client, "T1", "E1-mon", "0")
    assert "名字E1可以接" in page
    assert re.search(r"[+−] ¥ \d", page)
    answer = send(client, "/board/move", revision="P1", ticket="T1", shift="E1-mon", place="0")
    assert answer.headers["Location"] == f"{BOARD}#ticket=T1"
    with store.reading() as unit:
        newest = unit.list_revisions("hz", NOW.date().replace(day=23))
        made = unit.get_revision(next(line.id for line in newest if line.id != "P1"))
    visit = next(visit for visit in made.visits if visit.ticket_id == "T1")
    assert (visit.place, visit.pin) == (0, Pin.ENGINEER)
    assert "手工调整，尚未发布" in client.get(f"{BOARD}&revision={made.id}").text


def test_a_move_on_a_plan_that_somebody_else_has_changed_is_shown_on_theirs_and_not_made(
    client: FlaskClient, store: Store, engineer_of: dict[str, str]
) -> None:
    plan(store, "P2", now="07:31")
    answer = send(client, "/board/move", revision="P1", ticket="T1", shift="E1-mon", place="0")
    assert answer.status_code == 409
    assert "其他人已改动方案" in answer.text
    assert 'name="revision" value="P2"' in answer.text


def test_what_is_under_way_or_came_later_cannot_be_moved_and_says_so(client: FlaskClient, store: Store) -> None:
    set_state(store, "T4", TicketState.REMOTE)
    plan(store, "P1")
    set_state(store, "T4", TicketState.READY)
    assert "请先重排，再改派" in look(client, "T4", "E1-mon")
    set_state(store, "T1", TicketState.WORKING)
    assert "T1 已完成或进行中，不能再改" in look(client, "T1", "E1-mon")
    missing = client.get("/board/move?revision=P1&ticket=T9")
    assert missing.status_code == 404
