from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from tests.scripts.loading import load_script


class Recorder:
    """Stands in for the two expensive steps and remembers what was asked of them."""

    def __init__(self) -> None:
        self.installed: list[tuple[tuple[str, ...], bool]] = []
        self.warmed = 0

    def install(self, levels: list[str], *, fresh: bool) -> None:
        self.installed.append((tuple(levels), fresh))

    def warm(self) -> None:
        self.warmed += 1


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Load the script, set up in an empty folder with a ``.venv`` that looks like one."""
    module = load_script("setup")
    (tmp_path / "solver").mkdir()
    (tmp_path / "solver" / "kernel.py").write_text("x = 1\n", encoding="utf-8")
    for name in ("pyproject.toml", "uv.lock"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    script = tmp_path / "setup.py"
    script.write_text("", encoding="utf-8")
    venv = tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").touch()
    monkeypatch.setattr(module, "__file__", str(script))
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", venv)
    monkeypatch.setattr(module, "STAMP", venv / "paidan-setup.json")
    return module


@pytest.fixture
def steps(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Recorder:
    recorder = Recorder()
    monkeypatch.setattr(setup, "install", recorder.install)
    monkeypatch.setattr(setup, "warm", recorder.warm)
    return recorder


def test_the_second_run_does_nothing(setup: ModuleType, steps: Recorder) -> None:
    setup.set_up("run")
    setup.set_up("run")
    assert steps.installed == [(("run",), True)]
    assert steps.warmed == 1


def test_the_tests_add_to_what_the_demo_has_and_the_demo_takes_nothing_away(
    setup: ModuleType, steps: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "get_chromium", lambda: None)
    for level in ("run", "test", "run"):
        setup.set_up(level)
    assert steps.installed == [(("run",), True), (("run", "test"), False)]


def test_new_locks_bring_a_venv_of_an_earlier_commit_up_to_date_without_emptying_it(
    setup: ModuleType, steps: Recorder
) -> None:
    setup.set_up("run")
    (setup.ROOT / "uv.lock").write_text("newer", encoding="utf-8")
    setup.set_up("run")
    assert steps.installed == [(("run",), True), (("run",), False)]


def test_a_venv_that_was_moved_or_belongs_to_another_python_is_made_anew(
    setup: ModuleType, steps: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup.set_up("run")
    monkeypatch.setattr(setup.sys, "version", "3.99.0 (another)")
    setup.set_up("run")
    assert steps.installed == [(("run",), True), (("run",), True)]


def test_a_changed_kernel_is_compiled_again_but_nothing_is_installed(setup: ModuleType, steps: Recorder) -> None:
    setup.set_up("run")
    (setup.ROOT / "solver" / "kernel.py").write_text("x = 12\n", encoding="utf-8")
    setup.set_up("run")
    assert len(steps.installed) == 1
    assert steps.warmed == 2


def test_a_stamp_that_cannot_be_read_counts_as_none(setup: ModuleType, steps: Recorder) -> None:
    setup.STAMP.write_text("{half", encoding="utf-8")
    setup.set_up("run")
    assert steps.installed == [(("run",), True)]


def test_without_venv_one_line_says_what_to_type(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(setup, "find_uv", lambda: None)
    monkeypatch.setattr(setup.importlib.util, "find_spec", lambda _: None)
    assert setup.main(["run"]) == 1
    fault = capsys.readouterr().err
    assert fault.count("\n") == 1
    assert "-venv" in fault


def test_an_unknown_purpose_is_refused(setup: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert setup.main(["everything"]) == 2
    assert "run|test|bench" in capsys.readouterr().err


def test_other_projects_packages_do_not_shine_in(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    monkeypatch.setenv("VIRTUAL_ENV", "elsewhere")
    environment = setup.clean_environment()
    assert "PYTHONPATH" not in environment
    assert "VIRTUAL_ENV" not in environment
