"""Busy time of an engineer."""

from __future__ import annotations

import pytest

from dispatch.rules import max_busy
from solver.problem import FAR_S
from tests.builders import engineer, plan, request, shift
from tests.dispatch.rules.hands import breaches, day, problem_of, visit


@pytest.mark.parametrize(("limit_s", "is_fine"), [(8099, False), (8100, True), (8101, True), (None, True)])
def test_travel_and_visits_of_all_shifts_take_at_most_so_long(limit_s: int | None, is_fine: bool) -> None:
    shifts = [shift("am", "08:00", "12:00"), shift("pm", "13:00", "17:00")]
    world = request(engineers=[engineer(shifts=shifts, max_busy_s=limit_s)])
    am = day(visit("09:00", "10:00", travel_s=600), shift="am", end="12:00", home_s=300)
    pm = day(visit("14:00", "15:00", "t2"), shift="pm", start="13:00")
    made = plan([*am.routes, *pm.routes])
    assert breaches(max_busy, world, made) == ([] if is_fine else ["max_busy.more"])
    assert problem_of(world).worker_max_busy_s.tolist() == [FAR_S if limit_s is None else limit_s]
