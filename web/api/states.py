"""A ticket's state: how it came to it, what may follow, and changing it."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from dispatch.domain.ticket import Ticket as TicketRecord
from dispatch.domain.ticket import TicketState
from dispatch.domain.ticket_states import list_next_by_hand
from dispatch.services.change_state import LONGEST_REASON, change_state, read_changes
from dispatch.storage.store import Reading, Writing
from web.api import shapes
from web.api.section import Asked, Section
from web.api.shape import Moment, Shape, Text, Version

Reason = Annotated[
    Text,
    Field(
        max_length=LONGEST_REASON,
        description="Required to cancel, reopen, hand to a partner, or wait for the customer or for parts.",
    ),
]


class NewTransition(Shape):
    """A change of a ticket's state by hand; ``device_at`` is when it happened, by the clock of the device that tells."""

    version: Version
    to: TicketState
    why: Reason = ""
    device_at: Moment | None = None


class Transition(Shape):
    """A change of state as it was written down.

    ``cause``: ``ByHand``, or the event that brought it, such as ``TicketDispatched``. ``at``: when it reached us.
    """

    before: TicketState
    after: TicketState
    at: Moment
    by: str
    cause: str
    why: str
    device_at: Moment | None


class Transitions(Shape):
    """How a ticket came to its state, the first change first, and to which states a person may change it now."""

    state: TicketState
    possible: tuple[TicketState, ...]
    items: tuple[Transition, ...]


states: Final = Section("states")


@states.on("GET", "/tickets/<id>/transitions")
def list_transitions(unit: Reading, asked: Asked, id: str) -> Transitions:  # noqa: A002, ARG001 - as addresses have it
    """List a ticket's changes of state, and what may follow."""
    ticket = unit.get(TicketRecord, id)
    changes = read_changes(unit.list_ticket_events([id]))
    return Transitions(
        state=ticket.state,
        possible=list_next_by_hand(ticket.state),
        items=tuple(Transition.of(change) for change in changes),
    )


@states.on("POST", "/tickets/<id>/transitions", keyed=True)
def change_ticket_state(unit: Writing, asked: Asked, id: str, body: NewTransition) -> shapes.Ticket:  # noqa: A002 - the same
    """Change a ticket's state by hand, if it is still the version that was read and may go there."""
    moved = change_state(
        unit,
        id,
        body.to,
        version=body.version,
        why=body.why,
        device_at=body.device_at,
        by=asked.by,
        now=asked.now,
    )
    return shapes.Ticket.of(moved)
