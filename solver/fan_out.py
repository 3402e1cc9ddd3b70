"""Who works on the territories of a large problem: threads here, or the hands of a cluster while it answers.

Threads release the interpreter in their kernels, so that on one machine they do what processes would, without a word sent between them.
A cluster is asked where there is one. Until its first answer, and whenever it has been silent for a while, the threads here work
on, so that whatever becomes of it a plan is made in time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Protocol

from solver.errand import Brought, Errand, run_errand
from solver.limits import Budget
from solver.problem import Problem
from solver.territories import Taken, Territories

ERRAND_S, ERRAND_LEAST_S = 0.5, 0.15
"""How long an errand takes: shorter ones spend more on cutting out, longer ones meet fewer temperatures."""

PASSES = 12.0
"""Each job should be in so many errands at least, where there is time for it."""

FAR_ERRAND_S = 1.0
"""An errand for another machine: sending it there and back should weigh little."""

PATIENCE = 4.0
"""An errand here may take so many times its seconds by the clock, on a busy machine."""

COUNTED_PASSES, COUNTED_LEAST = 20, 200
"""The same for a limit of iterations, and the fewest of them that an errand has."""

FAR_MOST = 64
"""No more hands of a cluster are used: whoever cuts out and puts back has some milliseconds to spend on each."""

WAIT_S = 0.02
"""How long a hand waits when everything is held by others."""


class Hands(Protocol):
    """Hands elsewhere."""

    def count(self) -> int:
        """Return how many errands can be worked on at once now."""
        ...

    def is_answering(self) -> bool:
        """Say whether an errand came back lately."""
        ...

    def run(self, errand: Errand, cancelled: Callable[[], bool]) -> Brought | None:
        """Run an errand; None where nothing came back."""
        ...


class FanOut:
    """One search over territories.

    Parameters
    ----------
    territories
        What is worked on.
    budget
        When it ends, and how far it is.
    heat
        Temperature in grains for the part of this search that is over.
    seed
        Of the random numbers.
    """

    def __init__(self, territories: Territories, budget: Budget, heat: Callable[[float], float], seed: int) -> None:
        self.territories, self.budget, self.heat, self.seed = territories, budget, heat, seed
        self.since = budget.share()
        self.here = True

    def run(self, threads: int, far: Hands | None) -> None:
        """Work until the budget is used up, with so many threads here and the hands elsewhere, if there are any."""
        if self.budget.iterations is not None:
            self._count_out(threads)
            return
        with ThreadPoolExecutor(threads + (0 if far is None else FAR_MOST)) as executor:
            if far is None:
                for one in [executor.submit(self._work_here, row, threads) for row in range(threads)]:
                    one.result()
                return
            self._supervise(executor, threads, far)

    # --- by seconds ---

    def _supervise(self, executor: ThreadPoolExecutor, threads: int, far: Hands) -> None:
        """Keep the cluster's hands busy, and the threads here while it does not answer."""
        at_work: dict[tuple[str, int], Future[None]] = {}
        while not self.budget.over():
            self.here = not far.is_answering()
            wanted = [("far", row) for row in range(min(FAR_MOST, far.count()))]
            wanted += [("here", row) for row in range(threads)] if self.here else []
            for place, row in wanted:
                known = at_work.get((place, row))
                if known is not None and not known.done():
                    continue
                if known is not None:
                    known.result()
                if place == "far":
                    at_work[place, row] = executor.submit(self._work_far, row, far)
                else:
                    at_work[place, row] = executor.submit(self._work_here, row, threads)
            time.sleep(WAIT_S)
        for one in at_work.values():
            one.result()

    def _work_here(self, row: int, threads: int) -> None:
        """Run errands in this thread."""
        errand_s = self._errand_s(threads)
        turn = 0
        while self.here and not self.budget.over():
            taken = self.territories.take()
            if taken is None:
                time.sleep(WAIT_S)
                continue
            turn += 1
            errand = self._errand(taken, errand_s, (self.seed * 1_000 + row) * 100_000 + turn)
            self._finish(taken, run_errand(replace(errand, patience=PATIENCE), self.budget.over))

    def _work_far(self, row: int, far: Hands) -> None:
        """Send errands to a cluster as long as it has so many hands."""
        turn, on_the_way_s = 0, 0.1
        while row < far.count() and not self.budget.over():
            errand_s = min(FAR_ERRAND_S, (self.budget.seconds or 0.0) - self.budget.elapsed_s() - 2 * on_the_way_s)
            taken = self.territories.take() if errand_s > ERRAND_LEAST_S else None
            if taken is None:
                time.sleep(WAIT_S)
                continue
            turn += 1
            began_s = time.perf_counter()
            errand = self._errand(taken, errand_s, (self.seed * 1_000 + 500 + row) * 100_000 + turn)
            brought = None
            try:
                brought = far.run(errand, self.budget.over)
            finally:
                self._finish(taken, brought)
            if brought is not None:
                on_the_way_s = 0.7 * on_the_way_s + 0.3 * max(0.0, time.perf_counter() - began_s - errand_s)

    def _errand(self, taken: Taken, seconds: float, seed: int) -> Errand:
        """Return an errand of so many seconds from now on."""
        whole_s = max(self.budget.seconds or 0.0, 1e-9)
        share = self._share(self.budget.share())
        until = self._share(self.budget.share() + seconds / whole_s)
        problem: Problem = taken.territory.problem
        return Errand(problem, taken.routes, self.heat(share), self.heat(until), seconds, None, seed)

    def _share(self, used: float) -> float:
        """Return how much of this search is over, where that much of the whole limit is used."""
        return min(1.0, max(0.0, (used - self.since) / max(1.0 - self.since, 1e-9)))

    def _errand_s(self, threads: int) -> float:
        """Return how long an errand of this search takes, so that every job is in several."""
        turns = PASSES * self.territories.problem.n_jobs / self.territories.size
        return min(ERRAND_S, max(ERRAND_LEAST_S, (self.budget.seconds or 0.0) * threads / turns))

    def _finish(self, taken: Taken, brought: Brought | None) -> None:
        """Put a territory back, and count what was done."""
        self.territories.put_back(taken, brought)
        if brought is not None:
            self.budget.count(brought.iterations)

    # --- by iterations ---

    def _count_out(self, threads: int) -> None:
        """Run rounds of as many errands as there are threads, put back in their order: the same every time."""
        total = self.budget.iterations or 0
        turns = max(1.0, COUNTED_PASSES * self.territories.problem.n_jobs / self.territories.size)
        most = max(COUNTED_LEAST, int(total / turns))
        done, turn = 0, 0
        with ThreadPoolExecutor(threads) as executor:
            while done < total and not self.budget.over():
                share, errands = done / total, []
                until = min(1.0, (done + most * threads) / total)
                for _ in range(threads):
                    taken = self.territories.take() if done < total else None
                    if taken is None:
                        break
                    turn += 1
                    count = min(most, total - done)
                    done += count
                    errand = Errand(
                        taken.territory.problem,
                        taken.routes,
                        self.heat(share),
                        self.heat(until),
                        None,
                        count,
                        self.seed * 100_000_000 + turn,
                    )
                    errands.append((taken, executor.submit(run_errand, errand, self._is_late)))
                if not errands:
                    return
                for taken, future in errands:
                    self._finish(taken, future.result())

    def _is_late(self) -> bool:
        """Say whether somebody or the clock wants an end, whatever the iterations."""
        if self.budget.cancelled():
            return True
        return self.budget.seconds is not None and self.budget.elapsed_s() >= self.budget.seconds
