"""The engine: a request lowered once, kept warm, asked many times.

>>> from dispatch.example import make_request
>>> engine = Engine(make_request(2, 4))
>>> plan = engine.solve(stop=Stop(iterations=200), threads=1)
>>> again = engine.solve(plan, stop=Stop(iterations=200), threads=1)
>>> again.objective.total <= plan.objective.total
True

The promise of time: with ``seconds`` = S a plan is there no later than 1.1 × S + 2 s after the call, whatever the size.
What reading back and telling reasons will need comes off the search's time.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from dispatch.format.model import Plan, Request, SolverNote
from dispatch.planning.as_planned import start_as_planned, tell_bound
from dispatch.planning.edits import Edit
from dispatch.planning.held_back import find_unkept, require_kept
from dispatch.planning.listed import list_broken
from dispatch.planning.lower import Lowered, lower
from dispatch.planning.read_back import read_back
from dispatch.planning.reasons import Clock, explain, settle
from dispatch.planning.routes_of import routes_of
from dispatch.planning.settled import read_settled
from dispatch.planning.what_if import Asker, WhatIf
from dispatch.rulebook.line import Language
from dispatch.rulebook.money import cny_of
from solver import search
from solver.arrays import Arrays, pack
from solver.fan_out import Hands
from solver.places import Places
from solver.problem import Held
from solver.search import Progress, Stop
from solver.tied_ask import TiedPlaces
from solver.tours import make_state, time_tour

ENGINE = "paidan"

SPARE_SHARE = 0.1
SPARE_S = 2.0
"""Time beyond ``seconds`` by which a plan is promised."""

WRITE_SHARE = 1.6
"""Reading back and writing the document are granted so many times what lowering and packing took, so that the promise holds on
a busy machine as on an idle one. Measured at 1 000 × 10 000: 1.3 s of CPU before the search, 1.0 s after it (0.77), and the process's end; with 1.2
one run of three was 0.05 s late."""

WRITE_LEAST_S = 1.1
"""That much at least: the last reason begun before the time was over, reading back, the process's start and end."""

REASON_SHARE = 0.4
"""The same for cheaper places and reasons, at least; what the search leaves over is theirs as well."""

SETTLE_SHARE = 0.4
"""Of the time for places and reasons, what looking for cheaper places may take."""

CANCELLED_S = 2.0
"""What is left for places and reasons once a person has asked for the plan."""

OnBest = Callable[[Decimal, float, int, int], None]
"""Receives total in CNY, seconds, iterations and the number of tickets left out."""

Cancel = Callable[[], bool] | threading.Event


@dataclass(frozen=True, slots=True)
class Warm:
    """What an engine knows of its request; never changed, so that who began with it ends with it.

    Parameters
    ----------
    request
        As it was given.
    lowered, arrays
        The problem, and the same packed for the kernels.
    took_s
        Seconds that lowering and packing all of it took: a measure of the machine and of the size.
    """

    request: Request
    lowered: Lowered
    arrays: Arrays
    took_s: float


