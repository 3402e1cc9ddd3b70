from __future__ import annotations

from decimal import Decimal

import pytest

from dispatch.domain.customer import Tier
from dispatch.domain.ticket import Grade
from dispatch.policies.skip import price_of
from dispatch.policies.tables.model import PresetName
from tests.dispatch.policies.desk import book, facts


@pytest.mark.parametrize(
    ("grade", "tier", "price"),
    [
        ("emergency", "diamond", 6000),
        ("emergency", "gold", 4500),
        ("emergency", "silver", 3000),
        ("urgent", "diamond", 2400),
        ("urgent", "gold", 1800),
        ("urgent", "silver", 1200),
        ("important", "diamond", 1000),
        ("important", "gold", 750),
        ("important", "silver", 500),
        ("general", "diamond", 440),
        ("general", "gold", 330),
        ("general", "silver", 220),
    ],
)
def test_the_price_of_leaving_out_by_grade_and_tier(grade: Grade, tier: Tier, price: int) -> None:
    assert price_of(facts(grade, tier), book()) == price


@pytest.mark.parametrize(("preset", "price"), [("deadlines_first", 440), ("cost_first", 220), ("least_change", 220)])
def test_the_preset_multiplies_it(preset: PresetName, price: int) -> None:
    assert price_of(facts(), book(preset)) == Decimal(price)
