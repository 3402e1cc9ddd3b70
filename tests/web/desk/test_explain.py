"""Why a ticket is left out and what would help, for the board's script and for programs, in the reader's language."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from dispatch.domain.plan import Revision
from dispatch.storage.store import Store
from tests.dispatch.planning.days import LAKE, ticket
from tests.dispatch.services.plans import plan


@pytest.fixture
def first(store: Store) -> Revision:
    """The plan of the day: it leaves one ticket out, of a skill that nobody has at that level."""
    with store.writing() as unit:
        unit.save(ticket("T9", LAKE, skills={"ac": 4}))
    return plan(store, "P1")


@pytest.mark.parametrize(("lang", "said"), [("zh", "达到 4 级"), ("en", "reaches level 4 in ac")])
def test_the_board_is_told_what_would_help_by_name_in_its_language(
    client: FlaskClient, first: Revision, lang: str, said: str
) -> None:
    address = f"/board/explain?revision={first.id}&ticket=T9&lang={lang}"
    told = client.get(address).get_json()
    assert told["state"] == "skipped"
    assert any(said in way["text"] for way in told["ways"])
    assert all(way["cost"].endswith(("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")) for way in told["ways"])
    assert {one["kind"] for one in told["engineers"]} == {"barred"}
    assert "E1" not in {one["name"] for one in told["engineers"]}


def test_a_visit_tells_the_next_best_term_by_term(client: FlaskClient, first: Revision) -> None:
    told = client.get(f"/board/explain?revision={first.id}&ticket=T1").get_json()
    assert told["state"] == "served"
    assert told["runner_up"]["cost"].startswith(("+ ¥", "− ¥"))
    assert told["runner_up"]["terms"]


def test_programs_are_told_the_same_with_ids(client: FlaskClient, first: Revision) -> None:
    address = f"/api/v1/revisions/{first.id}/tickets/T9/explanation"
    told = client.get(address, query_string={"lang": "en"}).get_json()
    assert (told["state"], told["verdict"]) == ("skipped", "impossible")
    assert {one["engineer"] for one in told["engineers"]} == {"E1", "E2"}
    assert {way["code"] for way in told["ways"]} >= {"skill", "engineer"}
    served = client.get(f"/api/v1/revisions/{first.id}/tickets/T1/explanation").get_json()
    assert served["begin"].endswith(("Z", "+00:00"))
    assert served["runner_up"]["begin"].endswith(("Z", "+00:00"))


def test_what_a_plan_does_not_know_is_404(client: FlaskClient, first: Revision) -> None:
    missing = client.get(f"/api/v1/revisions/{first.id}/tickets/none/explanation")
    assert (missing.status_code, missing.get_json()["code"]) == (404, "not_found")
    assert client.get("/api/v1/revisions/none/tickets/T1/explanation").status_code == 404
