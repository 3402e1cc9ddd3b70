"""Pricing routes: every route of a tour whose reduced cost lies below a limit, by labels that are extended job by job.

A *record* is a partial route: its labels of the clock (:mod:`solver.mechanisms.clock`), what it costs so far less the prizes of its jobs,
the set of its jobs. Of two partial routes with the same set and the same last job the later and dearer one goes. A partial
route goes, too, when even the best jobs that may still fit into the time left cannot bring it below the limit: by the
fractional knapsack of the jobs not yet visited, each with half of its shortest leg there and half of the shortest one onwards, or by a table
of what can be collected from a job and a time on.
So long as no more than ``width`` partial routes of a length are kept, no route below the limit is missed.

Labels for the elementary shortest path: Feillet, Dejax, Gendreau and Gueguen (2004), doi 10.1002/net.20033; a knapsack for what can still
be collected: Dantzig (1957), doi 10.1287/opre.5.2.266.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from solver.arrays import (
    J_PLACE,
    P_BALANCE,
    P_LABELS,
    P_RATE_DURATION,
    P_RATE_M,
    P_RATE_S,
    T_BREAK,
    T_BREAK_END,
    T_END_PLACE,
    T_LAST,
    T_MAX_JOBS,
    T_SPEED,
    T_START,
    T_START_PLACE,
    T_WORKER,
    W_MAX_BUSY,
    at_job,
    at_tour,
    at_worker,
)
from solver.jit import INLINE, JIT, njit
from solver.kernel import balance_of
from solver.mechanisms.clock import (
    DEAD,
    L_LATE,
    L_TIME,
    L_TRAVEL,
    L_WORK,
    N_EVENT,
    N_LABEL,
    advance,
    close,
    leg,
    start_labels,
)
from solver.relaxed_clock import advance_relaxed, close_relaxed, start_relaxed
from solver.tours import time_jobs

JOBS_MAX = 128
"""A set of jobs is two words of bits."""

# columns of a record, behind its labels
Q_SUM, Q_BOUND, Q_TOTAL, Q_LAST, Q_PARENT, Q_SET, Q_SET_MORE, Q_NEXT, Q_LENGTH, Q_ROW = range(10)
N_RECORD = 10

# columns of a candidate job of a tour
I_JOB, I_BIT, I_PRIZE, I_GAIN, I_TIME, I_OUT_S, I_OUT_GRAINS, I_LATEST, I_OPENS, I_CLOSES, I_SERVICE = range(11)
N_ITEM = 12

NONE = np.int64(1 << 60)
"""The reduced cost of a route that cannot be, or is not below the limit."""

BINS = 512


@njit(**INLINE)
def record_size(n_labels: int) -> int:
    """Return how many numbers a record has."""
    return n_labels * N_LABEL + N_RECORD


@njit(**INLINE)
def at_events(n_labels: int) -> int:
    """Return where a whole tour's events begin in the scratch: behind its jobs and its labels."""
    return JOBS_MAX + (JOBS_MAX + 2) * n_labels * N_LABEL


@njit(**INLINE)
def at_bins(n_labels: int) -> int:
    """Return where the bins of :func:`cut_off` begin in the scratch."""
    return at_events(n_labels) + (JOBS_MAX + 2 + n_labels) * N_EVENT


@njit(**INLINE)
def at_records(n_labels: int) -> int:
    """Return where the records begin: so long is the scratch in front of them."""
    return at_bins(n_labels) + BINS


@njit(**JIT)
def list_legs(a: Any, speed: int, places: Any, out_s: Any, out_m: Any) -> None:
    """Write seconds (−1 where there is no way) and metres between ``places`` [n] to [n, n]."""
    for i in range(len(places)):
        for k in range(len(places)):
            out_s[i, k], out_m[i, k] = leg(a, speed, places[i], places[k])


