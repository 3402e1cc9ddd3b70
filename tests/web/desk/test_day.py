from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from dispatch.domain.job import Detail, Job, JobFailure
from dispatch.domain.region import Region
from dispatch.domain.ticket import Ticket, TicketState
from dispatch.storage.store import Store
from tests.dispatch.services.desk import set_state
from tests.dispatch.services.plans import plan
from tests.web.desk.conftest import BOARD, NOW, send
from tests.web.test_ways import Detours
from web.service.app import make_service
from web.service.log import make_log

WATCH = BOARD.replace("/board", "/board/watch.json")
PLAN = BOARD.replace("/board", "/board/plan")


def board_of(page: str) -> dict[str, Any]:
    """Return what the page's scripts are given."""
    found = re.search(r'id="data-board">(.*?)</script>', page, re.DOTALL)
    assert found
    read: dict[str, Any] = json.loads(found.group(1))
    return read


def look_after(store: Store, seconds: int) -> FlaskClient:
    """Return a browser that looks so long after the others."""
    moment = NOW + timedelta(seconds=seconds)
    return make_service(store, secret_key="k" * 32, clock=lambda: moment, log=make_log(io.StringIO())).test_client()


def test_a_day_without_a_plan_shows_its_open_tickets_and_one_large_button(client: FlaskClient) -> None:
    page = client.get(BOARD).text
    assert "当天还没有方案。" in page
    assert "5 张工单待规划" in page
    assert "规划当天" in page
    board = board_of(page)
    assert {one["verdict"] for one in board["skipped"]} == {"fresh"}
    assert [engineer["name"] for engineer in board["engineers"]] == ["名字E1", "名字E2"]
    assert len(board["engineers"][0]["shifts"]) == 1
    rough = board["tickets"]["T5"]
    assert (rough["approximate"], rough["address"], rough["label"]) == (True, "西湖区某处", "王芳")
    assert board["location_names"][rough["location"]].startswith("西湖区中心")


def test_the_newest_plan_is_shown_until_it_is_published_and_then_as_in_force(client: FlaskClient, store: Store) -> None:
    plan(store, "P1")
    page = client.get(BOARD).text
    assert "尚未发布" in page
    assert "查看变动并发布" in page
    assert sum(len(route["stops"]) - 2 for route in board_of(page)["routes"]) == 5
    assert send(client, "/board/publish/P1").status_code == 303
    page = client.get(BOARD).text
    assert "现行：第 1 号方案，07:30 由调度员发布。" in page
    assert "查看变动并发布" not in page
    assert "已派" in json.dumps(board_of(page), ensure_ascii=False)


def test_tickets_that_came_after_the_plan_stand_on_the_board_as_not_planned_yet(
    client: FlaskClient, store: Store
) -> None:
    set_state(store, "T1", TicketState.REMOTE)
    plan(store, "P1")
    set_state(store, "T1", TicketState.READY)
    page = client.get(BOARD).text
    board = board_of(page)
    assert "之后新来 1 张工单：请重排。" in page
    assert board["skipped"] == [{"ticket": "T1", "verdict": "fresh", "reasons": []}]
    assert (board["figures"]["tickets"], board["figures"]["served"], board["figures"]["skipped"]) == (5, 4, 1)
    assert board["locations"][board["tickets"]["T1"]["location"]] == [30.26, 120.14]


def test_visits_that_are_done_stay_on_the_board_of_the_plan_for_the_rest_of_the_day(
    client: FlaskClient, store: Store
) -> None:
    plan(store, "P1")
    send(client, "/board/publish/P1")
    with store.reading() as unit:
        first = min(unit.get_revision("P1").visits, key=lambda visit: visit.begin_at)
    set_state(store, first.ticket_id, TicketState.FIXED)
    plan(store, "P2", now="10:00")
    board = board_of(client.get(BOARD).text)
    route = next(route for route in board["routes"] if route["shift"] == first.shift_id)
    assert route["stops"][0]["ticket"] == first.ticket_id
    assert board["tickets"][first.ticket_id]["state"] == "已修复"
    assert board["figures"]["served"] == 5


