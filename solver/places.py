"""What else would fit into given tours, and what it would displace: asked after a search, for people.

Prices come from the kernels of the search, so that no answer here contradicts it. The prices of jobs left out are those
of the search as well: a mandatory job's is higher than all others together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.arrays import J_SKIP, P_JOBS, P_TOURS, T_WORKER, Arrays, at_job, at_tour, fit_of, pack
from solver.jit import ALLOCATING, JIT, njit
from solver.kernel import refresh, scan
from solver.problem import FAR_S, Problem
from solver.state import C_COST, C_LEFT, C_MOVED, D_NEXT, D_PREV, INF, at_node
from solver.tours import link, load_routes, make_state, read_routes, unlink


@dataclass(frozen=True, slots=True)
class Place:
    """A legal place for a job: in ``tour``, after job ``after`` (None: first), adding ``grains`` to the total.

    The price of leaving the job out is not taken off.
    """

    grains: int
    tour: int
    after: int | None


@dataclass(frozen=True, slots=True)
class Swap:
    """A legal place that a job would have in ``tour`` instead of job ``out``.

    ``grains`` is what the total would change by, both prices of being left out included.
    """

    grains: int
    tour: int
    out: int
    after: int | None


def go_on() -> None:
    """Take all the time there is."""


class OutOfTime(Exception):  # noqa: N818 - nothing is wrong
    """Whoever asks has no time left for the answer; the tours are as they were."""


class Places:
    """Tours of a problem, to be asked what else would fit.

    Parameters
    ----------
    problem
        The problem.
    routes
        Jobs of each tour in order; they must be legal.
    arrays
        The problem packed already; None: it is packed here.

    Raises
    ------
    ValueError
        If a tour is not legal.
    """

    def __init__(self, problem: Problem, routes: Sequence[Sequence[int]], arrays: Arrays | None = None) -> None:
        self.problem = problem
        self.arrays: Arrays = arrays or pack(problem)
        self._state = make_state(self.arrays, 0)
        self._empty = make_state(self.arrays, 0)
        if not load_routes(self.arrays, self._state, tuple(map(tuple, routes))):
            raise ValueError("a tour of these routes is not legal")
        self._routes: tuple[tuple[int, ...], ...] | None = None
        self.tick: Callable[[], None] = go_on

    @contextmanager
    def ticking(self, tick: Callable[[], None]) -> Iterator[None]:
        """Have ``tick`` called again and again while answers are looked for; it may raise :class:`OutOfTime`."""
        before, self.tick = self.tick, tick
        try:
            yield
        finally:
            self.tick = before

    @property
    def routes(self) -> tuple[tuple[int, ...], ...]:
        """Return the jobs of each tour in order."""
        if self._routes is None:
            self._routes = read_routes(self.arrays, self._state)
        return self._routes

    def skip_grains(self, job: int) -> int:
        """Return the price of leaving a job out, as the search counts it."""
        return int(self.arrays.d[at_job(self.arrays, job) + J_SKIP])

    def tours_alone(self, job: int) -> NDArray[np.bool_]:
        """Tell for each tour whether the job alone would be legal in it were every tour empty; bool[n_tours]."""
        legal = np.zeros(self.problem.n_tours, np.bool_)
        _alone(self.arrays, self._empty, np.int64(job), legal)
        return legal

    def find_place(self, job: int) -> Place | None:
        """Return the cheapest legal place of an unserved job, of all there are, or None."""
        grains, tour, after = (int(value) for value in _cheapest(self.arrays, self._state, np.int64(job)))
        return None if tour < 0 else Place(grains, tour, self._job(after))

    def find_in(self, job: int, tour: int, cells: Mapping[int, int] | None = None) -> Place | None:
        """Return the cheapest legal place of an unserved job in one tour, or None.

        Parameters
        ----------
        cells
            Numbers of ``arrays.d`` that are others meanwhile (:mod:`solver.relax`); with them the tour as it stands must be
            legal, else there is no place.
        """
        kept = {at: int(self.arrays.d[at]) for at in cells or {}}
        for at, value in (cells or {}).items():
            self.arrays.d[at] = value
        grains, after = int(INF), -1
        if not kept or refresh(self.arrays, self._state, np.int64(tour)):
            found = scan(self.arrays, self._state, np.int64(job), np.int64(tour), INF, np.int64(0))
            grains, after = (int(value) for value in found)
        for at, value in kept.items():
            self.arrays.d[at] = value
        if kept:
            refresh(self.arrays, self._state, np.int64(tour))
        return None if after < 0 else Place(grains, tour, self._job(after))

    def tickets_in(self, tour: int) -> list[int]:
        """Return the jobs of a tour that are tickets: all of them, where nothing ties tours."""
        return list(self.routes[tour])

    def take_out(self, job: int) -> int | None:
        """Serve a job no more; return what the total changes by, without the price of leaving it out.

        None: its tour is not legal without it, and these tours are of no use any more.
        """
        tour = next(row for row, jobs in enumerate(self.routes) if job in jobs)
        self._routes = None
        before = int(self._state[C_COST])
        unlink(self.arrays, self._state, np.int64(job))
        if not refresh(self.arrays, self._state, np.int64(tour)):
            return None
        return int(self._state[C_COST]) - before - self.skip_grains(job)

    def find_swap(self, job: int, tour: int) -> Swap | None:
        """Return the cheapest way to serve an unserved job in a tour instead of one of its jobs, or None."""
        found = _cheapest_swap(self.arrays, self._state, np.int64(job), np.int64(tour))
        grains, out, after = (int(value) for value in found)
        return None if out < 0 else Swap(grains, tour, out, self._job(after))

    def change_emptied(self, job: int, tour: int) -> int | None:
        """Return what the total would change by if a tour served this job alone, all prices of being left out included.

        None if that is not legal.
        """
        grains, is_legal = _change_emptied(self.arrays, self._state, np.int64(job), np.int64(tour))
        return int(grains) if is_legal else None

    def insert(self, job: int, place: Place) -> bool:
        """Serve a job at a place that was found since the last change; False: more jobs would be changed than may be."""
        before = self._routes_before(), self._changed()
        self._link(job, place.tour, place.after)
        return self._keeps_budget(*before)

    def exchange(self, job: int, swap: Swap) -> bool:
        """Serve a job instead of another, as found since the last change; False as for :meth:`insert`."""
        before = self._routes_before(), self._changed()
        unlink(self.arrays, self._state, np.int64(swap.out))
        self._link(job, swap.tour, swap.after)
        return self._keeps_budget(*before)

    def keeps_budget(self, job: int, place: Place) -> bool:
        """Tell whether no more jobs are changed than may be once a job is served at a place; the tours stay as they are."""
        before, changed = self._routes_before(), self._changed()
        if before is None:
            return True
        self._link(job, place.tour, place.after)
        keeps = self._keeps_budget(before, changed)
        if keeps:
            load_routes(self.arrays, self._state, before)
        return keeps

    def _changed(self) -> int:
        """Return how many counted jobs are changed."""
        return int(self._state[C_MOVED]) + int(self._state[C_LEFT])

    def _routes_before(self) -> tuple[tuple[int, ...], ...] | None:
        """Return the tours to go back to; None where any number of jobs may be changed."""
        change = self.problem.change
        return None if change is None or change.budget >= FAR_S else self.routes

    def _keeps_budget(self, before: tuple[tuple[int, ...], ...] | None, changed: int) -> bool:
        """Tell whether the budget is kept, or no more is changed than was; otherwise put the tours back."""
        if before is None or self.problem.change is None or self._changed() <= max(self.problem.change.budget, changed):
            return True
        load_routes(self.arrays, self._state, before)
        self._routes = before
        return False

    def _job(self, node: int) -> int | None:
        """Return the job of a node, None for a tour's start."""
        return node if node < self.problem.n_jobs else None

    def _link(self, job: int, tour: int, after: int | None) -> None:
        """Put a job after another, or first, and bring the tour up to date."""
        self._routes = None
        node = self.problem.n_jobs + tour if after is None else after
        link(self.arrays, self._state, np.int64(job), np.int64(node), np.int64(tour))
        if not refresh(self.arrays, self._state, np.int64(tour)):
            raise ValueError(f"job {job} does not fit into tour {tour}: the place is out of date")


