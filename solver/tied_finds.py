"""Places of tickets in tours that are tied to each other, all of them: asked after a search, for people.

As :mod:`solver.tied_places` and :mod:`solver.crews`, but nothing is passed over: a stop at a depot is tried wherever it may stand, and a crew at
every moment that it is asked for.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from solver.arrays import (
    H_AFTER,
    H_CAPABLE,
    H_CREW,
    H_CREW_JOB,
    H_CREW_ROW,
    H_NEED_ROW,
    H_NEXT,
    H_NEXT_JOB,
    H_PICKUP,
    M_FIRST,
    P_CHANGE,
    P_JOBS,
    P_PICKUPS,
    P_TOURS,
    P_WORKERS,
    T_KIND,
    T_WORKER,
    W_TOUR,
    W_TOUR_END,
    at_change,
    at_service,
    at_tour,
    at_worker,
    fit_of,
)
from solver.crews import begin_at, hold_crew, late_end, undo_crew
from solver.jit import JIT, njit
from solver.kernel import refresh, refresh_after, scan_from
from solver.mechanisms.coupling import (
    later_node,
    let_go,
    pickup_depot,
    put,
    put_extra,
    release,
    reserve,
    roll_back,
)
from solver.problem import FAR_S
from solver.state import (
    C_COST,
    C_JOURNAL,
    C_TOUCHED,
    D_NEXT,
    D_TOUR,
    H_TOUCHED,
    INF,
    O_END,
    O_FROM,
    at_hold,
    at_node,
)
from solver.tied_out import drop_pickups, gap_between
from solver.tied_places import begin_of_pickup, behind_before, earliest_after, serve
from solver.together import begin_iteration, settle_order
from solver.tours import link, touch, unlink


@njit(**JIT)
def hold_new(a: Any, s: Any, j: int, from_s: int) -> None:
    """Hold ticket ``j``, which is not served, and its crew behind a moment and before those that come after it."""
    end_by = np.int64(FAR_S)
    for following in range(a.d[a.d[H_NEXT] + j], a.d[a.d[H_NEXT] + j + 1]):
        k = a.d[a.d[H_NEXT_JOB] + following]
        if s[at_node(s, k) + D_TOUR] >= 0:
            end_by = min(end_by, s[at_hold(s, k) + O_FROM] - gap_between(a, j, k))
    first, end = a.d[a.d[H_CREW] + j], a.d[a.d[H_CREW] + j + 1]
    for member in range(first - 1, end):
        x = j if member < first else a.d[a.d[H_CREW_JOB] + member]
        put(s, at_hold(s, x) + O_FROM, max(np.int64(-FAR_S), from_s))
        put(s, at_hold(s, x) + O_END, end_by)


@njit(**JIT)
def hold_behind(a: Any, s: Any, j: int) -> None:
    """Hold ticket ``j`` behind those before it where a stop has put these off."""
    if a.d[a.d[H_AFTER] + j] < a.d[a.d[H_AFTER] + j + 1]:
        from_s = earliest_after(a, s, j)
        if FAR_S > from_s > s[at_hold(s, j) + O_FROM]:
            put(s, at_hold(s, j) + O_FROM, from_s)


@njit(**JIT)
def first_stop(a: Any, s: Any, t: int) -> Any:
    """Return the node of tour ``t`` that the first new stop may come after: whoever is on the way stays first."""
    head = a.d[P_JOBS] + t
    x = s[at_node(s, head) + D_NEXT]
    if a.d[P_CHANGE] != 0 and x < a.d[P_JOBS] and a.d[at_change(a, x) + M_FIRST] >= 0:
        return x
    return head


@njit(**JIT)
def find_one(a: Any, s: Any, j: int, t: int, from_s: int, bound: int) -> tuple[Any, Any, Any, Any]:
    """Find the cheapest way to serve ticket ``j`` in tour ``t`` from a moment on, of all; holds stay in the journal.

    Returns what it adds, the node that the visit comes after (−1: none), the pick-up (−1: none), the node that the pick-up comes
    after (−1: it is in the tour).
    """
    hold_new(a, s, j, from_s)
    value, after, pickup, behind = find_held(a, s, j, t, bound)
    return value, after, pickup, behind


@njit(**JIT)
def find_held(a: Any, s: Any, j: int, t: int, bound: int) -> tuple[Any, Any, Any, Any]:
    """Find as :func:`find_one`, with ticket ``j`` held already."""
    none: Any = np.int64(-1)
    best, best_after, best_pickup, best_behind = bound, none, none, none
    since = behind_before(a, s, j, t)
    if a.d[a.d[H_NEED_ROW] + j] < 0:
        value, after = scan_from(a, s, j, t, since, bound, np.int64(0))
        return (value, after, none, none) if after >= 0 and value < bound else (bound, none, none, none)
    mark = s[C_JOURNAL]
    fine, behind, _ = reserve(a, s, j, t, none)
    roll_back(s, mark)
    if fine:
        value, after = scan_from(a, s, j, t, later_node(s, behind, since), best, np.int64(0))
        if after >= 0 and value < best:
            best, best_after = value, after
    first, end = a.d[P_PICKUPS] + a.d[a.d[H_PICKUP] + t], a.d[P_PICKUPS] + a.d[a.d[H_PICKUP] + t + 1]
    tried: Any = none
    for x in range(first, end):
        if s[at_node(s, x) + D_TOUR] >= 0:
            fine, behind, moment = reserve(a, s, j, t, x)
            behind = later_node(s, behind, x)
            before = s[C_COST]
            is_late = fine and moment > begin_of_pickup(a, s, x, t)
            if is_late:
                put(s, at_hold(s, x) + O_FROM, max(moment, s[at_hold(s, x) + O_FROM]))
                fine = refresh(a, s, t)
                hold_behind(a, s, j)
            if fine:
                added = s[C_COST] - before
                value, after = scan_from(a, s, j, t, later_node(s, behind, since), best - added, np.int64(0))
                if after >= 0 and value + added < best:
                    best, best_after, best_pickup, best_behind = value + added, after, x, none
            roll_back(s, mark)
            if is_late:
                refresh(a, s, t)
            continue
        if pickup_depot(a, x) == tried:
            continue
        tried = pickup_depot(a, x)
        fine, behind, moment = reserve(a, s, j, t, x)
        if fine:
            put(s, at_hold(s, x) + O_FROM, moment)
            inner = s[C_JOURNAL]
            where = first_stop(a, s, t)
            while where < a.d[P_JOBS] + a.d[P_TOURS]:
                before = s[C_COST]
                follow = s[at_node(s, where) + D_NEXT]
                link(a, s, x, where, t)
                if refresh_after(a, s, t, where, x):
                    hold_behind(a, s, j)
                    added = s[C_COST] - before
                    last = later_node(s, later_node(s, behind, since), x)
                    value, after = scan_from(a, s, j, t, last, best - added, np.int64(0))
                    if after >= 0 and value + added < best:
                        best, best_after, best_pickup, best_behind = value + added, after, x, where
                    roll_back(s, inner)
                unlink(a, s, x)
                refresh(a, s, t)
                where = follow
        roll_back(s, mark)
    return best, best_after, best_pickup, best_behind


@njit(**JIT)
def list_moments(a: Any, s: Any, j: int, t: int, from_s: int, moments: Any) -> Any:
    """List when a crew's lead could begin anywhere in tour ``t``, and its helpers anywhere; holds stay in the journal."""
    hold_new(a, s, j, from_s)
    count = list_begins(a, s, j, t, moments, np.int64(0))
    mark = s[C_JOURNAL]
    first, end = a.d[P_PICKUPS] + a.d[a.d[H_PICKUP] + t], a.d[P_PICKUPS] + a.d[a.d[H_PICKUP] + t + 1]
    tried = np.int64(-1)
    for x in range(first, end if a.d[a.d[H_NEED_ROW] + j] >= 0 else first):
        if s[at_node(s, x) + D_TOUR] >= 0 or pickup_depot(a, x) == tried:
            continue
        tried = pickup_depot(a, x)
        fine, _, moment = reserve(a, s, j, t, x)
        if fine:
            put(s, at_hold(s, x) + O_FROM, moment)
            where = first_stop(a, s, t)
            while where < a.d[P_JOBS] + a.d[P_TOURS]:
                follow = s[at_node(s, where) + D_NEXT]
                link(a, s, x, where, t)
                if refresh_after(a, s, t, where, x):
                    count = list_begins(a, s, j, t, moments, count)
                unlink(a, s, x)
                refresh(a, s, t)
                where = follow
        roll_back(s, mark)
    x = a.d[a.d[H_CREW_JOB] + a.d[a.d[H_CREW] + j]]
    for other in range(a.d[P_TOURS]):
        if fit_of(a, x, a.d[at_tour(a, other) + T_WORKER]) >= 0:
            count = list_begins(a, s, x, other, moments, count)
    return count


