"""Tours under change: the state of a search, pricing one insertion, keeping labels fresh.

Tours are doubly linked lists over *nodes*: job j is node j, the start of tour t is node n_jobs + t, its end is node n_jobs +
n_tours + t. Each node keeps the labels of the clock (:mod:`solver.mechanisms.clock`), so that an insertion is priced by
advancing from the place of insertion only until the times are as before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from solver.arrays import (
    J_CLOSES,
    J_OPENS,
    J_PLACE,
    J_PROFILE,
    J_SKIP,
    J_SOFT,
    P_BALANCE,
    P_JOBS,
    P_LABELS,
    P_PLAIN,
    P_RATE_DURATION,
    P_RATE_M,
    P_RATE_S,
    P_SLOWEST,
    P_TOURS,
    P_USE,
    P_WORKERS,
    T_BREAK,
    T_BREAK_END,
    T_END_PLACE,
    T_KIND,
    T_LAST,
    T_MAX_JOBS,
    T_MAX_TRAVEL,
    T_SPEED,
    T_START,
    T_START_PLACE,
    T_WORKER,
    W_MAX_BUSY,
    Arrays,
    at_finish,
    at_fit,
    at_job,
    at_service,
    at_tour,
    at_worker,
    pack,
)
from solver.jit import INLINE, JIT, njit
from solver.mechanisms.clock import (
    DEAD,
    E_KIND,
    E_METRES,
    E_ROW,
    L_FROM,
    L_LATE,
    L_TIME,
    L_TRAVEL,
    L_WORK,
    N_EVENT,
    N_LABEL,
    advance,
    close,
    lateness,
    leg,
    put_off,
    run,
    start_labels,
    trace,
)
from solver.problem import I64, Event, Problem, Timed

__all__ = ["Arrays", "State", "load_routes", "make_state", "pack", "time_tour"]

INF = np.int64(1 << 61)
"""The price of what cannot be."""

# the first numbers of a chain's memory: sums and counters, then where each table begins
(
    C_COST,
    C_BEST,
    C_UNSERVED,
    C_ITERATION,
    C_USED,
    C_BEST_AT,
    C_EVALUATED,
    C_ACCEPTED,
    C_BEST_UNSERVED,
    C_TOUCHED,
    C_SAVED,
    C_RANDOM,
    C_MEMO,
    C_TOURS,
    C_JOBS,
    C_POOL,
    C_POOL_END,
    C_MARGIN,
    H_NODE,
    H_LABEL,
    H_RUN,
    H_BUSY,
    H_SKIP,
    H_BANK,
    H_BANK_ROW,
    H_MEMO,
    H_MEMO_PREV,
    H_TOUCHED,
    H_SAVED,
    H_SAVED_FIRST,
    H_BEST,
    H_SEQ,
    H_WHOLE,
    H_EVENT,
    H_TWO,
    H_LIST,
    H_KEY,
    H_MARK,
    H_TOURS,
    H_JOBS,
    H_POOL,
    H_SEEN,
) = range(42)
N_STATE = 48

# columns of a node
(
    D_NEXT,
    D_PREV,
    D_PLACE,
    D_TOUR,
    D_LEG_S,
    D_LEG_M,
    D_LATEST,
    D_TIME,
    D_SUM_S,
    D_SUM_WORK,
    D_SUM_M,
    D_SUM_FIT,
    D_RANK,
    D_MOST_S,
) = range(14)
N_NODE = 14

# columns of a tour in work
S_LENGTH, S_COST, S_TRAVEL, S_WORK, S_FIT, S_METRES, S_TOUCHED = range(7)

# columns of a worker in work
B_BUSY, B_TOUCHED, B_BALANCE = range(3)

STALE = np.int64(-(1 << 61))
"""The remembered price of an insertion into a tour that changed since: below every price, so that it is looked at again."""

UNFIT = np.int64(1 << 62)
"""The remembered price of an insertion where the worker does not fit the job."""

MEMO_CELLS_MAX = 6_000_000
"""Up to so many pairs of job and tour the best insertion is remembered (16 bytes each)."""

SEEN_SLOTS = 1 << 16
"""Slots in which routes that were noted are recognised; a power of two."""

State = I64
"""One chain's tours and memory, flat for the same reason as :class:`solver.arrays.Arrays`.

