"""The clock: legs, peaks, absences, windows, breaks, lateness, late departure.

The rule is in :mod:`solver.problem`; the slow twin is :mod:`solver.reference`. A *label* is one row of ``lab`` (columns ``L_``): the
state after a stop with k breaks settled, and how it was reached.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from solver.arrays import (
    J_ARRIVE_BY,
    J_ARRIVE_ONCE,
    J_ARRIVE_RATE,
    J_CLOSES,
    J_PLACE,
    J_PROFILE,
    J_RESOLVE_BY,
    J_RESOLVE_ONCE,
    J_RESOLVE_RATE,
    J_SOFT,
    J_WINDOW,
    J_WINDOW_END,
    K_CLOCK,
    K_PROGRESS,
    K_RATE,
    P_RATE_DURATION,
    P_RATE_OVERTIME,
    P_RATE_S,
    P_SPHERE,
    P_UNIT,
    T_ABSENCE,
    T_ABSENCE_END,
    T_BREAK,
    T_BREAK_END,
    T_END,
    T_END_PLACE,
    T_KIND,
    T_LAST,
    T_MAX_TRAVEL,
    T_SPEED,
    T_WORKER,
)
from solver.jit import INLINE, JIT, njit
from solver.problem import EARTH_RADIUS_M

DEAD = np.int64(1 << 60)
"""The time of a label that does not live."""

L_TIME, L_LATE, L_TRAVEL, L_WORK, L_FROM, L_BEFORE = range(6)
N_LABEL = 6

# events: columns
E_KIND, E_ROW, E_PLACE, E_ARRIVE, E_BEGIN, E_LEAVE, E_TRAVEL, E_METRES, E_BASE = range(9)
N_EVENT = 9
KIND_START, KIND_VISIT, KIND_BREAK, KIND_END = range(4)


@njit(**JIT)
def sphere_leg(a: Any, speed: int, origin: int, destination: int) -> tuple[int, int]:
    """Return seconds and metres of a leg computed from coordinates."""
    if origin == destination:
        return np.int64(0), np.int64(0)
    dx = a.ball[origin, 0] - a.ball[destination, 0]
    dy = a.ball[origin, 1] - a.ball[destination, 1]
    dz = a.ball[origin, 2] - a.ball[destination, 2]
    half = 0.5 * math.sqrt(dx * dx + dy * dy + dz * dz)
    metres = np.int64(math.floor(2.0 * EARTH_RADIUS_M * math.asin(min(1.0, half)) * a.detour[0] + 0.5))
    num, den = a.speed[speed, 0], a.speed[speed, 1]
    return (metres * num + den - 1) // den, metres


@njit(**INLINE)
def leg(a, speed, origin, destination):  # type: ignore[no-untyped-def]
    """Return free seconds (NO_WAY where there is none) and metres of a leg."""
    if a.par[P_SPHERE] == 0:
        seconds = np.int64(a.leg[speed, origin, destination, 0])
        metres = np.int64(a.leg[speed, origin, destination, 1])
    else:
        seconds, metres = sphere_leg(a, speed, origin, destination)
    return seconds, metres


@njit(**JIT)
def segment_at(a: Any, moment_s: int) -> int:
    """Return the row of ``peak`` in force at a moment."""
    low, high = 0, a.peak.shape[0]
    while high - low > 1:
        middle = (low + high) // 2
        if a.peak[middle, K_CLOCK] <= moment_s:
            low = middle
        else:
            high = middle
    return low


@njit(**JIT)
def arrive_in_peaks(a: Any, depart_s: int, base_s: int) -> int:
    """Return the least whole second at which the progress since ``depart_s`` reaches ``base_s`` seconds of free travel."""
    row = segment_at(a, depart_s)
    target = a.peak[row, K_PROGRESS] + (depart_s - a.peak[row, K_CLOCK]) * a.peak[row, K_RATE] + base_s * a.par[P_UNIT]
    while row + 1 < a.peak.shape[0] and a.peak[row + 1, K_PROGRESS] < target:
        row += 1
    rate = a.peak[row, K_RATE]
    return a.peak[row, K_CLOCK] + (target - a.peak[row, K_PROGRESS] + rate - 1) // rate


@njit(**JIT)
def depart_by(a: Any, arrive_s: int, base_s: int) -> int:
    """Return the latest whole second to leave so as to arrive by ``arrive_s``."""
    if a.peak.shape[0] == 0:
        return arrive_s - base_s
    row = segment_at(a, arrive_s)
    target = a.peak[row, K_PROGRESS] + (arrive_s - a.peak[row, K_CLOCK]) * a.peak[row, K_RATE] - base_s * a.par[P_UNIT]
    while row > 0 and a.peak[row, K_PROGRESS] > target:
        row -= 1
    return a.peak[row, K_CLOCK] + (target - a.peak[row, K_PROGRESS]) // a.peak[row, K_RATE]


@njit(**JIT)
def travel(a: Any, t: int, ready_s: int, base_s: int) -> tuple[int, int]:
    """Return departure and arrival of a leg that may leave from ``ready_s`` on, kept clear of the tour's absences."""
    depart = ready_s
    while True:
        arrive = depart + base_s if a.peak.shape[0] == 0 or base_s == 0 else arrive_in_peaks(a, depart, base_s)
        clear = True
        for h in range(a.tour[t, T_ABSENCE], a.tour[t, T_ABSENCE_END]):
            if a.absence[h, 0] < arrive and a.absence[h, 1] > depart and depart < arrive:
                depart = a.absence[h, 1]
                clear = False
        if clear:
            return depart, arrive


