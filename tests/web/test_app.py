from __future__ import annotations

import gzip
import hashlib
import json
import re
import socket
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from string import Formatter
from typing import cast

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

from dispatch.format.model import BrokenPin, Location, Reason, Skipped
from dispatch.planning.retell import SENTENCES
from dispatch.rulebook.line import Sentence
from tests.builders import plan, request, route, stop
from tests.web.worlds import LONG, NASTY, make_empty, make_large, make_monday, make_nasty
from web.app import make_app, serve
from web.board.pages import OTHER
from web.board.texts import make_texts
from web.serving import CannotServeError

WEB = Path(__file__).parents[2] / "web"
STATIC = WEB / "static"
BOUNDARIES = WEB.parent / "dispatch" / "places" / "boundaries"


@pytest.fixture
def client() -> FlaskClient:
    return make_app(*make_monday()).test_client()


def data(client: FlaskClient) -> dict[str, object]:
    return cast("dict[str, object]", client.get("/board.json").get_json())


@pytest.mark.parametrize("address", ["/", "/board.json", "/healthz", "/static/board/main.js", "/nowhere"])
def test_every_answer_carries_the_security_headers(client: FlaskClient, address: str) -> None:
    headers = client.get(address, buffered=True).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "localhost:8123", "127.0.0.1:1", "[::1]:8000", "[::1]"])
def test_it_answers_to_the_names_of_this_machine(client: FlaskClient, host: str) -> None:
    assert client.get("/board.json", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.evil.example", "192.168.1.5", "[::2]"],
)
@pytest.mark.parametrize("address", ["/", "/board.json", "/static/board/main.js", "/healthz"])
def test_a_foreign_host_header_gets_nothing(client: FlaskClient, host: str, address: str) -> None:
    answer = client.get(address, headers={"Host": host})
    assert answer.status_code == 400
    assert b"TJ-0001" not in answer.data


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_changed(client: FlaskClient, method: str) -> None:
    for address in ("/", "/board.json", "/healthz"):
        assert client.open(address, method=method.upper()).status_code == 405


