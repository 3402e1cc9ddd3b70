"""The digest of a sheet's row is found by an index; why a job failed is a code and what its sentence speaks of.

The digest was an extra of its ticket, so that an import had to read every ticket of the region. What a failed job said was
text: an end that is told by a signal, an exit code or a class is read out of it, any other is kept as it was said.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SHAPES = (
    ("search_died", re.compile(r"(?P<name>SIG\w+)"), "signal"),
    ("search_died", re.compile(r"signal (?P<name>\d+)"), "signal"),
    ("search_died", re.compile(r"exit (?P<number>\d+)"), "exit_code"),
    ("refused", re.compile(r"(?P<code>\w+), (?P<count>\d+)"), "faults"),
    ("internal", re.compile(r"(?P<name>\w+)"), "exception"),
)
"""What was written before: of which failure, how, and the code that says it now."""

jobs = sa.table(
    "jobs",
    sa.column("id", sa.Text()),
    sa.column("failure", sa.Text()),
    sa.column("detail", sa.Text()),
    sa.column("detail_code", sa.Text()),
    sa.column("detail_params", sa.JSON(none_as_null=True)),
)


def upgrade() -> None:
    """Add three columns and an index, move what is there, drop one column."""
    op.add_column("tickets", sa.Column("row_digest", sa.Text()))
    with unguarded_tickets() as is_sqlite:
        op.execute(
            "UPDATE tickets SET row_digest = json_extract(extras, '$.sheet_row'), "
            "extras = json_remove(extras, '$.sheet_row') WHERE json_extract(extras, '$.sheet_row') IS NOT NULL"
            if is_sqlite
            else "UPDATE tickets SET row_digest = extras ->> 'sheet_row', extras = (extras::jsonb - 'sheet_row')::json "
            "WHERE extras ->> 'sheet_row' IS NOT NULL"
        )
    op.create_index("ix_tickets_region_id_row_digest", "tickets", ["region_id", "row_digest"])

    op.add_column("jobs", sa.Column("detail_code", sa.Text()))
    op.add_column("jobs", sa.Column("detail_params", sa.JSON()))
    connection = op.get_bind()
    said = sa.select(jobs.c.id, jobs.c.failure, jobs.c.detail).where(jobs.c.detail.is_not(None))
    for row in connection.execute(said).all():
        code, params = read_detail(row.failure, row.detail)
        values = {"detail_code": code, "detail_params": params}
        connection.execute(sa.update(jobs).where(jobs.c.id == row.id).values(values))
    op.drop_column("jobs", "detail")


def downgrade() -> None:
    """Move it all back; what a code says becomes its parameters as text."""
    op.add_column("jobs", sa.Column("detail", sa.Text()))
    connection = op.get_bind()
    told = sa.select(jobs.c.id, jobs.c.detail_code, jobs.c.detail_params).where(jobs.c.detail_code.is_not(None))
    for row in connection.execute(told).all():
        text = write_detail(row.detail_code, row.detail_params or {})
        connection.execute(sa.update(jobs).where(jobs.c.id == row.id).values(detail=text))
    op.drop_column("jobs", "detail_params")
    op.drop_column("jobs", "detail_code")

    op.drop_index("ix_tickets_region_id_row_digest", "tickets")
    with unguarded_tickets() as is_sqlite:
        op.execute(
            "UPDATE tickets SET extras = json_set(extras, '$.sheet_row', row_digest) WHERE row_digest IS NOT NULL"
            if is_sqlite
            else "UPDATE tickets SET extras = (extras::jsonb || jsonb_build_object('sheet_row', row_digest))::json "
            "WHERE row_digest IS NOT NULL"
        )
    op.drop_column("tickets", "row_digest")


def read_detail(failure: str | None, text: str) -> tuple[str, dict[str, str | int]]:
    """Return code and parameters of what an earlier version wrote."""
    for of, shape, code in SHAPES:
        found = shape.fullmatch(text)
        if failure == of and found:
            told = found.groupdict()
            params = {name: int(value) if name in {"number", "count"} else value for name, value in told.items()}
            return code, params
    return "said", {"text": text}


def write_detail(code: str, params: dict[str, object]) -> str:
    """Return what an earlier version would have written, or something that it can show."""
    if code == "exit_code":
        return f"exit {params.get('number')}"
    if code == "faults":
        return f"{params.get('code')}, {params.get('count')}"
    if code in {"signal", "exception", "said"} and params:
        return str(next(iter(params.values())))
    return f"{code} {json.dumps(params, ensure_ascii=False)}"


@contextmanager
def unguarded_tickets() -> Iterator[bool]:
    """Let tickets be changed without another version: nobody's edit is to meet this. Tells whether it is SQLite."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER tickets_version")
        yield True
        op.execute(
            "CREATE TRIGGER tickets_version BEFORE UPDATE ON tickets FOR EACH ROW "
            "WHEN NEW.version IS NOT OLD.version + 1 OR NEW.id IS NOT OLD.id "
            "BEGIN SELECT RAISE(ABORT, 'tickets: an update keeps the id and raises the version by one'); END"
        )
    else:
        op.execute("ALTER TABLE tickets DISABLE TRIGGER tickets_version")
        yield False
        op.execute("ALTER TABLE tickets ENABLE TRIGGER tickets_version")
