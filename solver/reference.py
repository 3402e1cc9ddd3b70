"""The slow twin of the kernel: :mod:`solver.problem`'s timing rule and prices, sentence by sentence, in plain Python.

Nothing here is clever or fast. The compiled kernel must agree with it to the last grain and second; tests compare the
two on arbitrary problems, and plans are read back with it.

Examples
--------
>>> import numpy as np
>>> from solver.problem import Peaks
>>> slow = Peaks(clock_s=np.array([-100, 60]), progress=np.array([0, 160]), rate=np.array([1, 2]), unit=2)
>>> peak_arrive_s(slow, depart_s=50, base_s=20)
75
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import asin, cos, sin, sqrt

from solver.problem import (
    EARTH_RADIUS_M,
    FAR_S,
    FORBIDDEN,
    NO_WAY,
    OPEN,
    Event,
    Peaks,
    Problem,
    Tables,
    Timed,
    balance_grains,
    pair_grains,
)


def leg(problem: Problem, speed: int, a: int, b: int) -> tuple[int, int]:
    """Return the free-flow seconds and the metres of the leg from place ``a`` to ``b``; (NO_WAY, 0) if there is none."""
    if a == b:
        return 0, 0
    legs = problem.legs
    if isinstance(legs, Tables):
        seconds = int(legs.leg_s[speed, a, b])
        return (NO_WAY, 0) if seconds < 0 else (seconds, int(legs.leg_m[a, b]))
    lat_a, lat_b = float(legs.lat_rad[a]), float(legs.lat_rad[b])
    half_lat, half_lon = (lat_b - lat_a) / 2, (float(legs.lon_rad[b]) - float(legs.lon_rad[a])) / 2
    square = sin(half_lat) * sin(half_lat) + cos(lat_a) * cos(lat_b) * (sin(half_lon) * sin(half_lon))
    metres = round(2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(square))) * legs.detour)
    num, den = int(legs.speed_num[speed]), int(legs.speed_den[speed])
    return -(-metres * num // den), metres


def peak_arrive_s(peaks: Peaks, depart_s: int, base_s: int) -> int:
    """Return the least whole second at which a journey of ``base_s`` free seconds from ``depart_s`` is over."""
    if len(peaks.clock_s) == 0:
        return depart_s + base_s
    target = _progress(peaks, depart_s) + base_s * peaks.unit
    for g in range(len(peaks.clock_s)):
        clock_s, rate = int(peaks.clock_s[g]), int(peaks.rate[g])
        reach_s = clock_s - (int(peaks.progress[g]) - target) // rate  # rounded up
        if g + 1 == len(peaks.clock_s) or reach_s <= int(peaks.clock_s[g + 1]):
            break
    return reach_s


def peak_depart_s(peaks: Peaks, arrive_s: int, base_s: int) -> int:
    """Return the latest whole second to leave at so as to arrive no later than ``arrive_s``, which can be reached."""
    if len(peaks.clock_s) == 0:
        return arrive_s - base_s
    target = _progress(peaks, arrive_s) - base_s * peaks.unit
    depart_s = int(peaks.clock_s[0])
    for g in range(len(peaks.clock_s)):
        if int(peaks.progress[g]) <= target:
            depart_s = int(peaks.clock_s[g]) + (target - int(peaks.progress[g])) // int(peaks.rate[g])
    return depart_s


def _progress(peaks: Peaks, at_s: int) -> int:
    """Return the progress at ``at_s``, which is no earlier than the first entry."""
    g = max(g for g in range(len(peaks.clock_s)) if int(peaks.clock_s[g]) <= at_s)
    return int(peaks.progress[g]) + (at_s - int(peaks.clock_s[g])) * int(peaks.rate[g])


def arrive_s(problem: Problem, depart_s: int, base_s: int) -> int:
    """Return when a leg of ``base_s`` free seconds that leaves at ``depart_s`` arrives, peaks included."""
    return peak_arrive_s(problem.peaks, depart_s, base_s)


@dataclass(frozen=True, slots=True)
class _Label:
    """One way to have come so far: when the stop is left, the price and work behind it, and every event."""

    time_s: int
    late_grains: int
    travel_s: int
    service_s: int
    travel_m: int
    events: tuple[Event, ...]

    @property
    def rank(self) -> tuple[int, int, int]:
        """Return what the best of several ways to one stop is chosen by, least first."""
        return self.time_s, self.late_grains, self.travel_s + self.service_s


class _Tour:
    """One tour's rows of the problem as plain lists, and the steps of its timing."""

    def __init__(self, problem: Problem, tour: int) -> None:
        self.problem = problem
        self.tour = tour
        self.worker = int(problem.tour_worker[tour])
        self.kind = int(problem.worker_kind[self.worker])
        self.speed = int(problem.worker_speed[self.worker])
        self.end_place = int(problem.tour_end_place[tour])
        rows = range(int(problem.break_first[tour]), int(problem.break_first[tour + 1]))
        self.break_from_s = [int(problem.break_from_s[i]) for i in rows]
        self.break_to_s = [int(problem.break_to_s[i]) for i in rows]
        self.break_duration_s = [int(problem.break_duration_s[i]) for i in rows]
        rows = range(int(problem.absence_first[tour]), int(problem.absence_first[tour + 1]))
        self.absences = [(int(problem.absence_from_s[i]), int(problem.absence_to_s[i])) for i in rows]

    @property
    def n_breaks(self) -> int:
        """Return the number of breaks."""
        return len(self.break_to_s)

    def windows(self, job: int) -> list[tuple[int, int]]:
        """Return the windows in which ``job`` may begin."""
        rows = range(int(self.problem.window_first[job]), int(self.problem.window_first[job + 1]))
        return [(int(self.problem.window_from_s[i]), int(self.problem.window_to_s[i])) for i in rows]

    def finish_by_s(self, job: int) -> int:
        """Return by when ``job`` must be over for this worker."""
        return int(self.problem.finish_by_s[self.problem.job_profile[job], self.worker])

    def fit_grains(self, job: int) -> int:
        """Return the price of the pair, or FORBIDDEN."""
        return pair_grains(self.problem, job, self.worker)

    def is_first(self, job: int) -> bool:
        """Return whether ``job`` is served before all others of one tour."""
        change = self.problem.change
        return change is not None and int(change.first_tour[job]) >= 0

    def wait_from_s(self, job: int) -> int:
        """Return the beginning of the job's tolerance: what a tour that waits waits for; without one, and at no price, long ago."""
        change = self.problem.change
        return -FAR_S if change is None or change.grains_per_s[job] == 0 else int(change.from_s[job])

    def rested(self, start: _Label, first: int, count: int) -> _Label | None:
        """Take ``count`` breaks from row ``first`` on where the worker is; None if one would begin after its ``to``."""
        time_s, events = start.time_s, list(start.events)
        for k in range(first, first + count):
            begin_s = max(time_s, self.break_from_s[k])
            if begin_s > self.break_to_s[k]:
                return None
            leave_s = begin_s + self.break_duration_s[k]
            events.append(Event("break", k, events[-1].place, time_s, begin_s, leave_s, 0, 0))
            time_s = leave_s
        return _Label(time_s, start.late_grains, start.travel_s, start.service_s, start.travel_m, (*events,))

    def gone(self, start: _Label, place: int) -> _Label | None:
        """Take the leg to ``place``; its last event is the arrival. None if there is no way, or an absence is in it."""
        base_s, metres = leg(self.problem, self.speed, start.events[-1].place, place)
        if base_s < 0:
            return None
        leave_s = start.time_s
        for absent_from_s, absent_to_s in self.absences:
            if base_s > 0 and leave_s < absent_to_s and arrive_s(self.problem, leave_s, base_s) > absent_from_s:
                leave_s = absent_to_s
        if leave_s > start.time_s and start.events[-1].kind != "start":
            return None
        reach_s = arrive_s(self.problem, leave_s, base_s)
        arrival = Event("arrival", -1, place, reach_s, reach_s, reach_s, reach_s - leave_s, metres)
        return _Label(
            reach_s,
            start.late_grains,
            start.travel_s + reach_s - leave_s,
            start.service_s,
            start.travel_m + metres,
            (*start.events, arrival),
        )

    def begin_s(self, job: int, ready_s: int, service_s: int) -> int | None:
        """Return the earliest legal begin of a service at or after ``ready_s``, or None."""
        begin_s = ready_s
        while True:
            window = next((window for window in self.windows(job) if window[1] >= begin_s), None)
            if window is None:
                return None
            begin_s = max(begin_s, window[0])
            overlapped = [to_s for from_s, to_s in self.absences if begin_s < to_s and begin_s + service_s > from_s]
            if not overlapped:
                return begin_s if begin_s + service_s <= self.finish_by_s(job) else None
            begin_s = overlapped[0]

    def begin_waiting_s(self, job: int, ready_s: int, service_s: int) -> int | None:
        """Return the begin of a service for which the tour waits as far as the window allows, or None."""
        begin_s = self.begin_s(job, ready_s, service_s)
        if begin_s is None or begin_s >= self.wait_from_s(job):
            return begin_s
        window_to_s = next(to_s for from_s, to_s in self.windows(job) if from_s <= begin_s <= to_s)
        return self.begin_s(job, max(begin_s, min(self.wait_from_s(job), window_to_s)), service_s)

    def visited(self, start: _Label, settled: int, before: int, after: int, job: int, *, waits: bool) -> _Label | None:
        """Return the label behind ``job``, reached with so many breaks before and after the leg; None if impossible."""
        if self.is_first(job) and before + after > 0:
            return None
        place = int(self.problem.job_place[job])
        here = start.events[-1]
        label = self.rested(start, settled, before)
        label = label and self.gone(label, place)
        label = label and self.rested(label, settled + before, after)
        if label is None:
            return None
        is_set_up = before + after == 0 and here.kind == "visit" and here.place == place
        service_s = int((self.problem.service_s if is_set_up else self.problem.service_setup_s)[job, self.kind])
        begin_s = (self.begin_waiting_s if waits else self.begin_s)(job, label.time_s, service_s)
        if begin_s is None:
            return None
        end_s = begin_s + service_s
        visit = Event("visit", job, place, label.time_s, begin_s, end_s, 0, 0)
        return _Label(
            end_s,
            label.late_grains + late_grains(self.problem, job, begin_s, end_s),
            label.travel_s,
            label.service_s + service_s,
            label.travel_m,
            _merged((*label.events, visit)),
        )

    def ended(self, start: _Label, settled: int, before: int) -> _Label | None:
        """Return the label at the end of the tour, reached with so many breaks before the last leg; None if impossible."""
        if self.end_place == OPEN:
            last = start.events[-1]
            end = Event("end", -1, last.place, start.time_s, start.time_s, start.time_s, 0, 0)
            return replace(start, events=(*start.events, end))
        label = self.rested(start, settled, before)
        label = label and self.gone(label, self.end_place)
        if label is None:
            return None
        end = Event("end", -1, self.end_place, label.time_s, label.time_s, label.time_s, 0, 0)
        return replace(label, events=_merged((*label.events, end)))

    def owes(self, settled: int, end_s: int) -> bool:
        """Return whether a tour that ends, or a service that is over, at ``end_s`` has missed the next break."""
        return settled < self.n_breaks and end_s > self.break_to_s[settled]

    def timed(self, jobs: Sequence[int], depart_s: int) -> Timed | None:
        """Time the tour from ``depart_s``, waiting for tolerances or not, whichever is cheaper; None if neither can be."""
        waiting = self.timed_once(jobs, depart_s, waits=True)
        at_once = self.timed_once(jobs, depart_s, waits=False)
        if waiting is None or (at_once is not None and at_once.cost_grains < waiting.cost_grains):
            return at_once
        return waiting

    def timed_once(self, jobs: Sequence[int], depart_s: int, *, waits: bool) -> Timed | None:
        """Time the tour from ``depart_s``, as early as possible but for what it ``waits`` for; None if that cannot be."""
        place = int(self.problem.tour_start_place[self.tour])
        start = Event("start", -1, place, depart_s, depart_s, depart_s, 0, 0)
        over = sum(1 for to_s in self.break_to_s if to_s <= depart_s)
        labels = {over: _Label(depart_s, 0, 0, 0, 0, (start,))}
        for job in jobs:
            reached: dict[int, _Label] = {}
            for k0 in sorted(labels):
                for p in range(self.n_breaks - k0 + 1):
                    for q in range(self.n_breaks - k0 - p + 1):
                        label = self.visited(labels[k0], k0, p, q, job, waits=waits)
                        k = k0 + p + q
                        if label is None or self.owes(k, label.time_s):
                            continue
                        if k not in reached or label.rank < reached[k].rank:
                            reached[k] = label
            labels = reached
        best: Timed | None = None
        for k0 in sorted(labels):
            for p in range(1 if self.end_place == OPEN else self.n_breaks - k0 + 1):
                label = self.ended(labels[k0], k0, p)
                if label is None or self.owes(k0 + p, label.time_s):
                    continue
                if label.time_s > int(self.problem.tour_last_s[self.tour]):
                    continue
                if label.travel_s > int(self.problem.tour_max_travel_s[self.tour]):
                    continue
                timed = self.priced(jobs, depart_s, label)
                if best is None or timed.cost_grains < best.cost_grains:
                    best = timed
        return best

    def priced(self, jobs: Sequence[int], depart_s: int, label: _Label) -> Timed:
        """Add up the price of a tour that has ended."""
        cost_grains = sum(self.fit_grains(job) for job in jobs)
        cost_grains += label.late_grains
        cost_grains += label.travel_s * self.problem.travel_grains_per_s
        cost_grains += label.travel_m * self.problem.travel_grains_per_m
        cost_grains += (label.time_s - depart_s) * self.problem.duration_grains_per_s
        overtime_s = max(0, label.time_s - int(self.problem.tour_end_s[self.tour]))
        cost_grains += overtime_s * self.problem.overtime_grains_per_s
        cost_grains += self.problem.use_grains
        return Timed(cost_grains, label.travel_s, label.service_s, depart_s, label.time_s, label.events)

    def latest_depart_s(self, early: Timed) -> int:
        """Return the latest departure for the end, order and lateness of ``early``: backwards from the end."""
        begin_by_s = early.end_s
        for position in range(len(early.events) - 1, 0, -1):
            event = early.events[position]
            if event.kind == "break":
                begin_by_s = min(begin_by_s - self.break_duration_s[event.row], self.break_to_s[event.row])
            elif event.kind == "visit":
                begin_by_s = min(begin_by_s - (event.leave_s - event.begin_s), self.visit_by_s(event))
            if event.travel_s > 0:
                reach_by_s = min([begin_by_s, *[from_s for from_s, _ in self.absences if from_s >= event.arrive_s]])
                base_s, _ = leg(self.problem, self.speed, early.events[position - 1].place, event.place)
                begin_by_s = peak_depart_s(self.problem.peaks, reach_by_s, base_s)
        return begin_by_s

    def visit_by_s(self, visit: Event) -> int:
        """Return the latest begin of a visit, after that of the early timing, for itself alone."""
        service_s = visit.leave_s - visit.begin_s
        window_to_s = next(to_s for from_s, to_s in self.windows(visit.row) if from_s <= visit.begin_s <= to_s)
        limits = [window_to_s, self.finish_by_s(visit.row) - service_s]
        limits += [from_s - service_s for from_s, _ in self.absences if from_s >= visit.leave_s]
        arrive_by_s, resolve_by_s = int(self.problem.arrive_by_s[visit.row]), int(self.problem.resolve_by_s[visit.row])
        limits.append(max(arrive_by_s, visit.begin_s))  # late as it was: no later than it did
        limits.append(max(resolve_by_s - service_s, visit.begin_s))
        change = self.problem.change
        if change is not None and change.grains_per_s[visit.row] > 0:
            limits.append(max(int(change.to_s[visit.row]), visit.begin_s))
        return min(limits)


