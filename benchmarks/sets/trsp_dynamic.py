"""Technician routing and scheduling with release dates: fewest rejected, then least working time as it was.

Adapter and measure are those of :mod:`benchmarks.sets.trsp`; :mod:`benchmarks.sets.play` plays the day.
"""

from __future__ import annotations

import csv
import time
from functools import partial
from pathlib import Path

from benchmarks.sets.checkers import trsp as checker
from benchmarks.sets.instance import Answer, Instance, Judged, Setting, load_kernels
from benchmarks.sets.measures import Route
from benchmarks.sets.play import play
from benchmarks.sets.trsp import make_request, read, without_goods
from dispatch.format.model import Plan, Request

NAME = "trsp-dynamic"
SECONDS = 1.0
"""For each plan; a day has up to 90 reveals."""


def read_releases(text: str) -> dict[int, float]:
    """Read a file of release dates: ``ID RD``, −1 for what is known from the beginning."""
    rows = [line.split() for line in text.splitlines()]
    head = rows.index(["ID", "RD"])
    return {int(cells[0]): float(cells[1]) for cells in rows[head + 1 :] if cells}


def list_instances(folder: Path) -> list[Instance]:
    """List every instance at every degree of dynamism, with one published run as the reference."""
    table = folder / "trsp" / "reference_dynamic.csv"
    found = []
    for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines()):
        name, degree = row["instance"], int(row["dod_percent"])
        day = folder / "trsp" / f"{name}.txt"
        releases = folder / "trsp" / "dynamic" / f"{name}_rd_{degree}.txt"
        found.append(
            Instance(
                set_name=NAME,
                name=f"{name.partition('.')[0]}-{degree}",
                group=f"{degree} %",
                make_request=partial(_request_of, day),
                check=_cannot_check,
                known=float(row["pALNS_final_cost"]),
                known_as="working time of one published run",
                also_known={"rejected": float(row["rejected"])},
                relaxed=without_goods,
                digits=4,
                play=partial(_play, day, releases),
            )
        )
    return found


def _request_of(path: Path) -> Request:
    return make_request(read(path.read_text(encoding="utf-8")))


def _cannot_check(_: list[Route]) -> Judged:
    raise TypeError("a day that was played is judged with its times, by play")


def _play(day_file: Path, releases_file: Path, setting: Setting) -> Answer:
    """Play an instance's day and judge it."""
    from dispatch.planning import Stop, solve  # noqa: PLC0415 - reading and judging load no kernels

    load_kernels()
    text, releases_text = (path.read_text(encoding="utf-8") for path in (day_file, releases_file))
    given = read(text)
    request = make_request(given)
    if setting.relaxed:
        request = without_goods(request)
    iterations = 0

    def plan(rest: Request, in_force: Plan) -> Plan:
        nonlocal iterations
        stop = Stop(seconds=setting.seconds)
        found = solve(rest, in_force, stop, seed=setting.seed, threads=setting.threads)
        iterations += found.solver.iterations
        return found

    began_s, cpu_s = time.perf_counter(), time.process_time()
    day = play(given, read_releases(releases_text), request, plan)
    took_s, took_cpu_s = time.perf_counter() - began_s, time.process_time() - cpu_s
    value, faults, more = checker.check_dynamic(
        text, releases_text, day.routes, day.departures, day.begins, day.returns
    )
    judged = Judged(value, tuple(faults), {**more, "plans": float(day.plans), "not_taken": float(day.not_taken)})
    return Answer(day.routes, judged, tuple(day.faults), took_s, took_cpu_s, iterations)
