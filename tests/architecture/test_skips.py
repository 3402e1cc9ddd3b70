"""A skip is a kindness on a desk and a failure where ``CI`` is set: tried on a little suite of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

SUITE = """
import pytest

def test_a_browser_is_driven(chromium):
    assert chromium

def test_something_else_runs():
    assert True
"""
WHOLE_FILE = 'import pytest\npytest.skip("not here", allow_module_level=True)\n'


def run_little_suite(folder: Path, text: str, *, ci: str) -> subprocess.CompletedProcess[str]:
    shutil.copy(ROOT / "tests" / "conftest.py", folder / "conftest.py")
    (folder / "test_little.py").write_text(text, encoding="utf-8")
    environment = {key: value for key, value in os.environ.items() if key not in {"CI", "PYTEST_ADDOPTS"}}
    environment |= {"PAIDAN_CHROMIUM": str(folder / "no-browser-here"), "CI": ci, "PYTHONPATH": str(ROOT)}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "--rootdir",
        folder,
        folder,
    ]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_without_a_browser_its_tests_skip_and_the_last_lines_say_how_to_get_one(tmp_path: Path) -> None:
    ran = run_little_suite(tmp_path, SUITE, ci="")
    assert ran.returncode == 0, ran.stdout
    *_, hint, summary = ran.stdout.strip().splitlines()
    assert "apt-get install" in hint
    assert "chromium fonts-noto-cjk" in hint
    assert "1 passed, 1 skipped" in summary


@pytest.mark.parametrize("text", [SUITE, WHOLE_FILE], ids=["one test", "a whole file"])
def test_with_ci_set_a_skip_is_a_failure(tmp_path: Path, text: str) -> None:
    ran = run_little_suite(tmp_path, text, ci="true")
    assert ran.returncode != 0
    assert "a skip is a failure" in ran.stdout
