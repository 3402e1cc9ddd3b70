from __future__ import annotations

import json
import re
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from dispatch.services.drafted import Language
from dispatch.services.try_day import Trial
from tests.web.conftest import DESKTOP, PHONE
from tests.web.try_day.conftest import MARKUP
from web.try_day.page import write_page

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
OpenFile = Callable[..., AbstractContextManager[Page]]


@pytest.fixture
def open_file(browser: Browser, trial: Trial, tmp_path: Path) -> OpenFile:
    """Open the trial's page from a file without a network; leaving fails on errors and on any request but the file itself."""

    @contextmanager
    def opened(lang: Language = "zh", size: dict[str, int] = DESKTOP) -> Generator[Page]:
        file = tmp_path / "plan.html"
        file.write_text(write_page(trial, lang), "utf-8")
        options: dict[str, Any] = {"is_mobile": True, "has_touch": True} if size == PHONE else {}
        context = browser.new_context(viewport=size, reduced_motion="reduce", offline=True, **options)
        context.add_init_script(
            "document.addEventListener('securitypolicyviolation', "
            "(event) => console.error('CSP ' + event.violatedDirective + ' ' + event.blockedURI));"
        )
        faults: list[str] = []
        page = context.new_page()
        page.on("console", lambda line: faults.append(line.text) if line.type in {"error", "warning"} else None)
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on(
            "request",
            lambda asked: None if asked.url in {file.as_uri(), "data:,"} else faults.append(asked.url),
        )
        page.goto(file.as_uri())
        expect(page.locator("body[data-ready=yes]")).to_be_attached()
        yield page
        context.close()
        assert faults == []

    return opened


def overflow_px(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def test_the_page_holds_no_address_to_ask_and_no_markup_of_a_sheet(trial: Trial) -> None:
    page = write_page(trial)
    markup = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)
    assert not re.search(r'(?:src|href|action)="(?!#|data:,|tel:)', markup)
    assert MARKUP not in page
    assert "<img" not in markup


def test_the_policy_names_its_script_and_style_and_allows_nothing_else(trial: Trial) -> None:
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', write_page(trial))
    assert "default-src &#39;none&#39;" in policy or "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "connect-src" not in policy
    assert policy.count("sha256-") == 2


def test_people_are_in_the_page_and_in_neither_document(trial: Trial) -> None:
    (text,) = re.findall(r'id="data-board">(.*?)</script>', write_page(trial), re.DOTALL)
    board = json.loads(text)
    assert board["tickets"]["WX1"]["phone"] == "13800000001"
    assert board["engineers"][0]["name"] == "李范"
    assert "13800000001" not in repr(trial.made.request)
    assert "李范" not in repr(trial.made.request) + repr(trial.plan)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_rows_are_told_by_number_and_reason(trial: Trial, lang: Language) -> None:
    page = write_page(trial, lang)
    rows = page.split("paper-rows")[-1].split("<script")[0]
    assert ("第 6 行 H 列「等级」" if lang == "zh" else "row 6, column H") in rows
    assert "WX4 丙公司" in rows
    assert ("电梯" in rows) is True


@pytest.mark.browser
@SIZES
def test_the_file_opens_without_a_network_and_shows_board_sheets_and_rows(
    open_file: OpenFile, size: dict[str, int]
) -> None:
    with open_file(size=size) as page:
        expect(page.locator(".notice")).to_contain_text("读了 5 行：排了 3 单，没排上 1 单，没有读 1 行")
        expect(page.locator(".visit, .card").first).to_be_visible()
        assert overflow_px(page) == 0
        page.locator("button[data-paper=sheets]").click()
        expect(page.locator(".sheet-of li")).to_have_count(3)
        expect(page.locator(".sheet-of", has_text="13800000001")).to_be_visible()
        assert overflow_px(page) == 0
        page.locator("button[data-paper=rows]").click()
        expect(page.locator(".rows-of", has_text="十万火急")).to_be_visible()
        assert overflow_px(page) == 0


@pytest.mark.browser
def test_what_is_approximate_is_marked_on_board_map_and_sheet(open_file: OpenFile) -> None:
    with open_file() as page:
        expect(page.locator(".visit.rough")).to_have_count(1)
        expect(page.locator(".rough-sign")).to_have_text("≈1")
        expect(page.locator("path.district")).to_have_count(13)
        page.locator(".visit.rough").click()
        expect(page.locator("#pane")).to_contain_text("位置大致")
        expect(page.locator("#pane")).to_contain_text(MARKUP)
        expect(page.locator(".stop-sign.rough")).to_have_count(1)
        page.locator("button[data-paper=sheets]").click()
        expect(page.locator(".sheet-of .flag.warn")).to_have_count(1)


@pytest.mark.browser
def test_a_ticket_is_found_by_its_customer_phone_or_address(open_file: OpenFile) -> None:
    with open_file() as page:
        for asked in ("乙公司", "0571-88", "文三路 5"):
            page.locator("#query").fill(asked)
            expect(page.locator("#results .hit b").first).to_have_text("乙公司")


@pytest.mark.browser
@SIZES
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_file_is_accessible(open_file: OpenFile, lang: Language, size: dict[str, int]) -> None:
    with open_file(lang, size) as page:
        for paper in ("board", "sheets", "rows"):
            page.locator(f"button[data-paper={paper}]").click()
            assert [fault["id"] for fault in Axe().run(page).response["violations"]] == []
