from __future__ import annotations

import io
import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.domain.errors import StorageUnavailable
from dispatch.storage.store import Store
from tests.web.service.conftest import NOW, send, token
from web.service.app import make_service

ADDRESSES = ["/", "/healthz", "/static/service/layout.css", "/nowhere", "/api/v1/nowhere"]


def test_it_says_that_it_is_up_when_its_database_answers(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ok"})


def test_it_says_why_it_is_not_up(tmp_path_factory: pytest.TempPathFactory) -> None:
    empty = Store(f"sqlite:///{tmp_path_factory.mktemp('empty') / 'desk.db'}")
    answer = (
        make_service(empty, secret_key="k" * 32).test_client().get("/healthz", headers={"Accept": "application/json"})
    )
    assert (answer.status_code, answer.get_json()["code"]) == (503, "storage_out_of_step")
    empty.close()


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_carries_the_security_headers(client: FlaskClient, address: str) -> None:
    headers = client.get(address, buffered=True).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "192.168.1.5:8000", "[::2]"])
def test_a_foreign_host_header_gets_nothing(client: FlaskClient, host: str, address: str) -> None:
    answer = client.get(address, headers={"Host": host, "Accept": "application/json"})
    assert (answer.status_code, answer.get_json()["code"]) == (400, "foreign_host")


def test_a_clock_that_is_not_the_worlds_is_told_on_every_page(store: Store, client: FlaskClient) -> None:
    drill = make_service(store, secret_key="k" * 32, clock=lambda: NOW, drill=True).test_client()
    assert "这里的时钟是 2026-11-23 08:30" in drill.get("/").text
    assert "The clock here says 2026-11-23 08:30" in drill.get("/?lang=en").text
    assert "时钟" not in client.get("/").text


def test_a_form_without_the_pages_token_is_refused(client: FlaskClient) -> None:
    for fields in ({}, {"csrf_token": "made-up"}):
        answer = client.post("/who", data={"who": "manager", **fields})
        assert answer.status_code == 400
        assert "表单不是从本页面提交的" in answer.text
    assert send(client, "/who", who="manager").status_code == 303


def test_another_sites_page_cannot_send_anything(client: FlaskClient) -> None:
    key = token(client)
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = client.post("/who", data={"csrf_token": key, "who": "manager"}, headers=headers)
        assert answer.status_code == 403
    own = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/who", data={"csrf_token": key, "who": "manager"}, headers=own).status_code == 303


def test_nothing_changes_by_looking(app: Flask, client: FlaskClient) -> None:
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("choices."):
            assert client.get(rule.rule).status_code == 405
            assert "POST" in client.get(rule.rule).headers["Allow"]


def test_a_body_that_is_too_large_is_refused_before_it_is_read(client: FlaskClient) -> None:
    answer = client.post("/who", data={"who": "x" * (1 << 20)}, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()["code"]) == (413, "too_large")


def test_a_page_knows_regions_day_and_who_is_looking(client: FlaskClient) -> None:
    page = client.get("/").text
    assert '<option value="hz" selected>杭州</option>' in page
    assert 'value="2026-11-23"' in page
    assert NOW.isoformat().startswith("2026-11-23T00:30")
    assert send(client, "/who", who="engineer:E1", back="/?day=2026-11-24").headers["Location"] == "/?day=2026-11-24"
    assert '<option value="engineer:E1" selected>张伟</option>' in client.get("/").text
    assert 'value="2026-11-24"' in client.get("/?region=nb&day=2026-11-24").text


@pytest.mark.parametrize("back", ["https://evil.example", "//evil.example", "/\\evil.example", "", "/\nX: y"])
def test_a_form_leads_back_to_this_service_alone(client: FlaskClient, back: str) -> None:
    assert send(client, "/who", who="manager", back=back).headers["Location"] == "/"


