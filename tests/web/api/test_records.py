from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from dispatch.storage.store import Store
from tests.web.service.conftest import at

WHEN = {"from_at": "2026-11-23T09:00:00+08:00", "to_at": "2026-11-23T11:00:00+08:00"}


def post(client: FlaskClient, path: str, body: object, **headers: str) -> Any:  # noqa: ANN401 - werkzeug's answer
    return client.post(
        f"/api/v1{path}", json=body, headers={name.replace("_", "-"): text for name, text in headers.items()}
    )


def test_a_ticket_is_taken_in_changed_listed_and_removed(client: FlaskClient) -> None:
    made = post(client, "/tickets", {"region_id": "hz", "grade": "urgent", "windows": [WHEN], "skills": {"空调": 2}})
    assert made.status_code == 201
    ticket = made.get_json()
    assert (ticket["id"], ticket["state"], ticket["version"]) == ("WX20261123001", "ready", 1)
    changed = client.patch(f"/api/v1/tickets/{ticket['id']}", json={"version": 1, "fault": "不制冷", "windows": []})
    assert (changed.status_code, changed.get_json()["fault"], changed.get_json()["windows"]) == (200, "不制冷", [])
    dragged = client.put(
        f"/api/v1/tickets/{ticket['id']}/point", json={"version": 2, "lat_deg": 30.2, "lon_deg": 120.1}
    )
    assert dragged.get_json()["point"] == {"lat_deg": 30.2, "lon_deg": 120.1, "precision": "exact", "found_by": "hand"}
    page = client.get("/api/v1/tickets?region_id=hz&limit=2").get_json()
    assert ([item["id"] for item in page["items"]], page["next"]) == (["T1", "T2"], "T2")
    last = client.get("/api/v1/tickets?region_id=hz&limit=2&after=T2").get_json()
    assert ([item["id"] for item in last["items"]], last["next"]) == (["WX20261123001"], None)
    assert client.delete(f"/api/v1/tickets/{ticket['id']}?version=3").status_code == 204
    assert client.get(f"/api/v1/tickets/{ticket['id']}").get_json()["code"] == "not_found"


def test_a_ticket_is_answered_when_it_is_taken_in_as_it_is_read_afterwards(client: FlaskClient) -> None:
    made = post(client, "/tickets", {"region_id": "hz", "grade": "urgent", "windows": [WHEN]}).get_json()
    assert made["arrive_by_at"].endswith("Z")
    assert made["windows"] == [{"from_at": "2026-11-23T01:00:00Z", "to_at": "2026-11-23T03:00:00Z"}]
    assert client.get(f"/api/v1/tickets/{made['id']}").get_json() == made


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/regions", {"id": "sx", "name": "绍兴"}),
        ("/customers", {"name": "李雷", "tier": "gold"}),
        ("/sites", {"customer_id": "C1", "region_id": "hz", "address": "体育场路 2 号"}),
        ("/engineers", {"region_id": "hz", "name": "赵六", "skills": {"空调": 4}, "certificates": [{"skill": "空调"}]}),
        (
            "/shifts",
            {
                "engineer_id": "E1",
                "region_id": "hz",
                "start_at": "2026-11-24T08:00:00+08:00",
                "end_at": "2026-11-24T17:00:00+08:00",
                "pauses": [WHEN | {"duration_s": 1800}],
            },
        ),
        ("/absences", {"engineer_id": "E1", **WHEN}),
        ("/parts", {"id": "KT-101", "name": "启动电容", "substitutes": ["KT-109"]}),
        (
            "/depots",
            {
                "region_id": "hz",
                "name": "城北备件库",
                "point": {"lat_deg": 30.33, "lon_deg": 120.16},
                "openings": [{"from_clock": "07:30:00", "to_clock": "12:00:00", "weekdays": [1, 2, 3, 4, 5]}],
                "stock": {"KT-101": 4},
                "deliveries": [{"part_id": "KT-101", "quantity": 2, "at": "2026-11-23T10:30:00+08:00"}],
                "tools": {"真空泵": 2},
            },
        ),
    ],
)
def test_every_kind_is_added_read_changed_and_removed(client: FlaskClient, path: str, body: dict[str, Any]) -> None:
    made = post(client, path, body)
    assert made.status_code == 201
    one = f"/api/v1{path}/{made.get_json()['id']}"
    assert client.get(one).get_json() == client.get(one).get_json() | {"version": 1}
    changed = client.patch(one, json={"version": 1})
    assert changed.get_json()["version"] == 2
    assert client.delete(f"{one}?version=1").status_code == 409
    assert client.delete(f"{one}?version=2").status_code == 204


def test_what_a_ticket_and_an_engineer_need_and_have_is_told_as_it_was_sent(client: FlaskClient) -> None:
    needs = {"parts": {"KT-101": 2}, "tools": ["真空泵"], "crew": 2}
    ticket = post(client, "/tickets", {"region_id": "hz", **needs}).get_json()
    assert {name: ticket[name] for name in needs} == needs
    has = {"van": {"KT-101": 1}, "tools": ["真空泵"]}
    engineer = client.patch("/api/v1/engineers/E1", json={"version": 1, **has}).get_json()
    assert {name: engineer[name] for name in has} == has


