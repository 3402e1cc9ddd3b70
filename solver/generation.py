"""Column generation: the best routes for some tours and jobs, by prices, labels and an exact choice.

A linear program chooses among the routes known (:mod:`solver.master`); its prices say which routes would improve it, and
:mod:`solver.columns` lists those, until none is left. Where work exceeds the hands the relaxation is weak: it leaves out
fractions of many jobs. So the number of jobs served is fixed, to each whole number that can still be best (branching on a sum of
variables, Ryan and Foster 1981). Then a few legs' price separates the relaxation from the best plan; all routes within such a budget are
listed, and :mod:`solver.cover` chooses among them, for budgets that grow from step to step. Where the
choice takes too long a job is fixed, served or not; where each is served whole or not at all, by one tour or not by it.

Balance, and the busy time of workers with several tours, couple tours: routes are priced at the hours of the worker's other tours now. So
the outcome is a proposal, priced by the kernels before it counts.

Barnhart, Johnson, Nemhauser, Savelsbergh and Vance (1998), doi 10.1287/opre.46.3.316, on the scheme; Baldacci, Christofides and Mingozzi
(2008), doi 10.1007/s10107-007-0178-5, on listing all routes within the gap.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from solver.cover import choose_routes
from solver.master import Master, Prices
from solver.pricing import Allowance, Case, Listed, Pricer, Scratch
from solver.problem import GRAINS_PER_CENT, GRAINS_PER_CNY, I64, balance_grains

SKIP_CNY_MAX = 100_000
"""Leaving out a job counts at most so much here: linear programs do not bear larger prices."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How far column generation goes.

    ``widths``: so many partial routes of a length are kept while prices settle, one after the other; ``records``: so many partial routes of
    one tour at most.
    """

    widths: tuple[int, ...]
    records: int


THOROUGH = Effort(widths=(30, 60_000), records=400_000)
"""For whole requests: the relaxation is mostly exact, and mostly a proof comes out."""

QUICK = Effort(widths=(30, 1_000), records=100_000)
"""For parts of large requests."""

PATIENT_S = 3.0
"""With fewer seconds left prices settle sooner, on fewer routes."""

ADDED_MAX = 30
"""So many routes of one tour enter the linear program at once."""

FIRST_BUDGET, BUDGET_GROWTH = 1.0, 2.0
"""The first budget, in units of a typical leg's price, and by how much it grows from step to step: a choice takes least within the
smallest budget that holds a plan."""

LISTED_MAX = 60_000
"""No choice is tried among more routes."""

CHOICE_WORK, CHOICE_WORK_MAX = 2 * 10**7, 10**8
"""So many jobs of routes a choice may look at before its branch is split; more, up to the second, where listing its routes was as much work."""

KNOWN_WORK, COLUMN_WORK = 10**7, 1_000
"""So many jobs of routes the choice among the routes known at first may look at, and what a route in a linear program that is solved counts for."""

SHARE_MIN = 1e-6
"""Smaller shares of a job are rounding."""

TRIED_JOBS, TRIED_PAIRS, LIFT_MIN = 2, 5, GRAINS_PER_CENT
"""So many jobs, and pairs of tour and job, are tried before a branch is split: the one whose fixing lifts the linear program most in both
parts is taken, a part that it does not lift counting for so many grains (strong branching)."""

LEADING_TURNS = 2
"""The number of jobs served whose bound is least has so many turns for each one of the others."""

ANY = -1
"""Instead of a number of jobs served."""

NEVER = 1 << 60
"""The price of leaving out what has to be served."""

Found = dict[int, tuple[int, ...]]
Pair = tuple[int, int]
Part = tuple[frozenset[int], frozenset[Pair]]


@dataclass(slots=True)
class Branch:
    """Plans that serve a number of jobs, those ``inside`` for certain, and no pair (row of a tour, job) that is ``banned``; jobs are bits.

    ``prices`` are those of the relaxation, for certain where ``settled``; there is no plan within ``proven_grains`` of it: for certain where
    ``exact``, else so far as lists went.
    """

    served: int
    inside: frozenset[int]
    banned: frozenset[Pair]
    prices: Prices
    settled: bool
    exact: bool
    proven_grains: int = 0

    def bound_grains(self) -> int:
        """Return what plans of this branch cost at least."""
        return self.prices.value_grains + self.proven_grains


@dataclass(slots=True)
class Side:
    """Numbers of jobs served from the relaxed one on upwards or downwards, not looked at yet: their values only rise from ``value_grains`` on."""

    served: int
    step: int
    value_grains: int


class Generation:
    """Column generation for some tours and jobs of a problem.

    Parameters
    ----------
    case : Case
    tours, jobs : int64
        The part of the problem, at most :data:`solver.columns.JOBS_MAX` jobs.
    other_s : int64[n_tours]
        Busy seconds of the worker's other tours, for balance.
    left_s : callable
        Seconds left, inf without a limit.
    effort : Effort
    scratch : Scratch, optional
        Memory for ``effort.records`` partial routes, when there is some to use again.
    """

    def __init__(
        self,
        case: Case,
        tours: I64,
        jobs: I64,
        other_s: I64,
        left_s: Callable[[], float],
        effort: Effort = THOROUGH,
        scratch: Scratch | None = None,
    ) -> None:
        self.case, self.tours, self.jobs, self.other_s, self.effort = case, tours, jobs, other_s, effort
        self.skip = np.minimum(case.skip_grains[jobs], SKIP_CNY_MAX * GRAINS_PER_CNY)
        self.bit_of = np.full(case.problem.n_jobs + 1, -1)  # the last one is that of no job, −1
        self.bit_of[jobs] = np.arange(len(jobs))
        self.row_of = {int(t): row for row, t in enumerate(tours)}
        self.allowance = Allowance(left_s)
        scratch = scratch or Scratch(case.arrays, effort.records)
        self.pricer = Pricer(case, self.skip, tours, jobs, other_s, self.allowance, scratch)
        self.master = Master(self.skip, len(tours), patient=left_s() > PATIENT_S)
        self.last: Prices | None = None
        self.exact = True
        self.lost = False

    def add(self, tour: int, jobs: Sequence[int], cost_grains: int, busy_s: int) -> int:
        """Add a known route, its cost without balance; return the cost with what its busy seconds add to the worker's balance."""
        cents, other = self.case.problem.balance_cents_per_h2, int(self.other_s[tour])
        cost_grains += balance_grains(other + busy_s, cents) - balance_grains(other, cents)
        self.master.add(self.row_of[tour], self.bit_of[list(jobs)].tolist(), cost_grains)
        return cost_grains

    # --- prices ---

    def settle(self, widths: Sequence[int], banned: frozenset[Pair] = frozenset()) -> Prices | None:
        """Add routes until none improves the linear program, so far as ``widths`` let see; None without allowance or solution.

        ``exact`` says then whether no route is missing; ``lost``, whether some branch was given up.
        """
        bits = [[bit for r, bit in banned if r == row] for row in range(len(self.tours))]
        for width in widths:
            new = 1
            while new:
                prices = self.master.solve()
                self.allowance.spent += len(self.master.columns) * COLUMN_WORK
                if prices is None or self.allowance.over():
                    self.lost = True
                    return None
                self.last, self.exact, new = prices, True, 0
                for row in range(len(self.tours)):
                    listed, complete = self.pricer.list_routes(row, prices, bits[row], -GRAINS_PER_CENT, width)
                    self.exact = self.exact and complete
                    new += self._take(row, listed, prices)
                    if self.allowance.over():
                        return None
        return prices

    def _take(self, row: int, listed: Listed, prices: Prices) -> int:
        """Add the best of the routes listed to the linear program, at most one for each last job; return how many are new."""
        last = listed.order[np.arange(len(listed.lengths)), listed.lengths - 1]
        _, once = np.unique(last, return_index=True)
        new = 0
        for at in np.sort(once)[:ADDED_MAX].tolist():
            bits = self.bit_of[listed.order[at, : listed.lengths[at]]].tolist()
            cost = int(listed.reduced[at]) - int(prices.tours[row])
            cost += int((self.skip - prices.jobs)[bits].sum()) + prices.more * len(bits)
            new += self.master.add(row, bits, cost)
        return new

    # --- plans ---

    def improve(
        self, known_grains: int, offer: Callable[[Found], None], elsewhere: Callable[[], int] | None = None
    ) -> bool:
        """Look for plans below ``known_grains``; hand each better one to ``offer``, tour to jobs.

        ``known_grains`` counts the part alone: its tours and the jobs it leaves out. ``elsewhere`` says what has become known
        meanwhile.

        Returns
        -------
        bool
            Whether the best plan known is proven best, for routes priced one by one where to be earlier is never worse.
        """
        free = self.settle(self.effort.widths)
        known_grains = self._choose_known(known_grains, offer)
        if free is None:
            return False
        proven = self.exact
        middle = math.floor(self.master.shares().sum() + SHARE_MIN)
        sides = [Side(middle, -1, free.value_grains), Side(middle + 1, 1, free.value_grains)]
        branches: list[Branch] = []
        turns: Counter[int] = Counter()
        while True:
            if elsewhere is not None:
                known_grains = min(known_grains, elsewhere())
            proven = proven and all(b.exact for b in branches if b.bound_grains() >= known_grains)
            branches = [branch for branch in branches if branch.bound_grains() < known_grains]
            least = min((branch.bound_grains() for branch in branches), default=known_grains)
            side = min(sides, key=lambda side: side.value_grains, default=None)
            if side is not None and side.value_grains < known_grains and side.value_grains <= least:
                sides.remove(side)
                found = (
                    self._branch(side.served, frozenset(), frozenset()) if 0 <= side.served <= len(self.jobs) else None
                )
                if found is not None:
                    branches.append(found)
                    sides.append(Side(side.served + side.step, side.step, found.prices.value_grains))
            elif branches:
                # each number of jobs served has its turn: one that cannot be reached may take long to be ruled out
                leading = min(branches, key=Branch.bound_grains).served
                served = min(
                    {branch.served for branch in branches},
                    key=lambda number: (turns[number] // (LEADING_TURNS if number == leading else 1), number),
                )
                turns[served] += 1
                branch = min((branch for branch in branches if branch.served == served), key=Branch.bound_grains)
                value, ended = self._choose(branch, known_grains, offer)
                known_grains = min(known_grains, value)
                if not ended:
                    branches.remove(branch)
                    parts = self._split(branch, known_grains)
                    branches += parts or []
                    proven = proven and parts is not None
            else:
                return proven and not self.lost
            if self.allowance.over():
                return False

    def _branch(
        self, served: int, inside: frozenset[int], banned: frozenset[Pair], parent: Branch | None = None
    ) -> Branch | None:
        """Solve the relaxation of a branch that is a part of another one; None without a solution or allowance."""
        self.master.fix(served, inside, banned)
        prices = self.settle(self.effort.widths[1:], banned)
        if prices is None:
            return None
        proven = max(0, parent.bound_grains() - prices.value_grains) if parent is not None else 0
        exact = self.exact and (parent is None or proven == 0 or parent.exact)
        return Branch(served, inside, banned, prices, self.exact, exact, proven)

    def _split(self, branch: Branch, known_grains: int) -> list[Branch] | None:
        """Fix a job: served in one branch, not in the other; or by one tour in the one, by another in the other; None where nothing is in doubt."""
        self.master.fix(branch.served, branch.inside, branch.banned)
        if self.master.solve() is None:
            self.lost = True
            return []
        ways = [self._two(branch, pair) for pair in self._in_doubt(branch.inside)]
        if not ways:
            return None
        if len(ways) > 1:
            most = known_grains - branch.prices.value_grains
            ways.sort(key=lambda way: self._lift(branch, way, most), reverse=True)
        parts = [self._branch(branch.served, inside, banned, branch) for inside, banned in ways[0]]
        return [part for part in parts if part is not None]

    def _in_doubt(self, inside: frozenset[int]) -> list[Pair]:
        """List what may be fixed next: (ANY, job) for jobs that are served in part, (tour, job) for those served by that tour in part, halves first."""
        shares = self.master.shares()
        of_jobs = shares.sum(axis=0)
        of_jobs[list(inside)] = 0.0
        doubts = np.concatenate([of_jobs[None], shares])
        halves = np.minimum(doubts, 1.0 - doubts)
        halves[0] *= self.skip / max(int(self.skip.max()), 1)
        jobs = np.argsort(-halves[0], kind="stable")[:TRIED_JOBS]
        pairs = np.argsort(-halves[1:], axis=None, kind="stable")[:TRIED_PAIRS]
        found = [(ANY, int(bit)) for bit in jobs if halves[0, bit] > SHARE_MIN]
        for at in pairs.tolist():
            row, bit = divmod(at, len(self.jobs))
            if halves[row + 1, bit] > SHARE_MIN:
                found.append((row, bit))
        return found

    def _two(self, branch: Branch, pair: Pair) -> list[Part]:
        """Return the jobs inside and the pairs banned in the two parts of a branch."""
        row, bit = pair
        others = frozenset((r, bit) for r in range(len(self.tours)) if r != row)
        inside, banned = branch.inside | {bit}, branch.banned
        return [
            (inside, banned if row == ANY else banned | others),
            (branch.inside, banned | (others if row == ANY else {(row, bit)})),
        ]

    def _lift(self, branch: Branch, way: list[Part], most: int) -> int:
        """Return by how much fixing lifts the linear program over the routes known, both parts counted; up to ``most`` counts."""
        product = 1
        for inside, banned in way:
            self.master.fix(branch.served, inside, banned)
            prices = self.master.solve()
            self.allowance.spent += len(self.master.columns) * COLUMN_WORK
            lift = most if prices is None else min(most, prices.value_grains - branch.prices.value_grains)
            product *= max(lift, LIFT_MIN)
        return product

    def _choose(self, branch: Branch, known_grains: int, offer: Callable[[Found], None]) -> tuple[int, bool]:
        """Choose among all routes of a branch within its next budget; return the best value known, and whether the choice was complete."""
        budget = max(
            int(branch.proven_grains * BUDGET_GROWTH), branch.proven_grains + int(self.case.unit_grains * FIRST_BUDGET)
        )
        budget = min(budget, known_grains - branch.prices.value_grains)
        lists: list[Listed] = []
        complete = True
        spent = self.allowance.spent
        for row in range(len(self.tours)):
            bits = [bit for r, bit in branch.banned if r == row]
            listed, all_of_them = self.pricer.list_routes(row, branch.prices, bits, budget, self.effort.widths[-1])
            complete = complete and all_of_them
            lists.append(listed)
            if self.allowance.over():
                return known_grains, False
        if sum(len(listed.reduced) for listed in lists) > LISTED_MAX:
            return known_grains, False
        job_price = branch.prices.jobs.copy()
        job_price[list(branch.inside)] = NEVER
        work = min(max(self.allowance.spent - spent, CHOICE_WORK), CHOICE_WORK_MAX)
        best, ended, found = self._cover(lists, branch.prices, job_price, branch.served, budget, work)
        if ended:
            branch.proven_grains = best
            branch.exact = branch.settled and complete
        if found is None:
            return known_grains, ended
        offer(found)
        return branch.prices.value_grains + best, ended

    def _choose_known(self, known_grains: int, offer: Callable[[Found], None]) -> int:
        """Choose among the routes of the linear program: quick, and all there is when time was too short to complete it; return the best value known."""
        prices = self.last
        if prices is None:
            return known_grains
        lists = [self._known(row, prices) for row in range(len(self.tours))]
        room = known_grains - prices.value_grains
        for share in (16, 4, 1):
            best, _, found = self._cover(lists, prices, prices.jobs, ANY, room // share, KNOWN_WORK)
            if found is not None:
                offer(found)
                return prices.value_grains + best
        return known_grains

    def _known(self, row: int, prices: Prices) -> Listed:
        """List the routes of a tour that the linear program knows."""
        columns = [column for column in self.master.columns if column.tour == row]
        reduced = np.array(
            [column.net + int(prices.jobs[list(column.jobs)].sum()) for column in columns], np.int64
        ) + int(prices.tours[row])
        lengths = np.array([len(column.jobs) for column in columns], np.int64)
        sets = np.zeros((len(columns), 2), np.int64)
        order = np.full((len(columns), int(lengths.max(initial=0))), -1, np.int64)
        for at, column in enumerate(columns):
            order[at, : len(column.jobs)] = self.jobs[list(column.jobs)]
            for bit in column.jobs:
                sets[at, bit >> 6] |= np.int64(1) << np.int64(bit & 63)
        ascending = np.argsort(reduced, kind="stable")
        return Listed(reduced[ascending], sets[ascending], lengths[ascending], order[ascending])

    def _cover(
        self, lists: Sequence[Listed], prices: Prices, job_price: I64, served: int, budget: int, work: int
    ) -> tuple[int, bool, Found | None]:
        """Choose one route for each tour; return the least sum, whether the search was complete, and the routes if there are."""
        longest = max(listed.order.shape[1] for listed in lists)
        first = np.cumsum([0, *(len(listed.reduced) for listed in lists)])
        order = np.full((int(first[-1]), longest), -1, np.int64)
        for row, listed in enumerate(lists):
            order[first[row] : first[row + 1], : listed.order.shape[1]] = listed.order
        chosen = np.full(len(lists), -1, np.int64)
        best, ended, spent = choose_routes(
            np.concatenate([listed.sets for listed in lists]),
            np.concatenate([np.maximum(listed.reduced, 0) for listed in lists]),
            self.bit_of[order],
            np.concatenate([listed.lengths for listed in lists]),
            first,
            job_price,
            prices.tours,
            served,
            budget,
            self.allowance.work(work),
            chosen,
        )
        self.allowance.spent += int(spent)
        if best >= budget:
            return budget, bool(ended), None
        found = {
            int(tour): tuple(j for j in order[row].tolist() if j >= 0) if row >= 0 else ()
            for tour, row in zip(self.tours, chosen.tolist(), strict=True)
        }
        return int(best), bool(ended), found
