"""The race: what is run, what is kept, and what the tables say."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks import cell as cells_module
from benchmarks import race
from benchmarks.cell import OURS, Cell, Result, pick_best, run_engine
from benchmarks.child import Outcome
from benchmarks.compare import compare, format_comparison
from benchmarks.machine import describe_machine, list_versions, read_commit
from benchmarks.plain import Tours
from benchmarks.stability import format_spread, list_cells, summarise_spread
from benchmarks.store import Store
from benchmarks.summary import format_summary, summarise

CELL = Cell("tight", 10, 60, 1, 2.0)


def make_result(engine: str, total: float, *, legal: bool = True) -> Result:
    return Result(
        engine,
        "default",
        "ok",
        legal=legal,
        total=total,
        skipped_cost=total - 1,
        travel_cost=1.0,
        overrun_s=0.5,
        late=False,
    )


def judge_tours(tours: Tours, solve_s: float = 1.0) -> Result:
    outcome = Outcome("ok", (tours, 0.1, solve_s, 0.9), "", 50, 2.0)
    return cells_module._judge(CELL, "VROOM", "deep", outcome)


def test_tours_are_timed_and_judged() -> None:
    result = judge_tours([[] for _ in range(10)])
    assert result.legal
    assert result.served == 0
    assert result.travel_cost == 0
    assert result.total == result.skipped_cost == sum(float(t.skip_cost or 0) for t in CELL.make_request().tickets)
    assert (result.overrun_s, result.late) == (0.0, False)


def test_a_tour_for_the_wrong_engineer_is_not_legal_and_says_why() -> None:
    request = CELL.make_request()
    skill, level = next(iter(request.tickets[0].requires.items()))
    unable = next(row for row, engineer in enumerate(request.engineers) if engineer.skills.get(skill, 0) < level)
    tours: Tours = [[] for _ in range(10)]
    tours[unable] = [0]
    result = judge_tours(tours)
    assert result.legal is False
    assert any(violation.startswith("skill ") for violation in result.violations)


@pytest.mark.parametrize(("solve_s", "overrun_s", "late"), [(2.0, 0.0, False), (4.2, 2.2, False), (4.3, 2.3, True)])
def test_an_answer_is_late_past_a_tenth_and_two_seconds(solve_s: float, overrun_s: float, late: bool) -> None:
    result = judge_tours([[] for _ in range(10)], solve_s)
    assert (result.overrun_s, result.late) == (overrun_s, late)


def test_a_crash_is_a_result_without_a_plan() -> None:
    result = cells_module._judge(CELL, "PyVRP", "loads", Outcome("crashed", message="exit code -6"))
    assert (result.status, result.message, result.legal, result.total) == ("crashed", "exit code -6", None, None)


def test_the_better_legal_setting_counts() -> None:
    cheap, dear = make_result("VROOM", 10), make_result("VROOM", 20)
    assert pick_best([dear, cheap]) == cheap
    assert pick_best([dear, replace(cheap, legal=False)]) == dear
    assert pick_best([replace(cheap, legal=False)]) is None


@pytest.mark.slow
def test_an_engine_runs_in_children_and_is_judged() -> None:
    results = run_engine(replace(CELL, seconds=1.0), "OR-Tools")
    assert [result.setting for result in results] == ["guided", "annealing"]
    assert all(result.legal for result in results)


def test_a_stopped_race_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = []

    def run_fake(cell: Cell, engine: str) -> list[Result]:
        runs.append((cell.seed, engine))
        return [make_result(engine, 100.0 if engine == OURS else 110.0)]

    monkeypatch.setattr(race, "run_engine", run_fake)
    arguments = ["--families", "tight", "--sizes", "10x60", "--seconds", "2", "--out", str(tmp_path / "race.json")]
    race.main([*arguments, "--seeds", "1", "--engines", "VROOM"])
    race.main([*arguments, "--seeds", "1-2", "--engines", "ours,VROOM"])
    race.main([*arguments, "--seeds", "1-2", "--engines", "ours,VROOM"])
    assert runs == [(1, "VROOM"), (1, OURS), (2, OURS), (2, "VROOM")]
    document = json.loads((tmp_path / "race.json").read_text(encoding="utf-8"))
    assert document["machine"]["cores"] >= 1
    assert document["summary"]["all"] == pytest.approx(100 / 110)


def test_our_result_of_another_commit_is_measured_anew(tmp_path: Path) -> None:
    store = Store(tmp_path / "race.json")
    store.add(CELL, OURS, [make_result(OURS, 1.0)], 0.1)
    store.add(CELL, "VROOM", [make_result("VROOM", 1.0)], 0.1)
    later = Store(tmp_path / "race.json")
    assert later.has(CELL, OURS)
    later.commit = "another"
    assert not later.has(CELL, OURS)
    assert later.has(CELL, "VROOM")


def test_what_was_measured_on_a_busy_machine_can_be_measured_anew(tmp_path: Path) -> None:
    Store(tmp_path / "race.json").add(CELL, "VROOM", [make_result("VROOM", 1.0)], 3.1)
    assert Store(tmp_path / "race.json", most_load=3.1).has(CELL, "VROOM")
    assert not Store(tmp_path / "race.json", most_load=3.0).has(CELL, "VROOM")


def test_progress_is_told_with_number_and_total(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(race, "run_engine", lambda _, engine: [make_result(engine, 5.0)])
    race.main(["--short", "--seeds", "101", "--engines", "VROOM", "--out", str(tmp_path / "race.json")])
    said = capsys.readouterr().out
    assert "1 of 6: tight 10x60 seed 101 2 s, VROOM: default 5.00" in said
    assert "6 of 6: clustered 30x240 seed 101 2 s" in said


def test_an_unknown_family_is_refused_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        race.main(["--families", "wide"])
    assert "there is no wide; there are tight, loose, clustered" in capsys.readouterr().err


def make_entry(seed: int, search_seed: int = 0, **results: list[Result]) -> dict[str, Any]:
    engines = {
        engine.replace("_", "-"): {"commit": "c", "results": [result.as_json() for result in found]}
        for engine, found in results.items()
    }
    return {"family": "tight", "engineers": 10, "tickets": 60, "seed": seed, "seconds": 2.0,
            "search_seed": search_seed, "engines": engines}  # fmt: skip


def test_the_ratio_is_to_the_best_legal_peer() -> None:
    entry = make_entry(
        1,
        ours=[make_result(OURS, 90.0)],
        VROOM=[make_result("VROOM", 100.0)],
        PyVRP=[make_result("PyVRP", 50.0, legal=False), make_result("PyVRP", 120.0)],
    )
    summary = summarise({"a": entry})
    assert summary["all"] == pytest.approx(0.9)
    assert summary["groups"]["tight 10x60 2 s"]["totals"] == {"ours": 90.0, "VROOM": 100.0, "PyVRP": 120.0}
    assert summary["engines"]["PyVRP"] == {
        "answers": 2, "legal": 1, "without_answer": 0, "late": 0, "worst_overrun_s": 0.5
    }  # fmt: skip


def test_ratios_have_median_and_spread_and_a_geometric_mean() -> None:
    entries = {
        str(seed): make_entry(seed, ours=[make_result(OURS, total)], VROOM=[make_result("VROOM", 100.0)])
        for seed, total in ((1, 50.0), (2, 80.0), (3, 200.0))
    }
    summary = summarise(entries)
    assert summary["groups"]["tight 10x60 2 s"]["ratio"] == {"median": 0.8, "least": 0.5, "greatest": 2.0}
    assert summary["families"]["tight 2 s"] == pytest.approx((0.5 * 0.8 * 2.0) ** (1 / 3))
    assert "0.800 (0.500 to 2.000)" in format_summary(summary)


def test_without_our_answer_there_is_no_ratio() -> None:
    summary = summarise({"a": make_entry(1, VROOM=[make_result("VROOM", 100.0)])})
    assert summary["all"] is None
    assert "| tight 10x60 2 s | 100 | – |" in format_summary(summary)


def test_stability_compares_the_worst_search_seed_with_the_best() -> None:
    entries = [
        make_entry(201, seed, ours=[make_result(OURS, total)]) for seed, total in enumerate((100.0, 103.0, 101.0))
    ]
    entries.append(make_entry(202, 0, ours=[make_result(OURS, 1.0, legal=False)]))
    summary = summarise_spread(entries)
    assert summary["requests"] == {"tight 201": {"best": 100.0, "worst": 103.0, "ratio": 1.03}}
    assert summary["without_plan"] == 1
    assert "median 1.0300, greatest 1.0300" in format_spread(summary)


def test_stability_takes_requests_that_serve_for_nothing_else() -> None:
    cells = list_cells(20, 5, 10.0)
    assert len(cells) == 100
    assert {cell.seed for cell in cells} == set(range(201, 221))
    assert len({cell.key for cell in cells}) == 100


def test_two_commits_are_compared_cell_by_cell() -> None:
    before = {str(seed): make_entry(seed, ours=[make_result(OURS, 100.0)]) for seed in (1, 2, 3)}
    after = {
        "1": make_entry(1, ours=[make_result(OURS, 90.0)]),
        "2": make_entry(2, ours=[make_result(OURS, 110.0)]),
        "3": make_entry(3, ours=[make_result(OURS, 1.0, legal=False)]),
    }
    groups = compare(before, after)
    assert groups == {"tight 10x60 2 s": {"ratios": [0.9, 1.1], "lost": 1, "won": 0}}
    assert "1.0000 (0.9000 to 1.1000) | 1, 0" in format_comparison(groups)


def test_results_that_share_no_cell_are_told_so() -> None:
    assert format_comparison(compare({"1": make_entry(1)}, {"2": make_entry(2)})) == (
        "No cell is in both: the sizes, seeds or seconds differ."
    )


def test_the_machine_and_the_engines_are_named() -> None:
    assert describe_machine()["cpu"]
    assert "ortools" in list_versions()
    assert len(read_commit()) >= 7


@pytest.mark.slow
def test_our_planner_runs_in_a_child_and_is_judged() -> None:
    (result,) = run_engine(replace(CELL, seconds=0.5), OURS)
    assert result.legal, result
    assert result.served is not None
    assert result.served > 40