def test_the_language_is_kept_once_picked_and_an_address_may_ask_for_another(client: FlaskClient) -> None:
    assert '<html lang="zh-CN">' in client.get("/").text
    assert send(client, "/language", lang="en").status_code == 303
    assert '<html lang="en">' in client.get("/").text
    assert '<html lang="zh-CN">' in client.get("/?lang=zh").text
    assert send(client, "/language", lang="fr").status_code == 422


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/nowhere", 404, "没有这个页面"),
        ("/?region=xx", 404, "找不到 Region xx"),
        ("/?day=tomorrow", 422, "日期 的值不可能：应形如 2026-11-23"),
    ],
)
def test_a_page_says_what_is_wrong_to_people_and_to_programs(
    client: FlaskClient, address: str, status: int, sentence: str
) -> None:
    page = client.get(address)
    assert (page.status_code, page.mimetype) == (status, "text/html")
    assert sentence in page.text
    told = client.get(address, headers={"Accept": "application/json"}).get_json()
    assert set(told) == {"code", "message", "hint", "pointer", "faults", "details"}
    assert sentence in told["message"]
    assert told["faults"] == [{key: told[key] for key in ("code", "message", "hint", "pointer")}]


def test_pages_ask_no_other_host_and_hold_no_inline_code(client: FlaskClient) -> None:
    for address in ("/", "/nowhere"):
        page = client.get(address).text
        assert all(link.startswith("/") for link in re.findall(r'(?:src|href)="([^"]*)"', page) if link != "#content")
        assert "style=" not in page
        assert not re.search(r"\son\w+=", page)
        assert all("src=" in script for script in re.findall(r"<script([^>]*)>", page))


def test_the_log_holds_ids_and_no_person(client: FlaskClient, log: io.StringIO) -> None:
    answer = client.get("/?region=hz&name=王芳")
    (event,) = [json.loads(line) for line in log.getvalue().splitlines()]
    assert event["event"] == "request.answered"
    assert event["request_id"] == answer.headers["Request-Id"]
    assert (event["endpoint"], event["status"]) == ("home.page", 200)
    assert "王芳" not in log.getvalue()
    assert "张伟" not in log.getvalue()


def test_a_fault_of_the_program_is_logged_without_what_it_says_and_told_without_where(
    app: Flask, client: FlaskClient, log: io.StringIO
) -> None:
    def fail() -> str:
        raise RuntimeError("王芳 13800000000")

    app.view_functions["home.page"] = fail
    answer = client.get("/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()["code"]) == (500, "internal")
    failed = json.loads(log.getvalue().splitlines()[0])
    assert (failed["event"], failed["error"]) == ("request.failed", "RuntimeError")
    assert "fail" in failed["where"][-1]
    assert "13800000000" not in log.getvalue() + answer.text


def test_a_database_that_is_gone_is_told_with_what_to_do(app: Flask, client: FlaskClient) -> None:
    def fail() -> str:
        raise StorageUnavailable("busy")

    app.view_functions["home.page"] = fail
    answer = client.get("/")
    assert answer.status_code == 503
    assert StorageUnavailable("busy").say("zh") in answer.text


def test_answers_with_people_in_them_stay_in_no_cache(client: FlaskClient) -> None:
    assert client.get("/").headers["Cache-Control"] == "no-store"


def test_the_maps_boundaries_may_stay_in_a_cache_like_other_static_files(client: FlaskClient) -> None:
    with client.get("/static/map/hangzhou.geojson") as drawn, client.get("/static/board/map.js") as script:
        assert drawn.get_json(force=True)["type"] == "FeatureCollection"
        assert script.text
    assert drawn.headers["Cache-Control"] == script.headers["Cache-Control"]


def test_the_session_is_for_this_service_alone(client: FlaskClient) -> None:
    cookie = send(client, "/who", who="manager").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


@pytest.mark.parametrize("origin", ["http://[", "null", "", "http://localhost:9/", "nonsense"])
def test_an_origin_that_is_not_this_page_is_refused_whatever_it_says(client: FlaskClient, origin: str) -> None:
    fields = {"csrf_token": token(client), "lang": "en"}
    answer = client.post("/language", data=fields, headers={"Origin": origin, "Accept": "application/json"})
    assert (answer.status_code, answer.get_json()["code"]) == (403, "foreign_origin")
