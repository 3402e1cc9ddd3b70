"""How quickly a warm engine answers: changes of a plan by hand, and a request that changed, against one lowered anew.

``python -m benchmarks.engine`` asks what edits of a plan would do, at 50 × 400 and 200 × 2 000, and updates the engine at 100 × 800
and 200 × 2 000. Times are wall and CPU seconds of one thread; an update is also told as a share of lowering anew, which says
more than seconds on a busy machine.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from benchmarks.machine import describe_machine, list_versions, read_commit
from benchmarks.race import RESULTS
from dispatch.example import make_request
from dispatch.format.model import Plan, Request
from dispatch.planning import Engine, Stop
from dispatch.planning.edits import Edit, Insert, Move, Pin, Remove, Swap, Where

ASKED = ((50, 400), (200, 2_000))
UPDATED = ((100, 800), (200, 2_000))


@dataclass(frozen=True, slots=True)
class Spent:
    """What some calls took, seconds of wall and of CPU."""

    wall_s: tuple[float, ...]
    cpu_s: tuple[float, ...]

    def as_json(self) -> dict[str, float]:
        """Return median and 95th percentile in milliseconds."""
        told: dict[str, float] = {"calls": len(self.wall_s)}
        for name, values in (("wall", sorted(self.wall_s)), ("cpu", sorted(self.cpu_s))):
            told[f"{name}_median_ms"] = round(1e3 * median(values), 3)
            told[f"{name}_p95_ms"] = round(1e3 * values[int(0.95 * (len(values) - 1))], 3)
        return told


def spend(calls: Sequence[Callable[[], object]]) -> Spent:
    """Make calls one after the other."""
    wall: list[float] = []
    cpu: list[float] = []
    for call in calls:
        began = time.perf_counter(), time.thread_time()
        call()
        wall.append(time.perf_counter() - began[0])
        cpu.append(time.thread_time() - began[1])
    return Spent(tuple(wall), tuple(cpu))


def list_edits(request: Request, plan: Plan, seed: int, calls: int) -> dict[str, list[Edit]]:
    """Draw edits of every kind."""
    random = Random(seed)  # noqa: S311 - no secret is drawn
    visited = [stop.ticket for route in plan.routes for stop in route.stops if stop.ticket is not None]
    left_out = [one.ticket for one in plan.skipped]
    shifts = [(engineer.id, shift.id) for engineer in request.engineers for shift in engineer.shifts]

    def pair() -> tuple[str, str]:
        one, other = random.sample(visited, 2)
        return one, other

    kinds: dict[str, Callable[[], Edit]] = {
        "move to a given place": lambda: Move(random.choice(visited), Where(*random.choice(shifts), 2)),
        "move to the best place of all": lambda: Move(random.choice(visited)),
        "move to the best place of a shift": lambda: Move(random.choice(visited), Where(*random.choice(shifts))),
        "remove": lambda: Remove(random.choice(visited)),
        "swap": lambda: Swap(*pair(), exact=True),
        "pin": lambda: Pin(random.choice(visited)),
    }
    if left_out:
        kinds["insert at the best place of all"] = lambda: Insert(random.choice(left_out))
    return {name: [make() for _ in range(calls)] for name, make in kinds.items()}


def ask(engineers: int, tickets: int, calls: int, iterations: int) -> dict[str, Any]:
    """Ask a warm engine about edits of a plan."""
    request = make_request(engineers, tickets)
    engine = Engine(request)
    plan = engine.solve(stop=Stop(iterations=iterations), threads=1)
    engine.what_if(plan, [Move(plan.skipped[0].ticket if plan.skipped else _first(plan))])  # kernels load
    engine.update(request)
    told: dict[str, Any] = {"first question": spend([lambda: engine.what_if(plan, [])]).as_json()}
    engine.what_if(plan, [Move(_first(plan))])
    wall: list[float] = []
    cpu: list[float] = []
    for name, edits in list_edits(request, plan, 1, calls).items():
        spent = spend([lambda edit=edit: engine.what_if(plan, [edit]) for edit in edits])  # type: ignore[misc]
        told[name] = spent.as_json()
        wall += spent.wall_s
        cpu += spent.cpu_s
    told["all edits"] = Spent(tuple(wall), tuple(cpu)).as_json()
    return told


def _first(plan: Plan) -> str:
    """Return a ticket that a plan visits."""
    return next(stop.ticket for route in plan.routes for stop in route.stops if stop.ticket is not None)


def list_changes(request: Request) -> dict[str, Request]:
    """Return requests that differ a little."""
    first, *others = request.tickets
    engineer = request.engineers[0]
    shift = engineer.shifts[0]
    absence = (shift.start + timedelta(hours=2), shift.start + timedelta(hours=3))
    away = replace(engineer, shifts=(replace(shift, absences=(absence,)), *engineer.shifts[1:]))
    home = request.locations[-1]
    new_place = replace(home, id="new place", lat=home.lat + 0.003)
    return {
        "a changed window": replace(request, tickets=(replace(first, windows=()), *others)),
        "an absence": replace(request, engineers=(away, *request.engineers[1:])),
        "now 10 minutes on": replace(request, now=request.now + timedelta(minutes=10)),
        "a new ticket at a known place": replace(request, tickets=(*request.tickets, replace(first, id="new"))),
        "a new ticket at a new place": replace(
            request,
            locations=(*request.locations, new_place),
            tickets=(*request.tickets, replace(first, id="new", location="new place")),
        ),
        "a ticket gone": replace(request, tickets=tuple(others)),
    }


def update(engineers: int, tickets: int, calls: int) -> dict[str, Any]:
    """Compare updates of an engine with a new one."""
    request = make_request(engineers, tickets)
    engine = Engine(request)
    anew = spend([lambda: Engine(request)] * calls)
    told: dict[str, Any] = {"a new engine": anew.as_json()}
    for name, changed in list_changes(request).items():
        wall: list[float] = []
        cpu: list[float] = []
        for _ in range(calls):
            engine.update(request)
            spent = spend([lambda changed=changed: engine.update(changed)])  # type: ignore[misc]
            wall += spent.wall_s
            cpu += spent.cpu_s
        told[name] = Spent(tuple(wall), tuple(cpu)).as_json()
        told[name]["share_of_new_cpu"] = round(median(cpu) / median(anew.cpu_s), 3)
    return told


def format_told(told: dict[str, Any]) -> str:
    """Write the answers as a table for a terminal or a Markdown file."""
    lines = [
        "| size | what | CPU ms, median | CPU ms, 95 % | wall ms, median | wall ms, 95 % | of a new engine |",
        "|" + " --- |" * 7,
    ]
    for part in ("what_if", "update"):
        for size, rows in told[part].items():
            for name, row in rows.items():
                share = f"{row['share_of_new_cpu']:.0%}" if "share_of_new_cpu" in row else ""
                figures = (row[f"{clock}_{rank}_ms"] for clock in ("cpu", "wall") for rank in ("median", "p95"))
                lines.append(f"| {size} | {name} | " + " | ".join(f"{one:.1f}" for one in figures) + f" | {share} |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--short", action="store_true", help="the small sizes alone, few calls")
    parser.add_argument("--out", type=Path, default=RESULTS / "engine.json", help="where the results are kept")
    options = parser.parse_args(arguments)
    calls, times = (10, 2) if options.short else (40, 5)
    sizes = 1 if options.short else 2
    told: dict[str, Any] = {
        "machine": describe_machine(),
        "versions": list_versions(),
        "commit": read_commit(),
        "load_before": os.getloadavg()[0],
        "what_if": {f"{e} × {t}": ask(e, t, calls, 2_000) for e, t in ASKED[:sizes]},
        "update": {f"{e} × {t}": update(e, t, times) for e, t in UPDATED[:sizes]},
    }
    options.out.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(format_told(told))


if __name__ == "__main__":
    main()
