from __future__ import annotations

from itertools import pairwise, product

import pytest

from dispatch.domain.errors import IllegalTransition, ImpossibleRecord
from dispatch.domain.ticket import OUTCOMES_OF_VISITS, PLANNED_STATES, WORK_DONE, TicketState
from dispatch.domain.ticket_states import (
    BEGINNINGS,
    BY_PLAN,
    TRANSITIONS,
    WORDS,
    WORK_WAS_FIXED,
    check_beginning,
    check_transition,
    list_next,
)

S = TicketState

LINE = (
    S.NEW,
    S.ACKNOWLEDGED,
    S.GRADED,
    S.READY,
    S.PLANNED,
    S.DISPATCHED,
    S.ACCEPTED,
    S.TRAVELLING,
    S.ON_SITE,
    S.WORKING,
    S.FIXED,
    S.SIGNED,
    S.FOLLOW_UP,
    S.CLOSED,
    S.ARCHIVED,
)
"""The straight way."""

LISTED = """
new: acknowledged cancelled
acknowledged: graded cancelled
graded: remote ready with_partner cancelled
remote: ready interim waiting_for_parts waiting_for_customer fixed with_partner cancelled
ready: planned dispatched remote waiting_for_parts waiting_for_customer with_partner cancelled
planned: dispatched ready remote waiting_for_parts waiting_for_customer with_partner cancelled
dispatched: accepted travelling ready waiting_for_parts waiting_for_customer with_partner cancelled
accepted: travelling dispatched ready waiting_for_parts waiting_for_customer with_partner cancelled
travelling: on_site ready needs_help with_partner cancelled
on_site: working interim waiting_for_parts waiting_for_customer needs_help fixed with_partner cancelled
working: interim waiting_for_parts waiting_for_customer needs_help fixed with_partner cancelled
interim: waiting_for_parts waiting_for_customer needs_help ready fixed with_partner cancelled
waiting_for_parts: interim waiting_for_customer needs_help ready fixed with_partner cancelled
waiting_for_customer: interim waiting_for_parts needs_help ready fixed with_partner cancelled
needs_help: working interim waiting_for_parts waiting_for_customer ready fixed with_partner cancelled
fixed: signed follow_up reopened
signed: follow_up reopened
follow_up: closed reopened
closed: archived reopened
archived:
cancelled: reopened archived
reopened: graded cancelled
with_partner: fixed graded cancelled
"""
"""Every pair that may be, written out once more."""


def listed() -> set[tuple[TicketState, TicketState]]:
    """Read the table."""
    rows = [line.split(":") for line in LISTED.strip().splitlines()]
    return {(S(before), S(after)) for before, afters in rows for after in afters.split()}


@pytest.mark.parametrize(("before", "after"), list(product(TicketState, repeat=2)))
def test_each_pair_of_states_is_listed_or_refused_by_name(before: TicketState, after: TicketState) -> None:
    if (before, after) in listed():
        check_transition("WX7", before, after)
        return
    with pytest.raises(IllegalTransition) as refused:
        check_transition("WX7", before, after)
    error = refused.value
    assert (error.before, error.after, error.possible) == (before, after, TRANSITIONS[before])
    for language, word in (("zh", 0), ("en", 1)):
        said = error.say(language)
        assert "WX7" in said
        assert all(WORDS[state][word] in said for state in (before, after, *TRANSITIONS[before]))


@pytest.mark.parametrize(("before", "after"), list(product(TicketState, repeat=2)))
def test_what_only_a_plan_does_no_person_does(before: TicketState, after: TicketState) -> None:
    if (before, after) in listed() and after not in BY_PLAN:
        check_transition("WX7", before, after, by_hand=True)
        return
    with pytest.raises(IllegalTransition):
        check_transition("WX7", before, after, by_hand=True)


def test_the_straight_way_is_open_and_every_state_can_be_come_to() -> None:
    assert [pair for pair in pairwise(LINE) if pair not in listed()] == []
    assert {after for _, after in listed()} | {S.NEW} == set(TicketState)
    reached, fresh = {S.NEW}, {S.NEW}
    while fresh:
        fresh = {after for state in fresh for after in list_next(state)} - reached
        reached |= fresh
    assert reached == set(TicketState)


def test_every_ticket_can_come_to_an_end() -> None:
    for state in TicketState:
        reached = {state}
        for _ in TicketState:
            reached |= {after for one in reached for after in list_next(one)}
        assert S.ARCHIVED in reached, state


def test_only_what_is_done_is_reopened_and_only_what_is_ready_is_dispatched() -> None:
    assert {before for before, after in listed() if after is S.REOPENED} == {*WORK_WAS_FIXED, S.CANCELLED}
    assert WORK_WAS_FIXED < WORK_DONE
    assert {before for before, after in listed() if after is S.DISPATCHED} | {S.DISPATCHED} == PLANNED_STATES


def test_work_on_site_can_end_in_each_way_that_the_phone_offers() -> None:
    assert set(list_next(S.ON_SITE)) & set(list_next(S.WORKING)) >= OUTCOMES_OF_VISITS


@pytest.mark.parametrize("state", TicketState)
def test_a_ticket_begins_before_anybody_is_sent(state: TicketState) -> None:
    if state in BEGINNINGS:
        check_beginning(state)
        return
    with pytest.raises(ImpossibleRecord, match="one of new, acknowledged, graded, ready for a new ticket"):
        check_beginning(state)
