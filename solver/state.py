"""A chain's memory: sums, counters and tables in one flat array, and where each stands in it.

Tours are doubly linked lists over *nodes*: job j is node j, the start of tour t is node n_jobs + t, its end is node n_jobs +
n_tours + t. Each node keeps the labels of the clock (:mod:`solver.mechanisms.clock`), so that an insertion is priced by
advancing from the place of insertion only until the times are as before.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from solver.arrays import (
    P_LABELS,
)
from solver.jit import INLINE, njit
from solver.problem import I64

LABEL_WIDTH = 6
"""Numbers of a label of the clock."""

INF = np.int64(1 << 61)
"""The price of what cannot be."""

# the first numbers of a chain's memory: sums and counters, then where each table begins
(
    C_COST,
    C_BEST,
    C_UNSERVED,
    C_ITERATION,
    C_USED,
    C_BEST_AT,
    C_EVALUATED,
    C_ACCEPTED,
    C_BEST_UNSERVED,
    C_TOUCHED,
    C_SAVED,
    C_RANDOM,
    C_MEMO,
    C_TOURS,
    C_JOBS,
    C_POOL,
    C_POOL_END,
    C_MARGIN,
    C_MOVED,
    C_LEFT,
    C_BUDGET,
    H_NODE,
    H_LABEL,
    H_RUN,
    H_BUSY,
    H_SKIP,
    H_BANK,
    H_BANK_ROW,
    H_MEMO,
    H_MEMO_PREV,
    H_TOUCHED,
    H_SAVED,
    H_SAVED_FIRST,
    H_BEST,
    H_SEQ,
    H_WHOLE,
    H_EVENT,
    H_TWO,
    H_LIST,
    H_KEY,
    H_MARK,
    H_TOURS,
    H_JOBS,
    H_POOL,
    H_SEEN,
    C_JOURNAL,
    C_BLOCK,
    H_KEPT,
    H_HOLD,
    H_ON,
    H_SUPPLY,
    H_VAN,
    H_LOT,
    H_LENT,
    H_USERS,
    H_EXTRA,
    H_JOURNAL,
    H_CANDIDATES,
    H_WAS,
    H_SPANS,
    H_DETOUR,
    H_FIXED,
    H_WAYS,
) = range(63)
N_STATE = 64

# columns of a node
(
    D_NEXT,
    D_PREV,
    D_PLACE,
    D_TOUR,
    D_LEG_S,
    D_LEG_M,
    D_LATEST,
    D_TIME,
    D_SUM_S,
    D_SUM_WORK,
    D_SUM_M,
    D_SUM_FIT,
    D_RANK,
    D_MOST_S,
) = range(14)
N_NODE = 14

# columns of a node's spans
S_UP_SPAN, S_UP_EARLY, S_UP_LATE, S_ON_SPAN, S_ON_EARLY, S_ON_LATE = range(6)
N_SPAN = 6

# columns of a tour in work
S_LENGTH, S_COST, S_TRAVEL, S_WORK, S_FIT, S_METRES, S_TOUCHED, S_CHANGED, S_VISITS, S_TRIED, S_HELD = range(11)
N_RUN = 11

# columns of what a node is held to by others
O_FROM, O_TO, O_END = range(3)
N_HOLD = 3

# columns of a worker in work
B_BUSY, B_TOUCHED, B_BALANCE = range(3)

STALE = np.int64(-(1 << 61))
"""The remembered price of an insertion into a tour that changed since: below every price, so that it is looked at again."""

UNFIT = np.int64(1 << 62)
"""The remembered price of an insertion where the worker does not fit the job."""

MEMO_CELLS_MAX = 6_000_000
"""Up to so many pairs of job and tour the best insertion is remembered (16 bytes each)."""

SEEN_SLOTS = 1 << 16
"""Slots in which routes that were noted are recognised; a power of two."""

State = I64
"""One chain's tours and memory, flat for the same reason as :class:`solver.arrays.Arrays`.

Sums and counters (``C_``), where each table begins (``H_``), then the tables: nodes [n_nodes, 14] (``D_``); labels [n_nodes,
n_labels, 6]; tours [n_tours, 11] (``S_``; cost is without balance); workers [n_workers, 4] (``B_``); the price of leaving out each job; the bank of unserved jobs, and each job's row in it or −1; the prices of remembered insertions and the nodes they
come after [n_jobs, n_tours] each (none when too many); tours touched in this iteration, their jobs before and where they begin; next nodes of the best; a whole tour's jobs,
labels and events; two rows of labels; jobs to insert and their sort keys; the iteration in which a job was removed last; the
tours and the jobs in play (a chain may work on a part of the problem; what is out of play is unlinked, with tour −2); routes noted and their fingerprints.
"""


@njit(**INLINE)
def at_node(s: Any, x: int) -> int:
    """Return where node ``x`` begins."""
    return s[H_NODE] + x * N_NODE


@njit(**INLINE)
def at_label(a: Any, s: Any, x: int) -> int:
    """Return where the labels of node ``x`` begin."""
    return s[H_LABEL] + x * a.d[P_LABELS] * LABEL_WIDTH


@njit(**INLINE)
def at_run(s: Any, t: int) -> int:
    """Return where tour ``t`` in work begins."""
    return s[H_RUN] + t * N_RUN


@njit(**INLINE)
def at_busy(s: Any, w: int) -> int:
    """Return where worker ``w`` in work begins."""
    return s[H_BUSY] + w * 4


@njit(**INLINE)
def at_hold(s: Any, x: int) -> int:
    """Return where stands what other tours hold node ``x`` to (``O_``: begins from, begins to, ends by)."""
    return s[H_HOLD] + x * N_HOLD


@njit(**INLINE)
def at_span(s: Any, x: int) -> int:
    """Return where the spans of node ``x`` begin (``S_UP_``, ``S_ON_``)."""
    return s[H_SPANS] + x * N_SPAN