Sums and counters (``C_``), where each table begins (``H_``), then the tables: nodes [n_nodes, 14] (``D_``); labels [n_nodes,
n_labels, 6]; tours [n_tours, 8] (``S_``; cost is without balance); workers [n_workers, 4] (``B_``); the price of leaving out each job; the bank of unserved jobs, and each job's row in it or −1; the prices of remembered insertions and the nodes they
come after [n_jobs, n_tours] each (none when too many); tours touched in this iteration, their jobs before and where they begin; next nodes of the best; a whole tour's jobs,
labels and events; two rows of labels; jobs to insert and their sort keys; the iteration in which a job was removed last; the
tours and the jobs in play (a chain may work on a part of the problem; what is out of play is unlinked, with tour −2); routes noted and their fingerprints.
"""


@njit(**INLINE)
def at_node(s: Any, x: int) -> int:
    """Return where node ``x`` begins."""
    return s[H_NODE] + x * N_NODE


@njit(**INLINE)
def at_label(a: Any, s: Any, x: int) -> int:
    """Return where the labels of node ``x`` begin."""
    return s[H_LABEL] + x * a.d[P_LABELS] * N_LABEL


@njit(**INLINE)
def at_run(s: Any, t: int) -> int:
    """Return where tour ``t`` in work begins."""
    return s[H_RUN] + t * 8


@njit(**INLINE)
def at_busy(s: Any, w: int) -> int:
    """Return where worker ``w`` in work begins."""
    return s[H_BUSY] + w * 4


def make_state(a: Arrays, seed: int, pool_words: int = 0) -> State:
    """Make the state of a chain that serves nothing yet; ``pool_words`` numbers are kept for routes seen."""
    n, tours, workers, labels = (int(a.d[p]) for p in (P_JOBS, P_TOURS, P_WORKERS, P_LABELS))
    nodes = n + 2 * tours
    whole = n + 2 if a.d[P_RATE_DURATION] else 0
    memo = n * tours if n * tours <= MEMO_CELLS_MAX else 0
    sizes = {
        H_NODE: nodes * N_NODE,
        H_LABEL: nodes * labels * N_LABEL,
        H_RUN: tours * 8,
        H_BUSY: workers * 4,
        H_SKIP: n,
        H_BANK: n,
        H_BANK_ROW: n,
        H_MEMO: memo,
        H_MEMO_PREV: memo,
        H_TOUCHED: tours + 1,
        H_SAVED: n + 1,
        H_SAVED_FIRST: tours + 2,
        H_BEST: nodes,
        H_SEQ: whole,
        H_WHOLE: whole * labels * N_LABEL,
        H_EVENT: (whole + labels) * N_EVENT if whole else 0,
        H_TWO: 2 * labels * N_LABEL,
        H_LIST: n + 1,
        H_KEY: n + 1,
        H_MARK: n,
        H_TOURS: tours,
        H_JOBS: n,
        H_POOL: pool_words,
        H_SEEN: SEEN_SLOTS if pool_words else 0,
    }
    state = np.zeros(N_STATE + sum(sizes.values()), np.int64)
    at = N_STATE
    for head, size in sizes.items():
        state[head] = at
        at += size
    state[C_MEMO] = memo > 0
    state[C_POOL] = state[H_POOL]
    state[C_POOL_END] = state[H_POOL] + pool_words
    state[C_RANDOM] = np.array([(seed * 0x9E3779B97F4A7C15 + 0xD1B54A32D192ED03) % 2**64 or 1], np.uint64).view(
        np.int64
    )[0]
    clear(a, state)
    return state


@njit(**JIT)
def clear(a: Any, s: Any) -> None:
    """Empty every tour and bring everything into play."""
    for t in range(a.d[P_TOURS]):
        s[s[H_TOURS] + t] = t
    for j in range(a.d[P_JOBS]):
        s[s[H_JOBS] + j] = j
    s[C_TOURS] = a.d[P_TOURS]
    s[C_JOBS] = a.d[P_JOBS]
    empty(a, s)


@njit(**JIT)
def empty(a: Any, s: Any) -> None:
    """Empty every tour; the bank holds the jobs in play."""
    n, tours = a.d[P_JOBS], a.d[P_TOURS]
    s[C_COST] = 0
    for j in range(n):
        s[s[H_SKIP] + j] = a.d[at_job(a, j) + J_SKIP]
        s[at_node(s, j) + D_PLACE] = a.d[at_job(a, j) + J_PLACE]
        s[at_node(s, j) + D_TOUR] = -2
        s[s[H_BANK_ROW] + j] = -1
        s[s[H_MARK] + j] = -1
    for row in range(s[C_JOBS]):
        j = s[s[H_JOBS] + row]
        s[at_node(s, j) + D_TOUR] = -1
        s[s[H_BANK] + row] = j
        s[s[H_BANK_ROW] + j] = row
        s[C_COST] += s[s[H_SKIP] + j]
    s[C_UNSERVED] = s[C_JOBS]
    for w in range(a.d[P_WORKERS]):
        s[at_busy(s, w) + B_BUSY] = 0
        s[at_busy(s, w) + B_BALANCE] = 0
        s[at_busy(s, w) + B_TOUCHED] = -1
    for t in range(tours):
        head, tail = n + t, n + tours + t
        s[at_node(s, head) + D_NEXT] = tail
        s[at_node(s, head) + D_PREV] = -1
        s[at_node(s, head) + D_PLACE] = a.d[at_tour(a, t) + T_START_PLACE]
        s[at_node(s, head) + D_TOUR] = t
        s[at_node(s, tail) + D_PREV] = head
        s[at_node(s, tail) + D_NEXT] = -1
        s[at_node(s, tail) + D_PLACE] = a.d[at_tour(a, t) + T_END_PLACE]
        s[at_node(s, tail) + D_TOUR] = t
        for column in range(8):
            s[at_run(s, t) + column] = 0
        s[at_run(s, t) + S_TOUCHED] = -1
        refresh(a, s, t)
    s[C_BEST] = INF
    if s[C_MEMO] != 0:
        for j in range(n):
            for t in range(tours):
                fit = a.d[at_fit(a, a.d[at_job(a, j) + J_PROFILE], a.d[at_tour(a, t) + T_WORKER])]
                s[s[H_MEMO] + j * tours + t] = UNFIT if fit < 0 else STALE


@njit(**JIT)
def forget(a: Any, s: Any, t: int) -> None:
    """Mark what is remembered of insertions into tour ``t`` as stale."""
    if s[C_MEMO] == 0:
        return
    for row in range(s[C_JOBS]):
        at = s[H_MEMO] + s[s[H_JOBS] + row] * a.d[P_TOURS] + t
        if s[at] < UNFIT:
            s[at] = STALE


@njit(**INLINE)
def free_leg(a: Any, speed: int, origin: int, destination: int) -> tuple[int, int]:
    """Return a leg; to or from an open end it is nothing."""
    seconds = np.int64(0)
    metres = np.int64(0)
    if origin >= 0 and destination >= 0:
        seconds, metres = leg(a, speed, origin, destination)
    return seconds, metres


@njit(**JIT)
def balance_of(a: Any, busy_s: int) -> int:
    """Price one worker's busy seconds, as :func:`solver.problem.balance_grains`."""
    cents = a.d[P_BALANCE]
    if cents == 0:
        return np.int64(0)
    unit = np.int64(3600 * 3600)
    return (busy_s * busy_s * cents * 200 + unit) // (2 * unit) * 180


