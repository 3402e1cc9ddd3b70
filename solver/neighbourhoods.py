"""Neighbourhoods of one solution that threads anneal side by side: how it is cut, what each chain is given, how they are joined.

Along another line each time (:func:`cut`); what is settled between tours is cut with them (:mod:`solver.pieces`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from solver.arrays import Arrays
from solver.mechanisms.coupling import read_block
from solver.pieces import NOBODY, Pieces
from solver.problem import I64, NO_WAY, Problem, Routes, Tables
from solver.state import H_FIXED, State
from solver.tours import load_routes, read_routes


class Neighbourhoods:
    """Cuts solutions of one problem for some chains.

    Parameters
    ----------
    problem, arrays
        The problem, and the same packed.
    states
        Of the chains; every cut has a neighbourhood for each.
    skip
        int64[n_jobs] price of leaving out each job.
    random
        Where the lines are drawn.
    """

    def __init__(
        self, problem: Problem, arrays: Arrays, states: Sequence[State], skip: I64, random: np.random.Generator
    ) -> None:
        self.problem, self.arrays, self.states, self.skip, self.random = problem, arrays, states, skip, random
        self.pieces = None if problem.couplings is None else Pieces(problem, arrays, states[0])
        self.turns = 0

    def cut(self, routes: Routes, block: I64 | None) -> Share:
        """Cut a solution along a new line; ``block`` is what is settled between its tours."""
        self.turns += 1
        return Share(self, routes, block, self.turns - 1)


class Share:
    """A shared solution while it is cut: each chain's neighbourhood, and how they are joined again.

    ``outside_grains`` is what the tickets cost that are in no neighbourhood, ``outside_changed`` how many of them count as changed.
    """

    def __init__(self, whole: Neighbourhoods, routes: Routes, block: I64 | None, turn: int) -> None:
        problem = whole.problem
        self.arrays, self.states, self.pieces = whole.arrays, whole.states, whole.pieces
        self.routes, self.block, self.parts, self.turn = routes, block, len(whole.states), turn
        self.part_of_tour, self.part_of_ticket = cut(problem, routes, self.parts, whole.random)
        self.stay: NDArray[np.bool_] | None = None
        if self.pieces is not None and block is not None:
            fixed = self.pieces.confine(routes, self.part_of_tour, self.part_of_ticket)
            self.stay = self.pieces.fixed_jobs(routes, block, fixed, problem.n_jobs)
        outside = np.flatnonzero(self.part_of_ticket == NOBODY)
        self.outside_grains = int(whole.skip[outside].sum())
        self.outside_changed = 0 if problem.change is None else int(problem.change.counted[outside].sum())

    def load(self, row: int, state: State) -> None:
        """Make a chain hold one neighbourhood."""
        tours, tickets = np.flatnonzero(self.part_of_tour == row), np.flatnonzero(self.part_of_ticket == row)
        block = None
        if self.pieces is not None and self.block is not None:
            block = self.pieces.cut(self.block, tickets, ((row + self.turn) % self.parts, self.parts))
        load_routes(self.arrays, state, self.routes, tours, tickets, block)
        if self.stay is not None:
            state[state[H_FIXED] : state[H_FIXED] + len(self.stay)] = self.stay

    def join(self, *, best: bool) -> tuple[Routes, I64 | None]:
        """Join what the chains hold, or the best that they have found: routes, and what is settled between them."""
        routes: list[tuple[int, ...]] = [()] * len(self.part_of_tour)
        for row, state in enumerate(self.states):
            found = read_routes(self.arrays, state, best=best)
            for t in np.flatnonzero(self.part_of_tour == row).tolist():
                routes[t] = found[t]
        block = None
        if self.pieces is not None and self.block is not None:
            found_blocks = [read_block(state, best=best) for state in self.states]
            block = self.pieces.join(self.block, found_blocks, self.part_of_tour, self.part_of_ticket)
        return tuple(routes), block


def cut(problem: Problem, routes: Routes, parts: int, random: np.random.Generator) -> tuple[I64, I64]:
    """Cut workers, their tours and the tickets into neighbourhoods of like size: the row of each tour and of each ticket.

    Workers are sorted by how far their work lies from a job drawn at random; unserved jobs go where jobs as far away go.
    """
    centre = int(problem.job_place[int(random.integers(problem.n_tickets))])
    far = distance_from(problem, centre)
    job_far = far[problem.job_place]
    tour_far = far[problem.tour_start_place].copy()
    size = np.zeros(problem.n_tours)
    for t, route in enumerate(routes):
        if route:
            tour_far[t] = job_far[list(route)].mean()
            size[t] = len(route)
    workers = problem.n_workers
    count = np.bincount(problem.tour_worker, minlength=workers)
    worker_far = np.bincount(problem.tour_worker, tour_far, workers) / np.maximum(count, 1)
    worker_size = np.bincount(problem.tour_worker, size + 1.0, workers)
    order = np.argsort(worker_far, kind="stable")
    run = np.cumsum(worker_size[order])
    part_of_worker = np.empty(workers, np.int64)
    part_of_worker[order] = np.minimum(parts - 1, (run - 1e-9) * parts // run[-1])
    limits = [worker_far[order[np.searchsorted(run, run[-1] * cut / parts)]] for cut in range(1, parts)]
    part_of_job = np.searchsorted(np.array(limits), job_far).astype(np.int64)
    part_of_tour = part_of_worker[problem.tour_worker]
    for t, route in enumerate(routes):
        part_of_job[list(route)] = part_of_tour[t]
    return part_of_tour, part_of_job[: problem.n_tickets]


def distance_from(problem: Problem, place: int) -> NDArray[np.float64]:
    """Return how far every place is from one, in seconds or on the unit ball."""
    legs = problem.legs
    if isinstance(legs, Tables):
        out = legs.leg_s[0, place].astype(np.float64)
        return np.where(out == NO_WAY, 1e9, out)
    dlat, dlon = legs.lat_rad - legs.lat_rad[place], legs.lon_rad - legs.lon_rad[place]
    return np.asarray(
        np.sin(dlat / 2) ** 2 + np.cos(legs.lat_rad) * np.cos(legs.lat_rad[place]) * np.sin(dlon / 2) ** 2
    )
