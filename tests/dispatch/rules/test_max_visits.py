"""Visits a shift."""

from __future__ import annotations

import pytest

from dispatch.rules import max_visits
from solver.problem import FAR_S
from tests.builders import engineer, request, shift
from tests.dispatch.rules.hands import breaches, day, problem_of, visit

VISITS = [visit("09:00", "10:00"), visit("10:00", "11:00", "t2")]


@pytest.mark.parametrize(("limit", "is_fine"), [(1, False), (2, True), (3, True), (None, True)])
def test_a_route_has_at_most_so_many_visits(limit: int | None, is_fine: bool) -> None:
    world = request(engineers=[engineer(shifts=[shift(max_visits=limit)])])
    assert breaches(max_visits, world, day(*VISITS)) == ([] if is_fine else ["max_visits.more"])
    assert problem_of(world).tour_max_jobs.tolist() == [FAR_S if limit is None else limit]
