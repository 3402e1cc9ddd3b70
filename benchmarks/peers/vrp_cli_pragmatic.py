"""vrp-cli (reinterpretcat's rosomaxa) through its pragmatic format.

Objectives are ranked: first the value of the jobs served (our skip cost, in seconds of travel), then transport cost
(distance = travel seconds, price 1; time itself costs nothing). It weighs no travel against a skip.

Settings: ``value`` has these two objectives; ``count`` puts the number of unassigned jobs between them.

Source: vrp-cli 1.22, documentation of the pragmatic format (problem, objectives, routing matrix) and of its solver
configuration.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import vrp_cli  # type: ignore[import-untyped]

from benchmarks.peers.peer import Peer
from benchmarks.plain import Plain, Tours, price_tours_s

ORIGIN = datetime(2026, 1, 1, tzinfo=UTC)
"""Second 0, any moment would do."""
OBJECTIVES = {
    "value": ["maximize-value", "minimize-cost"],
    "count": ["maximize-value", "minimize-unassigned", "minimize-cost"],
}


@dataclass(frozen=True, slots=True)
class Model:
    """The documents that the engine reads."""

    problem: str
    matrix: str
    n_engineers: int


def build(plain: Plain, setting: str) -> Model:
    """Write the problem and its routing matrix."""
    return _write(plain, _make_problem(plain, setting))


def solve(model: Model, seconds: float, seed: int, threads: int) -> Tours:
    """Search; the engine takes no seed and whole seconds only."""
    del seed
    solution = _run(model, {"maxTime": max(1, round(seconds))}, threads)
    tours: Tours = [[] for _ in range(model.n_engineers)]
    for tour in solution["tours"]:
        tours[int(tour["vehicleId"])] = [
            int(activity["jobId"])
            for stop in tour["stops"]
            for activity in stop["activities"]
            if activity["type"] == "service"
        ]
    return tours


def price_s(plain: Plain, setting: str, tours: Tours) -> tuple[int, int]:
    """Let vrp-cli price given tours, which it is told as strict relations: (value not served, cost)."""
    problem = _make_problem(plain, setting)
    problem["plan"]["relations"] = [
        {"type": "strict", "vehicleId": str(row), "jobs": ["departure", *(str(ticket) for ticket in tour), "arrival"]}
        for row, tour in enumerate(tours)
        if tour
    ]
    problem["fleet"]["vehicles"] = [vehicle for row, vehicle in enumerate(problem["fleet"]["vehicles"]) if tours[row]]
    solution = _run(_write(plain, problem), {"maxGenerations": 1}, 1)
    left_out = {int(entry["jobId"]) for entry in solution.get("unassigned", [])}
    return sum(plain.skip_s[row] for row in left_out), round(solution["statistic"]["cost"])


def expected_s(plain: Plain, setting: str, tours: Tours) -> tuple[int, int]:
    """Price given tours ourselves: (skip costs, travel)."""
    del setting
    return price_tours_s(plain, tours)


def _write(plain: Plain, problem: dict[str, Any]) -> Model:
    cells = plain.travel_s.ravel().tolist()
    matrix = json.dumps({"profile": "car", "travelTimes": cells, "distances": cells})
    return Model(json.dumps(problem), matrix, plain.n_engineers)


def _run(model: Model, termination: dict[str, int], threads: int) -> dict[str, Any]:
    config = {
        "termination": termination,
        "environment": {
            "parallelism": {"numThreadPools": 1, "threadsPerPool": threads},
            "logging": {"enabled": False},
        },
    }
    answer: dict[str, Any] = json.loads(vrp_cli.solve_pragmatic(model.problem, [model.matrix], json.dumps(config)))
    return answer


def _make_problem(plain: Plain, setting: str) -> dict[str, Any]:
    return {
        "plan": {"jobs": [_make_job(plain, row) for row in range(plain.n_tickets)]},
        "fleet": {
            "vehicles": [_make_vehicle(plain, row) for row in range(plain.n_engineers)],
            "profiles": [{"name": "car"}],
        },
        "objectives": [[{"type": name}] for name in OBJECTIVES[setting]],
    }


def _make_job(plain: Plain, row: int) -> dict[str, Any]:
    skill, level = plain.skill[row]
    place = {
        "location": {"index": plain.place[row]},
        "duration": plain.duration_s[row],
        "times": [[_moment(plain.opens_s[row]), _moment(plain.closes_s[row])]],
    }
    return {
        "id": str(row),
        "services": [{"places": [place]}],
        "skills": {"allOf": [f"{skill}{level}"]},
        "value": plain.skip_s[row],
    }


def _make_vehicle(plain: Plain, row: int) -> dict[str, Any]:
    return {
        "typeId": f"type{row}",
        "vehicleIds": [str(row)],
        "profile": {"matrix": "car"},
        "costs": {"fixed": 0, "distance": 1, "time": 0},
        "shifts": [
            {
                "start": {
                    "earliest": _moment(plain.shift_from_s[row]),
                    "location": {"index": plain.home_place[row]},
                },
                "end": {"latest": _moment(plain.shift_to_s[row]), "location": {"index": plain.end_place[row]}},
            }
        ],
        "capacity": [0],
        "skills": [f"{skill}{level}" for skill, most in plain.skills[row].items() for level in range(1, most + 1)],
    }


def _moment(second: int) -> str:
    return (ORIGIN + timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%SZ")


PEER = Peer("vrp-cli", "vrp-cli", 2, ("value", "count"), build, solve, price_s, expected_s)
