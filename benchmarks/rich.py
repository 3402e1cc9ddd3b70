"""Rich requests shown legal, and never dearer with more means: crews, order, parts, tools, depots, limits, plans in force.

``python -m benchmarks.rich`` plans the 200 requests of seeds 1001 to 1025 (``paidan example --rich``: 10 × 60 to 100 × 800, one day and two; those of
even seeds have a plan in force), writes and reads both documents as the command does, and lets the judge look. Trials, on seeds from 2001 on,
plan each request again with more means: an idle engineer, a part, an hour. First from nothing; then with the smaller request's plan in
force, changes free of charge: that must never be dearer. At last the request is planned under other names and in another order.

Every row is kept in ``--out`` with commit and load and can be taken up again. It fails where a plan is not legal, a total is not
the judge's, or more means with the smaller request's plan in force are dearer.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from benchmarks.bounds import Rows
from benchmarks.race import RESULTS
from benchmarks.rich_trials import MEANS, permute, put_in_force, release
from dispatch.example import FEATURES, make_rich
from dispatch.format.model import Plan, Request
from dispatch.format.read import read_plan, read_request
from dispatch.format.write import write_plan, write_request
from dispatch.judge import judge
from dispatch.planning import Stop, Unsupported, solve

FIRST_SEED, FIRST_TRIAL_SEED = 1001, 2001
THREADS = 2
CENT = Decimal("0.02")
"""What a judge forgives."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Size:
    """How many engineers and tickets, for how many seconds they are planned, and the aims of a trial there.

    ``dearer`` is the 95th percentile of the change of the total with more means, as a part of it.
    """

    engineers: int
    tickets: int
    seconds: float
    dearer: float


SIZES = (Size(10, 60, 3, 0.005), Size(30, 240, 6, 0.005), Size(50, 400, 10, 0.005), Size(100, 800, 15, 0.02))
DAYS = (1, 2)
RENAMED_MEDIAN, RENAMED_95 = 0.005, 0.02
"""Aims for other names: parts of the total."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what the arguments ask for and is not kept yet, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rich", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--seeds", type=int, default=25, help="requests of each size and number of days")
    parser.add_argument("--trials", type=int, default=5, help="trials of each size and number of days")
    parser.add_argument("--sizes", type=int, default=len(SIZES), help="how many of the sizes, the smallest first")
    parser.add_argument("--share", type=float, default=1.0, help="of the seconds of search")
    parser.add_argument("--short", action="store_true", help="a look that takes less than five minutes")
    parser.add_argument("--out", type=Path, default=None, help="where the results are kept")
    options = parser.parse_args(arguments)
    rows = Rows(options.out or RESULTS / ("rich-short.json" if options.short else "rich.json"))
    if options.short:
        options.seeds, options.trials = 1, 1
    plan_and_judge(make_rich(2, 8, 1, 0, set(FEATURES)), 0.1)  # compiles what is not compiled yet
    cells = [(size, days) for size in SIZES[: options.sizes] for days in DAYS]
    trial_cells = [cell for cell in cells if not options.short or cell[0].tickets <= SIZES[0].tickets]
    wanted: list[str] = []
    for turn in range(options.seeds):
        for size, days in cells:
            seed, seconds = FIRST_SEED + turn + (days if options.short else 0), options.share * size.seconds
            wanted.append(f"{_name(size, days)} seed {seed} {seconds:g} s")
            rows.measure(wanted[-1], lambda s=size, d=days, n=seed, t=seconds: measure(s, d, n, t))  # type: ignore[misc]
    for turn in range(options.trials):
        for size, days in trial_cells:
            seed, seconds = FIRST_TRIAL_SEED + turn + (days if options.short else 0), options.share * size.seconds
            wanted.append(f"trial {_name(size, days)} seed {seed} {seconds:g} s")
            rows.measure(wanted[-1], lambda s=size, d=days, n=seed, t=seconds: try_means(s, d, n, t))  # type: ignore[misc]
    measured = {key: row for key, row in rows.current().items() if key in wanted}
    summary = summarise(measured, options.seeds * len(cells), options.trials * len(trial_cells))
    rows.write(summary)
    print(format_summary(summary))
    if summary["fails"]:
        sys.exit(1)


def _name(size: Size, days: int) -> str:
    return f"{size.engineers}x{size.tickets}x{days}"


def plan_and_judge(request: Request, seconds: float) -> tuple[Plan | None, Row]:
    """Plan a request from its document, have the plan's document judged, and tell both totals; CNY, wall and CPU seconds."""
    asked = read_request(write_request(request))
    cpu_s = time.process_time()
    try:
        plan = solve(asked, stop=Stop(seconds=seconds), seed=0, threads=THREADS)
    except Unsupported as refused:
        return None, {"legal": True, "refused": [str(fault) for fault in refused.faults][:3]}
    cpu_s = time.process_time() - cpu_s
    verdict = judge(asked, read_plan(write_plan(plan), asked))
    row: Row = {
        "legal": verdict.legal,
        "equal": verdict.total == plan.objective.total and dict(verdict.terms) == dict(plan.objective.terms),
        "total": float(verdict.total),
        "skipped": len(plan.skipped),
        "broken_pins": len(plan.broken_pins),
        "iterations": plan.solver.iterations,
        "solve_s": float(plan.solver.seconds),
        "cpu_s": round(cpu_s, 2),
    }
    if not verdict.legal:
        row["violations"] = sorted({str(violation) for violation in verdict.violations})[:5]
    return plan, row


