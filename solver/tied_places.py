"""Places of tickets where tours are tied to each other: in which tours, from when on, with which pick-up."""

from __future__ import annotations

from typing import Any

import numpy as np

from solver.anneal import NEAR_JOBS
from solver.arrays import (
    H_AFTER,
    H_AFTER_GAP,
    H_AFTER_JOB,
    H_CREW,
    H_CREW_JOB,
    H_GROUP,
    H_GROUP_FIRST,
    H_GROUP_JOB,
    H_NEED_ROW,
    H_PICKUP,
    P_HALF,
    P_JOBS,
    P_MODES,
    P_NEAR,
    P_PICKUPS,
    P_TOURS,
    T_BREAK,
    T_BREAK_END,
    T_KIND,
    T_START,
    T_WORKER,
    W_TOUR,
    W_TOUR_END,
    at_near,
    at_service,
    at_tour,
    at_worker,
    fit_of,
)
from solver.draws import below
from solver.jit import JIT, njit
from solver.kernel import refresh, refresh_after, scan_from
from solver.mechanisms.clock import DEAD, L_FROM, L_TIME, N_LABEL, close
from solver.mechanisms.coupling import (
    later_node,
    pickup_depot,
    put,
    reserve,
    roll_back,
)
from solver.problem import FAR_S
from solver.state import (
    B_TOUCHED,
    C_COST,
    C_ITERATION,
    C_JOURNAL,
    C_TOUCHED,
    C_TOURS,
    D_PLACE,
    D_PREV,
    D_TOUR,
    H_CANDIDATES,
    H_DETOUR,
    H_MEMO,
    H_MEMO_PREV,
    H_SKIP,
    H_TOUCHED,
    H_TOURS,
    INF,
    O_FROM,
    S_TOUCHED,
    S_TRIED,
    STALE,
    at_busy,
    at_hold,
    at_label,
    at_node,
    at_run,
)
from solver.tours import link, touch, unlink

TOURS_TRIED = 24
"""So many tours near a coupled ticket are tried for it, beside those that were ruined."""


@njit(**JIT)
def first_time(a: Any, s: Any, t: int, lab: int) -> int:
    """Return the least time of the labels of a stop of tour ``t`` that begin at ``lab``; DEAD when none lives."""
    half = a.d[P_HALF]
    time = DEAD
    for mode in range(a.d[P_MODES]):
        for k in range(a.d[at_tour(a, t) + T_BREAK_END] - a.d[at_tour(a, t) + T_BREAK] + 1):
            time = min(time, s[lab + (mode * half + k) * N_LABEL + L_TIME])
    return time


@njit(**JIT)
def end_as_timed(a: Any, s: Any, x: int) -> int:
    """Return when a served job ends as its tour is timed now; whoever relies on it holds the job to it (``O_END``), so that this timing stays possible.

    Where prices of duration put the departure off it is the end without that.
    """
    t = s[at_node(s, x) + D_TOUR]
    i = s[at_node(s, a.d[P_JOBS] + a.d[P_TOURS] + t) + D_PREV]
    _, _, _, _, chosen, _ = close(a, s, t, at_label(a, s, i), s[at_node(s, i) + D_PLACE], a.d[at_tour(a, t) + T_START])
    base = np.int64(0)
    if chosen >= a.d[P_HALF]:
        base = a.d[P_HALF] * N_LABEL
        chosen -= a.d[P_HALF]
    while i != x:
        chosen = s[at_label(a, s, i) + base + chosen * N_LABEL + L_FROM]
        i = s[at_node(s, i) + D_PREV]
    return s[at_label(a, s, x) + base + chosen * N_LABEL + L_TIME]


@njit(**JIT)
def end_of_crew(a: Any, s: Any, i: int) -> int:
    """Return when the last of those who serve ticket ``i`` is done."""
    end = end_as_timed(a, s, i)
    for member in range(a.d[a.d[H_CREW] + i], a.d[a.d[H_CREW] + i + 1]):
        end = max(end, end_as_timed(a, s, a.d[a.d[H_CREW_JOB] + member]))
    return end


@njit(**JIT)
def earliest_after(a: Any, s: Any, j: int) -> int:
    """Return from when on ticket ``j`` may begin for those that it comes after; FAR_S when one of them is not served."""
    moment = np.int64(-FAR_S)
    for row in range(a.d[a.d[H_AFTER] + j], a.d[a.d[H_AFTER] + j + 1]):
        i = a.d[a.d[H_AFTER_JOB] + row]
        if s[at_node(s, i) + D_TOUR] < 0:
            return np.int64(FAR_S)
        moment = max(moment, end_of_crew(a, s, i) + a.d[a.d[H_AFTER_GAP] + row])
    return moment