@njit(**JIT)
def whole_cost(a: Any, s: Any, t: int, count: int) -> tuple[int, int, int]:
    """Price the tour whose jobs stand in ``seq``, timed anew, departure put off; (cost or DEAD, travel, service)."""
    start = a.d[at_tour(a, t) + T_START_PLACE]
    depart = a.d[at_tour(a, t) + T_START]
    cost, moved, work, _, chosen, closing = run(a, s, t, depart, start, s[H_SEQ], count, s[H_WHOLE])
    if cost == DEAD:
        return cost, moved, work
    events = trace(a, s, t, depart, start, s[H_SEQ], count, s[H_WHOLE], chosen, closing, s[H_EVENT])
    later = put_off(a, s, t, s[H_EVENT], events)
    if later > depart:
        cost2, moved2, work2, _, _, _ = run(a, s, t, later, start, s[H_SEQ], count, s[H_WHOLE])
        if cost2 < cost:
            return cost2, moved2, work2
    return cost, moved, work


@njit(**JIT)
def refresh(a: Any, s: Any, t: int) -> bool:
    """Bring a tour's labels, sums, price and latest times up to date; False if it is not possible as it stands.

    The worker's busy time and balance and the total follow.
    """
    head = a.d[P_JOBS] + t
    return refresh_after(a, s, t, head, s[at_node(s, head + a.d[P_TOURS]) + D_PREV])


