"""The clock: legs, peaks, absences, windows, breaks, lateness, late departure.

The rule is in :mod:`solver.problem`; the slow twin is :mod:`solver.reference`. A *label* is six numbers in the chain's memory ``s`` (``L_``): the
state after a stop with k breaks settled, and how it was reached.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from solver.arrays import (
    H_SPEED,
    J_ARRIVE_BY,
    J_ARRIVE_ONCE,
    J_ARRIVE_RATE,
    J_CLOSES,
    J_OPENS,
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
    M_CALM_FROM,
    M_CALM_TO,
    M_COUNTED,
    M_FIRST,
    M_FROM,
    M_HOME,
    M_MOVE_RATE,
    M_TO,
    P_CHANGE,
    P_COUPLED,
    P_HALF,
    P_LABELS,
    P_MODES,
    P_PEAKS,
    P_PLACES,
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
    at_absence,
    at_change,
    at_finish,
    at_job,
    at_pause,
    at_peak,
    at_service,
    at_tour,
    at_window,
)
from solver.jit import ALLOCATING, INLINE, JIT, njit
from solver.problem import EARTH_RADIUS_M
from solver.state import LABEL_WIDTH, O_END, O_FROM, O_TO, at_hold

DEAD = np.int64(1 << 60)
"""The time of a label that does not live."""

L_TIME, L_LATE, L_TRAVEL, L_WORK, L_FROM, L_BEFORE = range(6)
N_LABEL = LABEL_WIDTH

CHANGED_BITS = 20
"""``L_BEFORE`` holds the breaks before the leg in so many bits, above them the jobs changed so far."""

# columns of events
E_KIND, E_ROW, E_PLACE, E_ARRIVE, E_BEGIN, E_LEAVE, E_TRAVEL, E_METRES, E_BASE = range(9)
N_EVENT = 9
KIND_START, KIND_VISIT, KIND_BREAK, KIND_END = range(4)


@njit(**JIT)
def sphere_leg(a: Any, speed: int, origin: int, destination: int) -> tuple[int, int]:
    """Return seconds and metres of a leg computed from coordinates."""
    if origin == destination:
        return np.int64(0), np.int64(0)
    dx = a.f[1 + 3 * origin] - a.f[1 + 3 * destination]
    dy = a.f[1 + 3 * origin + 1] - a.f[1 + 3 * destination + 1]
    dz = a.f[1 + 3 * origin + 2] - a.f[1 + 3 * destination + 2]
    half = 0.5 * math.sqrt(dx * dx + dy * dy + dz * dz)
    metres = np.int64(math.floor(2.0 * EARTH_RADIUS_M * math.asin(min(1.0, half)) * a.f[0] + 0.5))
    num, den = a.d[a.d[H_SPEED] + 2 * speed], a.d[a.d[H_SPEED] + 2 * speed + 1]
    return (metres * num + den - 1) // den, metres


@njit(**INLINE)
def leg(a: Any, speed: int, origin: int, destination: int) -> tuple[int, int]:
    """Return free seconds (NO_WAY where there is none) and metres of a leg."""
    if a.d[P_SPHERE] == 0:
        entry = ((speed * a.d[P_PLACES] + origin) * a.d[P_PLACES] + destination) * 2
        seconds = np.int64(a.g[entry])
        metres = np.int64(a.g[entry + 1])
    else:
        seconds, metres = sphere_leg(a, speed, origin, destination)
    return seconds, metres


@njit(**JIT)
def segment_at(a: Any, moment_s: int) -> int:
    """Return the row of ``peak`` in force at a moment."""
    low, high = 0, a.d[P_PEAKS]
    while high - low > 1:
        middle = (low + high) // 2
        if a.d[at_peak(a, middle) + K_CLOCK] <= moment_s:
            low = middle
        else:
            high = middle
    return low


@njit(**JIT)
def arrive_in_peaks(a: Any, depart_s: int, base_s: int) -> int:
    """Return the least whole second at which the progress since ``depart_s`` reaches ``base_s`` seconds of free travel."""
    row = segment_at(a, depart_s)
    target = (
        a.d[at_peak(a, row) + K_PROGRESS]
        + (depart_s - a.d[at_peak(a, row) + K_CLOCK]) * a.d[at_peak(a, row) + K_RATE]
        + base_s * a.d[P_UNIT]
    )
    while row + 1 < a.d[P_PEAKS] and a.d[at_peak(a, row + 1) + K_PROGRESS] < target:
        row += 1
    rate = a.d[at_peak(a, row) + K_RATE]
    return a.d[at_peak(a, row) + K_CLOCK] + (target - a.d[at_peak(a, row) + K_PROGRESS] + rate - 1) // rate


@njit(**JIT)
def depart_by(a: Any, arrive_s: int, base_s: int) -> int:
    """Return the latest whole second to leave so as to arrive by ``arrive_s``."""
    if a.d[P_PEAKS] == 0:
        return arrive_s - base_s
    row = segment_at(a, arrive_s)
    target = (
        a.d[at_peak(a, row) + K_PROGRESS]
        + (arrive_s - a.d[at_peak(a, row) + K_CLOCK]) * a.d[at_peak(a, row) + K_RATE]
        - base_s * a.d[P_UNIT]
    )
    while row > 0 and a.d[at_peak(a, row) + K_PROGRESS] > target:
        row -= 1
    return (
        a.d[at_peak(a, row) + K_CLOCK] + (target - a.d[at_peak(a, row) + K_PROGRESS]) // a.d[at_peak(a, row) + K_RATE]
    )


@njit(**JIT)
def travel(a: Any, t: int, ready_s: int, base_s: int) -> tuple[int, int]:
    """Return departure and arrival of a leg that may leave from ``ready_s`` on, kept clear of the tour's absences."""
    depart = ready_s
    while True:
        arrive = depart + base_s if a.d[P_PEAKS] == 0 or base_s == 0 else arrive_in_peaks(a, depart, base_s)
        clear = True
        for h in range(a.d[at_tour(a, t) + T_ABSENCE], a.d[at_tour(a, t) + T_ABSENCE_END]):
            if a.d[at_absence(a, h)] < arrive and a.d[at_absence(a, h) + 1] > depart and depart < arrive:
                depart = a.d[at_absence(a, h) + 1]
                clear = False
        if clear:
            return depart, arrive


