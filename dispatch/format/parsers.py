"""Small parsers from which the readers of request and plan are put together.

A parser takes the :class:`Reading`, a JSON value and its path, and gives the value in Python's types or :data:`BAD`
after it has told the reading what is wrong. Nothing stops at the first fault; :data:`BAD` never leaves the package,
because a reading with faults ends in :class:`~dispatch.format.faults.InvalidDocument`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from dispatch.format.faults import ABSENT, Fault, InvalidDocument, Unreadable, quote
from dispatch.format.paths import Path, write_path


class _Bad:
    """What a parser gives in place of a value that it refused."""

    __slots__ = ()


BAD: Final = _Bad()
LARGEST: Final = 2**31 - 1
"""Largest whole number of seconds, metres or pieces."""
DEAREST: Final = Decimal(1_000_000_000)
"""Largest price, CNY."""
MOST_FAULTS: Final = 100_000
"""Faults of one document that are told one by one."""
FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2199

_TIME: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)
_TIME_EXPECTED: Final = "a time with offset and whole seconds like 2026-11-23T08:00:00+08:00"
_KINDS: Final = {dict: "an object", list: "a list", str: "text", bool: "a boolean", type(None): "null"}

Parsed = Any
"""What a parser gave: a value of the model, or :data:`BAD`; objects may hold :data:`BAD` in any place."""

Parser = Callable[["Reading", object, Path], Parsed]


@dataclass(slots=True)
class Reading:
    """One document on its way: its faults, its ids, and the references that are to be followed at the end.

    ``size`` is the number of locations, once it is known.
    """

    faults: list[Fault]
    size: int | None = None
    ids: dict[str, dict[str, Path]] = field(default_factory=dict)
    references: list[tuple[str, str, Path]] = field(default_factory=list)
    shift_references: list[tuple[str, str, Path]] = field(default_factory=list)
    times: dict[str, datetime] = field(default_factory=dict)
    nearest: dict[tuple[str, tuple[str, ...]], str] = field(default_factory=dict)

    def refuse(self, code: str, path: Path, value: object, message: str) -> _Bad:
        """Note a fault.

        Raises
        ------
        InvalidDocument
            At :data:`MOST_FAULTS`: whoever reads them has understood by then.
        """
        self.faults.append(Fault(code, write_path(path), value, message))
        if len(self.faults) >= MOST_FAULTS:
            end = f"has even more faults than these {MOST_FAULTS}, expected a valid document"
            raise InvalidDocument([*self.faults, Fault("too_many_faults", "$", ABSENT, end)])
        return BAD

    def refuse_type(self, path: Path, value: object, expected: str) -> _Bad:
        """Note that a value is of the wrong type, or is no number at all."""
        if isinstance(value, Unreadable):
            return self.refuse("not_a_number", path, value, f"is no number that can be held, expected {expected}")
        kind = _KINDS.get(type(value), "a number")
        return self.refuse("wrong_type", path, value, f"is {kind}, expected {expected}")

    def follow_references(self, kinds: Mapping[str, str]) -> None:
        """Note every reference to nothing.

        Parameters
        ----------
        kinds
            The kinds to check, each with what its references are expected to be, such as ``one of locations``.
        """
        for kind, name, path in self.references:
            expected = kinds.get(kind)
            if expected is not None and name not in self.ids.get(kind, {}):
                self.refuse("unknown_reference", path, name, f"names an unknown {kind}, expected {expected}")

    def follow_shifts(self, shift_ids: Mapping[str, set[str]]) -> None:
        """Note every reference to a shift that its engineer, who exists, has not."""
        for engineer, shift, path in self.shift_references:
            if engineer in shift_ids and shift not in shift_ids[engineer]:
                message = f"names an unknown shift, expected one of the shifts of engineer {quote(engineer)}"
                self.refuse("unknown_reference", path, shift, message)

    def finish(self) -> None:
        """End the reading.

        Raises
        ------
        InvalidDocument
            There were faults.
        """
        if self.faults:
            raise InvalidDocument(self.faults)


def read_text(reading: Reading, value: object, path: Path) -> Parsed:
    """Read any text."""
    return value if type(value) is str else reading.refuse_type(path, value, "text")


def read_name(reading: Reading, value: object, path: Path) -> Parsed:
    """Read an id or another name: text that is not empty."""
    if type(value) is not str:
        return reading.refuse_type(path, value, "text")
    return value or reading.refuse("impossible_value", path, value, "is empty, expected a name")


def read_bool(reading: Reading, value: object, path: Path) -> Parsed:
    """Read true or false."""
    return value if type(value) is bool else reading.refuse_type(path, value, "true or false")


def read_version(reading: Reading, value: object, path: Path) -> Parsed:
    """Read the version of the format: 1."""
    if type(value) not in {int, Decimal}:
        return reading.refuse_type(path, value, "1")
    return 1 if value == 1 else reading.refuse("unknown_version", path, value, "is an unknown version, expected 1")


def read_time(reading: Reading, value: object, path: Path) -> Parsed:
    """Read a moment with its offset."""
    if type(value) is not str:
        return reading.refuse_type(path, value, _TIME_EXPECTED)
    known = reading.times.get(value)
    if known is not None:
        return known
    if not _TIME.fullmatch(value):
        return reading.refuse("bad_time", path, value, f"is not such a time, expected {_TIME_EXPECTED}")
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return reading.refuse("bad_time", path, value, "is no day of the calendar, expected a day that exists")
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        expected = f"a year from {FIRST_YEAR} to {LAST_YEAR}"
        return reading.refuse("impossible_value", path, value, f"is out of range, expected {expected}")
    reading.times[value] = moment
    return moment


def read_interval(reading: Reading, value: object, path: Path) -> Parsed:
    """Read ``[from, to]``, both included, ``from`` ≤ ``to``."""
    if type(value) is not list:
        return reading.refuse_type(path, value, "a list [from, to] of two times")
    if len(value) != 2:  # noqa: PLR2004 - from and to
        return reading.refuse("wrong_length", path, value, "has not two entries, expected [from, to]")
    first, last = (read_time(reading, entry, (path, index)) for index, entry in enumerate(value))
    if first is BAD or last is BAD:
        return BAD
    if last < first:
        return reading.refuse("impossible_value", path, value, "ends before it begins, expected from ≤ to")
    return first, last


def whole(unit: str, lowest: int = 0, highest: int = LARGEST) -> Parser:
    """Make a parser of whole numbers from ``lowest`` to ``highest``; ``unit`` is named in its faults."""
    limits = f"{lowest} to {highest}" if highest != LARGEST else f"at least {lowest}"
    expected = f"whole {unit}, {limits}"

    def read_whole(reading: Reading, value: object, path: Path) -> Parsed:
        if type(value) is Decimal:
            if value.adjusted() <= len(str(LARGEST)) and value != value.to_integral_value():
                return reading.refuse("wrong_type", path, value, f"is not whole, expected {expected}")
            value = int(max(min(value, Decimal(highest + 1)), Decimal(lowest - 1)))
        if type(value) is not int:
            return reading.refuse_type(path, value, expected)
        if value < lowest:
            return reading.refuse("impossible_value", path, value, f"is too small, expected {expected}")
        if value > highest:
            return reading.refuse(
                "impossible_value", path, value, f"is too large, expected {unit} of at most {highest}"
            )
        return value

    return read_whole


def number(
    what: str,
    *,
    places: int | None = None,
    lowest: Decimal | None = None,
    above: Decimal | None = None,
    highest: Decimal | None = None,
) -> Parser:
    """Make a parser of exact decimals.

    Parameters
    ----------
    what
        What the number is, with its unit, for the faults.
    places
        Decimals allowed; None = any.
    lowest, above, highest
        Bounds, the first and the last included; None = unbounded.
    """
    bounds = "".join(
        (
            f" ≥ {lowest}" if lowest is not None else "",
            f" > {above}" if above is not None else "",
            f" up to {highest}" if highest is not None else "",
        )
    )
    expected = f"{what}{bounds}"

    def read_number(reading: Reading, value: object, path: Path) -> Parsed:
        if type(value) is int:
            value = Decimal(value)
        if type(value) is not Decimal:
            return reading.refuse_type(path, value, expected)
        too_small = (lowest is not None and value < lowest) or (above is not None and value <= above)
        if too_small:
            return reading.refuse("impossible_value", path, value, f"is too small, expected {expected}")
        if highest is not None and value > highest:
            return reading.refuse("impossible_value", path, value, f"is too large, expected {expected}")
        if places is not None and _count_places(value) > places:
            message = f"has too many decimals, expected {what} with at most {places} decimals"
            return reading.refuse("too_many_decimals", path, value, message)
        return value

    return read_number


def _count_places(value: Decimal) -> int:
    """Count the decimals, not the zeros at their end."""
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or exponent >= 0 or not value:
        return 0
    places = -exponent
    for digit in reversed(digits):
        if digit or not places:
            break
        places -= 1
    return places


def word(what: str, words: Sequence[str]) -> Parser:
    """Make a parser of one of a few words."""
    expected = f"{what}: {', '.join(words)}"
    known = frozenset(words)

    def read_word(reading: Reading, value: object, path: Path) -> Parsed:
        if type(value) is not str:
            return reading.refuse_type(path, value, expected)
        if value not in known:
            return reading.refuse("impossible_value", path, value, f"is no {what}, expected {expected}")
        return value

    return read_word


def identifier(kind: str) -> Parser:
    """Make a parser of ids, unique in the document within their kind."""

    def read_id(reading: Reading, value: object, path: Path) -> Parsed:
        name = read_name(reading, value, path)
        if name is BAD:
            return BAD
        ids = reading.ids.setdefault(kind, {})
        if name in ids:
            message = f"repeats the id at {write_path(ids[name])}, expected each {kind} id once"
            reading.refuse("duplicate_id", path, name, message)
            return name
        ids[name] = path
        return name

    return read_id


def reference(kind: str) -> Parser:
    """Make a parser of references, followed when all has been read."""

    def read_reference(reading: Reading, value: object, path: Path) -> Parsed:
        name = read_name(reading, value, path)
        if name is not BAD:
            reading.references.append((kind, name, path))
        return name

    return read_reference


def nullable(parser: Parser) -> Parser:
    """Let null be None."""

    def read_nullable(reading: Reading, value: object, path: Path) -> Parsed:
        return None if value is None else parser(reading, value, path)

    return read_nullable


def list_of(parser: Parser, what: str, *, unique: bool = False, filled: bool = False) -> Parser:
    """Make a parser of lists, to tuples with :data:`BAD` where an entry was refused.

    Parameters
    ----------
    parser
        Of the entries.
    what
        What the entries are, in the plural.
    unique
        Whether an entry may come only once.
    filled
        Whether the list may not be empty.
    """
    expected = f"a list of {what}"

    def read_list(reading: Reading, value: object, path: Path) -> Parsed:
        if type(value) is not list:
            return reading.refuse_type(path, value, expected)
        if filled and not value:
            return reading.refuse("impossible_value", path, value, f"is empty, expected {expected}")
        entries = tuple([parser(reading, entry, (path, index)) for index, entry in enumerate(value)])
        if unique and len(entries) > 1:
            seen: set[Any] = set()
            for index, entry in enumerate(entries):
                if entry is not BAD and entry in seen:
                    message = "comes twice in this list, expected each entry once"
                    reading.refuse("duplicate_entry", (path, index), value[index], message)
                seen.add(entry)
        return entries

    return read_list


def map_of(parser: Parser, what: str) -> Parser:
    """Make a parser of objects with free keys, to dicts without the entries that were refused."""
    expected = f"an object {{{what}}}"

    def read_map(reading: Reading, value: object, path: Path) -> Parsed:
        if not isinstance(value, dict):
            return reading.refuse_type(path, value, expected)
        entries: dict[str, Any] = {}
        for key, below in value.items():
            read_name(reading, key, (path, key))
            entries[key] = parser(reading, below, (path, key))
        return entries

    return read_map


@dataclass(frozen=True, slots=True)
class Shape:
    """A parser of objects with fixed keys.

    Attributes
    ----------
    make
        Class to build; a key that is a Python keyword is passed with ``_`` at its end.
    required, optional
        Keys and their parsers, in the order in which they are read.
    check
        What has to hold between the keys; gets the object, with :data:`BAD` in place of what was refused, and the JSON
        that it was made from.
    unnamed
        Required keys that ``make`` does not take, because they say nothing (``version``).
    """

    what: str
    make: Callable[..., Any]
    required: Mapping[str, Parser]
    optional: Mapping[str, Parser] = field(default_factory=dict)
    check: Callable[[Reading, Any, dict[str, Any], Path], None] | None = None
    unnamed: frozenset[str] = frozenset()

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys."""
        return (*self.required, *self.optional)

    def __call__(self, reading: Reading, value: object, path: Path) -> Parsed:
        """Read an object; unknown and missing keys are faults."""
        if not isinstance(value, dict):
            return reading.refuse_type(path, value, self.what)
        fields: dict[str, Any] = {}
        missing = 0
        for key, parser in self.required.items():
            if key in value:
                fields[_attribute(key)] = parser(reading, value[key], (path, key))
            else:
                reading.refuse("missing_key", (path, key), ABSENT, f"is missing, expected {key} in {self.what}")
                fields[_attribute(key)] = BAD
                missing += 1
        for key, parser in self.optional.items():
            if key in value:
                fields[_attribute(key)] = parser(reading, value[key], (path, key))
        if len(fields) - missing < len(value):
            self._refuse_unknown(reading, value, path)
        for key in self.unnamed:
            del fields[_attribute(key)]
        made = self.make(**fields)
        if self.check is not None:
            self.check(reading, made, value, path)
        return made

    def _refuse_unknown(self, reading: Reading, value: Mapping[str, object], path: Path) -> None:
        """Name the keys that nobody knows, with the known key that is nearest."""
        for key in value:
            if key not in self.required and key not in self.optional:
                hint = _suggest(reading, key, self.keys)
                message = f"is an unknown key, expected {hint}"
                reading.refuse("unknown_key", (path, key), value[key], message)


def _attribute(key: str) -> str:
    """Give the attribute's name of a key."""
    return f"{key}_" if key in _KEYWORDS else key


_MOST_HINTS: Final = 1000
_KEYWORDS: Final = frozenset(("from", "break"))


def _suggest(reading: Reading, key: str, known: tuple[str, ...]) -> str:
    """Say which known keys may have been meant."""
    cut = key[:40]
    hint = reading.nearest.get((cut, known))
    if hint is None and len(reading.nearest) >= _MOST_HINTS:
        return f"one of {', '.join(known)}"
    if hint is None:
        near = difflib.get_close_matches(cut, known, n=1, cutoff=0.6)
        hint = f"{near[0]}, did you mean that?" if near else f"one of {', '.join(known)}"
        reading.nearest[cut, known] = hint
    return hint


def is_good(*values: object) -> bool:
    """Tell whether none of these was refused."""
    return BAD not in values
