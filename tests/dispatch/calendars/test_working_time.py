from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from dispatch.calendars.model import ROUND_THE_CLOCK, WHOLE_DAY, Calendar, Hours, SpecialDay
from dispatch.calendars.read import get_calendars
from dispatch.calendars.working_time import Span, add_days, add_time, worked_between
from tests.dispatch.calendars import slow

CHINA = get_calendars().calendars["cn"]
SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
ZONES = tuple(
    map(
        ZoneInfo,
        (
            "Asia/Shanghai",
            "Europe/Berlin",
            "America/New_York",
            "Australia/Lord_Howe",
            "Asia/Kathmandu",
            "America/Havana",
        ),
    )
)
SUNDAYS = Calendar(
    "sundays",
    "含周日",
    "Sundays are worked",
    {
        1: (Hours(time(9), time(12)), Hours(time(13), time(18))),
        3: (Hours(time(22), None),),
        5: WHOLE_DAY,
        6: (Hours(time(0), time(2, 30)),),
        7: (Hours(time(1, 30), time(2, 15)), Hours(time(2, 20), time(4))),
    },
    days={date(2026, 12, 25): SpecialDay("holiday", "圣诞节", "Christmas")},
    certain_through=2030,
)
CALENDARS = (CHINA, ROUND_THE_CLOCK, SUNDAYS)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def test_lunch_and_the_evening_do_not_count() -> None:
    def end(start: str, minutes: int) -> datetime:
        return add_time(CHINA, at(start), timedelta(minutes=minutes), SHANGHAI)

    assert end("2026-11-23T11:30", 30) == at("2026-11-23T12:00")
    assert end("2026-11-23T11:30", 31) == at("2026-11-23T13:01")
    assert end("2026-11-23T12:10", 0) == at("2026-11-23T12:10")
    assert end("2026-11-23T17:30", 60) == at("2026-11-24T09:30")
    assert end("2026-11-27T17:30", 60) == at("2026-11-30T09:30")


def test_round_the_clock_hours_are_real_hours_on_both_days_on_which_clocks_change() -> None:
    spring = add_time(ROUND_THE_CLOCK, at("2026-03-28T20:00", BERLIN), timedelta(hours=24), BERLIN)
    autumn = add_time(ROUND_THE_CLOCK, at("2026-10-24T20:00", BERLIN), timedelta(hours=24), BERLIN)
    assert (spring, autumn) == (at("2026-03-29T21:00", BERLIN), at("2026-10-25T19:00", BERLIN))


@pytest.mark.parametrize(
    ("start", "days", "ends"),
    [
        ("2026-09-30T16:00", 5, "2026-10-13T16:00"),  # 8, 9, 10 (make-up Saturday), 12, 13
        ("2026-11-23T10:00", 1, "2026-11-24T10:00"),
        ("2026-11-27T23:30", 1, "2026-11-30T23:30"),
        ("2026-11-28T10:00", 1, "2026-12-01T00:00"),  # a Saturday begins with Monday's midnight
        ("2026-02-14T10:00", 1, "2026-02-24T10:00"),  # Spring Festival after a make-up Saturday
        ("2025-12-31T15:00", 1, "2026-01-04T15:00"),  # the year's end, a make-up Sunday
        ("2026-12-31T15:00", 1, "2027-01-01T15:00"),  # not announced: a Friday like any other
    ],
)
def test_working_days_end_at_the_same_time_of_day(start: str, days: int, ends: str) -> None:
    assert add_days(CHINA, at(start), days, SHANGHAI) == at(ends)


def test_a_pause_moves_the_end_by_its_part_on_working_days() -> None:
    weekend = Span(at("2026-11-27T10:00"), at("2026-11-30T10:00"))
    assert add_days(CHINA, at("2026-11-26T16:00"), 2, SHANGHAI, [weekend]) == at("2026-12-01T16:00")
    after = Span(at("2026-12-01T10:00"), at("2026-12-02T10:00"))
    assert add_days(CHINA, at("2026-11-26T16:00"), 2, SHANGHAI, [after]) == at("2026-11-30T16:00")
    moved_into = [weekend, after]
    assert add_days(CHINA, at("2026-11-26T16:00"), 2, SHANGHAI, moved_into) == at("2026-12-02T16:00")


