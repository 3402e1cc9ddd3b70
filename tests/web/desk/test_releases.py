from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from dispatch.domain.plan import Pin, Revision
from dispatch.domain.ticket import TicketState
from dispatch.services import by_hand
from dispatch.services.make_plan import Judged
from dispatch.storage.store import Store
from tests.dispatch.services.desk import set_state
from tests.dispatch.services.plans import plan
from tests.web.desk.conftest import BOARD, NOW, send


@pytest.fixture
def first(store: Store) -> Revision:
    """The plan of the day."""
    return plan(store, "P1")


def look(client: FlaskClient, act: str, ticket: str, revision: str = "P1") -> str:
    return client.get(f"/board/visit/{act}?region=hz&day=2026-11-23&revision={revision}&ticket={ticket}").text


def newest(store: Store) -> Revision:
    with store.reading() as unit:
        return unit.get_revision(unit.list_revisions("hz", NOW.date().replace(day=23))[0].id)


def test_taking_out_shows_its_cost_first_and_then_makes_a_new_plan(
    client: FlaskClient, store: Store, first: Revision
) -> None:
    page = look(client, "take-out", "T1")
    assert "将不再上门" in page
    assert re.search(r"[+−] ¥ \d", page)
    assert newest(store).id == "P1"
    answer = send(client, "/board/visit/take-out", revision="P1", ticket="T1")
    assert answer.headers["Location"] == f"{BOARD}#ticket=T1"
    assert "T1" not in {visit.ticket_id for visit in newest(store).visits}
    board = client.get(BOARD).text
    assert "手工调整，尚未发布" in board
    assert "由人手动移出方案" in board
    send(client, "/language", lang="en", back=BOARD)
    assert "taken out of the plan by hand" in client.get(BOARD).text


def test_a_pin_is_shown_on_the_board_and_ended(client: FlaskClient, store: Store, first: Revision) -> None:
    shift = next(visit.shift_id for visit in first.visits if visit.ticket_id == "T1")
    send(client, "/board/move", revision="P1", ticket="T1", shift=shift, place="0")
    moved = newest(store)
    assert '"pinned":true' in client.get(BOARD).text.replace(" ", "")
    page = look(client, "unpin", "T1", moved.id)
    assert "重排时可能改派" in page
    assert "+ ¥ 0.00" in page
    assert send(client, "/board/visit/unpin", revision=moved.id, ticket="T1").status_code == 303
    assert {visit.pin for visit in newest(store).visits} == {Pin.NONE}
    assert '"pinned":true' not in client.get(BOARD).text.replace(" ", "")


@pytest.mark.parametrize("act", ["take-out", "unpin"])
def test_on_a_plan_that_somebody_else_has_changed_nothing_is_done_and_theirs_is_shown(
    client: FlaskClient, store: Store, first: Revision, act: str
) -> None:
    plan(store, "P2", now="07:31")
    answer = send(client, f"/board/visit/{act}", revision="P1", ticket="T1")
    assert answer.status_code == 409
    assert "其他人已改动方案" in answer.text
    assert ('name="revision" value="P2"' in answer.text) == (act == "take-out")
    assert newest(store).id == "P2"


def test_what_is_under_way_stays_and_the_page_says_why(client: FlaskClient, store: Store, first: Revision) -> None:
    set_state(store, "T1", TicketState.WORKING)
    page = look(client, "take-out", "T1")
    assert "已完成或进行中，不能再改" in page
    assert "确认移出" not in page
    answer = send(client, "/board/visit/take-out", revision="P1", ticket="T1")
    assert answer.status_code == 409
    assert "没有改动。" in answer.text


def test_what_is_not_there_is_refused_in_words(client: FlaskClient, first: Revision) -> None:
    assert client.get("/board/visit/take-out?revision=P1&ticket=T9").status_code == 404
    assert client.get("/board/visit/unpin?revision=P1&ticket=T1").status_code == 404
    assert client.get("/board/visit/burn?revision=P1&ticket=T1").status_code == 404


@pytest.mark.parametrize("act", ["take-out", "unpin"])
def test_others_may_write_while_the_judge_works_and_what_came_under_way_meanwhile_stays(
    client: FlaskClient, store: Store, first: Revision, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shift = next(visit.shift_id for visit in first.visits if visit.ticket_id == "T1")
    send(client, "/board/move", revision="P1", ticket="T1", shift=shift, place="0")
    moved = newest(store)
    judged = by_hand.judged

    def judge_slowly(request_json: str, plan_json: str) -> Judged:
        set_state(store, "T1", TicketState.TRAVELLING)
        return judged(request_json, plan_json)

    monkeypatch.setattr(by_hand, "judged", judge_slowly)
    answer = send(client, f"/board/visit/{act}", revision=moved.id, ticket="T1")
    assert answer.status_code == 409
    assert "T1 已完成或进行中，不能再改" in answer.text
    assert newest(store).id == moved.id


def test_somebody_who_was_faster_while_the_judge_worked_is_not_overrun(
    client: FlaskClient, store: Store, first: Revision, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = by_hand.judged

    def judge_slowly(request_json: str, plan_json: str) -> Judged:
        plan(store, "P2", now="07:31")
        return judged(request_json, plan_json)

    monkeypatch.setattr(by_hand, "judged", judge_slowly)
    answer = send(client, "/board/visit/take-out", revision="P1", ticket="T1")
    assert answer.status_code == 409
    assert newest(store).id == "P2"
