"""Time that counts: adding it to a moment, and how much of it lies between two.

Moments carry a zone, and are compared in UTC, as Python compares two of one zone by what the clock shows; days and hours are those of ``zone``, and daylight saving is taken as it comes: an hour that the clock leaves out
is not worked, one that it shows twice is worked twice. Answers are in ``zone``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Final

from dispatch.calendars.model import WHOLE_DAY, Calendar, Hours
from dispatch.calendars.read import MOST_FREE_DAYS

DAY: Final = timedelta(days=1)
ZERO: Final = timedelta()
SECOND: Final = timedelta(seconds=1)
END_OF_TIME: Final = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment, included, to another, not included."""

    from_at: datetime
    to_at: datetime


def add_time(
    calendar: Calendar, start_at: datetime, length: timedelta, zone: tzinfo, pauses: Sequence[Span] = ()
) -> datetime:
    """Return when so much time has been worked since a moment; pauses do not count.

    Parameters
    ----------
    calendar
        Which hours count.
    start_at
        Where counting begins.
    length
        At least 0; 0 ends where it begins.
    zone
        Where the calendar's hours are.
    pauses
        In any order; they may overlap.

    Raises
    ------
    ValueError
        The calendar has no working day within :data:`MOST_FREE_DAYS`.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> from dispatch.calendars.read import get_calendars
    >>> shanghai = ZoneInfo("Asia/Shanghai")
    >>> friday = datetime(2026, 9, 18, 17, 50, tzinfo=shanghai)
    >>> add_time(get_calendars().calendars["cn"], friday, timedelta(minutes=30), shanghai).isoformat()
    '2026-09-20T09:20:00+08:00'
    """
    if not length:
        return start_at.astimezone(zone)
    left = length
    paused = merge_spans(pauses)
    for stretch in _stretches(calendar, start_at, zone, whole_days=False):
        for piece in _without(stretch, paused):
            lasts = piece.to_at - piece.from_at
            if left <= lasts:
                return (piece.from_at + left).astimezone(zone)
            left -= lasts
    raise AssertionError("time does not end")


def add_days(
    calendar: Calendar,
    start_at: datetime,
    days: int,
    zone: tzinfo,
    pauses: Sequence[Span] = (),
    more: timedelta = ZERO,
) -> datetime:
    """Return the same time of day on the n-th working day after a moment, or ``more`` hours of working days after that.

    What begins on a free day begins with the next working day at midnight. A time of day that the n-th day leaves out is as much
    later; of one that it has twice the first counts. A pause that begins before the end moves it by as much of the pause as lies on
    working days, all hours of them, onto later working days.

    Raises
    ------
    ValueError
        The calendar has no working day within :data:`MOST_FREE_DAYS`.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> from dispatch.calendars.read import get_calendars
    >>> shanghai = ZoneInfo("Asia/Shanghai")
    >>> wednesday = datetime(2026, 9, 30, 16, tzinfo=shanghai)
    >>> add_days(get_calendars().calendars["cn"], wednesday, 5, shanghai).isoformat()
    '2026-10-13T16:00:00+08:00'
    """
    local = start_at.astimezone(zone).replace(tzinfo=None)
    day, clock = local.date(), local - datetime.combine(local.date(), time(0))
    if not calendar.is_working_day(day):
        day, clock = _next_working_day(calendar, day), ZERO
    for _ in range(days):
        day = _next_working_day(calendar, day)
    day, clock = _turn(calendar, day, clock + more)
    end_at = _moment_of(day, clock, zone)
    for pause in merge_spans(pauses):
        if pause.from_at >= end_at:
            break
        paused = _worked(calendar, max(pause.from_at, start_at), pause.to_at, zone, (), whole_days=True)
        day, clock = _turn(calendar, day, clock + paused)
        end_at = _moment_of(day, clock, zone)
    return end_at


def worked_between(
    calendar: Calendar, from_at: datetime, to_at: datetime, zone: tzinfo, pauses: Sequence[Span] = ()
) -> timedelta:
    """Return how much time is worked between two moments, without pauses; 0 when the second is no later.

    Raises
    ------
    ValueError
        The calendar has no working day within :data:`MOST_FREE_DAYS`.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> from dispatch.calendars.read import get_calendars
    >>> shanghai = ZoneInfo("Asia/Shanghai")
    >>> monday = datetime(2026, 11, 23, 11, tzinfo=shanghai)
    >>> str(worked_between(get_calendars().calendars["cn"], monday, monday + timedelta(hours=4), shanghai))
    '3:00:00'
    """
    return _worked(calendar, from_at, to_at, zone, pauses, whole_days=False)


