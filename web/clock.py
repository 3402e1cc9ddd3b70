"""What time it is for the service: the machine's clock, or one that is ahead of it or behind, for a demonstration or a drill."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def make_clock(ahead_s: int = 0) -> Callable[[], datetime]:
    """Return a clock, in UTC and whole seconds.

    Parameters
    ----------
    ahead_s
        How many seconds it is ahead of this machine's; behind, if negative.
    """
    ahead = timedelta(seconds=ahead_s)
    return lambda: datetime.now(UTC).replace(microsecond=0) + ahead