def test_pauses_that_overlap_count_once_and_those_before_the_start_not_at_all() -> None:
    pauses = [
        Span(at("2026-11-23T10:00"), at("2026-11-23T11:00")),
        Span(at("2026-11-23T10:30"), at("2026-11-23T11:30")),
        Span(at("2026-11-20T10:00"), at("2026-11-23T09:00")),
    ]
    start = at("2026-11-23T09:00")
    assert add_time(CHINA, start, timedelta(hours=2), SHANGHAI, pauses) == at("2026-11-23T13:30")
    assert worked_between(CHINA, start, at("2026-11-23T13:30"), SHANGHAI, pauses) == timedelta(hours=2)


def test_nothing_is_worked_backwards() -> None:
    assert worked_between(CHINA, at("2026-11-24T09:00"), at("2026-11-23T09:00"), SHANGHAI) == timedelta()


def test_a_calendar_without_working_days_is_refused() -> None:
    never = Calendar("never", "从不", "Never", {})
    with pytest.raises(ValueError, match="calendar never has no working day in the 60 days after 2026-11-23"):
        add_days(never, at("2026-11-23T09:00"), 1, SHANGHAI)
    with pytest.raises(ValueError, match="no working day"):
        add_time(never, at("2026-11-23T09:00"), timedelta(hours=1), SHANGHAI)


SEASONS = (
    "2026-03-28T12:00",  # Berlin's spring
    "2026-10-24T12:00",  # Berlin's autumn
    "2026-03-07T12:00",  # New York's and Havana's spring
    "2026-10-31T12:00",  # New York's and Havana's autumn
    "2026-10-03T08:00",  # Lord Howe's spring, and National Day
    "2026-04-04T08:00",  # Lord Howe's autumn
    "2026-02-13T12:00",  # Spring Festival
    "2025-12-30T12:00",  # a year's end
    "2026-12-29T12:00",  # another, into a year that is not announced
)


def draw_start(luck: random.Random) -> datetime:
    """Draw a whole minute within two days of one of the seasons."""
    return datetime.fromisoformat(luck.choice(SEASONS)).replace(tzinfo=UTC) + timedelta(
        minutes=luck.randrange(-1440, 2880)
    )


def draw_pauses(luck: random.Random, start: datetime) -> list[Span]:
    """Draw up to three pauses, near the start; they may overlap or be empty."""
    pauses = []
    for _ in range(luck.choice((0, 0, 1, 2, 3))):
        begin = start + timedelta(minutes=luck.randrange(-300, 3000))
        pauses.append(Span(begin, begin + timedelta(minutes=luck.randrange(0, 1500))))
    return pauses


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_a_thousand_deadlines_are_those_of_counting_minute_by_minute(seed: int) -> None:
    luck = random.Random(seed)  # noqa: S311 - a draw that can be had again
    for _ in range(100):
        zone, calendar, start = luck.choice(ZONES), luck.choice(CALENDARS), draw_start(luck)
        pauses = draw_pauses(luck, start)
        paused = [(pause.from_at, pause.to_at) for pause in pauses]
        about = f"{zone} {calendar.id} {start} {pauses}"
        if luck.random() < 0.5:
            days = luck.randrange(1, 6)
            assert add_days(calendar, start, days, zone, pauses) == slow.add_days(
                calendar, start, days, zone, paused
            ), about
        else:
            minutes = luck.choice((1, 30, 120, 240, luck.randrange(1, 2000)))
            end = add_time(calendar, start, timedelta(minutes=minutes), zone, pauses)
            assert end.astimezone(UTC) == slow.add_time(calendar, start, minutes, zone, paused), about
            worked = worked_between(calendar, start, end, zone, pauses)
            assert worked == timedelta(minutes=minutes), about
            assert slow.worked_between(calendar, start, end, zone, paused) == minutes, about
