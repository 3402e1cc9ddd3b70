"""Ruin and recreate under simulated annealing: the loop of one chain.

Christiaens and Vanden Berghe (2020), doi 10.1287/trsc.2019.0914; ours differs in that jobs may stay unserved for a price, in the
orders of insertion, in remembering the best place of a job in a tour that did not change since, and in retrying
unserved jobs in the ruined tours only.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from solver.arrays import (
    J_PLACE,
    J_WORK,
    P_JOBS,
    P_NEAR,
    P_TOURS,
    T_SPEED,
    T_START_PLACE,
    T_WORKER,
    W_TOUR,
    W_TOUR_END,
    at_job,
    at_near,
    at_tour,
    at_worker,
    fit_of,
)
from solver.draws import below, fraction
from solver.jit import ALLOCATING, JIT, NO, ZERO, njit
from solver.kernel import refresh, refresh_after, scan
from solver.mechanisms.clock import (
    leg,
)
from solver.orders import sort_jobs
from solver.ruins import ruin, seed_job
from solver.state import (
    B_TOUCHED,
    C_ACCEPTED,
    C_BEST,
    C_BEST_AT,
    C_BEST_UNSERVED,
    C_BUDGET,
    C_COST,
    C_ITERATION,
    C_JOBS,
    C_LEFT,
    C_MARGIN,
    C_MEMO,
    C_MOVED,
    C_POOL_END,
    C_SAVED,
    C_TOUCHED,
    C_TOURS,
    C_UNSERVED,
    C_USED,
    D_NEXT,
    D_TOUR,
    H_BANK,
    H_BANK_ROW,
    H_BEST,
    H_JOBS,
    H_LIST,
    H_MARK,
    H_MEMO,
    H_MEMO_PREV,
    H_POOL,
    H_SKIP,
    H_TOUCHED,
    H_TOURS,
    INF,
    S_LENGTH,
    S_TOUCHED,
    STALE,
    at_busy,
    at_node,
    at_run,
)
from solver.tours import forget, is_as_saved, link, note_tour, touch, undo
from solver.ways import N_RUINS, N_WAYS, draw_way, score_ways

BLINK = np.int64(655)
"""Blink rate of the paper, 1 %, in 65 536ths."""

NEAR_JOBS = 64
"""In a near search only tours that hold one of so many nearest jobs are tried."""

RETRIES_MAX = 6
"""So many unserved jobs, at most, are retried in an iteration."""


@njit(**JIT)
def place_job(a: Any, s: Any, j: int, near_only: bool, ruined_only: bool, ruined: int, blink: int, slack: int) -> bool:
    """Insert job ``j`` where it adds least, if that is below its price of being left out plus ``slack``.

    With some slack a job may come in at a loss that makes room for a dearer one.
    """
    it = s[C_ITERATION]
    best = s[s[H_SKIP] + j] + slack
    where = np.int64(-1)
    chosen = np.int64(-1)
    # the tours that changed in this iteration: nothing is remembered of them, and they are where a job fits best
    for row in range(ruined if ruined_only else s[C_TOUCHED]):
        t = s[s[H_TOUCHED] + row]
        if fit_of(a, j, a.d[at_tour(a, t) + T_WORKER]) < 0:
            continue
        value, after = scan(a, s, j, t, best, blink)
        if after >= 0 and value < best:
            best = value
            chosen = t
            where = after
    rows = s[C_TOURS]
    if ruined_only:
        rows = np.int64(0)
    elif near_only:
        rows = min(a.d[P_NEAR], NEAR_JOBS)
    memo = s[C_MEMO] != 0
    prices = s[H_MEMO] + j * a.d[P_TOURS]
    places = s[H_MEMO_PREV] + j * a.d[P_TOURS]
    last = np.int64(-1)
    for row in range(rows):
        if near_only:
            t = s[at_node(s, a.g[at_near(a, j) + row]) + D_TOUR]
            if t < 0 or t == last:
                continue
            last = t
        else:
            t = s[s[H_TOURS] + row]
        if memo and s[prices + t] >= best:
            continue
        if s[at_run(s, t) + S_TOUCHED] == it:
            continue
        w = a.d[at_tour(a, t) + T_WORKER]
        if not memo or s[at_busy(s, w) + B_TOUCHED] == it:
            if fit_of(a, j, w) < 0:
                continue
            value, after = scan(a, s, j, t, best, blink)
        elif s[prices + t] != STALE and s[places + t] >= 0:
            if blink > 0 and below(s, 65536) < blink:
                continue
            value, after = s[prices + t], s[places + t]
        else:
            value, after = scan(a, s, j, t, best, ZERO)
            s[prices + t] = value
            s[places + t] = after
            if after >= 0 and blink > 0 and below(s, 65536) < blink:
                continue
        if after >= 0 and value < best:
            best = value
            chosen = t
            where = after
    if chosen < 0:
        return False
    touch(a, s, chosen)
    link(a, s, j, where, chosen)
    refresh_after(a, s, chosen, where, j)
    return True


@njit(**JIT)
def is_in_budget(s: Any, before: int) -> bool:
    """Say whether no more jobs are changed than may be or, where more were, than were ``before``."""
    return s[C_MOVED] + s[C_LEFT] <= max(s[C_BUDGET], before)


@njit(**JIT)
def keep_best(a: Any, s: Any) -> None:
    """Remember the present tours as the best."""
    s[C_BEST] = s[C_COST]
    s[C_BEST_AT] = s[C_ITERATION]
    s[C_BEST_UNSERVED] = s[C_UNSERVED]
    for x in range(a.d[P_JOBS] + 2 * a.d[P_TOURS]):
        s[s[H_BEST] + x] = s[at_node(s, x) + D_NEXT]


@njit(**JIT)
def commit(a: Any, s: Any) -> None:
    """Forget what is remembered of every changed tour and of its worker's others; note it when the total is good."""
    good = s[C_POOL_END] > s[H_POOL] and s[C_COST] <= s[C_BEST] + s[C_MARGIN]
    for row in range(s[C_TOUCHED]):
        if is_as_saved(a, s, row):
            continue
        t = s[s[H_TOUCHED] + row]
        w = a.d[at_tour(a, t) + T_WORKER]
        for other in range(a.d[at_worker(a, w) + W_TOUR], a.d[at_worker(a, w) + W_TOUR_END]):
            forget(a, s, other)
        if good:
            note_tour(a, s, t)


