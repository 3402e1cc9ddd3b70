"""End the pin of one visit by hand: it stays where it is, and the next planning may give it to somebody else.

This breaks no clause and moves nobody, so that it costs nothing by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dispatch.domain.errors import ChangeIllegal, NotFound
from dispatch.domain.plan import Pin, Revision
from dispatch.domain.ticket import Ticket
from dispatch.format.read import read_request
from dispatch.format.write import write_request
from dispatch.services.by_hand import Both, free_of_pin, is_settled, keep_by_hand, pins_of, tell_carried
from dispatch.storage.store import Reading, Writing


@dataclass(frozen=True, slots=True)
class Unpin:
    """What ending a pin would do; nothing is kept yet.

    Parameters
    ----------
    engineer_id
        To whom the visit is pinned.
    broken
        Why it is refused, a sentence in Chinese and one in English each; empty: it may be kept.
    """

    revision_id: str
    ticket_id: str
    engineer_id: str
    broken: tuple[Both, ...]

    @property
    def is_legal(self) -> bool:
        """Whether the pin may end."""
        return not self.broken


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
    broken = (tell_carried(ticket_id),) if is_settled(unit.get(Ticket, ticket_id)) else ()
    return Unpin(revision_id, ticket_id, visit.engineer_id, broken)


def keep_unpin(unit: Writing, looked: Unpin, *, revision_id: str, made_by: str, at: datetime) -> Revision:
    """Keep the same plan without the pin as a new revision, and write down that it ended.

    Parameters
    ----------
    revision_id
        Of the new revision.

    Raises
    ------
    ChangeIllegal
        The visit is done or under way.
    AlreadyThere
        The id is taken.
    """
    if looked.broken:
        raise ChangeIllegal(looked.ticket_id, looked.broken)
    old = unit.get_revision(looked.revision_id)
    freed = free_of_pin(read_request(old.request_json), looked.ticket_id)
    pinned = {ticket_id: engineer for ticket_id, engineer in pins_of(old).items() if ticket_id != looked.ticket_id}
    return keep_by_hand(
        unit,
        old,
        old.plan_json,
        old.request_json if freed is None else write_request(freed),
        pinned=pinned,
        revision_id=revision_id,
        made_by=made_by,
        at=at,
        event="VisitUnpinned",
        details={"ticket": looked.ticket_id, "engineer": looked.engineer_id},
    )
