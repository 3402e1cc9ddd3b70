"""An engineer's day and its reports, a region's revisions, publishing and exporting."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from dispatch.domain.errors import NotFound
from dispatch.domain.region import Region
from dispatch.domain.ticket import TicketState
from dispatch.services.by_hand import ByHand, keep_by_hand
from dispatch.services.compare_plans import compare_plans
from dispatch.services.edit_records import make_id
from dispatch.services.engineer_day import Call, EngineerDay, read_engineer_day
from dispatch.services.explain_ticket import explain_ticket
from dispatch.services.export_revision import export_revision
from dispatch.services.move_visit import Move as MoveRecord
from dispatch.services.move_visit import look_at_move
from dispatch.services.publish_plan import publish_plan
from dispatch.services.report_visit import Step, report_visit
from dispatch.services.take_out_visit import look_at_take_out
from dispatch.services.unpin_visit import look_at_unpin
from dispatch.storage.store import Reading, Writing
from web.api import shapes
from web.api.section import Asked, Section
from web.api.shape import Day, Id, Moment, Shape, Text, Whole


class OnDay(Shape):
    """Which day, as the region's clocks have it."""

    day: Day


class Report(Shape):
    """A step as it was written down: ``device_at`` by the engineer's device, ``at`` when it reached us."""

    ticket_id: str
    engineer_id: str
    day: date
    step: Step
    at: Moment
    device_at: Moment
    key: str
    outcome: TicketState | None
    visit_number: Whole


class NewReport(Shape):
    """A step: accept, depart, arrive, finish, in this order; ``outcome`` only with finishing, left out: fixed.

    ``visit_number``: which of the engineer's visits to the ticket on that day, as the day says it; left out: the last one.
    """

    engineer_id: Id
    day: Day
    step: Step
    device_at: Moment
    key: Annotated[
        Text, Field(min_length=1, max_length=200, description="Made by the device; sent again with the same report.")
    ]
    outcome: TicketState | None = None
    visit_number: Annotated[int, Field(ge=1, le=1000)] | None = None


class Reported(Shape):
    """The ticket as it is now, and the report."""

    ticket: shapes.Ticket
    report: Report


class VisitCall(Shape):
    """One visit of an engineer's day; contact, phone, address and door note are the ticket's, else the site's."""

    ticket_id: str
    shift_id: str
    place: Whole
    arrive_at: Moment
    begin_at: Moment
    leave_at: Moment
    travel_s: Whole
    travel_m: Whole
    state: TicketState
    product: str
    fault: str
    contact_name: str | None
    phone: str | None
    address: str | None
    door_note: str | None
    point: shapes.Point | None
    parts: dict[str, int]
    tools: tuple[str, ...]
    visit_number: Whole
    reports: tuple[Report, ...]
    next_step: Step | None


class Break(Shape):
    """A break that is planned in an engineer's day."""

    begin_at: Moment
    leave_at: Moment


class PickUp(Shape):
    """A call at a depot that is planned: what to take, where."""

    depot_id: str
    name: str
    address: str | None
    point: shapes.Point | None
    begin_at: Moment
    leave_at: Moment
    parts: dict[str, int]
    tools: tuple[str, ...]


class EngineersDay(Shape):
    """An engineer's published day: visits, breaks and pick-ups, each in order."""

    engineer_id: str
    day: date
    calls: tuple[VisitCall, ...]
    breaks: tuple[Break, ...]
    pickups: tuple[PickUp, ...]


class RevisionLine(Shape):
    """A plan of a region's day; ``number`` is its publication's, null if it was not published."""

    id: str
    region_id: str
    day: date
    base_number: Whole
    made_at: Moment
    made_by: str
    job_id: str | None
    number: int | None


class RevisionList(Shape):
    """The revisions of a region's day, the newest first."""

    items: tuple[RevisionLine, ...]


class Publication(Shape):
    """What publishing changed: tickets whose engineers have to be told."""

    revision_id: str
    number: int
    dispatched: tuple[str, ...]
    taken_back: tuple[str, ...]


class Documents(Shape):
    """A revision as two documents of planning format 1, which ``paidan check`` reads."""

    request_name: str
    plan_name: str
    request: Annotated[str, Field(description="The request, as JSON text: byte for byte what was planned.")]
    plan: Annotated[str, Field(description="The plan, as JSON text.")]


class Moved(Shape):
    """A ticket that both plans visit, by another engineer or at another time."""

    ticket_id: str
    was_engineer: str
    engineer: str
    was_at: Moment
    at: Moment


