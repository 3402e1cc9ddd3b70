"""A real browser of phone width: an urgent ticket reaches the engineer, who accepts, departs, arrives and finishes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from dispatch.bootstrap import make_travel, read_settings
from dispatch.domain.ticket import Ticket, TicketState
from dispatch.planning import Stop, solve
from dispatch.policies.tables.read import get_book
from dispatch.services.make_plan import plan_now
from dispatch.services.publish_plan import publish_plan
from dispatch.storage.store import Store
from tests.dispatch.services.desk import fill
from tests.web.conftest import DESKTOP, PHONE, serving
from web.service.app import make_service
from web.service.log import make_log
from web.who import HEADER

pytestmark = pytest.mark.browser

DAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
LIMIT_MS = 60_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Two engineers and four tickets, planned and published."""
    made = Store(f"sqlite:///{tmp_path / 'desk.db'}")
    made.migrate()
    fill(made)
    plan(made, "R1")
    yield made
    made.close()


@pytest.fixture
def app(store: Store) -> Flask:
    return make_service(store, secret_key="k" * 32, clock=lambda: NOW, log=make_log(io.StringIO()))


def plan(store: Store, revision_id: str) -> None:
    """Plan the day and publish it."""
    settings = read_settings({})
    plan_now(
        store,
        "hz",
        DAY,
        travel=make_travel(settings),
        book=get_book(settings.preset),
        clock=lambda: NOW,
        solve=lambda request: solve(request, stop=Stop(iterations=100), seed=0, threads=1),
        revision_id=revision_id,
        made_by="dispatcher",
    )
    with store.writing() as unit:
        publish_plan(unit, revision_id, by="dispatcher", at=NOW)


@contextmanager
def opened(
    browser: Browser,
    base: str,
    size: dict[str, int] = PHONE,
    lang: str = "zh",
    *,
    known: frozenset[str] = frozenset(),
    **options: Any,  # noqa: ANN401 - the browser's own
) -> Iterator[Page]:
    """Open the phone's page as nobody in particular; leaving fails on errors but known ones, and on foreign requests."""
    faults: list[str] = []
    if size == PHONE:
        options |= {"is_mobile": True, "has_touch": True}
    context = browser.new_context(viewport=size, reduced_motion="reduce", **options)
    context.set_default_timeout(LIMIT_MS)
    page = context.new_page()
    page.on("console", lambda line: faults.append(line.text) if line.type in {"error", "warning"} else None)
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.on("request", lambda asked: None if asked.url.startswith(base) else faults.append(asked.url))
    page.goto(f"{base}/my-day")
    page.locator(f".langs [value={lang}]").click()
    yield page
    context.close()
    assert [fault for fault in faults if fault not in known] == []


def be(page: Page, engineer_id: str) -> None:
    page.locator(f".people [value='engineer:{engineer_id}']").click()
    expect(page.locator("#day")).to_be_visible()


def engineer_of(store: Store, ticket_id: str) -> str:
    with store.reading() as unit:
        publication = unit.find_published("hz", DAY)
        assert publication is not None
        visits = unit.get_revision(publication.revision_id).visits
    return next(visit.engineer_id for visit in visits if visit.ticket_id == ticket_id)


def state_of(store: Store, ticket_id: str) -> TicketState:
    with store.reading() as unit:
        return unit.get(Ticket, ticket_id).state


def faults_in(page: Page) -> list[str]:
    """Return what axe finds against WCAG 2.2 and good practice."""
    return [f"{found['id']}: {found['help']}" for found in Axe().run(page).response["violations"]]


def take_in_urgent_ticket(app: Flask) -> str:
    """Take in a ticket by the service's API, as another program would."""
    answer = app.test_client().post(
        "/api/v1/tickets",
        headers={HEADER: "dispatcher", "Idempotency-Key": "call-1"},
        json={
            "region_id": "hz",
            "grade": "emergency",
            "product": "药品冷藏柜",
            "fault": "温度升到 15 度",
            "phone": "0571-00000120",
            "address": "杭州市上城区某路 9 号",
            "point": {"lat_deg": 30.25, "lon_deg": 120.16},
        },
    )
    assert answer.status_code == 201, answer.text
    return str(answer.get_json()["id"])


@pytest.mark.slow
def test_an_urgent_ticket_reaches_the_phone_and_is_worked_through(browser: Browser, app: Flask, store: Store) -> None:
    with serving(app) as base, opened(browser, base) as page:
        for engineer_id in ("E1", "E2"):  # both have looked at their day before the call comes in
            be(page, engineer_id)
            page.locator(".leave button").click()
        ticket_id = take_in_urgent_ticket(app)
        assert state_of(store, ticket_id) is TicketState.READY
        plan(store, "R2")
        assert state_of(store, ticket_id) is TicketState.DISPATCHED
        be(page, engineer_of(store, ticket_id))
        expect(page.locator(".notice")).to_contain_text("您的行程有变动")
        expect(page.locator(".notice")).to_contain_text("新增：")
        expect(page.locator(".notice .grade.emergency")).to_have_text("特急")
        assert faults_in(page) == []
        page.locator(".notice button").click()
        expect(page.locator(".notice")).to_have_count(0)
        card = page.locator(f"#{ticket_id}")
        if card.locator("details[open]").count() == 0:
            card.locator("summary").click()
        expect(card).to_contain_text("温度升到 15 度")
        expect(card.locator("a[href='tel:057100000120']")).to_be_visible()
        for button, state in (
            ("接单", TicketState.ACCEPTED),
            ("出发", TicketState.TRAVELLING),
            ("到达", TicketState.ON_SITE),
        ):
            card.locator("button.main").filter(has_text=button).click()
            expect(card.locator(".state")).to_be_visible()
            expect(card.locator("button.main")).not_to_have_text(button)
            page.wait_for_function("() => !localStorage['paidan.reports'] || localStorage['paidan.reports'] === '[]'")
            assert state_of(store, ticket_id) is state
        assert faults_in(page) == []
        card.get_by_label("已修复").check()
        card.locator("button.main").click()
        expect(page.locator(".over summary")).to_contain_text("已完成：1")
        assert state_of(store, ticket_id) is TicketState.FIXED