@njit(**JIT)
def list_begins(a: Any, s: Any, x: int, t: int, moments: Any, count: int) -> Any:
    """Add when job ``x`` would begin behind each node of tour ``t``."""
    where = a.d[P_JOBS] + t
    while where < a.d[P_JOBS] + a.d[P_TOURS] and count < len(moments):
        moment = begin_at(a, s, x, t, where)
        if moment < FAR_S:
            moments[count] = moment
            count += 1
        where = s[at_node(s, where) + D_NEXT]
    return count


@njit(**JIT)
def find_crew(
    a: Any, s: Any, j: int, t: int, from_s: int, moment: int, bound: int, tours: Any, afters: Any, prices: Any
) -> tuple[Any, Any, Any, Any]:
    """Find the cheapest way to serve ticket ``j`` by a crew that begins at a moment and is led in tour ``t``; holds stay in the journal.

    Returns as :func:`find_one`; the helpers' tours, the nodes they come after and their prices are written down. The helpers are those of
    whom it costs least: what they cost adds up, but for the end of the last.
    """
    none: Any = np.int64(-1)
    hold_new(a, s, j, from_s)
    if moment < s[at_hold(s, j) + O_FROM]:
        return bound, none, none, none
    hold_crew(a, s, j, moment, moment)
    value, after, pickup, behind = find_held(a, s, j, t, bound)
    if after < 0:
        return bound, none, none, none
    lead = a.d[at_tour(a, t) + T_WORKER]
    ended = moment + np.int64(a.g[at_service(a, j, a.d[at_tour(a, t) + T_KIND]) + 1])
    last = ended
    capable = a.d[H_CAPABLE] + a.d[a.d[H_CREW_ROW] + j] * a.d[P_WORKERS]
    x = a.d[a.d[H_CREW_JOB] + a.d[a.d[H_CREW] + j]]
    helpers = len(tours)
    for row in range(helpers):
        prices[row], tours[row], afters[row] = INF, none, none
    for w in range(a.d[P_WORKERS]):
        if w == lead or fit_of(a, x, w) < 0 or (w < lead and a.d[capable + w] != 0):
            continue
        price, tour, node = prices[helpers - 1], none, none
        for other in range(a.d[at_worker(a, w) + W_TOUR], a.d[at_worker(a, w) + W_TOUR_END]):
            one, where = scan_from(
                a, s, x, np.int64(other), behind_before(a, s, j, np.int64(other)), price, np.int64(0)
            )
            if where >= 0 and one < price:
                price, tour, node = one, np.int64(other), where
        row = helpers
        while row > 0 and price < prices[row - 1]:
            row -= 1
        if row < helpers:
            for other in range(helpers - 1, row, -1):
                prices[other] = prices[other - 1]
                tours[other] = tours[other - 1]
                afters[other] = afters[other - 1]
            prices[row], tours[row], afters[row] = price, tour, node
    for row in range(helpers):
        if tours[row] < 0:
            return bound, none, none, none
        value += prices[row]
        last = max(last, moment + np.int64(a.g[at_service(a, x, a.d[at_tour(a, tours[row]) + T_KIND]) + 1]))
    value += late_end(a, j, last) - late_end(a, j, ended)
    if value >= bound:
        return bound, none, none, none
    return value, after, pickup, behind


