"""Two exact referees for tiny problems, which share nothing with the search.

:func:`solve_exactly` tries every assignment and every order, timed by the literal rule of :mod:`solver.reference`: the
optimum that the search should reach. :func:`solve_freely` hands the clauses themselves to OR-Tools CP-SAT, with departures,
begins and the places of breaks as variables, so it never finds worse; where leaving and working as early as possible is
best, it finds the same. The difference is what the timing rule gives away: a break better taken later, a service better
begun after an absence than just before it, a departure that owes no break.

Examples
--------
>>> enumerate_orders(2)
[(), (0,), (1,), (0, 1), (1, 0)]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import TypeAlias

import numpy as np
from ortools.sat.python import cp_model

from solver.problem import FAR_S, FORBIDDEN, GRAINS_PER_CENT, OPEN, Problem, Solution, balance_grains
from solver.reference import leg, time_tour

JOBS_MAX = 7
"""More jobs than this have too many orders to try them all."""

Var: TypeAlias = cp_model.IntVar
Literal: TypeAlias = cp_model.LiteralT
Expr: TypeAlias = cp_model.LinearExprT
Rests: TypeAlias = dict[int, list[tuple[Var, Var]]]

BALANCE_STEP_GRAINS = GRAINS_PER_CENT // 100
"""Balance is priced in steps of 0.0001 CNY."""


def enumerate_orders(n_jobs: int) -> list[tuple[int, ...]]:
    """List every order of every choice of jobs, few jobs first."""
    jobs = range(n_jobs)
    return [
        order for size in range(n_jobs + 1) for chosen in combinations(jobs, size) for order in permutations(chosen)
    ]


# ----------------------------------------------------------------------------------------- by trying everything


@dataclass(frozen=True, slots=True)
class _Part:
    """A way to serve some jobs by some tours: price, busy seconds of the worker at hand, orders by tour."""

    grains: int
    busy_s: int
    routes: tuple[tuple[int, ...], ...]


def solve_exactly(problem: Problem) -> Solution:
    """Find the least total over all assignments and orders, tours timed by the rule; fewest mandatory jobs unserved first.

    Of equally good solutions it returns the first one found, always the same.

    Raises
    ------
    ValueError
        If there are more than :data:`JOBS_MAX` jobs.
    """
    if problem.n_jobs > JOBS_MAX:
        raise ValueError(f"expected at most {JOBS_MAX} jobs, got {problem.n_jobs}: their orders are too many to try")
    whole: dict[int, _Part] = {0: _Part(0, 0, ())}
    for worker in range(problem.n_workers):
        ways = _worker_ways(problem, worker)
        joined: dict[int, _Part] = {}
        for mask, part in whole.items():
            for added, way in ways.items():
                grains = part.grains + way.grains
                if not mask & added and (mask | added not in joined or grains < joined[mask | added].grains):
                    joined[mask | added] = _Part(grains, 0, (*part.routes, *way.routes))
        whole = joined
    best = min(whole, key=lambda mask: (*_left_out(problem, mask, whole[mask].grains), mask))
    mandatory_unserved, total_grains = _left_out(problem, best, whole[best].grains)
    unserved = tuple(job for job in range(problem.n_jobs) if not best >> job & 1)
    return Solution(whole[best].routes, unserved, total_grains, mandatory_unserved)


def _worker_ways(problem: Problem, worker: int) -> dict[int, _Part]:
    """Return the cheapest way, balance included, for each set of jobs that this worker can serve."""
    fronts: dict[int, list[_Part]] = {0: [_Part(0, 0, ())]}
    for tour in range(int(problem.worker_tour_first[worker]), int(problem.worker_tour_first[worker + 1])):
        ways = _tour_ways(problem, tour)
        joined: dict[int, list[_Part]] = {}
        for mask, parts in fronts.items():
            for added, others in ways.items():
                if not mask & added:
                    joined.setdefault(mask | added, []).extend(
                        _Part(part.grains + way.grains, part.busy_s + way.busy_s, (*part.routes, *way.routes))
                        for part in parts
                        for way in others
                    )
        fronts = {mask: _front(parts) for mask, parts in joined.items()}
    limit_s = int(problem.worker_max_busy_s[worker])
    balanced = {
        mask: [
            _Part(part.grains + balance_grains(part.busy_s, problem.balance_cents_per_h2), 0, part.routes)
            for part in parts
            if part.busy_s <= limit_s
        ]
        for mask, parts in fronts.items()
    }
    return {mask: min(parts, key=lambda part: part.grains) for mask, parts in balanced.items() if parts}


def _tour_ways(problem: Problem, tour: int) -> dict[int, list[_Part]]:
    """Return, for each set of jobs, the orders that are not both dearer and busier than another."""
    ways: dict[int, list[_Part]] = {}
    for order in enumerate_orders(problem.n_jobs):
        timed = time_tour(problem, tour, order)
        if timed is not None:
            part = _Part(timed.cost_grains, timed.travel_s + timed.service_s, (order,))
            ways.setdefault(sum(1 << job for job in order), []).append(part)
    return {mask: _front(parts) for mask, parts in ways.items()}


def _front(parts: list[_Part]) -> list[_Part]:
    """Keep what no other part beats in price and busy time alike."""
    kept: list[_Part] = []
    for part in sorted(parts, key=lambda part: (part.grains, part.busy_s)):
        if not kept or part.busy_s < kept[-1].busy_s:
            kept.append(part)
    return kept


def _left_out(problem: Problem, mask: int, grains: int) -> tuple[int, int]:
    """Return how many mandatory jobs are outside ``mask``, and the total with the price of what is outside it."""
    out = [job for job in range(problem.n_jobs) if not mask >> job & 1]
    mandatory = sum(1 for job in out if problem.job_mandatory[job])
    return mandatory, grains + sum(int(problem.job_skip_grains[job]) for job in out)


# ------------------------------------------------------------------------------------------- by constraint programming


def solve_freely(problem: Problem, *, departs_at_start: bool = False) -> Solution:
    """Find the least total where the timing is free, not that of the rule; fewest mandatory jobs unserved first.

    Parameters
    ----------
    problem
        Without peaks.
    departs_at_start
        Hold every used tour to leaving at its ``tour_start_s``, as the timing rule does without a price of duration.

    Raises
    ------
    ValueError
        If the problem has peaks: legs must last the same at all times.
    RuntimeError
        If CP-SAT does not prove an optimum; there always is one, so this is a fault of the model.
    """
    if len(problem.peaks.clock_s):
        raise ValueError(f"expected a problem without peaks, got {len(problem.peaks.clock_s)} changes of speed")
    model = _FreeModel(problem, departs_at_start=departs_at_start)
    mandatory_unserved, _ = model.minimise(model.mandatory_unserved)
    model.cp.add(model.mandatory_unserved == mandatory_unserved)
    total_grains, routes = model.minimise(model.total_grains)
    served = {job for route in routes for job in route}
    unserved = tuple(job for job in range(problem.n_jobs) if job not in served)
    return Solution(routes, unserved, total_grains, mandatory_unserved)


def _last_moment_s(problem: Problem) -> int:
    """Return a moment by which every tour that does not wait without reason is over."""
    pairs = [
        leg(problem, int(speed), int(a), int(b))[0]
        for speed in {*problem.worker_speed.tolist()}
        for a in {*problem.job_place.tolist(), *problem.tour_start_place.tolist()}
        for b in {*problem.job_place.tolist(), *problem.tour_end_place.tolist()} - {OPEN}
    ]
    last_from_s = max(
        int(moments[moments < FAR_S].max(initial=0))
        for moments in (problem.tour_start_s, problem.window_from_s, problem.break_from_s, problem.absence_to_s)
    )
    service_s = np.maximum(problem.service_s, problem.service_setup_s).max(axis=1, initial=0).sum()
    busy_s = int(service_s + problem.break_duration_s.sum()) + (problem.n_jobs + problem.n_tours) * max(
        pairs, default=0
    )
    return min(last_from_s + busy_s, int(problem.tour_last_s.max(initial=0)))


class _FreeModel:
    """The clauses of a problem as a CP-SAT model; names as in :mod:`solver.problem`.

    Each job has one set of variables, whichever tour serves it: ``ready`` (the stop before is left), ``go`` (its leg
    leaves), ``reach`` (its leg arrives), ``begin`` and ``leave``. The end of a tour has the first three. A leg leaves at
    once when the stop before it, or the last break before it, is over; from the start it may wait.
    """

    def __init__(self, problem: Problem, *, departs_at_start: bool) -> None:
        self.problem = problem
        self.cp = cp_model.CpModel()
        self.last_s = _last_moment_s(problem)
        self.arcs: dict[tuple[int, int, int], Var] = {}  # (tour, from, to); job row, or −1 for start and end
        jobs, tours = range(problem.n_jobs), range(problem.n_tours)
        self.ready = {job: self._moment() for job in jobs}
        self.go = {job: self._moment() for job in jobs}
        self.reach = {job: self._moment() for job in jobs}
        self.begin = {job: self._moment() for job in jobs}
        self.leave = {job: self._moment() for job in jobs}
        self.is_paused = {job: self.cp.new_bool_var("") for job in jobs}
        self.skipped = {job: self.cp.new_bool_var("") for job in jobs}
        self.on = {(job, tour): self.cp.new_bool_var("") for job in jobs for tour in tours}
        self.used = {tour: self.cp.new_bool_var("") for tour in tours}
        self.costs: list[Expr] = []
        self.pauses: dict[int, list[Var]] = {job: [] for job in jobs}
        travel_s = [self._add_tour(tour, departs_at_start=departs_at_start) for tour in tours]
        work_s = {(job, worker): self._moment() for job in jobs for worker in range(problem.n_workers)}
        for job in jobs:
            self._add_job(job, work_s)
        for worker in range(problem.n_workers):
            own = range(int(problem.worker_tour_first[worker]), int(problem.worker_tour_first[worker + 1]))
            self._add_worker(worker, [*(travel_s[tour] for tour in own), *(work_s[job, worker] for job in jobs)])
        self.mandatory_unserved = sum(self.skipped[job] for job in jobs if problem.job_mandatory[job])
        skips = [int(problem.job_skip_grains[job]) * self.skipped[job] for job in jobs]
        self.total_grains = cp_model.LinearExpr.sum([*self.costs, *skips])

    def minimise(self, value: Expr) -> tuple[int, tuple[tuple[int, ...], ...]]:
        """Return the least value and routes that reach it."""
        self.cp.minimize(value)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 0
        status = solver.solve(self.cp)
        if status != cp_model.OPTIMAL:
            raise RuntimeError(f"expected an optimum, got {solver.status_name(status)}")
        taken = [key for key, arc in self.arcs.items() if solver.boolean_value(arc)]
        routes: list[tuple[int, ...]] = []
        for tour in range(self.problem.n_tours):
            following = {a: b for t, a, b in taken if t == tour}
            route: list[int] = []
            while following.get(route[-1] if route else -1, -1) != -1:
                route.append(following[route[-1] if route else -1])
            routes.append(tuple(route))
        return round(solver.objective_value), tuple(routes)

    def _moment(self) -> Var:
        return self.cp.new_int_var(0, self.last_s, "")

    def _add_tour(self, tour: int, *, departs_at_start: bool) -> Expr:
        """Add the arcs, the clock, the breaks and the price of a tour; return its travel seconds."""
        cp, problem = self.cp, self.problem
        worker, used = int(problem.tour_worker[tour]), self.used[tour]
        speed = int(problem.worker_speed[worker])
        start_s, limit_s = int(problem.tour_start_s[tour]), int(problem.tour_last_s[tour])
        depart, ready, go, end = (self._moment() for _ in range(4))
        jobs = [job for job in range(problem.n_jobs) if self._fit(job, worker) != FORBIDDEN]
        for job in set(range(problem.n_jobs)) - set(jobs):
            cp.add(self.on[job, tour] == 0)
        places = {job: int(problem.job_place[job]) for job in jobs}
        start_place, end_place = int(problem.tour_start_place[tour]), int(problem.tour_end_place[tour])
        circuit = [(0, 0, ~used)] + [(job + 1, job + 1, ~self.on[job, tour]) for job in jobs]
        travel_s: list[Expr] = []
        travel_m: list[Expr] = []
        from_stop: dict[int, list[Var]] = {node: [] for node in [*jobs, -1]}  # arcs that are not from the start
        moves: dict[int, list[Var]] = {node: [] for node in [*jobs, -1]}  # arcs over which the leg to a stop takes time
        for a in [-1, *jobs]:
            for b in [*jobs, -1]:
                if a == b:
                    continue
                origin = start_place if a < 0 else places[a]
                destination = places[b] if b >= 0 else origin if end_place == OPEN else end_place
                base_s, metres = leg(problem, speed, origin, destination)
                if base_s < 0:
                    continue
                arc = self.arcs[tour, a, b] = cp.new_bool_var("")
                circuit.append((a + 1, b + 1, arc))
                travel_s.append(base_s * arc)
                travel_m.append(metres * arc)
                if base_s > 0:
                    moves[b].append(arc)
                left = depart if a < 0 else self.leave[a]
                to_ready, to_go, to_reach = (ready, go, end) if b < 0 else (self.ready[b], self.go[b], self.reach[b])
                cp.add(to_ready == left).only_enforce_if(arc)
                if a >= 0:
                    from_stop[b].append(arc)
                cp.add(to_reach == to_go + base_s).only_enforce_if(arc)
        cp.add_circuit(circuit)
        for job in jobs:
            cp.add_implication(self.on[job, tour], used)  # or a circuit might leave out the start
        cp.add(depart >= start_s).only_enforce_if(used)
        if departs_at_start:
            cp.add(depart == start_s).only_enforce_if(used)
        cp.add(end <= min(limit_s, self.last_s)).only_enforce_if(used)
        cp.add(sum(travel_s) <= int(problem.tour_max_travel_s[tour]))
        cp.add(sum(self.on[job, tour] for job in jobs) <= int(problem.tour_max_jobs[tour]))
        rests = self._add_breaks(tour, jobs, depart, (ready, go, end))
        for node in [*jobs, -1]:
            over = self._moment()
            cp.add_max_equality(over, [self.ready[node] if node >= 0 else ready, *(rest[1] for rest in rests[node])])
            cp.add((self.go[node] if node >= 0 else go) >= over).only_enforce_if(
                self.on[node, tour] if node >= 0 else used
            )
            for at_once in [*from_stop[node], *(rest[0] for rest in rests[node])]:
                cp.add((self.go[node] if node >= 0 else go) == over).only_enforce_if(at_once)
        for row in range(int(problem.absence_first[tour]), int(problem.absence_first[tour + 1])):
            span = int(problem.absence_from_s[row]), int(problem.absence_to_s[row])
            for job in jobs:
                self._keep_out(span, self.begin[job], self.leave[job], [self.on[job, tour]])
                for arc in moves[job]:
                    self._keep_out(span, self.go[job], self.reach[job], [arc])
            for arc in moves[-1]:
                self._keep_out(span, go, end, [arc])
        overtime, lasts = self._moment(), self._moment()
        cp.add(overtime >= end - min(int(problem.tour_end_s[tour]), self.last_s)).only_enforce_if(used)
        cp.add(lasts >= end - depart).only_enforce_if(used)
        self.costs += [
            sum(travel_s) * problem.travel_grains_per_s,
            sum(travel_m) * problem.travel_grains_per_m,
            overtime * problem.overtime_grains_per_s,
            lasts * problem.duration_grains_per_s,
            used * problem.use_grains,
            sum(self._fit(job, worker) * self.on[job, tour] for job in jobs),
        ]
        return sum(travel_s)

    def _keep_out(self, span: tuple[int, int], from_var: Var, to_var: Var, when: list[Literal]) -> None:
        """Keep what goes on between two moments out of an absence."""
        is_before = self.cp.new_bool_var("")
        self.cp.add(to_var <= span[0]).only_enforce_if([*when, is_before])
        self.cp.add(from_var >= span[1]).only_enforce_if([*when, ~is_before])

    def _add_breaks(self, tour: int, jobs: Sequence[int], depart: Var, ending: tuple[Var, Var, Var]) -> Rests:
        """Let each break be taken once before or after a leg, in order, and owed unless the tour departs or ends in time.

        Return, for each stop (−1: the end), whether and until when each break is taken before the leg to it.
        """
        cp, problem, used = self.cp, self.problem, self.used[tour]
        earlier: list[tuple[Var, Expr]] = []
        rests: Rests = {node: [] for node in [*jobs, -1]}
        for row in range(int(problem.break_first[tour]), int(problem.break_first[tour + 1])):
            from_s, to_s = int(problem.break_from_s[row]), int(problem.break_to_s[row])
            duration_s = int(problem.break_duration_s[row])
            begin = self._moment()
            choices: list[Var] = []
            for job in jobs:
                before, after = cp.new_bool_var(""), cp.new_bool_var("")
                cp.add_implication(before, self.on[job, tour])
                cp.add_implication(after, self.on[job, tour])
                cp.add(begin >= self.ready[job]).only_enforce_if(before)
                rests[job].append((before, self._end_if(before, begin, duration_s)))
                cp.add(begin >= self.reach[job]).only_enforce_if(after)
                cp.add(begin + duration_s <= self.begin[job]).only_enforce_if(after)
                choices += [before, after]
                self.pauses[job] += [before, after]
            if int(problem.tour_end_place[tour]) != OPEN:
                before = cp.new_bool_var("")
                cp.add_implication(before, used)
                cp.add(begin >= ending[0]).only_enforce_if(before)
                rests[-1].append((before, self._end_if(before, begin, duration_s)))
                choices.append(before)
            is_taken = cp.new_bool_var("")
            cp.add(sum(choices) == is_taken)
            cp.add(begin >= from_s).only_enforce_if(is_taken)
            cp.add(begin <= to_s).only_enforce_if(is_taken)
            for is_earlier, earlier_end in earlier:
                cp.add(begin >= earlier_end).only_enforce_if([is_taken, is_earlier])
            earlier.append((is_taken, begin + duration_s))
            leaves_after, ends_before = cp.new_bool_var(""), cp.new_bool_var("")
            cp.add(depart >= to_s).only_enforce_if(leaves_after)
            cp.add(ending[2] <= to_s).only_enforce_if(ends_before)
            cp.add_bool_or([~used, is_taken, leaves_after, ends_before])
        return rests

    def _end_if(self, is_taken: Var, begin: Var, duration_s: int) -> Var:
        """Return the end of what begins at ``begin`` if it is taken, else 0."""
        end = self._moment()
        self.cp.add(end == begin + duration_s).only_enforce_if(is_taken)
        self.cp.add(end == 0).only_enforce_if(~is_taken)
        return end

    def _add_job(self, job: int, work_s: dict[tuple[int, int], Var]) -> None:
        """Add the windows, the service and the lateness of a job."""
        cp, problem = self.cp, self.problem
        tours = range(problem.n_tours)
        begin, leave, skipped = self.begin[job], self.leave[job], self.skipped[job]
        cp.add(sum(self.on[job, tour] for tour in tours) + skipped == 1)
        windows: list[Var] = []
        for row in range(int(problem.window_first[job]), int(problem.window_first[job + 1])):
            inside = cp.new_bool_var("")
            cp.add(begin >= min(int(problem.window_from_s[row]), self.last_s + 1)).only_enforce_if(inside)
            cp.add(begin <= int(problem.window_to_s[row])).only_enforce_if(inside)
            windows.append(inside)
        cp.add_bool_or([skipped, *windows])
        cp.add(begin >= self.reach[job])
        paused, is_set_up, set_up_due = self.is_paused[job], cp.new_bool_var(""), cp.new_bool_var("")
        cp.add_max_equality(paused, [*self.pauses[job], 0])
        here = int(problem.job_place[job])
        same = [arc for (_, a, b), arc in self.arcs.items() if b == job and a >= 0 and problem.job_place[a] == here]
        cp.add(sum(same) == is_set_up)
        cp.add_bool_and([is_set_up, ~paused]).only_enforce_if(~set_up_due)
        cp.add_bool_or([~is_set_up, paused]).only_enforce_if(set_up_due)
        for tour in tours:
            worker = int(problem.tour_worker[tour])
            kind = int(problem.worker_kind[worker])
            for due, rows in ((set_up_due, problem.service_setup_s), (~set_up_due, problem.service_s)):
                service_s = int(rows[job, kind])
                when = [self.on[job, tour], due]
                cp.add(leave == begin + service_s).only_enforce_if(when)
                cp.add(work_s[job, worker] >= service_s).only_enforce_if(when)
            finish_by_s = int(problem.finish_by_s[problem.job_profile[job], worker])
            cp.add(leave <= finish_by_s).only_enforce_if(self.on[job, tour])
        for moment, by_s, once, rate in (
            (begin, problem.arrive_by_s[job], problem.arrive_once_grains[job], problem.arrive_grains_per_s[job]),
            (leave, problem.resolve_by_s[job], problem.resolve_once_grains[job], problem.resolve_grains_per_s[job]),
        ):
            is_late, late = cp.new_bool_var(""), self._moment()
            cp.add(moment <= int(by_s)).only_enforce_if([~skipped, ~is_late])
            cp.add(late >= moment - min(int(by_s), self.last_s)).only_enforce_if(~skipped)
            self.costs += [int(once) * is_late, int(rate) * late]

    def _add_worker(self, worker: int, parts_s: Sequence[Expr]) -> None:
        """Add the limit and the balance of a worker."""
        cp, limit_s = self.cp, int(self.problem.worker_max_busy_s[worker])
        busy_s = cp_model.LinearExpr.sum(parts_s)
        cp.add(busy_s <= limit_s)
        cents = self.problem.balance_cents_per_h2
        if cents:
            most_s = self.last_s * self.problem.n_tours
            busy = cp.new_int_var(0, most_s, "")
            cp.add(busy >= busy_s)
            square = cp.new_int_var(0, most_s**2, "")
            cp.add_multiplication_equality(square, [busy, busy])
            steps = cp.new_int_var(0, balance_grains(most_s, cents) // BALANCE_STEP_GRAINS, "")
            per_step = 3600 * 3600
            cp.add_division_equality(steps, square * (cents * 200) + per_step, 2 * per_step)
            self.costs.append(steps * BALANCE_STEP_GRAINS)

    def _fit(self, job: int, worker: int) -> int:
        return int(self.problem.fit_grains[self.problem.job_profile[job], worker])
