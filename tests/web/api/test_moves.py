from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

from dispatch.domain.ticket import TicketState
from dispatch.storage.store import Store
from tests.dispatch.planning.days import at
from tests.dispatch.services.desk import fill, set_state
from tests.dispatch.services.plans import plan
from web.service.app import make_service
from web.service.log import make_log


def test_a_pin_ends_and_a_visit_is_taken_out(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'desk.db'}")
    store.migrate()
    fill(store)
    first = plan(store, "R1")
    mine = next(visit.shift_id for visit in first.visits if visit.ticket_id == "T1")
    app = make_service(store, secret_key="k" * 32, clock=lambda: at("07:35"), log=make_log(io.StringIO()))
    client, body = app.test_client(), {"ticket_id": "T1"}
    missing = client.post("/api/v1/revisions/R1/unpin-preview", json=body)
    assert (missing.status_code, missing.get_json()["code"]) == (404, "not_found")
    moved = client.post("/api/v1/revisions/R1/moves", json=body | {"shift_id": mine}).get_json()["id"]
    looked = client.post(f"/api/v1/revisions/{moved}/unpin-preview", json=body).get_json()
    assert (looked["broken"], looked["ticket_id"]) == ([], "T1")
    free = client.post(f"/api/v1/revisions/{moved}/unpins", json=body)
    assert free.status_code == 201
    looked = client.post(f"/api/v1/revisions/{free.get_json()['id']}/take-out-preview", json=body).get_json()
    assert looked["broken"] == []
    assert Decimal(looked["cost_cny"]) != 0
    kept = client.post(f"/api/v1/revisions/{free.get_json()['id']}/take-outs", json=body)
    assert kept.status_code == 201
    with store.reading() as unit:
        assert "T1" not in {visit.ticket_id for visit in unit.get_revision(kept.get_json()["id"]).visits}
    set_state(store, "T2", TicketState.WORKING)
    refused = client.post("/api/v1/revisions/R1/take-outs", json={"ticket_id": "T2"})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "change_illegal")
    store.close()


def test_a_visit_is_looked_at_moved_and_compared(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'desk.db'}")
    store.migrate()
    fill(store)
    first = plan(store, "R1")
    was = next(visit.engineer_id for visit in first.visits if visit.ticket_id == "T1")
    body = {"ticket_id": "T1", "shift_id": "E1-mon" if was == "E2" else "E2-mon"}
    app = make_service(store, secret_key="k" * 32, clock=lambda: at("07:35"), log=make_log(io.StringIO()))
    client = app.test_client()
    assert client.post("/api/v1/revisions/R1/publication").status_code == 201
    looked = client.post("/api/v1/revisions/R1/move-preview", json=body).get_json()
    assert (looked["broken"], looked["ticket_id"]) == ([], "T1")
    kept = client.post("/api/v1/revisions/R1/moves", json=body)
    assert (kept.status_code, kept.get_json()["number"]) == (201, None)
    compared = client.get(f"/api/v1/revisions/{kept.get_json()['id']}/comparison").get_json()
    assert [(entry["ticket_id"], entry["was_engineer"]) for entry in compared["reassigned"]] == [("T1", was)]
    assert (compared["in_force_id"], compared["added"], compared["dropped"]) == ("R1", [], [])
    assert Decimal(compared["total_cny"]) - Decimal(compared["was_total_cny"]) == Decimal(looked["cost_cny"])
    missing = client.post("/api/v1/revisions/R1/move-preview", json=body | {"shift_id": "none"})
    assert (missing.status_code, missing.get_json()["code"]) == (404, "not_found")
    store.close()
