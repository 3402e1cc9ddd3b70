"""The command line as a user meets it: arguments and standard input in, exit code and two streams out."""

from __future__ import annotations

import io
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from dispatch.format.write import write_request
from tests import builders
from tests.web.command.running import Answer, Paidan, Search, UnsupportedError
from web.command import main


@pytest.fixture
def paidan(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Paidan:
    """Run ``paidan`` with arguments and standard input."""

    def run(*arguments: object, stdin: bytes = b"") -> Answer:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as left:
            main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        assert isinstance(left.value.code, int)
        return Answer(left.value.code, captured.out, captured.err)

    return run


@pytest.fixture
def search(monkeypatch: pytest.MonkeyPatch) -> Search:
    """Put a search that costs no time in place of the real one."""
    fake = Search()
    door: Any = types.ModuleType("dispatch.planning")
    door.solve = fake.solve
    door.Stop = types.SimpleNamespace
    door.Unsupported = UnsupportedError
    monkeypatch.setitem(sys.modules, "dispatch.planning", door)
    return fake


@pytest.fixture
def day(tmp_path: Path) -> Path:
    """A valid request file."""
    path = tmp_path / "day.json"
    path.write_text(write_request(builders.request()), encoding="utf-8")
    return path
