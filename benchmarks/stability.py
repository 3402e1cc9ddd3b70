"""How much the answer depends on the search's seed: small requests, several seeds each, worst against best.

``python -m benchmarks.stability`` plans twenty plain requests of 10 × 60 with five search seeds for 10 s each, keeps
every result in ``--out`` and can be taken up again. The requests (seeds 201 to 220, families in turn) serve for
nothing else.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.cell import OURS, Cell
from benchmarks.families import FAMILIES
from benchmarks.race import RESULTS, run_missing
from benchmarks.store import Store
from benchmarks.summary import find_best

FIRST_SEED = 201


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what the arguments ask for and print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.stability", description=(__doc__ or "").split("\n", 1)[0]
    )
    parser.add_argument("--requests", type=int, default=20)
    parser.add_argument("--search-seeds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--out", type=Path, default=RESULTS / "stability.json", help="where the results are kept")
    options = parser.parse_args(arguments)
    cells = list_cells(options.requests, options.search_seeds, options.seconds)
    store = Store(options.out)
    run_missing(store, cells, [OURS])
    summary = summarise_spread([store.cells[cell.key] for cell in cells])
    store.write(summary)
    print(format_spread(summary))


def list_cells(requests: int, search_seeds: int, seconds: float) -> list[Cell]:
    """List the cells: each request with each search seed."""
    families = list(FAMILIES)
    return [
        Cell(families[number % len(families)], 10, 60, FIRST_SEED + number, seconds, search_seed)
        for number in range(requests)
        for search_seed in range(search_seeds)
    ]


def summarise_spread(entries: list[dict[str, Any]]) -> dict[str, Any]:
    """Compare the seeds of each request: best, worst and worst ÷ best of our legal totals.

    A request that some seed has no legal plan for is counted in ``without_plan`` and left out of the ratios.
    """
    totals: dict[str, list[float | None]] = {}
    for entry in entries:
        found = find_best(entry, OURS)
        totals.setdefault(f"{entry['family']} {entry['seed']}", []).append(found["total"] if found else None)
    rows = {}
    for name, values in totals.items():
        known = [value for value in values if value is not None]
        if len(known) == len(values):
            rows[name] = {"best": min(known), "worst": max(known), "ratio": max(known) / min(known)}
    ratios = [row["ratio"] for row in rows.values()]
    return {
        "requests": rows,
        "without_plan": len(totals) - len(rows),
        "median": median(ratios) if ratios else None,
        "greatest": max(ratios, default=None),
    }


def format_spread(summary: dict[str, Any]) -> str:
    """Write the comparison as a table for a terminal or a Markdown file."""
    lines = ["| request | best seed, CNY | worst seed, CNY | worst ÷ best |", "| --- | ---: | ---: | ---: |"]
    for name, row in summary["requests"].items():
        lines.append(f"| {name} | {row['best']:.2f} | {row['worst']:.2f} | {row['ratio']:.4f} |")
    if summary["median"] is not None:
        lines.append("")
        lines.append(f"Worst ÷ best: median {summary['median']:.4f}, greatest {summary['greatest']:.4f}.")
    if summary["without_plan"]:
        lines.append(f"{summary['without_plan']} requests have a seed without a legal plan.")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
