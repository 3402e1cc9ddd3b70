"""Arbitrary records, each of its kind, and a small world in which they fit together."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import count
from typing import Any

from hypothesis import strategies as st

from dispatch.domain.checks import LARGEST
from dispatch.domain.customer import Asset, Customer, Site, Tier
from dispatch.domain.engineer import Absence, Certificate, Engineer, Pause, Shift
from dispatch.domain.event import Event
from dispatch.domain.part import Delivery, Depot, Opening, Part
from dispatch.domain.place import FoundBy, Point, Precision
from dispatch.domain.plan import Pin, Publication, Revision, Visit
from dispatch.domain.region import Outlet, Region
from dispatch.domain.ticket import Grade, Ticket, TicketState, Window
from dispatch.storage.store import Writing

DAY = date(2026, 11, 23)
EIGHT = datetime(2026, 11, 23, 0, tzinfo=UTC)
"""Eight in the morning in Hangzhou."""


def hours(number: float) -> timedelta:
    """Return a length."""
    return timedelta(hours=number)


def fill(unit: Writing, *, n_tickets: int = 2) -> None:
    """Save Hangzhou: an outlet, a customer with a site and an asset, an engineer with a shift, tickets T0, T1 …."""
    tickets = [
        Ticket(f"T{i}", "hz", EIGHT, customer_id="C", site_id="S", asset_id="A", state=TicketState.READY)
        for i in range(n_tickets)
    ]
    unit.save_all(
        [
            *tickets,
            Region("hz", "杭州"),
            Outlet("O", "hz", "西湖网点"),
            Customer("C", "王芳", "13800000000"),
            Site("S", "C", "hz", "文三路 1 号"),
            Asset("A", "S", "空调"),
            Engineer("E", "hz", "张伟", outlet_id="O", skills={"空调": 3}),
            Shift("E-1123", "E", "hz", EIGHT, EIGHT + hours(9)),
        ]
    )


def revision(id: str, base_number: int = 0, *, job_id: str | None = None) -> Revision:  # noqa: A002 - a record's field
    """Return a plan that visits T0."""
    visit = Visit("T0", "E", "E-1123", 0, EIGHT + hours(1), EIGHT + hours(1), EIGHT + hours(2))
    return Revision(id, "hz", DAY, base_number, EIGHT, "d1", '{"now": 1}', '{"status": "ok"}', job_id, (visit,))


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
numbers = count()
"""Ids are never used twice: one database serves all examples of a test."""
moments = st.datetimes(
    datetime(1970, 1, 2),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2199, 12, 31),  # noqa: DTZ001 - the same
    timezones=st.sampled_from([UTC, timezone(hours(8)), timezone(hours(-5))]),
)
lengths_s = st.integers(0, LARGEST)
points = st.builds(
    Point,
    st.floats(-90, 90),
    st.floats(-180, 180),
    st.sampled_from(Precision),
    st.sampled_from(FoundBy),
)
maybe_point = st.none() | points
levels = st.dictionaries(texts, st.integers(1, 4), max_size=3)


quantities = st.dictionaries(texts, st.integers(0, LARGEST), max_size=3)
names = st.lists(texts, max_size=3).map(tuple)
openings = st.builds(
    Opening,
    st.times(time(0), time(11, 59)),
    st.times(time(12), time(23, 59)),
    st.lists(st.integers(1, 7), unique=True).map(tuple),
)


@st.composite
def spans(draw: st.DrawFn) -> tuple[datetime, datetime]:
    """Draw a beginning and an end after it."""
    start = draw(moments)
    return start, start + timedelta(microseconds=draw(st.integers(1, 10**11)))


@st.composite
def worlds(draw: st.DrawFn) -> list[Any]:
    """Draw one record of each kind that can be edited; each names the others of its world."""
    on = str(next(numbers))
    region = Region(f"{on}-r", draw(texts), draw(st.sampled_from(["Asia/Shanghai", "Asia/Urumqi", "UTC"])))
    outlet = Outlet(f"{on}-o", region.id, draw(texts), draw(maybe_point))
    customer = Customer(f"{on}-c", draw(texts), draw(st.none() | texts), draw(st.sampled_from(Tier)))
    site = draw(
        st.builds(
            Site,
            st.just(f"{on}-s"),
            st.just(customer.id),
            st.just(region.id),
            texts,
            maybe_point,
            st.none() | texts,
            st.none() | texts,
            st.none() | texts,
        )
    )
    asset = Asset(f"{on}-a", site.id, draw(texts), draw(st.none() | texts), draw(st.none() | texts))
    certificates = st.builds(Certificate, texts, st.none() | texts, st.none() | moments)
    engineer = Engineer(
        f"{on}-e",
        region.id,
        draw(texts),
        draw(st.none() | texts),
        draw(st.sampled_from([None, outlet.id])),
        draw(levels),
        tuple(draw(st.lists(certificates, max_size=2))),
        draw(maybe_point),
        draw(st.booleans()),
        draw(quantities),
        draw(names),
    )
    pauses = st.builds(lambda span, length: Pause(*span, length), spans(), st.integers(1, LARGEST))
    shift = Shift(
        f"{on}-d",
        engineer.id,
        region.id,
        *draw(spans()),
        draw(maybe_point),
        draw(maybe_point),
        draw(lengths_s),
        draw(st.none() | lengths_s),
        tuple(draw(st.lists(pauses, max_size=2))),
    )
    absence = Absence(f"{on}-l", engineer.id, *draw(spans()), draw(texts))
    ticket = draw(
        st.builds(
            Ticket,
            id=st.just(f"{on}-t"),
            region_id=st.just(region.id),
            reported_at=moments,
            customer_id=st.sampled_from([None, customer.id]),
            site_id=st.sampled_from([None, site.id]),
            asset_id=st.sampled_from([None, asset.id]),
            grade=st.sampled_from(Grade),
            state=st.sampled_from(TicketState),
            product=texts,
            fault=texts,
            duration_s=lengths_s,
            skills=levels,
            windows=st.lists(spans().map(lambda span: Window(*span)), max_size=3).map(tuple),
            contact_name=st.none() | texts,
            phone=st.none() | texts,
            address=st.none() | texts,
            door_note=st.none() | texts,
            point=maybe_point,
            release_at=st.none() | moments,
            arrive_by_at=st.none() | moments,
            resolve_by_at=st.none() | moments,
            promise_source=st.none() | texts,
            extras=st.dictionaries(texts, texts, max_size=3),
            parts=quantities,
            tools=names,
            crew=st.integers(1, 20),
            row_digest=st.none() | texts,
            version=st.just(0),
        )
    )
    part = Part(f"{on}-p", draw(texts), draw(names))
    depot = draw(
        st.builds(
            Depot,
            st.just(f"{on}-b"),
            st.just(region.id),
            texts,
            texts,
            maybe_point,
            st.lists(openings, max_size=2).map(tuple),
            lengths_s,
            quantities,
            st.lists(st.builds(Delivery, texts, st.integers(1, LARGEST), moments), max_size=2).map(tuple),
            quantities,
        )
    )
    return [region, outlet, customer, site, asset, engineer, shift, absence, ticket, part, depot]


@st.composite
def plans(draw: st.DrawFn, world: list[Any]) -> tuple[Revision, Publication, Event]:
    """Draw a plan of a world, its publication and an event about it."""
    region, engineer, shift, ticket = world[0], world[5], world[6], world[8]
    arrive, begin, leave = sorted(draw(st.lists(moments, min_size=3, max_size=3)))
    visit = Visit(
        ticket.id,
        engineer.id,
        shift.id,
        draw(lengths_s),
        arrive,
        begin,
        leave,
        draw(lengths_s),
        draw(lengths_s),
        draw(st.sampled_from(Pin)),
    )
    plan = Revision(
        f"{region.id}-v",
        region.id,
        draw(st.dates(date(1970, 1, 1), date(2199, 1, 1))),
        0,
        draw(moments),
        draw(texts),
        draw(texts),
        draw(texts),
        draw(st.sampled_from([None, f"{region.id}-j"])),
        draw(st.sampled_from([(), (visit,)])),
    )
    published = Publication(region.id, plan.day, 1, plan.id, draw(moments), draw(texts))
    details = st.dictionaries(texts, st.none() | st.booleans() | texts | lengths_s, max_size=3)
    event = Event(
        "PlanPublished",
        draw(moments),
        "Revision",
        plan.id,
        draw(st.sampled_from([None, region.id])),
        draw(texts),
        draw(details),
    )
    return plan, published, event
