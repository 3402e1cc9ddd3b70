"""Route selection: the best set of routes out of all that the chains have seen, by set packing.

Each tour takes at most one of its routes, each job is in at most one route taken; a route's value is its cost less what leaving out
its jobs would cost. The linear relaxation (GLOP) gives reduced costs; only routes whose reduced cost lies within the gap to
the best known can be in a better set, and CP-SAT chooses among those. Recombining routes in this way is the *petal* idea of Foster and Ryan (1976), doi
10.1057/jors.1976.63. Both solvers get the same matrix; the outcome is only a proposal, priced by the kernels before it counts.

Balance couples the tours of a worker: a route is priced with its part of the balance at the worker's present hours, so with
balance prices or several tours a worker the choice is a good guess.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver.python.model_builder_helper import ModelBuilderHelper, ModelSolverHelper
from scipy.sparse import csr_matrix

from solver.problem import GRAINS_PER_CENT, I64, Problem
from solver.state import C_POOL, H_POOL, State

ROUTES_MAX = 40_000
"""More routes are not kept: those with the least value per job go."""

CANDIDATES_MAX = 6_000
"""So many routes at most are handed to the exact choice."""


@dataclass(slots=True)
class Pool:
    """Routes seen, the cheapest order for each set of jobs in a tour.

    ``routes`` maps (tour, jobs sorted) to (cost in grains without balance, travel + service seconds, jobs in order).
    """

    routes: dict[tuple[int, tuple[int, ...]], tuple[int, int, tuple[int, ...]]] = field(default_factory=dict)

    def take(self, state: State) -> None:
        """Take over what a chain has noted, and empty its notes."""
        first, end = int(state[H_POOL]), int(state[C_POOL])
        notes = state[first:end].tolist()
        at, size = 0, len(notes)
        while at < size:
            tour, count, cost, moved, work = notes[at : at + 5]
            jobs = tuple(notes[at + 5 : at + 5 + count])
            key = (tour, tuple(sorted(jobs)))
            known = self.routes.get(key)
            if known is None or cost < known[0]:
                self.routes[key] = (cost, moved + work, jobs)
            at += 5 + count
        state[C_POOL] = first

    def thin(self, skip_grains: I64, limit: int = ROUTES_MAX) -> None:
        """Drop the routes of least value per job until ``limit`` are left."""
        if len(self.routes) <= limit:
            return
        prices: list[int] = skip_grains.tolist()

        def value(item: tuple[tuple[int, tuple[int, ...]], tuple[int, int, tuple[int, ...]]]) -> float:
            (_, jobs), (cost, _, _) = item
            return (cost - sum(prices[j] for j in jobs)) / len(jobs)

        self.routes = dict(sorted(self.routes.items(), key=value)[:limit])


def select_routes(
    problem: Problem,
    pool: Pool,
    skip_grains: I64,
    busy_s: I64,
    known_grains: int,
    seconds: float | None,
) -> tuple[tuple[int, ...], ...] | None:
    """Choose the best set of routes from a pool.

    Parameters
    ----------
    skip_grains : int64[n_jobs]
        What leaving out each job costs in the search.
    busy_s : int64[n_workers]
        Busy seconds at which balance is priced.
    known_grains : int
        Total to beat (of the search, balance included).
    seconds : float, optional
        Time limit; without one a fixed amount of work limits the choice, and the answer is the same every time.

    Returns
    -------
    tuple of tuples or None
        Jobs in order for each tour; None when nothing better was found.
    """
    if not pool.routes:
        return None
    keys = list(pool.routes)
    values = list(pool.routes.values())
    tours = np.array([key[0] for key in keys])
    costs = np.array([value[0] for value in values], np.float64)
    counts = np.array([len(key[1]) for key in keys])
    members = np.fromiter((j for key in keys for j in key[1]), np.int64, int(counts.sum()))
    owners = np.repeat(np.arange(len(keys)), counts)
    if problem.balance_cents_per_h2:
        busy = np.array([value[1] for value in values], np.float64)
        worker = problem.tour_worker[tours]
        slope = 2.0 * busy_s[worker] * problem.balance_cents_per_h2 * GRAINS_PER_CENT / 3600.0**2
        costs += slope * busy - slope * busy_s[worker] / 2.0 / np.maximum(1, np.diff(problem.worker_tour_first)[worker])
    net = (costs - np.bincount(owners, skip_grains[members].astype(np.float64), len(keys))) / GRAINS_PER_CENT
    known = (known_grains - float(skip_grains.sum())) / GRAINS_PER_CENT
    duals = _relax(problem, net, tours, members, owners, seconds)
    if duals is None:
        return None
    bound, reduced = duals
    gap = max(known - bound, 0.0)
    kept = np.flatnonzero(reduced <= gap + 1e-6)
    if len(kept) > CANDIDATES_MAX:
        kept = kept[np.argsort(reduced[kept], kind="stable")[:CANDIDATES_MAX]]
    chosen = _choose(problem, net, tours, members, owners, kept, seconds)
    if chosen is None or (net[chosen].sum() >= known - 0.5 and not problem.balance_cents_per_h2):
        return None
    routes: list[tuple[int, ...]] = [()] * problem.n_tours
    for row in chosen.tolist():
        routes[keys[row][0]] = values[row][2]
    return tuple(routes)


def _matrix(problem: Problem, tours: I64, members: I64, owners: I64, columns: I64) -> csr_matrix:
    """Build the packing rows: jobs, then tours."""
    renumber = np.full(len(tours), -1)
    renumber[columns] = np.arange(len(columns))
    inside = renumber[owners] >= 0
    rows = np.concatenate([members[inside], problem.n_jobs + tours[columns]])
    cols = np.concatenate([renumber[owners[inside]], np.arange(len(columns))])
    shape = (problem.n_jobs + problem.n_tours, len(columns))
    return csr_matrix((np.ones(len(rows)), (rows, cols)), shape=shape)


def _relax(
    problem: Problem, net: NDArray[np.float64], tours: I64, members: I64, owners: I64, seconds: float | None
) -> tuple[float, NDArray[np.float64]] | None:
    """Solve the linear relaxation; return its value and the reduced costs."""
    everything = np.arange(len(net))
    matrix = _matrix(problem, tours, members, owners, everything)
    model = ModelBuilderHelper()
    rows = matrix.shape[0]
    model.fill_model_from_sparse_data(
        np.zeros(len(net)), np.full(len(net), np.inf), net, np.full(rows, -np.inf), np.ones(rows), matrix
    )
    solver = ModelSolverHelper("glop")
    if seconds is not None:
        solver.set_time_limit_in_seconds(max(0.05, seconds * 0.5))
    solver.solve(model)
    if not solver.has_solution():
        return None
    duals = np.asarray(solver.dual_values())
    reduced = net - matrix.T @ duals
    return float(np.minimum(duals, 0.0).sum()), reduced


def _choose(
    problem: Problem,
    net: NDArray[np.float64],
    tours: I64,
    members: I64,
    owners: I64,
    columns: I64,
    seconds: float | None,
) -> I64 | None:
    """Choose the best routes among ``columns`` by CP-SAT."""
    if not len(columns):
        return None
    matrix = _matrix(problem, tours, members, owners, columns)
    rows = matrix.shape[0]
    model = ModelBuilderHelper()
    model.fill_model_from_sparse_data(
        np.zeros(len(columns)), np.ones(len(columns)), net[columns], np.full(rows, -np.inf), np.ones(rows), matrix
    )
    for column in range(len(columns)):
        model.set_var_integrality(column, True)
    solver = ModelSolverHelper("sat")
    if seconds is None:
        solver.set_solver_specific_parameters("num_workers:1 max_deterministic_time:1.0")
    else:
        solver.set_solver_specific_parameters("num_workers:1")
        solver.set_time_limit_in_seconds(max(0.05, seconds * 0.5))
    solver.solve(model)
    if not solver.has_solution():
        return None
    return columns[np.asarray(solver.variable_values()) > 0.5]
