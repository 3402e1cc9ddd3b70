"""A territory: some workers and some jobs of a large problem, as a problem of its own.

What a territory's tours cost in it is what they cost in the whole, to the grain: legs are the same whole seconds and metres, and every
price of leaving out a job is the whole's, mandatory ones too. So routes found here are put back as they are. A territory holds
no more than its own rows: it is small enough to be sent to another machine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from solver.arrays import J_SKIP, Arrays, at_job
from solver.problem import FAR_S, I32, I64, OPEN, Change, Problem, Routes, Sphere, Tables


@dataclass(frozen=True, slots=True)
class Territory:
    """A part of a problem, and what its rows are called in the whole.

    ``jobs``, ``tours`` int64, ascending: the whole's rows. Tours are all those of some workers.
    """

    problem: Problem
    jobs: I64
    tours: I64

    def to_own(self, routes: Routes) -> Routes:
        """Return the whole's routes of these tours in this problem's rows.

        Raises
        ------
        ValueError
            When one of them holds a job of another territory.
        """
        row = {int(j): at for at, j in enumerate(self.jobs)}
        try:
            return tuple(tuple(row[j] for j in routes[t]) for t in self.tours.tolist())
        except KeyError as error:
            message = f"job {error.args[0]} is of another territory"
            raise ValueError(message) from None

    def to_whole(self, routes: Routes) -> dict[int, tuple[int, ...]]:
        """Return this problem's routes in the whole's rows, by tour of the whole."""
        name: list[int] = self.jobs.tolist()
        return {t: tuple(name[j] for j in route) for t, route in zip(self.tours.tolist(), routes, strict=True)}


def cut_out(problem: Problem, arrays: Arrays, workers: I64, jobs: I64) -> Territory:
    """Cut a territory out of a problem without couplings, and without a budget of changes.

    Parameters
    ----------
    problem, arrays
        The whole, and the same packed.
    workers, jobs
        Its rows, ascending.

    Returns
    -------
    Territory
        Its problem has no mandatory jobs: their price of being left out is the one that the whole is searched with.
    """
    if problem.couplings is not None or (problem.change is not None and problem.change.budget < FAR_S):
        message = "what is tied to the whole cannot be cut out"
        raise ValueError(message)
    tours = np.flatnonzero(np.isin(problem.tour_worker, workers))
    ends = problem.tour_end_place[tours]
    used, place = np.unique(
        np.concatenate([problem.job_place[jobs], problem.tour_start_place[tours], ends[ends != OPEN]]),
        return_inverse=True,
    )
    job_place, start_place = place[: len(jobs)], place[len(jobs) : len(jobs) + len(tours)]
    end_place = np.full(len(tours), OPEN)
    end_place[ends != OPEN] = place[len(jobs) + len(tours) :]
    kinds, worker_kind = np.unique(problem.worker_kind[workers], return_inverse=True)
    speeds, worker_speed = np.unique(problem.worker_speed[workers], return_inverse=True)
    profiles, job_profile = np.unique(problem.job_profile[jobs], return_inverse=True)
    window_first, window = _ragged(problem.window_first, jobs)
    break_first, pause = _ragged(problem.break_first, tours)
    absence_first, absence = _ragged(problem.absence_first, tours)
    tour_first = np.zeros(len(workers) + 1, np.int64)
    np.cumsum(np.diff(problem.worker_tour_first)[workers], out=tour_first[1:])
    skip = arrays.d[[at_job(arrays, j) + J_SKIP for j in jobs.tolist()]] if len(jobs) else np.empty(0, np.int64)
    part = replace(
        problem,
        legs=_legs(problem, used, speeds),
        job_place=job_place.astype(np.int32),
        job_skip_grains=skip,
        job_mandatory=np.zeros(len(jobs), np.bool_),
        job_profile=job_profile.astype(np.int32),
        window_first=window_first,
        window_from_s=problem.window_from_s[window],
        window_to_s=problem.window_to_s[window],
        arrive_by_s=problem.arrive_by_s[jobs],
        arrive_once_grains=problem.arrive_once_grains[jobs],
        arrive_grains_per_s=problem.arrive_grains_per_s[jobs],
        resolve_by_s=problem.resolve_by_s[jobs],
        resolve_once_grains=problem.resolve_once_grains[jobs],
        resolve_grains_per_s=problem.resolve_grains_per_s[jobs],
        service_s=problem.service_s[np.ix_(jobs, kinds)],
        service_setup_s=problem.service_setup_s[np.ix_(jobs, kinds)],
        fit_grains=problem.fit_grains[np.ix_(profiles, workers)],
        finish_by_s=problem.finish_by_s[np.ix_(profiles, workers)],
        worker_kind=worker_kind.astype(np.int32),
        worker_speed=worker_speed.astype(np.int32),
        worker_max_busy_s=problem.worker_max_busy_s[workers],
        worker_tour_first=tour_first,
        tour_worker=np.searchsorted(workers, problem.tour_worker[tours]).astype(np.int32),
        tour_start_s=problem.tour_start_s[tours],
        tour_end_s=problem.tour_end_s[tours],
        tour_last_s=problem.tour_last_s[tours],
        tour_start_place=start_place.astype(np.int32),
        tour_end_place=end_place.astype(np.int32),
        tour_max_jobs=problem.tour_max_jobs[tours],
        tour_max_travel_s=problem.tour_max_travel_s[tours],
        break_first=break_first,
        break_from_s=problem.break_from_s[pause],
        break_to_s=problem.break_to_s[pause],
        break_duration_s=problem.break_duration_s[pause],
        absence_first=absence_first,
        absence_from_s=problem.absence_from_s[absence],
        absence_to_s=problem.absence_to_s[absence],
        change=None if problem.change is None else _change(problem.change, workers, jobs, tours),
    )
    return Territory(part, jobs, tours)


def _ragged(first: I64, rows: I64) -> tuple[I64, I64]:
    """Return the offsets of some rows' lists laid end to end, and where their entries stood."""
    counts = np.diff(first)[rows]
    offsets = np.zeros(len(rows) + 1, np.int64)
    np.cumsum(counts, out=offsets[1:])
    entries = np.arange(offsets[-1]) + np.repeat(first[:-1][rows] - offsets[:-1], counts)
    return offsets, entries.astype(np.int64)


