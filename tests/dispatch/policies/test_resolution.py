from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from dispatch.domain.customer import Tier
from dispatch.domain.ticket import Grade
from dispatch.policies.resolution import promise_of
from tests.builders import at, between, ticket
from tests.dispatch.policies.desk import book, facts


@pytest.mark.parametrize(
    ("grade", "tier", "hours"),
    [
        ("emergency", "diamond", 2),
        ("emergency", "gold", 8),
        ("emergency", "silver", 8),
        ("urgent", "diamond", 2),
        ("urgent", "gold", 24),
        ("urgent", "silver", 24),
        ("important", "diamond", 24),
        ("important", "gold", 48),
        ("important", "silver", 72),
        ("general", "diamond", 48),
        ("general", "gold", 72),
    ],
)
def test_the_limit_counts_from_the_report_by_grade_and_tier(grade: Grade, tier: Tier, hours: int) -> None:
    assert promise_of(ticket(), facts(grade, tier), book()).by == at("08:00") + timedelta(hours=hours)


def test_general_tickets_of_silver_customers_have_five_working_days() -> None:
    assert promise_of(ticket(), facts(), book()).by == at("08:00", day=7)


def test_a_later_appointment_moves_it_by_as_much_as_the_arrival() -> None:
    asked = facts("urgent")  # arrive by 12:00, resolve by tomorrow 08:00
    assert promise_of(ticket(windows=[between("13:00", "15:00")]), asked, book()).by == at("11:00", day=1)


def test_prices_follow_grade_tier_and_preset() -> None:
    asked = facts("urgent", "diamond")
    promise = promise_of(ticket(), asked, book("deadlines_first"))
    assert (promise.cost, promise.cost_per_h) == (Decimal(480), Decimal(320))
