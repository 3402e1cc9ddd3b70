"""Writes what goes back to people: templates to fill in, and refused rows with the reason beside the cell.

Text is always written as text, whatever it begins with: nothing that came in is ever run as a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any, Final

import xlsxwriter

from dispatch.importers.cells import letter_of
from dispatch.importers.drafts import Draft
from dispatch.importers.reading import Imported, Importer
from dispatch.importers.remarks import Language, Remark

TEMPLATE_ROWS: Final = 1000
"""Rows below the headings that get the lists of words to choose from."""

REASON: Final = {"zh": "原因", "en": "Reason"}
"""How the heading of a column of reasons begins; the importers do not read such columns."""

_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_RED: Final = "#FFC7CE"
_GREY: Final = "#D9E1F2"


def write_xlsx_template(importer: Importer[Draft], lang: Language = "zh") -> bytes:
    """Write an empty sheet with headings, help, lists of words to choose from, and one example row.

    The example row's first cell begins with ``示例``; importers leave it out if it is not deleted.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        top = book.add_format({"bold": True, "bg_color": _GREY, "num_format": "@"})
        text = book.add_format({"num_format": "@"})
        page = book.add_worksheet(importer.kind)
        page.freeze_panes(1, 0)
        for column, field in enumerate(importer.fields):
            heading, told = (field.zh, field.help_zh) if lang == "zh" else (field.en, field.help_en)
            page.set_column(column, column, max(12, 2 * len(heading) + 2), text)
            page.write_string(0, column, heading, top)
            page.write_comment(0, column, told)
            page.write_string(1, column, field.example, text)
            if field.choices:
                page.data_validation(
                    1, column, TEMPLATE_ROWS, column, {"validate": "list", "source": list(field.choices)}
                )
    return buffer.getvalue()


def write_csv_template(importer: Importer[Draft], lang: Language = "zh") -> bytes:
    """Write the same headings and example row as text, marked so that Excel reads it as UTF-8."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([field.zh if lang == "zh" else field.en for field in importer.fields])
    writer.writerow([field.example for field in importer.fields])
    return buffer.getvalue().encode("utf-8-sig")


def write_refused(imported: Imported[Draft], lang: Language = "zh") -> bytes:
    """Write the refused rows as a workbook.

    A column of reasons stands right of each column that has faults, its cells coloured; the file's line comes first,
    reasons of a whole row last. When mended, the file can be imported again as it is. Faults of the whole file are
    listed on the sheet instead of rows.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        page = book.add_worksheet("refused")
        top = book.add_format({"bold": True, "bg_color": _GREY})
        bad = book.add_format({"bg_color": _RED})
        if imported.faults:
            for line, fault in enumerate(imported.faults):
                page.write_string(line, 0, fault.text(lang))
        else:
            _write_rows(page, imported, lang, top, bad)
    return buffer.getvalue()


def _write_rows(page: Any, imported: Imported[Draft], lang: Language, top: object, bad: object) -> None:  # noqa: ANN401 - xlsxwriter's
    """Write headings and rows with their reasons."""
    reason = REASON[lang]
    faulty = {fault.letter for row in imported.refused for fault in row.faults}
    width = max([len(imported.headings), *(len(row.cells) for row in imported.refused)], default=0)
    letters = [letter_of(index) for index in range(width)]
    page.write_string(0, 0, f"{reason}: 原行号" if lang == "zh" else f"{reason}: line", top)
    columns: dict[int, int] = {}
    at = 1
    for index, letter in enumerate(letters):
        heading = imported.headings[index] if index < len(imported.headings) else ""
        columns[index] = at
        page.write_string(0, at, heading, top)
        if letter in faulty:
            page.write_string(0, at + 1, f"{reason}: {heading}", top)
            page.set_column(at + 1, at + 1, 40)
        at += 2 if letter in faulty else 1
    if None in faulty:
        page.write_string(0, at, reason, top)
        page.set_column(at, at, 40)
    for line, row in enumerate(imported.refused, 1):
        page.write_number(line, 0, row.line)
        for index, letter in enumerate(letters):
            told = _told(row.faults, letter, lang)
            cell = row.cells[index] if index < len(row.cells) else ""
            if cell or told:
                page.write_string(line, columns[index], cell, *([bad] if told else []))
            if told:
                page.write_string(line, columns[index] + 1, told)
        if told := _told(row.faults, None, lang):
            page.write_string(line, at, told)


def _told(faults: Sequence[Remark], letter: str | None, lang: Language) -> str:
    """Return the sentences of one column's faults."""
    return "; ".join(fault.text(lang) for fault in faults if fault.letter == letter)
