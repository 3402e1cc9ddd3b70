"""Solomon's VRPTW: a vehicle is an engineer whose van holds one part, the load; least distance, any number of vehicles up to those given.

What is lost: seconds are rounded up to a hundredth of a unit of time, so a tour that is possible by less than that a leg is not seen;
metres are rounded to a ten-thousandth of a unit of distance.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from benchmarks.sets.checkers import vrptw as checker
from benchmarks.sets.instance import Instance, Judged
from benchmarks.sets.measures import NO_PRICES, START, Measure, Route, list_places
from dispatch.format.model import Engineer, Request, Shift, Ticket

NAME = "vrptw"
SECONDS = 60.0
MEASURE = Measure(unit_s=100, unit_m=10_000)
LOAD = "load"


@dataclass(frozen=True, slots=True)
class Node:
    """A line of the file; node 0 is the depot."""

    x: float
    y: float
    demand: int
    ready: float
    due: float
    service: float


@dataclass(frozen=True, slots=True)
class Solomon:
    """An instance as its file tells it."""

    vehicles: int
    capacity: int
    nodes: tuple[Node, ...]


def read(text: str) -> Solomon:
    """Read an instance's file."""
    rows = [line.split() for line in text.splitlines()]
    numbers = [cells for cells in rows if cells and all(cell.replace(".", "", 1).isdigit() for cell in cells)]
    vehicles, capacity = numbers[0]
    nodes = [
        Node(float(x), float(y), int(demand), float(ready), float(due), float(service))
        for _, x, y, demand, ready, due, service in numbers[1:]
    ]
    return Solomon(int(vehicles), int(capacity), tuple(nodes))


def make_request(solomon: Solomon) -> Request:
    """Write an instance in planning format: every customer must be served, one CNY is one unit of distance."""
    points = [(node.x, node.y) for node in solomon.nodes]
    depot = solomon.nodes[0]
    first, last = MEASURE.window(depot.ready, depot.due)
    shift = Shift("day", first, last, "0", "0")
    return Request(
        now=START,
        locations=list_places(points),
        travel=MEASURE.table(points),
        engineers=tuple(
            Engineer(str(number), {}, (shift,), van={LOAD: solomon.capacity})
            for number in range(1, solomon.vehicles + 1)
        ),
        tickets=tuple(
            Ticket(
                id=str(number),
                location=str(number),
                duration_s=MEASURE.seconds(node.service),
                requires={},
                skip_cost=None,
                parts={LOAD: node.demand} if node.demand else {},
                windows=(MEASURE.window(node.ready, node.due),),
            )
            for number, node in enumerate(solomon.nodes)
            if number
        ),
        weights=replace(NO_PRICES, travel_per_km=MEASURE.per_km()),
    )


def without_capacity(request: Request) -> Request:
    """Leave the load out: a relaxation, for what cannot be asked for yet. The checker still judges by the capacity."""
    return replace(request, tickets=tuple(replace(ticket, parts={}) for ticket in request.tickets))


def list_instances(folder: Path) -> list[Instance]:
    """List the instances with the least distance known."""
    known = json.loads((folder / NAME / "best_known.json").read_text(encoding="utf-8"))
    return [
        Instance(
            set_name=NAME,
            name=path.stem,
            group=path.stem[:-2],
            make_request=partial(_request_of, path),
            check=partial(_check, path),
            known=float(known[f"{path.stem}_distance"]["best_known_cost"]),
            known_as="least distance known",
            relaxed=without_capacity,
            digits=2,
        )
        for path in sorted((folder / NAME).glob("*.txt"))
    ]


def _request_of(path: Path) -> Request:
    return make_request(read(path.read_text(encoding="utf-8")))


def _check(path: Path, routes: list[Route]) -> Judged:
    value, faults, more = checker.check(path.read_text(encoding="utf-8"), routes)
    return Judged(value, tuple(faults), more)
