"""Compile every kernel into the cache, so that a second process compiles nothing: ``python -m solver.warm``."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from solver.anneal import sweep
from solver.arrays import pack
from solver.laid import lay
from solver.places import Places
from solver.problem import FAR_S, Couplings, Peaks, Problem, Sphere, Tables
from solver.search import Stop, solve, total_grains
from solver.tied_ask import TiedPlaces
from solver.tours import make_state, time_tour
from solver.trial import Trial


def tiny_problem(*, duration_grains_per_s: int = 0, sphere: bool = False) -> Problem:
    """Make a problem of two workers and three jobs that has a bit of everything."""
    legs: Tables | Sphere = Tables(np.full((1, 3, 3), 60, np.int32), np.full((3, 3), 500, np.int32))
    if sphere:
        legs = Sphere(np.array([0.5, 0.5001, 0.5002]), np.zeros(3), 1.3, np.array([9]), np.array([70]))
    ones = np.ones(3, np.int64)
    far = ones * FAR_S
    return Problem(
        legs=legs,
        peaks=Peaks(np.array([-86_400, 3600]), np.array([0, 90_000]), np.array([1, 1]), 1),
        job_place=np.arange(3, dtype=np.int32),
        job_skip_grains=ones * 10**9,
        job_mandatory=np.array([True, False, False]),
        job_profile=np.zeros(3, np.int32),
        window_first=np.arange(4),
        window_from_s=ones * 0,
        window_to_s=far,
        arrive_by_s=ones * 600,
        arrive_once_grains=ones,
        arrive_grains_per_s=ones,
        resolve_by_s=far,
        resolve_once_grains=ones,
        resolve_grains_per_s=ones,
        service_s=np.full((3, 1), 600, np.int32),
        service_setup_s=np.full((3, 1), 700, np.int32),
        fit_grains=np.zeros((1, 2), np.int64),
        finish_by_s=np.full((1, 2), FAR_S),
        worker_kind=np.zeros(2, np.int32),
        worker_speed=np.zeros(2, np.int32),
        worker_max_busy_s=far[:2],
        worker_tour_first=np.arange(3),
        tour_worker=np.arange(2, dtype=np.int32),
        tour_start_s=np.zeros(2, np.int64),
        tour_end_s=np.full(2, 8 * 3600),
        tour_last_s=np.full(2, 9 * 3600),
        tour_start_place=np.zeros(2, np.int32),
        tour_end_place=np.array([0, -1], np.int32),
        tour_max_jobs=far[:2],
        tour_max_travel_s=far[:2],
        break_first=np.array([0, 1, 1]),
        break_from_s=np.array([1000]),
        break_to_s=np.array([5000]),
        break_duration_s=np.array([600]),
        absence_first=np.array([0, 1, 1]),
        absence_from_s=np.array([7000]),
        absence_to_s=np.array([8000]),
        travel_grains_per_s=30_000,
        travel_grains_per_m=1_800,
        duration_grains_per_s=duration_grains_per_s,
        overtime_grains_per_s=45_000,
        use_grains=0,
        balance_cents_per_h2=50,
    )


def tiny_coupled() -> Problem:
    """Make the tiny problem with two tickets, one after the other, the second of which needs a part from a depot."""
    none, first = np.empty(0, np.int64), np.zeros(3, np.int64)
    couplings = Couplings(
        n_tickets=2,
        crew_first=first,
        crew_job=none,
        crew_row=np.full(2, -1, np.int64),
        capable=np.empty((0, 2), np.int64),
        after_first=np.array([0, 0, 1]),
        after_job=np.array([0]),
        after_gap_s=np.array([60]),
        group=np.full(2, -1, np.int64),
        need_first=np.array([0, 0, 1]),
        need_part=np.array([0]),
        need_quantity=np.array([1]),
        tool_first=first,
        tool=none,
        option_first=np.array([0, 1]),
        option_part=np.array([0]),
        van=np.zeros((2, 1), np.int64),
        own_tool=np.zeros((2, 0), np.int64),
        lot_first=np.array([0, 1]),
        lot_at_s=np.array([0]),
        lot_quantity=np.array([1]),
        lot_day=np.array([-1]),
        tour_day=np.zeros(2, np.int64),
        first_pickup=2,
        pickup_first=np.array([0, 1, 1]),
        pickup_depot=np.array([0]),
    )
    return replace(tiny_problem(), job_skip_grains=np.array([10**9, 10**9, 0]), couplings=couplings)


def tiny_crew() -> Problem:
    """Make the tiny problem with one ticket that two workers serve together."""
    coupled = tiny_coupled()
    none, first = np.empty(0, np.int64), np.zeros(2, np.int64)
    couplings = replace(
        coupled.couplings,  # type: ignore[type-var]
        n_tickets=1,
        crew_first=np.array([0, 1]),
        crew_job=np.array([1]),
        crew_row=np.zeros(1, np.int64),
        capable=np.ones((1, 2), np.int64),
        after_first=first,
        after_job=none,
        after_gap_s=none,
        group=np.full(1, -1, np.int64),
        need_first=first,
        need_part=none,
        need_quantity=none,
        tool_first=first,
    )
    return replace(coupled, job_skip_grains=np.array([10**9, 0, 0]), couplings=couplings)


def ask_tied(problem: Problem, job: int) -> None:
    """Ask what would fit into tied tours."""
    solution, arrays = solve(problem, stop=Stop(iterations=20), threads=1), pack(problem)
    if solution.held is None:
        return
    places = TiedPlaces(problem, solution.routes, arrays, solution.held)
    if any(job in jobs for jobs in solution.routes):
        places.take_out(job)
    places.tours_alone(job)
    place = places.find_place(job)
    if place is not None:
        places.insert(job, place)


def main() -> None:
    """Run every kernel once."""
    problem = tiny_coupled()
    coupled = solve(problem, stop=Stop(iterations=50), threads=2)
    time_tour(problem, 0, (0,), held=coupled.held)
    lay(problem, pack(problem), coupled.routes, [0, 0])
    ask_tied(problem, 1)
    ask_tied(tiny_crew(), 0)
    for problem in (tiny_problem(), tiny_problem(duration_grains_per_s=5_000), tiny_problem(sphere=True)):
        solution = solve(problem, stop=Stop(iterations=50), threads=2)
        total_grains(problem, solution.routes)
        arrays = pack(problem)
        sweep(arrays, make_state(arrays, 0), 0, problem.n_tours)
        time_tour(problem, 0, (0, 1))
        places = Places(problem, [(0,), ()])
        places.tours_alone(1)
        places.find_place(1)
        places.find_swap(1, 0)
        places.change_emptied(1, 0)
        trial = Trial(arrays, [(0,), ()])
        trial.change({1: (2,)})
        trial.find_place(1, (0, 1))


if __name__ == "__main__":
    main()
