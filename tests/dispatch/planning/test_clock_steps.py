"""The clock of places and reasons: no step begins that would end too late."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from dispatch.planning import reasons
from dispatch.planning.reasons import Clock


@pytest.fixture
def moments(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Give the moments that the clock reads, the first of them when it is started."""
    given: list[float] = []
    monkeypatch.setattr(reasons, "time", SimpleNamespace(monotonic=lambda: given.pop(0)))
    return given


def test_time_is_over_once_a_step_as_long_as_the_longest_would_end_too_late(moments: list[float]) -> None:
    moments += [0.0, 5.0, 6.0, 8.5, 9.0]  # started, asked four times
    clock = Clock(10.0)
    assert [clock.is_over() for _ in range(4)] == [False, False, True, True]


def test_what_lies_before_the_first_question_is_no_step(moments: list[float]) -> None:
    moments += [0.0, 9.0, 9.9]
    clock = Clock(10.0)
    assert not clock.is_over()
    assert clock.is_over()


def test_without_a_limit_time_is_never_over(moments: list[float]) -> None:
    clock = Clock(None)
    moments += [0.0, 1e9]
    assert not clock.is_over()
    assert not clock.is_over()