@njit(**JIT)
def serve_ticket(
    a: Any,
    s: Any,
    j: int,
    t: int,
    after: int,
    pickup: int,
    behind: int,
    from_s: int,
    moment: int,
    tours: Any,
    afters: Any,
    settles: bool,
) -> bool:
    """Put ticket ``j`` where a place was found; False if it does not hold, then nothing is changed.

    ``settles``: those before it are served, and are held to be over by then.
    """
    mark = s[C_JOURNAL]
    hold_new(a, s, j, from_s)
    if behind >= 0:
        touch(a, s, t)
    if len(tours) > 0:
        hold_crew(a, s, j, moment, moment)
    else:
        hold_stop(a, s, j, t, pickup, behind)
    if not serve(a, s, j, t, after, pickup, behind):
        roll_back(s, mark)
        return False
    first = a.d[a.d[H_CREW] + j]
    last = np.int64(0)
    for row in range(len(tours)):
        x = a.d[a.d[H_CREW_JOB] + first + row]
        touch(a, s, tours[row])
        link(a, s, x, afters[row], tours[row])
        last = max(last, moment + np.int64(a.g[at_service(a, x, a.d[at_tour(a, tours[row]) + T_KIND]) + 1]))
        if not refresh(a, s, tours[row]):
            undo_crew(a, s, j, row + 2)
            roll_back(s, mark)
            return False
    if len(tours) > 0:
        ended = moment + np.int64(a.g[at_service(a, j, a.d[at_tour(a, t) + T_KIND]) + 1])
        put_extra(s, j, late_end(a, j, max(last, ended)) - late_end(a, j, ended))
    if settles:
        settle_order(a, s, j, s[at_hold(s, j) + O_FROM])
    return True


