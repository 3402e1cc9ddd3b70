"""From an extract to a network: what is driven on, which way, how fast, and the part that hangs together."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from dispatch.travel.geometry import table_m
from dispatch.travel.road_builder import (
    SPEED_KMH_BY_CLASS,
    NoRoadsError,
    NotOsmError,
    build_network,
    find_directions,
)
from dispatch.travel.road_graph import RoadFileError, RoadGraph, RoadNetwork
from dispatch.travel.travel_times import Points
from tests.dispatch.travel.towns import PLACES, WAYS, at, make_town, rows_of, write_extract


def edges_of(network: RoadNetwork) -> set[tuple[int, int]]:
    """Give the edges as pairs of node numbers."""
    ref_of = {row: ref for ref, row in rows_of(network).items()}
    starts = np.repeat(np.arange(len(network.lat_deg)), np.diff(network.first_edge))
    return {(ref_of[a], ref_of[b]) for a, b in zip(starts.tolist(), network.to_node.tolist(), strict=True)}


def test_the_town_has_its_roads_in_their_directions_and_nothing_else(tmp_path: Path) -> None:
    both = {(1, 2), (2, 3), (7, 8), (8, 9), (1, 4), (4, 7), (3, 6), (6, 9)}
    assert edges_of(make_town(tmp_path)) == both | {(b, a) for a, b in both} | {(4, 5), (5, 6)}


def test_what_cannot_be_left_or_reached_is_not_kept(tmp_path: Path) -> None:
    assert not {10, 20, 21} & set(rows_of(make_town(tmp_path)))


def test_length_and_time_follow_the_ground_and_the_class(tmp_path: Path) -> None:
    network = make_town(tmp_path)
    rows = rows_of(network)
    edge = next(
        edge
        for edge in range(network.first_edge[rows[4]], network.first_edge[rows[4] + 1])
        if network.to_node[edge] == rows[5]
    )
    length_m = float(table_m(at(4), at(5))[0, 0])
    assert network.edge_cm[edge] == pytest.approx(length_m * 100, abs=1)
    assert network.edge_ms[edge] == pytest.approx(length_m / (SPEED_KMH_BY_CLASS["primary"] / 3.6) * 1000, abs=1)


@pytest.mark.parametrize("suffix", [".osm.pbf", ".osm", ".osm.bz2"])
def test_every_usual_kind_of_extract_gives_the_same_network(tmp_path: Path, suffix: str) -> None:
    assert build_network(write_extract(tmp_path / f"town{suffix}")).digest == make_town(tmp_path).digest


@pytest.mark.parametrize(
    ("tags", "directions"),
    [
        ({"highway": "residential"}, (True, True)),
        ({"highway": "residential", "oneway": "no"}, (True, True)),
        ({"highway": "residential", "oneway": "yes"}, (True, False)),
        ({"highway": "residential", "oneway": "1"}, (True, False)),
        ({"highway": "residential", "oneway": "-1"}, (False, True)),
        ({"highway": "residential", "oneway": "alternating"}, (True, True)),
        ({"highway": "residential", "oneway": "reversible"}, None),
        ({"highway": "residential", "oneway": "who knows"}, (True, True)),
        ({"highway": "tertiary", "junction": "roundabout"}, (True, False)),
        ({"highway": "tertiary", "junction": "circular"}, (True, False)),
        ({"highway": "motorway"}, (True, False)),
        ({"highway": "motorway_link"}, (True, False)),
        ({"highway": "motorway", "oneway": "no"}, (True, True)),
        ({"highway": "trunk"}, (True, True)),
        ({"highway": "footway"}, None),
        ({"highway": "construction"}, None),
        ({"building": "yes"}, None),
        ({"highway": "service", "area": "yes"}, None),
        ({"highway": "service", "access": "no"}, None),
        ({"highway": "service", "access": "private"}, (True, True)),
        ({"highway": "service", "access": "no", "motor_vehicle": "yes"}, (True, True)),
        ({"highway": "residential", "access": "yes", "motorcar": "no"}, None),
    ],
)
def test_who_may_drive_where(tags: dict[str, str], directions: tuple[bool, bool] | None) -> None:
    assert find_directions(tags) == directions


def test_of_two_roads_between_the_same_crossings_the_faster_counts(tmp_path: Path) -> None:
    slow_then_fast = [((1, 2), {"highway": "service"}), ((1, 2), {"highway": "primary"})]
    networks = [build_network(write_extract(tmp_path / f"{n}.osm.pbf", ways)) for n, ways in enumerate(
        [slow_then_fast, slow_then_fast[::-1]]
    )]  # fmt: skip
    length_m = float(table_m(at(1), at(2))[0, 0])
    for network in networks:
        assert network.edge_ms.tolist() == pytest.approx([length_m / 40 * 3600] * 2, abs=2)


def test_a_street_drawn_against_its_direction_is_driven_in_its_direction(tmp_path: Path) -> None:
    ways = [((1, 2, 3, 6, 5, 4, 1), {"highway": "residential", "oneway": "-1"})]
    network = build_network(write_extract(tmp_path / "ring.osm.pbf", ways))
    assert edges_of(network) == {(2, 1), (3, 2), (6, 3), (5, 6), (4, 5), (1, 4)}


def test_where_an_extract_has_cut_a_road_it_is_driven_up_to_there(tmp_path: Path) -> None:
    ways = [((1, 2, 99, 3, 6), {"highway": "residential"}), ((1, 4), {"highway": "residential"})]
    assert edges_of(build_network(write_extract(tmp_path / "cut.osm.pbf", ways))) == {(1, 2), (2, 1), (1, 4), (4, 1)}


def test_two_places_at_one_point_are_a_millisecond_apart(tmp_path: Path) -> None:
    places = {1: (30.0, 120.0), 2: (30.0, 120.0)}
    network = build_network(write_extract(tmp_path / "p.osm.pbf", [((1, 2, 2), {"highway": "service"})], places))
    assert network.edge_ms.tolist() == [1, 1]
    assert network.edge_cm.tolist() == [0, 0]


@pytest.mark.parametrize("ways", [[], [((1, 2), {"highway": "footway"})], [((1, 2), {"highway": "motorway"})]])
def test_a_map_without_a_way_there_and_back_is_refused(
    tmp_path: Path, ways: list[tuple[tuple[int, ...], dict[str, str]]]
) -> None:
    with pytest.raises(NoRoadsError, match="there and back"):
        build_network(write_extract(tmp_path / "none.osm.pbf", ways))


def test_what_is_no_map_is_refused(tmp_path: Path) -> None:
    for name in ("noise.osm.pbf", "noise.osm", "noise.txt"):
        path = tmp_path / name
        path.write_bytes(b"not a map " * 50)
        with pytest.raises(NotOsmError, match="no OpenStreetMap data"):
            build_network(path)


def test_half_an_extract_is_refused(tmp_path: Path) -> None:
    whole = write_extract(tmp_path / "town.osm.pbf").read_bytes()
    half = tmp_path / "half.osm.pbf"
    half.write_bytes(whole[: len(whole) * 2 // 3])
    with pytest.raises(NotOsmError):
        build_network(half)


def test_a_map_larger_than_a_region_is_refused(tmp_path: Path) -> None:
    places = {1: (30.0, 120.0), 2: (36.0, 120.0)}
    extract = write_extract(tmp_path / "land.osm.pbf", [((1, 2), {"highway": "trunk"})], places)
    with pytest.raises(RoadFileError, match="667 km across"):
        build_network(extract)


def test_the_towns_extract_has_what_its_drawing_shows() -> None:
    assert {ref for nodes, _ in WAYS for ref in nodes} == set(PLACES)


def cities(folder: Path) -> dict[str, Path]:
    """Make a city of 900 crossings; ``PAIDAN_ROADS_EXTRACT`` adds the extract of a real one."""
    places = {1 + 30 * row + column: (30 + row / 500, 120 + column / 450) for row in range(30) for column in range(30)}
    streets = [[1 + 30 * row + column for column in range(30)] for row in range(30)]
    streets += [list(column) for column in zip(*streets, strict=True)]
    ways = [
        (street, {"highway": "residential" if number % 5 else "primary", "oneway": "yes" if number % 3 == 1 else "no"})
        for number, street in enumerate(streets)
    ]
    named = os.environ.get("PAIDAN_ROADS_EXTRACT")
    made = {"a city of squares": write_extract(folder / "squares.osm.pbf", ways, places)}
    return made | ({named: Path(named)} if named else {})


def test_in_a_city_ways_are_longer_than_the_crow_flies_and_as_fast_as_its_streets(tmp_path: Path) -> None:
    for name, extract in cities(tmp_path).items():
        check_city(name, build_network(extract))


def check_city(name: str, network: RoadNetwork) -> None:
    """Compare the ways between 40 nodes with the straight lines between them."""
    rows = np.linspace(0, len(network.lat_deg) - 1, 40).astype(int)
    here = Points(network.lat_deg[rows], network.lon_deg[rows])
    travel = RoadGraph(network).matrix(here, here)
    crow_m = table_m(here, here)
    assert (travel.travel_m + 1 >= crow_m).all(), name
    apart = crow_m > 500
    assert 1.1 < float((travel.travel_m[apart] / crow_m[apart]).mean()) < 2.0
    assert 15 < float((travel.travel_m[apart] / travel.travel_s[apart]).mean()) * 3.6 < 60
