"""The shapes of records. Units are in the keys; moments carry their offset; points are WGS-84 degrees, latitude first."""

from __future__ import annotations

from datetime import time
from typing import Annotated

from pydantic import Field

from dispatch.domain import customer as customers
from dispatch.domain import engineer as engineers
from dispatch.domain import part as parts_
from dispatch.domain.customer import Tier
from dispatch.domain.place import FoundBy, Precision
from dispatch.domain.place import Point as PointRecord
from dispatch.domain.region import Region as RegionRecord
from dispatch.domain.ticket import MOST_AT_ONCE, Grade, TicketState
from dispatch.domain.ticket import Ticket as TicketRecord
from dispatch.domain.ticket import Window as WindowRecord
from web.api.shape import (
    Day,
    Duration,
    Id,
    Moment,
    Names,
    Quantities,
    Shape,
    Skills,
    Text,
    Version,
    Whole,
    Zone,
    make_edit,
)


class Point(Shape):
    """A point of the Earth in WGS-84 degrees; ``precision`` says whether it stands for a district around it."""

    DOMAIN = PointRecord
    lat_deg: Annotated[float, Field(ge=-90, le=90)]
    lon_deg: Annotated[float, Field(ge=-180, le=180)]
    precision: Precision = Precision.EXACT
    found_by: FoundBy = FoundBy.COORDINATES


class Window(Shape):
    """When work may begin, both ends included."""

    DOMAIN = WindowRecord
    from_at: Moment
    to_at: Moment


class Pause(Shape):
    """A break that is owed; it begins between the two moments, both included."""

    DOMAIN = engineers.Pause
    from_at: Moment
    to_at: Moment
    duration_s: Annotated[Whole, Field(ge=1)]


class Certificate(Shape):
    """A paper that a skill rests on; without an end it does not run out."""

    DOMAIN = engineers.Certificate
    skill: Text
    number: Text | None = None
    valid_until_at: Moment | None = None


class NewRegion(Shape):
    """A region; ``zone`` is its IANA time zone."""

    DOMAIN = RegionRecord
    id: Id | None = None
    name: Text
    zone: Zone = "Asia/Shanghai"


class NewCustomer(Shape):
    """A person or a firm."""

    DOMAIN = customers.Customer
    id: Id | None = None
    name: Text
    phone: Text | None = None
    tier: Tier = Tier.SILVER


class NewSite(Shape):
    """A place of a customer's that is visited."""

    DOMAIN = customers.Site
    id: Id | None = None
    customer_id: Id
    region_id: Id
    address: Text
    point: Point | None = None
    door_note: Text | None = None
    contact_name: Text | None = None
    phone: Text | None = None


class NewEngineer(Shape):
    """A person who goes there; skills to levels, 1 junior to 4 expert; ``van`` is what was last counted there, by part."""

    DOMAIN = engineers.Engineer
    id: Id | None = None
    region_id: Id
    name: Text
    phone: Text | None = None
    outlet_id: Id | None = None
    skills: Skills = Field(default_factory=dict)
    certificates: tuple[Certificate, ...] = ()
    home: Point | None = None
    active: bool = True
    van: Quantities = Field(default_factory=dict)
    tools: Names = ()


class NewShift(Shape):
    """The hours of one engineer on one day; without a start it begins at home, without an end it ends at its last visit."""

    DOMAIN = engineers.Shift
    id: Id | None = None
    engineer_id: Id
    region_id: Id
    start_at: Moment
    end_at: Moment
    start: Point | None = None
    end: Point | None = None
    overtime_s: Whole = 0
    max_visits: Whole | None = None
    pauses: tuple[Pause, ...] = ()


class NewAbsence(Shape):
    """Leave: no travel and no work between the two moments."""

    DOMAIN = engineers.Absence
    id: Id | None = None
    engineer_id: Id
    from_at: Moment
    to_at: Moment
    reason: Text = ""


