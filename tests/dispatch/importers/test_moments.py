from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.importers.cells import Cell
from dispatch.importers.moments import LAST, read_when
from dispatch.importers.remarks import Unclear
from tests.dispatch.importers.sheets import MONDAY

TWO_TO_FOUR = (time(14), time(16))


@pytest.mark.parametrize(
    "cell",
    [
        "2026-11-23",
        "2026/11/23",
        "2026.11.23",
        "2026年11月23日",
        "２０２６年１１月２３日",
        "2026年11月23号(周一)",
        "11月23日",
        "11/23",
        "26-11-23",
        "26年11月23日",
        "11/23/2026",
        "23/11/2026",
        "20261123",
        "46349",
        46349,
        datetime(2026, 11, 23),  # noqa: DTZ001 - as workbooks hold them
        date(2026, 11, 23),
    ],
)
def test_a_day_is_read_however_it_is_written(cell: Cell) -> None:
    when = read_when(cell, MONDAY)
    assert (when.day, when.hours) == (date(2026, 11, 23), None)


@pytest.mark.parametrize(
    "text",
    [
        "14:00-16:00",
        "14：00～16：00",
        "14:00至16:00",
        "下午2点到4点",
        "下午2-4点",
        "下午两点到四点",
        "14点—16点",
        "2:00pm-4:00pm",
    ],
)
def test_hours_are_read_however_they_are_written(text: str) -> None:
    assert read_when(text, MONDAY).hours == TWO_TO_FOUR
    assert read_when(f"2026年11月23日 {text}", MONDAY).hours == TWO_TO_FOUR
    assert read_when(f"11/23 {text}", MONDAY).day == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("cell", "hours"),
    [
        ("上午", (time(8), time(12))),
        ("11/23 下午", (time(12), time(18))),
        ("12点前", (time(8), time(12))),
        ("下午3点以后", (time(15), time(18))),
        ("上午10点到2点", (time(10), time(14))),
        ("02:00-04:00", (time(2), time(4))),
        ("上午到下午", (time(8), time(18))),
    ],
)
def test_a_part_of_the_day_is_read_with_the_hours_it_is_taken_for(cell: str, hours: tuple[time, time]) -> None:
    assert read_when(cell, MONDAY).hours == hours


@pytest.mark.parametrize(
    ("cell", "begin"),
    [
        ("2026年11月23日 14:30", time(14, 30)),
        ("11/23 下午2点半", time(14, 30)),
        ("2026-11-23T14:30:00", time(14, 30)),
        (46349.604166667, time(14, 30)),
        (0.604166667, time(14, 30)),
        (time(14, 30), time(14, 30)),
        (datetime(2026, 11, 23, 14, 30), time(14, 30)),  # noqa: DTZ001
    ],
)
def test_one_moment_is_an_hour_from_it_on_and_a_doubt(cell: Cell, begin: time) -> None:
    when = read_when(cell, MONDAY)
    assert when.hours == (begin, time(15, 30))
    assert "window_from_point" in [doubt.code for doubt in when.doubts]


@pytest.mark.parametrize("text", ["全天", "随时", "不限", "2026-11-23 全天"])
def test_any_time_is_no_hours(text: str) -> None:
    assert read_when(text, MONDAY).hours is None


def test_midnight_at_the_end_is_the_day_s_last_second() -> None:
    assert read_when("22:00-24:00", MONDAY).hours == (time(22), LAST)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("明天上午", "relative_date"),
        ("后天", "relative_date"),
        ("下周三", "relative_date"),
        ("2026-02-30", "impossible_date"),
        ("13/45", "impossible_date"),
        ("2029-11-23", "far_date"),
        ("24:01-24:30", "impossible_time"),
        ("16:00-14:00", "window_backwards"),
        ("14:00-14:00", "window_backwards"),
        ("9-11", "hours_or_date"),
        ("2点", "morning_or_afternoon"),
        ("2:00-4:00", "morning_or_afternoon"),
        ("10:00-2:00", "morning_or_afternoon"),
        ("11/23-11/24", "bad_window"),
        ("看情况", "bad_window"),
        ("1-2-3", "bad_window"),
        (timedelta(hours=1), "bad_window"),
        ("99999", "bad_date"),
    ],
)
def test_what_is_unclear_is_refused_with_its_code(cell: Cell, code: str) -> None:
    with pytest.raises(Unclear) as caught:
        read_when(cell, MONDAY)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "day", "code"),
    [
        ("03/04/2027", date(2027, 3, 4), "ambiguous_date"),
        ("23/11/2026", date(2026, 11, 23), "day_first"),
        ("26-11-24", date(2026, 11, 24), "short_year"),
        ("2026-11-22", date(2026, 11, 22), "in_the_past"),
        ("46349", date(2026, 11, 23), "excel_serial"),
        ("5/20", date(2027, 5, 20), "no_year"),
    ],
)
def test_what_was_guessed_is_a_doubt(text: str, day: date, code: str) -> None:
    when = read_when(text, MONDAY)
    assert when.day == day
    assert code in [doubt.code for doubt in when.doubts]


@pytest.mark.parametrize(("days", "told"), [(365, True), (366, True), (367, False)])
def test_a_day_is_read_up_to_a_year_away(days: int, told: bool) -> None:
    day = MONDAY + timedelta(days=days)
    if told:
        assert read_when(day, MONDAY).day == day
    else:
        with pytest.raises(Unclear):
            read_when(day, MONDAY)


def test_a_day_without_year_is_the_nearest_one() -> None:
    assert read_when("1/2", date(2026, 12, 30)).day == date(2027, 1, 2)
    assert read_when("12/30", date(2027, 1, 2)).day == date(2026, 12, 30)


@given(st.one_of(st.text(), st.text("0123456789-:点月日年上下午/~至 到半"), st.floats(), st.integers()))
def test_any_cell_is_read_or_unclear(cell: Cell) -> None:
    try:
        when = read_when(cell, MONDAY)
    except Unclear:
        return
    assert when.hours is None or when.hours[0] < when.hours[1]
