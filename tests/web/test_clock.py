from __future__ import annotations

from datetime import UTC, datetime, timedelta

from web.clock import make_clock


def test_it_is_ahead_by_whole_seconds_and_speaks_utc() -> None:
    before = datetime.now(UTC)
    told = make_clock(7200)()
    after = datetime.now(UTC)
    assert told.tzinfo is UTC
    assert told.microsecond == 0
    assert before - timedelta(seconds=1) <= told - timedelta(hours=2) <= after
