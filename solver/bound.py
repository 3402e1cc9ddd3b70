"""How good a plan is: a total that no plan undercuts, proven by column generation on a relaxed problem.

What :mod:`solver.bound_tree` bounds is the problem as :func:`relax` leaves it, so the bound holds for every legal plan of the problem, timed by
the rule or in any other way. Plain problems (windows, skills, shifts, set-up, lateness, overtime, breaks one after the other) lose nothing by
it: there the bound mostly reaches the best plan. What is left away or made cheaper, and so makes bounds weaker:

- *balance*: each worker's price is a parabola of busy time; its tangent at the busy time of the plan known takes its place, a price of a second.
- ``worker_max_busy_s`` and ``tour_max_travel_s``: not looked at.
- *duration*: travel, service and breaks count, waiting does not.
- *peaks*: legs arrive as they do, but cost what they would at the highest speed between the earliest start and the latest end.
- *absences*: anybody may wait before any leg.
- *breaks* of a tour whose ``[from, to]`` overlap: only those count that begin after the one before must have begun.
- *couplings*: parts, tools, pick-ups, helpers of a crew, ``after``, the same engineer are not looked at; what they cost is never negative.
- *a plan in force*: who is not at home is priced; begins outside a tolerance, what comes first, and the budget of changes are not looked at.

Mandatory jobs are served in every plan that the bound speaks of; but where the plan known leaves one out, they may be left out for nothing.

Farley (1990), doi 10.1287/opre.38.5.922, on the bound; its sum is of integers, and no float is in it but the prices, which are rounded first.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from solver.arrays import pack
from solver.bound_tree import Tree
from solver.columns import I_PRIZE, JOBS_MAX
from solver.pricing import Case, Pricer
from solver.problem import FAR_S, FORBIDDEN, GRAINS_PER_CNY, I64, Problem, Solution, balance_grains
from solver.tours import time_tour
from solver.typical_leg import typical_leg_grains

LEGS_MAX = 5 * 10**7
"""With more legs (tours × jobs²) to lay out nothing is bounded."""

BALANCE_STEP_GRAINS = balance_grains(3600, 1) // 100
"""Balance is rounded to so many grains."""


@dataclass(frozen=True, slots=True)
class Bound:
    """No plan costs less than ``grains``.

    ``is_optimal``: the plan known costs just that. ``rounds``: so often prices were found and the best routes for them looked for; ``seconds``: how
    long it took.
    """

    grains: int
    is_optimal: bool
    rounds: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A problem whose plans are no dearer, and more.

    ``problem`` is without balance and limits of busy time and travel; a busy second of tour t costs ``busy_grains_per_s[t]`` besides, int64[n_tours],
    and ``constant_grains`` (≤ 0) belong to every total.
    """

    problem: Problem
    busy_grains_per_s: I64
    constant_grains: int