@njit(**JIT)
def begin(a: Any, t: int, j: int, ready_s: int, service_s: int) -> int:
    """Return the earliest begin from ``ready_s`` on inside a window and clear of absences, or DEAD."""
    moment = ready_s
    row = a.d[at_job(a, j) + J_WINDOW]
    while True:
        while row < a.d[at_job(a, j) + J_WINDOW_END] and a.d[at_window(a, row) + 1] < moment:
            row += 1
        if row == a.d[at_job(a, j) + J_WINDOW_END]:
            return DEAD
        moment = max(moment, a.d[at_window(a, row)])
        clear = True
        for h in range(a.d[at_tour(a, t) + T_ABSENCE], a.d[at_tour(a, t) + T_ABSENCE_END]):
            inside = a.d[at_absence(a, h)] < moment + service_s and a.d[at_absence(a, h) + 1] > moment
            if service_s == 0:
                inside = a.d[at_absence(a, h)] < moment < a.d[at_absence(a, h) + 1]
            if inside:
                moment = a.d[at_absence(a, h) + 1]
                clear = False
        if clear:
            return moment


@njit(**JIT)
def begin_waiting(a: Any, t: int, j: int, ready_s: int, service_s: int, by_s: int) -> int:
    """Return the begin where the tour waits for the beginning of the job's tolerance, as far as the window and ``by_s`` allow, or DEAD."""
    moment = begin(a, t, j, ready_s, service_s)
    from_s = min(a.d[at_change(a, j) + M_FROM], by_s)
    if moment < from_s:
        row = a.d[at_job(a, j) + J_WINDOW]
        while a.d[at_window(a, row) + 1] < moment:
            row += 1
        from_s = min(from_s, a.d[at_window(a, row) + 1])
        if from_s > moment:
            moment = begin(a, t, j, from_s, service_s)
    return moment


@njit(**INLINE)
def is_changed(a: Any, j: int, w: int, begin_s: int) -> int:
    """Return 1 where the job counts and is served by another worker than its home, or begins outside its calm, else 0."""
    asked = at_change(a, j)
    changed = np.int64(0)
    if a.d[asked + M_COUNTED] != 0 and (
        a.d[asked + M_HOME] != w or begin_s < a.d[asked + M_CALM_FROM] or begin_s > a.d[asked + M_CALM_TO]
    ):
        changed = np.int64(1)
    return changed


