from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dispatch.domain.errors import ImpossibleRecord, NotFound, StaleEdit
from dispatch.domain.place import FoundBy, Point, Precision
from dispatch.domain.region import Region
from dispatch.domain.ticket import Grade, Ticket, TicketState
from dispatch.services.intake_ticket import intake_ticket, set_point
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
        moved = set_point(unit, made.id, version=1, lat_deg=30.25, lon_deg=120.15, by="d1", now=NIGHT)
    assert moved.point == Point(30.25, 120.15, Precision.EXACT, FoundBy.HAND)
    with pytest.raises(StaleEdit), region.writing() as unit:
        set_point(unit, made.id, version=1, lat_deg=30.3, lon_deg=120.2, by="d2", now=NIGHT)
    with region.reading() as unit:
        assert unit.get(Ticket, made.id).point == moved.point
