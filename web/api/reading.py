"""Read what was sent: every fault at once, each with a pointer to where it stands."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final, TypeVar

from flask import request
from pydantic import BaseModel, ValidationError

from web.api.reasons import say_reason
from web.board.pages import get_lang
from web.errors import RequestRefused, Wrong

B = TypeVar("B", bound=BaseModel)

CODES: Final[Mapping[str, str]] = {
    "missing": "missing_key",
    "extra_forbidden": "unknown_key",
    "json_invalid": "not_json",
}
"""Pydantic's words to ours."""

MOST_FAULTS: Final = 100
"""Faults that are told one by one."""


def read_body(shape: type[B]) -> B:
    """Read the body.

    Raises
    ------
    RequestRefused
        It is no JSON, or not of this shape; all faults at once.
    """
    if request.mimetype != "application/json":
        raise RequestRefused([Wrong("not_json_type")])
    try:
        body = shape.model_validate_json(request.get_data(cache=True))
    except ValidationError as error:
        raise RequestRefused(tell_faults(error, "")) from None
    _refuse_double_keys(request.get_data(cache=True))
    return body


class _Pairs(list[tuple[str, Any]]):
    """An object as it is written, double keys and all."""


def _refuse_double_keys(data: bytes) -> None:
    """Refuse a body that has its shape, if a key comes twice in one object: what was meant is not known."""
    doubled = _list_double_keys(json.loads(data, object_pairs_hook=_Pairs), "")
    wrongs = [Wrong("duplicate_key", pointer, {"name": name}) for pointer, name in islice(doubled, MOST_FAULTS)]
    if wrongs:
        raise RequestRefused(wrongs)


def _list_double_keys(value: object, before: str) -> Iterator[tuple[str, str]]:
    """Give pointer and name of each key that its object had already."""
    if isinstance(value, _Pairs):
        seen: set[str] = set()
        for name, below in value:
            pointer = f"{before}/{_escape(name)}"
            if name in seen:
                yield pointer, name
            seen.add(name)
            yield from _list_double_keys(below, pointer)
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _list_double_keys(below, f"{before}/{index}")


def read_query(shape: type[B]) -> B:
    """Read the part of the address after the question mark; numbers are written as digits there.

    Raises
    ------
    RequestRefused
        A key is missing, unknown, there twice or impossible; all faults at once.
    """
    twice = [name for name, values in request.args.lists() if len(values) > 1]
    wrongs = [Wrong("impossible_value", f"?{name}", {"name": name, "reason": "1 ×"}) for name in twice]
    try:
        read = shape.model_validate_strings(request.args.to_dict())
    except ValidationError as error:
        raise RequestRefused([*wrongs, *tell_faults(error, "?")]) from None
    if wrongs:
        raise RequestRefused(wrongs)
    return read


def tell_faults(error: ValidationError, before: str) -> list[Wrong]:
    """Return the faults of a validation, in the order of the document."""
    found = error.errors(include_url=False, include_input=False)
    return [_tell(fault, before) for fault in found[:MOST_FAULTS]]


def _tell(fault: Mapping[str, Any], before: str) -> Wrong:
    """Return one fault."""
    place = [_escape(part) for part in fault["loc"] if not _is_inner(part)]
    pointer = before + "/".join(place) if before else "".join(f"/{part}" for part in place)
    code = CODES.get(fault["type"])
    if code is None:
        wrong_kind = fault["type"].endswith(("_type", "_parsing")) or fault["type"] in {"enum", "is_instance_of"}
        code = "wrong_type" if wrong_kind else "impossible_value"
    params: dict[str, Any] = {"name": "/".join(place) or "JSON", "reason": say_reason(fault, get_lang())}
    return Wrong(code, pointer, params)


def _is_inner(part: str | int) -> bool:
    """Tell whether a part of the place is pydantic's own, not a key of the document."""
    return part == "[key]" or (
        isinstance(part, str) and part.startswith(("function-", "constrained-", "lax-or-strict"))
    )


def _escape(part: str | int) -> str:
    """Write a key as RFC 6901 has it."""
    return str(part).replace("~", "~0").replace("/", "~1")
