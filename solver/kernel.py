"""Pricing: a tour as it stands, and what one more job adds to it, on a chain's memory (:mod:`solver.state`)."""

from __future__ import annotations

from typing import Any

import numpy as np

from solver.arrays import (
    J_CLOSES,
    J_OPENS,
    J_PLACE,
    J_PROFILE,
    J_SOFT,
    M_FIRST,
    P_BALANCE,
    P_CHANGE,
    P_COUPLED,
    P_HALF,
    P_JOBS,
    P_LABELS,
    P_MODES,
    P_PICKUPS,
    P_PLAIN,
    P_RATE_DURATION,
    P_RATE_M,
    P_RATE_S,
    P_SLOWEST,
    P_SPANS,
    P_TOURS,
    P_USE,
    T_BREAK,
    T_BREAK_END,
    T_KIND,
    T_LAST,
    T_MAX_JOBS,
    T_MAX_TRAVEL,
    T_SPEED,
    T_START,
    T_START_PLACE,
    T_WORKER,
    W_MAX_BUSY,
    at_change,
    at_finish,
    at_job,
    at_service,
    at_tour,
    at_worker,
    fit_of,
)
from solver.draws import below
from solver.jit import INLINE, JIT, njit
from solver.mechanisms.clock import (
    DEAD,
    L_FROM,
    L_LATE,
    L_TIME,
    L_TRAVEL,
    L_WORK,
    N_LABEL,
    advance,
    changed_so_far,
    close,
    late_only,
    leg,
    put_off,
    run,
    start_labels,
    trace,
)
from solver.mechanisms.spans import refresh_spans, span_cost, span_with
from solver.state import (
    B_BALANCE,
    B_BUSY,
    C_COST,
    C_EVALUATED,
    C_MOVED,
    D_LATEST,
    D_LEG_M,
    D_LEG_S,
    D_MOST_S,
    D_NEXT,
    D_PLACE,
    D_PREV,
    D_RANK,
    D_SUM_FIT,
    D_SUM_M,
    D_SUM_S,
    D_SUM_WORK,
    D_TIME,
    D_TOUR,
    H_EVENT,
    H_SEQ,
    H_TWO,
    H_WHOLE,
    INF,
    O_END,
    O_FROM,
    O_TO,
    S_CHANGED,
    S_COST,
    S_FIT,
    S_LENGTH,
    S_METRES,
    S_TRAVEL,
    S_VISITS,
    S_WORK,
    at_busy,
    at_hold,
    at_label,
    at_node,
    at_run,
)


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
def whole_cost(a: Any, s: Any, t: int, count: int) -> tuple[int, int, int, int]:
    """Price the tour whose jobs stand in ``seq``, timed anew, departure put off; (cost or DEAD, travel, service, changed jobs)."""
    start = a.d[at_tour(a, t) + T_START_PLACE]
    depart = a.d[at_tour(a, t) + T_START]
    cost, moved, work, _, chosen, closing = run(a, s, t, depart, start, s[H_SEQ], count, s[H_WHOLE])
    if cost == DEAD:
        return cost, moved, work, np.int64(0)
    last = s[H_WHOLE] + count * a.d[P_LABELS] * N_LABEL
    changed = changed_so_far(s, last + chosen * N_LABEL)
    events = trace(a, s, t, depart, start, s[H_SEQ], count, s[H_WHOLE], chosen, closing, s[H_EVENT])
    later = put_off(a, s, t, s[H_EVENT], events)
    if later > depart:
        cost2, moved2, work2, _, chosen2, _ = run(a, s, t, later, start, s[H_SEQ], count, s[H_WHOLE])
        if cost2 < cost:
            return cost2, moved2, work2, changed_so_far(s, last + chosen2 * N_LABEL)
    return cost, moved, work, changed


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
    modes = a.d[P_MODES]
    half = a.d[P_HALF] * N_LABEL
    time, sum_s, sum_work = s[old + D_TIME], s[old + D_SUM_S], s[old + D_SUM_WORK]
    metres, fit, rank = s[old + D_SUM_M], s[old + D_SUM_FIT], s[old + D_RANK]
    coupled, pickups = a.d[P_COUPLED] != 0, a.d[P_PICKUPS]
    visits = np.int64(0)
    if coupled and since != head:
        x = since
        while x != head:
            if x >= pickups:
                visits -= 1
            x = s[at_node(s, x) + D_PREV]
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
        pair = fit_of(a, x, w)
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
                if modes > 1:
                    for k in range(labels):
                        time = min(time, s[lab + half + k * N_LABEL + L_TIME])
                if slowest > 1000 and possible:
                    # the most seconds that this leg takes in any label: what an insertion can save at best
                    most = np.int64(0)
                    source = at_label(a, s, i)
                    for row in range(labels * modes):
                        base = np.int64(0) if row < labels else half
                        at = lab + base + (row if row < labels else row - labels) * N_LABEL
                        if s[at + L_TIME] != DEAD:
                            led = source + base + s[at + L_FROM] * N_LABEL
                            most = max(most, s[at + L_TRAVEL] - s[led + L_TRAVEL])
                    s[old + D_MOST_S] = most
        fit += pair
        rank += 1
        if coupled and x >= pickups:
            visits -= 1
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
    changed = np.int64(0)
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
            elif a.d[P_SPANS] != 0:
                moved = s[at_label(a, s, i) + L_TRAVEL] + seconds
                work = s[at_label(a, s, i) + L_WORK]
                span, early = refresh_spans(a, s, t)
                cost = DEAD if span == DEAD or moved > a.d[tour + T_MAX_TRAVEL] else span_cost(a, t, span, early, moved)
            elif a.d[P_RATE_DURATION] != 0:
                x = s[at_node(s, head) + D_NEXT]
                count = 0
                while x != tail:
                    s[s[H_SEQ] + count] = x
                    count += 1
                    x = s[at_node(s, x) + D_NEXT]
                cost, moved, work, changed = whole_cost(a, s, t, count)
            else:
                cost, moved, work, _, chosen, _ = close(a, s, t, at_label(a, s, i), place, depart)
                if a.d[P_CHANGE] != 0:
                    changed = changed_so_far(s, at_label(a, s, i) + chosen * N_LABEL)
            if cost == DEAD:
                possible = False
                cost = np.int64(0)
            else:
                cost += fit + metres * a.d[P_RATE_M] + a.d[P_USE]
    elif a.d[P_SPANS] != 0:
        refresh_spans(a, s, t)
    visits += rank
    if visits > a.d[tour + T_MAX_JOBS]:
        possible = False
    busy = at_busy(s, w)
    before = s[run_t + S_COST] + s[busy + B_BALANCE]
    s[busy + B_BUSY] += moved + work - s[run_t + S_TRAVEL] - s[run_t + S_WORK]
    s[busy + B_BALANCE] = balance_of(a, s[busy + B_BUSY])
    s[run_t + S_LENGTH] = rank
    s[run_t + S_VISITS] = visits
    s[run_t + S_COST] = cost
    s[run_t + S_TRAVEL] = moved
    s[run_t + S_WORK] = work
    s[run_t + S_FIT] = fit
    s[run_t + S_METRES] = metres if rank > 0 else 0
    s[C_MOVED] += changed - s[run_t + S_CHANGED]
    s[run_t + S_CHANGED] = changed
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
        latest = min(latest, min(a.d[at_finish(a, a.d[job + J_PROFILE], w)], last))
        closes = a.d[job + J_CLOSES]
        if coupled:
            latest = min(latest, s[at_hold(s, x) + O_END])
            closes = min(closes, s[at_hold(s, x) + O_TO])
        s[node + D_LATEST] = min(latest - a.g[at_service(a, x, kind)], closes)
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
    modes = a.d[P_MODES]
    half = a.d[P_HALF] * N_LABEL
    place = a.d[at_job(a, j) + J_PLACE]
    x = s[at_node(s, i) + D_NEXT]
    old_cost = s[at_run(s, t) + S_COST]
    while x < n:
        if labels == 1 and min(s[now + L_TIME], s[now + (modes - 1) * half + L_TIME]) > s[at_node(s, x) + D_LATEST]:
            return INF
        if advance(a, s, t, now, place, True, x, other) == 0:
            return INF
        now, other = other, now
        old = at_label(a, s, x)
        place = s[at_node(s, x) + D_PLACE]
        living = 0
        alike = True
        late = np.int64(0)
        moved = np.int64(0)
        work = np.int64(0)
        for row in range(labels * modes):
            at = row * N_LABEL if row < labels else half + (row - labels) * N_LABEL
            if s[now + at + L_TIME] != s[old + at + L_TIME]:
                alike = False
                break
            if s[now + at + L_TIME] != DEAD:
                living += 1
                if living == 1:
                    late = s[now + at + L_LATE] - s[old + at + L_LATE]
                    moved = s[now + at + L_TRAVEL] - s[old + at + L_TRAVEL]
                    work = s[now + at + L_WORK] - s[old + at + L_WORK]
                elif (
                    labels > 1
                    or late != s[now + at + L_LATE] - s[old + at + L_LATE]
                    or moved != s[now + at + L_TRAVEL] - s[old + at + L_TRAVEL]
                    or work != s[now + at + L_WORK] - s[old + at + L_WORK]
                    or s[at_run(s, t) + S_TRAVEL] + moved > a.d[at_tour(a, t) + T_MAX_TRAVEL]
                ):
                    alike = False
                    break
        if alike and living > 0:
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
    cost, moved, work, _ = whole_cost(a, s, t, count)
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
def scan(a: Any, s: Any, j: int, t: int, bound: int, blink: int) -> tuple[int, int]:
    """Find the cheapest place for job ``j`` in tour ``t``, as :func:`scan_from` its start."""
    return scan_from(a, s, j, t, a.d[P_JOBS] + t, bound, blink)


