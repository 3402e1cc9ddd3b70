from __future__ import annotations

from datetime import UTC, date, datetime

from dispatch.domain.place import FoundBy, Point, Precision
from dispatch.domain.region import Region
from dispatch.importers.drafts import Place
from dispatch.importers.rows import Settings
from dispatch.importers.tickets import read_tickets
from dispatch.places.found import Found, Remark
from dispatch.services.drafted import Note, area_of, clues_of, notes_of_place, ticket_of

HZ = Region("hz", "杭州")
WHY = Remark("district", "区中心", "centre")
ROUGH = Found(Point(30.2, 120.1, Precision.APPROXIMATE, FoundBy.DISTRICT), WHY)
EXACT = Found(Point(30.2, 120.1), WHY)


def test_a_district_stands_before_an_address_that_does_not_name_it() -> None:
    assert clues_of(Place("文三路 1 号", "西湖区")).address == "西湖区文三路 1 号"
    assert clues_of(Place("西湖文三路 1 号", "西湖区")).address == "西湖文三路 1 号"


def test_an_approximate_place_is_a_doubt_by_itself_and_an_exact_one_is_none() -> None:
    assert [note.code for note in notes_of_place("tickets", 7, ROUGH)] == ["place_district"]
    assert notes_of_place("tickets", 7, EXACT) == []


def test_a_note_says_where_in_both_languages() -> None:
    note = Note("tickets", "bad_date", "不是日期", "no date", 7, "日期", "D")
    assert (note.where("zh"), note.where("en")) == ("第 7 行 D 列「日期」", 'row 7, column D "日期"')
    assert (note.say("zh"), note.say("en")) == ("不是日期", "no date")


def test_without_coordinates_places_are_expected_in_hangzhou() -> None:
    assert area_of([Place("文三路 1 号")]).name == "杭州市"


def test_places_are_expected_in_hangzhou_unless_the_middle_of_their_coordinates_is_far_off() -> None:
    shanghai, suzhou, hangzhou = Point(31.23, 121.47), Point(31.30, 120.62), Point(30.28, 120.12)
    assert area_of([Place(point=suzhou), Place(point=shanghai), Place(point=hangzhou)]).name == "杭州市"
    area = area_of([Place(point=shanghai), Place(point=shanghai), Place(point=hangzhou)])
    assert (area.name, area.centre.lat_deg, area.centre.is_exact) == ("表中坐标一带", 31.23, False)


def test_a_draft_for_a_day_without_hours_is_a_window_of_that_day() -> None:
    sheet = "地址,预约日期,故障,备注\n西湖区文三路 1 号,2026-11-24,不制冷,后门\n".encode()
    (draft,) = read_tickets(sheet, Settings(date(2026, 11, 23))).drafts
    ticket = ticket_of(draft, "T1", HZ, ROUGH, reported_at=datetime(2026, 11, 23, tzinfo=UTC))
    (window,) = ticket.windows
    assert window.from_at.isoformat() == "2026-11-24T00:00:00+08:00"
    assert window.to_at.isoformat() == "2026-11-24T23:59:59+08:00"
    assert (ticket.fault, ticket.door_note) == ("不制冷", "后门")
