from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.sets import SETS, run
from benchmarks.sets.instance import Answer, Judged, Setting
from benchmarks.sets.summary import format_summary, summarise
from dispatch.format.faults import Fault
from dispatch.planning.unsupported import Unsupported
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


def test_what_cannot_be_planned_yet_is_named_counted_as_not_run_and_tried_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_: Setting) -> Answer:
        raise Unsupported([Fault("unsupported", f"tickets[{row}].parts", {}, "no parts") for row in range(3)])

    (instance,) = SETS["trsp"].list_instances(write_sets(tmp_path))
    results = run.Results(tmp_path / "sets.json")
    runs = [(replace(instance, play=refuse), Setting(1.0, 2, 0))]
    for _ in range(2):
        run.run_missing(results, runs)
    said = capsys.readouterr().out
    assert said.count("cannot be planned yet: tickets.parts") == 2
    table = format_summary(summarise(results.runs, runs))
    assert "| **trsp 1 s** | 0 of 1 | 0 |" in table
    assert "trsp 1 s, cannot be planned yet: tickets.parts." in table


def test_gaps_are_averaged_over_instances_and_the_best_seed_is_told_apart(tmp_path: Path) -> None:
    (instance,) = SETS["trsp"].list_instances(write_sets(tmp_path))
    assert instance.known is not None
    runs, entries = [], {}
    for seed, factor in enumerate((1.03, 0.99, 1.07)):
        setting = Setting(1.0, 2, seed)
        judged = Judged(instance.known * factor, ("late",) if factor == 1.07 else ())
        answer = Answer([(1, (3,))], judged, (), 1.0, 2.0, 10)
        entry = {"name": instance.name, **run.describe(instance, answer)}
        entries[run.key_of(instance, setting)] = entry
        runs.append((instance, setting))
    assert [entry["routes"] for entry in entries.values()] == [None, [[1, 3]], None], "kept where it is better"
    figures = summarise(entries, runs)["trsp 1 s"]
    assert (figures["n"], figures["of"], figures["all"]["legal"], figures["better"]) == (3, 3, 2, ["X101"])
    assert figures["all"]["mean_gap"] == pytest.approx(0.01)
    assert figures["all"]["mean_gap_of_best_seed"] == pytest.approx(-0.01)
    assert figures["all"]["worst_gap"] == pytest.approx(0.03)


def test_a_played_day_is_better_with_fewer_rejected_whatever_it_takes(tmp_path: Path) -> None:
    (instance,) = SETS["trsp-dynamic"].list_instances(write_sets(tmp_path))
    assert instance.known == 150.0
    instance = replace(instance, also_known={"rejected": 1.0})
    assert instance.is_better(Judged(999.0, (), {"rejected": 0.0}))
    assert not instance.is_better(Judged(1.0, (), {"rejected": 2.0}))
    assert instance.is_better(Judged(149.0, (), {"rejected": 1.0}))
    assert not instance.is_better(Judged(150.0, (), {"rejected": 1.0}))


def test_an_unknown_set_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run.main(["--set", "vrp"])
    assert "there is no vrp; there are trsp" in capsys.readouterr().err
