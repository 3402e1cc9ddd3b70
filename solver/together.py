"""Ruin and recreate where tours are tied to each other (:mod:`solver.mechanisms.coupling`).

Ruins and tours are those of :mod:`solver.anneal`. What goes with a ticket that is taken out goes with it: the others of its crew, those that come
after it, those that want the same worker, pick-ups that nobody needs any more. What comes back is placed so that everything between
tours is settled at once: where parts come from, when a crew begins, when one ticket has to be over for the next.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from solver.anneal import BLINK, add_retries, count_used, is_in_budget, keep_best, place_job
from solver.arrays import (
    H_AFTER,
    H_AFTER_GAP,
    H_AFTER_JOB,
    H_CREW,
    H_NEXT,
    H_NEXT_JOB,
    H_PICKUP,
    H_WORTH,
    P_JOBS,
    T_KIND,
    T_WORKER,
    W_TOUR,
    W_TOUR_END,
    at_service,
    at_tour,
    at_worker,
)
from solver.crews import place_crew, undo_crew
from solver.draws import below, fraction
from solver.jit import INLINE, JIT, NO, ZERO, njit
from solver.kernel import refresh
from solver.mechanisms.coupling import (
    put,
    roll_back,
    roll_back_all,
)
from solver.orders import sort_jobs
from solver.problem import FAR_S
from solver.ruins import ruin, seed_job
from solver.state import (
    C_ACCEPTED,
    C_BEST,
    C_BLOCK,
    C_COST,
    C_ITERATION,
    C_JOBS,
    C_JOURNAL,
    C_LEFT,
    C_MEMO,
    C_MOVED,
    C_SAVED,
    C_TOUCHED,
    C_TOURS,
    C_UNSERVED,
    D_NEXT,
    D_TOUR,
    H_BANK_ROW,
    H_DETOUR,
    H_HOLD,
    H_JOURNAL,
    H_KEPT,
    H_LIST,
    H_MARK,
    H_ON,
    H_SAVED,
    H_SAVED_FIRST,
    H_TOUCHED,
    N_HOLD,
    O_END,
    O_FROM,
    S_HELD,
    STALE,
    at_hold,
    at_label,
    at_node,
    at_run,
)
from solver.tied_out import cascade, hold_end, is_coupled
from solver.tied_places import earliest_after, first_time, list_tours, place_alone, wanted_worker
from solver.tours import forget, is_as_saved, link, unlink
from solver.ways import N_RUINS, N_WAYS, draw_way, score_ways


@njit(**JIT)
def place_coupled(a: Any, s: Any, j: int, ruined_only: bool, ruined: int, blink: int, slack: int) -> bool:
    """Serve a coupled ticket where it adds least, if that is below its price of being left out plus ``slack``."""
    from_s = earliest_after(a, s, j)
    if from_s == FAR_S:
        return False
    worker = wanted_worker(a, s, j)
    is_crew = a.d[a.d[H_CREW] + j] < a.d[a.d[H_CREW] + j + 1]
    remembered = s[C_MEMO] != 0 and not is_crew and from_s == -FAR_S and worker < 0
    touched = ruined if ruined_only else s[C_TOUCHED]
    count = list_tours(a, s, j, ruined_only or remembered, touched, worker)
    return place_listed(a, s, j, count, from_s, remembered and not ruined_only, blink, slack)


@njit(**JIT)
def place_listed(a: Any, s: Any, j: int, count: int, from_s: int, everywhere: bool, blink: int, slack: int) -> bool:
    """Serve a coupled ticket in the best of the listed tours, or of all, no earlier than those before it are over."""
    is_crew = a.d[a.d[H_CREW] + j] < a.d[a.d[H_CREW] + j + 1]
    mark = s[C_JOURNAL]
    if is_crew:
        served = place_crew(a, s, j, count, from_s, blink, slack)
    else:
        if from_s > -FAR_S:
            put(s, at_hold(s, j) + O_FROM, from_s)
        served = place_alone(a, s, j, count, everywhere, blink, slack)
    if not served:
        roll_back(s, mark)
        return False
    if earliest_after(a, s, j) > from_s:  # a pick-up came before one of them, in the same tour
        undo_crew(a, s, j, 1 + a.d[a.d[H_CREW] + j + 1] - a.d[a.d[H_CREW] + j])
        roll_back(s, mark)
        return False
    settle_order(a, s, j, from_s)
    return True


@njit(**JIT)
def settle_order(a: Any, s: Any, j: int, from_s: int) -> None:
    """Settle when ticket ``j``, just served, begins at the earliest, and hold those before it to be over by then."""
    first, end = a.d[a.d[H_AFTER] + j], a.d[a.d[H_AFTER] + j + 1]
    if first == end:
        return
    t = s[at_node(s, j) + D_TOUR]
    begins = first_time(a, s, t, at_label(a, s, j))
    begins = max(from_s, begins - np.int64(a.g[at_service(a, j, a.d[at_tour(a, t) + T_KIND]) + 1]))
    if s[at_hold(s, j) + O_FROM] < begins:
        put(s, at_hold(s, j) + O_FROM, begins)
    for row in range(first, end):
        i = a.d[a.d[H_AFTER_JOB] + row]
        end_by = min(s[at_hold(s, i) + O_END], s[at_hold(s, j) + O_FROM] - a.d[a.d[H_AFTER_GAP] + row])
        hold_end(a, s, i, end_by)


@njit(**JIT)
def place_any(a: Any, s: Any, j: int, near_only: bool, ruined_only: bool, ruined: int, blink: int, slack: int) -> bool:
    """Serve a ticket, coupled or not, where it adds least."""
    if is_coupled(a, j):
        return place_coupled(a, s, j, ruined_only, ruined, blink, slack)
    return place_job(a, s, j, near_only, ruined_only, ruined, blink, slack)


@njit(**JIT)
def begin_iteration(s: Any) -> None:
    """Begin an iteration: nothing is touched, nothing is in the journal."""
    s[C_ITERATION] += 1
    s[C_TOUCHED] = 0
    s[C_SAVED] = 0
    s[C_JOURNAL] = 0


@njit(**JIT)
def mark_held(a: Any, s: Any) -> None:
    """Mark every tour with a job whose hold was written in this iteration."""
    for row in range(s[C_JOURNAL]):
        at = s[s[H_JOURNAL] + 2 * row]
        if s[H_HOLD] <= at < s[H_ON]:
            t = s[at_node(s, (at - s[H_HOLD]) // N_HOLD) + D_TOUR]
            if t >= 0:
                s[at_run(s, t) + S_HELD] = s[C_ITERATION]


@njit(**INLINE)
def is_as_before(a: Any, s: Any, row: int) -> bool:
    """Say whether the touched tour in ``row`` holds what it held before, and its jobs are held to nothing else."""
    return s[at_run(s, s[s[H_TOUCHED] + row]) + S_HELD] != s[C_ITERATION] and is_as_saved(a, s, row)


@njit(**JIT)
def commit_coupled(a: Any, s: Any) -> None:
    """Forget what is remembered of every changed tour and of its worker's others."""
    mark_held(a, s)
    for row in range(s[C_TOUCHED]):
        if is_as_before(a, s, row):
            continue
        w = a.d[at_tour(a, s[s[H_TOUCHED] + row]) + T_WORKER]
        for t in range(a.d[at_worker(a, w) + W_TOUR], a.d[at_worker(a, w) + W_TOUR_END]):
            forget(a, s, t)
            for pickup in range(a.d[a.d[H_PICKUP] + t], a.d[a.d[H_PICKUP] + t + 1]):
                s[s[H_DETOUR] + pickup] = STALE


