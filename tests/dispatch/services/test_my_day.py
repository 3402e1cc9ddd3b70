from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from dispatch.domain.engineer import Engineer, Shift
from dispatch.domain.errors import NotFound
from dispatch.domain.plan import Revision, Visit
from dispatch.domain.region import Region
from dispatch.domain.ticket import Ticket
from dispatch.services.my_day import MyDay, find_today, read_my_day, read_version
from dispatch.storage.store import Store

DAY = date(2026, 11, 23)
EIGHT = datetime(2026, 11, 23, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _fill(store: Store) -> None:
    with store.writing() as unit:
        unit.save_all(
            [
                Region("hz", "杭州"),
                Engineer("E1", "hz", "张伟"),
                Engineer("E2", "hz", "李娜"),
                Shift("D1", "E1", "hz", EIGHT, EIGHT + 9 * HOUR),
                *(Ticket(f"T{number}", "hz", EIGHT) for number in (1, 2, 3)),
            ]
        )


def publish(store: Store, id: str, base: int, **minutes: int) -> None:  # noqa: A002 - as the field is called
    """Publish a plan in which E1 begins with each ticket some minutes after eight."""
    visits = tuple(
        Visit(ticket, "E1", "D1", place, *(EIGHT + timedelta(minutes=begin),) * 3)
        for place, (ticket, begin) in enumerate(minutes.items())
    )
    with store.writing() as unit:
        unit.add_revision(Revision(id, "hz", DAY, base, EIGHT, "d", "{}", "{}", None, visits))
        unit.publish(id, at=EIGHT, by="d")


def look(store: Store, seen: str | None) -> MyDay:
    with store.reading() as unit:
        return read_my_day(unit, "E1", day=DAY, seen=seen, now=EIGHT)


def test_what_was_never_looked_at_has_not_changed(store: Store) -> None:
    publish(store, "R1", 0, T1=60)
    mine = look(store, None)
    assert (mine.version, bool(mine.changes)) == ("R1", False)
    assert not look(store, "R1").changes


def test_what_came_went_and_moved_is_told(store: Store) -> None:
    publish(store, "R1", 0, T1=60, T2=120)
    publish(store, "R2", 1, T3=30, T1=90)
    changes = look(store, "R1").changes
    assert (changes.added, changes.dropped) == (("T3",), ("T2",))
    assert changes.moved == {"T1": EIGHT + HOUR}


@pytest.mark.parametrize(("minutes", "moved"), [(70, False), (71, True), (50, False), (49, True)])
def test_ten_minutes_are_no_change(store: Store, minutes: int, moved: bool) -> None:
    publish(store, "R1", 0, T1=60)
    publish(store, "R2", 1, T1=minutes)
    assert bool(look(store, "R1").changes) is moved


def test_a_day_that_was_empty_and_one_that_became_so_are_changes(store: Store) -> None:
    assert look(store, None).version == ""
    publish(store, "R1", 0, T1=60)
    assert look(store, "").changes.added == ("T1",)
    publish(store, "R2", 1)
    assert look(store, "R1").changes.dropped == ("T1",)


def test_a_version_that_nobody_knows_is_a_day_without_visits(store: Store) -> None:
    publish(store, "R1", 0, T1=60)
    assert look(store, "made up+R7").changes.added == ("T1",)


def test_the_version_alone_is_that_of_the_day(store: Store) -> None:
    publish(store, "R1", 0, T1=60)
    with store.reading() as unit:
        assert read_version(unit, "E1", DAY) == look(store, None).version
        assert read_version(unit, "E2", DAY) == ""


def test_today_is_that_of_the_engineers_region(store: Store) -> None:
    with store.reading() as unit:
        assert find_today(unit, "E1", EIGHT - 9 * HOUR) == DAY - timedelta(days=1)
        with pytest.raises(NotFound):
            find_today(unit, "E9", EIGHT)
