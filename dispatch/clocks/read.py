"""How a clock stands at a moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from dispatch.calendars.model import Calendars
from dispatch.clocks.calls import warning_moments
from dispatch.clocks.model import Clock, TicketFacts, Verdict
from dispatch.policies.packs.model import STAGES, Pack, Pause, Stage
from dispatch.policies.packs.strictest import Due, find_due, lasts

MINUTE = timedelta(minutes=1)


def read_clocks(ticket: TicketFacts, pack: Pack, calendars: Calendars, now: datetime) -> tuple[Clock, ...]:
    """Read all seven clocks of a ticket, in the order of their stages.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> from dispatch.calendars.read import get_calendars
    >>> from dispatch.policies.packs.model import Facts
    >>> from dispatch.policies.packs.read import get_pack
    >>> friday = datetime(2026, 9, 18, 17, 50, tzinfo=ZoneInfo("Asia/Shanghai"))
    >>> ticket = TicketFacts("WX1", Facts("urgent", "silver", friday), {Stage.RESPOND: friday + 10 * MINUTE})
    >>> for clock in read_clocks(ticket, get_pack("002"), get_calendars(), friday + timedelta(hours=9)):
    ...     print(clock.stage, clock.verdict, clock.left_min, clock.due and clock.due.clause)
    acknowledge met 0 IN-05
    human_contact no_limit None None
    respond met 20 GR-03
    arrive breached None GR-03
    interim running 900 GR-03
    resolve running 900 GR-03
    follow_up not_started None None
    """
    return tuple(read_clock(ticket, stage, pack, calendars, now) for stage in STAGES)


def read_clock(ticket: TicketFacts, stage: Stage, pack: Pack, calendars: Calendars, now: datetime) -> Clock:
    """Read one clock of a ticket.

    All clocks count from the report, but the follow-up, which counts from when the ticket was resolved. What was reached at the very
    deadline is met. A deadline moves with the pauses that began before the stage was reached.

    Moments are in the zone of the ticket's place, and lengths are real time.

    Parameters
    ----------
    ticket, stage
        Whose clock, and which.
    pack, calendars
        What is asked, and which hours are worked.
    now
        A moment with a zone; what happened later is not known yet.
    """
    now = now.astimezone(UTC)
    start_at = _start_of(ticket, stage, now)
    if start_at is None:
        return Clock(stage, Verdict.NOT_STARTED)
    met_at = _reached_by(ticket, stage, now)
    due = due_of(ticket, stage, pack, calendars, now)
    if due is None:
        return Clock(stage, Verdict.NO_LIMIT, start_at, None, met_at)
    if due.latest is None and due.satisfied:
        met_at = met_at or ticket.reached[Stage.INTERIM]
    none = timedelta()
    spare = None if due.by_at is None else lasts(met_at or now, due.by_at)
    late = none if spare is None else max(none, -spare)
    early = none if due.earliest is None or met_at is None else max(none, lasts(met_at, due.earliest.at))
    left = None if spare is None or late else spare // MINUTE
    return Clock(
        stage=stage,
        verdict=_judge(ticket, due, pack, calendars, now, met_at, missed=bool(late or early)),
        start_at=due.start_at,
        due=due,
        met_at=met_at,
        left_min=left,
        late_min=-(-late // MINUTE),
        early_min=-(-early // MINUTE),
    )


def due_of(ticket: TicketFacts, stage: Stage, pack: Pack, calendars: Calendars, now: datetime) -> Due | None:
    """Return when a stage of a ticket is due, as it is known at a moment; None: no limit applies, or the clock has not started."""
    now = now.astimezone(UTC)
    start_at = _start_of(ticket, stage, now)
    if start_at is None:
        return None
    until = _reached_by(ticket, stage, now) or now
    interim_at = ticket.reached.get(Stage.INTERIM)
    return find_due(
        pack,
        stage,
        ticket.facts,
        calendars,
        start_at=start_at,
        pauses=tuple(_known(pause, until) for pause in ticket.pauses if pause.from_at < until),
        now=until,
        interim_at=interim_at if interim_at is not None and interim_at <= now else None,
    )


def _start_of(ticket: TicketFacts, stage: Stage, now: datetime) -> datetime | None:
    """Return from when a clock counts; None: it has not started."""
    begun = ticket.reached.get(Stage.RESOLVE) if stage is Stage.FOLLOW_UP else ticket.facts.reported_at.astimezone(UTC)
    return begun if begun is not None and begun <= now else None


def _known(pause: Pause, until: datetime) -> Pause:
    """Return a pause as it is known at a moment: whether it ends later nobody knows."""
    return replace(pause, to_at=None) if pause.to_at is not None and pause.to_at > until else pause


def _reached_by(ticket: TicketFacts, stage: Stage, now: datetime) -> datetime | None:
    reached_at = ticket.find_reached(stage)
    return reached_at if reached_at is not None and reached_at <= now else None


def _judge(
    ticket: TicketFacts,
    due: Due,
    pack: Pack,
    calendars: Calendars,
    now: datetime,
    met_at: datetime | None,
    *,
    missed: bool,
) -> Verdict:
    if missed:
        return Verdict.BREACHED
    if met_at is not None:
        return Verdict.MET
    rule = pack.pauses.get(due.stage)
    if rule is not None and any(
        pause.reason in rule.reasons and pause.from_at <= now and (pause.to_at is None or pause.to_at > now)
        for pause in ticket.pauses
    ):
        return Verdict.PAUSED
    warned = warning_moments(due, ticket.facts, pack, calendars)
    return Verdict.AT_RISK if any(at <= now for _, at in warned) else Verdict.RUNNING
