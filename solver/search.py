"""The search: chains of ruin and recreate on several threads, column generation beside them, an answer at any time.

Small problems: every thread runs its own chain, in rounds of cooling and reheating; after the first round one thread finds the best set of
all routes that can be (:mod:`solver.generation`), mostly with a proof, so that every seed ends at the best. Large problems: the threads
share one solution; in every round its workers are cut into as many neighbourhoods as there are threads, along another line each time, and
each thread anneals its own at the common temperature. Where time is plenty they refine it part by part in the end (:mod:`solver.refine`).

Where a plan is in force (:class:`solver.problem.Change`) chains alone search, from the start that is given: prices of early begins,
jobs that come first and the budget of changes are unknown to column generation. Chains that share a solution share what is left of
the budget.

With iterations as the only limit the same answer comes out every time from the same seed and number of threads: chains then meet only after as
many iterations as were counted out to each, and know nothing of one another in between.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise

import numpy as np

from solver.absences import RAISE_EVERY, Absences
from solver.anneal import anneal, count_used, fill, keep_best, order_to_fill, sweep
from solver.arrays import H_IS_COUPLED, J_SKIP, Arrays, at_job, pack
from solver.columns import JOBS_MAX
from solver.fan_out import FanOut, Hands
from solver.generation import Found
from solver.limits import Budget, Progress, Stop
from solver.mechanisms.coupling import read_block, read_held
from solver.neighbourhoods import Neighbourhoods, Share, distance_from
from solver.pool import Pool
from solver.pricing import Case
from solver.problem import FAR_S, I64, Held, Problem, Routes, Solution
from solver.refine import Refinement, prepare
from solver.state import C_BEST, C_BUDGET, C_COST, C_LEFT, C_MARGIN, C_MOVED, C_UNSERVED, State
from solver.territories import Territories
from solver.together import anneal_coupled, fill_coupled, keep_best_coupled
from solver.tours import load_routes, make_state, read_routes
from solver.typical_leg import typical_leg_grains

SHARED_JOBS_MIN = JOBS_MAX + 1
"""From so many jobs on the threads share one solution; below, routes can be generated."""

WARM, LUKEWARM, COLD = 10.0, 1.5, 0.05
"""First temperature, that before the quench, and the last one, in units of a typical leg's price; best of those tried on the tuning
seeds."""

WARM_TIED, LUKEWARM_TIED = 20.0, 2.0
"""The same where tours are tied: what goes together is dearer to take out. Four rich days, 30 x 240 to 100 x 800, some 8 CPU seconds each, above the
best of all: 2.5 % with those of untied tours, 0.3 and 2.0 % with these in two series, 6.0 % with half of the former, 1.6 % with 40 and 3."""

QUENCH_SHARE = 0.15
"""The last part of the search, in which the temperature falls from lukewarm to cold."""

WARM_SERVED = 5.0
"""First temperature once every job is served: only the ways are left to shorten, and the temperature falls evenly."""

NOTE_MARGIN = 40.0
"""Routes of solutions so many leg units above the chain's best are noted: what column generation begins with."""

WARM_AGAIN, LUKEWARM_AGAIN = 3.0, 1.0
"""The same from a plan in force with a price on every change: it is near a good end, and what leads far from it has to be paid for. Counted in
iterations, six days of 100 x 650 with an urgent ticket: 80 000 end better on two of them and worse on none, 800 000 the same on three."""

WARM_APART = 120.0
"""First temperature of separate chains on small problems, where leaving out a job dwarfs a leg; a third in short rounds."""

ROUND_ITERATIONS, ROUNDS_MAX, SERVED_ROUNDS_MAX = 30_000, 3, 8
"""A round of a separate chain has at least so many iterations; there are at most so many rounds, or so many where tours are tied and every
job is served from the start: then no round has to be hot for long."""

FIRST_ROUND_S = 1.0
"""The first round of separate chains takes at most so long; it finds the routes that column generation begins with."""

