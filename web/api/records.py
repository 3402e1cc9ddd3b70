"""Regions, customers, sites, engineers, shifts, absences, tickets, parts and depots: take in, look at, change, remove."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any, Final

from pydantic import Field, create_model

from dispatch.domain.customer import Asset, Customer, Site
from dispatch.domain.engineer import Absence, Engineer, Shift
from dispatch.domain.part import Depot, Part
from dispatch.domain.place import Point
from dispatch.domain.region import Outlet, Region
from dispatch.domain.ticket import Ticket
from dispatch.services.edit_records import add_record, edit_record, make_id, remove_record
from dispatch.services.find_place import find_point
from dispatch.services.intake_ticket import change_ticket, intake_ticket, set_point
from dispatch.storage.mapping import Editable
from dispatch.storage.store import Reading, Writing
from web.api import shapes
from web.api.section import Asked, Section, Takes
from web.api.shape import Id, Shape, Text, Version
from web.errors import RequestRefused, Wrong
from web.service.parts import get_parts

NAMES: Final[Mapping[str, type[Editable]]] = MappingProxyType(
    {
        "region_id": Region,
        "customer_id": Customer,
        "site_id": Site,
        "engineer_id": Engineer,
        "outlet_id": Outlet,
        "asset_id": Asset,
    }
)
"""Keys that name another record."""


def check_names(unit: Reading, fields: Mapping[str, Any]) -> None:
    """Refuse what names a record that is not there.

    Raises
    ------
    RequestRefused
        With the place of each such name.
    """
    wrongs = [
        Wrong("unknown_reference", f"/{name}", {"name": name, "reason": fields[name]})
        for name, kind in NAMES.items()
        if fields.get(name) is not None and unit.find(kind, fields[name]) is None
    ]
    if wrongs:
        raise RequestRefused(wrongs)


class Page(Shape):
    """Which page of a list: ``after`` is the last id of the page before."""

    after: Text = ""
    limit: Annotated[int, Field(ge=1, le=1000)] = 100


class OfRegion(Page):
    """A page of what belongs to a region."""

    region_id: Id | None = None


class OfCustomer(Page):
    """A page of what belongs to a customer."""

    customer_id: Id | None = None


class OfEngineer(Page):
    """A page of what belongs to an engineer."""

    engineer_id: Id | None = None


class Removal(Shape):
    """Which version is removed."""

    version: Version


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record: its word in addresses, its class, and its shapes."""

    word: str
    record: type[Editable]
    new: type[Shape]
    edit: type[Shape]
    stored: type[Shape]
    page: type[Page]


KINDS: Final = (
    Kind("region", Region, shapes.NewRegion, shapes.RegionEdit, shapes.Region, Page),
    Kind("customer", Customer, shapes.NewCustomer, shapes.CustomerEdit, shapes.Customer, Page),
    Kind("site", Site, shapes.NewSite, shapes.SiteEdit, shapes.Site, OfCustomer),
    Kind("engineer", Engineer, shapes.NewEngineer, shapes.EngineerEdit, shapes.Engineer, OfRegion),
    Kind("shift", Shift, shapes.NewShift, shapes.ShiftEdit, shapes.Shift, OfEngineer),
    Kind("absence", Absence, shapes.NewAbsence, shapes.AbsenceEdit, shapes.Absence, OfEngineer),
    Kind("ticket", Ticket, shapes.NewTicket, shapes.TicketEdit, shapes.Ticket, OfRegion),
    Kind("part", Part, shapes.NewPart, shapes.PartEdit, shapes.Part, Page),
    Kind("depot", Depot, shapes.NewDepot, shapes.DepotEdit, shapes.Depot, OfRegion),
)
"""Every kind that can be edited through the API."""


