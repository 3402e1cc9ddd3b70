"""How long a tour takes that leaves as late as it can: spans of consecutive stops, put together in constant time.

A *span* is three numbers of a sequence of stops: the least time that it takes, and between which moments it may begin then. Two
spans give that of one after the other, as in Vidal, Crainic, Gendreau and Prins (2013), *A hybrid genetic algorithm with adaptive diversity
management*, Computers & Operations Research 40(1), doi 10.1016/j.cor.2012.07.018, section 4.5. Every node keeps the span from its tour's start up to it
(``S_UP_SPAN`` …) and from it to the end (``S_ON_SPAN`` …), so that an insertion is priced from two of them and the job.

Only where nothing else speaks about time: one window a job, no breaks, absences, peaks, prices of lateness, no set-up that may
be saved (``P_SPANS``). There it is the rule of :mod:`solver.problem`, departure put off, to the last second.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from solver.arrays import (
    J_CLOSES,
    J_OPENS,
    J_PROFILE,
    P_COUPLED,
    P_JOBS,
    P_RATE_DURATION,
    P_RATE_OVERTIME,
    P_RATE_S,
    P_TOURS,
    T_END,
    T_KIND,
    T_LAST,
    T_START,
    T_WORKER,
    at_finish,
    at_job,
    at_service,
    at_tour,
)
from solver.jit import INLINE, JIT, njit
from solver.mechanisms.clock import DEAD
from solver.problem import FAR_S
from solver.state import (
    D_LEG_S,
    D_NEXT,
    D_PREV,
    O_END,
    O_FROM,
    O_TO,
    S_ON_EARLY,
    S_ON_LATE,
    S_ON_SPAN,
    S_UP_EARLY,
    S_UP_LATE,
    S_UP_SPAN,
    at_hold,
    at_node,
    at_span,
)


@njit(**INLINE)
def joined(
    span: int, early: int, late: int, leg_s: int, span2: int, early2: int, late2: int
) -> tuple[int, int, int, bool]:
    """Return the span of two in a row, ``leg_s`` apart, and whether the second can be reached in time."""
    lasts = span + leg_s
    waits = max(0, early2 - lasts - late)
    possible = early + lasts <= late2
    return lasts + span2 + waits, max(early2 - lasts, early) - waits, min(late2 - lasts, late), possible


@njit(**JIT)
def span_of(a: Any, s: Any, t: int, j: int) -> tuple[int, int, int]:
    """Return the span of one job in tour ``t``."""
    tour, job = at_tour(a, t), at_job(a, j)
    service = np.int64(a.g[at_service(a, j, a.d[tour + T_KIND])])
    opens, closes = a.d[job + J_OPENS], a.d[job + J_CLOSES]
    last = min(a.d[tour + T_LAST], a.d[at_finish(a, a.d[job + J_PROFILE], a.d[tour + T_WORKER])])
    if a.d[P_COUPLED] != 0:
        opens = max(opens, s[at_hold(s, j) + O_FROM])
        closes = min(closes, s[at_hold(s, j) + O_TO])
        last = min(last, s[at_hold(s, j) + O_END])
    return service, opens, min(closes, last - service)


@njit(**JIT)
def refresh_spans(a: Any, s: Any, t: int) -> tuple[int, int]:
    """Bring the spans of a tour's nodes up to date; return how long the tour takes (DEAD where it is not possible) and its earliest begin."""
    n, tours = a.d[P_JOBS], a.d[P_TOURS]
    head, tail = n + t, n + tours + t
    tour = at_tour(a, t)
    node, spans = at_node(s, head), at_span(s, head)
    span, early, late = np.int64(0), a.d[tour + T_START], a.d[tour + T_LAST]
    s[spans + S_UP_SPAN], s[spans + S_UP_EARLY], s[spans + S_UP_LATE] = span, early, late
    possible = True
    x = s[node + D_NEXT]
    leg_s = s[node + D_LEG_S]
    while x != tail:
        own_span, own_early, own_late = span_of(a, s, t, x)
        span, early, late, fine = joined(span, early, late, leg_s, own_span, own_early, own_late)
        possible = possible and fine and own_early <= own_late
        node, spans = at_node(s, x), at_span(s, x)
        s[spans + S_UP_SPAN], s[spans + S_UP_EARLY], s[spans + S_UP_LATE] = span, early, late
        leg_s = s[node + D_LEG_S]
        x = s[node + D_NEXT]
    span, early, late, fine = joined(span, early, late, leg_s, np.int64(0), np.int64(-FAR_S), a.d[tour + T_LAST])
    possible = possible and fine
    # from the end
    node, spans = at_node(s, tail), at_span(s, tail)
    on_span, on_early, on_late = np.int64(0), np.int64(-FAR_S), a.d[tour + T_LAST]
    s[spans + S_ON_SPAN], s[spans + S_ON_EARLY], s[spans + S_ON_LATE] = on_span, on_early, on_late
    x = s[node + D_PREV]
    while x != head:
        node, spans = at_node(s, x), at_span(s, x)
        own_span, own_early, own_late = span_of(a, s, t, x)
        on_span, on_early, on_late, _ = joined(
            own_span, own_early, own_late, s[node + D_LEG_S], on_span, on_early, on_late
        )
        s[spans + S_ON_SPAN], s[spans + S_ON_EARLY], s[spans + S_ON_LATE] = on_span, on_early, on_late
        x = s[node + D_PREV]
    if not possible:
        return DEAD, early
    return span, early


@njit(**INLINE)
def span_cost(a: Any, t: int, span: int, early: int, moved: int) -> int:
    """Price travel, duration and overtime of a tour from its span."""
    overtime = max(0, early + span - a.d[at_tour(a, t) + T_END])
    return moved * a.d[P_RATE_S] + span * a.d[P_RATE_DURATION] + overtime * a.d[P_RATE_OVERTIME]


@njit(**JIT)
def span_with(a: Any, s: Any, t: int, j: int, i: int, x: int, in_s: int, out_s: int) -> tuple[int, int]:
    """Return how long tour ``t`` takes with job ``j`` between nodes ``i`` and ``x`` (DEAD where it cannot), and its earliest begin."""
    before, after = at_span(s, i), at_span(s, x)
    own_span, own_early, own_late = span_of(a, s, t, j)
    span, early, late, fine = joined(
        s[before + S_UP_SPAN], s[before + S_UP_EARLY], s[before + S_UP_LATE], in_s, own_span, own_early, own_late
    )
    if not fine or own_early > own_late:
        return DEAD, early
    span, early, late, fine = joined(
        span, early, late, out_s, s[after + S_ON_SPAN], s[after + S_ON_EARLY], s[after + S_ON_LATE]
    )
    if not fine:
        return DEAD, early
    return span, early
