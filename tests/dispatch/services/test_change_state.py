from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dispatch.domain.errors import IllegalTransition, ImpossibleRecord, StaleEdit
from dispatch.domain.region import Region
from dispatch.domain.ticket import Ticket, TicketState
from dispatch.domain.ticket_states import NEEDS_REASON, TRANSITIONS, list_next_by_hand
from dispatch.services.change_state import BY_HAND, begin_ticket, change_state, move_tickets, read_changes
from dispatch.services.edit_records import edit_record
from dispatch.storage.store import Store

NINE = datetime(2026, 11, 23, 1, tzinfo=UTC)


@pytest.fixture
def region(store: Store) -> Store:
    with store.writing() as unit:
        unit.save(Region("hz", "杭州"))
    return store


def test_every_change_by_hand_is_kept_with_who_when_and_why(region: Store) -> None:
    with region.writing() as unit:
        unit.save(Ticket("T", "hz", NINE))
        change_state(unit, "T", TicketState.ACKNOWLEDGED, version=1, why="", by="d1", now=NINE)
        earlier = NINE - timedelta(minutes=3)
        cancelled = change_state(
            unit, "T", TicketState.CANCELLED, version=2, why=" 客户自行修好 ", by="m1", now=NINE, device_at=earlier
        )
        assert (cancelled.state, cancelled.version) == (TicketState.CANCELLED, 3)
        first, second = read_changes(unit.list_ticket_events(["T"]))
    assert (first.before, first.after, first.by, first.at, first.cause, first.why, first.device_at) == (
        TicketState.NEW,
        TicketState.ACKNOWLEDGED,
        "d1",
        NINE,
        BY_HAND,
        "",
        None,
    )
    assert (second.after, second.by, second.why, second.device_at) == (
        TicketState.CANCELLED,
        "m1",
        "客户自行修好",
        earlier,
    )


@pytest.mark.parametrize("state", TicketState)
def test_from_each_state_a_person_gets_where_it_is_said_to_and_nowhere_else(store: Store, state: TicketState) -> None:
    with store.writing() as unit:
        unit.save(Region("hz", "杭州"))
        for after in TicketState:
            unit.save(Ticket(after, "hz", NINE, state=state))
            if after in list_next_by_hand(state):
                assert change_state(unit, after, after, version=1, why="客户要求", by="d", now=NINE).state is after
                continue
            with pytest.raises(IllegalTransition):
                change_state(unit, after, after, version=1, why="客户要求", by="d", now=NINE)
            assert unit.get(Ticket, after).version == 1
        assert len(unit.list_events()) == len(list_next_by_hand(state))


def test_a_reason_is_asked_for_where_others_will_ask_why(region: Store) -> None:
    with region.writing() as unit:
        for after in NEEDS_REASON:
            before = next(state for state, nexts in TRANSITIONS.items() if after in nexts)
            unit.save(Ticket(after, "hz", NINE, state=before))
            with pytest.raises(ImpossibleRecord, match="why must be a reason in a few words"):
                change_state(unit, after, after, version=1, why=" ", by="d", now=NINE)
        with pytest.raises(ImpossibleRecord, match="at most 500 characters"):
            change_state(
                unit, TicketState.CANCELLED, TicketState.CANCELLED, version=1, why="长" * 501, by="d", now=NINE
            )
        assert unit.list_events() == []


def test_who_looked_at_an_older_version_is_told_what_differs(region: Store) -> None:
    with region.writing() as unit:
        unit.save(Ticket("T", "hz", NINE, state=TicketState.FIXED))
        change_state(unit, "T", TicketState.SIGNED, version=1, why="", by="d1", now=NINE)
    with pytest.raises(StaleEdit) as refused, region.writing() as unit:
        change_state(unit, "T", TicketState.SIGNED, version=1, why="", by="d2", now=NINE)
    assert [change.name for change in refused.value.changes] == []
    with region.reading() as unit:
        assert len(read_changes(unit.list_ticket_events(["T"]))) == 1


def test_of_tickets_that_move_together_one_that_cannot_stops_all(region: Store) -> None:
    with region.writing() as unit:
        unit.save_all([Ticket("A", "hz", NINE, state=TicketState.READY), Ticket("B", "hz", NINE)])
    with region.reading() as unit:
        moves = [(ticket, TicketState.DISPATCHED) for ticket in unit.list_all(Ticket)]
    with pytest.raises(IllegalTransition, match="ticket B cannot go from new to dispatched"), region.writing() as unit:
        move_tickets(unit, moves, cause="TicketDispatched", by="d", now=NINE)
    with region.reading() as unit:
        assert (unit.get(Ticket, "A").state, unit.list_events()) == (TicketState.READY, [])


def test_no_edit_changes_a_state_and_no_ticket_begins_half_way(region: Store) -> None:
    with region.writing() as unit:
        ticket = unit.save(Ticket("T", "hz", NINE))
        with pytest.raises(ImpossibleRecord, match="state must be left out of an edit"):
            edit_record(unit, Ticket, "T", version=1, changes={"state": TicketState.READY}, by="d", now=NINE)
    assert begin_ticket(ticket).state is TicketState.READY
    with pytest.raises(ImpossibleRecord, match="one of new"):
        begin_ticket(ticket, TicketState.FIXED)
