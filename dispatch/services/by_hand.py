"""What all changes by hand have in common: what forbids them, and how they are kept as a new revision.

First one looks, in a unit that only reads; then the judge looks (:meth:`ByHand.judged`); then it is kept. So nobody waits for the
database while routes are timed and judged.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Final, Self

from dispatch.domain.errors import ChangeIllegal, DispatchError
from dispatch.domain.event import Event
from dispatch.domain.plan import Pin, Revision
from dispatch.domain.ticket import UNDER_WAY, Ticket
from dispatch.format.model import Plan, Request
from dispatch.planning.place_by_hand import Placed, list_changed
from dispatch.rulebook.line import Sentence
from dispatch.services.live_day import watch_day
from dispatch.services.make_plan import Judged, find_time_to_make, join_visits, judged, visits_of
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    """What a change of one visit by hand would do; nothing is kept yet.

    Parameters
    ----------
    engineer_id
        Who comes, or would have come.
    broken
        Why it is refused, a sentence in Chinese and one in English each; empty: it may be kept.
    cost_cny
        What the plan costs more than the revision as it is; below 0 it saves. None: it is refused before it is counted, or costs
        nothing by nature.
    changed
        The other tickets whose times would change.
    request_json, plan_json
        What would be kept; None: it is refused.
    legal
        The same, once the judge has looked: see :meth:`judged`.
    """

    event: ClassVar[str]
    pins: ClassVar[bool] = False

    revision_id: str
    ticket_id: str
    engineer_id: str
    broken: tuple[Both, ...] = ()
    cost_cny: Decimal | None = None
    changed: tuple[str, ...] = ()
    request_json: str | None = field(default=None, repr=False)
    plan_json: str | None = field(default=None, repr=False)
    legal: Judged | None = field(default=None, repr=False)

    @property
    def is_legal(self) -> bool:
        """Whether it may be kept."""
        return not self.broken

    def judged(self) -> Self:
        """Have the judge look at what would be kept, before a unit is opened to write in; what is refused stays as it is.

        Raises
        ------
        PlanIllegal
            The judge finds a clause broken that no rule has told of.
        """
        if self.broken or self.request_json is None or self.plan_json is None:
            return self
        return replace(self, legal=judged(self.request_json, self.plan_json))

    def refuse(self, broken: tuple[Both, ...]) -> DispatchError:
        """Return the error that says why it is not kept."""
        return ChangeIllegal(self.ticket_id, broken)

    def details(self) -> dict[str, str]:
        """Return what its event says."""
        cost = {} if self.cost_cny is None else {"cost_cny": f"{self.cost_cny:.2f}"}
        return {"ticket": self.ticket_id, "engineer": self.engineer_id, **cost}


def keep_by_hand(unit: Writing, change: ByHand, *, revision_id: str, made_by: str, at: datetime) -> Revision:
    """Keep a change as a new revision, and write down what was done.

    It has the same base as the revision it was made from; made from the plan in force, that plan is its base. Visits that are
    carried stay as they are.

    Parameters
    ----------
    change
        Judged before the unit was opened.
    revision_id
        Of the new revision.

    Raises
    ------
    MoveIllegal, ChangeIllegal
        It breaks something, or the visit has come under way since; every reason is named.
    AlreadyThere
        The id is taken.
    ValueError
        The change was not judged.
    """
    broken = change.broken
    if not broken and is_settled(unit.get(Ticket, change.ticket_id)):
        broken = (tell_carried(change.ticket_id),)
    if broken:
        raise change.refuse(broken)
    legal = change.legal
    if legal is None:
        message = "a change is judged before it is kept"
        raise ValueError(message)
    old = unit.get_revision(change.revision_id)
    planned = {ticket.id for ticket in legal.request.tickets}
    carried = [visit for visit in old.visits if visit.ticket_id not in planned]
    pinned = {visit.ticket_id: visit.engineer_id for visit in old.visits if visit.pin is not Pin.NONE}
    pinned.pop(change.ticket_id, None)
    if change.pins:
        pinned[change.ticket_id] = change.engineer_id
    force = unit.find_published(old.region_id, old.day)
    revision = replace(
        old,
        id=revision_id,
        base_number=force.number if force is not None and force.revision_id == old.id else old.base_number,
        made_at=find_time_to_make(unit, old.region_id, old.day, at),
        made_by=made_by,
        job_id=None,
        request_json=legal.request_json,
        plan_json=legal.plan_json,
        visits=join_visits(carried, visits_of(legal.plan, pinned)),
    )
    unit.add_revision(revision)
    told = {**change.details(), "from_revision": old.id}
    unit.add_event(Event(change.event, at, "Revision", revision_id, old.region_id, made_by, told))
    return revision


def keep_if_shown(unit: Writing, change: ByHand, *, revision_id: str, made_by: str, at: datetime) -> Revision | None:
    """Keep a change as :func:`keep_by_hand` does, but only of the plan that the day's board shows; None: it shows another by now."""
    old = unit.get_revision(change.revision_id)
    unit.wait_for_region(old.region_id)
    if watch_day(unit, old.region_id, old.day).shown_id != old.id:
        return None
    return keep_by_hand(unit, change, revision_id=revision_id, made_by=made_by, at=at)
