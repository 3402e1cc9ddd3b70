from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from dispatch.domain.checks import LARGEST
from dispatch.domain.customer import Asset, Customer, Site
from dispatch.domain.engineer import Absence, Certificate, Engineer, Pause, Shift
from dispatch.domain.errors import ImpossibleRecord
from dispatch.domain.place import FoundBy, Point, Precision
from dispatch.domain.plan import Publication, Revision, Visit
from dispatch.domain.region import Outlet, Region
from dispatch.domain.ticket import WORK_DONE, Ticket, TicketState, Window

EIGHT = datetime(2026, 11, 23, 8, tzinfo=UTC)
NINE = EIGHT + timedelta(hours=1)
NAIVE = EIGHT.replace(tzinfo=None)

IMPOSSIBLE: dict[str, tuple[str, Callable[[], object]]] = {
    "a blank id": ("Region.id", lambda: Region("", "杭州")),
    "spaces around an id": ("Region.id", lambda: Region(" hz", "杭州")),
    "a zone nobody knows": ("Region.zone", lambda: Region("hz", "杭州", "Asia/Nowhere")),
    "a zero character": ("Outlet.name", lambda: Outlet("o", "hz", "a\0b")),
    "half a character": ("Customer.name", lambda: Customer("c", "\ud800")),
    "a latitude beyond the pole": ("Point.lat_deg", lambda: Point(90.000001, 0)),
    "a longitude once round": ("Point.lon_deg", lambda: Point(0, -180.5)),
    "a latitude that is no number": ("Point.lat_deg", lambda: Point(float("nan"), 0)),
    "a length below zero": ("Ticket.duration_s", lambda: Ticket("t", "hz", EIGHT, duration_s=-1)),
    "a length beyond four bytes": ("Ticket.duration_s", lambda: Ticket("t", "hz", EIGHT, duration_s=LARGEST + 1)),
    "a moment without a zone": ("Ticket.reported_at", lambda: Ticket("t", "hz", NAIVE)),
    "level 0": ("Ticket.skills", lambda: Ticket("t", "hz", EIGHT, skills={"空调": 0})),
    "level 5": ("Engineer.skills", lambda: Engineer("e", "hz", "张伟", skills={"空调": 5})),
    "a zero character inside extras": ("Ticket.extras", lambda: Ticket("t", "hz", EIGHT, extras={"方言": "\0"})),
    "a window of no length": ("Window.to_at", lambda: Window(EIGHT, EIGHT)),
    "a shift that ends before it begins": ("Shift.end_at", lambda: Shift("s", "e", "hz", NINE, EIGHT)),
    "overtime below zero": ("Shift.overtime_s", lambda: Shift("s", "e", "hz", EIGHT, NINE, overtime_s=-1)),
    "a pause of no length": ("Pause.duration_s", lambda: Pause(EIGHT, NINE, 0)),
    "leave that ends before it begins": ("Absence.to_at", lambda: Absence("a", "e", NINE, EIGHT)),
    "a certificate's end without a zone": ("Certificate.valid_until_at", lambda: Certificate("电工", None, NAIVE)),
    "work before arriving": ("Visit.begin_at", lambda: Visit("t", "e", "s", 0, NINE, EIGHT, NINE)),
    "publication number 0": ("Publication.number", lambda: Publication("hz", EIGHT.date(), 0, "r", EIGHT, "")),
}


@pytest.mark.parametrize(("name", "make"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_what_cannot_be_is_refused_by_name(name: str, make: Callable[[], object]) -> None:
    with pytest.raises(ImpossibleRecord) as refused:
        make()
    assert refused.value.name == name


def test_the_edges_of_what_can_be_are_accepted() -> None:
    assert Point(90, 180) != Point(-90, -180)
    assert Ticket("t", "hz", EIGHT, duration_s=0, skills={"a": 1, "b": 4}).duration_s == 0
    assert Ticket("t", "hz", EIGHT, duration_s=LARGEST).duration_s == LARGEST
    assert Visit("t", "e", "s", 0, EIGHT, EIGHT, EIGHT).leave_at == EIGHT


def test_private_values_stay_out_of_repr() -> None:
    records = [
        Customer("c", "王芳", "13800000000"),
        Site("s", "c", "hz", "文三路 1 号", Point(30, 120), "门铃坏了", "王芳", "13800000000"),
        Ticket("t", "hz", EIGHT, contact_name="王芳", phone="13800000000", address="文三路 1 号", door_note="门铃坏了"),
        Engineer("e", "hz", "王芳", "13800000000", home=Point(30, 120)),
        Asset("a", "s", "空调"),
    ]
    text = repr(records)
    assert "空调" in text
    assert not any(private in text for private in ("王芳", "138", "文三路", "门铃", "lat_deg"))


def test_no_record_can_be_changed_in_place() -> None:
    region = Region("hz", "杭州")
    with pytest.raises(dataclasses.FrozenInstanceError):
        region.name = "宁波"  # type: ignore[misc]


@pytest.mark.parametrize("state", TicketState)
def test_a_ticket_is_open_until_its_work_is_done(state: TicketState) -> None:
    assert Ticket("t", "hz", EIGHT, state=state).is_open is (state not in WORK_DONE)
    assert TicketState.REOPENED not in WORK_DONE


def test_a_day_is_as_long_as_its_zone_says() -> None:
    start, end = Region("b", "Berlin", "Europe/Berlin").bounds_of(date(2026, 3, 29))
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=23)


def test_only_an_exact_point_says_so() -> None:
    assert Point(30, 120).is_exact
    assert not Point(30, 120, Precision.APPROXIMATE, FoundBy.DISTRICT).is_exact


def test_a_revision_holds_its_visits_by_engineer_shift_and_place() -> None:
    visits = [Visit(f"t{i}", engineer, "s", i, EIGHT, EIGHT, NINE) for engineer in ("b", "a") for i in (1, 0)]
    revision = Revision("r", "hz", EIGHT.date(), 0, EIGHT, "", "{}", "{}", visits=tuple(visits))
    assert [(visit.engineer_id, visit.place) for visit in revision.visits] == [("a", 0), ("a", 1), ("b", 0), ("b", 1)]