GENERATE_SHARE, SAFE_SHARE = 0.5, 0.97
"""Without a second thread routes are generated for so much of the time left; never up to the very end."""

GENERATE_JOBS = 80
"""With more jobs a proof is rare: the first chain goes on after that share, too."""

REFINE_FROM, REFINE_S_PER_JOB = 0.4, 0.12
"""A shared solution is refined part by part in the last part of the time, where there are so many seconds of all threads for each job."""

REFINED_ROUND_S, ANNEALED_SHARE, IDLE_SHARE = 1.8, 0.6, 0.05
"""Where a small problem's jobs are not all served, the chains beside column generation are refined part by part: rounds of about that length,
the first and the last from the best, the others anew, annealed for that share of them while what is left out gets dearer
(:mod:`solver.absences`). Where no part is left, and more than the last share of the limit, it goes on annealing. (Refining alone would keep
column generation waiting: both take turns in Python.)"""

SMALL_PARTS, SMALL_PART_S = (36, 50), 1.5
"""How many jobs served the parts of a small problem have, and how long one takes at most."""

NOTES_WORDS, SEEDS_MAX = 400_000, 1_000
"""So much room a separate chain has to note the routes that it sees; so many of them enter the linear program."""

FILL_SCANS_MAX = 1_000_000
"""With more pairs of unserved job and tour the first solution is swept together tour by tour."""

FILL_SHARE, FILL_TIED_SHARE = 0.1, 0.5
"""So much of the limit filling up a huge problem may take; what nothing was swept into before is filled for longer, since ruins need tours to ruin."""

MEAN_REMOVED, MEAN_REMOVED_TIED = 8.0, 5.0
"""So many jobs a ruin takes out on average; the paper has 10. Fewer where tours are tied and not every job is served from the start: more goes with
each, an iteration takes longer, and there are few. Rich days, three at 10 s: 3.1 % over the best known with 8, 1.2 % with 5; TRSP the other way round."""

NEAR_ONLY_JOBS = 3_000
"""From so many jobs on a removed job mostly tries only tours that hold one of its neighbours."""

TERRITORIES_FROM, TERRITORIES_WORKERS = 1_500, 20
"""From so many jobs and workers on a problem is worked on in territories (:mod:`solver.territories`)."""

SLICE_S = 0.02
"""The clock is looked at about this often."""


def solve(
    problem: Problem,
    start: Sequence[Sequence[int]] | None = None,
    stop: Stop | None = None,
    on_best: Callable[[Progress], None] | None = None,
    cancel: Callable[[], bool] | threading.Event | None = None,
    *,
    seed: int = 0,
    threads: int = 1,
    arrays: Arrays | None = None,
    start_held: Held | None = None,
    far: Hands | None = None,
) -> Solution:
    """Search for routes of least total.

    Parameters
    ----------
    problem : Problem
    start : routes, optional
        Routes to start from, ``start[t]`` the jobs of tour t; tours that are not possible are left empty. The answer is
        never worse than these filled up greedily. Where changes have a budget it is kept if the start, filled up, keeps it.
    stop : Stop, optional
        Default: 10 seconds.
    on_best : callable, optional
        Called with :class:`Progress` for a better solution, from the calling thread or one of the search's, never from two at once.
    cancel : callable or Event, optional
        Polled about every 20 ms; true ends the search with the best so far.
    seed : int
    threads : int
        At least 1.
    arrays : Arrays, optional
        The problem packed; saves packing it again.
    start_held : Held, optional
        What ``start`` has settled between its tours; in a problem with couplings what is tied is placed anew without it.
    far : Hands, optional
        Hands elsewhere, asked where the problem is worked on in territories (:func:`has_territories`) and seconds limit the search.

    Returns
    -------
    Solution

    Raises
    ------
    ValueError
        When ``threads`` is below 1.
    """
    if threads < 1:
        message = f"threads must be ≥ 1, got {threads}"
        raise ValueError(message)
    stop = stop or Stop(seconds=10.0)
    seconds = stop.seconds if stop.seconds is not None or stop.iterations is not None else 10.0
    is_cancelled = cancel.is_set if isinstance(cancel, threading.Event) else cancel
    budget = Budget(seconds, stop.iterations, is_cancelled or (lambda: False))
    arrays = arrays or pack(problem)
    search = _Search(problem, arrays, budget, on_best, seed, threads)
    search.begin(start, start_held)
    if problem.n_jobs and problem.n_tours and not budget.over():
        if has_territories(problem):
            search.run_territories(far)
        elif problem.n_tickets >= SHARED_JOBS_MIN:
            search.run_shared()
        elif problem.couplings is not None:
            search.run_coupled()
        else:
            search.run_apart()
    return search.solution()