def _merged(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Let the arrival among ``events`` be told by the event after it: a break, the visit or the end."""
    position = next(row for row, event in enumerate(events) if event.kind == "arrival")
    arrival, event = events[position], events[position + 1]
    told = replace(event, travel_s=arrival.travel_s, travel_m=arrival.travel_m)
    return (*events[:position], told, *events[position + 2 :])


def late_grains(problem: Problem, job: int, begin_s: int, end_s: int) -> int:
    """Return the price of beginning past ``arrive_by_s`` or outside the tolerance, and of ending past ``resolve_by_s``."""
    grains = 0
    if problem.change is not None:
        from_s, to_s = int(problem.change.from_s[job]), int(problem.change.to_s[job])
        grains += max(0, from_s - begin_s, begin_s - to_s) * int(problem.change.grains_per_s[job])
    if begin_s > int(problem.arrive_by_s[job]):
        grains += int(problem.arrive_once_grains[job])
        grains += (begin_s - int(problem.arrive_by_s[job])) * int(problem.arrive_grains_per_s[job])
    if end_s > int(problem.resolve_by_s[job]):
        grains += int(problem.resolve_once_grains[job])
        grains += (end_s - int(problem.resolve_by_s[job])) * int(problem.resolve_grains_per_s[job])
    return grains


def time_tour(problem: Problem, tour: int, jobs: Sequence[int]) -> Timed | None:
    """Time and price ``tour`` serving ``jobs`` in this order; None if that is not possible.

    Not possible: a forbidden pair, too many jobs, no way, or no timing within windows, breaks, absences and limits.
    What holds over all tours of a worker, ``worker_max_busy_s`` and balance, is no matter of one tour. Without jobs the
    tour is unused: it costs 0, has no events, departs and ends at ``tour_start_s``.
    """
    row = _Tour(problem, tour)
    start_s = int(problem.tour_start_s[tour])
    if not jobs:
        return Timed(0, 0, 0, start_s, start_s, ())
    if len(jobs) > int(problem.tour_max_jobs[tour]) or any(row.fit_grains(job) == FORBIDDEN for job in jobs):
        return None
    if any(not is_in_its_place(problem, tour, position, job) for position, job in enumerate(jobs)):
        return None
    early = row.timed(jobs, start_s)
    if early is None or problem.duration_grains_per_s == 0:
        return early
    late = row.timed(jobs, row.latest_depart_s(early))
    return late if late is not None and late.cost_grains < early.cost_grains else early


def is_in_its_place(problem: Problem, tour: int, position: int, job: int) -> bool:
    """Return whether a job may be at a position of a tour: one with a ``first_tour`` only there, before all others."""
    change = problem.change
    return change is None or int(change.first_tour[job]) < 0 or (int(change.first_tour[job]), 0) == (tour, position)


def count_changed(problem: Problem, routes: Sequence[Sequence[int]]) -> int:
    """Return how many counted jobs are changed by routes whose tours can all be timed."""
    change = problem.change
    if change is None:
        return 0
    calm = 0
    for tour, jobs in enumerate(routes):
        timed = time_tour(problem, tour, jobs)
        for event in () if timed is None else timed.events:
            if event.kind == "visit" and change.counted[event.row]:
                at_home = int(change.home_worker[event.row]) == int(problem.tour_worker[tour])
                calm += at_home and change.calm_from_s[event.row] <= event.begin_s <= change.calm_to_s[event.row]
    return int(change.counted.sum()) - int(calm)


def check(problem: Problem, routes: Sequence[Sequence[int]]) -> list[str]:
    """Return a sentence for each thing that is broken in ``routes`` (jobs in order, by tour); none if they are legal."""
    if len(routes) != problem.n_tours:
        return [f"expected a route for each of {problem.n_tours} tours, got {len(routes)}"]
    broken: list[str] = []
    served = sorted(job for route in routes for job in route)
    unknown = [job for job in served if not 0 <= job < problem.n_jobs]
    if unknown:
        return [f"job {job} is none of {problem.n_jobs}" for job in unknown]
    broken += [f"job {job} is served twice" for job, again in pairwise(served) if job == again]
    busy_s = [0] * problem.n_workers
    for tour, jobs in enumerate(routes):
        row = _Tour(problem, tour)
        forbidden = [job for job in jobs if row.fit_grains(job) == FORBIDDEN]
        broken += [f"tour {tour}: job {job} is forbidden to worker {row.worker}" for job in forbidden]
        if len(jobs) > int(problem.tour_max_jobs[tour]):
            broken.append(f"tour {tour} has {len(jobs)} jobs, at most {int(problem.tour_max_jobs[tour])} are allowed")
        elif not forbidden:
            timed = time_tour(problem, tour, jobs)
            if timed is None:
                broken.append(f"tour {tour} cannot be timed: {', '.join(map(str, jobs))}")
            else:
                busy_s[row.worker] += timed.travel_s + timed.service_s
    for worker, seconds in enumerate(busy_s):
        if seconds > int(problem.worker_max_busy_s[worker]):
            broken.append(f"worker {worker} is busy for {seconds} s, at most {int(problem.worker_max_busy_s[worker])}")
    changed, budget = count_changed(problem, routes), problem.change.budget if problem.change is not None else FAR_S
    if changed > budget:
        broken.append(f"{changed} jobs are changed, at most {budget} may be")
    return broken


def price(problem: Problem, routes: Sequence[Sequence[int]]) -> tuple[int, int]:
    """Return the total in grains, and how many mandatory jobs are not served.

    Raises
    ------
    ValueError
        If ``routes`` are not legal; the message holds what :func:`check` finds.
    """
    broken = check(problem, routes)
    if broken:
        raise ValueError("; ".join(broken))
    total_grains = 0
    busy_s = [0] * problem.n_workers
    for tour, jobs in enumerate(routes):
        timed = time_tour(problem, tour, jobs)
        if timed is not None:
            total_grains += timed.cost_grains
            busy_s[int(problem.tour_worker[tour])] += timed.travel_s + timed.service_s
    total_grains += sum(balance_grains(seconds, problem.balance_cents_per_h2) for seconds in busy_s)
    left_out = sorted(set(range(problem.n_jobs)) - {job for jobs in routes for job in jobs})
    total_grains += sum(int(problem.job_skip_grains[job]) for job in left_out)
    return total_grains, sum(1 for job in left_out if problem.job_mandatory[job])
