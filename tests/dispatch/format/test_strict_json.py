"""Text that is not quite JSON is refused by name, and nothing that anybody can send hangs or crashes the reader."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from dispatch.format import strict_json
from dispatch.format.faults import Fault, InvalidDocument, Unreadable
from dispatch.format.strict_json import load_json


def refuse(data: bytes | str) -> Fault:
    """Give the one fault of text that is no document."""
    with pytest.raises(InvalidDocument) as refused:
        load_json(data)
    (fault,) = refused.value.faults
    return fault


@pytest.mark.parametrize(
    ("data", "code", "found"),
    [
        (b"", "empty", "nothing"),
        (b" \n\t", "empty", "nothing"),
        (b"\xef\xbb\xbf{}", "byte_order_mark", "U+FEFF"),
        ("\ufeff{}", "byte_order_mark", "U+FEFF"),
        (b'{"a": "\xff"}', "not_utf8", "0xff at offset 7"),
        ('{"a": 1}'.encode("utf-16"), "not_utf8", "0xff at offset 0"),
        (b"\xed\xa0\x80", "not_utf8", "0xed"),
        (b"{'a': 1}", "not_json", "'a': 1}"),
        (b'{"a": 1,}', "not_json", "}"),
        (b'{"a": 1', "not_json", "end of text"),
        (b"{} {}", "not_json", "{}"),
        (b"[1] // note", "not_json", "// note"),
        (b'"a\nb"', "not_json", "\\n"),
        (b"01", "not_json", "1"),
        (b"+1", "not_json", "+1"),
        (b"0x10", "not_json", "x10"),
        (b"\x00", "not_json", "\\u0000"),
        (b"[" * 100_000, "too_deep", "nothing"),
        (b"[" * 100_000 + b"]" * 100_000, "too_deep", "nothing"),
        (b'{"a":' * 100_000, "too_deep", "nothing"),
    ],
)
def test_what_is_no_document_is_one_fault_about_the_whole(data: bytes | str, code: str, found: str) -> None:
    fault = refuse(data)
    assert (fault.code, fault.path) == (code, "$")
    assert found in str(fault)
    assert "\n" not in str(fault)


def test_a_broken_text_names_its_line_and_column() -> None:
    assert "line 3 column 8" in str(refuse('{\n "a": 1,\n "b": 2.}'))


def test_a_document_beyond_the_size_limit_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strict_json, "SIZE_LIMIT", 10)
    assert load_json(b'"12345678"')[0] == "12345678"
    assert refuse(b'"123456789"').code == "too_large"


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1e99999999999999999999"])
def test_a_number_that_is_none_is_marked(text: str) -> None:
    ((value,), faults) = load_json(f"[{text}]")  # type: ignore[misc]
    assert isinstance(value, Unreadable)
    assert value.text == text
    assert faults == []


@pytest.mark.parametrize("digits", [21, 4_000, 5_000, 1_000_000])
def test_an_integer_of_many_digits_is_marked_and_never_converted(digits: int) -> None:
    assert isinstance(load_json("9" * digits)[0], Unreadable)
    assert isinstance(load_json("-" + "9" * digits)[0], Unreadable)


def test_a_decimal_of_many_digits_is_marked() -> None:
    assert isinstance(load_json("0." + "1" * 1_000_000)[0], Unreadable)


def test_decimals_are_exact() -> None:
    assert load_json("[0.1, 1.10, 1e2, 1E-3]")[0] == [Decimal("0.1"), Decimal("1.1"), Decimal(100), Decimal("0.001")]


def test_integers_stay_integers() -> None:
    (value,) = load_json("[99999999999999999999]")[0]  # type: ignore[misc]
    assert value == 99999999999999999999
    assert type(value) is int


def test_a_doubled_key_is_named_by_its_path_even_where_it_is_hidden() -> None:
    _, faults = load_json('{"a": {"b": [{"c": 1, "c": 2}]}, "a": {"d": 3, "d": 4}, "e": 5}')
    assert [(fault.code, fault.path, fault.value) for fault in faults] == [
        ("duplicate_key", "a", {"d": 4}),
        ("duplicate_key", "a.b[0].c", 2),
        ("duplicate_key", "a.d", 4),
    ]


@pytest.mark.parametrize("text", [r'["\ud800"]', r'["x\udc00y"]', r'["\udc00\ud800"]', '["\ud800"]'])
def test_half_a_surrogate_pair_is_named_by_its_path(text: str) -> None:
    _, (fault,) = load_json(text)
    assert (fault.code, fault.path) == ("broken_character", "[0]")
    str(fault).encode()


def test_half_a_surrogate_pair_in_a_key_is_named_too() -> None:
    _, (fault,) = load_json(r'{"a": {"\ud800": 1}}')
    assert fault.path == r'a["\ud800"]'


def test_a_whole_surrogate_pair_is_a_character() -> None:
    assert load_json(r'["\ud83d\ude90"]') == (["🚐"], [])


def test_equal_integers_share_one_object() -> None:
    (row,) = load_json(json.dumps([[123456, 123456]]))[0]  # type: ignore[misc]
    assert row[0] is row[1]
