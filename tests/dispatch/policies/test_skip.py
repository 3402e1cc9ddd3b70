from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from dispatch.domain.customer import Tier
from dispatch.domain.ticket import Grade
from dispatch.policies.packs.promises import Promise
from dispatch.policies.skip import price_of
from dispatch.policies.tables.model import Case, PresetName
from tests.builders import at
from tests.dispatch.policies.desk import book, case


def due_at_the_end(grade: Grade = Grade.GENERAL, tier: Tier = Tier.SILVER) -> Case:
    return case(grade, tier, Promise(at("18:00"), None, None))


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
    assert price_of(due_at_the_end(grade, tier), book()) == price


@pytest.mark.parametrize(("preset", "price"), [("deadlines_first", 440), ("cost_first", 220), ("least_change", 220)])
def test_the_preset_multiplies_it(preset: PresetName, price: int) -> None:
    assert price_of(due_at_the_end(), book(preset)) == Decimal(price)


@pytest.mark.parametrize(
    ("arrive_by", "price"),
    [
        (at("17:00"), 220 + 20 + 5),
        (at("17:59:30"), Decimal("240.04")),
        (at("18:00"), 220),
        (at("17:59:59", day=1), 220),
        (at("18:00", day=1), 165),
        (at("17:59:59", day=3), 165),
        (at("18:00", day=3), 110),
    ],
)
def test_the_longer_it_can_wait_the_less_it_costs_and_being_late_is_added(arrive_by: datetime, price: Decimal) -> None:
    assert price_of(case(promise=Promise(arrive_by, None, None)), book()) == price


def test_the_earlier_of_both_promises_counts() -> None:
    assert price_of(case(promise=Promise(at("18:00", day=5), at("18:00"), None)), book()) == 220
    assert price_of(case(promise=Promise(at("17:00"), at("16:00"), None)), book()) == 220 + 25 + 30


def test_one_that_nobody_promised_anything_can_wait_longest() -> None:
    assert price_of(case(promise=Promise(None, None, None)), book()) == 110


@pytest.mark.parametrize("grade", Grade)
def test_a_ticket_that_cannot_wait_costs_more_than_one_of_its_grade_that_can(grade: Grade) -> None:
    today, tomorrow, later = (
        price_of(case(grade, promise=Promise(at("12:00", day=day), None, None)), book()) for day in (0, 2, 4)
    )
    assert today > tomorrow > later
