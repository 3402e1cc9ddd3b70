"""``paidan demo``: what is made is tested in tests/dispatch/demo; here is who asks for it, and how it is served."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dispatch.demo import make
from dispatch.demo.make import Demo
from dispatch.domain.event import Event
from dispatch.storage.store import Store
from tests.web.command.running import Paidan
from web.command import serve

EIGHT = datetime(2026, 11, 23, 0, 12, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which a demonstration is found."""
    store = Store(make.database_in(tmp_path))
    store.migrate()
    with store.writing() as unit:
        unit.add_event(Event("TicketAdded", EIGHT, "Ticket", "WX1"))
    store.close()

    def bring(folder: Path, **_: object) -> Demo:
        return Demo(folder, date(2026, 11, 23), is_new=False)

    monkeypatch.setattr(make, "bring_demo", bring)
    return tmp_path


def test_without_serving_it_says_that_the_day_is_there(folder: Path, paidan: Paidan) -> None:
    answer = paidan("demo", "--folder", folder, "--no-serve")
    assert answer.code == 0
    assert answer.out == "· 2026-11-23: there already, as it was left · 已有，接着上次\n"


def test_it_is_served_with_a_worker_and_a_clock_that_goes_on_where_it_stood(
    folder: Path, paidan: Paidan, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: dict[str, Any] = {}

    def serve_desk(store: Store, database: str, **options: Any) -> int:  # noqa: ANN401 - as it is called
        store.check_tables()
        served.update(options, database=database)
        return 0

    monkeypatch.setattr(serve, "serve_desk", serve_desk)
    monkeypatch.setenv("PAIDAN_GEOCODER", "amap")
    monkeypatch.setenv("PAIDAN_GEOCODER_KEY", "k")
    answer = paidan("demo", "--folder", folder, "--port", "8123")
    assert answer.code == 0, answer.err
    assert "its clock goes on from 2026-11-23 08:12" in answer.out
    assert (served["port"], served["host"], served["with_worker"]) == (8123, "127.0.0.1", True)
    assert served["ask"]() is not None
    assert served["moving"].ways is None
    assert served["log_to"].name == str(folder / "service.log")
    assert served["database"] == make.database_in(folder)
    there = datetime.now(UTC) + timedelta(seconds=served["clock_ahead_s"])
    assert abs((there - EIGHT).total_seconds()) < 60


def test_settings_that_are_wrong_are_told_before_anything_is_made(
    paidan: Paidan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAIDAN_PRESET", "cheap")
    answer = paidan("demo", "--folder", tmp_path / "new", "--no-serve")
    assert answer.code == 2
    assert "PAIDAN_PRESET" in answer.err
    assert not (tmp_path / "new").exists()
