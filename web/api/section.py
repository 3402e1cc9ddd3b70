"""Operations of the API: views over a unit of work, and what their contract says, both from one declaration.

A view is a function of the unit and of who asks; ``body`` and ``query``, if it takes them, are shapes; what it returns is a
shape, or nothing. The rest of its parameters are the address's. It runs in one transaction: whatever raises keeps nothing.
"""

from __future__ import annotations

import hashlib
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar, get_type_hints

from flask import Blueprint, Response, request

from dispatch.storage.store import Writing
from web.api.reading import read_body, read_query
from web.api.shape import Shape
from web.errors import RequestRefused, Wrong
from web.service.parts import get_parts
from web.who import who

View = Callable[..., Shape | None]
Before = Callable[..., dict[str, Any]]
"""Finds more arguments of a view in a unit that only reads, given all that the view is: others can write meanwhile."""

V = TypeVar("V", bound=View)

KEY_HEADER: Final = "Idempotency-Key"
LONGEST_KEY: Final = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, when, and with which idempotency key (empty: none)."""

    by: str
    now: datetime
    key: str


@dataclass(frozen=True, slots=True)
class Takes:
    """What an operation takes; ``keyed``: it makes something new, and an idempotency key."""

    body: type[Shape] | None = None
    query: type[Shape] | None = None
    keyed: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: where it is, what it takes and gives."""

    method: str
    path: str
    name: str
    tag: str
    summary: str
    takes: Takes
    gives: type[Shape] | None
    arguments: tuple[str, ...]

    @property
    def status(self) -> int:
        """What it answers when all is well."""
        if self.gives is None:
            return 204
        return 201 if self.takes.keyed else 200


class Section:
    """Operations on one kind of thing."""

    def __init__(self, tag: str) -> None:
        """Take its name, which stands in the contract."""
        self.operations: list[Operation] = []
        self.blueprint = Blueprint(f"api_{tag}", __name__, url_prefix="/api/v1")
        self._tag = tag

    def on(self, method: str, path: str, *, keyed: bool = False, before: Before | None = None) -> Callable[[V], V]:
        """Serve a view whose annotations say what it takes and gives; a decorator.

        Parameters
        ----------
        path
            Under ``/api/v1``, with ``<arguments>``.
        keyed
            It makes something new: answers are kept under the idempotency key, and it answers 201.
        before
            Finds what may take long, for a view that writes.
        """

        def declare(view: V) -> V:
            hints = get_type_hints(view)
            gives = hints.get("return")
            summary = (inspect.getdoc(view) or "").split("\n", 1)[0]
            takes = Takes(hints.get("body"), hints.get("query"), keyed)
            shape = gives if isinstance(gives, type) and issubclass(gives, Shape) else None
            self.serve(method, path, view, name=view.__name__, summary=summary, takes=takes, gives=shape, before=before)
            return view

        return declare

    def serve(
        self,
        method: str,
        path: str,
        view: View,
        *,
        name: str,
        summary: str,
        takes: Takes,
        gives: type[Shape] | None,
        before: Before | None = None,
    ) -> None:
        """Serve a view that is made for several kinds of thing; ``before`` finds what may take long, for a view that writes."""
        arguments = tuple(re.findall(r"<(\w+)>", path))
        operation = Operation(method, path, name, self._tag, summary, takes, gives, arguments)
        self.operations.append(operation)
        rule = re.sub(r"<(\w+)>", r"<path:\1>", path)  # numbers of other people's sheets may hold a slash
        view_of = _serve(operation, view, before)
        self.blueprint.add_url_rule(rule, name, view_of, methods=[method], merge_slashes=False)


def _serve(operation: Operation, view: View, before: Before | None) -> Callable[..., Response]:
    """Make the Flask view of an operation."""
    takes = operation.takes

    def answer(**arguments: Any) -> Response:  # noqa: ANN401 - texts of the address, then shapes
        parts = get_parts()
        asked = Asked(who().id, parts.clock(), _read_key() if takes.keyed else "")
        if takes.query is not None:
            arguments["query"] = read_query(takes.query)
        if takes.body is not None:
            arguments["body"] = read_body(takes.body)
        if operation.method == "GET":
            with parts.store.reading() as unit:
                return _send(operation, view(unit, asked, **arguments))
        if before is not None:
            with parts.store.reading() as reading:
                arguments |= before(reading, asked, **arguments)
        with parts.store.writing() as unit:
            if not asked.key:
                return _send(operation, view(unit, asked, **arguments))
            return _answer_once(operation, unit, asked, lambda: view(unit, asked, **arguments))

    return answer


def _answer_once(operation: Operation, unit: Writing, asked: Asked, carry_out: Callable[[], Shape | None]) -> Response:
    """Carry out what was asked, unless this key has its answer already."""
    content = f"{request.method} {request.full_path}\n".encode() + request.get_data(cache=True)
    known = unit.claim_key(asked.key, asked.by, hashlib.sha256(content).hexdigest(), now=asked.now)
    if known is not None:
        return Response(known.body, known.status, mimetype="application/json")
    response = _send(operation, carry_out())
    unit.keep_answer(asked.key, asked.by, status=response.status_code, body=response.get_data(as_text=True))
    return response


def _send(operation: Operation, made: Shape | None) -> Response:
    """Send what a view returned."""
    if made is None:
        return Response(status=operation.status)
    return Response(made.model_dump_json(), operation.status, mimetype="application/json")


def _read_key() -> str:
    """Return the idempotency key; empty if there is no such header, one that holds nothing is refused."""
    key = request.headers.get(KEY_HEADER)
    if key is None:
        return ""
    if not 1 <= len(key.strip()) <= len(key) <= LONGEST_KEY or not key.isprintable():
        reason = f"1 – {LONGEST_KEY}"
        raise RequestRefused([Wrong("impossible_value", f"#{KEY_HEADER}", {"name": KEY_HEADER, "reason": reason})])
    return key
