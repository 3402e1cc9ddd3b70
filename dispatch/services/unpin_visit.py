"""End the pin of one visit by hand: it stays where it is, and the next planning may give it to somebody else.

This breaks no clause and moves nobody, so that it costs nothing by itself.
"""

from __future__ import annotations

from dispatch.domain.errors import NotFound
from dispatch.domain.plan import Pin
from dispatch.domain.ticket import Ticket
from dispatch.format.read import read_request
from dispatch.format.write import write_request
from dispatch.services.by_hand import ByHand, free_of_pin, is_settled, tell_carried
from dispatch.storage.store import Reading


class Unpin(ByHand):
    """What ending a pin would do."""

    __slots__ = ()
    event = "VisitUnpinned"


def look_at_unpin(unit: Reading, revision_id: str, ticket_id: str) -> Unpin:
    """Look whether the pin of a ticket's visit may end.

    Raises
    ------
    NotFound
        There is no such revision, or it has no pinned visit to the ticket.
    """
    revision = unit.get_revision(revision_id)
    visit = next((one for one in revision.visits if one.ticket_id == ticket_id and one.pin is not Pin.NONE), None)
    if visit is None:
        raise NotFound("Pin", ticket_id)
    freed = free_of_pin(read_request(revision.request_json), ticket_id)
    return Unpin(
        revision_id=revision_id,
        ticket_id=ticket_id,
        engineer_id=visit.engineer_id,
        broken=(tell_carried(ticket_id),) if is_settled(unit.get(Ticket, ticket_id)) else (),
        request_json=revision.request_json if freed is None else write_request(freed),
        plan_json=revision.plan_json,
    )
