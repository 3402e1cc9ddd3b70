from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from dispatch.domain.customer import Tier
from dispatch.domain.ticket import Grade
from dispatch.policies.arrival import apply
from dispatch.policies.packs.promises import Promise
from dispatch.policies.tables.model import PresetName
from tests.builders import at, request, ticket
from tests.dispatch.policies.desk import book, case


@pytest.mark.parametrize(
    ("grade", "tier", "hours"),
    [
        ("emergency", "diamond", 1),
        ("emergency", "gold", 2),
        ("emergency", "silver", 2),
        ("urgent", "diamond", 1),
        ("urgent", "gold", 4),
        ("urgent", "silver", 4),
        ("important", "diamond", 24),
        ("important", "gold", 24),
        ("important", "silver", 24),
        ("general", "diamond", 48),
        ("general", "gold", 48),
        ("general", "silver", 48),
    ],
)
def test_the_limit_counts_from_the_report_by_grade_and_tier(grade: Grade, tier: Tier, hours: int) -> None:
    written = apply(request(tickets=[ticket("t")]), {"t": case(grade, tier)}, book()).tickets[0]
    assert written.arrive is not None
    assert written.arrive.by == at("08:00") + timedelta(hours=hours)


def test_what_was_promised_counts_as_it_was_made() -> None:
    promised = case(promise=Promise(at("11:11"), None, "电话"))
    written = apply(request(tickets=[ticket("t")]), {"t": promised}, book()).tickets[0]
    assert written.arrive is not None
    assert written.arrive.by == at("11:11")


def test_where_nothing_was_promised_there_is_no_deadline() -> None:
    nothing = case(promise=Promise(None, None, None))
    assert apply(request(tickets=[ticket("t")]), {"t": nothing}, book()).tickets[0].arrive is None


@pytest.mark.parametrize(("preset", "cost", "per_h"), [("least_change", "30", "7.50"), ("cost_first", "15", "3.75")])
def test_prices_follow_grade_tier_and_preset_to_the_cent(preset: PresetName, cost: str, per_h: str) -> None:
    deadline = book(preset).arrival_of(case(Grade.GENERAL, Tier.GOLD))
    assert deadline is not None
    assert (deadline.cost, deadline.cost_per_h) == (Decimal(cost), Decimal(per_h))
