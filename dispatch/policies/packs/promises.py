"""What is promised for a ticket: until when somebody is there, and until when it is resolved.

Both limits are the pack's. Where the customer can be visited only after the limit for arriving (an appointment or a release that comes
later), that limit is the end of the first window, or counts from the release; the limit for resolving moves by as much.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from dispatch.calendars.model import Calendars
from dispatch.policies.packs.model import Facts, Pack, Stage
from dispatch.policies.packs.strictest import find_due, lasts

CLAUSE: Final = re.compile(r"[A-Z]{2}-\d\d")


@dataclass(frozen=True, slots=True)
class Promise:
    """Until when one arrives and has resolved; None: no limit of the pack says so.

    ``source`` names the clauses that say so, arriving first; None: there is none.
    """

    arrive_by: datetime | None
    resolve_by: datetime | None
    source: str | None


def make_promise(
    pack: Pack,
    facts: Facts,
    calendars: Calendars,
    windows: Sequence[tuple[datetime, datetime]] = (),
    release_at: datetime | None = None,
) -> Promise:
    """Return what is promised for a ticket.

    Parameters
    ----------
    pack, facts, calendars
        What is asked for which ticket, and which hours are worked.
    windows, release_at
        When the customer can be visited; empty and None: any time.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> from dispatch.calendars.read import get_calendars
    >>> from dispatch.policies.packs.read import get_pack
    >>> friday = datetime(2026, 9, 18, 17, 50, tzinfo=ZoneInfo("Asia/Shanghai"))
    >>> promise = make_promise(get_pack("strict"), Facts("urgent", "silver", friday), get_calendars())
    >>> promise.arrive_by.isoformat(), promise.resolve_by.isoformat(), promise.source
    ('2026-09-18T21:50:00+08:00', '2026-09-19T17:50:00+08:00', 'SL-07 GR-03')
    """
    arrive = find_due(pack, Stage.ARRIVE, facts, calendars)
    resolve = find_due(pack, Stage.RESOLVE, facts, calendars)
    arrive_by = None if arrive is None else arrive.by_at
    resolve_by = None if resolve is None else resolve.by_at
    if arrive_by is not None:
        later = _later_arrival(pack, facts, calendars, windows, release_at, arrive_by)
        resolve_by = None if resolve_by is None else _later_by(resolve_by, lasts(arrive_by, later))
        arrive_by = later
    clauses = [due.clause for due in (arrive, resolve) if due is not None and due.clause is not None]
    return Promise(arrive_by, resolve_by, " ".join(dict.fromkeys(clauses)) or None)


def _later_by(moment: datetime, length: timedelta) -> datetime:
    """Return a moment so much later, in its own zone."""
    return (moment.astimezone(UTC) + length).astimezone(moment.tzinfo)


def is_of_packs(source: str | None) -> bool:
    """Tell whether a promise's source names clauses, as a pack's does, and not a person.

    Examples
    --------
    >>> is_of_packs("SL-07 GR-03"), is_of_packs("电话"), is_of_packs(None)
    (True, False, False)
    """
    return bool(source) and all(CLAUSE.fullmatch(word) for word in (source or "").split())


def _later_arrival(
    pack: Pack,
    facts: Facts,
    calendars: Calendars,
    windows: Sequence[tuple[datetime, datetime]],
    release_at: datetime | None,
    arrive_by: datetime,
) -> datetime:
    usable = [window for window in windows if release_at is None or window[1] >= release_at]
    if usable:
        opens, closes = min(usable)
        begins_at = opens if release_at is None else max(opens, release_at)
        return closes if begins_at > arrive_by else arrive_by
    if release_at is not None and release_at > arrive_by:
        due = find_due(pack, Stage.ARRIVE, facts, calendars, start_at=release_at)
        return arrive_by if due is None or due.by_at is None else due.by_at
    return arrive_by
