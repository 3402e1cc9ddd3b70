"""Routes for prices: what a tour may take from some jobs, laid out for :mod:`solver.columns`, and the routes read off its records."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np

from solver.arrays import (
    J_CLOSES,
    J_OPENS,
    K_RATE,
    P_LABELS,
    P_PEAKS,
    P_UNIT,
    T_END_PLACE,
    T_KIND,
    T_LAST,
    T_SPEED,
    T_START,
    T_START_PLACE,
    T_WORKER,
    Arrays,
    at_job,
    at_peak,
    at_service,
    at_tour,
)
from solver.columns import (
    I_BIT,
    I_CLOSES,
    I_GAIN,
    I_JOB,
    I_LATEST,
    I_OPENS,
    I_OUT_GRAINS,
    I_OUT_S,
    I_PRIZE,
    I_SERVICE,
    I_TIME,
    JOBS_MAX,
    N_ITEM,
    NONE,
    Q_LAST,
    Q_LENGTH,
    Q_PARENT,
    Q_SET,
    Q_SET_MORE,
    Q_TOTAL,
    at_records,
    list_legs,
    list_routes,
    look_ahead,
    record_size,
)
from solver.master import Prices
from solver.mechanisms.clock import N_LABEL
from solver.problem import I64, Problem

LOOK_WIDTH, LOOK_STEP_S, LOOK_STEPS_MAX = 100, 240, 2_000
"""From that width on looking ahead pays; times are rounded down to such steps, longer ones where a tour would have more of them."""

RECORD_S, TIMED_MIN = 5e-6, 2_000
"""A partial route takes about so long at first; measured anew by every list of so many."""

COUNTED_S, WORK_PER_S = 3.0, 150_000_000
"""Without a limit of time generation does about so much, counted as work: jobs that a choice looks at, about so many a second."""

LIST_WORK, RECORD_WORK = 100_000, 300
"""What a list of routes and a partial route in it count for."""

NEVER = 1 << 59
"""What routes that are not missing cost at least."""

EMPTY = np.empty((0, 0, 3), np.int64)
FAR, DEAR = 1 << 40, 1 << 50


@dataclass(frozen=True, slots=True)
class Case:
    """What stays the same throughout a search.

    ``skip_grains`` int64[n_jobs]: what leaving out each job costs in the search; ``unit_grains``: the price of a typical leg; ``busy_grains_per_s``
    int64[n_tours]: what a second of travel or service costs besides, on the clock of bounds (:mod:`solver.relaxed_clock`); None: by the timing rule.
    """

    problem: Problem
    arrays: Arrays
    skip_grains: I64
    unit_grains: float
    busy_grains_per_s: I64 | None = None


@dataclass(slots=True)
class Allowance:
    """How long generation may go on; without a limit of time work is counted instead, so that the answer is the same every time.

    ``left_s`` returns the seconds left, inf without a limit.
    """

    left_s: Callable[[], float]
    spent: int = 0

    def left(self) -> float:
        """Return the seconds left."""
        left_s = self.left_s()
        return left_s if left_s < math.inf else COUNTED_S - self.spent / WORK_PER_S

    def over(self) -> bool:
        """Say whether nothing is left."""
        return self.left() <= 0

    def is_timed(self) -> bool:
        """Say whether there is a limit of time."""
        return self.left_s() < math.inf

    def work(self, most: int) -> int:
        """Return how much work what is left allows, at most ``most``."""
        return max(1, min(most, int(self.left() * WORK_PER_S)))


@dataclass(slots=True)
class Tour:
    """What stays when prices change: the jobs a tour may have, legs, and the least that each job adds."""

    tour: int
    bits: I64
    item: I64
    half_grains: I64
    end_s: int
    end_grains: int
    other_s: int
    relaxed_s: int
    relaxed_work: int
    legs_s: I64
    legs_grains: I64
    start_s: int
    last_s: int


@dataclass(slots=True)
class Listed:
    """Routes of one tour, ascending by reduced cost, each set of jobs once; sets as two words of bits; jobs in order, −1 behind the last.

    Routes below the limit that are missing have a reduced cost of ``missing_grains`` at least.
    """

    reduced: I64
    sets: I64
    lengths: I64
    order: I64
    missing_grains: int = NEVER


class Scratch:
    """Memory for lists of ``records`` partial routes, used again and again."""

    def __init__(self, arrays: Arrays, records: int) -> None:
        labels = int(arrays.d[P_LABELS])
        self.first = int(at_records(labels))
        self.size = int(record_size(labels))
        self.behind = labels * N_LABEL
        self.records = np.empty(self.first + records * self.size, np.int64)
        self.table = np.zeros(1 << 18, np.int64)
        self.record_s = RECORD_S


class Pricer:
    """Lists the routes of some tours that take some jobs; a job is a bit, its row in ``jobs``.

    Sets of jobs are of bits where there are at most :data:`solver.columns.JOBS_MAX` jobs, else of the candidates of each tour, at most so many.

    Parameters
    ----------
    case : Case
    skip_grains : int64[n_bits]
        What leaving out each of ``jobs`` counts.
    tours, jobs : int64
        The part of the problem.
    other_s : int64[n_tours]
        Busy seconds of the worker's other tours, for balance.
    """

    def __init__(
        self, case: Case, skip_grains: I64, tours: I64, jobs: I64, other_s: I64, allowance: Allowance, scratch: Scratch
    ) -> None:
        self.case, self.skip, self.jobs, self.allowance, self.scratch = case, skip_grains, jobs, allowance, scratch
        self.tours = [self._tour(int(t), int(other_s[t])) for t in tours]

    def list_routes(
        self,
        row: int,
        prices: Prices,
        banned: Collection[int],
        limit: int,
        width: int,
        scratch: Scratch | None = None,
    ) -> tuple[Listed, bool]:
        """List the routes of a tour, without ``banned`` bits, whose reduced cost is at most ``limit`` grains; say whether none is missing.

        ``scratch``: memory of a thread of its own.

        A job that costs more than it brings by the whole limit is left out: without it the route would have a reduced cost below 0, and with
        settled prices there is none. (On the clock of bounds every job stays: it may be on a shorter way.)
        """
        tour, scratch = self.tours[row], scratch or self.scratch
        prize = tour.item[:, I_PRIZE] + (self.skip - prices.jobs)[tour.bits] + prices.more
        prize[np.isin(tour.bits, list(banned))] = -NONE
        keep = np.flatnonzero(prize > (-max(limit, 0) if tour.relaxed_s < 0 else -NONE // 2))
        item = tour.item[keep]
        item[:, I_PRIZE] = prize[keep]
        item[:, I_GAIN] = 2 * prize[keep] - tour.half_grains[keep]
        step_s, ahead, follow = 0, EMPTY, EMPTY
        inside = np.append(keep, [len(prize), len(prize) + 1])
        cells = np.ix_(inside, inside)
        seconds, grains = tour.legs_s[cells], tour.legs_grains[cells]
        if width >= LOOK_WIDTH:
            step_s = max(LOOK_STEP_S, (tour.last_s - tour.start_s) // LOOK_STEPS_MAX)
            steps = max(1, (tour.last_s - tour.start_s) // step_s + 1)
            ahead, follow = (np.empty((len(keep), steps, 3), np.int64) for _ in range(2))
            look_ahead(seconds, grains, item, tour.start_s, tour.last_s, step_s, ahead, follow)
        timed = self.allowance.is_timed()
        record_s = scratch.record_s if timed else RECORD_S
        records_max = max(1_000, int(self.allowance.left() / record_s))
        room = min(len(scratch.records), scratch.first + scratch.size * records_max)
        began = time.perf_counter()
        n, complete, given_up = list_routes(
            self.case.arrays,
            scratch.records[:room],
            scratch.table,
            tour.tour,
            item,
            np.argsort(-item[:, I_GAIN] / np.maximum(item[:, I_TIME], 1), kind="stable"),
            seconds,
            grains,
            ahead,
            follow,
            step_s,
            tour.end_s,
            tour.end_grains,
            self.case.problem.use_grains + int(prices.tours[row]),
            tour.other_s,
            limit,
            width,
            tour.relaxed_s,
            tour.relaxed_work,
        )
        self.allowance.spent += LIST_WORK + n * RECORD_WORK
        if timed and n >= TIMED_MIN:
            scratch.record_s = (time.perf_counter() - began) / n
        records = scratch.records[scratch.first : scratch.first + n * scratch.size].reshape(n, scratch.size)
        records = records[:, scratch.behind :]
        rows = np.flatnonzero(records[:, Q_TOTAL] < NONE)
        rows = rows[np.argsort(records[rows, Q_TOTAL], kind="stable")]
        if len(rows):
            _, once = np.unique(records[rows, Q_SET : Q_SET_MORE + 1], axis=0, return_index=True)
            rows = rows[np.sort(once)]
        return self._decode(records, rows, scratch, int(given_up) // 2), bool(complete)

    def _decode(self, records: I64, rows: I64, scratch: Scratch, missing_grains: int) -> Listed:
        """Read routes off their last records."""
        lengths = records[rows, Q_LENGTH].copy()
        order = np.full((len(rows), int(lengths.max(initial=0))), -1, np.int64)
        at = rows.copy()
        for back in range(order.shape[1]):
            inside = np.flatnonzero(lengths > back)
            order[inside, lengths[inside] - 1 - back] = records[at[inside], Q_LAST]
            at[inside] = (records[at[inside], Q_PARENT] - scratch.first) // scratch.size
        sets = records[rows, Q_SET : Q_SET_MORE + 1].copy()
        return Listed(records[rows, Q_TOTAL].copy(), sets, lengths, order, missing_grains)

    def _tour(self, t: int, other_s: int) -> Tour:
        problem, a = self.case.problem, self.case.arrays
        row = int(at_tour(a, t))
        worker, kind, speed, start, end = (
            int(a.d[row + column]) for column in (T_WORKER, T_KIND, T_SPEED, T_START_PLACE, T_END_PLACE)
        )
        fit = problem.fit_grains[problem.job_profile[self.jobs], worker]
        opens = np.array([int(a.d[at_job(a, int(j)) + J_OPENS]) for j in self.jobs], np.int64)
        closes = np.array([int(a.d[at_job(a, int(j)) + J_CLOSES]) for j in self.jobs], np.int64)
        first, last = int(a.d[row + T_START]), int(a.d[row + T_LAST])
        bits = np.flatnonzero((fit >= 0) & (closes >= first) & (opens <= last))
        jobs = self.jobs[bits]
        m = len(bits)
        places = np.append(problem.job_place[jobs], [start, end if end >= 0 else start]).astype(np.int64)
        seconds, metres = np.zeros((m + 2, m + 2), np.int64), np.zeros((m + 2, m + 2), np.int64)
        list_legs(a, speed, places, seconds, metres)
        missing = seconds < 0
        if a.d[P_PEAKS]:
            unit = int(a.d[P_UNIT])
            fastest = max(int(a.d[at_peak(a, k) + K_RATE]) for k in range(int(a.d[P_PEAKS])))
            seconds = seconds * unit // max(fastest, unit)
        extra = self.case.busy_grains_per_s
        rate_work = problem.duration_grains_per_s + (0 if extra is None else int(extra[t]))
        rate = problem.travel_grains_per_s + rate_work
        grains = seconds * rate + metres * problem.travel_grains_per_m
        seconds[missing], grains[missing] = FAR, DEAR
        if end < 0:
            seconds[:, m + 1] = grains[:, m + 1] = 0
        both_s, out_s = _halves(seconds, FAR)
        both_grains, out_grains = _halves(grains, DEAR)
        rows = [[int(a.g[at_service(a, int(j), kind) + setup]) for setup in (0, 1)] for j in jobs]
        service = np.array(rows, np.int64).reshape(m, 2).min(axis=1)
        item = np.zeros((m, N_ITEM), np.int64)
        item[:, I_JOB] = jobs
        item[:, I_BIT] = bits if len(self.jobs) <= JOBS_MAX else np.arange(m)
        item[:, I_PRIZE] = -fit[bits] - (0 if extra is None else service * rate_work)
        item[:, I_TIME] = 2 * service + both_s
        item[:, I_OUT_S] = out_s
        item[:, I_OUT_GRAINS] = out_grains
        item[:, I_OPENS] = opens[bits]
        item[:, I_CLOSES] = closes[bits]
        item[:, I_SERVICE] = service
        alone = seconds[: m + 1, :m].copy()
        alone[np.arange(m), np.arange(m)] = FAR
        home = seconds[:m, m + 1].copy()
        while m:
            by_way = np.minimum(home, (seconds[:m, :m] + home).min(axis=1))
            if (by_way == home).all():
                break
            home = by_way
        latest = np.minimum(item[:, I_CLOSES], last - service - home)
        item[:, I_LATEST] = latest - alone.min(axis=0, initial=FAR)
        return Tour(
            tour=t,
            bits=bits,
            item=item,
            half_grains=both_grains + (2 * service * rate_work if extra is None else 0),
            end_s=int(seconds[:m, m + 1].min(initial=FAR)),
            end_grains=int(grains[:m, m + 1].min(initial=DEAR)),
            other_s=other_s,
            relaxed_s=-1 if extra is None else rate,
            relaxed_work=-1 if extra is None else rate_work,
            legs_s=seconds,
            legs_grains=grains,
            start_s=first,
            last_s=last,
        )


def _halves(legs: I64, far: int) -> tuple[I64, I64]:
    """Return what the legs to and from each job come to at least, and the least leg onwards.

    ``legs`` [m + 2, m + 2]: jobs, the start, the end. The stops before and after a job are not the same job.
    """
    m = len(legs) - 2
    into = legs[: m + 1, :m].copy()
    out = legs[:m, [*range(m), m + 1]].copy()
    into[np.arange(m), np.arange(m)] = far
    out[np.arange(m), np.arange(m)] = far
    ahead = np.argsort(out, axis=1, kind="stable")[:, :2]
    behind = np.argsort(into, axis=0, kind="stable")[:2].T
    rows = np.arange(m)
    best = np.full(m, 2 * far)
    for onward in ahead.T:
        for back in behind.T:
            both = out[rows, onward] + into[back, rows]
            best = np.where((onward != back) | (onward == m), np.minimum(best, both), best)
    return best, out.min(axis=1, initial=far)
