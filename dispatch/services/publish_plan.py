"""Publish a revision: from then on it is what engineers are told.

Tickets follow: those it visits become *dispatched* (again, when they go to another engineer), those that the plan in force
visited and it does not go back to *ready*. Tickets that are under way, done, cancelled or waiting keep their state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dispatch.domain.errors import PlanOutdated
from dispatch.domain.event import Event
from dispatch.domain.plan import OtherVisit, Publication, Revision, Visit
from dispatch.domain.ticket import PLANNED_STATES, TOLD_STATES, UNDER_WAY, Ticket, TicketState
from dispatch.services.change_state import move_tickets
from dispatch.services.report_visit import DISPATCHED
from dispatch.storage.store import Reading, Writing

TAKEN_BACK: Final = "TicketTakenBack"
"""What is written down when a new plan sends nobody there any more."""

TAKEN_BACK_FROM: Final = TOLD_STATES | {TicketState.PLANNED}
"""States from which a ticket goes back to ready when no engineer goes there any more."""


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing changed.

    Parameters
    ----------
    publication
        With its number.
    dispatched
        Tickets whose engineer has to be told.
    taken_back
        Tickets that are ready again; the engineers that had them have to be told.
    """

    publication: Publication
    dispatched: tuple[str, ...]
    taken_back: tuple[str, ...]


def publish_plan(unit: Writing, revision_id: str, *, by: str, at: datetime) -> Published:
    """Publish a revision, move its tickets to their states, and write down what happened.

    Of two at once one wins. A revision is published once; to go back to an earlier one, plan anew.

    Parameters
    ----------
    unit
        To write in: all of it is kept, or nothing.
    revision_id
        Which revision.
    by, at
        Who publishes it, and when.

    Raises
    ------
    NotFound
        There is no such revision.
    PlanOvertaken
        Another was published since the plan it was made from, or this one itself was; re-plan.
    PlanOutdated
        An engineer is on the way to a ticket, or at work there, whom the plan does not send there; a ticket was
        dispatched in the plan of another day; or the plan of another day has the engineer somewhere else at that time.
        Re-plan.
    StaleEdit
        A ticket was edited in this very moment; try again.
    """
    revision = unit.get_revision(revision_id)
    before = find_in_force(unit, revision)
    publication = unit.publish(revision_id, at=at, by=by)
    was = {} if before is None else {visit.ticket_id: visit.engineer_id for visit in before.visits}
    will = {visit.ticket_id: visit.engineer_id for visit in revision.visits}
    tickets = unit.list_all(Ticket, id=was.keys() | will.keys())
    _refuse_outdated(unit, revision, tickets, was, will, at)
    dispatched = [ticket for ticket in tickets if _is_news(ticket, was.get(ticket.id), will.get(ticket.id))]
    taken_back = [ticket for ticket in tickets if ticket.id not in will and ticket.state in TAKEN_BACK_FROM]
    # those too that are dispatched already: a report that was on its way meets another version and is refused
    move_tickets(unit, ((one, TicketState.DISPATCHED) for one in dispatched), cause=DISPATCHED, by=by, now=at)
    move_tickets(unit, ((one, TicketState.READY) for one in taken_back), cause=TAKEN_BACK, by=by, now=at)
    for ticket in dispatched:
        details = {
            "engineer": will[ticket.id],
            "was_engineer": was.get(ticket.id),
            "revision": revision_id,
            "day": revision.day.isoformat(),
        }
        unit.add_event(Event(DISPATCHED, at, "Ticket", ticket.id, revision.region_id, by, details))
    for ticket in taken_back:
        details = {"was_engineer": was[ticket.id], "revision": revision_id}
        unit.add_event(Event(TAKEN_BACK, at, "Ticket", ticket.id, revision.region_id, by, details))
    unit.add_event(
        Event(
            "PlanPublished",
            at,
            "Revision",
            revision_id,
            revision.region_id,
            by,
            {
                "day": revision.day.isoformat(),
                "number": publication.number,
                "visits": len(revision.visits),
                "dispatched": len(dispatched),
                "taken_back": len(taken_back),
            },
        )
    )
    return Published(publication, tuple(ticket.id for ticket in dispatched), tuple(ticket.id for ticket in taken_back))


def find_in_force(unit: Reading, revision: Revision) -> Revision | None:
    """Return the plan in force of a revision's region and day; None if none was published."""
    publication = unit.find_published(revision.region_id, revision.day)
    return None if publication is None else unit.get_revision(publication.revision_id)


def _is_news(ticket: Ticket, was: str | None, will: str | None) -> bool:
    """Tell whether an engineer has to be told of a ticket: it is new to the plan, or goes to another engineer."""
    return will is not None and ticket.state in PLANNED_STATES and (ticket.state not in TOLD_STATES or was != will)


def _refuse_outdated(
    unit: Reading,
    revision: Revision,
    tickets: list[Ticket],
    was: Mapping[str, str],
    will: Mapping[str, str],
    at: datetime,
) -> None:
    """Refuse a plan whose tickets have moved on since it was made."""
    gone = [ticket.id for ticket in tickets if ticket.state in UNDER_WAY and was.get(ticket.id) != will.get(ticket.id)]
    others = unit.list_other_visits(revision.region_id, revision.day, now=at)
    told = {other.visit.ticket_id for other in others if other.is_told}
    twice = [ticket.id for ticket in tickets if ticket.id in told and ticket.id in will and ticket.id not in was]
    coming = {ticket.id for ticket in tickets if ticket.state in PLANNED_STATES}
    meeting = _find_meeting([visit for visit in revision.visits if visit.ticket_id in coming], others)
    if gone or twice or meeting:
        raise PlanOutdated(tuple(sorted({*gone, *twice, *meeting})))


def _find_meeting(coming: Iterable[Visit], others: Iterable[OtherVisit]) -> set[str]:
    """Return the tickets to which an engineer would go while another plan in force has that engineer somewhere else."""
    taken: dict[str, list[OtherVisit]] = {}
    for other in others:
        if other.takes_time:
            taken.setdefault(other.visit.engineer_id, []).append(other)
    return {
        visit.ticket_id
        for visit in coming
        for other in taken.get(visit.engineer_id, ())
        if visit.arrive_at - timedelta(seconds=visit.travel_s) < other.visit.leave_at
        and visit.leave_at > other.leaves_for_it_at
    }
