"""What no command may forget: it answers at once, ends with the right code, and never shows a traceback."""

from __future__ import annotations

import importlib
import os
import runpy
import subprocess
import sys
from keyword import iskeyword
from pathlib import Path
from typing import Final

import click
import pytest

from tests.web.command.running import Paidan
from web.command.main import COMMANDS

ROOT: Final = Path(__file__).parents[3]
HEAVY: Final = ("numba", "ortools", "flask", "scipy", "pandas")


def run_apart(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_every_command_of_the_table_is_there(paidan: Paidan) -> None:
    for name, (module, line) in COMMANDS.items():
        command = getattr(importlib.import_module(module), f"{name}_" if iskeyword(name) else name)
        assert isinstance(command, click.Command)
        assert line.endswith(".")
        answer = paidan(name, "--help")
        assert (answer.code, answer.err) == (0, "")
        assert answer.out.startswith(f"Usage: paidan {name} ")


def test_help_lists_the_commands_in_order(paidan: Paidan) -> None:
    answer = paidan("--help")
    assert answer.code == 0
    places = [answer.out.index(f"\n  {name} ") for name in COMMANDS]
    assert places == sorted(places)


def test_the_version_is_told(paidan: Paidan) -> None:
    answer = paidan("--version")
    assert answer.code == 0
    assert answer.out.startswith("paidan ")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["check", "--help"],
        ["solve", "--help"],
        ["schema", "request"],
        ["schema", "plan"],
        ["check", "no-file", "no-file"],
        ["solve", "no-file"],
        ["check", "{request}", "{plan}"],
    ],
)
def test_quick_commands_load_nothing_heavy(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "request.json").write_text(REQUEST, encoding="utf-8")
    (tmp_path / "plan.json").write_text(PLAN, encoding="utf-8")
    names = [name.format(request=tmp_path / "request.json", plan=tmp_path / "plan.json") for name in arguments]
    code = (
        "import sys\n"
        "from web.command import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        f"print('loaded:', *sorted(set({HEAVY!r}) & set(sys.modules)))\n"
    )
    answer = run_apart(code, *names)
    assert answer.returncode == 0
    assert answer.stdout.splitlines()[-1] == "loaded:"


def test_the_module_runs_as_the_command_does(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["web.command", "--version"])
    with pytest.raises(SystemExit) as left:
        runpy.run_module("web.command", run_name="__main__")
    assert left.value.code == 0
    assert capsys.readouterr().out.startswith("paidan ")


def test_an_unknown_command_is_a_usage_error(paidan: Paidan) -> None:
    answer = paidan("sovle")
    assert (answer.code, answer.out) == (2, "")
    assert "sovle" in answer.err


def test_a_command_whose_package_is_missing_leaves_the_others_alone(
    paidan: Paidan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "web.command.show", None)
    answer = paidan("show", "plan.json")
    assert answer.code == 1
    assert "web.command.show" in answer.err
    assert paidan("schema", "plan").code == 0
    assert paidan("--help").code == 0


@pytest.mark.parametrize("place", ["before", "after"])
def test_an_internal_error_is_one_line_and_debug_shows_the_rest(
    paidan: Paidan, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    def fail() -> None:
        message = "a broken promise"
        raise KeyError(message)

    monkeypatch.setattr("dispatch.format.schema.make_plan_schema", fail)
    answer = paidan("schema", "plan")
    assert (answer.code, answer.out) == (70, "")
    assert answer.err.count("\n") == 1
    assert "KeyError: 'a broken promise'; --debug shows where" in answer.err
    loud = paidan("--debug", "schema", "plan") if place == "before" else paidan("schema", "plan", "--debug")
    assert loud.code == 70
    assert "Traceback" in loud.err
    assert "in fail" in loud.err


@pytest.mark.parametrize("place", ["before", "after"])
def test_debug_shows_where_a_command_fails_that_cannot_even_be_loaded(
    paidan: Paidan, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: str
) -> None:
    (tmp_path / "broken_command.py").write_text("missing = {}['a broken import']\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(
        importlib.import_module("web.command.main"), "COMMANDS", {"worker": ("broken_command", "Cannot be loaded.")}
    )
    quiet = paidan("worker")
    assert (quiet.code, quiet.err.count("\n")) == (70, 1)
    loud = paidan("--debug", "worker") if place == "before" else paidan("worker", "--debug")
    assert loud.code == 70
    assert "Traceback" in loud.err
    assert "broken_command.py" in loud.err


def test_an_interrupt_is_no_traceback(paidan: Paidan, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("dispatch.format.schema.make_plan_schema", interrupt)
    answer = paidan("schema", "plan")
    assert (answer.code, answer.out) == (130, "")
    assert answer.err.strip() == "paidan: interrupted"


def test_a_reader_that_leaves_early_is_no_error_message() -> None:
    code = "from web.command import main; main(['schema', 'request'])"
    reading, writing = os.pipe()
    os.close(reading)
    try:
        answer = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=writing,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    finally:
        os.close(writing)
    assert answer.stderr == b""
    assert answer.returncode == 141


def test_chinese_is_written_as_utf_8_whatever_the_locale_says() -> None:
    code = "from web.command import main; main(['example', '--engineers', '1', '--tickets', '1'])"
    answer = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert not answer.stdout.decode("utf-8").isascii()


REQUEST: Final = """{
 "version": 1, "now": "2026-11-23T08:00:00+08:00", "locations": [], "engineers": [], "tickets": [],
 "travel": {"model": "great_circle", "speed_kmh": 28}
}"""
PLAN: Final = """{
 "version": 1, "status": "ok", "objective": {"total": 0, "terms": {}}, "routes": [], "skipped": [], "broken_pins": [],
 "solver": {"engine": "by hand", "seed": 0, "seconds": 0, "iterations": 0, "threads": 1}
}"""
