from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.web.api.test_records import post


def move(client: FlaskClient, ticket: str, to: str, version: int, **more: object) -> Any:  # noqa: ANN401 - werkzeug's answer
    body = {"version": version, "to": to, **more}
    return post(client, f"/tickets/{ticket}/transitions", body, Accept_Language="en")


def test_a_ticket_goes_its_way_by_hand_and_tells_how_it_came_there(client: FlaskClient) -> None:
    made = post(client, "/tickets", {"region_id": "hz", "state": "new"}).get_json()
    assert made["state"] == "new"
    at = "2026-11-23T08:25:00+08:00"
    assert move(client, made["id"], "acknowledged", 1, device_at=at).get_json()["version"] == 2
    moved = move(client, made["id"], "cancelled", 2, why="客户自行修好")
    assert (moved.status_code, moved.get_json()["state"]) == (201, "cancelled")
    told = client.get(f"/api/v1/tickets/{made['id']}/transitions").get_json()
    assert (told["state"], told["possible"]) == ("cancelled", ["reopened", "archived"])
    assert told["items"][0] == {
        "before": "new",
        "after": "acknowledged",
        "at": "2026-11-23T00:30:00Z",
        "by": "dispatcher",
        "cause": "ByHand",
        "why": "",
        "device_at": "2026-11-23T00:25:00Z",
    }
    assert [one["why"] for one in told["items"]] == ["", "客户自行修好"]


def test_a_change_that_cannot_be_is_refused_by_name_with_what_is_possible(client: FlaskClient) -> None:
    refused = move(client, "T2", "fixed", 1)
    assert refused.status_code == 409
    told = refused.get_json()
    assert (told["code"], told["details"]) == (
        "illegal_transition",
        {
            "before": "ready",
            "after": "fixed",
            "possible": ["remote", "waiting_for_parts", "waiting_for_customer", "with_partner", "cancelled"],
        },
    )
    assert told["message"].startswith("ticket T2 cannot go from to be dispatched to fixed; possible from here: ")
    assert move(client, "T2", "dispatched", 1).get_json()["code"] == "illegal_transition"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"version": 1, "to": "cancelled"}, "/why"),
        ({"version": 1, "to": "cancelled", "why": "长" * 501}, "/why"),
        ({"version": 1, "to": "gone"}, "/to"),
    ],
)
def test_what_is_wrong_with_a_change_is_told_where_it_stands(
    client: FlaskClient, body: dict[str, Any], pointer: str
) -> None:
    refused = post(client, "/tickets/T2/transitions", body)
    assert (refused.status_code, refused.get_json()["pointer"]) == (422, pointer)


def test_a_state_is_neither_edited_nor_begun_half_way(client: FlaskClient) -> None:
    edited = client.patch("/api/v1/tickets/T2", json={"version": 1, "state": "fixed"}).get_json()
    assert (edited["code"], edited["pointer"]) == ("unknown_key", "/state")
    begun = post(client, "/tickets", {"region_id": "hz", "state": "fixed"}).get_json()
    assert (begun["code"], begun["pointer"]) == ("impossible_record", "/state")


def test_the_same_change_under_one_key_happens_once(client: FlaskClient) -> None:
    body = {"version": 1, "to": "cancelled", "why": "重复"}
    first, again = (post(client, "/tickets/T2/transitions", body, Idempotency_Key="k") for _ in range(2))
    assert (first.status_code, first.data) == (again.status_code, again.data)
    assert len(client.get("/api/v1/tickets/T2/transitions").get_json()["items"]) == 1
