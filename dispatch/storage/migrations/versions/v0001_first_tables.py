"""The first tables: regions, customers, engineers, tickets, plans, events, and the triggers that guard them.

Names, phone numbers, addresses and door notes are text here; their type in the program is ``Private``.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

EDITABLE = ("regions", "outlets", "customers", "sites", "assets", "engineers", "shifts", "absences", "tickets")
FROZEN = ("revisions", "visits", "publications", "events")

MOMENT = sa.DateTime(timezone=True)


def text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    """Return a column of text."""
    return sa.Column(name, sa.Text(), nullable=nullable)


def whole(name: str, *, nullable: bool = False) -> sa.Column[int]:
    """Return a column of whole numbers."""
    return sa.Column(name, sa.Integer(), nullable=nullable)


def moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    """Return a column of moments."""
    return sa.Column(name, MOMENT, nullable=nullable)


def json(name: str) -> sa.Column[object]:
    """Return a column of JSON."""
    return sa.Column(name, sa.JSON(), nullable=False)


def point(name: str) -> list[sa.Column[object]]:
    """Return the four columns of a point."""
    return [
        sa.Column(f"{name}_lat_deg", sa.Double()),
        sa.Column(f"{name}_lon_deg", sa.Double()),
        sa.Column(f"{name}_precision", sa.Text()),
        sa.Column(f"{name}_found_by", sa.Text()),
    ]


def key(table: str) -> list[sa.schema.SchemaItem]:
    """Return the column ``id`` as the primary key."""
    return [text("id"), sa.PrimaryKeyConstraint("id", name=f"pk_{table}")]


def to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    """Return a foreign key to the ``id`` of another table."""
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}")


def version(table: str) -> list[sa.schema.SchemaItem]:
    """Return the column that rises by one with every edit."""
    return [whole("version"), sa.CheckConstraint("version >= 1", name=f"ck_{table}_version")]


def index(table: str, *columns: str) -> None:
    """Create an index."""
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def upgrade() -> None:
    """Create everything."""
    create_places_and_people()
    create_times()
    create_tickets()
    create_plans()
    create_events()
    if op.get_bind().dialect.name == "sqlite":
        guard_sqlite()
    else:
        guard_postgresql()


def create_places_and_people() -> None:
    """Create regions, outlets, customers, sites, assets and engineers."""
    op.create_table("regions", *key("regions"), text("name"), text("zone"), *version("regions"))
    op.create_table(
        "outlets",
        *key("outlets"),
        text("region_id"),
        text("name"),
        *point("point"),
        *version("outlets"),
        to("outlets", "region_id", "regions"),
    )
    index("outlets", "region_id")
    op.create_table(
        "customers",
        *key("customers"),
        text("name"),
        text("phone", nullable=True),
        text("tier"),
        *version("customers"),
    )
    op.create_table(
        "sites",
        *key("sites"),
        text("customer_id"),
        text("region_id"),
        text("address"),
        *point("point"),
        text("door_note", nullable=True),
        text("contact_name", nullable=True),
        text("phone", nullable=True),
        *version("sites"),
        to("sites", "customer_id", "customers"),
        to("sites", "region_id", "regions"),
    )
    index("sites", "customer_id")
    index("sites", "region_id")
    op.create_table(
        "assets",
        *key("assets"),
        text("site_id"),
        text("product"),
        text("model", nullable=True),
        text("serial", nullable=True),
        *version("assets"),
        to("assets", "site_id", "sites"),
    )
    index("assets", "site_id")
    op.create_table(
        "engineers",
        *key("engineers"),
        text("region_id"),
        text("name"),
        text("phone", nullable=True),
        text("outlet_id", nullable=True),
        json("skills"),
        json("certificates"),
        *point("home"),
        sa.Column("active", sa.Boolean(), nullable=False),
        *version("engineers"),
        to("engineers", "region_id", "regions"),
        to("engineers", "outlet_id", "outlets"),
    )
    index("engineers", "region_id")
    index("engineers", "outlet_id")


def create_times() -> None:
    """Create shifts and absences."""
    op.create_table(
        "shifts",
        *key("shifts"),
        text("engineer_id"),
        text("region_id"),
        moment("start_at"),
        moment("end_at"),
        *point("start"),
        *point("end"),
        whole("overtime_s"),
        whole("max_visits", nullable=True),
        json("pauses"),
        *version("shifts"),
        to("shifts", "engineer_id", "engineers"),
        to("shifts", "region_id", "regions"),
        sa.CheckConstraint("end_at > start_at", name="ck_shifts_span"),
    )
    index("shifts", "engineer_id", "start_at")
    index("shifts", "region_id", "start_at")
    op.create_table(
        "absences",
        *key("absences"),
        text("engineer_id"),
        moment("from_at"),
        moment("to_at"),
        text("reason"),
        *version("absences"),
        to("absences", "engineer_id", "engineers"),
        sa.CheckConstraint("to_at > from_at", name="ck_absences_span"),
    )
    index("absences", "engineer_id", "from_at")


def create_tickets() -> None:
    """Create tickets."""
    op.create_table(
        "tickets",
        *key("tickets"),
        text("region_id"),
        moment("reported_at"),
        text("customer_id", nullable=True),
        text("site_id", nullable=True),
        text("asset_id", nullable=True),
        text("grade"),
        text("state"),
        text("product"),
        text("fault"),
        whole("duration_s"),
        json("skills"),
        json("windows"),
        text("contact_name", nullable=True),
        text("phone", nullable=True),
        text("address", nullable=True),
        text("door_note", nullable=True),
        *point("point"),
        moment("release_at", nullable=True),
        moment("arrive_by_at", nullable=True),
        moment("resolve_by_at", nullable=True),
        text("promise_source", nullable=True),
        json("extras"),
        *version("tickets"),
        to("tickets", "region_id", "regions"),
        to("tickets", "customer_id", "customers"),
        to("tickets", "site_id", "sites"),
        to("tickets", "asset_id", "assets"),
        sa.CheckConstraint("duration_s >= 0", name="ck_tickets_duration"),
    )
    index("tickets", "region_id", "state")
    index("tickets", "customer_id")
    index("tickets", "site_id")
    index("tickets", "asset_id")


def create_plans() -> None:
    """Create revisions, their visits, and publications."""
    op.create_table(
        "revisions",
        *key("revisions"),
        text("region_id"),
        sa.Column("day", sa.Date(), nullable=False),
        whole("base_number"),
        moment("made_at"),
        text("made_by"),
        text("request_json"),
        text("plan_json"),
        text("job_id", nullable=True),
        to("revisions", "region_id", "regions"),
        sa.UniqueConstraint("job_id", name="uq_revisions_job_id"),
    )
    index("revisions", "region_id", "day")
    op.create_table(
        "visits",
        text("revision_id"),
        text("shift_id"),
        whole("place"),
        text("engineer_id"),
        text("ticket_id"),
        moment("arrive_at"),
        moment("begin_at"),
        moment("leave_at"),
        whole("travel_s"),
        whole("travel_m"),
        text("pin"),
        sa.PrimaryKeyConstraint("revision_id", "shift_id", "place", name="pk_visits"),
        sa.UniqueConstraint(
            "revision_id", "ticket_id", "engineer_id", name="uq_visits_revision_id_ticket_id_engineer_id"
        ),
        to("visits", "revision_id", "revisions"),
        to("visits", "shift_id", "shifts"),
        to("visits", "engineer_id", "engineers"),
        to("visits", "ticket_id", "tickets"),
    )
    index("visits", "ticket_id")
    index("visits", "engineer_id")
    index("visits", "shift_id")
    op.create_table(
        "publications",
        text("region_id"),
        sa.Column("day", sa.Date(), nullable=False),
        whole("number"),
        text("revision_id"),
        moment("published_at"),
        text("published_by"),
        sa.PrimaryKeyConstraint("region_id", "day", "number", name="pk_publications"),
        sa.UniqueConstraint("revision_id", name="uq_publications_revision_id"),
        sa.CheckConstraint("number >= 1", name="ck_publications_number"),
        to("publications", "region_id", "regions"),
        to("publications", "revision_id", "revisions"),
    )


def create_events() -> None:
    """Create events."""
    op.create_table(
        "events",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        text("name"),
        moment("at"),
        text("subject_kind"),
        text("subject_id"),
        text("region_id", nullable=True),
        text("actor"),
        json("details"),
        sa.PrimaryKeyConstraint("number", name="pk_events"),
        to("events", "region_id", "regions"),
    )
    index("events", "subject_kind", "subject_id")
    index("events", "region_id")


def guard_sqlite() -> None:
    """Refuse updates that do not raise the version, any change of what is frozen, and visits added to a published plan."""
    for table in EDITABLE:
        op.execute(
            f"CREATE TRIGGER {table}_version BEFORE UPDATE ON {table} FOR EACH ROW "
            "WHEN NEW.version IS NOT OLD.version + 1 OR NEW.id IS NOT OLD.id "
            f"BEGIN SELECT RAISE(ABORT, '{table}: an update keeps the id and raises the version by one'); END"
        )
    for table in FROZEN:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} FOR EACH ROW "
                f"BEGIN SELECT RAISE(ABORT, '{table} never change'); END"
            )
    op.execute(
        "CREATE TRIGGER visits_no_addition BEFORE INSERT ON visits FOR EACH ROW "
        "WHEN EXISTS (SELECT 1 FROM publications WHERE revision_id = NEW.revision_id) "
        "BEGIN SELECT RAISE(ABORT, 'visits of a published plan never change'); END"
    )


def guard_postgresql() -> None:
    """Do the same on PostgreSQL; emptying a frozen table is refused too."""
    op.execute(
        "CREATE FUNCTION paidan_version() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF NEW.version IS DISTINCT FROM OLD.version + 1 OR NEW.id IS DISTINCT FROM OLD.id THEN "
        "RAISE EXCEPTION '%: an update keeps the id and raises the version by one', TG_TABLE_NAME "
        "USING ERRCODE = '23P99'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE FUNCTION paidan_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '% never change', TG_TABLE_NAME USING ERRCODE = '23P99'; END $$"
    )
    op.execute(
        "CREATE FUNCTION paidan_no_addition() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF EXISTS (SELECT 1 FROM publications WHERE revision_id = NEW.revision_id) THEN "
        "RAISE EXCEPTION 'visits of a published plan never change' USING ERRCODE = '23P99'; END IF; RETURN NEW; END $$"
    )
    for table in EDITABLE:
        op.execute(
            f"CREATE TRIGGER {table}_version BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION paidan_version()"
        )
    for table in FROZEN:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION paidan_frozen()"
            )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION paidan_frozen()"
        )
    op.execute(
        "CREATE TRIGGER visits_no_addition BEFORE INSERT ON visits FOR EACH ROW EXECUTE FUNCTION paidan_no_addition()"
    )


def downgrade() -> None:
    """Drop everything, the last created first; triggers go with their tables."""
    for table in ("events", "publications", "visits", "revisions", *reversed(EDITABLE)):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        for function in ("paidan_version", "paidan_frozen", "paidan_no_addition"):
            op.execute(f"DROP FUNCTION {function}()")
