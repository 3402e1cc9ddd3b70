"""Absences."""

from __future__ import annotations

import pytest

from dispatch.rules import absences
from tests.builders import between, engineer, request, shift, stop
from tests.dispatch.rules.hands import breaches, day, visit

WORLD = request(engineers=[engineer(shifts=[shift(absences=(between("10:00", "11:00"),))])])


@pytest.mark.parametrize(
    ("begin", "leave", "is_fine"),
    [
        ("09:00", "10:00", True),
        ("09:00", "10:00:01", False),
        ("10:59:59", "12:00", False),
        ("11:00", "12:00", True),
        ("09:00", "12:00", False),
        ("10:10", "10:20", False),
    ],
)
def test_no_work_overlaps_an_absence(begin: str, leave: str, is_fine: bool) -> None:
    told = breaches(absences, WORLD, day(visit(begin, leave)))
    assert told == ([] if is_fine else ["absences.overlap"])


@pytest.mark.parametrize(("start", "is_fine"), [("09:40", True), ("09:40:01", False), ("11:00", True)])
def test_no_leg_overlaps_an_absence(start: str, is_fine: bool) -> None:
    arrive = {"09:40": "10:00", "09:40:01": "10:00:01", "11:00": "11:20"}[start]
    late = stop("visit", "lake", arrive, "12:00", "12:30", ticket="t1", travel_s=1200)
    told = breaches(absences, WORLD, day(late, start=start))
    assert told == ([] if is_fine else ["absences.overlap"])


def test_waiting_and_breaks_may_be_in_an_absence() -> None:
    pause = stop("break", "lake", "10:00", "10:15", "10:45", break_=0)
    waits = stop("visit", "lake", "10:45", "11:00", "11:30", ticket="t1")
    assert breaches(absences, WORLD, day(pause, waits)) == []