def make_section(kind: Kind) -> Section:
    """Serve one kind: list, get, add, edit, remove."""
    section = Section(f"{kind.word}s")
    many, one = f"/{kind.word}s", f"/{kind.word}s/<id>"
    listed = create_model(
        f"{kind.record.__name__}List",
        __base__=Shape,
        __doc__="A page of a list; ``next`` is what ``after`` has to be for the page that follows, null on the last.",
        items=(tuple[kind.stored, ...], ...),  # type: ignore[name-defined] # a model made of a model
        next=(str | None, ...),
    )

    def list_records(unit: Reading, asked: Asked, query: Page) -> Shape:  # noqa: ARG001 - every view is asked so
        where = {name: value for name, value in query.to_fields({"after", "limit"}).items() if value is not None}
        found = unit.list_page(kind.record, after=query.after, limit=query.limit, **where)
        items = tuple(kind.stored.of(record) for record in found)
        return listed.model_construct(items=items, next=found[-1].id if len(found) == query.limit else None)

    def get_record(unit: Reading, asked: Asked, id: str) -> Shape:  # noqa: A002, ARG001 - as addresses have it
        return kind.stored.of(unit.get(kind.record, id))

    def new_record(unit: Writing, asked: Asked, body: Shape, point: Point | None = None) -> Shape:
        fields = body.to_fields()
        check_names(unit, fields)
        if kind.record is Ticket:
            fields["point"] = fields.get("point") or point
            saved: Editable = intake_ticket(unit, fields.pop("region_id"), fields, by=asked.by, now=asked.now)
        else:
            made: Any = kind.record(**fields | {"id": fields.get("id") or make_id()})
            saved = add_record(unit, made, by=asked.by, now=asked.now)
        return kind.stored.of(saved)

    def change_record(unit: Writing, asked: Asked, id: str, body: Any, point: Point | None = None) -> Shape:  # noqa: A002, ANN401 - as above
        changes = body.to_fields({"version"})
        check_names(unit, changes)
        told: Any = {"version": body.version, "by": asked.by, "now": asked.now}
        if kind.record is Ticket:
            changes |= {} if point is None else {"point": point}
            saved: Editable = change_ticket(unit, id, changes=changes, **told)
        else:
            saved = edit_record(unit, kind.record, id, changes=changes, **told)
        return kind.stored.of(saved)

    def drop_record(unit: Writing, asked: Asked, id: str, query: Removal) -> None:  # noqa: A002 - as above
        remove_record(unit, kind.record, id, version=query.version, by=asked.by, now=asked.now)

    word, article = kind.word, "an" if kind.word[0] in "aeiou" else "a"
    section.serve(
        "GET",
        many,
        list_records,
        name=f"list_{word}s",
        summary=f"List {word}s by id.",
        takes=Takes(query=kind.page),
        gives=listed,
    )
    section.serve(
        "POST",
        many,
        new_record,
        name=f"add_{word}",
        summary=f"Add {article} {word}.",
        takes=Takes(body=kind.new, keyed=True),
        gives=kind.stored,
        before=_find_place if kind.record is Ticket else None,
    )
    section.serve(
        "GET", one, get_record, name=f"get_{word}", summary=f"Get {article} {word}.", takes=Takes(), gives=kind.stored
    )
    section.serve(
        "PATCH",
        one,
        change_record,
        name=f"edit_{word}",
        summary=f"Change some keys of {article} {word}, if it is still the version that was read.",
        takes=Takes(body=kind.edit),
        gives=kind.stored,
        before=_find_place if kind.record is Ticket else None,
    )
    section.serve(
        "DELETE",
        one,
        drop_record,
        name=f"remove_{word}",
        summary=f"Remove {article} {word}, if it is still the version that was read and nothing names it.",
        takes=Takes(query=Removal),
        gives=None,
    )
    return section


def _find_place(unit: Reading, asked: Asked, body: Shape, id: str | None = None) -> dict[str, Any]:  # noqa: A002, ARG001 - as above
    """Ask the geocoder, if there is one, where a ticket is whose address is new and whose point is not given."""
    geocoder = get_parts().ask()
    fields = body.to_fields()
    if geocoder is None or not fields.get("address"):
        return {}
    if id is None:
        check_names(unit, fields)
        return {} if fields.get("point") else {"point": find_point(unit, fields["region_id"], fields, geocoder)}
    ticket = unit.get(Ticket, id)
    if "point" in fields or ticket.address == fields["address"]:
        return {}
    return {"point": find_point(unit, ticket.region_id, {"address": fields["address"]}, geocoder)}


RECORDS: Final = tuple(make_section(kind) for kind in KINDS)
"""A section for each kind."""

pins = Section("pins")


@pins.on("PUT", "/tickets/<id>/point")
def drag_pin(unit: Writing, asked: Asked, id: str, body: shapes.PinDrag) -> shapes.Ticket:  # noqa: A002 - as above
    """Put a ticket's pin where somebody dragged it: exact from now on, and so is its site, unless somebody has put that itself."""
    pinned = set_point(
        unit, id, version=body.version, lat_deg=body.lat_deg, lon_deg=body.lon_deg, by=asked.by, now=asked.now
    )
    return shapes.Ticket.of(pinned.ticket)