def measure(size: Size, days: int, seed: int, seconds: float) -> Row:
    """Plan one rich request and have it judged."""
    request = make_rich(size.engineers, size.tickets, days, seed)
    _, row = plan_and_judge(request, seconds)
    return {"kind": "legal", "size": _name(size, days), "seed": seed, **row}


def try_means(size: Size, days: int, seed: int, seconds: float) -> Row:
    """Plan one rich request, then with more means and under other names.

    Returns
    -------
    Row
        ``cold``: changes of the total with more means, by what was added, each planned from nothing. ``warm``: the same with the
        smaller request's plan in force, changes free. ``renamed``: the change under other names. All as parts of the smaller total;
        None: there was no plan. ``runs`` has each plan's row.
    """
    request = make_rich(size.engineers, size.tickets, days, seed)
    runs: dict[str, Row] = {}

    def total_of(name: str, asked: Request) -> float | None:
        plans[name], runs[name] = plan_and_judge(asked, seconds)
        return runs[name].get("total")

    plans: dict[str, Plan | None] = {}
    base = total_of("base", request)
    released = release(request)
    if released is not request:
        total_of("released", released)
    smaller_name = "base" if released is request else "released"
    smaller, smaller_total = plans[smaller_name], runs[smaller_name].get("total")
    cold: dict[str, float | None] = {}
    warm: dict[str, float | None] = {}
    for number, (name, add) in enumerate(MEANS.items()):
        cold[name] = _change(base, total_of(f"{name}, from nothing", add(_draws(seed, number), request)))
        warm[name] = None
        if smaller is not None:
            larger = put_in_force(add(_draws(seed, number), released), smaller)
            warm[name] = _change(smaller_total, total_of(f"{name}, from the smaller plan", larger))
    renamed = _change(base, total_of("renamed", permute(_draws(seed, len(MEANS)), request)))
    return {
        "kind": "trial",
        "size": _name(size, days),
        "seed": seed,
        "legal": all(run["legal"] for run in runs.values()),
        "equal": all(run.get("equal", True) for run in runs.values()),
        "cold": cold,
        "warm": warm,
        "dearer": [name for name, change in warm.items() if _is_dearer(change, smaller_total)],
        "renamed": renamed,
        "runs": runs,
    }


def _draws(seed: int, number: int) -> Random:
    """Give the random numbers of a change."""
    return Random(f"{seed}/{number}")  # noqa: S311 - no secret is drawn


