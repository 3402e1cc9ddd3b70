"""``paidan solve``: what it asks of the search, what it writes where, and what it refuses before any work."""

from __future__ import annotations

import json
import os
import signal
import stat
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Final

import pytest

from dispatch.format.faults import Fault
from dispatch.format.model import Plan
from dispatch.format.read import read_plan, read_request
from tests.web.command.running import Paidan, Search, UnsupportedError
from web.command.documents import write_output

TEN_FAULTS: Final = Path(__file__).parents[3] / "fixtures" / "bad_requests" / "ten_faults.json"
TEN_PATHS: Final = [
    "locations[1].lat",
    "travel.peaks[1]",
    "engineers[0].skills.空调",
    "engineers[0].shifts[1]",
    "tickets[0].windows[0]",
    "tickets[1].skip_cost",
    "tickets[2].duration_s",
    "tickets[2].duration",
    "tickets[2].after[0]",
    "tickets[1].location",
]


def test_the_plan_goes_to_standard_output(paidan: Paidan, search: Search, day: Path) -> None:
    answer = paidan("solve", day)
    assert (answer.code, answer.err) == (0, "")
    assert read_plan(answer.out) == search.plan


def test_the_plan_goes_to_the_file_that_was_named(paidan: Paidan, search: Search, day: Path, tmp_path: Path) -> None:
    answer = paidan("solve", day, "-o", tmp_path / "plan.json")
    assert (answer.code, answer.out, answer.err) == (0, "", "")
    assert read_plan((tmp_path / "plan.json").read_bytes()) == search.plan
    assert sorted(path.name for path in tmp_path.iterdir()) == ["day.json", "plan.json"]


def test_the_request_may_come_from_standard_input(paidan: Paidan, search: Search, day: Path) -> None:
    assert paidan("solve", "-", stdin=day.read_bytes()).code == 0
    assert search.calls[0]["request"] == read_request(day.read_bytes())


def test_an_infeasible_plan_is_written_and_ends_with_1(paidan: Paidan, search: Search, day: Path) -> None:
    search.plan = replace(search.plan, status="infeasible")
    answer = paidan("solve", day)
    assert answer.code == 1
    assert read_plan(answer.out) == search.plan


def test_untold_it_searches_10_seconds_with_seed_0_on_all_cores(paidan: Paidan, search: Search, day: Path) -> None:
    paidan("solve", day)
    (call,) = search.calls
    assert call["stop"].seconds == pytest.approx(10, abs=1)
    assert call["stop"].iterations is None
    assert (call["seed"], call["threads"]) == (0, len(os.sched_getaffinity(0)))


def test_iterations_alone_have_no_time_limit(paidan: Paidan, search: Search, day: Path) -> None:
    paidan("solve", day, "--iterations", 500, "--seed", 7, "--threads", 1)
    (call,) = search.calls
    assert (call["stop"].seconds, call["stop"].iterations) == (None, 500)
    assert (call["seed"], call["threads"]) == (7, 1)


@pytest.mark.parametrize(
    ("words", "seconds"),
    [([], None), (["--bound"], 20), (["--bound", 3], 3), (["--bound=0.5"], 0.5), (["--bound=0"], 0)],
)
def test_a_bound_is_proven_on_demand(
    words: list[object], seconds: float | None, paidan: Paidan, search: Search, day: Path
) -> None:
    assert paidan("solve", day, *words).code == 0
    assert search.calls[0]["bound_s"] == seconds


def test_seconds_and_iterations_hold_together(paidan: Paidan, search: Search, day: Path) -> None:
    paidan("solve", day, "--iterations", 500, "--seconds", 0.5)
    (call,) = search.calls
    assert call["stop"].seconds == pytest.approx(0.5, abs=0.1)
    assert call["stop"].iterations == 500


@pytest.mark.parametrize(
    "option",
    [
        ["--seconds", "-1"],
        ["--seconds", "nan"],
        ["--seconds", "inf"],
        ["--seconds", "ten"],
        ["--bound", "nan"],
        ["--iterations", "-1"],
        ["--iterations", "1.5"],
        ["--seed", "-1"],
        ["--threads", "0"],
        ["--speed", "1"],
    ],
)
def test_an_impossible_option_is_refused_before_any_work(
    paidan: Paidan, search: Search, day: Path, option: list[str]
) -> None:
    answer = paidan("solve", day, *option)
    assert (answer.code, answer.out) == (2, "")
    assert option[0] in answer.err
    assert search.calls == []


