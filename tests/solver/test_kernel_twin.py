"""The compiled kernel against its slow twin: every time, price and event, on worlds of every kind."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from solver import reference
from solver.arrays import pack
from solver.problem import OPEN, Problem, Sphere, Timed
from solver.tours import time_tour
from tests.solver.worlds import Chance, grow_tours, make_arbitrary, seeded

LONG = Chance(n_jobs_max=9, n_workers_max=2, n_tours_max=3)
N_WORLDS = 400


def _agree(problem: Problem, chance: Random) -> list[tuple[int, tuple[int, ...], Timed | None]]:
    arrays = pack(problem)
    tried = grow_tours(chance, problem)
    for tour, jobs, timed in tried:
        assert time_tour(problem, tour, jobs, arrays) == timed
    return tried


@given(st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=150)
def test_the_kernel_times_every_tour_as_its_twin_does(chance: Random) -> None:
    _agree(make_arbitrary(chance, LONG), chance)


def test_the_kernel_packs_the_problem_itself_if_nobody_did() -> None:
    problem = make_arbitrary(seeded(0), LONG)
    tour, jobs, timed = grow_tours(seeded(0), problem)[0]
    assert time_tour(problem, tour, jobs) == timed
    assert time_tour(problem, tour, ()) == reference.time_tour(problem, tour, ())


def test_kernel_and_twin_agree_on_many_worlds_in_which_every_rule_bites() -> None:
    bites: Counter[str] = Counter()
    for seed in range(N_WORLDS):
        problem = make_arbitrary(seeded(seed), LONG)
        for tour, _, timed in _agree(problem, seeded(seed)):
            bites.update(_bites(problem, tour, timed))
    assert {rule for rule, times in bites.items() if times >= 10} == {
        "not possible",
        "five stops",
        "two breaks",
        "break before a leg",
        "break after a leg",
        "wait for an absence to end",
        "later window",
        "late departure",
        "late begin",
        "late end of work",
        "set-up",
        "no set-up",
        "overtime",
        "open end",
        "slow in a peak",
        "computed legs",
    }


def _bites(problem: Problem, tour: int, timed: Timed | None) -> set[str]:
    """Tell which rules show in this timing."""
    if timed is None:
        return {"not possible"}
    found = {
        "five stops": len(timed.events) >= 7,
        "two breaks": sum(event.kind == "break" for event in timed.events) >= 2,
        "late departure": timed.depart_s > problem.tour_start_s[tour],
        "overtime": timed.end_s > problem.tour_end_s[tour] and problem.overtime_grains_per_s > 0,
        "open end": problem.tour_end_place[tour] == OPEN,
        "slow in a peak": len(problem.peaks.clock_s) > 0 and _is_slowed(problem, timed),
        "computed legs": isinstance(problem.legs, Sphere) and timed.travel_s > 0,
    }
    for before, event in pairwise(timed.events):
        found["wait for an absence to end"] = found.get("wait for an absence to end", False) or (
            event.arrive_s - event.travel_s > before.leave_s
        )
        if event.kind == "break":
            found["break after a leg" if event.travel_s else "break before a leg"] = True
        if event.kind == "visit":
            job = event.row
            first = problem.window_to_s[problem.window_first[job]]
            has_set_up = problem.service_s[job].tolist() != problem.service_setup_s[job].tolist()
            is_same = before.kind == "visit" and before.place == event.place
            found["later window"] = found.get("later window", False) or bool(event.begin_s > first)
            found["late begin"] = found.get("late begin", False) or bool(event.begin_s > problem.arrive_by_s[job])
            found["late end of work"] = found.get("late end of work", False) or bool(
                event.leave_s > problem.resolve_by_s[job]
            )
            found["no set-up" if is_same else "set-up"] = has_set_up
    return {rule for rule, is_there in found.items() if is_there}


def _is_slowed(problem: Problem, timed: Timed) -> bool:
    """Tell whether the tour travels while the rate is below the free one."""
    peaks = problem.peaks
    for event in timed.events:
        for row, (from_s, to_s) in enumerate(pairwise(peaks.clock_s.tolist())):
            inside = event.arrive_s - event.travel_s < to_s and event.arrive_s > from_s
            if event.travel_s and inside and peaks.rate[row] < peaks.unit:
                return True
    return False
