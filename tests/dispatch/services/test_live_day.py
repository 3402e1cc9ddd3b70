"""What the board of a day shows, counted."""

from __future__ import annotations

from dataclasses import replace

from dispatch.domain.ticket import Grade, Ticket, TicketState
from dispatch.services.day_board import read_day_board
from dispatch.services.live_day import DayCounts, count_day
from dispatch.storage.store import Store
from tests.dispatch.planning.days import at
from tests.dispatch.services.desk import fill, set_state
from tests.dispatch.services.plans import plan


def count(store: Store) -> DayCounts:
    with store.reading() as unit:
        return count_day(read_day_board(unit, "hz", at("08:00").date()))


def test_without_a_plan_every_open_ticket_waits(store: Store) -> None:
    fill(store)
    set_state(store, "T4", TicketState.CANCELLED)
    assert count(store) == DayCounts(engineers=2, visits=0, waiting=3, pressing=0)


def test_of_what_waits_emergencies_and_urgent_ones_press(store: Store) -> None:
    fill(store)
    for ticket_id, grade in (("T1", Grade.EMERGENCY), ("T2", Grade.URGENT), ("T3", Grade.IMPORTANT)):
        with store.writing() as unit:
            unit.save(replace(unit.get(Ticket, ticket_id), grade=grade))
    assert count(store).pressing == 2


def test_what_the_newest_plan_visits_does_not_wait(store: Store) -> None:
    fill(store)
    set_state(store, "T4", TicketState.REMOTE)
    plan(store, "R1")
    set_state(store, "T4", TicketState.READY)
    assert count(store) == DayCounts(engineers=2, visits=3, waiting=1, pressing=0)
