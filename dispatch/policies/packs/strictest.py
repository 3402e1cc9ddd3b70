"""The strictest limit that applies: when a stage is due, which clause says so, and which others spoke.

Limits are compared by the moment that they give, so that hours round the clock and working days can stand in one pack. Of limits that
give one moment, one that its clause states goes before one that is derived, then the order of the pack decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from dispatch.calendars.model import ROUND_THE_CLOCK, Both, Calendar, Calendars
from dispatch.calendars.working_time import Span, add_days, add_time
from dispatch.policies.packs.model import BASES, UNIT_S, Facts, Limit, Pack, Pause, Stage


@dataclass(frozen=True, slots=True)
class Spoken:
    """A limit that applies, and the moment that it gives."""

    limit: Limit
    at: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """When a stage is due, and why.

    Parameters
    ----------
    stage, start_at
        Which clock, and from when it counts.
    latest
        The limit that sets the deadline; None: no limit applies, or only an earliest one.
    earliest
        Before that it is too early; None: it is not.
    others
        The other limits that apply, by the moment that they give.
    yielded
        An earliest limit that gives way, because it would leave too little time before the latest.
    satisfied
        Limits that an interim fix has satisfied, and that do not count any more.
    paused
        The pauses that counted.
    warning
        What has to be said of the deadline: it lies in a year whose holidays are not announced; in Chinese and English.
    """

    stage: Stage
    start_at: datetime
    latest: Spoken | None
    earliest: Spoken | None = None
    others: tuple[Spoken, ...] = ()
    yielded: Spoken | None = None
    satisfied: tuple[Spoken, ...] = ()
    paused: tuple[Span, ...] = ()
    warning: Both | None = None

    @property
    def by_at(self) -> datetime | None:
        """Return the deadline; None: there is none."""
        return None if self.latest is None else self.latest.at

    @property
    def clause(self) -> str | None:
        """Return the id of the clause that sets the deadline."""
        return None if self.latest is None else self.latest.limit.source.clause


def find_due(
    pack: Pack,
    stage: Stage,
    facts: Facts,
    calendars: Calendars,
    *,
    start_at: datetime | None = None,
    pauses: Sequence[Pause] = (),
    now: datetime | None = None,
    interim_at: datetime | None = None,
) -> Due | None:
    """Return when a stage is due; None: no limit of the pack applies.

    Parameters
    ----------
    pack, stage, facts
        What is asked, of which clock, for which ticket.
    calendars
        Whose working days are the region's.
    start_at
        From when it counts; None: from the report.
    pauses
        What the ticket waited for; they count where the pack lets this clock stand for their reason.
    now
        Until when a pause lasts that has not ended; needed when there is one.
    interim_at
        When an interim fix was in place; None: it was not.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> from dispatch.calendars.read import get_calendars
    >>> from dispatch.policies.packs.read import get_pack
    >>> friday = datetime(2026, 9, 18, 17, 50, tzinfo=ZoneInfo("Asia/Shanghai"))
    >>> due = find_due(get_pack("strict"), Stage.RESPOND, Facts("urgent", "silver", friday), get_calendars())
    >>> due.clause, due.by_at.isoformat(), [spoken.limit.source.clause for spoken in due.others]
    ('GR-02', '2026-09-18T18:05:00+08:00', ['GR-03', 'IN-11', 'SL-07', 'SL-06'])
    """
    applying = [limit for limit in pack.limits if limit.stage is stage and limit.applies_to(facts)]
    if not applying:
        return None
    zone: tzinfo = facts.reported_at.tzinfo or UTC
    start_at = (start_at or facts.reported_at).astimezone(zone)
    working = calendars.working_days_of(facts.region_id)
    paused = _spans_of(pack, stage, pauses, now)
    spoken = [Spoken(limit, end_of(limit, start_at, zone, working, paused)) for limit in applying]
    late = sorted((one for one in spoken if one.limit.bound == "latest"), key=_strictness)
    early = sorted((one for one in spoken if one.limit.bound == "earliest"), key=_strictness, reverse=True)
    satisfied = tuple(
        one
        for one in late
        if one.limit.or_interim and interim_at is not None and lasts(interim_at, one.at) >= timedelta()
    )
    late = [one for one in late if one not in satisfied]
    latest = late[0] if late else None
    earliest = early[0] if early else None
    yielded = None
    least = timedelta() if pack.follow_up is None else timedelta(minutes=pack.follow_up.least_min)
    if earliest is not None and latest is not None and lasts(earliest.at, latest.at) < least:
        earliest, yielded = None, earliest
    return Due(
        stage=stage,
        start_at=start_at,
        latest=latest,
        earliest=earliest,
        others=tuple(one for one in (*late[1:], *early) if one is not earliest and one is not yielded),
        yielded=yielded,
        satisfied=satisfied,
        paused=tuple(paused),
        warning=_warn_of(latest, working, zone),
    )


def lasts(from_at: datetime, to_at: datetime) -> timedelta:
    """Return the time from one moment to another; less than 0 where the second comes first.

    Python takes two moments of one zone apart by what the clock shows: an hour too much or too little where it is changed between.
    """
    return to_at.astimezone(UTC) - from_at.astimezone(UTC)


def end_of(
    limit: Limit,
    start_at: datetime,
    zone: tzinfo,
    working: Calendar,
    paused: Sequence[Span] = (),
    percent: int = 100,
) -> datetime:
    """Return the moment that a limit gives, or so many hundredths of it, for a clock that began at a moment and stood during pauses."""
    length = timedelta(seconds=limit.within * UNIT_S[limit.unit]) * percent / 100
    if limit.unit == "working_days":
        days, more = divmod(length, timedelta(days=1))
        return add_days(working, start_at, days, zone, paused, more)
    calendar = working if limit.calendar == "working" else ROUND_THE_CLOCK
    return add_time(calendar, start_at, length, zone, paused)


def _strictness(spoken: Spoken) -> tuple[datetime, int]:
    return spoken.at.astimezone(UTC), BASES.index(spoken.limit.source.basis)


def _spans_of(pack: Pack, stage: Stage, pauses: Sequence[Pause], now: datetime | None) -> list[Span]:
    """Return the pauses that the pack counts for a stage."""
    rule = pack.pauses.get(stage)
    found = []
    for pause in pauses:
        if rule is not None and pause.reason in rule.reasons:
            to_at = pause.to_at or now
            if to_at is None:
                raise ValueError("a pause that has not ended needs now")
            found.append(Span(pause.from_at, to_at))
    return found


def _warn_of(latest: Spoken | None, working: Calendar, zone: tzinfo) -> Both | None:
    if latest is None or latest.limit.calendar != "working":
        return None
    return working.warn_of(latest.at, zone)
