"""What stands in a cell, and what it says as text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta


class Formula(str):
    """The text of a formula of which the file holds no result; never evaluated."""

    __slots__ = ()


Cell = str | int | float | date | time | timedelta | None
"""A cell's value; ``datetime`` is a ``date`` and ``bool`` an ``int`` here. Text files have text alone."""

_SPACES = re.compile(r"\s+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]")
_ERRORS = frozenset({"#N/A", "#VALUE!", "#REF!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})


@dataclass(frozen=True, slots=True)
class Row:
    """A row as the spreadsheet counts them, from 1."""

    line: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's rows, blank ones left out; ``typed`` when its cells tell numbers from text."""

    name: str
    rows: tuple[Row, ...]
    typed: bool


def clean(text: str) -> str:
    """Normalise what people type: full-width characters become plain, spaces collapse, invisible characters go.

    Examples
    --------
    >>> clean(" １３８－０５７１\u3000１２３４ ")
    '138-0571 1234'
    """
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    if not plain.isprintable():
        plain = "".join(char if unicodedata.category(char) not in {"Cc", "Cs"} else " " for char in plain)
    return _SPACES.sub(" ", plain).strip()


def text_of(cell: Cell) -> str:
    """Write a cell as text, normalised; a blank one is empty, a whole number has no point.

    Examples
    --------
    >>> text_of(13805710000.0), text_of(datetime(2026, 11, 23)), text_of(None)
    ('13805710000', '2026-11-23', '')
    """
    if cell is None or isinstance(cell, str):
        return clean(cell or "")
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)  # noqa: PLR2004 - exact
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    return cell.isoformat("minutes") if isinstance(cell, time) else str(cell)


def is_error(text: str) -> bool:
    """Tell whether a text is one of Excel's error values."""
    return text.upper() in _ERRORS


def letter_of(index: int) -> str:
    """Return the letter of a column, counted from 0.

    Examples
    --------
    >>> letter_of(0), letter_of(25), letter_of(26), letter_of(701), letter_of(702)
    ('A', 'Z', 'AA', 'ZZ', 'AAA')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
