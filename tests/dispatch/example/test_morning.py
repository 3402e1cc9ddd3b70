"""Plans in force in the middle of a morning: every state and pin, a consistent history, and a legal way on."""

from __future__ import annotations

from collections import Counter

import pytest

from dispatch.example import FEATURES, make_rich
from dispatch.example.morning import Morning, make_morning
from dispatch.example.rich import random_for
from dispatch.format.model import Previous, Request
from dispatch.format.read import read_request
from dispatch.format.write import write_request
from dispatch.judge import judge
from tests.dispatch.judge.writer import broken, price_up, skip

EARLY = frozenset(FEATURES) - {"previous"}


def make(engineers: int, tickets: int, days: int, seed: int) -> Morning:
    """Make the morning that a rich request has."""
    return make_morning(random_for(seed, "previous"), make_rich(engineers, tickets, days, seed, EARLY))


def previous_of(request: Request) -> Previous:
    """Give the plan in force."""
    assert request.previous is not None
    return request.previous


@pytest.mark.parametrize(("engineers", "tickets", "days"), [(10, 60, 1), (10, 60, 2), (20, 150, 2)])
@pytest.mark.parametrize("seed", range(5))
def test_the_plan_in_force_may_go_on(engineers: int, tickets: int, days: int, seed: int) -> None:
    morning = make(engineers, tickets, days, seed)
    request = morning.request
    assert make_rich(engineers, tickets, days, seed, FEATURES) == request
    assert read_request(write_request(request)) == request
    done = {each.ticket for each in previous_of(request).finished}
    served = {stop.ticket for route in morning.routes for stop in route.stops} | done
    left_out = [skip(ticket.id) for ticket in request.tickets if ticket.id not in served]
    plan = price_up(request, morning.routes, left_out, [broken(each, "only_never") for each in morning.broken_pins])
    verdict = judge(request, plan)
    assert verdict.legal, verdict.violations
    assert verdict.total == plan.objective.total


@pytest.mark.parametrize("seed", range(6))
def test_every_morning_has_what_is_in_force_and_what_has_happened(seed: int) -> None:
    request = make(10, 60, 2, seed).request
    previous = previous_of(request)
    tickets = {ticket.id for ticket in request.tickets}
    shifts = {(engineer.id, shift.id) for engineer in request.engineers for shift in engineer.shifts}
    states = {row.state for row in previous.visits}
    assert states >= {"planned", "told"}
    assert "travelling" in states or request.now.hour >= 12, "at noon all may be at work or have their break"
    assert any(row.pin != "none" for row in previous.visits)
    assert any(row.promised for row in previous.visits)
    assert previous.finished
    assert previous.engineers
    assert previous.freeze_until is not None
    assert previous.freeze_until > request.now
    assert {row.ticket for row in previous.visits} - tickets, "something is cancelled"
    assert tickets - {row.ticket for row in previous.visits}, "something is new"
    assert all(row.start >= request.now for row in previous.visits if row.state != "travelling")
    assert any((row.engineer, row.shift) not in shifts for row in previous.visits), "somebody is ill"
    assert request.now.hour in {9, 10, 12, 13}


def test_what_not_every_morning_has_occurs_in_some() -> None:
    seen: Counter[str] = Counter()
    for seed in range(12):
        morning = make(12, 80, 2, seed) if seed % 3 else make(20, 40, 1, seed)
        previous = previous_of(morning.request)
        done = {each.ticket for each in previous.finished}
        seen["broken pin"] += bool(morning.broken_pins)
        seen["max_changes"] += previous.max_changes is not None
        seen["no max_changes"] += previous.max_changes is None
        seen["engineer pinned"] += any(row.pin == "engineer" for row in previous.visits)
        seen["start pinned"] += any(row.pin == "start" for row in previous.visits)
        seen["crew"] += max(Counter(row.ticket for row in previous.visits).values()) > 1
        seen["break taken"] += any(where.breaks_done for where in previous.engineers)
        seen["crew pinned"] += any(
            row.pin != "none" and count > 1
            for row in previous.visits
            for count in [sum(one.ticket == row.ticket for one in previous.visits)]
        )
        seen["tool in hand"] += any(where.tools for where in previous.engineers)
        seen["on the road"] += any(where.location.startswith("N-") for where in previous.engineers)
        seen["under way, still listed"] += any(ticket.id in done for ticket in morning.request.tickets)
        seen["after what is done"] += any(
            after.ticket in done for ticket in morning.request.tickets for after in ticket.after
        )
        listed = {where.engineer for where in previous.engineers}
        running = {
            engineer.id
            for engineer in morning.request.engineers
            for shift in engineer.shifts
            if shift.start <= morning.request.now < shift.end
        }
        seen["running, not listed"] += bool(running - listed)
        starts = {row.ticket: row.start for row in previous.visits}
        seen["late"] += any(
            stop.ticket in starts and stop.begin > starts[stop.ticket]
            for route in morning.routes
            for stop in route.stops
        )
    rare = [name for name in SOME if not seen[name]]
    assert not rare, seen


SOME = (
    "broken pin",
    "max_changes",
    "no max_changes",
    "engineer pinned",
    "start pinned",
    "crew",
    "crew pinned",
    "break taken",
    "tool in hand",
    "on the road",
    "under way, still listed",
    "after what is done",
    "running, not listed",
    "late",
)


def test_the_vans_and_depots_have_less_than_in_the_morning() -> None:
    early = make_rich(20, 150, 1, 2, EARLY)
    late = make(20, 150, 1, 2).request
    before, after = (sum(sum(each.van.values()) for each in request.engineers) for request in (early, late))
    assert after < before
    assert all(quantity >= 0 for depot in late.depots for quantity in (*depot.stock.values(), *depot.tools.values()))
    assert all(inbound.at > late.now for depot in late.depots for inbound in depot.inbound)


def test_no_break_is_done_before_it_could_begin() -> None:
    request = make(20, 150, 1, 4).request
    shifts = {(engineer.id, shift.id): shift for engineer in request.engineers for shift in engineer.shifts}
    for where in previous_of(request).engineers:
        assert all(shifts[where.engineer, where.shift].breaks[each].from_ <= request.now for each in where.breaks_done)