@njit(**JIT)
def count_used(a: Any, s: Any) -> None:
    """Count the tours that hold a job."""
    used = 0
    for row in range(s[C_TOURS]):
        t = s[s[H_TOURS] + row]
        if s[at_run(s, t) + S_LENGTH] > 0:
            used += 1
    s[C_USED] = used


@njit(**JIT)
def put_in(a: Any, s: Any, j: int, near_only: bool) -> bool:
    """Insert one unserved job for good, as an iteration of its own."""
    s[C_ITERATION] += 1
    s[C_TOUCHED] = 0
    s[C_SAVED] = 0
    changed = s[C_MOVED] + s[C_LEFT]
    if place_job(a, s, j, near_only, NO, ZERO, ZERO, ZERO):
        if is_in_budget(s, changed):
            commit(a, s)
            return True
        undo(a, s)
    return False


@njit(**JIT)
def fill(a: Any, s: Any, first: int, end: int, order: Any) -> None:
    """Insert the unserved jobs in ``order[first:end]`` greedily, each where it adds least of all tours."""
    for row in range(first, end):
        j = order[row]
        if s[s[H_BANK_ROW] + j] >= 0:
            put_in(a, s, j, NO)
    count_used(a, s)
    if s[C_COST] < s[C_BEST]:
        keep_best(a, s)


