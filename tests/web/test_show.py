from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path

import pytest

from dispatch.format.write import write_plan, write_request
from tests.web.worlds import make_monday
from web.command import main

Run = Callable[..., tuple[object, str]]


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    made, asked = make_monday()
    plan, request = tmp_path / "plan.json", tmp_path / "request.json"
    plan.write_text(write_plan(made), "utf-8")
    request.write_text(write_request(asked), "utf-8")
    return plan, request


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    def ran(*arguments: object) -> tuple[object, str]:
        with pytest.raises(SystemExit) as ended:
            main(["show", *map(str, arguments)])
        return ended.value.code, capfd.readouterr().err

    return ran


def test_a_file_that_is_not_there_is_told_in_one_line(run: Run, tmp_path: Path) -> None:
    code, said = run(tmp_path / "none.json")
    assert code == 2
    assert re.fullmatch(r"PLAN: does not exist \(\".*none\.json\"\), expected a file .*\n", said)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b'{"version": 1}'])
def test_an_unreadable_plan_is_refused_with_what_is_wrong(run: Run, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(content)
    code, said = run(path)
    assert code == 2
    assert said.strip()
    assert "Traceback" not in said


def test_all_faults_of_both_files_are_told_at_once(run: Run, files: tuple[Path, Path]) -> None:
    plan, request = files
    document = json.loads(request.read_text("utf-8"))
    document["locations"][0]["lat"] = 120
    document["tickets"][0]["crew"] = 0
    request.write_text(json.dumps(document), "utf-8")
    plan.write_text("[]", "utf-8")
    code, said = run(plan, request)
    assert code == 2
    assert [line.split(":")[0] for line in said.splitlines()] == ["locations[0].lat", "tickets[0].crew", "PLAN"]


def test_a_plan_of_another_request_is_refused(run: Run, files: tuple[Path, Path]) -> None:
    plan, request = files
    document = json.loads(plan.read_text("utf-8"))
    document["skipped"][0]["ticket"] = "nowhere"
    plan.write_text(json.dumps(document), "utf-8")
    code, said = run(plan, request)
    assert (code, said.startswith("skipped[0].ticket: ")) == (2, True)


def test_faults_come_as_json_when_asked(run: Run, tmp_path: Path) -> None:
    code, said = run(tmp_path / "none.json", "--json")
    assert code == 2
    assert [set(fault) for fault in json.loads(said)] == [{"code", "path", "value", "message"}]


def test_another_host_is_refused_by_name(run: Run, files: tuple[Path, Path]) -> None:
    code, said = run(files[0], "--host", "192.168.1.5")
    assert code == 2
    assert said.startswith(
        '--host: can be reached from elsewhere, and the page has no sign-in ("192.168.1.5"), expected'
    )


def test_a_taken_port_ends_with_1(run: Run, files: tuple[Path, Path]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, said = run(files[0], "--port", taken.getsockname()[1])
    assert (code, said.startswith("port: cannot listen")) == (1, True)


def test_both_files_from_standard_input_are_refused(run: Run) -> None:
    assert run("-", "-")[0] == 2


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_ended(files: tuple[Path, Path], ending: signal.Signals) -> None:
    # a suite started in the background hands on that SIGINT is ignored
    hear = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    code = hear + "from web.command import main; main()"
    arguments = [sys.executable, "-c", code, "show", *map(str, files), "--port", "0", "--lang", "en"]
    here = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(here)}
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as served:
        assert served.stdout is not None
        address = re.search(r"http://(127\.0\.0\.1:\d+)/", served.stdout.readline())
        assert address is not None
        asking = HTTPConnection(address.group(1), timeout=20)
        asking.request("GET", "/")
        answer = asking.getresponse()
        assert "Served" in answer.read().decode()
        assert answer.headers["Server"] == "paidan"
        asking.close()
        served.send_signal(ending)
        try:
            rest, said = served.communicate(timeout=20)
        finally:
            served.kill()
        assert (served.returncode, rest, said) == (0, "", "")
