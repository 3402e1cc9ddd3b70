from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from openpyxl import Workbook

from dispatch.services.try_day import Trial
from tests.web.try_day.conftest import MARKUP
from web.try_day.workbook import write_workbook


@pytest.fixture(scope="module")
def book(trial: Trial) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(write_workbook(trial)))


def rows(book: Workbook, name: str) -> list[dict[str, Any]]:
    top, *rest = book[name].iter_rows(values_only=True)
    return [dict(zip(top, row, strict=True)) for row in rest]


def test_there_is_a_row_a_visit_engineer_by_engineer_in_the_order_of_the_day(book: Workbook) -> None:
    visits = rows(book, "派单")
    assert [row["顺序"] for row in visits] == [1, 2, 3]
    assert {row["工程师"] for row in visits} == {"李范"}
    assert [row["开始"] for row in visits] == sorted(row["开始"] for row in visits)
    assert {row["工单"] for row in visits} == {"WX1", "WX2", "WX3"}
    assert {row["工单"]: row["位置"] for row in visits}["WX2"] == "大致"


def test_what_looks_like_a_formula_or_markup_is_text(book: Workbook) -> None:
    cells = {cell.value: cell for row in book["派单"].iter_rows() for cell in row if cell.value is not None}
    assert cells["=1+1"].data_type == "s"
    assert cells[MARKUP].data_type == "s"
    assert cells["13800000001"].data_type == "s"


def test_left_out_refused_and_doubtful_rows_have_their_reasons(book: Workbook) -> None:
    (left,) = rows(book, "没排上")
    assert (left["工单"], left["表中行"]) == ("WX4", 5)
    assert "电梯" in left["为什么没排上"]
    (refused,) = rows(book, "没有读")
    assert (refused["行"], refused["列"]) == (6, "H 等级")
    assert 4 in {row["行"] for row in rows(book, "存疑")}
    assert rows(book, "假设")


def test_in_english_headings_and_sheets_are_english(trial: Trial) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(trial, "en")))
    assert book.sheetnames == ["Plan", "Not planned", "Not read", "In doubt", "Assumed"]
    assert rows(book, "Plan")[0]["Engineer"] == "李范"
