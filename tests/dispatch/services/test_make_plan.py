"""Prepare, solve, keep, on a real database."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from dispatch.domain.errors import NotFound, PlanIllegal
from dispatch.domain.plan import Pin, Revision
from dispatch.domain.region import Region
from dispatch.domain.ticket import TicketState
from dispatch.format.model import Plan, Request
from dispatch.format.read import read_plan, read_request
from dispatch.format.write import write_plan
from dispatch.judge import Verdict, judge
from dispatch.planning import Stop, solve
from dispatch.policies.tables.read import get_book
from dispatch.services.make_plan import Prepared, judged, keep, prepare
from dispatch.storage.store import Store
from dispatch.travel.straight_line import StraightLine
from tests.dispatch.planning.days import DAY, at
from tests.dispatch.services.desk import fill, set_state
from tests.dispatch.services.plans import plan as make_and_keep

STEPS = Stop(iterations=200)


def prepared(store: Store, now: str = "07:30") -> Prepared:
    """Prepare the Monday."""
    with store.reading() as unit:
        return prepare(unit, "hz", DAY, travel=StraightLine(), book=get_book("least_change"), now=at(now))


def planned(made: Prepared) -> Plan:
    """Plan what was prepared."""
    return solve(read_request(made.request_json), stop=STEPS, threads=1)


def kept(store: Store, made: Prepared, plan: Plan, id: str = "R1", job_id: str | None = None) -> Revision:  # noqa: A002
    """Judge and keep a plan."""
    legal = judged(made.request_json, write_plan(plan))
    with store.writing() as unit:
        return keep(unit, made, legal, revision_id=id, job_id=job_id, made_by="d1", at=at("07:31"))


def test_a_day_of_records_becomes_a_revision_that_the_judge_finds_legal(store: Store) -> None:
    fill(store)
    made = prepared(store)
    revision = kept(store, made, planned(made), job_id="J1")
    with store.reading() as unit:
        stored = unit.get_revision("R1")
        events = unit.list_events(subject_kind="Revision", subject_id="R1")
    assert stored == revision
    assert (stored.base_number, stored.job_id, len(stored.visits)) == (0, "J1", 4)
    request = read_request(stored.request_json)
    assert judge(request, read_plan(stored.plan_json, request)).legal
    assert [(event.name, event.actor, event.details["visits"]) for event in events] == [("PlanMade", "d1", 4)]


def test_a_plan_that_the_judge_refuses_is_not_kept(store: Store) -> None:
    fill(store)
    made = prepared(store)
    plan = planned(made)
    broken = replace(plan, routes=plan.routes[1:])
    with pytest.raises(PlanIllegal, match="breaks"):
        kept(store, made, broken)
    with pytest.raises(PlanIllegal):
        judged(made.request_json, "{}")
    legal = judged(made.request_json, write_plan(plan))
    with pytest.raises(PlanIllegal, match="another request"), store.writing() as unit:
        keep(
            unit,
            replace(made, request_json=made.request_json + " "),
            legal,
            revision_id="R2",
            job_id=None,
            made_by="d1",
            at=at("07:31"),
        )
    with store.reading() as unit:
        assert (unit.find_revision("R1"), unit.find_revision("R2"), unit.list_events()) == (None, None, [])


def test_others_may_write_while_a_plan_is_judged(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(store)

    def judge_slowly(request: Request, plan: Plan) -> Verdict:
        with store.writing() as unit:
            unit.save(Region(f"r{len(unit.list_all(Region))}", "宁波"))
        return judge(request, plan)

    monkeypatch.setattr("dispatch.services.make_plan.judge", judge_slowly)
    assert len(make_and_keep(store, "R1").visits) == 4


def test_in_the_middle_of_the_day_what_is_under_way_stays_first_in_its_shift(store: Store) -> None:
    fill(store)
    morning = prepared(store)
    first = kept(store, morning, planned(morning))
    with store.writing() as unit:
        unit.publish("R1", at=at("07:40"), by="d1")
    begun = next(visit for visit in first.visits if visit.place == 0)
    set_state(store, begun.ticket_id, TicketState.WORKING)
    now = (begun.begin_at).strftime("%H:%M")
    again = prepared(store, f"{int(now[:2]) + 8:02}:{now[3:]}")
    assert (again.base_number, [visit.ticket_id for visit in again.carried]) == (1, [begun.ticket_id])
    second = kept(store, again, planned(again), "R2")
    mine = [visit for visit in second.visits if visit.shift_id == begun.shift_id]
    assert mine[0].ticket_id == begun.ticket_id
    assert [visit.place for visit in mine] == list(range(len(mine)))
    assert all(one.leave_at <= after.arrive_at for one, after in pairwise(mine))


def test_a_pin_lasts_from_plan_to_plan(store: Store) -> None:
    fill(store)
    morning = prepared(store)
    first = kept(store, morning, planned(morning))
    pinned = replace(first, id="R2", visits=tuple(replace(visit, pin=Pin.ENGINEER) for visit in first.visits))
    with store.writing() as unit:
        unit.add_revision(pinned)
        unit.publish("R2", at=at("07:40"), by="d1")
    again = prepared(store)
    second = kept(store, again, planned(again), "R3")
    assert {visit.ticket_id: visit.engineer_id for visit in second.visits} == {
        visit.ticket_id: visit.engineer_id for visit in first.visits
    }
    assert {visit.pin for visit in second.visits} == {Pin.ENGINEER}


def test_no_such_region_is_said(store: Store) -> None:
    with pytest.raises(NotFound):
        prepared(store)