@njit(**ALLOCATING)
def order_to_fill(a: Any, s: Any) -> Any:
    """Return the unserved jobs, those that must be served first, then the dearest per minute of work."""
    count = s[C_UNSERVED]
    keys = np.empty(count, np.int64)
    jobs = np.empty(count, np.int64)
    for row in range(count):
        j = s[s[H_BANK] + row]
        jobs[row] = j
        keys[row] = -(s[s[H_SKIP] + j] // (a.d[at_job(a, j) + J_WORK] + 600))
    return jobs[np.argsort(keys, kind="mergesort")]


@njit(**JIT)
def sweep(a: Any, s: Any, first: int, end: int) -> None:
    """Fill the tours in rows ``first`` to ``end`` with unserved jobs near their start: a first solution of a huge problem.

    Every other tour is scanned for a job only by :func:`fill`; here a job is tried in the one tour at hand.
    """
    for row in range(first, end):
        t = s[s[H_TOURS] + row]
        start = a.d[at_tour(a, t) + T_START_PLACE]
        nearest = np.int64(-1)
        best = INF
        for member in range(s[C_JOBS]):
            j = s[s[H_JOBS] + member]
            if s[s[H_BANK_ROW] + j] >= 0:
                seconds, _ = leg(a, a.d[at_tour(a, t) + T_SPEED], start, a.d[at_job(a, j) + J_PLACE])
                if 0 <= seconds < best:
                    best = seconds
                    nearest = j
        if nearest < 0:
            continue
        s[C_ITERATION] += 1
        s[C_TOUCHED] = 0
        s[C_SAVED] = 0
        touch(a, s, t)
        changed = s[C_MOVED] + s[C_LEFT]
        for at in range(a.d[P_NEAR]):
            j = np.int64(a.g[at_near(a, nearest) + at])
            if s[s[H_BANK_ROW] + j] < 0:
                continue
            value, after = scan(a, s, j, t, s[s[H_SKIP] + j], ZERO)
            if after >= 0 and value < s[s[H_SKIP] + j]:
                link(a, s, j, after, t)
                refresh_after(a, s, t, after, j)
        if is_in_budget(s, changed):
            commit(a, s)
        else:
            undo(a, s)
    count_used(a, s)
    if s[C_COST] < s[C_BEST]:
        keep_best(a, s)


@njit(**JIT)
def add_retries(a: Any, s: Any, seed: int, count: int) -> int:
    """Add unserved jobs to ``list``: those near the seed and a few at random; return how many are in it then."""
    it = s[C_ITERATION]
    limit = count + RETRIES_MAX
    waiting = s[C_UNSERVED] - count
    if waiting <= RETRIES_MAX:
        for row in range(s[C_UNSERVED]):
            j = s[s[H_BANK] + row]
            if s[s[H_MARK] + j] != it:
                s[s[H_LIST] + count] = j
                count += 1
        return count
    for _ in range(4):
        j = s[s[H_BANK] + below(s, s[C_UNSERVED])]
        if s[s[H_MARK] + j] != it and s[s[H_MARK] + j] != -it:
            s[s[H_MARK] + j] = -it
            s[s[H_LIST] + count] = j
            count += 1
    for row in range(min(200, a.d[P_NEAR])):
        if count >= limit:
            break
        j = a.g[at_near(a, seed) + row]
        if s[s[H_BANK_ROW] + j] >= 0 and s[s[H_MARK] + j] != it and s[s[H_MARK] + j] != -it:
            s[s[H_MARK] + j] = -it
            s[s[H_LIST] + count] = j
            count += 1
    return count


@njit(**JIT)
def anneal(a: Any, s: Any, iterations: int, warm: float, cold: float, near_only: bool, mean_removed: float) -> None:
    """Run so many iterations of ruin and recreate while the temperature falls from ``warm`` to ``cold`` grains."""
    if s[C_JOBS] == 0 or s[C_TOURS] == 0:
        return
    temperature = warm
    cooling = (cold / warm) ** (1.0 / max(1, iterations))
    for _ in range(iterations):
        s[C_ITERATION] += 1
        s[C_TOUCHED] = 0
        s[C_SAVED] = 0
        temperature *= cooling
        before = s[C_COST]
        changed = s[C_MOVED] + s[C_LEFT]
        way = draw_way(s, 0, N_RUINS)
        order = draw_way(s, N_RUINS, N_WAYS)
        seed = seed_job(s, way)
        count = ruin(a, s, seed, way, mean_removed)
        removed = count
        possible = True
        for row in range(s[C_TOUCHED]):
            if not refresh(a, s, s[s[H_TOUCHED] + row]):
                possible = False
        accepted = False
        if possible:
            it = s[C_ITERATION]
            for row in range(count):
                s[s[H_MARK] + s[s[H_LIST] + row]] = it
            count = add_retries(a, s, seed, count)
            ruined = s[C_TOUCHED]
            sort_jobs(a, s, count, order - N_RUINS, seed)
            slack = np.int64(0)
            if below(s, 4) == 0:
                slack = np.int64(-temperature * math.log(fraction(s)))
            full = not near_only or below(s, 20) == 0
            for row in range(count):
                j = s[s[H_LIST] + row]
                place_job(a, s, j, not full, s[s[H_MARK] + j] != it, ruined, BLINK, slack)
            after = s[C_COST]
            accepted = after < before - temperature * math.log(fraction(s)) and is_in_budget(s, changed)
        score_ways(s, way, order, removed, accepted and s[C_COST] < before, accepted and s[C_COST] < s[C_BEST])
        if accepted:
            s[C_ACCEPTED] += 1
            commit(a, s)
            count_used(a, s)
            if s[C_COST] < s[C_BEST]:
                keep_best(a, s)
        else:
            undo(a, s)
