from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.problem import FORBIDDEN, NO_WAY, OPEN, Event, Peaks, Problem, Sphere, Tables, Timed
from solver.reference import arrive_s, check, leg, peak_arrive_s, peak_depart_s, price, time_tour
from tests.solver.worlds import (
    Job,
    Prices,
    Tour,
    Worker,
    grow_tours,
    line,
    make_arbitrary,
    make_peaks,
    make_problem,
    seeded,
)

# places 0, 1, 2 … lie on a line, ten seconds and a hundred metres apart


def _time(problem: Problem, *jobs: int) -> Timed:
    timed = time_tour(problem, 0, jobs)
    assert timed is not None
    return timed


def _shape(timed: Timed) -> list[tuple[str, int, int, int]]:
    return [(event.kind, event.row, event.begin_s, event.leave_s) for event in timed.events]


# ------------------------------------------------------------------------------------------------------------- legs


def test_a_leg_within_one_place_takes_nothing_whatever_the_table_says() -> None:
    tables = Tables(leg_s=np.full((1, 2, 2), 7, np.int32), leg_m=np.full((2, 2), 70, np.int32))
    problem = make_problem([Job()], legs=tables)
    assert leg(problem, 0, 1, 1) == (0, 0)
    assert leg(problem, 0, 0, 1) == (7, 70)


def test_one_degree_of_a_great_circle_is_111195_metres_before_the_detour_and_seconds_are_rounded_up() -> None:
    sphere = Sphere(np.zeros(2), np.radians([0.0, 1.0]), 1.3, np.array([36]), np.array([280]))
    problem = make_problem([Job()], legs=sphere)
    assert leg(problem, 0, 0, 1) == (18_586, 144_554)  # 111 195.08 × 1.3 = 144 553.6; × 36 ÷ 280 = 18 585.5


def test_a_tour_over_a_leg_without_a_way_is_not_possible() -> None:
    tables = line(0, 10, 20)
    tables.leg_s[0, 1, 2] = NO_WAY
    problem = make_problem([Job(place=1), Job(place=2)], legs=tables)
    assert time_tour(problem, 0, (0, 1)) is None
    assert time_tour(problem, 0, (1, 0)) is not None


def test_a_journey_is_slowed_only_for_its_part_inside_the_peak() -> None:
    peaks = make_peaks(2, [(-100, 2), (50, 1), (70, 2)])  # half the speed from 50 to 70
    assert peak_arrive_s(peaks, 0, 30) == 30
    assert peak_arrive_s(peaks, 40, 20) == 60 + 10  # ten free seconds, the other ten take twenty
    assert peak_arrive_s(peaks, 45, 20) == 70 + 5
    assert peak_arrive_s(peaks, 70, 20) == 90


def test_an_arrival_inside_a_peak_is_rounded_up_to_the_next_second() -> None:
    peaks = make_peaks(14, [(-100, 14), (50, 10), (100, 14)])  # factor 1.4
    assert peak_arrive_s(peaks, 50, 1) == 52
    assert peak_arrive_s(peaks, 50, 5) == 57


@given(st.integers(0, 2**32), st.integers(0, 200), st.integers(0, 80))
@settings(deadline=None)
def test_the_latest_departure_is_the_last_second_that_still_arrives_in_time(
    seed: int, reach_s: int, base_s: int
) -> None:
    problem = make_arbitrary(seeded(seed))
    depart_s = peak_depart_s(problem.peaks, reach_s, base_s)
    assert arrive_s(problem, depart_s, base_s) <= reach_s < arrive_s(problem, depart_s + 1, base_s)


# ---------------------------------------------------------------------------------------------------------- service


def test_a_tour_leaves_at_its_start_serves_in_order_and_returns() -> None:
    problem = make_problem([Job(place=1, service_s=[5]), Job(place=3, service_s=[7])], [Tour(start_s=100)])
    assert _time(problem, 0, 1).events == (
        Event("start", -1, 0, 100, 100, 100, 0, 0),
        Event("visit", 0, 1, 110, 110, 115, 10, 100),
        Event("visit", 1, 3, 135, 135, 142, 20, 200),
        Event("end", -1, 0, 172, 172, 172, 30, 300),
    )