class NewTicket(Shape):
    """One piece of work at one place; it gets its number when it is taken in."""

    DOMAIN = TicketRecord
    region_id: Id
    reported_at: Annotated[
        Moment, Field(default_factory=lambda: None, description="When the customer asked; left out: now.")
    ]
    customer_id: Id | None = None
    site_id: Id | None = None
    asset_id: Id | None = None
    grade: Grade = Grade.GENERAL
    state: TicketState = TicketState.READY
    product: Text = ""
    fault: Text = ""
    duration_s: Duration = 1800
    skills: Skills = Field(default_factory=dict)
    windows: tuple[Window, ...] = ()
    contact_name: Text | None = None
    phone: Text | None = None
    address: Text | None = None
    door_note: Text | None = None
    point: Point | None = None
    release_at: Moment | None = None
    arrive_by_at: Moment | None = None
    resolve_by_at: Moment | None = None
    promise_source: Text | None = None
    extras: dict[Text, Text] = Field(default_factory=dict)
    parts: Quantities = Field(default_factory=dict)
    tools: Names = ()
    crew: Annotated[int, Field(ge=1, le=MOST_AT_ONCE)] = 1


class NewPart(Shape):
    """A kind of spare part; ``substitutes`` are ids of parts that may be used up in its stead."""

    DOMAIN = parts_.Part
    id: Id | None = None
    name: Text = ""
    substitutes: Names = ()


class Opening(Shape):
    """Hours in which a depot hands out parts, by the region's clocks; weekdays from 1 Monday to 7 Sunday."""

    DOMAIN = parts_.Opening
    from_clock: time
    to_clock: time
    weekdays: tuple[Annotated[int, Field(ge=1, le=7)], ...] = parts_.WEEKDAYS


class Delivery(Shape):
    """Parts that come to a depot; they can be had from ``at`` on."""

    DOMAIN = parts_.Delivery
    part_id: Id
    quantity: Annotated[Whole, Field(ge=1)]
    at: Moment


class NewDepot(Shape):
    """A stock point: when it is open, how long a call takes, what was last counted there, what comes, which tools it lends."""

    DOMAIN = parts_.Depot
    id: Id | None = None
    region_id: Id
    name: Text
    address: Text = ""
    point: Point | None = None
    openings: tuple[Opening, ...] = ()
    handling_s: Whole = 600
    stock: Quantities = Field(default_factory=dict)
    deliveries: tuple[Delivery, ...] = ()
    tools: Quantities = Field(default_factory=dict)


class _Stored(Shape):
    """What every stored record has besides its own keys."""

    id: str
    version: Version


class Region(_Stored, NewRegion):
    """A region as it is stored."""

    id: str


class Customer(_Stored, NewCustomer):
    """A customer as it is stored."""

    id: str


class Site(_Stored, NewSite):
    """A site as it is stored."""

    id: str


class Engineer(_Stored, NewEngineer):
    """An engineer as it is stored."""

    id: str


class Shift(_Stored, NewShift):
    """A shift as it is stored."""

    id: str


class Absence(_Stored, NewAbsence):
    """An absence as it is stored."""

    id: str


class Ticket(_Stored, NewTicket):
    """A ticket as it is stored."""

    reported_at: Moment


class Part(_Stored, NewPart):
    """A part as it is stored."""

    id: str


class Depot(_Stored, NewDepot):
    """A depot as it is stored."""

    id: str


PartEdit = make_edit(NewPart, "PartEdit")
DepotEdit = make_edit(NewDepot, "DepotEdit")
RegionEdit = make_edit(NewRegion, "RegionEdit")
CustomerEdit = make_edit(NewCustomer, "CustomerEdit")
SiteEdit = make_edit(NewSite, "SiteEdit")
EngineerEdit = make_edit(NewEngineer, "EngineerEdit")
ShiftEdit = make_edit(NewShift, "ShiftEdit")
AbsenceEdit = make_edit(NewAbsence, "AbsenceEdit")
TicketEdit = make_edit(NewTicket, "TicketEdit", without=["state"])


class PinDrag(Shape):
    """Where somebody dragged a ticket's pin, WGS-84 degrees."""

    version: Version
    lat_deg: Annotated[float, Field(ge=-90, le=90)]
    lon_deg: Annotated[float, Field(ge=-180, le=180)]


class RegionDay(Shape):
    """A region's day."""

    region_id: Id
    day: Day