@njit(**JIT)
def begin(a: Any, t: int, j: int, ready_s: int, service_s: int) -> int:
    """Return the earliest begin from ``ready_s`` on inside a window and clear of absences, or DEAD."""
    moment = ready_s
    row = a.job[j, J_WINDOW]
    while True:
        while row < a.job[j, J_WINDOW_END] and a.window[row, 1] < moment:
            row += 1
        if row == a.job[j, J_WINDOW_END]:
            return DEAD
        moment = max(moment, a.window[row, 0])
        clear = True
        for h in range(a.tour[t, T_ABSENCE], a.tour[t, T_ABSENCE_END]):
            inside = a.absence[h, 0] < moment + service_s and a.absence[h, 1] > moment
            if service_s == 0:
                inside = a.absence[h, 0] < moment < a.absence[h, 1]
            if inside:
                moment = a.absence[h, 1]
                clear = False
        if clear:
            return moment


@njit(**JIT)
def lateness(a: Any, j: int, begin_s: int, end_s: int) -> int:
    """Return the grains of a late begin and a late end."""
    grains = np.int64(0)
    if begin_s > a.job[j, J_ARRIVE_BY]:
        grains += a.job[j, J_ARRIVE_ONCE] + (begin_s - a.job[j, J_ARRIVE_BY]) * a.job[j, J_ARRIVE_RATE]
    if end_s > a.job[j, J_RESOLVE_BY]:
        grains += a.job[j, J_RESOLVE_ONCE] + (end_s - a.job[j, J_RESOLVE_BY]) * a.job[j, J_RESOLVE_RATE]
    return grains


@njit(**JIT)
def start_labels(a: Any, t: int, depart_s: int, lab: Any, row: int) -> None:
    """Write the labels of the start: alive is the one whose breaks end by the departure."""
    first = a.tour[t, T_BREAK]
    count = a.tour[t, T_BREAK_END] - first
    settled = 0
    while settled < count and a.pause[first + settled, 1] <= depart_s:
        settled += 1
    for k in range(count + 1):
        lab[row, k, L_TIME] = DEAD
    lab[row, settled, L_TIME] = depart_s
    lab[row, settled, L_LATE] = 0
    lab[row, settled, L_TRAVEL] = 0
    lab[row, settled, L_WORK] = 0