def _legs(problem: Problem, used: NDArray[np.int32], speeds: NDArray[np.int32]) -> Tables | Sphere:
    """Return the legs between some places."""
    legs = problem.legs
    if isinstance(legs, Tables):
        return Tables(legs.leg_s[np.ix_(speeds, used, used)], legs.leg_m[np.ix_(used, used)])
    return Sphere(legs.lat_rad[used], legs.lon_rad[used], legs.detour, legs.speed_num[speeds], legs.speed_den[speeds])


def _change(change: Change, workers: I64, jobs: I64, tours: I64) -> Change:
    """Return what the plan in force asks of some jobs; a home or a first tour elsewhere is none that can be had here."""
    return Change(
        home_worker=_renamed(change.home_worker[jobs], workers),
        away_grains=change.away_grains[jobs],
        first_tour=_renamed(change.first_tour[jobs], tours),
        from_s=change.from_s[jobs],
        to_s=change.to_s[jobs],
        grains_per_s=change.grains_per_s[jobs],
        calm_from_s=change.calm_from_s[jobs],
        calm_to_s=change.calm_to_s[jobs],
        counted=np.zeros(len(jobs), np.bool_),
    )


def _renamed(rows: I32, kept: I64) -> I32:
    """Return rows by their number among those that are kept; −1 stays, what is elsewhere is a row that nobody has."""
    at = np.searchsorted(kept, rows)
    here = (at < len(kept)) & (rows >= 0)
    here[here] = kept[at[here]] == rows[here]
    return np.where(here, at, np.where(rows < 0, -1, len(kept))).astype(np.int32)
