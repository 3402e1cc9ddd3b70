"""What every provider of travel times promises, asked of each in the same way."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from dispatch.travel.cached import Cached
from dispatch.travel.fallback import Fallback
from dispatch.travel.osrm import Osrm
from dispatch.travel.road_graph import RoadGraph
from dispatch.travel.straight_line import StraightLine
from dispatch.travel.travel_times import LEG_MAX, NO_WAY, Points, Travel, TravelTimes
from tests.architecture.sources import modules_under
from tests.dispatch.travel.servers import Scripted, answer_as_osrm, fail, serving
from tests.dispatch.travel.towns import make_town

Making = Callable[[Path, ExitStack], TravelTimes]


def make_osrm(_folder: Path, stack: ExitStack) -> TravelTimes:
    url, _ = stack.enter_context(serving(answer_as_osrm))
    return Osrm(url, points_max=6, timeout_s=60)  # small pieces: a table of any size takes several


def make_roads(folder: Path, _stack: ExitStack) -> TravelTimes:
    return RoadGraph(make_town(folder))


PROVIDERS: dict[str, Making] = {
    "straight line": lambda _folder, _stack: StraightLine(),
    "roads": make_roads,
    "roads, cached": lambda folder, _stack: Cached(RoadGraph(make_town(folder)), folder / "tables"),
    "osrm": make_osrm,
    "roads or an estimate": lambda folder, stack: Fallback(make_roads(folder, stack), StraightLine(), patience_s=None),
    "a dead one and an estimate": lambda _folder, _stack: Fallback(Scripted(fail), StraightLine(), patience_s=60),
}
"""One line for each provider, and for each way of wrapping one."""


@pytest.fixture(scope="module", params=PROVIDERS)
def provider(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TravelTimes]:
    with ExitStack() as stack:
        yield PROVIDERS[request.param](tmp_path_factory.mktemp("provider"), stack)


PLACES = Points(
    [30.0, 30.001, 30.011, 30.019, 30.0, 30.02, 30.0073],
    [120.0, 120.009, 120.0, 120.021, 120.0, 119.999, 120.0191],
)
"""In the town and beside it; the first and the fifth are the same point."""


def check(travel: Travel, n_origins: int, n_destinations: int) -> None:
    for table in (travel.travel_s, travel.travel_m):
        assert table.shape == (n_origins, n_destinations)
        assert table.dtype == np.int64
        assert not table.flags.writeable
        assert ((table >= NO_WAY) & (table <= LEG_MAX)).all()
    assert ((travel.travel_s == NO_WAY) == (travel.travel_m == NO_WAY)).all()
    assert travel.is_estimate.shape == (n_origins, n_destinations)
    assert all(isinstance(note, str) and note for note in travel.notes)


def test_every_provider_stands_in_the_table_above() -> None:
    answering = {
        node.name
        for path in modules_under("dispatch/travel")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and any(getattr(part, "name", "") == "matrix" for part in node.body)
    }
    tested = {type(made) for made in (StraightLine(), Osrm("http://127.0.0.1"))} | {Cached, Fallback, RoadGraph}
    assert answering - {TravelTimes.__name__} == {kind.__name__ for kind in tested}


def test_it_has_a_name_and_says_whether_it_estimates(provider: TravelTimes) -> None:
    assert provider.name
    assert isinstance(provider.is_estimate, bool)
    travel = provider.matrix(PLACES, PLACES)
    assert travel.is_estimate.any() == travel.is_estimate.all()
    if provider.is_estimate:
        assert travel.is_estimate.all()


def test_origins_are_rows_and_destinations_are_columns(provider: TravelTimes) -> None:
    travel = provider.matrix(PLACES.pick([0, 2]), PLACES.pick([1, 3, 5]))
    check(travel, 2, 3)


@pytest.mark.parametrize(("n_origins", "n_destinations"), [(0, 0), (0, 3), (3, 0), (1, 1)])
def test_few_points_or_none_are_fine(provider: TravelTimes, n_origins: int, n_destinations: int) -> None:
    travel = provider.matrix(PLACES.pick(slice(n_origins)), PLACES.pick(slice(n_destinations)))
    check(travel, n_origins, n_destinations)


def test_from_a_point_to_itself_is_nothing_and_to_others_something(provider: TravelTimes) -> None:
    travel = provider.matrix(PLACES, PLACES)
    same = np.eye(len(PLACES), dtype=bool)
    same[0, 4] = same[4, 0] = True
    for table in (travel.travel_s, travel.travel_m):
        assert (table[same] == 0).all()
        assert (table[~same] > 0).all()


def test_metres_are_no_fewer_than_the_crow_flies_and_speeds_are_those_of_a_town(provider: TravelTimes) -> None:
    travel = provider.matrix(PLACES, PLACES)
    crow = StraightLine().matrix(PLACES, PLACES).travel_m / 1.3
    assert (travel.travel_m >= crow - 1).all()
    apart = crow > 500
    kmh = travel.travel_m[apart] / travel.travel_s[apart] * 3.6
    assert ((kmh > 10) & (kmh < 100)).all()


def test_points_in_another_order_give_the_same_legs_in_that_order(provider: TravelTimes) -> None:
    order = [3, 6, 0, 5, 1, 2, 4]
    travel, other = provider.matrix(PLACES, PLACES), provider.matrix(PLACES.pick(order), PLACES.pick(order))
    assert (other.travel_s == travel.travel_s[np.ix_(order, order)]).all()
    assert (other.travel_m == travel.travel_m[np.ix_(order, order)]).all()


def test_a_leg_does_not_depend_on_which_others_are_asked_for(provider: TravelTimes) -> None:
    travel = provider.matrix(PLACES, PLACES)
    for row, column in [(0, 1), (5, 3), (6, 0)]:
        alone = provider.matrix(PLACES.pick([row]), PLACES.pick([column]))
        assert int(alone.travel_s[0, 0]) == int(travel.travel_s[row, column])
        assert int(alone.travel_m[0, 0]) == int(travel.travel_m[row, column])


def test_asked_twice_it_answers_the_same(provider: TravelTimes) -> None:
    first, second = provider.matrix(PLACES, PLACES), provider.matrix(PLACES, PLACES)
    assert (first.travel_s == second.travel_s).all()
    assert (first.travel_m == second.travel_m).all()
    assert first.notes == second.notes


def test_a_point_at_the_end_of_the_world_is_no_error(provider: TravelTimes) -> None:
    far = Points([*PLACES.lat_deg, -90.0, 0.0], [*PLACES.lon_deg, 180.0, -60.0])
    travel = provider.matrix(far, far)
    check(travel, len(far), len(far))
    here = slice(len(PLACES))
    assert (travel.travel_s[here, here] == provider.matrix(PLACES, PLACES).travel_s).all()


def test_its_tables_go_into_a_request(provider: TravelTimes) -> None:
    block = provider.matrix(PLACES, PLACES).as_format()
    assert len(block.seconds) == len(block.metres) == len(PLACES)
    assert block.seconds[0][0] == 0
