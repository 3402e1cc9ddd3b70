"""An urgent ticket comes in while people work by a plan: how soon there is a new one, and what a short search loses against a long one.

``python -m benchmarks.urgent`` plans early mornings of 100 × 800 and 500 × 4 000 (:mod:`benchmarks.urgent_day`; seeds 701 on, which serve for
nothing else), keeps the engine, and asks it two hours later for a plan with one ticket more: how long until it first tells one, how long until
somebody who wants it at once has the document, and what the same engine finds in a few seconds and in a minute with as many changes
allowed. The judge looks at every plan. It also asks for changes by hand at 200 × 2 000. Every row is kept in ``--out`` with the commit and the load
it was measured under, and the whole can be taken up again; what another commit measured is measured anew. It fails where a plan is not legal.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.bounds import Row, Rows
from benchmarks.engine import ask
from benchmarks.race import RESULTS
from benchmarks.urgent_day import call, make_day
from dispatch.format.model import Plan, Request
from dispatch.format.write import write_plan
from dispatch.judge import judge
from dispatch.planning import Engine, Stop

THREADS = 2
CALLED_AFTER = timedelta(hours=2, minutes=7)
"""So long after the early morning's ``now`` the urgent ticket comes in."""


@dataclass(frozen=True, slots=True)
class Size:
    """What is measured of a size: ``early_s`` seconds for the plan in force, then a ``short_s`` and a ``long_s`` search; 0: none.

    ``most_s`` is the target for the first plan.
    """

    engineers: int
    tickets: int
    seeds: tuple[int, ...]
    early_s: float
    short_s: float
    long_s: float
    most_s: float

    @property
    def name(self) -> str:
        """Return what the size is called."""
        return f"{self.engineers} × {self.tickets}"


FULL = (
    Size(100, 800, (701, 702, 703, 704, 705), 20.0, 5.0, 60.0, 0.5),
    Size(500, 4_000, (721, 722, 723), 60.0, 15.0, 60.0, 2.0),
)
SHORT = (Size(100, 800, (701,), 10.0, 5.0, 30.0, 0.5), Size(500, 4_000, (721,), 15.0, 0.0, 0.0, 2.0))
MOST_GAP = 0.01
ASKED = (200, 2_000)
ASKED_MOST_MS = 20.0


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what the arguments ask for and is not kept yet, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.urgent", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument(
        "--short", action="store_true", help="one day of each size, short searches: less than 3 minutes"
    )
    parser.add_argument("--out", type=Path, default=RESULTS / "urgent.json", help="where the results are kept")
    options = parser.parse_args(arguments)
    sizes = SHORT if options.short else FULL
    rows = Rows(options.out)
    wanted: list[str] = []
    for size in sizes:
        for seed in size.seeds:
            key = f"{size.name} seed {seed} {size.early_s:g} + {size.short_s:g} + {size.long_s:g} s"
            wanted.append(key)
            rows.measure(key, lambda size=size, seed=seed: measure(size, seed))  # type: ignore[misc]
    calls = 10 if options.short else 40
    wanted.append(f"what_if {ASKED[0]} × {ASKED[1]}, {calls} calls")
    rows.measure(wanted[-1], lambda: {"kind": "what_if", **ask(*ASKED, calls, 2_000)})
    summary = summarise(rows.current(), sizes, wanted)
    rows.write(summary)
    print(format_summary(summary))
    if summary["not_legal"]:
        sys.exit(1)


def measure(size: Size, seed: int) -> Row:
    """Measure one day; seconds of wall and of CPU (all threads), CNY."""
    day = make_day(size.engineers, size.tickets, seed)
    engine = Engine(day.early)
    early = engine.solve(stop=Stop(seconds=size.early_s), threads=THREADS)
    request = call(day, early, day.early.now + CALLED_AFTER)
    previous = request.previous
    assert previous is not None
    row: Row = {
        "kind": "urgent",
        "size": size.name,
        "seed": seed,
        "tickets": len(request.tickets),
        "visits_to_come": len(previous.visits),
        "max_changes": previous.max_changes,
        **_first(engine, request),
    }
    plans = {}
    for name, seconds in (("short", size.short_s), ("long", size.long_s)):
        if seconds:
            engine.update(request)
            plans[name] = engine.solve(stop=Stop(seconds=seconds), threads=THREADS)
            row |= {name: float(plans[name].objective.total), f"{name}_iterations": plans[name].solver.iterations}
            row["legal"] = row["legal"] and _is_legal(request, plans[name])
    if len(plans) == 2:
        row["gap"] = row["short"] / row["long"] - 1.0
    return row


