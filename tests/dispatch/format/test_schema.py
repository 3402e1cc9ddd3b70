"""The schema and the reader know the same documents, as far as a schema can say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.format import plan_shapes, request_shapes, travel_shapes
from dispatch.format.model import Plan, Request
from dispatch.format.parsers import Shape
from dispatch.format.read import REQUEST
from dispatch.format.schema import make_plan_schema, make_request_schema
from dispatch.format.write import write_plan, write_request
from tests import strategies

Json = Any
"""A document, taken apart."""


REQUEST_VALIDATOR = jsonschema.Draft202012Validator(make_request_schema())
PLAN_VALIDATOR = jsonschema.Draft202012Validator(make_plan_schema())


def list_objects(document: Json) -> Iterator[dict[str, Any]]:
    """Give every object with fixed keys: not those whose keys are names."""
    waiting = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            names_for_keys = {
                "parts",
                "stock",
                "van",
                "skills",
                "skills_until",
                "requires",
                "service_factor",
            } | ({"tools"} if "handling_s" in node or "open" in node else set())
            yield node
            for key, below in node.items():
                if key == "parts" and isinstance(below, dict) and "locations" in node:
                    waiting.extend(below.values())
                elif key not in names_for_keys:
                    waiting.append(below)
        elif isinstance(node, list):
            waiting.extend(node)


def list_described(schema: Json) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """Give (all keys, required keys) of every object with fixed keys in a schema."""
    waiting = [schema]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if node.get("type") == "object" and "properties" in node:
                yield frozenset(node["properties"]), frozenset(node["required"])
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)


def list_read(*shapes: Shape) -> set[tuple[frozenset[str], frozenset[str]]]:
    """Give (all keys, required keys) of shapes."""
    return {(frozenset(shape.keys), frozenset(shape.required)) for shape in shapes}


def list_shapes(*modules: object) -> list[Shape]:
    """Give the shapes of the readers."""
    return [value for module in modules for value in vars(module).values() if isinstance(value, Shape)]


@pytest.mark.parametrize("schema", [make_request_schema(), make_plan_schema()])
def test_the_schema_is_a_schema(schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)


def test_the_schema_knows_the_same_keys_of_a_request_as_the_reader() -> None:
    read = list_read(REQUEST, *list_shapes(request_shapes, travel_shapes))
    assert set(list_described(make_request_schema())) == read


def test_the_schema_knows_the_same_keys_of_a_plan_as_the_reader() -> None:
    assert set(list_described(make_plan_schema())) == list_read(*list_shapes(plan_shapes))


@pytest.mark.parametrize("schema", [make_request_schema(), make_plan_schema()])
def test_every_key_is_described(schema: dict[str, Any]) -> None:
    waiting: list[Any] = [schema]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            for key, below in node.get("properties", {}).items():
                described = [below, *below.get("anyOf", [])]
                assert any(option.get("description") for option in described), key
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)


@settings(max_examples=50)
@given(strategies.requests())
def test_every_request_that_can_be_written_validates(request_drawn: Request) -> None:
    REQUEST_VALIDATOR.validate(json.loads(write_request(request_drawn)))


@given(strategies.plans)
def test_every_plan_that_can_be_written_validates(plan: Plan) -> None:
    PLAN_VALIDATOR.validate(json.loads(write_plan(plan)))


@settings(max_examples=40)
@given(strategies.requests(), st.data())
def test_a_request_with_an_unknown_key_does_not_validate(request_drawn: Request, data: st.DataObject) -> None:
    document = json.loads(write_request(request_drawn))
    place = data.draw(st.sampled_from(list(list_objects(document))))
    place["unknown key"] = None
    assert not REQUEST_VALIDATOR.is_valid(document)


@settings(max_examples=40)
@given(strategies.plans, st.data())
def test_a_plan_with_an_unknown_key_does_not_validate(plan: Plan, data: st.DataObject) -> None:
    document = json.loads(write_plan(plan))
    place = data.draw(st.sampled_from(list(list_objects(document))))
    place["unknown key"] = None
    assert not PLAN_VALIDATOR.is_valid(document)
