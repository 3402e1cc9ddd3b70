"""Take one visit out of a revision by hand: first look what that breaks and costs, then keep it as a new revision.

The ticket stays open. The next planning may plan it again, with whoever suits best: taking out also ends its pin.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from dispatch.domain.errors import ChangeIllegal, NotFound
from dispatch.domain.plan import Revision
from dispatch.domain.ticket import Ticket
from dispatch.format.model import Plan
from dispatch.format.read import read_plan, read_request
from dispatch.format.write import write_plan, write_request
from dispatch.planning.place_by_hand import take_out_by_hand
from dispatch.services.by_hand import Both, free_of_pin, is_settled, keep_by_hand, pins_of, tell_carried, tell_placed
from dispatch.storage.store import Reading, Writing


@dataclass(frozen=True, slots=True)
class TakeOut:
    """What taking a visit out would do; nothing is kept yet.

    Parameters
    ----------
    engineer_id
        Who would have come.
    broken
        Why it is refused, a sentence in Chinese and one in English each; empty: it may be kept.
    cost_cny
        What the plan costs more without the visit, leaving the ticket out included; below 0 it saves. None: it is refused
        before it is counted.
    changed
        The other tickets whose times would change.
    plan, request_json
        What would be kept; a request only where it differs: the ticket was pinned before.
    """

    revision_id: str
    ticket_id: str
    engineer_id: str
    broken: tuple[Both, ...]
    cost_cny: Decimal | None
    changed: tuple[str, ...]
    plan: Plan | None = field(default=None, repr=False)
    request_json: str | None = field(default=None, repr=False)

    @property
    def is_legal(self) -> bool:
        """Whether the visit may be taken out."""
        return not self.broken


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
        return TakeOut(revision_id, ticket_id, visit.engineer_id, (tell_carried(ticket_id),), None, ())
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
        plan=placed.plan,
        request_json=None if freed is None else write_request(freed),
    )


def keep_take_out(unit: Writing, looked: TakeOut, *, revision_id: str, made_by: str, at: datetime) -> Revision:
    """Keep the plan without the visit as a new revision, and write down that it was taken out.

    Parameters
    ----------
    revision_id
        Of the new revision.

    Raises
    ------
    ChangeIllegal
        It breaks something; every reason is named.
    AlreadyThere
        The id is taken.
    """
    if looked.broken or looked.plan is None:
        raise ChangeIllegal(looked.ticket_id, looked.broken)
    old = unit.get_revision(looked.revision_id)
    return keep_by_hand(
        unit,
        old,
        write_plan(looked.plan),
        looked.request_json or old.request_json,
        pinned=pins_of(old),
        revision_id=revision_id,
        made_by=made_by,
        at=at,
        event="VisitTakenOut",
        details={
            "ticket": looked.ticket_id,
            "engineer": looked.engineer_id,
            "cost_cny": f"{looked.cost_cny:.2f}",
        },
    )