def test_asking_twice_makes_one_job_and_everybody_sees_it(client: FlaskClient, store: Store) -> None:
    for key in ("k1", "k2"):
        assert send(client, PLAN, seconds="7", key=key).status_code == 303
    with store.reading() as unit:
        (job,) = unit.list_jobs("hz", NOW.date().replace(day=23))
    assert (job.seconds, job.made_by) == (7, "dispatcher")
    page = client.get(BOARD).text
    assert "排队中" in page
    assert re.search(r'id="replan" hidden', page)
    told = client.get(WATCH).get_json()["job"]
    assert (told["in_work"], told["seconds"]) == (True, 7)
    assert send(client, told["cancel"]).status_code == 303
    told = client.get(WATCH).get_json()["job"]
    assert (told["state"], told["lines"]) == ("cancelled", ["原方案不受影响。"])


def test_a_failed_job_is_told_with_its_reason_and_the_old_plan_stands(client: FlaskClient, store: Store) -> None:
    plan(store, "P1")
    send(client, "/board/publish/P1")
    send(client, PLAN, seconds="1", key="k")
    with store.writing() as unit:
        job = unit.claim_job("w", now=NOW, lease=timedelta(seconds=30), attempts=3)
        assert job is not None
        unit.fail_job(job, JobFailure.SEARCH_DIED, Detail("signal", {"name": "SIGKILL"}), now=NOW)
    page = client.get(BOARD).text
    assert "规划失败" in page
    assert "规划进程意外终止（收到信号 SIGKILL） · 原方案不受影响。" in page
    assert "现行：第 1 号方案" in page


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", ("目前没有规划进程在工作", "paidan worker")),
        ("en", ("Nobody works on plans at the moment", "paidan worker")),
    ],
)
def test_a_job_that_nobody_will_work_on_says_so_and_what_to_do(
    client: FlaskClient, store: Store, lang: str, said: tuple[str, str]
) -> None:
    send(client, PLAN, seconds="7", key="k")
    assert look_after(store, 14).get(WATCH).get_json()["job"]["state"] == "queued"
    client = look_after(store, 15)
    told = client.get(f"{WATCH}&lang={lang}").get_json()["job"]
    assert told["state"] == "alone"
    assert said[0] == told["title"]
    assert said[1] in " ".join(told["lines"])
    assert told["cancel"]
    assert said[0] in client.get(f"{BOARD}&lang={lang}").text


def test_a_job_whose_worker_died_says_so_when_its_lease_is_over(client: FlaskClient, store: Store) -> None:
    send(client, PLAN, seconds="7", key="k")
    with store.writing() as unit:
        assert unit.claim_job("w", now=NOW, lease=timedelta(seconds=30), attempts=3) is not None
    assert look_after(store, 29).get(WATCH).get_json()["job"]["state"] == "running"
    assert look_after(store, 30).get(WATCH).get_json()["job"]["state"] == "alone"
    (told,) = look_after(store, 30).get("/api/v1/planning-jobs?region_id=hz&day=2026-11-23").get_json()["items"]
    assert (told["state"], told["left_alone"], told["message"]) == ("running", True, "目前没有规划进程在工作")


def test_a_job_waits_its_turn_while_the_worker_plans_another_region(client: FlaskClient, store: Store) -> None:
    with store.writing() as unit:
        unit.save(Region("nb", "宁波"))
        unit.add_job(Job("J", "nb", NOW.date(), 60, "d", "k", NOW))
        other = unit.claim_job("w", now=NOW, lease=timedelta(seconds=30), attempts=3)
    assert other is not None
    send(client, PLAN, seconds="7", key="k")
    assert look_after(store, 20).get(WATCH).get_json()["job"]["state"] == "queued"
    with store.writing() as unit:
        unit.finish_job(other, now=NOW + timedelta(seconds=29))
    assert look_after(store, 43).get(WATCH).get_json()["job"]["state"] == "queued"
    assert look_after(store, 44).get(WATCH).get_json()["job"]["state"] == "alone"


