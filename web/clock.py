"""What time it is for the service: the machine's clock, or one that is ahead of it or behind, for a demonstration or a drill."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Final

FIRST_DAY: Final = date(1970, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)
"""Days that a plan may speak of; beyond them calendars overflow."""


def make_clock(ahead_s: int = 0) -> Callable[[], datetime]:
    """Return a clock, in UTC and whole seconds.

    Parameters
    ----------
    ahead_s
        How many seconds it is ahead of this machine's; behind, if negative.
    """
    ahead = timedelta(seconds=ahead_s)
    return lambda: datetime.now(UTC).replace(microsecond=0) + ahead


def parse_day(text: str) -> date:
    """Read a day as addresses and forms have it.

    Raises
    ------
    ValueError
        It is none, or one that no plan speaks of.

    Examples
    --------
    >>> parse_day("2026-11-23")
    datetime.date(2026, 11, 23)
    """
    day = date.fromisoformat(text)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(text)
    return day
