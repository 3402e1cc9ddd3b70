"""What the geocoders of geopy have in common: asking, and telling their errors apart."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from geopy.exc import (
    GeocoderAuthenticationFailure,
    GeocoderInsufficientPrivileges,
    GeocoderParseError,
    GeocoderQueryError,
    GeocoderQuotaExceeded,
    GeocoderTimedOut,
    GeocoderUnavailable,
    GeopyError,
)

from dispatch.domain.coordinates import to_wgs84
from dispatch.domain.place import CoordinateSystem, Point
from dispatch.places.geocoding import GeocoderError, Trouble

TROUBLES: tuple[tuple[type[Exception], Trouble], ...] = (
    (GeocoderTimedOut, "timed_out"),
    (GeocoderUnavailable, "unreachable"),
    (GeocoderQuotaExceeded, "quota"),
    (GeocoderAuthenticationFailure, "refused"),
    (GeocoderInsufficientPrivileges, "refused"),
    (GeocoderQueryError, "refused"),
    (GeocoderParseError, "unreadable"),
)
"""geopy's errors, the first that fits; any other is a service that has failed."""


def keep_quiet() -> None:
    """Stop geopy from logging addresses and keys, which it does with each question at level DEBUG."""
    logging.getLogger("geopy").setLevel(logging.WARNING)


def ask(
    name: str, geocode: Callable[[str], Any], address: str, system: CoordinateSystem
) -> tuple[Point, dict[str, Any]] | None:
    """Ask a geocoder of geopy that answers in a coordinate system: the point, and what came; None when it knows none.

    Raises
    ------
    GeocoderError
        When there is no answer. geopy's own error is not chained: its text may hold the key.
    """
    try:
        location = geocode(address)
        if location is None:
            return None
        return Point(*to_wgs84(float(location.latitude), float(location.longitude), system)), dict(location.raw)
    except GeopyError as error:
        raise GeocoderError(name, _trouble_of(error)) from None
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        raise GeocoderError(name, "unreadable") from None


def _trouble_of(error: GeopyError) -> Trouble:
    return next((trouble for kind, trouble in TROUBLES if isinstance(error, kind)), "unreachable")
