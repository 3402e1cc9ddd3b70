"""Hands of a Dask cluster: nobody there, one killed, all of them gone; the plan is legal and in time."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatch.planning import elsewhere
from dispatch.planning.elsewhere import Told, hands_for
from solver import search
from solver.cluster import Cluster, ClusterUnavailable
from solver.reference import check
from solver.search import Stop, solve
from tests.solver.worlds import make_problem, make_town, seeded

TOWN = make_town(seeded(3), 160, 24)
ROOT = Path(__file__).parents[2]

pytestmark = [
    pytest.mark.compiled,
    pytest.mark.filterwarnings(
        "ignore::ResourceWarning", "ignore::DeprecationWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
    ),
]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let small problems be worked on in territories."""
    monkeypatch.setattr(search, "TERRITORIES_FROM", 100)


class Dask:
    """A scheduler and two workers on this machine."""

    def __init__(self, folder: Path, workers: int) -> None:
        self.processes: list[subprocess.Popen[bytes]] = []
        file = folder / "scheduler.json"
        self._start("dask_scheduler", "--scheduler-file", file, "--port", "0", "--no-dashboard", "--host", "127.0.0.1")
        until_s = time.monotonic() + 60
        while not file.exists() and time.monotonic() < until_s:
            time.sleep(0.05)
        self.address: str = json.loads(file.read_text())["address"]
        for _ in range(workers):
            options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", folder)
            self._start("dask_worker", self.address, *options)

    def _start(self, name: str, *options: object) -> None:
        command = [sys.executable, "-m", f"distributed.cli.{name}", *map(str, options)]
        self.processes.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT))

    def wait_for_workers(self, count: int) -> Cluster:
        """Return a cluster once so many workers are there."""
        until_s = time.monotonic() + 60
        while True:
            try:
                cluster = Cluster(self.address, 10.0)
                if cluster.count() == count:
                    return cluster
                cluster.close()
            except ClusterUnavailable:
                pass
            assert time.monotonic() < until_s
            time.sleep(0.2)

    def stop(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[Dask]:
    pytest.importorskip("distributed")
    made = Dask(tmp_path, 2)
    yield made
    made.stop()


@pytest.mark.slow
def test_a_plan_is_made_with_two_workers_of_which_one_is_killed_and_then_the_scheduler(dask: Dask) -> None:
    cluster = dask.wait_for_workers(2)
    killed: list[int] = []

    def kill() -> None:
        until_s = time.monotonic() + 60
        while cluster.answers < 2 and time.monotonic() < until_s:
            time.sleep(0.05)
        dask.processes[1].kill()
        killed.append(cluster.answers)

    killer = threading.Thread(target=kill)
    killer.start()
    found = solve(
        TOWN,
        stop=Stop(seconds=60.0),
        threads=1,
        far=cluster,
        cancel=lambda: bool(killed) and cluster.answers > killed[0] + 1,
    )
    killer.join()
    assert check(TOWN, found.routes) == []
    assert found.seconds < 61
    assert cluster.answers > killed[0] >= 2
    dask.processes[0].kill()
    began_s = time.monotonic()
    again = solve(TOWN, found.routes, Stop(seconds=8.0), threads=1, far=cluster)
    assert time.monotonic() - began_s < 12
    assert check(TOWN, again.routes) == []
    assert again.total_grains <= found.total_grains
    assert again.iterations > 0
    began_s = time.monotonic()
    cluster.close()
    assert time.monotonic() - began_s < 5
    assert cluster.trouble is not None


def _nobody() -> str:
    """Return an address at which nobody answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"tcp://127.0.0.1:{taken.getsockname()[1]}"


def test_where_nobody_answers_there_are_no_hands_and_it_is_said() -> None:
    pytest.importorskip("distributed")
    told: list[Told] = []
    with hands_for(TOWN, _nobody(), Stop(seconds=2.0), told.append) as hands:
        assert hands is None
    assert [one.sentence.code for one in told] == ["dask_unavailable"]
    assert told[0].is_trouble
    assert "planned on this machine" in told[0].say("en")
    assert "已在本机排程" in told[0].say("zh")


def test_without_the_package_there_are_no_hands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterUnavailable, match="not installed"):
        Cluster("tcp://127.0.0.1:1", 1.0)


def test_what_cannot_be_shared_is_planned_here_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Told] = []

    def try_with(stop: Stop) -> str:
        with hands_for(TOWN, "tcp://127.0.0.1:1", stop, told.append) as hands:
            assert hands is None
        return told[-1].sentence.code

    assert try_with(Stop(iterations=5)) == "dask_counted"
    monkeypatch.setattr(search, "TERRITORIES_FROM", 10_000)
    assert try_with(Stop(seconds=5.0)) == "dask_small"
    assert not told[-1].is_trouble
    with hands_for(make_problem([], []), None, Stop(seconds=1.0), told.append) as hands:
        assert hands is None
    assert len(told) == 2
    assert elsewhere.TIED.code == "dask_tied"