def test_an_open_tour_ends_where_and_when_its_last_job_does() -> None:
    timed = _time(make_problem([Job(place=2, service_s=[5])], [Tour(end_place=OPEN)]), 0)
    assert timed.events[-1] == Event("end", -1, 2, 25, 25, 25, 0, 0)
    assert (timed.end_s, timed.travel_s) == (25, 20)


def test_an_unused_tour_costs_nothing() -> None:
    problem = make_problem([Job()], [Tour(start_s=40)], prices=Prices(use=9, duration_s=9))
    assert time_tour(problem, 0, ()) == Timed(0, 0, 0, 40, 40, ())


@pytest.mark.parametrize(("open_s", "begin_s"), [((0, 9), 30), ((0, 10), 10), ((10, 12), 10), ((11, 12), 11)])
def test_a_service_begins_inside_a_window_both_ends_included(open_s: tuple[int, int], begin_s: int) -> None:
    problem = make_problem([Job(place=1, windows=[open_s, (30, 40)])])
    assert _time(problem, 0).events[1].begin_s == begin_s


def test_a_service_after_its_last_window_is_not_possible() -> None:
    assert time_tour(make_problem([Job(place=1, windows=[(0, 9)])]), 0, (0,)) is None


def test_set_up_is_due_unless_the_stop_before_is_a_job_at_the_same_place() -> None:
    jobs = [Job(place=0, service_s=[5], setup_s=[8]), Job(place=0, service_s=[5], setup_s=[8]), Job(place=1)]
    problem = make_problem(jobs)
    assert [leave - begin for _, _, begin, leave in _shape(_time(problem, 0, 1))] == [0, 8, 5, 0]
    assert [leave - begin for _, _, begin, leave in _shape(_time(problem, 0, 2, 1))] == [0, 8, 0, 8, 0]


def test_a_break_between_two_jobs_at_one_place_makes_the_set_up_due() -> None:
    jobs = [Job(service_s=[5], setup_s=[8], windows=[(0, 0)]), Job(service_s=[5], setup_s=[8], windows=[(20, 99)])]
    problem = make_problem(jobs, [Tour(breaks=[(9, 12, 3)])])
    assert _shape(_time(problem, 0, 1)) == [
        ("start", -1, 0, 0),
        ("visit", 0, 0, 8),
        ("break", 0, 9, 12),
        ("visit", 1, 20, 28),
        ("end", -1, 28, 28),
    ]


def test_duration_depends_on_the_kind_of_the_worker_and_travel_on_his_speed() -> None:
    tables = Tables(leg_s=np.array([[[0, 10], [10, 0]], [[0, 4], [4, 0]]], np.int32), leg_m=np.zeros((2, 2), np.int32))
    problem = make_problem([Job(place=1, service_s=[5, 6])], workers=[Worker(kind=1, speed=1)], legs=tables)
    assert (_time(problem, 0).service_s, _time(problem, 0).travel_s) == (6, 8)


@pytest.mark.parametrize(("by_s", "possible"), [(14, False), (15, True), (16, True)])
def test_work_must_be_over_by_the_lapse_of_the_pair(by_s: int, possible: bool) -> None:
    problem = make_problem([Job(place=1, service_s=[5])], finish_by_s={(0, 0): by_s})
    assert (time_tour(problem, 0, (0,)) is not None) == possible


def test_a_forbidden_pair_is_not_possible() -> None:
    assert time_tour(make_problem([Job()], fit={(0, 0): FORBIDDEN}), 0, (0,)) is None


# ------------------------------------------------------------------------------------------------- rest on the way


def test_a_break_is_taken_before_the_leg_if_that_is_soonest() -> None:
    # after the leg it would begin at 30, after its latest begin
    problem = make_problem([Job(place=3, service_s=[5])], [Tour(breaks=[(0, 20, 4)])])
    assert _shape(_time(problem, 0))[1:3] == [("break", 0, 0, 4), ("visit", 0, 34, 39)]


