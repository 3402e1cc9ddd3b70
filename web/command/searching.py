"""A search beside the thread that hears signals: interrupted it gives its best plan, and a person sees how it goes."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from decimal import Decimal

    from dispatch.format.model import Plan
    from dispatch.planning.solve import OnBest

_GLANCE_S: Final = 0.2


@contextmanager
def cancelling(cancel: threading.Event) -> Iterator[None]:
    """Let the first SIGINT or SIGTERM end the search, and the second one the program."""

    def end_search(_number: int, _frame: object) -> None:
        if cancel.is_set():
            raise KeyboardInterrupt
        cancel.set()

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, end_search) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def watch(work: Callable[[OnBest | None], Plan]) -> Plan:
    """Run a search beside this thread and show its progress where a person is looking."""
    if not sys.stderr.isatty():
        return _run_beside(lambda: work(None))
    from rich.console import Console  # noqa: PLC0415 - only for terminals

    console = Console(stderr=True)
    with console.status("planning …") as status:

        def show(total: Decimal, seconds: float, iterations: int, left_out: int) -> None:
            found = f"{total:,.2f} CNY, {left_out} tickets left out"
            status.update(f"planning … {found} (found after {seconds:.1f} s, {iterations:,} trials)")

        plan = _run_beside(lambda: work(show))
    note = plan.solver
    proven = "" if note.bound is None or note.gap is None else f", at least {note.bound:,.2f} (gap {note.gap:.2%})"
    console.print(
        f"{plan.status}: {plan.objective.total:,.2f} CNY{proven}, {len(plan.skipped)} tickets left out, "
        f"{note.seconds} s, {note.iterations:,} trials",
        highlight=False,
    )
    return plan


def _run_beside(work: Callable[[], Plan]) -> Plan:
    """Run work in a thread of its own; a signal is heard while compiled code is running there."""
    results: list[Plan] = []
    failures: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 - raised again below, in the thread that waits
            failures.append(error)

    thread = threading.Thread(target=run, name="search", daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(_GLANCE_S)
    if failures:
        raise failures[0]
    return results[0]


def count_cores() -> int:
    """Count the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