@njit(**INLINE)
def low_of(a: Any, s: Any, lab: int, k: int, other_s: int) -> int:
    """Return what a label costs so far at least: lateness, travel, duration, balance."""
    moved = s[lab + k * N_LABEL + L_TRAVEL]
    busy = moved + s[lab + k * N_LABEL + L_WORK]
    low = s[lab + k * N_LABEL + L_LATE] + moved * a.d[P_RATE_S] + busy * a.d[P_RATE_DURATION]
    if a.d[P_BALANCE] != 0:
        low += balance_of(a, other_s + busy) - balance_of(a, other_s)
    return low


@njit(**JIT)
def could_gain(s: Any, item: Any, order: Any, at: int, left2: int, time: int) -> int:
    """Return twice what a partial route can collect at most in ``left2`` half seconds from ``time`` on.

    The knapsack's bound of Martello and Toth (1977): either without the first job that does not fit whole, or with it.
    """
    gain = np.int64(0)
    room = left2
    worth_before, lasts_before = np.int64(0), np.int64(1)
    worth_broken, lasts_broken = np.int64(-1), np.int64(1)
    for row in order:
        worth = item[row, I_GAIN]
        if worth <= 0:
            break
        lasts = item[row, I_TIME]
        if lasts > left2 or item[row, I_LATEST] < time:
            continue
        bit = item[row, I_BIT]
        if (s[at + Q_SET + (bit >> 6)] >> (bit & 63)) & 1:
            continue
        if worth_broken >= 0:
            without = gain + worth * room // lasts + 1
            spill = (lasts_broken - room) * worth_before // lasts_before
            return max(without, gain + worth_broken - spill)
        if lasts <= room:
            gain += worth
            room -= lasts
            worth_before, lasts_before = worth, lasts
        else:
            worth_broken, lasts_broken = worth, lasts
    if worth_broken >= 0:
        spill = (lasts_broken - room) * worth_before // lasts_before
        return max(gain, gain + worth_broken - spill)
    return gain


@njit(**JIT)
def look_ahead(
    seconds: Any, grains: Any, item: Any, start_s: int, last_s: int, step_s: int, gain: Any, follow: Any
) -> None:
    """Write what can be collected at most from a job on, by the time of leaving it: a relaxation that forbids only to return at once.

    Parameters
    ----------
    seconds, grains : int64[m + 2, m + 2]
        Legs between candidate jobs, from the start (row m) and to the end (column m + 1); at least so long.
    gain : int64[m, steps, 3]
        Is filled: the most that the jobs to come bring, less the legs, the way to the end included, for leaving at ``start_s`` + step × ``step_s`` or
        later; for the three best jobs to come next. −NONE where the end cannot be reached.
    follow : int64[m, steps, 3]
        Is filled: those next jobs, −1 for the end.
    """
    m, steps = gain.shape[0], gain.shape[1]
    for step in range(steps - 1, -1, -1):
        moment = start_s + step * step_s
        for k in range(m):
            for rank in range(3):
                gain[k, step, rank] = -NONE
                follow[k, step, rank] = -2
            if moment + seconds[k, m + 1] <= last_s:
                gain[k, step, 0] = -grains[k, m + 1]
                follow[k, step, 0] = -1
            for i in range(m):
                if i == k:
                    continue
                begin = max(moment + seconds[k, i], item[i, I_OPENS])
                if begin > item[i, I_CLOSES]:
                    continue
                leave = begin + item[i, I_SERVICE]
                if leave > last_s:
                    continue
                onward = (leave - start_s) // step_s
                if onward <= step:
                    value = NONE >> 1  # too short a step to tell
                else:
                    value = gain[i, onward, 0] if follow[i, onward, 0] != k else gain[i, onward, 1]
                    if value == -NONE:
                        continue
                value += item[i, I_PRIZE] - grains[k, i]
                for rank in range(3):
                    if value > gain[k, step, rank]:
                        for lower in range(2, rank, -1):
                            gain[k, step, lower] = gain[k, step, lower - 1]
                            follow[k, step, lower] = follow[k, step, lower - 1]
                        gain[k, step, rank] = value
                        follow[k, step, rank] = i
                        break


