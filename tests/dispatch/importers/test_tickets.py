from __future__ import annotations

import dataclasses
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from dispatch.domain.place import CoordinateSystem, Point, Precision
from dispatch.importers.drafts import TicketDraft
from dispatch.importers.tickets import EXACT, GUESSES, read_tickets
from tests.dispatch.importers.sheets import MONDAY, SETTINGS, codes, csv_of, doubts

SHANGHAI = ZoneInfo("Asia/Shanghai")


def read_one(headings: str, cells: str) -> TicketDraft:
    imported = read_tickets(csv_of(headings, cells), SETTINGS)
    assert codes(imported) == []
    (draft,) = imported.drafts
    return draft


def test_a_full_row_is_read_field_by_field() -> None:
    draft = read_one(
        "工单号,客户,联系人,电话,地址,区县,经度,纬度,等级,故障,产品,技能,时长,预约时间,指定工程师,备注",
        "A1,甲店,王女士,0571-1234567,杭州市西湖区文三路 1 号,西湖区,120.13,30.27,特急,漏水,柜机,空调:3、焊接,1.5小时,"
        "2026-11-24 9:00-11:00,E7,先打电话",
    )
    assert draft.number == "A1"
    assert (draft.customer, draft.contact, draft.phone) == ("甲店", "王女士", "0571-1234567")
    assert draft.place.point == Point(30.27, 120.13, Precision.APPROXIMATE)
    assert (draft.grade, draft.duration_s, draft.skills) == ("emergency", 5400, {"空调": 3, "焊接": 1})
    assert draft.day == date(2026, 11, 24)
    assert draft.window == (
        datetime(2026, 11, 24, 9, tzinfo=SHANGHAI),
        datetime(2026, 11, 24, 11, tzinfo=SHANGHAI),
    )
    assert (draft.fault, draft.product, draft.engineer, draft.note) == ("漏水", "柜机", "E7", "先打电话")


def test_english_headings_read_the_same() -> None:
    draft = read_one(
        "Ticket No.,Address,Priority,Duration,Appointment time", "A1,Wensan Road 1,urgent,1.5 hours,2:00pm-4:00pm"
    )
    assert (draft.grade, draft.duration_s) == ("urgent", 5400)
    assert draft.window is not None
    assert draft.window[0].hour == 14


def test_addresses_alone_are_enough() -> None:
    draft = read_one("地址", "杭州市西湖区文三路 1 号")
    assert (draft.grade, draft.duration_s, draft.window, draft.skills) == ("general", 1800, None, {})


@pytest.mark.parametrize(("said", "grade"), [*EXACT.items(), *GUESSES.items()])
def test_a_grade_is_known_or_guessed_with_a_doubt(said: str, grade: str) -> None:
    imported = read_tickets(csv_of("地址,等级", f"路 1 号,{said.upper()}"), SETTINGS)
    assert [draft.grade for draft in imported.drafts] == [grade]
    assert ("guessed_grade" in doubts(imported)) == (said in GUESSES)


def test_blank_cells_take_defaults_that_are_told_row_by_row() -> None:
    imported = read_tickets(csv_of("地址,等级,时长", "路 1 号,,", "路 2 号,紧急,60"), SETTINGS)
    assert [(doubt.code, doubt.line, doubt.letter) for doubt in imported.doubts] == [
        ("default_grade", 2, "B"),
        ("default_duration", 2, "C"),
    ]
    assert imported.doubts[1].text("en") == "No duration is given: 30 minutes are taken"


def test_hours_without_a_day_are_on_the_planned_day_and_the_ticket_may_come_another_day() -> None:
    draft = read_one("地址,预约时间", "路 1 号,14:00-16:00")
    assert draft.day is None
    assert draft.window is not None
    assert draft.window[0].date() == MONDAY


def test_a_day_in_its_own_column_holds_for_the_hours_beside_it() -> None:
    draft = read_one("地址,预约日期,预约时间", "路 1 号,11月25日,下午2点-4点")
    assert draft.window is not None
    assert (draft.day, draft.window[0].date()) == (date(2026, 11, 25), date(2026, 11, 25))


