"""The tables. What creates them is the migrations; a test proves that both say the same.

What one row alone owns (windows, skills, certificates, pauses, extras, stock, substitutes) is JSON in that row, so that one version covers it.
Names of people, phone numbers, addresses and door notes are :class:`~dispatch.storage.types.Private`.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from dispatch.storage.types import Private, UtcMoment

metadata: Final = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def _text(name: str) -> Column[str]:
    """Return a column of text that is always there."""
    return Column(name, Text, nullable=False)


def _id() -> Column[str]:
    """Return the key of a record."""
    return Column("id", Text, primary_key=True)


def _to(table: str, name: str, *, optional: bool = False) -> Column[str]:
    """Return a column that names a row of another table."""
    return Column(name, Text, ForeignKey(f"{table}.id"), nullable=optional)


def _moment(name: str, *, optional: bool = False) -> Column[object]:
    """Return a column of moments."""
    return Column(name, UtcMoment, nullable=optional)


def _point(name: str) -> tuple[Column[object], ...]:
    """Return the four columns of a point; all null: there is none."""
    return (
        Column(f"{name}_lat_deg", Double),
        Column(f"{name}_lon_deg", Double),
        Column(f"{name}_precision", Text),
        Column(f"{name}_found_by", Text),
    )


def _version() -> tuple[Column[int], CheckConstraint]:
    """Return the column that rises by one with every edit; a trigger refuses any other update."""
    return Column("version", Integer, nullable=False), CheckConstraint("version >= 1", name="version")


regions = Table("regions", metadata, _id(), _text("name"), _text("zone"), *_version())

outlets = Table(
    "outlets",
    metadata,
    _id(),
    _to("regions", "region_id"),
    _text("name"),
    *_point("point"),
    *_version(),
    Index(None, "region_id"),
)

customers = Table(
    "customers",
    metadata,
    _id(),
    Column("name", Private, nullable=False),
    Column("phone", Private),
    _text("tier"),
    *_version(),
)

sites = Table(
    "sites",
    metadata,
    _id(),
    _to("customers", "customer_id"),
    _to("regions", "region_id"),
    Column("address", Private, nullable=False),
    *_point("point"),
    Column("door_note", Private),
    Column("contact_name", Private),
    Column("phone", Private),
    *_version(),
    Index(None, "customer_id"),
    Index(None, "region_id"),
)

assets = Table(
    "assets",
    metadata,
    _id(),
    _to("sites", "site_id"),
    _text("product"),
    Column("model", Text),
    Column("serial", Text),
    *_version(),
    Index(None, "site_id"),
)

engineers = Table(
    "engineers",
    metadata,
    _id(),
    _to("regions", "region_id"),
    Column("name", Private, nullable=False),
    Column("phone", Private),
    _to("outlets", "outlet_id", optional=True),
    Column("skills", JSON, nullable=False),
    Column("certificates", JSON, nullable=False),
    *_point("home"),
    Column("active", Boolean, nullable=False),
    Column("van", JSON, nullable=False, server_default=text("'{}'")),
    Column("tools", JSON, nullable=False, server_default=text("'[]'")),
    *_version(),
    Index(None, "region_id"),
    Index(None, "outlet_id"),
)

shifts = Table(
    "shifts",
    metadata,
    _id(),
    _to("engineers", "engineer_id"),
    _to("regions", "region_id"),
    _moment("start_at"),
    _moment("end_at"),
    *_point("start"),
    *_point("end"),
    Column("overtime_s", Integer, nullable=False),
    Column("max_visits", Integer),
    Column("pauses", JSON, nullable=False),
    *_version(),
    CheckConstraint("end_at > start_at", name="span"),
    Index(None, "engineer_id", "start_at"),
    Index(None, "region_id", "start_at"),
)

absences = Table(
    "absences",
    metadata,
    _id(),
    _to("engineers", "engineer_id"),
    _moment("from_at"),
    _moment("to_at"),
    _text("reason"),
    *_version(),
    CheckConstraint("to_at > from_at", name="span"),
    Index(None, "engineer_id", "from_at"),
)

tickets = Table(
    "tickets",
    metadata,
    _id(),
    _to("regions", "region_id"),
    _moment("reported_at"),
    _to("customers", "customer_id", optional=True),
    _to("sites", "site_id", optional=True),
    _to("assets", "asset_id", optional=True),
    _text("grade"),
    _text("state"),
    _text("product"),
    _text("fault"),
    Column("duration_s", Integer, nullable=False),
    Column("skills", JSON, nullable=False),
    Column("windows", JSON, nullable=False),
    Column("contact_name", Private),
    Column("phone", Private),
    Column("address", Private),
    Column("door_note", Private),
    *_point("point"),
    _moment("release_at", optional=True),
    _moment("arrive_by_at", optional=True),
    _moment("resolve_by_at", optional=True),
    Column("promise_source", Text),
    Column("extras", JSON, nullable=False),
    Column("parts", JSON, nullable=False, server_default=text("'{}'")),
    Column("tools", JSON, nullable=False, server_default=text("'[]'")),
    Column("crew", Integer, nullable=False, server_default=text("1")),
    Column("row_digest", Text),
    *_version(),
    CheckConstraint("duration_s >= 0", name="duration"),
    Index(None, "region_id", "state"),
    Index(None, "region_id", "row_digest"),
    Index(None, "customer_id"),
    Index(None, "site_id"),
    Index(None, "asset_id"),
)

parts = Table("parts", metadata, _id(), _text("name"), Column("substitutes", JSON, nullable=False), *_version())

depots = Table(
    "depots",
    metadata,
    _id(),
    _to("regions", "region_id"),
    _text("name"),
    _text("address"),
    *_point("point"),
    Column("openings", JSON, nullable=False),
    Column("handling_s", Integer, nullable=False),
    Column("stock", JSON, nullable=False),
    Column("deliveries", JSON, nullable=False),
    Column("tools", JSON, nullable=False),
    *_version(),
    Index(None, "region_id"),
)

revisions = Table(
    "revisions",
    metadata,
    _id(),
    _to("regions", "region_id"),
    Column("day", Date, nullable=False),
    Column("base_number", Integer, nullable=False),
    _moment("made_at"),
    _text("made_by"),
    _text("request_json"),
    _text("plan_json"),
    Column("job_id", Text),
    UniqueConstraint("job_id"),
    Index(None, "region_id", "day"),
)

visits = Table(
    "visits",
    metadata,
    _to("revisions", "revision_id"),
    _to("shifts", "shift_id"),
    Column("place", Integer, nullable=False),
    _to("engineers", "engineer_id"),
    _to("tickets", "ticket_id"),
    _moment("arrive_at"),
    _moment("begin_at"),
    _moment("leave_at"),
    Column("travel_s", Integer, nullable=False),
    Column("travel_m", Integer, nullable=False),
    _text("pin"),
    PrimaryKeyConstraint("revision_id", "shift_id", "place"),
    UniqueConstraint("revision_id", "ticket_id", "engineer_id"),
    Index(None, "ticket_id"),
    Index(None, "engineer_id"),
    Index(None, "shift_id"),
)

publications = Table(
    "publications",
    metadata,
    _to("regions", "region_id"),
    Column("day", Date, nullable=False),
    Column("number", Integer, nullable=False),
    _to("revisions", "revision_id"),
    _moment("published_at"),
    _text("published_by"),
    PrimaryKeyConstraint("region_id", "day", "number"),
    UniqueConstraint("revision_id"),
    CheckConstraint("number >= 1", name="number"),
)

events = Table(
    "events",
    metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    _text("name"),
    _moment("at"),
    _text("subject_kind"),
    _text("subject_id"),
    _to("regions", "region_id", optional=True),
    _text("actor"),
    Column("details", JSON, nullable=False),
    Index(None, "subject_kind", "subject_id"),
    Index(None, "region_id"),
)

_IN_WORK: Final = text("state IN ('running', 'cancelling')")

jobs = Table(
    "jobs",
    metadata,
    _id(),
    _to("regions", "region_id"),
    Column("day", Date, nullable=False),
    Column("seconds", Integer, nullable=False),
    _text("made_by"),
    _text("key"),
    _moment("created_at"),
    Column("urgency", Integer, nullable=False),
    _text("state"),
    Column("attempt", Integer, nullable=False),
    Column("worker", Text),
    _moment("started_at", optional=True),
    _moment("lease_until_at", optional=True),
    _moment("ended_at", optional=True),
    Column("failure", Text),
    Column("detail_code", Text),
    Column("detail_params", JSON(none_as_null=True)),
    Column("best_cny", Text),
    Column("best_after_s", Double),
    Column("planned", Integer),
    Column("skipped", Integer),
    UniqueConstraint("made_by", "key"),
    CheckConstraint("state IN ('queued', 'running', 'cancelling', 'done', 'failed', 'cancelled')", name="state"),
    CheckConstraint(
        "state NOT IN ('running', 'cancelling') OR (worker IS NOT NULL AND lease_until_at IS NOT NULL)", name="lease"
    ),
    Index("uq_jobs_region_in_work", "region_id", unique=True, sqlite_where=_IN_WORK, postgresql_where=_IN_WORK),
    Index(None, "state", "urgency", "created_at"),
    Index(None, "region_id", "day"),
)

answers = Table(
    "answers",
    metadata,
    _text("key"),
    _text("actor"),
    _text("fingerprint"),
    _moment("given_at"),
    Column("status", Integer),
    Column("body", Private),
    PrimaryKeyConstraint("actor", "key"),
    Index(None, "given_at"),
)

EDITABLE: Final = (regions, outlets, customers, sites, assets, engineers, shifts, absences, tickets, parts, depots)
"""Tables whose rows have a version, in an order in which rows name only earlier ones."""

FROZEN: Final = (revisions, visits, publications, events)
"""Tables whose rows never change: triggers refuse it."""
