"""A town of nine crossings, and writers of extracts.

::

    7 ── 8 ── 9 → 10     secondary; 10 is a dead end of one way
    │    :    │
    4 →→ 5 →→ 6          primary, one way; 5 : 8 and 2 : 5 are footways
    │    :    │
    1 ── 2 ── 3          residential; tertiary at both sides

    20 ── 21             an island
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import osmium

from dispatch.travel.road_builder import build_network
from dispatch.travel.road_graph import RoadNetwork
from dispatch.travel.travel_times import Points

Ways = Sequence[tuple[Sequence[int], Mapping[str, str]]]

PLACES: dict[int, tuple[float, float]] = {
    **{1 + 3 * row + column: (30 + row / 100, 120 + column / 100) for row in range(3) for column in range(3)},
    10: (30.02, 120.03),
    20: (30.0, 120.2),
    21: (30.0, 120.21),
}
"""Latitude and longitude of each node; a hundredth of a degree is about a kilometre."""

WAYS: Ways = [
    ((1, 2, 3), {"highway": "residential", "name": "南街"}),
    ((4, 5, 6), {"highway": "primary", "oneway": "yes"}),
    ((7, 8, 9), {"highway": "secondary"}),
    ((1, 4, 7), {"highway": "tertiary"}),
    ((3, 6, 9), {"highway": "tertiary"}),
    ((2, 5, 8), {"highway": "footway"}),
    ((9, 10), {"highway": "residential", "oneway": "yes"}),
    ((20, 21), {"highway": "residential"}),
]


def write_extract(path: Path, ways: Ways = WAYS, places: Mapping[int, tuple[float, float]] = PLACES) -> Path:
    """Write an extract in the format that its name says."""
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for ref, (lat_deg, lon_deg) in sorted(places.items()):
            tags = {"highway": "crossing"} if ref % 2 else {}  # nodes have highway tags, too
            writer.add_node(osmium.osm.mutable.Node(id=ref, location=(lon_deg, lat_deg), tags=tags, version=1))
        for number, (nodes, tags) in enumerate(ways, start=1):
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=list(nodes), tags=dict(tags), version=1))
    return path


def make_town(folder: Path) -> RoadNetwork:
    """Build the town's network."""
    return build_network(write_extract(folder / "town.osm.pbf"))


def at(*refs: int) -> Points:
    """Give the points of nodes."""
    return Points([PLACES[ref][0] for ref in refs], [PLACES[ref][1] for ref in refs])


def rows_of(network: RoadNetwork) -> dict[int, int]:
    """Tell the row of each node of the town that the network has."""
    places = {(round(lat, 6), round(lon, 6)): ref for ref, (lat, lon) in PLACES.items()}
    pairs = zip(network.lat_deg.tolist(), network.lon_deg.tolist(), strict=True)
    return {places[round(lat, 6), round(lon, 6)]: row for row, (lat, lon) in enumerate(pairs)}
