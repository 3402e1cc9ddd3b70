"""A large problem, territory by territory: cut out, annealed, put back, and cut along other lines the next time.

One solution is shared. Whoever has a free hand takes the worker who waited longest, those who work nearest to him and the jobs left
out among them, anneals them as a small problem of their own at the common temperature and puts the routes back; meanwhile others
take from the rest. So no line between two territories lasts, nobody waits for another, and what does not come back leaves the
solution as it was. Decomposing by what lies together, with changing borders, is that of Taillard (1993),
doi 10.1002/net.3230230804, and of Bent and Van Hentenryck (2010), doi 10.1007/978-3-642-15396-9_11; ours overlaps in time as well.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.arrays import Arrays
from solver.errand import Brought
from solver.problem import I64, Problem, Routes
from solver.state import C_COST
from solver.territory import Territory, cut_out
from solver.tours import load_routes, make_state

TERRITORY_JOBS = 500
"""So many jobs served a territory has: a chain on it is three times as fast as one on 5 000 jobs, and cutting it out takes 0.03 s."""

LEFT_OUT_MOST = 2
"""Of the jobs left out near a territory the nearest are in it, at most so many times as many as it has served ones."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A territory in somebody's hands: its rows, its routes when it was taken, in its own rows, and what they cost in grains."""

    territory: Territory
    workers: I64
    routes: Routes
    grains: int


class Territories:
    """One solution that several hands work on.

    Parameters
    ----------
    problem, arrays
        Without couplings, and without a budget of changes.
    routes, grains
        The solution to begin with, and its price, mandatory jobs' included.
    hands
        How many may hold a territory at once.
    distance_from
        How far every place is from one.
    seed
        Of the random numbers.
    offer
        Is told each better solution: its price and its routes.
    """

    def __init__(
        self,
        problem: Problem,
        arrays: Arrays,
        routes: Routes,
        grains: int,
        hands: int,
        distance_from: Callable[[int], NDArray[np.float64]],
        seed: int,
        offer: Callable[[int, Routes], bool],
    ) -> None:
        self.problem, self.arrays = problem, arrays
        self.routes, self.grains = list(routes), grains
        self.distance_from, self.offer = distance_from, offer
        self.best_grains = grains
        self.size = max(20, min(TERRITORY_JOBS, problem.n_jobs // (2 * hands)))
        self.lock = threading.Lock()
        self.random = np.random.Generator(np.random.PCG64(seed))
        self.state = make_state(arrays, 0)
        self.worker_of_tour = problem.tour_worker.astype(np.int64)
        self.free = np.bincount(self.worker_of_tour, minlength=problem.n_workers) > 0
        self.open = np.ones(problem.n_jobs, np.bool_)
        self.turn = 0
        self.seen = np.zeros(problem.n_workers, np.int64)
        self.tour_of = np.full(problem.n_jobs, -1, np.int64)
        for t, route in enumerate(routes):
            self.tour_of[list(route)] = t

    def take(self) -> Taken | None:
        """Take a territory out of what nobody holds; None where there are not two workers left."""
        with self.lock:
            drawn = self._draw()
            if drawn is None:
                return None
            workers, jobs = drawn
            territory = cut_out(self.problem, self.arrays, workers, jobs)
            held = tuple(self.routes)
            self.free[workers] = False
            self.open[jobs] = False
            self.turn += 1
            self.seen[workers] = self.turn
            return Taken(territory, workers, territory.to_own(held), self._price(territory, self._part(territory)))

    def put_back(self, taken: Taken, brought: Brought | None) -> None:
        """Put a territory back with the routes that were brought; None, or what is not legal, leaves it as it was."""
        with self.lock:
            territory = taken.territory
            self.free[taken.workers] = True
            self.open[territory.jobs] = True
            if brought is None:
                return
            for routes, stays in ((brought.best, False), (brought.routes, True)):
                part = _whole(territory, routes)
                if part is None:
                    return
                grains = self._price(territory, part)
                if grains < 0:
                    return
                total = self.grains - taken.grains + grains
                if total < self.best_grains or stays:
                    whole = list(self.routes)
                    for t, route in part.items():
                        whole[t] = route
                    if total < self.best_grains:
                        self.best_grains = total
                        self.offer(total, tuple(whole))
                    if stays:
                        self.routes, self.grains = whole, total
                        self.tour_of[territory.jobs] = -1
                        for t, route in part.items():
                            self.tour_of[list(route)] = t

    def _part(self, territory: Territory) -> dict[int, tuple[int, ...]]:
        return {t: self.routes[t] for t in territory.tours.tolist()}

    def _price(self, territory: Territory, part: dict[int, tuple[int, ...]]) -> int:
        """Return what a territory's routes cost, jobs left out included; −1 where one of them is not possible."""
        routes: list[tuple[int, ...]] = [()] * self.problem.n_tours
        for t, route in part.items():
            routes[t] = route
        fine = load_routes(self.arrays, self.state, routes, territory.tours, territory.jobs)
        return int(self.state[C_COST]) if fine else -1

    def _draw(self) -> tuple[I64, I64] | None:
        """Draw workers around one of those who waited longest, and the jobs that they serve or that are left out among them."""
        problem = self.problem
        free = np.flatnonzero(self.free)
        if len(free) < 2:
            return None
        waiting = free[self.seen[free] == self.seen[free].min()]
        served = self.tour_of >= 0
        worker_of_job = np.where(served, self.worker_of_tour[self.tour_of], -1)
        first = int(waiting[int(self.random.integers(len(waiting)))])
        own = np.flatnonzero(worker_of_job == first)
        start = int(problem.tour_start_place[int(problem.worker_tour_first[first])])
        centre = int(problem.job_place[own[int(self.random.integers(len(own)))]]) if len(own) else start
        far = self.distance_from(centre)
        job_far = far[problem.job_place]
        count = np.bincount(worker_of_job[served], minlength=problem.n_workers)
        work_far = np.bincount(worker_of_job[served], job_far[served], problem.n_workers)
        start_far = far[problem.tour_start_place[np.minimum(problem.worker_tour_first[:-1], problem.n_tours - 1)]]
        worker_far = np.where(count > 0, work_far / np.maximum(count, 1), start_far)
        order = free[np.argsort(worker_far[free], kind="stable")]
        enough = int(np.searchsorted(np.cumsum(count[order] + 1), self.size)) + 1
        chosen = order[: max(2, enough)]
        in_it = np.zeros(problem.n_workers, np.bool_)
        in_it[chosen] = True
        left_out = np.flatnonzero(~served & self.open)
        left_out = left_out[job_far[left_out] <= float(worker_far[chosen].max())]
        if len(left_out) > LEFT_OUT_MOST * self.size:
            left_out = left_out[np.argsort(job_far[left_out], kind="stable")[: LEFT_OUT_MOST * self.size]]
        jobs = np.concatenate([np.flatnonzero(served & in_it[np.maximum(worker_of_job, 0)]), left_out])
        return np.sort(chosen), np.sort(jobs)


def _whole(territory: Territory, routes: Routes) -> dict[int, tuple[int, ...]] | None:
    """Return routes in the whole's rows; None where they are none of this territory's."""
    jobs = [j for route in routes for j in route]
    if len(routes) != len(territory.tours) or len(set(jobs)) < len(jobs):
        return None
    if jobs and not 0 <= min(jobs) <= max(jobs) < len(territory.jobs):
        return None
    return territory.to_whole(routes)
