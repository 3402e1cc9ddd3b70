"""Service technician routing and scheduling by the set's own rules: levels in every domain, windows, outsourcing; distance plus outsourcing.

Kovacs, Parragh, Doerner, Hartl (2012), *Adaptive large neighborhood search for service technician routing and scheduling problems*,
doi 10.1007/s10951-011-0246-9; the variant without teams. Outsourcing a task costs 200 + (the sum of its requirements) to the power of 1.5.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

EPSILON = 1e-6
"""What float64 may be off by in a sum of distances."""

PLAIN_COLUMNS = 8
"""Number, x, y, demand, ready, due, service, cost; then the requirements, domain by domain, level by level."""


def check(
    tasks_text: str, technicians_text: str, routes: Iterable[tuple[int, tuple[int, ...]]]
) -> tuple[float, list[str], dict[str, float]]:
    """Judge routes; what they leave out is outsourced.

    Parameters
    ----------
    tasks_text, technicians_text
        The two files of an instance. Task 1 is the depot.
    routes
        A technician's number and his tasks in order, for each used technician.

    Returns
    -------
    tuple
        Distance plus outsourcing, faults, and the distance and the number of tasks outsourced.
    """
    technicians = {row[0]: row[1:] for row in _rows(technicians_text)}
    nodes = {int(row[0]): row[1:] for row in _rows(tasks_text)}
    domains = len(next(iter(technicians.values())))
    depot = nodes.pop(1)
    faults: list[str] = []
    distance = 0.0
    visits: Counter[int] = Counter()
    used = []
    for worker, stops in routes:
        used.append(worker)
        levels = technicians.get(worker)
        if levels is None:
            faults.append(f"there is no technician {worker}")
            continue
        clock, at = depot[3], depot
        for stop in stops:
            node = nodes.get(stop)
            if node is None:
                faults.append(f"technician {worker} visits {stop}, which is no task")
                continue
            leg = math.hypot(node[0] - at[0], node[1] - at[1])
            distance += leg
            clock = max(clock + leg, node[3])
            if clock > node[4] + EPSILON:
                faults.append(f"technician {worker} begins at {stop} at {clock:.4f}, due {node[4]:g}")
            clock += node[5]
            at = node
            if not _is_able(levels, node[PLAIN_COLUMNS - 1 :], domains):
                faults.append(f"technician {worker} cannot do {stop}")
        leg = math.hypot(depot[0] - at[0], depot[1] - at[1])
        distance += leg
        if clock + leg > depot[4] + EPSILON:
            faults.append(f"technician {worker} is back at {clock + leg:.4f}, due {depot[4]:g}")
        visits.update(stops)
    faults += [f"task {node} is served {count} times" for node, count in visits.items() if count > 1]
    if len(set(used)) < len(used):
        faults.append("a technician has two tours")
    outside = [node for number, node in nodes.items() if not visits[number]]
    outsourcing = sum(200 + math.pow(sum(node[PLAIN_COLUMNS - 1 :]), 1.5) for node in outside)
    return distance + outsourcing, faults, {"distance": distance, "outsourced": float(len(outside))}


def _is_able(levels: list[float], needs: list[float], domains: int) -> bool:
    """Say whether one technician gives what is needed: ``needs`` counts people of at least a level, for each domain and level."""
    count = len(needs) // domains
    return all(need <= (levels[at // count] >= at % count + 1) for at, need in enumerate(needs))


def _rows(text: str) -> list[list[float]]:
    """Return the lines of numbers."""
    rows = []
    for line in text.splitlines():
        try:
            row = [float(cell) for cell in line.split()]
        except ValueError:
            continue
        if len(row) > 1:
            rows.append(row)
    return rows
