"""The reader answers or refuses, whatever it is given: it never fails in any other way."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.format.faults import Fault, InvalidDocument
from dispatch.format.model import Plan, Request
from dispatch.format.read import read_plan, read_request
from dispatch.format.write import write_plan, write_request
from tests import strategies

Json = Any
"""A document, taken apart."""


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-5, 5)
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["2026-11-23T08:00:00+08:00", "home", "09:00", "matrix"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


def list_places(node: Json) -> list[tuple[Any, Any]]:
    """Give every (container, key) of a document."""
    pairs = list(node.items() if isinstance(node, dict) else enumerate(node))
    places = [(node, key) for key, _ in pairs]
    for _, below in pairs:
        if isinstance(below, (dict, list)):
            places += list_places(below)
    return places


def mutate(draw: st.DrawFn, text: str) -> str:
    """Break a document in one or two places: another value, a value from elsewhere, one less, one twice."""
    document = json.loads(text)
    for _ in range(draw(st.integers(1, 2))):
        container, key = draw(st.sampled_from(list_places(document)))
        kind = draw(st.sampled_from(["value", "swap", "delete", "double"]))
        if kind == "value":
            container[key] = draw(json_values)
        elif kind == "swap":
            other, other_key = draw(st.sampled_from(list_places(document)))
            container[key] = json.loads(json.dumps(other[other_key]))
        elif kind == "double" and isinstance(container, list):
            container.append(container[key])
        else:
            del container[key]
        if not document:
            break
    return json.dumps(document)


@st.composite
def broken_requests(draw: st.DrawFn) -> str:
    """Draw a request that is almost valid."""
    return mutate(draw, write_request(draw(strategies.requests())))


@st.composite
def broken_plans(draw: st.DrawFn) -> str:
    """Draw a plan that is almost well-formed."""
    return mutate(draw, write_plan(draw(strategies.plans)))


def check_faults(error: InvalidDocument) -> None:
    """Every fault is one line that a terminal and a JSON reader can take."""
    assert error.faults
    for fault in error.faults:
        line = str(fault)
        assert line.isprintable()
        assert len(line) < 1000
        json.dumps(fault.as_json(), allow_nan=False).encode()


@given(st.binary() | json_values.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for read in (read_request, read_plan):
        try:
            read(data)
        except InvalidDocument as error:
            check_faults(error)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (read_request, read_plan):
        try:
            read(text)
        except InvalidDocument as error:
            check_faults(error)


@settings(max_examples=200)
@given(broken_requests())
def test_a_broken_request_is_refused_or_still_says_something(text: str) -> None:
    try:
        request_read = read_request(text)
    except InvalidDocument as error:
        check_faults(error)
    else:
        assert read_request(write_request(request_read)) == request_read


@settings(max_examples=200)
@given(broken_plans())
def test_a_broken_plan_is_refused_or_still_says_something(text: str) -> None:
    try:
        plan = read_plan(text)
    except InvalidDocument as error:
        check_faults(error)
    else:
        assert read_plan(write_plan(plan)) == plan


@given(strategies.requests(), st.data())
def test_a_request_with_torn_text_is_read_or_refused(request_drawn: Request, data: st.DataObject) -> None:
    text = write_request(request_drawn)
    first = data.draw(st.integers(0, len(text)))
    last = data.draw(st.integers(first, min(first + 20, len(text))))
    with suppress(InvalidDocument):
        read_request(text[:first] + data.draw(st.text(max_size=3)) + text[last:])


@given(strategies.plans, strategies.requests())
def test_a_plan_is_read_or_refused_beside_any_request(plan: Plan, request_drawn: Request) -> None:
    faults: tuple[Fault, ...] = ()
    try:
        read_plan(write_plan(plan), request_drawn)
    except InvalidDocument as error:
        check_faults(error)
        faults = error.faults
    assert {fault.code for fault in faults} <= {"unknown_reference"}