@njit(**JIT)
def advance(
    a: Any, t: int, src: Any, src_row: int, place: int, after_job: bool, j: int, dst: Any, dst_row: int
) -> int:
    """Extend the labels of a stop by job ``j``; return how many live.

    ``src[src_row]`` are the labels at ``place``, ``after_job`` says whether that stop is a job; ``dst[dst_row]`` is written.
    """
    worker = a.tour[t, T_WORKER]
    first = a.tour[t, T_BREAK]
    count = a.tour[t, T_BREAK_END] - first
    here = a.job[j, J_PLACE]
    kind = a.tour[t, T_KIND]
    base, _ = leg(a, a.tour[t, T_SPEED], place, here)
    for k in range(count + 1):
        dst[dst_row, k, L_TIME] = DEAD
    if base < 0:
        return 0
    same = after_job and place == here
    last = min(a.finish[a.job[j, J_PROFILE], worker], a.tour[t, T_LAST])
    soft = a.job[j, J_SOFT] != 0
    if count == 0:
        ready = src[src_row, 0, L_TIME]
        depart, arrive = travel(a, t, ready, base)
        service = np.int64(a.service[j, kind, 0 if same else 1])
        moment = begin(a, t, j, arrive, service)
        end = moment + service
        if moment == DEAD or end > last:
            return 0
        dst[dst_row, 0, L_TIME] = end
        dst[dst_row, 0, L_LATE] = src[src_row, 0, L_LATE] + (lateness(a, j, moment, end) if soft else 0)
        dst[dst_row, 0, L_TRAVEL] = src[src_row, 0, L_TRAVEL] + arrive - depart
        dst[dst_row, 0, L_WORK] = src[src_row, 0, L_WORK] + service
        dst[dst_row, 0, L_FROM] = 0
        dst[dst_row, 0, L_BEFORE] = 0
        return 1
    alive = 0
    closes = a.job[j, J_CLOSES]
    for source in range(count + 1):
        ready = src[src_row, source, L_TIME]
        if ready == DEAD:
            continue
        before = 0
        while source + before <= count:
            if before > 0:
                pause = first + source + before - 1
                ready = max(ready, a.pause[pause, 0])
                if ready > a.pause[pause, 1]:
                    break
                ready += a.pause[pause, 2]
            depart, arrive = travel(a, t, ready, base)
            moment_ready = arrive
            after = 0
            while source + before + after <= count and moment_ready <= closes:
                k = source + before + after
                if after > 0:
                    pause = first + k - 1
                    moment_ready = max(moment_ready, a.pause[pause, 0])
                    if moment_ready > a.pause[pause, 1]:
                        break
                    moment_ready += a.pause[pause, 2]
                service = np.int64(a.service[j, kind, 0 if same and before + after == 0 else 1])
                moment = begin(a, t, j, moment_ready, service)
                end = moment + service
                after += 1
                if moment == DEAD or end > last or (k < count and end > a.pause[first + k, 1]):
                    continue
                late = src[src_row, source, L_LATE] + (lateness(a, j, moment, end) if soft else 0)
                moved = src[src_row, source, L_TRAVEL] + arrive - depart
                work = src[src_row, source, L_WORK] + service
                if dst[dst_row, k, L_TIME] != DEAD:
                    if end > dst[dst_row, k, L_TIME]:
                        continue
                    if end == dst[dst_row, k, L_TIME]:
                        if late > dst[dst_row, k, L_LATE]:
                            continue
                        if (
                            late == dst[dst_row, k, L_LATE]
                            and moved + work >= dst[dst_row, k, L_TRAVEL] + dst[dst_row, k, L_WORK]
                        ):
                            continue
                else:
                    alive += 1
                dst[dst_row, k, L_TIME] = end
                dst[dst_row, k, L_LATE] = late
                dst[dst_row, k, L_TRAVEL] = moved
                dst[dst_row, k, L_WORK] = work
                dst[dst_row, k, L_FROM] = source
                dst[dst_row, k, L_BEFORE] = before
            before += 1
    return alive


