"""What the service's pages are made over: the store, the clock, the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, cast

from flask import current_app

from dispatch.places.geocoding import Asking
from dispatch.policies.packs.read import DEFAULT
from dispatch.storage.store import Store
from dispatch.travel.straight_line import StraightLine
from dispatch.travel.travel_times import TravelTimes
from dispatch.travel.ways import Ways

KEY: Final = "paidan"
"""Where an application keeps its parts."""


def read_clock() -> datetime:
    """Return now, in UTC and whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def ask_nobody() -> Asking | None:
    """Ask no geocoder."""
    return None


@dataclass(frozen=True, slots=True)
class Parts:
    """What pages and API need.

    Parameters
    ----------
    log
        A structlog logger.
    clock
        Gives a moment with a zone.
    ask
        Begins a run of questions to the geocoder; gives None where there is none.
    travel
        Who is asked for the travel times of a trial.
    ways
        Who knows ways to draw; None: nobody.
    pack
        The policy packs whose limits a trial keeps.
    drill
        Whether this is not the world's time.
    """

    store: Store
    log: Any
    clock: Callable[[], datetime] = read_clock
    drill: bool = False
    ask: Callable[[], Asking | None] = ask_nobody
    travel: TravelTimes = field(default_factory=StraightLine)
    ways: Ways | None = None
    pack: str = DEFAULT


def get_parts() -> Parts:
    """Return the parts of the application that answers the current request."""
    return cast("Parts", current_app.extensions[KEY])
