"""Tours under change: the state of a search, pricing one insertion, keeping labels fresh.

Tours are doubly linked lists over *nodes*: job j is node j, the start of tour t is node n_jobs + t, its end is node n_jobs +
n_tours + t. Each node keeps the labels of the clock (:mod:`solver.mechanisms.clock`), so that an insertion is priced by
advancing from the place of insertion only until the times are as before.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.arrays import (
    J_CLOSES,
    J_OPENS,
    J_PLACE,
    J_PROFILE,
    P_BALANCE,
    P_LABELS,
    P_PLAIN,
    P_RATE_DURATION,
    P_RATE_M,
    P_RATE_S,
    P_SLOWEST,
    P_USE,
    T_ABSENCE,
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
    W_TOUR,
    W_TOUR_END,
    Arrays,
    pack,
)
from solver.jit import INLINE, JIT, njit
from solver.mechanisms.clock import (
    DEAD,
    E_ARRIVE,
    E_BEGIN,
    E_KIND,
    E_LEAVE,
    E_METRES,
    E_PLACE,
    E_ROW,
    E_TRAVEL,
    L_LATE,
    L_TIME,
    L_TRAVEL,
    L_WORK,
    N_EVENT,
    N_LABEL,
    advance,
    close,
    leg,
    put_off,
    run,
    start_labels,
    trace,
)
from solver.problem import I64, Event, Problem, Timed

__all__ = ["Arrays", "State", "load_routes", "make_state", "pack", "price", "time_tour"]

INF = np.int64(1 << 61)
"""The price of what cannot be."""

# columns of State.node
D_NEXT, D_PREV, D_PLACE, D_TOUR, D_LEG_S, D_LEG_M, D_LATEST, D_TIME = range(8)

# columns of State.tour
S_LENGTH, S_COST, S_TRAVEL, S_WORK, S_FIT, S_METRES, S_STAMP, S_TOUCHED = range(8)

# columns of State.worker
B_BUSY, B_TOUCHED, B_BALANCE = range(3)

# columns of State.total
(
    C_COST,
    C_BEST,
    C_UNSERVED,
    C_STAMP,
    C_ITERATION,
    C_USED,
    C_BEST_AT,
    C_EVALUATED,
    C_ACCEPTED,
    C_BEST_UNSERVED,
    C_TOUCHED,
    C_SAVED,
    C_POOL,
    C_ADVANCED,
) = range(14)


class State(NamedTuple):
    """One chain's tours and memory.

    ``node`` int64[n_nodes, 8] (``D_``); ``lab`` int64[n_nodes, n_labels, 6]; ``tour`` int64[n_tours, 8] (``S_``; cost is without
    balance); ``worker`` int64[n_workers, 3] (``B_``); ``total`` int64[14] (``C_``); ``skip`` int64[n_jobs] the price of leaving out
    at this temperature; ``bank`` int32[n_jobs] the unserved, ``bank_row`` int32[n_jobs] where in it, or −1; ``memo_*``
    [n_jobs, n_tours] the best insertion into a tour at a stamp (one row when switched off); ``touched`` int32[n_tours] tours
    changed in this iteration, ``saved`` int32[…] their jobs before, ``saved_first`` int32[n_tours + 1]; ``best`` int32[n_nodes] next
    nodes of the best; ``seq``, ``rlab``, ``ev`` scratch for a whole tour; ``two`` scratch labels; ``list`` and ``key`` scratch for the jobs
    to insert; ``mark`` int64[n_jobs] the iteration in which a job was removed last; ``rng`` uint64[1].
    """

    node: I64
    lab: I64
    tour: I64
    worker: I64
    total: I64
    skip: I64
    bank: NDArray[np.int32]
    bank_row: NDArray[np.int32]
    memo_stamp: I64
    memo_cost: I64
    memo_prev: NDArray[np.int32]
    touched: NDArray[np.int32]
    saved: NDArray[np.int32]
    saved_first: NDArray[np.int32]
    best: NDArray[np.int32]
    seq: NDArray[np.int32]
    rlab: I64
    ev: I64
    two: I64
    list: NDArray[np.int32]
    key: NDArray[np.float64]
    mark: I64
    rng: NDArray[np.uint64]


MEMO_CELLS_MAX = 6_000_000


def make_state(a: Arrays, seed: int) -> State:
    """Make the state of a chain that serves nothing yet."""
    n, tours, labels = len(a.job), len(a.tour), int(a.par[P_LABELS])
    nodes = n + 2 * tours
    whole = n + 2 if a.par[P_RATE_DURATION] else 1
    memo = n if n * tours <= MEMO_CELLS_MAX else 1
    columns = tours if memo == n else 1
    state = State(
        node=np.zeros((nodes, 8), np.int64),
        lab=np.full((nodes, labels, N_LABEL), DEAD, np.int64),
        tour=np.zeros((tours, 8), np.int64),
        worker=np.zeros((len(a.worker), 3), np.int64),
        total=np.zeros(14, np.int64),
        skip=a.job[:, 1].copy(),
        bank=np.arange(n, dtype=np.int32),
        bank_row=np.arange(n, dtype=np.int32),
        memo_stamp=np.zeros((memo, columns), np.int64),
        memo_cost=np.zeros((memo, columns), np.int64),
        memo_prev=np.zeros((memo, columns), np.int32),
        touched=np.zeros(tours + 1, np.int32),
        saved=np.zeros(n + 1, np.int32),
        saved_first=np.zeros(tours + 2, np.int32),
        best=np.zeros(nodes, np.int32),
        seq=np.zeros(whole, np.int32),
        rlab=np.zeros((whole + 1, labels, N_LABEL), np.int64),
        ev=np.zeros((whole + 8 * labels if whole > 1 else 1, N_EVENT), np.int64),
        two=np.full((2, labels, N_LABEL), DEAD, np.int64),
        list=np.zeros(n + 1, np.int32),
        key=np.zeros(n + 1, np.float64),
        mark=np.zeros(n, np.int64),
        rng=np.array([(seed * 0x9E3779B97F4A7C15 + 0xD1B54A32D192ED03) % 2**64 or 1], np.uint64),
    )
    clear(a, state)
    return state


@njit(**JIT)
def clear(a: Any, s: Any) -> None:
    """Empty every tour."""
    n, tours = a.job.shape[0], a.tour.shape[0]
    s.total[:] = 0
    s.total[C_STAMP] = 1
    s.memo_stamp[:] = 0
    for j in range(n):
        s.node[j, D_PLACE] = a.job[j, J_PLACE]
        s.node[j, D_TOUR] = -1
        s.bank[j] = j
        s.bank_row[j] = j
        s.total[C_COST] += s.skip[j]
    s.total[C_UNSERVED] = n
    s.worker[:] = 0
    for t in range(tours):
        head, tail = n + t, n + tours + t
        s.node[head, D_NEXT] = tail
        s.node[head, D_PREV] = -1
        s.node[head, D_PLACE] = a.tour[t, T_START_PLACE]
        s.node[head, D_TOUR] = t
        s.node[tail, D_PREV] = head
        s.node[tail, D_NEXT] = -1
        s.node[tail, D_PLACE] = a.tour[t, T_END_PLACE]
        s.node[tail, D_TOUR] = t
        s.tour[t, :] = 0
        s.tour[t, S_TOUCHED] = -1
        s.total[C_STAMP] += 1
        s.tour[t, S_STAMP] = s.total[C_STAMP]
        refresh(a, s, t)
    for w in range(a.worker.shape[0]):
        s.worker[w, B_TOUCHED] = -1
    s.total[C_BEST] = INF


@njit(**INLINE)
def free_leg(a, speed, origin, destination):  # type: ignore[no-untyped-def]
    """Return a leg; to or from an open end it is nothing."""
    seconds = np.int64(0)
    metres = np.int64(0)
    if origin >= 0 and destination >= 0:
        seconds, metres = leg(a, speed, origin, destination)
    return seconds, metres


@njit(**JIT)
def balance_of(a: Any, busy_s: int) -> int:
    """Price one worker's busy seconds, as :func:`solver.problem.balance_grains`."""
    cents = a.par[P_BALANCE]
    if cents == 0:
        return np.int64(0)
    unit = np.int64(3600 * 3600)
    return (busy_s * busy_s * cents * 200 + unit) // (2 * unit) * 180