@njit(**JIT)
def close(
    a: Any, t: int, lab: Any, row: int, place: int, depart_s: int
) -> tuple[int, int, int, int, int, int]:
    """End a tour that is at ``place`` with labels ``lab[row]``.

    Returns cost in grains (lateness, travel seconds, overtime, duration; DEAD where impossible), travel seconds, service
    seconds, end, and the label and the number of breaks before the last leg that were chosen.
    """
    first = a.tour[t, T_BREAK]
    count = a.tour[t, T_BREAK_END] - first
    best_cost = DEAD
    best_travel = np.int64(0)
    best_work = np.int64(0)
    best_end = np.int64(0)
    best_from = np.int64(0)
    best_before = np.int64(0)
    target = a.tour[t, T_END_PLACE]
    base = np.int64(0)
    if target >= 0:
        base, _ = leg(a, a.tour[t, T_SPEED], place, target)
        if base < 0:
            return best_cost, best_travel, best_work, best_end, best_from, best_before
    for source in range(count + 1):
        ready = lab[row, source, L_TIME]
        if ready == DEAD:
            continue
        before = 0
        while source + before <= count:
            if before > 0:
                if target < 0:
                    break
                pause = first + source + before - 1
                ready = max(ready, a.pause[pause, 0])
                if ready > a.pause[pause, 1]:
                    break
                ready += a.pause[pause, 2]
            k = source + before
            depart, end = travel(a, t, ready, base)
            if target < 0:
                end = depart = ready
            moved = lab[row, source, L_TRAVEL] + end - depart
            if (
                end <= a.tour[t, T_LAST]
                and moved <= a.tour[t, T_MAX_TRAVEL]
                and (k == count or end <= a.pause[first + k, 1])
            ):
                cost = (
                    lab[row, source, L_LATE]
                    + moved * a.par[P_RATE_S]
                    + max(0, end - a.tour[t, T_END]) * a.par[P_RATE_OVERTIME]
                    + (end - depart_s) * a.par[P_RATE_DURATION]
                )
                if cost < best_cost:
                    best_cost = cost
                    best_travel = moved
                    best_work = lab[row, source, L_WORK]
                    best_end = end
                    best_from = source
                    best_before = before
            before += 1
    return best_cost, best_travel, best_work, best_end, best_from, best_before


@njit(**JIT)
def run(
    a: Any, t: int, depart_s: int, start_place: int, seq: Any, count: int, lab: Any
) -> tuple[int, int, int, int, int, int]:
    """Time a whole tour from a departure; labels go to rows 0 … count of ``lab``; returns as :func:`close`."""
    start_labels(a, t, depart_s, lab, 0)
    place = start_place
    for i in range(count):
        if advance(a, t, lab, i, place, i > 0, seq[i], lab, i + 1) == 0:
            return DEAD, np.int64(0), np.int64(0), np.int64(0), np.int64(0), np.int64(0)
        place = a.job[seq[i], J_PLACE]
    return close(a, t, lab, count, place, depart_s)


@njit(**JIT)
def trace(
    a: Any, t: int, depart_s: int, start_place: int, seq: Any, count: int, lab: Any, chosen: int, closing: int, ev: Any
) -> int:
    """Write the events of a tour just timed by :func:`run`; return how many.

    ``chosen`` and ``closing`` are the label and the breaks before the last leg that :func:`close` told.
    """
    first = a.tour[t, T_BREAK]
    target = a.tour[t, T_END_PLACE]
    speed = a.tour[t, T_SPEED]
    settled = np.empty(count + 2, np.int64)
    before = np.zeros(count + 1, np.int64)
    after = np.zeros(count + 1, np.int64)
    k = chosen
    for i in range(count, 0, -1):
        settled[i] = k
        source = lab[i, k, L_FROM]
        before[i - 1] = lab[i, k, L_BEFORE]
        after[i - 1] = k - source - before[i - 1]
        k = source
    settled[0] = k
    before[count] = closing
    n = 0
    ev[n, :] = 0
    ev[n, E_KIND] = KIND_START
    ev[n, E_ROW] = -1
    ev[n, E_PLACE] = start_place
    ev[n, E_ARRIVE] = depart_s
    ev[n, E_BEGIN] = depart_s
    ev[n, E_LEAVE] = depart_s
    n += 1
    place = start_place
    ready = depart_s
    for i in range(count + 1):
        pause = settled[i]
        for _ in range(before[i]):
            n = _break_event(a, first, pause, place, ready, np.int64(0), np.int64(0), np.int64(0), ev, n)
            ready = ev[n - 1, E_LEAVE]
            pause += 1
        if i == count:
            here = target if target >= 0 else place
        else:
            here = a.job[seq[i], J_PLACE]
        base, metres = leg(a, speed, place, here)
        if i == count and target < 0:
            depart, arrive, base, metres = ready, ready, np.int64(0), np.int64(0)
        else:
            depart, arrive = travel(a, t, ready, base)
        moved = arrive - depart
        ready = arrive
        if i < count:
            for _ in range(after[i]):
                n = _break_event(a, first, pause, here, ready, moved, metres, base, ev, n)
                ready = ev[n - 1, E_LEAVE]
                pause += 1
                moved, metres, base = np.int64(0), np.int64(0), np.int64(0)
            same = i > 0 and place == here and before[i] + after[i] == 0
            service = np.int64(a.service[seq[i], a.tour[t, T_KIND], 0 if same else 1])
            moment = begin(a, t, seq[i], ready, service)
            ev[n, E_KIND] = KIND_VISIT
            ev[n, E_ROW] = seq[i]
            ev[n, E_BEGIN] = moment
            ev[n, E_LEAVE] = moment + service
        else:
            ev[n, E_KIND] = KIND_END
            ev[n, E_ROW] = -1
            ev[n, E_BEGIN] = ready
            ev[n, E_LEAVE] = ready
        ev[n, E_PLACE] = here
        ev[n, E_ARRIVE] = ready
        ev[n, E_TRAVEL] = moved
        ev[n, E_METRES] = metres
        ev[n, E_BASE] = base
        ready = ev[n, E_LEAVE]
        place = here
        n += 1
    return n


