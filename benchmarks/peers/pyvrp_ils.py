"""PyVRP's iterated local search: optional clients with the skip cost as prize, one vehicle type an engineer.

The objective is exactly ours in seconds of travel: distance = travel seconds, unit cost 1, uncollected prizes.
PyVRP knows no skills. They are told in two ways, one a setting each:

- ``profiles``: engineers with the same skills share a routing profile in which every leg to or from a place that they
  may not serve is far too long for any shift. One matrix a profile: with many kinds of engineer that is much memory,
  so profiles are used only while all matrices together have at most ``MAX_PROFILE_CELLS`` cells.
- ``loads``: one load dimension for each skill and level asked for; a ticket brings one unit, an engineer who lacks the
  skill has no capacity for it.

Where profiles do not fit, both settings tell skills by loads, with different seeds. One thread: the search has no
more.

Source: PyVRP 0.14, ``ProblemData``, ``Client``, ``VehicleType`` and ``solve``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyvrp
from pyvrp.stop import MaxRuntime

from benchmarks.peers.peer import Peer
from benchmarks.plain import Plain, Tours, price_tours_s

MAX_PROFILE_CELLS = 60_000_000
"""Two matrices of int64 for 60 million cells are about 1 GB."""
FORBIDDEN_S = 7 * 86_400


@dataclass(frozen=True, slots=True)
class Model:
    """PyVRP's data and how many tickets and engineers it stands for; another ``seed_offset`` is another search."""

    data: pyvrp.ProblemData
    n_engineers: int
    seed_offset: int


def build(plain: Plain, setting: str) -> Model:
    """Build PyVRP's problem data; locations are the request's, client rows are ticket rows."""
    kinds = _list_kinds(plain)
    fits = len(set(kinds)) * plain.travel_s.size <= MAX_PROFILE_CELLS
    matrices: list[Any]
    if setting == "profiles" and fits:
        matrices, profile_of = _make_profiles(plain, kinds)
        needs: list[list[int]] = [[] for _ in range(plain.n_tickets)]
        capacities: list[list[int]] = [[] for _ in range(plain.n_engineers)]
    else:
        matrices, profile_of = [plain.travel_s], [0] * plain.n_engineers
        needs, capacities = _make_loads(plain)
    ends = sorted({*plain.home_place, *plain.end_place})
    depot_row = {place: row for row, place in enumerate(ends)}
    data = pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0) for _ in range(len(plain.travel_s))],
        clients=[
            pyvrp.Client(
                location=plain.place[row],
                delivery=needs[row],
                service_duration=plain.duration_s[row],
                tw_early=plain.opens_s[row],
                tw_late=plain.closes_s[row],
                prize=plain.skip_s[row],
                required=False,
            )
            for row in range(plain.n_tickets)
        ],
        depots=[pyvrp.Depot(location=place) for place in ends],
        vehicle_types=[
            pyvrp.VehicleType(
                capacity=capacities[row],
                start_depot=depot_row[plain.home_place[row]],
                end_depot=depot_row[plain.end_place[row]],
                tw_early=plain.shift_from_s[row],
                tw_late=plain.shift_to_s[row],
                profile=profile_of[row],
                name=str(row),
            )
            for row in range(plain.n_engineers)
        ],
        distance_matrices=matrices,
        duration_matrices=matrices,
    )
    return Model(data, plain.n_engineers, 0 if setting == "profiles" or fits else 1_000_000)


def solve(model: Model, seconds: float, seed: int, threads: int) -> Tours:
    """Search.

    Raises
    ------
    RuntimeError
        When PyVRP's best answer breaks a limit by its own account.
    """
    del threads
    result = pyvrp.solve(
        model.data, stop=MaxRuntime(seconds), seed=seed + model.seed_offset, collect_stats=False, display=False
    )
    if not result.best.is_feasible():
        raise RuntimeError("PyVRP found no feasible solution")
    tours: Tours = [[] for _ in range(model.n_engineers)]
    for route in result.best.routes():
        tours[route.vehicle_type()] = [activity.idx for activity in route.schedule() if activity.is_client()]
    return tours


def price_s(plain: Plain, setting: str, tours: Tours) -> tuple[int, int]:
    """Let PyVRP price given tours: (0, distance cost plus uncollected prizes)."""
    data = build(plain, setting).data
    routes = [
        pyvrp.Route(data, [pyvrp.Activity(pyvrp.ActivityType.CLIENT, row) for row in tour], engineer)
        for engineer, tour in enumerate(tours)
        if tour
    ]
    solution = pyvrp.Solution(data, routes)
    if not solution.is_feasible():
        raise ValueError("PyVRP holds these tours for impossible")
    return 0, pyvrp.CostEvaluator([1] * data.num_load_dimensions, 1, 1).cost(solution)


def expected_s(plain: Plain, setting: str, tours: Tours) -> tuple[int, int]:
    """Price given tours ourselves: (0, skip costs and travel)."""
    del setting
    return 0, sum(price_tours_s(plain, tours))


def _list_kinds(plain: Plain) -> list[bytes]:
    """Return for each engineer what he may serve, equal for engineers who may serve the same."""
    return [plain.able[:, row].tobytes() for row in range(plain.n_engineers)]


def _make_profiles(plain: Plain, kinds: list[bytes]) -> tuple[list[Any], list[int]]:
    profile_of_kind: dict[bytes, int] = {}
    matrices: list[Any] = []
    homes = np.array([*plain.home_place, *plain.end_place])
    for row, kind in enumerate(kinds):
        if kind in profile_of_kind:
            continue
        profile_of_kind[kind] = len(matrices)
        served = np.zeros(len(plain.travel_s), dtype=np.bool_)
        served[homes] = True
        served[np.array(plain.place)[plain.able[:, row]]] = True
        matrix = np.where(served[:, None] & served[None, :], plain.travel_s, FORBIDDEN_S)
        np.fill_diagonal(matrix, 0)
        matrices.append(matrix)
    return matrices, [profile_of_kind[kind] for kind in kinds]


def _make_loads(plain: Plain) -> tuple[list[list[int]], list[list[int]]]:
    asked = sorted(set(plain.skill))
    needs = [[int(needed == wanted) for wanted in asked] for needed in plain.skill]
    capacities = [
        [plain.n_tickets if skills.get(skill, 0) >= level else 0 for skill, level in asked] for skills in plain.skills
    ]
    return needs, capacities


PEER = Peer("PyVRP", "pyvrp", 1, ("profiles", "loads"), build, solve, price_s, expected_s)
