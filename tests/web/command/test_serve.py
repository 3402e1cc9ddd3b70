from __future__ import annotations

import os
import re
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from http.client import HTTPConnection
from pathlib import Path

import pytest

from dispatch.storage.store import Store
from tests.web.command.running import Paidan
from web.command import serve


def test_it_makes_the_tables_serves_and_ends_when_told(tmp_path: Path) -> None:
    database = tmp_path / "desk.db"
    arguments = [sys.executable, "-m", "web.command", "serve", "--database", f"sqlite:///{database}", "--port", "0"]
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"}
    ) as served:
        assert served.stdout is not None
        address = re.search(r"http://(127\.0\.0\.1:\d+)/", served.stdout.readline())
        assert address
        connection = HTTPConnection(address.group(1), timeout=20)
        connection.request("GET", "/healthz")
        assert connection.getresponse().read() == b'{"status":"ok"}\n'
        connection.close()
        served.send_signal(signal.SIGTERM)
        try:
            served.communicate(timeout=20)
        finally:
            served.kill()
        assert served.returncode == 0
    assert stat.S_IMODE((tmp_path / "desk.db.key").stat().st_mode) == 0o600


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.com"])  # noqa: S104 - what must be refused
def test_an_address_that_others_reach_is_refused_by_name(paidan: Paidan, host: str) -> None:
    answer = paidan("serve", "--host", host)
    assert answer.code == 2
    assert host in answer.err
    assert "127.0.0.1" in answer.err


def test_an_address_of_no_database_is_refused(paidan: Paidan) -> None:
    answer = paidan("serve", "--database", "mysql://there")
    assert answer.code == 2
    assert "sqlite:///PATH" in answer.err


def test_tables_of_another_version_are_left_alone(paidan: Paidan, tmp_path: Path) -> None:
    database = tmp_path / "desk.db"
    store = Store(f"sqlite:///{database}")
    store.migrate()
    store.close()
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'v9999'")
    connection.close()
    answer = paidan("serve", "--database", f"sqlite:///{database}")
    assert answer.code == 1
    assert "v9999" in answer.err


def test_a_weak_key_is_refused(paidan: Paidan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAIDAN_SECRET_KEY", "short")
    answer = paidan("serve", "--database", f"sqlite:///{tmp_path / 'desk.db'}")
    assert answer.code == 1
    assert "PAIDAN_SECRET_KEY" in answer.err


@pytest.mark.parametrize(("wish", "lease"), [((), "30"), (("--lease", "2.5"), "2.5")])
def test_its_worker_gets_the_lease_that_is_wished(
    paidan: Paidan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wish: tuple[str, ...], lease: str
) -> None:
    begun: list[Sequence[str]] = []

    def keep_running(command: Sequence[str], _on_death: object) -> AbstractContextManager[None]:
        begun.append(command)
        return nullcontext()

    monkeypatch.setattr(serve, "keep_running", keep_running)
    monkeypatch.setattr(serve, "serve_app", lambda *_app, **_where: None)
    assert paidan("serve", "--database", f"sqlite:///{tmp_path / 'desk.db'}", *wish).code == 0
    ((*_, option, value),) = begun
    assert (option, value) == ("--lease", lease)
