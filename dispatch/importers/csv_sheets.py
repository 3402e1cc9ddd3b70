"""Reads text with separators: UTF-8 with and without mark, UTF-16 with mark, GB18030; comma, semicolon or tab."""

from __future__ import annotations

import codecs
import csv
import io
from typing import Final

from dispatch.importers.bounds import CELLS, COLUMNS, LINES, ROWS
from dispatch.importers.cells import Row, Sheet
from dispatch.importers.remarks import Remark

DELIMITERS: Final = (",", "\t", ";")
_LOOKED_AT: Final = 20
"""Rows from which the separator is told."""


def read_csv(data: bytes) -> Sheet | Remark:
    """Read a text file into a sheet, or say why it cannot be read.

    Line numbers count rows as a spreadsheet does: blank rows count, line breaks inside quotation marks do not.
    """
    text = _decode(data)
    if text is None or "\0" in text:
        return Remark("undecodable" if text is None else "not_a_sheet")
    delimiter = _delimiter_of(text)
    if text.count(delimiter) > CELLS:
        return Remark("too_many_cells")
    rows: list[Row] = []
    line = 0
    try:
        for line, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            is_filled = any(cell.strip() for cell in cells)
            if line > LINES or (is_filled and len(rows) == ROWS):
                return Remark("too_many_rows", params={"limit": LINES if line > LINES else ROWS})
            if is_filled:
                rows.append(Row(line, tuple(cells[:COLUMNS])))
    except csv.Error:
        return Remark("broken_csv", params={"row": line + 1})
    return Sheet("CSV", tuple(rows), typed=False)


def _decode(data: bytes) -> str | None:
    """Decode the file's text, by its mark or else by what fits."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    elif b"\0" in data:
        return "\0"
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _delimiter_of(text: str) -> str:
    """Return the separator that parts the most of the first rows, into the most cells; a comma when none does."""

    def count(delimiter: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=delimiter)
        rows = cells = 0
        try:
            for _, row in zip(range(_LOOKED_AT), reader, strict=False):
                rows += len(row) > 1
                cells += len(row)
        except csv.Error:
            pass  # told when the file is read
        return rows, cells if rows else 0

    return max(DELIMITERS, key=count)
