"""A clock for places that clauses forbid: so that what is not allowed can be timed, shown and told."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from dispatch.planning.bounds import LONGEST_TOUR_S
from dispatch.planning.lower import Lowered
from solver.arrays import (
    H_FINISH,
    H_FIT,
    H_JOB,
    H_TOUR,
    H_WINDOW,
    J_CLOSES,
    J_WINDOW_END,
    N_JOB,
    N_TOUR,
    P_PLAIN,
    T_LAST,
    T_MAX_JOBS,
    T_MAX_TRAVEL,
    Arrays,
)
from solver.problem import FAR_S

OPEN_S: Final = 24 * 3600
"""How far past their ends windows and shifts stay open while a forbidden place is timed."""


def open_clock(lowered: Lowered, arrays: Arrays) -> tuple[Lowered, Arrays]:
    """Return a clock that forbids little: no skills or bans, no limits, a day more for last windows and ends of shifts.

    A shift still ends before the engineer's next one begins.
    """
    problem, d = lowered.problem, arrays.d.copy()
    cells = problem.fit_grains.size
    fit, finish = d[d[H_FIT] :][:cells], d[d[H_FINISH] :][:cells]
    np.maximum(fit, 0, out=fit)
    finish[:] = FAR_S
    job = d[d[H_JOB] :][: problem.n_jobs * N_JOB].reshape(-1, N_JOB)
    job[:, J_CLOSES] = np.minimum(FAR_S, job[:, J_CLOSES] + OPEN_S)
    d[d[H_WINDOW] + 2 * (job[:, J_WINDOW_END] - 1) + 1] = job[:, J_CLOSES]
    last_s = np.minimum(problem.tour_start_s + LONGEST_TOUR_S, problem.tour_last_s + OPEN_S)
    same = problem.tour_worker[:-1] == problem.tour_worker[1:]
    last_s[:-1][same] = np.minimum(last_s[:-1], problem.tour_start_s[1:])[same]
    tour = d[d[H_TOUR] :][: problem.n_tours * N_TOUR].reshape(-1, N_TOUR)
    tour[:, T_LAST] = np.maximum(problem.tour_last_s, last_s)
    tour[:, T_MAX_JOBS] = tour[:, T_MAX_TRAVEL] = FAR_S
    d[P_PLAIN] = 0
    opened = replace(
        problem, fit_grains=np.maximum(problem.fit_grains, 0), tour_max_jobs=np.full(problem.n_tours, FAR_S)
    )
    return replace(lowered, problem=opened), Arrays(d, arrays.g, arrays.f)
