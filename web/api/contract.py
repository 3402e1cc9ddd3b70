"""The API's contract as an OpenAPI 3.1 document, made of the same declarations that are served."""

from __future__ import annotations

import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from web.api.section import KEY_HEADER, LONGEST_KEY, Operation
from web.who import HEADER

REFS: Final = "#/components/schemas/{model}"


class Fault(BaseModel):
    """One thing that is wrong; ``pointer`` is RFC 6901 into the body, ``?name`` of the address, ``#name`` of a header."""

    code: str
    message: str
    hint: str
    pointer: str | None


class Refusal(Fault):
    """The one shape of every refusal: the first fault, all of them, and what else a program needs."""

    faults: list[Fault]
    details: dict[str, Any]


def make_contract(operations: Iterable[Operation], *, version: str = "1") -> dict[str, Any]:
    """Return the document."""
    listed = list(operations)
    schemas = _schemas(listed)
    paths: dict[str, dict[str, Any]] = {}
    for operation in listed:
        path = "/api/v1" + re.sub(r"<(\w+)>", r"{\1}", operation.path)
        paths.setdefault(path, {})[operation.method.lower()] = _describe(operation, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Paidan 派单",
            "version": version,
            "description": "Moments carry their offset; lengths are whole seconds and metres; points are WGS-84 degrees.",
        },
        "paths": paths,
        "components": {"schemas": schemas},
    }


def _schemas(operations: list[Operation]) -> dict[str, Any]:
    """Return the JSON Schema of every shape, by name."""
    taken = {shape for operation in operations for shape in (operation.takes.body, operation.takes.query) if shape}
    given: set[type[BaseModel]] = {operation.gives for operation in operations if operation.gives}
    given.add(Refusal)
    modes: list[tuple[type[BaseModel], Any]] = [(shape, "validation") for shape in sorted(taken, key=_name)]
    modes += [(shape, "serialization") for shape in sorted(given, key=_name)]
    _, document = models_json_schema(modes, ref_template=REFS)
    schemas: dict[str, Any] = document["$defs"]
    return schemas


def _name(shape: type[BaseModel]) -> str:
    """Return a shape's name."""
    return shape.__name__


def _describe(operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    """Return what the contract says of one operation."""
    described: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": operation.summary,
        "parameters": [*_parameters(operation, schemas)],
        "responses": _responses(operation),
    }
    if operation.takes.body is not None:
        content = {"application/json": {"schema": {"$ref": REFS.format(model=operation.takes.body.__name__)}}}
        described["requestBody"] = {"required": True, "content": content}
    return described


def _parameters(operation: Operation, schemas: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """Return what stands in the address and the headers."""
    for name in operation.arguments:
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    if operation.takes.query is not None:
        schema = schemas[operation.takes.query.__name__]
        for name, kind in schema["properties"].items():
            yield {"name": name, "in": "query", "required": name in schema.get("required", ()), "schema": kind}
    who = {"type": "string", "pattern": "^(dispatcher|manager|engineer:.+)$"}
    yield {
        "name": HEADER,
        "in": "header",
        "required": False,
        "schema": who,
        "description": "On whose behalf; left out: a dispatcher's.",
    }
    if operation.takes.keyed:
        key = {"type": "string", "maxLength": LONGEST_KEY}
        text = "The same key with the same request again gives the first answer, for 24 hours."
        yield {"name": KEY_HEADER, "in": "header", "required": False, "schema": key, "description": text}


def _responses(operation: Operation) -> dict[str, Any]:
    """Return what may come back."""
    answers: dict[str, Any] = {str(operation.status): {"description": HTTPStatus(operation.status).phrase}}
    if operation.gives is not None:
        content = {"application/json": {"schema": {"$ref": REFS.format(model=operation.gives.__name__)}}}
        answers[str(operation.status)]["content"] = content
    refusal = {"application/json": {"schema": {"$ref": REFS.format(model="Refusal")}}}
    for status in sorted(_refusals(operation)):
        answers[str(status)] = {"description": HTTPStatus(status).phrase, "content": refusal}
    return answers


def _refusals(operation: Operation) -> set[int]:
    """Return the statuses with which an operation may refuse."""
    refusals = {400, 404, 413, 422, 503}
    if operation.method != "GET":
        refusals |= {403, 409}
    if operation.takes.body is not None:
        refusals.add(415)
    return refusals
