"""Working time as one counts it on paper: minute by minute. The slow twin of ``dispatch.calendars.working_time``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dispatch.calendars.model import Calendar

MINUTE = timedelta(minutes=1)
Paused = Sequence[tuple[datetime, datetime]]


def is_worked(calendar: Calendar, moment: datetime, zone: ZoneInfo) -> bool:
    """Tell whether the minute that begins at a moment is worked: look at the clock on the wall."""
    local = moment.astimezone(zone)
    shown = local.time()
    return any(
        hours.begin <= shown and (hours.end is None or shown < hours.end) for hours in calendar.hours_of(local.date())
    )


def is_paused(moment: datetime, pauses: Paused) -> bool:
    """Tell whether a minute is inside a pause."""
    return any(begin <= moment < end for begin, end in pauses)


def add_time(calendar: Calendar, start_at: datetime, minutes: int, zone: ZoneInfo, pauses: Paused = ()) -> datetime:
    """Count minutes that are worked until there are enough."""
    now = start_at.astimezone(UTC)
    while minutes:
        if is_worked(calendar, now, zone) and not is_paused(now, pauses):
            minutes -= 1
        now += MINUTE
    return now


def worked_between(calendar: Calendar, from_at: datetime, to_at: datetime, zone: ZoneInfo, pauses: Paused = ()) -> int:
    """Count the minutes that are worked between two moments."""
    now, found = from_at.astimezone(UTC), 0
    while now < to_at:
        found += is_worked(calendar, now, zone) and not is_paused(now, pauses)
        now += MINUTE
    return found


def add_days(
    calendar: Calendar, start_at: datetime, days: int, zone: ZoneInfo, pauses: Paused = (), more: int = 0
) -> datetime:
    """Turn the calendar's pages to the n-th working day; then, for each paused minute of a working day, one minute further."""
    local = start_at.astimezone(zone)
    day, clock = local.date(), local.hour * 60 + local.minute
    if not calendar.hours_of(day):
        day, clock = next_page(calendar, day), 0
    for _ in range(days):
        day = next_page(calendar, day)
    for _ in range(more):
        clock += 1
        if clock == 24 * 60:
            day, clock = next_page(calendar, day), 0
    now = start_at.astimezone(UTC)
    last = max((end for _, end in pauses), default=now)
    inside = False
    while now < last:
        begins = is_paused(now, pauses) and not inside
        inside = is_paused(now, pauses)
        if begins and now >= wall(day, clock, zone):
            break
        if inside and calendar.hours_of(now.astimezone(zone).date()):
            clock += 1
            if clock == 24 * 60:
                day, clock = next_page(calendar, day), 0
        now += MINUTE
    return wall(day, clock, zone)


def next_page(calendar: Calendar, day: date) -> date:
    """Turn to the next day that is worked."""
    day += timedelta(days=1)
    while not calendar.hours_of(day):
        day += timedelta(days=1)
    return day


def wall(day: date, clock: int, zone: ZoneInfo) -> datetime:
    """Return when a day's clock shows so many minutes; what it leaves out is as much later."""
    return datetime.combine(day, time(clock // 60, clock % 60), zone).astimezone(UTC)
