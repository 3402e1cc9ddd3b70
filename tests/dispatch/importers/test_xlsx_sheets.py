from __future__ import annotations

import io
import zipfile
from datetime import datetime

import pytest

from dispatch.importers.cells import Formula, Sheet
from dispatch.importers.tickets import read_tickets
from dispatch.importers.xlsx_sheets import read_xlsx
from tests.dispatch.importers.sheets import SETTINGS, codes, doubts, xlsx_of


def only_sheet(data: bytes) -> Sheet:
    sheets = read_xlsx(data)
    assert isinstance(sheets, list)
    (sheet,) = sheets
    return sheet


def with_part(data: bytes, name: str, old: str, new: str) -> bytes:
    """Replace text in one part of a workbook."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as changed:
        for entry in archive.infolist():
            content = archive.read(entry)
            if entry.filename == name:
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode(), 1)
            changed.writestr(entry.filename, content)
    return buffer.getvalue()


def test_values_keep_their_types_and_blank_rows_their_lines() -> None:
    moment = datetime(2026, 11, 23, 14, 30)  # noqa: DTZ001 - workbooks hold no zone
    sheet = only_sheet(xlsx_of(["甲", 30, 1.5], [None], [" "], [moment, None, "乙"]))
    assert [(row.line, row.cells) for row in sheet.rows] == [(1, ("甲", 30, 1.5)), (4, (moment, None, "乙"))]


def test_a_block_merged_over_rows_fills_those_that_have_cells_of_their_own() -> None:
    data = xlsx_of(
        ["客户", "故障"], [None, "漏水"], [None, "异响"], [None, None], [None, "不制冷"], merged=[(1, 0, 3, 0, "甲")]
    )
    assert [(row.line, row.cells) for row in only_sheet(data).rows] == [
        (1, ("客户", "故障")),
        (2, ("甲", "漏水")),
        (3, ("甲", "异响")),
        (5, (None, "不制冷")),
    ]


def test_a_block_merged_over_columns_fills_nothing() -> None:
    sheet = only_sheet(xlsx_of([None], ["甲", "乙"], merged=[(0, 0, 0, 3, "标题")]))
    assert sheet.rows[0].cells == ("标题",)


def test_a_block_of_a_million_rows_costs_nothing() -> None:
    data = with_part(
        xlsx_of(["客户"], [None, "x"], merged=[(0, 0, 1, 0, "客户")]),
        "xl/worksheets/sheet1.xml",
        "A1:A2",
        "A1:A1048576",
    )
    assert [row.cells for row in only_sheet(data).rows] == [("客户",), ("客户", "x")]


def test_a_formula_gives_its_stored_result_and_without_one_its_text() -> None:
    data = xlsx_of(["=1+1"])
    stored = with_part(data, "xl/sharedStrings.xml", "=1+1", "=1+1")
    assert only_sheet(stored).rows[0].cells == ("=1+1",)
    formula = with_part(
        data, "xl/worksheets/sheet1.xml", '<c r="A1" t="s"><v>0</v></c>', '<c r="A1"><f>1+1</f><v>2</v></c>'
    )
    assert only_sheet(formula).rows[0].cells == (2,)
    bare = with_part(data, "xl/worksheets/sheet1.xml", '<c r="A1" t="s"><v>0</v></c>', '<c r="A1"><f>1+1</f></c>')
    (cell,) = only_sheet(bare).rows[0].cells
    assert isinstance(cell, Formula)
    assert cell == "=1+1"


def test_text_that_begins_like_a_formula_is_text() -> None:
    imported = read_tickets(xlsx_of(["地址", "故障"], ["路 1 号", "=2+5"], ["路 2 号", "@SUM(A1)"]), SETTINGS)
    assert [draft.fault for draft in imported.drafts] == ["=2+5", "@SUM(A1)"]


def test_the_sheet_that_names_the_most_is_read_and_others_are_told() -> None:
    imported = read_tickets((xlsx_two_sheets()), SETTINGS)
    assert imported.sheet == "派单"
    assert len(imported.drafts) == 1
    assert "other_sheets" in doubts(imported)


def xlsx_two_sheets() -> bytes:
    """Return a workbook whose second sheet is the one with tickets."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.add_worksheet("说明").write_column(0, 0, ["地址", "写清楚"])
        page = book.add_worksheet("派单")
        page.write_row(0, 0, ["客户", "地址", "故障"])
        page.write_row(1, 0, ["甲", "路 1 号", "漏水"])
        book.add_worksheet("隐藏").hide()
    return buffer.getvalue()


def test_a_number_stored_as_text_is_a_doubt() -> None:
    imported = read_tickets(xlsx_of(["地址", "时长"], ["路 1 号", "45"], ["路 2 号", 45]), SETTINGS)
    assert [draft.duration_s for draft in imported.drafts] == [2700, 2700]
    assert [doubt.line for doubt in imported.doubts if doubt.code == "number_as_text"] == [2]


@pytest.mark.parametrize("word", ["<!DOCTYPE x>", '<!DOCTYPE x [<!ENTITY a "aaaa">]>'])
def test_a_document_type_is_refused(word: str) -> None:
    data = with_part(xlsx_of(["地址"], ["路 1 号"]), "xl/worksheets/sheet1.xml", "<worksheet", f"{word}<worksheet")
    assert codes(read_tickets(data, SETTINGS)) == ["broken_workbook"]
