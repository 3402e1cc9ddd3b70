"""Parts, tools and depots of a request: only what is needed, and where it is by now."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from dispatch.domain.part import Delivery, Depot, Opening, Part
from dispatch.domain.place import Point
from dispatch.domain.plan import Publication, Revision
from dispatch.domain.snapshot import Snapshot
from dispatch.domain.ticket import TicketState
from dispatch.format.model import Stop
from dispatch.format.read import read_request
from dispatch.format.write import write_plan, write_request
from tests.dispatch.judge.writer import drive, pickup, skip, visit, write
from tests.dispatch.planning.days import DAY, STATION, at, codes, engineer, make, snapshot, ticket
from tests.dispatch.planning.days import visit as record_visit

PARTS = (Part("KT-101", "电容", ("KT-109",)), Part("KT-109", "通用电容"), Part("BX-301", "门封条"))
DEPOT = Depot(
    "CK1",
    "hz",
    "城北备件库",
    point=STATION,
    openings=(Opening(time(7, 30), time(12)), Opening(time(13), time(18))),
    stock={"KT-101": 4, "BX-301": 9},
    deliveries=(
        Delivery("KT-101", 2, at("06:00")),
        Delivery("KT-101", 3, at("10:00")),
        Delivery("BX-301", 1, at("10:00")),
    ),
    tools={"真空泵": 2, "吊带": 1},
)
VAN = {"KT-109": 1, "BX-301": 2}


def day(**more: object) -> Snapshot:
    """Make a day on which T1 needs a capacitor and a pump."""
    given = {
        "tickets": [ticket("T1", parts={"KT-101": 1}, tools=("真空泵",), crew=2), ticket("T2")],
        "engineers": [engineer("E1", van=VAN, tools=("吊带",)), engineer("E2", tools=("真空泵", "吊带"))],
        "parts": PARTS,
        "depots": (DEPOT,),
        **more,
    }
    return snapshot(**given)  # type: ignore[arg-type]


def test_a_ticket_s_needs_and_its_crew_stand_in_the_request() -> None:
    first, second = make(day()).request.tickets
    assert (dict(first.parts), first.tools, first.crew) == ({"KT-101": 1}, ("真空泵",), 2)
    assert (dict(second.parts), second.tools, second.crew) == ({}, (), 1)


def test_only_what_is_needed_and_what_stands_in_its_stead_is_written() -> None:
    request = make(day()).request
    assert request.parts["KT-101"].substitutes == ("KT-109",)
    assert "BX-301" not in request.parts
    assert [dict(each.van) for each in request.engineers] == [{"KT-109": 1}, {}]
    assert [each.tools for each in request.engineers] == [(), ("真空泵",)]
    (depot,) = request.depots
    assert dict(depot.tools) == {"真空泵": 2}
    assert "BX-301" not in depot.stock
    assert read_request(write_request(request)) == request


def test_a_day_without_needs_has_no_depots_and_their_places_are_no_locations() -> None:
    made = make(day(tickets=[ticket("T2")]))
    assert (made.request.depots, made.request.parts) == ((), {})
    assert all(place.lat != STATION.lat_deg for place in made.request.locations)
    assert all(not each.van and not each.tools for each in made.request.engineers)


def test_a_delivery_that_has_come_is_stock_and_one_to_come_is_inbound() -> None:
    (depot,) = make(day(), now="07:30").request.depots
    assert dict(depot.stock) == {"KT-101": 6}
    assert [(each.part, each.qty, each.at) for each in depot.inbound] == [("KT-101", 3, at("10:00"))]
    (later,) = make(day(), now="11:00").request.depots
    assert dict(later.stock) == {"KT-101": 9}
    assert later.inbound == ()


def test_a_depot_is_open_at_its_hours_of_the_day() -> None:
    (depot,) = make(day(), now="07:00").request.depots
    assert [(first.strftime("%H:%M"), last.strftime("%H:%M")) for first, last in depot.open] == [
        ("07:30", "12:00"),
        ("13:00", "18:00"),
    ]


def test_a_depot_without_a_place_is_left_out_and_told() -> None:
    made = make(day(depots=(DEPOT, replace(DEPOT, id="CK2", point=None))))
    assert [each.id for each in made.request.depots] == ["CK1"]
    assert "depot_nowhere" in codes(made)
    assert "depot_nowhere" not in codes(make(day(tickets=[ticket("T2")], depots=(replace(DEPOT, point=None),))))


def test_what_the_plan_in_force_has_fetched_used_and_lent_by_now_is_no_longer_where_it_was() -> None:
    early = make(day(tickets=[ticket("T1", parts={"KT-101": 1}, tools=("真空泵",)), ticket("T3", parts={"KT-101": 5})]))
    fetch = pickup("CK1", {"KT-101": 2}, ["真空泵"])
    plan = write(early.request, [drive("E1", [fetch, visit("T1", parts={"KT-109": 1})], "E1-mon")], [skip("T3")])
    done: Stop = plan.routes[0].stops[2]
    assert done.ticket == "T1"
    carried = replace(record_visit("T1", "E1", "09:00", "09:30"), begin_at=done.begin, arrive_at=done.arrive)
    revision = Revision(
        "R1", "hz", DAY, 0, at("06:00"), "d1", write_request(early.request), write_plan(plan), visits=(carried,)
    )
    now = day(
        tickets=[
            ticket("T1", parts={"KT-101": 1}, tools=("真空泵",), state=TicketState.FIXED),
            ticket("T3", parts={"KT-101": 5}, tools=("真空泵",)),
        ],
        plan=revision,
        publication=Publication("hz", DAY, 1, "R1", at("06:30"), "d1"),
    )
    request = make(now, now="12:00").request
    assert dict(request.engineers[0].van) == {"KT-101": 2}
    assert request.engineers[0].tools == ("真空泵",)
    (depot,) = request.depots
    assert dict(depot.stock) == {"KT-101": 4 + 2 + 3 - 2}
    assert dict(depot.tools) == {"真空泵": 1}


def test_a_visit_that_no_readable_plan_tells_of_has_used_what_its_ticket_needs() -> None:
    now = day(
        tickets=[ticket("T1", parts={"KT-109": 3}, state=TicketState.FIXED), ticket("T3", parts={"KT-109": 1})],
        visits=[record_visit("T1", "E1", "09:00", "09:30")],
    )
    request = make(now, now="12:00").request
    assert dict(request.engineers[0].van) == {}


def test_two_depots_at_one_point_are_one_location() -> None:
    there = Point(STATION.lat_deg, STATION.lon_deg)
    request = make(day(depots=(DEPOT, replace(DEPOT, id="CK2", point=there)))).request
    assert len({each.location for each in request.depots}) == 1
