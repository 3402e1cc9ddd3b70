"""Take in a ticket of somebody on the phone: customer and site are found as known, or made with it.

Who is meant: the one customer of that name. Of several the one with the phone number that was given, or with a site at the address.
A single one who is known by another number, and by no site at the address, is somebody else of the same name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dispatch.domain.customer import Customer, Site
from dispatch.domain.errors import ImpossibleRecord
from dispatch.domain.place import Point
from dispatch.domain.ticket import Ticket
from dispatch.places.geocoding import Asking
from dispatch.services.edit_records import add_record, make_id
from dispatch.services.find_place import find_point
from dispatch.services.intake_ticket import intake_ticket
from dispatch.storage.store import Reading, Writing


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, as far as the records know.

    Parameters
    ----------
    customer, site
        None: not known, to be made.
    is_unclear
        Several are called so, and neither phone nor address tells them apart.
    """

    customer: Customer | None = field(default=None, repr=False)
    site: Site | None = field(default=None, repr=False)
    is_unclear: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """The ticket that was taken in, and whether customer and site are new."""

    ticket: Ticket
    is_new_customer: bool
    is_new_site: bool


def find_caller(unit: Reading, region_id: str, name: str, *, phone: str | None, address: str) -> Caller:
    """Find the customer who is meant, and the customer's site at the address."""
    alike = [customer for customer in unit.list_all(Customer) if customer.name == name]
    if not alike:
        return Caller()
    sites = unit.list_all(Site, customer_id={customer.id for customer in alike}, region_id=region_id)
    here = {site.customer_id: site for site in reversed(sites) if _plain(site.address) == _plain(address)}
    numbers = {customer.id: _digits(customer.phone) for customer in alike}
    wanted = _digits(phone)
    by_phone = [customer for customer in alike if wanted and numbers[customer.id] == wanted]
    by_place = [customer for customer in alike if customer.id in here]
    for found in (by_phone, by_place):
        if len(found) == 1:
            return Caller(found[0], here.get(found[0].id))
    if by_phone or by_place:
        return Caller(is_unclear=True)
    open_ones = [customer for customer in alike if not (wanted and numbers[customer.id])]
    if len(open_ones) > 1:
        return Caller(is_unclear=True)
    return Caller(open_ones[0]) if open_ones else Caller()


def find_place_of_call(
    unit: Reading, region_id: str, caller: Caller, address: str, geocoder: Asking | None = None
) -> Point | None:
    """Find the point of a call in the usual order: the known site, the geocoder, the district, the region.

    Ask in a unit that only reads: a geocoder's answer may take seconds.
    """
    known = {"site_id": caller.site.id} if caller.site is not None else {}
    return find_point(unit, region_id, {**known, "address": address}, geocoder)


def intake_call(
    unit: Writing,
    region_id: str,
    fields: Mapping[str, Any],
    *,
    customer_name: str,
    point: Point | None,
    by: str,
    now: datetime,
) -> Taken:
    """Keep a ticket with its customer and site: all of them or none.

    Parameters
    ----------
    fields
        Of the ticket, as :func:`~dispatch.services.intake_ticket.intake_ticket` takes them, an address among them.
    point
        As :func:`find_place_of_call` has found it; what is approximate stays so until a person moves the pin.

    Raises
    ------
    NotFound
        There is no such region.
    ImpossibleRecord
        It cannot be so, or several customers are called so and nothing tells them apart.
    """
    unit.wait_for_region(region_id)
    address, phone = str(fields.get("address") or ""), fields.get("phone")
    caller = find_caller(unit, region_id, customer_name, phone=phone, address=address)
    if caller.is_unclear:
        raise ImpossibleRecord(
            "customer",
            ("应以电话或地址区分", "told apart by phone or address"),
            ("（多位同名）", "several of that name"),
        )
    customer = caller.customer or add_record(unit, Customer(make_id(), customer_name, phone), by=by, now=now)
    site = caller.site
    if site is None:
        site = Site(
            make_id(),
            customer.id,
            region_id,
            address,
            point=point,
            door_note=fields.get("door_note"),
            contact_name=fields.get("contact_name"),
            phone=phone,
        )
        site = add_record(unit, site, by=by, now=now)
    told = {**fields, "point": point, "customer_id": customer.id, "site_id": site.id}
    ticket = intake_ticket(unit, region_id, told, by=by, now=now)
    return Taken(ticket, caller.customer is None, caller.site is None)


def _plain(address: str) -> str:
    """Return an address without blanks."""
    return "".join(address.split())


def _digits(phone: str | None) -> str:
    """Return the digits of a phone number."""
    return "".join(char for char in phone or "" if char.isdigit())
