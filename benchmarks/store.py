"""Results of the race in one JSON file, written anew after every cell, so that a race can be taken up again."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.cell import OURS, Cell, Result
from benchmarks.machine import describe_machine, list_versions, read_commit
from benchmarks.whole_file import write_whole


class Store:
    """The file; what is already in it is kept.

    A peer's result stands until the file is removed, ours as long as the commit is the same; both only if the
    machine's load before the run was at most ``most_load``.
    """

    def __init__(self, path: Path, most_load: float = math.inf) -> None:
        self.path = path
        self.most_load = most_load
        self.commit = read_commit()
        self.cells: dict[str, dict[str, Any]] = {}
        if path.exists():
            self.cells = json.loads(path.read_text(encoding="utf-8"))["cells"]

    def has(self, cell: Cell, engine: str) -> bool:
        """Tell whether the engine's result of the cell is there and still stands."""
        known = self.cells.get(cell.key, {}).get("engines", {}).get(engine)
        if known is None or known["load_before"] > self.most_load:
            return False
        return engine != OURS or bool(known["commit"] == self.commit)

    def add(self, cell: Cell, engine: str, results: list[Result], load: float) -> None:
        """Store an engine's results of a cell and write the file.

        ``load`` is the machine's one-minute load average before the run: the race itself makes up to 2 of it, what is above
        others did.
        """
        entry = self.cells.setdefault(cell.key, {**asdict(cell), "engines": {}})
        entry["engines"][engine] = {
            "commit": self.commit,
            "load_before": round(load, 2),
            "results": [result.as_json() for result in results],
        }
        self.write({})

    def write(self, summary: dict[str, Any]) -> None:
        """Write the file in one step: a race that is stopped leaves a whole one."""
        document = {
            "machine": describe_machine(),
            "commit": self.commit,
            "versions": list_versions(),
            "cells": self.cells,
            "summary": summary,
        }
        write_whole(self.path, document)
