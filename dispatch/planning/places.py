"""The points of a request, each once, and how long it takes between them."""

from __future__ import annotations

from typing import Final

from dispatch.domain.place import Point
from dispatch.format.model import GreatCircle, Location, Travel
from dispatch.planning.notes import TOO_MANY_PLACES, TRAVEL_ESTIMATED, TRAVEL_NOTE, Note
from dispatch.travel.fallback import Fallback
from dispatch.travel.straight_line import URBAN, StraightLine
from dispatch.travel.travel_times import Points, TravelTimes

TABLE_MAX: Final = 2500
"""Most locations between which a table of travel is written; above it, travel is the format's own estimate."""


class Locations:
    """Locations of a request, numbered as they come; the same point is the same location."""

    def __init__(self) -> None:
        self._id_of: dict[tuple[float, float], str] = {}

    def name(self, point: Point) -> str:
        """Return the id of a point's location.

        Examples
        --------
        >>> locations = Locations()
        >>> [locations.name(point) for point in (Point(30.2, 120.1), Point(30.3, 120.1), Point(30.2, 120.1))]
        ['L1', 'L2', 'L1']
        """
        return self._id_of.setdefault((point.lat_deg, point.lon_deg), f"L{len(self._id_of) + 1}")

    def list_all(self) -> tuple[Location, ...]:
        """List the locations in the order of their numbers."""
        return tuple(Location(name, lat_deg, lon_deg) for (lat_deg, lon_deg), name in self._id_of.items())


def travel_between(locations: tuple[Location, ...], travel: TravelTimes) -> tuple[Travel, list[Note]]:
    """Ask a provider for the travel of a request, and say what is not as it should be.

    A provider of straight lines is written as the format's own ``great_circle``: the same figures in one line. So is
    one that failed as a whole and was replaced by such an estimate, and any between more than :data:`TABLE_MAX`
    locations. Everything else is a table.

    Raises
    ------
    TravelUnavailableError
        The provider cannot answer and has no :class:`~dispatch.travel.fallback.Fallback` around it.
    """
    estimate = _find_estimate(travel)
    if isinstance(travel, StraightLine):
        return _estimated(travel.model)
    if len(locations) > TABLE_MAX:
        model, notes = _estimated(estimate or URBAN)
        return model, [Note(TOO_MANY_PLACES, {"count": len(locations), "limit": TABLE_MAX}), *notes]
    points = Points([place.lat for place in locations], [place.lon for place in locations])
    answer = travel.matrix(points, points)
    notes = [Note(TRAVEL_NOTE, {"provider": travel.name, "said": said}) for said in answer.notes]
    if estimate is not None and answer.is_estimate.size and answer.is_estimate.all():
        model, estimated = _estimated(estimate)
        return model, [*notes, *estimated]
    return answer.as_format(), notes


def _estimated(model: GreatCircle) -> tuple[Travel, list[Note]]:
    """Return an estimate and the sentence that says so."""
    said = {"detour": f"{model.detour:f}", "speed_kmh": f"{model.speed_kmh:f}"}
    return model, [Note(TRAVEL_ESTIMATED, said)]


def _find_estimate(travel: TravelTimes) -> GreatCircle | None:
    """Return the estimate that a provider is, or falls back to, in the format's own words."""
    while isinstance(travel, Fallback):
        travel = travel.estimate
    return travel.model if isinstance(travel, StraightLine) else None
