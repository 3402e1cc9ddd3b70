"""How close proven bounds come to the plans found, and that no bound is above the best plan of a tiny request.

``python -m benchmarks.bounds`` plans twenty plain requests of 10 × 60 (seeds 301 to 320, families in turn; they serve for nothing else) for 10 s each,
takes at most 20 s for a bound, and lets the judge look at the plan; then it bounds 200 tiny requests, 2 × 5 (seeds 401 to 600), of which every
plan is tried. Every row is kept in ``--out`` with the commit and the load it was measured under, and the whole can be taken up again; what another
commit measured is measured anew. It fails where a plan is not legal or a bound is above the best plan.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.families import FAMILIES, make_plain
from benchmarks.machine import describe_machine, list_versions, read_commit
from benchmarks.race import RESULTS
from benchmarks.whole_file import write_whole
from dispatch.judge import judge
from dispatch.planning import Stop, solve
from dispatch.planning.lower import lower
from solver import bound
from solver.exact import solve_exactly
from solver.problem import GRAINS_PER_CNY, Problem, Solution

FIRST_SEED, FIRST_TINY_SEED = 301, 401
TINY_S = 10.0
THREADS = 2

Row = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what the arguments ask for and is not kept yet, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bounds", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--requests", type=int, default=20)
    parser.add_argument("--tiny", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=10.0, help="of search")
    parser.add_argument("--bound-seconds", type=float, default=20.0)
    parser.add_argument("--out", type=Path, default=RESULTS / "bounds.json", help="where the results are kept")
    options = parser.parse_args(arguments)
    rows = Rows(options.out)
    families = list(FAMILIES)
    for number in range(options.requests):
        family, seed = families[number % len(families)], FIRST_SEED + number
        key = f"{family} 10x60 seed {seed} {options.seconds:g} + {options.bound_seconds:g} s"
        rows.measure(key, lambda f=family, s=seed: measure(f, s, options.seconds, options.bound_seconds))  # type: ignore[misc]
    for number in range(options.tiny):
        family, seed = families[number % len(families)], FIRST_TINY_SEED + number
        rows.measure(f"{family} 2x5 seed {seed}", lambda f=family, s=seed: measure_tiny(f, s))  # type: ignore[misc]
    summary = summarise(rows.current(), options.requests, options.tiny)
    rows.write(summary)
    print(format_summary(rows.current(), summary))
    if summary["not_legal"] or summary["tiny"]["above_the_best"]:
        sys.exit(1)


class Rows:
    """The file of results, written anew after every row."""

    def __init__(self, path: Path) -> None:
        self.path, self.commit = path, read_commit()
        self.rows: dict[str, Row] = {}
        if path.exists():
            self.rows = json.loads(path.read_text(encoding="utf-8"))["rows"]

    def measure(self, key: str, work: Callable[[], Row]) -> None:
        """Measure a row, unless this commit did."""
        if self.rows.get(key, {}).get("commit") == self.commit:
            return
        load = os.getloadavg()[0]
        self.rows[key] = {"commit": self.commit, "load_before": round(load, 2), **work()}
        self.write({})
        print(f"{key}: {self.rows[key]}", flush=True)

    def current(self) -> dict[str, Row]:
        """Return the rows of this commit."""
        return {key: row for key, row in self.rows.items() if row["commit"] == self.commit}

    def write(self, summary: dict[str, Any]) -> None:
        """Write the file in one step."""
        document = {
            "machine": describe_machine(),
            "commit": self.commit,
            "versions": list_versions(),
            "rows": self.rows,
            "summary": summary,
        }
        write_whole(self.path, document)


def measure(family: str, seed: int, seconds: float, bound_seconds: float) -> Row:
    """Plan a request of 10 × 60 and prove how good the plan is; CNY and wall seconds, ``cpu_s`` of both together."""
    request = make_plain(family, 10, 60, seed)
    began_s, cpu_s = time.perf_counter(), time.process_time()
    plan = solve(request, stop=Stop(seconds=seconds), seed=0, threads=THREADS, bound_s=bound_seconds)
    took_s, took_cpu_s = time.perf_counter() - began_s, time.process_time() - cpu_s
    verdict = judge(request, plan)
    note = plan.solver
    return {
        "kind": "plain",
        "family": family,
        "seed": seed,
        "legal": verdict.legal and note.bound is not None and note.bound <= verdict.total,
        "total": float(verdict.total),
        "bound": float(note.bound or 0),
        "gap": float(note.gap or 0),
        "search_s": float(note.seconds),
        "bound_s": round(took_s - float(note.seconds), 2),
        "cpu_s": round(took_cpu_s, 2),
    }


def measure_tiny(family: str, seed: int) -> Row:
    """Bound a request of 2 × 5 knowing no plan, and compare with the best one there is."""
    problem = lower(make_plain(family, 2, 5, seed)).problem
    best = solve_exactly(problem)
    proven = bound.prove(problem, leave_out_all(problem), TINY_S)
    return {
        "kind": "tiny",
        "family": family,
        "seed": seed,
        "best": best.total_grains / GRAINS_PER_CNY,
        "bound": proven.grains / GRAINS_PER_CNY,
        "above_the_best": proven.grains > best.total_grains,
        "reached": proven.grains == best.total_grains,
    }


def leave_out_all(problem: Problem) -> Solution:
    """Return a plan dearer than any: a bound has no help from it."""
    dear = int(problem.job_skip_grains.sum()) + GRAINS_PER_CNY
    return Solution(((),) * problem.n_tours, tuple(range(problem.n_jobs)), dear, 0)


def summarise(rows: dict[str, Row], requests: int, tiny: int) -> dict[str, Any]:
    """Tell gaps (parts of the total), how many were measured of how many, and what must not be."""
    plain = [row for row in rows.values() if row["kind"] == "plain"]
    small = [row for row in rows.values() if row["kind"] == "tiny"]
    gaps = [row["gap"] for row in plain]
    return {
        "measured": f"{len(plain)} of {requests}",
        "median_gap": median(gaps) if gaps else None,
        "worst_gap": max(gaps, default=None),
        "proven_best": sum(gap == 0 for gap in gaps),
        "not_legal": sum(not row["legal"] for row in plain),
        "tiny": {
            "measured": f"{len(small)} of {tiny}",
            "above_the_best": sum(row["above_the_best"] for row in small),
            "reached_the_best": sum(row["reached"] for row in small),
        },
    }


def format_summary(rows: dict[str, Row], summary: dict[str, Any]) -> str:
    """Write gaps as a table for a terminal or a Markdown file."""
    lines = ["| request | plan, CNY | bound, CNY | gap | bound took |", "| --- | ---: | ---: | ---: | ---: |"]
    lines += [
        f"| {row['family']} {row['seed']} | {row['total']:.2f} | {row['bound']:.2f} | {row['gap']:.2%} | {row['bound_s']:.1f} s |"
        for row in rows.values()
        if row["kind"] == "plain"
    ]
    if summary["median_gap"] is not None:
        gaps = f"gap in the median {summary['median_gap']:.2%}, at worst {summary['worst_gap']:.2%}"
        ends = f"{summary['proven_best']} plans proven best; {summary['not_legal']} not legal"
        lines += ["", f"{summary['measured']} plain requests: {gaps}; {ends}."]
    tiny = summary["tiny"]
    lines.append(
        f"{tiny['measured']} tiny requests: {tiny['above_the_best']} bounds above the best plan, {tiny['reached_the_best']} reach it."
    )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
