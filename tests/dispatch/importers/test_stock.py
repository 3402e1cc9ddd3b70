from __future__ import annotations

import pytest

from dispatch.importers.stock import read_stock
from tests.dispatch.importers.sheets import SETTINGS, codes, csv_of


def test_a_row_is_a_count_or_a_delivery() -> None:
    first, second, third = read_stock(
        csv_of(
            "存放处,物品,数量,类别,到货时间", "城北,KT-101,6,,", "城北,KT-101,4,备件,11/23 10:30", "E1,真空泵,1,工具,"
        ),
        SETTINGS,
    ).drafts
    assert (first.where, first.item, first.quantity, first.is_tool, first.at) == ("城北", "KT-101", 6, False, None)
    assert second.at is not None
    assert second.at.isoformat() == "2026-11-23T10:30:00+08:00"
    assert third.is_tool


def test_none_may_be_there_but_a_delivery_brings_something() -> None:
    assert codes(read_stock(csv_of("存放处,物品,数量,到货时间", "城北,KT-101,0,"), SETTINGS)) == []
    assert codes(read_stock(csv_of("存放处,物品,数量,到货时间", "城北,KT-101,0,11/23 10:30"), SETTINGS)) == [
        "bad_quantity"
    ]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (",KT-101,1,,", "missing_value"),
        ("城北,,1,,", "missing_value"),
        ("城北,KT-101,,,", "missing_value"),
        ("城北,KT-101,-1,,", "bad_quantity"),
        ("城北,KT-101,1,家具,", "unknown_goods"),
        ("城北,KT-101,1,,11/23", "bad_window"),
    ],
)
def test_what_is_missing_or_cannot_be_is_a_fault(cells: str, code: str) -> None:
    assert codes(read_stock(csv_of("存放处,物品,数量,类别,到货时间", cells), SETTINGS)) == [code]
