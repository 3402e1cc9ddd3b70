from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect
from werkzeug.test import TestResponse

from dispatch.storage.store import Store
from tests.web.conftest import PHONE, serving
from tests.web.try_day.conftest import ENGINEERS, TICKETS
from web.service.app import make_service


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(tmp_path: Path, clock: Clock) -> Iterator[FlaskClient]:
    store = Store(f"sqlite:///{tmp_path / 'desk.db'}")
    store.migrate()
    app = make_service(store, secret_key="k" * 32, clock=clock)
    app.config["TRIAL_SECONDS"] = 0.3
    yield app.test_client()
    store.close()


def send(client: FlaskClient, **files: str) -> TestResponse:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/try").text)
    assert found
    sheets = {name: (io.BytesIO(text.encode()), f"{name}.csv") for name, text in files.items()}
    return client.post("/try", data={"csrf_token": found.group(1), **sheets}, content_type="multipart/form-data")


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


def test_another_name_finds_nothing(client: FlaskClient) -> None:
    assert client.get("/try/guessed").status_code == 404


@pytest.mark.browser
def test_a_sheet_is_dropped_in_a_real_browser(browser: Browser, client: FlaskClient, tmp_path: Path) -> None:
    sheet = tmp_path / "tickets.csv"
    sheet.write_text(TICKETS, "utf-8")
    with serving(client.application) as base:
        context = browser.new_context(viewport=PHONE)
        page = context.new_page()
        page.goto(base)
        page.locator("input[name=tickets]").set_input_files(sheet)
        page.get_by_role("button", name="开始排单").click()
        expect(page.locator("#try-done")).to_contain_text("2026-11-23", timeout=60_000)
        page.get_by_role("link", name="打开计划").click()
        expect(page.locator("body[data-ready=yes]")).to_be_attached()
        context.close()
