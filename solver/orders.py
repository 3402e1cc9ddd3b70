"""Orders in which removed jobs are put back; the paper's (see :mod:`solver.ruins`) and ours for weighted, optional jobs."""

from __future__ import annotations

from typing import Any

from solver.arrays import J_ABLE, J_CLOSES, J_OPENS, J_PLACE, J_WORK
from solver.draws import below, fraction
from solver.jit import JIT, njit
from solver.mechanisms.clock import leg

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


@njit(**JIT)
def choose_order(s: Any) -> int:
    """Draw an order; the shares are those that did best on the tuning seeds."""
    x = below(s, 16)
    if x < 4:
        return ORDER_RANDOM
    if x < 6:
        return ORDER_WEIGHT
    if x < 8:
        return ORDER_WEIGHT_PER_WORK
    if x < 10:
        return ORDER_WINDOW
    if x < 11:
        return ORDER_ABLE
    if x < 12:
        return ORDER_FAR
    if x < 13:
        return ORDER_NEAR
    if x < 15:
        return ORDER_WORK
    return ORDER_OPENS


@njit(**JIT)
def sort_jobs(a: Any, s: Any, count: int, order: int, seed: int) -> None:
    """Sort ``list[:count]`` by an order, ties at random."""
    origin = a.job[seed, J_PLACE]
    for row in range(count):
        j = s.list[row]
        key = 0.0
        if order == ORDER_WEIGHT:
            key = -float(s.skip[j])
        elif order == ORDER_WEIGHT_PER_WORK:
            key = -float(s.skip[j]) / (float(a.job[j, J_WORK]) + 600.0)
        elif order == ORDER_WINDOW:
            key = float(a.job[j, J_CLOSES] - a.job[j, J_OPENS])
        elif order == ORDER_ABLE:
            key = float(a.job[j, J_ABLE])
        elif order == ORDER_WORK:
            key = -float(a.job[j, J_WORK])
        elif order == ORDER_OPENS:
            key = float(a.job[j, J_OPENS])
        elif order == ORDER_FAR or order == ORDER_NEAR:
            seconds, _ = leg(a, 0, origin, a.job[j, J_PLACE])
            key = -float(seconds) if order == ORDER_FAR else float(seconds)
        s.key[row] = key + (fraction(s) if order == ORDER_RANDOM else fraction(s) * 1e-3)
    for row in range(1, count):
        j, key = s.list[row], s.key[row]
        at = row
        while at > 0 and s.key[at - 1] > key:
            s.key[at] = s.key[at - 1]
            s.list[at] = s.list[at - 1]
            at -= 1
        s.key[at] = key
        s.list[at] = j
