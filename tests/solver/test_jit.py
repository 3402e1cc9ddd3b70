"""How kernels are compiled: nothing counts references where the search spends its time."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numba
import numpy as np
import pytest
from numba.core.registry import CPUDispatcher

from solver import anneal, draws, kernel, orders, places, ruins, state, tours
from solver.jit import ALLOCATING, JIT
from solver.mechanisms import clock
from solver.problem import I64
from tests.solver.worlds import COMPILED

MODULES = (anneal, clock, draws, kernel, orders, places, ruins, state, tours)
ALLOCATE = {"order_to_fill", "trace", "_change_emptied"}
"""Kernels that make arrays of their own; none is called in an iteration of a search without a price of duration."""

pytestmark = [pytest.mark.compiled, pytest.mark.skipif(not COMPILED, reason="nothing is compiled in this run")]


def kernels(module: ModuleType) -> dict[str, Any]:
    """Find the kernels that a module defines."""
    found = {name: value for name, value in vars(module).items() if isinstance(value, CPUDispatcher)}
    return {name: value for name, value in found.items() if value.py_func.__module__ == module.__name__}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_only_kernels_that_make_arrays_count_references(module: ModuleType) -> None:
    found = kernels(module)

    assert found
    assert {name for name, kernel in found.items() if kernel.targetoptions["_nrt"]} == ALLOCATE & set(found)


def test_numba_counts_no_references_where_it_is_told_not_to() -> None:
    def read(rows: tuple[I64, I64]) -> int:
        last = rows
        for row in rows:
            if row[0] > last[0][0]:
                last = (row, rows[0])
        return int(last[0][0])

    rows = (np.arange(3), np.arange(2))
    counted = {}
    for name, options in (("plain", JIT), ("allocating", ALLOCATING)):
        compiled = numba.njit(**{**options, "cache": False})(read)
        assert compiled(rows) == 0
        counted[name] = "@NRT_incref" in next(iter(compiled.inspect_llvm().values()))

    assert counted == {"plain": False, "allocating": True}
