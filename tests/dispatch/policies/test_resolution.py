from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from dispatch.domain.customer import Tier
from dispatch.domain.ticket import Grade
from dispatch.format.model import Ticket
from dispatch.policies.packs.model import Facts
from dispatch.policies.resolution import promise_of
from tests.builders import at, between, ticket
from tests.dispatch.policies.desk import book, facts


def by(asked: Facts, one: Ticket | None = None) -> datetime | None:
    promise = promise_of(one or ticket(), asked, book())
    return None if promise is None else promise.by


@pytest.mark.parametrize(
    ("grade", "tier", "hours"),
    [
        ("emergency", "diamond", 2),
        ("emergency", "gold", 24),
        ("emergency", "silver", 24),
        ("urgent", "diamond", 2),
        ("urgent", "gold", 24),
        ("urgent", "silver", 24),
        ("important", "diamond", 72),
        ("important", "gold", 72),
        ("important", "silver", 72),
    ],
)
def test_the_limit_counts_from_the_report_by_grade_and_tier(grade: Grade, tier: Tier, hours: int) -> None:
    assert by(facts(grade, tier)) == at("08:00") + timedelta(hours=hours)


@pytest.mark.parametrize("tier", Tier)
def test_general_tickets_have_five_working_days(tier: Tier) -> None:
    assert by(facts(tier=tier)) == at("08:00", day=7)


def test_a_pack_without_a_limit_gives_no_deadline() -> None:
    assert promise_of(ticket(), facts(), book(pack="004")) is None


def test_a_later_appointment_moves_it_by_as_much_as_the_arrival() -> None:
    asked = facts("urgent")  # arrive by 12:00, resolve by tomorrow 08:00
    assert by(asked, ticket(windows=[between("13:00", "15:00")])) == at("11:00", day=1)


def test_prices_follow_grade_tier_and_preset() -> None:
    asked = facts("urgent", "diamond")
    promise = promise_of(ticket(), asked, book("deadlines_first"))
    assert promise is not None
    assert (promise.cost, promise.cost_per_h) == (Decimal(480), Decimal(320))
