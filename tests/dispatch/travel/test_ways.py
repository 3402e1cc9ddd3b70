"""Ways to draw: along known roads, off the map, thinned out, kept, and from a server that fails half way."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from itertools import chain, repeat
from pathlib import Path

import numpy as np
import pytest

from dispatch.domain.errors import TravelUnavailable
from dispatch.travel.osrm import Osrm
from dispatch.travel.road_graph import RoadGraph
from dispatch.travel.travel_times import Points
from dispatch.travel.ways import LINE_POINTS_MAX, Drawn, KeptWays, hurry, thin_out
from tests.dispatch.travel.servers import Reply, reply, serving
from tests.dispatch.travel.towns import PLACES, at, make_town

LONG_S = 60.0


@pytest.fixture(scope="module")
def roads(tmp_path_factory: pytest.TempPathFactory) -> RoadGraph:
    return RoadGraph(make_town(tmp_path_factory.mktemp("town")))


def list_refs(line: Points | None) -> list[int]:
    """Tell the nodes of the town that a line passes."""
    assert line is not None
    refs = {place: ref for ref, place in PLACES.items()}
    pairs = zip(line.lat_deg.round(6).tolist(), line.lon_deg.round(6).tolist(), strict=True)
    return [refs[pair] for pair in pairs]


def test_a_line_follows_the_streets_and_straight_parts_need_no_points(roads: RoadGraph) -> None:
    drawn = roads.find_ways(at(6, 1, 6), at(4, 3, 1))
    assert [list_refs(line) for line in drawn.lines] == [[6, 9, 7, 4], [1, 3], [6, 3, 1]]
    assert drawn.trouble is None


def test_a_line_begins_and_ends_at_the_points_themselves(roads: RoadGraph) -> None:
    (line,) = roads.find_ways(Points([30.001], [119.999]), Points([30.021], [120.021])).lines
    assert line is not None
    assert (line.lat_deg[[0, -1]].tolist(), line.lon_deg[[0, -1]].tolist()) == ([30.001, 30.021], [119.999, 120.021])


def test_a_leg_off_the_map_has_no_line_and_the_others_keep_theirs(roads: RoadGraph) -> None:
    off = Points([31.0, 30.0, 30.0], [120.0, 120.0, 120.0])
    lines = roads.find_ways(off, Points([30.0, 31.0, 30.0], [120.0, 120.0, 120.01])).lines
    assert [line is None for line in lines] == [True, True, False]


def test_thinning_keeps_the_ends_and_stays_within_its_tolerance_and_its_number() -> None:
    rng = np.random.default_rng(5)
    wild = Points(30 + rng.normal(0, 1e-3, 3000).cumsum() / 50, 120 + rng.normal(0, 1e-3, 3000).cumsum() / 50)
    thin = thin_out(wild)
    assert 2 < len(thin) <= LINE_POINTS_MAX
    assert (thin.lat_deg[0], thin.lon_deg[-1]) == (wild.lat_deg[0], wild.lon_deg[-1])
    corner = Points([30.0, 30.0001, 30.0], [120.0, 120.001, 120.002])  # 11 m off the straight line
    assert len(thin_out(corner, tolerance_m=10)) == 3
    assert len(thin_out(corner, tolerance_m=12)) == 2
    there_and_back = Points([30.0, 30.01, 30.0], [120.0, 120.0, 120.0])
    assert len(thin_out(there_and_back)) == 3


class Counting:
    """A provider that draws straight lines, or fails, and counts the legs it was asked for."""

    name = "counting"

    def __init__(self, answer: Callable[[int], Drawn] | None = None) -> None:
        self.asked: list[int] = []
        self.answer = answer

    def find_ways(self, origins: Points, destinations: Points) -> Drawn:
        self.asked.append(len(origins))
        if self.answer is not None:
            return self.answer(len(origins))
        pairs = zip(origins.lat_deg, destinations.lat_deg, origins.lon_deg, destinations.lon_deg, strict=True)
        return Drawn(tuple(Points([a, b], [c, d]) for a, b, c, d in pairs))


def test_a_leg_is_asked_for_once_and_the_one_not_used_for_longest_is_forgotten() -> None:
    counting = Counting()
    ways = KeptWays(counting, patience_s=None, kept_max=2)
    assert len(ways.find_ways(at(1, 1), at(2, 2)).lines) == 2
    ways.find_ways(at(1, 3), at(2, 4))
    ways.find_ways(at(1), at(2))
    ways.find_ways(at(5), at(6))  # 3 to 4 goes
    ways.find_ways(at(1), at(2))
    assert counting.asked == [1, 1, 1]
    ways.find_ways(at(3), at(4))
    assert counting.asked == [1, 1, 1, 1]


def test_a_dead_provider_gives_no_lines_with_the_reason_and_is_asked_again_the_next_time() -> None:
    def fail(_count: int) -> Drawn:
        raise TravelUnavailable("is not there", "无法连接")

    counting = Counting(fail)
    ways = KeptWays(counting, patience_s=None)
    for _ in range(2):
        drawn = ways.find_ways(at(1), at(2))
        assert drawn.lines == (None,)
        assert drawn.trouble is not None
        assert "无法连接" in drawn.trouble.say("zh")
    assert counting.asked == [1, 1]


def test_ways_are_drawn_in_what_is_left_of_the_time_and_then_no_server_is_asked() -> None:
    counting = Counting()
    ways = KeptWays(counting, patience_s=LONG_S)
    assert hurry(ways, LONG_S).find_ways(at(1), at(2)).trouble is None
    drawn = hurry(ways, 0.0).find_ways(at(1, 3), at(2, 4))
    assert [line is None for line in drawn.lines] == [False, True]  # what was found before is given
    assert counting.asked == [1]
    assert drawn.trouble is not None
    assert "没有再问" in drawn.trouble.say("zh")


def test_a_slow_server_is_left_when_the_time_that_is_left_ends() -> None:
    released = threading.Event()

    def hang(count: int) -> Drawn:
        released.wait(LONG_S)
        return Drawn((None,) * count)

    drawn = hurry(KeptWays(Counting(hang), patience_s=LONG_S), 0.01).find_ways(at(1), at(2))
    released.set()
    assert drawn.trouble is not None
    assert "0.01 s" in drawn.trouble.say("en")


def test_roads_on_this_machine_are_not_hurried() -> None:
    assert hurry(KeptWays(Counting(), patience_s=None), 0.0).find_ways(at(1), at(2)).trouble is None


def test_no_more_legs_are_looked_for_at_once_than_is_stated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dispatch.travel.ways.LEGS_MAX", 2)
    counting = Counting()
    lines = KeptWays(counting, patience_s=None).find_ways(at(1, 2, 3), at(4, 5, 6)).lines
    assert [line is None for line in lines] == [False, False, True]


def route(*pairs: list[float], moved_m: float = 1.0) -> Reply:
    """Write OSRM's answer of a way over longitudes and latitudes."""
    geometry = {"type": "LineString", "coordinates": list(pairs)}
    points = [{"distance": moved_m}] * 2
    return reply({"code": "Ok", "routes": [{"geometry": geometry}], "waypoints": points})


