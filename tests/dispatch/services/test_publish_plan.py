"""Publish: tickets follow the plan, and of two at once one wins."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.domain.engineer import Shift
from dispatch.domain.errors import NotFound, PlanOutdated, PlanOvertaken, StaleEdit
from dispatch.domain.ticket import Ticket, TicketState
from dispatch.services.publish_plan import Published, publish_plan
from dispatch.storage.store import Store
from tests.dispatch.planning.days import DAY, at, shift
from tests.dispatch.services.desk import fill, set_state
from tests.dispatch.services.plans import plan


def publish(store: Store, id: str, clock: str = "07:45") -> Published:  # noqa: A002 - the field is called so
    """Publish a revision."""
    with store.writing() as unit:
        return publish_plan(unit, id, by="d1", at=at(clock))


def states(store: Store) -> dict[str, str]:
    """Return the tickets' states."""
    with store.reading() as unit:
        return {ticket.id: ticket.state.value for ticket in unit.list_all(Ticket)}


def test_what_is_published_is_dispatched_and_written_down(store: Store) -> None:
    fill(store)
    plan(store, "R1")
    published = publish(store, "R1")
    assert (published.publication.number, published.publication.revision_id) == (1, "R1")
    assert (published.dispatched, published.taken_back) == (("T1", "T2", "T3", "T4"), ())
    assert set(states(store).values()) == {"dispatched"}
    with store.reading() as unit:
        names = [event.name for event in unit.list_events()]
    assert names == ["PlanMade", *["TicketStateChanged"] * 4, *["TicketDispatched"] * 4, "PlanPublished"]


def test_what_a_new_plan_drops_is_ready_again_and_what_changes_hands_is_dispatched_anew(store: Store) -> None:
    fill(store)
    first = plan(store, "R1")
    publish(store, "R1")
    for id in states(store):  # noqa: A001 - the field is called so
        set_state(store, id, TicketState.ACCEPTED)
    other = {"E1": "E2", "E2": "E1"}
    kept, moved, *_ = first.visits
    swapped = replace(moved, engineer_id=other[moved.engineer_id], shift_id=f"{other[moved.engineer_id]}-mon", place=9)
    with store.writing() as unit:
        unit.add_revision(replace(first, id="R2", base_number=1, visits=(kept, swapped)))
    published = publish(store, "R2")
    assert published.dispatched == (moved.ticket_id,)
    now = states(store)
    assert (now[kept.ticket_id], now[moved.ticket_id]) == ("accepted", "dispatched")
    assert {now[one] for one in published.taken_back} == {"ready"}
    assert len(published.taken_back) == 2
    with store.reading() as unit:
        event = unit.list_events(subject_kind="Ticket", subject_id=moved.ticket_id)[-1]
    assert (event.name, event.details["engineer"], event.details["was_engineer"]) == (
        "TicketDispatched",
        swapped.engineer_id,
        moved.engineer_id,
    )


@pytest.mark.parametrize("state", [TicketState.CANCELLED, TicketState.WAITING_FOR_PARTS, TicketState.FIXED])
def test_a_ticket_that_nobody_has_to_be_sent_to_keeps_its_state(store: Store, state: TicketState) -> None:
    fill(store)
    plan(store, "R1")
    set_state(store, "T1", state)
    assert "T1" not in publish(store, "R1").dispatched
    assert states(store)["T1"] == state.value


def test_of_two_plans_on_the_same_base_one_wins(store: Store) -> None:
    fill(store)
    plan(store, "R1")
    plan(store, "R2")
    publish(store, "R1")
    with pytest.raises(PlanOvertaken):
        publish(store, "R2")
    with store.reading() as unit:
        assert [one.revision_id for one in unit.list_publications("hz", DAY)] == ["R1"]


def test_a_plan_that_sends_another_engineer_where_one_is_on_the_way_is_refused_as_a_whole(store: Store) -> None:
    fill(store)
    first = plan(store, "R1")
    publish(store, "R1")
    plan(store, "R2")
    begun = first.visits[0]
    set_state(store, begun.ticket_id, TicketState.TRAVELLING)
    other = "E2" if begun.engineer_id == "E1" else "E1"
    with store.writing() as unit:
        visits = (replace(begun, engineer_id=other, shift_id=f"{other}-mon", place=9), *first.visits[1:])
        unit.add_revision(replace(first, id="R3", base_number=1, visits=visits))
        unit.add_revision(replace(first, id="R4", base_number=1, visits=first.visits[1:]))
    for id in ("R3", "R4"):  # noqa: A001 - the field is called so
        with pytest.raises(PlanOutdated) as refused:
            publish(store, id)
        assert refused.value.tickets == (begun.ticket_id,)
    assert publish(store, "R2").publication.number == 2


def test_a_ticket_is_never_dispatched_in_the_plans_of_two_days(store: Store) -> None:
    fill(store)
    tomorrow = DAY + timedelta(days=1)
    with store.writing() as unit:
        day = timedelta(days=1)
        of_monday = unit.get(Shift, "E1-mon")
        unit.save(shift("E1", id="E1-tue"))
        unit.save(replace(unit.get(Shift, "E1-tue"), start_at=of_monday.start_at + day, end_at=of_monday.end_at + day))
    plan(store, "R1")
    plan(store, "R2", day=tomorrow)
    publish(store, "R1")
    with pytest.raises(PlanOutdated):
        publish(store, "R2")
    assert plan(store, "R3", day=tomorrow).visits == ()


def test_a_report_that_was_on_its_way_while_its_ticket_changed_hands_is_refused(store: Store) -> None:
    fill(store)
    first = plan(store, "R1")
    publish(store, "R1")
    given = first.visits[0]
    other = "E2" if given.engineer_id == "E1" else "E1"
    with store.reading() as unit:
        seen = unit.get(Ticket, given.ticket_id)
    visits = (replace(given, engineer_id=other, shift_id=f"{other}-mon", place=9), *first.visits[1:])
    with store.writing() as unit:
        unit.add_revision(replace(first, id="R2", base_number=1, visits=visits))
    assert publish(store, "R2").dispatched == (given.ticket_id,)
    with pytest.raises(StaleEdit), store.writing() as unit:
        unit.save(replace(seen, state=TicketState.TRAVELLING))


def test_no_such_revision_is_said(store: Store) -> None:
    with pytest.raises(NotFound):
        publish(store, "R9")
