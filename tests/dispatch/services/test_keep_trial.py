"""What a trial has read is stored together or not at all, and none of it twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dispatch.domain.customer import Customer
from dispatch.domain.engineer import Engineer, Shift
from dispatch.domain.place import CoordinateSystem
from dispatch.domain.region import Region
from dispatch.domain.ticket import Ticket
from dispatch.importers.rows import Settings
from dispatch.places.geocoding import Asking
from dispatch.planning import Stop
from dispatch.policies.tables.read import get_book
from dispatch.services.import_sheet import import_sheet, prepare_sheet
from dispatch.services.keep_trial import KeptTrial, Sheets, keep_trial, prepare_trial, sheets_of
from dispatch.services.read_sheets import Wish
from dispatch.services.try_day import Trial, try_day
from dispatch.storage.store import Store
from dispatch.travel.straight_line import StraightLine
from tests.dispatch.places.fakes import FakeClock, FakeGeocoder

NOW = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
DAY = date(2026, 11, 23)
TICKETS = "工单号,客户,地址,等级\nA7,甲公司,西湖区文三路 1 号,一般\n,乙公司,西湖区文三路 2 号,高\n,丙公司,西湖区文三路 3 号,十万火急"
ENGINEERS = "工号,姓名,技能\nE1,李范,空调:3\nE2,王示,空调:2"
HANGZHOU = Region("hz", "杭州")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    made = Store(f"sqlite:///{tmp_path / 'desk.db'}")
    made.migrate()
    yield made
    made.close()


def tried(tickets: str = TICKETS, engineers: str | None = ENGINEERS) -> Sheets:
    """Try sheets."""
    files = tickets.encode(), engineers.encode() if engineers else None
    trial = try_day(
        *files, Wish(DAY), travel=StraightLine(), book=get_book("deadlines_first"), stop=Stop(iterations=200)
    )
    assert isinstance(trial, Trial)
    return sheets_of(trial, *files, CoordinateSystem.WGS_84)


def keep(store: Store, sheets: Sheets, *, with_assumed: bool = False, anyway: bool = False) -> KeptTrial:
    """Keep them in Hangzhou, which is made if it is not there."""
    with store.reading() as unit:
        region = unit.find(Region, "hz") or HANGZHOU
    return keep_trial(
        store,
        sheets,
        prepare_trial(sheets),
        region,
        by="dispatcher",
        now=NOW,
        with_assumed=with_assumed,
        anyway=anyway,
    )


def count(store: Store) -> dict[str, int]:
    """Count what is stored."""
    with store.reading() as unit:
        return {kind.__name__: len(unit.list_all(kind)) for kind in (Region, Ticket, Customer, Engineer, Shift)}


def test_a_geocoder_has_three_seconds_for_both_sheets_and_what_it_knew_before_is_remembered() -> None:
    clock = FakeClock()
    geocoder = FakeGeocoder(clock=clock, takes_s=2)
    asking = Asking(geocoder, clock=clock, wait=clock.wait)
    asking.find("杭州市西湖区文三路2号")
    sheets = replace(tried(), engineers="工号,姓名,出发地\nE1,李范,西湖区天目山路 1 号".encode())
    people, tickets = prepare_trial(sheets, asking)
    assert len(geocoder.asked) == 3
    assert clock.now_s == 106
    assert (people.kind, tickets.kind) == ("engineers", "tickets")


def test_all_that_was_read_is_stored_with_the_region_and_the_shifts_of_the_day(store: Store) -> None:
    done = keep(store, tried())
    assert (done.is_stored, done.added, done.engineers.added) == (True, 2, ("E1", "E2"))
    assert count(store) == {"Region": 1, "Ticket": 2, "Customer": 2, "Engineer": 2, "Shift": 2}
    with store.reading() as unit:
        assert {shift.start_at.date() for shift in unit.list_all(Shift)} == {DAY}
        assert {event.actor for event in unit.list_events()} == {"dispatcher"}


def test_kept_twice_or_imported_before_nothing_is_added(store: Store) -> None:
    with store.writing() as unit:
        unit.save(HANGZHOU)
    import_sheet(
        store,
        prepare_sheet("tickets", TICKETS.encode(), Settings(DAY)),
        "hz",
        by="dispatcher",
        now=NOW,
        partly=True,
    )
    first = keep(store, tried())
    before = count(store)
    again = keep(store, tried())
    assert (first.added, first.tickets.known) == (0, 2)
    assert (again.added, again.tickets.known, again.engineers.known, again.is_stored) == (0, 2, 2, True)
    assert count(store) == before


def test_a_row_that_was_refused_is_told_again_and_stays_out(store: Store) -> None:
    done = keep(store, tried())
    assert [(note.code, note.line) for note in done.tickets.refused] == [("unknown_grade", 4)]
    assert done.clashes == ()


def test_a_number_that_means_something_else_keeps_everything_out_until_that_is_allowed(store: Store) -> None:
    keep(store, tried())
    before = count(store)
    other = tried(
        "工单号,客户,地址\nA7,丁公司,余杭区文一西路 1 号\nA8,戊公司,余杭区文一西路 2 号", "工号,姓名\nE9,赵例"
    )
    refused = keep(store, other)
    assert (refused.is_stored, [(note.code, note.line) for note in refused.clashes]) == (False, [("number_taken", 2)])
    assert count(store) == before
    done = keep(store, other, anyway=True)
    assert (done.is_stored, done.tickets.added, done.engineers.added) == (True, ("A8",), ("E9",))


def test_engineers_who_were_assumed_are_kept_only_when_that_is_asked_for_and_once(store: Store) -> None:
    sheets = tried(engineers=None)
    assert sheets.assumed
    assert keep(store, sheets).engineers.added == ()
    assert count(store)["Engineer"] == 0
    n_people = len(sheets.assumed)
    assert len(keep(store, sheets, with_assumed=True).engineers.added) == n_people
    assert keep(store, sheets, with_assumed=True).engineers.known == n_people
    assert (count(store)["Engineer"], count(store)["Shift"]) == (n_people, n_people)
