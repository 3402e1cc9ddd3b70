"""A child process that is kept running beside a server: begun again when it dies, ended with the server."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 30.0
"""Pauses before beginning again: each twice the last one, unless the child had run for a while."""

LEASE_S: Final = 30.0
"""How long a worker may give no sign of life before another takes over, unless told otherwise."""

RAN_WELL_S: Final = 60.0
PATIENCE_S: Final = 15.0
"""How long a child may take to end when it is asked to."""


def worker_command(database: str, clock_ahead_s: int = 0, lease_s: float = LEASE_S) -> tuple[str, ...]:
    """Return the command of a worker that ends with the process that began it, and has the same clock.

    ``lease_s``: after so long without a sign of life its job is another's.

    ``-P``: what lies in the folder that the server was begun in (``statistics.py``, ``rich.py``) is not imported.
    """
    ahead = ("--clock-ahead", str(clock_ahead_s)) if clock_ahead_s else ()
    lease = ("--lease", f"{lease_s:g}")
    return sys.executable, "-P", "-m", "web.command", "worker", "--database", database, "--while-input", *lease, *ahead


@contextmanager
def keep_running(command: Sequence[str], on_death: Callable[[int], object]) -> Iterator[None]:
    """Run a command as long as the block lasts; begin it again whenever it dies.

    Parameters
    ----------
    command
        Must end when its standard input ends: that is how it hears that this process is over, however it ended.
    on_death
        Called with the exit code of a child that was not asked to end.
    """
    over = threading.Event()
    children: list[subprocess.Popen[bytes]] = []
    lock = threading.Lock()

    def begin() -> subprocess.Popen[bytes] | None:
        with lock:
            if over.is_set():
                return None
            child = subprocess.Popen(list(command), stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603 - our own
            children[:] = [child]
            return child

    def watch() -> None:
        pause_s = FIRST_PAUSE_S
        while (child := begin()) is not None:
            began_s = time.monotonic()
            code = child.wait()
            if child.stdin is not None:
                child.stdin.close()
            if over.is_set():
                return
            on_death(code)
            if time.monotonic() - began_s >= RAN_WELL_S:
                pause_s = FIRST_PAUSE_S
            if over.wait(pause_s):
                return
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    watcher = threading.Thread(target=watch, name="supervise", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        with lock:
            over.set()
        for child in children:
            _end(child)
        watcher.join()


def _end(child: subprocess.Popen[bytes]) -> None:
    """Let a child end, and kill it if it does not."""
    if child.stdin is not None:
        child.stdin.close()
    try:
        child.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
