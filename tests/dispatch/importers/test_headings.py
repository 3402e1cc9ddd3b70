from __future__ import annotations

import itertools

import pytest

from dispatch.importers import customers, depots, engineers, parts, shifts, stock, tickets
from dispatch.importers.cells import Row, Sheet
from dispatch.importers.fields import Field
from dispatch.importers.headings import find_headings, words_of

ALL = {module.IMPORTER.kind: module.FIELDS for module in (tickets, engineers, shifts, customers, parts, depots, stock)}


def columns_of(*rows: tuple[str, ...]) -> dict[str, str]:
    sheet = Sheet("", tuple(Row(line, cells) for line, cells in enumerate(rows, 1)), typed=False)
    headings = find_headings(sheet, tickets.FIELDS)
    return {key: column.letter for key, column in headings.columns.items()} if headings else {}


@pytest.mark.parametrize("fields", ALL.values(), ids=ALL.keys())
def test_no_heading_means_two_things(fields: tuple[Field, ...]) -> None:
    for one, other in itertools.combinations(fields, 2):
        assert words_of(one) & words_of(other) == set(), (one.key, other.key)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("fields", ALL.values(), ids=ALL.keys())
def test_the_templates_headings_are_recognised(fields: tuple[Field, ...], lang: str) -> None:
    row = Row(1, tuple(field.zh if lang == "zh" else field.en for field in fields))
    headings = find_headings(Sheet("", (row,), typed=False), fields)
    assert headings is not None
    assert list(headings.columns) == [field.key for field in fields]
    assert headings.doubts == ()


def test_headings_are_compared_without_width_spaces_case_and_brackets() -> None:
    assert columns_of(("Ｔｉｃｋｅｔ　Ｎｏ．", " 地 址 *", "时长（分钟）", "PHONE:")) == {
        "number": "A",
        "address": "B",
        "duration": "C",
        "phone": "D",
    }


def test_the_row_that_names_the_most_is_taken() -> None:
    assert columns_of(("地址",), ("地址", "电话", "故障"), ("客户", "x")) == {
        "address": "A",
        "phone": "B",
        "fault": "C",
    }


def test_one_heading_alone_is_enough_when_nothing_else_stands_there() -> None:
    assert columns_of(("地址",), ("杭州市西湖区文三路 1 号",)) == {"address": "A"}
    assert columns_of(("地址", "路 1 号", "x")) == {}


def test_a_heading_that_contains_a_known_word_is_guessed() -> None:
    sheet = Sheet("", (Row(1, ("地址", "客户", "主要故障现象说明")),), typed=False)
    headings = find_headings(sheet, tickets.FIELDS)
    assert headings is not None
    assert headings.columns["fault"].index == 2
    assert [doubt.code for doubt in headings.doubts] == ["guessed_column"]


def test_columns_that_are_not_read_are_named_but_for_those_that_count() -> None:
    sheet = Sheet("", (Row(1, ("序号", "地址", "客户", "详细地址", "颜色", "原因：地址")),), typed=False)
    headings = find_headings(sheet, tickets.FIELDS)
    assert headings is not None
    assert [(doubt.code, doubt.letter) for doubt in headings.doubts] == [
        ("column_twice", "D"),
        ("unknown_column", "E"),
        ("unknown_column", "F"),
    ]


def test_headings_below_the_twentieth_row_are_not_looked_for() -> None:
    above = [("x", "y")] * 19
    assert columns_of(*above, ("地址", "客户")) != {}
    assert columns_of(*above, ("x", "y"), ("地址", "客户")) == {}