@njit(**INLINE)
def changed_so_far(s: Any, label: int) -> int:
    """Return how many jobs are changed up to the label that begins at ``label``; only where there is a plan in force."""
    return s[label + L_BEFORE] >> CHANGED_BITS


@njit(**JIT)
def lateness(a: Any, j: int, begin_s: int, end_s: int) -> int:
    """Return the grains of a late begin and a late end, and of a begin before the job's tolerance."""
    grains = late_only(a, j, begin_s, end_s)
    if a.d[P_CHANGE] != 0 and begin_s < a.d[at_change(a, j) + M_FROM]:
        grains += (a.d[at_change(a, j) + M_FROM] - begin_s) * a.d[at_change(a, j) + M_MOVE_RATE]
    return grains


@njit(**JIT)
def late_only(a: Any, j: int, begin_s: int, end_s: int) -> int:
    """Return the grains of a late begin and a late end: never less for a later begin."""
    grains = np.int64(0)
    if a.d[P_CHANGE] != 0 and begin_s > a.d[at_change(a, j) + M_TO]:
        grains += (begin_s - a.d[at_change(a, j) + M_TO]) * a.d[at_change(a, j) + M_MOVE_RATE]
    if begin_s > a.d[at_job(a, j) + J_ARRIVE_BY]:
        grains += (
            a.d[at_job(a, j) + J_ARRIVE_ONCE]
            + (begin_s - a.d[at_job(a, j) + J_ARRIVE_BY]) * a.d[at_job(a, j) + J_ARRIVE_RATE]
        )
    if end_s > a.d[at_job(a, j) + J_RESOLVE_BY]:
        grains += (
            a.d[at_job(a, j) + J_RESOLVE_ONCE]
            + (end_s - a.d[at_job(a, j) + J_RESOLVE_BY]) * a.d[at_job(a, j) + J_RESOLVE_RATE]
        )
    return grains


@njit(**JIT)
def start_labels(a: Any, s: Any, t: int, depart_s: int, lab: int) -> None:
    """Write the labels of the start from ``lab`` on in ``s``: alive is the one whose breaks end by the departure.

    Where begins before a tolerance have a price there are two sets of labels, each of half of ``P_LABELS``: waiting, and at once.
    """
    first = a.d[at_tour(a, t) + T_BREAK]
    count = a.d[at_tour(a, t) + T_BREAK_END] - first
    settled = 0
    while settled < count and a.d[at_pause(a, first + settled) + 1] <= depart_s:
        settled += 1
    modes = a.d[P_MODES]
    for _ in range(modes):
        for k in range(count + 1):
            s[lab + k * N_LABEL + L_TIME] = DEAD
        s[lab + settled * N_LABEL + L_TIME] = depart_s
        s[lab + settled * N_LABEL + L_LATE] = 0
        s[lab + settled * N_LABEL + L_TRAVEL] = 0
        s[lab + settled * N_LABEL + L_WORK] = 0
        s[lab + settled * N_LABEL + L_BEFORE] = 0
        lab += a.d[P_HALF] * N_LABEL


@njit(**INLINE)
def advance(a: Any, s: Any, t: int, src: int, place: int, after_job: bool, j: int, dst: int) -> int:
    """Extend the labels of a stop by job ``j``; return how many live.

    The labels at ``place`` begin at ``src`` in ``s``, ``after_job`` says whether that stop is a job; those at ``dst`` are written.
    """
    if a.d[P_MODES] == 1:
        return _advance_set(a, s, t, src, place, after_job, j, dst, False)
    half = a.d[P_HALF] * N_LABEL
    alive = _advance_set(a, s, t, src, place, after_job, j, dst, True)
    alive += _advance_set(a, s, t, src + half, place, after_job, j, dst + half, False)
    return alive


