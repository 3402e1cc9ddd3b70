from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.scripts.loading import SCRIPTS

SHELL = "/bin/sh"


def find_python(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [SHELL, SCRIPTS / "find-python.sh"], env={"PATH": str(path)}, capture_output=True, text=True, check=False
    )


def pretend(folder: Path, name: str, *, new_enough: bool) -> Path:
    program = folder / name
    program.write_text(f"#!{SHELL}\nexit {0 if new_enough else 1}\n", encoding="utf-8")
    program.chmod(0o755)
    return program


def test_without_any_python_one_line_says_what_to_type(tmp_path: Path) -> None:
    answer = find_python(tmp_path)
    assert answer.returncode == 1
    assert answer.stdout == ""
    assert answer.stderr.count("\n") == 1
    assert "apt-get install python3 python3-venv" in answer.stderr


def test_a_python_that_is_too_old_does_not_count(tmp_path: Path) -> None:
    pretend(tmp_path, "python3", new_enough=False)
    assert find_python(tmp_path).returncode == 1


def test_a_newer_one_under_its_own_name_is_found_behind_an_old_python3(tmp_path: Path) -> None:
    pretend(tmp_path, "python3", new_enough=False)
    newer = pretend(tmp_path, "python3.12", new_enough=True)
    answer = find_python(tmp_path)
    assert (answer.returncode, answer.stdout.strip()) == (0, str(newer))


def test_the_python_at_hand_is_taken_when_it_is_new_enough(tmp_path: Path) -> None:
    (tmp_path / "python3").symlink_to(sys.executable)
    assert find_python(tmp_path).stdout.strip() == str(tmp_path / "python3")
