"""The judge: a request and a plan in, every broken clause and every recomputed term out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from dispatch.format.model import Plan, Request
from dispatch.judge.alone import Alone
from dispatch.judge.findings import Findings, Violation
from dispatch.judge.fit import check_fit
from dispatch.judge.limits import check_limits
from dispatch.judge.previous import Earliers
from dispatch.judge.price import CENT, check_price, price, rounded
from dispatch.judge.replanning import check_replanning
from dispatch.judge.routes import resolve
from dispatch.judge.stock import check_stock
from dispatch.judge.sums import check_sums
from dispatch.judge.timing import check_timing
from dispatch.judge.together import check_together
from dispatch.judge.travel import Travel, check_travel
from dispatch.judge.world import World


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the judge says of a plan.

    Attributes
    ----------
    legal
        No clause is broken, and the plan's own figures are right.
    violations
        One for each broken clause and place, in the order in which the clauses are judged.
    terms
        Every term of the objective, recomputed from the stops, CNY to the cent (half up).
    total
        Their exact sum, to the cent.
    """

    legal: bool
    violations: tuple[Violation, ...]
    terms: Mapping[str, Decimal]
    total: Decimal


def judge(request: Request, plan: Plan) -> Verdict:
    """Judge a plan against its request, from the two documents alone.

    Parameters
    ----------
    request
        A valid request.
    plan
        Any plan that can be read: one that names unknown things, or repeats itself, gets violations, not errors.

    Returns
    -------
    Verdict
        With every violation. When some route cannot be judged at all (no such engineer, no start), the plan's
        figures are not compared, because they would differ for that reason alone.
    """
    world = World(request)
    findings = Findings()
    resolved = resolve(world, plan, findings)
    earliers = Earliers(world, [pin.ticket for pin in plan.broken_pins])
    travel = Travel(world)
    check_together(world, plan, resolved, earliers, findings)
    check_fit(world, resolved, earliers, findings)
    check_travel(travel, resolved.routes, findings)
    check_timing(world, resolved.routes, earliers, findings)
    check_limits(resolved.routes, earliers, findings)
    check_stock(world, resolved, earliers, findings)
    check_replanning(world, plan, resolved, earliers, Alone(world, travel), findings)
    check_sums(resolved.routes, findings)
    exact = price(world, plan, resolved, earliers)
    terms = {term: rounded(amount, CENT) for term, amount in exact.items()}
    total = rounded(sum(exact.values(), start=Fraction(0)), CENT)
    if resolved.whole:
        check_price(plan, terms, total, findings)
    return Verdict(not findings.violations, tuple(findings.violations), terms, total)