@njit(**JIT)
def hold_stop(a: Any, s: Any, j: int, t: int, pickup: int, behind: int) -> None:
    """Hold ticket ``j`` behind those before it as they are once a new stop has put them off."""
    if behind < 0 or a.d[a.d[H_AFTER] + j] == a.d[a.d[H_AFTER] + j + 1]:
        return
    mark = s[C_JOURNAL]
    _, _, moment = reserve(a, s, j, t, pickup)
    put(s, at_hold(s, pickup) + O_FROM, moment)
    link(a, s, pickup, behind, t)
    from_s = s[at_hold(s, j) + O_FROM]
    if refresh(a, s, t):
        from_s = max(from_s, earliest_after(a, s, j))
    unlink(a, s, pickup)
    roll_back(s, mark)
    refresh(a, s, t)
    put(s, at_hold(s, j) + O_FROM, from_s)


@njit(**JIT)
def take_ticket(a: Any, s: Any, j: int) -> bool:
    """Take ticket ``j`` and its crew out, and stops that nobody needs then; False if a tour is not legal without it."""
    begin_iteration(s)
    first, end = a.d[a.d[H_CREW] + j], a.d[a.d[H_CREW] + j + 1]
    for member in range(first - 1, end):
        x = j if member < first else a.d[a.d[H_CREW_JOB] + member]
        touch(a, s, s[at_node(s, x) + D_TOUR])
        unlink(a, s, x)
        let_go(s, x)
    release(a, s, j)
    put_extra(s, j, np.int64(0))
    drop_pickups(a, s)
    fine = True
    for row in range(s[C_TOUCHED]):
        fine = refresh(a, s, s[s[H_TOUCHED] + row]) and fine
    return fine
