from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect
from werkzeug.test import TestResponse

from dispatch.domain.customer import Customer, Site
from dispatch.domain.engineer import Engineer, Shift
from dispatch.domain.region import Region
from dispatch.domain.ticket import Ticket
from dispatch.services.try_day import Trial
from dispatch.storage.store import Store
from tests.web.conftest import PHONE, serving
from tests.web.try_day.conftest import ENGINEERS, TICKETS
from web.service.app import make_service
from web.try_day.pages import _try

WIDE = {"width": 1280, "height": 800}


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(f"sqlite:///{tmp_path / 'desk.db'}")
    made.migrate()
    yield made
    made.close()


@pytest.fixture
def client(store: Store, clock: Clock) -> FlaskClient:
    app = make_service(store, secret_key="k" * 32, clock=clock)
    app.config["TRIAL_SECONDS"] = 0.3
    return app.test_client()


def send(client: FlaskClient, **files: str) -> TestResponse:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/try").text)
    assert found
    sheets = {name: (io.BytesIO(text.encode()), f"{name}.csv") for name, text in files.items()}
    return client.post("/try", data={"csrf_token": found.group(1), **sheets}, content_type="multipart/form-data")


@pytest.mark.parametrize(("pack", "has_limit"), [("strict", True), ("004", False)])
def test_a_trial_keeps_the_limits_of_the_pack_in_use(store: Store, clock: Clock, pack: str, has_limit: bool) -> None:
    app = make_service(store, secret_key="k" * 32, clock=clock, pack=pack)
    app.config["TRIAL_SECONDS"] = 0.1
    with app.test_request_context("/try", method="POST"):
        trial = _try(TICKETS.encode(), ENGINEERS.encode())
    assert isinstance(trial, Trial)
    calm = next(ticket for ticket in trial.made.request.tickets if ticket.id == "WX4")
    assert (calm.resolve is not None) is has_limit


def test_the_first_page_has_the_drop_zone(client: FlaskClient) -> None:
    assert 'action="/try"' in client.get("/").text


def test_sheets_become_a_page_and_a_workbook_for_an_hour(client: FlaskClient, clock: Clock) -> None:
    answer = send(client, tickets=TICKETS, engineers=ENGINEERS)
    assert answer.status_code == 303
    told = client.get(answer.location).text
    assert "读了 5 行" in told
    page = client.get(f"{answer.location}/plan.html", buffered=True)
    assert "甲公司" in page.text
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert "sha256-" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    assert client.get(f"{answer.location}/plan.xlsx", buffered=True).data.startswith(b"PK")
    clock.now += timedelta(hours=1)
    assert client.get(answer.location).status_code == 404
    assert client.get(f"{answer.location}/plan.html").status_code == 404


def test_a_sheet_without_anything_usable_says_why_by_row(client: FlaskClient) -> None:
    answer = send(client, tickets="地址,等级\n西湖区文三路 1 号,十万火急")
    assert answer.status_code == 422
    assert "第 2 行 B 列「等级」" in answer.text


def test_a_form_without_a_sheet_or_without_its_token_does_nothing(client: FlaskClient) -> None:
    assert send(client).status_code == 422
    assert client.post("/try", data={"tickets": (io.BytesIO(TICKETS.encode()), "t.csv")}).status_code == 400


def press(client: FlaskClient, address: str, **fields: str) -> TestResponse:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/try").text)
    assert found
    return client.post(address, data={"csrf_token": found.group(1), **fields})


def count_stored(store: Store) -> dict[str, int]:
    with store.reading() as unit:
        found = {kind.__name__: len(unit.list_all(kind)) for kind in (Region, Customer, Site, Ticket, Engineer, Shift)}
        return found | {"events": len(unit.list_events())}


def test_nothing_is_stored_unless_it_is_asked_for(client: FlaskClient, store: Store) -> None:
    told = send(client, tickets=TICKETS, engineers=ENGINEERS).location
    client.get(told)
    client.get(f"{told}/plan.html", buffered=True)
    assert client.get(f"{told}/keep").status_code == 405
    assert client.post(f"{told}/keep").status_code == 400
    assert set(count_stored(store).values()) == {0}


