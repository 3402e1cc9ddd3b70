"""End the pin of a visit: nothing moves until the day is planned anew."""

from __future__ import annotations

import pytest

from dispatch.domain.errors import ChangeIllegal, NotFound
from dispatch.domain.plan import Pin
from dispatch.domain.ticket import TicketState
from dispatch.format.read import read_plan, read_request
from dispatch.judge import judge
from dispatch.services.by_hand import keep_by_hand
from dispatch.services.move_visit import look_at_move
from dispatch.services.publish_plan import publish_plan
from dispatch.services.unpin_visit import Unpin, look_at_unpin
from dispatch.storage.store import Store
from tests.dispatch.planning.days import at
from tests.dispatch.services.desk import fill, set_state
from tests.dispatch.services.plans import plan


@pytest.fixture
def pinned(store: Store) -> Store:
    """Move T1 and T2 by hand, publish that as R3, and plan anew on top of it as R4."""
    fill(store)
    first = plan(store, "R1")
    engineer_of = {visit.ticket_id: visit.engineer_id for visit in first.visits}
    with store.writing() as unit:
        for ticket_id, old, new in (("T1", "R1", "R2"), ("T2", "R2", "R3")):
            move = look_at_move(unit, old, ticket_id, f"{engineer_of[ticket_id]}-mon", now=at("07:31"))
            keep_by_hand(unit, move.judged(), revision_id=new, made_by="d1", at=at("07:31"))
        publish_plan(unit, "R3", by="d1", at=at("07:32"))
    plan(store, "R4", now="07:33")
    return store


def look(store: Store, id: str, ticket_id: str) -> Unpin:  # noqa: A002 - the field is called so
    with store.reading() as unit:
        return look_at_unpin(unit, id, ticket_id)


@pytest.mark.parametrize("base", ["R3", "R4"])
def test_a_pin_ends_and_nothing_else_changes(pinned: Store, base: str) -> None:
    looked = look(pinned, base, "T1")
    assert looked.is_legal
    with pinned.writing() as unit:
        keep_by_hand(unit, looked.judged(), revision_id="R5", made_by="d1", at=at("07:36"))
        old, new = unit.get_revision(base), unit.get_revision("R5")
        events = [(event.name, event.actor, event.details["ticket"]) for event in unit.list_events(subject_id="R5")]
    assert events == [("VisitUnpinned", "d1", "T1")]
    assert {visit.ticket_id: visit.begin_at for visit in new.visits} == {
        visit.ticket_id: visit.begin_at for visit in old.visits
    }
    assert {visit.ticket_id for visit in new.visits if visit.pin is not Pin.NONE} == {"T2"}
    request = read_request(new.request_json)
    assert all(ticket.only is None for ticket in request.tickets if ticket.id == "T1")
    assert judge(request, read_plan(new.plan_json, request)).legal


def test_once_that_is_published_the_next_plan_is_free_to_give_it_to_somebody_else(pinned: Store) -> None:
    with pinned.writing() as unit:
        keep_by_hand(unit, look_at_unpin(unit, "R4", "T1").judged(), revision_id="R5", made_by="d1", at=at("07:36"))
        publish_plan(unit, "R5", by="d1", at=at("07:37"))
    request = read_request(plan(pinned, "R6", now="07:38").request_json)
    assert {ticket.id for ticket in request.tickets if ticket.only is not None} == {"T2"}


def test_what_is_done_or_under_way_keeps_its_pin(pinned: Store) -> None:
    set_state(pinned, "T1", TicketState.WORKING)
    looked = look(pinned, "R4", "T1")
    assert [zh for zh, _ in looked.broken] == ["T1 已完成或进行中，不能再改"]
    with pinned.writing() as unit, pytest.raises(ChangeIllegal):
        keep_by_hand(unit, looked.judged(), revision_id="R5", made_by="d1", at=at("07:36"))


def test_what_is_not_pinned_cannot_be_unpinned(pinned: Store) -> None:
    with pytest.raises(NotFound):
        look(pinned, "R1", "T1")
    with pytest.raises(NotFound):
        look(pinned, "R4", "T9")
