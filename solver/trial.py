"""Tours to try changes on: what a person would change, a few tours at a time, and where a job would fit best.

Prices come from the kernels of the search, so that no answer here contradicts it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from solver.arrays import J_PROFILE, P_JOBS, T_WORKER, Arrays, at_fit, at_job, at_tour
from solver.jit import JIT, njit
from solver.kernel import refresh, scan
from solver.problem import I64
from solver.state import D_NEXT, INF, at_node
from solver.tours import load_routes, make_state, read_routes, set_tour


class Trial:
    """Tours of a problem, of which some are changed for a while.

    Parameters
    ----------
    arrays
        The packed problem. Who changes a number in it changes every tour afterwards that the number is about.
    routes
        Jobs of each tour in order; a tour that is not legal is held empty, and no place in it is found.
    """

    def __init__(self, arrays: Arrays, routes: Sequence[Sequence[int]]) -> None:
        self._arrays = arrays
        self._state = make_state(arrays, 0)
        self._routes = tuple(map(tuple, routes))
        load_routes(arrays, self._state, self._routes)
        held = read_routes(arrays, self._state)
        self._closed = {tour for tour, jobs in enumerate(self._routes) if held[tour] != jobs}
        self._changed: dict[int, tuple[int, ...]] = {}
        self._shut: set[int] = set()

    def change(self, routes: Mapping[int, Sequence[int]]) -> None:
        """Let some tours hold other jobs and all others what they held at first; no job may be in two tours."""
        wanted = {tour: tuple(jobs) for tour, jobs in routes.items()}
        touched = {*wanted, *self._changed}
        nothing = np.empty(0, np.int64)
        for tour in touched:
            set_tour(self._arrays, self._state, tour, nothing, 0, 0)
            refresh(self._arrays, self._state, tour)
        self._shut = set()
        for tour in touched:
            jobs = wanted.get(tour, self._routes[tour])
            if tour in self._closed and tour not in wanted:
                jobs = ()
            set_tour(self._arrays, self._state, tour, np.array(jobs, np.int64), 0, len(jobs))
            if not refresh(self._arrays, self._state, tour):
                self._shut.add(tour)
                set_tour(self._arrays, self._state, tour, nothing, 0, 0)
                refresh(self._arrays, self._state, tour)
        self._changed = wanted

    def find_place(self, job: int, tours: Sequence[int]) -> tuple[int, int] | None:
        """Return tour and place among its jobs, from 0, of the cheapest legal place of an unserved job; None: there is none."""
        shut = self._shut | (self._closed - self._changed.keys())
        among = np.array([tour for tour in tours if tour not in shut], np.int64)
        tour, place = (int(value) for value in _cheapest_of(self._arrays, self._state, np.int64(job), among))
        return None if tour < 0 else (tour, place)


@njit(**JIT)
def _cheapest_of(a: Any, s: Any, j: int, tours: I64) -> tuple[Any, Any]:
    """Return tour and place of the cheapest place of job ``j`` in some tours; a tour of −1: none."""
    best = INF
    tour = np.int64(-1)
    where = np.int64(-1)
    profile = a.d[at_job(a, j) + J_PROFILE]
    for row in range(len(tours)):
        t = tours[row]
        if a.d[at_fit(a, profile, a.d[at_tour(a, t) + T_WORKER])] < 0:
            continue
        value, after = scan(a, s, j, t, best, np.int64(0))
        if after >= 0 and value < best:
            best = value
            tour = t
            where = after
    if tour < 0:
        return tour, where
    place = np.int64(0)
    x = a.d[P_JOBS] + tour
    while x != where:
        place += 1
        x = s[at_node(s, x) + D_NEXT]
    return tour, place
