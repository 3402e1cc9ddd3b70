"""Move a visit by hand: legality and cost first, then a new revision; what is illegal is refused by name."""

from __future__ import annotations

from dataclasses import replace
from threading import Event, Thread

import pytest

from dispatch.domain.engineer import Engineer
from dispatch.domain.errors import MoveIllegal, NotFound
from dispatch.domain.plan import Pin, Revision
from dispatch.domain.ticket import Ticket, TicketState, Window
from dispatch.format.read import read_plan, read_request
from dispatch.judge import judge
from dispatch.services.by_hand import keep_by_hand
from dispatch.services.move_visit import Move, look_at_move
from dispatch.services.publish_plan import publish_plan
from dispatch.storage.store import Store
from tests.dispatch.planning.days import at
from tests.dispatch.services.desk import fill, set_state
from tests.dispatch.services.plans import plan

OTHER = {"E1": "E2", "E2": "E1"}


def look(store: Store, id: str, ticket_id: str, engineer_id: str, place: int | None = None) -> Move:  # noqa: A002
    """Look at a move into an engineer's shift."""
    with store.reading() as unit:
        return look_at_move(unit, id, ticket_id, f"{engineer_id}-mon", place=place, now=at("07:35"))


def keep(store: Store, move: Move, id: str) -> Revision:  # noqa: A002 - the field is called so
    """Keep a move."""
    with store.writing() as unit:
        return keep_by_hand(unit, move.judged(), revision_id=id, made_by="d1", at=at("07:36"))


def engineer_of(revision: Revision, ticket_id: str) -> str:
    """Return who visits a ticket."""
    return next(visit.engineer_id for visit in revision.visits if visit.ticket_id == ticket_id)


def test_a_legal_move_costs_what_the_judge_says_and_becomes_a_new_revision_with_a_pin(store: Store) -> None:
    fill(store)
    first = plan(store, "R1")
    other = OTHER[engineer_of(first, "T1")]
    move = look(store, "R1", "T1", other)
    assert (move.broken, move.engineer_id) == ((), other)
    second = keep(store, move, "R2")
    totals = []
    for revision in (first, second):
        request = read_request(revision.request_json)
        verdict = judge(request, read_plan(revision.plan_json, request))
        assert verdict.legal
        totals.append(verdict.total)
    assert move.cost_cny == totals[1] - totals[0]
    assert engineer_of(second, "T1") == other
    assert {visit.ticket_id: visit.pin for visit in second.visits}["T1"] is Pin.ENGINEER
    assert {visit.ticket_id for visit in second.visits} == {visit.ticket_id for visit in first.visits}
    with store.reading() as unit:
        assert [event.name for event in unit.list_events(subject_kind="Revision", subject_id="R2")] == ["VisitMoved"]


def test_the_best_place_is_no_dearer_than_any_other(store: Store) -> None:
    fill(store)
    first = plan(store, "R1")
    mine = engineer_of(first, "T1")
    others = sum(visit.engineer_id == mine for visit in first.visits)
    at_each = [look(store, "R1", "T1", mine, place) for place in range(others)]
    best = look(store, "R1", "T1", mine)
    assert best.cost_cny == min(move.cost_cny for move in at_each if move.cost_cny is not None)
    assert [move.place for move in at_each] == list(range(others))


def test_a_move_that_breaks_clauses_shows_each_with_its_cost_and_is_refused_by_name(store: Store) -> None:
    fill(store)
    with store.writing() as unit:
        unit.save(replace(unit.get(Engineer, "E2"), skills={"空调": 1}))
    plan(store, "R1")
    move = look(store, "R1", "T1", "E2")
    assert not move.is_legal
    assert move.broken == (("E2 缺少技能：空调 2 级（现 1 级）", "E2 lacks a skill: 空调 level 2 (has 1)"),)
    assert move.cost_cny is not None
    with pytest.raises(MoveIllegal, match="lacks a skill") as refused:
        keep(store, move, "R2")
    assert "缺少技能" in refused.value.say("zh")
    with store.reading() as unit:
        assert unit.find_revision("R2") is None


def test_a_place_that_comes_too_late_for_an_appointment_is_refused_with_the_time(store: Store) -> None:
    fill(store)
    with store.writing() as unit:
        unit.save(replace(unit.get(Ticket, "T1"), windows=(Window(at("08:00"), at("08:30")),)))
        for one in ("T2", "T3", "T4"):
            unit.save(replace(unit.get(Ticket, one), duration_s=7200))
    first = plan(store, "R1")
    others = [visit.engineer_id for visit in first.visits if visit.ticket_id != "T1"]
    busiest = max(OTHER, key=others.count)
    move = look(store, "R1", "T1", busiest, others.count(busiest))
    assert [zh for zh, _ in move.broken if zh.startswith("T1 于 11-23")] != []
    assert move.begin_at is not None
    assert move.begin_at > at("08:30")


