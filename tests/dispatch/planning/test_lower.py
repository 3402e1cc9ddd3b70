"""Lowering: what the format says becomes rows of whole seconds, metres and grains."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from dispatch.format.model import (
    Deadline,
    GreatCircle,
    Matrix,
    Pair,
    Part,
    Peak,
    Previous,
    PreviousVisit,
    Travel,
    Weights,
)
from dispatch.planning import legs
from dispatch.planning.lower import lower
from dispatch.planning.unsupported import Unsupported
from solver.problem import FAR_S, FORBIDDEN, GRAINS_PER_CNY, OPEN, Sphere, Tables
from solver.reference import leg, peak_arrive_s
from tests.builders import (
    HILLS,
    PLACES,
    at,
    between,
    engineer,
    lunch,
    matrix,
    request,
    shift,
    ticket,
)

HOUR = 3600


def test_second_0_is_now_and_a_running_shift_starts_there() -> None:
    shifts = [shift("mon", "08:00", "18:00"), shift("tue", "08:00", "18:00", day=1, overtime_s=600)]
    problem = lower(request(engineers=[engineer(shifts=shifts)], now="09:30")).problem
    assert problem.tour_start_s.tolist() == [0, 22 * HOUR + 1800]
    assert problem.tour_end_s.tolist() == [8 * HOUR + 1800, 32 * HOUR + 1800]
    assert problem.tour_last_s.tolist() == [8 * HOUR + 1800, 32 * HOUR + 2400]


@pytest.mark.parametrize(("now", "tours"), [("18:00", 1), ("18:10", 1), ("18:11", 0)])
def test_a_shift_is_dropped_once_its_overtime_is_over(now: str, tours: int) -> None:
    assert lower(request(engineers=[engineer(shifts=[shift(overtime_s=600)])], now=now)).problem.n_tours == tours


def test_shifts_are_sorted_and_overtime_stops_at_the_next_shift() -> None:
    late, early = shift("late", "12:00", "18:00"), shift("early", "08:00", "11:30", overtime_s=7200)
    lowered = lower(request(engineers=[engineer(shifts=[late, early])]))
    assert [tour.shift.id for tour in lowered.tours] == ["early", "late"]
    assert lowered.problem.tour_last_s.tolist() == [5 * HOUR, 11 * HOUR]


def test_huge_overtime_does_not_overflow() -> None:
    problem = lower(request(engineers=[engineer(shifts=[shift(overtime_s=10**30)])])).problem
    assert problem.tour_last_s.tolist() == [HOUR + 60 * 24 * HOUR]


def test_places_are_those_that_are_used_and_an_open_end_is_none() -> None:
    lowered = lower(request(engineers=[engineer(shifts=[shift(end_location=None)])]))
    assert [PLACES[row].id for row in lowered.places] == ["lake", "home"]
    assert lowered.problem.tour_start_place.tolist() == [1]
    assert lowered.problem.tour_end_place.tolist() == [OPEN]


def test_legs_are_metres_to_the_nearest_and_seconds_rounded_up() -> None:
    problem = lower(request()).problem
    assert isinstance(problem.legs, Tables)
    metres = int(problem.legs.leg_m[0, 1])
    assert metres == problem.legs.leg_m[1, 0] == 2885  # 2 219.6 m by the law of cosines, × 1.3
    assert problem.legs.leg_s[0, 0, 1] == -(-metres * 36 // 280)


def test_speed_factors_are_exact_and_equal_ones_are_one_class() -> None:
    crew = [
        engineer("a", speed_factor=Decimal("1.1")),
        engineer("b", speed_factor=Decimal("1.10")),
        engineer("c", speed_factor=Decimal(1)),
    ]
    tables = matrix([[0, 60], [60, 0]])
    problem = lower(request(engineers=crew, locations=PLACES[:2], travel=tables)).problem
    assert problem.worker_speed.tolist() == [0, 0, 1]
    assert [leg(problem, speed, 0, 1) for speed in (0, 1)] == [(3960, 30_000), (3600, 30_000)]  # 3 960, not 3 961


def test_a_matrix_keeps_its_directions_and_its_islands() -> None:
    tables = matrix([[7, 10, None], [20, 7, 5], [None, 5, 7]])
    tickets = [ticket("t1", "lake"), ticket("t2", "station")]
    lowered = lower(request(tickets, locations=PLACES[:3], travel=tables))
    place = {PLACES[row].id: index for index, row in enumerate(lowered.places)}
    there = lambda a, b: leg(lowered.problem, 0, place[a], place[b])  # noqa: E731 - read as a table
    assert there("home", "lake") == (600, 5000)
    assert there("lake", "home") == (1200, 10_000)
    assert there("home", "station") == (-1, 0)
    assert lowered.problem.legs.leg_s[0, 1, 1] == 0  # whatever the matrix says of one place


def test_beyond_the_tables_legs_are_computed_and_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    world = request(
        [ticket("t1", "lake"), ticket("t2", "station"), ticket("t3", "hills")],
        [engineer("a"), engineer("b", speed_factor=Decimal("0.85"))],
    )
    tables = lower(world).problem
    monkeypatch.setattr(legs, "TABLE_PLACES_MAX", 3)
    computed = lower(world).problem
    assert isinstance(computed.legs, Sphere)
    for speed in range(2):
        for a in range(4):
            for b in range(4):
                assert leg(tables, speed, a, b) == leg(computed, speed, a, b)


def test_cut_legs_are_those_between_the_places_that_are_kept() -> None:
    tickets = [ticket("t1", "lake"), ticket("t2", "station"), ticket("t3", "hills")]
    whole = lower(request(tickets, [engineer("a"), engineer("b", speed_factor=Decimal("0.85"))])).problem.legs
    assert isinstance(whole, Tables)
    cut = legs.cut_legs(whole, [3, 0])
    assert isinstance(cut, Tables)
    assert cut.leg_s.tolist() == [[[whole.leg_s[k, a, b] for b in (3, 0)] for a in (3, 0)] for k in range(2)]
    assert cut.leg_m.tolist() == [[whole.leg_m[a, b] for b in (3, 0)] for a in (3, 0)]


def test_peaks_slow_the_part_of_a_journey_that_lies_in_them() -> None:
    morning = Peak(time(7, 30), time(9, 0), Decimal("1.4"))
    travel = GreatCircle(Decimal("1.3"), Decimal(28), (morning,))
    peaks = lower(request(travel=travel)).problem.peaks  # now is 07:00
    assert peaks.unit == 7
    assert peak_arrive_s(peaks, 0, 1800) == 1800
    assert peak_arrive_s(peaks, 1800, 1000) == 1800 + 1400
    assert peak_arrive_s(peaks, 1799, 1001) == 1800 + 1400
    assert peak_arrive_s(peaks, 1800, 1) == 1802  # 1.4 s, rounded up
    assert peak_arrive_s(peaks, 7200, 1000) == 8200


def test_peaks_hold_on_their_weekdays_and_pass_midnight() -> None:
    night = Peak(time(23, 0), time(1, 0), Decimal(2), weekdays=(7,))  # Sunday night, into Monday
    travel = GreatCircle(Decimal("1.3"), Decimal(28), (night,))
    shifts = [shift("mon", "00:00", "02:00"), shift("tue", "00:00", "02:00", day=1)]
    peaks = lower(request(engineers=[engineer(shifts=shifts)], travel=travel, now="00:00")).problem.peaks
    assert peak_arrive_s(peaks, 0, 100) == 200
    assert peak_arrive_s(peaks, HOUR, 100) == HOUR + 100
    assert peak_arrive_s(peaks, 24 * HOUR, 100) == 24 * HOUR + 100


def test_factors_without_a_small_common_multiple_arrive_at_most_a_second_late() -> None:
    factors = [Decimal(f"1.{n}") for n in (101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157)]
    daily = tuple(Peak(time(8 + hour), time(9 + hour), factor) for hour, factor in enumerate(factors))
    peaks = lower(request(travel=GreatCircle(Decimal("1.3"), Decimal(28), daily))).problem.peaks
    assert peaks.unit == 1 << 30
    for hour, factor in enumerate(factors):
        depart_s, exact_s = (1 + hour) * HOUR, -(-1000 * int(factor * 1000) // 1000)
        assert exact_s <= peak_arrive_s(peaks, depart_s, 1000) - depart_s <= exact_s + 1


def test_windows_are_clipped_by_release_and_now_sorted_and_joined() -> None:
    windows = [
        between("15:00", "16:00"),
        between("06:00", "09:00"),
        between("08:30", "10:00"),
        between("06:00", "06:59"),
    ]
    released = ticket("t1", windows=windows, release=at("08:00"))
    past = ticket("t2", windows=[between("05:00", "06:59")])
    problem = lower(request([released, past, ticket("t3", release=at("09:00")), ticket("t4")])).problem
    assert problem.window_first.tolist() == [0, 2, 3, 4, 5]
    assert problem.window_from_s.tolist() == [HOUR, 8 * HOUR, FAR_S, 2 * HOUR, 0]
    assert problem.window_to_s.tolist() == [3 * HOUR, 9 * HOUR, FAR_S, FAR_S, FAR_S]


def test_a_window_that_ends_now_is_still_open() -> None:
    problem = lower(request([ticket(windows=[between("06:00", "07:00")])])).problem
    assert (problem.window_from_s.tolist(), problem.window_to_s.tolist()) == ([0], [0])


def test_durations_and_setup_are_multiplied_together_and_rounded_up_once() -> None:
    crew = [
        engineer("a", service_factor=Decimal("1.1")),
        engineer("b", service_factor={"ac": Decimal("1.5"), "tv": Decimal("2.0")}),
    ]
    tickets = [
        ticket("t1", duration_s=3600, setup_s=5),
        ticket("t2", duration_s=11, setup_s=1, requires={"ac": 1}),
        ticket("t3", duration_s=11, requires={"ac": 1, "tv": 1, "other": 1}),
        ticket("t4", duration_s=11, requires={"other": 1}),
    ]
    problem = lower(request(tickets, crew)).problem
    assert problem.service_s.tolist() == [[3960, 3600], [13, 17], [13, 22], [13, 11]]
    assert problem.service_setup_s.tolist() == [[3966, 3605], [14, 18], [13, 22], [13, 11]]


def test_tickets_alike_share_a_profile() -> None:
    tickets = [
        ticket("t1", requires={"ac": 1, "tv": 2}, never=["a", "b"]),
        ticket("t2", requires={"tv": 2, "ac": 1}, never=["b", "a"], location="hills"),
        ticket("t3", requires={"tv": 2, "ac": 1}),
    ]
    problem = lower(request(tickets, [engineer("a"), engineer("b")])).problem
    assert problem.job_profile.tolist() == [0, 0, 1]
    assert problem.fit_grains.shape == (2, 2)


def test_every_price_of_a_pair_comes_together() -> None:
    crew = [
        engineer("a", skills={"ac": 4}),
        engineer("b", skills={"ac": 2}),
        engineer("c", skills={"ac": 1}),
        engineer("d", skills={"ac": 3}),
    ]
    pairs = [Pair("a", Decimal("1.50")), Pair("a", Decimal(2)), Pair("d", forbid=True)]
    world = request([ticket(requires={"ac": 2}, prefer=["b"], pairs=pairs)], crew)
    fit = lower(world).problem.fit_grains
    assert fit.tolist() == [[int(Decimal("53.5") * GRAINS_PER_CNY), 0, FORBIDDEN, FORBIDDEN]]


def test_breaks_are_sorted_and_keep_their_index() -> None:
    pauses = (lunch("15:00", "16:00", 600), lunch("11:30", "13:00"), lunch("11:00", "13:00", 60))
    lowered = lower(request(engineers=[engineer(shifts=[shift(breaks=pauses)])]))
    assert lowered.break_index == ((2, 1, 0),)
    assert lowered.problem.break_duration_s.tolist() == [60, 1800, 600]


def test_absences_are_sorted_and_those_that_overlap_are_one() -> None:
    away = (between("15:00", "16:00"), between("10:00", "11:00"), between("10:30", "12:00"), between("12:00", "13:00"))
    problem = lower(request(engineers=[engineer(shifts=[shift(absences=away)])])).problem
    assert problem.absence_from_s.tolist() == [3 * HOUR, 5 * HOUR, 8 * HOUR]
    assert problem.absence_to_s.tolist() == [5 * HOUR, 6 * HOUR, 9 * HOUR]


@pytest.mark.parametrize("tickets", [[], [ticket()]])
@pytest.mark.parametrize("crew", [[], [engineer(shifts=[])], [engineer()]])
def test_nothing_to_do_and_nobody_to_do_it_can_be_lowered(tickets: list[Any], crew: list[Any]) -> None:
    problem = lower(request(tickets, crew)).problem
    assert (problem.n_jobs, problem.n_workers) == (len(tickets), len(crew))


def test_a_crew_that_is_held_and_cannot_come_at_its_start_is_refused_by_name() -> None:
    visits = tuple(PreviousVisit("t1", who, "mon", at("08:00"), pin="start") for who in ("wang", "li"))
    crew = [engineer("wang"), engineer("li")]
    with pytest.raises(Unsupported) as refused:
        lower(request([ticket("t1", crew=2)], crew, previous=Previous(visits=visits)))
    assert [fault.path for fault in refused.value.faults] == ["previous.visits[0]", "previous.visits[1]"]


def test_of_a_crew_in_force_the_lead_is_priced_and_who_is_held_stays() -> None:
    visits = (
        PreviousVisit("t1", "li", "mon", at("10:00"), pin="engineer"),
        PreviousVisit("t1", "wang", "mon", at("10:00"), pin="engineer"),
    )
    crew = [engineer("li", skills={}), engineer("chen"), engineer("wang")]
    previous = Previous(visits=visits, max_changes=3)
    change = lower(request([ticket("t1", crew=2, requires={"ac": 1})], crew, "08:00", previous=previous)).problem.change
    assert change is not None
    assert change.home_worker.tolist() == [2, 0]  # li lacks the skill to lead
    assert change.away_grains.tolist() == [FORBIDDEN, FORBIDDEN]
    assert change.counted.tolist() == [True, False]
    free = replace(previous, visits=tuple(replace(visit, pin="none") for visit in visits))
    change = lower(request([ticket("t1", crew=2, requires={"ac": 1})], crew, "08:00", previous=free)).problem.change
    assert change is not None
    assert change.home_worker.tolist() == [2, -1]
    assert change.away_grains.tolist() == [80 * GRAINS_PER_CNY, 0]


def test_vans_tools_of_one_s_own_names_of_parts_and_an_empty_previous_are_harmless() -> None:
    crew = [engineer(van={"pump": 1}, tools=("ladder",))]
    assert lower(request(engineers=crew, parts={"pump": Part("Pump")}, previous=Previous())).problem.n_jobs == 1


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"tickets": [ticket(), ticket("t2", skip_cost=Decimal(10**15))]}, "tickets[1].skip_cost"),
        ({"tickets": [ticket(pairs=[Pair("wang", Decimal(10**30))])]}, "tickets[0].pairs"),
        ({"tickets": [ticket(arrive=Deadline(at("08:00"), cost_per_h=Decimal(10**13)))]}, "tickets[0].arrive"),
        ({"weights": Weights(travel_per_h=Decimal(10**13))}, "weights.travel_per_h"),
        ({"weights": Weights(balance_per_h2=Decimal(10**12))}, "weights.balance_per_h2"),
    ],
)
def test_prices_that_could_overflow_are_refused_by_name(change: dict[str, Any], path: str) -> None:
    with pytest.raises(Unsupported) as refused:
        lower(request(**change))
    assert [(fault.code, fault.path) for fault in refused.value.faults] == [("too_large", path)]


def test_prices_of_a_large_but_sane_world_are_taken() -> None:
    crew = [engineer(str(row), [shift(str(day), day=day) for day in range(14)]) for row in range(100)]
    assert lower(request(engineers=crew, weights=Weights(balance_per_h2=Decimal(100)))).problem.n_tours == 1400


LARGEST = 2**31 - 1
HALF = LARGEST // 2


def pair_of_places(seconds: int = 1, metres: int = 1) -> Matrix:
    """Make tables of two places so far apart."""
    return Matrix(((0, seconds), (seconds, 0)), ((0, metres), (metres, 0)))


@pytest.mark.parametrize(
    ("travel", "factor", "unit"),
    [
        (GreatCircle(Decimal(1000), Decimal("0.001")), 1, "s"),
        (GreatCircle(Decimal(1_000_000), Decimal(1_000_000)), 1, "m"),
        (pair_of_places(seconds=HALF + 1), 2, "s"),
        (pair_of_places(metres=LARGEST + 1), 1, "m"),
    ],
)
def test_a_leg_too_long_for_the_tables_is_refused(travel: Travel, factor: int, unit: str) -> None:
    world = request(engineers=[engineer(speed_factor=Decimal(factor))], locations=PLACES[:2], travel=travel)
    with pytest.raises(Unsupported, match=rf"travel: is too far \(.* {unit}.*\), expected legs below {LARGEST} {unit}"):
        lower(world)


def test_the_longest_leg_of_the_tables_is_taken() -> None:
    crew = [engineer(speed_factor=Decimal(2))]
    travel = pair_of_places(seconds=HALF, metres=LARGEST)
    problem = lower(request(engineers=crew, locations=PLACES[:2], travel=travel)).problem
    assert leg(problem, 0, 0, 1) == (2 * HALF, LARGEST)


def test_moments_are_told_in_the_offset_of_now() -> None:
    lowered = lower(request())
    assert lowered.moment(90) == at("07:01:30")
    assert lowered.moment(90).utcoffset() == timedelta(hours=8)


def test_location_rows_are_kept_apart_even_where_they_coincide() -> None:
    twin = HILLS.__class__("hills again", HILLS.lat, HILLS.lon)
    world = request([ticket("t1", "hills"), ticket("t2", "hills again")], locations=(*PLACES, twin))
    problem = lower(world).problem
    assert len(np.unique(problem.job_place)) == 2
    assert leg(problem, 0, *problem.job_place.tolist()) == (0, 0)