@njit(**JIT)
def _advance_set(a: Any, s: Any, t: int, src: int, place: int, after_job: bool, j: int, dst: int, waits: bool) -> int:
    """Extend one set of labels, which ``waits`` for the tolerances of jobs or not; return how many live."""
    tour = at_tour(a, t)
    job = at_job(a, j)
    first = a.d[tour + T_BREAK]
    count = a.d[tour + T_BREAK_END] - first
    here = a.d[job + J_PLACE]
    kind = a.d[tour + T_KIND]
    base, _ = leg(a, a.d[tour + T_SPEED], place, here)
    same = after_job and place == here
    last = min(a.d[at_finish(a, a.d[job + J_PROFILE], a.d[tour + T_WORKER])], a.d[tour + T_LAST])
    soft = a.d[job + J_SOFT] != 0
    worker = a.d[tour + T_WORKER]
    is_first = a.d[P_CHANGE] != 0 and a.d[at_change(a, j) + M_FIRST] >= 0
    if is_first and (after_job or a.d[at_change(a, j) + M_FIRST] != t):
        base = np.int64(-1)
    opens, closes = a.d[job + J_OPENS], a.d[job + J_CLOSES]
    if a.d[P_COUPLED] != 0:
        hold = at_hold(s, j)
        opens = max(opens, s[hold + O_FROM])
        closes = min(closes, s[hold + O_TO])
        last = min(last, s[hold + O_END])
    if count == 0:
        s[dst + L_TIME] = DEAD
        ready = s[src + L_TIME]
        if base < 0 or ready == DEAD:
            return 0
        free = a.d[tour + T_ABSENCE] == a.d[tour + T_ABSENCE_END]
        depart = ready
        arrive = ready + base
        if not free or a.d[P_PEAKS] != 0:
            depart, arrive = travel(a, t, ready, base)
            if after_job and depart > ready:
                return 0
        service = np.int64(a.g[at_service(a, j, kind) + (0 if same else 1)])
        moment = max(arrive, opens)
        if not free or a.d[job + J_WINDOW_END] - a.d[job + J_WINDOW] > 1:
            moment = begin_waiting(a, t, j, moment, service, closes) if waits else begin(a, t, j, moment, service)
        elif waits:
            moment = max(moment, min(a.d[at_change(a, j) + M_FROM], closes))
        end = moment + service
        if moment > closes or end > last:
            return 0
        late = s[src + L_LATE]
        if soft:
            late += lateness(a, j, moment, end)
        s[dst + L_TRAVEL] = s[src + L_TRAVEL] + arrive - depart
        s[dst + L_WORK] = s[src + L_WORK] + service
        s[dst + L_TIME] = end
        s[dst + L_LATE] = late
        s[dst + L_FROM] = 0
        s[dst + L_BEFORE] = 0
        if a.d[P_CHANGE] != 0:
            s[dst + L_BEFORE] = (changed_so_far(s, src) + is_changed(a, j, worker, moment)) << CHANGED_BITS
        return 1
    for k in range(count + 1):
        s[dst + k * N_LABEL + L_TIME] = DEAD
    if base < 0:
        return 0
    alive = 0
    for source in range(count + 1):
        ready = s[src + source * N_LABEL + L_TIME]
        if ready == DEAD:
            continue
        before = 0
        while source + before <= count:
            if before > 0:
                if is_first:
                    break
                pause = first + source + before - 1
                ready = max(ready, a.d[at_pause(a, pause)])
                if ready > a.d[at_pause(a, pause) + 1]:
                    break
                ready += a.d[at_pause(a, pause) + 2]
            depart, arrive = travel(a, t, ready, base)
            if depart > ready and (after_job or before > 0):
                before += 1
                continue
            moment_ready = arrive
            after = 0
            while source + before + after <= count and moment_ready <= closes:
                k = source + before + after
                if after > 0:
                    if is_first:
                        break
                    pause = first + k - 1
                    moment_ready = max(moment_ready, a.d[at_pause(a, pause)])
                    if moment_ready > a.d[at_pause(a, pause) + 1]:
                        break
                    moment_ready += a.d[at_pause(a, pause) + 2]
                service = np.int64(a.g[at_service(a, j, kind) + (0 if same and before + after == 0 else 1)])
                if waits:
                    moment = begin_waiting(a, t, j, max(moment_ready, opens), service, closes)
                else:
                    moment = begin(a, t, j, max(moment_ready, opens), service)
                end = moment + service
                after += 1
                if moment > closes or end > last or (k < count and end > a.d[at_pause(a, first + k) + 1]):
                    continue
                late = s[src + source * N_LABEL + L_LATE] + (lateness(a, j, moment, end) if soft else 0)
                moved = s[src + source * N_LABEL + L_TRAVEL] + arrive - depart
                work = s[src + source * N_LABEL + L_WORK] + service
                if s[dst + k * N_LABEL + L_TIME] != DEAD:
                    if end > s[dst + k * N_LABEL + L_TIME]:
                        continue
                    if end == s[dst + k * N_LABEL + L_TIME]:
                        if late > s[dst + k * N_LABEL + L_LATE]:
                            continue
                        if (
                            late == s[dst + k * N_LABEL + L_LATE]
                            and moved + work >= s[dst + k * N_LABEL + L_TRAVEL] + s[dst + k * N_LABEL + L_WORK]
                        ):
                            continue
                else:
                    alive += 1
                s[dst + k * N_LABEL + L_TIME] = end
                s[dst + k * N_LABEL + L_LATE] = late
                s[dst + k * N_LABEL + L_TRAVEL] = moved
                s[dst + k * N_LABEL + L_WORK] = work
                s[dst + k * N_LABEL + L_FROM] = source
                s[dst + k * N_LABEL + L_BEFORE] = before
                if a.d[P_CHANGE] != 0:
                    changed = changed_so_far(s, src + source * N_LABEL) + is_changed(a, j, worker, moment)
                    s[dst + k * N_LABEL + L_BEFORE] += changed << CHANGED_BITS
            before += 1
    return alive


