"""Ways on the map: which legs are asked for, what is sent, and what a browser draws of it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dispatch.domain.errors import TravelUnavailable
from dispatch.travel.travel_times import Points
from dispatch.travel.ways import Drawn
from tests.web.conftest import DESKTOP, PHONE, Open
from tests.web.worlds import make_monday
from web.app import make_app
from web.board.ways import list_legs

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
CREDIT = {"zh": "道路：© OpenStreetMap 贡献者（ODbL）", "en": "Roads: © OpenStreetMap contributors (ODbL)"}


class Detours:
    """Knows every way but those that go west: over one more point, north of the middle."""

    name = "detours"

    def __init__(self, trouble: TravelUnavailable | None = None) -> None:
        self.trouble = trouble

    def find_ways(self, origins: Points, destinations: Points) -> Drawn:
        """Draw a corner for each leg that is known."""
        legs = zip(origins.lat_deg, origins.lon_deg, destinations.lat_deg, destinations.lon_deg, strict=True)
        lines = [
            None
            if lon_b < lon_a
            else Points([lat_a, (lat_a + lat_b) / 2 + 0.01, lat_b], [lon_a, (lon_a + lon_b) / 2, lon_b])
            for lat_a, lon_a, lat_b, lon_b in legs
        ]
        return Drawn(tuple(lines), self.trouble)


def test_each_leg_is_asked_for_once_and_none_to_a_place_of_which_only_the_area_is_known() -> None:
    board: dict[str, Any] = {
        "locations": {"a": [30.0, 120.0], "b": [30.1, 120.1], "c": [30.2, 120.2], "r": [30.3, 120.3]},
        "tickets": {"T1": {"location": "r", "approximate": True}, "T2": {"location": "b", "approximate": False}},
        "routes": [
            {"stops": [{"location": name} for name in route]} for route in ("abbc", "abrc", ["a", "unknown", "b"])
        ],
    }
    assert list_legs(board) == [("a", "b"), ("b", "c")]


def test_the_ways_of_all_routes_are_sent_with_what_is_missing_left_out() -> None:
    client = make_app(*make_monday(), ways=Detours()).test_client()
    assert "data-ways=" in client.get("/").text
    answer = client.get("/ways.json").get_json()
    places = client.get("/board.json").get_json()["locations"]
    assert answer["trouble"] == ""
    assert answer["ways"]
    for from_, to, line in answer["ways"]:
        assert len(line) == 3
        assert (line[0], line[-1]) == (places[from_], places[to])
        assert line[-1][1] >= line[0][1]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_why_ways_are_missing_is_said_in_the_readers_language(lang: str) -> None:
    ways = Detours(TravelUnavailable("is not there", "无法连接"))
    told = make_app(*make_monday(), ways=ways).test_client().get(f"/ways.json?lang={lang}").get_json()["trouble"]
    assert {"zh": "路线暂画直线", "en": "Ways are drawn straight"}[lang] in told
    assert {"zh": "无法连接", "en": "is not there"}[lang] in told


def test_where_nobody_knows_ways_the_page_asks_for_none() -> None:
    client = make_app(*make_monday()).test_client()
    assert "data-ways" not in client.get("/").text
    assert client.get("/ways.json").get_json() == {"ways": [], "trouble": ""}


def lines_of(page: Page) -> list[tuple[int, bool]]:
    """Return how many points each part of a route has on the map, and whether it is dashed."""
    found = page.evaluate(
        """() => {
          const lines = [];
          window.shownMap.eachLayer((layer) => {
            if (!(layer instanceof L.Polyline) || layer instanceof L.Polygon) return;
            const parts = layer.getLatLngs();
            for (const part of Array.isArray(parts[0]) ? parts : [parts]) {
              lines.push([part.length, Boolean(layer.options.dashArray)]);
            }
          });
          return lines;
        }"""
    )
    return [(int(count), bool(dashed)) for count, dashed in found]


KEEP_MAP = "document.addEventListener('board:map', (event) => { window.shownMap = event.detail.map; })"


@pytest.mark.browser
@SIZES
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_routes_follow_known_ways_and_other_legs_are_straight_and_dashed(
    open_board: Open, lang: str, size: dict[str, int]
) -> None:
    with open_board(*make_monday(), lang, size, ways=Detours()) as page:
        page.add_init_script(KEEP_MAP)
        page.reload()
        if size == PHONE:
            page.locator("#views [data-view=map]").click()
        page.wait_for_selector("#map[data-ways=shown]", timeout=120_000)
        lines = lines_of(page)
        assert (3, False) in lines
        assert (2, True) in lines
        assert not {(3, True), (2, False)} & set(lines)
        expect(page.locator(".leaflet-control-attribution")).to_contain_text(CREDIT[lang])
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


@pytest.mark.browser
def test_without_ways_routes_are_straight_as_ever_and_nobody_is_credited_for_roads(open_board: Open) -> None:
    with open_board(*make_monday()) as page:
        page.add_init_script(KEEP_MAP)
        page.reload()
        page.wait_for_selector("body[data-ready=yes]", timeout=120_000)
        assert set(lines_of(page)) == {(2, False)}
        expect(page.locator(".leaflet-control-attribution")).not_to_contain_text("OpenStreetMap")
