"""A search in another process, seen from its worker: fed, listened to, and stopped for certain."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Final

from dispatch.domain.job import Detail, Progress
from dispatch.services.solve_child import LEFT_ALONE

COMMAND: Final = (sys.executable, "-P", "-m", "dispatch.services.solve_child")
"""What is run, in the folder that holds the packages."""

FOLDER: Final = Path(__file__).parents[2]

PATIENCE_S: Final = 5.0
"""How long a search that was asked to end may take before it is killed."""

_LAST_BYTES: Final = 2000


@dataclass(frozen=True, slots=True)
class Task:
    """What to search.

    Parameters
    ----------
    seconds, iterations
        When to stop, whichever comes first; None: no limit of this kind.
    threads
        Of the search; None: one a core.
    dask
        Address of a Dask scheduler whose workers help with a large request; None: none.
    alive_s
        How long the search goes on without hearing from its worker.
    lang
        Language of the plan's sentences.
    """

    request_json: str
    seconds: float | None
    alive_s: float
    iterations: int | None = None
    threads: int | None = None
    lang: str = "zh"
    dask: str | None = None

    def write(self) -> bytes:
        """Write the line that the search reads first."""
        task = {
            "request": self.request_json,
            "seconds": self.seconds,
            "iterations": self.iterations,
            "threads": self.threads,
            "dask": self.dask,
            "lang": self.lang,
            "alive_s": self.alive_s,
        }
        return json.dumps(task).encode() + b"\n"


@dataclass(frozen=True, slots=True)
class Note:
    """What a search tells the operator; ``is_trouble``: someone should look after it."""

    code: str
    text: str
    is_trouble: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A search ended with a plan."""

    plan_json: str
    progress: Progress


@dataclass(frozen=True, slots=True)
class Refused:
    """A search cannot plan this request."""

    detail: Detail


@dataclass(frozen=True, slots=True)
class Died:
    """A search ended without a word; ``detail`` is a signal or an exit code.

    ``is_left_alone``: it had not heard from its worker for too long. ``last_words``: the end of what it wrote to standard
    error, for the log of the machine.
    """

    detail: Detail
    is_left_alone: bool
    last_words: str


class SearchProcess:
    """One search, begun when this is made.

    Parameters
    ----------
    task
        What to search.
    on_news
        Called, in another thread, when the process has become ready and when it writes nothing more.
    command
        What to run.
    """

    def __init__(self, task: Task, on_news: Callable[[], object], command: Sequence[str] = COMMAND) -> None:
        self.progress: Progress | None = None
        self.is_ready = False
        self.notes: list[Note] = []
        self._last: dict[str, Any] | None = None
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process, in stop()
        self._process = subprocess.Popen(  # noqa: S603 - a command of our own
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            cwd=FOLDER,
            start_new_session=True,  # Ctrl-C at the worker's terminal is the worker's to hear
        )
        self._letters: SimpleQueue[bytes | None] = SimpleQueue()
        self._letters.put(task.write())
        self._writer = threading.Thread(target=self._write, name="search input", daemon=True)
        self._reader = threading.Thread(target=self._read, args=(on_news,), name="search output", daemon=True)
        self._writer.start()
        self._reader.start()

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        """Whether it has said all it will say."""
        return not self._reader.is_alive()

    def feed(self) -> None:
        """Tell it that its worker is alive and has the job; never waits."""
        self._letters.put(b"\n")

    def stop(self) -> None:
        """End it without a result; when this returns it is dead."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._clean_up()

    def result(self) -> Found | Refused | Died:
        """Return how it ended; waits until it has, or kills one that closed its output and stays."""
        try:
            code = self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._reader.join()
        last = self._last
        words = self._read_last_words()
        self._clean_up()
        if last is not None and last["event"] == "refused":
            told: dict[str, str | int] = {name: last[name] for name in ("code", "path", "count")}
            return Refused(Detail("faults", told))
        if last is not None and last["event"] == "plan":
            return Found(str(last["plan"]), _read_progress(last))
        return Died(name_end(code), is_left_alone=code == LEFT_ALONE, last_words=words)

    def _write(self) -> None:
        """Pass on what is to be written, until there is nothing more or nobody to read it."""
        stream = self._process.stdin
        if stream is None:
            return
        with contextlib.suppress(OSError, ValueError):
            while (letter := self._letters.get()) is not None:
                stream.write(letter)
                stream.flush()
        with contextlib.suppress(OSError):
            stream.close()

    def _read(self, on_news: Callable[[], object]) -> None:
        """Listen until the process writes nothing more; a line cut short by its death counts for nothing."""
        stream = self._process.stdout
        if stream is not None:
            for line in stream:
                with contextlib.suppress(ValueError, KeyError, TypeError, ArithmeticError):
                    told = json.loads(line)
                    if told["event"] == "ready":
                        self.is_ready = True
                        on_news()
                    elif told["event"] == "note":
                        self.notes.append(Note(str(told["code"]), str(told["text"]), is_trouble=bool(told["trouble"])))
                    elif told["event"] == "progress":
                        self.progress = _read_progress(told)
                    elif line.endswith(b"\n"):
                        self._last = told
        on_news()

    def _read_last_words(self) -> str:
        """Return the end of what it wrote to standard error."""
        size = self._errors.seek(0, 2)
        self._errors.seek(max(0, size - _LAST_BYTES))
        return self._errors.read().decode(errors="replace")

    def _clean_up(self) -> None:
        """Close what belongs to a dead process."""
        self._letters.put(None)
        self._writer.join()
        self._reader.join()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._errors.close()


def name_end(code: int) -> Detail:
    """Name how a process ended.

    Examples
    --------
    >>> name_end(-9).say("en"), name_end(3).say("en")
    ('by signal SIGKILL', 'exit code 3')
    """
    if code >= 0:
        return Detail("exit_code", {"number": code})
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = str(-code)
    return Detail("signal", {"name": name})


def _read_progress(told: dict[str, Any]) -> Progress:
    """Read what an event says of the best plan."""
    return Progress(Decimal(told["total"]), float(told["seconds"]), int(told["planned"]), int(told["skipped"]))
