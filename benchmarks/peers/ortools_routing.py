"""OR-Tools routing: one optional node a ticket, its skip cost as the disjunction's penalty, travel as arc cost.

The objective is exactly ours in seconds of travel. Travel and time are given as matrices, not callbacks.

Settings: ``guided`` inserts in parallel first and then searches with guided local search, the usual advice for
routing; ``annealing`` starts by local cheapest insertion and searches with simulated annealing. One thread: the
library's search has no more.

Source: the reference of ``RoutingModel`` and ``routing_parameters.proto`` of OR-Tools 9.15.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from benchmarks.peers.peer import Peer
from benchmarks.plain import Plain, Tours, price_tours_s

FIRST = routing_enums_pb2.FirstSolutionStrategy
META = routing_enums_pb2.LocalSearchMetaheuristic
STRATEGIES = {
    "guided": (FIRST.PARALLEL_CHEAPEST_INSERTION, META.GUIDED_LOCAL_SEARCH),
    "annealing": (FIRST.LOCAL_CHEAPEST_INSERTION, META.SIMULATED_ANNEALING),
}

NOBODY = -1
"""The engine's vehicle of a node that is left out."""


@dataclass(frozen=True, slots=True)
class Model:
    """The engine's own objects; ``manager`` maps nodes (tickets, then starts, then ends) to indices."""

    routing: Any
    manager: Any
    setting: str
    n_tickets: int
    n_engineers: int


def build(plain: Plain, setting: str) -> Model:
    """Build the routing model."""
    tickets, engineers = plain.n_tickets, plain.n_engineers
    places = np.array([*plain.place, *plain.home_place, *plain.end_place], dtype=np.int64)
    starts = list(range(tickets, tickets + engineers))
    ends = list(range(tickets + engineers, tickets + 2 * engineers))
    manager = pywrapcp.RoutingIndexManager(len(places), engineers, starts, ends)
    routing = pywrapcp.RoutingModel(manager)
    travel_s = plain.travel_s[np.ix_(places, places)]
    work_s = np.array([*plain.duration_s, *([0] * (2 * engineers))], dtype=np.int64)
    routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitMatrix(travel_s.tolist()))
    horizon_s = max([*plain.shift_to_s, *plain.closes_s])
    transit = routing.RegisterTransitMatrix((travel_s + work_s[:, None]).tolist())
    routing.AddDimension(transit, horizon_s, horizon_s, False, "time")  # noqa: FBT003 - the library takes no keyword
    time = routing.GetDimensionOrDie("time")
    for row in range(tickets):
        index = manager.NodeToIndex(row)
        routing.AddDisjunction([index], plain.skip_s[row])
        routing.VehicleVar(index).SetValues([NOBODY, *np.flatnonzero(plain.able[row]).tolist()])
        time.CumulVar(index).SetRange(plain.opens_s[row], plain.closes_s[row])
    for row in range(engineers):
        time.CumulVar(routing.Start(row)).SetRange(plain.shift_from_s[row], plain.shift_to_s[row])
        time.CumulVar(routing.End(row)).SetRange(plain.shift_from_s[row], plain.shift_to_s[row])
    return Model(routing, manager, setting, tickets, engineers)


def solve(model: Model, seconds: float, seed: int, threads: int) -> Tours:
    """Search; the routing search takes neither seed nor threads."""
    del seed, threads
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy, parameters.local_search_metaheuristic = STRATEGIES[model.setting]
    parameters.time_limit.FromMilliseconds(round(seconds * 1000))
    assignment = model.routing.SolveWithParameters(parameters)
    if assignment is None:
        raise RuntimeError(f"no solution, status {model.routing.status()}")
    return _read(model, assignment)


def price_s(plain: Plain, setting: str, tours: Tours) -> tuple[int, int]:
    """Let OR-Tools price given tours: (0, its objective)."""
    model = build(plain, setting)
    model.routing.CloseModel()
    nodes = [[model.manager.NodeToIndex(row) for row in tour] for tour in tours]
    assignment = model.routing.ReadAssignmentFromRoutes(nodes, True)  # noqa: FBT003 - the library takes no keyword
    if assignment is None:
        raise ValueError("OR-Tools holds these tours for impossible")
    return 0, assignment.ObjectiveValue()


def expected_s(plain: Plain, setting: str, tours: Tours) -> tuple[int, int]:
    """Price given tours ourselves: (0, skip costs and travel)."""
    del setting
    return 0, sum(price_tours_s(plain, tours))


def _read(model: Model, assignment: Any) -> Tours:  # noqa: ANN401 - the library has no type for it
    tours: Tours = []
    for engineer in range(model.n_engineers):
        tour = []
        index = assignment.Value(model.routing.NextVar(model.routing.Start(engineer)))
        while not model.routing.IsEnd(index):
            tour.append(model.manager.IndexToNode(index))
            index = assignment.Value(model.routing.NextVar(index))
        tours.append(tour)
    return tours


PEER = Peer("OR-Tools", "ortools", 1, ("guided", "annealing"), build, solve, price_s, expected_s)
