"""A search for tests: cheapest insertion, ticket by ticket, timed by the slow twin."""

from __future__ import annotations

from decimal import Decimal

from dispatch.format.model import Plan, Request, SolverNote
from dispatch.planning.lower import Lowered, lower
from dispatch.planning.read_back import read_back
from solver.problem import Problem
from solver.reference import check, time_tour

NOTE = SolverNote("greedy", seed=0, seconds=Decimal(0), iterations=0, threads=1)


def insert_all(problem: Problem) -> list[list[int]]:
    """Insert each job where it is cheapest, if it is legal anywhere, whatever leaving it out would cost."""
    routes: list[list[int]] = [[] for _ in range(problem.n_tours)]
    for job in range(problem.n_jobs):
        best: tuple[int, int, list[int]] | None = None
        for tour, jobs in enumerate(routes):
            before = time_tour(problem, tour, jobs)
            assert before is not None
            for position in range(len(jobs) + 1):
                longer = [*jobs[:position], job, *jobs[position:]]
                timed = time_tour(problem, tour, longer)
                if timed is None or check(problem, [*routes[:tour], longer, *routes[tour + 1 :]]):
                    continue
                dearer = timed.cost_grains - before.cost_grains
                if best is None or dearer < best[0]:
                    best = (dearer, tour, longer)
        if best is not None:
            routes[best[1]] = best[2]
    return routes


def plan_greedily(request: Request) -> tuple[Lowered, list[list[int]], Plan]:
    """Lower a request, insert everything that fits, and read the plan back."""
    lowered = lower(request)
    routes = insert_all(lowered.problem)
    return lowered, routes, read_back(lowered, routes, NOTE, time_tour)
