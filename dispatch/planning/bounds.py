"""Refuse prices so large that an exact sum could overflow, before anything is multiplied."""

from __future__ import annotations

from dispatch.format.faults import Fault
from dispatch.format.model import Deadline
from dispatch.planning.unsupported import Unsupported
from dispatch.rulebook.lowering import Lowering
from dispatch.rulebook.money import cents_of, grains_of
from solver.problem import GRAINS_PER_CNY, balance_grains, grains_per_m, grains_per_s

GRAINS_MAX = 1 << 62
"""What any plan's total stays below, and each square from which balance is computed."""

LONGEST_TOUR_S = 60 * 86_400
"""No tour is planned to run longer than sixty days, however much overtime it may have: sums stay small."""

_LEVELS = 4
_LEG_MAX = 1 << 31


def require_payable(lowering: Lowering) -> None:
    """Refuse a request whose dearest plan could cost :data:`GRAINS_MAX` grains or more.

    Raises
    ------
    Unsupported
        With one fault that names the price that weighs most.
    """
    bounds = _bounds(lowering)
    total = sum(bounds.values())
    if total < GRAINS_MAX:
        return
    path, worst = max(bounds.items(), key=lambda item: item[1])
    found = f"up to {worst // GRAINS_PER_CNY} CNY"
    expected = f"prices of which no plan can cost {GRAINS_MAX // GRAINS_PER_CNY} CNY"
    raise Unsupported([Fault("too_large", path, found, f"may cost more than can be added up, expected {expected}")])


def _bounds(lowering: Lowering) -> dict[str, int]:
    """Return for each price what it can cost at most in one plan, in grains."""
    request, weights = lowering.request, lowering.request.weights
    starts_s = [max(0, lowering.at_s(tour.shift.start)) for tour in lowering.tours]
    lasts_s = [
        min(lowering.at_s(tour.shift.end) + tour.shift.overtime_s, start_s + LONGEST_TOUR_S)
        for tour, start_s in zip(lowering.tours, starts_s, strict=True)
    ]
    spans_s = [max(0, last_s - start_s) for start_s, last_s in zip(starts_s, lasts_s, strict=True)]
    last_s = max(lasts_s, default=0)
    busy_s: dict[int, int] = {}
    for tour, span_s in zip(lowering.tours, spans_s, strict=True):
        busy_s[tour.engineer_row] = busy_s.get(tour.engineer_row, 0) + span_s
    days_s = sum(spans_s)
    not_preferred, level = grains_of(weights.not_preferred), grains_of(weights.overqualified_per_level)
    bounds = {
        "weights.travel_per_h": days_s * grains_per_s(cents_of(weights.travel_per_h)),
        "weights.travel_per_km": (len(request.tickets) + len(spans_s))
        * _LEG_MAX
        * grains_per_m(cents_of(weights.travel_per_km)),
        "weights.duration_per_h": days_s * grains_per_s(cents_of(weights.duration_per_h)),
        "weights.overtime_per_h": days_s * grains_per_s(cents_of(weights.overtime_per_h)),
        "weights.use_shift": len(spans_s) * grains_of(weights.use_shift),
        "weights.balance_per_h2": _balance(list(busy_s.values()), cents_of(weights.balance_per_h2)),
        "weights.not_preferred": len(request.tickets) * not_preferred,
        "weights.overqualified_per_level": sum(len(ticket.requires) for ticket in request.tickets) * _LEVELS * level,
    }
    for row, ticket in enumerate(request.tickets):
        path = f"tickets[{row}]"
        if ticket.skip_cost is not None:
            bounds[f"{path}.skip_cost"] = grains_of(ticket.skip_cost)
        if ticket.pairs:
            bounds[f"{path}.pairs"] = sum(grains_of(pair.cost) for pair in ticket.pairs)
        for name, limit in (("arrive", ticket.arrive), ("resolve", ticket.resolve)):
            if limit is not None:
                bounds[f"{path}.{name}"] = _late(lowering, limit, last_s)
    return bounds


def _balance(busy_s: list[int], cents_per_h2: int) -> int:
    """Return the price of everybody working all the time, or one square before it is divided if that is larger."""
    total = sum(balance_grains(seconds, cents_per_h2) for seconds in busy_s)
    return max(total, max(busy_s, default=0) ** 2 * cents_per_h2 * 200)


def _late(lowering: Lowering, limit: Deadline, last_s: int) -> int:
    """Return the price of being as late as the last tour can be."""
    late_s = max(0, last_s - lowering.at_s(limit.by))
    return grains_of(limit.cost) + late_s * grains_per_s(cents_of(limit.cost_per_h))
