from __future__ import annotations

import json
from typing import Any

from flask.testing import FlaskClient

from dispatch.domain.part import Depot
from dispatch.domain.plan import Revision, Visit
from dispatch.storage.store import Store
from tests.web.service.conftest import at

DAY = "2026-11-23"


def report(client: FlaskClient, step: str, **more: str | int) -> Any:  # noqa: ANN401 - werkzeug's answer
    body = {"engineer_id": "E1", "day": DAY, "step": step, "device_at": f"{DAY}T08:31:00+08:00", "key": step, **more}
    return client.post("/api/v1/tickets/T1/reports", json=body)


def test_an_engineer_reports_a_visit_from_accepting_to_finishing(client: FlaskClient) -> None:
    states = [report(client, step).get_json()["ticket"]["state"] for step in ("accept", "depart", "arrive")]
    assert states == ["accepted", "travelling", "on_site"]
    first, again = (
        report(client, "finish", outcome="waiting_for_parts"),
        report(client, "finish", outcome="waiting_for_parts"),
    )
    assert first.get_json() == again.get_json()
    (call,) = client.get(f"/api/v1/engineers/E1/day?day={DAY}").get_json()["calls"]
    assert (call["state"], call["next_step"], call["phone"], call["address"]) == (
        "waiting_for_parts",
        None,
        "13800000000",
        "文三路 1 号",
    )
    assert [entry["step"] for entry in call["reports"]] == ["accept", "depart", "arrive", "finish"]


def test_an_engineers_day_tells_the_breaks_too(client: FlaskClient, store: Store) -> None:
    assert client.get(f"/api/v1/engineers/E1/day?day={DAY}").get_json()["breaks"] == []
    pause = {"kind": "break", "begin": f"{DAY}T12:00:00+08:00", "leave": f"{DAY}T12:30:00+08:00"}
    plan = json.dumps(
        {"routes": [{"shift": "D1", "stops": [{"ticket": "T1"}, pause]}, {"shift": "D2", "stops": [pause]}]}
    )
    visit = Visit("T1", "E1", "D1", 0, at(9), at(9), at(10))
    with store.writing() as unit:
        unit.add_revision(Revision("R2", "hz", at(8).date(), 1, at(9), "dispatcher", "{}", plan, None, (visit,)))
        unit.publish("R2", at=at(9), by="dispatcher")
    told = client.get(f"/api/v1/engineers/E1/day?day={DAY}").get_json()
    assert told["breaks"] == [{"begin_at": f"{DAY}T04:00:00Z", "leave_at": f"{DAY}T04:30:00Z"}]
    assert [call["ticket_id"] for call in told["calls"]] == ["T1"]


def test_an_engineers_day_tells_the_pick_ups_and_what_is_brought(client: FlaskClient, store: Store) -> None:
    fetch = {
        "kind": "pickup",
        "depot": "CK1",
        "parts": {"KT-101": 2},
        "tools": ["真空泵"],
        "begin": f"{DAY}T08:30:00+08:00",
        "leave": f"{DAY}T08:40:00+08:00",
    }
    stops = [fetch, {"ticket": "T1", "parts": {"KT-101": 2}, "tools": ["真空泵"]}]
    plan = json.dumps({"routes": [{"shift": "D1", "stops": stops}, {"shift": "D2", "stops": [fetch]}]})
    visit = Visit("T1", "E1", "D1", 0, at(9), at(9), at(10))
    with store.writing() as unit:
        unit.save(Depot("CK1", "hz", "城北备件库", "石祥路 1 号"))
        unit.add_revision(Revision("R2", "hz", at(8).date(), 1, at(9), "dispatcher", "{}", plan, None, (visit,)))
        unit.publish("R2", at=at(9), by="dispatcher")
    told = client.get(f"/api/v1/engineers/E1/day?day={DAY}").get_json()
    assert told["pickups"] == [
        {
            "depot_id": "CK1",
            "name": "城北备件库",
            "address": "石祥路 1 号",
            "point": None,
            "begin_at": f"{DAY}T00:30:00Z",
            "leave_at": f"{DAY}T00:40:00Z",
            "parts": {"KT-101": 2},
            "tools": ["真空泵"],
        }
    ]
    assert (told["calls"][0]["parts"], told["calls"][0]["tools"]) == ({"KT-101": 2}, ["真空泵"])


