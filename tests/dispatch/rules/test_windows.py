"""Windows and releases."""

from __future__ import annotations

import pytest

from dispatch.rules import windows
from tests.builders import at, between, request, ticket
from tests.dispatch.rules.hands import breaches, day, visit

TWO = [between("09:00", "10:00"), between("14:00", "15:00")]


@pytest.mark.parametrize(
    ("begin", "is_fine"),
    [
        ("08:59:59", False),
        ("09:00", True),
        ("10:00", True),
        ("10:00:01", False),
        ("14:00", True),
        ("15:00", True),
        ("15:00:01", False),
    ],
)
def test_work_begins_inside_a_window_both_ends_included(begin: str, is_fine: bool) -> None:
    told = breaches(windows, request([ticket(windows=TWO)]), day(visit(begin, "16:00")))
    assert told == ([] if is_fine else ["windows.outside"])


@pytest.mark.parametrize(("begin", "is_fine"), [("09:29:59", False), ("09:30", True), ("09:30:01", True)])
def test_work_begins_no_earlier_than_its_release(begin: str, is_fine: bool) -> None:
    told = windows.lines(request([ticket(windows=TWO, release=at("09:30"))]), day(visit(begin, "10:30")))
    assert [line.text("zh") for line in told] == ([] if is_fine else ["t1 开工早于可开始时间 1 秒"])


def test_without_windows_any_time_will_do() -> None:
    assert breaches(windows, request(), day(visit("03:00", "04:00"))) == []
