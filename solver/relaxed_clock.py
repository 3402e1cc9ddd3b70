"""The clock of bounds: what a tour takes and costs at least, however it is timed.

The rule of :mod:`solver.problem` fixes when things happen; a plan need not keep to it to be legal. Here a tour may leave later, wait
wherever it is, and take its breaks as it likes; so a label is two numbers that no timing undercuts: when a stop can be left at the
earliest, and what has been spent by then at least, each for itself. Both never fall when a label is later or dearer, so of two partial tours with
the same jobs and the same last one the later and dearer one can go: what :mod:`solver.columns` takes for granted.

What is left away: limits of travel and of busy time, and balance (priced by a tangent, see :mod:`solver.bound`); waiting costs nothing, though a
price of duration would count it; a leg through a peak costs what it would at the highest speed between its earliest start and its latest
end; breaks of a tour whose ``[from, to]`` overlap but for one (:func:`solver.bound.relax`).

Labels lie in ``s`` as those of :mod:`solver.mechanisms.clock` do, the spending in ``L_LATE``; ``L_TRAVEL`` and ``L_WORK`` are 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from solver.arrays import (
    J_CLOSES,
    J_PLACE,
    J_PROFILE,
    K_CLOCK,
    K_RATE,
    P_PEAKS,
    P_RATE_DURATION,
    P_RATE_OVERTIME,
    P_UNIT,
    T_BREAK,
    T_BREAK_END,
    T_END,
    T_END_PLACE,
    T_KIND,
    T_LAST,
    T_SPEED,
    T_START,
    T_WORKER,
    at_finish,
    at_job,
    at_pause,
    at_peak,
    at_service,
    at_tour,
)
from solver.jit import JIT, njit
from solver.mechanisms.clock import (
    DEAD,
    L_LATE,
    L_TIME,
    L_TRAVEL,
    L_WORK,
    N_LABEL,
    begin,
    late_only,
    leg,
    segment_at,
    travel,
)


@njit(**JIT)
def start_relaxed(a: Any, s: Any, t: int, lab: int) -> None:
    """Write the labels of the start: a break is settled by leaving at its ``to`` or later, too."""
    first = a.d[at_tour(a, t) + T_BREAK]
    count = a.d[at_tour(a, t) + T_BREAK_END] - first
    start = a.d[at_tour(a, t) + T_START]
    moment = start
    for k in range(count + 1):
        if k > 0:
            moment = max(moment, a.d[at_pause(a, first + k - 1) + 1])
        write_relaxed(s, lab + k * N_LABEL, moment, np.int64(0))
    for k in range(count):
        if a.d[at_pause(a, first + k) + 1] <= start:
            s[lab + k * N_LABEL + L_TIME] = DEAD


@njit(**JIT)
def write_relaxed(s: Any, at: int, moment: int, grains: int) -> None:
    """Write a label."""
    s[at + L_TIME] = moment
    s[at + L_LATE] = grains
    s[at + L_TRAVEL] = 0
    s[at + L_WORK] = 0


@njit(**JIT)
def least_travel(a: Any, ready_s: int, latest_s: int, base_s: int) -> int:
    """Return the seconds that a leg takes at least which leaves at ``ready_s`` or later and is over by ``latest_s``."""
    if a.d[P_PEAKS] == 0 or base_s == 0:
        return base_s
    row = segment_at(a, ready_s)
    rate = a.d[at_peak(a, row) + K_RATE]
    while row + 1 < a.d[P_PEAKS] and a.d[at_peak(a, row + 1) + K_CLOCK] < latest_s:
        row += 1
        rate = max(rate, a.d[at_peak(a, row) + K_RATE])
    return (base_s * a.d[P_UNIT] + rate - 1) // rate


@njit(**JIT)
def advance_relaxed(
    a: Any,
    s: Any,
    t: int,
    src: int,
    place: int,
    after_job: bool,
    j: int,
    dst: int,
    least_s: int,
    rate_s: int,
    rate_work: int,
) -> int:
    """Extend the labels of a stop by job ``j``; return how many live.

    Parameters
    ----------
    src, place, after_job, dst
        As for :func:`solver.mechanisms.clock.advance`.
    least_s : int
        So much of the service is paid elsewhere.
    rate_s, rate_work : int
        Grains for a second of travel, of service. A break costs the price of duration.
    """
    tour, job = at_tour(a, t), at_job(a, j)
    first = a.d[tour + T_BREAK]
    count = a.d[tour + T_BREAK_END] - first
    here = a.d[job + J_PLACE]
    base, _ = leg(a, a.d[tour + T_SPEED], place, here)
    for k in range(count + 1):
        s[dst + k * N_LABEL + L_TIME] = DEAD
    if base < 0:
        return 0
    same = after_job and place == here
    closes = a.d[job + J_CLOSES]
    last = min(a.d[at_finish(a, a.d[job + J_PROFILE], a.d[tour + T_WORKER])], a.d[tour + T_LAST])
    alive = 0
    for source in range(count + 1):
        ready = s[src + source * N_LABEL + L_TIME]
        if ready == DEAD:
            continue
        paid = s[src + source * N_LABEL + L_LATE]
        for k in range(source, count + 1):
            rest = np.int64(0)
            for p in range(source, k):
                rest += a.d[at_pause(a, first + p) + 2]
            earliest = DEAD
            for before in range(k - source + 1):
                moment = rested(a, first, source, source + before, ready)
                if moment == DEAD:
                    break
                _, moment = travel(a, t, moment, base)
                moment = rested(a, first, source + before, k, moment)
                earliest = min(earliest, moment)
            if earliest > closes:
                continue
            service = np.int64(a.g[at_service(a, j, a.d[tour + T_KIND]) + (0 if same and k == source else 1)])
            moment = begin(a, t, j, earliest, service)
            end = moment + service
            if moment == DEAD or end > last or (k < count and end > a.d[at_pause(a, first + k) + 1]):
                continue
            grains = paid + late_only(a, j, moment, end) + (service - least_s) * rate_work
            grains += least_travel(a, ready, closes, base) * rate_s + rest * a.d[P_RATE_DURATION]
            there = dst + k * N_LABEL
            if s[there + L_TIME] == DEAD:
                alive += 1
                write_relaxed(s, there, end, grains)
            else:
                s[there + L_TIME] = min(s[there + L_TIME], end)
                s[there + L_LATE] = min(s[there + L_LATE], grains)
    return alive


@njit(**JIT)
def rested(a: Any, first: int, since: int, until: int, ready_s: int) -> int:
    """Return when the breaks from row ``since`` up to, not including, ``until`` can be over at the earliest, or DEAD."""
    moment = ready_s
    for k in range(since, until):
        moment = max(moment, a.d[at_pause(a, first + k)])
        if moment > a.d[at_pause(a, first + k) + 1]:
            return DEAD
        moment += a.d[at_pause(a, first + k) + 2]
    return moment


@njit(**JIT)
def close_relaxed(a: Any, s: Any, t: int, lab: int, place: int, rate_s: int) -> int:
    """Return what a tour that ends now has spent at least, without metres, or DEAD."""
    tour = at_tour(a, t)
    first = a.d[tour + T_BREAK]
    count = a.d[tour + T_BREAK_END] - first
    target, last = a.d[tour + T_END_PLACE], a.d[tour + T_LAST]
    base = np.int64(0)
    if target >= 0:
        base, _ = leg(a, a.d[tour + T_SPEED], place, target)
        if base < 0:
            return DEAD
    least = DEAD
    for source in range(count + 1):
        ready = s[lab + source * N_LABEL + L_TIME]
        if ready == DEAD:
            continue
        for k in range(source, count + 1):
            rest = np.int64(0)
            for p in range(source, k):
                rest += a.d[at_pause(a, first + p) + 2]
            end = DEAD
            for before in range(k - source + 1):
                moment = rested(a, first, source, source + before, ready)
                if moment == DEAD:
                    break
                if target >= 0:
                    _, moment = travel(a, t, moment, base)
                end = min(end, rested(a, first, source + before, k, moment))
            if end > last or (k < count and end > a.d[at_pause(a, first + k) + 1]):
                continue
            grains = s[lab + source * N_LABEL + L_LATE] + least_travel(a, ready, last, base) * rate_s
            grains += max(0, end - a.d[tour + T_END]) * a.d[P_RATE_OVERTIME] + rest * a.d[P_RATE_DURATION]
            least = min(least, grains)
    return least
