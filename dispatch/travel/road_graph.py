"""Travel along roads: the fastest way over a graph of the road network, many to many.

The graph is built once from an OpenStreetMap extract (:mod:`dispatch.travel.road_builder`) and read from its file.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import KDTree

from dispatch.geometry import EARTH_RADIUS_M, haversine_m
from dispatch.travel.geometry import geodesic_m, same_place
from dispatch.travel.travel_times import NO_WAY, SNAP_MAX_M, Points, Travel, Way
from dispatch.travel.ways import Drawn, thin_out

ACCESS_KMH: Final = 15
"""Speed between a point and its node, in a straight line: through a compound's gate, looking for a place to stop."""

EXTENT_MAX_M: Final = 600_000
"""Largest diagonal of a graph; below it no sensible way is longer than a packed length can hold."""

VERSION: Final = 1
_ARRAYS: Final = {
    "version": np.int64,
    "lat_deg": np.float64,
    "lon_deg": np.float64,
    "first_edge": np.int64,
    "to_node": np.int32,
    "edge_ms": np.int32,
    "edge_cm": np.int32,
}
_LENGTH_BITS: Final = 27  # 1 342 km in centimetres
_LENGTH: Final = float(1 << _LENGTH_BITS)
_EXACT: Final = float(1 << 53)  # up to which float64 adds whole numbers exactly; leaves 18 hours in milliseconds
_SOURCES: Final = 64  # searched at once: 22 MB for 42 000 nodes


class RoadFileError(ValueError):
    """A file holds no road graph of ours; the message says what is wrong with it. Build it anew."""


@dataclass(frozen=True, eq=False)
class RoadNetwork:
    """Nodes and directed edges of which every node can be reached from every other.

    Parameters
    ----------
    lat_deg, lon_deg
        float64[n_nodes], WGS-84.
    first_edge
        int64[n_nodes + 1]: the edges that leave node ``v`` are ``first_edge[v]`` up to ``first_edge[v + 1]``, excluded.
    to_node
        int32[n_edges]: where an edge leads.
    edge_ms, edge_cm
        int32[n_edges]: milliseconds (1 or more) and centimetres of an edge.

    Raises
    ------
    RoadFileError
        The arrays do not fit together.
    """

    lat_deg: NDArray[np.float64]
    lon_deg: NDArray[np.float64]
    first_edge: NDArray[np.int64]
    to_node: NDArray[np.int32]
    edge_ms: NDArray[np.int32]
    edge_cm: NDArray[np.int32]

    def __post_init__(self) -> None:
        n_nodes, n_edges = len(self.lat_deg), len(self.to_node)
        fits = (
            n_nodes > 0
            and self.lon_deg.shape == self.lat_deg.shape == (n_nodes,)
            and self.first_edge.shape == (n_nodes + 1,)
            and self.to_node.shape == self.edge_ms.shape == self.edge_cm.shape == (n_edges,)
            and self.first_edge[0] == 0
            and self.first_edge[-1] == n_edges
            and bool((np.diff(self.first_edge) >= 0).all())
            and bool(((self.to_node >= 0) & (self.to_node < n_nodes)).all())
            and bool((self.edge_ms >= 1).all())
            and bool((self.edge_cm >= 0).all())
        )
        if not fits:
            raise RoadFileError("its arrays do not fit together")
        try:
            Points(self.lat_deg, self.lon_deg)
        except ValueError as error:
            raise RoadFileError(str(error)) from error
        if self.extent_m > EXTENT_MAX_M:
            message = (
                f"it is {self.extent_m / 1000:.0f} km across, expected at most {EXTENT_MAX_M // 1000}: cut out a region"
            )
            raise RoadFileError(message)

    @cached_property
    def extent_m(self) -> float:
        """Length of the diagonal of the box around all nodes, metres."""
        low, high = (
            np.array([self.lat_deg.min(), self.lon_deg.min()]),
            np.array([self.lat_deg.max(), self.lon_deg.max()]),
        )
        return float(haversine_m(low[0], low[1], high[0], high[1]))

    @cached_property
    def digest(self) -> str:
        """A SHA-256 of all that travel depends on: another network, or other speeds, another digest."""
        digest = hashlib.sha256(f"paidan roads {VERSION}".encode())
        for name in list(_ARRAYS)[1:]:
            digest.update(np.ascontiguousarray(getattr(self, name)).data)
        return digest.hexdigest()

    def write(self, path: Path) -> None:
        """Write the network to a file, which is replaced in one step; the same network gives the same bytes.

        Raises
        ------
        OSError
            It cannot be written; what was there before is left as it was.
        """
        arrays = {name: getattr(self, name) for name in list(_ARRAYS)[1:]}
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.resolve().parent)
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez_compressed(file, version=np.int64(VERSION), **arrays)
                file.flush()
                os.fsync(file.fileno())
            mask = os.umask(0)
            os.umask(mask)
            Path(temporary).chmod(0o666 & ~mask)
            Path(temporary).replace(path.resolve())
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise


