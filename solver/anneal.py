"""Ruin and recreate under simulated annealing: the loop of one chain.

Christiaens and Vanden Berghe (2020), doi 10.1287/trsc.2019.0914; ours differs in that jobs may stay unserved for a price, in the
orders of insertion, in remembering the best place of a job in a tour that did not change since, and in retrying
unserved jobs in the ruined tours only.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from solver.arrays import J_PROFILE, J_WORK, T_WORKER, W_TOUR, W_TOUR_END
from solver.draws import below, fraction
from solver.jit import JIT, njit
from solver.kernel import (
    B_TOUCHED,
    C_ACCEPTED,
    C_BEST,
    C_BEST_AT,
    C_BEST_UNSERVED,
    C_COST,
    C_ITERATION,
    C_SAVED,
    C_STAMP,
    C_TOUCHED,
    C_UNSERVED,
    C_USED,
    D_NEXT,
    D_TOUR,
    S_LENGTH,
    S_STAMP,
    link,
    refresh,
    scan,
    touch,
    undo,
)
from solver.orders import choose_order, sort_jobs
from solver.ruins import ruin_strings, ruin_tours, seed_job

BLINK = 655
"""Blink rate of the paper, 1 %, in 65 536ths."""

RETRIES_MAX = 30
"""So many unserved jobs, at most, are retried in an iteration."""


@njit(**JIT)
def place_job(a: Any, s: Any, j: int, near_only: bool, ruined_only: bool, ruined: int, blink: int) -> bool:
    """Insert job ``j`` where it adds least, if that is below its price of being left out."""
    it = s.total[C_ITERATION]
    best = s.skip[j]
    where = np.int64(-1)
    chosen = np.int64(-1)
    profile = a.job[j, J_PROFILE]
    memo = s.memo_stamp.shape[0] == a.job.shape[0] and s.memo_stamp.shape[1] == a.tour.shape[0]
    rows = a.tour.shape[0]
    if ruined_only:
        rows = ruined
    elif near_only:
        rows = min(a.near.shape[1], 64)
    last = np.int64(-1)
    for row in range(rows):
        if ruined_only:
            t = np.int64(s.touched[row])
        elif near_only:
            t = s.node[a.near[j, row], D_TOUR]
            if t < 0 or t == last:
                continue
            last = t
        else:
            t = row
        w = a.tour[t, T_WORKER]
        if a.fit[profile, w] < 0:
            continue
        if memo and s.worker[w, B_TOUCHED] != it:
            if s.memo_stamp[j, t] == s.tour[t, S_STAMP]:
                value = s.memo_cost[j, t]
                if value >= best:
                    continue
                if s.memo_prev[j, t] >= 0:
                    if blink > 0 and below(s, 65536) < blink:
                        continue
                    best = value
                    chosen = t
                    where = s.memo_prev[j, t]
                    continue
            value, after, steady = scan(a, s, j, t, best, 0)
            s.memo_stamp[j, t] = s.tour[t, S_STAMP]
            s.memo_cost[j, t] = value
            s.memo_prev[j, t] = after
            if after >= 0 and blink > 0 and below(s, 65536) < blink:
                continue
        else:
            value, after, steady = scan(a, s, j, t, best, blink)
        if after >= 0 and value < best:
            best = value
            chosen = t
            where = after
    if chosen < 0:
        return False
    touch(a, s, chosen)
    link(s, j, where, chosen)
    refresh(a, s, chosen)
    return True


@njit(**JIT)
def keep_best(a: Any, s: Any) -> None:
    """Remember the present tours as the best."""
    s.total[C_BEST] = s.total[C_COST]
    s.total[C_BEST_AT] = s.total[C_ITERATION]
    s.total[C_BEST_UNSERVED] = s.total[C_UNSERVED]
    for x in range(s.node.shape[0]):
        s.best[x] = s.node[x, D_NEXT]


@njit(**JIT)
def commit(a: Any, s: Any) -> None:
    """Give every touched tour, and the other tours of its worker, a new stamp."""
    for row in range(s.total[C_TOUCHED]):
        t = s.touched[row]
        w = a.tour[t, T_WORKER]
        for other in range(a.worker[w, W_TOUR], a.worker[w, W_TOUR_END]):
            s.total[C_STAMP] += 1
            s.tour[other, S_STAMP] = s.total[C_STAMP]


@njit(**JIT)
def count_used(s: Any) -> None:
    """Count the tours that hold a job."""
    used = 0
    for t in range(s.tour.shape[0]):
        if s.tour[t, S_LENGTH] > 0:
            used += 1
    s.total[C_USED] = used


@njit(**JIT)
def fill(a: Any, s: Any) -> None:
    """Insert every unserved job greedily, the dearest per minute first; the first solution."""
    s.total[C_ITERATION] += 1
    s.total[C_TOUCHED] = 0
    s.total[C_SAVED] = 0
    count = s.total[C_UNSERVED]
    keys = np.empty(count, np.float64)
    jobs = np.empty(count, np.int64)
    for row in range(count):
        j = s.bank[row]
        jobs[row] = j
        keys[row] = -float(s.skip[j]) / (float(a.job[j, J_WORK]) + 600.0)
    order = np.argsort(keys, kind="mergesort")
    for row in range(count):
        # every insertion is an iteration of its own: what was touched is final
        s.total[C_ITERATION] += 1
        s.total[C_TOUCHED] = 0
        s.total[C_SAVED] = 0
        if place_job(a, s, jobs[order[row]], False, False, 0, 0):
            commit(a, s)
    count_used(s)
    if s.total[C_COST] < s.total[C_BEST]:
        keep_best(a, s)


@njit(**JIT)
def add_retries(a: Any, s: Any, seed: int, count: int) -> int:
    """Add unserved jobs to ``list``: those near the seed and a few at random; return how many are in it then."""
    it = s.total[C_ITERATION]
    limit = count + RETRIES_MAX
    waiting = s.total[C_UNSERVED] - count
    if waiting <= RETRIES_MAX:
        for row in range(s.total[C_UNSERVED]):
            j = s.bank[row]
            if s.mark[j] != it:
                s.list[count] = j
                count += 1
        return count
    for _ in range(4):
        j = s.bank[below(s, s.total[C_UNSERVED])]
        if s.mark[j] != it and s.mark[j] != -it:
            s.mark[j] = -it
            s.list[count] = j
            count += 1
    for row in range(min(200, a.near.shape[1])):
        if count >= limit:
            break
        j = a.near[seed, row]
        if s.bank_row[j] >= 0 and s.mark[j] != it and s.mark[j] != -it:
            s.list[count] = j
            count += 1
    return count


@njit(**JIT)
def anneal(a: Any, s: Any, iterations: int, warm: float, cold: float, near_only: bool, mean_removed: float) -> None:
    """Run so many iterations of ruin and recreate while the temperature falls from ``warm`` to ``cold`` grains."""
    n = a.job.shape[0]
    if n == 0 or a.tour.shape[0] == 0:
        return
    temperature = warm
    cooling = (cold / warm) ** (1.0 / max(1, iterations))
    for _ in range(iterations):
        s.total[C_ITERATION] += 1
        s.total[C_TOUCHED] = 0
        s.total[C_SAVED] = 0
        temperature *= cooling
        before = s.total[C_COST]
        seed = seed_job(a, s)
        if s.total[C_USED] > 0 and below(s, 64) == 0:
            count = ruin_tours(a, s, seed)
        else:
            count = ruin_strings(a, s, seed, mean_removed)
        possible = True
        for row in range(s.total[C_TOUCHED]):
            if not refresh(a, s, s.touched[row]):
                possible = False
        accepted = False
        if possible:
            it = s.total[C_ITERATION]
            for row in range(count):
                s.mark[s.list[row]] = it
            count = add_retries(a, s, seed, count)
            ruined = s.total[C_TOUCHED]
            sort_jobs(a, s, count, choose_order(s), seed)
            full = not near_only or below(s, 20) == 0
            for row in range(count):
                j = s.list[row]
                place_job(a, s, j, not full, s.mark[j] != it, ruined, BLINK)
            after = s.total[C_COST]
            accepted = after < before - temperature * math.log(fraction(s))
        if accepted:
            s.total[C_ACCEPTED] += 1
            commit(a, s)
            count_used(s)
            if s.total[C_COST] < s.total[C_BEST]:
                keep_best(a, s)
        else:
            undo(a, s)