@njit(**JIT)
def close(a: Any, s: Any, t: int, lab: int, place: int, depart_s: int) -> tuple[int, int, int, int, int, int]:
    """End a tour that is at ``place`` with the labels that begin at ``lab`` in ``s``.

    Returns cost in grains (lateness, travel seconds, overtime, duration; DEAD where impossible), travel seconds, service
    seconds, end, and the label and the number of breaks before the last leg that were chosen. Of two sets of labels the waiting one
    comes first.
    """
    first = a.d[at_tour(a, t) + T_BREAK]
    count = a.d[at_tour(a, t) + T_BREAK_END] - first
    best_cost = DEAD
    best_travel = np.int64(0)
    best_work = np.int64(0)
    best_end = np.int64(0)
    best_from = np.int64(0)
    best_before = np.int64(0)
    target = a.d[at_tour(a, t) + T_END_PLACE]
    base = np.int64(0)
    if target >= 0:
        base, _ = leg(a, a.d[at_tour(a, t) + T_SPEED], place, target)
        if base < 0:
            return best_cost, best_travel, best_work, best_end, best_from, best_before
    half = a.d[P_HALF]
    for row in range((count + 1) * a.d[P_MODES]):
        source = row if row <= count else row - count - 1
        label = lab + (row if row <= count else half + source) * N_LABEL
        ready = s[label + L_TIME]
        if ready == DEAD:
            continue
        before = 0
        while source + before <= count:
            if before > 0:
                if target < 0:
                    break
                pause = first + source + before - 1
                ready = max(ready, a.d[at_pause(a, pause)])
                if ready > a.d[at_pause(a, pause) + 1]:
                    break
                ready += a.d[at_pause(a, pause) + 2]
            k = source + before
            depart, end = travel(a, t, ready, base)
            if depart > ready:
                before += 1
                continue
            if target < 0:
                end = depart = ready
            moved = s[label + L_TRAVEL] + end - depart
            if (
                end <= a.d[at_tour(a, t) + T_LAST]
                and moved <= a.d[at_tour(a, t) + T_MAX_TRAVEL]
                and (k == count or end <= a.d[at_pause(a, first + k) + 1])
            ):
                cost = (
                    s[label + L_LATE]
                    + moved * a.d[P_RATE_S]
                    + max(0, end - a.d[at_tour(a, t) + T_END]) * a.d[P_RATE_OVERTIME]
                    + (end - depart_s) * a.d[P_RATE_DURATION]
                )
                if cost < best_cost:
                    best_cost = cost
                    best_travel = moved
                    best_work = s[label + L_WORK]
                    best_end = end
                    best_from = (label - lab) // N_LABEL
                    best_before = before
            before += 1
    return best_cost, best_travel, best_work, best_end, best_from, best_before


@njit(**JIT)
def run(
    a: Any, s: Any, t: int, depart_s: int, start_place: int, seq: int, count: int, lab: int
) -> tuple[int, int, int, int, int, int]:
    """Time a whole tour from a departure; the jobs stand from ``seq`` on in ``s``, the labels of stops 0 … count go to ``lab`` on; returns as :func:`close`."""
    start_labels(a, s, t, depart_s, lab)
    place = start_place
    stop = a.d[P_LABELS] * N_LABEL
    for i in range(count):
        if advance(a, s, t, lab + i * stop, place, i > 0, s[seq + i], lab + (i + 1) * stop) == 0:
            return DEAD, np.int64(0), np.int64(0), np.int64(0), np.int64(0), np.int64(0)
        place = a.d[at_job(a, s[seq + i]) + J_PLACE]
    return close(a, s, t, lab + count * stop, place, depart_s)


