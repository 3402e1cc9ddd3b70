"""The one door through which a ticket's state changes, and what is written down of every change.

Each change is an event ``TicketStateChanged``: from which state to which, by whom, when, what caused it and why. A published
plan and an engineer's report come through here as a person at the desk does; what is not listed in
:mod:`dispatch.domain.ticket_states` is refused by name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from dispatch.domain.errors import ImpossibleRecord
from dispatch.domain.event import Event
from dispatch.domain.ticket import Ticket, TicketState
from dispatch.domain.ticket_states import NEEDS_REASON, check_beginning, check_transition
from dispatch.storage.store import Writing

STATE_CHANGED: Final = "TicketStateChanged"
"""What is written down when a ticket's state changes."""

BY_HAND: Final = "ByHand"
"""The cause of a change that a person makes; other causes are names of events."""

LONGEST_REASON: Final = 500
"""Characters of a reason."""


@dataclass(frozen=True, slots=True)
class StateChange:
    """One change of a ticket's state as it was written down.

    Parameters
    ----------
    at, device_at
        When it reached us, and when it happened by the clock of the device that told; None: no device told.
    cause
        :data:`BY_HAND`, or the event that brought it: ``TicketDispatched``, ``VisitArrived``.
    why
        The reason in the person's words; empty: none was given.
    """

    ticket_id: str
    before: TicketState
    after: TicketState
    at: datetime
    by: str
    cause: str
    why: str = ""
    device_at: datetime | None = None


def begin_ticket(ticket: Ticket, state: TicketState = TicketState.READY) -> Ticket:
    """Return a ticket that is about to be taken in, in its first state.

    Raises
    ------
    ImpossibleRecord
        No ticket begins in that state.
    """
    check_beginning(state)
    return replace(ticket, state=state)


def move_tickets(
    unit: Writing,
    moves: Iterable[tuple[Ticket, TicketState]],
    *,
    cause: str,
    by: str,
    now: datetime,
    device_at: datetime | None = None,
) -> list[Ticket]:
    """Change the states of tickets because something happened; return them as they are now.

    A ticket that is in its state already is saved all the same, so that whoever edits it meets another version.

    Parameters
    ----------
    cause
        The event that brings it, which the caller writes down.
    device_at
        When it happened, by the clock of the device that told.

    Raises
    ------
    IllegalTransition
        One of them cannot go there; none is changed.
    StaleEdit
        Somebody edited one in the same moment.
    """
    given = list(moves)
    for ticket, after in given:
        if ticket.state is not after:
            check_transition(ticket.id, ticket.state, after)
    saved = [one for one in unit.save_all(_moved(*move) for move in given) if isinstance(one, Ticket)]
    for (ticket, after), kept in zip(given, saved, strict=True):
        if ticket.state is not after:
            _write_down(unit, StateChange(ticket.id, ticket.state, after, now, by, cause, "", device_at), kept)
    return saved


def change_state(
    unit: Writing,
    ticket_id: str,
    after: TicketState,
    *,
    version: int,
    why: str,
    by: str,
    now: datetime,
    device_at: datetime | None = None,
) -> Ticket:
    """Change a ticket's state by hand; return it as it is now.

    Parameters
    ----------
    version
        The one that the person looked at.
    why
        The reason; may be empty where :data:`~dispatch.domain.ticket_states.NEEDS_REASON` does not ask for one.

    Raises
    ------
    NotFound, StaleEdit
        It was removed, or edited, meanwhile.
    IllegalTransition
        It cannot go there, or only a plan can bring it there.
    ImpossibleRecord
        There is no reason where one is needed, or it is too long.
    """
    before = unit.get(Ticket, ticket_id)
    if before.version == version:  # else it is told what somebody else changed, not what is impossible since
        check_transition(ticket_id, before.state, after, by_hand=True)
        check_reason("Transition.why", why, is_needed=after in NEEDS_REASON)
    saved = unit.save(replace(_moved(before, after), version=version))
    change = StateChange(ticket_id, before.state, after, now, by, BY_HAND, why.strip(), device_at)
    _write_down(unit, change, saved)
    return saved


def check_reason(name: str, why: str, *, is_needed: bool) -> None:
    """Refuse a reason that is missing or too long.

    Raises
    ------
    ImpossibleRecord
        Names the field and says what was expected, without what was written.
    """
    if is_needed and not why.strip():
        raise ImpossibleRecord(name, ("请写明原因", "a reason in a few words"), ("（空白）", "blank"))
    if len(why) > LONGEST_REASON:
        raise ImpossibleRecord(name, (f"最多 {LONGEST_REASON} 个字", f"at most {LONGEST_REASON} characters"), len(why))


def read_changes(events: Iterable[Event]) -> list[StateChange]:
    """Return the changes of state among events, in their order."""
    return [_change_of(event) for event in events if event.name == STATE_CHANGED]


def _moved(ticket: Ticket, after: TicketState) -> Ticket:
    """Return a ticket in another state."""
    return replace(ticket, state=after)


def _write_down(unit: Writing, change: StateChange, ticket: Ticket) -> None:
    """Add the event of a change."""
    details = {
        "from": change.before.value,
        "to": change.after.value,
        "cause": change.cause,
        "why": change.why,
        "device_at": None if change.device_at is None else change.device_at.isoformat(),
        "version": ticket.version,
    }
    unit.add_event(Event(STATE_CHANGED, change.at, "Ticket", ticket.id, ticket.region_id, change.by, details))


def _change_of(event: Event) -> StateChange:
    """Read the change that an event was made of."""
    details = event.details
    device_at = details["device_at"]
    return StateChange(
        event.subject_id,
        TicketState(str(details["from"])),
        TicketState(str(details["to"])),
        event.at,
        event.actor,
        str(details["cause"]),
        str(details["why"]),
        None if device_at is None else datetime.fromisoformat(str(device_at)),
    )
