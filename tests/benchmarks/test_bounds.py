"""Bounds measured: the short form of the show, and what its table says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import bounds

pytestmark = pytest.mark.compiled


def test_a_show_of_two_requests_and_some_tiny_ones_is_kept_taken_up_again_and_summarised(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "bounds.json"
    short = ["--requests", "2", "--tiny", "6", "--seconds", "1", "--bound-seconds", "2", "--out", str(out)]
    bounds.main(short)
    kept = json.loads(out.read_text(encoding="utf-8"))
    assert kept["summary"]["measured"] == "2 of 2"
    assert kept["summary"]["tiny"]["measured"] == "6 of 6"
    assert kept["summary"]["tiny"]["above_the_best"] == kept["summary"]["not_legal"] == 0
    assert kept["summary"]["tiny"]["reached_the_best"] > 0
    assert all(row["bound"] <= row["total"] for row in kept["rows"].values() if row["kind"] == "plain")
    assert "gap in the median" in capsys.readouterr().out
    monkeypatch.setattr(bounds, "measure", lambda *_: pytest.fail("measured again"))
    monkeypatch.setattr(bounds, "measure_tiny", lambda *_: pytest.fail("measured again"))
    bounds.main(short)


@pytest.mark.parametrize("wrong", [{"legal": False}, {"above_the_best": True}])
def test_a_plan_that_is_not_legal_and_a_bound_above_the_best_plan_fail_the_show(
    wrong: dict[str, bool], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = {"kind": "plain", "family": "tight", "seed": 301, "total": 2.0, "bound": 1.0, "gap": 0.5, "bound_s": 1.0}
    tiny = {"kind": "tiny", "family": "tight", "seed": 401, "best": 1.0, "bound": 1.0, "reached": False}
    monkeypatch.setattr(bounds, "measure", lambda *_: {**plain, "legal": True, **wrong})
    monkeypatch.setattr(bounds, "measure_tiny", lambda *_: {**tiny, "above_the_best": False, **wrong})
    with pytest.raises(SystemExit):
        bounds.main(["--requests", "1", "--tiny", "1", "--out", str(tmp_path / "bounds.json")])
