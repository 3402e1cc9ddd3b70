"""Service technicians with levels of skill and outsourcing costs (Kovacs, Parragh, Doerner, Hartl), the variant without teams.

Levels go up to six and the format's to four: a domain and a level together are a skill, and a technician has those up to his own level. What
is outsourced is skipped for its price.

What is lost: seconds are rounded up to a hundredth of a unit, up to 0.01 a leg; metres to a ten-thousandth; outsourcing prices to the cent.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from pathlib import Path

from benchmarks.sets.checkers import strsp as checker
from benchmarks.sets.instance import Instance, Judged
from benchmarks.sets.measures import NO_PRICES, START, Measure, Route, list_places
from dispatch.format.model import Engineer, Request, Shift, Ticket

NAME = "strsp"
SECONDS = 30.0
MEASURE = Measure(unit_s=100, unit_m=10_000)
DEPOT = 1
STAFF = {"all": "technicians_noTeam", "reduced": "techniciansReduced_noTeam"}
"""Folder of the technicians, by what they are called here."""


@dataclass(frozen=True, slots=True)
class Task:
    """A line of the file; task 1 is the depot. ``levels`` is the level needed in each domain, 0 for none."""

    number: int
    x: float
    y: float
    ready: float
    due: float
    service: float
    levels: tuple[int, ...]
    outsourcing: float


@dataclass(frozen=True, slots=True)
class Services:
    """An instance as its two files tell it; ``technicians``: number and level in each domain."""

    tasks: tuple[Task, ...]
    technicians: tuple[tuple[int, tuple[int, ...]], ...]


def read(tasks_text: str, technicians_text: str) -> Services:
    """Read an instance's two files.

    Raises
    ------
    ValueError
        If a task needs two people: that is the variant with teams.
    """
    people = [[int(cell) for cell in cells] for cells in _list_rows(technicians_text)]
    domains = len(people[0]) - 1
    tasks = []
    for cells in _list_rows(tasks_text):
        number, x, y, _, ready, due, service, _ = map(float, cells[:8])
        needs = [int(cell) for cell in cells[8:]]
        if max(needs) > 1:
            raise ValueError(f"task {number:g} needs {max(needs)} people, expected 1: no teams")
        count = len(needs) // domains
        levels = tuple(
            max((level + 1 for level in range(count) if needs[domain * count + level]), default=0)
            for domain in range(domains)
        )
        tasks.append(Task(int(number), x, y, ready, due, service, levels, 200 + math.pow(sum(needs), 1.5)))
    return Services(tuple(tasks), tuple((row[0], tuple(row[1:])) for row in people))


def _list_rows(text: str) -> list[list[str]]:
    """List the lines that are numbers only."""
    rows = [line.split() for line in text.splitlines()]
    return [cells for cells in rows if len(cells) > 1 and all(cell.replace(".", "", 1).isdigit() for cell in cells)]


def make_request(services: Services) -> Request:
    """Write an instance in planning format: one CNY is one unit of distance."""
    points = [(task.x, task.y) for task in services.tasks]
    place = {task.number: str(row) for row, task in enumerate(services.tasks)}
    depot = next(task for task in services.tasks if task.number == DEPOT)
    shift = Shift("day", *MEASURE.window(depot.ready, depot.due), place[DEPOT], place[DEPOT])
    return Request(
        now=START,
        locations=list_places(points),
        travel=MEASURE.table(points),
        engineers=tuple(
            Engineer(
                str(number),
                {_name(domain, step): 1 for domain, level in enumerate(levels) for step in range(1, level + 1)},
                (shift,),
            )
            for number, levels in services.technicians
        ),
        tickets=tuple(
            Ticket(
                id=str(task.number),
                location=place[task.number],
                duration_s=MEASURE.seconds(task.service),
                requires={_name(domain, level): 1 for domain, level in enumerate(task.levels) if level},
                skip_cost=round(Decimal(task.outsourcing), 2),
                windows=(MEASURE.window(task.ready, task.due),),
            )
            for task in services.tasks
            if task.number != DEPOT
        ),
        weights=replace(NO_PRICES, travel_per_km=MEASURE.per_km()),
    )


def _name(domain: int, level: int) -> str:
    return f"domain {domain + 1} level {level}"


def list_instances(folder: Path) -> list[Instance]:
    """List every instance with all technicians and with the reduced staff; no values are known."""
    return [
        Instance(
            set_name=NAME,
            name=f"{path.stem.removesuffix('_noTeam')}-{staff}",
            group=f"{path.stem.split('_')[1]} {staff}",
            make_request=partial(_request_of, path, folder / NAME / kept / f"technicians_{path.name}"),
            check=partial(_check, path, folder / NAME / kept / f"technicians_{path.name}"),
            digits=2,
        )
        for staff, kept in STAFF.items()
        for path in sorted((folder / NAME / "tasks_noTeam").glob("*.txt"))
    ]


def _request_of(tasks: Path, technicians: Path) -> Request:
    return make_request(read(tasks.read_text(encoding="utf-8"), technicians.read_text(encoding="utf-8")))


def _check(tasks: Path, technicians: Path, routes: list[Route]) -> Judged:
    texts = (tasks.read_text(encoding="utf-8"), technicians.read_text(encoding="utf-8"))
    value, faults, more = checker.check(*texts, routes)
    return Judged(value, tuple(faults), more)
