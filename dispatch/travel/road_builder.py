"""From an OpenStreetMap extract to a road network: what a car may drive on, which way, how fast."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import networkx as nx
import numpy as np
import osmium

from dispatch.geometry import haversine_m
from dispatch.travel.road_graph import RoadNetwork

SPEED_KMH_BY_CLASS: Final[Mapping[str, float]] = MappingProxyType(
    {
        "motorway": 90,
        "motorway_link": 50,
        "trunk": 60,
        "trunk_link": 40,
        "primary": 40,
        "primary_link": 30,
        "secondary": 35,
        "secondary_link": 30,
        "tertiary": 30,
        "tertiary_link": 25,
        "unclassified": 25,
        "residential": 20,
        "living_street": 10,
        "service": 15,
    }
)
"""Speed on each class of road that is driven on, km/h.

Assumed, not measured: what a car gets through a Chinese city with outside the peaks, waiting at lights included. For city
roads that is at or below the lower half of the design speeds of CJJ 37-2012 (arterial 40 to 60, secondary 30 to 50, branch
20 to 40). Other classes (footways, tracks, paths, roads being built) are not driven on.
"""

_CLOSED: Final = frozenset({"no", "agricultural", "forestry", "emergency"})
_ACCESS_KEYS: Final = ("motorcar", "motor_vehicle", "vehicle", "access")  # the first that is there decides
_DIRECTIONS: Final[Mapping[str, tuple[bool, bool] | None]] = MappingProxyType(
    {
        **dict.fromkeys(("yes", "true", "1"), (True, False)),
        **dict.fromkeys(("-1", "reverse"), (False, True)),
        **dict.fromkeys(("no", "false", "0", "alternating"), (True, True)),
        "reversible": None,  # open one way at a time, and nobody says when
    }
)
"""What ``oneway`` says: open forward, open backward."""

_ROUND: Final = frozenset({"roundabout", "circular"})
_MS_PER_CM_AT_1_KMH: Final = 36


class NotOsmError(ValueError):
    """A file is no OpenStreetMap data; the message is the reader's."""


class NoRoadsError(ValueError):
    """A file is OpenStreetMap data without two places that a car can go to and from."""


def build_network(path: Path) -> RoadNetwork:
    """Read an extract and keep the largest part in which every node can be reached from every other.

    Parameters
    ----------
    path
        ``.osm.pbf``, ``.osm``, ``.osm.bz2`` or what else osmium reads; its name tells which.

    Raises
    ------
    NotOsmError
        The file is no OpenStreetMap data, or broken.
    NoRoadsError
        It holds no roads that lead anywhere and back.
    RoadFileError
        It is larger than a network may be.
    """
    graph, place_deg = _read_roads(path)
    parts: list[set[int]] = list(nx.strongly_connected_components(graph))
    largest: set[int] = max(parts, key=lambda part: (len(part), -min(part)), default=set())
    if len(largest) < 2:  # noqa: PLR2004 - there and back
        raise NoRoadsError("holds no roads that a car can take there and back")
    return _lay_out(graph, sorted(largest), place_deg)


def find_directions(tags: Mapping[str, str]) -> tuple[bool, bool] | None:
    """Tell whether a car may follow a way forward and backward; None when it may not or the way is no road.

    Examples
    --------
    >>> find_directions({"highway": "residential"}), find_directions({"highway": "primary", "oneway": "-1"})
    ((True, True), (False, True))
    >>> find_directions({"highway": "footway"}) is None
    True
    """
    road = tags.get("highway")
    if road not in SPEED_KMH_BY_CLASS or tags.get("area") == "yes":
        return None
    access = next((tags[key] for key in _ACCESS_KEYS if key in tags), "yes")
    if access in _CLOSED:
        return None
    if tags.get("oneway") in _DIRECTIONS:
        return _DIRECTIONS[tags["oneway"]]
    is_one_way = tags.get("junction") in _ROUND or road in {"motorway", "motorway_link"}
    return True, not is_one_way


