from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from dispatch.domain.job import Progress
from dispatch.format.read import read_plan, read_request
from dispatch.judge import judge
from dispatch.services.search_process import COMMAND, FOLDER, Found, Refused, SearchProcess, Task
from dispatch.services.solve_child import LEFT_ALONE
from tests.dispatch.services.processes import BOUND_S, wait_for
from tests.dispatch.services.small_planner import request_json


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    """A search that waits for its task."""
    with subprocess.Popen(COMMAND, cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield process
        process.kill()


def give(child: subprocess.Popen[bytes], **values: Any) -> None:  # noqa: ANN401 - parts of a task
    task = Task(**{"request_json": request_json(), "seconds": 60.0, "alive_s": 60.0, "threads": 1, **values})
    assert child.stdin is not None
    child.stdin.write(task.write())
    child.stdin.flush()


def test_a_search_tells_its_plan_and_the_judge_finds_it_legal() -> None:
    search = SearchProcess(Task(request_json(), None, 60.0, iterations=200, threads=1), lambda: None)
    wait_for(lambda: search.has_ended)
    found = search.result()
    assert isinstance(found, Found)
    assert isinstance(found.progress, Progress)
    request = read_request(request_json())
    plan = read_plan(found.plan_json, request)
    assert judge(request, plan).legal
    assert found.progress.best_cny == plan.objective.total
    assert (found.progress.planned, found.progress.skipped) == (12 - len(plan.skipped), len(plan.skipped))


def test_when_a_search_is_ready_its_kernels_are_loaded() -> None:
    code = (
        "from dispatch.services import solve_child\n"
        "from dispatch.services.solve_child import Teller\n"
        "tell = Teller.tell\n"
        "def tell_loaded(self, event, **values):\n"
        "    from solver.anneal import anneal\n"
        "    tell(self, event, loaded=len(anneal.signatures), **values)\n"
        "Teller.tell = tell_loaded\n"
        "solve_child.main()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        give(child)
        assert child.stdout is not None
        told = json.loads(child.stdout.readline())
        child.kill()
    assert told["event"] == "ready"
    assert told["loaded"] >= 1


def test_a_request_that_cannot_be_read_is_refused_with_its_code() -> None:
    search = SearchProcess(Task("{}", None, 60.0, iterations=1), lambda: None)
    wait_for(lambda: search.has_ended)
    ended = search.result()
    assert isinstance(ended, Refused)
    assert (ended.detail.code, ended.detail.params["code"]) == ("faults", "missing_key")
    assert ended.detail.say("zh") == f"请求有 {ended.detail.params['count']} 处错误，第一处在 version：missing_key"


def test_a_search_ends_when_its_worker_is_gone(child: subprocess.Popen[bytes]) -> None:
    give(child)
    assert child.stdout is not None
    assert json.loads(child.stdout.readline())["event"] == "ready"
    assert json.loads(child.stdout.readline())["event"] == "progress"
    assert child.stdin is not None
    child.stdin.close()
    assert child.wait(BOUND_S) == LEFT_ALONE


def test_a_search_ends_when_it_hears_nothing_from_its_worker(child: subprocess.Popen[bytes]) -> None:
    give(child, alive_s=0.2)
    assert child.wait(BOUND_S) == LEFT_ALONE


def test_a_search_without_a_task_ends(child: subprocess.Popen[bytes]) -> None:
    assert child.stdin is not None
    child.stdin.close()
    assert child.wait(BOUND_S) == LEFT_ALONE


def test_what_libraries_print_does_not_get_between_the_lines() -> None:
    code = (
        "import os\nfrom dispatch.services.solve_child import Teller\n"
        "teller = Teller()\nprint('noise', flush=True)\nos.write(1, b'noise')\nteller.tell('plan')\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=FOLDER, env={**os.environ}, capture_output=True, timeout=BOUND_S, check=True
    )
    assert json.loads(answer.stdout) == {"event": "plan"}
    assert answer.stderr.count(b"noise") == 2


def test_what_the_operator_should_know_of_the_cluster_is_passed_on() -> None:
    task = Task(request_json(), 0.5, 60.0, threads=1, dask="tcp://127.0.0.1:1")
    search = SearchProcess(task, lambda: None)
    wait_for(lambda: search.has_ended)
    assert isinstance(search.result(), Found)
    assert [(note.code, note.is_trouble) for note in search.notes] == [("dask_small", False)]
