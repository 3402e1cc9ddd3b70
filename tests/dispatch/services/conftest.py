"""A real database in a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatch.storage.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with the tables of this version and nothing in them."""
    made = Store(f"sqlite:///{tmp_path / 'paidan.db'}")
    made.migrate()
    yield made
    made.close()