def test_a_break_after_the_leg_has_the_travel_and_the_visit_has_none() -> None:
    problem = make_problem([Job(place=3, service_s=[50])], [Tour(breaks=[(25, 40, 4)])])
    assert _time(problem, 0).events[1:3] == (
        Event("break", 0, 3, 30, 30, 34, 30, 300),
        Event("visit", 0, 3, 34, 34, 84, 0, 0),
    )


@pytest.mark.parametrize(("to_s", "owed"), [(24, True), (25, False), (26, False)])
def test_a_tour_owes_a_break_if_it_ends_after_its_latest_begin(to_s: int, owed: bool) -> None:
    problem = make_problem([Job(place=1, service_s=[5])], [Tour(breaks=[(0, to_s, 4)])])
    assert any(event.kind == "break" for event in _time(problem, 0).events) == owed


@pytest.mark.parametrize(("start_s", "kind"), [(19, "break"), (20, "visit"), (21, "visit")])
def test_a_tour_that_departs_at_or_after_the_latest_begin_of_a_break_owes_it_not(start_s: int, kind: str) -> None:
    problem = make_problem([Job(place=1, service_s=[5])], [Tour(start_s=start_s, breaks=[(0, 20, 4)])])
    assert _time(problem, 0).events[1].kind == kind


def test_a_break_that_cannot_be_taken_makes_the_tour_impossible() -> None:
    jobs = [Job(place=1, service_s=[40], windows=[(10, 10)])]
    assert time_tour(make_problem(jobs, [Tour(breaks=[(15, 30, 5)])]), 0, (0,)) is None
    assert time_tour(make_problem(jobs, [Tour(breaks=[(15, 50, 5)])]), 0, (0,)) is not None


def test_several_breaks_are_taken_in_order_also_at_one_stop() -> None:
    problem = make_problem([Job(place=1, windows=[(60, 60)])], [Tour(breaks=[(20, 30, 5), (10, 24, 5), (70, 99, 5)])])
    assert _shape(_time(problem, 0)) == [
        ("start", -1, 0, 0),
        ("break", 0, 10, 15),
        ("break", 1, 20, 25),
        ("visit", 0, 60, 60),
        ("end", -1, 70, 70),
    ]


# --------------------------------------------------------------------------------------------------------- absences


def test_a_first_leg_that_would_overlap_an_absence_leaves_at_its_end() -> None:
    problem = make_problem([Job(place=1)], [Tour(absences=[(9, 50)])])
    assert _time(problem, 0).events[1] == Event("visit", 0, 1, 60, 60, 60, 10, 100)
    touching = make_problem([Job(place=1)], [Tour(end_place=OPEN, absences=[(10, 50)])])
    assert _time(touching, 0).events[1].begin_s == 10


def test_nobody_waits_after_work_or_a_break_for_an_absence_to_end() -> None:
    jobs = [Job(place=1, service_s=[5]), Job(place=2, service_s=[5])]
    for begins_s, is_possible in [(24, False), (25, True)]:  # work ends at 15, the next leg takes until 25
        problem = make_problem(jobs, [Tour(end_place=OPEN, absences=[(begins_s, 50)])])
        assert (time_tour(problem, 0, (0, 1)) is not None) is is_possible
    for begins_s, is_possible in [(24, False), (25, True)]:  # the same for the way home
        problem = make_problem(jobs[:1], [Tour(absences=[(begins_s, 50)])])
        assert (time_tour(problem, 0, (0,)) is not None) is is_possible
    for begins_s, is_possible in [(24, False), (25, True)]:  # a break from 5 to 15 at the start, the leg until 25
        pause = (5, 9, 10)
        problem = make_problem(jobs[:1], [Tour(end_place=OPEN, breaks=[pause], absences=[(begins_s, 30)])])
        assert (time_tour(problem, 0, (0,)) is not None) is is_possible


def test_a_service_that_would_overlap_an_absence_waits_for_its_end_even_into_another_window() -> None:
    job = Job(place=1, service_s=[5], windows=[(0, 40), (60, 70)])
    for away, begin_s in [((15, 40), 10), ((14, 40), 40), ((14, 41), 60)]:
        problem = make_problem([job], [Tour(end_place=OPEN, absences=[away])])
        assert _time(problem, 0).events[1].begin_s == begin_s


