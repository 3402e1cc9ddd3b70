"""What is written reads back equal, for arbitrary documents that use every key of the format."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings

from dispatch.format import plan_shapes, request_shapes, travel_shapes
from dispatch.format.model import Plan, Request
from dispatch.format.parsers import Shape
from dispatch.format.read import REQUEST, read_plan, read_request
from dispatch.format.write import write_plan, write_request
from tests import strategies

Json = Any
"""A document, taken apart."""


def list_keys(node: Json) -> set[str]:
    """Give all keys of a document."""
    if isinstance(node, dict):
        return set(node).union(*map(list_keys, node.values()))
    return set().union(*map(list_keys, node)) if isinstance(node, list) else set()


def list_known(*modules: object) -> set[str]:
    """Give all keys that the readers know."""
    return {
        key for module in modules for shape in vars(module).values() if isinstance(shape, Shape) for key in shape.keys
    }


@given(strategies.requests())
def test_a_request_reads_back_equal_and_is_written_the_same_again(request_drawn: Request) -> None:
    text = write_request(request_drawn)
    assert read_request(text) == request_drawn
    assert read_request(text.encode()) == request_drawn
    assert write_request(read_request(text)) == text


@given(strategies.plans)
def test_a_plan_reads_back_equal_and_is_written_the_same_again(plan: Plan) -> None:
    text = write_plan(plan)
    assert read_plan(text) == plan
    assert write_plan(read_plan(text)) == text


def test_the_drawn_requests_use_every_key() -> None:
    seen: set[str] = set()

    @settings(max_examples=500)
    @given(strategies.requests())
    def collect(request_drawn: Request) -> None:
        seen.update(list_keys(json.loads(write_request(request_drawn))))

    collect()
    assert {*REQUEST.keys, *list_known(request_shapes, travel_shapes)} - seen == set()


def test_the_drawn_plans_use_every_key() -> None:
    seen: set[str] = set()

    @settings(max_examples=100)
    @given(strategies.plans)
    def collect(plan: Plan) -> None:
        seen.update(list_keys(json.loads(write_plan(plan))))

    collect()
    assert list_known(plan_shapes) - seen == set()