@njit(**JIT)
def behind_before(a: Any, s: Any, j: int, t: int) -> int:
    """Return the last node of tour ``t`` that belongs to a ticket before ticket ``j``; the tour's start when there is none."""
    behind = a.d[P_JOBS] + t
    for row in range(a.d[a.d[H_AFTER] + j], a.d[a.d[H_AFTER] + j + 1]):
        i = a.d[a.d[H_AFTER_JOB] + row]
        first, end = a.d[a.d[H_CREW] + i], a.d[a.d[H_CREW] + i + 1]
        for member in range(first - 1, end):
            x = i if member < first else a.d[a.d[H_CREW_JOB] + member]
            if s[at_node(s, x) + D_TOUR] == t:
                behind = later_node(s, behind, x)
    return behind


@njit(**JIT)
def wanted_worker(a: Any, s: Any, j: int) -> int:
    """Return the worker who has to serve ticket ``j`` because another ticket has him; −1: any."""
    group = a.d[a.d[H_GROUP] + j]
    if group < 0:
        return np.int64(-1)
    for row in range(a.d[a.d[H_GROUP_FIRST] + group], a.d[a.d[H_GROUP_FIRST] + group + 1]):
        i = a.d[a.d[H_GROUP_JOB] + row]
        t = s[at_node(s, i) + D_TOUR]
        if i != j and t >= 0:
            return a.d[at_tour(a, t) + T_WORKER]
    return np.int64(-1)


@njit(**JIT)
def try_tour(a: Any, s: Any, j: int, t: int, bound: int, blink: int) -> tuple[int, int, int, int]:
    """Find the cheapest way to serve ticket ``j`` in tour ``t``, with the parts and tools it needs.

    Returns what it adds (INF: none below ``bound``), the node that the visit comes after, the pick-up that fetches what the van has not (−1:
    none), and the node that the pick-up comes after (−1: it is in the tour already). Nothing is changed.
    """
    none = np.int64(-1)
    since = behind_before(a, s, j, t)
    least, nearest = scan_from(a, s, j, t, since, bound, blink)  # were everything in the van
    if nearest < 0:
        return INF, none, none, none
    if a.d[a.d[H_NEED_ROW] + j] < 0:
        return least, nearest, none, none
    value, after = try_van(a, s, j, t, since, least, nearest, bound, blink)
    if after == nearest and value == least:
        return least, nearest, none, none
    best, best_after, x, behind = try_pickups(a, s, j, t, since, least, value if after >= 0 else bound, blink)
    if best_after >= 0:
        return best, best_after, x, behind
    return (value, after, none, none) if after >= 0 else (INF, none, none, none)


@njit(**JIT)
def try_van(
    a: Any, s: Any, j: int, t: int, since: int, least: int, nearest: int, bound: int, blink: int
) -> tuple[int, int]:
    """Find the cheapest place for ticket ``j`` with what is in the van, or lent there before; the node is −1 where there is none below ``bound``.

    ``least`` and ``nearest`` are the cheapest place were everything in the van.
    """
    mark = s[C_JOURNAL]
    fine, behind, _ = reserve(a, s, j, t, np.int64(-1))
    roll_back(s, mark)
    if not fine:
        return INF, np.int64(-1)
    if behind == a.d[P_JOBS] + t:
        return least, nearest
    value, after = scan_from(a, s, j, t, later_node(s, behind, since), bound, blink)
    if after >= 0 and value < bound:
        return value, after
    return INF, np.int64(-1)