@njit(**JIT)
def scan_from(a: Any, s: Any, j: int, t: int, first: int, bound: int, blink: int) -> tuple[int, int]:
    """Find the cheapest place for job ``j`` in tour ``t`` behind node ``first``, or further on.

    Returns what it adds and the node it comes after. A node of −1 says that there is no place below the price returned (INF:
    none at all).
    """
    n, tours = a.d[P_JOBS], a.d[P_TOURS]
    w = a.d[at_tour(a, t) + T_WORKER]
    fit = fit_of(a, j, w)
    best = bound
    where = np.int64(-1)
    on_the_way = np.int64(-1)
    if a.d[P_CHANGE] != 0:
        on_the_way = a.d[at_change(a, j) + M_FIRST]
    full = s[at_run(s, t) + S_VISITS] >= a.d[at_tour(a, t) + T_MAX_JOBS] and j < a.d[P_PICKUPS]
    if fit < 0 or (on_the_way >= 0 and on_the_way != t) or full:
        return INF, where
    here = a.d[at_job(a, j) + J_PLACE]
    speed = a.d[at_tour(a, t) + T_SPEED]
    kind = a.d[at_tour(a, t) + T_KIND]
    rate_s, rate_m = a.d[P_RATE_S], a.d[P_RATE_M]
    opens, closes = a.d[at_job(a, j) + J_OPENS], a.d[at_job(a, j) + J_CLOSES]
    short = np.int64(a.g[at_service(a, j, kind) + 0])
    plain = a.d[P_PLAIN] != 0
    whole = a.d[P_RATE_DURATION] != 0
    spans = a.d[P_SPANS] != 0
    span_before = np.int64(0)
    if spans:
        span_before = s[at_run(s, t) + S_COST]
    if spans and s[at_run(s, t) + S_LENGTH] > 0:
        span_before -= s[at_run(s, t) + S_FIT] + s[at_run(s, t) + S_METRES] * a.d[P_RATE_M] + a.d[P_USE]
    soft = a.d[at_job(a, j) + J_SOFT] != 0
    last = min(a.d[at_finish(a, a.d[at_job(a, j) + J_PROFILE], w)], a.d[at_tour(a, t) + T_LAST])
    if a.d[P_COUPLED] != 0:
        opens = max(opens, s[at_hold(s, j) + O_FROM])
        closes = min(closes, s[at_hold(s, j) + O_TO])
        last = min(last, s[at_hold(s, j) + O_END])
    base_price = fit
    if s[at_run(s, t) + S_LENGTH] == 0:
        base_price += a.d[P_USE]
    work_floor = balance_of(a, s[at_busy(s, w) + B_BUSY] + short) - s[at_busy(s, w) + B_BALANCE]
    cut = False
    if plain and base_price + work_floor >= bound:
        return bound, where
    tail = n + tours + t
    i = first
    if a.d[P_CHANGE] != 0:
        head = s[at_node(s, i) + D_NEXT]
        if i == n + t and head < n and a.d[at_change(a, head) + M_FIRST] == t:
            i = head  # who is on the way comes first
    while i != tail:
        if s[at_node(s, i) + D_TIME] > closes or (on_the_way >= 0 and i < n):
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
        if soft and not saves and floor + late_only(a, j, moment, end) >= best:
            cut = True
            i = x
            continue
        if blink > 0 and below(s, 65536) < blink:
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
        elif spans:
            price_here = INF
            span, early = span_with(a, s, t, j, i, x, in_s, out_s)
            busy = s[at_busy(s, w) + B_BUSY] + moved + short
            total = s[at_run(s, t) + S_TRAVEL] + moved
            if (
                span != DEAD
                and total <= a.d[at_tour(a, t) + T_MAX_TRAVEL]
                and busy <= a.d[at_worker(a, w) + W_MAX_BUSY]
            ):
                price_here = given + span_cost(a, t, span, early, total) - span_before
                price_here += balance_of(a, busy) - s[at_busy(s, w) + B_BALANCE]
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