def test_the_mark_of_the_board_changes_when_somebody_else_publishes(client: FlaskClient, store: Store) -> None:
    plan(store, "P1")
    found = re.search(r'data-mark="([^"]*)"', client.get(BOARD).text)
    assert found
    assert client.get(WATCH).get_json()["mark"] == found.group(1)
    send(client, "/board/publish/P1")
    assert client.get(WATCH).get_json()["mark"] != found.group(1)


@pytest.mark.parametrize("seconds", ["", "0", "3601", "1.5", "ten"])
def test_seconds_that_cannot_be_are_refused(client: FlaskClient, seconds: str) -> None:
    answer = send(client, PLAN, seconds=seconds, key="k")
    assert answer.status_code == 422
    assert "秒数 的值不可能：应为 1 至 3600 的整数" in answer.text


def test_nothing_on_the_desk_changes_by_looking_or_without_the_pages_token(client: FlaskClient, store: Store) -> None:
    plan(store, "P1")
    posts = [
        PLAN,
        "/board/jobs/J/cancel",
        "/board/publish/P1",
        "/board/move",
        "/tickets",
        "/tickets/T1",
        "/tickets/T1/point",
    ]
    for address in posts:
        refused = client.post(address, data={"seconds": "1", "version": "1"})
        assert (refused.status_code, "表单不是从本页面提交的" in refused.text) == (400, True)
    with store.reading() as unit:
        assert unit.find_published("hz", NOW.date().replace(day=23)) is None
        assert unit.get(Ticket, "T1").version == 1


def test_a_service_without_any_region_says_what_to_do(client: FlaskClient, store: Store) -> None:
    empty = client.get("/board?region=nowhere")
    assert empty.status_code == 404
    assert "找不到 Region nowhere" in empty.text


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("page", ["/board", "/board/watch.json", "/tickets/new"])
def test_a_day_beyond_the_calendar_is_refused(client: FlaskClient, page: str, day: str) -> None:
    assert client.get(f"{page}?region=hz&day={day}").status_code == 422
    assert send(client, f"/board/plan?region=hz&day={day}", seconds="5").status_code == 422


@pytest.mark.parametrize("seconds", ["9" * 5000, "0", "-1", "1.5", "", "3601"])
def test_a_number_of_seconds_that_cannot_be_is_refused(client: FlaskClient, seconds: str) -> None:
    assert send(client, PLAN, seconds=seconds).status_code == 422


def test_a_plan_of_another_day_is_not_shown_as_this_ones(client: FlaskClient, store: Store) -> None:
    plan(store, "P1")
    assert client.get(f"{BOARD}&revision=P1").status_code == 200
    assert client.get("/board?region=hz&day=2026-11-24&revision=P1").status_code == 404


def test_the_ways_of_the_shown_plan_come_after_the_page_and_none_to_a_rough_place(store: Store) -> None:
    plan(store, "P1")
    ways = Detours()
    desk = make_service(
        store, secret_key="k" * 32, clock=lambda: NOW, log=make_log(io.StringIO()), ways=ways
    ).test_client()
    page = desk.get(BOARD).text
    assert "未沿道路" not in page
    found = re.search(r'data-ways="([^"]+)"', page)
    assert found
    answer = desk.get(unescape(found.group(1)))
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    sent = answer.get_json()
    assert sent["trouble"] == ""
    board = board_of(page)
    rough = board["tickets"]["T5"]["location"]
    assert sent["ways"]
    for from_, to, line in sent["ways"]:
        assert rough not in {from_, to}
        assert (line[0], line[-1]) == (board["locations"][from_], board["locations"][to])


def test_where_nobody_knows_ways_the_board_asks_for_none(client: FlaskClient, store: Store) -> None:
    plan(store, "P1")
    page = client.get(BOARD).text
    assert "data-ways" not in page
    assert "行程按直线 × 1.3、时速 28 公里估算，未沿道路" in page
    assert client.get(BOARD.replace("/board", "/board/ways.json")).get_json() == {"ways": [], "trouble": ""}