@njit(**JIT)
def undo_coupled(a: Any, s: Any) -> None:
    """Put every touched tour and what was settled back as it was."""
    n = a.d[P_JOBS]
    mark_held(a, s)
    roll_back_all(a, s)
    count = s[C_TOUCHED]
    for row in range(count):
        t = s[s[H_TOUCHED] + row]
        if is_as_before(a, s, row):
            s[s[H_TOUCHED] + row] = -1
            continue
        x = s[at_node(s, n + t) + D_NEXT]
        while x < n:
            after = s[at_node(s, x) + D_NEXT]
            unlink(a, s, x)
            x = after
    for row in range(count):
        t = s[s[H_TOUCHED] + row]
        if t < 0:
            continue
        i = n + t
        for at in range(s[s[H_SAVED_FIRST] + row], s[s[H_SAVED_FIRST] + row + 1]):
            link(a, s, s[s[H_SAVED] + at], i, t)
            i = s[s[H_SAVED] + at]
        refresh(a, s, t)


@njit(**JIT)
def keep_best_coupled(a: Any, s: Any) -> None:
    """Remember the present tours, and what is settled between them, as the best."""
    keep_best(a, s)
    for row in range(s[C_BLOCK]):
        s[s[H_KEPT] + row] = s[s[H_HOLD] + row]


@njit(**JIT)
def fill_coupled(a: Any, s: Any, first: int, end: int, order: Any) -> None:
    """Insert the unserved tickets in ``order[first:end]`` greedily; those that come after others wait for them."""
    for turn in range(3):
        for row in range(first, end):
            j = order[row]
            if s[s[H_BANK_ROW] + j] >= 0 and (turn == 0 or is_coupled(a, j)):
                begin_iteration(s)
                changed = s[C_MOVED] + s[C_LEFT]
                if place_any(a, s, j, NO, NO, ZERO, ZERO, ZERO):
                    if is_in_budget(s, changed):
                        commit_coupled(a, s)
                    else:
                        undo_coupled(a, s)
    count_used(a, s)
    if s[C_COST] < s[C_BEST]:
        keep_best_coupled(a, s)


