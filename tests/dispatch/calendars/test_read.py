from __future__ import annotations

from datetime import date, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from dispatch.calendars.model import ROUND_THE_CLOCK
from dispatch.calendars.read import get_calendars, read_calendars
from dispatch.data_file import DataError

TEXT = files("dispatch.calendars.tables").joinpath("calendars.toml").read_text(encoding="utf-8")
CHINA = get_calendars().calendars["cn"]
SHANGHAI = ZoneInfo("Asia/Shanghai")


def days_of(year: int) -> list[date]:
    return [
        date(year, 1, 1) + timedelta(days=days)
        for days in range(366)
        if (date(year, 1, 1) + timedelta(days=days)).year == year
    ]


def told(dates: list[date]) -> str:
    return " ".join(f"{day:%m%d}" for day in dates)


@pytest.mark.parametrize(
    ("year", "free", "make_up", "worked"),
    [
        (
            2025,
            "0101 0128 0129 0130 0131 0203 0204 0404 0501 0502 0505 0602 1001 1002 1003 1006 1007 1008",
            "0126 0208 0427 0928 1011",
            248,
        ),
        (
            2026,
            "0101 0102 0216 0217 0218 0219 0220 0223 0406 0501 0504 0505 0619 0925 1001 1002 1005 1006 1007",
            "0104 0214 0228 0509 0920 1010",
            248,
        ),
    ],
)
def test_holidays_and_make_up_days_of_china_are_those_announced(
    year: int, free: str, make_up: str, worked: int
) -> None:
    days = days_of(year)
    assert told([day for day in days if day.isoweekday() <= 5 and not CHINA.is_working_day(day)]) == free
    assert told([day for day in days if day.isoweekday() > 5 and CHINA.is_working_day(day)]) == make_up
    assert sum(CHINA.is_working_day(day) for day in days) == worked


def test_a_year_that_is_not_announced_is_told_in_both_languages() -> None:
    last = datetime(2026, 12, 31, 23, 59, tzinfo=SHANGHAI)
    assert CHINA.certain_through == 2026
    assert CHINA.warn_of(last, SHANGHAI) is None
    warning = CHINA.warn_of(last + timedelta(minutes=1), SHANGHAI)
    assert warning is not None
    assert "2027 年的节假日与调休尚未公布" in warning[0]
    assert "2027 are not announced yet" in warning[1]
    assert ROUND_THE_CLOCK.warn_of(last + timedelta(days=900), SHANGHAI) is None


def test_a_region_keeps_its_own_calendar_else_the_default() -> None:
    text = TEXT.replace("[regions]\n", '[regions]\nbei = "late"\n') + LATE
    calendars = read_calendars(text)
    assert calendars.working_days_of("bei").id == "late"
    assert calendars.working_days_of("hz").id == calendars.working_days_of(None).id == "cn"


LATE = """
[calendars.late]
title_zh = "晚班"
title_en = "Late"
week = { sun = ["20:00-24:00"] }
"""


def test_what_is_round_the_clock_says_so() -> None:
    assert ROUND_THE_CLOCK.is_round_the_clock
    assert not CHINA.is_round_the_clock


def faults_of(text: str) -> str:
    with pytest.raises(DataError) as caught:
        read_calendars(text)
    return "\n".join(caught.value.faults)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('default = "cn"', 'default = "de"', "default must be one of cn, got 'de'"),
        ("[regions]\n", '[regions]\nhz = "de"\n', "regions.hz must be one of cn, got 'de'"),
        ("[regions]\n", "[regions]\n[other]\n", "other must be one of default, calendars, regions, got 'other'"),
        (
            "certain_through = 2026",
            "certain_through = 26",
            "calendars.cn.certain_through must be a whole number from 1970",
        ),
        (
            "certain_through = 2026",
            "certain_through = 2025",
            ".to must be in a year that is certain, 2025 at the latest",
        ),
        ("certain_through = 2026\n", "", "in a year that is certain, None at the latest"),
        ('fri = ["09:00-12:00"', 'fri = ["09:00-08:00"', "calendars.cn.week.fri[0] must be hours such as"),
        (
            'fri = ["09:00-12:00"',
            'fri = ["9-12"',
            "calendars.cn.week.fri[0] must be hours such as \"09:00-12:00\", got '9-12'",
        ),
        ('fri = ["09:00-12:00"', 'fri = ["09:00-12:60"', "calendars.cn.week.fri[0]"),
        ('fri = ["09:00-12:00"', 'fri = ["09:00-24:01"', "calendars.cn.week.fri[0]"),
        (
            'fri = ["09:00-12:00"',
            'fri = ["09:00-13:01"',
            "calendars.cn.week.fri must be hours in order that do not overlap",
        ),
        (
            'fri = ["09:00-12:00", "13:00-18:00"]',
            "fri = []",
            "calendars.cn.week.fri must be a list that is not empty, got []",
        ),
        ("fri = [", "friday = [", "calendars.cn.week.friday must be one of mon, tue"),
        ("from = 2026-10-10", "from = 2026-10-07", "must be the only entry of 2026-10-07"),
        (
            "from = 2026-10-10",
            "from = 2026-10-14",
            "days 2026-10-14 must be a weekday that is free, to be a make-up day",
        ),
        ("from = 2026-10-10", 'from = "2026-10-10"', ".from must be a date such as 2026-10-01, got '2026-10-10'"),
        ("to = 2026-10-07", "to = 2026-09-07", ".to must be from 2026-10-01 to 60 days later, got '2026-09-07'"),
        ("to = 2026-10-07", "to = 2026-12-07", ".to must be from 2026-10-01 to 60 days later"),
        (
            'kind = "holiday"',
            'kind = "party"',
            "calendars.cn.days[0].kind must be one of holiday, make_up, got 'party'",
        ),
        ('title_zh = "元旦"', 'title_zh = ""', "calendars.cn.days[0].title_zh must be a text, got ''"),
        ('make_up = ["09:00-12:00", "13:00-18:00"]\n', "", "must be a holiday, as the calendar has no make_up hours"),
    ],
)
def test_a_faulty_calendar_is_told_with_place_value_and_what_was_expected(old: str, new: str, fault: str) -> None:
    assert old in TEXT
    assert fault in faults_of(TEXT.replace(old, new, 1))


def test_all_faults_are_told_at_once() -> None:
    text = TEXT.replace('default = "cn"', 'default = "de"').replace('kind = "holiday"', 'kind = "party"')
    assert len(faults_of(text).splitlines()) == 1 + 13


@pytest.mark.parametrize(
    "text",
    ["", "calendars = 1", "no toml", 'default = "a"\n[calendars.a]', 'default = "a"\nregions = 3\ncalendars.a = 4'],
)
def test_any_other_document_is_refused_with_a_reason(text: str) -> None:
    assert faults_of(text)
