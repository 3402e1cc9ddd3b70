from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.scripts.loading import load_script

WEB = {"covered_lines": 95, "num_statements": 100, "covered_branches": 95, "num_branches": 100}
ALL = {"covered_lines": 3, "num_statements": 3, "covered_branches": 2, "num_branches": 2}


def measured(judge: dict[str, int] | None = None, **web: int) -> dict[str, Any]:
    """Return a measurement that is enough, but for what is told."""
    files = {"dispatch/judge/price.py": judge or ALL, "web/app.py": {**WEB, **web}}
    return {"files": {path: {"summary": summary} for path, summary in files.items()}}


def test_what_reaches_the_bounds_exactly_is_enough() -> None:
    files = measured(covered_lines=90 - 3, num_statements=97, covered_branches=90 - 2, num_branches=98)
    said, enough = load_script("coverage_bounds").compare(files)
    assert enough
    assert said == [
        "dispatch, solver and web: 90.00 % of 100 lines, 90.00 % of 100 branches (at least 90 %)",
        "dispatch/judge: 100.00 % of 3 lines, 100.00 % of 2 branches (at least 100 %)",
    ]


@pytest.mark.parametrize(
    "files",
    [
        measured(covered_lines=89 - 3),
        measured(covered_branches=89 - 2),
        measured({**ALL, "covered_lines": 2}),
        measured({**ALL, "covered_branches": 1}),
        measured({**ALL, "covered_lines": 10**6 - 1, "num_statements": 10**6}),
    ],
    ids=["lines", "branches", "a line of the judge", "a branch of the judge", "one of a million"],
)
def test_one_less_is_not_enough_and_is_marked(files: dict[str, Any]) -> None:
    said, enough = load_script("coverage_bounds").compare(files)
    assert not enough
    assert "\n".join(said).count("TOO FEW") == 1


def test_a_measurement_without_branches_or_without_the_judge_is_not_enough() -> None:
    script = load_script("coverage_bounds")
    lines_only = {"files": {"dispatch/judge/price.py": {"summary": {"covered_lines": 3, "num_statements": 3}}}}
    said, enough = script.compare(lines_only)
    assert not enough
    assert said[1] == "dispatch/judge: 100.00 % of 3 lines, nothing of 0 branches TOO FEW (at least 100 %)"
    assert not script.compare({"files": {}})[1]


@pytest.mark.parametrize(("reached", "code"), [(90, 0), (80, 1)])
def test_the_exit_code_says_whether_it_is_enough(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], reached: int, code: int
) -> None:
    (tmp_path / "coverage.json").write_text(json.dumps(measured(covered_branches=reached)), encoding="utf-8")
    assert load_script("coverage_bounds").main([str(tmp_path / "coverage.json")]) == code
    assert "dispatch/judge: 100.00 %" in capsys.readouterr().out
