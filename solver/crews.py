"""Crews: a common beginning, the lead, the helpers; a crew stands or falls together."""

from __future__ import annotations

from typing import Any

import numpy as np

from solver.arrays import (
    H_CAPABLE,
    H_CREW,
    H_CREW_JOB,
    H_CREW_ROW,
    J_RESOLVE_BY,
    J_RESOLVE_ONCE,
    J_RESOLVE_RATE,
    P_JOBS,
    P_WORKERS,
    T_KIND,
    T_WORKER,
    at_job,
    at_service,
    at_tour,
    fit_of,
)
from solver.draws import below
from solver.jit import JIT, NO, YES, ZERO, njit
from solver.kernel import refresh, refresh_after, scan_from
from solver.mechanisms.clock import advance
from solver.mechanisms.coupling import (
    put,
    put_extra,
    release,
    roll_back,
)
from solver.problem import FAR_S
from solver.state import (
    C_JOURNAL,
    D_PLACE,
    D_TOUR,
    H_CANDIDATES,
    H_SKIP,
    H_TWO,
    H_WAS,
    INF,
    O_FROM,
    O_TO,
    at_hold,
    at_label,
    at_node,
)
from solver.tied_out import drop_pickups
from solver.tied_places import behind_before, first_time, serve, try_tour
from solver.tours import link, touch, unlink

MOMENTS = 4
"""So many common beginnings, at most, are tried for a crew."""


@njit(**JIT)
def begin_at(a: Any, s: Any, x: int, t: int, after: int) -> int:
    """Return when job ``x`` would begin behind a node of tour ``t`` at the earliest; FAR_S if it cannot."""
    now = s[H_TWO]
    if advance(a, s, t, at_label(a, s, after), s[at_node(s, after) + D_PLACE], after < a.d[P_JOBS], x, now) == 0:
        return np.int64(FAR_S)
    return first_time(a, s, t, now) - np.int64(a.g[at_service(a, x, a.d[at_tour(a, t) + T_KIND]) + 1])


@njit(**JIT)
def hold_crew(a: Any, s: Any, j: int, from_s: int, to_s: int) -> None:
    """Hold the beginning of a ticket's whole crew between two moments."""
    first, end = a.d[a.d[H_CREW] + j], a.d[a.d[H_CREW] + j + 1]
    for member in range(first - 1, end):
        x = j if member < first else a.d[a.d[H_CREW_JOB] + member]
        put(s, at_hold(s, x) + O_FROM, from_s)
        put(s, at_hold(s, x) + O_TO, to_s)


@njit(**JIT)
def place_crew(a: Any, s: Any, j: int, count: int, from_s: int, blink: int, slack: int) -> bool:
    """Serve a ticket by a crew that begins together: the best of a few common beginnings.

    The lead is the first, in the order of workers, who could lead; so whoever could lead and stands before the lead is no helper.
    """
    limit = s[s[H_SKIP] + j] + slack
    moments = s[H_CANDIDATES] + count
    known = 0
    if s[s[H_WAS] + j] >= max(from_s, 0):
        s[moments] = s[s[H_WAS] + j]
        known = 1
    mark = s[C_JOURNAL]
    hold_crew(a, s, j, from_s, np.int64(FAR_S))
    # the lead's two cheapest beginnings, and the latest of all members' cheapest
    together = np.int64(-FAR_S)
    first, end = a.d[a.d[H_CREW] + j], a.d[a.d[H_CREW] + j + 1]
    leads = np.int64(-1)
    for member in range(first - 1, end):
        x = j if member < first else a.d[a.d[H_CREW_JOB] + member]
        best = limit
        moment = np.int64(FAR_S)
        who = np.int64(-1)
        for row in range(count):
            t = s[s[H_CANDIDATES] + row]
            w = a.d[at_tour(a, t) + T_WORKER]
            if fit_of(a, x, w) < 0 or w == leads:
                continue
            value, after = scan_from(a, s, x, t, behind_before(a, s, j, t), best, blink)
            if after >= 0 and value < best:
                best = value
                moment = begin_at(a, s, x, t, after)
                who = w
        if moment == FAR_S:
            roll_back(s, mark)
            return False
        if member < first:
            leads = who
            s[moments + known] = moment
            known += 1
        together = max(together, moment)
    s[moments + known] = together
    known += 1
    # a random one in between or behind, which a greedy choice would never try
    s[moments + known] = together + below(s, 16) * 900
    known += 1
    roll_back(s, mark)
    best = limit
    chosen_moment = np.int64(FAR_S)
    for row in range(known):
        moment = s[moments + row]
        again = False
        for earlier in range(row):
            again = again or s[moments + earlier] == moment
        if again or moment < from_s:
            continue
        hold_crew(a, s, j, moment, moment)
        value = price_crew(a, s, j, count, best, blink, NO)
        roll_back(s, mark)
        if value < best:
            best = value
            chosen_moment = moment
    if chosen_moment == FAR_S:
        return False
    hold_crew(a, s, j, chosen_moment, chosen_moment)
    return price_crew(a, s, j, count, limit, ZERO, YES) < limit


