"""Processes of a test: begun, listened to, looked for, and waited for with a bound."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

ROOT = Path(__file__).parents[3]
BOUND_S = 240.0
"""Far above what is needed, for machines that are busy with other things."""
T = TypeVar("T")


def wait_for(look: Callable[[], T | None], bound_s: float = BOUND_S) -> T:
    """Look until there is something, for so long at most."""
    ends_s = time.monotonic() + bound_s
    pause = threading.Event()
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < ends_s, f"nothing came within {bound_s} s: {look}"
        pause.wait(0.02)


def children_of(pid: int) -> list[int]:
    """Return the processes that a process has begun and that live."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                state, parent = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[:2]
            except OSError:
                continue
            if int(parent) == pid and state != "Z":
                found.append(int(folder.name))
    return found


def is_alive(pid: int) -> bool:
    """Tell whether a process is there and not only waiting to be buried."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


class Apart:
    """A Python module that runs in a process of its own and writes its events as lines of JSON."""

    def __init__(self, module: str, *arguments: str) -> None:
        """Begin it."""
        self.events: list[dict[str, Any]] = []
        self._process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", module, *arguments],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def send(self, number: int) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def wait(self) -> int:
        """Wait until it has ended; return its exit code."""
        return self._process.wait(BOUND_S)

    def has_told(self, event: str) -> bool:
        """Tell whether it has written an event of this name."""
        return any(line["event"] == event for line in self.events)

    def _read(self) -> None:
        """Listen."""
        if self._process.stdout is not None:
            for line in self._process.stdout:
                self.events.append(json.loads(line))