def prove(
    problem: Problem,
    solution: Solution,
    seconds: float,
    threads: int = 1,
    cancel: Callable[[], bool] | threading.Event | None = None,
) -> Bound:
    """Bound the totals of all plans from below.

    Parameters
    ----------
    problem : Problem
    solution : Solution
        The plan known, the better the sooner this ends. The bound never exceeds its total.
    seconds : float
        How long it may take. The bound is true whenever it ends; with no time at all it is what jobs cost one by one.
    threads : int
        So many tours are priced at the same time, at least 1.
    cancel : callable or Event, optional
        Once true, the bound known so far is returned.

    Returns
    -------
    Bound
        In grains, at least 0. Where some tour may have more than :data:`solver.columns.JOBS_MAX` jobs it is what they cost one by one; 0 beyond
        :data:`LEGS_MAX`.

    Raises
    ------
    ValueError
        When ``threads`` is below 1.
    """
    if threads < 1:
        message = f"threads must be ≥ 1, got {threads}"
        raise ValueError(message)
    began = time.perf_counter()
    is_cancelled = cancel.is_set if isinstance(cancel, threading.Event) else cancel or (lambda: False)
    total = solution.total_grains
    if problem.n_tours * problem.n_tickets**2 > LEGS_MAX:
        return Bound(0, total == 0, 0, 0.0)
    routes, alone = solution.routes, uncouple(problem)
    arrays = pack(alone)
    timed = [time_tour(alone, t, tuple(j for j in route if j < alone.n_jobs), arrays) for t, route in enumerate(routes)]
    busy_s = np.zeros(alone.n_workers, np.int64)
    np.add.at(busy_s, alone.tour_worker, [0 if tour is None else tour.travel_s + tour.service_s for tour in timed])
    relaxed = relax(alone, busy_s)
    constant, step = relaxed.constant_grains, step_grains(problem)
    # dearer than any better plan is dear enough
    dear = total - constant + GRAINS_PER_CNY
    must = 0 if solution.mandatory_unserved else dear
    skip = np.where(alone.job_mandatory, must, np.minimum(alone.job_skip_grains, dear))
    case = Case(
        relaxed.problem,
        pack(relaxed.problem),
        skip,
        typical_leg_grains(relaxed.problem, skip),
        relaxed.busy_grains_per_s,
    )

    def left_s() -> float:
        return 0.0 if is_cancelled() else seconds - (time.perf_counter() - began)

    def round_up(low: int) -> int:
        return -(-(low + constant) // step) * step - constant

    low, rounds = 0, 0
    if not alone.n_tours:
        low = int(skip.sum())
    elif alone.n_jobs:
        tree = Tree(case, total - constant, round_up, left_s, threads)
        low = alone_grains(tree.pricer)
        for t, tour in enumerate(timed):
            if tour is not None and tour.events:
                busy = int(relaxed.busy_grains_per_s[t]) * (tour.travel_s + tour.service_s)
                tree.add(t, [event.row for event in tour.events if event.kind == "visit"], tour.cost_grains + busy, 0)
        if max(len(tour.bits) for tour in tree.pricer.tours) <= JOBS_MAX:
            tree.climb()
            low, rounds = max(low, tree.bound_grains()), tree.rounds
    grains = min(max(0, round_up(low) + constant), total)
    return Bound(grains, grains == total, rounds, time.perf_counter() - began)


def relax(problem: Problem, busy_s: I64) -> Relaxed:
    """Leave away what couples tours, and what labels of the clock cannot tell.

    Parameters
    ----------
    problem : Problem
    busy_s : int64[n_workers]
        Where the tangents of balance touch; any moments will do, those of a good plan do best.
    """
    cents = problem.balance_cents_per_h2
    # a second squared costs cents ÷ 720 grains: the tangent of slope m lies 180 m² ÷ cents below 0 at 0, and rounding takes half a step
    slopes = [int(busy) * cents // 360 for busy in busy_s]
    constant = sum(-(180 * m * m // cents) - 1 - BALANCE_STEP_GRAINS // 2 for m in slopes if m)
    tours, rows = [], []
    for t in range(problem.n_tours):
        since = -FAR_S
        for row in range(int(problem.break_first[t]), int(problem.break_first[t + 1])):
            if problem.break_from_s[row] >= since:
                tours.append(t)
                rows.append(row)
                since = int(problem.break_to_s[row])
    first = np.zeros(problem.n_tours + 1, np.int64)
    np.cumsum(np.bincount(np.array(tours, np.int64), minlength=problem.n_tours), out=first[1:])
    plain = replace(
        problem,
        balance_cents_per_h2=0,
        worker_max_busy_s=np.full(problem.n_workers, FAR_S),
        tour_max_travel_s=np.full(problem.n_tours, FAR_S),
        break_first=first,
        break_from_s=problem.break_from_s[rows],
        break_to_s=problem.break_to_s[rows],
        break_duration_s=problem.break_duration_s[rows],
    )
    return Relaxed(plain, np.array(slopes, np.int64)[problem.tour_worker], constant)


def uncouple(problem: Problem) -> Problem:
    """Return a problem of the tickets alone: nothing ties tours to each other, and of a plan in force only who is at home is left."""
    n = problem.n_tickets
    pairs = problem.fit_grains[problem.job_profile[:n]]
    if problem.change is not None:
        home, away = problem.change.home_worker[:n, None], problem.change.away_grains[:n, None]
        may = (home == np.arange(problem.n_workers)) | (away == 0)
        away_grains = np.where((pairs == FORBIDDEN) | (away == FORBIDDEN), FORBIDDEN, pairs + away)
        pairs = np.where(may, pairs, away_grains)
    windows = slice(0, int(problem.window_first[n]))
    return replace(
        problem,
        job_place=problem.job_place[:n],
        job_skip_grains=problem.job_skip_grains[:n],
        job_mandatory=problem.job_mandatory[:n],
        job_profile=np.arange(n, dtype=np.int32),
        window_first=problem.window_first[: n + 1],
        window_from_s=problem.window_from_s[windows],
        window_to_s=problem.window_to_s[windows],
        arrive_by_s=problem.arrive_by_s[:n],
        arrive_once_grains=problem.arrive_once_grains[:n],
        arrive_grains_per_s=problem.arrive_grains_per_s[:n],
        resolve_by_s=problem.resolve_by_s[:n],
        resolve_once_grains=problem.resolve_once_grains[:n],
        resolve_grains_per_s=problem.resolve_grains_per_s[:n],
        service_s=problem.service_s[:n],
        service_setup_s=problem.service_setup_s[:n],
        fit_grains=pairs,
        finish_by_s=problem.finish_by_s[problem.job_profile[:n]],
        change=None,
        couplings=None,
    )


def step_grains(problem: Problem) -> int:
    """Return the greatest number of grains of which every total is a multiple."""
    change = problem.change
    return (
        math.gcd(
            problem.travel_grains_per_s,
            problem.travel_grains_per_m,
            problem.duration_grains_per_s,
            problem.overtime_grains_per_s,
            problem.use_grains,
            BALANCE_STEP_GRAINS if problem.balance_cents_per_h2 else 0,
            *problem.job_skip_grains.tolist(),
            *problem.fit_grains[problem.fit_grains > 0].tolist(),
            *problem.arrive_once_grains.tolist(),
            *problem.arrive_grains_per_s.tolist(),
            *problem.resolve_once_grains.tolist(),
            *problem.resolve_grains_per_s.tolist(),
            *(
                ()
                if change is None
                else (*change.grains_per_s.tolist(), *change.away_grains[change.away_grains > 0].tolist())
            ),
        )
        or 1
    )


def alone_grains(pricer: Pricer) -> int:
    """Return what jobs cost at least one by one: left out, or with the halves of the two cheapest legs around them."""
    least = pricer.skip.copy()
    for tour in pricer.tours:
        served = tour.half_grains // 2 - tour.item[:, I_PRIZE]
        least[tour.bits] = np.minimum(least[tour.bits], served)
    return int(least.sum())
