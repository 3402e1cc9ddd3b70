"""The problem packed for the kernels: one bundle of few tables, a row an object, a named column a field.

The meaning of every number is in :mod:`solver.problem`; here is only where it lies. Few wide tables instead of many narrow
ones: a compiled call hands over fewer arrays, and what is read together lies together.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.problem import FAR_S, I32, I64, Problem, Tables

F64 = NDArray[np.float64]

# columns of Arrays.par
P_RATE_S, P_RATE_M, P_RATE_DURATION, P_RATE_OVERTIME, P_USE, P_BALANCE, P_SPHERE, P_UNIT, P_PLAIN, P_LABELS, P_SLOWEST = range(11)

# columns of Arrays.job
(
    J_PLACE,
    J_SKIP,
    J_PROFILE,
    J_WINDOW,
    J_WINDOW_END,
    J_OPENS,
    J_CLOSES,
    J_ARRIVE_BY,
    J_ARRIVE_ONCE,
    J_ARRIVE_RATE,
    J_RESOLVE_BY,
    J_RESOLVE_ONCE,
    J_RESOLVE_RATE,
    J_ABLE,
    J_WORK,
    J_SOFT,
) = range(16)

# columns of Arrays.tour
(
    T_WORKER,
    T_START,
    T_END,
    T_LAST,
    T_START_PLACE,
    T_END_PLACE,
    T_MAX_JOBS,
    T_MAX_TRAVEL,
    T_BREAK,
    T_BREAK_END,
    T_ABSENCE,
    T_ABSENCE_END,
    T_KIND,
    T_SPEED,
) = range(14)

# columns of Arrays.worker
W_MAX_BUSY, W_TOUR, W_TOUR_END = range(3)

# columns of Arrays.peak
K_CLOCK, K_PROGRESS, K_RATE = range(3)


class Arrays(NamedTuple):
    """What the kernels read; nothing here changes during a search.

    ``par`` int64[11] single numbers (columns ``P_``); ``job`` int64[n_jobs, 16] (``J_``; ``J_OPENS``/``J_CLOSES`` are the first
    window's begin and the last one's end, ``J_ABLE`` the number of able workers, ``J_WORK`` the median service, ``J_SOFT`` whether
    lateness has a price); ``window`` int64[n, 2]; ``service`` int32[n_jobs, n_kinds, 2] without and with set-up; ``fit``, ``finish``
    int64[n_profiles, n_workers]; ``worker`` int64[n_workers, 3]; ``tour`` int64[n_tours, 14]; ``pause`` int64[n, 3] from, to,
    duration; ``absence`` int64[n, 2]; ``leg`` int32[n_speeds, n_places, n_places, 2] seconds and metres (one dummy when
    computed); ``ball`` float64[n_places, 3] unit vectors; ``detour`` float64[1]; ``speed`` int64[n_speeds, 2]; ``peak``
    int64[n, 3]; ``near`` int32[n_jobs, n_near] jobs by nearness, itself first.
    """

    par: I64
    job: I64
    window: I64
    service: I32
    fit: I64
    finish: I64
    worker: I64
    tour: I64
    pause: I64
    absence: I64
    leg: I32
    ball: F64
    detour: F64
    speed: I64
    peak: I64
    near: I32


def pack(problem: Problem) -> Arrays:
    """Pack a problem for the kernels.

    ``J_SKIP`` of a mandatory job is a price above all that any job can cost, so that the search leaves it out only where
    there is no place.
    """
    n, tours, workers = problem.n_jobs, problem.n_tours, problem.n_workers
    tables = isinstance(problem.legs, Tables)
    window = np.stack([problem.window_from_s, problem.window_to_s], axis=1).reshape(-1, 2)
    able = (problem.fit_grains >= 0).sum(axis=1) if workers else np.zeros(len(problem.fit_grains), np.int64)
    finite = problem.job_skip_grains[~problem.job_mandatory]
    mandatory = max(10**12, 10 * int(finite.max(initial=0)))
    job = np.zeros((n, 16), np.int64)
    if n:
        job[:, J_PLACE] = problem.job_place
        job[:, J_SKIP] = np.where(problem.job_mandatory, mandatory, problem.job_skip_grains)
        job[:, J_PROFILE] = problem.job_profile
        job[:, J_WINDOW] = problem.window_first[:-1]
        job[:, J_WINDOW_END] = problem.window_first[1:]
        job[:, J_OPENS] = problem.window_from_s[problem.window_first[:-1]]
        job[:, J_CLOSES] = problem.window_to_s[problem.window_first[1:] - 1]
        job[:, J_ARRIVE_BY] = problem.arrive_by_s
        job[:, J_ARRIVE_ONCE] = problem.arrive_once_grains
        job[:, J_ARRIVE_RATE] = problem.arrive_grains_per_s
        job[:, J_RESOLVE_BY] = problem.resolve_by_s
        job[:, J_RESOLVE_ONCE] = problem.resolve_once_grains
        job[:, J_RESOLVE_RATE] = problem.resolve_grains_per_s
        job[:, J_ABLE] = able[problem.job_profile]
        job[:, J_WORK] = np.median(problem.service_s, axis=1) if problem.service_s.shape[1] else 0
        job[:, J_SOFT] = (problem.arrive_by_s < FAR_S) | (problem.resolve_by_s < FAR_S)
    tour = np.zeros((tours, 14), np.int64)
    if tours:
        columns = (
            problem.tour_worker,
            problem.tour_start_s,
            problem.tour_end_s,
            problem.tour_last_s,
            problem.tour_start_place,
            problem.tour_end_place,
            problem.tour_max_jobs,
            problem.tour_max_travel_s,
            problem.break_first[:-1],
            problem.break_first[1:],
            problem.absence_first[:-1],
            problem.absence_first[1:],
            problem.worker_kind[problem.tour_worker],
            problem.worker_speed[problem.tour_worker],
        )
        for column, values in enumerate(columns):
            tour[:, column] = values
    worker = np.stack(
        [problem.worker_max_busy_s, problem.worker_tour_first[:-1], problem.worker_tour_first[1:]], axis=1
    ).astype(np.int64)
    peak = np.stack([problem.peaks.clock_s, problem.peaks.progress, problem.peaks.rate], axis=1).reshape(-1, 3)
    breaks = np.diff(problem.break_first)
    par = np.zeros(11, np.int64)
    par[P_RATE_S] = problem.travel_grains_per_s
    par[P_RATE_M] = problem.travel_grains_per_m
    par[P_RATE_DURATION] = problem.duration_grains_per_s
    par[P_RATE_OVERTIME] = problem.overtime_grains_per_s
    par[P_USE] = problem.use_grains
    par[P_BALANCE] = problem.balance_cents_per_h2
    par[P_SPHERE] = not tables
    par[P_UNIT] = problem.peaks.unit
    par[P_LABELS] = int(breaks.max(initial=0)) + 1
    par[P_SLOWEST] = -(-1000 * problem.peaks.unit // int(problem.peaks.rate.min())) if len(peak) else 1000
    par[P_PLAIN] = (
        par[P_LABELS] == 1
        and len(peak) == 0
        and len(problem.absence_from_s) == 0
        and len(window) == n
        and not job[:, J_SOFT].any()
        and problem.duration_grains_per_s == 0
        and (problem.overtime_grains_per_s == 0 or bool((problem.tour_last_s <= problem.tour_end_s).all()))
        and bool((problem.service_s == problem.service_setup_s).all())
    )
    service = np.stack([problem.service_s, problem.service_setup_s], axis=2).astype(np.int32)
    leg, ball, detour, speed = _pack_legs(problem)
    bundle: dict[str, Any] = {
        "par": par,
        "job": job,
        "window": window.astype(np.int64),
        "service": service,
        "fit": problem.fit_grains.astype(np.int64),
        "finish": problem.finish_by_s.astype(np.int64),
        "worker": worker,
        "tour": tour,
        "pause": np.stack([problem.break_from_s, problem.break_to_s, problem.break_duration_s], axis=1).astype(np.int64),
        "absence": np.stack([problem.absence_from_s, problem.absence_to_s], axis=1).astype(np.int64),
        "leg": leg,
        "ball": ball,
        "detour": detour,
        "speed": speed,
        "peak": peak.astype(np.int64),
        "near": _near(problem, leg, ball),
    }
    return Arrays(**{key: np.ascontiguousarray(value) for key, value in bundle.items()})


def _pack_legs(problem: Problem) -> tuple[I32, F64, F64, I64]:
    legs = problem.legs
    if isinstance(legs, Tables):
        n_speeds, places = legs.leg_s.shape[0], legs.leg_m.shape[0]
        leg = np.empty((n_speeds, places, places, 2), np.int32)
        leg[..., 0] = legs.leg_s
        leg[..., 1] = legs.leg_m[None]
        return leg, np.zeros((0, 3)), np.ones(1), np.ones((n_speeds, 2), np.int64)
    ball = np.stack(
        [
            np.cos(legs.lat_rad) * np.cos(legs.lon_rad),
            np.cos(legs.lat_rad) * np.sin(legs.lon_rad),
            np.sin(legs.lat_rad),
        ],
        axis=1,
    )
    speed = np.stack([legs.speed_num, legs.speed_den], axis=1).astype(np.int64)
    return np.zeros((1, 1, 1, 2), np.int32), ball, np.array([legs.detour]), speed


def _near(problem: Problem, leg: I32, ball: F64) -> I32:
    """Sort each job's neighbours by nearness: all of them up to 1 000 jobs, else the nearest 300."""
    n = problem.n_jobs
    keep = n if n <= 1_000 else 300
    near = np.empty((n, keep), np.int32)
    place = problem.job_place.astype(np.int64)
    for start in range(0, n, 500):
        rows = np.arange(start, min(n, start + 500))
        if problem.legs.__class__ is Tables:
            out = leg[0, :, :, 0][np.ix_(place[rows], place)].astype(np.float64)
            back = leg[0, :, :, 0][np.ix_(place, place[rows])].T
            distance = np.where((out < 0) | (back < 0), 1e12, out + back)
        else:
            distance = -(ball[place[rows]] @ ball[place].T)
        distance[np.arange(len(rows)), rows] = -1e12
        if keep < n:
            part = np.argpartition(distance, keep - 1, axis=1)[:, :keep]
            order = np.argsort(np.take_along_axis(distance, part, axis=1), axis=1, kind="stable")
            near[rows] = np.take_along_axis(part, order, axis=1)
        else:
            near[rows] = np.argsort(distance, axis=1, kind="stable")
    return near
