"""An engineer's published day, in order: where next, what to bring, what to know at the door."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from dispatch.domain.customer import Asset, Customer, Site
from dispatch.domain.engineer import Engineer, Shift
from dispatch.domain.part import Depot, Part
from dispatch.domain.place import Point
from dispatch.domain.plan import Publication, Visit
from dispatch.domain.ticket import Ticket
from dispatch.services.report_visit import Report, Step, find_visit_number, next_step, read_reports
from dispatch.storage.mapping import Editable
from dispatch.storage.store import Reading

R = TypeVar("R", bound=Editable)


@dataclass(frozen=True, slots=True)
class Call:
    """One visit of the day with all that the engineer needs for it.

    Parameters
    ----------
    contact_name, phone, address, door_note
        The ticket's own, else the site's, else the customer's.
    parts, tools
        Part to how many are used up there, and the tools that are needed there, as far as this engineer brings them.
    visit_number
        Which of this engineer's visits to the ticket today it is, from 1: it may have been finished and dispatched again.
    reports
        What this engineer has reported of it, in order.
    next_step
        What may be reported next; None: it is finished, or the ticket is settled.
    """

    visit: Visit
    ticket: Ticket
    customer: Customer | None
    site: Site | None
    asset: Asset | None
    point: Point | None = field(repr=False)
    contact_name: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    address: str | None = field(repr=False)
    door_note: str | None = field(repr=False)
    parts: Mapping[str, int]
    tools: tuple[str, ...]
    visit_number: int
    reports: tuple[Report, ...]
    next_step: Step | None


@dataclass(frozen=True, slots=True)
class Break:
    """A break that is planned, with a zone."""

    begin_at: datetime
    leave_at: datetime


@dataclass(frozen=True, slots=True)
class PickUp:
    """A call at a depot: what to take, where. ``name`` is the depot's, or its id when it is not there any more."""

    depot_id: str
    name: str
    address: str | None
    point: Point | None
    begin_at: datetime
    leave_at: datetime
    parts: Mapping[str, int]
    tools: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EngineerDay:
    """The day.

    Parameters
    ----------
    publications
        The plans that it comes from, one a region.
    calls, breaks, pickups
        Each in order.
    part_names
        What parts that occur are called, by id.
    """

    engineer: Engineer
    day: date
    publications: tuple[Publication, ...]
    shifts: tuple[Shift, ...]
    calls: tuple[Call, ...]
    breaks: tuple[Break, ...]
    pickups: tuple[PickUp, ...] = ()
    part_names: Mapping[str, str] = field(default_factory=dict)

    @property
    def next_call(self) -> Call | None:
        """The first visit that is not finished."""
        return next((call for call in self.calls if call.next_step is not None), None)


def read_engineer_day(unit: Reading, engineer_id: str, day: date) -> EngineerDay:
    """Read the day in a fixed number of queries, and one for each region that the engineer works in that day.

    Raises
    ------
    NotFound
        There is no such engineer.
    """
    engineer = unit.get(Engineer, engineer_id)
    in_force = unit.list_visits_in_force(engineer_id, day)
    publications = {publication.revision_id: publication for publication, _ in in_force}
    visits = [visit for _, visit in in_force]
    tickets = _by_id(unit, Ticket, (visit.ticket_id for visit in visits))
    sites = _by_id(unit, Site, (ticket.site_id for ticket in tickets.values()))
    customers = _by_id(
        unit,
        Customer,
        [*(ticket.customer_id for ticket in tickets.values()), *(site.customer_id for site in sites.values())],
    )
    assets = _by_id(unit, Asset, (ticket.asset_id for ticket in tickets.values()))
    shifts = _by_id(unit, Shift, (visit.shift_id for visit in visits))
    events = unit.list_ticket_events(tickets)
    numbers = {ticket_id: find_visit_number(events, engineer_id, ticket_id, day) for ticket_id in tickets}
    reports = [
        report
        for report in read_reports(events)
        if (report.engineer_id, report.day, report.visit_number) == (engineer_id, day, numbers[report.ticket_id])
    ]
    plans: list[dict[str, Any]] = [json.loads(unit.get_revision(name).plan_json) for name in publications]
    needs = {key: value for plan in plans for key, value in _needs_of(plan).items()}
    calls = [
        _call(visit, tickets[visit.ticket_id], sites, customers, assets, needs, numbers[visit.ticket_id], reports)
        for visit in visits
    ]
    stops = [stop for plan in plans for stop in _pickups_of(plan, shifts)]
    depots = _by_id(unit, Depot, (stop["depot"] for stop in stops))
    pickups = [_pick_up(stop, depots.get(stop["depot"])) for stop in stops]
    used = [*(call.parts for call in calls), *(pickup.parts for pickup in pickups)]
    named = _by_id(unit, Part, (part for parts in used for part in parts))
    return EngineerDay(
        engineer,
        day,
        tuple(sorted(publications.values(), key=lambda publication: publication.region_id)),
        tuple(sorted(shifts.values(), key=lambda shift: (shift.start_at, shift.id))),
        tuple(calls),
        tuple(sorted((pause for plan in plans for pause in _breaks_of(plan, shifts)), key=lambda one: one.begin_at)),
        tuple(sorted(pickups, key=lambda one: one.begin_at)),
        {part.id: part.name for part in named.values() if part.name},
    )