@njit(**JIT)
def _break_event(
    a: Any, first: int, pause: int, place: int, ready: int, moved: int, metres: int, base: int, ev: Any, n: int
) -> int:
    moment = max(ready, a.pause[first + pause, 0])
    ev[n, E_KIND] = KIND_BREAK
    ev[n, E_ROW] = pause
    ev[n, E_PLACE] = place
    ev[n, E_ARRIVE] = ready
    ev[n, E_BEGIN] = moment
    ev[n, E_LEAVE] = moment + a.pause[first + pause, 2]
    ev[n, E_TRAVEL] = moved
    ev[n, E_METRES] = metres
    ev[n, E_BASE] = base
    return n + 1


@njit(**JIT)
def put_off(a: Any, t: int, ev: Any, n: int) -> int:
    """Return the latest departure that changes neither the end nor any lateness of the traced tour."""
    worker = a.tour[t, T_WORKER]
    latest = ev[n - 1, E_ARRIVE]
    for i in range(n - 1, 0, -1):
        if i < n - 1:
            leave, moment = ev[i, E_LEAVE], ev[i, E_BEGIN]
            lasts = leave - moment
            latest -= lasts
            if ev[i, E_KIND] == KIND_BREAK:
                latest = min(latest, a.pause[a.tour[t, T_BREAK] + ev[i, E_ROW], 1])
            else:
                j = ev[i, E_ROW]
                row = a.job[j, J_WINDOW]
                while a.window[row, 1] < moment:
                    row += 1
                latest = min(latest, a.window[row, 1])
                latest = min(latest, a.finish[a.job[j, J_PROFILE], worker] - lasts)
                latest = min(latest, a.job[j, J_ARRIVE_BY] if moment <= a.job[j, J_ARRIVE_BY] else moment)
                latest = min(latest, a.job[j, J_RESOLVE_BY] - lasts if leave <= a.job[j, J_RESOLVE_BY] else moment)
                for h in range(a.tour[t, T_ABSENCE], a.tour[t, T_ABSENCE_END]):
                    if a.absence[h, 0] >= leave:
                        latest = min(latest, a.absence[h, 0] - lasts)
        if ev[i, E_TRAVEL] > 0:
            for h in range(a.tour[t, T_ABSENCE], a.tour[t, T_ABSENCE_END]):
                if a.absence[h, 0] >= ev[i, E_ARRIVE]:
                    latest = min(latest, a.absence[h, 0])
            latest = depart_by(a, latest, ev[i, E_BASE])
    return max(latest, ev[0, E_LEAVE])
