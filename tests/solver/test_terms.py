"""Folding: shapes add up to one problem, and a shape that does not fit is refused by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from solver.problem import FAR_S, FORBIDDEN, OPEN, Peaks, Tables
from solver.terms import (
    Absences,
    Breaks,
    FinishBy,
    Forbid,
    LateEnd,
    LateStart,
    LegRate,
    Mandatory,
    PairPrice,
    Skeleton,
    SkipPrice,
    Term,
    TermError,
    TourLimit,
    TourPrice,
    TourRate,
    Windows,
    WorkerLimit,
    WorkerSquare,
    fold,
)

ROWS = np.array([0, 1, 0], np.int32)  # three profiles, two cases


def ints(*values: int | Sequence[int]) -> np.ndarray:
    return np.array(values, np.int64)


def make_skeleton() -> Skeleton:
    """Make four jobs of three profiles, two workers, three tours and two places."""
    return Skeleton(
        legs=Tables(np.array([[[0, 60], [90, 0]]], np.int32), np.array([[0, 500], [700, 0]], np.int32)),
        peaks=Peaks(),
        job_place=np.array([0, 1, 0, 1], np.int32),
        job_profile=np.array([0, 1, 2, 2], np.int32),
        n_profiles=3,
        service_s=np.full((4, 1), 600, np.int32),
        service_setup_s=np.full((4, 1), 700, np.int32),
        worker_kind=np.zeros(2, np.int32),
        worker_speed=np.zeros(2, np.int32),
        worker_tour_first=ints(0, 2, 3),
        tour_worker=np.array([0, 0, 1], np.int32),
        tour_start_s=ints(0, 50_000, 0),
        tour_end_s=ints(30_000, 80_000, 30_000),
        tour_start_place=np.array([0, 0, 1], np.int32),
        tour_end_place=np.array([0, OPEN, 1], np.int32),
    )


def test_without_terms_everything_is_free_allowed_and_unlimited() -> None:
    problem = fold(make_skeleton(), [])
    assert not problem.fit_grains.any()
    assert (problem.finish_by_s == FAR_S).all()
    assert problem.window_first.tolist() == [0, 1, 2, 3, 4]
    assert (problem.window_from_s == 0).all()
    assert (problem.window_to_s == FAR_S).all()
    assert (problem.arrive_by_s == FAR_S).all()
    assert (problem.resolve_by_s == FAR_S).all()
    assert (problem.tour_last_s == FAR_S).all()
    assert (problem.tour_max_jobs == FAR_S).all()
    assert (problem.worker_max_busy_s == FAR_S).all()
    assert problem.break_first.tolist() == problem.absence_first.tolist() == [0, 0, 0, 0]
    assert not problem.job_mandatory.any()
    assert problem.travel_grains_per_s == problem.use_grains == problem.balance_cents_per_h2 == 0


def test_prices_of_pairs_add_up_and_one_ban_is_enough() -> None:
    terms: list[Term] = [
        PairPrice(ROWS, ints([5, 0], [0, 7])),
        Forbid(ROWS, np.array([[False, True], [False, False]])),
        PairPrice(np.array([0, 0, 1], np.int32), ints([100, 100], [0, 0])),
    ]
    fit = fold(make_skeleton(), terms).fit_grains
    assert fit.tolist() == [[105, FORBIDDEN], [100, 107], [5, FORBIDDEN]]


def test_more_profiles_than_a_block_are_all_folded() -> None:
    n_profiles = 1000
    skeleton = replace(make_skeleton(), n_profiles=n_profiles)
    row = np.arange(n_profiles, dtype=np.int32)
    price = PairPrice(row, np.stack([np.arange(n_profiles), np.zeros(n_profiles, np.int64)], axis=1))
    odd = Forbid(row, np.stack([np.zeros(n_profiles, np.bool_), np.arange(n_profiles) % 2 == 1], axis=1))
    fit = fold(skeleton, [price, odd]).fit_grains
    assert (fit[:, 0] == np.arange(n_profiles)).all()
    assert (fit[:, 1] == np.where(np.arange(n_profiles) % 2, FORBIDDEN, 0)).all()


def test_the_earliest_finish_counts() -> None:
    terms = [FinishBy(ROWS, ints([900, FAR_S], [800, 700])), FinishBy(ROWS, ints([1000, 600], [1000, 1000]))]
    assert fold(make_skeleton(), terms).finish_by_s.tolist() == [[900, 600], [800, 700], [900, 600]]


def test_a_mandatory_job_has_no_skip_price() -> None:
    terms = [
        SkipPrice(ints(1, 2, 3, 4)),
        SkipPrice(ints(10, 10, 10, 10)),
        Mandatory(np.array([False, True, False, False])),
        Mandatory(np.array([False, False, True, False])),
    ]
    problem = fold(make_skeleton(), terms)
    assert problem.job_skip_grains.tolist() == [11, 0, 0, 14]
    assert problem.job_mandatory.tolist() == [False, True, True, False]


def test_rates_and_prices_of_tours_add_up() -> None:
    terms = [LegRate(2, 3), LegRate(20, 30), TourRate(5, 0), TourRate(0, 6), TourPrice(7), TourPrice(8)]
    problem = fold(make_skeleton(), [*terms, WorkerSquare(9), WorkerSquare(1)])
    assert (problem.travel_grains_per_s, problem.travel_grains_per_m) == (22, 33)
    assert (problem.duration_grains_per_s, problem.overtime_grains_per_s) == (5, 6)
    assert (problem.use_grains, problem.balance_cents_per_h2) == (15, 10)


def test_the_tightest_limit_counts() -> None:
    terms = [
        TourLimit(last_s=ints(5, 50, 500), max_jobs=ints(3, 3, 3)),
        TourLimit(last_s=ints(9, 9, 9), max_travel_s=ints(0, 1, 2)),
        WorkerLimit(ints(7, 70)),
        WorkerLimit(ints(8, 8)),
    ]
    problem = fold(make_skeleton(), terms)
    assert problem.tour_last_s.tolist() == [5, 9, 9]
    assert problem.tour_max_jobs.tolist() == [3, 3, 3]
    assert problem.tour_max_travel_s.tolist() == [0, 1, 2]
    assert problem.worker_max_busy_s.tolist() == [7, 8]


def test_lists_and_deadlines_come_through_as_they_are() -> None:
    windows = Windows(ints(0, 2, 3, 4, 5), ints(0, 20, 0, 0, 0), ints(10, 30, 9, 9, 9))
    breaks = Breaks(ints(0, 2, 2, 3), ints(5, 0, 1), ints(8, 9, 2), ints(1, 2, 3))
    absences = Absences(ints(0, 0, 2, 2), ints(1, 5), ints(5, 6))
    late = (ints(1, 2, 3, 4), ints(5, 6, 7, 8), ints(9, 10, 11, 12))
    problem = fold(make_skeleton(), [windows, breaks, absences, LateStart(*late), LateEnd(*late)])
    assert problem.window_to_s.tolist() == [10, 30, 9, 9, 9]
    assert problem.break_duration_s.tolist() == [1, 2, 3]
    assert problem.absence_to_s.tolist() == [5, 6]
    assert problem.arrive_by_s.tolist() == problem.resolve_by_s.tolist() == [1, 2, 3, 4]
    assert problem.arrive_once_grains.tolist() == [5, 6, 7, 8]
    assert problem.resolve_grains_per_s.tolist() == [9, 10, 11, 12]


@pytest.mark.parametrize(
    ("term", "message"),
    [
        (PairPrice(ROWS, ints([5, 0, 1], [0, 7, 1])), "PairPrice.grains must have shape (2, 2), has (2, 3)"),
        (PairPrice(ROWS, ints([5, -1], [0, 7])), "PairPrice.grains must be ≥ 0, got -1"),
        (PairPrice(ROWS[:2], ints([5, 0], [0, 7])), "PairPrice.row must have shape (3,), has (2,)"),
        (PairPrice(ROWS, ints([5, 0])), "PairPrice.row must be < 1, got 1"),
        (PairPrice(ROWS, np.zeros((2, 2), np.int32)), "PairPrice.grains must hold int64, holds int32"),
        (Forbid(ROWS, np.zeros((2, 2), np.int64)), "Forbid.mask must hold bool, holds int64"),
        (SkipPrice(ints(1, 2)), "SkipPrice.grains must have shape (4,), has (2,)"),
        (LegRate(-1, 0), "LegRate.grains_per_s must be a whole number ≥ 0, got -1"),
        (TourLimit(max_jobs=ints(1, 1, -1)), "TourLimit.max_jobs must be ≥ 0, got -1"),
        (WorkerLimit(ints(1, 2, 3)), "WorkerLimit.max_busy_s must have shape (2,), has (3,)"),
        (LateStart(ints(1, 1, 1, 1), ints(0, 0, 0, -2), ints(0, 0, 0, 0)), "LateStart.once_grains must be ≥ 0, got -2"),
        (Windows(ints(0, 1, 1, 2, 3), ints(0, 0, 0), ints(1, 1, 1)), "rise by at least 1"),
        (Windows(ints(0, 1, 2, 3, 4), ints(0, 0, 0), ints(1, 1, 1)), "must have shape (4,), has (3,)"),
        (Windows(ints(0, 2, 3, 4, 5), ints(0, 10, 0, 0, 0), ints(10, 30, 9, 9, 9)), "sorted and disjoint"),
        (Windows(ints(0, 1, 2, 3, 4), ints(5, 0, 0, 0), ints(4, 1, 1, 1)), "must not end before they begin"),
        (Breaks(ints(0, 2, 2, 2), ints(0, 0), ints(9, 8), ints(1, 1)), "sorted by to_s"),
        (Breaks(ints(0, 2, 2, 2), ints(5, 4), ints(9, 9), ints(1, 1)), "then by from_s"),
        (Breaks(ints(0, 1, 1, 1), ints(0), ints(9), ints(-1)), "nor last less than 0 s"),
        (Absences(ints(0, 2, 2, 2), ints(1, 4), ints(5, 6)), "Absences of one tour must be sorted and disjoint"),
        (Absences(ints(0, 1, 1, 1), ints(5), ints(4)), "Absences must not end before they begin"),
    ],
)
def test_a_shape_that_does_not_fit_is_refused_by_name(term: Term, message: str) -> None:
    with pytest.raises(TermError) as refused:
        fold(make_skeleton(), [term])
    assert message in str(refused.value)


def test_neighbours_of_different_owners_need_no_order() -> None:
    windows = Windows(ints(0, 1, 2, 3, 4), ints(9, 0, 9, 0), ints(9, 0, 9, 0))
    breaks = Breaks(ints(0, 1, 2, 3), ints(9, 5, 0), ints(9, 5, 1), ints(1, 1, 1))
    absences = Absences(ints(0, 1, 2, 3), ints(9, 5, 0), ints(9, 5, 1))
    assert fold(make_skeleton(), [windows, breaks, absences]).window_from_s.tolist() == [9, 0, 9, 0]


def test_a_shape_of_one_kind_only_comes_once() -> None:
    absences = Absences(ints(0, 0, 0, 0), ints(), ints())
    with pytest.raises(TermError, match="Absences may come once, came 2 times"):
        fold(make_skeleton(), [absences, absences])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"job_place": np.array([0, 2, 0, 1], np.int32)}, "Skeleton.job_place must be < 2, got 2"),
        ({"job_profile": np.array([0, 3, 0, 1], np.int32)}, "Skeleton.job_profile must be < 3, got 3"),
        ({"service_s": np.zeros((3, 1), np.int32)}, "Skeleton.service_s must have shape (4, 1), has (3, 1)"),
        ({"worker_kind": np.ones(2, np.int32)}, "Skeleton.worker_kind must be < 1, got 1"),
        ({"worker_tour_first": ints(0, 1, 3)}, "worker_tour_first must list the tours"),
        ({"tour_end_place": np.array([0, -2, 1], np.int32)}, "Skeleton.tour_end_place must be ≥ -1, got -2"),
        ({"tour_start_place": np.array([0, OPEN, 1], np.int32)}, "Skeleton.tour_start_place must be ≥ 0, got -1"),
    ],
)
def test_a_skeleton_that_does_not_hang_together_is_refused(change: dict[str, np.ndarray], message: str) -> None:
    with pytest.raises(TermError) as refused:
        fold(replace(make_skeleton(), **change), [])
    assert message in str(refused.value)
