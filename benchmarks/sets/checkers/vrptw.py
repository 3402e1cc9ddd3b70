"""Solomon's VRPTW by its own rules: straight lines, unrounded; every customer once; windows, capacity, vehicles; total distance.

Solomon (1987), *Algorithms for the vehicle routing and scheduling problems with time window constraints*, doi 10.1287/opre.35.2.254.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

EPSILON = 1e-6
"""What float64 may be off by in a sum of distances."""


def check(text: str, routes: Iterable[tuple[int, tuple[int, ...]]]) -> tuple[float, list[str], dict[str, float]]:
    """Judge routes of an instance's file.

    Parameters
    ----------
    text
        The file: vehicles and capacity, then a line a node: number, x, y, demand, ready time, due date, service time.
    routes
        A vehicle's number and its customers in order, for each used vehicle.

    Returns
    -------
    tuple
        Total distance, faults, and the number of vehicles used and how full the fullest is.
    """
    rows = [[float(cell) for cell in line.split()] for line in text.splitlines() if _is_numbers(line)]
    (vehicles, capacity), nodes = rows[0], {int(row[0]): row[1:] for row in rows[1:]}
    faults: list[str] = []
    distance, fullest, used = 0.0, 0.0, []
    served: Counter[int] = Counter()
    for vehicle, stops in routes:
        used.append(vehicle)
        clock, at, load = nodes[0][3], 0, 0.0
        for stop in (*stops, 0):
            if stop not in nodes:
                faults.append(f"vehicle {vehicle} visits {stop}, which there is not")
                continue
            x, y, demand, ready, due, service = nodes[stop]
            leg = math.hypot(x - nodes[at][0], y - nodes[at][1])
            distance += leg
            clock = max(clock + leg, ready)
            if clock > due + EPSILON:
                faults.append(f"vehicle {vehicle} begins at {stop} at {clock:.4f}, due {due:g}")
            clock += service
            load += demand
            at = stop
        served.update(stops)
        fullest = max(fullest, load)
        if load > capacity:
            faults.append(f"vehicle {vehicle} carries {load:g}, capacity {capacity:g}")
    if len(set(used)) < len(used) or len(used) > vehicles:
        faults.append(f"{len(used)} routes of {len(set(used))} vehicles, there are {vehicles:g}")
    faults += [f"customer {node} is served {served[node]} times" for node in nodes if node and served[node] != 1]
    if served[0]:
        faults.append("a route visits the depot in its middle")
    return distance, faults, {"vehicles": float(len(used)), "fullest": fullest}


def _is_numbers(line: str) -> bool:
    """Say whether a line holds numbers and nothing else."""
    cells = line.split()
    try:
        return bool(cells) and all(math.isfinite(float(cell)) for cell in cells)
    except ValueError:
        return False
