"""What the search plans is legal and costs what it says, whatever clauses the request uses."""

from __future__ import annotations

import pytest

from dispatch.example import make_request
from dispatch.judge import judge
from dispatch.planning import Stop, solve
from tests.dispatch.planning.worlds import seeded


@pytest.mark.parametrize("hundred", [0, 1])
def test_every_searched_plan_is_legal_and_its_totals_are_the_judges(hundred: int) -> None:
    for seed in range(1_000 + 100 * hundred, 1_100 + 100 * hundred):
        request = seeded(seed)
        found = solve(request, stop=Stop(iterations=400), seed=seed, threads=1)
        verdict = judge(request, found)
        assert verdict.violations == (), seed
        assert dict(verdict.terms) == dict(found.objective.terms), seed
        assert verdict.total == found.objective.total, seed
        served = {stop.ticket for route in found.routes for stop in route.stops if stop.ticket}
        assert served | {skipped.ticket for skipped in found.skipped} == {ticket.id for ticket in request.tickets}


@pytest.mark.parametrize(("engineers", "tickets", "days"), [(1, 5, 1), (6, 40, 3), (30, 240, 1), (20, 200, 5)])
def test_a_searched_day_of_the_city_is_legal_with_every_thread(engineers: int, tickets: int, days: int) -> None:
    request = make_request(engineers, tickets, days, seed=11)
    for threads in (1, 2, 3):
        found = solve(request, stop=Stop(iterations=600), seed=5, threads=threads)
        verdict = judge(request, found)
        assert verdict.violations == ()
        assert verdict.total == found.objective.total
