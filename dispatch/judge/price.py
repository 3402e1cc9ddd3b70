"""What a plan costs: every term of the objective, exactly, from the stops alone."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import floor

from dispatch.format.model import TERMS, Deadline, Plan, Ticket
from dispatch.judge.findings import Findings
from dispatch.judge.fit import lead_of
from dispatch.judge.previous import Earlier, Earliers
from dispatch.judge.routes import Resolved, Visit
from dispatch.judge.world import World, seconds

HOUR_S = 3600
KM_M = 1000
CENT = Decimal("0.01")
BALANCE_STEP = Decimal("0.0001")
FORGIVEN_CNY = Decimal("0.02")
TOLERANCE_S = 600
"""How far a start that was promised nothing may move either way free of charge."""
TOLD_FACTOR = 3
"""How many times dearer a change is once the customer knows the visit."""


def rounded(amount: Fraction, step: Decimal) -> Decimal:
    """Round half up to whole steps.

    Examples
    --------
    >>> rounded(Fraction(1, 8), Decimal("0.01"))
    Decimal('0.13')
    """
    return floor(amount / Fraction(step) + Fraction(1, 2)) * step


def price(world: World, plan: Plan, resolved: Resolved, earliers: Earliers) -> dict[str, Fraction]:
    """Compute every term of the objective, CNY, unrounded (``balance`` is a sum of rounded ones by the format)."""
    terms = dict.fromkeys(TERMS, Fraction(0))
    skipped = {skip.ticket for skip in plan.skipped}
    for ticket in world.request.tickets:
        if ticket.id in skipped and ticket.skip_cost is not None:
            terms["skipped"] += Fraction(ticket.skip_cost)
        visits = resolved.visits.get(ticket.id, [])
        if visits:
            _add_service(world, ticket, visits, terms)
    _add_routes(world, resolved, terms)
    for rows in earliers.by_ticket.values():
        visits = resolved.visits.get(rows[0].ticket.id, [])
        terms["change"] += _change(world, rows, visits, skipped=rows[0].ticket.id in skipped)
    return terms


def check_price(plan: Plan, terms: Mapping[str, Decimal], total: Decimal, findings: Findings) -> None:
    """Compare the plan's own figures with the recomputed ones; 0.02 CNY are forgiven."""
    for term, amount in terms.items():
        stated = plan.objective.terms.get(term)
        if stated is None:
            findings.add(f"objective.{term}", "objective.terms", f"The term {term} is missing; it is {amount} CNY.")
        elif not amount - FORGIVEN_CNY <= stated <= amount + FORGIVEN_CNY:
            findings.add(
                f"objective.{term}", f"objective.terms.{term}", f"The term {term} is {amount} CNY, not {stated} CNY."
            )
    if not total - FORGIVEN_CNY <= plan.objective.total <= total + FORGIVEN_CNY:
        findings.add("objective.total", "objective.total", f"The total is {total} CNY, not {plan.objective.total} CNY.")


def _add_service(world: World, ticket: Ticket, visits: list[Visit], terms: dict[str, Fraction]) -> None:
    weights = world.request.weights
    begin_s = max(visit.stop.begin_s for visit in visits)
    end_s = max(visit.stop.leave_s for visit in visits)
    terms["late_arrival"] += _late(ticket.arrive, begin_s)
    terms["late_resolution"] += _late(ticket.resolve, end_s)
    lead = lead_of(world, ticket, visits)
    if ticket.prefer and lead.id not in ticket.prefer:
        terms["not_preferred"] += Fraction(weights.not_preferred)
    for skill, level in ticket.requires.items():
        spare_levels = max(0, lead.skills.get(skill, 0) - level)
        terms["overqualified"] += spare_levels * Fraction(weights.overqualified_per_level)
    there = [visit.route.engineer.id for visit in visits]
    terms["pairs"] += sum(
        (there.count(pair.engineer) * Fraction(pair.cost) for pair in ticket.pairs), start=Fraction(0)
    )


def _late(deadline: Deadline | None, moment_s: int) -> Fraction:
    if deadline is None or moment_s <= seconds(deadline.by):
        return Fraction(0)
    late_s = moment_s - seconds(deadline.by)
    return Fraction(deadline.cost) + Fraction(late_s, HOUR_S) * Fraction(deadline.cost_per_h)


def _add_routes(world: World, resolved: Resolved, terms: dict[str, Fraction]) -> None:
    weights = world.request.weights
    busy_s: dict[str, int] = {}
    for route in resolved.routes:
        terms["travel"] += Fraction(route.travel_s, HOUR_S) * Fraction(weights.travel_per_h)
        terms["travel"] += Fraction(route.travel_m, KM_M) * Fraction(weights.travel_per_km)
        terms["duration"] += Fraction(route.reach_s - route.leave_s, HOUR_S) * Fraction(weights.duration_per_h)
        terms["overtime"] += Fraction(route.overtime_s, HOUR_S) * Fraction(weights.overtime_per_h)
        terms["use"] += Fraction(weights.use_shift)
        busy_s[route.engineer.id] = busy_s.get(route.engineer.id, 0) + route.travel_s + route.work_s
    for own_s in busy_s.values():
        squared = Fraction(own_s, HOUR_S) ** 2 * Fraction(weights.balance_per_h2)
        terms["balance"] += Fraction(rounded(squared, BALANCE_STEP))


def _change(world: World, rows: list[Earlier], visits: list[Visit], *, skipped: bool) -> Fraction:
    """Price what became of one visit of the plan in force; a crew is one visit, told what its first row is."""
    weights = world.request.weights
    first = rows[0]
    if first.row.state == "travelling":
        return Fraction(0)
    cost = Fraction(0)
    if skipped:
        cost += Fraction(weights.change_skip)
    elif visits:
        if not {one.row.engineer for one in rows} & {visit.route.engineer.id for visit in visits}:
            cost += Fraction(weights.change_engineer)
        cost += Fraction(_outside_s(first, visits[0].stop.begin_s), HOUR_S) * Fraction(weights.change_start_per_h)
    return cost * (TOLD_FACTOR if first.row.state == "told" else 1)


def _outside_s(earlier: Earlier, begin_s: int) -> int:
    """Give the seconds from a start to the nearest end of its tolerance, 0 inside."""
    from_s, to_s = earlier.start_s - TOLERANCE_S, earlier.start_s + TOLERANCE_S
    if earlier.row.promised is not None:
        from_s, to_s = (seconds(end) for end in earlier.row.promised)
    return max(from_s - begin_s, begin_s - to_s, 0)
