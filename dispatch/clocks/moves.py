"""What moves when another pack is in use, or tickets get another grade."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from dispatch.calendars.model import Calendars
from dispatch.clocks.model import TicketFacts
from dispatch.clocks.read import due_of
from dispatch.domain.ticket import Grade
from dispatch.policies.packs.model import STAGES, Pack, Stage
from dispatch.policies.packs.strictest import Due


@dataclass(frozen=True, slots=True)
class Move:
    """A stage of a ticket whose deadline, earliest moment or clause changes; None: it was not, or is no longer, due."""

    ticket_id: str
    stage: Stage
    before: Due | None
    after: Due | None


def list_moves(
    tickets: Iterable[TicketFacts],
    *,
    before: Pack,
    after: Pack,
    calendars: Calendars,
    now: datetime,
    grades: Mapping[str, Grade] | None = None,
) -> tuple[Move, ...]:
    """List what moves, ticket by ticket and in the order of their stages; stages that were reached stay as they were.

    Parameters
    ----------
    tickets
        With the grades that they have.
    before, after
        The pack in use and the one that would be; the same pack twice where only grades change.
    calendars
        Which hours are worked.
    now
        A moment with a zone.
    grades
        The new grade of a ticket by its id; tickets that are not in it keep theirs.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> from dispatch.calendars.read import get_calendars
    >>> from dispatch.policies.packs.model import Facts
    >>> from dispatch.policies.packs.read import get_pack
    >>> friday = datetime(2026, 9, 18, 17, 50, tzinfo=ZoneInfo("Asia/Shanghai"))
    >>> ticket = TicketFacts("WX1", Facts("urgent", "silver", friday))
    >>> moves = list_moves(
    ...     [ticket], before=get_pack("002"), after=get_pack("strict"), calendars=get_calendars(), now=friday
    ... )
    >>> [(move.stage.value, move.before.clause, move.after.clause) for move in moves]
    [('respond', 'GR-03', 'GR-02'), ('arrive', 'GR-03', 'SL-07')]
    """
    found = []
    for ticket in tickets:
        grade = (grades or {}).get(ticket.ticket_id, ticket.facts.grade)
        regraded = replace(ticket, facts=replace(ticket.facts, grade=grade))
        for stage in STAGES:
            reached_at = ticket.find_reached(stage)
            if reached_at is not None and reached_at <= now.astimezone(UTC):
                continue
            was = due_of(ticket, stage, before, calendars, now)
            becomes = due_of(regraded, stage, after, calendars, now)
            if _told(was) != _told(becomes):
                found.append(Move(ticket.ticket_id, stage, was, becomes))
    return tuple(found)


def _told(due: Due | None) -> tuple[object, ...] | None:
    """Return what people are told of a deadline."""
    if due is None:
        return None
    earliest = None if due.earliest is None else due.earliest.at
    return due.by_at, due.clause, earliest