def test_a_service_of_no_duration_is_kept_out_of_an_absence_but_not_off_its_ends() -> None:
    absences = [(20, 40)]
    for opens_s, begin_s in [(20, 20), (21, 40), (39, 40), (40, 40)]:
        tour = Tour(end_place=OPEN, absences=absences)
        problem = make_problem([Job(place=1, windows=[(opens_s, 99)])], [tour])
        assert _time(problem, 0).events[1].begin_s == begin_s


def test_a_break_may_be_taken_in_an_absence() -> None:
    problem = make_problem([Job(place=1, service_s=[5])], [Tour(breaks=[(5, 20, 10)], absences=[(10, 50)])])
    assert _shape(_time(problem, 0))[1:3] == [("break", 0, 10, 20), ("visit", 0, 50, 55)]


# ----------------------------------------------------------------------------------------------------------- limits


@pytest.mark.parametrize(("last_s", "possible"), [(24, False), (25, True)])
def test_a_tour_ends_by_its_latest_end(last_s: int, possible: bool) -> None:
    problem = make_problem([Job(place=1, service_s=[5])], [Tour(end_s=0, last_s=last_s)])
    assert (time_tour(problem, 0, (0,)) is not None) == possible


@pytest.mark.parametrize(("limit_s", "possible"), [(19, False), (20, True)])
def test_the_legs_of_a_tour_keep_its_travel_limit(limit_s: int, possible: bool) -> None:
    problem = make_problem([Job(place=1, service_s=[5])], [Tour(max_travel_s=limit_s)])
    assert (time_tour(problem, 0, (0,)) is not None) == possible


def test_a_tour_has_at_most_so_many_jobs() -> None:
    problem = make_problem([Job(), Job()], [Tour(max_jobs=1)])
    assert time_tour(problem, 0, (0,)) is not None
    assert time_tour(problem, 0, (0, 1)) is None


# ----------------------------------------------------------------------------------------------------------- prices


def test_travel_overtime_use_and_fit_are_added_up() -> None:
    prices = Prices(travel_s=2, travel_m=3, overtime_s=5, use=1_000)
    problem = make_problem([Job(place=1, service_s=[5])], [Tour(end_s=21, last_s=99)], prices=prices, fit={(0, 0): 7})
    assert _time(problem, 0).cost_grains == 20 * 2 + 200 * 3 + 4 * 5 + 1_000 + 7


@pytest.mark.parametrize(("by_s", "grains"), [(9, 100 + 3), (10, 0), (11, 0)])
def test_a_late_begin_costs_once_and_by_the_second(by_s: int, grains: int) -> None:
    job = Job(place=1, service_s=[5], arrive_by_s=by_s, arrive_once=100, arrive_rate=3)
    assert _time(make_problem([job]), 0).cost_grains == grains


@pytest.mark.parametrize(("by_s", "grains"), [(14, 100 + 3), (15, 0), (16, 0)])
def test_a_late_end_of_work_costs_once_and_by_the_second(by_s: int, grains: int) -> None:
    job = Job(place=1, service_s=[5], resolve_by_s=by_s, resolve_once=100, resolve_rate=3)
    assert _time(make_problem([job]), 0).cost_grains == grains


# --------------------------------------------------------------------------------------------------- late departure


def _departs(job: Job, tour: Tour) -> tuple[int, int]:
    timed = _time(make_problem([job], [tour], prices=Prices(duration_s=1)), 0)
    return timed.depart_s, timed.end_s


def test_without_a_price_of_duration_a_tour_leaves_at_once() -> None:
    assert _time(make_problem([Job(place=1, windows=[(50, 60)])]), 0).depart_s == 0


def test_the_departure_is_put_off_so_far_that_the_end_stays() -> None:
    assert _departs(Job(place=1, service_s=[5], windows=[(50, 60)]), Tour()) == (40, 65)


