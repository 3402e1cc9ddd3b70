from __future__ import annotations

import re
from datetime import timedelta
from itertools import product

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.domain.ticket import Ticket, TicketState
from dispatch.domain.ticket_states import WORDS
from dispatch.services.change_state import change_state
from dispatch.services.publish_plan import publish_plan
from dispatch.storage.store import Store
from tests.dispatch.services.plans import plan
from tests.web.desk.conftest import BOARD, NOW, send
from web.desk.words import name_state

AT = BOARD.replace("/board", "/tickets/T5/state")
PAGE = BOARD.replace("/board", "/tickets/T5")


def test_a_state_is_changed_on_the_tickets_page_which_tells_how_it_came_there(
    client: FlaskClient, store: Store
) -> None:
    page = client.get(PAGE).text
    offered = re.findall(r'<option value="(\w+)">([^<]+)</option>', page[page.index('class="course"') :])
    assert offered[0] == ("remote", "远程处理")
    assert ("cancelled", "已取消 *") in offered
    assert "dispatched" not in dict(offered)
    answer = send(client, AT, version="1", state="waiting_for_parts", why="压缩机缺货")
    assert (answer.status_code, answer.location) == (303, "/tickets/T5?region=hz&day=2026-11-23")
    told = client.get(PAGE).text
    assert "T5 现为：待件。" in told
    assert re.search(r"11-23 07:30</span> <span>待派 → <b>待件</b></span> <span class=\"who\">调度员", told)
    assert "压缩机缺货" in told
    with store.reading() as unit:
        assert unit.get(Ticket, "T5").state is TicketState.WAITING_FOR_PARTS


def test_what_cannot_be_is_told_beside_what_was_typed(client: FlaskClient, store: Store) -> None:
    for fields, status, sentence in (
        ({"version": "1", "state": "cancelled", "why": " "}, 422, "请写明原因"),
        ({"version": "1", "state": "fixed", "why": "客户自行修好"}, 409, "不能从「待派」变为「已修复」"),
        ({"version": "7", "state": "cancelled", "why": "客户自行修好"}, 409, "已被他人修改"),
    ):
        answer = send(client, AT, **fields)
        assert (answer.status_code, sentence in answer.text) == (status, True)
        assert f'name="why" value="{fields["why"]}"' in answer.text
    assert send(client, AT, version="1", state="gone").status_code == 422
    with store.reading() as unit:
        assert unit.get(Ticket, "T5").version == 1


def test_a_plan_and_a_device_are_named_as_causes(client: FlaskClient, store: Store) -> None:
    plan(store, "R1")
    with store.writing() as unit:
        publish_plan(unit, "R1", by="dispatcher", at=NOW)
        ticket = unit.get(Ticket, "T1")
        late = NOW - timedelta(minutes=20)
        change_state(
            unit,
            "T1",
            TicketState.ACCEPTED,
            version=ticket.version,
            why="",
            by="engineer:E1",
            now=NOW,
            device_at=late,
        )
    told = client.get(PAGE.replace("T5", "T1")).text
    assert '待派 → <b>已派</b></span> <span class="who">调度员 · 方案发布' in told
    assert "11-23 07:30 (设备时间 11-23 07:10)" in told


@pytest.mark.parametrize(("state", "lang"), list(product(TicketState, ["zh", "en"])))
def test_pages_and_errors_call_a_state_the_same(app: Flask, state: TicketState, lang: str) -> None:
    with app.test_request_context(f"/?lang={lang}"):
        assert name_state(state) == WORDS[state][lang == "en"]
