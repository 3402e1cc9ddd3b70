from __future__ import annotations

import pytest

from dispatch.importers.depots import HANDLING_S, read_depots
from tests.dispatch.importers.sheets import SETTINGS, codes, csv_of, doubts


def test_a_depot_has_a_place_hours_and_how_long_a_call_takes() -> None:
    (depot,) = read_depots(
        csv_of("备件库,经度,纬度,营业时间,取件用时", "城北,120.16,30.33,13:00至18:00；7:30-12:00,8分钟"), SETTINGS
    ).drafts
    assert depot.place.point is not None
    assert [f"{first:%H:%M}-{last:%H:%M}" for first, last in depot.hours] == ["07:30-12:00", "13:00-18:00"]
    assert depot.handling_s == 480


def test_what_is_not_said_is_eight_to_six_and_ten_minutes_and_the_hours_are_told() -> None:
    imported = read_depots(csv_of("备件库,地址", "城北,拱墅区石祥路 1 号"), SETTINGS)
    (depot,) = imported.drafts
    assert [f"{first:%H:%M}-{last:%H:%M}" for first, last in depot.hours] == ["08:00-18:00"]
    assert depot.handling_s == HANDLING_S
    assert doubts(imported) == ["default_hours"]


@pytest.mark.parametrize(
    "said", ["全天", "18:00-8:00", "8:00-8:00", "8:00-25:00", "8:00-12:61", "8:00-12:00、12:00-18:00", "8-18"]
)
def test_hours_that_cannot_be_are_a_fault(said: str) -> None:
    assert codes(read_depots(csv_of("备件库,开放时间", f"城北,{said}"), SETTINGS)) == ["bad_hours"]
