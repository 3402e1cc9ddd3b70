from __future__ import annotations

import pytest

from dispatch.importers.bounds import ROWS
from dispatch.importers.cells import Sheet
from dispatch.importers.csv_sheets import read_csv

TEXT = "客户,地址\r\n甲,杭州市西湖区文三路 1 号\r\n"


def cells_of(data: bytes) -> list[tuple[object, ...]]:
    sheet = read_csv(data)
    assert isinstance(sheet, Sheet)
    return [row.cells for row in sheet.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_encoding_and_separator_reads_the_same(encoding: str, delimiter: str) -> None:
    data = TEXT.replace(",", delimiter).encode(encoding)
    assert cells_of(data) == [("客户", "地址"), ("甲", "杭州市西湖区文三路 1 号")]


def test_a_separator_inside_quotation_marks_is_text() -> None:
    assert cells_of('客户;地址\n甲;"文三路 1 号, 2 楼, 3 室, 东"\n'.encode())[1] == (
        "甲",
        "文三路 1 号, 2 楼, 3 室, 东",
    )


def test_lines_are_counted_as_a_spreadsheet_does() -> None:
    sheet = read_csv('客户,地址\n\n"甲\n分店",路 1 号\n乙,路 2 号\n'.encode())
    assert isinstance(sheet, Sheet)
    assert [row.line for row in sheet.rows] == [1, 3, 4]


@pytest.mark.parametrize(("more", "code"), [(0, None), (1, "too_many_rows")])
def test_rows_are_read_up_to_the_limit(more: int, code: str | None) -> None:
    read = read_csv(b"a,b\n" * (ROWS + more))
    assert getattr(read, "code", None) == code
