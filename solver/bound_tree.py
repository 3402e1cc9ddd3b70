"""The tree of bounds: column generation that keeps, at every moment, a number that no plan undercuts.

With any prices of jobs and tours every plan costs at least the sum of the prices + what the best route of each tour brings below them (Farley
1990, doi 10.1287/opre.38.5.922): true long before prices settle, and true of lists cut short, since :mod:`solver.columns` says what a route
that it gave up costs at least. The restricted linear program's own value is never taken.

The number of jobs served is fixed, branch by branch, as in :mod:`solver.generation`; prices of one number bound all others, too, since that
number enters linearly. Then the branch bounded least is looked at: all its routes within a budget are listed and chosen among, which bounds it
by the budget; where that takes too long it is split. The least bound of all branches holds for the whole.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from solver.columns import JOBS_MAX
from solver.generation import (
    BUDGET_GROWTH,
    CHOICE_WORK,
    FIRST_BUDGET,
    LISTED_MAX,
    SHARE_MIN,
    THOROUGH,
    Branch,
    Effort,
    Generation,
    Pair,
)
from solver.generation import NEVER as MUST
from solver.master import Prices
from solver.pricing import NEVER, Case, Listed, Scratch
from solver.problem import GRAINS_PER_CENT

BELOW_GRAINS = GRAINS_PER_CENT // 100
"""A route enters the linear program when it improves it by so much: what is left costs the bound at most so much for each tour."""


@dataclass(slots=True)
class Node(Branch):
    """A branch with what none of its plans undercuts; ``is_closed`` once nothing more can be made of it."""

    low_grains: int = -NEVER
    is_closed: bool = False


@dataclass(slots=True)
class Rest:
    """Plans that serve ``served`` jobs, or further ones in the direction of ``step``; none costs less than ``low_grains``."""

    served: int
    step: int
    low_grains: int


class Tree(Generation):
    """Bounds of the plans of a relaxed problem.

    Parameters
    ----------
    case : Case
        On the clock of bounds.
    known_grains : int
        A plan is known that costs so much, in the relaxed problem at most.
    round_up : callable
        Returns the least total that a plan can have which costs at least so much.
    left_s : callable
        Seconds left, inf without a limit.
    threads : int
        So many tours are priced at the same time.
    effort : Effort
    """

    def __init__(
        self,
        case: Case,
        known_grains: int,
        round_up: Callable[[int], int],
        left_s: Callable[[], float],
        threads: int = 1,
        effort: Effort = THOROUGH,
    ) -> None:
        tours, jobs = np.arange(case.problem.n_tours), np.arange(case.problem.n_jobs)
        super().__init__(case, tours, jobs, np.zeros_like(tours), left_s, effort)
        self.threads = max(1, min(threads, len(tours)))
        self.memory = [self.pricer.scratch, *(Scratch(case.arrays, effort.records) for _ in range(1, self.threads))]
        self.known_grains, self.round_up = known_grains, round_up
        self.low, self.low_more = -NEVER, 0
        self.root_grains = -NEVER
        self.is_rooted = False
        self.rounds = 0
        self.nodes: list[Node] = []
        self.rests: list[Rest] = []

    def bound_grains(self) -> int:
        """Return what every plan costs at least, by all that is known now; below all plans as long as nothing is."""
        lows = [node.low_grains for node in self.nodes] + [rest.low_grains for rest in self.rests]
        if not self.is_rooted:
            lows.append(self.low)
        return min(self.known_grains, max(self.root_grains, min(lows, default=NEVER)))

    def settle(self, widths: Sequence[int], banned: frozenset[Pair] = frozenset()) -> Prices | None:
        """Add routes until none improves the linear program; None without allowance or solution.

        ``low`` is then what the present branch costs at least, whatever ended it, and ``low_more`` what one more job served adds to that.
        """
        self.low, self.low_more = -NEVER, 0
        prices: Prices | None = None
        for width in widths:
            new = 1
            while new:
                prices = self.master.solve()
                if prices is None or self.allowance.over():
                    return None
                lists = self._list_all(prices, banned, -BELOW_GRAINS, width)
                if lists is None:
                    return None
                self.rounds += 1
                low = prices.value_grains + sum(min(-BELOW_GRAINS, least_of(listed)) for listed in lists)
                if low > self.low:
                    self.low, self.low_more = low, prices.more
                new = sum(self._take(row, listed, prices) for row, listed in enumerate(lists))
        return prices

    def _list_all(self, prices: Prices, banned: frozenset[Pair], limit: int, width: int) -> list[Listed] | None:
        """List the routes of every tour, several tours at the same time; None where time was over before the last."""
        bits = [[bit for r, bit in banned if r == row] for row in range(len(self.tours))]
        lists: list[Listed | None] = [None] * len(self.tours)

        def work(thread: int) -> None:
            for row in range(thread, len(self.tours), self.threads):
                if self.allowance.over():
                    return
                lists[row], _ = self.pricer.list_routes(row, prices, bits[row], limit, width, self.memory[thread])

        if self.threads == 1:
            work(0)
        else:
            with ThreadPoolExecutor(self.threads) as executor:
                list(executor.map(work, range(self.threads)))
        found = [listed for listed in lists if listed is not None]
        return found if len(found) == len(lists) else None

    def climb(self) -> None:
        """Raise the bound until it reaches the plan known, or time is over."""
        free = self.settle(self.effort.widths)
        self.root_grains = self.low
        if free is None or self._reaches(self.low):
            return
        middle = math.floor(self.master.shares().sum() + SHARE_MIN)
        self.rests = [Rest(middle, -1, self.low), Rest(middle + 1, 1, self.low)]
        self.is_rooted = True
        while not self.allowance.over():
            rest = min(self.rests, key=lambda rest: rest.low_grains, default=None)
            node = min(
                (node for node in self.nodes if not node.is_closed), key=lambda node: node.low_grains, default=None
            )
            if (
                rest is not None
                and not self._reaches(rest.low_grains)
                and (node is None or rest.low_grains <= node.low_grains)
            ):
                self._serve(rest)
            elif node is not None and not self._reaches(node.low_grains):
                self._raise(node)
            else:
                return

    def _reaches(self, low_grains: int) -> bool:
        """Say whether no plan that costs at least so much is better than the one known."""
        return self.round_up(low_grains) >= self.known_grains

    def _serve(self, rest: Rest) -> None:
        """Take the next number of jobs out of the rest."""
        self.rests.remove(rest)
        if not 0 <= rest.served <= len(self.jobs):
            return
        node = self._node(rest.served, frozenset(), frozenset(), rest.low_grains)
        low = rest.low_grains
        if self.low_more * rest.step >= 0:
            low = max(low, self.low + self.low_more * rest.step)
        self.nodes.append(node)
        self.rests.append(Rest(rest.served + rest.step, rest.step, low))

    def _node(self, served: int, inside: frozenset[int], banned: frozenset[Pair], low_grains: int) -> Node:
        """Solve the relaxation of a branch whose plans cost at least ``low_grains``."""
        self.master.fix(served, inside, banned)
        prices = self.settle(self.effort.widths[1:], banned)
        low = max(low_grains, self.low)
        if prices is None:
            nothing = np.zeros(0, np.int64)
            return Node(served, inside, banned, Prices(0, nothing, nothing, 0), False, False, 0, low, is_closed=True)
        return Node(served, inside, banned, prices, True, True, 0, low)

    def _raise(self, node: Node) -> None:
        """Bound a branch by the choice among its routes within the next budget, or split it."""
        if self._look(node):
            return
        self.master.fix(node.served, node.inside, node.banned)
        ways = (
            [self._two(node, pair) for pair in self._in_doubt(node.inside)] if self.master.solve() is not None else []
        )
        if not ways:
            node.is_closed = True
            return
        if len(ways) > 1:
            most = self.known_grains - node.prices.value_grains
            ways.sort(key=lambda way: self._lift(node, way, most), reverse=True)
        parts = [self._node(node.served, inside, banned, node.low_grains) for inside, banned in ways[0]]
        self.nodes.remove(node)
        self.nodes += parts

    def _look(self, node: Node) -> bool:
        """Choose among a branch's routes within its next budget; say whether that ended and raised its bound."""
        budget = max(
            int(node.proven_grains * BUDGET_GROWTH), node.proven_grains + int(self.case.unit_grains * FIRST_BUDGET)
        )
        budget = min(budget, self.known_grains - node.prices.value_grains)
        if len(self.jobs) > JOBS_MAX:
            return False  # sets of different tours cannot be compared
        lists = self._list_all(node.prices, node.banned, budget, self.effort.widths[-1])
        if lists is None or sum(len(listed.reduced) for listed in lists) > LISTED_MAX:
            return False
        job_price = node.prices.jobs.copy()
        job_price[list(node.inside)] = MUST
        best, ended, found = self._cover(lists, node.prices, job_price, node.served, budget, CHOICE_WORK)
        # routes a little below 0 were chosen among as if they cost nothing
        slack = sum(min(0, least_of(listed)) for listed in lists)
        if found is not None:
            self.known_grains = min(self.known_grains, node.prices.value_grains + best)
        if not ended:
            return False
        low = node.prices.value_grains + min([best, *(listed.missing_grains for listed in lists)]) + slack
        is_raised = low > node.low_grains
        node.low_grains, node.proven_grains = max(low, node.low_grains), best
        return is_raised or self._reaches(node.low_grains)


def least_of(listed: Listed) -> int:
    """Return what the best route of a tour costs at least, so far as it is below the limit of the list."""
    return min(listed.missing_grains, int(listed.reduced[0]) if len(listed.reduced) else NEVER)
