"""The example request: deterministic, realistic, any size, and nothing in it that a first search cannot plan."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest

from dispatch.example import GRADES, MAX_DAYS, NOW, make_request
from dispatch.format.model import GreatCircle, Request
from dispatch.format.read import read_request
from dispatch.format.write import write_request


def list_ids(request: Request) -> dict[str, list[str]]:
    return {
        "locations": [location.id for location in request.locations],
        "engineers": [engineer.id for engineer in request.engineers],
        "tickets": [ticket.id for ticket in request.tickets],
    }


def test_the_same_arguments_give_the_same_request() -> None:
    assert make_request(12, 50, 3, seed=7) == make_request(12, 50, 3, seed=7)


def test_another_seed_gives_another_request() -> None:
    assert make_request(12, 50, seed=1) != make_request(12, 50, seed=2)


@pytest.mark.parametrize(
    ("engineers", "tickets", "days"), [(1, 0, 1), (1, 1, 1), (1, 30, 2), (3, 10, 14), (30, 240, 1), (200, 2000, 5)]
)
def test_any_size_has_as_many_of_each_as_asked(engineers: int, tickets: int, days: int) -> None:
    request = make_request(engineers, tickets, days)
    assert len(request.engineers) == engineers
    assert len(request.tickets) == tickets
    shift_days = {shift.start.date() for engineer in request.engineers for shift in engineer.shifts}
    assert max(shift_days) < (NOW + timedelta(days=days)).date()
    assert all(engineer.shifts for engineer in request.engineers)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"engineers": 0}, "engineers must be ≥ 1, got 0"),
        ({"tickets": -1}, "tickets must be ≥ 0, got -1"),
        ({"days": 0}, "days must be from 1 to 14, got 0"),
        ({"days": MAX_DAYS + 1}, "days must be from 1 to 14, got 15"),
    ],
)
def test_a_number_out_of_range_is_named_with_its_limit(arguments: dict[str, int], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make_request(**arguments)


@pytest.mark.parametrize("days", [1, 5])
def test_every_reference_names_something_and_every_id_is_unique(days: int) -> None:
    request = make_request(40, 400, days, seed=3)
    ids = {kind: set(values) for kind, values in list_ids(request).items()}
    assert all(len(ids[kind]) == len(values) for kind, values in list_ids(request).items())
    named = {ticket.location for ticket in request.tickets}
    for engineer in request.engineers:
        assert len({shift.id for shift in engineer.shifts}) == len(engineer.shifts)
        named |= {shift.start_location for shift in engineer.shifts}
        named |= {shift.end_location for shift in engineer.shifts if shift.end_location is not None}
    assert named == ids["locations"]
    for ticket in request.tickets:
        people = {*(ticket.only or ()), *ticket.never, *ticket.prefer, *(pair.engineer for pair in ticket.pairs)}
        assert people <= ids["engineers"]
        assert ticket.only != ()


def test_every_interval_runs_forward_and_has_an_offset() -> None:
    request = make_request(40, 400, 5, seed=4)
    intervals = [window for ticket in request.tickets for window in ticket.windows]
    for engineer in request.engineers:
        for shift in engineer.shifts:
            intervals += [(shift.start, shift.end), *shift.absences]
            intervals += [(pause.from_, pause.to) for pause in shift.breaks]
    assert all(begin < end for begin, end in intervals)
    moments: list[datetime] = [moment for interval in intervals for moment in interval]
    assert all(moment.utcoffset() == timedelta(hours=8) and moment.microsecond == 0 for moment in moments)


def test_an_engineers_shifts_do_not_overlap() -> None:
    for engineer in make_request(20, 0, MAX_DAYS).engineers:
        for earlier, later in zip(engineer.shifts, engineer.shifts[1:], strict=False):
            assert earlier.end + timedelta(seconds=earlier.overtime_s) <= later.start


def test_the_places_lie_in_and_around_hangzhou() -> None:
    for location in make_request(200, 1000).locations:
        assert 29.8 < location.lat < 30.6
        assert 119.5 < location.lon < 120.6


def test_a_tickets_id_carries_its_grade_and_every_grade_occurs() -> None:
    tickets = make_request().tickets
    prefixes = Counter(ticket.id.split("-")[0] for ticket in tickets)
    assert set(prefixes) == {grade.prefix for grade in GRADES}
    assert prefixes["YB"] > prefixes["ZY"] > prefixes["JJ"] > prefixes["TJ"]


def test_skipping_a_graver_ticket_of_a_better_customer_costs_more() -> None:
    prices: dict[str, set[int]] = {}
    for ticket in make_request(30, 2000).tickets:
        assert ticket.skip_cost is not None
        prices.setdefault(ticket.id[:2], set()).add(int(ticket.skip_cost))
    assert prices == {
        "TJ": {3000, 4500, 6000},
        "JJ": {1200, 1800, 2400},
        "ZY": {500, 750, 1000},
        "YB": {220, 330, 440},
    }


def test_the_default_request_uses_the_formats_keys_for_people_and_work() -> None:
    request = make_request()
    shifts = [shift for engineer in request.engineers for shift in engineer.shifts]
    assert any(engineer.skills_until for engineer in request.engineers)
    assert any(isinstance(engineer.service_factor, dict) for engineer in request.engineers)
    assert len({engineer.speed_factor for engineer in request.engineers}) == 3
    assert any(shift.absences for shift in shifts)
    assert any(shift.overtime_s for shift in shifts)
    assert any(shift.max_visits for shift in shifts)
    assert {shift.end_location is None for shift in shifts} == {True, False}
    for key in ("windows", "release", "arrive", "resolve", "prefer", "never", "pairs", "setup_s"):
        assert any(getattr(ticket, key) for ticket in request.tickets), key
    assert any(len(ticket.windows) == 2 for ticket in request.tickets)
    assert isinstance(request.travel, GreatCircle)
    assert len(request.travel.peaks) == 2


def test_nothing_is_used_that_a_first_search_cannot_plan() -> None:
    request = make_request(40, 400, 3)
    assert not request.parts
    assert not request.depots
    assert request.previous is None
    for engineer in request.engineers:
        assert not engineer.van
        assert not engineer.tools
        assert engineer.max_busy_s is None
    for ticket in request.tickets:
        assert (ticket.parts, ticket.tools, ticket.after, ticket.same_engineer_as) == ({}, (), (), None)
        assert ticket.crew == 1


def test_the_work_is_somewhat_more_than_the_hands_can_comfortably_do() -> None:
    request = make_request()
    work_s = sum(ticket.duration_s + ticket.setup_s for ticket in request.tickets)
    pause_s = sum(pause.duration_s for engineer in request.engineers for pause in engineer.shifts[0].breaks)
    hands_s = sum((engineer.shifts[0].end - engineer.shifts[0].start).total_seconds() for engineer in request.engineers)
    assert 0.75 < work_s / (hands_s - pause_s) < 0.95


@pytest.mark.parametrize(("engineers", "tickets", "days"), [(1, 0, 1), (30, 240, 1), (10, 100, 14)])
def test_the_request_is_valid_and_reads_back_as_it_was_written(engineers: int, tickets: int, days: int) -> None:
    request = make_request(engineers, tickets, days, seed=5)
    assert read_request(write_request(request)) == request