@njit(**JIT)
def whole_cost(a: Any, s: Any, t: int, count: int) -> tuple[int, int, int]:
    """Price the tour whose jobs stand in ``seq``, timed anew, departure put off; (cost or DEAD, travel, service)."""
    start = a.tour[t, T_START_PLACE]
    depart = a.tour[t, T_START]
    cost, moved, work, _, chosen, closing = run(a, t, depart, start, s.seq, count, s.rlab)
    if cost == DEAD:
        return cost, moved, work
    events = trace(a, t, depart, start, s.seq, count, s.rlab, chosen, closing, s.ev)
    later = put_off(a, t, s.ev, events)
    if later > depart:
        cost2, moved2, work2, _, _, _ = run(a, t, later, start, s.seq, count, s.rlab)
        if cost2 < cost:
            return cost2, moved2, work2
    return cost, moved, work


@njit(**JIT)
def refresh(a: Any, s: Any, t: int) -> bool:
    """Bring a tour's labels, sums, price and latest times up to date; False if it is not possible as it stands.

    The worker's busy time and balance and the total follow.
    """
    n, tours = a.job.shape[0], a.tour.shape[0]
    head, tail = n + t, n + tours + t
    speed, w, kind = a.tour[t, T_SPEED], a.tour[t, T_WORKER], a.tour[t, T_KIND]
    depart = a.tour[t, T_START]
    start_labels(a, t, depart, s.lab, head)
    s.node[head, D_TIME] = depart
    metres = np.int64(0)
    fit = np.int64(0)
    length = np.int64(0)
    possible = True
    labels = a.tour[t, T_BREAK_END] - a.tour[t, T_BREAK] + 1
    i = head
    while True:
        x = s.node[i, D_NEXT]
        seconds, far = free_leg(a, speed, s.node[i, D_PLACE], s.node[x, D_PLACE])
        s.node[i, D_LEG_S] = seconds
        s.node[i, D_LEG_M] = far
        if x == tail:
            if length > 0:
                metres += far
            break
        metres += far
        if possible:
            possible = advance(a, t, s.lab, i, s.node[i, D_PLACE], i < n, x, s.lab, x) > 0
        earliest = s.lab[x, 0, L_TIME]
        for k in range(1, labels):
            earliest = min(earliest, s.lab[x, k, L_TIME])
        s.node[x, D_TIME] = earliest
        pair = a.fit[a.job[x, J_PROFILE], w]
        if pair < 0:
            possible = False
        fit += pair
        length += 1
        s.node[x, D_TOUR] = t
        i = x
    cost = np.int64(0)
    moved = np.int64(0)
    work = np.int64(0)
    if length > 0 and possible:
        if a.par[P_RATE_DURATION] != 0:
            x = s.node[head, D_NEXT]
            count = 0
            while x != tail:
                s.seq[count] = x
                count += 1
                x = s.node[x, D_NEXT]
            cost, moved, work = whole_cost(a, s, t, count)
        else:
            cost, moved, work, _, _, _ = close(a, t, s.lab, i, s.node[i, D_PLACE], depart)
        if cost == DEAD:
            possible = False
        else:
            cost += fit + metres * a.par[P_RATE_M] + a.par[P_USE]
    if length > a.tour[t, T_MAX_JOBS]:
        possible = False
    old = s.tour[t, S_COST] + s.worker[w, B_BALANCE]
    s.worker[w, B_BUSY] += moved + work - s.tour[t, S_TRAVEL] - s.tour[t, S_WORK]
    s.worker[w, B_BALANCE] = balance_of(a, s.worker[w, B_BUSY])
    s.tour[t, S_LENGTH] = length
    s.tour[t, S_COST] = cost
    s.tour[t, S_TRAVEL] = moved
    s.tour[t, S_WORK] = work
    s.tour[t, S_FIT] = fit
    s.tour[t, S_METRES] = metres
    s.total[C_COST] += cost + s.worker[w, B_BALANCE] - old
    if s.worker[w, B_BUSY] > a.worker[w, W_MAX_BUSY]:
        possible = False
    # latest begin at each node by windows, lapses and the tour's end alone: a necessary condition
    latest = a.tour[t, T_LAST]
    s.node[tail, D_LATEST] = latest
    x = i
    while x != head:
        j = x
        service = np.int64(a.service[j, kind, 0])
        last = min(latest - s.node[x, D_LEG_S], min(a.finish[a.job[j, J_PROFILE], w], a.tour[t, T_LAST])) - service
        latest = min(last, a.job[j, J_CLOSES])
        s.node[x, D_LATEST] = latest
        x = s.node[x, D_PREV]
    return possible


