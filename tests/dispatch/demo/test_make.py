from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from dispatch.bootstrap import make_travel, read_settings
from dispatch.demo.make import PLAN, REQUEST, STAMP, Demo, bring_demo, database_in, find_demo, find_moment
from dispatch.domain.event import Event
from dispatch.domain.ticket import Grade, Ticket, TicketState
from dispatch.format.model import Plan, Request
from dispatch.format.read import read_plan, read_request
from dispatch.judge import judge
from dispatch.planning import Stop
from dispatch.planning import solve as search
from dispatch.planning.explain import Explainer
from dispatch.policies.tables.read import get_book
from dispatch.storage.store import Store

DAY = date(2026, 11, 23)


def solve(request: Request) -> Plan:
    """Search so little that the test is quick."""
    return search(request, stop=Stop(iterations=60), seed=0, threads=1)


def unasked(_request: Request) -> Plan:
    """Stand in for a search that must not be begun."""
    raise AssertionError


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration that was made once."""
    made = tmp_path_factory.mktemp("demo")
    assert bring(made, solve).is_new
    return made


def bring(folder: Path, solve: Callable[[Request], Plan], today: date = DAY) -> Demo:
    settings = read_settings({})
    return bring_demo(folder, today=today, travel=make_travel(settings), book=get_book(settings.preset), solve=solve)


def test_the_morning_is_planned_and_published_and_one_urgent_ticket_waits(folder: Path) -> None:
    store = Store(database_in(folder))
    with store.reading() as unit:
        publication = unit.find_published("hz", DAY)
        tickets = unit.list_all(Ticket)
    store.close()
    assert publication is not None
    assert publication.number == 1
    assert len(tickets) == 241
    assert sum(ticket.state is TicketState.DISPATCHED for ticket in tickets) > 150
    waiting = [ticket for ticket in tickets if ticket.reported_at > publication.published_at]
    assert [(ticket.grade, ticket.state) for ticket in waiting] == [(Grade.EMERGENCY, TicketState.READY)]


def test_the_exported_request_and_plan_are_legal(folder: Path) -> None:
    request = read_request((folder / REQUEST).read_bytes())
    plan = read_plan((folder / PLAN).read_bytes(), request)
    assert judge(request, plan).legal
    assert (len(request.engineers), len(request.tickets)) == (30, 240)
    assert (len(request.parts), len(request.depots)) == (12, 2)
    assert any(stop.kind == "pickup" for route in plan.routes for stop in route.stops)


def test_the_second_time_nothing_is_made_even_days_later(folder: Path) -> None:
    again = bring(folder, unasked, today=DAY + timedelta(days=9))
    assert (again.is_new, again.day) == (False, DAY)


def test_its_clock_goes_on_from_the_last_thing_that_happened(folder: Path) -> None:
    found = find_demo(folder)
    assert found is not None
    assert find_moment(found) == datetime(2026, 11, 23, 0, 12, tzinfo=UTC)


def test_one_of_other_sources_is_made_anew(folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(folder, tmp_path / "demo")
    stamp = (folder / STAMP).read_text(encoding="utf-8")
    (folder / STAMP).write_text("0" + stamp, encoding="utf-8")
    assert find_demo(folder) is None
    (folder / STAMP).write_text(stamp, encoding="utf-8")
    assert find_demo(folder) is not None


def test_one_that_was_interrupted_is_made_anew(folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(folder, tmp_path / "demo")
    (folder / STAMP).unlink()
    assert find_demo(folder) is None


def test_a_day_that_is_over_is_made_anew(folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(folder, tmp_path / "demo")
    afternoon = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
    store = Store(database_in(folder))
    with store.writing() as unit:
        unit.add_event(Event("TicketEdited", afternoon, "Ticket", "WX20261123037"))
    store.close()
    assert find_demo(folder) is None


@pytest.mark.slow
def test_each_ticket_of_the_demonstration_that_is_left_out_has_a_proven_way_out(folder: Path) -> None:
    request = read_request((folder / REQUEST).read_text(encoding="utf-8"))
    plan = read_plan((folder / PLAN).read_text(encoding="utf-8"))
    explainer = Explainer(request, plan)
    found = [explainer.explain(skipped.ticket) for skipped in plan.skipped]
    assert found
    assert [one.ticket for one in found if not one.ways] == []
