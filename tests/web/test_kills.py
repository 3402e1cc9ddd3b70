"""kill -9 of the search, its worker and the server while the day is planned anew, seen by who asks over HTTP.

`benchmarks/faults.py` does the same many times over.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.house import KINDS, House, Kind

MISSES_MAX = 4

pytestmark = pytest.mark.slow


@pytest.fixture
def house(address: str, tmp_path: Path) -> Iterator[House]:
    made = House(address, tmp_path)
    try:
        made.open()
        yield made
    finally:
        made.close()


def test_whatever_is_killed_nothing_acknowledged_is_lost_and_each_job_has_one_plan(house: House) -> None:
    for kind in KINDS:
        assert has_killed(house, kind)
    house.check(wholly=True)


def has_killed(house: House, kind: Kind) -> bool:
    """Play rounds until the kill came before the search was over."""
    return any(not house.play(kind).is_missed for _ in range(MISSES_MAX))