@njit(**JIT)
def add_chain(a: Any, s: Any, count: int) -> int:
    """Add to ``list`` what is left out and comes before or after those in it; return how many are in it then.

    What comes after others is served with them or not at all, wherever they are.
    """
    if count == s[C_UNSERVED]:
        return count  # everything that is left out is in it
    it = s[C_ITERATION]
    row = 0
    while row < count:
        j = s[s[H_LIST] + row]
        row += 1
        for at in range(a.d[a.d[H_AFTER] + j], a.d[a.d[H_AFTER] + j + 1]):
            count = add_left_out(s, a.d[a.d[H_AFTER_JOB] + at], it, count)
        for at in range(a.d[a.d[H_NEXT] + j], a.d[a.d[H_NEXT] + j + 1]):
            count = add_left_out(s, a.d[a.d[H_NEXT_JOB] + at], it, count)
    return count


@njit(**INLINE)
def is_chained(a: Any, j: int) -> bool:
    """Say whether ticket ``j`` comes after another one, or before."""
    after, following = a.d[H_AFTER] + j, a.d[H_NEXT] + j
    return a.d[after] < a.d[after + 1] or a.d[following] < a.d[following + 1]


@njit(**JIT)
def add_left_out(s: Any, j: int, it: int, count: int) -> int:
    """Add a ticket to ``list`` if it is left out and not in it yet; return how many are in it then."""
    if s[s[H_BANK_ROW] + j] < 0 or s[s[H_MARK] + j] == it or s[s[H_MARK] + j] == -it:
        return count
    s[s[H_MARK] + j] = it
    s[s[H_LIST] + count] = j
    return count + 1


@njit(**JIT)
def anneal_coupled(
    a: Any, s: Any, iterations: int, warm: float, cold: float, near_only: bool, mean_removed: float
) -> None:
    """Run so many iterations of ruin and recreate while the temperature falls, as :func:`solver.anneal.anneal`.

    One time in six a ticket that others come after may come in at a loss that they make good (``H_WORTH``), and chains are tried in every tour.
    """
    if s[C_JOBS] == 0 or s[C_TOURS] == 0:
        return
    temperature = warm
    cooling = (cold / warm) ** (1.0 / max(1, iterations))
    for _ in range(iterations):
        begin_iteration(s)
        temperature *= cooling
        before = s[C_COST]
        changed = s[C_MOVED] + s[C_LEFT]
        way = draw_way(s, 0, N_RUINS)
        order = draw_way(s, N_RUINS, N_WAYS)
        seed = seed_job(s, way)
        count = ruin(a, s, seed, way, mean_removed)
        removed = count
        count = cascade(a, s, count)
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
            dares = below(s, 6) == 0
            if dares:
                count = add_chain(a, s, count)
            ruined = s[C_TOUCHED]
            sort_jobs(a, s, count, order - N_RUINS, seed)
            slack = np.int64(0)
            if below(s, 4) == 0:
                slack = np.int64(-temperature * math.log(fraction(s)))
            full = not near_only or below(s, 20) == 0
            waits = False
            for row in range(count):
                j = s[s[H_LIST] + row]
                most = slack + (a.d[a.d[H_WORTH] + j] if dares else ZERO)
                ruined_only = s[s[H_MARK] + j] != it and not (dares and is_chained(a, j))
                if not place_any(a, s, j, not full, ruined_only, ruined, BLINK, most):
                    waits = waits or a.d[a.d[H_AFTER] + j] < a.d[a.d[H_AFTER] + j + 1]
            turn = 0
            while waits and turn < 2:
                waits = False
                turn += 1
                for row in range(count):
                    j = s[s[H_LIST] + row]
                    follows = a.d[a.d[H_AFTER] + j] < a.d[a.d[H_AFTER] + j + 1]
                    if follows and s[s[H_BANK_ROW] + j] >= 0:
                        most = slack + (a.d[a.d[H_WORTH] + j] if dares else ZERO)
                        waits = place_coupled(a, s, j, NO, ruined, BLINK, most) or waits
            after = s[C_COST]
            accepted = after < before - temperature * math.log(fraction(s)) and is_in_budget(s, changed)
        score_ways(s, way, order, removed, accepted and s[C_COST] < before, accepted and s[C_COST] < s[C_BEST])
        if accepted:
            s[C_ACCEPTED] += 1
            commit_coupled(a, s)
            count_used(a, s)
            if s[C_COST] < s[C_BEST]:
                keep_best_coupled(a, s)
        else:
            undo_coupled(a, s)
