from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.domain.place import CoordinateSystem, FoundBy
from dispatch.services.read_sheets import ReadDay, Wish, read_sheets

MESSY = Path(__file__).parents[3] / "fixtures" / "messy"
MONDAY = date(2026, 11, 23)
WISH = Wish(MONDAY)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def sheet(*rows: str) -> bytes:
    return "\n".join(rows).encode()


def codes(notes: object) -> list[str]:
    return [note.code for note in notes]  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def messy() -> ReadDay:
    tickets, engineers = MESSY / "tickets.xlsx", MESSY / "engineers.csv"
    return read_sheets(tickets.read_bytes(), engineers.read_bytes(), Wish(date(2026, 12, 1)))


def test_the_messy_day_becomes_a_snapshot_with_every_row_accounted_for(messy: ReadDay) -> None:
    assert messy.snapshot is not None
    repeated = Counter(codes(messy.doubts))["repeated_row"]
    assert (messy.rows, len(messy.snapshot.tickets), len(messy.refused), repeated) == (120, 112, 5, 3)
    assert len(messy.snapshot.engineers) == len(messy.snapshot.shifts) == 16
    assert {ticket.id for ticket in messy.snapshot.tickets} == set(messy.drafts) == set(messy.found)


def test_the_day_is_the_one_that_most_rows_name(messy: ReadDay) -> None:
    assert messy.day == MONDAY
    assert messy.begins_at == datetime(2026, 11, 23, 8, 30, tzinfo=SHANGHAI)


def test_a_point_from_an_address_alone_is_approximate_and_told_by_row(messy: ReadDay) -> None:
    assert messy.snapshot is not None
    assert {ticket.point.found_by for ticket in messy.snapshot.tickets if ticket.point} == {FoundBy.DISTRICT}
    told = [note.line for note in messy.doubts if note.code == "place_district" and note.sheet == "tickets"]
    assert len(told) == 112
    assert None not in told


def test_doubts_of_both_readers_stand_in_the_order_of_the_rows(messy: ReadDay) -> None:
    lines = [note.line or 0 for note in messy.doubts if note.sheet == "tickets"]
    assert lines == sorted(lines)


def test_without_engineers_as_many_are_made_up_as_the_work_needs_and_why_is_told() -> None:
    rows = [f"杭州市西湖区文三路 {number} 号,60分钟" for number in range(1, 21)]
    day = read_sheets(sheet("地址,时长", *rows), None, WISH)
    assert day.snapshot is not None
    # 20 × (60 + 25) min = 28.3 h, in shifts of 9 h
    assert len(day.snapshot.engineers) == 4
    (told,) = [note for note in day.assumed if note.code == "made_up_engineers"]
    assert "4 名" in told.zh
    assert "20 + 8 hours" in told.en
    shift = day.snapshot.shifts[0]
    assert (f"{shift.start_at:%H:%M}", f"{shift.end_at:%H:%M}") == ("08:30", "17:30")


def test_engineers_whom_the_tickets_name_are_taken() -> None:
    day = read_sheets(
        sheet("地址,工程师", "西湖区文三路 1 号,王示", "西湖区文三路 2 号,李范", "西湖区文三路 3 号,王示"), None, WISH
    )
    assert day.snapshot is not None
    assert sorted(engineer.name for engineer in day.snapshot.engineers) == ["李范", "王示"]
    assert "named_engineers" in codes(day.assumed)


def test_made_up_engineers_can_do_whatever_the_tickets_need() -> None:
    day = read_sheets(sheet("地址,技能", "西湖区文三路 1 号,空调:3"), None, WISH)
    assert day.snapshot is not None
    assert day.snapshot.engineers[0].skills == {"空调": 4}


def test_a_sheet_of_engineers_without_any_skill_means_that_everyone_can_do_everything() -> None:
    tickets = sheet("地址,技能", "西湖区文三路 1 号,空调:3")
    day = read_sheets(tickets, sheet("姓名,出发地", "王示,西湖区文三路 9 号"), WISH)
    assert day.snapshot is not None
    assert day.snapshot.engineers[0].skills == {"空调": 4}
    assert "default_skills" in codes(day.assumed)
    skilled = read_sheets(tickets, sheet("姓名,技能", "王示,冰箱"), WISH)
    assert skilled.snapshot is not None
    assert skilled.snapshot.engineers[0].skills == {"冰箱": 1}


def test_who_says_no_place_starts_from_the_middle_of_the_tickets() -> None:
    tickets = sheet("经度,纬度", "120.1,30.2", "120.3,30.2", "120.2,30.4")
    day = read_sheets(tickets, sheet("姓名", "王示"), WISH)
    assert day.snapshot is not None
    home = day.snapshot.engineers[0].home
    assert home is not None
    assert (home.lat_deg, home.lon_deg, home.is_exact) == (30.2, 120.2, False)
    assert "default_home" in codes(day.doubts)