def test_ten_planted_faults_are_ten_lines_and_nothing_is_written(
    paidan: Paidan, search: Search, tmp_path: Path
) -> None:
    answer = paidan("solve", TEN_FAULTS, "-o", tmp_path / "plan.json")
    assert (answer.code, answer.out) == (2, "")
    lines = answer.err.splitlines()
    assert [line.partition(": ")[0] for line in lines] == TEN_PATHS
    for line in lines:
        wrong, _, expected = line.partition(", expected ")
        assert wrong.endswith(")")
        assert expected
    assert list(tmp_path.iterdir()) == []
    assert search.calls == []


def test_the_same_ten_as_json(paidan: Paidan, search: Search) -> None:
    answer = paidan("solve", TEN_FAULTS, "--json")
    assert answer.code == 2
    faults = json.loads(answer.err)
    assert [fault["path"] for fault in faults] == TEN_PATHS
    assert all(set(fault) == {"code", "path", "value", "message"} for fault in faults)
    assert faults[0]["value"] == 120.1402


def test_an_old_plan_stays_when_the_request_is_invalid(paidan: Paidan, search: Search, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text("old", encoding="utf-8")
    assert paidan("solve", TEN_FAULTS, "-o", tmp_path / "plan.json").code == 2
    assert (tmp_path / "plan.json").read_text(encoding="utf-8") == "old"


def test_an_old_plan_is_replaced_and_keeps_its_permissions(
    paidan: Paidan, search: Search, day: Path, tmp_path: Path
) -> None:
    target = tmp_path / "plan.json"
    target.write_text("old", encoding="utf-8")
    target.chmod(0o640)
    assert paidan("solve", day, "-o", target).code == 0
    assert read_plan(target.read_bytes()) == search.plan
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_new_plan_has_the_permissions_of_any_new_file(
    paidan: Paidan, search: Search, day: Path, tmp_path: Path
) -> None:
    paidan("solve", day, "-o", tmp_path / "plan.json")
    (tmp_path / "other").touch()
    assert (tmp_path / "plan.json").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_link_stays_a_link(paidan: Paidan, search: Search, day: Path, tmp_path: Path) -> None:
    (tmp_path / "real.json").touch()
    (tmp_path / "link.json").symlink_to("real.json")
    paidan("solve", day, "-o", tmp_path / "link.json")
    assert (tmp_path / "link.json").is_symlink()
    assert read_plan((tmp_path / "real.json").read_bytes()) == search.plan


def test_a_device_is_written_to_and_not_replaced(paidan: Paidan, search: Search, day: Path) -> None:
    assert paidan("solve", day, "-o", os.devnull).code == 0
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


def test_a_failed_writing_leaves_the_old_file_and_no_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "plan.json"
    target.write_text("old", encoding="utf-8")

    def fail(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        write_output(str(target), "new")
    assert target.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_full_disk_is_one_line(
    paidan: Paidan, search: Search, day: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    answer = paidan("solve", day, "-o", tmp_path / "plan.json")
    assert (answer.code, answer.err) == (74, "paidan: No space left on device\n")


@pytest.mark.parametrize(
    ("output", "wrong"),
    [
        ("missing/plan.json", "is in a folder that does not exist"),
        (".", "is a folder"),
        ("day.json/x", "does not exist"),
    ],
)
def test_an_output_that_cannot_be_written_is_told_before_any_work(
    paidan: Paidan, search: Search, day: Path, tmp_path: Path, output: str, wrong: str
) -> None:
    answer = paidan("solve", day, "-o", tmp_path / output)
    assert answer.code == 2
    assert answer.err.startswith("--output: ")
    assert wrong in answer.err
    assert search.calls == []


def test_faults_of_request_and_output_are_told_together(paidan: Paidan, search: Search, tmp_path: Path) -> None:
    answer = paidan("solve", TEN_FAULTS, "-o", tmp_path / "missing" / "plan.json")
    assert answer.code == 2
    assert [line.partition(": ")[0] for line in answer.err.splitlines()] == [*TEN_PATHS, "--output"]


@pytest.mark.parametrize(("name", "wrong"), [("none.json", "does not exist"), (".", "is a folder")])
def test_a_request_that_cannot_be_read_is_one_line(
    paidan: Paidan, search: Search, tmp_path: Path, name: str, wrong: str
) -> None:
    answer = paidan("solve", tmp_path / name)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(f"REQUEST: {wrong} (")
    assert answer.err.count("\n") == 1


def test_a_request_without_permission_is_one_line(
    paidan: Paidan, search: Search, day: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path, _mode: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    answer = paidan("solve", day)
    assert answer.code == 2
    assert answer.err.startswith("REQUEST: cannot be read: permission denied (")


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"[" * 100_000, b"\x00", b"{}}"])
def test_what_is_no_document_is_one_line_about_the_request(paidan: Paidan, search: Search, data: bytes) -> None:
    answer = paidan("solve", "-", stdin=data)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("REQUEST: ")
    assert answer.err.count("\n") == 1


def test_what_the_search_cannot_plan_is_told_like_faults(
    paidan: Paidan, search: Search, day: Path, tmp_path: Path
) -> None:
    fault = Fault("unsupported", "depots", "2 depots", "this version cannot plan this key, expected no depots")
    search.error = UnsupportedError([fault])
    answer = paidan("solve", day, "-o", tmp_path / "plan.json")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == f"{fault}\n"
    assert not (tmp_path / "plan.json").exists()
    assert json.loads(paidan("solve", day, "--json").err) == [fault.as_json()]


def test_a_search_that_breaks_is_one_line(paidan: Paidan, search: Search, day: Path, tmp_path: Path) -> None:
    search.error = ZeroDivisionError("by zero")
    answer = paidan("solve", day, "-o", tmp_path / "plan.json")
    assert answer.code == 70
    assert answer.err.count("\n") == 1
    assert not (tmp_path / "plan.json").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_writes_the_best_plan_so_far(
    paidan: Paidan, search: Search, day: Path, number: signal.Signals
) -> None:
    handlers = [signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)]
    search.until_cancelled = lambda: os.kill(os.getpid(), number)
    answer = paidan("solve", day, "--seconds", 3600)
    assert (answer.code, answer.err) == (0, "")
    assert read_plan(answer.out) == search.plan
    assert [signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)] == handlers


