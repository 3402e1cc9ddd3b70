"""Stories in a real browser, with a worker that plans beside the desk."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dispatch.domain.engineer import Engineer
from dispatch.domain.ticket import Ticket
from dispatch.policies.tables.read import get_book
from dispatch.services.by_hand import keep_by_hand
from dispatch.services.day_planner import DayPlanner
from dispatch.services.edit_records import edit_record
from dispatch.services.move_visit import look_at_move
from dispatch.services.worker import Terms, Worker
from dispatch.storage.store import Store
from dispatch.travel.straight_line import StraightLine
from tests.dispatch.services.plans import plan
from tests.web.conftest import PHONE, serving
from tests.web.desk.conftest import BOARD, NOW
from web.service.app import make_service

pytestmark = pytest.mark.browser

WIDE = {"width": 1280, "height": 800}
PATIENCE_MS = 180_000
"""Far above what is needed, for machines that are busy with other things."""


class Silent:
    """Tells nobody."""

    def info(self, event: str, **values: object) -> None:
        """Say nothing."""

    warning = error = info


@pytest.fixture(autouse=True)
def _patience() -> Iterator[None]:
    """Wait longer than usual for what is to appear: the machine may be busy with a search."""
    expect.set_options(timeout=60_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def address(store: Store) -> Iterator[str]:
    """Serve the desk, with a worker; the clock of both begins at half past seven."""
    began_s = time.monotonic()

    def clock() -> datetime:
        return NOW + timedelta(seconds=int(time.monotonic() - began_s))

    worker = Worker(
        store,
        DayPlanner(StraightLine(), get_book("least_change")),
        name="beside",
        log=Silent(),
        terms=Terms(poll_s=0.2, threads=1),
        clock=clock,
    )
    beside = threading.Thread(target=worker.run)
    beside.start()
    try:
        with serving(make_service(store, secret_key="k" * 32, clock=clock, log=Silent())) as base:
            yield base
    finally:
        worker.stop()
        beside.join()


@contextmanager
def opened(browser: Browser, base: str, size: dict[str, int] = WIDE) -> Generator[BrowserContext]:
    """Open a browser of somebody's own; leaving fails on whatever went wrong in it, but for refusals that are expected."""
    faults: list[str] = []
    options: dict[str, Any] = {"is_mobile": True, "has_touch": True} if size == PHONE else {}
    context = browser.new_context(viewport=size, reduced_motion="reduce", **options)
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(
        "document.addEventListener('securitypolicyviolation', "
        "(event) => console.error('CSP ' + event.violatedDirective + ' ' + event.blockedURI));"
    )
    refused = "Failed to load resource: the server responded with a status of 4"
    context.on(
        "console",
        lambda line: (
            faults.append(line.text)
            if line.type in {"error", "warning"} and not line.text.startswith(refused)
            else None
        ),
    )
    context.on("weberror", lambda fault: faults.append(str(fault.error)))
    context.on("request", lambda asked: None if asked.url.startswith(base) else faults.append(asked.url))
    yield context
    context.close()
    assert faults == []


def show(page: Page, address: str) -> None:
    """Open a page of the desk and wait until it is drawn."""
    page.goto(address)
    if "/board?" in address:
        ready(page)


def ready(page: Page) -> None:
    """Wait until the board is drawn."""
    page.wait_for_selector("body[data-ready=yes]")