@njit(**JIT)
def _alone(a: Any, empty: Any, j: int, legal: Any) -> None:
    """Write for each tour whether job ``j`` is legal in it, alone."""
    for t in range(a.d[P_TOURS]):
        _, after = scan(a, empty, j, np.int64(t), INF, np.int64(0))
        legal[t] = after >= 0


@njit(**JIT)
def _cheapest(a: Any, s: Any, j: int) -> tuple[Any, Any, Any]:
    """Return price, tour and node of the cheapest place of job ``j``; a tour of −1: none."""
    best = INF
    tour = np.int64(-1)
    where = np.int64(-1)
    for t in range(a.d[P_TOURS]):
        if fit_of(a, j, a.d[at_tour(a, t) + T_WORKER]) < 0:
            continue
        value, after = scan(a, s, j, np.int64(t), best, np.int64(0))
        if after >= 0 and value < best:
            best = value
            tour = np.int64(t)
            where = after
    return best, tour, where


@njit(**JIT)
def _cheapest_swap(a: Any, s: Any, j: int, t: int) -> tuple[Any, Any, Any]:
    """Return change of the total, job taken out and node before the place; a job of −1: none. The tour stays as it is."""
    n = a.d[P_JOBS]
    best = INF
    out = np.int64(-1)
    where = np.int64(-1)
    saved = a.d[at_job(a, j) + J_SKIP]
    before = s[C_COST]
    x = s[at_node(s, n + t) + D_NEXT]
    while x < n:
        i = s[at_node(s, x) + D_PREV]
        unlink(a, s, x)
        if refresh(a, s, t):
            change = s[C_COST] - before
            value, after = scan(a, s, j, t, INF, np.int64(0))
            if after >= 0 and change + value - saved < best:
                best = change + value - saved
                out = x
                where = after
        link(a, s, x, i, t)
        refresh(a, s, t)
        x = s[at_node(s, x) + D_NEXT]
    return best, out, where


@njit(**ALLOCATING)
def _change_emptied(a: Any, s: Any, j: int, t: int) -> tuple[Any, Any]:
    """Return the change of the total if tour ``t`` held job ``j`` alone, and whether that is legal. The tour stays as it is."""
    n = a.d[P_JOBS]
    jobs = np.empty(n, np.int64)
    count = 0
    x = s[at_node(s, n + t) + D_NEXT]
    while x < n:
        jobs[count] = x
        count += 1
        x = s[at_node(s, x) + D_NEXT]
    before = s[C_COST]
    for row in range(count):
        unlink(a, s, jobs[row])
    refresh(a, s, t)
    value, after = scan(a, s, j, t, INF, np.int64(0))
    change = s[C_COST] - before + value - a.d[at_job(a, j) + J_SKIP]
    i = n + t
    for row in range(count):
        link(a, s, jobs[row], i, t)
        i = jobs[row]
    refresh(a, s, t)
    return change, after >= 0
