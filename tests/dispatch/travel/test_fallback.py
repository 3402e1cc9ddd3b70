"""An estimate where a provider is dead, slow or talks nonsense, and the answer says so."""

from __future__ import annotations

import threading
from inspect import signature

import numpy as np
import pytest

from dispatch.travel.fallback import Fallback
from dispatch.travel.straight_line import StraightLine
from dispatch.travel.travel_times import NO_WAY, Points, Travel
from tests.dispatch.travel.servers import Scripted, answer_sevens, fail

HERE = Points([30.0, 30.1], [120.0, 120.1])
THERE = Points([30.2], [120.2])
ESTIMATE = StraightLine().matrix(HERE, THERE)
LONG_S = 60.0


def test_a_provider_that_answers_is_left_alone() -> None:
    travel = Fallback(Scripted(answer_sevens), StraightLine(), patience_s=LONG_S).matrix(HERE, THERE)
    assert travel.travel_s.tolist() == [[7], [7]]
    assert not travel.is_estimate.any()
    assert travel.notes == ()


def test_a_dead_one_is_replaced_and_the_answer_says_so() -> None:
    travel = Fallback(Scripted(fail), StraightLine(), patience_s=LONG_S).matrix(HERE, THERE)
    assert (travel.travel_s == ESTIMATE.travel_s).all()
    assert (travel.travel_m == ESTIMATE.travel_m).all()
    assert travel.is_estimate.all()
    assert travel.notes == ("scripted: is not there; all travel is estimated by straight line",)


def test_patience_is_three_seconds_when_not_told() -> None:
    assert signature(Fallback).parameters["patience_s"].default == 3.0


def test_a_slow_one_is_replaced_and_not_asked_again_before_it_has_answered() -> None:
    may_answer = threading.Event()

    def answer(origins: Points, destinations: Points) -> Travel:
        assert may_answer.wait(LONG_S)
        return answer_sevens(origins, destinations)

    slow = Scripted(answer)
    fallback = Fallback(slow, StraightLine(), patience_s=0.01)
    first = fallback.matrix(HERE, THERE)
    assert first.notes == ("scripted: gave no answer within 0.01 s; all travel is estimated by straight line",)
    second = fallback.matrix(HERE, THERE)
    assert second.notes == ("scripted: still owes an earlier answer; all travel is estimated by straight line",)
    assert (second.travel_s == ESTIMATE.travel_s).all()
    assert slow.calls == 1
    may_answer.set()
    for thread in threading.enumerate():
        if thread.name == "travel: scripted":
            thread.join(LONG_S)
    fallback.patience_s = LONG_S
    assert fallback.matrix(HERE, THERE).travel_s.tolist() == [[7], [7]]


def test_an_answer_of_the_wrong_shape_is_replaced() -> None:
    wrong = Scripted(lambda origins, destinations: answer_sevens(destinations, origins))
    travel = Fallback(wrong, StraightLine(), patience_s=None).matrix(HERE, THERE)
    assert (travel.travel_s == ESTIMATE.travel_s).all()
    assert travel.notes[0].startswith("scripted: answered (1, 2) legs where (2, 1) were asked for; ")


@pytest.mark.parametrize("patience_s", [None, LONG_S])
def test_legs_without_a_way_are_estimated_alone(patience_s: float | None) -> None:
    def answer(_origins: Points, _destinations: Points) -> Travel:
        table = np.array([[7], [NO_WAY]], np.int64)
        return Travel(table, table, is_estimate=False, notes=("a point is off the map",))

    travel = Fallback(Scripted(answer), StraightLine(), patience_s=patience_s).matrix(HERE, THERE)
    assert travel.travel_s.tolist() == [[7], [int(ESTIMATE.travel_s[1, 0])]]
    assert travel.travel_m.tolist() == [[7], [int(ESTIMATE.travel_m[1, 0])]]
    assert travel.is_estimate.tolist() == [[False], [True]]
    assert travel.notes == (
        "a point is off the map",
        "scripted: no way for 1 of 2 legs; these are estimated by straight line",
    )


@pytest.mark.parametrize("patience_s", [None, LONG_S])
def test_a_fault_of_ours_is_not_hidden(patience_s: float | None) -> None:
    def answer(_origins: Points, _destinations: Points) -> Travel:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Fallback(Scripted(answer), StraightLine(), patience_s=patience_s).matrix(HERE, THERE)


def test_it_bears_the_providers_name() -> None:
    fallback = Fallback(Scripted(fail), StraightLine())
    assert (fallback.name, fallback.is_estimate) == ("scripted", False)
