"""Spare parts, depots with their stock, what vans carry, what tickets need and how many engineers they ask for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NEW = ("parts", "depots")
COLUMNS = (
    ("engineers", "van", sa.JSON(), "'{}'"),
    ("engineers", "tools", sa.JSON(), "'[]'"),
    ("tickets", "parts", sa.JSON(), "'{}'"),
    ("tickets", "tools", sa.JSON(), "'[]'"),
    ("tickets", "crew", sa.Integer(), "1"),
)
"""Table, column, type and what stands in the rows that are there."""


def upgrade() -> None:
    """Create two tables with their guards and add five columns."""
    op.create_table(
        "parts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("substitutes", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_parts"),
        sa.CheckConstraint("version >= 1", name="ck_parts_version"),
    )
    op.create_table(
        "depots",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("point_lat_deg", sa.Double()),
        sa.Column("point_lon_deg", sa.Double()),
        sa.Column("point_precision", sa.Text()),
        sa.Column("point_found_by", sa.Text()),
        sa.Column("openings", sa.JSON(), nullable=False),
        sa.Column("handling_s", sa.Integer(), nullable=False),
        sa.Column("stock", sa.JSON(), nullable=False),
        sa.Column("deliveries", sa.JSON(), nullable=False),
        sa.Column("tools", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_depots"),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name="fk_depots_region_id"),
        sa.CheckConstraint("version >= 1", name="ck_depots_version"),
    )
    op.create_index("ix_depots_region_id", "depots", ["region_id"])
    for table, name, kind, default in COLUMNS:
        op.add_column(table, sa.Column(name, kind, nullable=False, server_default=sa.text(default)))
    for table in NEW:
        guard(table)


def downgrade() -> None:
    """Drop what was added; the guards go with their tables."""
    for table, name, _, _ in reversed(COLUMNS):
        op.drop_column(table, name)
    for table in reversed(NEW):
        op.drop_table(table)


def guard(table: str) -> None:
    """Refuse updates that do not raise the version, as for every record that can be edited."""
    op.execute(
        f"CREATE TRIGGER {table}_version BEFORE UPDATE ON {table} FOR EACH ROW "
        "WHEN NEW.version IS NOT OLD.version + 1 OR NEW.id IS NOT OLD.id "
        f"BEGIN SELECT RAISE(ABORT, '{table}: an update keeps the id and raises the version by one'); END"
        if op.get_bind().dialect.name == "sqlite"
        else f"CREATE TRIGGER {table}_version BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION paidan_version()"
    )
