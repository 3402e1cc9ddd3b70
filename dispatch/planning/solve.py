"""The library's door for one plan: request in, plan out. Whoever plans a request again and again keeps an engine."""

from __future__ import annotations

import time

from dispatch.format.model import Plan, Request
from dispatch.planning.engine import Cancel, Engine, OnBest, routes_of
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
) -> Plan:
    """Plan a request.

    The parameters and the plan are those of :meth:`dispatch.planning.engine.Engine.solve`; the seconds of ``stop`` count from
    this call, lowering included.

    Raises
    ------
    Unsupported
        If the request uses what cannot be planned yet, or prices that could overflow; every key is named.
    ValueError
        If ``threads`` is below 1 or the limits of ``stop`` are none.
    """
    since = time.monotonic()
    engine = Engine(request)
    return engine.solve(start, stop, on_best, cancel, seed=seed, threads=threads, lang=lang, since=since)


__all__ = ["OnBest", "routes_of", "solve"]
