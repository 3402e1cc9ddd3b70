from __future__ import annotations

import pytest

from dispatch.importers.drafts import ShiftDraft
from dispatch.importers.shifts import read_shifts
from tests.dispatch.importers.sheets import SETTINGS, codes, csv_of, doubts


def read_one(headings: str, cells: str) -> ShiftDraft:
    imported = read_shifts(csv_of(headings, cells), SETTINGS)
    assert codes(imported) == []
    (draft,) = imported.drafts
    return draft


def hours_of(draft: ShiftDraft) -> str:
    return f"{draft.hours[0]:%d %H:%M}-{draft.hours[1]:%d %H:%M}"


def test_hours_stand_in_one_column_or_in_two() -> None:
    assert hours_of(read_one("工程师,日期,班次", "E1,2026-11-24,8:00-12:00")) == "24 08:00-24 12:00"
    assert hours_of(read_one("工程师,日期,上班,下班", "E1,11/24,8:00,12:00")) == "24 08:00-24 12:00"


@pytest.mark.parametrize(
    "rows", [("工程师,日期,上班,下班", "E1,11/24,22:00,6:00"), ("工程师,日期,班次", "E1,11/24,22:00-6:00")]
)
def test_a_shift_that_ends_before_it_begins_ends_on_the_next_day(rows: tuple[str, str]) -> None:
    imported = read_shifts(csv_of(*rows), SETTINGS)
    assert hours_of(imported.drafts[0]) == "24 22:00-25 06:00"
    assert doubts(imported) == ["over_midnight"]


@pytest.mark.parametrize(("end", "code"), [("21:00", None), ("21:01", "shift_too_long")])
def test_a_shift_has_at_most_sixteen_hours(end: str, code: str | None) -> None:
    imported = read_shifts(csv_of("工程师,日期,上班,下班", f"E1,11/24,5:00,{end}"), SETTINGS)
    assert codes(imported) == ([code] if code else [])


@pytest.mark.parametrize("cells", ["E1,11/24,请假,", "E1,11/24,,请假", "E1,11/24,,年假"])
def test_an_absence_without_hours_is_the_whole_day(cells: str) -> None:
    draft = read_one("工程师,日期,班次,类型", cells)
    assert draft.is_absence
    assert hours_of(draft) == "24 00:00-24 23:59"


def test_an_absence_may_have_hours() -> None:
    draft = read_one("工程师,日期,班次,类型", "E1,11/24,13:00-15:00,请假")
    assert draft.is_absence
    assert hours_of(draft) == "24 13:00-24 15:00"


def test_what_is_not_said_is_the_planned_day_and_the_default_hours() -> None:
    imported = read_shifts(csv_of("工程师,类型", "E1,上班"), SETTINGS)
    assert hours_of(imported.drafts[0]) == "23 08:30-23 17:30"
    assert doubts(imported) == ["default_day", "default_shift"]


@pytest.mark.parametrize(("said", "seconds"), [("60分钟", 3600), ("1小时", 3600), ("0", 0), ("无", 0), ("", 0)])
def test_overtime_is_read_as_a_duration(said: str, seconds: int) -> None:
    assert read_one("工程师,日期,班次,可加班", f"E1,11/24,8:00-12:00,{said}").overtime_s == seconds
