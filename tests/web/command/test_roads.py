"""``paidan roads build``: an extract in, a graph out, and one line of what it holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dispatch.travel.road_graph import RoadGraph, read_network
from tests.dispatch.travel.towns import at, write_extract
from tests.web.command.running import Paidan


def test_an_extract_becomes_a_graph_that_answers(paidan: Paidan, tmp_path: Path) -> None:
    extract, graph = write_extract(tmp_path / "town.osm.pbf"), tmp_path / "town.npz"
    answer = paidan("roads", "build", extract, "-o", graph)
    assert (answer.code, answer.err) == (0, "")
    assert re.fullmatch(r"9 nodes, 18 edges, 18\.5 km of lanes, \d+\.\d s\n", answer.out)
    travel = RoadGraph(read_network(graph)).matrix(at(1), at(9))
    assert int(travel.travel_s[0, 0]) > 0


def test_both_faults_of_a_call_are_told_at_once(paidan: Paidan, tmp_path: Path) -> None:
    answer = paidan("roads", "build", tmp_path / "none.osm.pbf", "--output", tmp_path / "nowhere" / "town.npz")
    assert (answer.code, answer.out) == (2, "")
    first, second = answer.err.splitlines()
    assert first.startswith("FILE: does not exist (")
    assert second.startswith("--output: is in a folder that does not exist (")


def test_a_folder_is_no_extract(paidan: Paidan, tmp_path: Path) -> None:
    answer = paidan("roads", "build", tmp_path, "-o", tmp_path / "town.npz")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("FILE: is a folder (")


def test_a_graph_is_not_written_to_the_screen(paidan: Paidan, tmp_path: Path) -> None:
    answer = paidan("roads", "build", write_extract(tmp_path / "town.osm.pbf"), "-o", "-")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == '--output: is no file ("-"), expected the name of one\n'


def test_an_output_must_be_named(paidan: Paidan, tmp_path: Path) -> None:
    answer = paidan("roads", "build", write_extract(tmp_path / "town.osm.pbf"))
    assert (answer.code, answer.out) == (2, "")
    assert "--output" in answer.err


def test_what_is_no_map_is_refused(paidan: Paidan, tmp_path: Path) -> None:
    noise = tmp_path / "noise.osm.pbf"
    noise.write_bytes(b"not a map " * 50)
    answer = paidan("roads", "build", noise, "-o", tmp_path / "town.npz")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("FILE: is no OpenStreetMap data: ")
    assert "expected an extract like hangzhou.osm.pbf" in answer.err
    assert not (tmp_path / "town.npz").exists()


@pytest.mark.parametrize(
    ("places", "tags", "told"),
    [
        (
            {1: (30.0, 120.0), 2: (30.1, 120.0)},
            {"highway": "footway"},
            "holds no roads that a car can take there and back",
        ),
        ({1: (30.0, 120.0), 2: (36.0, 120.0)}, {"highway": "trunk"}, "cannot be used: it is 667 km across"),
    ],
)
def test_a_map_that_no_graph_comes_from_is_refused(
    paidan: Paidan, tmp_path: Path, places: dict[int, tuple[float, float]], tags: dict[str, str], told: str
) -> None:
    extract = write_extract(tmp_path / "map.osm.pbf", [((1, 2), tags)], places)
    answer = paidan("roads", "build", extract, "-o", tmp_path / "map.npz")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(f"FILE: {told}")
    assert not (tmp_path / "map.npz").exists()
