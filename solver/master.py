"""The linear program over the routes known: at most one for each tour, each job at most once, so many jobs served.

Its prices (duals) tell what a job, a tour and one more job served are worth; see :mod:`solver.generation`. Solved by GLOP, which goes on from
its last basis when routes were added.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from solver.problem import GRAINS_PER_CNY, I64

MISSING_DEARER = 20
"""A job that is missing from what is fixed costs so many times the dearest job left out."""


@dataclass(frozen=True, slots=True)
class Prices:
    """A solution of the linear program.

    ``value_grains`` of the program; ``jobs`` int64[n_jobs] and ``tours`` int64[n_tours] what it would gain if the job, the tour were there
    twice (≥ 0, but for jobs that have to be served); ``more``
    what one more job served costs.
    """

    value_grains: int
    jobs: I64
    tours: I64
    more: int


@dataclass(slots=True)
class Column:
    """A route known: its variable, tour, jobs in order, and cost less what leaving out its jobs would cost, in grains."""

    variable: Any
    tour: int
    jobs: tuple[int, ...]
    net: int


class Master:
    """Routes known and the linear program over them.

    Parameters
    ----------
    skip_grains : int64[n_jobs]
        What leaving out each job costs; the value counts it.
    tours : int
    patient : bool
        Without it prices settle sooner, on fewer routes, and proofs take longer: for short limits.
    """

    def __init__(self, skip_grains: I64, tours: int, *, patient: bool = True) -> None:
        self.patient = patient
        self.skip, self.n_jobs, self.n_tours = skip_grains, len(skip_grains), tours
        self.solver: Any = pywraplp.Solver("master", pywraplp.Solver.GLOP_LINEAR_PROGRAMMING)
        self.far = self.solver.infinity()
        self.rows = [self.solver.Constraint(-self.far, 1.0) for _ in range(self.n_jobs + tours)]
        self.count = self.solver.Constraint(-self.far, self.far)
        self.objective = self.solver.Objective()
        self.objective.SetMinimization()
        # until routes are known that keep to what is fixed, missing jobs are paid for: else prices would never ask for such routes
        self.missing = self.solver.NumVar(0.0, self.far, "")
        self.count.SetCoefficient(self.missing, 1.0)
        self.amiss = [self.solver.NumVar(0.0, 0.0, "") for _ in range(self.n_jobs)]
        for row, variable in zip(self.rows, self.amiss, strict=False):
            row.SetCoefficient(variable, 1.0)
        for variable in (self.missing, *self.amiss):
            self.objective.SetCoefficient(
                variable, MISSING_DEARER * float(max(skip_grains, default=0)) / GRAINS_PER_CNY
            )
        self.columns: list[Column] = []
        self.known: dict[tuple[int, frozenset[int]], Column] = {}
        self.by_pair: defaultdict[tuple[int, int], list[Column]] = defaultdict(list)
        self.barred: list[Column] = []
        self.inside: tuple[int, ...] = ()
        self.target = 0
        self.refixed = False

    def add(self, tour: int, jobs: Sequence[int], cost_grains: int) -> bool:
        """Add a route; False where its jobs are known in this tour and no dearer."""
        key = (tour, frozenset(jobs))
        net = cost_grains - int(self.skip[list(jobs)].sum())
        column = self.known.get(key)
        if column is None:
            column = Column(self.solver.NumVar(0.0, self.far, ""), tour, tuple(jobs), net)
            for job in jobs:
                self.rows[job].SetCoefficient(column.variable, 1.0)
            self.rows[self.n_jobs + tour].SetCoefficient(column.variable, 1.0)
            self.count.SetCoefficient(column.variable, float(len(jobs)))
            self.known[key] = column
            self.columns.append(column)
            for job in jobs:
                self.by_pair[tour, job].append(column)
        elif net >= column.net:
            return False
        column.jobs, column.net = tuple(jobs), net
        self.objective.SetCoefficient(column.variable, net / GRAINS_PER_CNY)
        return True

    def fix(self, served: int, inside: Collection[int], banned: Collection[tuple[int, int]]) -> None:
        """Fix how many jobs are served, the jobs ``inside`` that are, and pairs of tour and job that may not be."""
        self.count.SetBounds(served, served)
        for job in self.inside:
            self.rows[job].SetLb(-self.far)
            self.amiss[job].SetUb(0.0)
        for job in inside:
            self.rows[job].SetLb(1.0)
            self.amiss[job].SetUb(self.far)
        for column in self.barred:
            column.variable.SetUb(self.far)
        self.barred = [column for pair in banned for column in self.by_pair[pair]]
        for column in self.barred:
            column.variable.SetUb(0.0)
        self.inside, self.target = tuple(inside), served
        self.refixed = True

    def solve(self) -> Prices | None:
        """Solve; None where rounding lets no solution stand. Jobs that no known route can serve as is fixed are missing, at a high price."""
        ways = (
            go_on(dual=self.refixed, presolve=not self.patient),
            begin_anew(),
            begin_anew(presolve=True),
        )  # rounding may spoil a basis, or a way
        self.refixed = False
        if all(self.solver.Solve(way) != pywraplp.Solver.OPTIMAL for way in ways):
            return None
        prices = self._round(-row.dual_value() for row in self.rows)
        free = np.ones(len(prices), np.bool_)
        free[list(self.inside)] = False
        prices[free] = np.maximum(prices[free], 0)
        more = int(self._round([self.count.dual_value()])[0]) if self.target else 0
        # the value that belongs to the prices as they are rounded, so that sums with reduced costs are exact
        value = int(self.skip.sum()) - int(prices.sum()) + more * self.target
        return Prices(value, prices[: self.n_jobs], prices[self.n_jobs :], more)

    @staticmethod
    def _round(cny: Iterable[float]) -> I64:
        return np.rint(np.fromiter(cny, np.float64) * GRAINS_PER_CNY).astype(np.int64)

    def shares(self) -> NDArray[np.float64]:
        """Return which share of each job each tour serves, [n_tours, n_jobs]."""
        shares = np.zeros((self.n_tours, self.n_jobs))
        for column in self.columns:
            value = float(column.variable.solution_value())
            if value > 0.0:
                shares[column.tour, list(column.jobs)] += value
        return shares


def go_on(*, dual: bool, presolve: bool) -> Any:
    """Return parameters to go on from the last basis, which is a start only without presolve; by the dual simplex where bounds have changed."""
    names = pywraplp.MPSolverParameters
    parameters = names()
    parameters.SetIntegerParam(names.PRESOLVE, names.PRESOLVE_ON if presolve else names.PRESOLVE_OFF)
    parameters.SetIntegerParam(names.LP_ALGORITHM, names.DUAL if dual and not presolve else names.PRIMAL)
    return parameters


def begin_anew(*, presolve: bool = False) -> Any:
    """Return parameters to solve without the last basis, the program as it stands or made smaller before."""
    names = pywraplp.MPSolverParameters
    parameters = names()
    parameters.SetIntegerParam(names.INCREMENTALITY, names.INCREMENTALITY_OFF)
    parameters.SetIntegerParam(names.PRESOLVE, names.PRESOLVE_ON if presolve else names.PRESOLVE_OFF)
    return parameters
