"""Reads workbooks: values alone, dates as dates, blocks merged over several rows filled down."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from xml.etree.ElementTree import Element
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser

from dispatch.importers.bounds import COLUMNS, ROWS, find_archive_fault, find_rows_fault
from dispatch.importers.cells import Cell, Formula, Row, Sheet
from dispatch.importers.remarks import Remark

ZIP_MARK: Final = b"PK"
OLD_MARK: Final = b"\xd0\xcf\x11\xe0"
"""How .xls files begin, and those with a password."""

SHEETS: Final = 20
"""Sheets further behind are not read."""

FOREIGN: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BadZipFile,
    EOFError,
    LookupError,
    NameError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What the readers of zip, XML and workbooks raise over broken files; ParseError is a SyntaxError."""


class _Parser(WorkSheetParser):  # type: ignore[misc]  # openpyxl ships no types
    """Stored results of formulas; the formula's text where no result is stored."""

    def parse_cell(self, element: Element) -> dict[str, Any]:
        """Read one cell."""
        cell: dict[str, Any] = super().parse_cell(element)
        if cell["value"] is None:
            formula = element.find(FORMULA_TAG)
            if formula is not None:
                cell["value"] = Formula("=" + (formula.text or ""))
        return cell


class _TooManyRowsError(Exception):
    """A sheet has more rows than are read; the remark says of which kind."""

    def __init__(self, remark: Remark) -> None:
        super().__init__(remark.code)
        self.remark = remark


def read_xlsx(data: bytes) -> list[Sheet] | Remark:
    """Read the visible sheets of a workbook, or say why it cannot be read.

    The archive's directory is looked at first; nothing is unpacked of one that is too large.
    """
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            fault = find_archive_fault(archive, len(data))
        if fault is not None:
            return fault
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of extensions that it drops; values are all we read
            return _read_sheets(data)
    except _TooManyRowsError as error:
        return error.remark
    except FOREIGN:
        return Remark("broken_workbook")


def _read_sheets(data: bytes) -> list[Sheet]:
    """Read every visible sheet."""
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    sheets: list[Sheet] = []
    try:
        for sheet in book.worksheets[:SHEETS]:
            if sheet.sheet_state != "visible":
                continue
            with book._archive.open(sheet._worksheet_path) as stream:  # noqa: SLF001 - looked at before it is parsed
                fault = find_rows_fault(stream)
            if fault is not None:
                raise _TooManyRowsError(fault)
            with book._archive.open(sheet._worksheet_path) as stream:  # noqa: SLF001 - merged cells come with the rows
                parser = _Parser(
                    stream,
                    sheet._shared_strings,  # noqa: SLF001
                    data_only=True,
                    epoch=book.epoch,
                    date_formats=book._date_formats,  # noqa: SLF001
                    timedelta_formats=book._timedelta_formats,  # noqa: SLF001
                )
                grid = {line: cells for line, cells in _filled_rows(parser) if cells}
            blocks = parser.merged_cells.mergeCell if parser.merged_cells else ()
            sheets.append(Sheet(str(sheet.title), _rows_of(grid, [block.ref for block in blocks]), typed=True))
    finally:
        book.close()
    return sheets


def _filled_rows(parser: _Parser) -> Iterator[tuple[int, dict[int, Cell]]]:
    """Give each row's filled cells by column, counted from 0."""
    count = 0
    for line, cells in parser.parse():
        row: dict[int, Cell] = {}
        for cell in cells:
            value = _value_of(cell["value"])
            if value is not None and 0 < cell["column"] <= COLUMNS:
                row[cell["column"] - 1] = value
        if row:
            count += 1
            if count > ROWS:
                raise _TooManyRowsError(Remark("too_many_rows", params={"limit": ROWS}))
        yield line, row


def _value_of(value: object) -> Cell:
    """Keep what a cell can hold; blank text is nothing."""
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, (int, float, datetime, date, time, timedelta)):
        return value
    return None


def _rows_of(grid: dict[int, dict[int, Cell]], blocks: list[str]) -> tuple[Row, ...]:
    """Lay the rows out and fill merged blocks down over the rows that have cells of their own."""
    lines = sorted(grid)
    filled: dict[int, dict[int, Cell]] = {}
    for block in blocks:
        left, top, _, bottom = range_boundaries(block)
        value = grid.get(top, {}).get(left - 1)
        if value is not None and bottom > top and left <= COLUMNS:
            for line in lines[bisect_right(lines, top) : bisect_right(lines, bottom)]:
                filled.setdefault(line, {})[left - 1] = value
    rows = []
    for line in lines:
        cells = filled.get(line, {}) | grid[line]
        rows.append(Row(line, tuple(cells.get(column) for column in range(max(cells) + 1))))
    return tuple(rows)
