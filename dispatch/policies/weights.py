"""Weights: what travel, overtime, change and the rest cost, as the dispatcher's preset says.

Formula: ``weights`` = the preset's, all of them.

Source: ``tables/presets.toml``, with the clause for whose sake each weight is there (DP-04, DP-06, DP-15, DP-18, KP-22, KP-23,
SL-22); the numbers are ours.

>>> from dispatch.policies.tables.read import get_book
>>> [str(get_book(name).preset.weights.change_engineer) for name in ("cost_first", "least_change")]
['60', '240']
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dispatch.format.model import Request
from dispatch.policies.tables.model import Book, Case

CODE = "weights"
FIELDS: tuple[str, ...] = ("weights",)


def apply(request: Request, cases: Mapping[str, Case], book: Book) -> Request:
    """Write ``weights``; tickets do not matter."""
    return replace(request, weights=book.preset.weights)
