"""Finds the row of headings and tells which column is which."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dispatch.importers.cells import Row, Sheet, letter_of, text_of
from dispatch.importers.fields import Field
from dispatch.importers.remarks import Remark, shorten

LOOKED_AT: Final = 20
"""Filled rows among which the headings are looked for; titles may stand above them."""

_ASIDE: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|[*:\s_/·#?.、-]")
_HOURS: Final = re.compile(r"小时|\bhours?\b|\(h\)", re.IGNORECASE)
_COUNTERS: Final = frozenset({"序号", "行号", "no", "nr", ""})
"""Headings of columns that only count rows; they are left out without a word."""
_LONGEST: Final = 30
"""Characters of a heading; longer texts are none."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is read: its heading as the file has it, and where it stands, counted from 0."""

    field: Field
    heading: str
    index: int

    @property
    def letter(self) -> str:
        """Return the column's letter."""
        return letter_of(self.index)

    @property
    def in_hours(self) -> bool:
        """Tell whether the heading says that plain numbers are hours."""
        return bool(_HOURS.search(self.heading))


@dataclass(frozen=True, slots=True)
class Headings:
    """The row of headings: its line, the columns that are read by field, and what is to be told about the others."""

    line: int
    columns: Mapping[str, Column]
    doubts: tuple[Remark, ...]


def plain(heading: str) -> str:
    """Reduce a heading to what is compared: small letters, no spaces, marks or words in brackets.

    Examples
    --------
    >>> plain(" * 预约 时间（必填）："), plain("Phone_Number")
    ('预约时间', 'phonenumber')
    """
    return _ASIDE.sub("", text_of(heading).lower())


def find_headings(sheet: Sheet, fields: Sequence[Field]) -> Headings | None:
    """Find the row that names the most fields; None when none names two, or all of its cells.

    A heading counts when it is one of a field's words. Where a field has none, a heading that contains one of its words
    of two characters or more is taken with a doubt.
    """
    words = {word: field for field in fields for word in words_of(field)}
    best: tuple[int, Row] | None = None
    for row in sheet.rows[:LOOKED_AT]:
        texts = [text for cell in row.cells if (text := text_of(cell))]
        named = {words[key].key for text in texts if len(text) <= _LONGEST and (key := plain(text)) in words}
        is_whole = bool(named) and len(named) == len(texts)
        if (len(named) > 1 or is_whole) and (best is None or len(named) > best[0]):
            best = (len(named), row)
    return _columns_of(best[1], words) if best else None


def words_of(field: Field) -> set[str]:
    """Return the headings that mean a field, reduced."""
    return {plain(word) for word in (field.key, field.zh, field.en, *field.synonyms)}


def is_repeated(row: Row, headings: Headings) -> bool:
    """Tell whether a row says the headings again, as sheets pasted together do."""
    said = [
        text_of(row.cells[column.index]) == text_of(column.heading)
        for column in headings.columns.values()
        if column.index < len(row.cells) and text_of(row.cells[column.index])
    ]
    return bool(said) and all(said)


def _columns_of(row: Row, words: Mapping[str, Field]) -> Headings:
    """Tell which column is which."""
    columns: dict[str, Column] = {}
    doubts: list[Remark] = []
    left: list[tuple[int, str]] = []

    def remark(code: str, index: int, heading: str, **params: object) -> None:
        shown = shorten(heading)
        doubts.append(Remark(code, row.line, shown, letter_of(index), shown, params))

    for index, cell in enumerate(row.cells):
        heading = text_of(cell)
        field = words.get(plain(heading)) if heading else None
        if field is None:
            if plain(heading) not in _COUNTERS:
                left.append((index, heading))
        elif field.key in columns:
            remark("column_twice", index, heading, other=columns[field.key].heading)
        else:
            columns[field.key] = Column(field, shorten(heading), index)
    for index, heading in left:
        key = plain(heading)
        inside = sorted((word for word in words if len(word) > 1 and word in key), key=len)
        field = (
            words[inside[-1]] if inside and len(key) <= _LONGEST and not key.startswith(("原因", "reason")) else None
        )
        if field is None or field.key in columns or (inside[-1].isascii() and len(inside[-1]) < 4):  # noqa: PLR2004
            remark("unknown_column", index, heading)
        else:
            columns[field.key] = Column(field, shorten(heading), index)
            remark("guessed_column", index, heading, field=field.zh, field_en=field.en)
    return Headings(row.line, columns, tuple(doubts))