@njit(**JIT)
def refresh_after(a: Any, s: Any, t: int, since: int, back: int) -> bool:
    """As :func:`refresh`, when nothing changed up to node ``since``, nor behind node ``back``."""
    n, tours = a.d[P_JOBS], a.d[P_TOURS]
    head, tail = n + t, n + tours + t
    tour = at_tour(a, t)
    run_t = at_run(s, t)
    speed, w, kind, last = a.d[tour + T_SPEED], a.d[tour + T_WORKER], a.d[tour + T_KIND], a.d[tour + T_LAST]
    depart = a.d[tour + T_START]
    plain = a.d[P_PLAIN] != 0
    slowest = a.d[P_SLOWEST]
    old = at_node(s, since)
    if since == head:
        if not plain:
            start_labels(a, s, t, depart, at_label(a, s, head))
        s[old + D_TIME] = depart
        s[old + D_SUM_S] = 0
        s[old + D_SUM_WORK] = 0
        s[old + D_SUM_M] = 0
        s[old + D_SUM_FIT] = 0
        s[old + D_RANK] = 0
    possible = True
    labels = a.d[tour + T_BREAK_END] - a.d[tour + T_BREAK] + 1
    time, sum_s, sum_work = s[old + D_TIME], s[old + D_SUM_S], s[old + D_SUM_WORK]
    metres, fit, rank = s[old + D_SUM_M], s[old + D_SUM_FIT], s[old + D_RANK]
    i = since
    place = s[old + D_PLACE]
    while True:
        x = s[old + D_NEXT]
        new = at_node(s, x)
        there = s[new + D_PLACE]
        seconds, far = free_leg(a, speed, place, there)
        s[old + D_LEG_S] = seconds
        s[old + D_LEG_M] = far
        s[old + D_MOST_S] = seconds
        if x == tail:
            s[old + D_MOST_S] = (seconds * slowest + 999) // 1000 if rank > 0 else 0
            break
        metres += far
        pair = a.d[at_fit(a, a.d[at_job(a, x) + J_PROFILE], w)]
        if pair < 0 or seconds < 0:
            possible = False
        if possible:
            if plain:
                service = np.int64(a.g[at_service(a, x, kind)])
                moment = max(time + seconds, a.d[at_job(a, x) + J_OPENS])
                time = moment + service
                sum_s += seconds
                sum_work += service
                possible = (
                    moment <= a.d[at_job(a, x) + J_CLOSES]
                    and time <= last
                    and time <= a.d[at_finish(a, a.d[at_job(a, x) + J_PROFILE], w)]
                )
            else:
                lab = at_label(a, s, x)
                possible = advance(a, s, t, at_label(a, s, i), place, i < n, x, lab) > 0
                time = s[lab + L_TIME]
                for k in range(1, labels):
                    time = min(time, s[lab + k * N_LABEL + L_TIME])
                if slowest > 1000 and possible:
                    # the most seconds that this leg takes in any label: what an insertion can save at best
                    most = np.int64(0)
                    source = at_label(a, s, i)
                    for k in range(labels):
                        if s[lab + k * N_LABEL + L_TIME] != DEAD:
                            led = source + s[lab + k * N_LABEL + L_FROM] * N_LABEL
                            most = max(most, s[lab + k * N_LABEL + L_TRAVEL] - s[led + L_TRAVEL])
                    s[old + D_MOST_S] = most
        fit += pair
        rank += 1
        s[new + D_TIME] = time
        s[new + D_SUM_S] = sum_s
        s[new + D_SUM_WORK] = sum_work
        s[new + D_SUM_M] = metres
        s[new + D_SUM_FIT] = fit
        s[new + D_RANK] = rank
        s[new + D_TOUR] = t
        i = x
        old = new
        place = there
    cost = np.int64(0)
    moved = np.int64(0)
    work = np.int64(0)
    if rank > 0:
        metres += far
        if seconds < 0:
            possible = False
        if possible:
            if plain:
                moved = sum_s + seconds
                work = sum_work
                cost = moved * a.d[P_RATE_S]
                possible = time + seconds <= last and moved <= a.d[tour + T_MAX_TRAVEL]
            elif a.d[P_RATE_DURATION] != 0:
                x = s[at_node(s, head) + D_NEXT]
                count = 0
                while x != tail:
                    s[s[H_SEQ] + count] = x
                    count += 1
                    x = s[at_node(s, x) + D_NEXT]
                cost, moved, work = whole_cost(a, s, t, count)
            else:
                cost, moved, work, _, _, _ = close(a, s, t, at_label(a, s, i), place, depart)
            if cost == DEAD:
                possible = False
                cost = np.int64(0)
            else:
                cost += fit + metres * a.d[P_RATE_M] + a.d[P_USE]
    if rank > a.d[tour + T_MAX_JOBS]:
        possible = False
    busy = at_busy(s, w)
    before = s[run_t + S_COST] + s[busy + B_BALANCE]
    s[busy + B_BUSY] += moved + work - s[run_t + S_TRAVEL] - s[run_t + S_WORK]
    s[busy + B_BALANCE] = balance_of(a, s[busy + B_BUSY])
    s[run_t + S_LENGTH] = rank
    s[run_t + S_COST] = cost
    s[run_t + S_TRAVEL] = moved
    s[run_t + S_WORK] = work
    s[run_t + S_FIT] = fit
    s[run_t + S_METRES] = metres if rank > 0 else 0
    s[C_COST] += cost + s[busy + B_BALANCE] - before
    if s[busy + B_BUSY] > a.d[at_worker(a, w) + W_MAX_BUSY]:
        possible = False
    # latest begin at each node by windows, lapses and the tour's end alone: a necessary condition
    s[at_node(s, tail) + D_LATEST] = last
    x = back
    while x != head:
        node = at_node(s, x)
        job = at_job(a, x)
        latest = s[at_node(s, s[node + D_NEXT]) + D_LATEST] - s[node + D_LEG_S]
        latest = min(latest, min(a.d[at_finish(a, a.d[job + J_PROFILE], w)], last)) - a.g[at_service(a, x, kind)]
        s[node + D_LATEST] = min(latest, a.d[job + J_CLOSES])
        x = s[node + D_PREV]
    return possible


