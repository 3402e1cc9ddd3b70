"""Prices of leaving out jobs that rise with the time a job has been left out: what keeps a chain from leaving out the same ones for good.

Where not all jobs can be served, plans that leave out others lie far apart: a chain would have to serve one job less, or leave out a dearer one,
to come from one to the other. While it anneals, each job's price rises a little whenever the job is found left out, and falls back as time goes by.
Christiaens and Vanden Berghe (2020), doi 10.1287/trsc.2019.0914, count absences too, to save vehicles: they compare plans by the counts of who is left out.
"""

from __future__ import annotations

import numpy as np

from solver.anneal import keep_best
from solver.arrays import Arrays
from solver.problem import I64, Routes
from solver.state import C_BEST, C_COST, C_UNSERVED, H_BANK, H_SKIP, State

RAISE_EVERY = 1_500
"""Prices rise after so many iterations."""

RISE, STAYS = 0.05, 0.98
"""By which share of its price a job left out becomes dearer each time, and which part of the rise stays each time."""


class Absences:
    """How much dearer each job has become that one chain leaves out; ``true_grains`` int64[n_jobs] are the prices to go back to.

    No price rises above 3.5 times the true one (``1 + RISE / (1 - STAYS)``), so that sums hold them.
    """

    def __init__(self, true_grains: I64) -> None:
        self.true_grains = true_grains
        self.rise = np.zeros(len(true_grains))

    def raise_prices(self, arrays: Arrays, state: State) -> None:
        """Count the jobs left out now and price them anew; what the chain remembers as best begins anew, too."""
        self.rise *= STAYS
        self.rise[left_out(state)] += RISE
        self._price(arrays, state, (self.true_grains * (1.0 + self.rise)).astype(np.int64))

    def restore_prices(self, arrays: Arrays, state: State) -> None:
        """Go back to the true prices; what the chain holds now is its best again."""
        self._price(arrays, state, self.true_grains)

    def best_grains(self, state: State, best: Routes) -> int:
        """Return what the best since the prices last rose truly costs."""
        dearer = held_prices(state, len(self.true_grains)) - self.true_grains
        dearer[[j for route in best for j in route]] = 0
        return int(state[C_BEST]) - int(dearer.sum())

    def _price(self, arrays: Arrays, state: State, skip_grains: I64) -> None:
        held, out = held_prices(state, len(skip_grains)), left_out(state)
        state[C_COST] += int((skip_grains - held)[out].sum())
        held[:] = skip_grains
        keep_best(arrays, state)


def held_prices(state: State, n_jobs: int) -> I64:
    """Return the prices of leaving out each job as a chain has them: a view."""
    first = int(state[H_SKIP])
    return state[first : first + n_jobs]


def left_out(state: State) -> I64:
    """Return the jobs that a chain leaves out now."""
    first = int(state[H_BANK])
    return state[first : first + int(state[C_UNSERVED])].copy()