@njit(**ALLOCATING)
def trace(
    a: Any,
    s: Any,
    t: int,
    depart_s: int,
    start_place: int,
    seq: int,
    count: int,
    lab: int,
    chosen: int,
    closing: int,
    ev: int,
) -> int:
    """Write the events of a tour just timed by :func:`run`; return how many.

    ``chosen`` and ``closing`` are the label and the breaks before the last leg that :func:`close` told.
    """
    first = a.d[at_tour(a, t) + T_BREAK]
    target = a.d[at_tour(a, t) + T_END_PLACE]
    speed = a.d[at_tour(a, t) + T_SPEED]
    waits = a.d[P_MODES] == 2
    if waits and chosen >= a.d[P_HALF]:
        waits = False
        chosen -= a.d[P_HALF]
        lab += a.d[P_HALF] * N_LABEL
    settled = np.empty(count + 2, np.int64)
    before = np.zeros(count + 1, np.int64)
    after = np.zeros(count + 1, np.int64)
    k = chosen
    for i in range(count, 0, -1):
        settled[i] = k
        source = s[lab + (i * a.d[P_LABELS] + k) * N_LABEL + L_FROM]
        before[i - 1] = s[lab + (i * a.d[P_LABELS] + k) * N_LABEL + L_BEFORE] & ((1 << CHANGED_BITS) - 1)
        after[i - 1] = k - source - before[i - 1]
        k = source
    settled[0] = k
    before[count] = closing
    n = 0
    s[ev : ev + N_EVENT] = 0
    s[ev + n * N_EVENT + E_KIND] = KIND_START
    s[ev + n * N_EVENT + E_ROW] = -1
    s[ev + n * N_EVENT + E_PLACE] = start_place
    s[ev + n * N_EVENT + E_ARRIVE] = depart_s
    s[ev + n * N_EVENT + E_BEGIN] = depart_s
    s[ev + n * N_EVENT + E_LEAVE] = depart_s
    n += 1
    place = start_place
    ready = depart_s
    for i in range(count + 1):
        pause = settled[i]
        for _ in range(before[i]):
            n = _break_event(a, s, first, pause, place, ready, np.int64(0), np.int64(0), np.int64(0), ev, n)
            ready = s[ev + (n - 1) * N_EVENT + E_LEAVE]
            pause += 1
        if i == count:
            here = target if target >= 0 else place
        else:
            here = a.d[at_job(a, s[seq + i]) + J_PLACE]
        base, metres = leg(a, speed, place, here)
        if i == count and target < 0:
            depart, arrive, base, metres = ready, ready, np.int64(0), np.int64(0)
        else:
            depart, arrive = travel(a, t, ready, base)
        moved = arrive - depart
        ready = arrive
        if i < count:
            for _ in range(after[i]):
                n = _break_event(a, s, first, pause, here, ready, moved, metres, base, ev, n)
                ready = s[ev + (n - 1) * N_EVENT + E_LEAVE]
                pause += 1
                moved, metres, base = np.int64(0), np.int64(0), np.int64(0)
            same = i > 0 and place == here and before[i] + after[i] == 0
            service = np.int64(a.g[at_service(a, s[seq + i], a.d[at_tour(a, t) + T_KIND]) + (0 if same else 1)])
            opens = ready
            by = a.d[at_job(a, s[seq + i]) + J_CLOSES]
            if a.d[P_COUPLED] != 0:
                opens = max(ready, s[at_hold(s, s[seq + i]) + O_FROM])
                by = min(by, s[at_hold(s, s[seq + i]) + O_TO])
            if waits:
                moment = begin_waiting(a, t, s[seq + i], opens, service, by)
            else:
                moment = begin(a, t, s[seq + i], opens, service)
            s[ev + n * N_EVENT + E_KIND] = KIND_VISIT
            s[ev + n * N_EVENT + E_ROW] = s[seq + i]
            s[ev + n * N_EVENT + E_BEGIN] = moment
            s[ev + n * N_EVENT + E_LEAVE] = moment + service
        else:
            s[ev + n * N_EVENT + E_KIND] = KIND_END
            s[ev + n * N_EVENT + E_ROW] = -1
            s[ev + n * N_EVENT + E_BEGIN] = ready
            s[ev + n * N_EVENT + E_LEAVE] = ready
        s[ev + n * N_EVENT + E_PLACE] = here
        s[ev + n * N_EVENT + E_ARRIVE] = ready
        s[ev + n * N_EVENT + E_TRAVEL] = moved
        s[ev + n * N_EVENT + E_METRES] = metres
        s[ev + n * N_EVENT + E_BASE] = base
        ready = s[ev + n * N_EVENT + E_LEAVE]
        place = here
        n += 1
    return n