@njit(**JIT)
def try_insert(a: Any, s: Any, j: int, i: int, t: int, given: int) -> int:
    """Return what inserting job ``j`` after node ``i`` of tour ``t`` adds to the total, or INF.

    ``given`` is the part that is known: the fit of the pair and the metres.
    """
    n = a.d[P_JOBS]
    w = a.d[at_tour(a, t) + T_WORKER]
    now = s[H_TWO]
    other = now + a.d[P_LABELS] * N_LABEL
    if advance(a, s, t, at_label(a, s, i), s[at_node(s, i) + D_PLACE], i < n, j, now) == 0:
        return INF
    labels = a.d[at_tour(a, t) + T_BREAK_END] - a.d[at_tour(a, t) + T_BREAK] + 1
    place = a.d[at_job(a, j) + J_PLACE]
    x = s[at_node(s, i) + D_NEXT]
    old_cost = s[at_run(s, t) + S_COST]
    while x < n:
        if s[now + L_TIME] > s[at_node(s, x) + D_LATEST] and labels == 1:
            return INF
        if advance(a, s, t, now, place, True, x, other) == 0:
            return INF
        now, other = other, now
        old = at_label(a, s, x)
        place = s[at_node(s, x) + D_PLACE]
        living = 0
        alike = True
        at = 0
        for k in range(labels):
            if s[now + k * N_LABEL + L_TIME] != s[old + k * N_LABEL + L_TIME]:
                alike = False
                break
            if s[now + k * N_LABEL + L_TIME] != DEAD:
                living += 1
                at = k
        if alike and living == 1:
            late = s[now + at * N_LABEL + L_LATE] - s[old + at * N_LABEL + L_LATE]
            moved = s[now + at * N_LABEL + L_TRAVEL] - s[old + at * N_LABEL + L_TRAVEL]
            work = s[now + at * N_LABEL + L_WORK] - s[old + at * N_LABEL + L_WORK]
            if s[at_run(s, t) + S_TRAVEL] + moved > a.d[at_tour(a, t) + T_MAX_TRAVEL]:
                return INF
            busy = s[at_busy(s, w) + B_BUSY] + moved + work
            if busy > a.d[at_worker(a, w) + W_MAX_BUSY]:
                return INF
            return given + late + moved * a.d[P_RATE_S] + balance_of(a, busy) - s[at_busy(s, w) + B_BALANCE]
        x = s[at_node(s, x) + D_NEXT]
    cost, moved, work, _, _, _ = close(a, s, t, now, place, a.d[at_tour(a, t) + T_START])
    if cost == DEAD:
        return INF
    busy = s[at_busy(s, w) + B_BUSY] + moved + work - s[at_run(s, t) + S_TRAVEL] - s[at_run(s, t) + S_WORK]
    if busy > a.d[at_worker(a, w) + W_MAX_BUSY]:
        return INF
    if s[at_run(s, t) + S_LENGTH] > 0:
        old_cost -= s[at_run(s, t) + S_FIT] + s[at_run(s, t) + S_METRES] * a.d[P_RATE_M] + a.d[P_USE]
    return given + cost - old_cost + balance_of(a, busy) - s[at_busy(s, w) + B_BALANCE]


@njit(**JIT)
def try_insert_whole(a: Any, s: Any, j: int, i: int, t: int, given: int) -> int:
    """As :func:`try_insert`, timing the whole tour: for prices of duration."""
    n = a.d[P_JOBS]
    w = a.d[at_tour(a, t) + T_WORKER]
    count = 0
    x = n + t
    while True:
        if x < n:
            s[s[H_SEQ] + count] = x
            count += 1
        if x == i:
            s[s[H_SEQ] + count] = j
            count += 1
        x = s[at_node(s, x) + D_NEXT]
        if x >= n:
            break
    cost, moved, work = whole_cost(a, s, t, count)
    if cost == DEAD:
        return INF
    busy = s[at_busy(s, w) + B_BUSY] + moved + work - s[at_run(s, t) + S_TRAVEL] - s[at_run(s, t) + S_WORK]
    if busy > a.d[at_worker(a, w) + W_MAX_BUSY]:
        return INF
    old_cost = s[at_run(s, t) + S_COST]
    if s[at_run(s, t) + S_LENGTH] > 0:
        old_cost -= s[at_run(s, t) + S_FIT] + s[at_run(s, t) + S_METRES] * a.d[P_RATE_M] + a.d[P_USE]
    return given + cost - old_cost + balance_of(a, busy) - s[at_busy(s, w) + B_BALANCE]


@njit(**INLINE)
def blinks(s: Any, per_65536: int) -> bool:
    """Say whether this position is passed over; draws a number."""
    x = np.uint64(s[C_RANDOM])
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    s[C_RANDOM] = np.int64(x)
    return np.int64((x * np.uint64(2685821657736338717)) >> np.uint64(48)) < per_65536


