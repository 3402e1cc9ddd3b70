"""Planning jobs, at most one in work per region, and answers kept under idempotency keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "jobs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("worker", sa.Text()),
        sa.Column("started_at", MOMENT),
        sa.Column("lease_until_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("failure", sa.Text()),
        sa.Column("detail", sa.Text()),
        sa.Column("best_cny", sa.Text()),
        sa.Column("best_after_s", sa.Double()),
        sa.Column("planned", sa.Integer()),
        sa.Column("skipped", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name="fk_jobs_region_id"),
        sa.UniqueConstraint("made_by", "key", name="uq_jobs_made_by_key"),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'cancelling', 'done', 'failed', 'cancelled')", name="ck_jobs_state"
        ),
        sa.CheckConstraint(
            "state NOT IN ('running', 'cancelling') OR (worker IS NOT NULL AND lease_until_at IS NOT NULL)",
            name="ck_jobs_lease",
        ),
    )
    holding = sa.text("state IN ('running', 'cancelling')")
    op.create_index(
        "uq_jobs_region_in_work",
        "jobs",
        ["region_id"],
        unique=True,
        sqlite_where=holding,
        postgresql_where=holding,
    )
    op.create_index("ix_jobs_state_urgency_created_at", "jobs", ["state", "urgency", "created_at"])
    op.create_index("ix_jobs_region_id_day", "jobs", ["region_id", "day"])
    op.create_table(
        "answers",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("body", sa.Text()),
        sa.PrimaryKeyConstraint("actor", "key", name="pk_answers"),
    )
    op.create_index("ix_answers_given_at", "answers", ["given_at"])


def downgrade() -> None:
    """Drop both."""
    op.drop_table("answers")
    op.drop_table("jobs")
