"""An errand: anneal one territory for a while, here or on another machine.

It is a function of its arguments: done twice it gives two legal answers, done never it leaves the whole as it was.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from solver.anneal import anneal, count_used, fill, keep_best, order_to_fill
from solver.arrays import pack
from solver.problem import Problem, Routes
from solver.state import C_UNSERVED
from solver.tours import load_routes, make_state, read_routes

MEAN_REMOVED = 8.0
"""So many jobs a ruin takes out on average; the paper has 10."""

NEAR_FROM = 450
"""From so many jobs on, a removed job mostly tries only tours that hold one of its neighbours."""

SLICE_S, FIRST_SLICE = 0.02, 100
"""The clock is looked at about this often, the first time after so many iterations."""


@dataclass(frozen=True, slots=True)
class Errand:
    """What to anneal, from where, and for how long.

    Parameters
    ----------
    problem
        A territory's.
    routes
        What to begin with, in its rows.
    warm, cold
        First and last temperature, grains.
    seconds, iterations
        When to end; exactly one of them is told. Seconds count from the errand's own beginning: seconds of work, but no more than
        ``patience`` times as many by the clock, so that a busy machine does not spend its time on cutting out alone.
    seed
        Of the random numbers.
    """

    problem: Problem
    routes: Routes
    warm: float
    cold: float
    seconds: float | None
    iterations: int | None
    seed: int
    patience: float = 1.0


@dataclass(frozen=True, slots=True)
class Brought:
    """What an errand brings back: the routes it ended with, the best it saw, and how many iterations it took."""

    routes: Routes
    best: Routes
    iterations: int


def run_errand(errand: Errand, cancelled: Callable[[], bool]) -> Brought:
    """Anneal; ``cancelled`` is polled about every 20 ms, and once true what there is is brought back."""
    began_s, worked_s = time.perf_counter(), time.thread_time()
    arrays = pack(errand.problem)
    state = make_state(arrays, errand.seed)
    load_routes(arrays, state, errand.routes)
    if int(state[C_UNSERVED]) > errand.problem.n_jobs // 2:  # ruins need tours to ruin
        fill(arrays, state, 0, int(state[C_UNSERVED]), order_to_fill(arrays, state))
    count_used(arrays, state)
    keep_best(arrays, state)
    near_only = errand.problem.n_jobs >= NEAR_FROM
    done, count = 0, FIRST_SLICE
    while not cancelled():
        if errand.iterations is not None:
            share = done / max(1, errand.iterations)
            count = min(max(1, errand.iterations // 20), 2_000, errand.iterations - done)
        else:
            spent_s = max(time.thread_time() - worked_s, (time.perf_counter() - began_s) / errand.patience)
            share = spent_s / max(errand.seconds or 0.0, 1e-9)
        if share >= 1.0 or count == 0:
            break
        heat = errand.warm * (errand.cold / errand.warm) ** share
        before = time.thread_time()
        anneal(arrays, state, count, heat, heat * 0.9999, near_only, MEAN_REMOVED)
        took = time.thread_time() - before
        done += count
        if errand.iterations is None:
            count = max(1, min(20_000, int(count * min(2.0, SLICE_S / max(took, 1e-6)))))
    return Brought(read_routes(arrays, state), read_routes(arrays, state, best=True), done)