@njit(**JIT)
def scan(a: Any, s: Any, j: int, t: int, bound: int, blink: int) -> tuple[int, int]:
    """Find the cheapest place for job ``j`` in tour ``t``.

    Returns what it adds and the node it comes after. A node of −1 says that there is no place below the price returned (INF:
    none at all).
    """
    n, tours = a.d[P_JOBS], a.d[P_TOURS]
    w = a.d[at_tour(a, t) + T_WORKER]
    fit = a.d[at_fit(a, a.d[at_job(a, j) + J_PROFILE], w)]
    best = bound
    where = np.int64(-1)
    if fit < 0 or s[at_run(s, t) + S_LENGTH] >= a.d[at_tour(a, t) + T_MAX_JOBS]:
        return INF, where
    here = a.d[at_job(a, j) + J_PLACE]
    speed = a.d[at_tour(a, t) + T_SPEED]
    kind = a.d[at_tour(a, t) + T_KIND]
    rate_s, rate_m = a.d[P_RATE_S], a.d[P_RATE_M]
    opens, closes = a.d[at_job(a, j) + J_OPENS], a.d[at_job(a, j) + J_CLOSES]
    short = np.int64(a.g[at_service(a, j, kind) + 0])
    plain = a.d[P_PLAIN] != 0
    whole = a.d[P_RATE_DURATION] != 0
    soft = a.d[at_job(a, j) + J_SOFT] != 0
    last = min(a.d[at_finish(a, a.d[at_job(a, j) + J_PROFILE], w)], a.d[at_tour(a, t) + T_LAST])
    base_price = fit
    if s[at_run(s, t) + S_LENGTH] == 0:
        base_price += a.d[P_USE]
    work_floor = balance_of(a, s[at_busy(s, w) + B_BUSY] + short) - s[at_busy(s, w) + B_BALANCE]
    cut = False
    if plain and base_price + work_floor >= bound:
        return bound, where
    tail = n + tours + t
    i = n + t
    while i != tail:
        if s[at_node(s, i) + D_TIME] > closes:
            break
        x = s[at_node(s, i) + D_NEXT]
        if max(opens, s[at_node(s, i) + D_TIME]) + short > s[at_node(s, x) + D_LATEST]:
            i = x
            continue
        s[C_EVALUATED] += 1
        in_s, in_m = leg(a, speed, s[at_node(s, i) + D_PLACE], here)
        out_s = np.int64(0)
        out_m = np.int64(0)
        if s[at_node(s, x) + D_PLACE] >= 0:
            out_s, out_m = leg(a, speed, here, s[at_node(s, x) + D_PLACE])
        if in_s < 0 or out_s < 0:
            i = x
            continue
        gone_s = s[at_node(s, i) + D_LEG_S]
        gone_m = s[at_node(s, i) + D_LEG_M]
        if s[at_run(s, t) + S_LENGTH] == 0:
            gone_s = np.int64(0)
            gone_m = np.int64(0)
        # the next job may save its set-up behind this one: then no floor holds
        saves = not plain and x < n and s[at_node(s, x) + D_PLACE] == here
        given = base_price + (in_m + out_m - gone_m) * rate_m
        moved = in_s + out_s - gone_s
        floor = given + (in_s + out_s - s[at_node(s, i) + D_MOST_S]) * rate_s + work_floor
        if floor >= best and not saves:
            cut = True
            i = x
            continue
        arrive = s[at_node(s, i) + D_TIME] + in_s
        moment = max(arrive, opens)
        end = moment + short
        if moment > closes or end > last or end + out_s > s[at_node(s, x) + D_LATEST]:
            i = x
            continue
        if soft and not saves and floor + lateness(a, j, moment, end) >= best:
            cut = True
            i = x
            continue
        if blink > 0 and blinks(s, blink):
            i = x
            continue
        if plain:
            busy = s[at_busy(s, w) + B_BUSY] + moved + short
            if (
                s[at_run(s, t) + S_TRAVEL] + moved > a.d[at_tour(a, t) + T_MAX_TRAVEL]
                or busy > a.d[at_worker(a, w) + W_MAX_BUSY]
            ):
                i = x
                continue
            price_here = given + moved * rate_s + balance_of(a, busy) - s[at_busy(s, w) + B_BALANCE]
        elif whole:
            price_here = try_insert_whole(a, s, j, i, t, given)
        else:
            price_here = try_insert(a, s, j, i, t, given)
        if price_here < best:
            best = price_here
            where = i
        elif price_here < INF:
            cut = True
        i = x
    if where < 0 and not cut:
        best = INF
    return best, where


@njit(**JIT)
def touch(a: Any, s: Any, t: int) -> None:
    """Remember a tour as it is before its first change in this iteration."""
    it = s[C_ITERATION]
    if s[at_run(s, t) + S_TOUCHED] == it:
        return
    n, tours = a.d[P_JOBS], a.d[P_TOURS]
    s[at_run(s, t) + S_TOUCHED] = it
    s[at_busy(s, a.d[at_tour(a, t) + T_WORKER]) + B_TOUCHED] = it
    row = s[C_TOUCHED]
    s[s[H_TOUCHED] + row] = t
    at = s[C_SAVED]
    s[s[H_SAVED_FIRST] + row] = at
    x = s[at_node(s, n + t) + D_NEXT]
    tail = n + tours + t
    while x != tail:
        s[s[H_SAVED] + at] = x
        at += 1
        x = s[at_node(s, x) + D_NEXT]
    s[s[H_SAVED_FIRST] + row + 1] = at
    s[C_SAVED] = at
    s[C_TOUCHED] = row + 1