def test_a_row_for_another_day_is_left_out_and_told() -> None:
    tickets = sheet(
        "地址,预约日期", "西湖区文三路 1 号,2026-11-23", "西湖区文三路 2 号,2026-11-24", "西湖区文三路 3 号,"
    )
    day = read_sheets(tickets, None, WISH)
    assert [ticket.id for ticket in day.snapshot.tickets] == ["行2", "行4"] if day.snapshot else False
    assert [(note.line, note.code) for note in day.elsewhen] == [(3, "another_day")]
    later = read_sheets(tickets, None, Wish(MONDAY, date(2026, 11, 24)))
    assert [ticket.id for ticket in later.snapshot.tickets] == ["行3", "行4"] if later.snapshot else False


def test_a_day_without_hours_leaves_the_whole_day_and_hours_become_a_window() -> None:
    tickets = sheet("地址,预约日期,时段", "西湖区文三路 1 号,2026-11-23,", "西湖区文三路 2 号,2026-11-23,9:00-11:00")
    day = read_sheets(tickets, None, WISH)
    assert day.snapshot is not None
    whole, timed = day.snapshot.tickets
    assert whole.windows == ()
    assert [(f"{window.from_at:%H:%M}", f"{window.to_at:%H:%M}") for window in timed.windows] == [("09:00", "11:00")]


def test_points_of_amap_are_converted() -> None:
    tickets = sheet("经度,纬度", "120.15000,30.25001")
    plain = read_sheets(tickets, None, WISH)
    shifted = read_sheets(tickets, None, Wish(MONDAY, system=CoordinateSystem.GCJ_02))
    assert plain.snapshot is not None
    assert shifted.snapshot is not None
    one, other = plain.snapshot.tickets[0].point, shifted.snapshot.tickets[0].point
    assert one is not None
    assert other is not None
    assert (one.lat_deg, one.lon_deg) == (30.25001, 120.15)
    assert (other.lat_deg, other.lon_deg) == pytest.approx((30.2523, 120.1453), abs=1e-4)


def test_a_sheet_of_another_city_with_coordinates_is_believed() -> None:
    day = read_sheets(sheet("经度,纬度", "121.47005,31.23005", "121.48005,31.24005"), None, WISH)
    assert day.snapshot is not None
    assert [ticket.point.lat_deg for ticket in day.snapshot.tickets if ticket.point] == [31.23005, 31.24005]
    assert all(found.point.is_exact for found in day.found.values())


def test_one_bad_point_spoils_no_other() -> None:
    tickets = sheet("经度,纬度", "120.15005,30.25005", "120.15006,30.25006", "100.00001,30.25005")
    day = read_sheets(tickets, None, WISH)
    assert [found.point.found_by for found in day.found.values()] == [
        FoundBy.COORDINATES,
        FoundBy.COORDINATES,
        FoundBy.REGION,
    ]
    assert ("place_beyond_region", 4) in [(note.code, note.line) for note in day.doubts]


def test_a_district_of_its_own_column_finds_an_address_without_one() -> None:
    day = read_sheets(sheet("地址,区", "文三路 1 号,余杭区"), None, WISH)
    (found,) = day.found.values()
    assert found.point.found_by is FoundBy.DISTRICT


@pytest.mark.parametrize(
    ("tickets", "engineers", "told"),
    [
        (b"", None, "empty_file"),
        (sheet("等级", "一般"), None, "missing_column"),
        (sheet("地址,等级", "西湖区文三路 1 号,一般"), sheet("姓名"), "no_rows"),
    ],
    ids=["empty", "no-place", "engineers-empty"],
)
def test_nothing_usable_says_why(tickets: bytes, engineers: bytes | None, told: str) -> None:
    day = read_sheets(tickets, engineers, WISH)
    assert day.snapshot is None
    assert told in codes(day.refused)


@pytest.mark.parametrize(
    ("tickets", "engineers", "told"),
    [
        (sheet("地址,等级", "地址,等级"), None, ["repeated_header", "nothing_to_plan"]),
        (sheet("工单号,地址,等级", "示例-1（请删除）,文三路 1 号,一般"), None, ["example_row", "nothing_to_plan"]),
        (
            sheet("地址,日期", "文三路 1 号,2026-11-23", "文三路 2 号,2026-11-24"),
            sheet("工号,姓名", "示例-1（请删除）,王示例"),
            ["example_row", "nothing_to_plan"],
        ),
    ],
    ids=["headings-twice", "template-as-it-is", "engineers-template"],
)
def test_a_sheet_without_a_row_of_its_own_says_so(tickets: bytes, engineers: bytes | None, told: list[str]) -> None:
    day = read_sheets(tickets, engineers, WISH)
    assert day.snapshot is None
    assert codes(day.refused) == told
    assert {note.sheet for note in day.refused} == {"tickets" if engineers is None else "engineers"}


def test_a_number_that_reads_like_a_row_is_not_given_twice() -> None:
    day = read_sheets(sheet("地址,工单号", "西湖区文三路 1 号,", "西湖区文三路 2 号,行2"), None, WISH)
    assert sorted(day.drafts) == ["行2", "行2号"]


@given(st.binary(max_size=200), st.none() | st.binary(max_size=100))
def test_no_bytes_raise(tickets: bytes, engineers: bytes | None) -> None:
    assert read_sheets(b"\xe5\x9c\xb0\xe5\x9d\x80\n" + tickets, engineers, WISH).day is not None
