"""What the API refuses, and that it says so in the reader's language."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

WINDOW = {"from_at": "2026-11-23T09:00:00+08:00", "to_at": "2026-11-23T08:00:00+08:00"}


def faults_of(client: FlaskClient, path: str, body: object, lang: str = "zh") -> list[dict[str, Any]]:
    """Send what cannot be; return the faults that are told."""
    answer = client.post(f"/api/v1{path}", json=body, headers={"Accept-Language": lang})
    assert answer.status_code == 422, answer.text
    faults: list[dict[str, Any]] = answer.get_json()["faults"]
    return faults


def test_a_chinese_answer_has_no_english_sentence(client: FlaskClient) -> None:
    body = {
        "region_id": " hz",
        "reported_at": "2300-01-01T00:00:00+08:00",
        "grade": "huge",
        "state": 1,
        "product": 5,
        "fault": "\0",
        "duration_s": 1.5,
        "skills": {"": 9, "空调": "2"},
        "windows": {},
        "phone": True,
        "point": {"lat_deg": 91, "lon_deg": "x", "precision": "rough"},
        "release_at": "2026-11-23T08:00:00",
        "arrive_by_at": "soon",
        "resolve_by_at": 5,
        "extras": [],
    }
    faults = faults_of(client, "/tickets", body)
    assert len(faults) >= len(body)
    for fault in faults:
        assert not re.search(r"[a-z]{3,} [a-z]{2,}", fault["message"]), fault
        assert "不符合要求" not in fault["message"], fault
    (window,) = faults_of(client, "/tickets", {"region_id": "hz", "windows": [WINDOW]})
    assert re.search("应晚于|应不早于", window["message"]), window
    assert not re.search(r"[a-z]{3,} [a-z]{2,}", window["message"]), window
    said = faults_of(client, "/tickets", {"region_id": 5, "duration_s": "1"}, "en")
    assert "valid integer" in next(fault["message"] for fault in said if fault["pointer"] == "/duration_s")


def test_broken_json_is_told_by_line_and_column(client: FlaskClient) -> None:
    answer = client.post("/api/v1/tickets", data='{"region_id": }', content_type="application/json")
    assert answer.get_json()["message"] == "请求正文不是合法 JSON：第 1 行第 15 列无法解析"


@pytest.mark.parametrize("zone", ["localtime", "posixrules", "Factory", "posix/UTC", "right/UTC", "Mars", "../UTC", ""])
def test_a_zone_that_is_none_or_differs_by_machine_is_refused(client: FlaskClient, zone: str) -> None:
    (fault,) = faults_of(client, "/regions", {"id": "x", "name": "x", "zone": zone})
    assert (fault["pointer"], fault["message"]) == (
        "/zone",
        "zone 的值不可能：应为 IANA 时区名，如 Asia/Shanghai",
    )


@pytest.mark.parametrize("duration_s", [0, 86_401, 2**31 - 1])
def test_work_takes_a_second_to_a_day(client: FlaskClient, duration_s: int) -> None:
    (fault,) = faults_of(client, "/tickets", {"region_id": "hz", "duration_s": duration_s})
    assert (fault["pointer"], fault["message"]) == ("/duration_s", "duration_s 的值不可能：应为 1 至 86400 秒")


def test_work_of_a_second_and_of_a_day_is_taken(client: FlaskClient) -> None:
    for duration_s in (1, 86_400):
        body = {"region_id": "hz", "duration_s": duration_s}
        assert client.post("/api/v1/tickets", json=body).status_code == 201


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ('{"region_id": "hz", "region_id": "hz"}', "/region_id"),
        ('{"region_id": "hz", "skills": {"a": 1, "a": 2}}', "/skills/a"),
        ('{"region_id": "hz", "extras": {"a/b": "1", "a/b": "1"}}', "/extras/a~1b"),
    ],
)
def test_a_key_that_comes_twice_is_refused_where_it_stands(client: FlaskClient, body: str, pointer: str) -> None:
    answer = client.post("/api/v1/tickets", data=body, content_type="application/json")
    told = answer.get_json()
    assert (answer.status_code, told["code"], told["pointer"]) == (400, "duplicate_key", pointer)


@pytest.mark.parametrize("key", ["", " ", "x" * 201])
def test_an_idempotency_key_that_is_none_is_refused(client: FlaskClient, key: str) -> None:
    answer = client.post("/api/v1/tickets", json={"region_id": "hz"}, headers={"Idempotency-Key": key})
    assert (answer.status_code, answer.get_json()["pointer"]) == (422, "#Idempotency-Key")


@pytest.mark.parametrize("name", ["region_id", "site_id", "customer_id", "asset_id"])
def test_what_names_nothing_is_refused_by_its_place(client: FlaskClient, name: str) -> None:
    (fault,) = faults_of(client, "/tickets", {"region_id": "hz", name: "nowhere"})
    assert (fault["code"], fault["pointer"]) == ("unknown_reference", f"/{name}")
    assert fault["message"] == f"{name} 所指的 nowhere 不存在"


def test_an_edit_that_names_nothing_is_refused_by_its_place(client: FlaskClient) -> None:
    answer = client.patch("/api/v1/tickets/T1", json={"version": 1, "site_id": "nowhere"})
    assert (answer.status_code, answer.get_json()["pointer"]) == (422, "/site_id")
