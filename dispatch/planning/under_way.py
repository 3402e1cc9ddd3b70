"""What of a day is done or under way: it stays in the plan, and the rest of each shift begins after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter
from typing import Final

from dispatch.domain.plan import OtherVisit, Revision, Visit
from dispatch.domain.ticket import COMING, UNDER_WAY, Ticket, TicketState
from dispatch.format.faults import InvalidDocument
from dispatch.format.model import Break
from dispatch.format.read import read_plan, read_request

Span = tuple[datetime, datetime]
"""From when until when."""

DONE: Final = frozenset({TicketState.INTERIM, TicketState.FIXED, TicketState.SIGNED, TicketState.FOLLOW_UP})
"""Somebody was there: these states are only reached on site."""

PERHAPS_DONE: Final = frozenset(
    {
        TicketState.WAITING_FOR_PARTS,
        TicketState.WAITING_FOR_CUSTOMER,
        TicketState.CLOSED,
        TicketState.ARCHIVED,
    }
)
"""Reached on site, or from a desk before anybody went: somebody was there if the visit was to have begun by now."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Where and when the rest of a shift begins.

    Parameters
    ----------
    from_at
        The last of what is done or under way is over then, as far as one can tell.
    ticket_id
        The ticket of that visit, at whose place the engineer is.
    n_visits
        How many visits of the shift are done or under way, at least 1.
    """

    from_at: datetime
    ticket_id: str
    n_visits: int


def list_carried(plan: Revision | None, tickets: Mapping[str, Ticket], now: datetime) -> tuple[Visit, ...]:
    """List the visits of the plan in force that are done or under way; engineer, shift and order stay.

    Times stay too, except where the ticket's state contradicts them: what is done ended by ``now``; who has not begun
    begins no earlier than ``now``; who is at work has begun, and is not finished before ``now``.

    Parameters
    ----------
    plan
        In force; None: there is none, and nothing is carried.
    tickets
        By id.
    now
        A moment with a zone.

    Returns
    -------
    tuple
        By shift, ``place`` counted anew from 0 in each.
    """
    if plan is None:
        return ()
    found: dict[str, list[Visit]] = {}
    for visit in plan.visits:
        ticket = tickets.get(visit.ticket_id)
        if ticket is not None and _was_there(visit, ticket.state, now):
            found.setdefault(visit.shift_id, []).append(_set_right(visit, ticket.state, now))
    return tuple(
        replace(visit, place=place)
        for _, visits in sorted(found.items())
        for place, visit in enumerate(sorted(visits, key=attrgetter("leave_at", "place")))
    )


def rests_of(carried: Iterable[Visit]) -> dict[str, Rest]:
    """Return where the rest of each shift begins, by the shift's id; shifts in which nothing was done are left out."""
    rests: dict[str, Rest] = {}
    for visit in carried:  # the last of a shift wins
        rests[visit.shift_id] = Rest(visit.leave_at, visit.ticket_id, visit.place + 1)
    return rests


def breaks_taken(plan: Revision | None, now: datetime) -> frozenset[tuple[str, Break]]:
    """Return the breaks that the plan in force had begun by now, with the ids of their shifts.

    A plan whose documents cannot be read has none: at worst somebody is granted a break twice.
    """
    if plan is None:
        return frozenset()
    try:
        request = read_request(plan.request_json)
        written = read_plan(plan.plan_json, request)
    except InvalidDocument:
        return frozenset()
    breaks = {shift.id: shift.breaks for engineer in request.engineers for shift in engineer.shifts}
    return frozenset(
        (route.shift, breaks[route.shift][stop.break_])
        for route in written.routes
        for stop in route.stops
        if stop.break_ is not None and stop.begin <= now
    )


def spans_of(others: Iterable[OtherVisit], now: datetime) -> dict[str, list[Span]]:
    """Return when engineers are taken by visits of other plans, by engineer: one span for each shift of theirs.

    A span begins when the engineer sets out to the first of the shift's visits that are not done, and ends when the last of them is over, as far as one can tell.
    """
    found: dict[tuple[str, str], Span] = {}
    for other in others:
        if other.takes_time:
            visit = _set_right(other.visit, other.state, now) if other.state in UNDER_WAY else other.visit
            key, began_at = (visit.engineer_id, visit.shift_id), min(other.leaves_for_it_at, visit.arrive_at)
            first, last = found.get(key, (began_at, visit.leave_at))
            found[key] = min(first, began_at), max(last, visit.leave_at)
    spans: dict[str, list[Span]] = {}
    for (engineer_id, _), span in sorted(found.items()):
        spans.setdefault(engineer_id, []).append(span)
    return spans


def _was_there(visit: Visit, state: TicketState, now: datetime) -> bool:
    """Tell whether a visit is done or under way."""
    return state in UNDER_WAY or state in DONE or (state in PERHAPS_DONE and visit.begin_at <= now)


def _set_right(visit: Visit, state: TicketState, now: datetime) -> Visit:
    """Give a visit times that its ticket's state does not contradict."""
    work = visit.leave_at - visit.begin_at
    if state in COMING:
        begin_at = now if state is TicketState.ON_SITE else max(visit.begin_at, now)
        leave_at = begin_at + work
    elif state in UNDER_WAY:
        begin_at = min(visit.begin_at, now)
        leave_at = max(begin_at + work, now)
    else:
        leave_at = min(visit.leave_at, now)
        begin_at = min(visit.begin_at, leave_at)
    return replace(visit, arrive_at=min(visit.arrive_at, begin_at), begin_at=begin_at, leave_at=leave_at)