def has_territories(problem: Problem) -> bool:
    """Say whether a problem is worked on in territories: it is large, and nothing ties one territory to another."""
    is_tied = problem.couplings is not None or (problem.change is not None and problem.change.budget < FAR_S)
    workers = problem.n_workers
    return not is_tied and problem.n_jobs >= TERRITORIES_FROM and workers >= TERRITORIES_WORKERS


class _Search:
    """One call of :func:`solve`."""

    def __init__(
        self,
        problem: Problem,
        arrays: Arrays,
        budget: Budget,
        on_best: Callable[[Progress], None] | None,
        seed: int,
        threads: int,
    ) -> None:
        self.problem = problem
        self.arrays = arrays
        self.budget = budget
        self.on_best = on_best
        self.seed = seed
        self.threads = threads
        self.lock = threading.Lock()
        self.skip = np.array([int(arrays.d[at_job(arrays, j) + J_SKIP]) for j in range(problem.n_jobs)], np.int64)
        self.unit = typical_leg_grains(problem, self.skip)
        self.pool = Pool()
        self.coupled = problem.couplings is not None
        if not self.coupled:
            self.case = Case(problem, arrays, self.skip, self.unit)
        words = NOTES_WORDS if problem.n_jobs < SHARED_JOBS_MIN and not self.coupled else 0
        count = threads if problem.n_jobs and problem.n_tours and not has_territories(problem) else 1
        self.states = [make_state(arrays, seed * 1_000 + row, words) for row in range(count)]
        self.best: Routes = tuple(() for _ in range(problem.n_tours))
        self.best_grains = 2**62
        self.best_block: I64 | None = None
        self.workers = np.arange(problem.n_workers)
        self.slices = [200] * count
        self.random = np.random.Generator(np.random.PCG64(seed))
        self.whole = [True] * count
        self.absences = [Absences(self.skip) for _ in range(count)]
        self.near_only = problem.n_jobs > NEAR_ONLY_JOBS
        self.has_columns = problem.change is None and not self.coupled
        self.changes = FAR_S if problem.change is None else problem.change.budget
        self.served_at_first = False

    # --- beginning, end, the best ---

    def begin(self, start: Sequence[Sequence[int]] | None, held: Held | None = None) -> None:
        """Load the start and fill it up greedily: the first solution."""
        state = self.states[0]
        if start is not None and self.coupled and held is None:
            start = self.untied(start)
        if start is not None:
            load_routes(self.arrays, state, start, block=None if held is None else held.block)
        state[C_BUDGET] = self.changes
        self.fill(state)
        self.served_at_first = int(state[C_UNSERVED]) == 0
        self.changes = max(self.changes, _count_changed(state))
        for each in self.states:
            each[C_BUDGET] = self.changes
        self.offer(int(state[C_COST]), read_routes(self.arrays, state), read_block(state) if self.coupled else None)

    def untied(self, routes: Sequence[Sequence[int]]) -> list[list[int]]:
        """Return routes without what is tied to others or to stock: without knowing what was settled it is placed anew."""
        tickets, first = self.problem.n_tickets, int(self.arrays.d[H_IS_COUPLED])
        free = (self.arrays.d[first : first + tickets] == 0).tolist()
        return [[job for job in route if job < tickets and free[job]] for route in routes]

    def fill(self, state: State) -> None:
        """Insert what is unserved greedily; huge problems tour by tour first. Stops when the limit is used up."""
        if not (self.problem.n_jobs and self.problem.n_tours):
            return
        scans, since = int(state[C_UNSERVED]) * self.problem.n_tours, self.budget.share()
        if scans > FILL_SCANS_MAX and not self.coupled:
            for first in range(0, self.problem.n_tours, 20):
                if self.late():
                    return
                sweep(self.arrays, state, first, min(first + 20, self.problem.n_tours))
        order = order_to_fill(self.arrays, state)
        most = FILL_TIED_SHARE if self.coupled else FILL_SHARE
        step = max(1, 200_000 // self.problem.n_tours)
        for first in range(0, len(order), step):
            if self.late() or (scans > FILL_SCANS_MAX and self.budget.share() - since > most):
                return
            fill_some = fill_coupled if self.coupled else fill
            fill_some(self.arrays, state, first, min(first + step, len(order)), order)

    def late(self) -> bool:
        """Say whether the clock, not a count of iterations, ends the search."""
        if self.budget.cancelled():
            return True
        return self.budget.seconds is not None and self.budget.elapsed_s() >= self.budget.seconds

    def offer(self, grains: int, routes: Routes, block: I64 | None = None) -> bool:
        """Take routes, and what is settled between them, as the best if they are; tell who listens."""
        with self.lock:
            if grains >= self.best_grains:
                return False
            self.best_grains, self.best, self.best_block = grains, routes, block
            if self.on_best is not None:
                done = self.budget.done
                unserved = self.problem.n_tickets - self.count_served(routes)
                self.on_best(Progress(self.total(), unserved, done, self.budget.elapsed_s()))
            return True

    def count_served(self, routes: Routes) -> int:
        """Count the jobs that routes serve, without helpers and pick-ups."""
        tickets = self.problem.n_tickets
        return sum(len(route) if not self.coupled else sum(j < tickets for j in route) for route in routes)

    def serves_all(self) -> bool:
        """Say whether the best leaves out no job."""
        return self.count_served(self.best) == self.problem.n_tickets

    def total(self) -> int:
        """Return the best's total without the search's price of mandatory jobs."""
        served = {j for route in self.best for j in route}
        surcharge = sum(
            int(self.skip[j]) for j in np.flatnonzero(self.problem.job_mandatory).tolist() if j not in served
        )
        return self.best_grains - surcharge

    def solution(self) -> Solution:
        """Return the best."""
        served = {j for route in self.best for j in route}
        unserved = tuple(j for j in range(self.problem.n_tickets) if j not in served)
        held = None
        if self.problem.couplings is not None and self.best_block is not None:
            held = read_held(self.arrays, self.states[0], self.problem.couplings, self.best_block)
        return Solution(
            routes=self.best,
            unserved=unserved,
            total_grains=self.total(),
            mandatory_unserved=sum(bool(self.problem.job_mandatory[j]) for j in unserved),
            iterations=self.budget.done,
            seconds=self.budget.elapsed_s(),
            threads=self.threads,
            seed=self.seed,
            held=held,
        )

    # --- one chain ---

    def chain(
        self, row: int, until: float, since: float, warm: float, cold: float, absences: Absences | None = None
    ) -> None:
        """Anneal chain ``row`` while the used part goes from ``since`` to ``until``, temperatures in leg units; with ``absences`` prices rise."""
        state = self.states[row]
        state[C_MARGIN] = int(self.unit * NOTE_MARGIN)
        limit = self.budget.iterations
        alone = 1 if limit is None else self.quota(row, until) - self.quota(row, since)
        done = 0
        while done < alone and not self.budget.cancelled():
            used = self.budget.share() if limit is None else since + (until - since) * done / alone
            if used >= until or (limit is not None and self.budget.seconds is not None and self.budget.over()):
                return
            part = min(1.0, max(0.0, (used - since) / (until - since)))
            heat = warm * (cold / warm) ** part * self.unit
            count = self.slices[row]
            if limit is not None:
                count = min(max(1, alone // 20), 2_000, alone - done)
            if absences is not None:
                count = min(count, RAISE_EVERY)
                absences.raise_prices(self.arrays, state)
            before = time.thread_time()  # not the clock: waiting for another thread is no reason for shorter slices
            anneal_some = anneal_coupled if self.coupled else anneal
            mean = MEAN_REMOVED_TIED if self.coupled and not self.served_at_first else MEAN_REMOVED
            anneal_some(self.arrays, state, count, heat, heat * 0.9999, self.near_only, mean)
            took = time.thread_time() - before
            done += count if limit is not None else 0
            self.budget.count(count)
            if limit is None:
                self.slices[row] = max(1, min(20_000, int(count * min(2.0, SLICE_S / max(took, 1e-6)))))
            if absences is not None:
                routes = read_routes(self.arrays, state, best=True)
                self.offer(absences.best_grains(state, routes), routes)
            elif self.whole[row] and not self.is_counted:
                self.offer_chain(state)

    def offer_chain(self, state: State) -> None:
        """Offer the best that a chain over the whole problem has found."""
        if int(state[C_BEST]) < self.best_grains:
            block = read_block(state, best=True) if self.coupled else None
            self.offer(int(state[C_BEST]), read_routes(self.arrays, state, best=True), block)

    @property
    def is_counted(self) -> bool:
        """Whether iterations alone end the search and several chains run: these meet after as many as were counted out to them.

        Until then none knows what another one has found, so that the clock has no part in what comes of it.
        """
        return self.budget.seconds is None and len(self.states) > 1

    def quota(self, row: int, share: float) -> int:
        """Return how many iterations chain ``row`` has done when that share of a limit of iterations is used; all add up to it."""
        total = round((self.budget.iterations or 0) * share)
        return (total + len(self.states) - 1 - row) // len(self.states)

    def meet(self, turn: Callable[[int], None], executor: ThreadPoolExecutor) -> None:
        """Let every chain have a turn; then take the best that any has found, the first of equals."""
        list(executor.map(turn, range(len(self.states))))
        for state in self.states:
            self.offer_chain(state)

    # --- small problems ---

    def run_apart(self) -> None:
        """Run separate chains; after their first round the best routes are generated, beside the other chains if there are any."""
        since = self.budget.share()
        begin = since + (1.0 - since) * self.first_share()
        beside = len(self.states) > 1 and self.budget.iterations is None
        rows = range(len(self.states))
        with ThreadPoolExecutor(len(self.states)) as executor:
            first = partial(self.turn, turn=0, since=since, until=begin)
            if self.is_counted:
                self.meet(first, executor)
            else:
                list(executor.map(first, rows))
            for state in self.states:
                self.pool.take(state)
            if not beside and self.has_columns:
                self.generate(begin + (1.0 - begin) * GENERATE_SHARE)
            if self.is_counted:
                for turn, (low, high) in enumerate(
                    pairwise(np.linspace(begin, 1.0, self.rounds()[0]).tolist()), start=1
                ):
                    self.meet(partial(self.turn, turn=turn, since=low, until=high), executor)
                return
            generating = beside and self.has_columns
            list(executor.map(lambda row: self.live(row, begin, generating=generating and row == 0), rows))

    def first_share(self) -> float:
        """Return the first round's part of the limit: enough for routes to begin with."""
        if self.budget.seconds is None:
            return 0.5
        return min(0.2, FIRST_ROUND_S / self.budget.seconds)

    def live(self, row: int, since: float, *, generating: bool) -> None:
        """Run the rounds after the first of one chain, which may generate routes before."""
        if generating:
            self.generate(1.0 if self.problem.n_jobs <= GENERATE_JOBS else since + (1.0 - since) * GENERATE_SHARE)
        refining = self.has_columns and self.budget.iterations is None and not self.serves_all()
        rounds = max(1, round(self.left_s() / REFINED_ROUND_S)) + 1 if refining else self.rounds()[0]
        edges = np.linspace(max(since, self.budget.share()), 1.0, rounds).tolist()
        for turn, (first, until) in enumerate(pairwise(edges), start=1):
            if self.budget.over():
                return
            if not refining:
                self.turn(row, turn, first, until)
                continue
            anew = 1 < turn < rounds - 1
            load_routes(self.arrays, self.states[row], [()] * self.problem.n_tours if anew else self.best)
            if anew:
                self.fill(self.states[row])
                absences = self.absences[row]
                self.chain(row, first + (until - first) * ANNEALED_SHARE, first, WARM_APART, COLD, absences)
                absences.restore_prices(self.arrays, self.states[row])
            self.refine(row, until, turn)
            if self.budget.share() < until - IDLE_SHARE:  # no part is left to try
                self.turn(row, turn, self.budget.share(), until)

    def refine(self, row: int, until: float, turn: int) -> None:
        """Refine what a chain holds, or the best it has found, part by part up to a share of the limit."""
        state = self.states[row]
        count_used(self.arrays, state)
        if int(state[C_COST]) < int(state[C_BEST]):
            keep_best(self.arrays, state)
        routes, least = read_routes(self.arrays, state, best=True), int(state[C_BEST])

        def adopt(state: State, routes: Routes) -> bool:
            nonlocal least
            if not load_routes(self.arrays, state, routes) or int(state[C_COST]) >= least:
                return False
            least = int(state[C_COST])
            self.offer(least, routes)
            return True

        refinement = Refinement(
            self.case,
            routes,
            partial(distance_from, self.problem),
            lambda: self.left_s(until),
            adopt,
            SMALL_PARTS,
            SMALL_PART_S,
        )
        refinement.work(self.seed * 1_000 + row * 100 + turn)

    def turn(self, row: int, turn: int, since: float, until: float) -> None:
        """Run one round of a separate chain: from the best or anew, every other one less hot, since no one temperature suits every request."""
        state = self.states[row]
        _, hot = self.rounds()
        warm = hot if (turn + row) % 2 == 0 else hot / 3.0
        if turn == 0:
            load_routes(self.arrays, state, self.best)
        elif (turn + row) % 3 == 0 and self.problem.change is None:
            load_routes(self.arrays, state, [()] * self.problem.n_tours)
            self.fill(state)
        else:
            load_routes(self.arrays, state, self.best)
            warm = warm / 4.0
        if self.serves_all():
            warm = WARM_SERVED
        self.chain(row, until, since, warm, COLD)

    def rounds(self) -> tuple[int, float]:
        """Return how many rounds of cooling the limit allows, and how hot they begin."""
        if self.budget.seconds is not None:
            work = self.budget.seconds * 50_000.0
            if self.budget.iterations is not None:
                work = min(work, self.budget.iterations)
        else:
            work = float(self.budget.iterations or 0) / len(self.states)
        most = SERVED_ROUNDS_MAX if self.coupled and self.served_at_first else ROUNDS_MAX
        rounds = int(min(most, max(2, work / ROUND_ITERATIONS)))
        return rounds, WARM_APART if work / rounds >= 2 * ROUND_ITERATIONS else WARM_APART / 3.0

    def left_s(self, until: float = 1.0) -> float:
        """Return the seconds left up to a share of the limit, kept clear of the very end."""
        if self.budget.cancelled():
            return 0.0
        if self.budget.seconds is None:
            return math.inf
        return until * self.budget.seconds * SAFE_SHARE - self.budget.elapsed_s()

    def generate(self, until: float) -> None:
        """Generate routes for the whole problem, beginning with those that the chains have seen; offer what is better."""
        state = make_state(self.arrays, 0)
        best = self.best  # the other chains may find a better one any moment
        load_routes(self.arrays, state, best)
        tours, jobs = range(self.problem.n_tours), range(self.problem.n_jobs)
        generation, known = prepare(self.case, state, best, tours, jobs, lambda: self.left_s(until))
        self.pool.thin(self.skip, SEEDS_MAX)
        for (tour, _), (cost, busy_s, route) in self.pool.routes.items():
            generation.add(tour, route, cost, busy_s)

        def take(routes: Found) -> None:
            load_routes(self.arrays, state, [routes[t] for t in tours])
            self.fill(state)
            self.offer(int(state[C_COST]), read_routes(self.arrays, state))

        more = int(state[C_COST]) - known
        generation.improve(known, take, lambda: self.best_grains - more)

    def adopt(self, state: State, routes: Routes) -> bool:
        """Price routes on a state; take them as they are if they are possible and better, and say so."""
        return load_routes(self.arrays, state, routes) and self.offer(int(state[C_COST]), routes)

    # --- tours tied to each other ---

    def run_coupled(self) -> None:
        """Run separate chains over the whole problem, in rounds from the best: what is settled between tours is one chain's alone."""
        edges = list(pairwise(np.linspace(self.budget.share(), 1.0, self.rounds()[0] + 1).tolist()))
        with ThreadPoolExecutor(len(self.states)) as executor:
            if self.is_counted:
                for turn, (since, until) in enumerate(edges):
                    self.meet(partial(self.turn_coupled, turn=turn, since=since, until=until), executor)
            else:
                list(executor.map(partial(self.live_coupled, edges=edges), range(len(self.states))))

    def live_coupled(self, row: int, edges: list[tuple[float, float]]) -> None:
        """Run the rounds of one chain."""
        for turn, (since, until) in enumerate(edges):
            if self.budget.over():
                return
            self.turn_coupled(row, turn, since, until)

    def turn_coupled(self, row: int, turn: int, since: float, until: float) -> None:
        """Run one round of one chain."""
        with self.lock:
            best, block = self.best, self.best_block
        load_routes(self.arrays, self.states[row], best, block=block)
        count_used(self.arrays, self.states[row])
        warm = WARM_SERVED if self.serves_all() else self.rounds()[1]
        self.chain(row, until, since, warm / (1.0 if turn == 0 else 4.0), COLD)

    # --- huge problems ---

    def run_territories(self, far: Hands | None) -> None:
        """Let threads, or hands elsewhere, anneal one territory after the other."""
        territories = Territories(
            self.problem,
            self.arrays,
            self.best,
            self.best_grains,
            self.threads if far is None else max(self.threads, far.count()),
            partial(distance_from, self.problem),
            self.seed,
            self.offer,
        )
        FanOut(territories, self.budget, lambda share: self.heat(share) * self.unit, self.seed).run(self.threads, far)

    # --- large problems ---

    def run_shared(self) -> None:
        """Run rounds in which the threads anneal neighbourhoods of one solution."""
        parts = min(len(self.states), max(1, self.problem.n_workers // 4))
        self.states = self.states[:parts]
        self.whole = [parts == 1] * parts
        current, block = self.best, self.best_block
        turns = self.turns()
        first = self.budget.share()
        end = self.refine_from()
        edges = np.linspace(first, end, turns + 1)
        changed = _count_changed(self.states[0])
        if parts == 1:
            load_routes(self.arrays, self.states[0], current, block=block)
        neighbourhoods = Neighbourhoods(self.problem, self.arrays, self.states, self.skip, self.random)
        with ThreadPoolExecutor(parts) as executor:
            for turn in range(turns):
                if self.budget.over():
                    return
                since, until = float(edges[turn]), float(edges[turn + 1])
                warm = self.heat((since - first) / (end - first))
                cold = self.heat((until - first) / (end - first))
                if parts == 1:
                    self.chain(0, until, since, warm, cold)
                    continue
                share = neighbourhoods.cut(current, block)
                futures = []
                for row in range(parts):
                    spare = (self.changes - changed + (row + turn) % parts) // parts
                    futures.append(executor.submit(self.piece, row, share, spare, until, since, warm, cold))
                for future in futures:
                    future.result()
                current, block = share.join(best=False)
                changed = sum(map(_count_changed, self.states)) + share.outside_changed
                total = sum(int(state[C_BEST]) for state in self.states) + share.outside_grains
                if total < self.best_grains:
                    self.offer(total, *share.join(best=True))
            if end < 1.0:
                refinement = Refinement(
                    self.case, self.best, partial(distance_from, self.problem), self.left_s, self.adopt
                )
                seeds = [self.seed * 1_000 + row for row in range(len(self.states))]
                list(executor.map(refinement.work, seeds))

    def refine_from(self) -> float:
        """Return the share of the limit from which on a shared solution is refined part by part: 1 where that does not pay."""
        seconds = self.budget.seconds
        if seconds is None or self.budget.iterations is not None or not self.has_columns:
            return 1.0
        return REFINE_FROM if seconds * len(self.states) >= REFINE_S_PER_JOB * self.problem.n_jobs else 1.0

    def heat(self, share: float) -> float:
        """Return the temperature in leg units when that share of a shared search is over.

        While jobs are unserved it stays high for long: leaving out another one dwarfs a leg.
        """
        if self.serves_all():
            warm = WARM_SERVED if self.problem.change is None else WARM_AGAIN / 2
            return warm * math.pow(COLD / warm, share)
        before = 1.0 - QUENCH_SHARE
        warm, lukewarm = (WARM_TIED, LUKEWARM_TIED) if self.coupled else (WARM, LUKEWARM)
        if self.problem.change is not None:
            warm, lukewarm = WARM_AGAIN, LUKEWARM_AGAIN
        if share < before:
            return warm * math.pow(lukewarm / warm, share / before)
        return lukewarm * math.pow(COLD / lukewarm, (share - before) / QUENCH_SHARE)

    def piece(self, row: int, share: Share, spare: int, until: float, since: float, warm: float, cold: float) -> None:
        """Anneal one neighbourhood of a solution; ``spare`` more of its jobs may be changed."""
        state = self.states[row]
        share.load(row, state)
        state[C_BUDGET] = _count_changed(state) + spare
        count_used(self.arrays, state)
        if self.coupled:
            keep_best_coupled(self.arrays, state)
        else:
            keep_best(self.arrays, state)
        self.chain(row, until, since, warm, cold)

    def turns(self) -> int:
        """Return how many rounds to cut the time into: each long enough to pay for the cutting."""
        seconds = self.budget.seconds
        if seconds is None:
            return 40
        return int(min(60, max(6, seconds / (0.1 + self.problem.n_jobs * 2e-4))))


def _count_changed(state: State) -> int:
    """Return how many counted jobs are changed in what a state holds."""
    return int(state[C_MOVED]) + int(state[C_LEFT])


def total_grains(problem: Problem, routes: Routes, arrays: Arrays | None = None) -> int | None:
    """Price routes by the kernels, without mandatory jobs' prices; None where a tour is not possible."""
    a = arrays or pack(problem)
    s = make_state(a, 0)
    if not load_routes(a, s, routes):
        return None
    served = {j for route in routes for j in route}
    missing = [j for j in range(problem.n_jobs) if problem.job_mandatory[j] and j not in served]
    return int(s[C_COST]) - sum(int(a.d[at_job(a, j) + J_SKIP]) for j in missing)


__all__ = ["Progress", "Routes", "Solution", "Stop", "solve", "total_grains"]
