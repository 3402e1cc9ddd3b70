"""Breaks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.format.model import Stop
from dispatch.rules import breaks
from tests.builders import engineer, lunch, request, shift, stop
from tests.dispatch.rules.hands import breaches, day, visit

WORLD = request(engineers=[engineer(shifts=[shift(breaks=(lunch("11:30", "13:00"),))])])


def pause(begin: str, leave: str) -> Stop:
    return stop("break", "lake", begin, begin, leave, break_=0)


@pytest.mark.parametrize(
    ("start", "end", "is_owed"),
    [
        ("08:00", "12:59:59", False),
        ("08:00", "13:00", False),
        ("08:00", "13:00:01", True),
        ("12:59:59", "17:00", True),
        ("13:00", "17:00", False),
    ],
)
def test_a_route_from_before_to_after_the_latest_begin_owes_the_break(start: str, end: str, is_owed: bool) -> None:
    told = breaches(breaks, WORLD, day(visit("12:00", "12:30"), start=start, end=end))
    assert told == (["breaks.owed"] if is_owed else [])


@pytest.mark.parametrize(
    ("begin", "leave", "is_fine"),
    [
        ("11:29:59", "11:59:59", False),
        ("11:30", "12:00", True),
        ("13:00", "13:30", True),
        ("13:00:01", "13:30:01", False),
        ("12:00", "12:29:59", False),
        ("12:00", "12:30:01", False),
    ],
)
def test_a_break_begins_in_its_span_and_lasts_its_time(begin: str, leave: str, is_fine: bool) -> None:
    told = breaches(breaks, WORLD, day(visit("09:00", "10:00"), pause(begin, leave)))
    assert told == ([] if is_fine else ["breaks.wrong"])


def test_a_break_is_taken_once() -> None:
    twice = day(visit("09:00", "10:00"), pause("11:30", "12:00"), pause("12:00", "12:30"))
    assert breaches(breaks, WORLD, twice) == ["breaks.wrong"]


def test_each_break_of_a_shift_is_owed_for_itself() -> None:
    pauses = (lunch("15:00", "16:00", 600), lunch("11:30", "13:00"))
    world = request(engineers=[engineer(shifts=[shift(breaks=pauses)])])
    second = replace(pause("12:00", "12:30"), break_=1)
    assert breaches(breaks, world, day(visit("09:00", "10:00"), second)) == ["breaks.owed"]
    assert breaches(breaks, world, day(visit("09:00", "10:00"), second, end="16:00")) == []
