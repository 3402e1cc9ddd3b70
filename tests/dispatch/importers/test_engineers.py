from __future__ import annotations

from dispatch.importers.engineers import read_engineers
from tests.dispatch.importers.sheets import SETTINGS, codes, csv_of, doubts


def test_a_full_row_is_read_field_by_field() -> None:
    imported = read_engineers(
        csv_of(
            "工号,姓名,手机,技能,住址,上班时间,下班时间,网点",
            "E1,王示范,0571-1234567,空调:3,杭州市西湖区文三路 1 号,8:00,17:00,城西",
        ),
        SETTINGS,
    )
    (draft,) = imported.drafts
    assert imported.doubts == ()
    assert (draft.number, draft.name, draft.phone, draft.outlet) == ("E1", "王示范", "0571-1234567", "城西")
    assert (draft.skills, draft.place.district) == ({"空调": 3}, "西湖区")
    assert [f"{moment:%d %H:%M}" for moment in draft.shift] == ["23 08:00", "23 17:00"]


def test_hours_that_are_not_said_are_the_default_and_told() -> None:
    missing = read_engineers(csv_of("姓名,技能", "王示范,空调"), SETTINGS)
    blank = read_engineers(csv_of("姓名,上班,下班", "王示范,,", "李示范,9:00,"), SETTINGS)
    half = read_engineers(csv_of("姓名,上班", "王示范,9:00"), SETTINGS)
    assert [doubts(missing), doubts(half)] == [["default_shift"], ["default_shift"]]
    assert [(doubt.code, doubt.letter) for doubt in blank.doubts] == [("default_shift", "B"), ("default_shift", "C")]
    assert [f"{draft.shift[0]:%H:%M}-{draft.shift[1]:%H:%M}" for draft in (*missing.drafts, *blank.drafts)] == [
        "08:30-17:30",
        "08:30-17:30",
        "09:00-17:30",
    ]


def test_every_fault_of_a_row_is_named() -> None:
    imported = read_engineers(csv_of("姓名,上班,技能", ",25:00,空调:7"), SETTINGS)
    assert sorted(codes(imported)) == ["bad_skill_level", "impossible_time", "missing_value"]


def test_a_number_that_comes_twice_is_refused() -> None:
    imported = read_engineers(csv_of("工号,姓名", "E1,王示范", "e1,李示范"), SETTINGS)
    assert codes(imported) == ["duplicate_number"]
    assert imported.refused[0].faults[0].text() == "「e1」与第 2 行重复，内容却不同"
