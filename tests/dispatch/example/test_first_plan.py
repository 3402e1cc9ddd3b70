"""Simple legal plans of rich requests: the judge finds no fault, and every feature is made use of."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from dispatch.example import FEATURES, make_rich
from dispatch.example.first_plan import FirstPlan
from dispatch.format.model import Plan, Request
from dispatch.judge import judge
from tests.dispatch.judge.writer import price_up, skip


def lay(request: Request, seed: int) -> Plan:
    """Lay all that fits, and price it."""
    plan = FirstPlan(request, Random(seed))  # noqa: S311 - a seeded test
    plan.lay_all()
    left_out = [skip(ticket.id) for ticket in request.tickets if ticket.id not in plan.served]
    return price_up(request, plan.list_routes(), left_out)


@pytest.mark.parametrize("days", [1, 2])
@pytest.mark.parametrize("seed", range(6))
def test_a_first_plan_is_legal_and_costs_what_it_says(seed: int, days: int) -> None:
    request = make_rich(10, 60, days, seed, features=set(FEATURES) - {"previous"})
    plan = lay(request, seed)
    verdict = judge(request, plan)
    assert verdict.legal, verdict.violations
    assert (verdict.total, verdict.terms) == (plan.objective.total, plan.objective.terms)
    assert len(plan.skipped) < 40


@pytest.mark.parametrize("feature", FEATURES[:-1])
def test_a_first_plan_of_a_single_feature_is_legal(feature: str) -> None:
    request = make_rich(8, 40, 1, 3, features={feature})
    verdict = judge(request, lay(request, 1))
    assert verdict.legal, verdict.violations


def test_first_plans_use_what_rich_requests_offer() -> None:
    seen: Counter[str] = Counter()
    for seed in range(4):
        request = make_rich(12, 80, 2, seed, features=set(FEATURES) - {"previous"})
        plan = lay(request, seed)
        tickets = {ticket.id: ticket for ticket in request.tickets}
        for route in plan.routes:
            for stop in route.stops:
                seen[stop.kind] += 1
                seen["lent"] += len(stop.tools) if stop.kind == "pickup" else 0
                if stop.ticket is not None:
                    ticket = tickets[stop.ticket]
                    seen["crew"] += ticket.crew > 1
                    seen["after"] += bool(ticket.after)
                    seen["substitute"] += sum(part not in ticket.parts for part in stop.parts)
    kinds = ("visit", "pickup", "break", "lent", "crew", "after", "substitute")
    assert not [kind for kind in kinds if not seen[kind]], seen