def _first(engine: Engine, request: Request) -> Row:
    """Measure how soon the engine tells a plan, and how soon somebody who wants it at once has the document."""
    at_once = threading.Event()
    told: list[tuple[float, float, float, int]] = []
    began, cpu = time.perf_counter(), time.process_time()

    def hear(total: object, _seconds: float, _iterations: int, left_out: int) -> None:
        told.append((time.perf_counter() - began, time.process_time() - cpu, float(str(total)), left_out))
        at_once.set()

    engine.update(request)
    plan = engine.solve(on_best=hear, cancel=at_once, threads=THREADS)
    write_plan(plan)
    document_s = time.perf_counter() - began
    first_s, first_cpu_s, total, left_out = told[0]
    return {
        "first_s": round(first_s, 3),
        "first_cpu_s": round(first_cpu_s, 3),
        "document_s": round(document_s, 3),
        "first": total,
        "first_left_out": left_out,
        "legal": _is_legal(request, plan),
    }


def _is_legal(request: Request, plan: Plan) -> bool:
    verdict = judge(request, plan)
    return verdict.legal and verdict.total == plan.objective.total


def summarise(rows: dict[str, Row], sizes: Sequence[Size], wanted: Sequence[str]) -> dict[str, Any]:
    """Tell medians and the worst, how many were measured of how many, and how many reach the targets."""
    there = {key: rows[key] for key in wanted if key in rows}
    told: dict[str, Any] = {"measured": f"{len(there)} of {len(wanted)}", "not_legal": 0, "sizes": {}}
    for size in sizes:
        own = [row for row in there.values() if row.get("size") == size.name]
        first = [row["first_s"] for row in own]
        gaps = [row["gap"] for row in own if "gap" in row]
        told["not_legal"] += sum(not row["legal"] for row in own)
        told["sizes"][size.name] = {
            "days": f"{len(own)} of {len(size.seeds)}",
            "first_median_s": median(first) if first else None,
            "first_worst_s": max(first, default=None),
            "document_median_s": median(row["document_s"] for row in own) if own else None,
            "first_in_time": f"{sum(one <= size.most_s for one in first)} of {len(first)} within {size.most_s:g} s",
            "searches": f"{size.short_s:g} s against {size.long_s:g} s" if gaps else None,
            "gap_median": median(gaps) if gaps else None,
            "gap_worst": max(gaps, default=None),
            "gap_in_bounds": f"{sum(gap <= MOST_GAP for gap in gaps)} of {len(gaps)} within {MOST_GAP:.0%}",
        }
    edits = next((row["all edits"] for row in there.values() if row["kind"] == "what_if"), None)
    told["what_if_median_ms"] = None if edits is None else edits["wall_median_ms"]
    return told


def format_summary(summary: dict[str, Any]) -> str:
    """Write times and gaps as a table for a terminal or a Markdown file."""
    lines = [
        "| size | days | first plan, median | worst | in time | document, median | short against long search | gap, median | worst | in bounds |",
        "|" + " --- |" * 10,
    ]
    for name, row in summary["sizes"].items():
        if row["first_median_s"] is None:
            continue
        gaps = "– | – | – | –"
        if row["gap_median"] is not None:
            gaps = f"{row['searches']} | {row['gap_median']:.2%} | {row['gap_worst']:.2%} | {row['gap_in_bounds']}"
        lines.append(
            f"| {name} | {row['days']} | {row['first_median_s']:.2f} s | {row['first_worst_s']:.2f} s | {row['first_in_time']} "
            f"| {row['document_median_s']:.2f} s | {gaps} |"
        )
    asked = summary["what_if_median_ms"]
    if asked is not None:
        size = f"{ASKED[0]} × {ASKED[1]}"
        lines += [
            "",
            f"A change by hand at {size}: {asked:.1f} ms at the median; at most {ASKED_MOST_MS:g} ms are the aim.",
        ]
    lines.append(f"{summary['measured']} rows measured; {summary['not_legal']} days with a plan that is not legal.")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