class Comparison(Shape):
    """What a plan changes against the one in force: tickets by id, and both totals, in yuan as text.

    ``in_force_id``, ``was_total_cny`` and ``was_n_carried`` are null where none is in force. Each total is of the visits that were
    still to come when its plan was made: ``n_carried`` visits, done or under way by then, are not in it. Where ``is_alike`` is
    false, both totals are of different parts of the day: their difference says nothing.
    """

    revision_id: str
    in_force_id: str | None
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    reassigned: tuple[Moved, ...]
    retimed: tuple[Moved, ...]
    total_cny: str
    was_total_cny: str | None
    n_carried: Whole
    was_n_carried: Whole | None
    is_alike: bool


class Asking(Shape):
    """In which language sentences are."""

    lang: Literal["zh", "en"] = "zh"


class Missing(Shape):
    """By how much; ``unit`` is s, m, level, qty or CNY."""

    value: float
    unit: str


class Cause(Shape):
    """Why not, for one engineer or for all."""

    code: str
    engineer: str | None
    gap: Missing | None
    text: str


class Standing(Shape):
    """How an engineer stands to a ticket: ``serves``, ``could``, ``full`` (beside the visits planned) or ``barred``."""

    engineer: str
    kind: Literal["serves", "could", "full", "barred"]
    cost_cny: str | None
    reason: Cause


class RunnerUp(Shape):
    """Who else could come, and what the plan would cost more, yuan as text, in all and term by term."""

    engineer: str
    shift: str
    begin: Moment
    cost_cny: str
    terms: dict[str, str]
    moved: tuple[str, ...]


class Way(Shape):
    """One change with which the ticket is served: planned and judged. ``cost_cny``: what the plan costs more, yuan as text."""

    code: str
    text: str
    engineer: str
    shift: str
    begin: Moment
    gap: Missing | None
    cost_cny: str
    moved: tuple[str, ...]
    left_out: tuple[str, ...]


class Explanation(Shape):
    """Why a ticket is left out or late (then ``verdict`` is of being on time), why this engineer, and what would change it.

    Where ``looked`` is false, visits are tied to each other or to a plan in force: only the plan's own reasons are told.
    """

    ticket: str
    state: Literal["skipped", "late", "served"]
    verdict: str | None
    reasons: tuple[Cause, ...]
    engineer: str | None
    shift: str | None
    begin: Moment | None
    engineers: tuple[Standing, ...]
    others: Whole
    runner_up: RunnerUp | None
    ways: tuple[Way, ...]
    looked: bool


class NewMove(Shape):
    """A visit that is moved by hand; ``place`` among the shift's planned visits from 0, null: the best one."""

    ticket_id: Id
    shift_id: Id
    place: Whole | None = None


class Reason(Shape):
    """Why a change by hand is refused."""

    zh: str
    en: str


class Move(Shape):
    """What a move would do; it may be kept if ``broken`` is empty. ``cost_cny``: what it costs more, yuan as text."""

    revision_id: str
    ticket_id: str
    engineer_id: str
    shift_id: str
    place: int
    broken: tuple[Reason, ...]
    cost_cny: str | None
    begin_at: Moment | None
    changed: tuple[str, ...]


class NamedVisit(Shape):
    """The visit to a ticket in a plan."""

    ticket_id: Id


class TakeOut(Shape):
    """What taking a visit out would do; it may be kept if ``broken`` is empty. ``cost_cny``: what it costs more, yuan as text."""

    revision_id: str
    ticket_id: str
    engineer_id: str
    broken: tuple[Reason, ...]
    cost_cny: str | None
    changed: tuple[str, ...]


class Unpin(Shape):
    """What ending a pin would do: nothing moves and nothing is paid; it may be kept if ``broken`` is empty."""

    revision_id: str
    ticket_id: str
    engineer_id: str
    broken: tuple[Reason, ...]


visits: Final = Section("visits")
revisions: Final = Section("revisions")


@visits.on("POST", "/tickets/<id>/reports")
def report(unit: Writing, asked: Asked, id: str, body: NewReport) -> Reported:  # noqa: A002 - as the address has it
    """Report a step of a visit; the same key with the same report again changes nothing."""
    ticket, written = report_visit(
        unit,
        body.engineer_id,
        id,
        body.day,
        body.step,
        device_at=body.device_at,
        key=body.key,
        now=asked.now,
        outcome=body.outcome,
        visit_number=body.visit_number,
    )
    return Reported(ticket=shapes.Ticket.of(ticket), report=Report.of(written))