GOOD = route([120.0, 30.0], [120.005, 30.005], [120.01, 30.0])


def test_an_osrm_servers_line_goes_from_point_to_point() -> None:
    with serving(lambda _path: GOOD) as (url, asked):
        (line,) = Osrm(f"{url}/osrm", timeout_s=LONG_S).find_ways(at(1), at(5)).lines
    assert line is not None
    assert line.lat_deg.tolist() == [30.0, 30.005, 30.0, 30.01]
    assert asked[0].startswith("/osrm/route/v1/driving/120.0000000,30.0000000;120.0100000,30.0100000?")


def test_legs_that_a_server_knows_no_way_for_leave_the_others_alone() -> None:
    answers: Iterator[Reply] = iter(
        [reply({"code": "NoRoute"}, 400), reply({"code": "NoSegment"}, 400), route([120.0, 30.0], moved_m=1000.1), GOOD]
    )
    with serving(lambda _path: next(answers)) as (url, _):
        drawn = Osrm(url, timeout_s=LONG_S).find_ways(at(1, 1, 1, 1), at(2, 3, 4, 5))
    assert [line is None for line in drawn.lines] == [True, True, True, False]
    assert drawn.trouble is None


def test_what_was_found_before_time_ran_out_is_given_with_the_reason() -> None:
    ticks = chain([0.0, 0.0, 1.0], repeat(3.0))  # begin, first request and its answer, then too late
    with serving(lambda _path: GOOD) as (url, _):
        drawn = Osrm(url, timeout_s=3.0, clock=lambda: next(ticks)).find_ways(at(1, 1), at(5, 6))
    assert [line is None for line in drawn.lines] == [False, True]
    assert drawn.trouble is not None
    assert drawn.trouble.reason == "gave no answer in time"


@pytest.mark.parametrize(
    "nonsense",
    [
        route(),
        route([120.0]),
        route([120.0, 95.0]),
        route([120.0, float("nan")]),
        reply({"code": "Ok", "routes": []}),
        reply({"code": "Ok", "routes": [{"geometry": "_p~iF~ps|U"}]}),
        reply({"code": "TooBig"}, 400),
    ],
)
def test_a_line_that_is_none_is_refused(nonsense: Reply) -> None:
    with serving(lambda _path: nonsense) as (url, _), pytest.raises(TravelUnavailable, match="provider answered"):
        Osrm(url, timeout_s=LONG_S).find_ways(at(1), at(2))


def test_the_extract_of_the_tests_has_no_footpath_as_a_way(tmp_path: Path) -> None:
    (line,) = RoadGraph(make_town(tmp_path)).find_ways(at(2), at(8)).lines
    assert list_refs(line) in ([2, 1, 7, 8], [2, 3, 9, 8])
