"""Row ⇄ record, both ways, written out column by column.

A pair never leaves out a field or a column: a test compares them. Inside JSON, moments are ISO 8601 in UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import RowMapping, Table

from dispatch.domain.customer import Asset, Customer, Site, Tier
from dispatch.domain.engineer import Absence, Certificate, Engineer, Pause, Shift
from dispatch.domain.event import Event
from dispatch.domain.job import Job, JobFailure, JobState
from dispatch.domain.place import FoundBy, Point, Precision
from dispatch.domain.plan import Pin, Publication, Revision, Visit
from dispatch.domain.region import Outlet, Region
from dispatch.domain.ticket import Grade, Ticket, TicketState, Window
from dispatch.storage import tables

Row = Mapping[str, Any] | RowMapping
"""Column to value."""

Editable = Region | Outlet | Customer | Site | Asset | Engineer | Shift | Absence | Ticket
"""Records with a version."""

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Pair(Generic[R]):
    """A class of records, its table, and the two ways between them."""

    kind: type[R]
    table: Table
    to_row: Callable[[R], dict[str, Any]]
    from_row: Callable[[Row], R]


def _point_to_row(name: str, point: Point | None) -> dict[str, Any]:
    return {
        f"{name}_lat_deg": point and point.lat_deg,
        f"{name}_lon_deg": point and point.lon_deg,
        f"{name}_precision": point and point.precision.value,
        f"{name}_found_by": point and point.found_by.value,
    }


def _point_from_row(name: str, row: Row) -> Point | None:
    if row[f"{name}_lat_deg"] is None:
        return None
    return Point(
        row[f"{name}_lat_deg"],
        row[f"{name}_lon_deg"],
        Precision(row[f"{name}_precision"]),
        FoundBy(row[f"{name}_found_by"]),
    )


def _write_moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()


def _read_moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _region_to_row(region: Region) -> dict[str, Any]:
    return {"id": region.id, "name": region.name, "zone": region.zone, "version": region.version}


def _region_from_row(row: Row) -> Region:
    return Region(id=row["id"], name=row["name"], zone=row["zone"], version=row["version"])


def _outlet_to_row(outlet: Outlet) -> dict[str, Any]:
    return {
        "id": outlet.id,
        "region_id": outlet.region_id,
        "name": outlet.name,
        **_point_to_row("point", outlet.point),
        "version": outlet.version,
    }


def _outlet_from_row(row: Row) -> Outlet:
    return Outlet(
        id=row["id"],
        region_id=row["region_id"],
        name=row["name"],
        point=_point_from_row("point", row),
        version=row["version"],
    )


def _customer_to_row(customer: Customer) -> dict[str, Any]:
    return {
        "id": customer.id,
        "name": customer.name,
        "phone": customer.phone,
        "tier": customer.tier.value,
        "version": customer.version,
    }


def _customer_from_row(row: Row) -> Customer:
    return Customer(id=row["id"], name=row["name"], phone=row["phone"], tier=Tier(row["tier"]), version=row["version"])


def _site_to_row(site: Site) -> dict[str, Any]:
    return {
        "id": site.id,
        "customer_id": site.customer_id,
        "region_id": site.region_id,
        "address": site.address,
        **_point_to_row("point", site.point),
        "door_note": site.door_note,
        "contact_name": site.contact_name,
        "phone": site.phone,
        "version": site.version,
    }


def _site_from_row(row: Row) -> Site:
    return Site(
        id=row["id"],
        customer_id=row["customer_id"],
        region_id=row["region_id"],
        address=row["address"],
        point=_point_from_row("point", row),
        door_note=row["door_note"],
        contact_name=row["contact_name"],
        phone=row["phone"],
        version=row["version"],
    )


def _asset_to_row(asset: Asset) -> dict[str, Any]:
    return {
        "id": asset.id,
        "site_id": asset.site_id,
        "product": asset.product,
        "model": asset.model,
        "serial": asset.serial,
        "version": asset.version,
    }


def _asset_from_row(row: Row) -> Asset:
    return Asset(
        id=row["id"],
        site_id=row["site_id"],
        product=row["product"],
        model=row["model"],
        serial=row["serial"],
        version=row["version"],
    )


def _engineer_to_row(engineer: Engineer) -> dict[str, Any]:
    return {
        "id": engineer.id,
        "region_id": engineer.region_id,
        "name": engineer.name,
        "phone": engineer.phone,
        "outlet_id": engineer.outlet_id,
        "skills": dict(engineer.skills),
        "certificates": [
            {
                "skill": certificate.skill,
                "number": certificate.number,
                "valid_until_at": _write_moment(certificate.valid_until_at),
            }
            for certificate in engineer.certificates
        ],
        **_point_to_row("home", engineer.home),
        "active": engineer.active,
        "version": engineer.version,
    }


def _engineer_from_row(row: Row) -> Engineer:
    return Engineer(
        id=row["id"],
        region_id=row["region_id"],
        name=row["name"],
        phone=row["phone"],
        outlet_id=row["outlet_id"],
        skills=row["skills"],
        certificates=tuple(
            Certificate(entry["skill"], entry["number"], _read_moment(entry["valid_until_at"]))
            for entry in row["certificates"]
        ),
        home=_point_from_row("home", row),
        active=row["active"],
        version=row["version"],
    )


def _shift_to_row(shift: Shift) -> dict[str, Any]:
    return {
        "id": shift.id,
        "engineer_id": shift.engineer_id,
        "region_id": shift.region_id,
        "start_at": shift.start_at,
        "end_at": shift.end_at,
        **_point_to_row("start", shift.start),
        **_point_to_row("end", shift.end),
        "overtime_s": shift.overtime_s,
        "max_visits": shift.max_visits,
        "pauses": [
            {
                "from_at": _write_moment(pause.from_at),
                "to_at": _write_moment(pause.to_at),
                "duration_s": pause.duration_s,
            }
            for pause in shift.pauses
        ],
        "version": shift.version,
    }


def _shift_from_row(row: Row) -> Shift:
    return Shift(
        id=row["id"],
        engineer_id=row["engineer_id"],
        region_id=row["region_id"],
        start_at=row["start_at"],
        end_at=row["end_at"],
        start=_point_from_row("start", row),
        end=_point_from_row("end", row),
        overtime_s=row["overtime_s"],
        max_visits=row["max_visits"],
        pauses=tuple(
            Pause(datetime.fromisoformat(entry["from_at"]), datetime.fromisoformat(entry["to_at"]), entry["duration_s"])
            for entry in row["pauses"]
        ),
        version=row["version"],
    )


def _absence_to_row(absence: Absence) -> dict[str, Any]:
    return {
        "id": absence.id,
        "engineer_id": absence.engineer_id,
        "from_at": absence.from_at,
        "to_at": absence.to_at,
        "reason": absence.reason,
        "version": absence.version,
    }


def _absence_from_row(row: Row) -> Absence:
    return Absence(
        id=row["id"],
        engineer_id=row["engineer_id"],
        from_at=row["from_at"],
        to_at=row["to_at"],
        reason=row["reason"],
        version=row["version"],
    )


def _ticket_to_row(ticket: Ticket) -> dict[str, Any]:
    return {
        "id": ticket.id,
        "region_id": ticket.region_id,
        "reported_at": ticket.reported_at,
        "customer_id": ticket.customer_id,
        "site_id": ticket.site_id,
        "asset_id": ticket.asset_id,
        "grade": ticket.grade.value,
        "state": ticket.state.value,
        "product": ticket.product,
        "fault": ticket.fault,
        "duration_s": ticket.duration_s,
        "skills": dict(ticket.skills),
        "windows": [[_write_moment(window.from_at), _write_moment(window.to_at)] for window in ticket.windows],
        "contact_name": ticket.contact_name,
        "phone": ticket.phone,
        "address": ticket.address,
        "door_note": ticket.door_note,
        **_point_to_row("point", ticket.point),
        "release_at": ticket.release_at,
        "arrive_by_at": ticket.arrive_by_at,
        "resolve_by_at": ticket.resolve_by_at,
        "promise_source": ticket.promise_source,
        "extras": dict(ticket.extras),
        "version": ticket.version,
    }


def _ticket_from_row(row: Row) -> Ticket:
    return Ticket(
        id=row["id"],
        region_id=row["region_id"],
        reported_at=row["reported_at"],
        customer_id=row["customer_id"],
        site_id=row["site_id"],
        asset_id=row["asset_id"],
        grade=Grade(row["grade"]),
        state=TicketState(row["state"]),
        product=row["product"],
        fault=row["fault"],
        duration_s=row["duration_s"],
        skills=row["skills"],
        windows=tuple(
            Window(datetime.fromisoformat(from_at), datetime.fromisoformat(to_at)) for from_at, to_at in row["windows"]
        ),
        contact_name=row["contact_name"],
        phone=row["phone"],
        address=row["address"],
        door_note=row["door_note"],
        point=_point_from_row("point", row),
        release_at=row["release_at"],
        arrive_by_at=row["arrive_by_at"],
        resolve_by_at=row["resolve_by_at"],
        promise_source=row["promise_source"],
        extras=row["extras"],
        version=row["version"],
    )


def revision_to_row(revision: Revision) -> dict[str, Any]:
    """Write a revision without its visits, which have rows of their own."""
    return {
        "id": revision.id,
        "region_id": revision.region_id,
        "day": revision.day,
        "base_number": revision.base_number,
        "made_at": revision.made_at,
        "made_by": revision.made_by,
        "request_json": revision.request_json,
        "plan_json": revision.plan_json,
        "job_id": revision.job_id,
    }


def revision_from_row(row: Row, visits: tuple[Visit, ...]) -> Revision:
    """Read a revision with its visits."""
    return Revision(
        id=row["id"],
        region_id=row["region_id"],
        day=row["day"],
        base_number=row["base_number"],
        made_at=row["made_at"],
        made_by=row["made_by"],
        request_json=row["request_json"],
        plan_json=row["plan_json"],
        job_id=row["job_id"],
        visits=visits,
    )


def visit_to_row(visit: Visit, revision_id: str) -> dict[str, Any]:
    """Write a visit of a revision."""
    return {
        "revision_id": revision_id,
        "shift_id": visit.shift_id,
        "place": visit.place,
        "engineer_id": visit.engineer_id,
        "ticket_id": visit.ticket_id,
        "arrive_at": visit.arrive_at,
        "begin_at": visit.begin_at,
        "leave_at": visit.leave_at,
        "travel_s": visit.travel_s,
        "travel_m": visit.travel_m,
        "pin": visit.pin.value,
    }


def visit_from_row(row: Row) -> Visit:
    """Read a visit."""
    return Visit(
        ticket_id=row["ticket_id"],
        engineer_id=row["engineer_id"],
        shift_id=row["shift_id"],
        place=row["place"],
        arrive_at=row["arrive_at"],
        begin_at=row["begin_at"],
        leave_at=row["leave_at"],
        travel_s=row["travel_s"],
        travel_m=row["travel_m"],
        pin=Pin(row["pin"]),
    )


def publication_to_row(publication: Publication) -> dict[str, Any]:
    """Write a publication."""
    return {
        "region_id": publication.region_id,
        "day": publication.day,
        "number": publication.number,
        "revision_id": publication.revision_id,
        "published_at": publication.published_at,
        "published_by": publication.published_by,
    }


def publication_from_row(row: Row) -> Publication:
    """Read a publication."""
    return Publication(
        region_id=row["region_id"],
        day=row["day"],
        number=row["number"],
        revision_id=row["revision_id"],
        published_at=row["published_at"],
        published_by=row["published_by"],
    )


def event_to_row(event: Event) -> dict[str, Any]:
    """Write an event; its number is given by the database."""
    return {
        "name": event.name,
        "at": event.at,
        "subject_kind": event.subject_kind,
        "subject_id": event.subject_id,
        "region_id": event.region_id,
        "actor": event.actor,
        "details": dict(event.details),
    }


def event_from_row(row: Row) -> Event:
    """Read an event."""
    return Event(
        name=row["name"],
        at=row["at"],
        subject_kind=row["subject_kind"],
        subject_id=row["subject_id"],
        region_id=row["region_id"],
        actor=row["actor"],
        details=row["details"],
        number=row["number"],
    )


def job_to_row(job: Job) -> dict[str, Any]:
    """Write a planning job."""
    return {
        "id": job.id,
        "region_id": job.region_id,
        "day": job.day,
        "seconds": job.seconds,
        "made_by": job.made_by,
        "key": job.key,
        "created_at": job.created_at,
        "urgency": job.urgency,
        "state": job.state.value,
        "attempt": job.attempt,
        "worker": job.worker,
        "started_at": job.started_at,
        "lease_until_at": job.lease_until_at,
        "ended_at": job.ended_at,
        "failure": job.failure and job.failure.value,
        "detail": job.detail,
        "best_cny": None if job.best_cny is None else str(job.best_cny),
        "best_after_s": job.best_after_s,
        "planned": job.planned,
        "skipped": job.skipped,
    }


def job_from_row(row: Row) -> Job:
    """Read a planning job."""
    return Job(
        id=row["id"],
        region_id=row["region_id"],
        day=row["day"],
        seconds=row["seconds"],
        made_by=row["made_by"],
        key=row["key"],
        created_at=row["created_at"],
        urgency=row["urgency"],
        state=JobState(row["state"]),
        attempt=row["attempt"],
        worker=row["worker"],
        started_at=row["started_at"],
        lease_until_at=row["lease_until_at"],
        ended_at=row["ended_at"],
        failure=JobFailure(row["failure"]) if row["failure"] else None,
        detail=row["detail"],
        best_cny=None if row["best_cny"] is None else Decimal(row["best_cny"]),
        best_after_s=row["best_after_s"],
        planned=row["planned"],
        skipped=row["skipped"],
    )


PAIRS: Final[tuple[Pair[Any], ...]] = (
    Pair(Region, tables.regions, _region_to_row, _region_from_row),
    Pair(Outlet, tables.outlets, _outlet_to_row, _outlet_from_row),
    Pair(Customer, tables.customers, _customer_to_row, _customer_from_row),
    Pair(Site, tables.sites, _site_to_row, _site_from_row),
    Pair(Asset, tables.assets, _asset_to_row, _asset_from_row),
    Pair(Engineer, tables.engineers, _engineer_to_row, _engineer_from_row),
    Pair(Shift, tables.shifts, _shift_to_row, _shift_from_row),
    Pair(Absence, tables.absences, _absence_to_row, _absence_from_row),
    Pair(Ticket, tables.tickets, _ticket_to_row, _ticket_from_row),
)
"""Every kind of record that can be edited, in an order in which records name only earlier ones."""

PAIR_OF: Final[Mapping[type, Pair[Any]]] = {pair.kind: pair for pair in PAIRS}
"""Class of records to its pair."""
