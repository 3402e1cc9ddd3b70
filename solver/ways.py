"""Which ruin and which order of insertion an iteration takes: drawn by shares that follow what each has lately gained.

After Ropke and Pisinger (2006), *An Adaptive Large Neighborhood Search Heuristic for the Pickup and Delivery Problem with Time Windows*,
Transportation Science 40(4), doi 10.1287/trsc.1050.0135, section 3.4: what is used scores when it improves, more when it finds a new best, and the
shares move towards the scores of the last stretch. Ours differ in that a score is for a job taken out, not for an iteration, and in that no share
falls below a part of the one that it began with.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from solver.draws import below
from solver.jit import INLINE, JIT, njit
from solver.orders import DRAWN
from solver.problem import I64
from solver.state import H_WAYS, State

STRINGS, STRINGS_LEFT_OUT, TOURS, ALIKE = range(4)
"""Strings near any job, strings near one that is left out, one or two whole tours, single jobs that are near in place and time."""

FIRST_SHARES = (0.685, 0.29, 0.015, 0.01)
N_RUINS = len(FIRST_SHARES)
N_ORDERS = 9
N_WAYS = N_RUINS + N_ORDERS

STRETCH = 400
"""After so many iterations shares are moved."""

MOVE = 0.2
"""How far a share moves towards what the last stretch says."""

LEAST = 0.25
"""No share falls below this part of the first."""

SCORE_BEST, SCORE_BETTER = 6.0, 1.0

A_SHARE, A_FIRST, A_USED, A_SCORE = range(4)
N_COLUMNS = 4
SCALE = 1 << 20
"""Shares and scores are whole numbers of this."""

WORDS = 1 + N_WAYS * N_COLUMNS


def begin_ways(s: State) -> None:
    """Let every way have its first share."""
    orders = np.bincount(DRAWN, minlength=N_ORDERS) / len(DRAWN)
    first: I64 = (np.concatenate((FIRST_SHARES, orders)) * SCALE).astype(np.int64)
    table = s[s[H_WAYS] + 1 : s[H_WAYS] + WORDS].reshape(N_WAYS, N_COLUMNS)
    table[:] = 0
    table[:, A_SHARE] = table[:, A_FIRST] = first


@njit(**INLINE)
def at_way(s: Any, way: int) -> int:
    """Return where the row of a way stands."""
    return s[H_WAYS] + 1 + way * N_COLUMNS


@njit(**JIT)
def draw_way(s: Any, first: int, end: int) -> int:
    """Draw one of the ways from ``first`` up to, not including, ``end`` by their shares."""
    total = np.int64(0)
    for way in range(first, end):
        total += s[at_way(s, way) + A_SHARE]
    at = below(s, total)
    for way in range(first, end):
        at -= s[at_way(s, way) + A_SHARE]
        if at < 0:
            return np.int64(way)
    return np.int64(end - 1)


@njit(**JIT)
def score_ways(s: Any, ruin: int, order: int, removed: int, better: bool, best: bool) -> None:
    """Count an iteration for the ruin and the order that it took; now and then move the shares."""
    score = np.int64(0)
    if best:
        score = np.int64(SCORE_BEST * SCALE)
    elif better:
        score = np.int64(SCORE_BETTER * SCALE)
    for turn in range(2):
        at = at_way(s, ruin if turn == 0 else order)
        s[at + A_USED] += removed + 1
        s[at + A_SCORE] += score
    s[s[H_WAYS]] += 1
    if s[s[H_WAYS]] >= STRETCH:
        s[s[H_WAYS]] = 0
        move_shares(s, 0, N_RUINS)
        move_shares(s, N_RUINS, N_WAYS)


@njit(**JIT)
def move_shares(s: Any, first: int, end: int) -> None:
    """Move the shares of some ways towards first share × score for a job taken out, all in proportion."""
    total = 0.0
    whole = 0.0
    for way in range(first, end):
        at = at_way(s, way)
        whole += s[at + A_FIRST]
        if s[at + A_USED] > 0:
            total += s[at + A_FIRST] * (s[at + A_SCORE] / s[at + A_USED])
    for way in range(first, end):
        at = at_way(s, way)
        if total > 0.0:
            wanted = 0.0
            if s[at + A_USED] > 0:
                wanted = s[at + A_FIRST] * (s[at + A_SCORE] / s[at + A_USED]) / total * whole
            share = s[at + A_SHARE] * (1.0 - MOVE) + wanted * MOVE
            s[at + A_SHARE] = np.int64(max(LEAST * s[at + A_FIRST], share)) + 1
        s[at + A_USED] = 0
        s[at + A_SCORE] = 0
