"""Children that answer, fail, crash and hang are all told apart."""

from __future__ import annotations

import math
import os
import signal

import pytest

from benchmarks.child import Outcome, Task, run_children


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    """Four children side by side: one of each kind."""
    return run_children(
        [
            Task(math.sqrt, (4,), 60),
            Task(math.sqrt, (-1,), 60),
            Task(os._exit, (7,), 60),
            Task(signal.pause, (), 3),
        ]
    )


def test_a_child_hands_back_its_value_and_its_memory(outcomes: list[Outcome]) -> None:
    assert (outcomes[0].status, outcomes[0].value) == ("ok", 2.0)
    assert outcomes[0].peak_mb is not None
    assert 1 < outcomes[0].peak_mb < 1000


def test_an_error_is_a_result_with_its_message(outcomes: list[Outcome]) -> None:
    assert outcomes[1].status == "failed"
    assert outcomes[1].message == "ValueError: math domain error"


def test_a_crash_is_a_result_with_its_exit_code(outcomes: list[Outcome]) -> None:
    assert (outcomes[2].status, outcomes[2].message) == ("crashed", "exit code 7")


def test_a_child_that_hangs_is_killed(outcomes: list[Outcome]) -> None:
    assert (outcomes[3].status, outcomes[3].message) == ("killed", "still running after 3 s")
    assert outcomes[3].wall_s >= 3