def _call(
    visit: Visit,
    ticket: Ticket,
    sites: Mapping[str, Site],
    customers: Mapping[str, Customer],
    assets: Mapping[str, Asset],
    needs: Mapping[tuple[str, str], Mapping[str, Any]],
    visit_number: int,
    reports: Iterable[Report],
) -> Call:
    """Put together what is known of one visit."""
    site = sites.get(ticket.site_id or "")
    customer = customers.get(ticket.customer_id or (site.customer_id if site else ""))
    mine = tuple(report for report in reports if report.ticket_id == ticket.id)
    step = next_step(mine)
    return Call(
        visit=visit,
        ticket=ticket,
        customer=customer,
        site=site,
        asset=assets.get(ticket.asset_id or ""),
        point=ticket.point or (site.point if site else None),
        contact_name=ticket.contact_name
        or (site.contact_name if site else None)
        or (customer.name if customer else None),
        phone=ticket.phone or (site.phone if site else None) or (customer.phone if customer else None),
        address=ticket.address or (site.address if site else None),
        door_note=ticket.door_note or (site.door_note if site else None),
        parts=needs.get((visit.shift_id, ticket.id), {}).get("parts", {}),
        tools=tuple(needs.get((visit.shift_id, ticket.id), {}).get("tools", ())),
        visit_number=visit_number,
        reports=mine,
        next_step=step if ticket.is_open or step is Step.FINISH else None,
    )


def _by_id(unit: Reading, kind: type[R], ids: Iterable[str | None]) -> dict[str, R]:
    """Return the records of these ids."""
    wanted = {name for name in ids if name is not None}
    return {record.id: record for record in unit.list_all(kind, id=wanted)}


def _needs_of(plan: Mapping[str, Any]) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Return the stops of a plan that was kept at which something is brought, by shift and ticket."""
    return {
        (route["shift"], stop["ticket"]): stop
        for route in plan.get("routes", ())
        for stop in route["stops"]
        if stop.get("ticket") and (stop.get("parts") or stop.get("tools"))
    }


def _pickups_of(plan: Mapping[str, Any], shifts: Container[str]) -> list[Mapping[str, Any]]:
    """Return the pick-ups in the routes of these shifts."""
    return [
        stop
        for route in plan.get("routes", ())
        if route["shift"] in shifts
        for stop in route["stops"]
        if stop.get("kind") == "pickup"
    ]


def _pick_up(stop: Mapping[str, Any], depot: Depot | None) -> PickUp:
    """Say what is taken where."""
    return PickUp(
        depot_id=stop["depot"],
        name=depot.name if depot else stop["depot"],
        address=(depot.address or None) if depot else None,
        point=depot.point if depot else None,
        begin_at=datetime.fromisoformat(stop["begin"]),
        leave_at=datetime.fromisoformat(stop["leave"]),
        parts=dict(stop.get("parts", {})),
        tools=tuple(stop.get("tools", ())),
    )


def _breaks_of(plan: Mapping[str, Any], shifts: Container[str]) -> list[Break]:
    """Return the breaks in the routes of these shifts."""
    return [
        Break(datetime.fromisoformat(stop["begin"]), datetime.fromisoformat(stop["leave"]))
        for route in plan.get("routes", ())
        if route["shift"] in shifts
        for stop in route["stops"]
        if stop.get("kind") == "break"
    ]