@pytest.mark.slow
def test_a_plan_that_is_published_while_the_page_is_open_shows_by_itself(
    browser: Browser, app: Flask, store: Store
) -> None:
    with serving(app) as base, opened(browser, base, lang="en") as page:
        ticket_id = take_in_urgent_ticket(app)
        plan(store, "R2")
        other = engineer_of(store, ticket_id)
        with store.reading() as unit:
            before = [visit for visit in unit.get_revision("R1").visits if visit.engineer_id == other]
        assert before  # else there is no day to look at
        be(page, other)
        page.evaluate("document.querySelector('#day').dataset.version = 'R1'")
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        page.wait_for_function("() => document.querySelector('#day').dataset.version === 'R2'")


def test_without_signal_reports_wait_and_are_sent_once_it_is_back(browser: Browser, app: Flask, store: Store) -> None:
    mine = engineer_of(store, "T1")
    lost = frozenset({"Failed to load resource: net::ERR_FAILED"})
    with serving(app) as base, opened(browser, base, known=lost) as page:
        be(page, mine)
        first = page.locator(".call.is-next")
        ticket_id = str(first.get_attribute("id"))
        page.route("**/my-day/report", lambda route: route.abort())
        first.locator("button.main").click()
        expect(page.locator("[data-waiting]")).to_be_visible()
        expect(first.locator("button.main")).to_have_text("出发")
        first.locator("button.main").click()
        assert state_of(store, ticket_id) is TicketState.DISPATCHED
        page.unroute("**/my-day/report")
        page.evaluate("window.dispatchEvent(new Event('online'))")
        expect(first.locator(".state")).to_contain_text("已出发")
        expect(page.locator("[data-waiting]")).to_be_hidden()
        assert state_of(store, ticket_id) is TicketState.TRAVELLING
    with store.reading() as unit:
        names = [event.name for event in unit.list_ticket_events([ticket_id]) if event.name.startswith("Visit")]
    assert names == ["VisitAccepted", "VisitDeparted"]


def test_what_waited_longer_than_the_session_is_sent_once_the_engineer_is_known_again(
    browser: Browser, app: Flask, store: Store
) -> None:
    mine = engineer_of(store, "T1")
    refused = "Failed to load resource: the server responded with a status of 400 (BAD REQUEST)"
    known = frozenset({"Failed to load resource: net::ERR_FAILED", refused})
    with serving(app) as base, opened(browser, base, known=known) as page:
        be(page, mine)
        first = page.locator(".call.is-next")
        ticket_id = str(first.get_attribute("id"))
        page.route("**/my-day/report", lambda route: route.abort())
        first.locator("button.main").click()
        expect(page.locator("[data-waiting]")).to_be_visible()
        page.context.clear_cookies()
        page.unroute("**/my-day/report")
        page.evaluate("window.dispatchEvent(new Event('online'))")
        expect(page.locator(".people")).to_be_visible()
        be(page, mine)
        expect(page.locator(f"#{ticket_id} .state")).to_contain_text("已接单")
        expect(page.locator("[data-waiting]")).to_be_hidden()
        assert state_of(store, ticket_id) is TicketState.ACCEPTED


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_without_scripts_the_same_buttons_work(browser: Browser, app: Flask, store: Store, lang: str) -> None:
    with serving(app) as base, opened(browser, base, lang=lang, java_script_enabled=False) as page:
        be(page, engineer_of(store, "T1"))
        first = page.locator(".call.is-next")
        ticket_id = str(first.get_attribute("id"))
        first.locator("button.main").click()
        expect(first.locator(".state")).to_contain_text("已接单" if lang == "zh" else "Accepted")
        assert state_of(store, ticket_id) is TicketState.ACCEPTED


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nothing_is_cut_off_targets_are_large_and_axe_finds_nothing(
    browser: Browser, app: Flask, store: Store, size: dict[str, int], lang: str
) -> None:
    with serving(app) as base, opened(browser, base, size, lang) as page:
        assert faults_in(page) == []
        be(page, engineer_of(store, "T1"))
        for summary in page.locator(".call details:not([open]) > summary").all():
            summary.click()
        assert faults_in(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        small = page.evaluate(
            "[...document.querySelectorAll('#day button, #day a, #day summary')].filter((one) => {"
            "const box = one.getBoundingClientRect(); return box.height > 0 && Math.min(box.height, box.width) < 44;"
            "}).map((one) => one.outerHTML)"
        )
        assert small == []
