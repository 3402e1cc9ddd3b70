from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dispatch.domain.customer import Customer, Site, Tier
from dispatch.domain.errors import ImpossibleRecord, NotFound, StaleEdit
from dispatch.domain.place import FoundBy, Point, Precision
from dispatch.domain.region import Region
from dispatch.domain.ticket import Grade, Ticket, TicketState, Window
from dispatch.places.geocoding import Answer, Asking, MemoryCache
from dispatch.services.find_place import find_point
from dispatch.services.intake_ticket import change_ticket, intake_ticket, set_point
from dispatch.storage.store import Store

NIGHT = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
"""Half past midnight of the 23rd in Hangzhou."""


@pytest.fixture
def region(store: Store) -> Store:
    with store.writing() as unit:
        unit.save(Region("hz", "杭州"))
    return store


def test_a_ticket_gets_the_number_of_the_regions_day_and_is_ready(region: Store) -> None:
    with region.writing() as unit:
        made = intake_ticket(unit, "hz", {"grade": Grade.URGENT, "fault": "不制冷"}, by="d1", now=NIGHT)
    assert (made.id, made.state, made.grade, made.reported_at) == (
        "WX20261123001",
        TicketState.READY,
        Grade.URGENT,
        NIGHT,
    )


def test_what_is_refused_takes_no_number(region: Store) -> None:
    with pytest.raises(ImpossibleRecord), region.writing() as unit:
        intake_ticket(unit, "hz", {"duration_s": -1}, by="d1", now=NIGHT)
    with pytest.raises(NotFound), region.writing() as unit:
        intake_ticket(unit, "nb", {}, by="d1", now=NIGHT)
    with region.writing() as unit:
        assert intake_ticket(unit, "hz", {}, by="d1", now=NIGHT).id.endswith("001")


def test_a_dragged_pin_is_exact_and_found_by_hand(region: Store) -> None:
    vague = Point(30.2, 120.1, Precision.APPROXIMATE, FoundBy.DISTRICT)
    with region.writing() as unit:
        made = intake_ticket(unit, "hz", {"point": vague}, by="d1", now=NIGHT)
        pinned = set_point(unit, made.id, version=1, lat_deg=30.25, lon_deg=120.15, by="d1", now=NIGHT)
    moved = pinned.ticket
    assert pinned.site is None
    assert moved.point == Point(30.25, 120.15, Precision.EXACT, FoundBy.HAND)
    with pytest.raises(StaleEdit), region.writing() as unit:
        set_point(unit, made.id, version=1, lat_deg=30.3, lon_deg=120.2, by="d2", now=NIGHT)
    with region.reading() as unit:
        assert unit.get(Ticket, made.id).point == moved.point


VAGUE = Point(30.2, 120.1, Precision.APPROXIMATE, FoundBy.DISTRICT)


def drag(region: Store, *, at: Point | None, address: str = "西湖区 文三路 1 号") -> tuple[Ticket, Ticket]:
    """Drag the pin of a ticket at a site that stands there; return it, and the next ticket of the same site."""
    with region.writing() as unit:
        unit.save_all([Customer("C", "王芳"), Site("S", "C", "hz", "西湖区文三路1号", point=at)])
        made = intake_ticket(unit, "hz", {"site_id": "S", "address": address}, by="d1", now=NIGHT)
        pinned = set_point(unit, made.id, version=1, lat_deg=30.25, lon_deg=120.15, by="d1", now=NIGHT)
        after = intake_ticket(unit, "hz", {"site_id": "S"}, by="d1", now=NIGHT)
        site = unit.get(Site, "S")
    assert (pinned.site is None) == (site.version == 1)
    assert pinned.site in {None, site}
    return pinned.ticket, after


@pytest.mark.parametrize("at", [None, VAGUE, Point(30.21, 120.11, Precision.EXACT, FoundBy.GEOCODER)])
def test_a_site_that_nobody_has_put_comes_with_the_pin_of_its_ticket(region: Store, at: Point | None) -> None:
    pinned, after = drag(region, at=at)
    assert pinned.point is not None
    assert after.point == replace(pinned.point, found_by=FoundBy.SITE)
    with region.writing() as unit:  # a slip is put right, and the site with it
        again = set_point(unit, pinned.id, version=pinned.version, lat_deg=30.26, lon_deg=120.16, by="d1", now=NIGHT)
        assert again.site is not None
        assert again.site.point == again.ticket.point
        other = set_point(unit, after.id, version=after.version, lat_deg=30.27, lon_deg=120.17, by="d1", now=NIGHT)
        assert other.site is None
        assert [event.name for event in unit.list_events() if event.subject_id == "S"] == ["SiteEdited"] * 2


@pytest.mark.parametrize("how", [FoundBy.HAND, FoundBy.COORDINATES])
def test_a_site_that_somebody_has_put_stays_where_it_is(region: Store, how: FoundBy) -> None:
    known = Point(30.3, 120.2, Precision.EXACT, how)
    _, after = drag(region, at=known)
    assert after.point == replace(known, found_by=FoundBy.SITE)


def test_the_pin_of_a_ticket_at_another_address_leaves_its_site_alone(region: Store) -> None:
    _, after = drag(region, at=VAGUE, address="西湖区文三路 2 号")
    assert after.point is not None
    assert not after.point.is_exact


