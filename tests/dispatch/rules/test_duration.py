"""Time away."""

from __future__ import annotations

from decimal import Decimal

from dispatch.format.model import Weights
from dispatch.rules import duration
from tests.builders import request
from tests.dispatch.rules.hands import day, prices, problem_of, visit

WORLD = request(weights=Weights(duration_per_h=Decimal(36)))


def test_time_away_runs_from_leaving_the_start_to_reaching_the_end() -> None:
    assert prices(duration, WORLD, day(visit("09:00", "10:00"), start="08:59:59", end="10:00")) == ["36.01"]
    assert problem_of(WORLD).duration_grains_per_s == 18_000


def test_where_time_is_free_nothing_is_told() -> None:
    assert duration.lines(request(), day(visit("09:00", "10:00"))) == []
    assert problem_of(request()).duration_grains_per_s == 0
