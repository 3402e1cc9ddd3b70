"""What a revision changes against the plan in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from dispatch.services.compare_plans import TOLERANCE, compare_plans
from dispatch.services.publish_plan import publish_plan
from dispatch.storage.store import Store
from tests.dispatch.planning.days import at
from tests.dispatch.services.desk import fill
from tests.dispatch.services.plans import plan


def test_without_a_plan_in_force_everything_is_added(store: Store) -> None:
    fill(store)
    plan(store, "R1")
    with store.reading() as unit:
        compared = compare_plans(unit, "R1")
    assert (compared.before, compared.added, compared.dropped) == (None, ("T1", "T2", "T3", "T4"), ())
    assert (compared.after.n_visits, compared.after.n_carried, compared.after.figures["served"]) == (4, 0, 4)


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