@njit(**JIT)
def link(a: Any, s: Any, j: int, i: int, t: int) -> None:
    """Put job ``j`` behind node ``i`` of tour ``t`` and take it from the bank; the labels are not brought up to date."""
    x = s[at_node(s, i) + D_NEXT]
    s[at_node(s, i) + D_NEXT] = j
    s[at_node(s, j) + D_PREV] = i
    s[at_node(s, j) + D_NEXT] = x
    s[at_node(s, x) + D_PREV] = j
    s[at_node(s, j) + D_TOUR] = t
    row = s[s[H_BANK_ROW] + j]
    if row >= 0:
        s[C_UNSERVED] -= 1
        other = s[s[H_BANK] + s[C_UNSERVED]]
        s[s[H_BANK] + row] = other
        s[s[H_BANK_ROW] + other] = row
        s[s[H_BANK_ROW] + j] = -1
        s[C_COST] -= s[s[H_SKIP] + j]


@njit(**JIT)
def unlink(a: Any, s: Any, j: int) -> None:
    """Take job ``j`` out of its tour into the bank; the labels are not brought up to date."""
    i, x = s[at_node(s, j) + D_PREV], s[at_node(s, j) + D_NEXT]
    s[at_node(s, i) + D_NEXT] = x
    s[at_node(s, x) + D_PREV] = i
    s[at_node(s, j) + D_TOUR] = -1
    row = s[C_UNSERVED]
    s[s[H_BANK] + row] = j
    s[s[H_BANK_ROW] + j] = row
    s[C_UNSERVED] = row + 1
    s[C_COST] += s[s[H_SKIP] + j]


@njit(**JIT)
def set_tour(a: Any, s: Any, t: int, jobs: Any, first: int, end: int) -> None:
    """Make ``jobs[first:end]`` the content of tour ``t``, which must not hold other served jobs that are kept elsewhere."""
    n, tours = a.d[P_JOBS], a.d[P_TOURS]
    x = s[at_node(s, n + t) + D_NEXT]
    while x < n:
        after = s[at_node(s, x) + D_NEXT]
        if s[at_node(s, x) + D_TOUR] == t:
            unlink(a, s, x)
        x = after
    s[at_node(s, n + t) + D_NEXT] = n + tours + t
    s[at_node(s, n + tours + t) + D_PREV] = n + t
    i = n + t
    for row in range(first, end):
        link(a, s, jobs[row], i, t)
        i = jobs[row]


@njit(**JIT)
def is_as_saved(a: Any, s: Any, row: int) -> bool:
    """Say whether the touched tour in ``row`` holds what it held before."""
    n = a.d[P_JOBS]
    x = s[at_node(s, n + s[s[H_TOUCHED] + row]) + D_NEXT]
    for at in range(s[s[H_SAVED_FIRST] + row], s[s[H_SAVED_FIRST] + row + 1]):
        if x != s[s[H_SAVED] + at]:
            return False
        x = s[at_node(s, x) + D_NEXT]
    return x >= n


@njit(**JIT)
def note_tour(a: Any, s: Any, t: int) -> None:
    """Note the present content of a tour for route selection: tour, count, cost, travel and service seconds, jobs.

    The same jobs at the same price are noted once (but for collisions), and none when the space is full.
    """
    n = a.d[P_JOBS]
    count = s[at_run(s, t) + S_LENGTH]
    at = s[C_POOL]
    if count == 0 or at + 5 + count > s[C_POOL_END]:
        return
    mark = np.uint64(t + 1) * np.uint64(0x9E3779B97F4A7C15) ^ np.uint64(s[at_run(s, t) + S_COST])
    x = s[at_node(s, n + t) + D_NEXT]
    while x < n:
        bits = np.uint64(x + 1) * np.uint64(0xBF58476D1CE4E5B9)
        mark += bits ^ (bits >> np.uint64(29))
        x = s[at_node(s, x) + D_NEXT]
    mark ^= mark >> np.uint64(31)
    slot = s[H_SEEN] + np.int64(mark & np.uint64(SEEN_SLOTS - 1))
    if s[slot] == np.int64(mark):
        return
    s[slot] = np.int64(mark)
    s[at] = t
    s[at + 1] = count
    s[at + 2] = s[at_run(s, t) + S_COST]
    s[at + 3] = s[at_run(s, t) + S_TRAVEL]
    s[at + 4] = s[at_run(s, t) + S_WORK]
    at += 5
    x = s[at_node(s, n + t) + D_NEXT]
    while x < n:
        s[at] = x
        at += 1
        x = s[at_node(s, x) + D_NEXT]
    s[C_POOL] = at


