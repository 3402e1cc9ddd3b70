"""``paidan plan`` over a real database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dispatch.domain.engineer import Shift
from dispatch.domain.ticket import Ticket, TicketState
from dispatch.storage.store import Store
from tests.dispatch.services.desk import fill
from tests.web.command.running import Paidan

SHORT = ("--iterations", "100", "--threads", "1")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A database that the settings name."""
    address = f"sqlite:///{tmp_path / 'paidan.db'}"
    monkeypatch.setenv("PAIDAN_DATABASE_URL", address)
    made = Store(address)
    made.migrate()
    yield made
    made.close()


def fill_far_day(store: Store) -> None:
    """Save tickets for now, and the shifts of a day so far off that the clock of this machine does not matter."""
    fill(store)
    with store.writing() as unit:
        for one in unit.list_all(Shift):
            unit.save(replace(one, start_at=one.start_at.replace(year=2126), end_at=one.end_at.replace(year=2126)))


def test_it_plans_a_day_and_publishes_it(store: Store, paidan: Paidan) -> None:
    fill_far_day(store)
    answer = paidan("plan", "--region", "hz", "--date", "2126-11-23", *SHORT, "--lang", "en")
    assert answer.code == 0, answer.err
    assert "杭州 on 2126-11-23, 4 visits, 0 tickets left out" in answer.out
    assert "- travel is estimated: straight lines × 1.3 at 28 km/h, not along roads" in answer.out
    published = paidan("plan", "--date", "2126-11-23", *SHORT, "--publish")
    assert published.code == 0
    assert "已发布第 1 号方案：通知 4 张，撤回 0 张" in published.out
    with store.reading() as unit:
        assert {ticket.state for ticket in unit.list_all(Ticket)} == {TicketState.DISPATCHED}


def test_what_is_not_planned_is_told(store: Store, paidan: Paidan) -> None:
    fill(store)
    answer = paidan("plan", "--date", "2126-11-24", *SHORT)
    assert "上门 0 次，未排 4 张" in answer.out
    assert "- 当天没有可用的班次，所有工单都排不了" in answer.out


def test_the_plan_in_force_stands_when_the_database_is_of_another_version(
    paidan: Paidan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAIDAN_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    answer = paidan("plan", *SHORT, "--lang", "en")
    assert (answer.code, answer.out) == (1, "")
    assert "tables" in answer.err


def test_all_that_is_wrong_with_the_settings_is_told_at_once(paidan: Paidan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAIDAN_PRESET", "cheap")
    monkeypatch.setenv("PAIDAN_TRAVEL", "osrm")
    answer = paidan("plan")
    assert (answer.code, len(answer.err.splitlines())) == (2, 2)
    assert "PAIDAN_OSRM_URL: is missing" in answer.err


@pytest.mark.parametrize("arguments", [("--region", "sh"), ()])
def test_a_region_that_is_not_there_is_invalid_input(store: Store, paidan: Paidan, arguments: tuple[str, ...]) -> None:
    if arguments:
        fill(store)
    answer = paidan("plan", *arguments)
    assert answer.code == 2
    assert answer.err.startswith("--region: names no region")
