"""Move one visit of a revision by hand: first look what it breaks and costs, then keep it as a new revision.

A move that breaks a clause is refused by name and cannot be forced: what is published always passes ``paidan check``. To do it
all the same, change the ticket or the shift, so that the plan's request says what is true.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dispatch.domain.errors import DispatchError, MoveIllegal, NotFound
from dispatch.domain.plan import Revision
from dispatch.domain.ticket import Ticket
from dispatch.format.model import Plan, Request
from dispatch.format.read import read_plan, read_request
from dispatch.format.write import write_plan, write_request
from dispatch.planning.place_by_hand import place_by_hand
from dispatch.services.by_hand import Both, ByHand, free_of_pin, is_settled, tell_carried, tell_placed
from dispatch.storage.store import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(ByHand):
    """What a move would do; kept, its visit is pinned to its engineer.

    Parameters
    ----------
    place
        Among the planned visits of the shift, from 0.
    begin_at
        When the work would begin; None: it cannot even be timed.
    """

    event = "VisitMoved"
    pins = True

    shift_id: str
    place: int = 0
    begin_at: datetime | None = None

    def refuse(self, broken: tuple[Both, ...]) -> DispatchError:
        """Return the error that says why it is not kept."""
        return MoveIllegal(self.ticket_id, self.shift_id, broken)

    def details(self) -> dict[str, str]:
        """Return what its event says."""
        return {**super(Move, self).details(), "shift": self.shift_id}


def look_at_move(
    unit: Reading, revision_id: str, ticket_id: str, shift_id: str, *, place: int | None = None, now: datetime
) -> Move:
    """Look what moving a ticket's visit into a shift breaks and costs; a ticket that is left out may be moved in.

    Parameters
    ----------
    revision_id
        The revision that the dispatcher looks at, published or not.
    ticket_id, shift_id
        What is moved where; the shift may be the one it is in.
    place
        Among the planned visits of the shift, from 0; None: the best one.
    now
        A moment with a zone; nothing may begin before it that does not do so already.

    Raises
    ------
    NotFound
        There is no such revision, or its request has no such ticket or shift: they came later, or the shift is over.
    """
    revision = unit.get_revision(revision_id)
    request, plan = read_request(revision.request_json), read_plan(revision.plan_json)
    owner = {shift.id: engineer.id for engineer in request.engineers for shift in engineer.shifts}
    if shift_id not in owner:
        raise NotFound("Shift", shift_id)
    ticket = unit.get(Ticket, ticket_id)
    if ticket_id not in {one.id for one in request.tickets}:
        if not any(visit.ticket_id == ticket_id for visit in revision.visits):
            raise NotFound("Ticket", ticket_id)
        return _refused(revision, ticket_id, owner[shift_id], shift_id)
    if is_settled(ticket):
        return _refused(revision, ticket_id, owner[shift_id], shift_id)
    return _look(revision, request, plan, ticket_id, owner[shift_id], shift_id, place, now)


def _look(
    revision: Revision,
    request: Request,
    plan: Plan,
    ticket_id: str,
    engineer_id: str,
    shift_id: str,
    place: int | None,
    now: datetime,
) -> Move:
    """Put the visit there and see; an earlier pin of the ticket does not hold it back."""
    freed = free_of_pin(request, ticket_id)
    request = freed or request
    try:
        placed = place_by_hand(request, plan, ticket_id, shift_id, place)
    except KeyError:
        raise NotFound("Shift", shift_id) from None
    broken, begins, changed = tell_placed(plan, placed, now)
    return Move(
        revision_id=revision.id,
        ticket_id=ticket_id,
        engineer_id=engineer_id,
        shift_id=shift_id,
        place=placed.place,
        broken=broken,
        cost_cny=placed.cost_cny,
        begin_at=begins.get(ticket_id),
        changed=tuple(other for other in changed if other != ticket_id),
        request_json=revision.request_json if freed is None else write_request(freed),
        plan_json=None if placed.plan is None else write_plan(placed.plan),
    )


def _refused(revision: Revision, ticket_id: str, engineer_id: str, shift_id: str) -> Move:
    """Refuse to move what is done or under way."""
    return Move(
        revision_id=revision.id,
        ticket_id=ticket_id,
        engineer_id=engineer_id,
        shift_id=shift_id,
        broken=(tell_carried(ticket_id),),
    )
