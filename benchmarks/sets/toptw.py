"""Team orienteering with time windows: a tour is an engineer, a profit is what leaving a customer out costs.

Nothing is lost: distances cut to a tenth or a hundredth are whole seconds. Travel has a price so small that a whole plan's is less than
one unit of profit: of two plans with the same profit the shorter one is cheaper.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from math import isqrt
from pathlib import Path

from benchmarks.sets.checkers import toptw as checker
from benchmarks.sets.instance import Instance, Judged
from benchmarks.sets.measures import NO_PRICES, START, Measure, Route, list_places
from dispatch.format.model import Engineer, Request, Shift, Ticket

NAME = "toptw"
SECONDS = 10.0
TOURS = (1, 2, 3, 4)
DAY_S = 36_000
"""About so long is a tour: a unit of time is the multiple of what distances are cut to that comes nearest."""

TENTHS, HUNDREDTHS = 10, 100


@dataclass(frozen=True, slots=True)
class Node:
    """A line of the file, coordinates as written; node 0 is the depot."""

    x: Decimal
    y: Decimal
    duration: float
    profit: int
    opens: float
    closes: float


def read(text: str) -> tuple[Node, ...]:
    """Read an instance's file: the last two columns are the window, those between profit and window say nothing new."""
    rows = [line.split() for line in text.splitlines()[2:] if line.strip()]
    return tuple(
        Node(
            Decimal(cells[1]),
            Decimal(cells[2]),
            float(cells[3]),
            int(float(cells[4])),
            float(cells[-2]),
            float(cells[-1]),
        )
        for cells in rows
    )


def make_request(nodes: tuple[Node, ...], tours: int, parts_per_unit: int) -> Request:
    """Write an instance in planning format; distances are cut to ``parts_per_unit`` parts of a unit: 10 or 100."""
    depot = nodes[0]
    scale = max(1, round(DAY_S / ((depot.closes - depot.opens) * parts_per_unit)))
    measure = Measure(unit_s=parts_per_unit * scale)
    points = [(float(node.x), float(node.y)) for node in nodes]

    def cut(origin: int, destination: int) -> float:
        """Return the distance of two nodes, cut: the whole root of a whole square of thousandths."""
        x = int((nodes[origin].x - nodes[destination].x) * 1000)
        y = int((nodes[origin].y - nodes[destination].y) * 1000)
        return isqrt(x * x + y * y) // (1000 // parts_per_unit) / parts_per_unit

    shift = Shift("day", *measure.window(depot.opens, depot.closes), "0", "0")
    longest_h = tours * measure.seconds(depot.closes - depot.opens) / 3600
    return Request(
        now=START,
        locations=list_places(points),
        travel=measure.table(points, cut),
        engineers=tuple(Engineer(str(number), {}, (shift,)) for number in range(1, tours + 1)),
        tickets=tuple(
            Ticket(
                id=str(number),
                location=str(number),
                duration_s=measure.seconds(node.duration),
                requires={},
                skip_cost=Decimal(node.profit * (math.floor(longest_h) + 1)),
                windows=(measure.window(node.opens, node.closes),),
            )
            for number, node in enumerate(nodes)
            if number
        ),
        weights=replace(NO_PRICES, travel_per_h=Decimal(1)),
    )


def list_instances(folder: Path) -> list[Instance]:
    """List every instance with 1 to 4 tours, and the profit of the heuristic that is the reference."""
    found = []
    for row in csv.DictReader((folder / NAME / "reference.csv").read_text(encoding="utf-8").splitlines()):
        path, tours = folder / NAME / f"{row['instance']}.txt", int(row["m"])
        parts = HUNDREDTHS if path.stem.startswith("pr") else TENTHS
        found.append(
            Instance(
                set_name=NAME,
                name=f"{path.stem}-m{tours}",
                group=f"m = {tours}",
                make_request=partial(_request_of, path, tours, parts),
                check=partial(_check, path, tours, parts),
                known=float(row["best"]),
                known_as="best of a published heuristic",
                more_is_better=True,
                also_known={"average": float(row["average"])},
                digits=0,
            )
        )
    return found


def _request_of(path: Path, tours: int, parts_per_unit: int) -> Request:
    return make_request(read(path.read_text(encoding="utf-8")), tours, parts_per_unit)


def _check(path: Path, tours: int, parts_per_unit: int, routes: list[Route]) -> Judged:
    decimals = 2 if parts_per_unit == HUNDREDTHS else 1
    value, faults, more = checker.check(path.read_text(encoding="utf-8"), routes, tours, decimals)
    return Judged(value, tuple(faults), more)