def assert_accessible(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [f"{fault['id']}: {node['html']}" for fault in found for node in fault["nodes"]] == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def ask_to_plan(page: Page, seconds: str) -> None:
    page.locator("#replan [name=seconds]").fill(seconds)
    page.locator("#replan button").click()


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("规划当天", "规划已取消", "原方案不受影响", "查看变动并发布", "发布", "现行：第 1 号方案", "重排")),
        (
            "en",
            (
                "Plan the day",
                "Planning was cancelled",
                "The old plan stands",
                "What changes, and publish",
                "Publish",
                "Plan 1 is in force",
                "Re-plan",
            ),
        ),
    ],
)
def test_a_day_is_planned_cancelled_planned_again_and_published(
    browser: Browser, address: str, lang: str, words: tuple[str, ...]
) -> None:
    first, cancelled, stands, changes, publish, in_force, again = words
    with opened(browser, address) as own, opened(browser, address) as other:
        page, colleague = own.new_page(), other.new_page()
        show(page, f"{address}/?lang={lang}")
        if lang == "en":
            page.get_by_role("button", name="EN", exact=True).click()
        show(page, address + BOARD)
        expect(page.locator("#replan button")).to_have_text(first)
        ask_to_plan(page, "600")
        expect(page.locator("#job-progress")).to_be_visible(timeout=PATIENCE_MS)
        show(colleague, address + BOARD)
        expect(colleague.locator("#job")).to_be_visible()
        expect(page.locator("#job-lines")).to_contain_text("¥", timeout=PATIENCE_MS)
        assert_accessible(page)
        page.locator("#job-cancel button").click()
        expect(page.locator("#job-title")).to_have_text(cancelled, timeout=PATIENCE_MS)
        expect(page.locator("#job-lines")).to_contain_text(stands)
        ready(page)
        ask_to_plan(page, "4")
        expect(page.locator(".live-draft")).to_be_visible(timeout=PATIENCE_MS)
        ready(page)
        n_visits = page.locator(".visit").count()  # a search without time on a busy machine may leave tickets out
        page.get_by_role("link", name=changes).click()
        expect(page.locator(".changed-added li")).to_have_count(n_visits)
        assert_accessible(page)
        page.get_by_role("button", name=publish, exact=True).click()
        ready(page)
        expect(page.locator(".live-text")).to_contain_text(in_force)
        expect(page.locator("#replan button")).to_have_text(again)
        expect(colleague.locator("#moved-on, .live-in_force").first).to_be_visible(timeout=PATIENCE_MS)


@pytest.fixture
def planned(store: Store) -> Store:
    """Plan the day; the second engineer's level is too low for any ticket."""
    with store.writing() as unit:
        edit_record(unit, Engineer, "E2", version=1, changes={"skills": {"空调": 1}}, by="d", now=NOW)
    plan(store, "P1", now="07:20")
    return store


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desktop", "phone"])
def test_a_visit_is_moved_by_the_keyboard_refused_with_the_clause_and_then_moved_legally(
    browser: Browser, planned: Store, address: str, size: dict[str, int]
) -> None:
    with opened(browser, address, size) as own:
        page = own.new_page()
        show(page, f"{address}{BOARD}#ticket=T5")
        expect(page.locator("#desk-move")).to_be_visible()
        assert_accessible(page)
        page.keyboard.press("m")
        page.get_by_label("改派给").select_option("E2-mon")
        page.get_by_role("button", name="查看最佳位置").press("Enter")
        expect(page.locator("#look")).to_contain_text("名字E2不能在此接单")
        expect(page.locator(".broken")).to_contain_text("空调")
        expect(page.get_by_role("button", name="确认改派")).to_have_count(0)
        assert_accessible(page)
        page.get_by_label("改派给").select_option("E1-mon")
        page.get_by_role("button", name="查看最佳位置").press("Enter")
        expect(page.locator("#look")).to_contain_text("名字E1可以接")
        page.locator(".places .gap a").first.press("Enter")
        expect(page.locator("#look dd").nth(1)).to_have_text(re.compile(r"[+−] ¥ \d"))
        page.get_by_role("button", name="确认改派").press("Enter")
        ready(page)
        expect(page.locator(".live-text")).to_contain_text("手工调整，尚未发布")
        assert page.evaluate("location.hash") == "#ticket=T5"


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desktop", "phone"])
def test_a_visit_is_unpinned_and_taken_out_by_the_keyboard(
    browser: Browser, planned: Store, address: str, size: dict[str, int]
) -> None:
    with planned.writing() as unit:
        move = look_at_move(unit, "P1", "T5", "E1-mon", place=0, now=NOW)
        keep_by_hand(unit, move.judged(), revision_id="P2", made_by="dispatcher", at=NOW)
    with opened(browser, address, size) as own:
        page = own.new_page()
        show(page, f"{address}{BOARD}#ticket=T5")
        expect(page.locator(".pinned")).to_contain_text("已手动锁定")
        assert_accessible(page)
        page.keyboard.press("u")
        expect(page.locator("#look dd").first).to_have_text("+ ¥ 0.00")
        assert_accessible(page)
        page.get_by_role("button", name="确认取消锁定").press("Enter")
        ready(page)
        expect(page.locator("#desk-take-out")).to_be_visible()
        expect(page.locator("#desk-unpin")).to_have_count(0)
        page.keyboard.press("x")
        expect(page.locator("#look dd").first).to_have_text(re.compile(r"[+−] ¥ \d"))
        assert_accessible(page)
        page.get_by_role("button", name="确认移出").press("Enter")
        ready(page)
        expect(page.locator("#desk-take-out")).to_have_count(0)
        expect(page.locator("#desk-move")).to_contain_text("派给工程师")
        expect(page.locator("#pane")).to_contain_text("由人手动移出方案")


