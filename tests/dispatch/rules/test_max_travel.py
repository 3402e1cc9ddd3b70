"""Travel a shift."""

from __future__ import annotations

import pytest

from dispatch.rules import max_travel
from solver.problem import FAR_S
from tests.builders import engineer, request, shift
from tests.dispatch.rules.hands import breaches, day, problem_of, visit


@pytest.mark.parametrize(("limit_s", "is_fine"), [(1499, False), (1500, True), (1501, True), (0, False), (None, True)])
def test_legs_take_at_most_so_long_together(limit_s: int | None, is_fine: bool) -> None:
    world = request(engineers=[engineer(shifts=[shift(max_travel_s=limit_s)])])
    made = day(visit("09:00", "10:00", travel_s=900), home_s=600)
    assert breaches(max_travel, world, made) == ([] if is_fine else ["max_travel.more"])
    assert problem_of(world).tour_max_travel_s.tolist() == [FAR_S if limit_s is None else limit_s]
