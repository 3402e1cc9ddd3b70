"""Choosing routes: at most one for each tour, no job twice, a given number of jobs served, at the least reduced cost.

With the prices (duals) of a linear relaxation every set of routes costs the relaxation's value + the reduced costs of its routes + the prices
of the jobs and tours it leaves out. All of these are at least 0: only sets whose sum stays within a budget matter. The search goes deep
first, always into the tour with the fewest routes left that share no job with those taken, and turns back where the least that must still
be added exceeds the budget; each set found lowers it. Balas and Padberg (1976), doi 10.1137/1018115, on set partitioning.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from solver.jit import ALLOCATING, njit

WAYS_MAX = 4_000
"""With more ways to serve a job the choice is made among a tour's routes."""

LEFT_OUT_MAX = 12
"""So many jobs at most are left out by choice; the others by not being in any route."""


@njit(**ALLOCATING)
def choose_routes(
    sets: Any,
    reduced: Any,
    members: Any,
    lengths: Any,
    first: Any,
    job_price: Any,
    tour_price: Any,
    served: int,
    budget: int,
    work: int,
    chosen: Any,
) -> tuple[int, bool, int]:
    """Return the least sum below ``budget`` (else ``budget``), whether the search was complete, and the work it took.

    Parameters
    ----------
    sets : int64[n, 2]
        The jobs of each route as bits; routes are sorted by tour.
    reduced : int64[n]
        Reduced costs, at least 0, ascending within a tour.
    members, lengths : int64[n, longest], int64[n]
        The jobs of each route, and how many they are.
    first : int64[n_tours + 1]
        Routes of tour t: rows first[t] … first[t + 1] − 1.
    job_price, tour_price : int64[n_jobs], int64[n_tours]
        What leaving out a job, not using a tour adds.
    served : int
        How many jobs the routes serve together; −1 for any number.
    work : int
        The search gives up after it looked at so many jobs of routes.
    chosen : int64[n_tours]
        Is filled with rows, −1 for no route, where something was found.
    """
    n, tours, jobs = len(reduced), len(tour_price), len(job_price)
    levels = tours + LEFT_OUT_MAX + 1
    one = np.int64(1)
    alive = np.empty((levels, max(n, 1)), np.int32)
    count = np.zeros((levels, tours), np.int64)
    ways = np.empty((levels, WAYS_MAX), np.int32)
    n_ways = np.zeros(levels, np.int64)
    tour_of = np.empty(max(n, 1), np.int32)
    covers = np.zeros(jobs, np.int64)
    least = np.zeros(tours, np.int64)
    done = np.zeros(tours, np.bool_)
    pick = np.zeros(levels, np.int64)  # a tour, or −1 − job
    follow = np.zeros(levels, np.int64)
    used = np.full(levels, -1, np.int64)  # the tour that the child in work decides
    taken = np.full(tours, -1, np.int64)
    held = np.zeros((levels, 2), np.int64)
    spent = np.zeros(levels, np.int64)
    got = np.zeros(levels, np.int64)
    left_out = np.zeros(levels, np.int64)
    decided = np.zeros(levels, np.int64)
    for t in range(tours):
        for row in range(first[t], first[t + 1]):
            tour_of[row] = t
            if reduced[row] < budget:
                alive[0, first[t] + count[0, t]] = row
                count[0, t] += 1
    best = budget
    looked = 0
    depth = 0
    enter = True
    while depth >= 0:
        if enter:
            enter = False
            if looked > work:
                return best, False, looked
            looked += jobs
            while True:
                low, most = spent[depth], got[depth]
                covers[:] = 0
                for t in range(tours):
                    if done[t]:
                        continue
                    longest = np.int64(0)
                    for at in range(first[t], first[t] + count[depth, t]):
                        row = alive[depth, at]
                        longest = max(longest, lengths[row])
                        looked += lengths[row]
                        for x in range(lengths[row]):
                            covers[members[row, x]] += 1
                    least[t] = tour_price[t]
                    if count[depth, t] > 0:
                        least[t] = min(least[t], reduced[alive[depth, first[t]]])
                    low += least[t]
                    most += longest
                for j in range(jobs):
                    if covers[j] == 0 and (held[depth, j >> 6] >> (j & 63)) & one == 0:
                        low += job_price[j]
                if low >= best or (served >= 0 and most < served):
                    break
                # what costs a tour too much more than its least, given the least of all others
                again = False
                for t in range(tours):
                    if done[t]:
                        continue
                    kept = count[depth, t]
                    while kept > 0 and low - least[t] + reduced[alive[depth, first[t] + kept - 1]] >= best:
                        kept -= 1
                    again = again or kept < count[depth, t]
                    count[depth, t] = kept
                if not again:
                    break
            choice, fewest = 0, np.int64(1) << 60
            if low < best and (most >= served or served < 0):
                for t in range(tours):
                    if done[t]:
                        continue
                    number = count[depth, t] + (1 if low - least[t] + tour_price[t] < best else 0)
                    if number < fewest:
                        choice, fewest = t, number
                for j in range(jobs):
                    if 0 < covers[j] < fewest and job_price[j] > 0 and (held[depth, j >> 6] >> (j & 63)) & one == 0:
                        number = covers[j] + (1 if low + job_price[j] < best else 0)
                        if number < fewest and covers[j] <= WAYS_MAX and left_out[depth] < LEFT_OUT_MAX:
                            choice, fewest = -1 - j, number
            hopeless = low >= best or (served >= 0 and (most < served or got[depth] > served))
            if hopeless or decided[depth] == tours:
                if not hopeless:
                    best = low
                    for t in range(tours):
                        chosen[t] = taken[t]
                depth -= 1
                if depth >= 0 and used[depth] >= 0:
                    done[used[depth]] = False
                continue
            pick[depth] = choice
            follow[depth] = 0
            n_ways[depth] = 0
            if choice < 0:
                for t in range(tours):
                    if done[t]:
                        continue
                    for at in range(first[t], first[t] + count[depth, t]):
                        row = alive[depth, at]
                        if (sets[row, (-1 - choice) >> 6] >> ((-1 - choice) & 63)) & one:
                            ways[depth, n_ways[depth]] = row
                            n_ways[depth] += 1
        at = follow[depth]
        follow[depth] += 1
        row, t = -1, -1
        word0, word1, length, adds = np.int64(0), np.int64(0), np.int64(0), np.int64(0)
        if pick[depth] >= 0:
            t = pick[depth]
            if at > count[depth, t]:
                depth -= 1
                if depth >= 0 and used[depth] >= 0:
                    done[used[depth]] = False
                continue
            if at < count[depth, t]:
                row = alive[depth, first[t] + at]
            else:
                adds = tour_price[t]
        else:
            if at > n_ways[depth]:
                depth -= 1
                if depth >= 0 and used[depth] >= 0:
                    done[used[depth]] = False
                continue
            if at < n_ways[depth]:
                row = ways[depth, at]
                t = tour_of[row]
            else:
                j = -1 - pick[depth]
                adds = job_price[j]
                if j < 64:
                    word0 = one << j
                else:
                    word1 = one << (j - 64)
        if row >= 0:
            adds, word0, word1, length = reduced[row], sets[row, 0], sets[row, 1], lengths[row]
        if spent[depth] + adds >= best:
            continue
        used[depth] = t
        deeper = depth + 1
        decided[deeper] = decided[depth]
        left_out[deeper] = left_out[depth]
        if t >= 0:
            done[t] = True
            taken[t] = row
            decided[deeper] += 1
        else:
            left_out[deeper] += 1
        held[deeper, 0] = held[depth, 0] | word0
        held[deeper, 1] = held[depth, 1] | word1
        spent[deeper] = spent[depth] + adds
        got[deeper] = got[depth] + length
        left = best - spent[deeper]
        for other in range(tours):
            kept = 0
            if not done[other]:
                begin = first[other]
                for place in range(begin, begin + count[depth, other]):
                    route = alive[depth, place]
                    if reduced[route] >= left:
                        break
                    if sets[route, 0] & word0 == 0 and sets[route, 1] & word1 == 0:
                        alive[deeper, begin + kept] = route
                        kept += 1
            count[deeper, other] = kept
        depth = deeper
        enter = True
    return best, True, looked
