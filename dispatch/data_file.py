"""The door of data that comes as TOML: values at paths, and all faults at once."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

Value = TypeVar("Value")


class DataError(ValueError):
    """Data is not used: it has faults, one sentence each in ``faults``, with path, value and what was expected."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = tuple(faults)


class Stop(Exception):  # noqa: N818 - never seen outside of a reader
    """What is being read cannot be; the fault is noted."""


class DataReader:
    """Reads values at paths and notes every fault.

    Parameters
    ----------
    text
        A TOML document; its fractions are read as decimals.

    Raises
    ------
    DataError
        It is not TOML.
    """

    def __init__(self, text: str) -> None:
        self.faults: list[str] = []
        try:
            self.document: Mapping[str, Any] = tomllib.loads(text, parse_float=Decimal)
        except tomllib.TOMLDecodeError as error:
            raise DataError([f"not TOML: {error}"]) from error

    def fault(self, path: str, expected: str, got: object) -> None:
        """Note a fault."""
        self.faults.append(f"{path} must be {expected}, got {got!r}")

    def stop(self, path: str, expected: str, got: object) -> Stop:
        """Note a fault that leaves no value; to be raised."""
        self.fault(path, expected, got)
        return Stop()

    def keys(self, path: str, value: object, wanted: Sequence[str], optional: Sequence[str] = ()) -> Mapping[str, Any]:
        """Return a table that has these keys, perhaps the optional ones, and no other."""
        if not isinstance(value, dict):
            raise self.stop(path or "the document", "a table", value)
        known = (*wanted, *optional)
        for key in sorted(value.keys() - set(known)):
            self.fault(f"{path}.{key}".lstrip("."), f"one of {', '.join(known)}", key)
        missing = [key for key in wanted if key not in value]
        for key in missing:
            self.fault(f"{path}.{key}".lstrip("."), "there", None)
        if missing:
            raise Stop
        return value

    def items(self, path: str, value: object) -> list[tuple[str, Any]]:
        """Return a list's entries with their paths."""
        if not isinstance(value, list):
            raise self.stop(path, "a list", value)
        return [(f"{path}[{number}]", entry) for number, entry in enumerate(value)]

    def word(self, path: str, value: object, words: Sequence[Value]) -> Value:
        """Return one of a few words."""
        for word in words:
            if value == word:
                return word
        raise self.stop(path, f"one of {', '.join(map(str, words))}", value)

    def words(self, path: str, value: object, words: Sequence[Value]) -> tuple[Value, ...]:
        """Return some of a few words, each once."""
        if not isinstance(value, list) or not value:
            raise self.stop(path, "a list that is not empty", value)
        found = tuple(self.word(f"{path}[{number}]", entry, words) for number, entry in enumerate(value))
        if len(set(found)) < len(found):
            raise self.stop(path, "a list that names each once", value)
        return found

    def text(self, path: str, value: object) -> str:
        """Return a text that is not empty."""
        if not isinstance(value, str) or not value.strip():
            raise self.stop(path, "a text", value)
        return value

    def whole(self, path: str, value: object, least: int, most: int) -> int:
        """Return a whole number of a range, ends included."""
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self.stop(path, f"a whole number from {least} to {most}", value)
        return value

    def number(self, path: str, value: object, *, decimals: int, most: Decimal) -> Decimal:
        """Return a number from 0 to ``most`` with at most so many decimals."""
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            raise self.stop(path, "a number", value)
        number = Decimal(value)
        if not number.is_finite() or not 0 <= number <= most or number != round(number, decimals):
            raise self.stop(path, f"from 0 to {most} with at most {decimals} decimals", str(number))
        return number

    def attempt(self, read: Callable[[], Value]) -> Value | None:
        """Read something; None when it has a fault, so that the next can be read."""
        try:
            return read()
        except Stop:
            return None

    def refuse(self) -> None:
        """Raise if there was a fault."""
        if self.faults:
            raise DataError(self.faults)