def read_network(path: Path) -> RoadNetwork:
    """Read a network from its file. Nothing in the file is run: it is read without pickle.

    Raises
    ------
    RoadFileError
        The file is no road graph, of another version, or broken.
    OSError
        It cannot be read.
    """
    try:
        with path.open("rb") as raw:  # NumPy leaves a broken file open
            file = np.load(raw, allow_pickle=False)
            if not isinstance(file, np.lib.npyio.NpzFile) or set(file.files) != set(_ARRAYS):
                raise RoadFileError("it is no road graph of this program")
            arrays = {name: file[name] for name in _ARRAYS}
    except (ValueError, EOFError, KeyError, zipfile.BadZipFile) as error:
        raise error if isinstance(error, RoadFileError) else RoadFileError("it is no road graph, or broken") from error
    wrong = [name for name, kind in _ARRAYS.items() if arrays[name].dtype != kind]
    if wrong:
        raise RoadFileError(f"{wrong[0]} is {arrays[wrong[0]].dtype}, expected {np.dtype(_ARRAYS[wrong[0]])}")
    version = arrays.pop("version")
    if version.shape != () or version != VERSION:
        raise RoadFileError(f"it is of version {version}, expected {VERSION}: build it anew")
    return RoadNetwork(**arrays)


class RoadGraph:
    """Answer with the fastest way along roads; of equally fast ones, the shortest.

    A point is taken to the nearest node of the network in a straight line at :data:`ACCESS_KMH`, and so from the node;
    one farther off than ``snap_max_m`` has no way to or from anywhere but itself, and the answer's notes say so.
    Free-flow speeds by class of road; turns cost nothing and turn restrictions are not known.

    Formulas: seconds = edges' time + both gaps ÷ :data:`ACCESS_KMH`, rounded up; metres = edges' length + both gaps, to the
    nearest.

    Parameters
    ----------
    network
        The roads.
    snap_max_m
        Farthest that a point may be from its node, metres, included.
    """

    name = "roads"
    is_estimate = False

    def __init__(self, network: RoadNetwork, *, snap_max_m: float = SNAP_MAX_M) -> None:
        self.network = network
        self.snap_max_m = snap_max_m
        self._tree = KDTree(_on_sphere(network.lat_deg, network.lon_deg))
        # One weight holds time above and length below: whole numbers that float64 adds exactly, so that one search gives
        # both, and the shorter of two equally fast ways.
        weights = network.edge_ms.astype(np.float64) * _LENGTH + network.edge_cm
        n_nodes = len(network.lat_deg)
        self._roads = csr_array((weights, network.to_node, network.first_edge), shape=(n_nodes, n_nodes))
        self._roads_back = self._roads.T.tocsr()

    @property
    def digest(self) -> str:
        """Names all that the answers depend on, for a cache."""
        return f"{self.network.digest}-{self.snap_max_m!r}-{ACCESS_KMH}"

    def matrix(self, origins: Points, destinations: Points) -> Travel:
        """Give seconds and metres along roads from each origin to each destination."""
        from_node, from_m = self._snap(origins)
        to_node, to_m = self._snap(destinations)
        far_from, far_to = from_m > self.snap_max_m, to_m > self.snap_max_m
        packed = self._search(from_node, to_node)
        gaps_m = from_m[:, None] + to_m[None, :]
        travel_s, travel_m = _add_up(packed, gaps_m)
        no_way = far_from[:, None] | far_to[None, :] | ~np.isfinite(packed) | (packed >= _EXACT)
        travel_s[no_way] = travel_m[no_way] = NO_WAY
        same = same_place(origins, destinations)
        travel_s[same] = travel_m[same] = 0
        notes = self._tell_far(origins, from_node, far_from) + self._tell_far(destinations, to_node, far_to)
        return Travel(travel_s, travel_m, is_estimate=False, notes=tuple(dict.fromkeys(notes)))

    def find_way(self, origin: Points, destination: Points) -> Way | None:
        """Find the way between the first points of each, for drawing; None when there is none along these roads."""
        ends = Points([*origin.lat_deg[:1], *destination.lat_deg[:1]], [*origin.lon_deg[:1], *destination.lon_deg[:1]])
        nodes, _ = self._snap(ends)
        travel = self.matrix(ends.pick([0]), ends.pick([1]))
        if travel.travel_s[0, 0] == NO_WAY:
            return None
        line = ends if same_place(ends.pick([0]), ends.pick([1])).all() else self._draw(ends, self._find_path(nodes))
        return Way(line, int(travel.travel_s[0, 0]), int(travel.travel_m[0, 0]))

    def find_ways(self, origins: Points, destinations: Points) -> Drawn:
        """Find the way from each origin to the destination of the same row, thinned out for a map.

        Legs from one node share a search, as in :meth:`matrix`, with what comes before each node kept.
        """
        from_node, from_m = self._snap(origins)
        to_node, to_m = self._snap(destinations)
        lines: list[Points | None] = [None] * len(origins)
        near = (from_m <= self.snap_max_m) & (to_m <= self.snap_max_m)
        for source in np.unique(from_node[near]).tolist():
            _, before = dijkstra(self._roads, indices=source, return_predecessors=True)
            for row in np.flatnonzero(near & (from_node == source)).tolist():
                path = _trace(before, source, int(to_node[row]))
                ends = Points(
                    [origins.lat_deg[row], destinations.lat_deg[row]], [origins.lon_deg[row], destinations.lon_deg[row]]
                )
                lines[row] = thin_out(self._draw(ends, path))
        return Drawn(tuple(lines))

    def _find_path(self, ends: NDArray[np.intp]) -> list[int]:
        """Search from the first of two nodes to the second; return all nodes on the way."""
        _, before = dijkstra(self._roads, indices=int(ends[0]), return_predecessors=True)
        return _trace(before, int(ends[0]), int(ends[1]))

    def _draw(self, ends: Points, path: list[int]) -> Points:
        """Return the line from a point over nodes to a point."""
        lat_deg = np.concatenate([ends.lat_deg[:1], self.network.lat_deg[path], ends.lat_deg[1:]])
        lon_deg = np.concatenate([ends.lon_deg[:1], self.network.lon_deg[path], ends.lon_deg[1:]])
        return Points(lat_deg, lon_deg)

    def _snap(self, points: Points) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Find the node nearest to each point, and its distance in metres."""
        if not len(points):
            return np.zeros(0, np.intp), np.zeros(0)
        _, nodes = self._tree.query(_on_sphere(points.lat_deg, points.lon_deg))
        nodes = np.asarray(nodes, np.intp)
        gaps_m = haversine_m(points.lat_deg, points.lon_deg, self.network.lat_deg[nodes], self.network.lon_deg[nodes])
        return nodes, gaps_m

    def _search(self, from_node: NDArray[np.intp], to_node: NDArray[np.intp]) -> NDArray[np.float64]:
        """Search from whichever side has fewer nodes; give packed weights, float64[n_origins, n_destinations]."""
        sources, source_row = np.unique(from_node, return_inverse=True)
        targets, target_row = np.unique(to_node, return_inverse=True)
        if len(targets) < len(sources):
            return _search_all(self._roads_back, targets, sources)[np.ix_(target_row, source_row)].T
        return _search_all(self._roads, sources, targets)[np.ix_(source_row, target_row)]

    def _tell_far(self, points: Points, nodes: NDArray[np.intp], far: NDArray[np.bool_]) -> list[str]:
        """Say of points off the roads how far off they are, the first few."""
        notes = []
        rows = np.flatnonzero(far)
        for row in rows[:_TOLD].tolist():
            lat_deg, lon_deg = self.network.lat_deg[nodes[[row]]], self.network.lon_deg[nodes[[row]]]
            off_m = geodesic_m(points.pick([row]), Points(lat_deg, lon_deg))
            place = f"{points.lat_deg[row]:.5f}, {points.lon_deg[row]:.5f}"
            notes.append(f"{place} is {off_m:.0f} m from the nearest road, more than {self.snap_max_m:g} m")
        if len(rows) > _TOLD:
            notes.append(f"{len(rows) - _TOLD} more points are that far from any road")
        return notes


_TOLD: Final = 3


def _trace(before: NDArray[np.int32], source: int, target: int) -> list[int]:
    """Return the nodes from source to target; every node of a network can be reached from every other."""
    path = [target]
    while path[-1] != source:
        path.append(int(before[path[-1]]))
    path.reverse()
    return path


def _search_all(roads: csr_array, sources: NDArray[np.intp], targets: NDArray[np.intp]) -> NDArray[np.float64]:
    """Search from each source, a few at a time, and keep what leads to targets."""
    found = np.empty((len(sources), len(targets)))
    for first in range(0, len(sources), _SOURCES):
        some = slice(first, first + _SOURCES)
        found[some] = dijkstra(roads, indices=sources[some])[:, targets]
    return found


def _add_up(packed: NDArray[np.float64], gaps_m: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Unpack weights into whole seconds and metres, gaps included; what is too large to unpack comes out as 0."""
    known = np.where(packed < _EXACT, packed, 0.0)
    edges_ms = np.floor(known / _LENGTH)
    edges_cm = known - edges_ms * _LENGTH
    gaps_ms = np.rint(gaps_m * 3600 / ACCESS_KMH)
    travel_s = np.ceil((edges_ms + gaps_ms) / 1000)
    travel_m = np.rint(edges_cm / 100 + gaps_m)
    return travel_s.astype(np.int64), travel_m.astype(np.int64)


def _on_sphere(lat_deg: NDArray[np.float64], lon_deg: NDArray[np.float64]) -> NDArray[np.float64]:
    """Place points on a sphere in space, metres, float64[n, 3]: the nearest there is the nearest on the ground."""
    lat, lon = np.radians(lat_deg), np.radians(lon_deg)
    return EARTH_RADIUS_M * np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
