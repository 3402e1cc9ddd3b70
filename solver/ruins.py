"""Ruins: which jobs are taken out of their tours before they are put back in better places.

Adjacent string removal is that of Christiaens and Vanden Berghe (2020), *Slack Induction by String Removals for Vehicle
Routing Problems*, Transportation Science 54(2), doi 10.1287/trsc.2019.0914, section 5.1; the names of its quantities stand beside the
lines. Ours seeds a share of the ruins at an unserved job.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from solver.arrays import (
    J_CLOSES,
    J_OPENS,
    P_COUPLED,
    P_JOBS,
    P_NEAR,
    at_job,
    at_near,
)
from solver.draws import below, fraction
from solver.jit import INLINE, JIT, njit
from solver.state import (
    C_ITERATION,
    C_JOBS,
    C_UNSERVED,
    C_USED,
    D_NEXT,
    D_TOUR,
    H_BANK,
    H_FIXED,
    H_JOBS,
    H_LIST,
    S_LENGTH,
    S_TOUCHED,
    at_node,
    at_run,
)
from solver.tours import touch, unlink
from solver.ways import ALIKE, STRINGS_LEFT_OUT, TOURS

STRING_MAX = 10.0
"""L^max of the paper."""

SPLIT_SHARE = 0.5
"""α of the paper: how often a string keeps a part in its middle."""

SPLIT_GROW = 0.01
"""β of the paper: how often that part grows."""


@njit(**JIT)
def seed_job(s: Any, way: int) -> int:
    """Choose the job around which to ruin: an unserved one where the way says so, else any."""
    if way == STRINGS_LEFT_OUT and s[C_UNSERVED] > 0:
        return s[s[H_BANK] + below(s, s[C_UNSERVED])]
    return s[s[H_JOBS] + below(s, s[C_JOBS])]


@njit(**JIT)
def ruin(a: Any, s: Any, seed: int, way: int, mean_removed: float) -> int:
    """Take jobs near ``seed`` out of their tours; return how many are in ``list``."""
    if way == TOURS and s[C_USED] > 0:
        return ruin_tours(a, s, seed)
    if way == ALIKE:
        return ruin_alike(a, s, seed, mean_removed)
    return ruin_strings(a, s, seed, mean_removed)


@njit(**INLINE)
def is_fixed(a: Any, s: Any, x: int) -> bool:
    """Say whether a job stays where it is, for what another thread has settled with it."""
    return a.d[P_COUPLED] != 0 and s[s[H_FIXED] + x] != 0


@njit(**JIT)
def take_string(a: Any, s: Any, c: int, t: int, length: int, removed: int) -> int:
    """Take a string of ``length`` jobs that includes ``c`` out of tour ``t``; return how many are in ``list`` then."""
    n = a.d[P_JOBS]
    size = s[at_run(s, t) + S_LENGTH]
    position = 0
    x = s[at_node(s, n + t) + D_NEXT]
    while x != c:
        x = s[at_node(s, x) + D_NEXT]
        position += 1
    keep = 0
    if length > 1 and length < size and fraction(s) < SPLIT_SHARE:
        keep = 1
        while length + keep < size and fraction(s) < SPLIT_GROW:
            keep += 1
    span = length + keep
    low = max(0, position - span + 1)
    high = min(position, size - span)
    first = low + below(s, high - low + 1)
    # the kept part lies inside the string, after at least one removed job
    keep_from = first + 1 + below(s, length - 1) if keep > 0 else first + span
    x = s[at_node(s, n + t) + D_NEXT]
    for row in range(size):
        after = s[at_node(s, x) + D_NEXT]
        if first <= row < first + span and not keep_from <= row < keep_from + keep and not is_fixed(a, s, x):
            unlink(a, s, x)
            s[s[H_LIST] + removed] = x
            removed += 1
        x = after
    return removed


@njit(**JIT)
def ruin_strings(a: Any, s: Any, seed: int, mean_removed: float) -> int:
    """Take strings out of tours near ``seed``; return how many jobs are in ``list``."""
    served = s[C_JOBS] - s[C_UNSERVED]
    used = max(1, s[C_USED])
    mean = served / used
    longest = min(STRING_MAX, mean)  # l_s^max
    most = 4.0 * mean_removed / (1.0 + longest) - 1.0  # k_s^max
    tours = int(fraction(s) * most + 1.0)  # k_s
    removed = 0
    ruined = 0
    it = s[C_ITERATION]
    for row in range(a.d[P_NEAR]):
        c = a.g[at_near(a, seed) + row]
        t = s[at_node(s, c) + D_TOUR]
        if t < 0 or s[at_run(s, t) + S_TOUCHED] == it:
            continue
        length_max = min(np.float64(s[at_run(s, t) + S_LENGTH]), longest)  # l_t^max
        length = int(fraction(s) * length_max + 1.0)  # l_t
        length = min(length, s[at_run(s, t) + S_LENGTH])
        touch(a, s, t)
        removed = take_string(a, s, c, t, length, removed)
        ruined += 1
        if ruined >= tours:
            break
    return removed


@njit(**JIT)
def ruin_tours(a: Any, s: Any, seed: int) -> int:
    """Empty one or two whole tours near ``seed``; return how many jobs are in ``list``."""
    removed = 0
    ruined = 0
    wanted = 1 + below(s, 2)
    it = s[C_ITERATION]
    n = a.d[P_JOBS]
    for row in range(a.d[P_NEAR]):
        t = s[at_node(s, a.g[at_near(a, seed) + row]) + D_TOUR]
        if t < 0 or s[at_run(s, t) + S_TOUCHED] == it:
            continue
        touch(a, s, t)
        x = s[at_node(s, n + t) + D_NEXT]
        while x < n:
            after = s[at_node(s, x) + D_NEXT]
            if not is_fixed(a, s, x):
                unlink(a, s, x)
                s[s[H_LIST] + removed] = x
                removed += 1
            x = after
        ruined += 1
        if ruined >= wanted:
            break
    return removed


@njit(**JIT)
def ruin_alike(a: Any, s: Any, seed: int, mean_removed: float) -> int:
    """Take single jobs out that could be served where and when ``seed`` could; return how many are in ``list``.

    After Shaw (1998), doi 10.1007/3-540-49481-2_30: what is alike can change places.
    """
    wanted = 1 + below(s, np.int64(2.0 * mean_removed))
    opens, closes = a.d[at_job(a, seed) + J_OPENS], a.d[at_job(a, seed) + J_CLOSES]
    removed = 0
    for row in range(min(a.d[P_NEAR], 6 * wanted)):
        c = np.int64(a.g[at_near(a, seed) + row])
        t = s[at_node(s, c) + D_TOUR]
        if t < 0 or is_fixed(a, s, c) or below(s, 2) == 0:
            continue
        if a.d[at_job(a, c) + J_OPENS] > closes or a.d[at_job(a, c) + J_CLOSES] < opens:
            continue
        touch(a, s, t)
        unlink(a, s, c)
        s[s[H_LIST] + removed] = c
        removed += 1
        if removed == wanted:
            break
    return removed
