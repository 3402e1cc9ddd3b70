"""Race our planner against other engines on the frozen plain requests.

``python -m benchmarks.race`` runs all that ``--out`` does not hold yet and prints the summary; stop it and start it
again as you like. Every engine has the same wall time and two threads where it can use them; every answer is judged
by the independent judge. ``--short`` is a race of some minutes.
"""

from __future__ import annotations

import argparse
import math
import os
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.cell import Cell, list_engines, run_engine
from benchmarks.families import FAMILIES, REPORTING_SEEDS, SIZES
from benchmarks.store import Store
from benchmarks.summary import format_summary, summarise

RESULTS = Path(__file__).parent / "results"
SHORT_SIZES = SIZES[:2]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the race that the arguments ask for."""
    options = _read_options(arguments)
    store = Store(options.out, options.most_load)
    cells = [
        Cell(family, engineers, tickets, seed, seconds, search_seed)
        for seconds in options.seconds
        for engineers, tickets in options.sizes
        for family in options.families
        for seed in options.seeds
        for search_seed in range(options.search_seeds)
    ]
    run_missing(store, cells, options.engines)
    summary = summarise({cell.key: store.cells[cell.key] for cell in cells if cell.key in store.cells})
    store.write(summary)
    print(format_summary(summary))


def run_missing(store: Store, cells: list[Cell], engines: list[str]) -> None:
    """Run what the store does not hold yet, one after the other, and tell how far it is."""
    runs = [(cell, engine) for cell in cells for engine in engines]
    for number, (cell, engine) in enumerate(runs, 1):
        if store.has(cell, engine):
            continue
        began_s = time.perf_counter()
        load = os.getloadavg()[0]
        results = run_engine(cell, engine)
        store.add(cell, engine, results, load)
        said = ", ".join(
            f"{result.setting} {result.total:.2f}" if result.legal else f"{result.setting} {result.status}, not legal"
            for result in results
        )
        print(
            f"{number} of {len(runs)}: {cell.key}, {engine}: {said} ({time.perf_counter() - began_s:.0f} s)", flush=True
        )


def _read_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.race", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--families", type=_read_names, default=list(FAMILIES), help="tight,loose,clustered")
    parser.add_argument("--sizes", type=_read_sizes, default=None, help="10x60,30x240,… engineers x tickets")
    parser.add_argument("--seeds", type=_read_seeds, default=list(REPORTING_SEEDS), help="101-103 or 1,2,3")
    parser.add_argument("--search-seeds", type=int, default=1, help="so many runs a request, with other search seeds")
    parser.add_argument("--seconds", type=_read_seconds, default=None, help="2,10: budgets")
    parser.add_argument("--engines", type=_read_names, default=list_engines(), help="ours,VROOM,OR-Tools,PyVRP,vrp-cli")
    parser.add_argument("--out", type=Path, default=RESULTS / "race.json", help="where the results are kept")
    parser.add_argument(
        "--most-load", type=float, default=math.inf, help="measure anew what was measured under more load, such as 3"
    )
    parser.add_argument("--short", action="store_true", help="two sizes, 2 s only")
    options = parser.parse_args(arguments)
    options.sizes = options.sizes or list(SHORT_SIZES if options.short else SIZES)
    options.seconds = options.seconds or ([2.0] if options.short else [2.0, 10.0])
    for name, known in (("families", list(FAMILIES)), ("engines", list_engines())):
        unknown = [value for value in getattr(options, name) if value not in known]
        if unknown:
            parser.error(f"--{name}: there is no {', '.join(unknown)}; there are {', '.join(known)}")
    return options


def _read_names(text: str) -> list[str]:
    return [name for name in text.split(",") if name]


def _read_sizes(text: str) -> list[tuple[int, int]]:
    sizes = []
    for size in text.split(","):
        engineers, _, tickets = size.partition("x")
        sizes.append((int(engineers), int(tickets)))
    return sizes


def _read_seeds(text: str) -> list[int]:
    seeds: list[int] = []
    for piece in text.split(","):
        first, _, last = piece.partition("-")
        seeds += range(int(first), int(last or first) + 1)
    return seeds


def _read_seconds(text: str) -> list[float]:
    return [float(piece) for piece in text.split(",")]


if __name__ == "__main__":
    main()
