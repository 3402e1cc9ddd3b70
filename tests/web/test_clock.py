from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from web.clock import make_clock, parse_day


def test_it_is_ahead_by_whole_seconds_and_speaks_utc() -> None:
    before = datetime.now(UTC)
    told = make_clock(7200)()
    after = datetime.now(UTC)
    assert told.tzinfo is UTC
    assert told.microsecond == 0
    assert before - timedelta(seconds=1) <= told - timedelta(hours=2) <= after


@pytest.mark.parametrize("text", ["0001-01-01", "1969-12-31", "2200-01-01", "9999-12-31", "", "23", "2026-02-30"])
def test_a_day_that_no_plan_speaks_of_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_day(text)
