from __future__ import annotations

import dataclasses
import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.importers.tickets import read_tickets
from tests.dispatch.importers.sheets import READERS, SETTINGS, codes, csv_of, doubts, xlsx_of

HEAD = "工单号,客户,地址,等级,时长"


@given(st.binary(max_size=2000))
@settings(deadline=None, max_examples=60)
def test_no_bytes_make_an_importer_raise(data: bytes) -> None:
    for read in READERS.values():
        read(data, SETTINGS)


@given(st.binary(max_size=400), st.integers(0, 5000), st.integers(0, 400))
@settings(deadline=None, max_examples=60)
def test_no_damage_to_a_workbook_makes_an_importer_raise(noise: bytes, at: int, cut: int) -> None:
    good = xlsx_of(["客户", "地址", "预约时间"], ["甲", "杭州市西湖区示范路 1 号", datetime(2026, 11, 23, 14)])  # noqa: DTZ001
    at %= len(good)
    read_tickets(good[:at] + noise + good[at + cut :], SETTINGS)


PARTS = ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml", "[Content_Types].xml"]
SNIPPETS = [
    "<",
    ">",
    '"',
    "&#0;",
    "-1",
    "1E999",
    "99999999999",
    't="s"',
    't="d"',
    "A0",
    "<c/>",
    "</row>",
    "XFD1048576",
    "x",
    "",
]


@given(
    st.sampled_from(PARTS),
    st.integers(0, 10_000),
    st.integers(0, 30),
    st.one_of(st.sampled_from(SNIPPETS), st.text(max_size=8)),
)
@settings(deadline=None, max_examples=150)
def test_no_damage_inside_a_workbook_s_parts_makes_an_importer_raise(
    part: str, at: int, cut: int, snippet: str
) -> None:
    rows: list[list[object]] = [["客户", "地址", "预约时间"], ["甲", "路 1 号", datetime(2026, 11, 23, 14)]]  # noqa: DTZ001
    good = xlsx_of(*rows, [None, "路 2 号", 30], merged=[(1, 0, 2, 0, "甲")])
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as archive, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as changed:
        for entry in archive.infolist():
            text = archive.read(entry).decode()
            if entry.filename == part:
                start = at % len(text)
                text = text[:start] + snippet + text[start + cut :]
            changed.writestr(entry.filename, text.encode("utf-8", "surrogatepass"))
    read_tickets(buffer.getvalue(), SETTINGS)


@given(st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=12), max_size=6))
@settings(deadline=None, max_examples=80)
def test_no_text_in_any_cell_makes_an_importer_raise(rows: list[list[str]]) -> None:
    for kind, read in READERS.items():
        heading = {
            "tickets": "地址,时长,预约时间,等级,经度,纬度,技能,电话",
            "engineers": "姓名,上班,下班,技能,经度,纬度",
        }
        top = heading.get(
            kind, "工程师,日期,上班,下班,班次,类型" if kind == "shifts" else "客户名称,客户等级,坐标,地址"
        )
        lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
        read("\n".join([top, *lines]).encode("utf-8", "surrogatepass"), SETTINGS)


def test_every_fault_of_every_row_is_told_at_once() -> None:
    imported = read_tickets(
        csv_of(HEAD, "A1,甲,路 1 号,天级,很快", "A2,乙,路 2 号,一般,30", "A1,丙,路 3 号,一般,2"), SETTINGS
    )
    assert [(row.line, [fault.code for fault in row.faults]) for row in imported.refused] == [
        (2, ["unknown_grade", "bad_duration"]),
        (4, ["duration_unit", "duplicate_number"]),
    ]
    assert [draft.number for draft in imported.drafts] == ["A2"]
    fault = imported.refused[0].faults[0]
    assert (fault.column, fault.letter, fault.value) == ("等级", "D", "天级")
    assert not imported.is_whole


def test_the_headings_may_stand_below_a_title_and_blank_rows() -> None:
    imported = read_tickets(csv_of("十一月派单表,,,,", ",,,,", HEAD, "A1,甲,路 1 号,一般,30"), SETTINGS)
    assert [draft.line for draft in imported.drafts] == [4]


def test_rows_that_are_none_are_left_out_and_told() -> None:
    imported = read_tickets(
        csv_of(HEAD, "示例-1（请删除）,甲,路 1 号,一般,30", "A1,乙,路 2 号,一般,30", HEAD, "合计,1,,,"), SETTINGS
    )
    assert [draft.number for draft in imported.drafts] == ["A1"]
    assert [(doubt.code, doubt.line) for doubt in imported.doubts] == [
        ("example_row", 2),
        ("repeated_header", 4),
        ("total_row", 5),
    ]


def test_the_same_row_twice_counts_once() -> None:
    imported = read_tickets(csv_of(HEAD, "A1,甲,路 1 号,一般,30", "A1,甲,路 １ 号,一般 ,30"), SETTINGS)
    assert len(imported.drafts) == 1
    assert [(doubt.code, doubt.params["other"]) for doubt in imported.doubts] == [("repeated_row", 2)]
    assert imported.is_whole


def test_rows_much_alike_are_doubted() -> None:
    imported = read_tickets(csv_of("客户,地址,故障", "甲,路 1 号,漏水", "甲,路1号,不制冷"), SETTINGS)
    assert len(imported.drafts) == 2
    assert "looks_alike" in doubts(imported)


def test_the_digest_depends_on_what_a_row_says_and_on_nothing_else() -> None:
    first = read_tickets(csv_of(HEAD, "A1,甲,路 1 号,一般,30", "A2,乙,路 2 号,一般,30"), SETTINGS)
    moved = read_tickets(
        csv_of("等级,时长,地址,客户,工单号", "", "一般,30,路 2 号,乙,A2"),
        dataclasses.replace(SETTINGS, day=date(2026, 12, 1)),
    )
    other = read_tickets(csv_of(HEAD, "A2,乙,路 2 号,一般,45"), SETTINGS)
    assert [draft.digest for draft in moved.drafts] == [first.drafts[1].digest]
    assert other.drafts[0].digest != first.drafts[1].digest
    assert len(first.drafts[0].digest) == 64


def test_the_same_bytes_give_the_same() -> None:
    data = csv_of(HEAD, "A1,甲,路 1 号,P1,30")
    assert read_tickets(data, SETTINGS) == read_tickets(data, SETTINGS)


def test_a_missing_column_with_a_default_is_told_once() -> None:
    imported = read_tickets(csv_of("客户,地址", "甲,路 1 号", "乙,路 2 号"), SETTINGS)
    assert [(doubt.code, doubt.line) for doubt in imported.doubts] == [("default_grade", 1), ("default_duration", 1)]
    assert [draft.duration_s for draft in imported.drafts] == [1800, 1800]


@pytest.mark.parametrize("kind", READERS)
def test_a_file_of_another_kind_is_refused_with_what_was_looked_for(kind: str) -> None:
    imported = READERS[kind](csv_of("水果,颜色", "苹果,红"), SETTINGS)
    assert codes(imported) == ["no_header"]
    assert "、" in imported.faults[0].text()
