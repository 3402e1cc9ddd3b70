"""Every published revision passes the independent check."""

from __future__ import annotations

from pathlib import Path

from dispatch.domain.ticket import TicketState
from dispatch.services.export_revision import export_revision
from dispatch.services.publish_plan import publish_plan
from dispatch.storage.store import Store
from tests.dispatch.planning.days import at
from tests.dispatch.services.desk import fill, set_state
from tests.dispatch.services.plans import plan
from web.command.main import run
from web.command.options import Session


def test_every_published_revision_of_a_day_passes_check(store: Store, tmp_path: Path) -> None:
    fill(store)
    first = plan(store, "R1")
    with store.writing() as unit:
        publish_plan(unit, "R1", by="d1", at=at("07:45"))
    set_state(store, first.visits[0].ticket_id, TicketState.WORKING)
    plan(store, "R2", "10:00")
    with store.writing() as unit:
        publish_plan(unit, "R2", by="d1", at=at("10:01"))
    for id in ("R1", "R2"):  # noqa: A001 - the field is called so
        with store.reading() as unit:
            exported = export_revision(unit, id)
        request, plan_file = tmp_path / exported.request_name, tmp_path / exported.plan_name
        request.write_text(exported.request_json, encoding="utf-8")
        plan_file.write_text(exported.plan_json, encoding="utf-8")
        assert run(["check", str(request), str(plan_file)], Session()) == 0
    assert exported.request_name == "hz-2026-11-23-R2.request.json"
