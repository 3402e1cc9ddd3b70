"""Orders in which removed jobs are put back; the paper's (see :mod:`solver.ruins`) and ours for weighted, optional jobs."""

from __future__ import annotations

from typing import Any

import numpy as np

from solver.arrays import (
    J_ABLE,
    J_CLOSES,
    J_OPENS,
    J_PLACE,
    J_WORK,
    at_job,
)
from solver.draws import draw
from solver.jit import JIT, njit
from solver.mechanisms.clock import leg
from solver.state import H_KEY, H_LIST, H_SKIP

(
    ORDER_RANDOM,
    ORDER_WEIGHT,
    ORDER_WEIGHT_PER_WORK,
    ORDER_WINDOW,
    ORDER_ABLE,
    ORDER_FAR,
    ORDER_NEAR,
    ORDER_WORK,
    ORDER_OPENS,
) = range(9)


KEY_MOST = 1 << 52
"""Keys beyond are cut, so that 1 024 of them side by side still fit."""


DRAWN = (
    *(ORDER_RANDOM, ORDER_RANDOM, ORDER_WEIGHT, ORDER_WEIGHT, ORDER_WEIGHT_PER_WORK, ORDER_WEIGHT_PER_WORK),
    *(ORDER_WINDOW, ORDER_ABLE, ORDER_ABLE, ORDER_FAR, ORDER_NEAR, ORDER_NEAR, ORDER_WORK, ORDER_WORK, ORDER_OPENS),
)
"""How often each is drawn at first; the shares are those that did best on the tuning seeds."""


@njit(**JIT)
def sort_jobs(a: Any, s: Any, count: int, order: int, seed: int) -> None:
    """Sort ``list[:count]`` by an order, ties (as good as) at random."""
    origin = a.d[at_job(a, seed) + J_PLACE]
    for row in range(count):
        j = s[s[H_LIST] + row]
        key = np.int64(0)
        if order == ORDER_WEIGHT:
            key = -s[s[H_SKIP] + j]
        elif order == ORDER_WEIGHT_PER_WORK:
            key = -s[s[H_SKIP] + j] // (a.d[at_job(a, j) + J_WORK] + 600)
        elif order == ORDER_WINDOW:
            key = a.d[at_job(a, j) + J_CLOSES] - a.d[at_job(a, j) + J_OPENS]
        elif order == ORDER_ABLE:
            key = a.d[at_job(a, j) + J_ABLE]
        elif order == ORDER_WORK:
            key = -a.d[at_job(a, j) + J_WORK]
        elif order == ORDER_OPENS:
            key = a.d[at_job(a, j) + J_OPENS]
        elif order == ORDER_FAR or order == ORDER_NEAR:
            seconds, _ = leg(a, 0, origin, a.d[at_job(a, j) + J_PLACE])
            key = -seconds if order == ORDER_FAR else seconds
        if key > KEY_MOST:
            key = np.int64(KEY_MOST)
        if key < -KEY_MOST:
            key = np.int64(-KEY_MOST)
        tie = draw(s)
        s[s[H_KEY] + row] = key * 1024 + (tie if order == ORDER_RANDOM else tie & 1023)
    for row in range(1, count):
        j, key = s[s[H_LIST] + row], s[s[H_KEY] + row]
        at = row
        while at > 0 and s[s[H_KEY] + at - 1] > key:
            s[s[H_KEY] + at] = s[s[H_KEY] + at - 1]
            s[s[H_LIST] + at] = s[s[H_LIST] + at - 1]
            at -= 1
        s[s[H_KEY] + at] = key
        s[s[H_LIST] + at] = j
