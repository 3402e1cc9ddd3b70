"""Clocks as one reads them on paper: each limit of the pack in turn, minute by minute. The slow twin of ``dispatch.clocks``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dispatch.calendars.model import ROUND_THE_CLOCK, Calendars
from dispatch.clocks.model import TicketFacts
from dispatch.policies.packs.model import Facts, Limit, Pack, Stage
from tests.dispatch.calendars import slow

MINUTES = {"min": 1, "h": 60}
LATER = {
    "acknowledge": ("human_contact", "respond", "arrive", "interim", "resolve"),
    "human_contact": ("arrive", "interim", "resolve"),
    "respond": ("arrive", "interim", "resolve"),
    "arrive": ("resolve",),
    "interim": ("resolve",),
    "resolve": (),
    "follow_up": (),
}

Told = tuple[str, datetime | None, str | None, datetime | None, int, int]
"""Verdict, deadline, its clause, earliest moment, minutes late, minutes early."""


def speaks_to(limit: Limit, facts: Facts) -> bool:
    """Tell whether a limit is about such a ticket."""
    for named, value in (
        (limit.grades, facts.grade),
        (limit.tiers, facts.tier),
        (limit.contracts, facts.contract),
        (limit.channels, facts.channel),
        (limit.demands, facts.demand),
    ):
        if len(named) > 0 and value not in named:
            return False
    return True


def read(  # noqa: C901, PLR0911, PLR0912 - read from top to bottom, as on paper
    ticket: TicketFacts, stage: Stage, pack: Pack, calendars: Calendars, now: datetime
) -> Told:
    """Read one clock."""
    facts, now = ticket.facts, now.astimezone(UTC)
    start = facts.reported_at if stage != "follow_up" else ticket.reached.get(Stage.RESOLVE)
    if start is None or start.astimezone(UTC) > now:
        return ("not_started", None, None, None, 0, 0)
    events = [ticket.reached[Stage(name)] for name in (stage, *LATER[stage]) if Stage(name) in ticket.reached]
    met = min([event for event in events if event <= now], default=None)
    until = met if met is not None else now
    allowed = pack.pauses[stage].reasons if stage in pack.pauses else ()
    paused = []
    standing = False
    for pause in ticket.pauses:
        if pause.reason in allowed and pause.from_at < until:
            paused.append((pause.from_at, until if pause.to_at is None else min(pause.to_at, until)))
        if pause.reason in allowed and pause.from_at <= now and (pause.to_at is None or pause.to_at > now):
            standing = True
    latest: list[tuple[datetime, bool, int, Limit]] = []
    earliest: list[datetime] = []
    interim = ticket.reached.get(Stage.INTERIM)
    satisfied = spoke = False
    for number, limit in enumerate(pack.limits):
        if limit.stage != stage or not speaks_to(limit, facts):
            continue
        spoke = True
        moment = end_of(limit, start, facts, calendars, paused)
        if limit.bound == "earliest":
            earliest.append(moment)
        elif limit.or_interim and interim is not None and interim <= now and interim <= moment:
            satisfied = True
        else:
            latest.append((moment, limit.source.basis != "stated", number, limit))
    if not spoke:
        return ("no_limit", None, None, None, 0, 0)
    deadline, clause, setting = None, None, None
    if latest:
        deadline, _, _, setting = min(latest, key=lambda one: one[:3])
        clause = setting.source.clause
    elif satisfied and met is None:
        met = until = interim  # type: ignore[assignment]
    first = max(earliest, default=None)
    least = 0 if pack.follow_up is None else pack.follow_up.least_min
    if first is not None and deadline is not None and deadline - first < timedelta(minutes=least):
        first = None
    late = count(deadline, until) if deadline is not None else 0
    early = count(met, first) if met is not None and first is not None else 0
    if late or early:
        return ("breached", deadline, clause, first, late, early)
    if met is not None:
        return ("met", deadline, clause, first, 0, 0)
    if standing:
        return ("paused", deadline, clause, first, 0, 0)
    percents = [rule.after_percent for rule in pack.warnings if not rule.stages or stage in rule.stages]
    if setting is not None and percents:
        warned = end_of(setting, start, facts, calendars, paused, min(percents))
        if warned <= now:
            return ("at_risk", deadline, clause, first, 0, 0)
    return ("running", deadline, clause, first, 0, 0)


def count(one: datetime, other: datetime) -> int:
    """Count the minutes from one moment to a later one."""
    found = 0
    while one < other:
        one, found = one + timedelta(minutes=1), found + 1
    return found


def end_of(
    limit: Limit,
    start: datetime,
    facts: Facts,
    calendars: Calendars,
    paused: list[tuple[datetime, datetime]],
    percent: int = 100,
) -> datetime:
    """Count one limit's time."""
    zone = facts.reported_at.tzinfo
    assert isinstance(zone, ZoneInfo)
    working = calendars.working_days_of(facts.region_id)
    if limit.unit == "working_days":
        if percent == 100:
            return slow.add_days(working, start, limit.within, zone, paused)
        minutes = limit.within * 24 * 60 * percent // 100
        return slow.add_days(working, start, minutes // 1440, zone, paused, minutes % 1440)
    calendar = working if limit.calendar == "working" else ROUND_THE_CLOCK
    seconds = limit.within * MINUTES[limit.unit] * 60 * percent // 100
    whole, rest = divmod(seconds, 60)
    if not rest:
        return slow.add_time(calendar, start, whole, zone, paused)
    last = slow.add_time(calendar, start, whole + 1, zone, paused)
    return (last - timedelta(seconds=60 - rest)).astimezone(UTC)
