from __future__ import annotations

import re

from flask.testing import FlaskClient

from dispatch.domain.ticket import TicketState
from dispatch.storage.store import Store
from tests.dispatch.services.desk import set_state
from tests.dispatch.services.plans import plan
from tests.web.desk.conftest import BOARD, send


def test_what_changes_is_listed_with_the_totals_side_by_side(client: FlaskClient, store: Store) -> None:
    set_state(store, "T1", TicketState.REMOTE)
    plan(store, "P1")
    send(client, "/board/publish/P1")
    set_state(store, "T1", TicketState.READY)
    set_state(store, "T2", TicketState.CANCELLED)
    plan(store, "P2", now="07:40")
    page = client.get("/board/changes/P2?region=hz&day=2026-11-23").text
    assert "与第 1 号方案相比的变动" in page
    assert page.index("新增 <") < page.index("T1") < page.index("撤下 <") < page.index("T2")
    assert '<button class="go big" type="submit">发布</button>' in page


def test_what_planning_does_not_take_any_more_is_dropped_by_its_name_with_the_reason(
    client: FlaskClient, store: Store
) -> None:
    plan(store, "P1")
    send(client, "/board/publish/P1")
    set_state(store, "T5", TicketState.REMOTE)
    plan(store, "P2", now="07:40")
    page = client.get("/board/changes/P2?region=hz&day=2026-11-23").text
    dropped = page[page.index("撤下 <") : page.index("换工程师 <")]
    assert "1 张工单待定级、在远程处理、等待或待支援，未排" in dropped
    assert ">王芳</a>" in dropped


def test_totals_of_different_parts_of_the_day_are_named_so_and_not_subtracted(
    client: FlaskClient, store: Store
) -> None:
    plan(store, "P1")
    send(client, "/board/publish/P1")
    set_state(store, "T1", TicketState.WORKING)
    plan(store, "P2", now="09:00")
    page = client.get("/board/changes/P2?region=hz&day=2026-11-23").text
    assert "现行方案 0 次，本方案 1 次。两者涵盖的时段不同，不列差额。" in page
    (cost,) = re.findall(r"<th scope=\"row\">成本</th>.*?</tr>", page)
    assert cost.count("¥") == 2
    assert cost.endswith("<td>–</td></tr>")
    send(client, "/board/publish/P2")
    plan(store, "P3", now="09:00")
    page = client.get("/board/changes/P3?region=hz&day=2026-11-23").text
    assert "两个方案中已有相同的 1 次上门完成或进行中" in page
    (cost,) = re.findall(r"<th scope=\"row\">成本</th>.*?</tr>", page)
    assert not cost.endswith("<td>–</td></tr>")


def test_of_two_plans_on_one_base_the_second_is_refused_and_says_who_was_faster_and_what_to_do(
    client: FlaskClient, store: Store
) -> None:
    plan(store, "P1")
    plan(store, "P2")
    send(client, "/who", who="manager")
    assert send(client, "/board/publish/P2").status_code == 303
    send(client, "/who", who="dispatcher")
    refused = send(client, "/board/publish/P1")
    assert refused.status_code == 409
    assert "主管已于 07:30 发布第 1 号方案。" in refused.text
    assert "您的方案已保留，没有丢失" in refused.text
    assert ">重排</button>" in refused.text
    assert "本方案已发布" in client.get("/board/changes/P2?region=hz&day=2026-11-23").text
    old = client.get(f"{BOARD}&revision=P1").text
    assert "其基础方案已被取代" in old
    assert "前往最新方案" in old


def test_a_plan_whose_tickets_have_moved_on_is_not_published_and_nothing_is_lost(
    client: FlaskClient, store: Store
) -> None:
    plan(store, "P1")
    set_state(store, "T1", TicketState.WORKING)
    refused = send(client, "/board/publish/P1")
    assert refused.status_code == 409
    assert "T1" in refused.text
    assert "未发布" in refused.text


def test_a_plan_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    assert client.get("/board/changes/P9").status_code == 404
    assert send(client, "/board/publish/P9").status_code == 404
