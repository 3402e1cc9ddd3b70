"""JSON as text that is pleasant to read and to compare: what fits on a line stands on one, the rest is broken up."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

LINE_LENGTH: Final = 120

_ROW_TYPES: Final = frozenset((int, type(None)))


class Literal:
    """A number as it is to be written."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        """Take the JSON of the number."""
        self.text = text


def lay_out(node: object, depth: int = 0) -> str:
    """Write dicts, lists, tuples, text, integers, booleans, None and :class:`Literal` as JSON.

    Keys keep their order; each level is indented by one space. A list of integers is one line, however long.
    """
    if isinstance(node, Literal):
        return node.text
    if isinstance(node, dict):
        if not node:
            return "{}"
        pairs = [f"{json.dumps(key, ensure_ascii=False)}: {lay_out(below, depth + 1)}" for key, below in node.items()]
        return _join("{", pairs, "}", depth)
    if isinstance(node, (list, tuple)):
        if _ROW_TYPES.issuperset(map(type, node)):
            return json.dumps(node)
        return _join("[", [lay_out(below, depth + 1) for below in node], "]", depth)
    return json.dumps(node, ensure_ascii=False)


def _join(begin: str, parts: list[str], end: str, depth: int) -> str:
    """Put parts on one line when they fit, else on one line each."""
    if depth and _fits(parts, LINE_LENGTH - depth):
        return f"{begin}{', '.join(parts)}{end}"
    margin = "\n" + " " * (depth + 1)
    body = f",{margin}".join(parts)
    return f"{begin}{margin}{body}{margin[:-1]}{end}"


def _fits(parts: Iterable[str], room: int) -> bool:
    """Tell whether the parts are one line each and short together."""
    for part in parts:
        room -= len(part) + 2
        if room < 0 or "\n" in part:
            return False
    return True
