from __future__ import annotations

import pytest

from dispatch.importers.customers import EXACT, GUESSES, read_customers
from tests.dispatch.importers.sheets import SETTINGS, codes, csv_of, doubts


def test_a_full_row_is_read_field_by_field() -> None:
    imported = read_customers(
        csv_of(
            "客户编号,客户名称,客户等级,联系人,电话,地址,备注",
            "C1,甲店,钻石,王女士,0571-1234567,杭州市滨江区江南大道 1 号,后门进",
        ),
        SETTINGS,
    )
    (draft,) = imported.drafts
    assert imported.doubts == ()
    assert (draft.number, draft.name, draft.tier, draft.contact, draft.phone) == (
        "C1",
        "甲店",
        "diamond",
        "王女士",
        "0571-1234567",
    )
    assert (draft.place.address, draft.place.district, draft.note) == ("杭州市滨江区江南大道 1 号", "滨江区", "后门进")


@pytest.mark.parametrize(("said", "tier"), [*EXACT.items(), *GUESSES.items()])
def test_a_tier_is_known_or_guessed_with_a_doubt(said: str, tier: str) -> None:
    imported = read_customers(csv_of("客户名称,客户等级", f"甲店,{said}"), SETTINGS)
    assert [draft.tier for draft in imported.drafts] == [tier]
    assert doubts(imported) == (["guessed_tier"] if said in GUESSES else [])


def test_a_tier_that_is_not_said_is_silver_and_told() -> None:
    missing = read_customers(csv_of("客户名称,地址", "甲店,路 1 号"), SETTINGS)
    blank = read_customers(csv_of("客户名称,客户等级", "甲店,"), SETTINGS)
    assert [doubts(missing), doubts(blank)] == [["default_tier"], ["default_tier"]]
    assert [draft.tier for draft in (*missing.drafts, *blank.drafts)] == ["silver", "silver"]


def test_a_customer_without_a_name_is_refused() -> None:
    assert codes(read_customers(csv_of("客户编号,客户名称", "C1,"), SETTINGS)) == ["missing_value"]
