"""Migrations: each written out by hand, and never changed once a release has it.

A new one is a file ``versions/vNNNN_what_it_does.py`` with ``upgrade`` and ``downgrade``. It imports nothing of ours, so
that it keeps meaning what it meant. On SQLite a table that Alembic rebuilds (``batch_alter_table``) loses its triggers:
create them again in the same migration; a test compares.
"""
