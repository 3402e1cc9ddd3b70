"""Public sets of instances: an adapter for each into the planning format, and a checker for each that judges by the set's own rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.sets import strsp, toptw, trsp, trsp_dynamic, vrptw
from benchmarks.sets.instance import Instance


@dataclass(frozen=True, slots=True)
class Set:
    """A set: how its instances are listed from the folder of all sets, and for how long a plan is searched when not told."""

    list_instances: Callable[[Path], list[Instance]]
    SECONDS: float


SETS = {module.NAME: Set(module.list_instances, module.SECONDS) for module in (trsp, trsp_dynamic, strsp, vrptw, toptw)}