@visits.on("GET", "/engineers/<id>/day")
def get_engineer_day(unit: Reading, asked: Asked, id: str, query: OnDay) -> EngineersDay:  # noqa: A002, ARG001 - the same
    """Get an engineer's published day: where next, what to bring, what to know at the door."""
    return _day_shape(read_engineer_day(unit, id, query.day))


@revisions.on("GET", "/revisions")
def list_revisions(unit: Reading, asked: Asked, query: shapes.RegionDay) -> RevisionList:  # noqa: ARG001 - the same
    """List the plans of a region's day, the newest first."""
    unit.get(Region, query.region_id)
    lines = unit.list_revisions(query.region_id, query.day)
    return RevisionList(items=tuple(RevisionLine.of(line) for line in lines))


@revisions.on("GET", "/revisions/<id>")
def get_revision(unit: Reading, asked: Asked, id: str) -> RevisionLine:  # noqa: A002, ARG001 - the same
    """Get what a plan is."""
    revision = unit.get_revision(id)
    for line in unit.list_revisions(revision.region_id, revision.day):
        if line.id == id:
            return RevisionLine.of(line)
    raise NotFound("Revision", id)


@revisions.on("GET", "/revisions/<id>/documents")
def export(unit: Reading, asked: Asked, id: str) -> Documents:  # noqa: A002, ARG001 - the same
    """Export a plan and the request that it answers."""
    made = export_revision(unit, id)
    return Documents(
        request_name=made.request_name, plan_name=made.plan_name, request=made.request_json, plan=made.plan_json
    )


@revisions.on("POST", "/revisions/<id>/publication", keyed=True)
def publish(unit: Writing, asked: Asked, id: str) -> Publication:  # noqa: A002 - the same
    """Publish a plan; refused if another was published since the one that it was made from."""
    done = publish_plan(unit, id, by=asked.by, at=asked.now)
    return Publication(
        revision_id=done.publication.revision_id,
        number=done.publication.number,
        dispatched=done.dispatched,
        taken_back=done.taken_back,
    )


@revisions.on("GET", "/revisions/<id>/comparison")
def compare(unit: Reading, asked: Asked, id: str) -> Comparison:  # noqa: A002, ARG001 - the same
    """Compare a plan with the one in force."""
    found = compare_plans(unit, id)
    return Comparison(
        revision_id=found.after.revision_id,
        in_force_id=None if found.before is None else found.before.revision_id,
        added=found.added,
        dropped=found.dropped,
        reassigned=tuple(Moved.of(entry) for entry in found.reassigned),
        retimed=tuple(Moved.of(entry) for entry in found.retimed),
        total_cny=f"{found.after.total_cny:f}",
        was_total_cny=None if found.before is None else f"{found.before.total_cny:f}",
        n_carried=found.after.n_carried,
        was_n_carried=None if found.before is None else found.before.n_carried,
        is_alike=found.is_alike,
    )


@revisions.on("GET", "/revisions/<id>/tickets/<ticket_id>/explanation")
def explain(unit: Reading, asked: Asked, id: str, ticket_id: str, query: Asking) -> Explanation:  # noqa: A002, ARG001 - the same
    """Explain a ticket of a plan: engineer by engineer what forbids, the runner-up, and what would change it."""
    return Explanation.model_validate(explain_ticket(unit, id, ticket_id, lang=query.lang).as_json(), strict=False)


@revisions.on("POST", "/revisions/<id>/move-preview")
def preview_move(unit: Reading, asked: Asked, id: str, body: NewMove) -> Move:  # noqa: A002 - the same
    """Look what moving a visit breaks and costs; nothing is kept."""
    return _move_shape(look_at_move(unit, id, body.ticket_id, body.shift_id, place=body.place, now=asked.now))


def _look_at_move(unit: Reading, asked: Asked, id: str, body: NewMove) -> dict[str, ByHand]:  # noqa: A002 - the same
    looked = look_at_move(unit, id, body.ticket_id, body.shift_id, place=body.place, now=asked.now)
    return {"change": looked.judged()}


@revisions.on("POST", "/revisions/<id>/moves", keyed=True, before=_look_at_move)
def move(unit: Writing, asked: Asked, id: str, body: NewMove, change: ByHand) -> RevisionLine:  # noqa: A002, ARG001 - the same
    """Move a visit: a new revision, to be published or not; refused with every reason if it breaks something."""
    return _keep(unit, asked, change)


