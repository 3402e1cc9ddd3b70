"""Our client against what a real OSRM server said; its version, commands and data stand in the recording."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dispatch.travel.geometry import haversine_m
from dispatch.travel.osrm import Osrm
from dispatch.travel.travel_times import NO_WAY, Points
from tests.dispatch.travel.servers import Reply, reply, serving

RECORDING: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "fixtures" / "osrm" / "recorded.json").read_text(encoding="utf-8")
)
PLACES = Points([30.28, 30.29, 30.30, 30.31, 30.4], [120.06, 120.12, 120.17, 120.09, 120.3])
"""What was asked for; the last lies kilometres beyond the extract."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Serve the recording: whoever asks for anything else gets a status that the server has not."""

    def answer(path: str) -> Reply:
        kept = RECORDING["replies"].get(path)
        return (418, b"{}") if kept is None else reply(kept["body"], kept["status"])

    with serving(answer) as (url, _):
        yield url


def test_the_recording_says_where_it_is_from() -> None:
    told = RECORDING["provenance"]
    assert "26.10.0" in told["engine"]
    assert "© OpenStreetMap contributors" in told["data"]
    assert told["commands"][0].startswith("osrm-extract")


def test_a_real_servers_table_is_read_and_a_point_off_its_map_has_no_way(server: str) -> None:
    travel = Osrm(server, timeout_s=60).matrix(PLACES, PLACES)
    assert travel.travel_s[:4, :4].tolist() == [
        [0, 365, 678, 423],
        [498, 0, 397, 403],
        [725, 471, 0, 654],
        [445, 355, 694, 0],
    ]
    assert travel.travel_m[0].tolist() == [0, 6499, 12882, 6542, NO_WAY]
    assert (travel.travel_s[4, :4] == NO_WAY).all()


def test_a_real_servers_ways_are_drawn_and_as_long_as_its_table_says(server: str) -> None:
    osrm = Osrm(server, timeout_s=60)
    drawn = osrm.find_ways(PLACES.pick([0, 1, 2, 3]), PLACES.pick([1, 2, 3, 4]))
    assert drawn.trouble is None
    assert drawn.lines[3] is None
    travel_m = osrm.matrix(PLACES, PLACES).travel_m
    for row, line in enumerate(drawn.lines[:3]):
        assert line is not None
        length_m = haversine_m(line.lat_deg[:-1], line.lon_deg[:-1], line.lat_deg[1:], line.lon_deg[1:]).sum()
        assert length_m == pytest.approx(travel_m[row, row + 1], rel=0.1)  # thinned out, and with both accesses
