"""What the service's pages are made over: the store, the clock, the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, cast

from flask import current_app

from dispatch.storage.store import Store

KEY: Final = "paidan"
"""Where an application keeps its parts."""


def read_clock() -> datetime:
    """Return now, in UTC and whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class Parts:
    """What pages and API need; ``log`` is a structlog logger, ``clock`` gives a moment with a zone.

    ``drill`` says that this is not the world's time.
    """

    store: Store
    log: Any
    clock: Callable[[], datetime] = read_clock
    drill: bool = False


def get_parts() -> Parts:
    """Return the parts of the application that answers the current request."""
    return cast("Parts", current_app.extensions[KEY])
