"""What is wrong with a document, told so that its author can mend it: path, value, and what was expected."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

VALUE_LENGTH: Final = 120
"""Characters of a value that a fault quotes at most."""

_EXPECTED: Final = ", expected "


class _Absent:
    """The value of what is not there; JSON's null is a value like others."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent()
"""Value of a fault about something that is missing."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    Parameters
    ----------
    code
        Stable word for programs, such as ``missing_key`` or ``unknown_reference``.
    path
        Where, such as ``tickets[17].windows[0]``; ``$`` is the document itself.
    value
        What was found there, as JSON has it; :data:`ABSENT` when there is nothing.
    message
        ``WHAT IS WRONG, expected WHAT WAS EXPECTED``.

    Examples
    --------
    >>> print(Fault("impossible_value", "locations[0].lat", 120, "is out of range, expected degrees from -90 to 90"))
    locations[0].lat: is out of range (120), expected degrees from -90 to 90
    """

    code: str
    path: str
    value: object
    message: str

    def __str__(self) -> str:
        """Write the line that people read: ``PATH: what is wrong (value), what was expected``."""
        wrong, comma, expected = self.message.partition(_EXPECTED)
        return f"{self.path}: {wrong} ({quote(self.value)}){comma}{expected}"

    def as_json(self) -> dict[str, object]:
        """Give the four fields as JSON values; a long value is shortened to text, a missing one is null."""
        value: object
        if self.value is ABSENT:
            value = None
        elif isinstance(self.value, str):
            value = _cut(self.value)
        elif self.value is None or isinstance(self.value, (bool, int)):
            value = self.value
        elif isinstance(self.value, Decimal):
            value = float(self.value)
        else:
            value = quote(self.value)
        return {"code": self.code, "path": self.path, "value": value, "message": self.message}


class InvalidDocument(ValueError):  # noqa: N818 - the document is what is invalid; "Error" would say less
    """A request or plan that breaks its format; ``faults`` has all that is wrong with it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Take the faults in the order in which they are to be read."""
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


class Unreadable:
    """A number that JSON text may spell and the format cannot hold: NaN, 1e999, ten thousand digits."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        """Keep what was written."""
        self.text = text


def quote(value: object) -> str:
    r"""Write a JSON value on one line and short, without control characters; long text is cut, containers counted.

    Examples
    --------
    >>> quote("line one\nline two")
    '"line one\\nline two"'
    >>> quote([["a", "b"], ["c", "d"]])
    '[["a", "b"], ["c", "d"]]'
    """
    if value is ABSENT:
        return "nothing"
    return _cut(_write(value, VALUE_LENGTH))


def _write(value: object, room: int) -> str:
    """Write a value in about ``room`` characters, or say what kind of thing it is."""
    if isinstance(value, str):
        return _quote_text(value)
    if isinstance(value, Unreadable):
        return value.text[: VALUE_LENGTH + 1]
    if value is None or isinstance(value, (bool, int)):
        return json.dumps(value)
    if isinstance(value, dict):
        return f"object of {len(value)} key{'' if len(value) == 1 else 's'}" if value else "{}"
    if isinstance(value, Sequence):
        return _write_list(value, room)
    return str(value)


def _write_list(values: Sequence[object], room: int) -> str:
    """Write a short list in full, a long or deep one as its length."""
    counted = f"list of {len(values)}"
    if room < 4 or len(values) * 3 > room:  # noqa: PLR2004 - "1, " is the shortest entry
        return counted if values else "[]"
    parts: list[str] = []
    left = room - 2
    for value in values:
        parts.append(_write(value, left - 2))
        left -= len(parts[-1]) + 2
        if left < -2:  # noqa: PLR2004 - the last entry has no comma
            return counted
    return f"[{', '.join(parts)}]"


def _quote_text(text: str) -> str:
    """Quote as JSON does, with everything unprintable escaped and the rest readable."""
    if len(text) > VALUE_LENGTH:
        text = text[: VALUE_LENGTH + 1]
    quoted = json.dumps(text, ensure_ascii=False)
    if quoted.isprintable():
        return quoted
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in quoted)


def _cut(text: str) -> str:
    """Cut to the length that a fault quotes."""
    return text if len(text) <= VALUE_LENGTH else text[: VALUE_LENGTH - 1] + "…"