@njit(**JIT)
def price_crew(a: Any, s: Any, j: int, count: int, bound: int, blink: int, for_good: bool) -> int:
    """Return what serving ticket ``j`` by a crew adds at the beginning it is held to, INF if it is not below ``bound``; with ``for_good`` it is done.

    The lead's place is chosen first, then each helper's.
    """
    workers = a.d[P_WORKERS]
    first, end = a.d[a.d[H_CREW] + j], a.d[a.d[H_CREW] + j + 1]
    capable = a.d[H_CAPABLE] + a.d[a.d[H_CREW_ROW] + j] * workers
    moment = s[at_hold(s, j) + O_FROM]
    total = np.int64(0)
    last = np.int64(0)
    lead = np.int64(-1)
    lead_end = np.int64(0)
    taken = s[H_CANDIDATES] + count + MOMENTS + 1
    for member in range(first - 1, end):
        x = j if member < first else a.d[a.d[H_CREW_JOB] + member]
        best = bound - total
        chosen, where, pickup, behind = np.int64(-1), np.int64(-1), np.int64(-1), np.int64(-1)
        for row in range(count):
            t = s[s[H_CANDIDATES] + row]
            w = a.d[at_tour(a, t) + T_WORKER]
            if fit_of(a, x, w) < 0:
                continue
            busy = False
            for other in range(member - first + 1):
                busy = busy or s[taken + other] == w
            if busy or (member >= first and w < lead and a.d[capable + w] != 0):
                continue
            if member < first:
                value, after, p, q = try_tour(a, s, x, t, best, blink)
            else:
                value, after = scan_from(a, s, x, t, behind_before(a, s, j, t), best, blink)
                p = q = np.int64(-1)
            if after >= 0 and value < best:
                best, chosen, where, pickup, behind = value, t, after, p, q
        if chosen < 0:
            if for_good:
                undo_crew(a, s, j, member - first + 1)
            return INF
        if for_good:
            fine = True
            if member < first:
                fine = serve(a, s, x, chosen, where, pickup, behind)
            else:
                touch(a, s, chosen)
                link(a, s, x, where, chosen)
                if not refresh_after(a, s, chosen, where, x):
                    unlink(a, s, x)
                    refresh(a, s, chosen)
                    fine = False
            if not fine:
                undo_crew(a, s, j, member - first + 1)
                return INF
        w = a.d[at_tour(a, chosen) + T_WORKER]
        done = moment + np.int64(a.g[at_service(a, x, a.d[at_tour(a, chosen) + T_KIND]) + 1])
        if member < first:
            lead = w
            lead_end = done
        last = max(last, done)
        s[taken + member - first + 1] = w
        total += best
    extra = late_end(a, j, last) - late_end(a, j, lead_end)
    if for_good:
        put_extra(s, j, extra)
    return total + extra


@njit(**JIT)
def late_end(a: Any, j: int, end_s: int) -> int:
    """Return the price of ending ticket ``j`` late."""
    job = at_job(a, j)
    if end_s <= a.d[job + J_RESOLVE_BY]:
        return np.int64(0)
    return a.d[job + J_RESOLVE_ONCE] + (end_s - a.d[job + J_RESOLVE_BY]) * a.d[job + J_RESOLVE_RATE]


@njit(**JIT)
def undo_crew(a: Any, s: Any, j: int, members: int) -> None:
    """Take the lead and helpers, so many in all, out again; the block is rolled back by the caller."""
    first = a.d[a.d[H_CREW] + j]
    for member in range(first - 1, first - 1 + members):
        x = j if member < first else a.d[a.d[H_CREW_JOB] + member]
        t = s[at_node(s, x) + D_TOUR]
        unlink(a, s, x)
        if member < first:
            release(a, s, j)
            drop_pickups(a, s)
        refresh(a, s, t)
