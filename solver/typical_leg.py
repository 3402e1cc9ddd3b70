"""The price of a typical leg: the scale of a search's temperatures."""

from __future__ import annotations

import numpy as np

from solver.problem import EARTH_RADIUS_M, GRAINS_PER_CNY, I64, Problem, Tables


def typical_leg_grains(problem: Problem, skip: I64) -> float:
    """Return the price of a typical leg between neighbours: the scale of temperatures.

    The median over jobs of the mean price to the eight nearest other jobs; where legs cost nothing, a hundredth of the median price of
    leaving out a job, at least one CNY.
    """
    n = problem.n_tickets
    floor = max(float(np.median(skip[:n])) / 100.0 if n else 0.0, float(GRAINS_PER_CNY)) if n else float(GRAINS_PER_CNY)
    if n < 2:
        return floor
    sample = np.unique(np.linspace(0, n - 1, min(n, 200)).astype(np.int64))
    place = problem.job_place[:n].astype(np.int64)
    rate_s = problem.travel_grains_per_s + problem.duration_grains_per_s
    if isinstance(problem.legs, Tables):
        seconds = problem.legs.leg_s[0][np.ix_(place[sample], place)].astype(np.float64)
        metres = problem.legs.leg_m[np.ix_(place[sample], place)].astype(np.float64)
    else:
        lat, lon = problem.legs.lat_rad[place], problem.legs.lon_rad[place]
        half = (
            np.sin((lat[sample][:, None] - lat) / 2) ** 2
            + np.cos(lat[sample])[:, None] * np.cos(lat) * np.sin((lon[sample][:, None] - lon) / 2) ** 2
        )
        metres = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(half)) * problem.legs.detour
        seconds = metres * float(problem.legs.speed_num[0]) / float(problem.legs.speed_den[0])
    price = seconds * rate_s + metres * problem.travel_grains_per_m
    price[seconds < 0] = np.inf  # no way; not before: a price of 0 would make it no number
    price[np.arange(len(sample)), sample] = np.inf
    price = np.sort(price, axis=1)[:, :8]
    price = price[np.isfinite(price).all(axis=1)] if np.isfinite(price).any() else price[:0]
    typical = float(np.median(price.mean(axis=1))) if len(price) else 0.0
    return typical if typical >= GRAINS_PER_CNY / 100 else floor
