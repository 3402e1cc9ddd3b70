"""Tours under change: link and unlink jobs, remember and undo, load and read whole sets of routes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from solver.arrays import (
    J_PLACE,
    J_SKIP,
    M_COUNTED,
    P_CHANGE,
    P_COUPLED,
    P_JOBS,
    P_LABELS,
    P_PICKUPS,
    P_RATE_DURATION,
    P_SPANS,
    P_TICKETS,
    P_TOURS,
    P_WORKERS,
    T_END_PLACE,
    T_START,
    T_START_PLACE,
    T_WORKER,
    Arrays,
    at_change,
    at_job,
    at_tour,
    fit_of,
    pack,
)
from solver.jit import JIT, njit
from solver.kernel import refresh
from solver.mechanisms.clock import (
    DEAD,
    E_KIND,
    E_METRES,
    E_ROW,
    N_EVENT,
    N_LABEL,
    put_off,
    run,
    trace,
)
from solver.mechanisms.coupling import FREE, clear_block, coupling_sizes, take_block
from solver.problem import FAR_S, FORBIDDEN, I64, Event, Held, Problem, Timed, pair_grains
from solver.state import (
    B_BALANCE,
    B_BUSY,
    B_TOUCHED,
    C_BEST,
    C_BLOCK,
    C_BUDGET,
    C_COST,
    C_ITERATION,
    C_JOBS,
    C_LEFT,
    C_MEMO,
    C_MOVED,
    C_POOL,
    C_POOL_END,
    C_RANDOM,
    C_SAVED,
    C_TOUCHED,
    C_TOURS,
    C_UNSERVED,
    D_NEXT,
    D_PLACE,
    D_PREV,
    D_TOUR,
    H_BANK,
    H_BANK_ROW,
    H_BEST,
    H_BUSY,
    H_EVENT,
    H_HOLD,
    H_JOBS,
    H_KEPT,
    H_KEY,
    H_LABEL,
    H_LIST,
    H_MARK,
    H_MEMO,
    H_MEMO_PREV,
    H_NODE,
    H_POOL,
    H_RUN,
    H_SAVED,
    H_SAVED_FIRST,
    H_SEEN,
    H_SEQ,
    H_SKIP,
    H_SPANS,
    H_TOUCHED,
    H_TOURS,
    H_TWO,
    H_WAYS,
    H_WHOLE,
    INF,
    MEMO_CELLS_MAX,
    N_HOLD,
    N_NODE,
    N_RUN,
    N_SPAN,
    N_STATE,
    S_COST,
    S_LENGTH,
    S_TOUCHED,
    S_TRAVEL,
    S_WORK,
    SEEN_SLOTS,
    STALE,
    UNFIT,
    State,
    at_busy,
    at_node,
    at_run,
)
from solver.ways import WORDS, begin_ways


def make_state(a: Arrays, seed: int, pool_words: int = 0) -> State:
    """Make the state of a chain that serves nothing yet; ``pool_words`` numbers are kept for routes seen."""
    n, tours, workers, labels = (int(a.d[p]) for p in (P_JOBS, P_TOURS, P_WORKERS, P_LABELS))
    nodes = n + 2 * tours
    whole = n + 2 if a.d[P_RATE_DURATION] else 0
    tickets = int(a.d[P_TICKETS])
    memo = tickets * tours if tickets * tours <= MEMO_CELLS_MAX else 0
    sizes = {
        H_NODE: nodes * N_NODE,
        H_LABEL: nodes * labels * N_LABEL,
        H_RUN: tours * N_RUN,
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
        **coupling_sizes(a),
        H_SPANS: nodes * N_SPAN if a.d[P_SPANS] else 0,
        H_WAYS: WORDS,
    }
    state = np.zeros(N_STATE + sum(sizes.values()), np.int64)
    at = N_STATE
    for head, size in sizes.items():
        state[head] = at
        at += size
    state[C_BLOCK] = state[H_KEPT] - state[H_HOLD]
    state[C_MEMO] = memo > 0
    state[C_BUDGET] = FAR_S
    state[C_POOL] = state[H_POOL]
    state[C_POOL_END] = state[H_POOL] + pool_words
    state[C_RANDOM] = np.array([(seed * 0x9E3779B97F4A7C15 + 0xD1B54A32D192ED03) % 2**64 or 1], np.uint64).view(
        np.int64
    )[0]
    begin_ways(state)
    clear(a, state)
    return state


@njit(**JIT)
def clear(a: Any, s: Any) -> None:
    """Empty every tour and bring everything into play."""
    for t in range(a.d[P_TOURS]):
        s[s[H_TOURS] + t] = t
    for j in range(a.d[P_TICKETS]):
        s[s[H_JOBS] + j] = j
    s[C_TOURS] = a.d[P_TOURS]
    s[C_JOBS] = a.d[P_TICKETS]
    empty(a, s)


@njit(**JIT)
def empty(a: Any, s: Any) -> None:
    """Empty every tour; the bank holds the jobs in play."""
    n, tours = a.d[P_JOBS], a.d[P_TOURS]
    s[C_COST] = 0
    s[C_MOVED] = 0
    s[C_LEFT] = 0
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
        if a.d[P_CHANGE] != 0:
            s[C_LEFT] += a.d[at_change(a, j) + M_COUNTED]
    s[C_UNSERVED] = s[C_JOBS]
    if a.d[P_COUPLED] != 0:
        clear_block(a, s)
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
        for column in range(N_RUN):
            s[at_run(s, t) + column] = 0
        s[at_run(s, t) + S_TOUCHED] = -1
        refresh(a, s, t)
    s[C_BEST] = INF
    if s[C_MEMO] != 0:
        for j in range(a.d[P_TICKETS]):
            for t in range(tours):
                fit = fit_of(a, j, a.d[at_tour(a, t) + T_WORKER])
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
        if a.d[P_CHANGE] != 0:
            s[C_LEFT] -= a.d[at_change(a, j) + M_COUNTED]


@njit(**JIT)
def unlink(a: Any, s: Any, j: int) -> None:
    """Take job ``j`` out of its tour into the bank; the labels are not brought up to date."""
    i, x = s[at_node(s, j) + D_PREV], s[at_node(s, j) + D_NEXT]
    s[at_node(s, i) + D_NEXT] = x
    s[at_node(s, x) + D_PREV] = i
    s[at_node(s, j) + D_TOUR] = -1
    if j >= a.d[P_TICKETS]:
        return
    row = s[C_UNSERVED]
    s[s[H_BANK] + row] = j
    s[s[H_BANK_ROW] + j] = row
    s[C_UNSERVED] = row + 1
    s[C_COST] += s[s[H_SKIP] + j]
    if a.d[P_CHANGE] != 0:
        s[C_LEFT] += a.d[at_change(a, j) + M_COUNTED]


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
def load(a: Any, s: Any, tours: Any, jobs: Any, content: Any, first: Any, block: Any) -> bool:
    """Bring only ``tours`` and ``jobs`` into play; tour ``tours[row]`` holds ``content[first[row]:first[row + 1]]``.

    ``block`` is what the routes have settled between them (:mod:`solver.mechanisms.coupling`); empty where nothing is.

    Returns False where a tour is not possible (it is then left empty).
    """
    s[C_TOURS] = len(tours)
    s[C_JOBS] = len(jobs)
    for row in range(len(tours)):
        s[s[H_TOURS] + row] = tours[row]
    for row in range(len(jobs)):
        s[s[H_JOBS] + row] = jobs[row]
    empty(a, s)
    if len(block) > 0:
        take_block(a, s, block)
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
    block: I64 | None = None,
) -> bool:
    """Make the state hold these routes (``routes[t]`` lists jobs); tours that are not possible are left empty.

    With ``tours`` and ``jobs`` only those come into play; ``block`` is what the routes have settled between them, in a problem
    with couplings. Returns whether all tours were possible.
    """
    if tours is None:
        tours = np.arange(int(a.d[P_TOURS]))
    if jobs is None:
        jobs = np.arange(int(a.d[P_TICKETS]))
    held = [routes[t] for t in tours]
    first = np.zeros(len(held) + 1, np.int64)
    first[1:] = np.cumsum([len(route) for route in held])
    content = np.array([j for route in held for j in route], np.int64)
    return bool(load(a, s, tours, jobs, content, first, np.empty(0, np.int64) if block is None else block))


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


def time_tour(
    problem: Problem, tour: int, jobs: tuple[int, ...], arrays: Arrays | None = None, held: Held | None = None
) -> Timed | None:
    """Time and price one tour by the kernels; None where it is not possible.

    Fit is included, balance and ``worker_max_busy_s`` over several tours are not. ``arrays`` saves packing again. In a problem
    with couplings ``held`` says what other tours hold the jobs to; without it they are free.
    """
    a = pack(problem) if arrays is None else arrays
    fits = [pair_grains(problem, job, int(problem.tour_worker[tour])) for job in jobs]
    visits = sum(job < int(a.d[P_PICKUPS]) for job in jobs)
    if visits > problem.tour_max_jobs[tour] or FORBIDDEN in fits:
        return None
    if not jobs:
        return Timed(0, 0, 0, int(problem.tour_start_s[tour]), int(problem.tour_start_s[tour]), ())
    labels = int(a.d[P_LABELS])
    count = len(jobs)
    seq, lab = N_STATE, N_STATE + count
    ev = lab + (count + 2) * labels * N_LABEL
    hold = ev + (count + 2 + labels) * N_EVENT
    s = np.zeros(hold + (N_HOLD * problem.n_jobs if a.d[P_COUPLED] else 0), np.int64)
    s[seq : seq + count] = jobs
    if a.d[P_COUPLED]:
        s[H_HOLD] = hold
        s[hold:].reshape(-1, N_HOLD)[:] = FREE if held is None else held.hold_s
    cost, moved, work, depart, end, events_count = (int(value) for value in time_jobs(a, s, tour, seq, count, lab, ev))
    if cost == DEAD:
        return None
    rows = s[ev : ev + events_count * N_EVENT].reshape(-1, N_EVENT).tolist()
    events = tuple(Event(KINDS[row[E_KIND]], *row[E_ROW : E_METRES + 1]) for row in rows)
    cost += sum(fits) + problem.use_grains
    cost += sum(event.travel_m for event in events) * problem.travel_grains_per_m
    return Timed(cost, moved, work, depart, end, events)


@njit(**JIT)
def time_jobs(a: Any, s: Any, t: int, seq: int, count: int, lab: int, ev: int) -> tuple[int, int, int, int, int, int]:
    """Time a tour, departure put off where that is cheaper; the jobs stand from ``seq`` on in ``s``, labels and events go to ``lab`` and ``ev`` on.

    Returns cost without fit, metres and use (DEAD where impossible), travel, service, departure, end and the number of events.
    """
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