@njit(**JIT)
def _break_event(
    a: Any, s: Any, first: int, pause: int, place: int, ready: int, moved: int, metres: int, base: int, ev: int, n: int
) -> int:
    moment = max(ready, a.d[at_pause(a, first + pause)])
    s[ev + n * N_EVENT + E_KIND] = KIND_BREAK
    s[ev + n * N_EVENT + E_ROW] = pause
    s[ev + n * N_EVENT + E_PLACE] = place
    s[ev + n * N_EVENT + E_ARRIVE] = ready
    s[ev + n * N_EVENT + E_BEGIN] = moment
    s[ev + n * N_EVENT + E_LEAVE] = moment + a.d[at_pause(a, first + pause) + 2]
    s[ev + n * N_EVENT + E_TRAVEL] = moved
    s[ev + n * N_EVENT + E_METRES] = metres
    s[ev + n * N_EVENT + E_BASE] = base
    return n + 1


@njit(**JIT)
def put_off(a: Any, s: Any, t: int, ev: int, n: int) -> int:
    """Return the latest departure that changes neither the end nor any lateness of the traced tour."""
    worker = a.d[at_tour(a, t) + T_WORKER]
    latest = s[ev + (n - 1) * N_EVENT + E_ARRIVE]
    for i in range(n - 1, 0, -1):
        if i < n - 1:
            leave, moment = s[ev + i * N_EVENT + E_LEAVE], s[ev + i * N_EVENT + E_BEGIN]
            lasts = leave - moment
            latest -= lasts
            if s[ev + i * N_EVENT + E_KIND] == KIND_BREAK:
                latest = min(latest, a.d[at_pause(a, a.d[at_tour(a, t) + T_BREAK] + s[ev + i * N_EVENT + E_ROW]) + 1])
            else:
                j = s[ev + i * N_EVENT + E_ROW]
                row = a.d[at_job(a, j) + J_WINDOW]
                while a.d[at_window(a, row) + 1] < moment:
                    row += 1
                latest = min(latest, a.d[at_window(a, row) + 1])
                latest = min(latest, a.d[at_finish(a, a.d[at_job(a, j) + J_PROFILE], worker)] - lasts)
                if a.d[P_COUPLED] != 0:
                    latest = min(latest, min(s[at_hold(s, j) + O_TO], s[at_hold(s, j) + O_END] - lasts))
                latest = min(
                    latest, a.d[at_job(a, j) + J_ARRIVE_BY] if moment <= a.d[at_job(a, j) + J_ARRIVE_BY] else moment
                )
                if a.d[P_CHANGE] != 0:
                    latest = min(latest, max(moment, a.d[at_change(a, j) + M_TO]))
                latest = min(
                    latest,
                    a.d[at_job(a, j) + J_RESOLVE_BY] - lasts if leave <= a.d[at_job(a, j) + J_RESOLVE_BY] else moment,
                )
                for h in range(a.d[at_tour(a, t) + T_ABSENCE], a.d[at_tour(a, t) + T_ABSENCE_END]):
                    if a.d[at_absence(a, h)] >= leave:
                        latest = min(latest, a.d[at_absence(a, h)] - lasts)
        if s[ev + i * N_EVENT + E_TRAVEL] > 0:
            for h in range(a.d[at_tour(a, t) + T_ABSENCE], a.d[at_tour(a, t) + T_ABSENCE_END]):
                if a.d[at_absence(a, h)] >= s[ev + i * N_EVENT + E_ARRIVE]:
                    latest = min(latest, a.d[at_absence(a, h)])
            latest = depart_by(a, latest, s[ev + i * N_EVENT + E_BASE])
    return max(latest, s[ev + 0 * N_EVENT + E_LEAVE])