@njit(**JIT)
def try_pickups(
    a: Any, s: Any, j: int, t: int, since: int, least: int, bound: int, blink: int
) -> tuple[int, int, int, int]:
    """Find the cheapest way to serve ticket ``j`` with what a pick-up of tour ``t`` fetches, one that it has or a new one; as :func:`try_tour`.

    ``least`` is what the visit would add were everything in the van. Together with a new pick-up it mostly adds the sum of both, and
    less where they lie on one way: half of the smaller is granted before a pair is looked at.
    """
    head = a.d[P_JOBS] + t
    none = np.int64(-1)
    mark = s[C_JOURNAL]
    best, best_after, best_pickup, best_behind = bound, none, none, none
    first, end = a.d[P_PICKUPS] + a.d[a.d[H_PICKUP] + t], a.d[P_PICKUPS] + a.d[a.d[H_PICKUP] + t + 1]
    for x in range(first, end):
        if s[at_node(s, x) + D_TOUR] < 0:
            continue
        fine, behind, moment = reserve(a, s, j, t, x)
        roll_back(s, mark)
        if fine and -FAR_S < moment <= begin_of_pickup(a, s, x, t):
            value, after = scan_from(a, s, j, t, later_node(s, behind, since), best, blink)
            if after >= 0 and value < best:
                best, best_after, best_pickup, best_behind = value, after, x, none
    tried = np.int64(-1)
    for x in range(first, end):
        if s[at_node(s, x) + D_TOUR] >= 0 or pickup_depot(a, x) == tried:
            continue
        tried = pickup_depot(a, x)
        alone = price_alone(a, s, x, t)
        granted = max(np.int64(0), min(least, alone)) // 2
        if alone == INF or least + alone - granted >= best:
            continue
        fine, behind, moment = reserve(a, s, j, t, x)
        if fine and moment > -FAR_S:  # a stop that fetches nothing would stand there for nobody
            put(s, at_hold(s, x) + O_FROM, moment)
            _, cheapest = scan_from(a, s, x, t, head, best - least + granted, np.int64(0))
            for way in range(2 if cheapest >= 0 else 0):
                where = cheapest if way == 0 else head
                if way == 1 and cheapest == head:
                    continue
                before = s[C_COST]
                link(a, s, x, where, t)
                if refresh_after(a, s, t, where, x):
                    added = s[C_COST] - before
                    if least + added - granted < best:
                        low = later_node(s, later_node(s, behind, since), x)  # of this way alone
                        value, after = scan_from(a, s, j, t, low, best - added, blink)
                        if after >= 0 and value + added < best:
                            best, best_after, best_pickup, best_behind = value + added, after, x, where
                unlink(a, s, x)
                refresh(a, s, t)
        roll_back(s, mark)
    if best_after < 0:
        return INF, none, none, none
    return best, best_after, best_pickup, best_behind


@njit(**JIT)
def price_alone(a: Any, s: Any, x: int, t: int) -> int:
    """Return what pick-up ``x`` adds to tour ``t`` at least, whenever its lots are there; remembered while the worker's tours stay as they are."""
    at = s[H_DETOUR] + x - a.d[P_PICKUPS]
    it = s[C_ITERATION]
    changed = s[at_busy(s, a.d[at_tour(a, t) + T_WORKER]) + B_TOUCHED] == it
    if not changed and s[at] != STALE:
        return s[at]
    price, _ = scan_from(a, s, x, t, a.d[P_JOBS] + t, INF, np.int64(0))
    if not changed:
        s[at] = price
    return price


@njit(**JIT)
def begin_of_pickup(a: Any, s: Any, x: int, t: int) -> int:
    """Return when a pick-up of a tour begins at the earliest that its timing may choose."""
    return first_time(a, s, t, at_label(a, s, x)) - np.int64(a.g[at_service(a, x, a.d[at_tour(a, t) + T_KIND]) + 1])


@njit(**JIT)
def serve(a: Any, s: Any, j: int, t: int, after: int, x: int, behind: int) -> bool:
    """Put ticket ``j`` where :func:`try_tour` found a place; False if it does not hold, then nothing is changed."""
    mark = s[C_JOURNAL]
    touch(a, s, t)
    if behind >= 0:
        link(a, s, x, behind, t)
    fine, _, moment = reserve(a, s, j, t, x)
    if behind >= 0 or (x >= 0 and s[at_hold(s, x) + O_FROM] < moment):
        put(s, at_hold(s, x) + O_FROM, moment)
    link(a, s, j, after, t)
    if fine and refresh(a, s, t):
        return True
    unlink(a, s, j)
    if behind >= 0:
        unlink(a, s, x)
    roll_back(s, mark)
    refresh(a, s, t)
    return False


