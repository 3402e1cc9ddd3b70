from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from dispatch.domain.customer import Tier
from dispatch.domain.ticket import Grade
from dispatch.policies.packs.promises import Promise
from dispatch.policies.resolution import apply
from tests.builders import at, request, ticket
from tests.dispatch.policies.desk import book, case


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
    written = apply(request(tickets=[ticket("t")]), {"t": case(grade, tier)}, book()).tickets[0]
    assert written.resolve is not None
    assert written.resolve.by == at("08:00") + timedelta(hours=hours)


@pytest.mark.parametrize("tier", Tier)
def test_general_tickets_have_five_working_days(tier: Tier) -> None:
    deadline = book().resolution_of(case(tier=tier))
    assert deadline is not None
    assert deadline.by == at("08:00", day=7)


def test_a_pack_without_a_limit_gives_no_deadline() -> None:
    assert apply(request(tickets=[ticket("t")]), {"t": case(pack="004")}, book()).tickets[0].resolve is None


def test_what_was_promised_counts_as_it_was_made() -> None:
    deadline = book().resolution_of(case(promise=Promise(None, at("11:11"), "电话")))
    assert deadline is not None
    assert deadline.by == at("11:11")


def test_prices_follow_grade_tier_and_preset() -> None:
    deadline = book("deadlines_first").resolution_of(case(Grade.URGENT, Tier.DIAMOND))
    assert deadline is not None
    assert (deadline.cost, deadline.cost_per_h) == (Decimal(480), Decimal(320))