class Engine:
    """Plan a request again and again without reading it anew.

    Calls may come from several threads: each works on the request that was the engine's when it came.

    Parameters
    ----------
    request
        What is to be planned.

    Raises
    ------
    Unsupported
        If the request uses what cannot be planned yet, or prices that could overflow; every key is named.
    """

    def __init__(self, request: Request) -> None:
        self._warm = _warm_up(request)
        make_state(self._warm.arrays, 0)  # the kernels load here, not in the seconds of a search
        self._asker: Asker | None = None

    @property
    def request(self) -> Request:
        """Return the request that is planned now."""
        return self._warm.request

    @property
    def warm(self) -> Warm:
        """Return what is kept."""
        return self._warm

    def update(self, request: Request) -> None:
        """Plan another request from now on, such as the same day with a ticket more, or an hour later.

        The engine is then as a new one would be, to the last number. What is dear is taken over where it can be: the table of
        legs where the places are the same, its rows between places that are still there otherwise (straight lines; a table
        of travel is read anew), the order of neighbours where every ticket is where it was. The rest is lowered anew: it
        is a few microseconds a ticket, and whatever moves with ``now`` changes in any case.

        Raises
        ------
        Unsupported
            As when made; the engine then keeps the request that it had.
        """
        self._warm = _warm_up(request, self._warm)
        self._asker = None

    def what_if(self, plan: Plan, edits: Sequence[Edit]) -> WhatIf:
        """Tell what changes of a plan would break and cost, term by term; nothing is kept.

        Parameters
        ----------
        plan
            A plan of the engine's request; a plan that came of an earlier question may be asked about as well.
        edits
            Applied in this order, judged together at the end. An edit whose place is not told is put at the cheapest legal one
            given the edits before it; where a named engineer has none, where it breaks least.

        Returns
        -------
        WhatIf
            Its figures are those of :func:`dispatch.judge.judge`, to the cent.

        Raises
        ------
        KeyError
            The request has no such ticket, engineer or shift, or the shift is over.
        ValueError
            An edit makes no sense: a visited ticket is inserted, one that is left out is removed or pinned without a place, a
            position names no single shift, or a swap is of one ticket or of two that are left out.

        Examples
        --------
        >>> from dispatch.example import make_request
        >>> engine = Engine(make_request(2, 4))
        >>> plan = engine.solve(stop=Stop(iterations=200), threads=1)
        >>> from dispatch.planning.edits import Remove
        >>> told = engine.what_if(plan, [Remove(plan.routes[0].stops[1].ticket)])
        >>> told.is_legal, told.terms["skipped"] > 0, told.landed
        (True, True, (None,))
        """
        asker = self._asker
        if asker is None or asker.lowered is not self._warm.lowered:
            warm = self._warm
            asker = self._asker = Asker(warm.lowered, warm.arrays, warm.request)
        return asker.what_if(plan, edits)

    def solve(
        self,
        start: Plan | None = None,
        stop: Stop | None = None,
        on_best: OnBest | None = None,
        cancel: Cancel | None = None,
        *,
        seed: int = 0,
        threads: int | None = None,
        lang: Language = "zh",
        since: float | None = None,
        far: Hands | None = None,
    ) -> Plan:
        """Plan the request.

        Parameters
        ----------
        start
            A plan to start from; its visits are kept where they are still legal, tickets and shifts that are gone are ignored.
            None: where the request has a plan in force, that one. The plan is never worse than its start filled up greedily.
        stop
            When to stop: seconds, iterations, or whichever comes first; 10 s when not told.
        on_best
            Called whenever a better plan was found.
        cancel
            Polled about every 20 ms; once true, the best plan so far is returned, with its reasons.
        seed
            With ``iterations`` alone, the same seed and number of threads give the same plan every time.
        threads
            Of the search; None: one for each core.
        lang
            Language of the reasons' sentences.
        since
            The moment of :func:`time.monotonic` from which the seconds count; None: this call.
        far
            Hands on other machines, for a large request (:mod:`dispatch.planning.elsewhere`); None: there are none.

        Returns
        -------
        Plan
            Legal; every ticket it leaves out has its verdict and reasons. ``solver.bound`` is not told.

        Raises
        ------
        ValueError
            If ``threads`` is below 1 or the limits of ``stop`` are none.
        """
        began = time.monotonic() if since is None else since
        stop = stop or Stop(seconds=10.0)
        warm = self._warm
        lowered, arrays = warm.lowered, warm.arrays
        ends = None
        if stop.seconds is not None:
            write_s = max(warm.took_s * WRITE_SHARE, WRITE_LEAST_S)
            ends = began + (1 + SPARE_SHARE) * stop.seconds + SPARE_S - write_s
        routes, held = start_as_planned(lowered, arrays) if start is None else _begin_with(lowered, arrays, start)
        found = search.solve(
            lowered.problem,
            routes,
            _shorten(stop, ends, warm.took_s),
            None if on_best is None else partial(_pass_on, on_best, began),
            cancel,
            seed=seed,
            threads=threads or os.cpu_count() or 1,
            arrays=arrays,
            start_held=held,
            far=far,
        )
        left_s = _left(ends, is_cancelled=cancel is not None and _is_set(cancel))
        clock = Clock(left_s)
        if lowered.problem.couplings is not None:
            require_kept(lowered, found.routes)
        places = (
            Places(lowered.problem, found.routes, arrays)
            if found.held is None
            else TiedPlaces(lowered.problem, found.routes, arrays, found.held)
        )
        settle(lowered, places, Clock(None if left_s is None else left_s * SETTLE_SHARE))
        told = {**explain(lowered, places, clock, lang), **tell_bound(lowered, places, clock, lang)}
        held = places.held if isinstance(places, TiedPlaces) else None
        note = SolverNote(
            engine=ENGINE,
            seed=seed,
            seconds=Decimal(f"{time.monotonic() - began:.2f}"),
            iterations=found.iterations,
            threads=found.threads,
        )
        timer = partial(time_tour, arrays=arrays, held=held)
        return list_broken(warm.request, read_back(lowered, places.routes, note, timer, told, held))


def _begin_with(lowered: Lowered, arrays: Arrays, start: Plan) -> tuple[Sequence[Sequence[int]], Held | None]:
    """Return a plan as the search's start."""
    if lowered.problem.couplings is None:
        return routes_of(lowered, start), None
    return read_settled(lowered, arrays, start)


def _warm_up(request: Request, known: Warm | None = None) -> Warm:
    """Lower and pack a request; what is known of one like it is taken over."""
    began = time.monotonic()
    lowered = lower(request, None if known is None else known.lowered)
    arrays = pack(lowered.problem, None if known is None else (known.lowered.problem, known.arrays))
    unkept: frozenset[str] = frozenset()
    while more := find_unkept(lowered, arrays) - unkept:
        unkept |= more
        lowered = lower(request, lowered, unkept)
        arrays = pack(lowered.problem)
    took_s = time.monotonic() - began
    return Warm(request, lowered, arrays, took_s if known is None else max(took_s, known.took_s))


def _shorten(stop: Stop, ends: float | None, took_s: float) -> Stop:
    """Take lowering, places and reasons off the search's seconds."""
    if stop.seconds is None or ends is None:
        return stop
    left = ends - time.monotonic() - took_s * REASON_SHARE
    return Stop(max(0.0, min(stop.seconds, left)), stop.iterations)


def _is_set(cancel: Cancel) -> bool:
    """Tell whether somebody wants the plan now."""
    return cancel.is_set() if isinstance(cancel, threading.Event) else cancel()


def _left(ends: float | None, *, is_cancelled: bool) -> float | None:
    """Return the seconds that are left for places and reasons; None: as long as it takes."""
    left = None if ends is None else ends - time.monotonic()
    if is_cancelled:
        return CANCELLED_S if left is None else min(left, CANCELLED_S)
    return left


def _pass_on(on_best: OnBest, began: float, progress: Progress) -> None:
    """Tell a better solution in the words of the door; seconds count from the call."""
    on_best(cny_of(progress.total_grains), time.monotonic() - began, progress.iterations, progress.unserved)