def test_a_late_departure_keeps_a_promised_begin_and_does_not_make_a_late_one_later() -> None:
    windows = [(30, 35), (50, 60)]
    jobs = [Job(place=1, arrive_by_s=20), Job(place=2, windows=[(60, 60)])]
    assert _time(make_problem(jobs, prices=Prices(duration_s=1)), 0, 1).depart_s == 10
    jobs = [Job(place=1, arrive_by_s=33, windows=windows), Job(place=2, windows=[(60, 60)])]
    assert _time(make_problem(jobs, prices=Prices(duration_s=1)), 0, 1).depart_s == 23
    jobs = [Job(place=1, arrive_by_s=20, windows=windows), Job(place=2, windows=[(60, 60)])]
    assert _time(make_problem(jobs, prices=Prices(duration_s=1)), 0, 1).depart_s == 20


def test_a_late_departure_stays_before_the_absence_that_its_leg_was_before() -> None:
    job = Job(place=1, service_s=[5], windows=[(50, 60)])
    assert _departs(job, Tour(absences=[(20, 30)])) == (10, 65)
    assert _departs(job, Tour(absences=[(5, 30)])) == (40, 65)


def test_a_late_departure_keeps_its_breaks_where_they_may_begin() -> None:
    job = Job(place=1, service_s=[5], windows=[(50, 60)])
    assert _departs(job, Tour(breaks=[(0, 49, 10)])) == (30, 65)
    assert _departs(job, Tour(breaks=[(0, 20, 10)])) == (10, 65)  # it is taken after the leg, at 20 at the latest
    assert _departs(job, Tour(breaks=[(0, 9, 10)])) == (9, 65)  # before the leg; leaving at 9 no longer owes it


def test_a_late_departure_misses_the_peak_if_it_can() -> None:
    peaks = make_peaks(2, [(-100, 2), (0, 1), (30, 2)])
    problem = make_problem([Job(place=1, windows=[(50, 60)])], peaks=peaks, prices=Prices(duration_s=1))
    timed = _time(problem, 0)
    assert (timed.depart_s, timed.travel_s, timed.end_s) == (40, 20, 60)


# ------------------------------------------------------------------------------------------------------------ plans


def _two_workers() -> Problem:
    jobs = [Job(place=1, service_s=[1_780]), Job(place=3, skip=500), Job(mandatory=True)]
    tours = [Tour(worker=0, end_s=9_000), Tour(worker=0, start_s=9_000), Tour(worker=1)]
    workers = [Worker(max_busy_s=1_850), Worker()]
    return make_problem(jobs, tours, workers, prices=Prices(balance_cents_per_h2=100), fit={(2, 1): FORBIDDEN})


def test_the_total_has_balance_and_skipped_jobs_and_counts_mandatory_ones_apart() -> None:
    assert price(_two_workers(), [(0,), (), ()]) == (25 * 18_000 + 500, 1)  # half an hour of work, squared, at 1 CNY
    assert price(_two_workers(), [(0,), (2,), (1,)])[1] == 0


@pytest.mark.parametrize(
    ("routes", "sentence"),
    [
        ([(0,), (1,)], "expected a route for each of 3 tours, got 2"),
        ([(0,), (), (7,)], "job 7 is none of 3"),
        ([(0,), (), (0,)], "job 0 is served twice"),
        ([(), (), (2,)], "tour 2: job 2 is forbidden to worker 1"),
        ([(0,), (1,), ()], "worker 0 is busy for 1860 s, at most 1850"),
    ],
)
def test_what_is_broken_is_told_in_a_sentence_each(routes: list[tuple[int, ...]], sentence: str) -> None:
    assert sentence in check(_two_workers(), routes)
    with pytest.raises(ValueError, match=sentence):
        price(_two_workers(), routes)


def test_a_tour_without_a_timing_and_one_with_too_many_jobs_are_told() -> None:
    problem = make_problem([Job(place=1), Job()], [Tour(last_s=5, end_s=5, max_jobs=1), Tour(worker=1, max_jobs=1)])
    assert check(problem, [(0,), ()]) == ["tour 0 cannot be timed: 0"]
    assert check(problem, [(), (0, 1)]) == ["tour 1 has 2 jobs, at most 1 are allowed"]
    assert check(problem, [(1,), (0,)]) == []


