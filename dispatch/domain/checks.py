"""What every record checks when it is made, so that nobody has to behind that door."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Final

from dispatch.domain.errors import ImpossibleRecord

LARGEST: Final = 2**31 - 1
"""Largest whole number of a record: what four bytes hold, on every database."""


def check_record(record: object, **ranges: tuple[float, float]) -> None:
    """Refuse text that no database can hold, moments without a zone, and numbers out of range.

    Parameters
    ----------
    record
        A dataclass; tuples and mappings in it are looked into, records inside it have checked themselves.
    ranges
        Field to smallest and largest value, both included.

    Raises
    ------
    ImpossibleRecord
        Names the field; says nothing of the value when it is text.
    """
    kind = type(record).__name__
    for field in fields(record):  # type: ignore[arg-type] # every record is a dataclass
        value = getattr(record, field.name)
        _check_value(f"{kind}.{field.name}", value)
        if field.name in ranges and value is not None:
            smallest, largest = ranges[field.name]
            if not smallest <= value <= largest:
                raise ImpossibleRecord(
                    f"{kind}.{field.name}", (f"应为 {smallest} 至 {largest}", f"from {smallest} to {largest}"), value
                )
        if field.name == "id" and (not value or value != value.strip()):
            raise ImpossibleRecord(
                f"{kind}.id", ("应为首尾没有空格的文本", "text without spaces around it"), ("（空白）", "blank")
            )


def check_order(record: object, earlier: str, later: str) -> None:
    """Refuse a span that ends before it begins, or takes no time."""
    first, last = getattr(record, earlier), getattr(record, later)
    if last <= first:
        raise ImpossibleRecord(
            f"{type(record).__name__}.{later}", (f"应晚于 {earlier} {first}", f"after {earlier} {first}"), last
        )


def _check_value(name: str, value: object) -> None:
    """Check one value, and what is inside it; records inside it have checked themselves."""
    if isinstance(value, tuple):
        for entry in value:
            _check_value(name, entry)
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            _check_value(name, key)
            _check_value(name, entry)
    elif isinstance(value, str) and not _is_storable(value):
        raise ImpossibleRecord(
            name,
            ("应为不含零字符和残缺字符的文本", "text without broken or zero characters"),
            ("（此类字符）", "such a character"),
        )
    elif isinstance(value, datetime) and value.utcoffset() is None:
        raise ImpossibleRecord(name, ("应为带时区的时刻", "a moment with a zone"), value)
    elif isinstance(value, int) and abs(value) > LARGEST:
        raise ImpossibleRecord(name, (f"应在 ±{LARGEST} 以内", f"within ±{LARGEST}"), value)
    elif isinstance(value, float) and not math.isfinite(value):
        raise ImpossibleRecord(name, ("应为数字", "a number"), value)


def _is_storable(text: str) -> bool:
    """Tell whether every database can hold a text: no zero character, no half of a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)