def test_the_data_are_not_sent_again_when_they_have_not_changed(client: FlaskClient) -> None:
    first = client.get("/board.json")
    assert client.get("/board.json", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    other = make_app(*make_empty()).test_client()
    assert other.get("/board.json", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_the_data_are_packed_for_those_who_can_unpack(client: FlaskClient) -> None:
    plain = client.get("/board.json")
    packed = client.get("/board.json", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert "Content-Encoding" not in client.get("/board.json", headers={"Accept-Encoding": "gzip;q=0"}).headers


def test_a_region_packs_into_a_few_hundred_kilobytes() -> None:
    client = make_app(*make_large()).test_client()
    assert len(client.get("/board.json", headers={"Accept-Encoding": "gzip"}).data) < 300_000


def test_it_says_that_it_is_up(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}


def test_chinese_comes_first_and_english_by_a_switch(client: FlaskClient) -> None:
    assert "已排工单" in client.get("/").text
    assert '<html lang="zh-CN">' in client.get("/").text
    english = client.get("/?lang=en").text
    assert "Served" in english
    assert '<html lang="en">' in english
    assert client.get("/?lang=xx").text == client.get("/").text


def test_another_first_language_can_be_told() -> None:
    client = make_app(*make_monday(), lang="en").test_client()
    assert "Served" in client.get("/").text
    assert "已排工单" in client.get("/?lang=zh").text


def test_why_tickets_are_left_out_is_told_in_the_language_of_the_page() -> None:
    made, asked = make_monday()
    lacking = Reason("skill_missing", "E2 缺少技能：空调 2 级（现 1 级）", "E2")
    other = Reason("other", "路上堵车")
    pin = BrokenPin(asked.tickets[0].id, "skill_missing", "E2 缺少技能：空调 2 级（现 1 级）")
    left = Skipped(asked.tickets[0].id, "impossible", (lacking, other))
    client = make_app(replace(made, skipped=(left,), broken_pins=(pin,)), asked).test_client()
    english = "E2 lacks a skill: 空调 level 2 (has 1)"
    for lang, said in (("zh", lacking.text), ("en", english)):
        (address,) = re.findall(r'data-board="([^"]+)"', client.get(f"/?lang={lang}").text)
        told = client.get(address).get_json()
        assert [reason["text"] for reason in told["skipped"][0]["reasons"]] == [said, other.text]
        assert told["broken_pins"][0]["text"] == said
    etags = {client.get(f"/board.json?lang={lang}").headers["ETag"] for lang in ("zh", "en")}
    assert len(etags) == 2


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda sentence: sentence.code)
def test_every_sentence_in_another_language_is_noticed_by_its_own_words(sentence: Sentence) -> None:
    names = {name: "1" for _, name, _, _ in Formatter().parse(sentence.zh) if name}
    assert OTHER["en"].search(sentence.zh.format(**names))
    assert OTHER["zh"].search(sentence.en.format(**names))
    assert not OTHER["zh"].search(sentence.zh.format(**names))


def test_faults_are_told_in_the_language_of_the_page(client: FlaskClient) -> None:
    assert "没有这个页面" in client.get("/nowhere").text
    assert "There is no such page" in client.get("/nowhere?lang=en").text
    assert "看板只读" in client.post("/").text


def test_names_never_become_markup() -> None:
    page = make_app(*make_nasty()).test_client().get("/").text
    assert "<img" not in page
    assert NASTY not in page


def test_an_infeasible_plan_says_so(client: FlaskClient) -> None:
    assert "此计划不可行" in client.get("/").text
    assert "此计划不可行" not in make_app(*make_empty()).test_client().get("/").text


def test_without_the_request_the_page_says_what_is_missing() -> None:
    made, _ = make_monday()
    client = make_app(made, None).test_client()
    assert 'role="note"' in client.get("/").text
    board = data(client)
    assert board["has_request"] is False
    assert board["locations"] == {}
    assert [engineer["id"] for engineer in cast("list[dict[str, str]]", board["engineers"])] == ["wang"]
    assert cast("dict[str, object]", board["figures"])["late"] is None


def test_moments_are_seconds_since_the_first_midnight(client: FlaskClient) -> None:
    board = data(client)
    assert board["origin"] == "2026-11-23"
    assert board["days"] == [
        {"day": 0, "date": "2026-11-23", "weekday": 1},
        {"day": 1, "date": "2026-11-24", "weekday": 2},
    ]
    routes = cast("list[dict[str, list[dict[str, int]]]]", board["routes"])
    assert routes[0]["stops"][1]["begin"] == 9 * 3600 + 20 * 60
    assert routes[1]["stops"][1]["begin"] == 86400 + 9 * 3600


def test_what_is_picked_up_where_and_used_is_told_at_its_stop() -> None:
    made = plan(
        [
            route(
                [
                    stop("start", "home", "08:00", "08:00", "08:00"),
                    stop(
                        "pickup",
                        "station",
                        "08:10",
                        "08:10",
                        "08:15",
                        depot="store",
                        parts={"fan": 2},
                        tools=("ladder",),
                    ),
                    stop("visit", "lake", "08:30", "08:30", "09:30", ticket="t1", parts={"fan": 1}),
                ]
            )
        ]
    )
    routes = cast("list[dict[str, list[dict[str, object]]]]", data(make_app(made, None).test_client())["routes"])
    carried = [{key: one[key] for key in ("depot", "parts", "tools") if key in one} for one in routes[0]["stops"]]
    assert carried == [{}, {"depot": "store", "parts": {"fan": 2}, "tools": ["ladder"]}, {"parts": {"fan": 1}}]


def test_lateness_is_told_with_its_price(client: FlaskClient) -> None:
    routes = cast("list[dict[str, list[dict[str, float]]]]", data(client)["routes"])
    late, on_time = routes[0]["stops"][1], routes[0]["stops"][2]
    assert late["late_arrive_s"] == 1200
    assert late["late_cost"] == 366.67  # 300 at once and a third of an hour at 200
    assert "late_cost" not in on_time


def test_beginning_exactly_at_the_deadline_is_not_late() -> None:
    made, asked = make_monday()
    edge = made.routes[0].stops[1].begin
    for shift_s, late in ((0, 0), (-1, 1)):
        first = asked.tickets[0]
        assert first.arrive is not None
        deadline = replace(first.arrive, by=edge + timedelta(seconds=shift_s))
        changed = replace(asked, tickets=(replace(first, arrive=deadline), *asked.tickets[1:]))
        figures = cast("dict[str, int]", data(make_app(made, changed).test_client())["figures"])
        assert figures["late"] == late


def test_key_figures_count_tickets_and_add_up_routes(client: FlaskClient) -> None:
    figures = cast("dict[str, object]", data(client)["figures"])
    assert (figures["served"], figures["tickets"], figures["skipped"], figures["late"]) == (4, 7, 3, 1)
    assert (figures["engineers_used"], figures["engineers"]) == (1, 2)
    assert figures["overtime_s"] == 1800
    assert figures["cost"] == 1724.17


def test_boundaries_are_drawn_only_where_the_points_lie() -> None:
    made, asked = make_monday()
    assert data(make_app(made, asked).test_client())["boundaries"] == "hangzhou"
    far = request(locations=(Location("home", 48.1, 11.5), Location("lake", 48.2, 11.6)))
    assert data(make_app(plan(), far).test_client())["boundaries"] is None
    assert data(make_app(*make_empty()).test_client())["boundaries"] is None


def test_an_empty_plan_has_a_page() -> None:
    for asked in (make_empty()[1], None):
        client = make_app(plan(), asked).test_client()
        assert client.get("/").status_code == 200
        assert data(client)["days"] == []


def test_very_long_names_are_kept_whole_in_the_data() -> None:
    tickets = cast("dict[str, object]", data(make_app(*make_nasty()).test_client())["tickets"])
    assert LONG in tickets


@pytest.mark.parametrize("host", ["::", "192.168.1.5", "example.com", ""])
def test_serving_beyond_this_machine_is_refused_by_name(host: str) -> None:
    with pytest.raises(CannotServeError, match=rf"host: .*\({re.escape(host)}\), expected one of 127\.0\.0\.1"):
        serve(plan(), None, host=host)


def test_a_taken_port_is_told_with_what_to_do() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotServeError, match=rf"port: cannot listen \(127\.0\.0\.1:{port}: .*--port"):
            serve(plan(), None, port=port)


@pytest.mark.parametrize(
    ("folder", "foreign"), [(STATIC, "vendor/**/*.*"), (BOUNDARIES, "*.geojson")], ids=["static", "boundaries"]
)
def test_vendored_files_are_what_the_manifest_says(folder: Path, foreign: str) -> None:
    listed = json.loads((folder / "manifest.json").read_text("utf-8"))["files"]
    for entry in listed:
        assert set(entry) == {"path", "name", "version", "licence", "source", "sha256"}
        assert hashlib.sha256((folder / entry["path"]).read_bytes()).hexdigest() == entry["sha256"], entry["path"]
    licences = {"vendor/leaflet/LICENSE"} if folder == STATIC else set()
    assert {entry["path"] for entry in listed} == {
        path.relative_to(folder).as_posix() for path in folder.glob(foreign)
    } | licences


def test_pages_ask_no_other_host_and_hold_no_inline_code(client: FlaskClient) -> None:
    page = client.get("/").text
    links = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert links
    assert all(link.startswith(("/", "?", "#")) and not link.startswith("//") for link in links)
    assert "style=" not in page
    assert not re.search(r"\son\w+=", page)
    scripts = re.findall(r"<script([^>]*)>", page)
    assert all("src=" in script or 'type="application/json"' in script for script in scripts)


def by_id(messages: Catalog) -> dict[object, object]:
    found = {}
    for message in messages:
        if message.id:
            plural = isinstance(message.id, (list, tuple))
            found[tuple(message.id) if plural else message.id] = tuple(message.string) if plural else message.string
    return found


def catalogue(lang: str) -> dict[object, object]:
    with (WEB / "translations" / lang / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return by_id(read_po(file, locale=lang))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_text_has_both_languages(lang: str) -> None:
    methods = [("**.py", "python"), ("templates/**.html", "jinja2")]
    asked = {message for _, _, message, *_ in extract_from_dir(str(WEB), methods, {})}
    assert len(asked) > 100
    known = catalogue(lang)
    assert set(known) == asked
    for message, text in known.items():
        assert all(text) if isinstance(text, tuple) else text, message


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_translations_fill_the_same_holes(lang: str) -> None:
    for message, text in catalogue(lang).items():
        if isinstance(message, str):
            holes = r"\{\w+\}|%\(\w+\)."
            assert sorted(re.findall(holes, message)) == sorted(re.findall(holes, str(text))), message


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_compiled_catalogues_are_those_of_the_sources(lang: str) -> None:
    with (WEB / "translations" / lang / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        assert by_id(read_mo(file)) == catalogue(lang)


def test_scripts_say_only_texts_that_there_are_and_all_of_them() -> None:
    scripts = "\n".join(path.read_text("utf-8") for path in sorted((STATIC / "board").glob("*.js")))
    with make_app(plan(), None).test_request_context("/"):
        keys = set(make_texts())
    said = set(re.findall(r'"([a-z_]+(?:\.[a-z_0-9.]+)?)"', scripts)) & keys
    computed = re.findall(r"(?:say|count|knows)\(`([a-z]+)\.\$\{", scripts)
    assert set(re.findall(r'(?:say|count)\("([^"]+)"', scripts)) <= keys
    covered = {key for key in keys if key in said or key.split(".")[0] in computed or key.endswith(".one")}
    assert keys - covered == set()
