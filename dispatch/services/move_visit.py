"""Move one visit of a revision by hand: first look what it breaks and costs, then keep it as a new revision.

A move that breaks a clause is refused by name and cannot be forced: what is published always passes ``paidan check``. To do it
all the same, change the ticket or the shift, so that the plan's request says what is true.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from dispatch.domain.errors import MoveIllegal, NotFound
from dispatch.domain.plan import Revision
from dispatch.domain.ticket import Ticket
from dispatch.format.model import Plan, Request
from dispatch.format.read import read_plan, read_request
from dispatch.format.write import write_plan, write_request
from dispatch.planning.place_by_hand import place_by_hand
from dispatch.services.by_hand import free_of_pin, is_settled, keep_by_hand, pins_of, tell_carried, tell_placed
from dispatch.storage.store import Reading, Writing


@dataclass(frozen=True, slots=True)
class Move:
    """What a move would do; nothing is kept yet.

    Parameters
    ----------
    place
        Among the planned visits of the shift, from 0.
    broken
        Why it is refused, a sentence in Chinese and one in English each; empty: it may be kept.
    cost_cny
        What it costs more than the revision as it is; below 0 it saves. None: it cannot even be timed.
    begin_at
        When the work would begin; None as for ``cost_cny``.
    changed
        The other tickets whose times would change.
    plan, request_json
        What would be kept; a request only where it differs: the ticket was pinned to somebody before.
    """

    revision_id: str
    ticket_id: str
    engineer_id: str
    shift_id: str
    place: int
    broken: tuple[tuple[str, str], ...]
    cost_cny: Decimal | None
    begin_at: datetime | None
    changed: tuple[str, ...]
    plan: Plan | None = field(default=None, repr=False)
    request_json: str | None = field(default=None, repr=False)

    @property
    def is_legal(self) -> bool:
        """Whether the move may be kept."""
        return not self.broken


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


def keep_move(unit: Writing, move: Move, *, revision_id: str, made_by: str, at: datetime) -> Revision:
    """Keep a move as a new revision, in which the visit is pinned to its engineer, and write down that it was moved.

    It has the same base as the revision it was made from; made from the plan in force, that plan is its base.

    Parameters
    ----------
    revision_id
        Of the new revision.

    Raises
    ------
    MoveIllegal
        The move breaks something; every reason is named.
    AlreadyThere
        The id is taken.
    """
    if move.broken or move.plan is None:
        raise MoveIllegal(move.ticket_id, move.shift_id, move.broken)
    old = unit.get_revision(move.revision_id)
    return keep_by_hand(
        unit,
        old,
        write_plan(move.plan),
        move.request_json or old.request_json,
        pinned=pins_of(old) | {move.ticket_id: move.engineer_id},
        revision_id=revision_id,
        made_by=made_by,
        at=at,
        event="VisitMoved",
        details={
            "ticket": move.ticket_id,
            "engineer": move.engineer_id,
            "shift": move.shift_id,
            "cost_cny": f"{move.cost_cny:.2f}",
        },
    )


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
        plan=placed.plan,
        request_json=None if freed is None else write_request(freed),
    )


def _refused(revision: Revision, ticket_id: str, engineer_id: str, shift_id: str) -> Move:
    """Refuse to move what is done or under way."""
    return Move(revision.id, ticket_id, engineer_id, shift_id, 0, (tell_carried(ticket_id),), None, None, ())
