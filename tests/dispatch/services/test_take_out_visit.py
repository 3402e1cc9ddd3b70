"""Take a visit out by hand: legality and cost first, then a new revision; the ticket stays open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.domain.errors import ChangeIllegal, NotFound
from dispatch.domain.plan import Pin
from dispatch.domain.ticket import Ticket, TicketState
from dispatch.format.read import read_plan, read_request
from dispatch.judge import judge
from dispatch.services.by_hand import keep_by_hand
from dispatch.services.move_visit import look_at_move
from dispatch.services.publish_plan import publish_plan
from dispatch.services.take_out_visit import TakeOut, look_at_take_out
from dispatch.storage.store import Store
from tests.dispatch.planning.days import at
from tests.dispatch.services.desk import fill, set_state
from tests.dispatch.services.plans import plan


def look(store: Store, id: str, ticket_id: str, now: str = "07:35") -> TakeOut:  # noqa: A002
    with store.reading() as unit:
        return look_at_take_out(unit, id, ticket_id, now=at(now))


def keep(store: Store, looked: TakeOut, id: str) -> None:  # noqa: A002 - the field is called so
    with store.writing() as unit:
        keep_by_hand(unit, looked.judged(), revision_id=id, made_by="d1", at=at("07:36"))


def test_taking_out_costs_what_the_judge_says_and_becomes_a_new_revision_without_the_visit(store: Store) -> None:
    fill(store)
    first = plan(store, "R1")
    looked = look(store, "R1", "T1")
    assert looked.is_legal
    keep(store, looked, "R2")
    with store.reading() as unit:
        second = unit.get_revision("R2")
        events = [(event.name, event.actor, event.details["ticket"]) for event in unit.list_events(subject_id="R2")]
    totals = []
    for revision in (first, second):
        request = read_request(revision.request_json)
        verdict = judge(request, read_plan(revision.plan_json, request))
        assert verdict.legal
        totals.append(verdict.total)
    assert looked.cost_cny == totals[1] - totals[0]
    assert {visit.ticket_id for visit in second.visits} == {visit.ticket_id for visit in first.visits} - {"T1"}
    assert events == [("VisitTakenOut", "d1", "T1")]


def test_the_ticket_is_told_as_left_out_by_hand(store: Store) -> None:
    fill(store)
    plan(store, "R1")
    looked = look(store, "R1", "T1")
    assert looked.plan_json is not None
    (left,) = [skipped for skipped in read_plan(looked.plan_json).skipped if skipped.ticket == "T1"]
    assert [reason.text for reason in left.reasons] == ["由人手动移出方案"]


def test_what_is_done_or_under_way_cannot_be_taken_out(store: Store) -> None:
    fill(store)
    plan(store, "R1")
    set_state(store, "T1", TicketState.TRAVELLING)
    looked = look(store, "R1", "T1")
    assert (looked.cost_cny, [zh for zh, _ in looked.broken]) == (None, ["T1 已完成或进行中，不能再改"])
    with pytest.raises(ChangeIllegal, match="under way") as refused:
        keep(store, looked, "R2")
    assert "不能再改" in refused.value.say("zh")
    with store.reading() as unit:
        assert unit.find_revision("R2") is None


def test_no_other_visit_comes_to_begin_in_the_past(store: Store) -> None:
    fill(store)
    with store.writing() as unit:
        for one in ("T1", "T2", "T3", "T4"):
            unit.save(replace(unit.get(Ticket, one), duration_s=7200))
    first = plan(store, "R1")
    routes: dict[str, list[str]] = {}
    for visit in sorted(first.visits, key=lambda visit: visit.place):
        routes.setdefault(visit.engineer_id, []).append(visit.ticket_id)
    out, follower = next(tickets for tickets in routes.values() if len(tickets) > 1)[:2]
    assert look(store, "R1", out).is_legal
    late = look(store, "R1", out, now="17:00")
    assert f"{follower} 将在现在之前开始：请重排" in [zh for zh, _ in late.broken]


def test_a_pin_ends_with_the_visit_and_the_next_plan_may_plan_the_ticket_again(store: Store) -> None:
    fill(store)
    first = plan(store, "R1")
    mine = next(visit.engineer_id for visit in first.visits if visit.ticket_id == "T1")
    with store.writing() as unit:
        move = look_at_move(unit, "R1", "T1", f"{mine}-mon", now=at("07:31"))
        keep_by_hand(unit, move.judged(), revision_id="R2", made_by="d1", at=at("07:31"))
        publish_plan(unit, "R2", by="d1", at=at("07:32"))
    plan(store, "R3", now="07:33")
    looked = look(store, "R3", "T1")
    keep(store, looked, "R4")
    with store.writing() as unit:
        assert publish_plan(unit, "R4", by="d1", at=at("07:37")).taken_back == ("T1",)
        assert all(ticket.only is None for ticket in read_request(unit.get_revision("R4").request_json).tickets)
    again = plan(store, "R5", now="07:38")
    assert [visit.pin for visit in again.visits if visit.ticket_id == "T1"] == [Pin.NONE]


def test_what_is_not_visited_cannot_be_taken_out(store: Store) -> None:
    fill(store)
    plan(store, "R1")
    with pytest.raises(NotFound):
        look(store, "R1", "T9")
    keep(store, look(store, "R1", "T1"), "R2")
    with pytest.raises(NotFound):
        look(store, "R2", "T1")
