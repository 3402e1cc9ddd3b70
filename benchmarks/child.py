"""Run a function in a process of its own, so that what crashes, hangs or eats memory is recorded and not caught."""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

KIB_PER_MB = 1024


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a child ended.

    Attributes
    ----------
    status
        ``ok``: it returned ``value``. ``failed``: it raised. ``crashed``: it ended without a word. ``killed``: it was
        still running when its time was up.
    value
        What the function returned, None unless ``ok``.
    message
        The error, or the exit code; empty when ``ok``.
    peak_mb
        Peak resident memory of the child, None when it could not tell.
    wall_s
        Seconds from start to end of the process, imports and all.
    """

    status: str
    value: Any = None
    message: str = ""
    peak_mb: int | None = None
    wall_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Task:
    """A function of an importable module and its arguments, and the seconds after which it is killed."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    kill_after_s: float


def run_children(tasks: list[Task]) -> list[Outcome]:
    """Run tasks side by side, each in a fresh process; return their outcomes in the same order."""
    context = multiprocessing.get_context("spawn")
    running = []
    for task in tasks:
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=_work, args=(sender, task.function, task.arguments), daemon=True)
        process.start()
        sender.close()
        running.append((task, process, receiver, time.perf_counter()))
    return [_await(*entry) for entry in running]


def _await(task: Task, process: Any, receiver: Connection, began_s: float) -> Outcome:  # noqa: ANN401 - a context's own
    left_s = began_s + task.kill_after_s - time.perf_counter()
    outcome = Outcome("killed", message=f"still running after {task.kill_after_s:.0f} s")
    if receiver.poll(max(0.0, left_s)):
        try:
            status, value, message, peak_mb = receiver.recv()
            outcome = Outcome(status, value, message, peak_mb)
        except EOFError:
            process.join(10)
            outcome = Outcome("crashed", message=f"exit code {process.exitcode}")
    else:
        process.kill()
    process.join(10)
    receiver.close()
    return Outcome(outcome.status, outcome.value, outcome.message, outcome.peak_mb, time.perf_counter() - began_s)


def _work(sender: Connection, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    try:
        status, value, message = "ok", function(*arguments), ""
    except Exception as error:  # noqa: BLE001 - whatever an engine raises is its result
        status, value, message = "failed", None, f"{type(error).__name__}: {error}"
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // KIB_PER_MB
    sender.send((status, value, message, peak_mb))
    sender.close()
