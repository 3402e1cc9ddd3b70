"""Spans: what a tour costs that leaves as late as it can, from a few numbers of each stop, as the literal twin says it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from solver import reference
from solver.anneal import anneal
from solver.arrays import J_SKIP, P_RATE_DURATION, P_SPANS, at_job, pack
from solver.kernel import refresh, scan
from solver.problem import Problem
from solver.search import Stop, solve
from solver.state import C_COST, H_SKIP, INF
from solver.tours import link, load_routes, make_state, read_routes
from tests.solver.worlds import Chance, grow_tours, make_arbitrary, seeded

PLAIN = Chance(n_jobs_max=8, n_breaks_max=0, absences=False, peaks=False, late=False, setup=False, skip_min=2_000)


def spanned(seed: int) -> Problem | None:
    """Make a world in which spans tell everything, or None."""
    problem = make_arbitrary(seeded(seed), PLAIN)
    if problem.duration_grains_per_s == 0 or len(problem.window_from_s) > problem.n_jobs:
        problem = replace(
            problem,
            duration_grains_per_s=5,
            window_first=np.arange(problem.n_jobs + 1),
            window_from_s=problem.window_from_s[problem.window_first[:-1]],
            window_to_s=problem.window_to_s[problem.window_first[:-1]],
        )
    return problem if pack(problem).d[P_SPANS] else None


WORLDS = [world for world in map(spanned, range(150)) if world is not None]


def test_many_worlds_are_told_by_spans() -> None:
    assert len(WORLDS) > 100
    assert all(pack(world).d[P_RATE_DURATION] for world in WORLDS)


def test_whatever_else_speaks_about_time_is_not_told_by_spans() -> None:
    rich = Chance(n_jobs_max=8, n_breaks_max=2)
    for seed in range(60):
        problem = make_arbitrary(seeded(seed), rich)
        speaks = (
            len(problem.break_from_s)
            or len(problem.absence_from_s)
            or len(problem.peaks.clock_s)
            or len(problem.window_from_s) > problem.n_jobs
            or (problem.service_s != problem.service_setup_s).any()
        )
        if speaks or problem.duration_grains_per_s == 0:
            assert pack(problem).d[P_SPANS] == 0


def test_a_tour_costs_what_the_twin_says() -> None:
    bites = 0
    for seed, world in enumerate(WORLDS):
        arrays = pack(world)
        state = make_state(arrays, 0)
        for tour, jobs, timed in grow_tours(seeded(seed), world):
            routes = [()] * world.n_tours
            routes[tour] = jobs
            busy = None if timed is None else timed.travel_s + timed.service_s
            limit = int(world.worker_max_busy_s[world.tour_worker[tour]])
            possible = busy is not None and busy <= limit
            assert load_routes(arrays, state, routes) == possible
            if possible:
                total, _ = reference.price(world, routes)
                assert int(state[C_COST]) - _surcharge(world, state, jobs) == total
                bites += len(jobs) > 1 and timed is not None and timed.depart_s > int(world.tour_start_s[tour])
    assert bites > 50


def _surcharge(world: Problem, state: np.ndarray[tuple[int], np.dtype[np.int64]], jobs: tuple[int, ...]) -> int:
    """Return what the search adds for mandatory jobs that are not served."""
    first = int(state[H_SKIP])
    return sum(int(state[first + job]) for job in range(world.n_jobs) if world.job_mandatory[job] and job not in jobs)


@pytest.mark.compiled
def test_what_a_scan_says_is_what_the_insertion_adds() -> None:
    seen = 0
    for seed, world in enumerate(WORLDS):
        arrays = pack(world)
        state = make_state(arrays, seed)
        anneal(arrays, state, 30, 1e6, 1e5, near_only=False, mean_removed=4.0)
        for job in range(world.n_jobs):
            if any(job in route for route in read_routes(arrays, state)):
                continue
            for tour in range(world.n_tours):
                value, after = scan(arrays, state, job, tour, INF, 0)
                if after < 0:
                    continue
                before = int(state[C_COST])
                skip = int(arrays.d[at_job(arrays, job) + J_SKIP])
                link(arrays, state, job, after, tour)
                assert refresh(arrays, state, tour)
                assert int(state[C_COST]) - before == int(value) - skip
                seen += 1
                break
    assert seen > 30


def test_a_search_ends_at_the_total_of_the_twin() -> None:
    for seed, world in enumerate(WORLDS[:25]):
        found = solve(world, stop=Stop(iterations=60), seed=seed)
        assert reference.price(world, found.routes)[0] == found.total_grains