def test_what_no_depot_can_be_is_refused_where_it_stands(client: FlaskClient) -> None:
    wrong = {
        "region_id": "hz",
        "name": "城北",
        "openings": [{"from_clock": "12:00:00", "to_clock": "08:00:00"}],
        "stock": {"KT-101": -1},
        "deliveries": [{"part_id": "KT-101", "quantity": 0, "at": "2026-11-23T10:30:00+08:00"}],
    }
    told = post(client, "/depots", wrong, Accept_Language="en").get_json()
    assert [fault["pointer"] for fault in told["faults"]] == ["/openings/0", "/stock/KT-101", "/deliveries/0/quantity"]


def test_an_edit_that_met_another_says_what_differs(client: FlaskClient) -> None:
    client.patch("/api/v1/customers/C1", json={"version": 1, "name": "王小芳"})
    refused = client.patch("/api/v1/customers/C1", json={"version": 1, "name": "王大芳", "tier": "gold"})
    assert refused.status_code == 409
    told = refused.get_json()
    assert told["code"] == "stale_edit"
    assert told["details"] == {
        "version": 1,
        "stored_version": 2,
        "changes": [
            {"name": "name", "edited": "王大芳", "stored": "王小芳"},
            {"name": "tier", "edited": "gold", "stored": "silver"},
        ],
    }


def test_all_faults_are_told_at_once_with_pointers(client: FlaskClient) -> None:
    wrong = {
        "grade": "dire",
        "duration_s": "60",
        "point": {"lat_deg": 120.0, "lon_deg": 30.0},
        "windows": [WHEN, {"from_at": WHEN["to_at"], "to_at": WHEN["from_at"]}, {"from_at": "2026-11-23T09:00:00"}],
        "skills": {"a/b": 5},
        "colour": "red",
    }
    told = post(client, "/tickets", wrong, Accept_Language="en").get_json()
    assert [(fault["pointer"], fault["code"]) for fault in told["faults"]] == [
        ("/region_id", "missing_key"),
        ("/grade", "wrong_type"),
        ("/duration_s", "wrong_type"),
        ("/skills/a~1b", "impossible_value"),
        ("/windows/1", "impossible_value"),
        ("/windows/2/from_at", "impossible_value"),
        ("/windows/2/to_at", "missing_key"),
        ("/point/lat_deg", "impossible_value"),
        ("/colour", "unknown_key"),
    ]
    assert {key: told[key] for key in ("code", "message", "pointer")} == {
        "code": "missing_key",
        "message": "region_id is required",
        "pointer": "/region_id",
    }


def test_a_skill_without_a_name_is_refused_for_the_days_plan_would_be(client: FlaskClient) -> None:
    answer = post(client, "/tickets", {"region_id": "hz", "skills": {"": 1}})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "impossible_value")


@pytest.mark.parametrize("value", [True, "30", None, [30], 1e400])
def test_no_value_passes_for_a_number_that_is_none(client: FlaskClient, value: object) -> None:
    answer = client.put("/api/v1/tickets/T1/point", json={"version": 1, "lat_deg": 30.0, "lon_deg": value})
    assert (answer.status_code, answer.get_json()["pointer"]) in {(422, "/lon_deg"), (400, "")}


def test_what_is_no_json_is_refused(client: FlaskClient) -> None:
    broken = client.post("/api/v1/customers", data="{", content_type="application/json")
    assert (broken.status_code, broken.get_json()["code"]) == (400, "not_json")
    form = client.post("/api/v1/customers", data="name=x")
    assert (form.status_code, form.get_json()["code"]) == (415, "not_json_type")


def test_the_same_request_under_one_key_is_carried_out_once(client: FlaskClient) -> None:
    body = {"region_id": "hz"}
    first = post(client, "/tickets", body, Idempotency_Key="k1")
    again = post(client, "/tickets", body, Idempotency_Key="k1")
    assert (again.status_code, again.data) == (first.status_code, first.data)
    assert post(client, "/tickets", body, Idempotency_Key="k2").get_json()["id"] == "WX20261123002"
    assert post(client, "/tickets", {"region_id": "nb"}, Idempotency_Key="k1").get_json()["code"] == "key_reused"
    other = post(client, "/tickets", body, Idempotency_Key="k1", Paidan_Who="manager")
    assert other.get_json()["id"] == "WX20261123003"
    assert post(client, "/tickets", body, Idempotency_Key="x" * 201).get_json()["pointer"] == "#Idempotency-Key"


def test_a_request_that_failed_leaves_its_key_free(client: FlaskClient) -> None:
    assert post(client, "/tickets", {"region_id": "sx"}, Idempotency_Key="k").status_code == 422
    post(client, "/regions", {"id": "sx", "name": "绍兴"})
    assert post(client, "/tickets", {"region_id": "sx"}, Idempotency_Key="k").status_code == 201


def test_who_asks_is_written_down(client: FlaskClient, store: Store) -> None:
    post(client, "/customers", {"name": "李雷"}, Paidan_Who="manager")
    with store.reading() as unit:
        (event,) = unit.list_events(subject_kind="Customer")
    assert (event.actor, event.at) == ("manager", at(8, 30))


def test_another_sites_page_changes_nothing(client: FlaskClient) -> None:
    answer = post(client, "/customers", {"name": "x"}, Origin="https://evil.example")
    assert (answer.status_code, answer.get_json()["code"]) == (403, "foreign_origin")


def test_a_method_that_is_not_there_is_named(client: FlaskClient) -> None:
    answer = client.put("/api/v1/tickets/T1", json={})
    assert (answer.status_code, answer.get_json()["code"]) == (405, "method_not_allowed")
    assert "PATCH" in answer.headers["Allow"]