def test_for_a_ticket_that_was_left_out_the_same_reasons_are_told(store: Store) -> None:
    fill(store)
    with store.writing() as unit:
        for one in unit.list_all(Engineer):
            unit.save(replace(one, skills={"空调": 1}))
    assert plan(store, "R1").visits == ()
    assert [zh for zh, _ in look(store, "R1", "T1", "E1").broken] == ["E1 缺少技能：空调 2 级（现 1 级）"]


def test_what_is_under_way_cannot_be_moved(store: Store) -> None:
    fill(store)
    first = plan(store, "R1")
    set_state(store, "T1", TicketState.TRAVELLING)
    move = look(store, "R1", "T1", OTHER[engineer_of(first, "T1")])
    assert [zh for zh, _ in move.broken] == ["T1 已完成或进行中，不能再改"]


def test_nothing_is_moved_into_the_past(store: Store) -> None:
    fill(store)
    first = plan(store, "R1")
    other = OTHER[engineer_of(first, "T1")]
    with store.reading() as unit:
        move = look_at_move(unit, "R1", "T1", f"{other}-mon", place=0, now=at("17:00"))
    assert "T1 将在现在之前开始：请重排" in [zh for zh, _ in move.broken]


def test_a_move_of_the_plan_in_force_can_be_published_and_lasts_through_the_next_plan(store: Store) -> None:
    fill(store)
    first = plan(store, "R1")
    with store.writing() as unit:
        publish_plan(unit, "R1", by="d1", at=at("07:34"))
    other = OTHER[engineer_of(first, "T1")]
    second = keep(store, look(store, "R1", "T1", other), "R2")
    assert second.base_number == 1
    with store.writing() as unit:
        assert publish_plan(unit, "R2", by="d1", at=at("07:37")).dispatched == ("T1",)
    third = plan(store, "R3")
    assert engineer_of(third, "T1") == other
    back = look(store, "R3", "T1", OTHER[other])
    assert back.is_legal
    fourth = keep(store, back, "R4")
    assert engineer_of(fourth, "T1") == OTHER[other]
    assert read_request(fourth.request_json).tickets[0].only is None


def test_what_the_request_does_not_know_is_not_found(store: Store) -> None:
    fill(store)
    plan(store, "R1")
    with store.writing() as unit:
        unit.save(replace(unit.get(Ticket, "T1"), id="T9", version=0))
    for ticket_id, engineer_id in (("T1", "E9"), ("T9", "E1"), ("T8", "E1")):
        with pytest.raises(NotFound):
            look(store, "R1", ticket_id, engineer_id)


def test_of_moves_in_the_same_second_the_last_one_is_shown(store: Store) -> None:
    fill(store)
    first = plan(store, "R5")
    other = OTHER[engineer_of(first, "T1")]
    keep(store, look(store, "R5", "T1", other), "R9")
    keep(store, look(store, "R9", "T2", OTHER[engineer_of(first, "T2")]), "R1")
    keep(store, look(store, "R1", "T1", OTHER[other]), "R7")
    with store.reading() as unit:
        assert [line.id for line in unit.list_revisions("hz", first.day)] == ["R7", "R1", "R9", "R5"]


def test_of_two_who_move_at_once_the_second_sees_what_the_first_has_kept(store: Store) -> None:
    fill(store)
    first = plan(store, "R1")
    move = look(store, "R1", "T1", OTHER[engineer_of(first, "T1")])
    holds, seen = Event(), []

    def move_too() -> None:
        holds.wait()
        with store.writing() as unit:
            unit.wait_for_region("hz")
            seen.append(unit.list_revisions("hz", first.day)[0].id)

    second = Thread(target=move_too)
    second.start()
    with store.writing() as unit:
        unit.wait_for_region("hz")
        holds.set()
        keep_by_hand(unit, move.judged(), revision_id="R2", made_by="d1", at=at("07:36"))
        second.join(0.2)
        assert seen == []
    second.join()
    assert seen == ["R2"]


def test_what_nobody_has_judged_is_not_kept(store: Store) -> None:
    fill(store)
    first = plan(store, "R1")
    move = look(store, "R1", "T1", OTHER[engineer_of(first, "T1")])
    with store.writing() as unit, pytest.raises(ValueError, match="judged"):
        keep_by_hand(unit, move, revision_id="R2", made_by="d1", at=at("07:36"))
