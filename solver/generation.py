"""Column generation: the best routes for some tours and jobs, by prices, labels and an exact choice.

A linear program chooses among the routes known (:mod:`solver.master`); its prices say which routes would improve it, and
:mod:`solver.columns` lists those, until none is left. Where work exceeds the hands the relaxation is weak: it leaves out
fractions of many jobs. So the number of jobs served is fixed, to each whole number that can still be best (branching on a sum of
variables, Ryan and Foster 1981). Then a few legs' price separates the relaxation from the best plan; all routes within such a budget are
listed, and :mod:`solver.cover` chooses among them, for budgets that double from step to step.

Balance, and the busy time of workers with several tours, couple tours: routes are priced at the hours of the worker's other tours now. So
the outcome is a proposal, priced by the kernels before it counts.

Barnhart, Johnson, Nemhauser, Savelsbergh and Vance (1998), doi 10.1287/opre.46.3.316, on the scheme; Baldacci, Christofides and Mingozzi
(2008), doi 10.1007/s10107-007-0178-5, on listing all routes within the gap.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
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
    N_ITEM,
    NONE,
    Q_LAST,
    Q_LENGTH,
    Q_PARENT,
    Q_SET,
    Q_SET_MORE,
    Q_TOTAL,
    list_legs,
    list_routes,
    look_ahead,
    record_size,
    scratch_size,
)
from solver.cover import choose_routes
from solver.master import Master, Prices
from solver.mechanisms.clock import N_LABEL
from solver.problem import GRAINS_PER_CENT, GRAINS_PER_CNY, I64, Problem, balance_grains

SKIP_CNY_MAX = 100_000
"""Leaving out a job counts at most so much here: linear programs do not bear larger prices."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How far column generation goes.

    ``widths``: so many partial routes of a length are kept while prices settle, one after the other; ``work``: so many jobs of routes a choice may look at before its branch is
    split, and at most where it cannot be; ``records``: so many partial routes of one tour at most.
    """

    widths: tuple[int, ...]
    work: int
    most_work: int
    records: int


THOROUGH = Effort(widths=(30, 20_000), work=10**8, most_work=10**10, records=400_000)
"""For whole requests: the relaxation is exact, and mostly a proof comes out."""

QUICK = Effort(widths=(30, 1_000), work=10**8, most_work=10**8, records=100_000)
"""For parts of large requests."""

LOOK_WIDTH, LOOK_STEP_S = 100, 240
"""From that width on looking ahead pays; times are rounded down to such steps."""

ADDED_MAX = 30
"""So many routes of one tour enter the linear program at once."""

FIRST_BUDGET, BUDGET_GROWTH = 0.25, 1.5
"""The first budget, in units of a typical leg's price, and by how much it grows from step to step: a choice takes least within the
smallest budget that holds a plan."""

LISTED_MAX = 60_000
"""No choice is tried among more routes."""

WORK_PER_S = 150_000_000
"""A choice looks at about so many jobs a second; the limit of time is turned into work."""

SHARE_MIN = 1e-6
"""Smaller shares of a job are rounding."""

RECORD_S, TIMED_MIN = 5e-6, 2_000
"""A partial route takes about so long at first; measured anew by every list of so many."""

COUNTED_S = 3.0
"""Without a limit of time generation does about so much; counted as work, so that the answer is the same every time."""

LIST_WORK, RECORD_WORK, COLUMN_WORK = 100_000, 300, 1_000
"""What a list of routes, a partial route in it, and a route in a linear program that is solved count for."""

KNOWN_WORK = 10**7
"""So many jobs of routes a choice among the routes of the linear program may look at."""

ANY = -1
"""Instead of a number of jobs served."""

EMPTY = np.empty((0, 0, 3), np.int64)
FAR, DEAR = 1 << 40, 1 << 50


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
    legs_s: I64
    legs_grains: I64
    start_s: int
    last_s: int


@dataclass(slots=True)
class Listed:
    """Routes of one tour, ascending by reduced cost, each set of jobs once; sets as two words of bits; jobs in order, −1 behind the last."""

    reduced: I64
    sets: I64
    lengths: I64
    order: I64


@dataclass(slots=True)
class Branch:
    """Plans that serve a number of jobs, some jobs for certain (``inside``, as bits), others not (``outside``).

    ``prices`` are those of the relaxation, ``split`` is the job best fixed next (−1: each is served whole or not at all); there is no plan within
    ``proven_grains`` of the relaxation (``exact``: for certain; else so far as lists went); ``work`` is what a choice may take.
    """

    served: int
    inside: frozenset[int]
    outside: frozenset[int]
    prices: Prices
    split: int
    work: int
    proven_grains: int = 0
    exact: bool = True

    def bound_grains(self) -> int:
        """Return what plans of this branch cost at least."""
        return self.prices.value_grains + self.proven_grains


@dataclass(slots=True)
class Side:
    """Numbers of jobs served from the relaxed one on upwards or downwards, not looked at yet: their values only rise from ``value_grains`` on."""

    served: int
    step: int
    value_grains: int


class Scratch:
    """Memory for lists of partial routes, used again and again."""

    def __init__(self, arrays: Arrays, effort: Effort) -> None:
        labels = int(arrays.d[P_LABELS])
        self.first = scratch_size(labels)
        self.size = record_size(labels)
        self.behind = labels * N_LABEL
        self.records = np.empty(self.first + effort.records * self.size, np.int64)
        self.table = np.zeros(1 << 18, np.int64)
        self.record_s = RECORD_S


class Generation:
    """Column generation for some tours and jobs of a problem.

    Parameters
    ----------
    skip_grains : int64[n_jobs]
        What leaving out each job costs in the search.
    unit_grains : float
        The price of a typical leg: the scale of budgets.
    tours, jobs : int64
        The part of the problem, at most :data:`solver.columns.JOBS_MAX` jobs.
    other_s : int64[n_tours]
        Busy seconds of the worker's other tours, for balance.
    left_s : callable
        Seconds left, inf without a limit.
    """

    def __init__(
        self,
        problem: Problem,
        arrays: Arrays,
        skip_grains: I64,
        unit_grains: float,
        tours: I64,
        jobs: I64,
        other_s: I64,
        left_s: Callable[[], float],
        effort: Effort,
        scratch: Scratch,
    ) -> None:
        self.effort = effort
        self.problem, self.arrays, self.unit, self.left_s, self.scratch = problem, arrays, unit_grains, left_s, scratch
        self.jobs = jobs
        self.skip = np.minimum(skip_grains[jobs], SKIP_CNY_MAX * GRAINS_PER_CNY)
        self.bit_of = {int(j): bit for bit, j in enumerate(jobs)}
        self.bit_table = np.zeros(problem.n_jobs + 1, np.int64)
        self.bit_table[jobs] = np.arange(len(jobs))
        self.row_of = {int(t): row for row, t in enumerate(tours)}
        self.tours = [self._tour(int(t), int(other_s[t])) for t in tours]
        self.master = Master(self.skip, len(tours))
        self.spent = 0
        self.last: Prices | None = None
        self.outside: frozenset[int] = frozenset()

    def add(self, tour: int, jobs: Sequence[int], cost_grains: int) -> None:
        """Add a known route."""
        self.master.add(self.row_of[tour], [self.bit_of[j] for j in jobs], cost_grains)

    def balance_grains(self, tour: int, busy_s: int) -> int:
        """Return what a tour's busy seconds add to the worker's balance."""
        cents, other = self.problem.balance_cents_per_h2, self.tours[self.row_of[tour]].other_s
        return balance_grains(other + busy_s, cents) - balance_grains(other, cents)

    # --- what does not change ---

    def _tour(self, t: int, other_s: int) -> Tour:
        problem, a = self.problem, self.arrays
        row = int(at_tour(a, t))
        worker, kind, speed, start, end = (
            int(a.d[row + column]) for column in (T_WORKER, T_KIND, T_SPEED, T_START_PLACE, T_END_PLACE)
        )
        fit = problem.fit_grains[problem.job_profile[self.jobs], worker]
        bits = np.flatnonzero(fit >= 0)
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
        rate = problem.travel_grains_per_s + problem.duration_grains_per_s
        grains = seconds * rate + metres * problem.travel_grains_per_m
        seconds[missing], grains[missing] = FAR, DEAR
        if end < 0:
            seconds[:, m + 1] = grains[:, m + 1] = 0
        both_s, out_s = _halves(seconds, FAR)
        both_grains, out_grains = _halves(grains, DEAR)
        rows = [[int(a.g[at_service(a, int(j), kind) + setup]) for setup in (0, 1)] for j in jobs]
        service = np.array(rows, np.int64).reshape(m, 2).min(axis=1)
        last = int(a.d[row + T_LAST])
        item = np.zeros((m, N_ITEM), np.int64)
        item[:, I_JOB] = jobs
        item[:, I_BIT] = bits
        item[:, I_PRIZE] = -fit[bits]
        item[:, I_TIME] = 2 * service + both_s
        item[:, I_OUT_S] = out_s
        item[:, I_OUT_GRAINS] = out_grains
        item[:, I_OPENS] = [int(a.d[at_job(a, int(j)) + J_OPENS]) for j in jobs]
        item[:, I_CLOSES] = [int(a.d[at_job(a, int(j)) + J_CLOSES]) for j in jobs]
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
            half_grains=both_grains + 2 * service * problem.duration_grains_per_s,
            end_s=int(seconds[:m, m + 1].min(initial=FAR)),
            end_grains=int(grains[:m, m + 1].min(initial=DEAR)),
            other_s=other_s,
            legs_s=seconds,
            legs_grains=grains,
            start_s=int(a.d[row + T_START]),
            last_s=last,
        )

    # --- routes for prices ---

    def list(self, row: int, prices: Prices, limit: int, width: int) -> tuple[Listed, bool]:
        """List the routes of a tour whose reduced cost is at most ``limit`` grains; say whether none is missing.

        A job that costs more than it brings by the whole limit is left out: without it the route would have a reduced cost below 0, and with
        settled prices there is none.
        """
        tour, scratch = self.tours[row], self.scratch
        prize = tour.item[:, I_PRIZE] + (self.skip - prices.jobs)[tour.bits] + prices.more
        prize[np.isin(tour.bits, list(self.outside))] = -NONE
        keep = np.flatnonzero(prize > -max(limit, 0))
        item = tour.item[keep]
        item[:, I_PRIZE] = prize[keep]
        item[:, I_GAIN] = 2 * prize[keep] - tour.half_grains[keep]
        step_s, ahead, follow = 0, EMPTY, EMPTY
        if width >= LOOK_WIDTH:
            step_s = LOOK_STEP_S
            steps = max(1, (tour.last_s - tour.start_s) // step_s + 1)
            inside = np.append(keep, [len(prize), len(prize) + 1])
            cells = np.ix_(inside, inside)
            ahead, follow = (np.empty((len(keep), steps, 3), np.int64) for _ in range(2))
            look_ahead(
                tour.legs_s[cells], tour.legs_grains[cells], item, tour.start_s, tour.last_s, step_s, ahead, follow
            )
        timed = self.left_s() < math.inf
        record_s = scratch.record_s if timed else RECORD_S
        room = min(len(scratch.records), scratch.first + scratch.size * max(1_000, int(self.left() / record_s)))
        began = time.perf_counter()
        n, complete = list_routes(
            self.arrays,
            scratch.records[:room],
            scratch.table,
            tour.tour,
            item,
            np.argsort(-item[:, I_GAIN] / np.maximum(item[:, I_TIME], 1), kind="stable"),
            ahead,
            follow,
            step_s,
            tour.end_s,
            tour.end_grains,
            self.problem.use_grains + int(prices.tours[row]),
            tour.other_s,
            limit,
            width,
        )
        self.spent += LIST_WORK + n * RECORD_WORK
        if timed and n >= TIMED_MIN:
            scratch.record_s = (time.perf_counter() - began) / n
        records = scratch.records[scratch.first : scratch.first + n * scratch.size].reshape(n, scratch.size)
        records = records[:, scratch.behind :]
        rows = np.flatnonzero(records[:, Q_TOTAL] < NONE)
        rows = rows[np.argsort(records[rows, Q_TOTAL], kind="stable")]
        if len(rows):
            _, once = np.unique(records[rows, Q_SET : Q_SET_MORE + 1], axis=0, return_index=True)
            rows = rows[np.sort(once)]
        return self._decode(records, rows), bool(complete)

    def _decode(self, records: I64, rows: I64) -> Listed:
        """Read routes off their last records."""
        lengths = records[rows, Q_LENGTH].copy()
        order = np.full((len(rows), int(lengths.max(initial=0))), -1, np.int64)
        at = rows.copy()
        for back in range(order.shape[1]):
            inside = np.flatnonzero(lengths > back)
            order[inside, lengths[inside] - 1 - back] = records[at[inside], Q_LAST]
            at[inside] = (records[at[inside], Q_PARENT] - self.scratch.first) // self.scratch.size
        return Listed(records[rows, Q_TOTAL].copy(), records[rows, Q_SET : Q_SET_MORE + 1].copy(), lengths, order)

    def settle(self, widths: Sequence[int]) -> Prices | None:
        """Add routes until none improves the linear program, so far as ``widths`` let see; None without time or solution."""
        for width in widths:
            new = 1
            while new:
                prices = self.master.solve()
                self.spent += len(self.master.columns) * COLUMN_WORK
                if prices is None or self.left() <= 0:
                    return None
                self.last = prices
                new = 0
                for row in range(len(self.tours)):
                    listed, _ = self.list(row, prices, -GRAINS_PER_CENT, width)
                    new += self._take(row, listed, prices)
                    if self.left() <= 0:
                        return None
        return prices

    def _take(self, row: int, listed: Listed, prices: Prices) -> int:
        """Add the best of the routes listed to the linear program, at most one for each last job; return how many are new."""
        last = listed.order[np.arange(len(listed.lengths)), listed.lengths - 1]
        _, once = np.unique(last, return_index=True)
        new = 0
        for at in np.sort(once)[:ADDED_MAX].tolist():
            bits = [self.bit_of[j] for j in listed.order[at, : listed.lengths[at]].tolist()]
            cost = int(listed.reduced[at]) - int(prices.tours[row])
            cost += int((self.skip - prices.jobs)[bits].sum()) + prices.more * len(bits)
            new += self.master.add(row, bits, cost)
        return new

    # --- plans ---

    def improve(self, known_grains: int, offer: Callable[[dict[int, tuple[int, ...]]], None]) -> int | None:
        """Look for plans below ``known_grains``; hand each better one to ``offer``, tour to jobs.

        ``known_grains`` counts the part alone: its tours and the jobs it leaves out.

        Returns
        -------
        int or None
            A lower bound in grains, where the relaxation was solved in time; equal to the best value known where that is proven best.
        """
        free = self.settle(self.effort.widths)
        known_grains = self._choose_known(known_grains, offer)
        if free is None:
            return None
        middle = math.floor(self.master.shares().sum() + 1e-6)
        sides = [Side(middle, -1, free.value_grains), Side(middle + 1, 1, free.value_grains)]
        branches: list[Branch] = []
        given_up = known_grains
        turns: Counter[int] = Counter()
        while sides or branches:
            side = min(sides, key=lambda s: s.value_grains, default=None)
            inexact = (b.prices.value_grains for b in branches if not b.exact and b.bound_grains() >= known_grains)
            given_up = min(given_up, *inexact, known_grains)
            branches = [branch for branch in branches if branch.bound_grains() < known_grains]
            branch = min(branches, key=Branch.bound_grains, default=None)
            least = min(side.value_grains if side else known_grains, branch.bound_grains() if branch else known_grains)
            if least >= known_grains:
                break
            if self.left() <= 0:
                return min(known_grains, least, given_up)
            if side is not None and (branch is None or side.value_grains <= branch.bound_grains()):
                sides.remove(side)
                if 0 <= side.served <= len(self.jobs):
                    found = self._branch(side.served, frozenset(), frozenset())
                    if found is not None:
                        branches.append(found)
                        sides.append(Side(side.served + side.step, side.step, found.prices.value_grains))
                    elif self.left() <= 0:
                        return min(known_grains, least, given_up)
                continue
            # each number of jobs served has its turn: one that cannot be reached may take long to be ruled out
            served = min({branch.served for branch in branches}, key=lambda number: (turns[number], number))
            turns[served] += 1
            branch = min((branch for branch in branches if branch.served == served), key=Branch.bound_grains)
            room = max(int(branch.proven_grains * BUDGET_GROWTH), branch.proven_grains + int(self.unit * FIRST_BUDGET))
            best, ended = self._choose(branch, min(room, known_grains - branch.prices.value_grains), offer)
            if best is not None:
                known_grains = min(known_grains, best)
            if not ended:
                branches.remove(branch)
                if branch.split >= 0:
                    branches += self._split(branch)
                    if self.left() <= 0:
                        return min(known_grains, least, given_up)
                elif branch.work < self.effort.most_work:
                    branch.work *= 10
                    branches.append(branch)
                else:
                    given_up = min(given_up, branch.bound_grains())
        return min(known_grains, given_up)

    def _split(self, branch: Branch) -> tuple[Branch, ...]:
        """Fix a job: served in one branch, not in the other."""
        job = frozenset([branch.split])
        parts = (
            self._branch(branch.served, branch.inside | job, branch.outside),
            self._branch(branch.served, branch.inside, branch.outside | job),
        )
        return tuple(part for part in parts if part is not None)

    def _branch(self, served: int, inside: frozenset[int], outside: frozenset[int]) -> Branch | None:
        """Solve the relaxation of a branch; None without a solution or without time."""
        self.master.serve(served, inside, outside)
        self.outside = outside
        prices = self.settle(self.effort.widths[1:])
        if prices is None:
            return None
        shares = self.master.shares()
        halves = np.minimum(shares, 1.0 - shares)
        weight = np.where(halves > SHARE_MIN, halves * self.skip, -1.0)
        weight[list(inside | outside)] = -1.0
        split = int(weight.argmax()) if len(weight) and weight.max() > 0 else -1
        return Branch(served, inside, outside, prices, split, self.effort.work)

    def _choose(
        self, branch: Branch, budget: int, offer: Callable[[dict[int, tuple[int, ...]]], None]
    ) -> tuple[int | None, bool]:
        """Choose among all routes of a branch within ``budget``; return the value of the best plan, if there is one, and whether the choice was complete."""
        self.outside = branch.outside
        lists: list[Listed] = []
        complete = True
        for row in range(len(self.tours)):
            listed, all_of_them = self.list(row, branch.prices, budget, self.effort.widths[-1])
            complete = complete and all_of_them
            lists.append(listed)
            if self.left() <= 0:
                return None, False
        if sum(len(listed.reduced) for listed in lists) > LISTED_MAX:
            return None, False
        best, ended, routes = self._cover(lists, branch.prices, branch, budget, self._work(branch.work))
        if routes is not None:
            offer(routes)
        if ended:
            branch.proven_grains = best
            branch.exact = branch.exact and complete
        return branch.prices.value_grains + best if routes is not None else None, ended

    def _choose_known(self, known_grains: int, offer: Callable[[dict[int, tuple[int, ...]]], None]) -> int:
        """Choose among the routes of the linear program: quick, and all there is when time was too short to complete it; return the best value known."""
        prices = self.last
        if prices is None or known_grains <= prices.value_grains:
            return known_grains
        lists = [self._known(row, prices) for row in range(len(self.tours))]
        room = known_grains - prices.value_grains
        for share in (16, 4, 1):
            best, _, routes = self._cover(lists, prices, None, room // share, KNOWN_WORK)
            if routes is not None:
                offer(routes)
                return prices.value_grains + best
        return known_grains

    def _known(self, row: int, prices: Prices) -> Listed:
        """List the routes of a tour that the linear program knows."""
        columns = [column for column in self.master.columns if column.tour == row]
        reduced = [
            column.net + int(prices.jobs[list(column.jobs)].sum()) + int(prices.tours[row]) for column in columns
        ]
        columns = [columns[at] for at in np.argsort(reduced, kind="stable").tolist()]
        sets = np.zeros((len(columns), 2), np.int64)
        order = np.full((len(columns), max((len(column.jobs) for column in columns), default=0)), -1, np.int64)
        for at, column in enumerate(columns):
            order[at, : len(column.jobs)] = self.jobs[list(column.jobs)]
            for bit in column.jobs:
                sets[at, bit >> 6] |= np.int64(1) << np.int64(bit & 63)
        lengths = np.array([len(column.jobs) for column in columns], np.int64)
        return Listed(np.sort(np.array(reduced, np.int64)), sets, lengths, order)

    def _cover(
        self, lists: Sequence[Listed], prices: Prices, branch: Branch | None, budget: int, work: int
    ) -> tuple[int, bool, dict[int, tuple[int, ...]] | None]:
        """Choose one route for each tour; return the least sum, whether the search was complete, and the routes if there are."""
        longest = max(listed.order.shape[1] for listed in lists)
        first = np.cumsum([0, *(len(listed.reduced) for listed in lists)])
        order = np.full((int(first[-1]), longest), -1, np.int64)
        for row, listed in enumerate(lists):
            order[first[row] : first[row + 1], : listed.order.shape[1]] = listed.order
        chosen = np.full(len(lists), -1, np.int64)
        job_price = prices.jobs.copy()
        served = ANY
        if branch is not None:
            served = branch.served
            job_price[list(branch.inside)] = NONE
            job_price[list(branch.outside)] = 0
        best, ended, work = choose_routes(
            np.concatenate([listed.sets for listed in lists]),
            np.concatenate([np.maximum(listed.reduced, 0) for listed in lists]),
            self.bit_table[order],
            np.concatenate([listed.lengths for listed in lists]),
            first,
            job_price,
            prices.tours,
            served,
            budget,
            work,
            chosen,
        )
        self.spent += int(work)
        if best >= budget:
            return budget, bool(ended), None
        routes = {}
        for tour, row in zip(self.tours, chosen.tolist(), strict=True):
            routes[tour.tour] = tuple(j for j in order[row].tolist() if j >= 0) if row >= 0 else ()
        return int(best), bool(ended), routes

    def left(self) -> float:
        """Return the seconds left; without a limit of time work is counted instead, so that the answer is the same every time."""
        left_s = self.left_s()
        return left_s if left_s < math.inf else COUNTED_S - self.spent / WORK_PER_S

    def _work(self, most: int) -> int:
        """Return how much work the time left allows, at most ``most``."""
        return max(1, min(most, int(self.left() * WORK_PER_S)))


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
