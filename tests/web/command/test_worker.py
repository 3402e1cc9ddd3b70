from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dispatch.domain.region import Region
from dispatch.services.jobs import start_planning
from dispatch.storage.store import Store
from tests.dispatch.services.processes import BOUND_S, ROOT, children_of, is_alive, wait_for
from tests.dispatch.services.small_planner import DAY, EIGHT
from tests.web.command.running import Paidan


def begin(*arguments: str, stdin: int | None = None) -> subprocess.Popen[bytes]:
    """Begin ``paidan`` in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "web.command", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def end(process: subprocess.Popen[bytes]) -> int:
    """Wait for its end."""
    try:
        process.communicate(timeout=BOUND_S)
    finally:
        process.kill()
    return process.returncode


@pytest.mark.slow
def test_it_plans_what_was_asked_for_and_ends_when_its_input_does(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'desk.db'}"
    store = Store(address)
    store.migrate()
    with store.writing() as unit:
        unit.save(Region("hz", "杭州"))
        job = start_planning(unit, "hz", DAY, seconds=1, by="d1", key="k", now=EIGHT)

    def is_over() -> bool:
        with store.reading() as unit:
            return unit.get_job(job.id).has_ended

    worker = begin("worker", "--database", address, "--while-input", "--threads", "1", stdin=subprocess.PIPE)
    try:
        wait_for(is_over)
    finally:
        assert end(worker) == 0
    with store.reading() as unit:
        assert unit.get_revision(job.id).visits == ()
    store.close()


@pytest.mark.slow
def test_a_server_has_a_worker_that_ends_with_it_even_when_it_is_killed(tmp_path: Path) -> None:
    server = begin("serve", "--database", f"sqlite:///{tmp_path / 'desk.db'}", "--port", "0")
    try:
        (worker,) = wait_for(lambda: children_of(server.pid))
        server.send_signal(signal.SIGKILL)
    finally:
        end(server)
    wait_for(lambda: not is_alive(worker))


def test_a_database_without_tables_is_refused(paidan: Paidan, tmp_path: Path) -> None:
    answer = paidan("worker", "--database", f"sqlite:///{tmp_path / 'desk.db'}")
    assert answer.code == 1
    assert "migrate" in answer.err


def test_an_address_of_no_database_is_refused(paidan: Paidan) -> None:
    answer = paidan("worker", "--database", "mysql://there")
    assert answer.code == 2
    assert "sqlite:///PATH" in answer.err
