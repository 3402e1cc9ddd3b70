"""Where in a document: links from a value up to the root, written out only when a fault needs them."""

from __future__ import annotations

import re
from typing import Any, Final

from dispatch.format.faults import quote

Path = tuple[Any, "str | int"] | None
"""None for the document itself, else the path of the container and the key or index in it."""

_PLAIN: Final = re.compile(r"[^\W\d][\w-]*")


def write_path(path: Path) -> str:
    """Write a path as people do.

    Examples
    --------
    >>> write_path((((None, "tickets"), 17), "windows"))
    'tickets[17].windows'
    >>> write_path(((None, "parts"), "a.b"))
    'parts["a.b"]'
    >>> write_path(None)
    '$'
    """
    steps: list[str] = []
    while path is not None:
        path, step = path
        if isinstance(step, int):
            steps.append(f"[{step}]")
        elif _PLAIN.fullmatch(step) and len(quote(step)) == len(step) + 2:
            steps.append(f".{step}")
        else:
            steps.append(f"[{quote(step)}]")
    return "".join(reversed(steps)).removeprefix(".") or "$"
