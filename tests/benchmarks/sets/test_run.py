from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.sets import run
from tests.benchmarks.sets.tiny import write_sets


def test_without_a_folder_the_runner_says_where_to_tell_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.delenv(run.VARIABLE, raising=False)
    with pytest.raises(SystemExit) as refused:
        run.main(["--out", str(tmp_path / "sets.json")])
    assert refused.value.code == 2
    assert "--data FOLDER or PAIDAN_SETS=FOLDER" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        run.main(["--data", str(tmp_path / "nowhere")])
    assert "there is no folder" in capsys.readouterr().err
    (tmp_path / "toptw").mkdir()
    (tmp_path / "toptw" / "reference.csv").write_text("instance,m,best,average\n", encoding="utf-8")
    with pytest.raises(SystemExit):
        run.main(["--data", str(tmp_path), "--set", "toptw"])
    assert "holds no instance of toptw" in capsys.readouterr().err


def test_what_can_be_planned_is_run_judged_and_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, out = write_sets(tmp_path / "sets"), tmp_path / "results" / "sets.json"
    command = ["--data", str(folder), "--set", "toptw,strsp", "--seconds", "0.2", "--out", str(out)]
    run.main(command)
    document = json.loads(out.read_text(encoding="utf-8"))
    entry = document["runs"]["toptw x101-m1 0.2 s 2 threads seed 0"]
    assert (entry["value"], entry["legal"], entry["better"]) == (30.0, True, True)
    assert entry["gap"] == pytest.approx(-0.2)
    assert entry["routes"] in ([[1, 1, 2]], [[1, 2, 1]])
    assert document["runs"]["strsp X101_2x2-reduced 0.2 s 2 threads seed 0"]["value"] == 238.0
    assert document["summary"]["toptw 0.2 s"]["better"] == ["x101-m1"]
    assert document["machine"]["cpu"]
    said = capsys.readouterr().out
    assert "| **strsp 0.2 s** | 2 of 2 | 2 | 238.00 | – | – | – |" in said
    assert "3 of 3: " in said
    run.main(command)
    assert "of 3: " not in capsys.readouterr().out, "what there is, is not run again"


def test_seeds_and_patterns_choose_runs_and_a_summary_runs_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = write_sets(tmp_path / "sets"), tmp_path / "sets.json"
    common = ["--data", str(folder), "--set", "strsp", "--out", str(out), "--summary"]
    run.main([*common, "--seeds", "0-2,5", "--instances", "*-reduced"])
    assert "| **strsp 30 s** | 0 of 4 | 0 |" in capsys.readouterr().out


def test_an_unknown_set_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run.main(["--set", "vrp"])
    assert "there is no vrp; there are trsp" in capsys.readouterr().err
