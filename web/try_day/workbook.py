"""A trial as an Excel workbook: each engineer's day in one list, what was left out, what is in doubt.

Text is written as text, whatever it begins with: nothing that came in is ever run as a formula or opened as a link.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import xlsxwriter

from dispatch.importers.drafts import GRADES
from dispatch.services.drafted import Language, Note
from dispatch.services.try_day import Trial
from web.try_day.board import doubts_of, is_approximate, routes_by_name, visits_of

Cell = str | int | float | datetime | None

OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}
_GREY: Final = "#D9E1F2"
_YELLOW: Final = "#FFF2CC"


@dataclass(frozen=True, slots=True)
class Column:
    """A heading in both languages and the width of its column in characters."""

    zh: str
    en: str
    width: int


PLAN: Final = (
    Column("工程师", "Engineer", 12),
    Column("顺序", "Order", 6),
    Column("到达", "Arrives", 8),
    Column("开始", "Begins", 8),
    Column("离开", "Leaves", 8),
    Column("工单", "Ticket", 17),
    Column("等级", "Grade", 8),
    Column("客户", "Customer", 26),
    Column("联系人", "Contact", 10),
    Column("电话", "Phone", 15),
    Column("地址", "Address", 36),
    Column("位置", "Place", 10),
    Column("故障", "What is wrong", 24),
    Column("备注", "Note", 18),
    Column("路上(公里)", "Way (km)", 10),
    Column("路上(分钟)", "Way (min)", 10),
    Column("表中行", "Row", 8),
    Column("存疑", "In doubt", 40),
)
LEFT_OUT: Final = (
    Column("工单", "Ticket", 17),
    Column("客户", "Customer", 26),
    Column("电话", "Phone", 15),
    Column("地址", "Address", 36),
    Column("等级", "Grade", 8),
    Column("表中行", "Row", 8),
    Column("为什么没排上", "Why it is not planned", 90),
)
TOLD: Final = (
    Column("表", "Sheet", 10),
    Column("行", "Row", 8),
    Column("列", "Column", 14),
    Column("说明", "What it is about", 100),
)
PAGES: Final = {
    "plan": {"zh": "派单", "en": "Plan"},
    "left_out": {"zh": "没排上", "en": "Not planned"},
    "refused": {"zh": "没有读", "en": "Not read"},
    "doubts": {"zh": "存疑", "en": "In doubt"},
    "assumed": {"zh": "假设", "en": "Assumed"},
}
SHEETS: Final = {
    "tickets": {"zh": "工单", "en": "Tickets"},
    "engineers": {"zh": "工程师", "en": "Engineers"},
}
ROUGH: Final = {"zh": "大致", "en": "rough"}


def write_workbook(trial: Trial, lang: Language = "zh") -> bytes:
    """Write a trial as a workbook."""
    read = trial.read
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        writer = _Writer(book, lang)
        writer.add("plan", PLAN, _visits(trial, lang))
        writer.add("left_out", LEFT_OUT, _left_out(trial, lang))
        writer.add("refused", TOLD, [_note(note, lang) for note in (*read.refused, *read.elsewhen)])
        writer.add("doubts", TOLD, [_note(note, lang) for note in read.doubts])
        writer.add("assumed", TOLD, [_note(note, lang) for note in read.assumed])
    return buffer.getvalue()


class _Writer:
    """Adds sheets to a workbook."""

    def __init__(self, book: Any, lang: Language) -> None:  # noqa: ANN401 - xlsxwriter's
        self._book = book
        self._lang = lang
        self._top = book.add_format({"bold": True, "bg_color": _GREY, "valign": "top"})
        self._text = book.add_format({"text_wrap": True, "valign": "top"})
        self._rough = book.add_format({"text_wrap": True, "valign": "top", "bg_color": _YELLOW})
        self._time = book.add_format({"num_format": "hh:mm", "valign": "top", "align": "left"})
        self._number = book.add_format({"num_format": "0.0", "valign": "top"})
        self._whole = book.add_format({"num_format": "0", "valign": "top"})

    def add(self, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> None:
        """Add one sheet with headings that stay in sight, to be filtered and printed on the width of a page."""
        page = self._book.add_worksheet(PAGES[name][self._lang])
        for index, column in enumerate(columns):
            page.set_column(index, index, column.width)
            page.write_string(0, index, column.zh if self._lang == "zh" else column.en, self._top)
        last = 0
        for last, row in enumerate(rows, 1):
            for index, cell in enumerate(row):
                self._write(page, last, index, cell)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(last, 1), len(columns) - 1)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)

    def _write(self, page: Any, line: int, index: int, cell: Cell) -> None:  # noqa: ANN401 - as above
        if cell is None or cell == "":
            return
        if isinstance(cell, str):
            page.write_string(line, index, cell, self._rough if cell == ROUGH[self._lang] else self._text)
        elif isinstance(cell, datetime):
            page.write_datetime(line, index, cell, self._time)
        else:
            page.write_number(line, index, cell, self._whole if isinstance(cell, int) else self._number)


def _visits(trial: Trial, lang: Language) -> list[list[Cell]]:
    """Return a row a visit, engineer by engineer in the order of the day."""
    zone = ZoneInfo(trial.snapshot.region.zone)
    records = {ticket.id: ticket for ticket in trial.snapshot.tickets}
    rows: list[list[Cell]] = []
    for name, route in routes_by_name(trial):
        for order, stop in enumerate(visits_of(route), 1):
            record = records[str(stop.ticket)]
            draft = trial.read.drafts[record.id]
            times = [moment.astimezone(zone).replace(tzinfo=None) for moment in (stop.arrive, stop.begin, stop.leave)]
            rows.append(
                [
                    name,
                    order,
                    *times,
                    record.id,
                    _grade(record.grade.value, lang),
                    draft.customer,
                    record.contact_name,
                    record.phone,
                    record.address,
                    ROUGH[lang] if is_approximate(record) else None,
                    record.fault,
                    record.door_note,
                    stop.travel_m / 1000,
                    round(stop.travel_s / 60),
                    draft.line,
                    "; ".join(doubts_of(trial, draft.line, lang)),
                ]
            )
    return rows


def _left_out(trial: Trial, lang: Language) -> list[list[Cell]]:
    """Return a row a ticket that was read and is not planned."""
    records = {ticket.id: ticket for ticket in trial.snapshot.tickets}
    rows: list[list[Cell]] = []
    for left in trial.plan.skipped:
        record, draft = records[left.ticket], trial.read.drafts[left.ticket]
        rows.append(
            [
                record.id,
                draft.customer,
                record.phone,
                record.address,
                _grade(record.grade.value, lang),
                draft.line,
                "\n".join(dict.fromkeys(reason.text for reason in left.reasons)),
            ]
        )
    return rows


def _note(note: Note, lang: Language) -> list[Cell]:
    column = f"{note.letter} {note.column}" if note.letter else None
    return [SHEETS[note.sheet][lang], note.line, column, note.say(lang)]


def _grade(grade: str, lang: Language) -> str:
    return next(word for key, word in GRADES.items() if key.value == grade) if lang == "zh" else grade
