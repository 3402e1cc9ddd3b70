"""Refining a solution part by part: the routes of neighbouring tours and the jobs left out near them, by column generation.

A part of a large request has about :data:`PART_JOBS` jobs: what the chains have annealed is mostly best there already for three or four tours,
not for six. The threads share one solution; each takes tours that no other thread has in hand.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from solver.generation import QUICK, THOROUGH, Effort, Found, Generation
from solver.pricing import Case, Scratch
from solver.problem import Routes
from solver.state import B_BUSY, S_COST, S_TRAVEL, S_WORK, State, at_busy, at_run
from solver.tours import load_routes, make_state

PART_JOBS, PART_UNSERVED = (62, 62), 12
"""How many jobs served a part has at most, drawn between two ends, and how many jobs left out are tried in it."""

PART_S = 8.0
"""No part takes longer."""

TRIES, NOISE = 20, 0.1
"""So many parts are drawn in search of one that was not tried since its tours changed; with each, distances count less exactly."""


class Refinement:
    """One solution that threads refine.

    Parameters
    ----------
    case : Case
    routes : routes
        The solution to begin with.
    far_from : callable
        How far every place is from one.
    left_s : callable
        Seconds left, inf without a limit.
    offer : callable
        Is told routes and a state to price them on; says whether they are better and were taken as they are.
    sizes
        As :data:`PART_JOBS`.
    part_s
        Seconds that a part takes at most.
    """

    def __init__(
        self,
        case: Case,
        routes: Routes,
        far_from: Callable[[int], NDArray[np.float64]],
        left_s: Callable[[], float],
        offer: Callable[[State, Routes], bool],
        sizes: tuple[int, int] = PART_JOBS,
        part_s: float = PART_S,
    ) -> None:
        self.case, self.far_from, self.left_s, self.offer = case, far_from, left_s, offer
        self.sizes, self.part_s = sizes, part_s
        self.routes = routes
        self.lock = threading.Lock()
        self.in_hand: set[int] = set()
        self.taken: set[int] = set()
        self.tried: set[frozenset[tuple[int, tuple[int, ...]]]] = set()

    def work(self, seed: int) -> None:
        """Refine part after part until the time is over or no part is left to try."""
        random = np.random.Generator(np.random.PCG64(seed))
        state = make_state(self.case.arrays, 0)
        scratch = Scratch(self.case.arrays, QUICK.records)
        while self.left_s() > 0:
            with self.lock:
                part = self._draw(random)
                if part is None:
                    return
                tours, jobs = part
                self.in_hand.update(tours)
                self.taken.update(jobs)
                routes = self.routes
            try:
                self._improve(state, scratch, routes, tours, jobs)
            finally:
                with self.lock:
                    self.in_hand.difference_update(tours)
                    self.taken.difference_update(jobs)

    def _draw(self, random: np.random.Generator) -> tuple[list[int], list[int]] | None:
        """Draw a part: tours not in hand that work near a job drawn, often an unserved one, and unserved jobs nearby."""
        problem = self.case.problem
        served = {j for route in self.routes for j in route}
        unserved = [j for j in range(problem.n_jobs) if j not in served and j not in self.taken]
        for attempt in range(TRIES):
            centre = int(random.integers(problem.n_jobs))
            if unserved and random.random() < 0.5:
                centre = unserved[int(random.integers(len(unserved)))]
            far = self.far_from(int(problem.job_place[centre]))
            job_far = far[problem.job_place]
            tour_far = far[problem.tour_start_place].astype(np.float64)
            for t, route in enumerate(self.routes):
                if route:
                    tour_far[t] = np.sort(job_far[list(route)])[:3].mean()
            tour_far *= np.exp(random.normal(0.0, NOISE * attempt, len(tour_far)))
            most = int(random.integers(self.sizes[0], self.sizes[1] + 1))
            tours: list[int] = []
            jobs: list[int] = []
            for t in np.argsort(tour_far, kind="stable").tolist():
                if t in self.in_hand:
                    continue
                if len(jobs) + len(self.routes[t]) > most:
                    break
                tours.append(t)
                jobs.extend(self.routes[t])
            key = frozenset((t, self.routes[t]) for t in tours)
            if len(tours) > 1 and key not in self.tried:
                self.tried.add(key)
                near = sorted(unserved, key=lambda j: float(job_far[j]))
                return sorted(tours), sorted(jobs + near[:PART_UNSERVED])
        return None

    def _improve(
        self, state: State, scratch: Scratch, routes: Routes, tours: Sequence[int], jobs: Sequence[int]
    ) -> None:
        """Improve one part; put what is better into the shared solution."""
        load_routes(self.case.arrays, state, routes)
        after_s = max(0.0, self.left_s() - self.part_s)
        generation, known = prepare(
            self.case, state, routes, tours, jobs, lambda: self.left_s() - after_s, QUICK, scratch
        )

        def take(found: Found) -> None:
            with self.lock:
                better = list(self.routes)
                for t, route in found.items():
                    better[t] = route
                if self.offer(state, tuple(better)):
                    self.routes = tuple(better)

        generation.improve(known, take)


def prepare(
    case: Case,
    state: State,
    routes: Routes,
    tours: Sequence[int],
    jobs: Sequence[int],
    left_s: Callable[[], float],
    effort: Effort = THOROUGH,
    scratch: Scratch | None = None,
) -> tuple[Generation, int]:
    """Prepare column generation around the routes that a state holds; return it and what the part costs now, in grains."""
    busy = np.array([int(state[at_busy(state, int(w)) + B_BUSY]) for w in case.problem.tour_worker], np.int64)
    rows = [at_run(state, t) for t in range(case.problem.n_tours)]
    own = np.array([int(state[row + S_TRAVEL] + state[row + S_WORK]) for row in rows], np.int64)
    generation = Generation(case, np.array(tours), np.array(jobs), busy - own, left_s, effort, scratch)
    known = sum(generation.add(t, routes[t], int(state[rows[t] + S_COST]), int(own[t])) for t in tours if routes[t])
    held = {j for t in tours for j in routes[t]}
    known += sum(int(generation.skip[bit]) for bit, j in enumerate(jobs) if j not in held)
    return generation, known
