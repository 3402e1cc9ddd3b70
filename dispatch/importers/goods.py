"""Reads parts with quantities, names in a row, whole numbers and opening hours, each from one cell."""

from __future__ import annotations

import re
from datetime import time
from itertools import pairwise
from typing import Final

from dispatch.importers.rows import RowReader

MOST: Final = 100_000
"""Pieces that one cell may speak of."""

_APART: Final = re.compile(r"[,;、|\n+]")
_QUANTITY: Final = re.compile(
    r"(?P<name>.+?)(?:\s*[×✕✖*:]\s*|\s+x\s+)(?P<quantity>\S+?)\s*[个件只台支条块套]?$", re.IGNORECASE
)
_HOURS: Final = re.compile(r"(\d{1,2}):(\d{2})\s*(?:-|~|–|—|至|到)\s*(\d{1,2}):(\d{2})$")


def read_names(reader: RowReader, key: str) -> tuple[str, ...]:
    """Read names that stand in one cell, each once, in their order."""
    said = (name.strip() for name in _APART.split(reader.text(key) or ""))
    return tuple(dict.fromkeys(name for name in said if name))


def read_quantities(reader: RowReader, key: str) -> dict[str, int]:
    """Read names with quantities, 1 where none is said; the same name twice adds up.

    ``压缩机×1；滤芯×2`` is two kinds.
    """
    quantities: dict[str, int] = {}
    for said in read_names(reader, key):
        match = _QUANTITY.match(said)
        name, quantity = (match["name"].strip(), match["quantity"]) if match else (said, "1")
        if not _is_whole(quantity, 1):
            reader.fault("bad_quantity", key, said=quantity[:20], low=1, high=MOST)
            return {}
        quantities[name] = quantities.get(name, 0) + int(quantity)
    return quantities


def read_whole(reader: RowReader, key: str, low: int, high: int = MOST) -> int | None:
    """Read a whole number within limits; None when the cell is blank or has a fault."""
    text = reader.raw(key).replace(",", "")
    if not text:
        return None
    if not _is_whole(text, low, high):
        reader.fault("bad_quantity", key, said=text[:20], low=low, high=high)
        return None
    return int(text)


def read_hours(reader: RowReader, key: str) -> tuple[tuple[time, time], ...]:
    """Read opening hours, several spans with commas, in the order of time; none may touch another."""
    spans = []
    for said in read_names(reader, key):
        match = _HOURS.match(said)
        clocks = [int(number) for number in match.groups()] if match else []
        if not clocks or clocks[0] > 23 or clocks[2] > 23 or max(clocks[1], clocks[3]) > 59:  # noqa: PLR2004 - a clock
            reader.fault("bad_hours", key)
            return ()
        spans.append((time(clocks[0], clocks[1]), time(clocks[2], clocks[3])))
    spans.sort()
    if any(first >= last for first, last in spans) or any(earlier[1] >= later[0] for earlier, later in pairwise(spans)):
        reader.fault("bad_hours", key)
        return ()
    return tuple(spans)


def _is_whole(text: str, low: int, high: int = MOST) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= len(str(MOST)) and low <= int(text) <= high
