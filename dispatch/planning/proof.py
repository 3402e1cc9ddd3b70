"""A proof of how good a plan is: its lower bound and the gap, as the plan tells them.

The bound holds for every legal plan of the request, but for what the judge forgives (a second and a metre a leg). What of a request it does not
look at makes it lower, never wrong; :mod:`solver.bound` lists that.

Examples
--------
>>> from decimal import Decimal
>>> gap_of(Decimal("570.08"), Decimal("550.00")), gap_of(Decimal(0), Decimal(0))
(Decimal('0.035224'), Decimal('0'))
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_UP, Decimal

from dispatch.format.model import Plan
from dispatch.planning.lower import Lowered
from dispatch.planning.read_back import grains_by_term
from dispatch.planning.routes_of import routes_of
from solver import bound
from solver.problem import GRAINS_PER_CENT, Solution

GAP_STEP = Decimal("0.000001")


def prove(
    lowered: Lowered,
    plan: Plan,
    seconds: float,
    threads: int = 1,
    cancel: Callable[[], bool] | threading.Event | None = None,
) -> Plan:
    """Return a plan with its bound and gap.

    Parameters
    ----------
    lowered, plan
        A request, and a legal plan of it.
    seconds
        How long the proof may take; with 0 the bound is what tickets cost one by one.
    threads
        At least 1.
    cancel
        Once true, the bound known so far is told.
    """
    problem = lowered.problem
    routes = tuple(tuple(route) for route in routes_of(lowered, plan))
    served = {job for route in routes for job in route}
    unserved = tuple(job for job in range(problem.n_tickets) if job not in served)
    must = sum(bool(problem.job_mandatory[job]) for job in unserved)
    total = sum(grains_by_term(lowered.request, plan).values())
    proven = bound.prove(problem, Solution(routes, unserved, total, must), seconds, threads, cancel)
    least = Decimal(proven.grains // GRAINS_PER_CENT) / 100
    return replace(plan, solver=replace(plan.solver, bound=least, gap=gap_of(plan.objective.total, least)))


def gap_of(total: Decimal, least: Decimal) -> Decimal:
    """Return how far a total is from its bound, as a part of the total, rounded up to a millionth."""
    return ((total - least) / total).quantize(GAP_STEP, ROUND_UP) if total else Decimal(0)
