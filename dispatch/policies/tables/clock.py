"""From a limit to a moment: hours round the clock, working days by the calendar, appointments that come later."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from dispatch.format.model import Ticket
from dispatch.policies.tables.model import Book, Facts, IsWorkingDay, Limit

MOST_FREE_DAYS = 60
"""A calendar without a working day in so many days is broken."""


def end_of(limit: Limit, start: datetime, is_working_day: IsWorkingDay) -> datetime:
    """Return the moment at which a limit ends that begins at ``start``.

    Minutes and hours pass round the clock. n working days end at the same time of day on the n-th working day after;
    what begins on a free day begins with the next working day at midnight. Days are those of ``start``'s own zone.

    Raises
    ------
    ValueError
        When the calendar has no working day within :data:`MOST_FREE_DAYS`.
    """
    if limit.unit != "working_days":
        return start + timedelta(seconds=limit.least_s)
    moment = start
    if not is_working_day(start.date()):
        moment = datetime.combine(_next_working_day(start, is_working_day), time(0), start.tzinfo)
    for _ in range(limit.within):
        moment = datetime.combine(_next_working_day(moment, is_working_day), moment.timetz())
    return moment


def _next_working_day(moment: datetime, is_working_day: IsWorkingDay) -> datetime:
    for days in range(1, MOST_FREE_DAYS + 1):
        day = moment + timedelta(days=days)
        if is_working_day(day.date()):
            return day
    raise ValueError(f"the calendar has no working day in the {MOST_FREE_DAYS} days after {moment.date()}")


def promises(ticket: Ticket, facts: Facts, book: Book) -> tuple[datetime, datetime]:
    """Return until when one has to arrive and to have resolved.

    Both limits count from the report. Where the customer can be visited only after the limit for arriving (an appointment or a
    release that comes later), that limit is the end of the first window, or counts from the release; the limit for
    resolving moves by as much.
    """
    row = book.row_of(facts)
    arrive_by = end_of(row.arrive, facts.reported_at, book.is_working_day)
    resolve_by = end_of(row.resolve, facts.reported_at, book.is_working_day)
    later = _later_arrival(ticket, arrive_by, row.arrive, book.is_working_day)
    return later, resolve_by + (later - arrive_by)


def _later_arrival(ticket: Ticket, arrive_by: datetime, limit: Limit, is_working_day: IsWorkingDay) -> datetime:
    release = ticket.release
    usable = [window for window in ticket.windows if release is None or window[1] >= release]
    if usable:
        opens, closes = min(usable)
        begins_at = opens if release is None else max(opens, release)
        return closes if begins_at > arrive_by else arrive_by
    if release is not None and release > arrive_by:
        return end_of(limit, release, is_working_day)
    return arrive_by
