"""The shows of limits and of a nation: what they run, and what they call broken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import limits, nation

KEPT = {"late": False, "legal": True, "first_plan_s": 3.0, "peak_mb": 500}


def test_every_size_is_run_with_twenty_seconds_and_small_ones_with_fewer_too() -> None:
    cases = limits.list_cases(short=False)
    assert len({case.key for case in cases}) == len(cases) == 3 * (4 + 6 + 8)
    assert max(case.engineers * case.tickets for case in cases if case.seconds == 1.0) == 50 * 400
    assert max(case.engineers * case.tickets for case in cases if case.seconds == 5.0) == 200 * 2_000
    assert {case.kind for case in cases if case.tickets == 10_000} == {"plain", "rich", "days"}
    assert {case.seconds for case in limits.list_cases(short=True)} == {1.0}


@pytest.mark.compiled
@pytest.mark.slow
def test_a_run_is_measured_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "list_cases", lambda **_: [limits.Case("plain", 2, 6, 5.0)])
    monkeypatch.setattr(limits, "OVER_S", 600.0)  # whatever else the machine does
    out = tmp_path / "limits.json"
    limits.main(["--out", str(out)])
    kept = json.loads(out.read_text(encoding="utf-8"))
    (row,) = kept["rows"].values()
    assert row["legal"]
    assert row["written_s"] > 0
    assert row["peak_mb"] > 50
    assert kept["summary"]["measured"] == "1 of 1"


@pytest.mark.parametrize(
    "broken",
    [
        {"late": True},
        {"legal": False},
        {"first_plan_s": 10.1},
        {"peak_mb": 2_001},
        {"workers_peak_mb": [300, 2_001]},
    ],
)
def test_a_nation_that_breaks_a_promise_is_noticed(broken: dict[str, Any]) -> None:
    assert not nation.is_broken(KEPT)
    assert nation.is_broken({**KEPT, **broken})


def test_late_and_illegal_runs_are_named() -> None:
    cases = [limits.Case("plain", 1, 5, 1.0), limits.Case("rich", 1, 5, 1.0), limits.Case("days", 1, 5, 1.0)]
    row = {"allowed_s": 3.1, "written_s": 2.0, "peak_mb": 200, "late": False, "legal": True}
    rows = {cases[0].key: row | {"late": True}, cases[1].key: row | {"legal": False, "written_s": 3.0}}
    told = limits.summarise(rows, cases)
    assert told["measured"] == "2 of 3"
    assert (told["late"], told["not_legal"]) == ([cases[0].key], [cases[1].key])
    assert told["least_spare_s"] == pytest.approx(0.1)
