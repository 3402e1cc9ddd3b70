"""Shift hours."""

from __future__ import annotations

import pytest

from dispatch.rules import shift_hours
from tests.builders import engineer, request, shift
from tests.dispatch.rules.hands import breaches, day, problem_of, seconds, visit

WORLD = request(engineers=[engineer(shifts=[shift(overtime_s=600)])])


@pytest.mark.parametrize(("start", "is_fine"), [("07:59:59", False), ("08:00", True), ("08:00:01", True)])
def test_a_route_starts_no_earlier_than_its_shift(start: str, is_fine: bool) -> None:
    told = breaches(shift_hours, WORLD, day(visit("09:00", "10:00"), start=start))
    assert told == ([] if is_fine else ["shift_hours.start"])


@pytest.mark.parametrize(("end", "is_fine"), [("18:09:59", True), ("18:10", True), ("18:10:01", False)])
def test_a_route_ends_within_its_overtime(end: str, is_fine: bool) -> None:
    told = breaches(shift_hours, WORLD, day(visit("09:00", "10:00"), end=end))
    assert told == ([] if is_fine else ["shift_hours.end"])


def test_the_search_is_bound_by_overtime_and_by_the_next_shift() -> None:
    shifts = [shift("am", "08:00", "12:00", overtime_s=3600), shift("pm", "12:30", "16:00", overtime_s=3600)]
    problem = problem_of(request(engineers=[engineer("a", shifts), engineer("b")]))
    assert problem.tour_last_s.tolist() == [seconds("12:30"), seconds("17:00"), seconds("18:00")]