def test_which_visit_to_a_ticket_it_is_can_be_named_and_another_one_is_refused(client: FlaskClient) -> None:
    (call,) = client.get(f"/api/v1/engineers/E1/day?day={DAY}").get_json()["calls"]
    assert call["visit_number"] == 1
    assert report(client, "accept", visit_number=1).get_json()["report"]["visit_number"] == 1
    refused = report(client, "depart", visit_number=2)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "illegal_step")
    assert report(client, "depart", visit_number=0).status_code == 422


def test_a_step_out_of_turn_is_refused_by_name(client: FlaskClient) -> None:
    answer = report(client, "arrive")
    assert (answer.status_code, answer.get_json()["code"]) == (409, "illegal_step")
    assert "接单" in answer.get_json()["message"]


def test_a_plan_is_listed_exported_and_published_once(client: FlaskClient, store: Store) -> None:
    visit = Visit("T2", "E1", "D1", 0, at(9), at(9), at(10))
    with store.writing() as unit:
        unit.add_revision(
            Revision("R2", "hz", at(8).date(), 1, at(9), "dispatcher", '{"a": 1}', '{"b": 2}', None, (visit,))
        )
    listed = client.get(f"/api/v1/revisions?region_id=hz&day={DAY}").get_json()["items"]
    assert [(line["id"], line["number"]) for line in listed] == [("R2", None), ("R1", 1)]
    documents = client.get("/api/v1/revisions/R2/documents").get_json()
    assert (documents["request"], documents["plan"]) == ('{"a": 1}', '{"b": 2}')
    published = client.post("/api/v1/revisions/R2/publication")
    assert (published.status_code, published.get_json()) == (
        201,
        {"revision_id": "R2", "number": 2, "dispatched": ["T2"], "taken_back": ["T1"]},
    )
    again = client.post("/api/v1/revisions/R2/publication")
    assert (again.status_code, again.get_json()["code"]) == (409, "plan_overtaken")
    assert again.get_json()["details"] == {"base_number": 1, "current_number": 2}
    assert client.get("/api/v1/revisions/R2").get_json()["number"] == 2
    assert client.get("/api/v1/revisions/R9").status_code == 404


def test_a_day_is_asked_to_be_planned_watched_and_cancelled(client: FlaskClient) -> None:
    body = {"region_id": "hz", "day": DAY, "seconds": 5}
    made = client.post("/api/v1/planning-jobs", json=body, headers={"Idempotency-Key": "k"})
    again = client.post("/api/v1/planning-jobs", json=body, headers={"Idempotency-Key": "k"})
    assert (made.status_code, again.get_json()) == (201, made.get_json())
    job = made.get_json()
    assert (job["state"], job["best_cny"]) == ("queued", None)
    assert [item["id"] for item in client.get(f"/api/v1/planning-jobs?region_id=hz&day={DAY}").get_json()["items"]] == [
        job["id"]
    ]
    assert client.post(f"/api/v1/planning-jobs/{job['id']}/cancellation").get_json()["state"] == "cancelled"
    assert client.get(f"/api/v1/planning-jobs/{job['id']}").get_json()["ended_at"] == "2026-11-23T00:30:00Z"
    assert client.get(f"/api/v1/planning-jobs?region_id=xx&day={DAY}").status_code == 404
    assert client.post("/api/v1/planning-jobs", json=body | {"seconds": 0}).get_json()["pointer"] == "/seconds"