def _change(smaller: float | None, larger: float | None) -> float | None:
    if smaller is None or larger is None:
        return None
    return round((larger - smaller) / smaller, 6) if smaller else larger - smaller


def _is_dearer(change: float | None, smaller: float | None) -> bool:
    return change is not None and smaller is not None and change * smaller > float(CENT) + 0.000001 * smaller


def summarise(rows: dict[str, Row], requests: int, trials: int) -> dict[str, Any]:
    """Tell what was measured of how much, what must not be, and how far totals move (parts of the smaller total)."""
    legal = [row for row in rows.values() if row["kind"] == "legal"]
    tried = [row for row in rows.values() if row["kind"] == "trial"]
    summary: dict[str, Any] = {
        "measured": f"{len(legal)} of {requests}",
        "tried": f"{len(tried)} of {trials}",
        "refused": [
            key for key, row in rows.items() if any("refused" in run for run in (row, *row.get("runs", {}).values()))
        ],
        "not_legal": [key for key, row in rows.items() if not row["legal"]],
        "not_equal": [key for key, row in rows.items() if not row.get("equal", True)],
        "dearer": [f"{key}: {name}" for key, row in rows.items() for name in row.get("dearer", ())],
    }
    summary["fails"] = (
        len(summary["refused"]) + len(summary["not_legal"]) + len(summary["not_equal"]) + len(summary["dearer"])
    )
    summary["sizes"] = {}
    for size in SIZES:
        own = [row for row in tried if row["size"].startswith(f"{size.engineers}x{size.tickets}x")]
        if own:
            cold, warm = (
                [one for row in own for one in row[kind].values() if one is not None] for kind in ("cold", "warm")
            )
            renamed = [abs(row["renamed"]) for row in own if row["renamed"] is not None]
            summary["sizes"][f"{size.engineers}x{size.tickets}"] = {
                "trials": len(own),
                "cold": _spread(cold),
                "warm": _spread(warm),
                "renamed": _spread(renamed),
                "aim": size.dearer,
            }
    return summary


def _spread(values: list[float]) -> dict[str, float] | None:
    """Tell median, 95th percentile (the least that no more than a twentieth is above) and the greatest."""
    if not values:
        return None
    ordered = sorted(values)
    return {
        "count": len(ordered),
        "median": round(median(ordered), 6),
        "p95": ordered[min(len(ordered) - 1, -(-95 * len(ordered) // 100) - 1)],
        "greatest": ordered[-1],
    }


def format_summary(summary: dict[str, Any]) -> str:
    """Write changes as a table for a terminal or a Markdown file."""
    lines = [
        "| size | trials | more means, from nothing: median, 95 %, aim | from the smaller plan: median, greatest | other names: median, 95 % |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for name, row in summary["sizes"].items():
        cold, warm, renamed = row["cold"], row["warm"], row["renamed"]
        cells = [
            f"{cold['median']:+.2%}, {cold['p95']:+.2%}, {row['aim']:.1%}" if cold else "–",
            f"{warm['median']:+.2%}, {warm['greatest']:+.2%}" if warm else "–",
            f"{renamed['median']:.2%}, {renamed['p95']:.2%}" if renamed else "–",
        ]
        lines.append(f"| {name} | {row['trials']} | {' | '.join(cells)} |")
    found = {what: len(summary[what]) for what in ("refused", "not_legal", "not_equal", "dearer")}
    lines += [
        "",
        f"{summary['measured']} requests and {summary['tried']} trials: {found['refused']} refused, {found['not_legal']} with a plan that is not legal,",
        f"{found['not_equal']} with a total that is not the judge's; {found['dearer']} times dearer with more means and the smaller plan in force.",
        f"Aims: for more means a median of 0, for other names a median of {RENAMED_MEDIAN:.1%} and {RENAMED_95:.0%} at 95 %.",
    ]
    lines += [f"- {what.replace('_', ' ')}: {key}" for what in found for key in summary[what]]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
