"""Who must hear of a clock, and when: warnings before the deadline, escalations after it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from dispatch.calendars.model import Calendars
from dispatch.clocks.model import Call, Clock, TicketFacts, Verdict
from dispatch.policies.packs.model import COLOURS, ROLES, EscalationRule, Facts, Pack, Stage, WarningRule
from dispatch.policies.packs.strictest import Due, end_of


def warning_moments(due: Due, facts: Facts, pack: Pack, calendars: Calendars) -> list[tuple[WarningRule, datetime]]:
    """Return when to warn of a deadline: after so many hundredths of its limit, pauses left out.

    Of several rules of a pack for one colour, the earliest counts.
    """
    if due.latest is None:
        return []
    found = []
    zone = due.start_at.tzinfo or UTC
    working = calendars.working_days_of(facts.region_id)
    for colour in COLOURS:
        rules = [
            rule for rule in pack.warnings if rule.colour == colour and (not rule.stages or due.stage in rule.stages)
        ]
        if rules:
            rule = min(rules, key=lambda rule: rule.after_percent)
            at = end_of(due.latest.limit, due.start_at, zone, working, due.paused, rule.after_percent)
            found.append((rule, at))
    return found


def list_calls(
    ticket: TicketFacts, clocks: tuple[Clock, ...], pack: Pack, calendars: Calendars, now: datetime
) -> tuple[Call, ...]:
    """List the calls that are due by now, in the order of their moments.

    A call whose moment came after the stage was reached is none. Read again, the same calls have the same keys; a deadline that moved
    after a warning was due is warned of once more, at its new moments.

    Parameters
    ----------
    ticket, clocks
        A ticket, and its clocks as :func:`~dispatch.clocks.read.read_clocks` read them at ``now``.
    pack, calendars
        With which they were read.
    now
        A moment with a zone.
    """
    found = []
    now = now.astimezone(UTC)
    for clock in clocks:
        if clock.due is None or clock.due.by_at is None or clock.verdict is Verdict.NOT_STARTED:
            continue
        until = now if clock.met_at is None else clock.met_at
        calls = _calls_of(ticket, clock.due, clock.due.by_at, pack, calendars)
        found += [call for call in calls if call.at <= now and (clock.met_at is None or call.at < until)]
    return tuple(sorted(found, key=lambda call: (call.at, call.key)))


def _calls_of(ticket: TicketFacts, due: Due, by_at: datetime, pack: Pack, calendars: Calendars) -> Iterator[Call]:
    for rule, at in warning_moments(due, ticket.facts, pack, calendars):
        yield Call(
            key=_key(ticket, due.stage, f"warning-{rule.colour}", at),
            ticket_id=ticket.ticket_id,
            stage=due.stage,
            at=at,
            kind="warning",
            to=rule.to,
            clause=rule.source.clause,
            due_at=by_at,
            colour=rule.colour,
        )
    for one in escalation_chain(pack, due.stage, ticket.facts):
        at = (by_at.astimezone(UTC) + timedelta(minutes=one.after_min)).astimezone(by_at.tzinfo)
        yield Call(
            key=_key(ticket, due.stage, f"escalation-{one.to}", at),
            ticket_id=ticket.ticket_id,
            stage=due.stage,
            at=at,
            kind="escalation",
            to=one.to,
            clause=one.source.clause,
            due_at=by_at,
        )


def escalation_chain(pack: Pack, stage: Stage, facts: Facts) -> tuple[EscalationRule, ...]:
    """Return who hears of a breach, one after the other; of several rules of a pack for one role, the earliest counts."""
    applying = [
        rule
        for rule in pack.escalations
        if (not rule.stages or stage in rule.stages) and (not rule.grades or facts.grade in rule.grades)
    ]
    chain = [
        min(rules, key=lambda rule: rule.after_min)
        for role in ROLES
        if (rules := [one for one in applying if one.to == role])
    ]
    return tuple(sorted(chain, key=lambda rule: rule.after_min))


def _key(ticket: TicketFacts, stage: Stage, what: str, at: datetime) -> str:
    return f"{ticket.ticket_id}/{stage}/{what}/{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
