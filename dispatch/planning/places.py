"""The points of a request, each once, and how long it takes between them.

**Places that are known by their area alone.** Many tickets may stand at one district's centre; taken as they are, nothing would
lie between them, and a plan of them would look better than any day can be. So the place of such a ticket is a location of
its own, and a leg from or to it is no shorter than the mean distance within its area
(:mod:`dispatch.planning.areas`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from dispatch.domain.place import Point
from dispatch.domain.ticket import Ticket
from dispatch.format.model import GreatCircle, Location, Travel
from dispatch.planning.areas import least_m, radius_of
from dispatch.planning.notes import TOO_MANY_PLACES, TRAVEL_ESTIMATED, TRAVEL_NOTE, Note
from dispatch.travel.fallback import Fallback
from dispatch.travel.straight_line import URBAN, StraightLine, drive_s
from dispatch.travel.travel_times import NO_WAY, Points, TravelTimes
from dispatch.travel.travel_times import Travel as Answer

TABLE_MAX: Final = 2500
"""Most locations between which a table of travel is written; above it, travel is the format's own estimate."""


class Locations:
    """Locations of a request, numbered as they come; the same point is the same location."""

    def __init__(self) -> None:
        self._id_of: dict[tuple[float, float, float, str], str] = {}

    def name(self, point: Point) -> str:
        """Return the id of a point's location.

        Examples
        --------
        >>> locations = Locations()
        >>> [locations.name(point) for point in (Point(30.2, 120.1), Point(30.3, 120.1), Point(30.2, 120.1))]
        ['L1', 'L2', 'L1']
        """
        return self._name(point, 0.0, "")

    def name_of(self, ticket: Ticket, point: Point) -> str:
        """Return the id of the location of a ticket at a point; one that stands for an area is the ticket's own.

        Unless two tickets are at the same site, or have the same address with a number in it: these are one place, wherever
        it is.
        """
        return self._name(point, radius_of(point), _place_of(ticket)) if not point.is_exact else self.name(point)

    def list_all(self) -> tuple[Location, ...]:
        """List the locations in the order of their numbers."""
        return tuple(Location(name, lat_deg, lon_deg) for (lat_deg, lon_deg, _, _), name in self._id_of.items())

    def list_radii_m(self) -> tuple[float, ...]:
        """List the radius of the area that each location stands for, metres; 0: it is the place itself."""
        return tuple(radius_m for _, _, radius_m, _ in self._id_of)

    def _name(self, point: Point, radius_m: float, place: str) -> str:
        return self._id_of.setdefault((point.lat_deg, point.lon_deg, radius_m, place), f"L{len(self._id_of) + 1}")


def _place_of(ticket: Ticket) -> str:
    """Return what is the same for tickets at one place that nobody has found yet."""
    if ticket.site_id is not None:
        return f"site {ticket.site_id}"
    address = "".join((ticket.address or "").split())
    return f"address {address}" if any(letter.isdigit() for letter in address) else f"ticket {ticket.id}"


@dataclass(frozen=True, slots=True)
class Ways:
    """The travel of a request.

    Parameters
    ----------
    travel
        As the request has it.
    notes
        What is not as it should be.
    widened
        Whether legs were made longer because places are known by their area alone.
    """

    travel: Travel
    notes: list[Note]
    widened: bool = False


def travel_between(locations: Sequence[Location], radii_m: Sequence[float], travel: TravelTimes) -> Ways:
    """Ask a provider for the travel of a request, and say what is not as it should be.

    A provider of straight lines is written as the format's own ``great_circle``: the same figures in one line. So is
    one that failed as a whole and was replaced by such an estimate, and any between more than :data:`TABLE_MAX`
    locations. Everything else is a table; so are straight lines where a place is known by its area alone, if that makes a leg
    longer.

    Parameters
    ----------
    radii_m
        Of the area that each location stands for, metres; 0: it is the place itself.

    Raises
    ------
    TravelUnavailable
        The provider cannot answer and has no :class:`~dispatch.travel.fallback.Fallback` around it.
    """
    estimate = _find_estimate(travel)
    model = estimate or URBAN
    is_vague = any(radii_m)
    if isinstance(travel, StraightLine) and not (is_vague and len(locations) <= TABLE_MAX):
        return Ways(*_estimated(travel.model))
    if len(locations) > TABLE_MAX:
        written, notes = _estimated(model)
        return Ways(written, [Note(TOO_MANY_PLACES, {"count": len(locations), "limit": TABLE_MAX}), *notes])
    points = Points([place.lat for place in locations], [place.lon for place in locations])
    answer = travel.matrix(points, points)
    widened = _widen(answer, points, radii_m, model) if is_vague else None
    notes = [Note(TRAVEL_NOTE, {"provider": travel.name, "said": said}) for said in answer.notes]
    if estimate is not None and answer.is_estimate.size and answer.is_estimate.all():
        written, estimated = _estimated(model)
        notes = [*notes, *estimated]
        if widened is None:
            return Ways(written, notes)
    return Ways((widened or answer).as_format(), notes, widened is not None)


def _widen(answer: Answer, points: Points, radii_m: Sequence[float], model: GreatCircle) -> Answer | None:
    """Return an answer whose legs are no shorter than their areas allow; None when none is shorter.

    Where there is no way there still is none.
    """
    floor_m = np.rint(least_m(points, radii_m) * float(model.detour)).astype(np.int64)
    floor_s = drive_s(floor_m, model)
    has_way = answer.travel_s != NO_WAY
    short = has_way & ((answer.travel_m < floor_m) | (answer.travel_s < floor_s))
    if not short.any():
        return None
    return Answer(
        np.where(has_way, np.maximum(answer.travel_s, floor_s), NO_WAY),
        np.where(has_way, np.maximum(answer.travel_m, floor_m), NO_WAY),
        is_estimate=answer.is_estimate | short,
        notes=answer.notes,
    )


def _estimated(model: GreatCircle) -> tuple[Travel, list[Note]]:
    """Return an estimate and the sentence that says so."""
    said = {"detour": f"{model.detour:f}", "speed_kmh": f"{model.speed_kmh:f}"}
    return model, [Note(TRAVEL_ESTIMATED, said)]


def _find_estimate(travel: TravelTimes) -> GreatCircle | None:
    """Return the estimate that a provider is, or falls back to, in the format's own words."""
    while isinstance(travel, Fallback):
        travel = travel.estimate
    return travel.model if isinstance(travel, StraightLine) else None
