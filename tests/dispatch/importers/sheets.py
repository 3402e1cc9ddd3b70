"""Sheets for the tests of the importers: a planned day, and files made of rows."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from dispatch.importers.customers import read_customers
from dispatch.importers.depots import read_depots
from dispatch.importers.engineers import read_engineers
from dispatch.importers.parts import read_parts
from dispatch.importers.reading import Imported
from dispatch.importers.rows import Settings
from dispatch.importers.shifts import read_shifts
from dispatch.importers.stock import read_stock
from dispatch.importers.tickets import read_tickets

MONDAY = date(2026, 11, 23)
SETTINGS = Settings(MONDAY)
FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"
READERS: Mapping[str, Callable[[bytes, Settings], Imported[Any]]] = {
    "tickets": read_tickets,
    "engineers": read_engineers,
    "shifts": read_shifts,
    "customers": read_customers,
    "parts": read_parts,
    "depots": read_depots,
    "stock": read_stock,
}


def csv_of(*rows: str) -> bytes:
    """Return a text file of rows whose cells are separated by commas."""
    return "\r\n".join(rows).encode()


def xlsx_of(*rows: Sequence[object], merged: Sequence[tuple[int, int, int, int, str]] = ()) -> bytes:
    """Return a workbook of rows; None is blank; blocks are first row, first column, last row, last column, text."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "default_date_format": "yyyy-mm-dd hh:mm"}
    with xlsxwriter.Workbook(buffer, options) as book:
        page = book.add_worksheet("派单")
        for line, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    page.write(line, column, value)
        for block in merged:
            page.merge_range(*block)
    return buffer.getvalue()


def codes(imported: Imported[Any]) -> list[str]:
    """Return the codes of all faults, of the file and of its rows."""
    return [fault.code for fault in imported.faults] + [fault.code for row in imported.refused for fault in row.faults]


def doubts(imported: Imported[Any]) -> list[str]:
    """Return the codes of all doubts."""
    return [doubt.code for doubt in imported.doubts]
