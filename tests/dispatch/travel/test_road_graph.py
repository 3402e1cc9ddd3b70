"""Travel along roads: against a slow twin, with points off the roads, one-way streets, files and drawings."""

from __future__ import annotations

import heapq
from dataclasses import replace
from math import ceil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.travel.geometry import table_m
from dispatch.travel.road_graph import (
    ACCESS_KMH,
    RoadFileError,
    RoadGraph,
    RoadNetwork,
    read_network,
)
from dispatch.travel.travel_times import NO_WAY, SNAP_MAX_M, Points
from tests.dispatch.travel.towns import PLACES, at, make_town, rows_of


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> RoadNetwork:
    return make_town(tmp_path_factory.mktemp("town"))


def twin(network: RoadNetwork, source: int) -> dict[int, tuple[int, int]]:
    """Search literally: fewest milliseconds, then fewest centimetres, from one node to all."""
    done: dict[int, tuple[int, int]] = {}
    heap = [(0, 0, source)]
    while heap:
        ms, cm, node = heapq.heappop(heap)
        if node in done:
            continue
        done[node] = (ms, cm)
        for edge in range(network.first_edge[node], network.first_edge[node + 1]):
            step = (ms + int(network.edge_ms[edge]), cm + int(network.edge_cm[edge]), int(network.to_node[edge]))
            heapq.heappush(heap, step)
    return done


@st.composite
def networks(draw: st.DrawFn) -> RoadNetwork:
    """Draw a ring of nodes with chords; equal times are frequent."""
    n_nodes = draw(st.integers(2, 9))
    node = st.integers(0, n_nodes - 1)
    chords = draw(st.lists(st.tuples(node, node).filter(lambda ends: ends[0] != ends[1]), max_size=12))
    ends = sorted({*chords, *((row, (row + 1) % n_nodes) for row in range(n_nodes))})
    ms = draw(st.lists(st.integers(1, 4), min_size=len(ends), max_size=len(ends)))
    cm = draw(st.lists(st.integers(0, 9000), min_size=len(ends), max_size=len(ends)))
    counts = np.bincount([origin for origin, _ in ends], minlength=n_nodes)
    return RoadNetwork(
        lat_deg=30 + np.arange(n_nodes) / 1000,
        lon_deg=np.full(n_nodes, 120.0),
        first_edge=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        to_node=np.array([destination for _, destination in ends], np.int32),
        edge_ms=np.array(ms, np.int32) * 1000,
        edge_cm=np.array(cm, np.int32),
    )


@given(networks(), st.data())
def test_it_answers_as_its_slow_twin(network: RoadNetwork, data: st.DataObject) -> None:
    row = st.integers(0, len(network.lat_deg) - 1)
    origins = data.draw(st.lists(row, min_size=1, max_size=6))
    destinations = data.draw(st.lists(row, min_size=1, max_size=6))
    everything = Points(network.lat_deg, network.lon_deg)
    travel = RoadGraph(network).matrix(everything.pick(origins), everything.pick(destinations))
    for i, origin in enumerate(origins):
        found = twin(network, origin)
        for j, destination in enumerate(destinations):
            ms, cm = found[destination]
            assert int(travel.travel_s[i, j]) == ceil(ms / 1000)
            assert int(travel.travel_m[i, j]) == round(cm / 100)


def test_more_sources_than_are_searched_at_once_come_out_in_order(town: RoadNetwork) -> None:
    rng = np.random.default_rng(7)
    many = Points(30 + rng.uniform(0, 0.02, 150), 120 + rng.uniform(0, 0.02, 150))
    graph = RoadGraph(town, snap_max_m=5000)
    both = graph.matrix(many, many)
    for row in (0, 63, 64, 149):
        assert (graph.matrix(many.pick([row]), many).travel_s == both.travel_s[[row]]).all()


def test_a_one_way_street_is_not_driven_back(town: RoadNetwork) -> None:
    travel = RoadGraph(town).matrix(at(4, 6), at(4, 6))
    straight_m = float(table_m(at(4), at(6))[0, 0])
    assert int(travel.travel_m[0, 1]) == pytest.approx(straight_m, abs=1)
    assert int(travel.travel_m[1, 0]) > 2 * straight_m


def test_a_point_off_the_road_pays_for_the_way_to_it(town: RoadNetwork) -> None:
    off = Points([30.0], [119.995])  # some 480 m west of node 1
    gap_m = float(table_m(off, at(1))[0, 0])
    graph = RoadGraph(town)
    plain, longer = graph.matrix(at(1), at(3)), graph.matrix(off, at(3))
    assert int(longer.travel_m[0, 0] - plain.travel_m[0, 0]) == pytest.approx(gap_m, abs=1)
    assert int(longer.travel_s[0, 0] - plain.travel_s[0, 0]) == pytest.approx(gap_m / ACCESS_KMH * 3.6, abs=1)


def test_two_points_at_one_node_are_as_far_apart_as_both_are_from_it(town: RoadNetwork) -> None:
    both = Points([30.0, 30.0], [119.999, 119.998])
    gaps_m = table_m(both, at(1))[:, 0]
    travel = RoadGraph(town).matrix(both, both)
    assert int(travel.travel_m[0, 1]) == pytest.approx(float(gaps_m.sum()), abs=1)
    assert travel.travel_s.diagonal().tolist() == [0, 0]