def test_an_address_is_put_at_its_districts_centre_and_marked_approximate(region: Store) -> None:
    with region.writing() as unit:
        made = intake_ticket(unit, "hz", {"address": "余杭区文一西路969号"}, by="d1", now=NIGHT)
        nowhere = intake_ticket(unit, "hz", {}, by="d1", now=NIGHT)
    assert made.point is not None
    assert (made.point.precision, made.point.found_by) == (Precision.APPROXIMATE, FoundBy.DISTRICT)
    assert nowhere.point is None


def test_a_point_that_was_given_stays_and_a_sites_point_comes_before_the_address(region: Store) -> None:
    given, known = Point(30.25, 120.15), Point(30.3, 120.2, Precision.EXACT, FoundBy.HAND)
    with region.writing() as unit:
        unit.save_all([Customer("C", "王芳"), Site("S", "C", "hz", "西湖区", point=known)])
        mine = intake_ticket(unit, "hz", {"address": "余杭区", "point": given}, by="d1", now=NIGHT)
        theirs = intake_ticket(unit, "hz", {"address": "余杭区", "site_id": "S"}, by="d1", now=NIGHT)
    assert mine.point == given
    assert theirs.point == Point(30.3, 120.2, Precision.EXACT, FoundBy.SITE)


class Door:
    """A geocoder that knows one door."""

    name = "door"

    def find(self, address: str) -> Answer | None:
        return Answer(Point(30.281, 120.02), exact=True) if "969" in address else None


def test_a_geocoder_that_is_configured_is_asked_for_the_address(region: Store) -> None:
    with region.reading() as unit:
        point = find_point(unit, "hz", {"address": "余杭区文一西路969号"}, Asking(Door(), MemoryCache()))
    assert point == Point(30.281, 120.02, Precision.EXACT, FoundBy.GEOCODER)


def hours(ticket: Ticket) -> tuple[float, float]:
    """Return how long after the report one has to arrive and to have resolved."""
    assert ticket.arrive_by_at is not None
    assert ticket.resolve_by_at is not None
    return tuple((end - ticket.reported_at) / timedelta(hours=1) for end in (ticket.arrive_by_at, ticket.resolve_by_at))  # type: ignore[return-value]


def test_the_tables_promise_by_grade_and_tier_and_name_their_clause(region: Store) -> None:
    with region.writing() as unit:
        unit.save_all([Customer("C", "王芳", tier=Tier.DIAMOND), Site("S", "C", "hz", "西湖区")])
        lowest = intake_ticket(unit, "hz", {"grade": Grade.URGENT}, by="d1", now=NIGHT)
        best = intake_ticket(unit, "hz", {"grade": Grade.EMERGENCY, "customer_id": "C"}, by="d1", now=NIGHT)
        of_site = intake_ticket(unit, "hz", {"grade": Grade.EMERGENCY, "site_id": "S"}, by="d1", now=NIGHT)
    assert hours(lowest)[0] == 4
    assert (hours(best), best.promise_source) == ((1, 2), "SL-03")
    assert hours(of_site) == (1, 2)


def test_a_promise_that_was_given_stays_through_every_edit(region: Store) -> None:
    given = NIGHT + timedelta(hours=9)
    with region.writing() as unit:
        made = intake_ticket(unit, "hz", {"arrive_by_at": given, "promise_source": "电话"}, by="d1", now=NIGHT)
        edited = change_ticket(unit, made.id, version=1, changes={"grade": Grade.EMERGENCY}, by="d1", now=NIGHT)
    assert (edited.arrive_by_at, edited.resolve_by_at, edited.promise_source) == (given, None, "电话")


def test_the_tables_promise_again_when_grade_or_appointment_change_and_when_a_persons_promise_is_taken_back(
    region: Store,
) -> None:
    later = NIGHT + timedelta(days=9)
    with region.writing() as unit:
        made = intake_ticket(unit, "hz", {"grade": Grade.URGENT}, by="d1", now=NIGHT)
        told = change_ticket(unit, made.id, version=1, changes={"fault": "漏水"}, by="d1", now=NIGHT)
        booked = change_ticket(
            unit,
            made.id,
            version=2,
            changes={"windows": (Window(later, later + timedelta(hours=2)),)},
            by="d1",
            now=NIGHT,
        )
        by_hand = change_ticket(unit, made.id, version=3, changes={"arrive_by_at": NIGHT}, by="d1", now=NIGHT)
        kept = change_ticket(unit, made.id, version=4, changes={"grade": Grade.EMERGENCY}, by="d1", now=NIGHT)
        back = change_ticket(
            unit, made.id, version=5, changes={"arrive_by_at": None, "resolve_by_at": None}, by="d1", now=NIGHT
        )
    assert hours(told) == hours(made)
    assert booked.arrive_by_at == later + timedelta(hours=2)
    assert (by_hand.arrive_by_at, by_hand.promise_source) == (NIGHT, None)
    assert kept.arrive_by_at == NIGHT
    assert back.arrive_by_at == later + timedelta(hours=2)
    assert back.promise_source


def test_the_place_follows_a_new_address_but_not_a_stale_edit(region: Store) -> None:
    with region.writing() as unit:
        made = intake_ticket(unit, "hz", {"address": "余杭区"}, by="d1", now=NIGHT)
        moved = change_ticket(unit, made.id, version=1, changes={"address": "滨江区"}, by="d1", now=NIGHT)
    assert made.point is not None
    assert moved.point is not None
    assert made.point != moved.point
    with pytest.raises(StaleEdit) as refused, region.writing() as unit:
        change_ticket(unit, made.id, version=1, changes={"address": "西湖区"}, by="d2", now=NIGHT)
    assert [change.name for change in refused.value.changes] == ["address"]