def test_interrupted_twice_it_ends_at_once_without_a_plan(
    paidan: Paidan, search: Search, day: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()

    def ignore_interrupts(_request: object, *, cancel: threading.Event, **_options: object) -> Plan:
        os.kill(os.getpid(), signal.SIGINT)
        cancel.wait(timeout=30)
        os.kill(os.getpid(), signal.SIGINT)
        over.wait(timeout=30)
        return search.plan

    monkeypatch.setattr(sys.modules["dispatch.planning"], "solve", ignore_interrupts)
    answer = paidan("solve", day, "-o", tmp_path / "plan.json")
    over.set()
    assert (answer.code, answer.out, answer.err.strip()) == (130, "", "paidan: interrupted")
    assert not (tmp_path / "plan.json").exists()


def test_a_scheduler_is_taken_from_the_option_else_from_the_settings(
    paidan: Paidan, search: Search, day: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paidan("solve", day)
    monkeypatch.setenv("PAIDAN_DASK", "tcp://10.0.0.1:8786")
    paidan("solve", day)
    paidan("solve", day, "--dask", "tls://10.0.0.2:8786")
    monkeypatch.delenv("PAIDAN_DASK")
    (tmp_path / "paidan.toml").write_text('dask = "tcp://10.0.0.3:8786"', encoding="utf-8")
    monkeypatch.setenv("PAIDAN_SETTINGS_FILE", str(tmp_path / "paidan.toml"))
    paidan("solve", day)
    addresses = [call["dask"] for call in search.calls]
    assert addresses == [None, "tcp://10.0.0.1:8786", "tls://10.0.0.2:8786", "tcp://10.0.0.3:8786"]


@pytest.mark.parametrize(
    "address", ["10.0.0.1:8786", "tcp://10.0.0.1", "tcp://10.0.0.1:70000", "http://10.0.0.1:80", ""]
)
def test_an_address_that_is_no_scheduler_is_refused_before_any_work(
    paidan: Paidan, search: Search, day: Path, address: str
) -> None:
    answer = paidan("solve", day, "--dask", address)
    assert (answer.code, answer.out, search.calls) == (2, "", [])
    assert "--dask: is no scheduler" in answer.err


def test_a_setting_that_is_no_scheduler_is_refused(
    paidan: Paidan, day: Path, search: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAIDAN_DASK", "nowhere")
    answer = paidan("solve", day)
    assert (answer.code, search.calls) == (2, [])
    assert answer.err.startswith("PAIDAN_DASK: is no scheduler")


def test_what_is_said_of_the_cluster_goes_to_standard_error(
    paidan: Paidan, search: Search, day: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def speak(_request: object, *, on_note: Callable[[object], object], **_options: object) -> Plan:
        on_note(SimpleNamespace(say=lambda lang: f"said in {lang}"))
        return search.plan

    monkeypatch.setattr(sys.modules["dispatch.planning"], "solve", speak)
    answer = paidan("solve", day)
    assert (answer.code, answer.err) == (0, "said in en\n")
    assert read_plan(answer.out) == search.plan