@njit(**JIT)
def undo(a: Any, s: Any) -> None:
    """Put every touched tour back as it was remembered."""
    n = a.d[P_JOBS]
    count = s[C_TOUCHED]
    for row in range(count):
        t = s[s[H_TOUCHED] + row]
        if is_as_saved(a, s, row):
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
def load(a: Any, s: Any, tours: Any, jobs: Any, content: Any, first: Any) -> bool:
    """Bring only ``tours`` and ``jobs`` into play; tour ``tours[row]`` holds ``content[first[row]:first[row + 1]]``.

    Returns False where a tour is not possible (it is then left empty).
    """
    s[C_TOURS] = len(tours)
    s[C_JOBS] = len(jobs)
    for row in range(len(tours)):
        s[s[H_TOURS] + row] = tours[row]
    for row in range(len(jobs)):
        s[s[H_JOBS] + row] = jobs[row]
    empty(a, s)
    fine = True
    for row in range(len(tours)):
        t = tours[row]
        set_tour(a, s, t, content, first[row], first[row + 1])
        if not refresh(a, s, t):
            set_tour(a, s, t, content, first[row], first[row])
            refresh(a, s, t)
            fine = False
    return fine


def load_routes(
    a: Arrays,
    s: State,
    routes: Sequence[Sequence[int]],
    tours: I64 | None = None,
    jobs: I64 | None = None,
) -> bool:
    """Make the state hold these routes (``routes[t]`` lists jobs); tours that are not possible are left empty.

    With ``tours`` and ``jobs`` only those come into play. Returns whether all tours were possible.
    """
    if tours is None:
        tours = np.arange(int(a.d[P_TOURS]))
    if jobs is None:
        jobs = np.arange(int(a.d[P_JOBS]))
    held = [routes[t] for t in tours]
    first = np.zeros(len(held) + 1, np.int64)
    first[1:] = np.cumsum([len(route) for route in held])
    content = np.array([j for route in held for j in route], np.int64)
    return bool(load(a, s, tours, jobs, content, first))


def read_routes(a: Arrays, s: State, *, best: bool = False) -> tuple[tuple[int, ...], ...]:
    """Read the present routes off a state, or the best ones."""
    n, tours = int(a.d[P_JOBS]), int(a.d[P_TOURS])
    nodes = n + 2 * tours
    at = int(s[H_NODE])
    follow = (s[s[H_BEST] : s[H_BEST] + nodes] if best else s[at : at + N_NODE * nodes : N_NODE]).tolist()
    routes = []
    for t in range(tours):
        route = []
        x = follow[n + t]
        while x < n:
            route.append(x)
            x = follow[x]
        routes.append(tuple(route))
    return tuple(routes)


KINDS = ("start", "visit", "break", "end")


def time_tour(problem: Problem, tour: int, jobs: tuple[int, ...], arrays: Arrays | None = None) -> Timed | None:
    """Time and price one tour by the kernels; None where it is not possible.

    Fit is included, balance and ``worker_max_busy_s`` over several tours are not. ``arrays`` saves packing again.
    """
    a = pack(problem) if arrays is None else arrays
    worker = int(problem.tour_worker[tour])
    profiles = problem.job_profile[list(jobs)]
    if len(jobs) > problem.tour_max_jobs[tour] or (problem.fit_grains[profiles, worker] < 0).any():
        return None
    if not jobs:
        return Timed(0, 0, 0, int(problem.tour_start_s[tour]), int(problem.tour_start_s[tour]), ())
    labels = int(a.d[P_LABELS])
    count = len(jobs)
    seq, lab = N_STATE, N_STATE + count
    ev = lab + (count + 2) * labels * N_LABEL
    s = np.zeros(ev + (count + 2 + labels) * N_EVENT, np.int64)
    s[seq : seq + count] = jobs
    cost, moved, work, depart, end, events_count = (int(value) for value in _time(a, s, tour, seq, count, lab, ev))
    if cost == DEAD:
        return None
    rows = s[ev : ev + events_count * N_EVENT].reshape(-1, N_EVENT).tolist()
    events = tuple(Event(KINDS[row[E_KIND]], *row[E_ROW : E_METRES + 1]) for row in rows)
    cost += int(problem.fit_grains[profiles, worker].sum()) + problem.use_grains
    cost += sum(event.travel_m for event in events) * problem.travel_grains_per_m
    return Timed(cost, moved, work, depart, end, events)


@njit(**JIT)
def _time(a: Any, s: Any, t: int, seq: int, count: int, lab: int, ev: int) -> tuple[int, int, int, int, int, int]:
    start = a.d[at_tour(a, t) + T_START_PLACE]
    depart = a.d[at_tour(a, t) + T_START]
    cost, moved, work, end, chosen, closing = run(a, s, t, depart, start, seq, count, lab)
    if cost == DEAD:
        return cost, moved, work, depart, end, np.int64(0)
    events = trace(a, s, t, depart, start, seq, count, lab, chosen, closing, ev)
    if a.d[P_RATE_DURATION] != 0:
        later = put_off(a, s, t, ev, events)
        if later > depart:
            cost2, moved2, work2, end2, chosen2, closing2 = run(a, s, t, later, start, seq, count, lab)
            if cost2 < cost:
                events = trace(a, s, t, later, start, seq, count, lab, chosen2, closing2, ev)
                return cost2, moved2, work2, later, end2, events
    return cost, moved, work, depart, end, events
