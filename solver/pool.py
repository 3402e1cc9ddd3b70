"""The routes that chains have seen: what column generation (:mod:`solver.generation`) begins with.

Recombining routes of many solutions is the *petal* idea of Foster and Ryan (1976), doi 10.1057/jors.1976.63.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from solver.problem import I64
from solver.state import C_POOL, C_POOL_END, H_POOL, State


@dataclass(slots=True)
class Pool:
    """Routes seen, the cheapest order for each set of jobs in a tour.

    ``routes`` maps (tour, jobs sorted) to (cost in grains without balance, travel + service seconds, jobs in order).
    """

    routes: dict[tuple[int, tuple[int, ...]], tuple[int, int, tuple[int, ...]]] = field(default_factory=dict)

    def take(self, state: State) -> None:
        """Take over what a chain has noted; it notes no more."""
        first, end = int(state[H_POOL]), int(state[C_POOL])
        notes = state[first:end].tolist()
        at, size = 0, len(notes)
        while at < size:
            tour, count, cost, moved, work = notes[at : at + 5]
            jobs = tuple(notes[at + 5 : at + 5 + count])
            key = (tour, tuple(sorted(jobs)))
            known = self.routes.get(key)
            if known is None or cost < known[0]:
                self.routes[key] = (cost, moved + work, jobs)
            at += 5 + count
        state[C_POOL] = state[C_POOL_END] = first

    def thin(self, skip_grains: I64, limit: int) -> None:
        """Drop the routes of least value per job until ``limit`` are left."""
        if len(self.routes) <= limit:
            return
        prices: list[int] = skip_grains.tolist()

        def value(item: tuple[tuple[int, tuple[int, ...]], tuple[int, int, tuple[int, ...]]]) -> float:
            (_, jobs), (cost, _, _) = item
            return (cost - sum(prices[j] for j in jobs)) / len(jobs)

        self.routes = dict(sorted(self.routes.items(), key=value)[:limit])