@njit(**JIT)
def is_covered(a: Any, s: Any, labels: int, old: int, new: int, other_s: int) -> bool:
    """Say whether a partial route is nowhere earlier nor cheaper than another with the same jobs and the same last one."""
    size = labels * N_LABEL
    for k in range(labels):
        if s[new + k * N_LABEL + L_TIME] == DEAD:
            continue
        if s[old + k * N_LABEL + L_TIME] > s[new + k * N_LABEL + L_TIME]:
            return False
        dear = s[old + size + Q_SUM] + low_of(a, s, old, k, other_s)
        if dear > s[new + size + Q_SUM] + low_of(a, s, new, k, other_s):
            return False
    return True


@njit(**JIT)
def total_of(a: Any, s: Any, t: int, at: int, other_s: int, relaxed_s: int) -> int:
    """Return the reduced cost of a record ended here, or NONE; ``relaxed_s`` as for :func:`list_routes`."""
    labels = a.d[P_LABELS]
    record = at + labels * N_LABEL
    depart = a.d[at_tour(a, t) + T_START]
    moved = work = np.int64(0)
    if relaxed_s >= 0:
        cost = close_relaxed(a, s, t, at, a.d[at_job(a, s[record + Q_LAST]) + J_PLACE], relaxed_s)
    elif a.d[P_RATE_DURATION] == 0:
        place = a.d[at_job(a, s[record + Q_LAST]) + J_PLACE]
        cost, moved, work, _, _, _ = close(a, s, t, at, place, depart)
    else:
        count = s[record + Q_LENGTH]
        x = record
        for i in range(count - 1, -1, -1):
            s[i] = s[x + Q_LAST]
            x = s[x + Q_PARENT] + labels * N_LABEL
        cost, moved, work, _, _, _ = time_jobs(a, s, t, 0, count, JOBS_MAX, at_events(labels))
    if cost == DEAD:
        return NONE
    busy = moved + work
    if busy > a.d[at_worker(a, a.d[at_tour(a, t) + T_WORKER]) + W_MAX_BUSY]:
        return NONE
    target = a.d[at_tour(a, t) + T_END_PLACE]
    if target >= 0:
        _, metres = leg(a, a.d[at_tour(a, t) + T_SPEED], a.d[at_job(a, s[record + Q_LAST]) + J_PLACE], target)
        cost += metres * a.d[P_RATE_M]
    if a.d[P_BALANCE] != 0:
        cost += balance_of(a, other_s + busy) - balance_of(a, other_s)
    return cost + s[record + Q_SUM]


