"""Two commits side by side: what a change of the search did to the totals.

``python -m benchmarks.compare main HEAD`` plans the tuning requests with the sources of both commits, in turn, and
prints for each family and size the ratio of the totals, median and spread. Either may also be a file of results, so
that a commit need not be run twice; ``.`` means the sources as they lie here.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import geometric_mean, median
from typing import Any

from benchmarks.cell import OURS
from benchmarks.families import TUNING_SEEDS
from benchmarks.summary import find_best

ROOT = Path(__file__).parent.parent
SIZES = "10x60,30x240"
SECONDS = "2"
SEARCH_SEEDS = 3


def main(arguments: Sequence[str] | None = None) -> None:
    """Compare what the arguments name."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("before", help="a commit, a branch, . or a file of results")
    parser.add_argument("after", help="the same, compared with the first")
    parser.add_argument("--sizes", default=SIZES)
    parser.add_argument("--seconds", default=SECONDS)
    parser.add_argument("--search-seeds", type=int, default=SEARCH_SEEDS)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        documents = []
        for number, name in enumerate((options.before, options.after)):
            if name.endswith(".json"):
                documents.append(json.loads(Path(name).read_text(encoding="utf-8")))
            else:
                documents.append(_run_commit(name, Path(folder) / str(number), options))
    print(format_comparison(compare(documents[0]["cells"], documents[1]["cells"])))


def compare(before: dict[str, Any], after: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Compare two sets of cells: ``ratio`` is our total after ÷ before of the same cell, below 1 is better.

    Cells that only one of them has, or has a legal plan for, are counted in ``lost`` and ``won``.
    """
    groups: dict[str, dict[str, Any]] = {}
    for key, entry in before.items():
        if key not in after:
            continue
        name = f"{entry['family']} {entry['engineers']}x{entry['tickets']} {entry['seconds']:g} s"
        group = groups.setdefault(name, {"ratios": [], "lost": 0, "won": 0})
        old, new = find_best(entry, OURS), find_best(after[key], OURS)
        if old and new:
            group["ratios"].append(new["total"] / old["total"])
        elif old:
            group["lost"] += 1
        elif new:
            group["won"] += 1
    return groups


def format_comparison(groups: dict[str, dict[str, Any]]) -> str:
    """Write a comparison as a table for a terminal or a Markdown file."""
    if not groups:
        return "No cell is in both: the sizes, seeds or seconds differ."
    lines = [
        "| requests | cells | after ÷ before: median (least to greatest) | plans lost, won |",
        "| --- | ---: | ---: | ---: |",
    ]
    everything = []
    for name, group in groups.items():
        ratios = group["ratios"]
        everything += ratios
        spread = f"{median(ratios):.4f} ({min(ratios):.4f} to {max(ratios):.4f})" if ratios else "–"
        lines.append(f"| {name} | {len(ratios)} | {spread} | {group['lost']}, {group['won']} |")
    if everything:
        lines += ["", f"Geometric mean of all {len(everything)} cells: {geometric_mean(everything):.4f}"]
    return "\n".join(lines)


def _run_commit(name: str, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Plan the tuning requests with a commit's sources, in a worktree of its own."""
    source = ROOT
    if name != ".":
        source = folder / "source"
        add = ["git", "worktree", "add", "--detach", str(source), name]
        subprocess.run(add, cwd=ROOT, check=True)
    out = folder / "results.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    seeds = ",".join(str(seed) for seed in TUNING_SEEDS)
    command = [sys.executable, "-m", "benchmarks.race", "--engines", OURS, "--seeds", seeds, "--out", str(out)]
    command += ["--sizes", options.sizes, "--seconds", options.seconds, "--search-seeds", str(options.search_seeds)]
    try:
        subprocess.run(command, cwd=source, check=True, env={**os.environ, "PYTHONPATH": str(source)})
    finally:
        if source != ROOT:
            remove = ["git", "worktree", "remove", "--force", str(source)]
            subprocess.run(remove, cwd=ROOT, check=True)
    document: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return document


if __name__ == "__main__":
    main()
