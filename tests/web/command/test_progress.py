"""A person at a terminal sees how the search goes; a script sees nothing."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[3]

SCRIPT: Final = """
import os, sys, types
from decimal import Decimal
from tests import builders
from web.command import main

def solve(request, *, on_best, **options):
    if on_best is not None:
        on_best(Decimal("1234.5"), 0.25, 1000, 3)
    os.write(1, b"told" if on_best else b"not told")
    return builders.plan(terms={"travel": "12.50"})

door = types.ModuleType("dispatch.planning")
door.solve, door.Stop, door.Unsupported = solve, types.SimpleNamespace, ZeroDivisionError
sys.modules["dispatch.planning"] = door
main(["solve", sys.argv[1], "-o", sys.argv[2]])
"""


def start(day: Path, target: Path, stderr: int) -> subprocess.CompletedProcess[bytes]:
    """Run the script with this standard error."""
    return subprocess.run(
        [sys.executable, "-c", SCRIPT, str(day), str(target)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "120"},
        stdout=subprocess.PIPE,
        stderr=stderr,
        timeout=60,
        check=True,
    )


def test_a_terminal_is_told_the_result(day: Path, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    try:
        answer = start(day, tmp_path / "plan.json", theirs)
        shown = os.read(ours, 65536).decode()
    finally:
        os.close(theirs)
        os.close(ours)
    assert answer.stdout == b"told"
    assert "ok: 12.50 CNY, 0 tickets left out" in shown


def test_a_file_is_told_nothing(day: Path, tmp_path: Path) -> None:
    answer = start(day, tmp_path / "plan.json", subprocess.PIPE)
    assert (answer.stdout, answer.stderr) == (b"not told", b"")
