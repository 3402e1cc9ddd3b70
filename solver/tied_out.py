"""Taking tickets out where tours are tied to each other: what goes with them, and what becomes free."""

from __future__ import annotations

from typing import Any

import numpy as np

from solver.arrays import (
    H_AFTER,
    H_AFTER_GAP,
    H_AFTER_JOB,
    H_CREW,
    H_CREW_JOB,
    H_GROUP,
    H_GROUP_FIRST,
    H_GROUP_JOB,
    H_IS_COUPLED,
    H_NEXT,
    H_NEXT_JOB,
    H_OWNER,
    H_PICKUP,
    P_JOBS,
    P_PICKUPS,
    P_TICKETS,
)
from solver.jit import JIT, njit
from solver.kernel import refresh
from solver.mechanisms.coupling import (
    at_users,
    let_go,
    needs_pickup,
    pickup_tour,
    put,
    put_extra,
    release,
)
from solver.problem import FAR_S
from solver.state import (
    C_TOUCHED,
    D_NEXT,
    D_TOUR,
    H_LIST,
    H_TOUCHED,
    H_WAS,
    O_END,
    O_FROM,
    at_hold,
    at_node,
)
from solver.tours import touch, unlink


@njit(**JIT)
def is_coupled(a: Any, j: int) -> bool:
    """Say whether anything ties ticket ``j`` to others, or to stock."""
    return a.d[a.d[H_IS_COUPLED] + j] != 0


@njit(**JIT)
def take_out(a: Any, s: Any, x: int, count: int) -> int:
    """Take a job that is still in a tour out of it and append it to ``list``; return how many are in it then."""
    t = s[at_node(s, x) + D_TOUR]
    if t < 0:
        return count
    touch(a, s, t)
    unlink(a, s, x)
    s[s[H_LIST] + count] = x
    return count + 1


@njit(**JIT)
def cascade(a: Any, s: Any, count: int) -> int:
    """Take out what goes with the jobs in ``list``, give back what they had; return how many tickets are in ``list`` then."""
    tickets, pickups = a.d[P_TICKETS], a.d[P_PICKUPS]
    row = 0
    while row < count:
        x = s[s[H_LIST] + row]
        row += 1
        if x >= pickups:
            t = pickup_tour(a, x)
            y = s[at_node(s, a.d[P_JOBS] + t) + D_NEXT]
            while y < a.d[P_JOBS]:
                after = s[at_node(s, y) + D_NEXT]
                if y < tickets and needs_pickup(a, s, y, t, x):
                    count = take_out(a, s, y, count)
                y = after
            continue
        if x >= tickets:
            count = take_out(a, s, a.d[a.d[H_OWNER] + x - tickets], count)
            continue
        if not is_coupled(a, x):
            continue
        for member in range(a.d[a.d[H_CREW] + x], a.d[a.d[H_CREW] + x + 1]):
            count = take_out(a, s, a.d[a.d[H_CREW_JOB] + member], count)
        for following in range(a.d[a.d[H_NEXT] + x], a.d[a.d[H_NEXT] + x + 1]):
            count = take_out(a, s, a.d[a.d[H_NEXT_JOB] + following], count)
        group = a.d[a.d[H_GROUP] + x]
        if group >= 0:
            for member in range(a.d[a.d[H_GROUP_FIRST] + group], a.d[a.d[H_GROUP_FIRST] + group + 1]):
                count = take_out(a, s, a.d[a.d[H_GROUP_JOB] + member], count)
    kept = 0
    for row in range(count):
        x = s[s[H_LIST] + row]
        if x >= tickets:
            let_go(s, x)
            continue
        s[s[H_LIST] + kept] = x
        kept += 1
        if is_coupled(a, x):
            forget_ticket(a, s, x)
    for row in range(kept):
        if is_coupled(a, s[s[H_LIST] + row]):
            loosen_before(a, s, s[s[H_LIST] + row])
    drop_pickups(a, s)
    return kept


@njit(**JIT)
def forget_ticket(a: Any, s: Any, j: int) -> None:
    """Give back what ticket ``j`` had, and remember when its crew began."""
    if a.d[a.d[H_CREW] + j] < a.d[a.d[H_CREW] + j + 1]:
        s[s[H_WAS] + j] = s[at_hold(s, j) + O_FROM]
    release(a, s, j)
    put_extra(s, j, np.int64(0))
    let_go(s, j)


@njit(**JIT)
def loosen_before(a: Any, s: Any, j: int) -> None:
    """Let those before ticket ``j``, which is no longer served, end as late as others after them allow."""
    for row in range(a.d[a.d[H_AFTER] + j], a.d[a.d[H_AFTER] + j + 1]):
        i = a.d[a.d[H_AFTER_JOB] + row]
        t = s[at_node(s, i) + D_TOUR]
        if t < 0:
            continue
        end_by = np.int64(FAR_S)
        for following in range(a.d[a.d[H_NEXT] + i], a.d[a.d[H_NEXT] + i + 1]):
            k = a.d[a.d[H_NEXT_JOB] + following]
            if s[at_node(s, k) + D_TOUR] >= 0:
                end_by = min(end_by, s[at_hold(s, k) + O_FROM] - gap_between(a, i, k))
        hold_end(a, s, i, end_by)


@njit(**JIT)
def gap_between(a: Any, i: int, k: int) -> int:
    """Return how long after ticket ``i`` ticket ``k`` begins at least."""
    gap = np.int64(0)
    for row in range(a.d[a.d[H_AFTER] + k], a.d[a.d[H_AFTER] + k + 1]):
        if a.d[a.d[H_AFTER_JOB] + row] == i:
            gap = max(gap, a.d[a.d[H_AFTER_GAP] + row])
    return gap


@njit(**JIT)
def hold_end(a: Any, s: Any, i: int, end_by: int) -> None:
    """Hold ticket ``i`` and its crew to an end, and bring their tours up to date."""
    first, end = a.d[a.d[H_CREW] + i], a.d[a.d[H_CREW] + i + 1]
    for member in range(first - 1, end):
        x = i if member < first else a.d[a.d[H_CREW_JOB] + member]
        if s[at_hold(s, x) + O_END] != end_by:
            touch(a, s, s[at_node(s, x) + D_TOUR])
            put(s, at_hold(s, x) + O_END, end_by)
            refresh(a, s, s[at_node(s, x) + D_TOUR])


@njit(**JIT)
def drop_pickups(a: Any, s: Any) -> None:
    """Take pick-ups that nobody needs out of the tours touched in this iteration."""
    for row in range(s[C_TOUCHED]):
        t = s[s[H_TOUCHED] + row]
        first, end = a.d[a.d[H_PICKUP] + t], a.d[a.d[H_PICKUP] + t + 1]
        for x in range(a.d[P_PICKUPS] + first, a.d[P_PICKUPS] + end):
            if s[at_users(a, s, x)] == 0:
                let_go(s, x)
                if s[at_node(s, x) + D_TOUR] >= 0:
                    unlink(a, s, x)