def test_two_days_for_one_ticket_are_doubted() -> None:
    imported = read_tickets(csv_of("地址,预约日期,预约时间", "路 1 号,11月25日,11月26日 14:00-16:00"), SETTINGS)
    assert [draft.day for draft in imported.drafts] == [date(2026, 11, 25)]
    assert "two_days" in doubts(imported)


@pytest.mark.parametrize(
    ("system", "point"),
    [
        (CoordinateSystem.WGS_84, (30.25, 120.15)),
        (CoordinateSystem.GCJ_02, (30.2523, 120.1453)),
        (CoordinateSystem.BD_09, (30.2462, 120.1388)),
    ],
)
def test_points_are_converted_from_the_coordinate_system_that_the_caller_named(
    system: CoordinateSystem, point: tuple[float, float]
) -> None:
    settings = dataclasses.replace(SETTINGS, system=system)
    (draft,) = read_tickets(csv_of("地址,经度,纬度", "路 1 号,120.15,30.25"), settings).drafts
    assert draft.place.point is not None
    assert (draft.place.point.lat_deg, draft.place.point.lon_deg) == pytest.approx(point, abs=1e-4)
    assert not draft.place.point.is_exact  # so few decimals name no door, in whatever system


def test_a_customer_alone_is_a_place_with_a_doubt() -> None:
    imported = read_tickets(csv_of("客户,地址,故障", "甲店,,漏水", ",,漏水"), SETTINGS)
    assert [draft.customer for draft in imported.drafts] == ["甲店"]
    assert "place_by_customer" in doubts(imported)
    assert codes(imported) == ["no_place"]


def test_a_bad_point_refuses_its_own_row_alone() -> None:
    imported = read_tickets(
        csv_of("地址,经度,纬度", "路 1 号,1201.3,30.2", "路 2 号,30.2,120.1", "路 3 号,120.1,30.2", "路 4 号,,"),
        SETTINGS,
    )
    assert codes(imported) == ["impossible_point"]
    assert [(draft.place.point, draft.place.is_guessed) for draft in imported.drafts] == [
        (Point(30.2, 120.1, Precision.APPROXIMATE), True),
        (Point(30.2, 120.1, Precision.APPROXIMATE), False),
        (None, False),
    ]
    assert doubts(imported).count("swapped_point") == 1


def test_both_numbers_may_stand_in_one_column() -> None:
    draft = read_one("地址,坐标", '路 1 号,"120.1，30.2"')
    assert draft.place.point == Point(30.2, 120.1, Precision.APPROXIMATE)


@pytest.mark.parametrize(
    ("address", "said", "district", "doubt"),
    [
        ("杭州市西湖区文三路 1 号", "", "西湖区", None),
        ("浙江省杭州市西湖区文三路 1 号", "西湖", "西湖", None),
        ("西湖区文三路 1 号", "杭州市西湖区", "杭州市西湖区", None),
        ("杭州市西湖区文三路 1 号", "滨江区", "西湖区", "district_mismatch"),
        ("杭州市建德市新安路 1 号", "", "建德市", None),
        ("杭州市桐庐县迎春路 1 号", "", "桐庐县", None),
        ("阳光小区 3 幢", "", None, None),
        ("文三路 1 号", "西糊区", "西糊区", "unknown_district"),
    ],
)
def test_the_district_is_that_of_the_address(address: str, said: str, district: str | None, doubt: str | None) -> None:
    settings = dataclasses.replace(SETTINGS, districts=frozenset({"西湖区", "滨江区", "建德市", "桐庐县"}))
    imported = read_tickets(csv_of("客户,地址,区县", f"甲,{address},{said}"), settings)
    assert [draft.place.district for draft in imported.drafts] == [district]
    assert [code for code in doubts(imported) if "district" in code] == ([doubt] if doubt else [])


@pytest.mark.parametrize(
    ("said", "skills"),
    [
        ("空调", {"空调": 1}),
        ("空调:3", {"空调": 3}),
        ("空调：3、冰箱", {"空调": 3, "冰箱": 1}),
        ("空调（高级）；冰箱2级", {"空调": 3, "冰箱": 2}),
        ("空调/3", {"空调": 3}),
        ("空调 空调:2、空调 空调", {"空调 空调": 2}),
    ],
)
def test_skills_are_read_with_their_levels(said: str, skills: dict[str, int]) -> None:
    assert read_one("地址,技能", f"路 1 号,{said}").skills == skills
