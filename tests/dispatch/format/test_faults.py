"""A fault is one short line, whatever the document holds."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from dispatch.format.faults import ABSENT, VALUE_LENGTH, Fault, InvalidDocument, Unreadable, quote
from dispatch.format.paths import write_path


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (-5, "-5"),
        (Decimal("1.234"), "1.234"),
        ("空调", '"空调"'),
        ("a\nb\u2028c\x7f\u202e", r'"a\nb\u2028c\u007f\u202e"'),
        ([], "[]"),
        ({}, "{}"),
        ({"a": 1}, "object of 1 key"),
        ({"a": 1, "b": 2}, "object of 2 keys"),
        ([1, None, "a"], '[1, null, "a"]'),
        (list(range(1000)), "list of 1000"),
        (["x" * 200], "list of 1"),
        ([[[[[[]]]]]], "[[[[[[]]]]]]"),
        (ABSENT, "nothing"),
        (Unreadable("1e999"), "1e999"),
    ],
)
def test_values_are_quoted_as_json(value: object, text: str) -> None:
    assert quote(value) == text


@pytest.mark.parametrize("value", ["x" * 10_000, "\n" * 10_000, Unreadable("9" * 10_000), [["a" * 20] * 3] * 5])
def test_a_quoted_value_is_short(value: object) -> None:
    assert len(quote(value)) <= VALUE_LENGTH


def test_quoting_a_deep_list_needs_no_deep_stack() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    assert len(quote(deep)) <= VALUE_LENGTH
    while deep:  # taken apart by hand: freeing it at once would recurse
        deep = deep.pop()  # type: ignore[assignment]


def test_a_fault_reads_path_wrong_value_expected() -> None:
    fault = Fault("impossible_value", "tickets[0].crew", 0, "is too small, expected whole engineers, at least 1")
    assert str(fault) == "tickets[0].crew: is too small (0), expected whole engineers, at least 1"


def test_a_fault_without_expectation_has_its_value_at_the_end() -> None:
    assert str(Fault("x", "a", 1, "is odd")) == "a: is odd (1)"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (ABSENT, None),
        (None, None),
        (120, 120),
        (True, True),
        ("moon", "moon"),
        (Decimal("1.5"), 1.5),
        ({"a": 1}, "object of 1 key"),
        (["a", "b"], '["a", "b"]'),
    ],
)
def test_a_fault_as_json_keeps_simple_values(value: object, expected: object) -> None:
    as_json = Fault("code", "path", value, "message").as_json()
    assert as_json == {"code": "code", "path": "path", "value": expected, "message": "message"}
    json.dumps(as_json)


def test_a_fault_as_json_shortens_long_values() -> None:
    assert len(str(Fault("code", "path", "x" * 10_000, "message").as_json()["value"])) <= VALUE_LENGTH


def test_an_invalid_document_says_all_its_faults() -> None:
    error = InvalidDocument([Fault("x", "a", 1, "is odd"), Fault("y", "b", 2, "is even")])
    assert str(error) == "a: is odd (1)\nb: is even (2)"


@pytest.mark.parametrize(
    ("steps", "text"),
    [
        ((), "$"),
        (("tickets", 17, "windows", 0), "tickets[17].windows[0]"),
        (("engineers", 0, "skills", "空调"), "engineers[0].skills.空调"),
        (("parts", "fan-2_b"), "parts.fan-2_b"),
        (("parts", "fan 2"), 'parts["fan 2"]'),
        (("parts", "a.b"), 'parts["a.b"]'),
        (("parts", ""), 'parts[""]'),
        (("parts", "2"), 'parts["2"]'),
        (("a\nb",), '["a\\nb"]'),
        ((0,), "[0]"),
    ],
)
def test_paths_are_written_as_people_do(steps: tuple[str | int, ...], text: str) -> None:
    path = None
    for step in steps:
        path = (path, step)
    assert write_path(path) == text


def test_a_path_is_short_even_where_a_key_is_long() -> None:
    assert len(write_path((None, "k" * 10_000))) <= VALUE_LENGTH + 2
