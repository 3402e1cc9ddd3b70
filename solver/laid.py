"""Routes of a plan whose visits are tied to each other, laid anew where nothing says what was settled between them.

A plan in force tells who comes when, not which van or depot a part comes from. So what is tied to nothing is loaded as it was, and the
rest is put back ticket by ticket, in order of time, each into its old tours alone: parts, pick-ups and the moments of crews are settled on the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from solver.arrays import H_CREW, H_IS_COUPLED, M_COUNTED, P_CHANGE, T_WORKER, Arrays, at_change, at_tour
from solver.jit import JIT, NO, ZERO, njit
from solver.mechanisms.coupling import read_block, read_held
from solver.problem import FAR_S, Held, Problem, Routes
from solver.state import C_LEFT, C_MOVED, H_BANK_ROW, H_CANDIDATES, H_WAS
from solver.tied_places import earliest_after, wanted_worker
from solver.together import begin_iteration, commit_coupled, place_listed, undo_coupled
from solver.tours import load_routes, make_state, read_routes

AT_ANY_PRICE = np.int64(1 << 59)
"""Slack with which a ticket comes in whatever that costs."""


def lay(
    problem: Problem, arrays: Arrays, routes: Sequence[Sequence[int]], begins_s: Sequence[int]
) -> tuple[Routes, Held]:
    """Return routes as far as they can be had again, and what is then settled between them.

    Parameters
    ----------
    problem, arrays
        With couplings, and the same packed.
    routes
        Tickets and helpers of each tour in order; pick-ups are ignored.
    begins_s
        For each ticket when it began, in seconds; what was not served is ignored.
    """
    couplings = problem.couplings
    assert couplings is not None  # noqa: S101 - for the type: only problems with ties come here
    tickets, is_coupled = problem.n_tickets, int(arrays.d[H_IS_COUPLED])
    tied = (arrays.d[is_coupled : is_coupled + tickets] != 0).tolist()
    state = make_state(arrays, 0)
    load_routes(arrays, state, [[job for job in route if job < tickets and not tied[job]] for route in routes])
    tour_of = {job: tour for tour, route in enumerate(routes) for job in route}
    jobs = sorted((job for job in tour_of if job < tickets and tied[job]), key=lambda job: (begins_s[job], job))
    crews = [
        [job, *couplings.crew_job[couplings.crew_first[job] : couplings.crew_first[job + 1]].tolist()] for job in jobs
    ]
    tours = [[tour_of[one] for one in crew if one in tour_of] for crew in crews]
    first = np.zeros(len(jobs) + 1, np.int64)
    np.cumsum([len(own) for own in tours], out=first[1:])
    flat = np.array([tour for own in tours for tour in own], np.int64)
    lay_tickets(arrays, state, np.array(jobs, np.int64), first, flat, np.array([begins_s[j] for j in jobs], np.int64))
    return read_routes(arrays, state), read_held(arrays, state, couplings, read_block(state))


@njit(**JIT)
def lay_tickets(a: Any, s: Any, jobs: Any, first: Any, tours: Any, begins_s: Any) -> int:
    """Serve tickets one after the other, ``jobs[row]`` in ``tours[first[row]:first[row + 1]]`` alone; return how many have a place.

    What comes after others waits for them; a crew begins when it did, if it can. At first nobody comes in by whom more would be changed
    than if he were the only one; then whoever is no change more than being left out.
    """
    laid = 0
    for turn in range(4):
        for row in range(len(jobs)):
            j = jobs[row]
            if s[s[H_BANK_ROW] + j] < 0:
                continue
            begin_iteration(s)
            from_s = earliest_after(a, s, j)
            if from_s == FAR_S:
                continue
            worker = wanted_worker(a, s, j)
            count = np.int64(0)
            for at in range(first[row], first[row + 1]):
                s[s[H_CANDIDATES] + count] = tours[at]
                count += 1
            is_crew = a.d[a.d[H_CREW] + j] < a.d[a.d[H_CREW] + j + 1]
            if worker >= 0 and not is_crew and a.d[at_tour(a, tours[first[row]]) + T_WORKER] != worker:
                continue
            s[s[H_WAS] + j] = begins_s[row]
            most = s[C_MOVED] + s[C_LEFT]
            if turn < 2 and a.d[P_CHANGE] != 0:
                most -= a.d[at_change(a, j) + M_COUNTED]
            if place_listed(a, s, j, count, from_s, NO, ZERO, AT_ANY_PRICE):
                if s[C_MOVED] + s[C_LEFT] > most:
                    undo_coupled(a, s)
                else:
                    commit_coupled(a, s)
                    laid += 1
    return laid
