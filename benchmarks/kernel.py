"""How fast the compiled search is, and how much memory it takes: no answer, no luck, just work per CPU second.

``python -m benchmarks.kernel`` runs one chain on plain and on full requests of several sizes, each in a process of
its own, for a few CPU seconds after everything is compiled. An *iteration* ruins and recreates; an *evaluation* times
a tour with one more visit; *memory* is the peak of the whole process, kernels and Python included.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.child import Task, run_children
from benchmarks.families import SIZES, make_plain
from benchmarks.machine import describe_machine, list_versions, read_commit
from dispatch.example import make_request
from dispatch.format.model import Request

GRAINS_PER_CNY = 18_000 * 100
WARM_GRAINS, COLD_GRAINS = 20.0 * GRAINS_PER_CNY, 0.2 * GRAINS_PER_CNY
"""A middling temperature for tickets of some hundred CNY; speed depends little on it."""
MEAN_REMOVED = 10.0
NEAR_ABOVE_TICKETS = 600
ITERATIONS_A_CALL = 200
KILL_AFTER_S = 600.0
KINDS = ("plain", "full")


@dataclass(frozen=True, slots=True)
class Speed:
    """Work per CPU second of one chain, and memory of the process that did it."""

    kind: str
    engineers: int
    tickets: int
    iterations_per_s: float
    evaluations_per_s: float
    first_plan_s: float
    peak_mb: int | None


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what the arguments ask for and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kernel", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--seconds", type=float, default=5.0, help="CPU seconds for each request")
    parser.add_argument("--most-tickets", type=int, default=SIZES[-1][1], help="leave larger requests out")
    parser.add_argument("--out", type=Path, default=None, help="also write the results as JSON")
    options = parser.parse_args(arguments)
    speeds = [
        measure(kind, engineers, tickets, options.seconds)
        for kind in KINDS
        for engineers, tickets in SIZES
        if tickets <= options.most_tickets
    ]
    if options.out is not None:
        document = {
            "machine": describe_machine(),
            "commit": read_commit(),
            "versions": list_versions(),
            "speeds": [asdict(speed) for speed in speeds],
        }
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(format_speeds(speeds))


def measure(kind: str, engineers: int, tickets: int, seconds: float) -> Speed:
    """Measure one size in a process of its own.

    Raises
    ------
    RuntimeError
        When the child did not answer; the message says how it ended.
    """
    (outcome,) = run_children([Task(run_chain, (kind, engineers, tickets, seconds), KILL_AFTER_S)])
    if outcome.status != "ok":
        raise RuntimeError(f"{kind} {engineers}x{tickets}: {outcome.status}, {outcome.message}")
    iterations_per_s, evaluations_per_s, first_plan_s = outcome.value
    return Speed(kind, engineers, tickets, iterations_per_s, evaluations_per_s, first_plan_s, outcome.peak_mb)


def run_chain(kind: str, engineers: int, tickets: int, seconds: float) -> tuple[float, float, float]:
    """Run one chain, in a child: (iterations, evaluations per CPU second, CPU seconds to a first plan)."""
    _search(make_kind(kind, 2, 8), 0.0)
    return _search(make_kind(kind, engineers, tickets), seconds)


def make_kind(kind: str, engineers: int, tickets: int) -> Request:
    """Make a request: ``plain`` as in the race, ``full`` with breaks, peaks, deadlines, absences and preferences."""
    return make_plain("tight", engineers, tickets, 1) if kind == "plain" else make_request(engineers, tickets, seed=1)


def format_speeds(speeds: list[Speed]) -> str:
    """Write the speeds as a table for a terminal or a Markdown file."""
    lines = [
        "| request | iterations a CPU second | evaluations a CPU second | first plan, CPU s | memory, MB |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {speed.kind} {speed.engineers}x{speed.tickets} | {speed.iterations_per_s:,.0f} "
        f"| {speed.evaluations_per_s:,.0f} | {speed.first_plan_s:.2f} | {speed.peak_mb} |"
        for speed in speeds
    ]
    return "\n".join(lines)


def _search(request: Request, seconds: float) -> tuple[float, float, float]:
    from dispatch.planning.lower import lower  # noqa: PLC0415 - the table can be read without compiling
    from solver.anneal import anneal, fill, order_to_fill  # noqa: PLC0415 - the same
    from solver.arrays import pack  # noqa: PLC0415 - the same
    from solver.state import C_EVALUATED, C_ITERATION  # noqa: PLC0415 - the same
    from solver.tours import make_state  # noqa: PLC0415 - the same

    arrays = pack(lower(request).problem)
    state: Any = make_state(arrays, 1)
    began_s = time.process_time()
    order = order_to_fill(arrays, state)
    fill(arrays, state, 0, len(order), order)
    filled_s = time.process_time()
    near_only = len(request.tickets) > NEAR_ABOVE_TICKETS
    iterations, evaluations = int(state[C_ITERATION]), int(state[C_EVALUATED])
    while True:
        anneal(arrays, state, ITERATIONS_A_CALL, WARM_GRAINS, COLD_GRAINS, near_only, MEAN_REMOVED)
        spent_s = time.process_time() - filled_s
        if spent_s >= seconds:
            break
    done = int(state[C_ITERATION]) - iterations
    return done / spent_s, (int(state[C_EVALUATED]) - evaluations) / spent_s, filled_s - began_s


if __name__ == "__main__":
    main()
