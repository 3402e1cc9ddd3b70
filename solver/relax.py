"""By how little a limit would have to be wider so that a job fits: single numbers of a packed problem changed, and put back.

Each function returns *cells*: where in ``Arrays.d`` a number stands, and what it would be. :meth:`solver.places.Places.find_in`
tries a place with them, priced by the kernels of the search.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from solver.arrays import (
    J_CLOSES,
    J_OPENS,
    J_PROFILE,
    J_WINDOW,
    J_WINDOW_END,
    P_PLAIN,
    T_ABSENCE,
    T_ABSENCE_END,
    T_BREAK,
    T_LAST,
    T_MAX_JOBS,
    T_MAX_TRAVEL,
    T_WORKER,
    W_MAX_BUSY,
    Arrays,
    at_finish,
    at_fit,
    at_job,
    at_pause,
    at_tour,
    at_window,
    at_worker,
)
from solver.places import Place, Places

Cells = Mapping[int, int]


def end_later(a: Arrays, tour: int, by_s: int) -> Cells:
    """Let a tour end later. The short way of timing, which knows no overtime, is left."""
    at = at_tour(a, tour) + T_LAST
    return {at: int(a.d[at]) + by_s, P_PLAIN: 0}


def travel_more(a: Arrays, tour: int, by_s: int) -> Cells:
    """Let a tour travel for longer."""
    at = at_tour(a, tour) + T_MAX_TRAVEL
    return {at: int(a.d[at]) + by_s}


def serve_more(a: Arrays, tour: int, by: int) -> Cells:
    """Let a tour have more jobs."""
    at = at_tour(a, tour) + T_MAX_JOBS
    return {at: int(a.d[at]) + by}


def work_more(a: Arrays, tour: int, by_s: int) -> Cells:
    """Let a tour's worker be busy for longer."""
    at = at_worker(a, int(a.d[at_tour(a, tour) + T_WORKER])) + W_MAX_BUSY
    return {at: int(a.d[at]) + by_s}


def finish_later(a: Arrays, job: int, tour: int, by_s: int) -> Cells:
    """Let jobs of this profile end later with a tour's worker."""
    at = at_finish(a, int(a.d[at_job(a, job) + J_PROFILE]), int(a.d[at_tour(a, tour) + T_WORKER]))
    return {at: int(a.d[at]) + by_s}


def fit(a: Arrays, job: int, tour: int, grains: int) -> Cells:
    """Let a tour's worker serve jobs of this profile, at a price."""
    at = at_fit(a, int(a.d[at_job(a, job) + J_PROFILE]), int(a.d[at_tour(a, tour) + T_WORKER]))
    return {at: grains}


def open_window(a: Arrays, job: int, row: int, from_s: int, to_s: int) -> Cells:
    """Let a window of a job, of that row of the problem, be another; its windows stay in order."""
    first, end = int(a.d[at_job(a, job) + J_WINDOW]), int(a.d[at_job(a, job) + J_WINDOW_END])
    opens = [from_s if other == row else int(a.d[at_window(a, other)]) for other in range(first, end)]
    closes = [to_s if other == row else int(a.d[at_window(a, other) + 1]) for other in range(first, end)]
    at = at_window(a, row)
    return {at: from_s, at + 1: to_s, at_job(a, job) + J_OPENS: min(opens), at_job(a, job) + J_CLOSES: max(closes)}


def break_later(a: Arrays, tour: int, index: int, by_s: int) -> Cells:
    """Let a break of a tour, counted from 0, begin later."""
    at = at_pause(a, int(a.d[at_tour(a, tour) + T_BREAK]) + index) + 1
    return {at: int(a.d[at]) + by_s}


def no_absences(a: Arrays, tour: int) -> Cells:
    """Let a tour have no absences."""
    return {at_tour(a, tour) + T_ABSENCE_END: int(a.d[at_tour(a, tour) + T_ABSENCE])}


def find_least(
    places: Places, job: int, tour: int, cells_of: Callable[[int], Cells], most: int, below: int | None = None
) -> tuple[int, Place] | None:
    """Return the least amount from 1 to ``most`` with which a job fits into a tour, and the place; None: not even the most will do.

    Parameters
    ----------
    cells_of
        What an amount changes; more never forbids what less allows.
    below
        The place has to cost less than this, grains; None: whatever it costs.
    """

    def place_with(amount: int) -> Place | None:
        place = places.find_in(job, tour, cells_of(amount))
        return None if place is None or (below is not None and place.grains >= below) else place

    best = place_with(most)
    if best is None:
        return None
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        place = place_with(middle)
        if place is None:
            low = middle
        else:
            high, best = middle, place
    return high, best
