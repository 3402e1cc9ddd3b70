"""VROOM through pyvroom.

VROOM first maximises the sum of the priorities (whole numbers up to 100) of the tasks served, then minimises travel;
it weighs no travel against a skip. That order agrees with ours as long as travel is cheap beside a skip, which holds
in these families. The cheapest skip becomes priority 10, what is dearer than ten times that is capped at 100: as exact
as VROOM can rank what is usually left out. Skills are sets of numbers: an engineer of level 3 has the numbers of
levels 1, 2 and 3.

Settings: ``deep`` is the most thorough exploration level, 5, best for some hundred tickets; ``swift`` is level 1, best
for thousands in seconds, where level 5 also overruns its time limit several times.

Source: the reference of ``vroom.Job`` and ``vroom.Input.solve`` in pyvroom, VROOM's docs/API.md.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import vroom  # type: ignore[import-untyped]

from benchmarks.peers.peer import Peer
from benchmarks.plain import Plain, Tours, price_tours_s

MIN_PRIORITY, MAX_PRIORITY = 10, 100
EXPLORATION_LEVELS = {"deep": 5, "swift": 1}


def list_priorities(plain: Plain) -> list[int]:
    """Return each ticket's priority, 10 to 100."""
    cheapest_s = min(plain.skip_s, default=1)
    return [min(MAX_PRIORITY, round(skip_s * MIN_PRIORITY / cheapest_s)) for skip_s in plain.skip_s]


def build(plain: Plain, tours: Tours | None = None) -> vroom.Input:
    """Build VROOM's input; with ``tours`` each vehicle is told its steps, for pricing."""
    problem = vroom.Input()
    problem.set_durations_matrix("car", plain.travel_s)
    numbers: dict[tuple[str, int], int] = {}
    for needed in plain.skill:
        numbers.setdefault(needed, len(numbers) + 1)
    for row in range(plain.n_engineers):
        has = {number for (skill, level), number in numbers.items() if plain.skills[row].get(skill, 0) >= level}
        steps = _list_steps(tours[row]) if tours is not None else []
        problem.add_vehicle(
            vroom.Vehicle(
                row,
                start=plain.home_place[row],
                end=plain.end_place[row],
                skills=has,
                time_window=vroom.TimeWindow(plain.shift_from_s[row], plain.shift_to_s[row]),
                steps=steps,
            )
        )
    for row, priority in enumerate(list_priorities(plain)):
        problem.add_job(
            vroom.Job(
                row,
                location=plain.place[row],
                default_service=plain.duration_s[row],
                skills={numbers[plain.skill[row]]},
                priority=priority,
                time_windows=[vroom.TimeWindow(plain.opens_s[row], plain.closes_s[row])],
            )
        )
    return problem


def solve(model: tuple[vroom.Input, int, int], seconds: float, seed: int, threads: int) -> Tours:
    """Search; VROOM takes no seed and stops by itself when it has converged."""
    problem, n_engineers, level = model
    del seed
    solution = problem.solve(level, threads, timedelta(seconds=seconds))
    tours: Tours = [[] for _ in range(n_engineers)]
    for route in solution.to_dict()["routes"]:
        tours[route["vehicle"]] = [step["id"] for step in route["steps"] if step["type"] == "job"]
    return tours


def price_s(plain: Plain, setting: str, tours: Tours) -> tuple[int, int]:
    """Let VROOM price given tours: (sum of priorities served, travel seconds)."""
    del setting
    summary = build(plain, tours).check().to_dict()["summary"]
    return summary["priority"], summary["cost"]


def expected_s(plain: Plain, setting: str, tours: Tours) -> tuple[int, int]:
    """Price given tours ourselves: (sum of priorities served, travel seconds)."""
    del setting
    priorities = list_priorities(plain)
    return sum(priorities[row] for tour in tours for row in tour), price_tours_s(plain, tours)[1]


def _list_steps(tour: list[int]) -> list[Any]:
    return [vroom.VehicleStep("start"), *(vroom.VehicleStep("single", row) for row in tour), vroom.VehicleStep("end")]


def _build_model(plain: Plain, setting: str) -> tuple[vroom.Input, int, int]:
    return build(plain), plain.n_engineers, EXPLORATION_LEVELS[setting]


PEER = Peer("VROOM", "pyvroom", 2, ("deep", "swift"), _build_model, solve, price_s, expected_s)