def test_of_two_dispatchers_who_publish_at_once_one_wins_and_the_other_reads_why(
    browser: Browser, store: Store, address: str
) -> None:
    plan(store, "P1", now="07:20")
    plan(store, "P2", now="07:21")
    with opened(browser, address) as own, opened(browser, address) as other:
        page, colleague = own.new_page(), other.new_page()
        show(page, f"{address}/board/changes/P1?region=hz&day=2026-11-23")
        show(colleague, f"{address}/board/changes/P2?region=hz&day=2026-11-23")
        colleague.get_by_role("button", name="发布", exact=True).click()
        ready(colleague)
        page.get_by_role("button", name="发布", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("调度员已于 07:3")
        expect(page.get_by_role("alert")).to_contain_text("您的方案已保留，没有丢失")
        assert_accessible(page)
        page.get_by_role("alert").get_by_label("秒数").fill("1")
        page.get_by_role("alert").get_by_role("button", name="重排").click()
        expect(page.locator(".live-draft")).to_be_visible(timeout=PATIENCE_MS)


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desktop", "phone"])
def test_a_ticket_is_taken_in_stands_on_the_board_and_its_pin_is_put_where_it_belongs(
    browser: Browser, store: Store, address: str, size: dict[str, int]
) -> None:
    with opened(browser, address, size) as own:
        page = own.new_page()
        show(page, address + BOARD)
        page.get_by_role("link", name="新建工单").click()
        page.get_by_role("button", name="登记").click()
        expect(page.get_by_role("alert").locator("li")).to_have_count(3)
        expect(page.locator("#fault-customer")).to_have_text("请填写客户名称。")
        expect(page.locator("#fault-address")).to_contain_text("至少写明区县")
        expect(page.locator("#fault-fault")).to_have_text("请简单描述故障。")
        assert_accessible(page)
        page.get_by_label("特急").check()
        page.get_by_label("地址").fill("余杭区文一西路 969 号")
        page.get_by_label("客户").fill("李雷")
        page.get_by_label("故障").fill("漏水")
        page.get_by_role("button", name="登记").click()
        ready(page)
        expect(page.locator(".told")).to_contain_text("李雷为新客户")
        expect(page.locator(".detail-name")).to_contain_text("WX20261123001")
        expect(page.locator("#pane .flag.warn")).to_have_text("位置大致")
        if size == WIDE:
            pin = page.locator(".pin-icon")
            before = page.get_by_label("纬度").input_value()
            box = pin.bounding_box()
            assert box
            page.mouse.move(box["x"] + 12, box["y"] + 12)
            page.mouse.down()
            page.mouse.move(box["x"] + 42, box["y"] - 18, steps=6)
            page.mouse.up()
            expect(page.get_by_label("纬度")).not_to_have_value(before)
        else:
            page.get_by_label("纬度").fill("30.28")
            page.get_by_label("经度").fill("120.01")
        page.get_by_role("button", name="保存位置").click()
        ready(page)
        expect(page.locator(".detail-name")).to_contain_text("WX20261123001")
        expect(page.locator(".pin-form")).to_have_count(0)
    with store.reading() as unit:
        point = unit.get(Ticket, "WX20261123001").point
    assert point is not None
    assert point.is_exact


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desktop", "phone"])
def test_every_page_of_the_desk_is_accessible_and_fits(
    browser: Browser, store: Store, address: str, lang: str, size: dict[str, int]
) -> None:
    plan(store, "P1", now="07:20")
    spot = f"region=hz&day=2026-11-23&lang={lang}"
    pages = ["/?", "/board?", "/board/changes/P1?", "/tickets/new?", "/tickets/T5?"]
    pages += ["/board/move?revision=P1&ticket=T5&shift=E1-mon&", "/board/visit/take-out?revision=P1&ticket=T5&"]
    with opened(browser, address, size) as own:
        page = own.new_page()
        for one in pages:
            show(page, f"{address}{one}{spot}")
            assert_accessible(page)