@njit(**JIT)
def try_insert(a: Any, s: Any, j: int, i: int, t: int, given: int) -> int:
    """Return what inserting job ``j`` after node ``i`` of tour ``t`` adds to the total, or INF.

    ``given`` is the part that is known: the fit of the pair and the metres.
    """
    n = a.job.shape[0]
    w = a.tour[t, T_WORKER]
    if advance(a, t, s.lab, i, s.node[i, D_PLACE], i < n, j, s.two, 0) == 0:
        return INF
    labels = a.tour[t, T_BREAK_END] - a.tour[t, T_BREAK] + 1
    row = 0
    place = a.job[j, J_PLACE]
    x = s.node[i, D_NEXT]
    old_cost = s.tour[t, S_COST]
    while x < n:
        s.total[C_ADVANCED] += 1
        if s.two[row, 0, L_TIME] > s.node[x, D_LATEST] and labels == 1:
            return INF
        if advance(a, t, s.two, row, place, True, x, s.two, 1 - row) == 0:
            return INF
        row = 1 - row
        place = s.node[x, D_PLACE]
        living = 0
        alike = True
        at = 0
        for k in range(labels):
            if s.two[row, k, L_TIME] != s.lab[x, k, L_TIME]:
                alike = False
                break
            if s.two[row, k, L_TIME] != DEAD:
                living += 1
                at = k
        if alike and living == 1:
            late = s.two[row, at, L_LATE] - s.lab[x, at, L_LATE]
            moved = s.two[row, at, L_TRAVEL] - s.lab[x, at, L_TRAVEL]
            work = s.two[row, at, L_WORK] - s.lab[x, at, L_WORK]
            if s.tour[t, S_TRAVEL] + moved > a.tour[t, T_MAX_TRAVEL]:
                return INF
            busy = s.worker[w, B_BUSY] + moved + work
            if busy > a.worker[w, W_MAX_BUSY]:
                return INF
            return given + late + moved * a.par[P_RATE_S] + balance_of(a, busy) - s.worker[w, B_BALANCE]
        x = s.node[x, D_NEXT]
    cost, moved, work, _, _, _ = close(a, t, s.two, row, place, a.tour[t, T_START])
    if cost == DEAD:
        return INF
    busy = s.worker[w, B_BUSY] + moved + work - s.tour[t, S_TRAVEL] - s.tour[t, S_WORK]
    if busy > a.worker[w, W_MAX_BUSY]:
        return INF
    if s.tour[t, S_LENGTH] > 0:
        old_cost -= s.tour[t, S_FIT] + s.tour[t, S_METRES] * a.par[P_RATE_M] + a.par[P_USE]
    return given + cost - old_cost + balance_of(a, busy) - s.worker[w, B_BALANCE]