@njit(**JIT)
def list_tours(a: Any, s: Any, j: int, ruined_only: bool, ruined: int, worker: int) -> int:
    """List the tours in which coupled ticket ``j`` is tried: those that changed, and tours near it; return how many."""
    it = s[C_ITERATION]
    count = 0
    mark = s[C_JOURNAL] + (it << 20)
    for row in range(ruined if ruined_only else s[C_TOUCHED]):
        t = s[s[H_TOUCHED] + row]
        if worker < 0 or a.d[at_tour(a, t) + T_WORKER] == worker:
            s[s[H_CANDIDATES] + count] = t
            s[at_run(s, t) + S_TRIED] = mark
            count += 1
    if ruined_only:
        return count
    if worker >= 0:
        for t in range(a.d[at_worker(a, worker) + W_TOUR], a.d[at_worker(a, worker) + W_TOUR_END]):
            if s[at_run(s, t) + S_TRIED] != mark:
                s[s[H_CANDIDATES] + count] = t
                count += 1
        return count
    if s[C_TOURS] <= TOURS_TRIED:
        for row in range(s[C_TOURS]):
            t = s[s[H_TOURS] + row]
            if s[at_run(s, t) + S_TRIED] != mark:
                s[s[H_CANDIDATES] + count] = t
                count += 1
        return count
    most = count + TOURS_TRIED
    for row in range(min(a.d[P_NEAR], 4 * NEAR_JOBS)):
        if count >= most - 6:
            break
        t = s[at_node(s, a.g[at_near(a, j) + row]) + D_TOUR]
        if t >= 0 and s[at_run(s, t) + S_TRIED] != mark:
            s[at_run(s, t) + S_TRIED] = mark
            s[s[H_CANDIDATES] + count] = t
            count += 1
    for _ in range(6):
        t = s[s[H_TOURS] + below(s, s[C_TOURS])]
        if s[at_run(s, t) + S_TRIED] != mark:
            s[at_run(s, t) + S_TRIED] = mark
            s[s[H_CANDIDATES] + count] = t
            count += 1
    return count


@njit(**JIT)
def place_alone(a: Any, s: Any, j: int, count: int, everywhere: bool, blink: int, slack: int) -> bool:
    """Serve a ticket that one worker serves in the best of the listed tours, or of all.

    In all others than those listed the remembered price, as if the van had everything, says first whether to look. First come the
    tours that have what the ticket needs; what a pick-up would add to the others is looked at where it can still be less.
    """
    head = a.d[P_JOBS]
    needs = a.d[a.d[H_NEED_ROW] + j] >= 0
    best = s[s[H_SKIP] + j] + slack
    chosen, where, pickup, behind = np.int64(-1), np.int64(-1), np.int64(-1), np.int64(-1)
    it = s[C_ITERATION]
    prices = s[H_MEMO] + j * a.d[P_TOURS]
    places = s[H_MEMO_PREV] + j * a.d[P_TOURS]
    waiting = s[H_CANDIDATES] + a.d[P_TOURS]
    waits = np.int64(0)
    for row in range(count + (s[C_TOURS] if everywhere else 0)):
        if row < count:
            t = s[s[H_CANDIDATES] + row]
            if fit_of(a, j, a.d[at_tour(a, t) + T_WORKER]) < 0:
                continue
            since = behind_before(a, s, j, t)
            value, after = scan_from(a, s, j, t, since, best, blink)
        else:
            t = s[s[H_TOURS] + row - count]
            since = head + t
            if s[prices + t] >= best or s[at_run(s, t) + S_TOUCHED] == it:
                continue
            if s[at_busy(s, a.d[at_tour(a, t) + T_WORKER]) + B_TOUCHED] == it:
                if fit_of(a, j, a.d[at_tour(a, t) + T_WORKER]) < 0:
                    continue
                value, after = scan_from(a, s, j, t, since, best, blink)
            else:
                if s[prices + t] == STALE or s[places + t] < 0:
                    s[prices + t], s[places + t] = scan_from(a, s, j, t, since, best, np.int64(0))
                value, after = s[prices + t], s[places + t]
                if value < best and blink > 0 and below(s, 65536) < blink:
                    continue
        if after < 0 or value >= best:
            continue
        least = value
        if needs:
            value, after = try_van(a, s, j, t, since, least, after, best, blink)
            if after < 0 or value > least:
                s[waiting + 2 * waits] = t
                s[waiting + 2 * waits + 1] = least
                waits += 1
        if after >= 0 and value < best:
            best, chosen, where = value, t, after
    for row in range(waits):
        t, least = s[waiting + 2 * row], s[waiting + 2 * row + 1]
        if least < best:
            value, after, x, y = try_pickups(a, s, j, t, behind_before(a, s, j, t), least, best, blink)
            if after >= 0:
                best, chosen, where, pickup, behind = value, t, after, x, y
    return chosen >= 0 and serve(a, s, j, chosen, where, pickup, behind)
