"""A ticket of somebody on the phone: customer and site are found as known, or made with it, all or none."""

from __future__ import annotations

import pytest

from dispatch.domain.customer import Customer, Site, Tier
from dispatch.domain.errors import ImpossibleRecord
from dispatch.domain.place import FoundBy, Point
from dispatch.domain.ticket import Ticket
from dispatch.services.intake_call import Taken, find_caller, find_place_of_call, intake_call
from dispatch.storage.store import Store
from tests.dispatch.planning.days import at
from tests.dispatch.services.desk import fill

NOW = at("08:00")
DOOR = "西湖区文三路 1 号"


def take(store: Store, name: str, address: str = DOOR, phone: str | None = None, **fields: object) -> Taken:
    """Take in as the page does."""
    with store.reading() as unit:
        caller = find_caller(unit, "hz", name, phone=phone, address=address)
        point = find_place_of_call(unit, "hz", caller, address)
    with store.writing() as unit:
        told = {"address": address, "phone": phone, "fault": "漏水", **fields}
        return intake_call(unit, "hz", told, customer_name=name, point=point, by="d1", now=NOW)


def count(store: Store) -> tuple[int, int, int]:
    with store.reading() as unit:
        return len(unit.list_all(Customer)), len(unit.list_all(Site)), len(unit.list_all(Ticket))


def test_customer_site_and_ticket_are_made_together(store: Store) -> None:
    fill(store)
    taken = take(store, "文一超市", phone="0571-88880000")
    assert (taken.is_new_customer, taken.is_new_site) == (True, True)
    assert count(store) == (2, 1, 5)
    with store.reading() as unit:
        site = unit.get(Site, taken.ticket.site_id or "")
        customer = unit.get(Customer, site.customer_id)
        events = [(event.name, event.actor) for event in unit.list_events()]
    assert (customer.name, customer.phone, site.address) == ("文一超市", "0571-88880000", DOOR)
    assert taken.ticket.point == site.point
    assert taken.ticket.point is not None
    assert not taken.ticket.point.is_exact
    assert events == [("CustomerAdded", "d1"), ("SiteAdded", "d1"), ("TicketAdded", "d1")]


def test_a_known_customer_keeps_the_tier_and_a_known_site_gives_its_point(store: Store) -> None:
    fill(store)
    with store.writing() as unit:
        unit.save(Site("S1", "C", "hz", "西湖区文三路1号", Point(30.28, 120.13)))
    taken = take(store, "王芳")
    assert (taken.is_new_customer, taken.is_new_site, taken.ticket.site_id) == (False, False, "S1")
    assert taken.ticket.point == Point(30.28, 120.13, found_by=FoundBy.SITE)
    with store.reading() as unit:
        assert unit.get(Customer, "C").tier is Tier.GOLD
    assert count(store) == (1, 1, 5)


def test_a_known_customer_at_another_place_gets_another_site(store: Store) -> None:
    fill(store)
    take(store, "王芳")
    taken = take(store, "王芳", "余杭区文一西路 9 号")
    assert (taken.is_new_customer, taken.is_new_site) == (False, True)
    assert count(store) == (1, 2, 6)


@pytest.mark.parametrize(
    ("name", "phone", "address", "found"),
    [
        ("王芳", "139 0000 0000", DOOR, "C"),
        ("王芳", None, DOOR, "C"),
        ("王芳", "13100000000", DOOR, None),
        ("张三", "13800000002", DOOR, "K2"),
        ("张三", None, "拱墅区湖墅路 5 号", "K1"),
        ("张三", "13100000000", "拱墅区湖墅路 5 号", "K1"),
        ("张三", "13100000000", DOOR, None),
        ("李四", None, DOOR, None),
    ],
)
def test_who_is_meant_is_told_by_name_phone_and_place(
    store: Store, name: str, phone: str | None, address: str, found: str | None
) -> None:
    fill(store)
    with store.writing() as unit:
        unit.save_all([Customer("K1", "张三", "13800000001"), Customer("K2", "张三", "13800000002")])
        unit.save(Site("S1", "K1", "hz", "拱墅区湖墅路 5 号"))
    with store.reading() as unit:
        caller = find_caller(unit, "hz", name, phone=phone, address=address)
    assert (caller.customer.id if caller.customer else None, caller.is_unclear) == (found, False)


def test_of_several_alike_none_is_guessed_and_nothing_is_kept(store: Store) -> None:
    fill(store)
    with store.writing() as unit:
        unit.save_all([Customer("K1", "张三", "13800000001"), Customer("K2", "张三", "13800000002")])
    before = count(store)
    with pytest.raises(ImpossibleRecord, match="told apart"):
        take(store, "张三")
    assert count(store) == before


def test_a_ticket_that_cannot_be_leaves_neither_customer_nor_site(store: Store) -> None:
    fill(store)
    before = count(store)
    with pytest.raises(ImpossibleRecord):
        take(store, "文一超市", duration_s=-1)
    assert count(store) == before