def test_what_was_read_is_stored_and_the_board_of_that_day_says_so(client: FlaskClient, store: Store) -> None:
    told = send(client, tickets=TICKETS, engineers=ENGINEERS).location
    assert "十万火急" in client.get(told).text
    answer = press(client, f"{told}/keep", region_name="杭州")
    assert answer.status_code == 303
    assert re.search(r"/board\?region=\w+&day=2026-11-23$", answer.location)
    board = client.get(answer.location).text
    assert "已保存 4 张工单、1 名工程师" in board
    assert f'href="{told}"' in board
    assert "已保存 4 张工单" not in client.get(answer.location).text
    stored = count_stored(store)
    assert (stored["Ticket"], stored["Engineer"], stored["Shift"], stored["Region"]) == (4, 1, 1, 1)
    assert "十万火急" in client.get(told).text
    again = press(client, f"{told}/keep")
    assert again.status_code == 303
    assert "5 行原已存在" in client.get(again.location).text
    assert count_stored(store) == stored


def test_rows_that_meet_something_else_are_named_before_anything_is_stored(client: FlaskClient, store: Store) -> None:
    press(client, f"{send(client, tickets=TICKETS).location}/keep", region_name="杭州")
    before = count_stored(store)
    told = send(client, tickets="工单号,地址\nWX1,余杭区文一西路 1 号\nWX9,余杭区文一西路 2 号").location
    answer = press(client, f"{told}/keep")
    assert answer.status_code == 409
    assert "没有保存任何内容" in answer.text
    assert "「WX1」已经存在，内容不同" in answer.text
    assert count_stored(store) == before
    assert press(client, f"{told}/keep", anyway="1").status_code == 303
    assert count_stored(store)["Ticket"] == before["Ticket"] + 1


def test_a_region_needs_a_name_and_one_that_is_named_has_to_be_there(client: FlaskClient, store: Store) -> None:
    told = send(client, tickets=TICKETS).location
    assert press(client, f"{told}/keep", region_name=" ").status_code == 422
    assert press(client, f"{told}/keep", region="nowhere").status_code == 404
    assert set(count_stored(store).values()) == {0}


def test_after_an_hour_nothing_can_be_stored_any_more(client: FlaskClient, clock: Clock, store: Store) -> None:
    told = send(client, tickets=TICKETS).location
    clock.now += timedelta(hours=1)
    assert press(client, f"{told}/keep", region_name="杭州").status_code == 404
    assert set(count_stored(store).values()) == {0}


def test_another_name_finds_nothing(client: FlaskClient) -> None:
    assert client.get("/try/guessed").status_code == 404


@pytest.mark.browser
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desktop", "phone"])
def test_a_sheet_is_dropped_in_a_real_browser_and_kept(
    browser: Browser, client: FlaskClient, tmp_path: Path, store: Store, size: dict[str, int]
) -> None:
    sheet = tmp_path / "tickets.csv"
    sheet.write_text(TICKETS, "utf-8")
    with serving(client.application) as base:
        context = browser.new_context(viewport=size)
        context.set_default_timeout(60_000)
        page = context.new_page()
        page.goto(base)
        page.locator("input[name=tickets]").set_input_files(sheet)
        page.get_by_role("button", name="开始排单").click()
        expect(page.locator("#try-done")).to_contain_text("2026-11-23", timeout=60_000)
        found = Axe().run(page).response["violations"]
        assert [f"{fault['id']}: {node['html']}" for fault in found for node in fault["nodes"]] == []
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
        page.get_by_role("link", name="打开计划").click()
        expect(page.locator("body[data-ready=yes]")).to_be_attached()
        assert set(count_stored(store).values()) == {0}
        page.go_back()
        page.get_by_label("您的区域名称").fill("杭州")
        page.get_by_label("同时保存试排假设的").check()
        page.get_by_role("button", name="保存并打开看板").click()
        expect(page.locator("body[data-ready=yes]")).to_be_attached(timeout=60_000)
        expect(page.locator(".told")).to_contain_text("已保存 4 张工单")
        expect(page.locator(".live-text")).to_contain_text("4 张工单")
        context.close()
    assert count_stored(store)["Ticket"] == 4
