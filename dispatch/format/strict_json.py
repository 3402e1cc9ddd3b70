"""Strict JSON: what the standard library lets pass (NaN, double keys, lone surrogates) is a fault here, with its path.

Numbers with a point or an exponent become exact decimals. Equal integers share one object: a matrix of 2 500 × 2 500
needs a quarter of the memory.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal, DecimalException
from typing import Final, NoReturn

from dispatch.format.faults import ABSENT, Fault, InvalidDocument, Unreadable
from dispatch.format.paths import Path, write_path

SIZE_LIMIT: Final = 256 * 1024 * 1024
"""Bytes of the largest document; a request with 2 500 × 2 500 tables has about 90 million."""

_INTEGER_DIGITS: Final = 20
_DECIMAL_LENGTH: Final = 100
_DECIMAL_EXPONENT: Final = 400
_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")


class Doubled(dict[str, object]):
    """An object in which keys come twice; ``pairs`` has all that was written."""

    pairs: list[tuple[str, object]]


_HOLDING: Final = frozenset((dict, Doubled, list, str))
"""Types in which a doubled key or a broken character can be: a row of numbers is passed over."""


class _Integers(dict[str, object]):
    """Text to integer, remembered, so that a number is read and kept once."""

    def __missing__(self, text: str) -> object:
        value = self[text] = int(text) if len(text) <= _INTEGER_DIGITS else Unreadable(text)
        return value


def load_json(data: bytes | str) -> tuple[object, list[Fault]]:
    """Read a document into dicts, lists, text, integers, decimals, booleans and None.

    Parameters
    ----------
    data
        The document, UTF-8 when bytes, without a byte order mark, at most :data:`SIZE_LIMIT` bytes long.

    Returns
    -------
    document, faults
        Doubled keys and broken characters are reported as faults beside the tree, so that the rest can be checked too.
        Numbers beyond what the format holds are :class:`~dispatch.format.faults.Unreadable` in the tree.

    Raises
    ------
    InvalidDocument
        No JSON at all: one fault that says where reading stopped.
    """
    text = _decode(data)
    doubled: list[Doubled] = []

    def make_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
        plain = dict(pairs)
        if len(plain) == len(pairs):
            return plain
        marked = Doubled(plain)
        marked.pairs = pairs
        doubled.append(marked)
        return marked

    try:
        document: object = json.loads(
            text,
            object_pairs_hook=make_object,
            parse_int=_Integers().__getitem__,
            parse_float=_read_decimal,
            parse_constant=Unreadable,
        )
    except json.JSONDecodeError as error:
        _refuse_syntax(error, text)
    except RecursionError:
        _refuse("too_deep", ABSENT, "is nested too deeply, expected a planning document, which needs 8 levels")
    if doubled or _SURROGATE.search(text) or not _is_encodable(text):
        return document, _walk(document)
    return document, []


def _decode(data: bytes | str) -> str:
    """Give the text, or refuse what is too long, empty, marked, or not UTF-8."""
    if len(data) > SIZE_LIMIT:
        _refuse("too_large", len(data), f"is too large in bytes, expected at most {SIZE_LIMIT}")
    if isinstance(data, str):
        text = data
    else:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            found = f"byte {data[error.start]:#04x} at offset {error.start}"
            _refuse("not_utf8", found, "is not UTF-8, expected a document saved as UTF-8")
    if text.startswith("\ufeff"):
        _refuse("byte_order_mark", "U+FEFF", "begins with a byte order mark, expected UTF-8 without one")
    if not text.strip():
        _refuse("empty", ABSENT, "is empty, expected a JSON object")
    return text


def _read_decimal(text: str) -> Decimal | Unreadable:
    """Read a number with a point or an exponent exactly, unless it is absurd."""
    if len(text) > _DECIMAL_LENGTH:
        return Unreadable(text)
    try:
        value = Decimal(text)
    except DecimalException:
        return Unreadable(text)
    return value if abs(value.adjusted()) <= _DECIMAL_EXPONENT else Unreadable(text)


def _is_encodable(text: str) -> bool:
    """Tell whether the text could be UTF-8 (text that was never bytes can hold halves of characters)."""
    if text.isascii():
        return True
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _refuse(code: str, value: object, message: str) -> NoReturn:
    """Give up with one fault about the whole document."""
    raise InvalidDocument([Fault(code, "$", value, message)])


def _refuse_syntax(error: json.JSONDecodeError, text: str) -> NoReturn:
    """Say where the JSON breaks and what stands there."""
    found = text[error.pos : error.pos + 20] or "end of text"
    where = f"line {error.lineno} column {error.colno}"
    if error.msg.startswith("Expecting "):
        expected = error.msg.removeprefix("Expecting ")
        wrong = f"is not JSON at {where}"
    elif error.msg == "Extra data":
        expected = "nothing after the document"
        wrong = f"goes on after its end at {where}"
    else:
        expected = "strict JSON (RFC 8259)"
        wrong = f"is not JSON at {where}: {error.msg.lower().replace(',', '')}"
    _refuse("not_json", found, f"{wrong}, expected {expected}")


def _walk(document: object) -> list[Fault]:
    """Find doubled keys and broken characters anywhere, also in what a later key of the same name hides."""
    faults: list[Fault] = []
    waiting: list[tuple[Path, object]] = [(None, document)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            pairs = value.pairs if isinstance(value, Doubled) else list(value.items())
            seen: set[str] = set()
            for key, below in pairs:
                if key in seen:
                    message = "comes twice in one object, expected each key once"
                    faults.append(Fault("duplicate_key", write_path((path, key)), below, message))
                seen.add(key)
                if not _is_encodable(key):
                    faults.append(_broken((path, key), key))
            waiting.extend(((path, key), below) for key, below in reversed(pairs))
        elif isinstance(value, list) and not _HOLDING.isdisjoint(map(type, value)):
            waiting.extend(((path, index), below) for index, below in reversed(list(enumerate(value))))
        elif isinstance(value, str) and not _is_encodable(value):
            faults.append(_broken(path, value))
    return faults


def _broken(path: Path, text: str) -> Fault:
    """Make the fault of text with half a surrogate pair."""
    message = "has half a surrogate pair, expected characters that UTF-8 can hold"
    return Fault("broken_character", write_path(path), text, message)
