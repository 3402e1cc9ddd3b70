"""Technician routing and scheduling (Pillac, Guéret, Medaglia): skills, tools, parts, restocking; least total working time.

A technician is an engineer with one shift from and to his home; working time is ``duration``, one CNY a unit. The depot has every tool once
for each technician and of each part as much as all requests need, so it never runs out, and a pick-up takes no time.

What is lost: seconds are rounded up to a hundredth of a unit of time, up to 0.01 a leg; the checker counts unrounded.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from pathlib import Path

from benchmarks.sets.checkers import trsp as checker
from benchmarks.sets.instance import Instance, Judged
from benchmarks.sets.measures import NO_PRICES, START, Measure, Route, list_places
from dispatch.format.model import Depot, Engineer, Request, Shift, Ticket

NAME = "trsp"
SECONDS = 30.0
MEASURE = Measure(unit_s=100)
FILES = "*.100_25-5-5-5.txt"


@dataclass(frozen=True, slots=True)
class Node:
    """A line of the file: the depot, a technician's home with what he can and has, or a request with what it needs.

    ``parts`` are quantities by number of the part; skills and tools are numbers.
    """

    number: int
    x: float
    y: float
    opens: float
    closes: float
    service: float
    skills: tuple[int, ...]
    tools: tuple[int, ...]
    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Technicians:
    """An instance as its file tells it."""

    depot: Node
    homes: tuple[Node, ...]
    requests: tuple[Node, ...]


def read(text: str) -> Technicians:
    """Read an instance's file."""
    lines = text.splitlines()
    head = next(row for row, line in enumerate(lines) if line.startswith("CREW COUNT"))
    crews = int(lines[head + 1].split()[0])
    nodes = [_read_node(line) for line in lines[head + 2 :] if "[" in line]
    return Technicians(nodes[0], tuple(nodes[1 : crews + 1]), tuple(nodes[crews + 1 :]))


def _read_node(line: str) -> Node:
    """Read ``ID X Y TWS TWE Serv [skills] [tools] [parts]``."""
    first = line.index("[")
    number, *plain = line[:first].split()
    skills, tools, parts = (
        tuple(json.loads(f"[{piece}]"))
        for piece in line[first + 1 :].rstrip(" \t]").replace(" ", "").replace("\t", "").split("][")
    )
    x, y, opens, closes, service = map(float, plain)
    return Node(int(number), x, y, opens, closes, service, skills, tools, parts)


def make_request(day: Technicians, skip_cost: Decimal | None = None) -> Request:
    """Write an instance in planning format; ``skip_cost`` None: every request must be served."""
    nodes = (day.depot, *day.homes, *day.requests)
    points = [(node.x, node.y) for node in nodes]
    parts = range(len(day.requests[0].parts)) if day.requests else range(0)
    tools = sorted({tool for node in nodes for tool in node.tools})
    return Request(
        now=START,
        locations=list_places(points),
        travel=MEASURE.table(points),
        depots=(
            Depot(
                id="depot",
                location=str(day.depot.number),
                open=(MEASURE.window(day.depot.opens, day.depot.closes),),
                stock={f"part {part}": sum(node.parts[part] for node in day.requests) for part in parts},
                tools={f"tool {tool}": len(day.homes) for tool in tools},
            ),
        ),
        engineers=tuple(
            Engineer(
                id=str(home.number),
                skills={f"skill {skill}": 1 for skill in home.skills},
                shifts=(Shift("day", *MEASURE.window(home.opens, home.closes), str(home.number), str(home.number)),),
                van=_parts(home),
                tools=tuple(f"tool {tool}" for tool in home.tools),
            )
            for home in day.homes
        ),
        tickets=tuple(
            Ticket(
                id=str(node.number),
                location=str(node.number),
                duration_s=MEASURE.seconds(node.service),
                requires={f"skill {skill}": 1 for skill in node.skills},
                skip_cost=skip_cost,
                parts=_parts(node),
                tools=tuple(f"tool {tool}" for tool in node.tools),
                windows=(MEASURE.window(node.opens, node.closes),),
            )
            for node in day.requests
        ),
        weights=replace(NO_PRICES, duration_per_h=MEASURE.per_h()),
    )


def _parts(node: Node) -> dict[str, int]:
    return {f"part {part}": qty for part, qty in enumerate(node.parts) if qty}


def without_goods(request: Request) -> Request:
    """Leave parts and tools out: a relaxation, for what cannot be asked for yet. The checker still asks for them."""
    tickets = tuple(replace(ticket, parts={}, tools=()) for ticket in request.tickets)
    return replace(request, depots=(), tickets=tickets)


def list_instances(folder: Path) -> list[Instance]:
    """List the instances with the best working time known, as recomputed from its routes."""
    table = csv.DictReader((folder / NAME / "best_known_static.csv").read_text(encoding="utf-8").splitlines())
    known = {row["instance"]: float(row["our_recomputed_working_time"]) for row in table}
    return [
        Instance(
            set_name=NAME,
            name=path.name.partition(".")[0],
            group=path.name.partition(".")[0][:-2],
            make_request=partial(_request_of, path),
            check=partial(_check, path),
            known=known[path.stem],
            known_as="least working time known",
            relaxed=without_goods,
            digits=4,
        )
        for path in sorted((folder / NAME).glob(FILES))
    ]


def _request_of(path: Path) -> Request:
    return make_request(read(path.read_text(encoding="utf-8")))


def _check(path: Path, routes: list[Route]) -> Judged:
    value, faults, more = checker.check(path.read_text(encoding="utf-8"), routes)
    return Judged(value, tuple(faults), more)