def _worked(
    calendar: Calendar, from_at: datetime, to_at: datetime, zone: tzinfo, pauses: Sequence[Span], *, whole_days: bool
) -> timedelta:
    found, last = ZERO, to_at.astimezone(UTC)
    if last <= from_at.astimezone(UTC):
        return found
    paused = merge_spans(pauses)
    for stretch in _stretches(calendar, from_at, zone, whole_days=whole_days):
        if stretch.from_at >= last:
            break
        for piece in _without(Span(stretch.from_at, min(stretch.to_at, last)), paused):
            found += piece.to_at - piece.from_at
    return found


def _turn(calendar: Calendar, day: date, clock: timedelta) -> tuple[date, timedelta]:
    """Return a working day and a time of it, for a time that may go beyond the day."""
    while clock >= DAY:
        day, clock = _next_working_day(calendar, day), clock - DAY
    return day, clock


def _moment_of(day: date, clock: timedelta, zone: tzinfo) -> datetime:
    """Return when a day's clock shows a time; one that it leaves out is as much later."""
    shown = datetime.combine(day, time(0)) + clock
    return shown.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)


def _next_working_day(calendar: Calendar, after: date) -> date:
    for days in range(1, MOST_FREE_DAYS + 1):
        day = after + timedelta(days=days)
        if calendar.is_working_day(day):
            return day
    raise ValueError(f"calendar {calendar.id} has no working day in the {MOST_FREE_DAYS} days after {after}")


def _stretches(calendar: Calendar, from_at: datetime, zone: tzinfo, *, whole_days: bool) -> Iterator[Span]:
    """Yield what is worked from a moment on, in UTC and in order, without end."""
    begin = from_at.astimezone(UTC)
    if calendar.is_round_the_clock:
        yield Span(begin, END_OF_TIME)
        return
    day = from_at.astimezone(zone).date()
    if not calendar.is_working_day(day):
        day = _next_working_day(calendar, day)
    while True:
        hours = WHOLE_DAY if whole_days else calendar.hours_of(day)
        for stretch in _hours_in(hours, day, zone):
            if stretch.to_at > begin:
                yield Span(max(stretch.from_at, begin), stretch.to_at)
        day = _next_working_day(calendar, day)


@lru_cache(maxsize=4096)
def _hours_in(hours: tuple[Hours, ...], day: date, zone: tzinfo) -> tuple[Span, ...]:
    """Return the hours of a day as moments in UTC, apart where the day's offset changes."""
    first, last = (datetime.combine(day + timedelta(days=days), time(0), zone).astimezone(UTC) for days in (0, 1))
    change = _change_between(first, last, zone)
    found = []
    for from_at, to_at in ((first, change), (change, last)):
        offset = from_at.astimezone(zone).utcoffset() or ZERO
        for span in hours:
            end = datetime.combine(day, span.end or time(0), UTC) + (ZERO if span.end else DAY)
            begin_at = max(datetime.combine(day, span.begin, UTC) - offset, from_at)
            end_at = min(end - offset, to_at)
            if begin_at < end_at:
                found.append(Span(begin_at, end_at))
    return tuple(found)


def _change_between(first: datetime, last: datetime, zone: tzinfo) -> datetime:
    """Return when the zone's offset changes within a day; its end, when it does not."""
    offset = first.astimezone(zone).utcoffset()
    if (last - SECOND).astimezone(zone).utcoffset() == offset:
        return last
    low, high = 0, int((last - first).total_seconds()) - 1  # the offset is the first one at low, another at high
    while high - low > 1:
        middle = (low + high) // 2
        if (first + middle * SECOND).astimezone(zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return first + high * SECOND


def merge_spans(given: Sequence[Span]) -> list[Span]:
    """Return spans in UTC, in order and apart; empty ones are left out."""
    found: list[Span] = []
    spans = ((span.from_at.astimezone(UTC), span.to_at.astimezone(UTC)) for span in given)
    for from_at, to_at in sorted(spans):
        if to_at <= from_at:
            continue
        if found and from_at <= found[-1].to_at:
            found[-1] = Span(found[-1].from_at, max(found[-1].to_at, to_at))
        else:
            found.append(Span(from_at, to_at))
    return found


def _without(span: Span, paused: Sequence[Span]) -> Iterator[Span]:
    """Yield what is left of a span outside of pauses that are in order and apart."""
    begin = span.from_at
    for pause in paused:
        if pause.to_at <= begin:
            continue
        if pause.from_at >= span.to_at:
            break
        if pause.from_at > begin:
            yield Span(begin, pause.from_at)
        begin = pause.to_at
    if begin < span.to_at:
        yield Span(begin, span.to_at)