@njit(**JIT)
def list_routes(
    a: Any,
    s: Any,
    table: Any,
    t: int,
    item: Any,
    order: Any,
    seconds: Any,
    grains: Any,
    gain: Any,
    follow: Any,
    step_s: int,
    end_s: int,
    end_grains: int,
    base_grains: int,
    other_s: int,
    limit: int,
    width: int,
    relaxed_s: int,
    relaxed_work: int,
) -> tuple[int, bool, int]:
    """Extend partial routes of tour ``t``; return how many records there are, whether all below ``limit`` are among them, and what others cost at least.

    The last number is half a grain: twice the least reduced cost that a route which was given up may have, :data:`NONE` where none was.

    Parameters
    ----------
    s : int64[…]
        Scratch, from :func:`at_records` on the records (:func:`record_size` each); record 0 is the start. ``Q_TOTAL`` is the reduced
        cost of the route that ends with a record, :data:`NONE` where it is not at most ``limit``.
    table : int64[power of two]
        Zeros or what an earlier call left; slots in which records with like sets are found.
    item, order : int64[m, 12], int64[m]
        Jobs that may come in (``I_``; gain and time doubled), and their rows by gain for time.
    seconds, grains, gain, follow, step_s
        As for :func:`look_ahead`; ``step_s`` is 0 where nothing was looked ahead.
    end_s, end_grains : int
        The shortest and the cheapest leg to the end.
    base_grains : int
        What using the tour adds to the reduced cost.
    other_s : int
        Busy seconds of the worker's other tours, where balance is priced.
    relaxed_s, relaxed_work : int
        Grains for a second of travel and of service on the clock of bounds (:mod:`solver.relaxed_clock`), which says then what routes cost
        at least; −1 for what they cost by the timing rule. The least service of each job is paid by its prize then.
    """
    labels = a.d[P_LABELS]
    size = record_size(labels)
    behind = labels * N_LABEL
    zero = at_records(labels)
    room = (len(s) - zero) // size
    tour = at_tour(a, t)
    living = a.d[tour + T_BREAK_END] - a.d[tour + T_BREAK] + 1
    start, last, speed = a.d[tour + T_START], a.d[tour + T_LAST], a.d[tour + T_SPEED]
    mask = len(table) - 1
    table[:] = 0
    complete = True
    given_up = NONE
    if relaxed_s >= 0:
        start_relaxed(a, s, t, zero)
    else:
        start_labels(a, s, t, a.d[tour + T_START], zero)
    record = zero + behind
    s[record + Q_SUM] = base_grains
    s[record + Q_TOTAL] = NONE
    s[record + Q_LAST] = -1
    s[record + Q_ROW] = len(item)
    s[record + Q_PARENT] = -1
    s[record + Q_SET] = 0
    s[record + Q_SET_MORE] = 0
    s[record + Q_LENGTH] = 0
    s[record + Q_BOUND] = -NONE
    n, first, end = 1, 0, 1
    most = min(a.d[tour + T_MAX_JOBS], np.int64(JOBS_MAX))
    depth = 0
    threshold = NONE
    while first < end and depth < most:
        for q in range(first, end):
            source = zero + q * size
            if s[source + behind + Q_BOUND] > threshold:
                given_up = min(given_up, s[source + behind + Q_BOUND])
                continue
            before = s[source + behind + Q_LAST]
            place = a.d[tour + T_START_PLACE] if before < 0 else a.d[at_job(a, before) + J_PLACE]
            here = s[source + behind + Q_ROW]
            leaves, cheap = DEAD, NONE
            for k in range(living):
                if s[source + k * N_LABEL + L_TIME] != DEAD:
                    leaves = min(leaves, s[source + k * N_LABEL + L_TIME])
                    cheap = min(cheap, low_of(a, s, source, k, other_s))
            cheap += s[source + behind + Q_SUM]
            for row in range(len(item)):
                # what can be told without the clock
                begins = max(leaves + seconds[here, row], item[row, I_OPENS])
                ends = begins + item[row, I_SERVICE]
                if begins > item[row, I_CLOSES] or ends > last:
                    continue
                if step_s > 0:
                    ahead = gain[row, (ends - start) // step_s, 0]
                    if ahead == -NONE or cheap + grains[here, row] - item[row, I_PRIZE] - ahead > limit:
                        continue
                bit = item[row, I_BIT]
                if (s[source + behind + Q_SET + (bit >> 6)] >> (bit & 63)) & 1:
                    continue
                if n == room:
                    complete = False
                    break
                j = item[row, I_JOB]
                lab = zero + n * size
                if relaxed_s >= 0:
                    least_s = item[row, I_SERVICE]
                    alive = advance_relaxed(
                        a, s, t, source, place, before >= 0, j, lab, least_s, relaxed_s, relaxed_work
                    )
                else:
                    alive = advance(a, s, t, source, place, before >= 0, j, lab)
                if alive == 0:
                    continue
                record = lab + behind
                _, metres = leg(a, speed, place, a.d[at_job(a, j) + J_PLACE])
                s[record + Q_SUM] = s[source + behind + Q_SUM] + metres * a.d[P_RATE_M] - item[row, I_PRIZE]
                time, low = DEAD, NONE
                for k in range(living):
                    if s[lab + k * N_LABEL + L_TIME] != DEAD:
                        time = min(time, s[lab + k * N_LABEL + L_TIME])
                        low = min(low, low_of(a, s, lab, k, other_s))
                low += s[record + Q_SUM]
                left2 = 2 * (last - time) - item[row, I_OUT_S] - end_s
                if left2 < 0:
                    continue
                s[record + Q_SET] = s[source + behind + Q_SET]
                s[record + Q_SET_MORE] = s[source + behind + Q_SET_MORE]
                s[record + Q_SET + (bit >> 6)] |= np.int64(1) << (bit & 63)
                bound = -NONE
                if step_s > 0:
                    step = (time - start) // step_s
                    ahead = -NONE
                    for rank in range(3):
                        then = follow[row, step, rank]
                        if then < 0:
                            ahead = gain[row, step, rank] if then == -1 else -NONE
                            break
                        there = item[then, I_BIT]
                        if (s[record + Q_SET + (there >> 6)] >> (there & 63)) & 1 == 0 or rank == 2:
                            ahead = gain[row, step, rank]
                            break
                    if ahead == -NONE or low - ahead > limit:
                        continue
                    bound = 2 * (low - ahead)
                worth = could_gain(s, item, order, record, left2, time)
                bound = max(bound, 2 * low + item[row, I_OUT_GRAINS] + end_grains - worth)
                if bound > 2 * limit:
                    continue
                # the same jobs, the same last one
                more, few = s[record + Q_SET_MORE], s[record + Q_SET]
                key = few ^ (few >> 19) ^ (few >> 37) ^ (more << 7) ^ (more >> 23) ^ (j * 40503)
                slot = (key ^ (key >> 11)) & mask
                other = table[slot]
                held = False
                chain = other if other >= end else -1
                while chain >= end:
                    there = zero + chain * size
                    if (
                        s[there + behind + Q_LAST] == j
                        and s[there + behind + Q_SET] == s[record + Q_SET]
                        and s[there + behind + Q_SET_MORE] == s[record + Q_SET_MORE]
                        and s[there + behind + Q_BOUND] < NONE
                    ):
                        if is_covered(a, s, living, there, lab, other_s):
                            held = True
                            break
                        if is_covered(a, s, living, lab, there, other_s):
                            s[there + behind + Q_BOUND] = NONE
                            s[there + behind + Q_TOTAL] = NONE
                    chain = s[there + behind + Q_NEXT]
                if held:
                    continue
                s[record + Q_NEXT] = other if other >= end else -1
                table[slot] = n
                s[record + Q_BOUND] = bound
                s[record + Q_LAST] = j
                s[record + Q_ROW] = row
                s[record + Q_PARENT] = source
                s[record + Q_LENGTH] = depth + 1
                s[record + Q_TOTAL] = NONE
                total = total_of(a, s, t, lab, other_s, relaxed_s)
                if total <= limit:
                    s[record + Q_TOTAL] = total
                n += 1
            if n == room:
                # neither this record nor those after it are followed any further
                for left in range(q, n):
                    given_up = min(given_up, s[zero + left * size + behind + Q_BOUND])
                return n, False, given_up
        first, end = end, n
        depth += 1
        threshold = NONE - 1
        if end - first > width:
            complete = False
            threshold = cut_off(s, zero + behind, size, at_bins(labels), first, end, width)
    return n, complete, given_up


@njit(**JIT)
def cut_off(s: Any, record: int, size: int, base: int, first: int, end: int, width: int) -> int:
    """Return a bound that about ``width`` of the records from ``first`` on do not exceed."""
    low, high = NONE, -NONE
    for q in range(first, end):
        bound = s[record + q * size + Q_BOUND]
        if bound < NONE:
            low, high = min(low, bound), max(high, bound)
    step = max((high - low) // BINS + 1, np.int64(1))
    for row in range(BINS):
        s[base + row] = 0
    for q in range(first, end):
        bound = s[record + q * size + Q_BOUND]
        if bound < NONE:
            s[base + (bound - low) // step] += 1
    count = np.int64(0)
    for row in range(BINS):
        count += s[base + row]
        if count >= width:
            return low + step * (row + 1) - 1
    return NONE - 1