def _read_roads(path: Path) -> tuple[nx.DiGraph, dict[int, tuple[float, float]]]:
    """Read the roads of a file: edges with ``ms`` and ``cm``, and each node's latitude and longitude."""
    graph = nx.DiGraph()
    place_deg: dict[int, tuple[float, float]] = {}
    for nodes, forward, backward, speed_kmh in _drivable(path):
        refs = [ref for ref, _, _ in nodes]
        lat_deg = np.array([lat for _, lat, _ in nodes])
        lon_deg = np.array([lon for _, _, lon in nodes])
        lengths_m = haversine_m(lat_deg[:-1], lon_deg[:-1], lat_deg[1:], lon_deg[1:])
        lengths_cm = np.rint(lengths_m * 100).astype(np.int64)
        times_ms = np.maximum(1, np.rint(lengths_cm * (_MS_PER_CM_AT_1_KMH / speed_kmh))).astype(np.int64)
        place_deg.update((ref, (lat, lon)) for ref, lat, lon in nodes)
        for here, there, cm, ms in zip(refs, refs[1:], lengths_cm.tolist(), times_ms.tolist(), strict=False):
            if here == there:
                continue
            if forward:
                _keep_faster(graph, here, there, ms, cm)
            if backward:
                _keep_faster(graph, there, here, ms, cm)
    return graph, place_deg


Nodes = list[tuple[int, float, float]]


def _drivable(path: Path) -> Iterator[tuple[Nodes, bool, bool, float]]:
    """Yield the nodes of each stretch of road, whether it is open forward and backward, and its speed.

    Nodes that an extract has cut off are missing from it; a road is driven up to there and from there on.
    """
    try:
        entities = osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY).with_locations()
        for way in entities.with_filter(osmium.filter.KeyFilter("highway")):
            if not isinstance(way, osmium.osm.Way):
                continue
            tags = {tag.k: tag.v for tag in way.tags}
            directions = find_directions(tags)
            if directions is None:
                continue
            stretch: Nodes = []
            for node in way.nodes:
                if node.location.valid():
                    stretch.append((node.ref, node.location.lat, node.location.lon))
                    continue
                yield stretch, *directions, SPEED_KMH_BY_CLASS[tags["highway"]]
                stretch = []
            yield stretch, *directions, SPEED_KMH_BY_CLASS[tags["highway"]]
    except RuntimeError as error:
        raise NotOsmError(f"is no OpenStreetMap data: {error}") from error


def _keep_faster(graph: nx.DiGraph, here: int, there: int, ms: int, cm: int) -> None:
    """Add an edge; of two between the same nodes, keep the faster."""
    known = graph.get_edge_data(here, there)
    if known is None or (ms, cm) < (known["ms"], known["cm"]):
        graph.add_edge(here, there, ms=ms, cm=cm)


def _lay_out(graph: nx.DiGraph, refs: list[int], place_deg: Mapping[int, tuple[float, float]]) -> RoadNetwork:
    """Lay the nodes asked for, and the edges between them, out as arrays, in order of their numbers."""
    row_of = {ref: row for row, ref in enumerate(refs)}
    first_edge, to_node, edge_ms, edge_cm = [0], [], [], []
    for ref in refs:
        for there, edge in sorted(graph.adj[ref].items()):
            if there in row_of:
                to_node.append(row_of[there])
                edge_ms.append(edge["ms"])
                edge_cm.append(edge["cm"])
        first_edge.append(len(to_node))
    return RoadNetwork(
        lat_deg=np.array([place_deg[ref][0] for ref in refs]),
        lon_deg=np.array([place_deg[ref][1] for ref in refs]),
        first_edge=np.array(first_edge, np.int64),
        to_node=np.array(to_node, np.int32),
        edge_ms=np.array(edge_ms, np.int32),
        edge_cm=np.array(edge_cm, np.int32),
    )
