"""The numbers and intervals that many of the request's objects share, with their limits."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from operator import itemgetter
from typing import Any, Final

from dispatch.format.parsers import DEAREST, list_of, map_of, number, read_interval, read_name, whole

FACTOR_PLACES: Final = 3
PRICE_PLACES: Final = 2
HIGHEST_FACTOR: Final = Decimal(1000)
HIGHEST_SPEED: Final = Decimal(100_000)
HIGHEST_LEVEL: Final = 4

read_price: Final = number("CNY", places=PRICE_PLACES, lowest=Decimal(0), highest=DEAREST)
read_factor: Final = number("a factor", places=FACTOR_PLACES, above=Decimal(0), highest=HIGHEST_FACTOR)
read_seconds: Final = whole("seconds")
read_quantity: Final = whole("pieces")
read_quantities: Final = map_of(read_quantity, "name: quantity")
read_levels: Final = map_of(whole("level", 1, HIGHEST_LEVEL), "skill: level")
read_intervals: Final = list_of(read_interval, "intervals [from, to]")
read_tools: Final = list_of(read_name, "tools", unique=True)


def is_ordered(first: object, last: object) -> bool:
    """Tell whether two moments were read and come in this order, or at once."""
    return not isinstance(first, datetime) or not isinstance(last, datetime) or first <= last


def find_overlaps(pieces: list[tuple[Any, Any, int]]) -> list[tuple[int, int]]:
    """Find pairs of pieces (begin, end, index) that share more than an end; the smaller index first.

    A piece is compared with the one, among those before it, that ends last: every piece that overlaps another one is
    in some pair, though not every pair is named.
    """
    overlaps: list[tuple[int, int]] = []
    last: tuple[Any, Any, int] | None = None
    for piece in sorted(pieces, key=itemgetter(0, 1)):
        if last is not None and piece[0] < last[1]:
            overlaps.append((min(last[2], piece[2]), max(last[2], piece[2])))
        if last is None or piece[1] > last[1]:
            last = piece
    return overlaps
