"""The kernel's speed is measured on real requests, in a process of its own."""

from __future__ import annotations

import pytest

from benchmarks.kernel import KINDS, Speed, format_speeds, measure


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_chain_works_and_its_memory_is_seen(kind: str) -> None:
    speed = measure(kind, 3, 12, 0.0)
    assert speed.iterations_per_s > 100
    assert speed.evaluations_per_s > speed.iterations_per_s
    assert speed.peak_mb is not None
    assert speed.peak_mb > 20


def test_the_table_has_a_line_for_each_request() -> None:
    table = format_speeds([Speed("plain", 10, 60, 96_795.4, 3_796_735.2, 0.004, 340)])
    assert "| plain 10x60 | 96,795 | 3,796,735 | 0.00 | 340 |" in table
