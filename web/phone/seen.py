"""Which version of a day this device has looked at, kept in its session."""

from __future__ import annotations

from datetime import date
from typing import Final

from flask import session

MOST: Final = 6
"""Days that are remembered; older ones begin anew."""

_KEY: Final = "seen_days"


def get_seen(engineer_id: str, day: date) -> str | None:
    """Return the version; None: this day was not looked at here."""
    found = session.get(_KEY, {}).get(_name(engineer_id, day))
    return None if found is None else str(found)


def remember_seen(engineer_id: str, day: date, version: str) -> None:
    """Remember that a version was looked at."""
    name = _name(engineer_id, day)
    others = [(known, seen) for known, seen in session.get(_KEY, {}).items() if known != name]
    session[_KEY] = dict([*others[-MOST + 1 :], (name, version)])


def _name(engineer_id: str, day: date) -> str:
    return f"{day.isoformat()} {engineer_id}"
