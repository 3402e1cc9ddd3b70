from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from dispatch.policies.tables.clock import end_of
from dispatch.policies.tables.model import Limit, Source, Unit, is_weekday
from tests.builders import at

SOURCE = Source("GR-05", "stated")


def limit(within: int, unit: Unit) -> Limit:
    return Limit(within, unit, SOURCE)


def end(within: int, unit: Unit, start: datetime) -> datetime:
    return end_of(limit(within, unit), start, is_weekday)


def test_minutes_and_hours_pass_on_free_days_too() -> None:
    saturday = at("23:00", day=5)
    assert end(90, "min", saturday) == at("00:30", day=6)
    assert end(24, "h", saturday) == at("23:00", day=6)


@pytest.mark.parametrize(
    ("day", "days", "ends"),
    [
        (0, 1, at("10:00", day=1)),
        (0, 4, at("10:00", day=4)),
        (0, 5, at("10:00", day=7)),
        (4, 1, at("10:00", day=7)),
        (5, 1, at("00:00", day=8)),
        (6, 1, at("00:00", day=8)),
        (6, 5, at("00:00", day=14)),
    ],
)
def test_working_days_leave_out_the_weekend(day: int, days: int, ends: datetime) -> None:
    assert end(days, "working_days", at("10:00", day=day)) == ends


def test_a_holiday_and_a_make_up_day_are_the_calendars_business() -> None:
    def calendar(day: date) -> bool:
        wednesday_off, saturday_on = at("00:00", day=2).date(), at("00:00", day=5).date()
        return day == saturday_on or (day.isoweekday() <= 5 and day != wednesday_off)

    assert end_of(limit(5, "working_days"), at("10:00"), calendar) == at("10:00", day=7)
    assert end_of(limit(4, "working_days"), at("10:00"), calendar) == at("10:00", day=5)


def test_the_day_is_that_of_the_reports_own_zone() -> None:
    friday_late = at("23:30", day=4)
    assert end(1, "working_days", friday_late) == at("23:30", day=7)
    assert end(1, "working_days", friday_late + timedelta(hours=1)) == at("00:00", day=8)


def test_a_calendar_without_working_days_is_refused() -> None:
    with pytest.raises(ValueError, match="no working day"):
        end_of(limit(1, "working_days"), at("10:00"), lambda _day: False)
