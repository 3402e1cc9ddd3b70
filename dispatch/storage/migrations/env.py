"""What Alembic runs around migrations: on the connection and in the transaction that it is given."""

from __future__ import annotations

from alembic import context

from dispatch.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes tables by rebuilding them
    transactional_ddl=True,  # both databases do: all of a migration, or nothing
)
context.run_migrations()