@revisions.on("POST", "/revisions/<id>/take-out-preview")
def preview_take_out(unit: Reading, asked: Asked, id: str, body: NamedVisit) -> TakeOut:  # noqa: A002 - the same
    """Look what taking a visit out breaks and costs; nothing is kept."""
    looked = look_at_take_out(unit, id, body.ticket_id, now=asked.now)
    return TakeOut(
        revision_id=looked.revision_id,
        ticket_id=looked.ticket_id,
        engineer_id=looked.engineer_id,
        broken=_reasons_of(looked.broken),
        cost_cny=None if looked.cost_cny is None else f"{looked.cost_cny:f}",
        changed=looked.changed,
    )


def _look_at_take_out(unit: Reading, asked: Asked, id: str, body: NamedVisit) -> dict[str, ByHand]:  # noqa: A002 - the same
    return {"change": look_at_take_out(unit, id, body.ticket_id, now=asked.now).judged()}


@revisions.on("POST", "/revisions/<id>/take-outs", keyed=True, before=_look_at_take_out)
def take_out(unit: Writing, asked: Asked, id: str, body: NamedVisit, change: ByHand) -> RevisionLine:  # noqa: A002, ARG001 - the same
    """Take a visit out: a new revision, to be published or not; the ticket stays open and may be planned again."""
    return _keep(unit, asked, change)


@revisions.on("POST", "/revisions/<id>/unpin-preview")
def preview_unpin(unit: Reading, asked: Asked, id: str, body: NamedVisit) -> Unpin:  # noqa: A002, ARG001 - the same
    """Look whether the pin of a visit may end; nothing is kept."""
    looked = look_at_unpin(unit, id, body.ticket_id)
    return Unpin(
        revision_id=looked.revision_id,
        ticket_id=looked.ticket_id,
        engineer_id=looked.engineer_id,
        broken=_reasons_of(looked.broken),
    )


def _look_at_unpin(unit: Reading, asked: Asked, id: str, body: NamedVisit) -> dict[str, ByHand]:  # noqa: A002, ARG001 - the same
    return {"change": look_at_unpin(unit, id, body.ticket_id).judged()}


@revisions.on("POST", "/revisions/<id>/unpins", keyed=True, before=_look_at_unpin)
def unpin(unit: Writing, asked: Asked, id: str, body: NamedVisit, change: ByHand) -> RevisionLine:  # noqa: A002, ARG001 - the same
    """End the pin of a visit: a new revision with the same visits, of which planning anew may change this one."""
    return _keep(unit, asked, change)


def _keep(unit: Writing, asked: Asked, change: ByHand) -> RevisionLine:
    """Keep what was looked at and judged."""
    return get_revision(
        unit, asked, keep_by_hand(unit, change, revision_id=make_id(), made_by=asked.by, at=asked.now).id
    )


def _reasons_of(broken: tuple[tuple[str, str], ...]) -> tuple[Reason, ...]:
    """Return the shapes of reasons."""
    return tuple(Reason(zh=zh, en=en) for zh, en in broken)


def _move_shape(looked: MoveRecord) -> Move:
    """Return what a move would do."""
    return Move(
        revision_id=looked.revision_id,
        ticket_id=looked.ticket_id,
        engineer_id=looked.engineer_id,
        shift_id=looked.shift_id,
        place=looked.place,
        broken=_reasons_of(looked.broken),
        cost_cny=None if looked.cost_cny is None else f"{looked.cost_cny:f}",
        begin_at=looked.begin_at,
        changed=looked.changed,
    )


def _day_shape(day: EngineerDay) -> EngineersDay:
    """Return the shape of a day."""
    return EngineersDay(
        engineer_id=day.engineer.id,
        day=day.day,
        calls=tuple(_call_shape(call) for call in day.calls),
        breaks=tuple(Break.of(pause) for pause in day.breaks),
        pickups=tuple(PickUp.of(pickup) for pickup in day.pickups),
    )


def _call_shape(call: Call) -> VisitCall:
    """Return the shape of a visit."""
    visit, ticket = call.visit, call.ticket
    own: dict[str, Any] = {
        name: getattr(visit, name)
        for name in ("ticket_id", "shift_id", "place", "arrive_at", "begin_at", "leave_at", "travel_s", "travel_m")
    }
    own |= {name: getattr(ticket, name) for name in ("state", "product", "fault")}
    own |= {
        name: getattr(call, name)
        for name in ("contact_name", "phone", "address", "door_note", "visit_number", "next_step")
    }
    return VisitCall(
        **own,
        point=None if call.point is None else shapes.Point.of(call.point),
        parts=dict(call.parts),
        tools=call.tools,
        reports=tuple(Report.of(entry) for entry in call.reports),
    )