@njit(**JIT)
def try_insert_whole(a: Any, s: Any, j: int, i: int, t: int, given: int) -> int:
    """As :func:`try_insert`, timing the whole tour: for prices of duration."""
    n = a.job.shape[0]
    w = a.tour[t, T_WORKER]
    count = 0
    x = n + t
    while True:
        if x < n:
            s.seq[count] = x
            count += 1
        if x == i:
            s.seq[count] = j
            count += 1
        x = s.node[x, D_NEXT]
        if x >= n:
            break
    cost, moved, work = whole_cost(a, s, t, count)
    if cost == DEAD:
        return INF
    busy = s.worker[w, B_BUSY] + moved + work - s.tour[t, S_TRAVEL] - s.tour[t, S_WORK]
    if busy > a.worker[w, W_MAX_BUSY]:
        return INF
    old_cost = s.tour[t, S_COST]
    if s.tour[t, S_LENGTH] > 0:
        old_cost -= s.tour[t, S_FIT] + s.tour[t, S_METRES] * a.par[P_RATE_M] + a.par[P_USE]
    return given + cost - old_cost + balance_of(a, busy) - s.worker[w, B_BALANCE]


@njit(**INLINE)
def blinks(s, per_65536):  # type: ignore[no-untyped-def]
    """Say whether this position is passed over; draws a number."""
    x = s.rng[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    s.rng[0] = x
    return np.int64((x * np.uint64(2685821657736338717)) >> np.uint64(48)) < per_65536


@njit(**JIT)
def scan(a: Any, s: Any, j: int, t: int, bound: int, blink: int) -> tuple[int, int, bool]:
    """Find the cheapest place for job ``j`` in tour ``t``.

    Returns what it adds, the node it comes after, and whether this may be remembered (nothing blinked). A node of −1 says
    that there is no place below the price returned (INF: none at all).
    """
    n, tours = a.job.shape[0], a.tour.shape[0]
    w = a.tour[t, T_WORKER]
    fit = a.fit[a.job[j, J_PROFILE], w]
    best = bound
    where = np.int64(-1)
    if fit < 0 or s.tour[t, S_LENGTH] >= a.tour[t, T_MAX_JOBS]:
        return INF, where, True
    here = a.job[j, J_PLACE]
    speed = a.tour[t, T_SPEED]
    kind = a.tour[t, T_KIND]
    rate_s, rate_m = a.par[P_RATE_S], a.par[P_RATE_M]
    opens, closes = a.job[j, J_OPENS], a.job[j, J_CLOSES]
    short = np.int64(a.service[j, kind, 0])
    plain = a.par[P_PLAIN] != 0
    whole = a.par[P_RATE_DURATION] != 0
    slowest = a.par[P_SLOWEST]
    last = min(a.finish[a.job[j, J_PROFILE], w], a.tour[t, T_LAST])
    base_price = fit
    if s.tour[t, S_LENGTH] == 0:
        base_price += a.par[P_USE]
    work_floor = balance_of(a, s.worker[w, B_BUSY] + short) - s.worker[w, B_BALANCE]
    steady = True
    cut = False
    if base_price + work_floor >= bound:
        return bound, where, True
    tail = n + tours + t
    i = n + t
    while i != tail:
        if s.node[i, D_TIME] > closes:
            break
        x = s.node[i, D_NEXT]
        if max(opens, s.node[i, D_TIME]) + short > s.node[x, D_LATEST]:
            i = x
            continue
        s.total[C_EVALUATED] += 1
        in_s, in_m = leg(a, speed, s.node[i, D_PLACE], here)
        out_s = np.int64(0)
        out_m = np.int64(0)
        if s.node[x, D_PLACE] >= 0:
            out_s, out_m = leg(a, speed, here, s.node[x, D_PLACE])
        if in_s < 0 or out_s < 0:
            i = x
            continue
        gone_s = s.node[i, D_LEG_S]
        gone_m = s.node[i, D_LEG_M]
        if s.tour[t, S_LENGTH] == 0:
            gone_s = np.int64(0)
            gone_m = np.int64(0)
        given = base_price + (in_m + out_m - gone_m) * rate_m
        moved = in_s + out_s - gone_s
        if slowest == 1000:
            floor = given + moved * rate_s + work_floor
        else:
            floor = given + (in_s + out_s - (gone_s * slowest + 999) // 1000) * rate_s + work_floor
        if floor >= best:
            cut = True
            i = x
            continue
        arrive = s.node[i, D_TIME] + in_s
        moment = max(arrive, opens)
        end = moment + short
        if moment > closes or end > last or end + out_s > s.node[x, D_LATEST]:
            i = x
            continue
        if blink > 0 and blinks(s, blink):
            steady = False
            i = x
            continue
        if plain:
            busy = s.worker[w, B_BUSY] + moved + short
            if s.tour[t, S_TRAVEL] + moved > a.tour[t, T_MAX_TRAVEL] or busy > a.worker[w, W_MAX_BUSY]:
                i = x
                continue
            price_here = given + moved * rate_s + balance_of(a, busy) - s.worker[w, B_BALANCE]
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
    return best, where, steady


@njit(**JIT)
def touch(a: Any, s: Any, t: int) -> None:
    """Remember a tour as it is before its first change in this iteration."""
    it = s.total[C_ITERATION]
    if s.tour[t, S_TOUCHED] == it:
        return
    n, tours = a.job.shape[0], a.tour.shape[0]
    s.tour[t, S_TOUCHED] = it
    s.worker[a.tour[t, T_WORKER], B_TOUCHED] = it
    row = s.total[C_TOUCHED]
    s.touched[row] = t
    at = s.total[C_SAVED]
    s.saved_first[row] = at
    x = s.node[n + t, D_NEXT]
    tail = n + tours + t
    while x != tail:
        s.saved[at] = x
        at += 1
        x = s.node[x, D_NEXT]
    s.saved_first[row + 1] = at
    s.total[C_SAVED] = at
    s.total[C_TOUCHED] = row + 1


@njit(**JIT)
def link(s: Any, j: int, i: int, t: int) -> None:
    """Put job ``j`` behind node ``i`` of tour ``t`` and take it from the bank; the labels are not brought up to date."""
    x = s.node[i, D_NEXT]
    s.node[i, D_NEXT] = j
    s.node[j, D_PREV] = i
    s.node[j, D_NEXT] = x
    s.node[x, D_PREV] = j
    s.node[j, D_TOUR] = t
    row = s.bank_row[j]
    if row >= 0:
        s.total[C_UNSERVED] -= 1
        other = s.bank[s.total[C_UNSERVED]]
        s.bank[row] = other
        s.bank_row[other] = row
        s.bank_row[j] = -1
        s.total[C_COST] -= s.skip[j]


@njit(**JIT)
def unlink(s: Any, j: int) -> None:
    """Take job ``j`` out of its tour into the bank; the labels are not brought up to date."""
    i, x = s.node[j, D_PREV], s.node[j, D_NEXT]
    s.node[i, D_NEXT] = x
    s.node[x, D_PREV] = i
    s.node[j, D_TOUR] = -1
    row = s.total[C_UNSERVED]
    s.bank[row] = j
    s.bank_row[j] = row
    s.total[C_UNSERVED] = row + 1
    s.total[C_COST] += s.skip[j]


@njit(**JIT)
def set_tour(a: Any, s: Any, t: int, jobs: Any, first: int, end: int) -> None:
    """Make ``jobs[first:end]`` the content of tour ``t``, which must not hold other served jobs that are kept elsewhere."""
    n, tours = a.job.shape[0], a.tour.shape[0]
    x = s.node[n + t, D_NEXT]
    while x < n:
        after = s.node[x, D_NEXT]
        if s.node[x, D_TOUR] == t:
            unlink(s, x)
        x = after
    s.node[n + t, D_NEXT] = n + tours + t
    s.node[n + tours + t, D_PREV] = n + t
    i = n + t
    for row in range(first, end):
        link(s, jobs[row], i, t)
        i = jobs[row]


@njit(**JIT)
def undo(a: Any, s: Any) -> None:
    """Put every touched tour back as it was remembered."""
    n = a.job.shape[0]
    count = s.total[C_TOUCHED]
    for row in range(count):
        t = s.touched[row]
        x = s.node[n + t, D_NEXT]
        while x < n:
            after = s.node[x, D_NEXT]
            unlink(s, x)
            x = after
    for row in range(count):
        t = s.touched[row]
        i = n + t
        for at in range(s.saved_first[row], s.saved_first[row + 1]):
            link(s, s.saved[at], i, t)
            i = s.saved[at]
        refresh(a, s, t)


@njit(**JIT)
def load(a: Any, s: Any, jobs: Any, first: Any) -> bool:
    """Make tours hold ``jobs[first[t]:first[t + 1]]``; False where a tour is not possible (it is then left empty)."""
    clear(a, s)
    fine = True
    for t in range(a.tour.shape[0]):
        set_tour(a, s, t, jobs, first[t], first[t + 1])
        if not refresh(a, s, t):
            set_tour(a, s, t, jobs, first[t], first[t])
            refresh(a, s, t)
            fine = False
    return fine


def load_routes(a: Arrays, s: State, routes: tuple[tuple[int, ...], ...]) -> bool:
    """Make the state hold these routes (``routes[t]`` lists jobs); tours that are not possible are left empty.

    Returns whether all were possible.
    """
    first = np.zeros(len(routes) + 1, np.int64)
    first[1:] = np.cumsum([len(route) for route in routes])
    jobs = np.array([j for route in routes for j in route], np.int32)
    return bool(load(a, s, jobs, first))


def read_routes(a: Arrays, s: State, nexts: NDArray[Any] | None = None) -> tuple[tuple[int, ...], ...]:
    """Read the routes off a state, or off a row of next nodes such as ``s.best``."""
    n, tours = len(a.job), len(a.tour)
    follow = (s.node[:, D_NEXT] if nexts is None else nexts).tolist()
    routes = []
    for t in range(tours):
        route = []
        x = follow[n + t]
        while x < n:
            route.append(x)
            x = follow[x]
        routes.append(tuple(route))
    return tuple(routes)


def price(problem: Problem, routes: tuple[tuple[int, ...], ...]) -> int | None:
    """Price routes with the kernels: grains without mandatory jobs' prices, or None where a tour is not possible."""
    a = pack(problem)
    s = make_state(a, 0)
    if not load_routes(a, s, routes):
        return None
    unserved = s.bank[: s.total[C_UNSERVED]]
    surcharge = sum(int(a.job[j, 1]) for j in unserved if problem.job_mandatory[j])
    return int(s.total[C_COST]) - surcharge


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
    labels = int(a.par[P_LABELS])
    lab = np.full((len(jobs) + 2, labels, N_LABEL), DEAD, np.int64)
    ev = np.zeros((len(jobs) + 2 + labels, N_EVENT), np.int64)
    outcome = _time(a, tour, np.array(jobs, np.int32), lab, ev)
    cost, moved, work, depart, end, count = (int(value) for value in outcome)
    if cost == DEAD:
        return None
    events = tuple(
        Event(
            KINDS[row[E_KIND]],
            row[E_ROW],
            row[E_PLACE],
            row[E_ARRIVE],
            row[E_BEGIN],
            row[E_LEAVE],
            row[E_TRAVEL],
            row[E_METRES],
        )
        for row in ev[:count].tolist()
    )
    cost += int(problem.fit_grains[profiles, worker].sum()) + int(a.par[P_USE])
    cost += sum(event.travel_m for event in events) * int(a.par[P_RATE_M])
    return Timed(cost, moved, work, depart, end, events)


@njit(**JIT)
def _time(a: Any, t: int, seq: Any, lab: Any, ev: Any) -> tuple[int, int, int, int, int, int]:
    start = a.tour[t, T_START_PLACE]
    depart = a.tour[t, T_START]
    count = len(seq)
    cost, moved, work, end, chosen, closing = run(a, t, depart, start, seq, count, lab)
    if cost == DEAD:
        return cost, moved, work, depart, end, np.int64(0)
    events = trace(a, t, depart, start, seq, count, lab, chosen, closing, ev)
    if a.par[P_RATE_DURATION] != 0:
        later = put_off(a, t, ev, events)
        if later > depart:
            cost2, moved2, work2, end2, chosen2, closing2 = run(a, t, later, start, seq, count, lab)
            if cost2 < cost:
                events = trace(a, t, later, start, seq, count, lab, chosen2, closing2, ev)
                return cost2, moved2, work2, later, end2, events
    return cost, moved, work, depart, end, events