# --------------------------------------------------------------------------------------------- arbitrary problems


@given(st.integers(0, 2**32))
@settings(deadline=None, max_examples=150)
def test_every_timing_obeys_the_rules_when_read_event_by_event(seed: int) -> None:
    chance = seeded(seed)
    problem = make_arbitrary(chance)
    for tour, jobs, timed in grow_tours(chance, problem):
        if timed is not None:
            _obey(problem, tour, jobs, timed)


def _obey(problem: Problem, tour: int, jobs: tuple[int, ...], timed: Timed) -> None:
    """Judge the events by the sentences of the problem alone."""
    worker = problem.tour_worker[tour]
    rows = slice(problem.absence_first[tour], problem.absence_first[tour + 1])
    absences = list(zip(problem.absence_from_s[rows], problem.absence_to_s[rows], strict=True))
    rows = slice(problem.break_first[tour], problem.break_first[tour + 1])
    breaks = list(
        zip(problem.break_from_s[rows], problem.break_to_s[rows], problem.break_duration_s[rows], strict=True)
    )
    assert tuple(event.row for event in timed.events if event.kind == "visit") == jobs
    assert (timed.events[0].kind, timed.events[-1].kind) == ("start", "end")
    assert timed.events[0].leave_s == timed.depart_s >= problem.tour_start_s[tour]
    assert timed.events[-1].arrive_s == timed.end_s <= problem.tour_last_s[tour]
    assert timed.travel_s == sum(event.travel_s for event in timed.events) <= problem.tour_max_travel_s[tour]
    taken = [event.row for event in timed.events if event.kind == "break"]
    assert taken == sorted(set(taken))
    for row, (_, to_s, _) in enumerate(breaks):
        assert row in taken or timed.end_s <= to_s or timed.depart_s >= to_s
    for before, event in pairwise(timed.events):
        leave_s = event.arrive_s - event.travel_s
        assert before.leave_s == leave_s or (before.kind == "start" and before.leave_s < leave_s and absences)
        assert event.arrive_s <= event.begin_s <= event.leave_s
        base_s, metres = leg(problem, problem.worker_speed[worker], before.place, event.place)
        assert (event.travel_s, event.travel_m) == (arrive_s(problem, leave_s, base_s) - leave_s, metres)
        assert not any(event.travel_s and leave_s < to_s and event.arrive_s > from_s for from_s, to_s in absences)
        if event.kind == "break":
            from_s, to_s, duration_s = breaks[event.row]
            assert from_s <= event.begin_s <= to_s
            assert event.leave_s == event.begin_s + duration_s
        if event.kind == "visit":
            rows = slice(problem.window_first[event.row], problem.window_first[event.row + 1])
            spans = zip(problem.window_from_s[rows], problem.window_to_s[rows], strict=True)
            assert any(from_s <= event.begin_s <= to_s for from_s, to_s in spans)
            assert not any(event.begin_s < to_s and event.leave_s > from_s for from_s, to_s in absences)
            is_set_up = before.kind == "visit" and before.place == event.place
            service_s = (problem.service_s if is_set_up else problem.service_setup_s)[event.row]
            assert event.leave_s - event.begin_s == service_s[problem.worker_kind[worker]]
            assert event.leave_s <= problem.finish_by_s[problem.job_profile[event.row], worker]


def test_a_later_departure_is_never_dearer_and_peaks_without_slowing_change_nothing() -> None:
    for seed in range(60):
        problem = make_arbitrary(seeded(seed))
        even = make_peaks(3, [(-10_000, 3), (40, 3), (90, 3)])
        for tour, jobs, _ in grow_tours(seeded(seed), problem):
            calm = time_tour(replace(problem, peaks=Peaks()), tour, jobs)
            assert time_tour(replace(problem, peaks=even), tour, jobs) == calm
            early = time_tour(replace(problem, peaks=Peaks(), duration_grains_per_s=0), tour, jobs)
            assert (calm is None) == (early is None)
            if calm is not None and early is not None:
                duration_s = early.end_s - early.depart_s
                assert calm.cost_grains <= early.cost_grains + duration_s * problem.duration_grains_per_s
