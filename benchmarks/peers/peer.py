"""The face that every adapter shows to the race."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.plain import Plain, Tours


@dataclass(frozen=True, slots=True)
class Peer:
    """An engine that can be given a plain request.

    Attributes
    ----------
    name
        As it is called in the tables.
    distribution
        The package on PyPI, for its version.
    threads
        How many threads the engine can use in one search. An engine that can use only one gets its two settings run
        side by side, so that it has as many cores as the others.
    settings
        The two settings tried; the better answer counts. Each is explained in the adapter.
    build
        (plain, setting) → the engine's own model of the problem; not timed.
    solve
        (model, seconds, seed, threads) → tours.
    price_s
        (plain, setting, tours) → the engine's own objective of the given tours, in the unit and rounding of
        ``expected_s``.
    expected_s
        (plain, setting, tours) → our objective rounded as the engine can be told it.
    """

    name: str
    distribution: str
    threads: int
    settings: tuple[str, str]
    build: Callable[[Plain, str], Any]
    solve: Callable[[Any, float, int, int], Tours]
    price_s: Callable[[Plain, str, Tours], tuple[int, int]]
    expected_s: Callable[[Plain, str, Tours], tuple[int, int]]
