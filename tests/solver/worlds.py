"""Small problems for the solver's tests: readable ones by hand, arbitrary ones by chance.

:func:`make_problem` takes rows that name only what matters to a test; :func:`make_arbitrary` fills every field of a
:class:`Problem` from one source of chance, coarsely, so that times often tie and ends often touch.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random

import numpy as np
from hypothesis import strategies as st

from solver.problem import FAR_S, FORBIDDEN, I32, I64, NO_WAY, OPEN, Change, Peaks, Problem, Sphere, Tables, Timed
from solver.reference import check, time_tour

COMPILED = os.environ.get("NUMBA_DISABLE_JIT", "0") == "0"
"""Whether the kernels are compiled; without the compiler a search takes some hundred times as long."""

Span = tuple[int, int]


@dataclass(frozen=True)
class Job:
    """A job; ``service_s`` and ``setup_s`` (with set-up; None: the same) by kind of worker, the last one for all others."""

    place: int = 0
    service_s: Sequence[int] = (0,)
    setup_s: Sequence[int] | None = None
    windows: Sequence[Span] = ((0, FAR_S),)
    skip: int = 0
    mandatory: bool = False
    arrive_by_s: int = FAR_S
    arrive_once: int = 0
    arrive_rate: int = 0
    resolve_by_s: int = FAR_S
    resolve_once: int = 0
    resolve_rate: int = 0


@dataclass(frozen=True)
class Worker:
    """A worker."""

    kind: int = 0
    speed: int = 0
    max_busy_s: int = FAR_S


@dataclass(frozen=True)
class Tour:
    """A tour; ``last_s`` None: ``end_s``; breaks are (from, to, duration)."""

    worker: int = 0
    start_s: int = 0
    end_s: int = FAR_S
    last_s: int | None = None
    start_place: int = 0
    end_place: int = 0
    max_jobs: int = 99
    max_travel_s: int = FAR_S
    breaks: Sequence[tuple[int, int, int]] = ()
    absences: Sequence[Span] = ()


@dataclass(frozen=True)
class Prices:
    """Prices in grains."""

    travel_s: int = 0
    travel_m: int = 0
    duration_s: int = 0
    overtime_s: int = 0
    use: int = 0
    balance_cents_per_h2: int = 0


FREE = Prices()


def line(*at_s: int) -> Tables:
    """Return legs between places on a line: one second and ten metres a step, one speed."""
    seconds = np.abs(np.subtract.outer(at_s, at_s)).astype(np.int32)
    return Tables(leg_s=seconds[None], leg_m=seconds * 10)


def make_problem(
    jobs: Sequence[Job],
    tours: Sequence[Tour] = (Tour(),),
    workers: Sequence[Worker] = (),
    legs: Tables | Sphere | None = None,
    peaks: Peaks | None = None,
    prices: Prices = FREE,
    fit: Mapping[Span, int] | None = None,
    finish_by_s: Mapping[Span, int] | None = None,
    profiles: Sequence[int] | None = None,
) -> Problem:
    """Make a problem of rows; ``fit`` and ``finish_by_s`` are by (profile, worker), a job's profile is its row if not told.

    Legs are places 0, 1, 2 … on a line, ten seconds apart, if not told.
    """
    workers = workers or [Worker()] * (1 + max((tour.worker for tour in tours), default=0))
    profiles = range(len(jobs)) if profiles is None else profiles
    n_kinds = 1 + max(worker.kind for worker in workers)
    fit, finish_by_s = fit or {}, finish_by_s or {}
    n_profiles = 1 + max([*profiles, *(profile for profile, _ in [*fit, *finish_by_s])], default=0)
    fit_grains = np.zeros((n_profiles, len(workers)), np.int64)
    finish_s = np.full_like(fit_grains, FAR_S)
    for pair, grains in fit.items():
        fit_grains[pair] = grains
    for pair, by_s in finish_by_s.items():
        finish_s[pair] = by_s
    breaks = [sorted(tour.breaks, key=lambda row: (row[1], row[0])) for tour in tours]
    return Problem(
        legs=legs or line(*range(0, 10 * _n_places(jobs, tours), 10)),
        peaks=peaks or Peaks(),
        job_place=_i32(job.place for job in jobs),
        job_skip_grains=_i64(job.skip for job in jobs),
        job_mandatory=np.array([job.mandatory for job in jobs], np.bool_),
        job_profile=_i32(profiles),
        window_first=_first(job.windows for job in jobs),
        window_from_s=_i64(window[0] for job in jobs for window in job.windows),
        window_to_s=_i64(window[1] for job in jobs for window in job.windows),
        arrive_by_s=_i64(job.arrive_by_s for job in jobs),
        arrive_once_grains=_i64(job.arrive_once for job in jobs),
        arrive_grains_per_s=_i64(job.arrive_rate for job in jobs),
        resolve_by_s=_i64(job.resolve_by_s for job in jobs),
        resolve_once_grains=_i64(job.resolve_once for job in jobs),
        resolve_grains_per_s=_i64(job.resolve_rate for job in jobs),
        service_s=_by_kind([job.service_s for job in jobs], n_kinds),
        service_setup_s=_by_kind([job.service_s if job.setup_s is None else job.setup_s for job in jobs], n_kinds),
        fit_grains=fit_grains,
        finish_by_s=finish_s,
        worker_kind=_i32(worker.kind for worker in workers),
        worker_speed=_i32(worker.speed for worker in workers),
        worker_max_busy_s=_i64(worker.max_busy_s for worker in workers),
        worker_tour_first=_first([tour for tour in tours if tour.worker == row] for row in range(len(workers))),
        tour_worker=_i32(tour.worker for tour in tours),
        tour_start_s=_i64(tour.start_s for tour in tours),
        tour_end_s=_i64(tour.end_s for tour in tours),
        tour_last_s=_i64(tour.end_s if tour.last_s is None else tour.last_s for tour in tours),
        tour_start_place=_i32(tour.start_place for tour in tours),
        tour_end_place=_i32(tour.end_place for tour in tours),
        tour_max_jobs=_i64(tour.max_jobs for tour in tours),
        tour_max_travel_s=_i64(tour.max_travel_s for tour in tours),
        break_first=_first(breaks),
        break_from_s=_i64(row[0] for rows in breaks for row in rows),
        break_to_s=_i64(row[1] for rows in breaks for row in rows),
        break_duration_s=_i64(row[2] for rows in breaks for row in rows),
        absence_first=_first(tour.absences for tour in tours),
        absence_from_s=_i64(span[0] for tour in tours for span in tour.absences),
        absence_to_s=_i64(span[1] for tour in tours for span in tour.absences),
        travel_grains_per_s=prices.travel_s,
        travel_grains_per_m=prices.travel_m,
        duration_grains_per_s=prices.duration_s,
        overtime_grains_per_s=prices.overtime_s,
        use_grains=prices.use,
        balance_cents_per_h2=prices.balance_cents_per_h2,
    )


def make_peaks(unit: int, steps: Sequence[Span]) -> Peaks:
    """Make peaks of (clock, rate) rows."""
    progress = [0]
    for (clock_s, rate), (next_s, _) in pairwise(steps):
        progress.append(progress[-1] + (next_s - clock_s) * rate)
    return Peaks(_i64(step[0] for step in steps), _i64(progress), _i64(step[1] for step in steps), unit)


@dataclass(frozen=True)
class Chance:
    """What an arbitrary problem may contain; each part that is allowed is there by chance.

    ``skip_min`` is the least price of leaving out a job: high, every job is worth serving wherever it can be.
    """

    n_jobs_max: int = 6
    n_workers_max: int = 3
    n_tours_max: int = 5
    n_breaks_max: int = 3
    absences: bool = True
    peaks: bool = True
    late: bool = True
    duration: bool = True
    balance_cents_per_h2: int = 5_000
    max_busy: bool = True
    setup: bool = True
    sphere: bool = True
    skip_min: int = 0
    change: bool = False


ANYTHING = Chance()


def make_arbitrary(chance: Random, allowed: Chance = ANYTHING) -> Problem:
    """Make an arbitrary small problem from one source of chance: every field takes every kind of value.

    The horizon is some 300 s in steps of 5 s, with a second more or less now and then.
    """
    n_places = chance.randint(1, 5)
    n_speeds, n_kinds, n_workers = chance.randint(1, 2), chance.randint(1, 2), chance.randint(1, allowed.n_workers_max)
    jobs = [_arbitrary_job(chance, allowed, n_places, n_kinds) for _ in range(chance.randint(1, allowed.n_jobs_max))]
    workers = [
        Worker(
            kind=chance.randrange(n_kinds),
            speed=chance.randrange(n_speeds),
            max_busy_s=chance.choice([FAR_S, _near(chance, 60, 240)]) if allowed.max_busy else FAR_S,
        )
        for _ in range(n_workers)
    ]
    tours: list[Tour] = []
    for worker in range(n_workers):
        room = allowed.n_tours_max - len(tours) - (n_workers - worker - 1)
        tours += _arbitrary_tours(chance, allowed, worker, n_places, chance.randint(1, max(1, min(2, room))))
    n_profiles = chance.randint(1, 3)
    pairs = [(profile, worker) for profile in range(n_profiles) for worker in range(n_workers)]
    problem = make_problem(
        jobs,
        tours,
        workers,
        legs=_arbitrary_legs(chance, allowed, n_places, n_speeds),
        peaks=_arbitrary_peaks(chance) if allowed.peaks and chance.random() < 0.4 else Peaks(),
        prices=Prices(
            travel_s=chance.choice([0, 1, 7]),
            travel_m=chance.choice([0, 1]),
            duration_s=chance.choice([0, 0, 1, 5]) if allowed.duration else 0,
            overtime_s=chance.choice([0, 3, 40]),
            use=chance.choice([0, 100]),
            balance_cents_per_h2=chance.choice([0, allowed.balance_cents_per_h2]),
        ),
        fit={pair: chance.choice([0, 0, 0, 0, 20, 20, 300, FORBIDDEN]) for pair in pairs},
        finish_by_s={pair: chance.choice([FAR_S, FAR_S, _near(chance, 60, 250)]) for pair in pairs},
        profiles=[chance.randrange(n_profiles) for _ in jobs],
    )
    return replace(problem, change=_arbitrary_change(chance, problem)) if allowed.change else problem


def seeded(seed: int) -> Random:
    """Return a source of chance that a test can repeat."""
    return Random(seed)  # noqa: S311 - for worlds, not for secrets


def problems(allowed: Chance = ANYTHING) -> st.SearchStrategy[Problem]:
    """Return the strategy of arbitrary problems; a failing one is made smaller, choice by choice."""
    return st.randoms(use_true_random=False).map(lambda chance: make_arbitrary(chance, allowed))


def grow_tours(chance: Random, problem: Problem) -> list[tuple[int, tuple[int, ...], Timed | None]]:
    """Deal the jobs to the tours one by one, each to an arbitrary position, and keep it there if it can be timed.

    Return every tour so tried, also those that are not possible, and how the twin times it.
    """
    tried: list[tuple[int, tuple[int, ...], Timed | None]] = []
    routes: list[tuple[int, ...]] = [()] * problem.n_tours
    jobs = [job for job in range(problem.n_jobs) for _ in range(2)]
    chance.shuffle(jobs)
    for job in jobs:
        if any(job in route for route in routes):
            continue
        tour = chance.randrange(problem.n_tours)
        position = chance.randint(0, len(routes[tour]))
        route = (*routes[tour][:position], job, *routes[tour][position:])
        timed = time_tour(problem, tour, route)
        tried.append((tour, route, timed))
        if timed is not None:
            routes[tour] = route
    return tried


def deal_jobs(chance: Random, problem: Problem) -> tuple[tuple[int, ...], ...]:
    """Deal the jobs one by one to arbitrary positions of arbitrary tours; what would break a rule stays unserved."""
    routes: tuple[tuple[int, ...], ...] = ((),) * problem.n_tours
    for job in chance.sample(range(problem.n_jobs), problem.n_jobs):
        tour = chance.randrange(problem.n_tours)
        dealt = insert(routes, tour, chance.randint(0, len(routes[tour])), job)
        if not check(problem, dealt):
            routes = dealt
    return routes


def insert(routes: Sequence[tuple[int, ...]], tour: int, position: int, job: int) -> tuple[tuple[int, ...], ...]:
    """Return the routes with a job put in at a position."""
    return tuple((*jobs[:position], job, *jobs[position:]) if row == tour else jobs for row, jobs in enumerate(routes))


def make_town(chance: Random, n_jobs: int, n_tours: int) -> Problem:
    """Make a plain world: jobs of half an hour along a road, one tour a worker, room for about ten jobs each.

    Prices are those of real days, so that the search's temperatures mean what they mean there.
    """
    n_places = 40
    return make_problem(
        [Job(chance.randrange(n_places), (chance.randint(15, 45) * 60,), skip=10**9) for _ in range(n_jobs)],
        [
            Tour(worker=row, end_s=6 * 3600, start_place=row % n_places, end_place=row % n_places)
            for row in range(n_tours)
        ],
        legs=line(*(chance.randrange(3_000) for _ in range(n_places))),
        prices=Prices(travel_s=30_000, travel_m=100),
    )


def _arbitrary_job(chance: Random, allowed: Chance, n_places: int, n_kinds: int) -> Job:
    service_s = [chance.choice([0, 5, 10, 20, _near(chance, 0, 30)]) for _ in range(n_kinds)]
    mandatory = chance.random() < 0.2
    windows: list[Span] = []
    from_s = chance.choice([0, 0, _near(chance, 0, 120)])
    for _ in range(chance.choice([1, 1, 2, 3])):
        to_s = from_s + chance.choice([0, 10, 60, 120, 120])
        windows.append((from_s, to_s))
        from_s = to_s + chance.choice([1, 5, 20])
    if chance.random() < 0.3:
        windows[-1] = (windows[-1][0], FAR_S)
    late = allowed.late
    return Job(
        place=chance.randrange(n_places),
        service_s=service_s,
        setup_s=[seconds + chance.choice([0, 5, 15]) for seconds in service_s] if allowed.setup else None,
        windows=windows,
        skip=0 if mandatory else max(allowed.skip_min, chance.choice([0, 100, 700, 3_000])),
        mandatory=mandatory,
        arrive_by_s=chance.choice([FAR_S, _near(chance, 0, 150)]) if late else FAR_S,
        arrive_once=chance.choice([0, 0, 50]) if late else 0,
        arrive_rate=chance.choice([0, 1, 9]) if late else 0,
        resolve_by_s=chance.choice([FAR_S, _near(chance, 0, 150)]) if late else FAR_S,
        resolve_once=chance.choice([0, 0, 30]) if late else 0,
        resolve_rate=chance.choice([0, 2, 8]) if late else 0,
    )


def _arbitrary_change(chance: Random, problem: Problem) -> Change:
    """Return what some plan in force asks: homes, tolerances, calm, and at times a first job of a tour."""
    jobs = range(problem.n_jobs)
    starts_s = [_near(chance, 0, 250) for _ in jobs]
    first_tour = [-1 for _ in jobs]
    if chance.random() < 0.5:
        first_tour[chance.choice(jobs)] = chance.randrange(problem.n_tours)
    home = [
        int(problem.tour_worker[first]) if first >= 0 else chance.randrange(-1, problem.n_workers)
        for first in first_tour
    ]
    is_counted = chance.random() < 0.7
    return Change(
        home_worker=_i32(home),
        away_grains=_i64(FORBIDDEN if first >= 0 else chance.choice([0, 50, 400, FORBIDDEN]) for first in first_tour),
        first_tour=_i32(first_tour),
        from_s=_i64(start_s - 10 for start_s in starts_s),
        to_s=_i64(start_s + chance.choice([10, 10, 30]) for start_s in starts_s),
        grains_per_s=_i64(chance.choice([0, 1, 1, 6]) for _ in jobs),
        calm_from_s=_i64(start_s - 30 for start_s in starts_s),
        calm_to_s=_i64(start_s + 30 for start_s in starts_s),
        counted=np.array([is_counted and chance.random() < 0.8 for _ in jobs], np.bool_),
    )


def _arbitrary_tours(chance: Random, allowed: Chance, worker: int, n_places: int, count: int) -> list[Tour]:
    tours: list[Tour] = []
    start_s = chance.choice([0, 5, 30])
    for _ in range(count):
        end_s = start_s + chance.choice([60, 120, 200, 280])
        last_s = end_s + chance.choice([0, 0, 20, 60])
        breaks = []
        for _ in range(chance.randint(0, allowed.n_breaks_max)):
            from_s = start_s + _near(chance, -10, 140)
            breaks.append((from_s, from_s + chance.choice([0, 10, 30, 60]), chance.choice([0, 5, 10, 20])))
        absences = []
        from_s = start_s + _near(chance, -10, 60)
        for _ in range(chance.choice([0, 0, 1, 2]) if allowed.absences else 0):
            to_s = from_s + chance.choice([1, 5, 15, 40])
            absences.append((from_s, to_s))
            from_s = to_s + chance.choice([0, 5, 30])
        tours.append(
            Tour(
                worker=worker,
                start_s=start_s,
                end_s=end_s,
                last_s=last_s,
                start_place=chance.randrange(n_places),
                end_place=chance.choice([OPEN, chance.randrange(n_places)]),
                max_jobs=chance.choice([99, 99, chance.randint(1, 3)]),
                max_travel_s=chance.choice([FAR_S, FAR_S, _near(chance, 20, 120)]),
                breaks=breaks,
                absences=absences,
            )
        )
        start_s = last_s + chance.choice([0, 10, 40])
    return tours


def _arbitrary_legs(chance: Random, allowed: Chance, n_places: int, n_speeds: int) -> Tables | Sphere:
    if allowed.sphere and chance.random() < 0.25:
        return Sphere(
            lat_rad=np.array([0.5 + chance.randint(0, 40) * 1e-6 for _ in range(n_places)]),
            lon_rad=np.array([2.0 + chance.randint(0, 40) * 1e-6 for _ in range(n_places)]),
            detour=chance.choice([1.0, 1.3]),
            speed_num=_i64(chance.choice([36, 90, 125]) for _ in range(n_speeds)),
            speed_den=_i64(chance.choice([250, 1000]) for _ in range(n_speeds)),
        )
    leg_s = np.zeros((n_speeds, n_places, n_places), np.int32)
    leg_m = np.zeros((n_places, n_places), np.int32)
    for a in range(n_places):
        for b in range(n_places):
            seconds = chance.choice([0, 5, 5, 10, 15, 20, _near(chance, 0, 40)])
            leg_s[:, a, b] = [seconds, seconds + chance.choice([0, 3])][:n_speeds]
            leg_m[a, b] = 10 * seconds + chance.choice([0, 7])
            if chance.random() < 0.04:
                leg_s[:, a, b], leg_m[a, b] = NO_WAY, 0
    return Tables(leg_s=leg_s, leg_m=leg_m)


def _arbitrary_peaks(chance: Random) -> Peaks:
    unit = chance.choice([1, 7, 14])
    steps = [(-10_000, unit)]
    clock_s = _near(chance, -5, 60)
    for _ in range(chance.randint(1, 3)):
        steps.append((clock_s, chance.randint(1, unit)))
        clock_s += chance.choice([1, 10, 40])
        steps.append((clock_s, unit))
        clock_s += chance.choice([1, 10, 40])
    return make_peaks(unit, steps)


def _near(chance: Random, low_s: int, high_s: int) -> int:
    """Return a multiple of 5 within the range, or, now and then, a second beside one."""
    return max(low_s, chance.randrange(low_s, high_s + 1, 5) + chance.choice([0, 0, 0, 0, -1, 1]))


def _i64(values: Iterable[int]) -> I64:
    return np.array(list(values), np.int64)


def _i32(values: Iterable[int]) -> I32:
    return np.array(list(values), np.int32)


def _first(rows: Iterable[Sequence[object]]) -> I64:
    return np.cumsum([0, *(len(row) for row in rows)], dtype=np.int64)


def _by_kind(rows: Sequence[Sequence[int]], n_kinds: int) -> I32:
    filled = [[*row, *[row[-1]] * n_kinds][:n_kinds] for row in rows]
    return np.array(filled, np.int32).reshape(len(rows), n_kinds)


def _n_places(jobs: Sequence[Job], tours: Sequence[Tour]) -> int:
    places = [job.place for job in jobs]
    places += [place for tour in tours for place in (tour.start_place, tour.end_place)]
    return 1 + max(places, default=0)
