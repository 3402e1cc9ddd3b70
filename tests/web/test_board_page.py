from __future__ import annotations

from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from dispatch.format.model import Reason, Request, Skipped
from tests.web.conftest import DESKTOP, PHONE, Open
from tests.web.worlds import LONG, NASTY, World, make_empty, make_large, make_monday, make_nasty

pytestmark = pytest.mark.browser

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])


def overflow_px(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def faults_of(page: Page) -> list[str]:
    return [
        f"{fault['id']}: {node['html']}" for fault in Axe().run(page).response["violations"] for node in fault["nodes"]
    ]


@LANGUAGES
@SIZES
def test_the_board_is_accessible_in_every_view(open_board: Open, lang: str, size: dict[str, int]) -> None:
    with open_board(*make_monday(), lang, size) as page:
        assert faults_of(page) == []
        page.locator(".visit, .card").first.click()
        if size == PHONE:
            page.locator(".stop-line[data-ticket]").first.click()
        expect(page.locator(".detail-name")).to_contain_text("TJ-0001")
        assert faults_of(page) == []
        page.keyboard.press("Escape")
        page.locator("[data-filter=unplanned]").click()
        assert faults_of(page) == []
        page.locator("#cost-bar").click()
        assert faults_of(page) == []


@pytest.mark.parametrize("make", [make_monday, make_nasty, make_empty], ids=["monday", "nasty", "empty"])
@pytest.mark.parametrize("with_request", [True, False], ids=["request", "plan-alone"])
@SIZES
def test_no_plan_makes_the_page_scroll_sideways(
    open_board: Open, make: object, with_request: bool, size: dict[str, int]
) -> None:
    plan, request = make()  # type: ignore[operator]
    asked: Request | None = request if with_request else None
    with open_board(plan, asked, size=size) as page:
        assert overflow_px(page) == 0
        for card in page.locator(".card").all():
            card.click()
        assert overflow_px(page) == 0
        for view in page.locator("#views button").all():
            if view.is_visible():
                view.click()
                assert overflow_px(page) == 0


@SIZES
def test_names_that_are_markup_stay_text_everywhere(open_board: Open, size: dict[str, int]) -> None:
    with open_board(*make_nasty(), size=size) as page:
        if size == PHONE:
            page.locator(".card").first.click()
            page.locator(".stop-line[data-ticket]").first.click()
        else:
            page.locator(".who").first.hover()
            expect(page.locator("#tip")).to_contain_text("<img")
            page.locator(".visit").first.click()
        expect(page.locator(".detail-name")).to_contain_text(NASTY)
        page.keyboard.press("Escape")
        page.locator("[data-filter=unplanned]").click()
        expect(page.locator("#schedule")).to_contain_text(LONG)
        page.locator("#query").fill("img")
        expect(page.locator("#results")).to_contain_text(NASTY)
        assert page.evaluate("document.body.dataset.owned") is None
        assert page.locator("img:not(.leaflet-container img)").count() == 0


def test_choosing_a_visit_shows_it_in_time_line_map_and_details(open_board: Open) -> None:
    with open_board(*make_monday()) as page:
        page.get_by_role("button", name="TJ-0001").click()
        expect(page.locator(".visit.selected")).to_have_attribute("data-ticket", "TJ-0001")
        expect(page.locator(".row.chosen")).to_have_count(1)
        expect(page.locator(".due")).to_have_count(1)
        expect(page.locator(".stop-sign.selected")).to_have_text("1")
        expect(page.locator("#pane")).to_contain_text("迟 20 分钟")
        expect(page.locator("#pane")).to_contain_text("¥ 366.67")
        assert page.evaluate("location.hash") == "#ticket=TJ-0001"
        page.keyboard.press("Escape")
        expect(page.locator(".visit.selected, .stop-sign")).to_have_count(0)


def test_choosing_an_engineer_numbers_the_route_on_the_map(open_board: Open) -> None:
    with open_board(*make_monday()) as page:
        page.locator(".who", has_text="王建国").click()
        expect(page.locator(".stop-sign:not(.home)")).to_have_text(["1", "2", "3"])
        expect(page.locator("#pane")).to_contain_text("高级")
        expect(page.locator(".route-list li")).to_have_count(6)


def test_a_stop_on_the_map_chooses_its_visit(open_board: Open) -> None:
    with open_board(*make_monday()) as page:
        page.locator(".who", has_text="王建国").click()
        page.locator(".stop-sign", has_text="2").click()
        expect(page.locator(".visit.selected")).to_have_attribute("data-ticket", "ZY-0002")
        expect(page.locator(".window")).to_have_count(1)


def test_the_address_brings_a_selection_back(open_board: Open) -> None:
    with open_board(*make_monday(), address="#ticket=YB-0007") as page:
        expect(page.locator(".visit.selected")).to_have_attribute("data-ticket", "YB-0007")
        expect(page.locator("#days button[aria-pressed=true]")).to_have_text("11-24 周二")


def test_days_can_be_shown_one_at_a_time_or_side_by_side(open_board: Open) -> None:
    with open_board(*make_monday()) as page:
        expect(page.locator(".visit")).to_have_count(3)
        page.locator("#days button", has_text="11-24").click()
        expect(page.locator(".visit")).to_have_count(1)
        expect(page.locator(".who")).to_have_count(1)
        page.locator("#days button", has_text="全部日期").click()
        expect(page.locator(".visit")).to_have_count(4)
        expect(page.locator(".day-name")).to_have_text(["11-23 周一", "11-24 周二"])


def test_filters_leave_the_late_or_the_unplanned(open_board: Open) -> None:
    with open_board(*make_monday()) as page:
        page.locator("[data-filter=late]").click()
        expect(page.locator(".who")).to_have_count(1)
        expect(page.locator(".visit:not(.dim)")).to_have_attribute("data-ticket", "TJ-0001")
        page.locator("[data-filter=unplanned]").click()
        expect(page.locator("#schedule .skipped-line b")).to_have_text(["JJ-0004", "YB-0005", "YB-0006", "ZY-0002"])
        expect(page.locator("#schedule")).to_contain_text("没有工程师会修")
        expect(page.locator("#schedule")).to_contain_text("差 25 分钟")


def test_search_finds_tickets_engineers_and_locations(open_board: Open) -> None:
    with open_board(*make_monday()) as page:
        page.keyboard.press("/")
        page.keyboard.type("yb-0007")
        page.keyboard.press("Enter")
        expect(page.locator(".visit.selected")).to_have_attribute("data-ticket", "YB-0007")
        page.locator("#query").fill("李")
        page.locator("#results .hit").click()
        expect(page.locator(".detail-name")).to_contain_text("李秀英")
        page.locator("#query").fill("station")
        expect(page.locator("#results .hit b")).to_have_text(["station"])
        page.locator("#query").fill("nobody")
        expect(page.locator("#results")).to_contain_text("没有找到")


def test_the_time_line_is_walked_with_the_arrow_keys(open_board: Open) -> None:
    with open_board(*make_monday()) as page:
        page.locator(".who").first.focus()
        page.keyboard.press("ArrowRight")
        expect(page.locator(".visit:focus")).to_have_attribute("data-ticket", "TJ-0001")
        page.keyboard.press("End")
        expect(page.locator(".visit:focus")).to_have_attribute("data-ticket", "YB-0003")
        page.keyboard.press("Enter")
        expect(page.locator(".detail-name")).to_contain_text("YB-0003")
        page.keyboard.press("ArrowDown")
        expect(page.locator(".who:focus")).to_contain_text("李秀英")
        assert page.locator("#schedule [tabindex='0']").count() == 1


def test_without_the_request_the_route_is_shown_and_what_is_missing_is_said(open_board: Open) -> None:
    plan, _ = make_monday()
    with open_board(plan, None) as page:
        expect(page.locator(".notice[role=note]")).to_contain_text("未提供请求文件")
        expect(page.locator(".visit")).to_have_count(3)
        expect(page.locator("#map")).to_contain_text("位置未知")
        expect(page.locator("[data-filter=late]")).to_be_disabled()


def test_district_boundaries_lie_under_points_in_hangzhou(open_board: Open) -> None:
    with open_board(*make_monday()) as page:
        expect(page.locator("path.district")).to_have_count(13)
        expect(page.locator(".leaflet-control-attribution")).to_have_text("区划边界：天地图")
    with open_board(*make_monday(), lang="en") as page:
        expect(page.locator(".district-name", has_text="Xihu")).to_have_count(1)


def test_a_phone_lists_engineers_and_opens_details_from_below(open_board: Open) -> None:
    with open_board(*make_monday(), size=PHONE) as page:
        expect(page.locator(".tl")).to_have_count(0)
        page.locator(".card", has_text="王建国").click()
        expect(page.locator(".stop-what").first).to_have_text("出发")
        page.locator(".stop-line", has_text="ZY-0002").click()
        expect(page.locator("#panel.sheet .detail-name")).to_contain_text("ZY-0002")
        page.locator(".close").click()
        expect(page.locator("#panel")).to_be_hidden()
        page.locator("[data-view=map]").click()
        expect(page.locator("#map")).to_be_visible()


def shown_within_ms(page: Page) -> float:
    return float(page.evaluate("performance.getEntriesByName('shown')[0].startTime"))


def test_two_engineers_of_a_crew_are_both_brought_out(open_board: Open) -> None:
    plan, request = make_monday()
    with open_board(replace(plan, routes=(*plan.routes, replace(plan.routes[0], engineer="li"))), request) as page:
        page.locator(".visit[data-ticket=TJ-0001]").first.click()
        expect(page.locator(".row.chosen")).to_have_count(2)
        expect(page.locator(".visit-card")).to_have_count(2)


def test_many_reasons_are_folded(open_board: Open) -> None:
    plan, request = make_monday()
    reasons = tuple(Reason("skill", f"原因 {number}", "wang") for number in range(200))
    with open_board(replace(plan, skipped=(Skipped("JJ-0004", "impossible", reasons),)), request) as page:
        expect(page.get_by_text("原因 3", exact=True)).to_be_visible()
        expect(page.get_by_text("原因 199", exact=True)).to_be_hidden()
        page.get_by_text("另有 196 条原因").click()
        expect(page.get_by_text("原因 199", exact=True)).to_be_visible()


def test_zooming_keeps_what_is_in_the_middle(open_board: Open) -> None:
    with open_board(*make_monday()) as page:
        middle = "document.querySelector('.tl').scrollLeft + (document.querySelector('.tl').clientWidth - 188) / 2"
        width = "document.querySelector('.row .lane').offsetWidth - 12"
        before = page.evaluate(f"({middle}) / ({width})")
        page.locator("#zoom-in").click()
        page.locator("#zoom-in").click()
        assert page.evaluate(f"({middle}) / ({width})") == pytest.approx(before, abs=0.03)
        page.locator("#zoom-fit").click()
        assert page.evaluate("document.querySelector('.tl').scrollLeft") == 0


def test_the_sheet_on_a_phone_takes_the_focus_and_gives_it_back(open_board: Open) -> None:
    with open_board(*make_monday(), size=PHONE) as page:
        page.locator(".card", has_text="王建国").click()
        page.locator(".stop-line", has_text="ZY-0002").click()
        expect(page.locator("#pane")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("#panel")).to_be_hidden()
        expect(page.locator(".stop-line[data-ticket='ZY-0002']")).to_be_focused()


@pytest.mark.slow
@SIZES
def test_a_region_is_shown_and_searched_fluently(open_board: Open, size: dict[str, int]) -> None:
    world: World = make_large()
    with open_board(*world, size=size) as page:
        assert page.locator(".who, .card").count() == 200
        assert shown_within_ms(page) < 5000  # two busy cores; about 1 s on a quiet machine
        took_ms = page.evaluate(
            """() => {
              const box = document.getElementById('query');
              const start = performance.now();
              for (const text of ['Y', 'YB', 'YB-1', 'YB-12']) {
                box.value = text;
                box.dispatchEvent(new Event('input'));
                document.getElementById('results').getBoundingClientRect();
              }
              return (performance.now() - start) / 4;
            }"""
        )
        assert took_ms < 150
        assert overflow_px(page) == 0
