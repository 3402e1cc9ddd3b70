"""Take one visit out of a revision by hand: first look what that breaks and costs, then keep it as a new revision.

The ticket stays open. The next planning may plan it again, with whoever suits best: taking out also ends its pin.
"""

from __future__ import annotations

from datetime import datetime

from dispatch.domain.errors import NotFound
from dispatch.domain.ticket import Ticket
from dispatch.format.read import read_plan, read_request
from dispatch.format.write import write_plan, write_request
from dispatch.planning.place_by_hand import take_out_by_hand
from dispatch.services.by_hand import ByHand, free_of_pin, is_settled, tell_carried, tell_placed
from dispatch.storage.store import Reading


class TakeOut(ByHand):
    """What taking a visit out would do; its cost counts that the ticket is left out."""

    __slots__ = ()
    event = "VisitTakenOut"


def look_at_take_out(unit: Reading, revision_id: str, ticket_id: str, *, now: datetime) -> TakeOut:
    """Look what taking a ticket's visit out breaks and costs.

    Parameters
    ----------
    revision_id
        The revision that the dispatcher looks at, published or not.
    now
        A moment with a zone; no other visit may come to begin before it.

    Raises
    ------
    NotFound
        There is no such revision, or it does not visit the ticket.
    """
    revision = unit.get_revision(revision_id)
    visit = next((one for one in revision.visits if one.ticket_id == ticket_id), None)
    if visit is None:
        raise NotFound("Visit", ticket_id)
    request, plan = read_request(revision.request_json), read_plan(revision.plan_json)
    if is_settled(unit.get(Ticket, ticket_id)) or ticket_id not in {one.id for one in request.tickets}:
        return TakeOut(
            revision_id=revision_id,
            ticket_id=ticket_id,
            engineer_id=visit.engineer_id,
            broken=(tell_carried(ticket_id),),
        )
    freed = free_of_pin(request, ticket_id)
    placed = take_out_by_hand(freed or request, plan, ticket_id)
    broken, _, changed = tell_placed(plan, placed, now)
    return TakeOut(
        revision_id=revision_id,
        ticket_id=ticket_id,
        engineer_id=visit.engineer_id,
        broken=broken,
        cost_cny=placed.cost_cny,
        changed=changed,
        request_json=revision.request_json if freed is None else write_request(freed),
        plan_json=None if placed.plan is None else write_plan(placed.plan),
    )
