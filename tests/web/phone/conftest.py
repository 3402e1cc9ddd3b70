"""The service's small database, a day in which the engineer has more to do, and another plan that is published."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dispatch.domain.customer import Site
from dispatch.domain.place import FoundBy, Point, Precision
from dispatch.domain.plan import Revision, Visit
from dispatch.domain.ticket import Grade, Ticket, TicketState, Window
from dispatch.storage.store import Store
from tests.web.service import conftest as service
from tests.web.service.conftest import at

app = service.app
client = service.client
log = service.log
bare = service.store

PLAN = (
    '{"routes":[{"engineer":"E1","shift":"D1","stops":['
    '{"kind":"visit","ticket":"T1","parts":{"压缩机":1}},'
    '{"kind":"break","begin":"2026-11-23T10:20:00+08:00","leave":"2026-11-23T10:50:00+08:00"},'
    '{"kind":"visit","ticket":"T3"}]}]}'
)

Publish = Callable[..., None]


@pytest.fixture
def store(bare: Store) -> Store:
    """Hangzhou: E1 goes to T1 at nine, rests at twenty past ten, and goes to T3, of which only the district is known, at eleven."""
    with bare.writing() as unit:
        site = unit.get(Site, "S1")
        unit.save(Site("S1", "C1", "hz", site.address, Point(30.28, 120.12), door_note="三楼", version=site.version))
        unit.save_all(
            [
                Ticket(
                    "T3",
                    "hz",
                    at(8),
                    grade=Grade.URGENT,
                    state=TicketState.DISPATCHED,
                    product="商用冷柜",
                    fault="温度升到 12 度",
                    windows=(Window(at(10), at(12)),),
                    contact_name="周女士",
                    phone="0571-01234567",
                    address="杭州市余杭区良睦路 8 号",
                    point=Point(30.279, 119.999, Precision.APPROXIMATE, FoundBy.DISTRICT),
                )
            ]
        )
        visits = (
            Visit("T1", "E1", "D1", 0, at(9), at(9), at(10), travel_s=1200, travel_m=8000),
            Visit("T3", "E1", "D1", 1, at(11), at(11), at(12), travel_s=1800, travel_m=12000),
        )
        unit.add_revision(Revision("R2", "hz", at(8).date(), 1, at(8), "dispatcher", "{}", PLAN, None, visits))
        unit.publish("R2", at=at(8), by="dispatcher")
    return bare


@pytest.fixture
def publish(store: Store) -> Publish:
    """Publish another plan: ticket to the hour in which E1 is there."""

    def do(id: str, base: int, **hours: int) -> None:  # noqa: A002 - as the field is called
        visits = tuple(
            Visit(ticket, "E1", "D1", place, at(hour), at(hour), at(hour + 1))
            for place, (ticket, hour) in enumerate(sorted(hours.items(), key=lambda pair: pair[1]))
        )
        with store.writing() as unit:
            unit.add_revision(Revision(id, "hz", at(8).date(), base, at(8), "dispatcher", "{}", "{}", None, visits))
            unit.publish(id, at=at(8), by="dispatcher")

    return do
