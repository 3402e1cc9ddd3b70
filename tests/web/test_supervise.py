from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dispatch.services.search_process import COMMAND
from tests.dispatch.services.processes import BOUND_S, ROOT, is_alive, wait_for
from web import supervise
from web.supervise import keep_running, worker_command

CHILD = "import os, pathlib, sys; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); sys.stdin.read()"
DEAF = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); time.sleep(3600)"


def pids(path: Path) -> list[int]:
    return [int(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def test_a_child_that_dies_is_begun_again_and_ends_with_the_block(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervise, "FIRST_PAUSE_S", 0.01)
    path, deaths = tmp_path / "pids", list[int]()
    with keep_running([sys.executable, "-c", CHILD, str(path)], deaths.append):
        (first,) = wait_for(lambda: pids(path))
        os.kill(first, signal.SIGKILL)
        second = wait_for(lambda: found if len(found := pids(path)) == 2 else None)[1]
        assert is_alive(second)
    assert deaths == [-signal.SIGKILL]
    assert not is_alive(second)


def test_a_child_that_does_not_listen_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervise, "PATIENCE_S", 0.1)
    path, deaths = tmp_path / "pids", list[int]()
    with keep_running([sys.executable, "-c", DEAF, str(path)], deaths.append):
        (pid,) = wait_for(lambda: pids(path))
    assert not is_alive(pid)
    assert deaths == []


def test_a_child_ends_when_the_server_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "pids"
    code = (
        "import sys, threading\nfrom web.supervise import keep_running\n"
        "with keep_running([sys.executable, '-c', sys.argv[1], sys.argv[2]], print): threading.Event().wait()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, CHILD, str(path)], env={**os.environ, "PYTHONPATH": str(ROOT)}
    ) as server:
        (pid,) = wait_for(lambda: pids(path))
        server.kill()
        server.wait(BOUND_S)
    wait_for(lambda: not is_alive(pid))


@pytest.mark.parametrize(
    ("command", "borrowed"),
    [(worker_command("sqlite:///nothing.db"), "structlog"), (COMMAND, "json")],
    ids=["worker", "search"],
)
def test_a_child_imports_nothing_from_the_folder_that_the_server_was_begun_in(
    tmp_path: Path, command: tuple[str, ...], borrowed: str
) -> None:
    (tmp_path / f"{borrowed}.py").write_text("raise SystemExit('imported from here')")
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(command, cwd=tmp_path, env=environ, input=b"", capture_output=True, timeout=300, check=False)
    assert b"imported from here" not in ended.stderr