def test_a_point_too_far_from_any_road_has_no_way_and_spoils_no_other(town: RoadNetwork) -> None:
    places = Points([*at(1, 3).lat_deg, 31.0], [*at(1, 3).lon_deg, 120.0])
    travel = RoadGraph(town).matrix(places, places)
    no_way = travel.travel_s == NO_WAY
    assert no_way.tolist() == [[False, False, True], [False, False, True], [True, True, False]]
    assert (no_way == (travel.travel_m == NO_WAY)).all()
    (note,) = travel.notes
    assert note.startswith("31.00000, 120.00000 is 108")
    assert note.endswith(f"m from the nearest road, more than {SNAP_MAX_M} m")


def test_the_stated_maximum_is_included(town: RoadNetwork) -> None:
    off = Points([30.0], [119.995])
    gap_m = float(table_m(off, at(1))[0, 0])
    for snap_max_m, reached in [(gap_m - 0.01, False), (gap_m, True), (gap_m + 0.01, True)]:
        travel = RoadGraph(town, snap_max_m=snap_max_m).matrix(off, at(3))
        assert (int(travel.travel_s[0, 0]) != NO_WAY) == reached


def test_of_many_far_points_three_are_named_and_the_rest_counted(town: RoadNetwork) -> None:
    far = Points([40.0, 41.0, 42.0, 43.0, 44.0], [120.0] * 5)
    notes = RoadGraph(town).matrix(far, at(1)).notes
    assert len(notes) == 4
    assert notes[-1] == "2 more points are that far from any road"


def test_the_way_is_drawn_along_the_roads(town: RoadNetwork) -> None:
    graph = RoadGraph(town)
    way = graph.find_way(at(6), at(4))
    assert way is not None
    refs = {(round(lat, 6), round(lon, 6)): ref for ref, (lat, lon) in PLACES.items()}
    pairs = zip(way.points.lat_deg.tolist(), way.points.lon_deg.tolist(), strict=True)
    passed = [refs[round(lat, 6), round(lon, 6)] for lat, lon in pairs]
    assert passed == [6, 6, 9, 8, 7, 4, 4]  # the points themselves at both ends, then their nodes
    travel = graph.matrix(at(6), at(4))
    assert (way.travel_s, way.travel_m) == (int(travel.travel_s[0, 0]), int(travel.travel_m[0, 0]))


def test_the_way_begins_and_ends_at_the_points_themselves(town: RoadNetwork) -> None:
    origin, destination = Points([30.001], [119.999]), Points([30.021], [120.021])
    way = RoadGraph(town).find_way(origin, destination)
    assert way is not None
    assert (way.points.lat_deg[0], way.points.lon_deg[0]) == (30.001, 119.999)
    assert (way.points.lat_deg[-1], way.points.lon_deg[-1]) == (30.021, 120.021)


def test_there_is_no_way_to_draw_off_the_map_and_a_point_for_staying(town: RoadNetwork) -> None:
    graph = RoadGraph(town)
    assert graph.find_way(at(1), Points([31.0], [120.0])) is None
    stay = graph.find_way(at(1), at(1))
    assert stay is not None
    assert (len(stay.points), stay.travel_s, stay.travel_m) == (2, 0, 0)


def test_the_file_gives_the_network_back(town: RoadNetwork, tmp_path: Path) -> None:
    path = tmp_path / "town.npz"
    town.write(path)
    assert read_network(path).digest == town.digest
    first = path.read_bytes()
    town.write(path)
    assert path.read_bytes() == first
    assert [file.name for file in tmp_path.iterdir()] == ["town.npz"]


def test_a_failed_write_leaves_the_old_file(town: RoadNetwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "town.npz"
    path.write_text("old")

    def fail(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="No space"):
        town.write(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_another_network_has_another_digest(town: RoadNetwork) -> None:
    slower = replace(town, edge_ms=town.edge_ms + np.int32(1))
    assert slower.digest != town.digest
    assert RoadGraph(slower).digest != RoadGraph(town).digest
    assert RoadGraph(town, snap_max_m=10).digest != RoadGraph(town).digest


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"first_edge": np.zeros(1, np.int64)}, "do not fit"),
        ({"to_node": np.full(18, 99, np.int32)}, "do not fit"),
        ({"edge_ms": np.zeros(18, np.int32)}, "do not fit"),
        ({"edge_cm": np.full(18, -1, np.int32)}, "do not fit"),
        ({"lat_deg": np.full(9, np.nan)}, "impossible"),
        ({"edge_ms": np.ones(18)}, "edge_ms is float64"),
        ({"version": np.int64(2)}, "version 2, expected 1"),
        ({"extra": np.int64(2)}, "no road graph of this program"),
        ({"to_node": np.array([object()])}, "no road graph"),  # would need pickle
    ],
)
def test_a_file_that_does_not_hold_together_is_refused(
    town: RoadNetwork, tmp_path: Path, changed: dict[str, np.ndarray], reason: str
) -> None:
    path = tmp_path / "town.npz"
    town.write(path)
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files}
    np.savez(path, **{**arrays, **changed})
    with pytest.raises(RoadFileError, match=reason):
        read_network(path)


def test_what_is_no_such_file_is_refused(tmp_path: Path, town: RoadNetwork) -> None:
    path = tmp_path / "noise.npz"
    town.write(path)
    half = path.read_bytes()[:500]
    for content in (b"", b"noise", half):
        path.write_bytes(content)
        with pytest.raises(RoadFileError):
            read_network(path)
    np.save(tmp_path / "lone.npy", np.zeros(3))
    with pytest.raises(RoadFileError):
        read_network(tmp_path / "lone.npy")
    with pytest.raises(FileNotFoundError):
        read_network(tmp_path / "nowhere.npz")


def test_the_rows_of_the_town_are_in_the_order_of_its_numbers(town: RoadNetwork) -> None:
    assert rows_of(town) == {ref: ref - 1 for ref in range(1, 10)}
