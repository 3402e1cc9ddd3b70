from __future__ import annotations

import pytest

from dispatch.importers.tickets import read_tickets
from tests.dispatch.importers.sheets import SETTINGS, codes, csv_of


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        ("压缩机×1；滤芯×2", {"压缩机": 1, "滤芯": 2}),
        ("KT-101*3、BX-301", {"KT-101": 3, "BX-301": 1}),
        ("滤芯：2个;滤芯 x 1", {"滤芯": 3}),
        ("Filter X2", {"Filter X2": 1}),
        ("", {}),
    ],
)
def test_parts_are_read_with_their_quantities_one_where_none_is_said(said: str, parts: dict[str, int]) -> None:
    imported = read_tickets(csv_of("地址,备件", f'西湖区文三路 1 号,"{said}"'), SETTINGS)
    assert codes(imported) == []
    assert dict(imported.drafts[0].parts) == parts


@pytest.mark.parametrize("said", ["压缩机×0", "压缩机×许多", "压缩机×-1", "压缩机×1.5", "压缩机×1000000"])
def test_a_quantity_that_is_no_whole_number_from_one_on_is_a_fault(said: str) -> None:
    assert codes(read_tickets(csv_of("地址,备件", f"西湖区文三路 1 号,{said}"), SETTINGS)) == ["bad_quantity"]


def test_tools_are_read_each_once_and_a_crew_is_one_unless_said() -> None:
    imported = read_tickets(
        csv_of("地址,工具,人数", "西湖区文三路 1 号,真空泵、吊带、真空泵,2", "西湖区文三路 2 号,,"), SETTINGS
    )
    assert [(draft.tools, draft.crew) for draft in imported.drafts] == [(("真空泵", "吊带"), 2), ((), 1)]


@pytest.mark.parametrize(("said", "code"), [("0", "bad_quantity"), ("20", None), ("21", "bad_quantity")])
def test_a_crew_has_from_one_to_twenty(said: str, code: str | None) -> None:
    assert codes(read_tickets(csv_of("地址,人数", f"西湖区文三路 1 号,{said}"), SETTINGS)) == ([code] if code else [])
