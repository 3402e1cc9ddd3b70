"""Tables of great circles between points, and the geodesic where one distance has to be right."""

from __future__ import annotations

import numpy as np
from geopy.distance import geodesic
from numpy.typing import NDArray

from dispatch.geometry import haversine_m
from dispatch.travel.travel_times import Points


def table_m(origins: Points, destinations: Points) -> NDArray[np.float64]:
    """Measure the great circles from each origin to each destination, float64[n_origins, n_destinations] metres."""
    return haversine_m(
        origins.lat_deg[:, None], origins.lon_deg[:, None], destinations.lat_deg[None, :], destinations.lon_deg[None, :]
    )


def same_place(origins: Points, destinations: Points) -> NDArray[np.bool_]:
    """Tell for each origin and destination whether they are the very same point, bool[n_origins, n_destinations]."""
    same: NDArray[np.bool_] = (origins.lat_deg[:, None] == destinations.lat_deg[None, :]) & (
        origins.lon_deg[:, None] == destinations.lon_deg[None, :]
    )
    return same


def geodesic_m(origin: Points, destination: Points) -> float:
    """Measure the geodesic on the WGS-84 ellipsoid between the first points of each, metres.

    Exact to well below a millimetre (Karney 2013, https://doi.org/10.1007/s00190-012-0578-z) and some thousand times
    slower than :func:`~dispatch.geometry.haversine_m`: for a distance that a person reads, not for tables.

    Examples
    --------
    >>> round(geodesic_m(Points([0.0], [0.0]), Points([0.0], [1.0])))
    111319
    """
    ends = [(float(end.lat_deg[0]), float(end.lon_deg[0])) for end in (origin, destination)]
    return float(geodesic(*ends).meters)
