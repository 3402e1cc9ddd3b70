"""Random numbers inside the kernels: xorshift64* (Vigna 2016, doi 10.1145/2845077), the same on every machine."""

from __future__ import annotations

from typing import Any

import numpy as np

from solver.jit import JIT, njit
from solver.state import C_RANDOM


@njit(**JIT)
def draw(s: Any) -> int:
    """Return 32 random bits as a whole number ≥ 0 and step the chain's generator."""
    x = np.uint64(s[C_RANDOM])
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    s[C_RANDOM] = np.int64(x)
    return np.int64((x * np.uint64(2685821657736338717)) >> np.uint64(32))


@njit(**JIT)
def below(s: Any, count: int) -> int:
    """Return a whole number from 0 up to, not including, ``count`` (≥ 1)."""
    return (draw(s) * count) >> 32


@njit(**JIT)
def fraction(s: Any) -> float:
    """Return a number above 0 and below 1."""
    return (draw(s) + 0.5) / 4294967296.0
