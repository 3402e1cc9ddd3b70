"""The library's door for one plan: request in, plan out. Whoever plans a request again and again keeps an engine."""

from __future__ import annotations

import os
import time

from dispatch.format.model import Plan, Request
from dispatch.planning.elsewhere import OnNote, hands_for
from dispatch.planning.engine import Cancel, Engine, OnBest
from dispatch.planning.proof import prove
from dispatch.rulebook.line import Language
from solver.search import Stop


def solve(
    request: Request,
    start: Plan | None = None,
    stop: Stop | None = None,
    on_best: OnBest | None = None,
    cancel: Cancel | None = None,
    *,
    seed: int = 0,
    threads: int | None = None,
    lang: Language = "zh",
    bound_s: float | None = None,
    dask: str | None = None,
    on_note: OnNote | None = None,
    since: float | None = None,
) -> Plan:
    """Plan a request.

    The parameters and the plan are those of :meth:`dispatch.planning.engine.Engine.solve`; the seconds of ``stop`` count from
    ``since`` (a moment of :func:`time.monotonic`; None: this call), lowering included. ``bound_s``: once the plan is made, so many seconds more are taken to prove how good it is, and
    ``solver.bound`` and ``gap`` are told. ``dask``: the address of a Dask scheduler, whose workers help with a large request; what goes
    wrong there is told ``on_note``, as is why it was not asked, and the plan is made all the same.

    Raises
    ------
    Unsupported
        If the request uses what cannot be planned yet, or prices that could overflow; every key is named.
    ValueError
        If ``threads`` is below 1 or the limits of ``stop`` are none.
    """
    since = time.monotonic() if since is None else since
    engine = Engine(request)
    with hands_for(engine.warm.lowered.problem, dask, stop or Stop(seconds=10.0), on_note) as far:
        plan = engine.solve(start, stop, on_best, cancel, seed=seed, threads=threads, lang=lang, since=since, far=far)
    if bound_s is None:
        return plan
    return prove(engine.warm.lowered, plan, bound_s, threads or os.cpu_count() or 1, cancel)


__all__ = ["OnBest", "solve"]
