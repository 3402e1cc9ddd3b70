"""What a revision changes against the plan in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from dispatch.domain.ticket import TicketState
from dispatch.services.compare_plans import TOLERANCE, compare_plans
from dispatch.services.publish_plan import publish_plan
from dispatch.storage.store import Store
from tests.dispatch.planning.days import ZONE, at
from tests.dispatch.services.desk import fill, set_state
from tests.dispatch.services.plans import plan


def test_without_a_plan_in_force_everything_is_added(store: Store) -> None:
    fill(store)
    plan(store, "R1")
    with store.reading() as unit:
        compared = compare_plans(unit, "R1")
    assert (compared.before, compared.added, compared.dropped) == (None, ("T1", "T2", "T3", "T4"), ())
    assert (compared.after.n_visits, compared.after.n_carried, compared.after.figures["served"]) == (4, 0, 4)
    assert (compared.is_whole_day, compared.is_alike) == (True, True)


def test_added_dropped_reassigned_and_retimed_visits_are_told_apart(store: Store) -> None:
    fill(store)
    first = plan(store, "R1")
    one, two, three, four = first.visits
    other = {"E1": "E2", "E2": "E1"}[two.engineer_id]
    late, little = TOLERANCE + timedelta(seconds=1), TOLERANCE
    changed = (
        replace(two, engineer_id=other, shift_id=f"{other}-mon", place=9),
        replace(three, begin_at=three.begin_at + late, leave_at=three.leave_at + late),
        replace(four, begin_at=four.begin_at + little, leave_at=four.leave_at + little),
    )
    with store.writing() as unit:
        unit.add_revision(replace(first, id="R0", visits=first.visits[1:]))
        publish_plan(unit, "R1", by="d1", at=at("07:45"))
        unit.add_revision(replace(first, id="R2", visits=changed))
    with store.reading() as unit:
        compared = compare_plans(unit, "R2")
        less = compare_plans(unit, "R0")
    assert (compared.added, compared.dropped) == ((), (one.ticket_id,))
    assert [(move.ticket_id, move.was_engineer, move.engineer) for move in compared.reassigned] == [
        (two.ticket_id, two.engineer_id, other)
    ]
    assert [move.ticket_id for move in compared.retimed] == [three.ticket_id]
    assert less.dropped == (one.ticket_id,)
    assert compared.before is not None
    assert compared.before.total_cny == compared.after.total_cny


def test_in_the_middle_of_the_day_it_is_told_of_which_part_the_totals_are(store: Store) -> None:
    fill(store)
    first = plan(store, "R1")
    with store.writing() as unit:
        publish_plan(unit, "R1", by="d1", at=at("07:45"))
    begun = min(first.visits, key=lambda visit: visit.begin_at)
    set_state(store, begun.ticket_id, TicketState.WORKING)
    second = plan(store, "R2", f"{begun.begin_at.astimezone(ZONE):%H:%M}")
    with store.reading() as unit:
        compared = compare_plans(unit, "R2")
    assert compared.before is not None
    assert (compared.before.carried, compared.after.carried) == ((), (begun.ticket_id,))
    assert (compared.before.n_visits, compared.after.n_visits) == (4, 4)
    assert (compared.is_whole_day, compared.is_alike) == (False, False)
    with store.writing() as unit:
        publish_plan(unit, "R2", by="d1", at=begun.begin_at)
        unit.add_revision(replace(second, id="R3", base_number=2))
    with store.reading() as unit:
        compared = compare_plans(unit, "R3")
    assert (compared.is_whole_day, compared.is_alike) == (False, True)
