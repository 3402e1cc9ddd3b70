from __future__ import annotations

from datetime import UTC, date, datetime

from dispatch.domain.place import CoordinateSystem
from dispatch.services.keep_trial import Sheets
from web.try_day.shelf import MOST, SHEET_BYTES, Kept, Shelf

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def kept(n_bytes: int) -> Kept:
    """Return a trial whose sheets hold so many bytes."""
    sheets = Sheets(b"x" * n_bytes, None, date(2026, 11, 23), CoordinateSystem.WGS_84)
    return Kept("2026-11-23", b"", b"", 1, 1, 0, 0, NOW, sheets=sheets)


def test_of_too_many_trials_the_oldest_goes() -> None:
    shelf = Shelf(lambda: NOW)
    names = [shelf.put(kept(1)) for _ in range(MOST + 1)]
    assert [shelf.find(name) is not None for name in names] == [False] + [True] * MOST


def test_of_too_many_bytes_the_oldest_sheets_go_and_the_plans_stay() -> None:
    shelf = Shelf(lambda: NOW)
    third = SHEET_BYTES // 3
    names = [shelf.put(kept(n_bytes)) for n_bytes in (third, third, third, third)]
    found = [shelf.find(name) for name in names]
    assert [one is not None and one.sheets is not None for one in found] == [False, True, True, True]
    assert None not in found
