"""What all changes by hand have in common: what forbids them, and how they are kept as a new revision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from dispatch.domain.event import Event
from dispatch.domain.plan import Pin, Revision
from dispatch.domain.ticket import UNDER_WAY, Ticket
from dispatch.format.model import Plan, Request
from dispatch.planning.place_by_hand import Placed, list_changed
from dispatch.rulebook.line import Sentence
from dispatch.services.make_plan import find_time_to_make, join_visits, judged, visits_of
from dispatch.storage.store import Writing

Both = tuple[str, str]
"""A sentence in Chinese and in English."""

CARRIED: Final = Sentence(
    "by_hand.carried", zh="{ticket} 已完成或进行中，不能再改", en="{ticket} is done or under way and stays where it is"
)
PAST: Final = Sentence(
    "by_hand.past",
    zh="{ticket} 将在现在之前开始：请重排",
    en="{ticket} would begin before now: re-plan instead",
)


def is_settled(ticket: Ticket) -> bool:
    """Tell whether nobody may change a ticket's visit by hand any more."""
    return ticket.state in UNDER_WAY or not ticket.is_open


def tell_carried(ticket_id: str) -> Both:
    """Say that a visit is done or under way."""
    return CARRIED.say("zh", {"ticket": ticket_id}), CARRIED.say("en", {"ticket": ticket_id})


def pins_of(revision: Revision) -> dict[str, str]:
    """Return the engineer of each ticket that a person has pinned."""
    return {visit.ticket_id: visit.engineer_id for visit in revision.visits if visit.pin is not Pin.NONE}


def free_of_pin(request: Request, ticket_id: str) -> Request | None:
    """Return the request without the pin of one ticket; None when that ticket has none."""
    if all(ticket.only is None for ticket in request.tickets if ticket.id == ticket_id):
        return None
    tickets = tuple(replace(one, only=None) if one.id == ticket_id else one for one in request.tickets)
    return replace(request, tickets=tickets)


def tell_placed(
    plan: Plan, placed: Placed, now: datetime
) -> tuple[tuple[Both, ...], dict[str, datetime], tuple[str, ...]]:
    """Return what a changed plan breaks, when work begins on each ticket, and the tickets whose times change.

    Nothing may begin before ``now`` that does not do so already.
    """
    broken = [(line.text("zh"), line.text("en")) for line in placed.broken]
    if placed.plan is None:
        return tuple(broken), {}, ()
    changed = tuple(list_changed(plan, placed.plan))
    begins = {
        stop.ticket: stop.begin for route in placed.plan.routes for stop in route.stops if stop.ticket is not None
    }
    past = [{"ticket": late} for late in changed if begins[late] < now]
    broken += [(PAST.say("zh", late), PAST.say("en", late)) for late in past]
    return tuple(broken), begins, changed


def keep_by_hand(
    unit: Writing,
    old: Revision,
    plan_json: str,
    request_json: str,
    *,
    pinned: Mapping[str, str],
    revision_id: str,
    made_by: str,
    at: datetime,
    event: str,
    details: Mapping[str, str],
) -> Revision:
    """Keep a changed plan as a new revision, and write down what was done.

    It has the same base as the revision it was made from; made from the plan in force, that plan is its base. Visits that are
    carried stay as they are.

    Parameters
    ----------
    pinned
        Engineer of each ticket that is pinned from now on.
    event, details
        Name of the event, and what it says besides the old revision.

    Raises
    ------
    PlanIllegal
        The judge finds a clause broken; nothing is kept.
    AlreadyThere
        The id is taken.
    """
    legal = judged(request_json, plan_json)
    request, plan = legal.request, legal.plan
    planned = {ticket.id for ticket in request.tickets}
    carried = [visit for visit in old.visits if visit.ticket_id not in planned]
    force = unit.find_published(old.region_id, old.day)
    revision = replace(
        old,
        id=revision_id,
        base_number=force.number if force is not None and force.revision_id == old.id else old.base_number,
        made_at=find_time_to_make(unit, old.region_id, old.day, at),
        made_by=made_by,
        job_id=None,
        request_json=request_json,
        plan_json=plan_json,
        visits=join_visits(carried, visits_of(plan, pinned)),
    )
    unit.add_revision(revision)
    told = {**details, "from_revision": old.id}
    unit.add_event(Event(event, at, "Revision", revision_id, old.region_id, made_by, told))
    return revision
