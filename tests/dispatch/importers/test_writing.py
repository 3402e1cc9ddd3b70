from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from dispatch.importers import customers, depots, engineers, parts, shifts, stock, tickets
from dispatch.importers.remarks import Language
from dispatch.importers.tickets import read_tickets
from dispatch.importers.writing import write_csv_template, write_refused, write_xlsx_template
from tests.dispatch.importers.sheets import READERS, SETTINGS, codes, csv_of, doubts

IMPORTERS = [module.IMPORTER for module in (tickets, engineers, shifts, customers, parts, depots, stock)]


def sheet_of(data: bytes) -> Any:  # noqa: ANN401 - openpyxl ships no types
    return openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("importer", IMPORTERS, ids=lambda importer: importer.kind)
def test_a_template_is_read_back_without_a_fault_and_its_example_left_out(importer: Any, lang: Language) -> None:  # noqa: ANN401
    for write in (write_xlsx_template, write_csv_template):
        imported = READERS[importer.kind](write(importer, lang), SETTINGS)
        assert codes(imported) == []
        assert imported.drafts == ()
        assert "example_row" in doubts(imported)


@pytest.mark.parametrize("importer", IMPORTERS, ids=lambda importer: importer.kind)
def test_the_example_row_is_one_that_would_be_read(importer: Any) -> None:  # noqa: ANN401
    data = write_csv_template(importer).replace("示例-1（请删除）".encode(), b"X1")
    imported = READERS[importer.kind](data, SETTINGS)
    assert codes(imported) == []
    assert len(imported.drafts) == 1


def test_a_template_offers_the_words_to_choose_from() -> None:
    page = sheet_of(write_xlsx_template(tickets.IMPORTER))
    (validation,) = page.data_validations.dataValidation
    assert validation.formula1 == '"特急,紧急,重要,一般"'
    grade = [cell.value for cell in page[1]].index("等级")
    assert str(validation.sqref).startswith(f"{openpyxl.utils.get_column_letter(grade + 1)}2:")
    assert page.cell(1, grade + 1).comment.text.startswith("特急、紧急")


def test_a_text_template_opens_in_excel_as_utf_8() -> None:
    assert write_csv_template(tickets.IMPORTER).startswith("\ufeff工单号,客户,".encode())


def test_refused_rows_come_back_with_the_reason_beside_the_cell() -> None:
    imported = read_tickets(
        csv_of("地址,等级,时长", "路 1 号,天级,很快", "路 2 号,一般,30", "路 3 号,一般,2"), SETTINGS
    )
    page = sheet_of(write_refused(imported))
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    assert rows[0] == ["原因: 原行号", "地址", "等级", "原因: 等级", "时长", "原因: 时长"]
    assert rows[1][:3] == [2, "路 1 号", "天级"]
    assert rows[1][3].startswith("不认识级别「天级」")
    assert rows[1][5].startswith("看不懂时长「很快」")
    assert rows[2][:5] == [4, "路 3 号", "一般", None, "2"]
    assert len(rows) == 3
    assert page["C2"].fill.fgColor.rgb.endswith("FFC7CE")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_refused_rows_can_be_imported_again_as_they_are(lang: Language) -> None:
    imported = read_tickets(csv_of("地址,等级,时长", "路 1 号,天级,很快", ",一般,30"), SETTINGS)
    again = read_tickets(write_refused(imported, lang), SETTINGS)
    assert [[fault.code for fault in row.faults] for row in again.refused] == [
        ["unknown_grade", "bad_duration"],
        ["no_place"],
    ]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://example.org")', "\t=1"])
def test_text_that_begins_like_a_formula_goes_back_as_text(text: str) -> None:
    imported = read_tickets(csv_of("地址,故障,等级", '"{}","{}",天级'.format(*[text.replace('"', '""')] * 2)), SETTINGS)
    page = sheet_of(write_refused(imported))
    assert [cell.data_type for cell in page[2][1:]] == ["s"] * 4
    assert page["B2"].value == text.strip()


def test_the_faults_of_a_whole_file_are_written_instead_of_rows() -> None:
    page = sheet_of(write_refused(read_tickets(b"", SETTINGS), "en"))
    assert page["A1"].value == "The file is empty"
